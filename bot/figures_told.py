"""The figures and dates that a sentence tells and its quotation does not.

A figure may be told in another form: words for digits, a fraction for per cents, the sum of what is listed, the time between two dates,
or rounded, where the sentence says that it rounds. Everything else is another figure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from bot.wording import Word, term_of
from corpus.figures import MONTHS, ORDINALS, UNITS, figures_in

ROUNDED = 0.06
"""A figure that is said to be rounded may be this share away from the one told; a fraction twice as much."""
_SMALL = 20
"""A sum of listed figures up to this one counts only where nothing else of the same name is counted."""

_MONTH_NUMBERS = {month: number for number, month in enumerate(MONTHS, 1)}
_YEAR = r"1[6-9]\d\d|20\d\d"
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{'|'.join(MONTHS)})(?:\s+(?P<after>\d{{1,2}})(?!\d))?(?:,?\s+(?P<year>{_YEAR}))?"
    rf"|(?P<alone>\b(?:{_YEAR})\b)(?!,\d)"
)
_MAY_IS_A_MONTH = re.compile(
    r"\b(?:in|of|since|until|by|to|from|and|early|late|mid|last|that|between|after|before|during)[\s-]+$", re.IGNORECASE
)
_DAY_BEFORE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:to|and|or|-|\u2013)\s*$")
_SHORT_RANGE = re.compile(r"\b(\d\d)(\d\d)\s?[-\u2013/]\s?(\d\d)\b(?!-)")
_YEAR_AFTER = re.compile(r"\b(?:following year|next year|a year later|year after|one year later)\b")
_YEAR_BEFORE = re.compile(r"\b(?:year before|a year earlier|previous year)\b")
_SHARED_YEAR = 40
"""A date without a year has that of a date which follows within so many characters."""

_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_COUNTS = UNITS | {"a": 1, "an": 1, "twenty": 20, "hundred": 100}
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten"
_FRACTION = re.compile(
    rf"\b(?:(?P<count>{_COUNT}|an?)[\s-]+)?(?P<part>half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b"
    rf"(?!\s+(?:an?\s+)?(?:million|billion|hour|year|dozen|century)| (?:of )?(?:{'|'.join(MONTHS)}))"
    rf"|\b(?P<few>{_COUNT}) (?:in|out of)(?: every)? (?P<many>{_COUNT}|twenty|hundred)\b",
    re.IGNORECASE,
)
_OF_A_WHOLE = re.compile(r"\s+(?:of|as|less|more)\b")
_PER_CENT = re.compile(r"\s*(?:per cent|percent|%)")
_BETWEEN_PART_AND_WHOLE = 60

_AT_LEAST = r"more than|over|above|at least|exceeding|no fewer than|no less than|upwards of|just over|well over|slightly (?:more than|over)"
_AT_MOST = (
    r"less than|fewer than|under|below|at most|up to|no more than|nearly|almost|just under|well under|slightly (?:less than|under)|short of"
)
_ABOUT = r"about|some|around|roughly|approximately|close to|near|a little (?:over|under)"
_QUALIFIERS = {
    name: re.compile(rf"\b(?:{words})\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)
    for name, words in (("more", _AT_LEAST), ("less", _AT_MOST), ("about", _ABOUT))
}
_NO_ONE = re.compile(r"\bno[\s-]$", re.IGNORECASE)
_LOOSE = {
    "once": 1, "twice": 2, "both": 2, "pair": 2, "couple": 2, "dozen": 12, "half": 0.5, "quarter": 0.25, "fortnight": 2, "decade": 10,
    "single": 1, "double": 2, "triple": 3, "alone": 1, "only": 1, "century": 100, "trio": 3, "hundreds": 100, "thousands": 1000,
}  # fmt: skip
"""What other words say of a number in a quotation."""
_MULTIPLES = {"dozen": 12, "fortnight": 14, "doubled": 2, "tripled": 3, "thrice": 3}
"""Words of a sentence that must be borne like numbers."""


@dataclass(frozen=True, slots=True)
class _Date:
    """A date as far as it is told, and its span."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def is_borne_by(self, other: "_Date") -> bool:
        """Whether the other tells at least as much, and nothing else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(told is None or told == held for told, held in pairs)


@dataclass(frozen=True, slots=True)
class _Count:
    """A figure with the terms of what it counts, what is said of its exactness, and its span."""

    written: str
    value: float
    counted: frozenset[str]
    qualifier: str
    start: int
    end: int


class Told:
    """The figures and dates of a text."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = words
        self.dates = list(_dates(text))
        self.fractions = list(_fractions(text))
        taken = [(d.start, d.end) for d in self.dates] + [(start, end) for _, start, end in self.fractions]
        every = list(_counts(text, words))
        self.counts = [count for count in every if not any(a <= count.start < b for a, b in taken)]
        self.outside_dates = [count for count in every if not any(d.start <= count.start < d.end for d in self.dates)]

    def lacks(self, told: "Told") -> tuple[str, ...]:
        """The figures and dates of another text, as written there, that this one does not bear."""
        days = [told.text[one.start : one.end] for one in told.dates if not self._bears_date(one)]
        shares = [told.text[start:end] for value, start, end in told.fractions if not self._bears_share(value, told.text[:start])]
        numbers = [count.written for count in told.counts if not self._bears(count, told)]
        return (*days, *shares, *numbers, *self._multiples_not_in(told))

    def turns(self, told: "Told") -> tuple[str, ...]:
        """The figures of another text that this one has too, but of something else, or on the other side of a bound."""
        return tuple(count.written for count in told.counts if self._turns(count))

    def _bears_date(self, told: _Date) -> bool:
        if any(told.is_borne_by(held) for held in self.dates):
            return True
        if told.month or not told.year:
            return False
        steps = {1: _YEAR_AFTER, -1: _YEAR_BEFORE}
        return any(
            held.year and held.year + step == told.year for step, said in steps.items() if said.search(self.text) for held in self.dates
        )

    def _bears_share(self, value: float, before: str) -> bool:
        exact = any(abs(held - value) < 0.006 * held for held in self._shares())
        return exact or (_qualifier(before) != "" and any(_rounds(value, held, _qualifier(before), 2 * ROUNDED) for held in self._shares()))

    def _shares(self) -> Iterator[float]:
        """The shares that the text tells: its fractions, its per cents, and each smaller of two figures that stand near each other."""
        yield from (value for value, _, _ in self.fractions)
        yield from (one.value / 100 for one in self.outside_dates if _PER_CENT.match(self.text, one.end))
        for one, other in combinations(self.outside_dates, 2):
            low, high = sorted((one.value, other.value))
            if 0 < low < high and 0 <= other.start - one.end < _BETWEEN_PART_AND_WHOLE:
                yield low / high

    def _bears(self, count: _Count, told: "Told") -> bool:
        if count.value in self._values:
            return True
        if count.written.lower() == "one":
            return not self._counts_otherwise(count) or told.text[count.end :].lstrip().startswith("of ")
        return self._bears_in_another_form(count, told.text)

    def _bears_in_another_form(self, count: _Count, text: str) -> bool:
        values = [one.value for one in self.outside_dates]
        before = f" {text[: count.start].lower().rstrip()}"
        otherwise = self._counts_otherwise(count)
        return (
            (count.value in _sums(values) and (count.value > _SMALL or not otherwise))
            or (before.endswith(" all but") and any(abs(a - b) == count.value for a, b in combinations(values, 2)))
            or any(unit in count.counted and abs(length - count.value) < 0.01 for length, unit in self._times_between())
            or (text[count.end :].lstrip(" -").startswith("dozen") and 12 * count.value in values)
            or (before.endswith((" half a", " half")) and count.value / 2 in values)
            or any(_rounds(count.value, value, count.qualifier, ROUNDED) for value in values)
            or (count.value == 2 and before.endswith((" the", " these", " those", " all")) and not otherwise)
        )

    def _multiples_not_in(self, told: "Told") -> Iterator[str]:
        held = {word.plain for word in self.words}
        values = {*self._values, *_sums([one.value for one in self.outside_dates])}
        for word in told.words:
            if word.plain not in _MULTIPLES or word.plain in held:
                continue
            times = next((one.value for one in told.counts if 0 <= word.start - one.end <= 1), 1)
            days = {length for length, unit in self._times_between() if unit == _DAY}
            weeks = {one.value for one in self.outside_dates if _WEEK in one.counted}
            fortnight = word.plain == "fortnight" and (14 in days or 2 in weeks)
            if times * _MULTIPLES[word.plain] not in values and not fortnight:
                yield word.written

    @property
    def _values(self) -> set[float]:
        loose = {float(({**_LOOSE, **ORDINALS})[word.plain]) for word in self.words if word.plain in _LOOSE or word.plain in ORDINALS}
        return loose | {one.value for one in self.outside_dates}

    def _counts_otherwise(self, count: _Count) -> bool:
        """Whether other numbers of the same things stand here."""
        return any(one.value != count.value and one.counted & count.counted for one in self.outside_dates)

    def _turns(self, count: _Count) -> bool:
        same = [one for one in self.outside_dates if one.value == count.value]
        if not same:
            return False
        of_others = bool(count.counted) and all(one.counted and not one.counted & count.counted for one in same)
        opposite = {"more": "less", "less": "more"}.get(count.qualifier)
        return (of_others and self._counts_otherwise(count)) or all(one.qualifier == opposite for one in same)

    def _times_between(self) -> set[tuple[float, str]]:
        """The times between any two dates of the text, each with the term of its unit."""
        found: set[tuple[float, str]] = set()
        for one, other in combinations([held for held in self.dates if held.year], 2):
            found.update(_time_between(one, other))
        return found


