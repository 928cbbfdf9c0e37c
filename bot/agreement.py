"""How far the words of a sentence agree with those of its quotation: signals for a learned judgement (bot/support.py).

Each word of the sentence is aligned with the quotation's, in the manner of METEOR (Banerjee and Lavie 2005), whose chunks are among
the signals: what is new, what moved, what was put in the other's place, and which of the small words that carry truth (negation,
quantity, hedges, causes, comparisons) came or went. All of it without a model, in a millisecond or two.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot import turning_words as turning
from bot.names_told import is_kin
from bot.wording import Word, near_before

_PREPOSITIONS = frozenset("by of to from for than before after until with against in between under over at on through into".split())
_BEING = frozenset("was were is are been be being got".split())
_PLAIN_JOINTS = frozenset(
    "the a an of and to in was were is are had has have been be it its that which who whom by for on at with as this these those he she "
    "they him her them his their there than from".split()
)
_LISTING = frozenset(", and or the both a of".split())


@dataclass(frozen=True, slots=True)
class _Unit:
    """A telling word of the sentence, or a name of several, that the quotation has too: first and last word in both texts."""

    word: Word
    first: int
    last: int
    held_first: int
    held_last: int

    @property
    def fixed(self) -> bool:
        """Whether it is a name, a number or a month."""
        return self.word.kind != "content"


class Alignment:
    """A sentence's words beside those of its quotation."""

    def __init__(self, told: Sequence[Word], held: Sequence[Word]) -> None:
        self.told = list(told)
        self.held = list(held)
        self.match = _aligned(self.told, self.held)
        used = set(self.match.values())
        self.telling = [word for word in told if word.tells]
        self.new = [word for word in self.telling if word.number not in self.match and word.kind not in ("number", "month")]
        self.unused = [word for word in held if word.tells and word.number not in used]
        self.pairs = [(word, self.held[self.match[word.number]]) for word in self.telling if word.number in self.match]
        self.units = _units(self.pairs)
        self.plain_told = Counter(word.plain for word in told)
        self.plain_held = Counter(word.plain for word in held)


def signals(alignment: Alignment, sentence: str, quotation: str) -> dict[str, float]:
    """The signals by name; counts unless a name says ``share``."""
    return {
        **_of_words(alignment),
        **_of_insertions(alignment),
        **_of_order(alignment.units),
        **_of_swaps(alignment),
        **_of_grammar(alignment),
        **_of_negation(alignment),
        **_of_scope(alignment),
        **_of_joints(sentence, quotation, alignment),
    }


def _aligned(told: Sequence[Word], held: Sequence[Word]) -> dict[int, int]:
    """For each word of the sentence that the quotation has, the number of its counterpart; among equals the next one not yet taken."""
    match: dict[int, int] = {}
    taken: set[int] = set()
    before = -1
    candidates = [word for word in held if word.kind != "mark"]
    for word in told:
        same = [other.number for other in candidates if word.kind != "mark" and (other.term == word.term or other.plain == word.plain)]
        if not same and word.tells:
            same = [other.number for other in candidates if other.tells and is_kin(word.term, other.term)]
        if same:
            before = min(same, key=lambda number: _detour(number, before, number in taken))
            match[word.number] = before
            taken.add(before)
    return match


def _detour(number: int, before: int, taken: bool) -> int:
    return (50 if taken else 0) + (number - before - 1 if number > before else 3 + before - number)


def _units(pairs: Iterable[tuple[Word, Word]]) -> list[_Unit]:
    units: list[_Unit] = []
    for word, held in pairs:
        last = units[-1] if units else None
        if last and last.fixed and word.kind != "content" and word.number - last.last <= 1 and 0 <= held.number - last.held_last <= 1:
            units[-1] = _Unit(last.word, last.first, word.number, last.held_first, held.number)
        else:
            units.append(_Unit(word, word.number, word.number, held.number, held.number))
    return units


