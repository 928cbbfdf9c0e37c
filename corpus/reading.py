"""Folders of cases -> a Corpus, with every mistake of every file in one go."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from corpus.asked import Asked, read_asked, with_asked
from corpus.case import Case, Corpus, Fact, Source, Vocabulary
from corpus.case_file import Known, WrittenCase, read_case
from corpus.citation_marks import CASE_PREFIX
from corpus.file_text import MAX_LIST_BYTES, read_text
from corpus.ledger import EMPTY_VOCABULARY, merged_vocabulary, read_facts, read_vocabulary
from corpus.problems import CorpusError, Findings, Problem
from corpus.references import read_sources

SOURCES, VOCABULARY, FACTS, CASES, ASKED = "sources.json", "vocabulary.yaml", "facts", "cases", "asked"


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """What a reading brought: the corpus as far as it goes, the problems, and those of drafts, which hold nothing up."""

    corpus: Corpus
    problems: tuple[Problem, ...]
    draft_problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Folder:
    """One corpus folder: its files, and what was found in them with its place."""

    path: Path
    case_files: tuple[Path, ...]
    sources: dict[str, tuple[Source, Path, int]]
    facts: dict[str, tuple[Fact, Path, int]]
    vocabulary: Vocabulary
    cases: tuple[WrittenCase, ...] = ()


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


def corpus_files(folder: Path) -> tuple[Path, ...]:
    """The files of a corpus folder that are read: vocabulary, sources, facts and cases, each sort in order of name."""
    lists = [path for path in (folder / VOCABULARY, folder / SOURCES) if path.is_file()]
    return (*lists, *fact_files(folder), *case_files(folder), *asked_files(folder))


def fact_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder's ledger."""
    return tuple(sorted(path for path in (folder / FACTS).glob("*.yaml") if path.is_file()))