_DAY, _WEEK, _MONTH, _YEARS = (term_of(unit) for unit in ("days", "weeks", "months", "years"))


def _time_between(one: _Date, other: _Date) -> Iterator[tuple[float, str]]:
    yield abs((one.year or 0) - (other.year or 0)), _YEARS
    if one.month and other.month:
        yield abs(12 * ((one.year or 0) - (other.year or 0)) + one.month - other.month), _MONTH
        first, second = _day(one), _day(other)
        if first and second:
            days = abs((first - second).days)
            yield from ((days, _DAY), (days / 7, _WEEK))


def _day(told: _Date) -> date | None:
    try:
        return date(told.year or 0, told.month or 0, told.day or 0)
    except ValueError:
        return None


def _dates(text: str) -> Iterator[_Date]:
    """The dates of a text; the first of two that share a year, or a month, has it too."""
    found = list(_written_dates(text))
    for number, told in enumerate(found):
        if told.year or not told.month:
            yield told
            continue
        later = next((other for other in found[number + 1 :] if other.year), None)
        between = text[told.end : later.start] if later else "."
        near = later is not None and len(between) < _SHARED_YEAR and not re.search(r"[.;]", between)
        yield _Date(later.year if later and near else None, told.month, told.day, told.start, told.end)


def _written_dates(text: str) -> Iterator[_Date]:
    for match in _DATE.finditer(text):
        if match["month"] == "May" and match[0] == "May" and not _MAY_IS_A_MONTH.search(text[: match.start()]):
            continue
        year, day = match["year"] or match["alone"], match["day"] or match["after"]
        month = _MONTH_NUMBERS[match["month"]] if match["month"] else None
        if day and (before := _DAY_BEFORE.search(text[: match.start()])):
            yield _Date(int(year) if year else None, month, int(before[1]), *before.span(1))
        yield _Date(int(year) if year else None, month, int(day) if day else None, *match.span())
        if short := _SHORT_RANGE.match(text, match.start()):
            yield _Date(int(short[1] + short[3]), None, None, *short.span(3))