def _of_words(a: Alignment) -> dict[str, float]:
    held = [word for word in a.held if word.tells]
    joints_told = Counter(word.plain for word in a.told if word.kind == "function" and word.plain not in _PLAIN_JOINTS)
    joints_held = Counter(word.plain for word in a.held if word.kind == "function")
    return {
        "words": len(a.telling),
        "held_share": 1 - len(a.new) / max(1, len(a.telling)),
        "new": len(a.new),
        "unused": len(a.unused),
        "used_share": 1 - len(a.unused) / max(1, len(held)),
        "new_beyond_unused": len(a.new) - len(a.unused),
        "length_share": len(a.telling) / max(1, len(held)),
        "opposites": sum(frozenset((word.term, other.term)) in turning.OPPOSED for word in a.new for other in a.unused)
        + sum(frozenset(pair) in turning.OPPOSED for pair in _exchanged_joints(a)),
        "new_joints": sum((joints_told - joints_held).values()),
    }


def _exchanged_joints(a: Alignment) -> Iterable[tuple[str, str]]:
    came = {word.term for word in a.told if word.kind == "function"} - {word.term for word in a.held}
    went = {word.term for word in a.held if word.kind == "function"} - {word.term for word in a.told}
    return ((one, other) for one in came for other in went)


def _of_insertions(a: Alignment) -> dict[str, float]:
    """Runs of new words between words that the quotation has, and how many of the quotation's own words they may stand for."""
    anchors = [-1, *(word.number for word, _ in a.pairs), len(a.told)]
    runs, pure = [], 0
    for start, end in pairwise(anchors):
        run = [word for word in a.told[start + 1 : end] if word.tells]
        if not run:
            continue
        runs.append(len(run))
        left, right = a.match.get(start, -1), a.match.get(end, len(a.held))
        beside = [*range(left + 1, right)] if left < right else [*range(left + 1, left + 6), *range(right - 5, right)]
        pure += not any(word.number in beside for word in a.unused)
    tail = next((i for i, word in enumerate(reversed(a.telling)) if word.number in a.match), len(a.telling))
    return {"runs": len(runs), "longest_run": max(runs, default=0), "pure_runs": pure, "new_tail": tail}


def _of_order(units: Sequence[_Unit]) -> dict[str, float]:
    order = _ranks([unit.held_first for unit in units])
    chunks = _chunks(order)
    ranks = _ranks([order[start] for start, _ in chunks])
    lengths = [end - start for start, end in chunks]
    turned = [i for i in range(1, len(chunks) - 1) if ranks[i - 1] == ranks[i] + 1 == ranks[i + 1] + 2]
    alone = [i for i in range(len(order)) if len(order) > 2 and all(abs(order[i] - other) != 1 for other in order[max(0, i - 1) : i + 2])]
    broken = sum(abs(one - other) != 1 for one, other in pairwise(order))
    return {
        "units": len(units),
        "chunks": len(chunks),
        "chunk_share": len(chunks) / max(1, len(units)),
        "short_chunks": sum(length <= 2 for length in lengths),
        "turned": len(turned),
        "turned_length": min((max(lengths[i - 1], lengths[i + 1]) for i in turned), default=9),
        "turned_inside": float(any(i > 1 or i + 2 < len(chunks) for i in turned)),
        "alone": len(alone),
        "alone_fixed": sum(units[i].fixed for i in alone),
        "broken_share": broken / max(1, len(units) - 1),
        "steps_back": sum(other < one for one, other in pairwise(order)),
        "steps_back_fixed": sum(other < one for one, other in pairwise([o for o, u in zip(order, units, strict=True) if u.fixed])),
        "steps_back_other": sum(other < one for one, other in pairwise([o for o, u in zip(order, units, strict=True) if not u.fixed])),
        "out_of_place": sum(order[i - 1] < order[i + 1] and not order[i - 1] < order[i] < order[i + 1] for i in range(1, len(order) - 1)),
    }


def _ranks(values: Sequence[int]) -> list[int]:
    in_order = sorted(range(len(values)), key=lambda i: values[i])
    return [rank for _, rank in sorted((position, rank) for rank, position in enumerate(in_order))]


def _chunks(order: Sequence[int]) -> list[tuple[int, int]]:
    """Stretches whose ranks follow each other."""
    starts = [i for i in range(len(order)) if i == 0 or order[i] != order[i - 1] + 1]
    return list(pairwise([*starts, len(order)]))


