"""What only several files together show: which case stands, what is written twice, and what nothing uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.case import Case, Fact
from corpus.citation_marks import CASE_PREFIX
from corpus.folder import Folder
from corpus.problems import Problem


def duplicate_cases(folder: Folder) -> list[Problem]:
    """Cases of one folder that share an id."""
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


def published(folders: Iterable[Folder]) -> tuple[Case, ...]:
    """The cases that stand after each folder has been laid over those before; a draft leaves the case below it in place."""
    standing = _standing(folders)
    return tuple(standing[name].case for name in sorted(standing))


@dataclass(frozen=True, slots=True)
class _Standing:
    """A published case that no later folder replaces or withdraws, with its file and the number of its folder."""

    case: Case
    path: Path
    layer: int


def _standing(folders: Iterable[Folder]) -> dict[str, _Standing]:
    standing: dict[str, _Standing] = {}
    for layer, folder in enumerate(folders):
        for written in folder.cases:
            case = written.case
            if case is not None and case.status == "published":
                standing[case.id] = _Standing(case, written.path, layer)
            elif case is not None and case.status == "withdrawn":
                standing.pop(case.id, None)
    return standing


def one_sided(folders: Sequence[Folder]) -> list[Problem]:
    """Disputed facts that a published case tells while no published case sets their accounts side by side.

    An answer takes the other accounts from the block; without one it would tell a disputed fact as if all agreed.
    """
    entries = {name: (entry, layer) for layer, folder in enumerate(folders) for name, entry in folder.facts.items()}
    disputed = {name for name, ((fact, _, _), _) in entries.items() if fact.dispute}
    standing = _standing(folders)
    missing = disputed - {fact for held in standing.values() for fact in _set_side_by_side(held.case)}
    problems = []
    for held in standing.values():
        for fact, line in _first_tellings(held.case, missing).items():
            (_, ledger, ledger_line), layer = entries[fact]
            places = [(held.layer, held.path, line), (layer, ledger, ledger_line)]
            what = f"'{held.case.id}' tells the disputed fact '{fact}', and no published case sets its accounts side by side"
            cure = f"Write '::: {{.dispute fact={fact}}}' with each account in it or in another case"
            if taken := _taken_out(folders, fact):
                places.append(taken)
                cure += f", or leave '{taken[1].stem}', which did so, as it was"
            # The folder that lies highest is the one whose author brought this about, and who can mend it.
            _, path, at = max(places, key=lambda place: place[0])
            problems.append(Problem(path, at, what, f"{cure}."))
    return problems


def _taken_out(folders: Sequence[Folder], fact: str) -> tuple[int, Path, int] | None:
    """The file that withdraws or replaces a case of an earlier folder which holds the accounts of a fact."""
    holders: set[str] = set()
    taken = None
    for layer, folder in enumerate(folders):
        cases = [(written.path, written.case) for written in folder.cases if written.case is not None and written.case.status != "draft"]
        for path, case in cases:
            if case.id in holders and fact not in _set_side_by_side(case):
                taken = (layer, path, 1)
        holders |= {case.id for _, case in cases if fact in _set_side_by_side(case)}
    return taken


def _set_side_by_side(case: Case) -> set[str]:
    paragraphs = [paragraph for section in case.sections for paragraph in section.paragraphs]
    return {paragraph.fact for paragraph in paragraphs if paragraph.kind == "dispute" and paragraph.fact}


def _first_tellings(case: Case, facts: set[str]) -> dict[str, int]:
    """The line on which a case first tells each of the facts."""
    lines: dict[str, int] = {}
    for sentence in case.sentences():
        for fact in facts.intersection(sentence.facts):
            lines.setdefault(fact, sentence.line)
    return lines


def unused(folders: Sequence[Folder]) -> list[Problem]:
    """Facts that no case of their folder tells and sources that nothing in it cites; silent where a file cannot be read.

    What a folder only lays over an entry of an earlier one is used there, and is left alone.
    """
    problems = []
    below: set[str] = set()
    for folder in folders:
        cases = [written.case for written in folder.cases if written.case is not None]
        if len(cases) == len(folder.cases):
            told = {fact for case in cases for fact in _told(case)}
            cited = {source for case in cases for source in cited_by(case)} | {
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
    return {fact for sentence in case.sentences() for fact in sentence.facts} | _set_side_by_side(case)


def cited_by(case: Case) -> set[str]:
    """The ids of all sources that a case cites, in its sentences and its timeline."""
    references = [reference for sentence in case.sentences() for reference in sentence.references]
    references += [reference for entry in case.timeline for reference in entry.references]
    return {reference.source for reference in references if not reference.source.startswith(CASE_PREFIX)}


def _cited_by_fact(fact: Fact) -> set[str]:
    return {reference.source for reference in fact.sources} | {source for account in fact.dispute for source in account.sources}
