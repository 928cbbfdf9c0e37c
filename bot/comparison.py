"""A question that sets matters side by side: its sides, each found by itself.

Searched as one, such a question finds the side that shares more of its words, and the others are crowded out. Cut into its sides it finds
all of them (decomposition of questions, Min et al. 2019, "Multi-hop reading comprehension through question decomposition and rescoring").
The sides are the areas and stories that it names and compares or lists, those that it means ("the three processes", "elsewhere"), or,
failing these, the names that the best passages tell of and those that they do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.comparands import Comparand, asked_of, comparands
from index.case_index import EVERYTHING, CaseIndex, Hit, Query, Scope
from index.names import Name, Named, names_in
from index.words import terms

LEADING = 2
"""So many of the best hits lead an answer: what they tell of is what it is about."""
MOST_SIDES = 4
_LOOKED_THROUGH = 30
"""Among so many hits those are looked for that tell of the names left over."""
_OF_NOTHING_ELSE = "How did the peace process in {} go, what was agreed and what became of it?"
"""What is asked of each side where a question names its sides and nothing else."""

_COMPARES = re.compile(r"\b(?:compar\w*|contrast\w*|versus|vs|differ\w*|both|unlike|similar\w*|whereas)\b", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:of\s+|the\s+|for\s+|de\s+)*")

Place = tuple[str, int]
"""A sentence by its passage's id and its position there."""


@dataclass(frozen=True, slots=True)
class Side:
    """A question, or one side of it put as a question of its own, with what was found for it.

    ``hits`` lie within the reader's scope, ``everywhere`` are the best without any. ``name`` is what the side is called, empty where the
    question has only one; ``barred`` are sentences of the hits that tell of another side and not of this one. A side that
    ``stands_alone`` may be answered where another is not covered: it is one of the matters compared, not a part of a single one; one that
    ``is_ours`` is an area or story of the corpus.
    """

    query: Query
    hits: tuple[Hit, ...]
    everywhere: tuple[Hit, ...]
    name: str = ""
    barred: frozenset[Place] = frozenset()
    stands_alone: bool = True
    is_ours: bool = False


def sides(question: str | Query, index: CaseIndex, scope: Scope, limit: int) -> tuple[Side, ...]:
    """The sides of a question, at most `MOST_SIDES`, each with ``limit`` hits; the question as it stands where it has only one.

    A side of which nothing is told within the scope has no hits.
    """
    query = index.query(question) if isinstance(question, str) else question
    if compared := comparands(query.text, index, scope):
        return _of_comparands(query.text, compared[:MOST_SIDES], index, scope, limit)
    return as_one_matter(query, index, scope, limit)


def left_out(question: str, index: CaseIndex) -> tuple[str, ...]:
    """What a question compares beyond `MOST_SIDES`."""
    return tuple(one.name for one in comparands(question, index)[MOST_SIDES:])


def as_one_matter(question: str | Query, index: CaseIndex, scope: Scope, limit: int) -> tuple[Side, ...]:
    """A question that compares nothing in so many words: as it stands, or cut where its leading passages lack some of its names."""
    query = index.query(question) if isinstance(question, str) else question
    return _by_names_told(_found(query, index, scope, limit), index, scope, limit, MOST_SIDES - 1)


def _of_comparands(question: str, compared: Sequence[Comparand], index: CaseIndex, scope: Scope, limit: int) -> tuple[Side, ...]:
    texts = [asked_of(one, question) for one in compared]
    queries = index.queries(
        [
            text if set(terms(text)) - set(terms(one.name)) else _OF_NOTHING_ELSE.format(one.name)
            for text, one in zip(texts, compared, strict=True)
        ]
    )
    return tuple(_of_comparand(query, one, index, scope, limit) for query, one in zip(queries, compared, strict=True))


def _of_comparand(query: Query, one: Comparand, index: CaseIndex, scope: Scope, limit: int) -> Side:
    hits, barred = _hits_of(query, one, index, scope, limit)
    everywhere = hits if scope == EVERYTHING else _hits_of(query, one, index, EVERYTHING, limit)[0]
    return Side(query, hits, everywhere, one.name, barred, is_ours=bool(one.area or one.story))


def _hits_of(query: Query, one: Comparand, index: CaseIndex, scope: Scope, limit: int) -> tuple[tuple[Hit, ...], frozenset[Place]]:
    """The hits of one side, and the places in them that are another's: a passage of several areas tells of each in some sentences."""
    if one.area and scope.areas and one.area not in scope.areas:
        return (), frozenset()
    within = replace(scope, areas=frozenset({one.area})) if one.area else scope
    found = [hit for hit in index.search(query, within, _LOOKED_THROUGH) if one.has(hit.passage)]
    hits, barred = [], set()
    for hit in found:
        others = {
            (hit.passage.id, number) for number, sentence in enumerate(hit.passage.sentences) if one.lacks(sentence, hit.passage, index)
        }
        if len(others) < len(hit.passage.sentences):
            hits.append(hit)
            barred |= others
        if len(hits) == limit:
            break
    return tuple(hits), frozenset(barred)


def _by_names_told(whole: Side, index: CaseIndex, scope: Scope, limit: int, most: int) -> tuple[Side, ...]:
    """The question cut in two where its leading passages tell of one of its names and not of another that passages elsewhere tell of, and
    it compares them or joins them by "and"; the other side is cut further where it is again of this kind."""
    question = whole.query.text
    told, missing = _told_and_missing(question, index.named_by(whole.hits[:LEADING]))
    if most == 1 or not _set_side_by_side(question, told, missing):
        return (whole,)
    rest = index.query(_without(question, told))
    others = [hit for hit in index.search(rest, scope, _LOOKED_THROUGH) if _tells_of_any(missing, index.named_in_passage(hit.passage))]
    if not others:
        return (whole,)
    found = tuple(others[:limit])
    other = Side(
        rest, found, found if scope == EVERYTHING else tuple(index.search(rest, limit=limit)), _joined(missing), stands_alone=False
    )
    first = _found(index.query(_without(question, missing)), index, scope, limit)
    return (replace(first, name=_joined(told), stands_alone=False), *_by_names_told(other, index, scope, limit, most - 1))


def _found(query: Query, index: CaseIndex, scope: Scope, limit: int) -> Side:
    hits = tuple(index.search(query, scope, limit))
    return Side(query, hits, hits if scope == EVERYTHING else tuple(index.search(query, limit=limit)))


def _told_and_missing(question: str, told: Named) -> tuple[list[Name], list[Name]]:
    """The question's names that ``told`` has, and those that it lacks; a run of names joined by "and" is taken apart where it lacks one."""
    lacks = {name: bool(told.lacks(name.text)) for name in names_in(question)}
    parts = [part for name, lacking in lacks.items() for part in (_parted(name) if lacking and _AND.search(name.text) else [name])]
    lacks |= {part: bool(told.lacks(part.text)) for part in parts if part not in lacks}
    return [name for name in parts if not lacks[name]], [name for name in parts if lacks[name]]


def _parted(name: Name) -> list[Name]:
    parts, start = [], 0
    for match in _AND.finditer(name.text):
        parts.append(Name(name.text[start : match.start()], name.start + start, name.start + match.start()))
        start = match.end()
    return [*parts, Name(name.text[start:], name.start + start, name.end)]


def _joined(names: Sequence[Name]) -> str:
    return " and ".join(dict.fromkeys(name.text for name in names))


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
