"""What only several files together show: which case stands, what is written twice, and what nothing uses."""

from collections.abc import Iterable, Sequence
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
    standing: dict[str, Case] = {}
    for folder in folders:
        for written in folder.cases:
            case = written.case
            if case is not None and case.status == "published":
                standing[case.id] = case
            elif case is not None and case.status == "withdrawn":
                standing.pop(case.id, None)
    return tuple(standing[name] for name in sorted(standing))


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