def _fractions(text: str) -> Iterator[tuple[float, int, int]]:
    """The shares told by words, with their spans; ``a third`` alone may be an ordinal."""
    for match in _FRACTION.finditer(text):
        if match["few"]:
            yield _COUNTS[match["few"].lower()] / _COUNTS[match["many"].lower()], *match.span()
            continue
        part = match["part"].lower()
        whole = _PARTS[part.removesuffix("s")]
        if whole not in (2, 4) and not (match["count"] and (part.endswith("s") or _OF_A_WHOLE.match(text, match.end()))):
            continue
        share = _COUNTS[match["count"].lower()] / whole if match["count"] else 1 / whole
        if share < 1:
            yield share, *match.span()


def _counts(text: str, words: Sequence[Word]) -> Iterator[_Count]:
    for figure in figures_in(text):
        if text[figure.end :].startswith(("-time", "s ")) or _NO_ONE.search(text[: figure.start]):
            continue
        written = text[figure.start : figure.end]
        counted = frozenset(_counted(words, figure.end))
        yield _Count(written, figure.value, counted, _qualifier(text[: figure.start]), figure.start, figure.end)


def _counted(words: Sequence[Word], end: int) -> Iterator[str]:
    """The terms of up to three words that follow a figure and may be what it counts."""
    following = [word for word in words if word.start >= end][:5]
    told = 0
    for word in following:
        if word.written in "-%\u00a3$\u20ac":
            continue
        if word.plain in ("of", "the", "more", "other"):
            continue
        if not word.tells or word.kind == "number" or told == 3:
            return
        told += 1
        yield word.term


def _qualifier(before: str) -> str:
    return next((name for name, said in _QUALIFIERS.items() if said.search(before)), "")


def _rounds(told: float, held: float, qualifier: str, most: float) -> bool:
    """Whether a figure may stand for the one held, if it is said to be rounded."""
    wrong_side = (qualifier == "more" and told > held) or (qualifier == "less" and told < held)
    return bool(qualifier) and abs(told - held) <= most * abs(held) and not wrong_side


def _sums(values: Iterable[float]) -> set[float]:
    """What any two to seven figures that stand one after the other come to."""
    listed = list(values)
    return {sum(listed[start:end]) for start in range(len(listed)) for end in range(start + 2, min(len(listed), start + 7) + 1)}