def asked_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that say how readers ask for what its cases tell."""
    return tuple(sorted(path for path in (folder / ASKED).glob("*.yaml") if path.is_file()))


def case_files(folder: Path) -> tuple[Path, ...]:
    """The case files of a folder: those below ``cases``, or all Markdown files but README.md where there is no such folder."""
    root = folder / CASES
    if root.is_dir():
        return tuple(sorted(path for path in root.rglob("*.md") if path.is_file()))
    return tuple(sorted(path for path in folder.rglob("*.md") if path.is_file() and path.name != "README.md"))


def survey(folders: Sequence[Path], loose_cases: Sequence[Path] = ()) -> CorpusReport:
    """Read everything and raise nothing. ``loose_cases`` are files outside the folders, read as if they lay over them."""
    problems: list[Problem] = []
    read = [folder for path in folders if (folder := _open(path, problems))]
    sources = {name: entry[0] for folder in read for name, entry in folder.sources.items()}
    for folder in read:
        folder.facts = _read_facts(folder.path, sources, problems)
    facts = {name: entry[0] for folder in read for name, entry in folder.facts.items()}
    if loose_cases:
        read.append(_Folder(Path(), tuple(loose_cases), {}, {}, EMPTY_VOCABULARY))
    known = Known(sources, facts, _vocabulary(read), {path.stem for folder in read for path in folder.case_files})
    for folder in read:
        folder.cases = _with_questions(folder.path, tuple(read_case(path, known) for path in folder.case_files), problems)
        problems += _duplicate_cases(folder)
    drafts = [problem for folder in read for case in folder.cases if _is_draft(case) for problem in case.problems]
    problems += [problem for folder in read for case in folder.cases if not _is_draft(case) for problem in case.problems]
    problems += _unused(read)
    corpus = Corpus(_published(read), sources, facts, known.vocabulary)
    if not corpus.cases and not problems:
        cure = "Put a case with 'status: published' into its folder 'cases'; docs/corpus-format.md shows how one is written."
        problems.append(Problem(folders[-1] if folders else Path(), 1, "The corpus holds no published case", cure))
    return CorpusReport(corpus, tuple(sorted(set(problems))), tuple(sorted(set(drafts))))


def _open(path: Path, problems: list[Problem]) -> _Folder | None:
    if not path.is_dir():
        cure = "Create it, or name another folder with --corpus."
        problems.append(Problem(path, 1, "There is no such corpus folder", cure))
        return None
    return _Folder(path, case_files(path), _read_sources(path, problems), {}, _read_vocabulary(path, problems))


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


def _with_questions(folder: Path, cases: tuple[WrittenCase, ...], problems: list[Problem]) -> tuple[WrittenCase, ...]:
    """The cases with the questions of ``asked/<case>.yaml`` beside their sentences."""
    by_id = {written.case.id: written.case for written in cases if written.case is not None}
    unreadable = {written.path.stem for written in cases if written.case is None}
    asked: dict[str, Asked] = {}
    for path in asked_files(folder):
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


def _vocabulary(folders: Iterable[_Folder]) -> Vocabulary:
    merged = EMPTY_VOCABULARY
    for folder in folders:
        merged = merged_vocabulary(merged, folder.vocabulary)
    return merged


def _is_draft(case: WrittenCase) -> bool:
    return case.case is not None and case.case.status == "draft"


def _duplicate_cases(folder: _Folder) -> list[Problem]:
    first: dict[str, Path] = {}
    problems = []
    for written in folder.cases:
        if written.case is None or not written.case.id:
            continue
        other = first.setdefault(written.case.id, written.path)
        if other != written.path:
            what = f"The id '{written.case.id}' belongs to {other} too"
            problems.append(Problem(written.path, 2, what, "Give one of the two another id and file name."))
    return problems


def _published(folders: Iterable[_Folder]) -> tuple[Case, ...]:
    """The cases that stand after each folder has been laid over those before; a draft leaves the case below it in place."""
    standing: dict[str, Case] = {}
    for folder in folders:
        for written in folder.cases:
            case = written.case
            if case is not None and case.status == "published":
                standing[case.id] = case
            elif case is not None and case.status == "withdrawn":
                standing.pop(case.id, None)
    return tuple(standing[name] for name in sorted(standing))


def _unused(folders: Sequence[_Folder]) -> list[Problem]:
    """Facts that no case of their folder tells and sources that nothing in it cites; silent where a file cannot be read.

    What a folder only lays over an entry of an earlier one is used there, and is left alone.
    """
    problems = []
    below: set[str] = set()
    for folder in folders:
        cases = [written.case for written in folder.cases if written.case is not None]
        if len(cases) == len(folder.cases):
            told = {fact for case in cases for fact in _told(case)}
            cited = {source for case in cases for source in _cited(case)} | {
                source for fact, _, _ in folder.facts.values() for source in _cited_by_fact(fact)
            }
            problems += [
                Problem(path, line, f"No case tells the fact '{name}'", f"Bind words to it with [words]{{fact={name}}}, or take it out.")
                for name, (_, path, line) in folder.facts.items()
                if name not in told and name not in below
            ]
            problems += [
                Problem(path, line, f"Nothing cites the source '{name}'", f"Cite it as [@{name}], or take the entry out.")
                for name, (_, path, line) in folder.sources.items()
                if name not in cited and name not in below
            ]
        below |= folder.facts.keys() | folder.sources.keys()
    return problems


def _told(case: Case) -> set[str]:
    paragraphs = [paragraph for section in case.sections for paragraph in section.paragraphs]
    return {fact for sentence in case.sentences() for fact in sentence.facts} | {p.fact for p in paragraphs if p.fact}


def _cited(case: Case) -> set[str]:
    references = [reference for sentence in case.sentences() for reference in sentence.references]
    references += [reference for entry in case.timeline for reference in entry.references]
    return {reference.source for reference in references if not reference.source.startswith(CASE_PREFIX)}


def _cited_by_fact(fact: Fact) -> set[str]:
    return {reference.source for reference in fact.sources} | {source for account in fact.dispute for source in account.sources}
