"""The answer to a comparison: a matrix of issues by sides, every cell made of quotations or plainly empty, and what limits it.

The rows are the parts of the question, where it has several that are asked of every side; else the question itself, with the sentence that
answers it best for each side first, and what the sides' further sentences have in common by the vocabulary's themes. A question that
compares nothing is a matrix of one cell.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise

from bot.comparands import without
from bot.comparison import Side
from bot.quotes import FEWEST, MOST, Quote, compose
from bot.schema import Comparison, ComparisonCell, ComparisonRow
from corpus.case import Term
from corpus.references import written_date
from index.case_index import CaseIndex
from index.passages import Passage
from index.words import terms

NOTHING_FOUND = "Nothing found on this in the corpus."
"""What a cell without sentences says."""

_MOST_OF_A_SIDE, _MOST_IN_ALL = 3, 9
_MOST_THEMES = 2
_ALL_OVER = 0.2
"""A term that stands in more than this share of the passages tells nothing apart."""
_NEXT_PART = re.compile(
    r"(?:,\s*)?\b(?:and|but)\s+(?=(?:who|whom|what|when|where|why|how|which|did|does|do|was|were|is|are|has|have|had)\b)|[?;:]\s+",
    re.IGNORECASE,
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b\d{{1,2}}(?= (?:and \d{{1,2}} )?(?:{_MONTH})\b)|\b(?:1[5-9]|20)\d\d\b(?!,)|\d+(?:st|nd|rd|th)\b")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Row:
    """An issue, and for each side the sentences that tell of it."""

    issue: str
    cells: tuple[tuple[Quote, ...], ...]


def rows(question: str, sides: Sequence[Side], index: CaseIndex, known: str = "") -> list[Row]:
    """The sentences that answer a question, those of a comparison as rows with a cell for each side; no sentence stands in two cells."""
    if len(sides) == 1:
        return [Row(question, (tuple(compose(sides[0].query, sides[0].hits, index, MOST, known)),))]
    share = min(_MOST_OF_A_SIDE, _MOST_IN_ALL // len(sides))
    if by_parts := _by_parts(question, sides, index, share, known):
        return by_parts
    cells: list[list[Quote]] = []
    for side in sides:
        told = {quote.sentence.text for cell in cells for quote in cell}
        chosen = compose(side.query, side.hits, index, share, known, side.barred)
        cells.append([quote for quote in chosen if quote.sentence.text not in told])
    return _by_themes(question, sides, cells, index, known)


def completed(question: str, said: Sequence[Sequence[Quote]], quoted: Sequence[Row], sides: Sequence[Side], *, enough: bool) -> list[Row]:
    """What a language model has said, by what each of its sentences rests on, as one row; completed by what would be quoted without it.

    That is so where it said too little, was not ``enough`` by itself, or said nothing of a side.
    """
    cells = []
    for number in range(len(sides)):
        own = [quotes for quotes in said if next(i for i, other in enumerate(sides) if _found_for(quotes[0], other)) == number]
        told = list(chain.from_iterable(own))
        if not enough or len(own) < (FEWEST if len(sides) == 1 else 1):
            most = MOST if len(sides) == 1 else _MOST_OF_A_SIDE
            further = [quote for row in quoted for quote in row.cells[number] if quote.place not in {other.place for other in told}]
            told += further[: max(0, most - len(own))]
        cells.append(tuple(told))
    return [Row(question, tuple(cells))]


def _found_for(quote: Quote, side: Side) -> bool:
    return any(hit.passage.id == quote.passage.id for hit in side.hits)


def comparison(
    told: Sequence[Row], sides: Sequence[Side], position: Callable[[Quote], int], left_out: Sequence[str] = ()
) -> Comparison | None:
    """The matrix as a face receives it; None for a question that compares nothing.

    ``position`` tells at which place of the Answer's sentences the one stands that rests on a quote.
    """
    if len(sides) == 1:
        return None
    names = [side.name for side in sides]
    table = tuple(
        ComparisonRow(
            row.issue,
            tuple(ComparisonCell(name, tuple(dict.fromkeys(map(position, cell)))) for name, cell in zip(names, row.cells, strict=True)),
        )
        for row in told
    )
    return Comparison(tuple(names), table, _limits(told, names, left_out))


def uncovered_sentence(compared: Comparison) -> str:
    """Names the sides for which the question is not covered; empty where every side is."""
    return f"Not covered: {', '.join(compared.uncovered)}." if compared.uncovered else ""


def _by_parts(question: str, sides: Sequence[Side], index: CaseIndex, share: int, known: str) -> list[Row]:
    """A row for each part of the question; none where it has one part, or a part of which hardly a side tells.

    A part's words weigh alone when sentences are chosen, among the hits for the whole: a part ("did it hold") says too little by itself.
    """
    parts = _parts(question, sides)
    if len(parts) < 2:
        return []
    found, told = [], set[str]()
    for part in parts:
        asked = tuple(dict.fromkeys(terms(part)))
        cells = []
        for side in sides:
            chosen = compose(replace(side.query, terms=asked), side.hits, index, max(1, share // len(parts)), known, side.barred)
            cells.append(
                tuple(
                    q for q in chosen if q.sentence.text not in told and any(index.terms_of(q.passage).counts[q.number][t] for t in asked)
                )
            )
            told.update(quote.sentence.text for quote in cells[-1])
        found.append(Row(part, tuple(cells)))
    bearing = [bool(side.hits) for side in sides]
    return found if all([bool(cell) for cell in row.cells] == bearing for row in found) else []


def _parts(question: str, sides: Sequence[Side]) -> list[str]:
    """The parts of a question that are asked of every side, without the sides' names."""
    pieces = [question[start:end] for start, end in pairwise([0, *(m.end() for m in _NEXT_PART.finditer(question)), len(question)])]
    named = [frozenset(terms(side.name)) for side in sides]
    asked = []
    for piece in pieces:
        has = frozenset(terms(piece))
        if len({names <= has for names in named}) > 1:
            return []
        mentioned = [match.span() for side in sides for match in re.finditer(re.escape(side.name), piece, re.IGNORECASE)]
        own = _NEXT_PART.sub(" ", without(piece, dict.fromkeys(mentioned, " "))).strip(" ,;:?.!")
        if terms(own):
            asked.append(f"{own[:1].upper()}{own[1:]}?")
    return asked


