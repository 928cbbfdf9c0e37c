"""What the chat page says and offers when a visitor comes, all of it taken from the index."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.terminal import counted
from corpus.case import Case, Term
from corpus.problems import in_words
from corpus.references import written_date
from index.case_index import CaseIndex

EXAMPLES = 6
_TELLING = ("How ", "Why ", "Who ")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page says and offers when a visitor comes: what the corpus covers, questions to begin with, filters."""

    coverage: str
    examples: tuple[str, ...] = ()
    areas: tuple[Term, ...] = ()
    themes: tuple[Term, ...] = ()

    @classmethod
    def of(cls, index: CaseIndex) -> "Opening":
        """The opening that fits an index: only areas and themes that its cases have."""
        areas = {area for case in index.cases.values() for area in case.areas}
        themes = {theme for case in index.cases.values() for theme in case.themes}
        return cls(
            coverage_line(index.cases.values(), index.vocabulary.areas),
            example_questions(index.cases.values(), index.vocabulary.areas),
            tuple(term for term in index.vocabulary.areas.values() if term.id in areas),
            tuple(sorted((term for term in index.vocabulary.themes.values() if term.id in themes), key=lambda term: term.name)),
        )


def coverage_line(cases: Collection[Case], areas: Mapping[str, Term]) -> str:
    """What the corpus covers: where, how many cases and stories, and how far their facts reach."""
    if not cases:
        return "The corpus holds no cases yet."
    oldest, newest = (written_date(reach) for reach in (min(case.as_of for case in cases), max(case.as_of for case in cases)))
    reach = f"as of {newest}" if oldest == newest else f"as of {oldest} to {newest}, depending on the case"
    return f"Covers {_places(cases, areas)}: {in_words(list(_counts(cases)), 'and')}. Facts {reach}."


def _places(cases: Collection[Case], areas: Mapping[str, Term]) -> str:
    named = [term.name for term in areas.values() if any(term.id in case.areas for case in cases)]
    elsewhere = any(not case.areas for case in cases if case.kind != "theme")
    return in_words([*named, "other places"] if elsewhere else named, "and") or "no single place"


def _counts(cases: Collection[Case]) -> Iterator[str]:
    kinds = [case.kind for case in cases]
    if processes := kinds.count("process"):
        yield f"{processes} {'case' if processes == 1 else 'cases'} on peace processes"
    if stories := kinds.count("story"):
        yield f"{stories} {'story' if stories == 1 else 'stories'} of everyday peacebuilding"
    if themes := kinds.count("theme"):
        yield f"{counted(themes, 'theme')} across cases"


def example_questions(cases: Collection[Case], areas: Mapping[str, Term]) -> tuple[str, ...]:
    """Questions that the cases answer: of everyday stories, of processes in each area and of themes, in turn, so that the range is seen."""
    kins = [("story", ""), *(("process", area) for area in areas), ("process", ""), ("theme", "")]
    by_kin: dict[tuple[str, str], list[str]] = {kin: [] for kin in kins}
    for case in cases:
        area = case.areas[0] if case.areas and case.kind == "process" else ""
        by_kin[case.kind, area].extend(_telling(case))
    in_turn = [questions[turn] for turn in range(EXAMPLES) for questions in by_kin.values() if turn < len(questions)]
    return tuple(dict.fromkeys(in_turn))[:EXAMPLES]


def _telling(case: Case) -> list[str]:
    """The question of a case that shows most of what can be asked: how, why or who rather than what something is."""
    questions = [question.text for question in case.questions]
    return ([text for text in questions if text.startswith(_TELLING)] or questions)[:1]
