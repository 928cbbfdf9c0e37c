"""The case pages: every case as a page that can be read, printed and linked to, passage by passage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse

from bot.web.desk import Desk
from bot.web.pages import page, web_address
from corpus.case import KINDS, Case, CaseKind, Reference, Section, Sentence, Source, Term
from corpus.references import credit
from index.case_index import CaseIndex
from index.passages import Passage

router = APIRouter(include_in_schema=False)

_CASE = "case:"
KIND_NAMES: Mapping[CaseKind, str] = {
    "process": "Peace processes",
    "story": "Stories of everyday peacebuilding",
    "theme": "Themes across cases",
}
KIND_NAME: Mapping[CaseKind, str] = {"process": "Peace process", "story": "Story", "theme": "Theme"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A small mark after a sentence: the number of a source in the reference list, or another case.

    ``href`` is None where the case is no longer published: then the mark is read and leads nowhere.
    """

    label: str
    href: str | None
    says: str


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with its marks; ``anchor`` is set where a further passage of a section begins."""

    text: str
    marks: tuple[Mark, ...]
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ShownParagraphs:
    """Paragraphs of one kind that stand together: a text, a list, a dispute or an analysis."""

    kind: str
    paragraphs: tuple[tuple[MarkedSentence, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the page."""

    heading: str
    level: int
    anchor: str
    blocks: tuple[ShownParagraphs, ...]


@dataclass(frozen=True, slots=True)
class ListedSource:
    """An entry of the reference list: who published what and when, where it was cited, and where it can be read."""

    anchor: str
    title: str
    credit: str
    locators: tuple[str, ...]
    url: str | None


@router.get("/cases")
def case_list(request: Request) -> HTMLResponse:
    """All published cases, by area and kind."""
    index = _index(request)
    return HTMLResponse(page("cases.html", areas=_by_area(index), total=len(index.cases), kind_names=KIND_NAMES))


@router.get("/cases/{case_id}")
def case_page(request: Request, case_id: str) -> HTMLResponse:
    """One case as a page."""
    index = _index(request)
    case = index.cases.get(case_id)
    if case is None:
        raise HTTPException(404, "There is no case at this address. It may have been renamed or withdrawn.")
    numbers = {source: number for number, source in enumerate(cited_sources(case), start=1)}
    marks = _Marks(case, numbers, index.cases)
    shown = {
        "case": case,
        "kind": KIND_NAME[case.kind],
        "areas": _names(case.areas, index.vocabulary.areas),
        "themes": _names(case.themes, index.vocabulary.themes),
        "sections": _sections(case, index.passages_of(case_id), marks),
        "timeline": [(entry.date, entry.event, marks.of(entry.references)) for entry in case.timeline],
        "references": [_listed(index.sources[source], number, case) for source, number in numbers.items()],
    }
    return HTMLResponse(page("case.html", **shown))


def error_page(status: int, sentence: str) -> HTMLResponse:
    """A page for people that says what is wrong and where to go on."""
    return HTMLResponse(page("error.html", status=status, sentence=sentence), status)


def _index(request: Request) -> CaseIndex:
    desk: Desk = request.app.state.desk
    return desk.index()


def cited_sources(case: Case) -> tuple[str, ...]:
    """The ids of all sources that a case cites, in the order in which a reader meets them."""
    cited = (reference.source for reference in _references(case))
    return tuple(dict.fromkeys(source for source in cited if not source.startswith(_CASE)))


def _references(case: Case) -> Iterator[Reference]:
    for sentence in case.sentences():
        yield from sentence.references
    for entry in case.timeline:
        yield from entry.references


def _by_area(index: CaseIndex) -> list[tuple[str, list[tuple[CaseKind, list[Case]]]]]:
    """Cases grouped by area in the vocabulary's order, those of no single area last; a case of two areas stands in both."""
    grouped: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(index.cases.values(), key=lambda case: case.title):
        for area in case.areas or ("",):
            grouped[area].append(case)
    named = {area: term.name for area, term in index.vocabulary.areas.items()} | {"": "More than one place, or none"}
    return [(name, _by_kind(grouped[area])) for area, name in named.items() if area in grouped]


def _by_kind(cases: Iterable[Case]) -> list[tuple[CaseKind, list[Case]]]:
    held = list(cases)
    return [(kind, found) for kind in KINDS if (found := [case for case in held if case.kind == kind])]


def _names(ids: Iterable[str], terms: Mapping[str, Term]) -> list[str]:
    return [terms[term].name for term in ids]


class _Marks:
    """The marks of a page: its sources by number, other cases by title. Where a case cites itself, the reader is there already."""

    def __init__(self, case: Case, numbers: Mapping[str, int], cases: Mapping[str, Case]) -> None:
        self._itself = _CASE + case.id
        self._numbers = numbers
        self._cases = cases

    def of(self, references: Iterable[Reference]) -> tuple[Mark, ...]:
        return tuple(self._mark(reference) for reference in references if reference.source != self._itself)

    def _mark(self, reference: Reference) -> Mark:
        if reference.source.startswith(_CASE):
            return self._case_mark(reference.source.removeprefix(_CASE))
        number = self._numbers[reference.source]
        place = f", {reference.locator}" if reference.locator else ""
        return Mark(str(number), f"#{_source_anchor(number)}", f"Source {number}{place}")

    def _case_mark(self, case_id: str) -> Mark:
        if case_id not in self._cases:
            return Mark("case", None, f"Case {case_id}, which is not published")
        return Mark("case", f"/cases/{case_id}", f"Case: {self._cases[case_id].title}")


def _source_anchor(number: int) -> str:
    # The page's own ids have an underscore, which no heading's anchor has: a heading "Source 1" cannot take this one.
    return f"page_source-{number}"


def _sections(case: Case, passages: Iterable[Passage], marks: _Marks) -> list[ShownSection]:
    starts = _Starts(passages)
    return [_section(section, starts, marks) for section in case.sections]


def _section(section: Section, starts: "_Starts", marks: _Marks) -> ShownSection:
    blocks: list[ShownParagraphs] = []
    for paragraph in section.paragraphs:
        shown = tuple(_sentence(sentence, starts, section.anchor, marks) for sentence in paragraph.sentences)
        if blocks and blocks[-1].kind == paragraph.kind and paragraph.kind != "dispute":
            blocks[-1] = ShownParagraphs(paragraph.kind, (*blocks[-1].paragraphs, shown))
        else:
            blocks.append(ShownParagraphs(paragraph.kind, (shown,)))
    return ShownSection(section.heading, section.level, section.anchor, tuple(blocks))


def _sentence(sentence: Sentence, starts: "_Starts", section: str, marks: _Marks) -> MarkedSentence:
    anchor = starts.at(sentence)
    return MarkedSentence(sentence.text, marks.of(sentence.references), anchor if anchor != section else None)


class _Starts:
    """Which passage begins at a sentence, asked of every sentence in reading order."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._coming = iter([(passage.anchor, passage.sentences[0]) for passage in passages if passage.sentences])
        self._next = next(self._coming, None)

    def at(self, sentence: Sentence) -> str | None:
        """The anchor of the passage that begins with this sentence, if one does."""
        if self._next is None or self._next[1] != sentence:
            return None
        anchor = self._next[0]
        self._next = next(self._coming, None)
        return anchor


def _listed(source: Source, number: int, case: Case) -> ListedSource:
    places = (ref.locator for ref in _references(case) if ref.source == source.id and ref.locator)
    locators = tuple(dict.fromkeys(places))
    return ListedSource(_source_anchor(number), source.title, credit(source.csl), locators, web_address(source.url))