def _by_themes(question: str, sides: Sequence[Side], cells: Sequence[Sequence[Quote]], index: CaseIndex, known: str) -> list[Row]:
    """The question as one row, and one for each theme of which every side that is covered tells beside its best sentence."""
    asked = frozenset(terms(question))
    themes = [theme for theme, term in index.vocabulary.themes.items() if not _named(term, asked, index)]
    counted = Counter(theme for cell in cells for theme in themes if any(_tells(quote, theme, index) for quote in cell[1:]))
    further: list[Row] = []
    for theme in [theme for theme, count in counted.most_common() if count > 1]:
        on_theme = [_on_theme(theme, number, sides, cells, index, known) for number in range(len(sides))]
        if len(further) < _MOST_THEMES and [bool(chosen) for chosen in on_theme] == [bool(cell) for cell in cells]:
            further.append(Row(index.vocabulary.themes[theme].name, tuple(on_theme)))
            cells = [_left(cell, chosen) for cell, chosen in zip(cells, on_theme, strict=True)]
    return [Row(question, tuple(map(tuple, cells))), *further]


def _on_theme(
    theme: str, number: int, sides: Sequence[Side], cells: Sequence[Sequence[Quote]], index: CaseIndex, known: str
) -> tuple[Quote, ...]:
    """A side's sentences on a theme beside its best; where it has none, the best on it among the side's hits that no cell has."""
    if not cells[number] or (chosen := tuple(quote for quote in cells[number][1:] if _tells(quote, theme, index))):
        return chosen if cells[number] else ()
    side, taken = sides[number], {quote.place for cell in cells for quote in cell}
    other = {
        (hit.passage.id, position)
        for hit in side.hits
        for position in range(len(hit.passage.sentences))
        if (hit.passage.id, position) in taken or not _is_told(theme, hit.passage, position, index)
    }
    return tuple(compose(side.query, side.hits, index, 1, known, side.barred | other))


def _left(cell: Sequence[Quote], chosen: Sequence[Quote]) -> list[Quote]:
    """What is left of a cell once some sentences stand in another row; the last one gives way to one that the cell did not have."""
    left = [quote for quote in cell if quote not in chosen]
    return left if len(left) < len(cell) or len(left) < _MOST_OF_A_SIDE else left[:-1]


def _tells(quote: Quote, theme: str, index: CaseIndex) -> bool:
    return _is_told(theme, quote.passage, quote.number, index)


def _is_told(theme: str, passage: Passage, position: int, index: CaseIndex) -> bool:
    """Whether a passage has a theme, and the sentence or the section's heading a word for it: a case has more themes than a sentence."""
    if theme not in passage.themes:
        return False
    has = index.terms_of(passage).told[position] | frozenset(terms(passage.section))
    return _named(index.vocabulary.themes[theme], has, index)


def _named(term: Term, has: frozenset[str], index: CaseIndex) -> bool:
    """Whether a text's terms hold all of those of a word of the vocabulary, or of what readers say instead; words that are all over the
    corpus ("agreement") name nothing."""
    often = _ALL_OVER * len(index.passages)
    return any(words <= has and any(index.words.frequency(word) < often for word in words) for words in _said(term))


@cache
def _said(term: Term) -> tuple[frozenset[str], ...]:
    """The terms of each way to say a word of the vocabulary."""
    return tuple(frozenset(terms(word)) for word in (term.name, *term.synonyms))


def _limits(told: Sequence[Row], names: Sequence[str], left_out: Sequence[str]) -> str:
    """How far each side's facts reach, whether figures stand beside others that somebody else counted, and which sides are left out."""
    quotes = {name: [quote for row in told for quote in row.cells[number]] for number, name in enumerate(names)}
    reach = {name: " to ".join(map(written_date, _first_and_last(of))) for name, of in quotes.items() if of}
    counted = sum(any(_FIGURE.search(_DATE.sub("", quote.sentence.text)) for quote in of) for of in quotes.values())
    dates = ", ".join(f"{name} {date}" for name, date in reach.items())
    limits = [
        f"Facts reach to {next(iter(reach.values()))}" if len(set(reach.values())) == 1 else f"Facts reach to different dates: {dates}"
    ]
    if len(reach) == 1:
        limits.append("with one side alone there is nothing to compare")
    if counted > 1:
        limits.append("figures that different bodies counted cannot be compared")
    if left_out:
        limits.append(f"not more than {len(names)} sides are set side by side, and left out are: {', '.join(left_out)}")
    return "; ".join(limits) + "."


def _first_and_last(quotes: Sequence[Quote]) -> list[str]:
    dates = [quote.passage.as_of for quote in quotes]
    return sorted({min(dates), max(dates)})
