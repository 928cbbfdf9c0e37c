"""Folders of cases -> a Corpus, with every mistake of every file in one go."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from importlib import resources
from pathlib import Path

from corpus.across_files import duplicate_cases, one_sided, published, unused
from corpus.asked import Asked, read_asked, with_asked
from corpus.case import Corpus, Fact, NotCovered, Source, Vocabulary
from corpus.case_file import Known, WrittenCase, read_case
from corpus.file_text import MAX_LIST_BYTES, read_text
from corpus.folder import NOT_COVERED, SOURCES, VOCABULARY, Folder, asked_files, case_files, corpus_files, fact_files
from corpus.ledger import EMPTY_VOCABULARY, merged_vocabulary, read_facts, read_vocabulary
from corpus.not_covered import read_not_covered
from corpus.problems import CorpusError, Findings, Problem
from corpus.source_file import read_sources


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """What a reading brought: the corpus as far as it goes, the problems, and those of drafts, which hold nothing up."""

    corpus: Corpus
    problems: tuple[Problem, ...]
    draft_problems: tuple[Problem, ...]


def shipped_corpus() -> Path:
    """The folder of the corpus that comes with peacebot; it may be read-only."""
    return Path(str(resources.files("corpus")))


def read_corpus(folders: Sequence[Path]) -> Corpus:
    """The published cases of the folders, later ones lying over earlier ones, with their sources, facts and words.

    Raises CorpusError with the problems of all files, except those of drafts.
    """
    report = survey(folders)
    if report.problems:
        raise CorpusError(report.problems)
    return report.corpus


def corpus_digest(folders: Sequence[Path]) -> str:
    """A SHA-256 over the names and bytes of exactly the files that read_corpus reads, in hexadecimal digits."""
    digest = hashlib.sha256()
    for folder in folders:
        digest.update(b"folder\0")
        for path in corpus_files(folder):
            try:
                data = path.read_bytes()
            except OSError:  # read_corpus reports it
                data = b"unreadable"
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()


def survey(folders: Sequence[Path], loose_cases: Sequence[Path] = ()) -> CorpusReport:
    """Read everything and raise nothing. ``loose_cases`` are files outside the folders, read as if they lay over them."""
    problems: list[Problem] = []
    read = [folder for path in folders if (folder := _open(path, problems))]
    sources = {name: entry[0] for folder in read for name, entry in folder.sources.items()}
    for folder in read:
        folder.facts = _read_facts(folder.path, sources, problems)
    facts = {name: entry[0] for folder in read for name, entry in folder.facts.items()}
    if loose_cases:
        read.append(Folder(Path(), tuple(loose_cases), (), {}, {}, EMPTY_VOCABULARY, NotCovered()))
    known = Known(sources, facts, _vocabulary(read), {path.stem for folder in read for path in folder.case_files})
    for folder in read:
        folder.cases = _with_questions(folder, tuple(read_case(path, known) for path in folder.case_files), problems)
        problems += duplicate_cases(folder)
    drafts = [problem for folder in read for case in folder.cases if _is_draft(case) for problem in case.problems]
    problems += [problem for folder in read for case in folder.cases if not _is_draft(case) for problem in case.problems]
    problems += [*unused(read), *one_sided(read)]
    # What is off the topic of the shipped cases is off that of a corpus which stands alone, too.
    shipped = NotCovered() if shipped_corpus() in folders else _read_not_covered(shipped_corpus(), problems)
    not_covered = reduce(NotCovered.__or__, (folder.not_covered for folder in read), shipped)
    corpus = Corpus(published(read), sources, facts, known.vocabulary, not_covered)
    if not corpus.cases and not problems:
        cure = "Put a case with 'status: published' into its folder 'cases'; docs/corpus-format.md shows how one is written."
        problems.append(Problem(folders[-1] if folders else Path(), 1, "The corpus holds no published case", cure))
    return CorpusReport(corpus, tuple(sorted(set(problems))), tuple(sorted(set(drafts))))


def _open(path: Path, problems: list[Problem]) -> Folder | None:
    if not path.is_dir():
        cure = "Create it, or name another folder with --corpus."
        problems.append(Problem(path, 1, "There is no such corpus folder", cure))
        return None
    return Folder(
        path,
        case_files(path),
        asked_files(path),
        _read_sources(path, problems),
        {},
        _read_vocabulary(path, problems),
        _read_not_covered(path, problems),
    )


def _read_sources(folder: Path, problems: list[Problem]) -> dict[str, tuple[Source, Path, int]]:
    path = folder / SOURCES
    if not path.is_file():
        return {}
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    found: dict[str, tuple[Source, Path, int]] = {}
    for entry in read_sources(text, findings) if text is not None else ():
        if entry.source.id in found:
            findings.add(entry.line, f"The source '{entry.source.id}' stands twice", "Keep one entry, or give one another id.")
        found[entry.source.id] = (entry.source, path, entry.line)
    problems += findings.problems
    return found


def _read_facts(folder: Path, sources: Mapping[str, Source], problems: list[Problem]) -> dict[str, tuple[Fact, Path, int]]:
    found: dict[str, tuple[Fact, Path, int]] = {}
    for path in fact_files(folder):
        findings = Findings(path)
        text = read_text(path, findings, MAX_LIST_BYTES)
        for entry in read_facts(text, findings, sources) if text is not None else ():
            if entry.fact.id in found:
                findings.add(entry.line, f"The fact '{entry.fact.id}' stands twice", "Keep one entry, or give one another id.")
            found[entry.fact.id] = (entry.fact, path, entry.line)
        problems += findings.problems
    return found


def _with_questions(folder: Folder, cases: tuple[WrittenCase, ...], problems: list[Problem]) -> tuple[WrittenCase, ...]:
    """The cases with the questions of ``asked/<case>.yaml`` beside their sentences."""
    by_id = {written.case.id: written.case for written in cases if written.case is not None}
    unreadable = {written.path.stem for written in cases if written.case is None}
    asked: dict[str, Asked] = {}
    for path in folder.asked_files:
        findings = Findings(path)
        text = read_text(path, findings, MAX_LIST_BYTES)
        if path.stem in by_id and text is not None:
            asked[path.stem] = read_asked(text, findings, by_id[path.stem])
        elif path.stem not in by_id and path.stem not in unreadable:
            findings.add(1, f"There is no case '{path.stem}' in this folder", "Name the file after the case whose sentences it lists.")
        problems += findings.problems
    return tuple(
        replace(written, case=with_asked(written.case, asked.get(written.case.id, {}))) if written.case is not None else written
        for written in cases
    )


def _read_vocabulary(folder: Path, problems: list[Problem]) -> Vocabulary:
    path = folder / VOCABULARY
    if not path.is_file():
        return EMPTY_VOCABULARY
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    vocabulary = read_vocabulary(text, findings) if text is not None else EMPTY_VOCABULARY
    problems += findings.problems
    return vocabulary


def _read_not_covered(folder: Path, problems: list[Problem]) -> NotCovered:
    path = folder / NOT_COVERED
    if not path.is_file():
        return NotCovered()
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    not_covered = read_not_covered(text, findings) if text is not None else NotCovered()
    problems += findings.problems
    return not_covered


def _vocabulary(folders: Iterable[Folder]) -> Vocabulary:
    merged = EMPTY_VOCABULARY
    for folder in folders:
        merged = merged_vocabulary(merged, folder.vocabulary)
    return merged


def _is_draft(case: WrittenCase) -> bool:
    return case.case is not None and case.case.status == "draft"