def _of_swaps(a: Alignment) -> dict[str, float]:
    """How much of the changed order one exchange of two units, or one turn of the whole, puts right."""
    order = [unit.held_first for unit in a.units]
    wrong = _inversions(order)
    best, pair = wrong, None
    for i in range(len(order)):
        for j in range(i + 1, len(order)):
            if order[i] > order[j]:
                left = wrong - _righted(order, i, j)
                best, pair = (left, (i, j)) if left < best else (best, pair)
    one, other = (a.units[pair[0]], a.units[pair[1]]) if pair else (None, None)
    listed = one is not None and other is not None and _is_listed(a, one, other)
    return {
        "wrong": wrong,
        "wrong_after_swap": best,
        "swap_share": (wrong - best) / wrong if wrong else 0.0,
        "swap_fixed": float(one.fixed) + float(other.fixed) if one and other else 0.0,
        "swap_distance": other.first - one.last if one and other else 0,
        "clean_swap": float(wrong >= 3 and best == 0 and not listed),
        "wrong_after_turn": min((_inversions(order[i:] + order[:i]) for i in range(len(order))), default=0),
    }


def _righted(order: Sequence[int], i: int, j: int) -> int:
    """How many fewer pairs stand in the wrong order once two that do so are exchanged."""
    high, low = order[i], order[j]
    return 1 + sum((high > between) + (between > low) - (low > between) - (between > high) for between in order[i + 1 : j])


def _inversions(order: Sequence[int]) -> int:
    return sum(order[i] > later for i in range(len(order)) for later in order[i + 1 :])


def _is_listed(a: Alignment, one: _Unit, other: _Unit) -> bool:
    """Whether two units are neighbours in a list in both texts, where their order says nothing."""
    start, end = sorted(((one.held_first, one.held_last), (other.held_first, other.held_last)))
    between = (a.told[one.last + 1 : other.first], a.held[start[1] + 1 : end[0]])
    return all(len(words) <= 3 and all(word.plain in _LISTING for word in words) for words in between)


def _of_grammar(a: Alignment) -> dict[str, float]:
    fixed = [(_standing(a.told, unit.first), _standing(a.held, unit.held_first)) for unit in a.units if unit.fixed]
    around = [(one, middle, other) for one, middle, other in zip(a.units, a.units[1:], a.units[2:], strict=False) if not middle.fixed]
    return {
        "by": abs(a.plain_told["by"] - a.plain_held["by"]),
        "passives": _passives(a.told) - _passives(a.held),
        "participles": _participles(a.told) - _participles(a.held),
        "stands_otherwise": sum(told != held for told, held in fixed),
        "preposition_came": sum(told in _PREPOSITIONS and held not in _PREPOSITIONS for told, held in fixed),
        "preposition_went": sum(held in _PREPOSITIONS and told not in _PREPOSITIONS for told, held in fixed),
        "preposition_changed": sum(told != held and told in _PREPOSITIONS and held in _PREPOSITIONS for told, held in fixed),
        "possessives": sum(a.told[u.last].plain.endswith("'s") != a.held[u.held_last].plain.endswith("'s") for u in a.units if u.fixed),
        "mirrored": sum(one.held_first > middle.held_first > other.held_first for one, middle, other in around),
    }


def _standing(words: Sequence[Word], number: int) -> str:
    """What a name stands after: a preposition, ``and``, a mark, another word, or nothing."""
    for word in reversed(words[max(0, number - 3) : number]):
        if word.kind == "mark":
            return ","
        if word.plain in _PREPOSITIONS:
            return word.plain
        if word.plain in ("and", "or"):
            return "and"
        if word.kind != "function":
            return "word"
    return ""


def _passives(words: Sequence[Word]) -> int:
    return sum(word.plain == "by" and any(before.plain in _BEING for before in words[max(0, i - 6) : i]) for i, word in enumerate(words))


def _participles(words: Sequence[Word]) -> int:
    return sum(
        word.plain in _BEING and after.kind == "content" and after.plain.endswith(("ed", "en", "n", "t")) for word, after in pairwise(words)
    )


