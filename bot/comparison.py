"""A question that sets two matters side by side, each told in another place: its sides, each found by itself.

Searched as one, such a question finds the side that shares more of its words, and the other is crowded out. Cut at its names it finds
both (decomposition of questions, Min et al. 2019, "Multi-hop reading comprehension through question decomposition and rescoring").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.case_index import EVERYTHING, CaseIndex, Hit, Query, Scope
from index.names import Name, Named, names_in

LEADING = 2
"""So many of the best hits lead an answer: what they tell of is what it is about."""
MOST_SIDES = 3
_LOOKED_THROUGH = 30
"""Among so many hits those are looked for that tell of the names left over."""

_COMPARES = re.compile(r"\b(?:compar\w*|contrast\w*|versus|vs|differ\w*|both|unlike|similar\w*|whereas)\b", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:of\s+|the\s+|for\s+|de\s+)*")


@dataclass(frozen=True, slots=True)
class Side:
    """A question, or one side of it put as a question of its own, with what was found for it.

    ``hits`` lie within the reader's scope, ``everywhere`` are the best without any.
    """

    query: Query
    hits: tuple[Hit, ...]
    everywhere: tuple[Hit, ...]


def sides(question: str | Query, index: CaseIndex, scope: Scope, limit: int) -> tuple[Side, ...]:
    """The sides of a question, each with ``limit`` hits; the question as it stands where it has only one.

    It has two where the passages that would lead its answer tell of one of its names and not of another that passages elsewhere tell of,
    and it compares them or joins them by "and"; a side that is again of this kind is cut further.
    """
    query = index.query(question) if isinstance(question, str) else question
    return _sides(_found(query, index, scope, limit), index, scope, limit, MOST_SIDES)


def _sides(whole: Side, index: CaseIndex, scope: Scope, limit: int, most: int) -> tuple[Side, ...]:
    question = whole.query.text
    told, missing = _told_and_missing(question, index.named_by(whole.hits[:LEADING]))
    if most == 1 or not _set_side_by_side(question, told, missing):
        return (whole,)
    rest = index.query(_without(question, told))
    others = [hit for hit in index.search(rest, scope, _LOOKED_THROUGH) if _tells_of_any(missing, index.named_in_passage(hit.passage))]
    if not others:
        return (whole,)
    found = tuple(others[:limit])
    other = Side(rest, found, found if scope == EVERYTHING else tuple(index.search(rest, limit=limit)))
    return (
        _found(index.query(_without(question, missing)), index, scope, limit),
        *_sides(other, index, scope, limit, most - 1),
    )


def _found(query: Query, index: CaseIndex, scope: Scope, limit: int) -> Side:
    hits = tuple(index.search(query, scope, limit))
    return Side(query, hits, hits if scope == EVERYTHING else tuple(index.search(query, limit=limit)))


def _told_and_missing(question: str, told: Named) -> tuple[list[Name], list[Name]]:
    """The question's names that ``told`` has, and those that it lacks; a run of names joined by "and" is taken apart where it lacks one."""
    names = [
        part for name in names_in(question) for part in (_parted(name) if told.lacks(name.text) and _AND.search(name.text) else [name])
    ]
    return [name for name in names if not told.lacks(name.text)], [name for name in names if told.lacks(name.text)]


def _parted(name: Name) -> list[Name]:
    parts, start = [], 0
    for match in _AND.finditer(name.text):
        parts.append(Name(name.text[start : match.start()], name.start + start, name.start + match.start()))
        start = match.end()
    return [*parts, Name(name.text[start:], name.start + start, name.end)]


def _set_side_by_side(question: str, told: Sequence[Name], missing: Sequence[Name]) -> bool:
    """Whether the question has names of both kinds and compares them, or joins one of each by "and" or "or"."""
    if not told or not missing:
        return False
    between = [question[min(one.end, other.end) : max(one.start, other.start)] for one in told for other in missing]
    return bool(_COMPARES.search(question)) or any(_JOINS.search(words) for words in between)


def _without(question: str, names: Sequence[Name]) -> str:
    for name in reversed(names):
        question = f"{question[: name.start]} {question[name.end :]}"
    return " ".join(question.split())


def _tells_of_any(names: Sequence[Name], told: Named) -> bool:
    return any(not told.lacks(name.text) for name in names)