def _of_negation(a: Alignment) -> dict[str, float]:
    told, held = (sum(map(_negates, words)) for words in (a.told, a.held))
    return {
        "negators": told,
        "negators_beyond": told - held,
        "negators_odd": (told + held) % 2,
        "refusals_came": sum(word.term in turning.REFUSALS for word in a.new),
        "refusals_went": sum(word.term in turning.REFUSALS for word in a.unused),
        "negated_otherwise": sum(_negated(a.told, word.number, 4) != _negated(a.held, held.number, 4) for word, held in a.pairs),
        "negated_beside": sum(_negated(a.told, word.number, 2) != _negated(a.held, held.number, 2) for word, held in a.pairs),
    }


def _negates(word: Word) -> bool:
    return word.plain in turning.NEGATORS or word.plain.endswith("n't")


def _negated(words: list[Word], number: int, most: int) -> bool:
    return near_before(words, number, most, turning.NEGATORS) or any(
        word.plain.endswith("n't") for word in words[max(0, number - most) : number]
    )


def _of_scope(a: Alignment) -> dict[str, float]:
    universal = set(a.plain_told) & turning.UNIVERSAL - set(a.plain_held)
    terms_told, terms_held = {word.term for word in a.told}, {word.term for word in a.held}
    planned = [(_is_planned(a.told, word), _is_planned(a.held, held)) for word, held in a.pairs if word.kind == "content"]
    return {
        "strong_came": _more(a.plain_told, a.plain_held, turning.STRONG),
        "universal_came": len(universal),
        "universal_for_partial": float(bool(universal and set(a.plain_held) & turning.PARTIAL - set(a.plain_told))),
        "partial_went": _more(a.plain_held, a.plain_told, turning.PARTIAL),
        "quantity_changed": sum(_quantities(a.told, word) != _quantities(a.held, held) for word, held in a.pairs),
        "hedges_went": _more(a.plain_held, a.plain_told, turning.HEDGES),
        "modals_went": _more(a.plain_held, a.plain_told, turning.MODALS),
        "intentions_went": len(terms_held & turning.INTENTIONS - terms_told),
        "no_longer_planned": sum(held and not told for told, held in planned),
        "newly_planned": sum(told and not held for told, held in planned),
        "attribution_went": float(bool(terms_held & turning.ATTRIBUTIONS) and not terms_told & turning.ATTRIBUTIONS),
        "bounds_went": _more(a.plain_held, a.plain_told, turning.BOUNDS),
    }


def _more(one: Mapping[str, int], other: Mapping[str, int], among: Collection[str]) -> int:
    return sum(max(0, count - other.get(word, 0)) for word, count in one.items() if word in among)


def _is_planned(words: list[Word], word: Word) -> bool:
    return near_before(words, word.number, 4, turning.MODALS) or near_before(words, word.number, 4, turning.INTENTIONS)


def _quantities(words: Sequence[Word], word: Word) -> set[str]:
    return {before.plain for before in words[max(0, word.number - 3) : word.number]} & turning.QUANTITIES


def _of_joints(sentence: str, quotation: str, a: Alignment) -> dict[str, float]:
    causes, held_causes = _found(turning.CAUSES, sentence), _found(turning.CAUSES, quotation)
    soft, held_soft = _found(turning.SOFT_CAUSES, sentence), _found(turning.SOFT_CAUSES, quotation)
    told, held = set(a.plain_told), set(a.plain_held)
    return {
        "causes_beyond": max(0, len(causes) - len(held_causes)),
        "causes_came": len(set(causes) - set(held_causes)),
        "causes_held": len(held_causes),
        "soft_causes_came": len(set(causes + soft) - set(held_causes + held_soft)),
        "comparisons_came": len(set(_found(turning.COMPARISONS, sentence)) - set(_found(turning.COMPARISONS, quotation))),
        "clauses_came": len(set(_found(turning.SUBORDINATORS, sentence)) - set(_found(turning.SUBORDINATORS, quotation))),
        "time_turned": float(_turned(told, held) or _turned(held, told)),
    }


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.lower() for match in pattern.findall(text)]


def _turned(one: set[str], other: set[str]) -> bool:
    return bool(one & turning.EARLIER and other & turning.LATER and not one & turning.LATER and not other & turning.EARLIER)
