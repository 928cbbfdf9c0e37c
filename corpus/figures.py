"""The figures and dates of a text, so that those told can be compared with those that the ledger holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen".split()
    )
}
TENS = {word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000}
_ELIDED = ("million", "billion", "trillion")
_LOOSE = {"once": 1, "twice": 2, "both": 2, "pair": 2, "couple": 2, "dozen": 12, "half": 0.5, "quarter": 0.25}
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
        "seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
MONTHS = "January February March April May June July August September October November December".split()

_WORDS = "|".join((*UNITS, *TENS, *SCALES))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = re.compile(rf"(?<![\d.,])(?<![A-Z]-)(?:{_DIGITS})|\b(?:{_WORDS})\b", re.IGNORECASE)
_GOES_ON = re.compile(rf"(?:[\s-]+(?:and\s+)?)({_WORDS})\b", re.IGNORECASE)
_SHORT_RANGE = re.compile(r"\b(\d\d)(\d\d)\s?[-\u2013/]\s?(\d\d)\b(?!-)")
_ISO_MONTH = re.compile(r"\b\d{4}-(\d\d)\b")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)}|{'|'.join(month[:3] for month in MONTHS)}|Sept)\b")
_AFTER = re.compile(r"[\s-]+([^\W\d_]{4,})")
_LOOSE_WORD = re.compile(rf"\b({'|'.join((*_LOOSE, *ORDINALS))})s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written, what it is worth, the word after it, its worth without a million or so, if it has one, and its span."""

    written: str
    value: float
    counted: str
    bare: float | None
    start: int
    end: int

    @property
    def is_small_word(self) -> bool:
        """Whether it is a number up to ten in letters."""
        return self.value <= 10 and self.written.isalpha()


def figures_not_in(told: str, held: str) -> tuple[str, ...]:
    """The figures and months of ``told``, as written there, that ``held`` does not have in any form.

    ``1,204``, ``1204`` and ``one thousand two hundred and four`` are one figure. A number up to ten in letters often counts what the
    other text lists (``four states``), so that it is told only where ``held`` counts the same things otherwise.
    """
    figures, named = list(figures_in(told)), _MONTH.findall(told)
    missing = _missing_numbers(figures, held) if figures else []
    if named:
        held_months = _months(held)
        missing += [month for month in named if month[:3] not in held_months]
    return tuple(dict.fromkeys(missing))


def _missing_numbers(told: Sequence[Figure], held: str) -> list[str]:
    numbers = list(figures_in(held))
    values = {figure.value for figure in numbers} | _loose(held)
    # A list names its unit once: '65.9 billion pesos (2020), 98.5 (2024)'.
    unscaled = {figure.value for figure in numbers if figure.bare is None}
    bare = {figure.bare for figure in numbers}
    counted = {figure.counted for figure in numbers if figure.counted}

    def is_held(figure: Figure) -> bool:
        return figure.value in values or (figure.value in bare if figure.bare is None else figure.bare in unscaled)

    return [figure.written for figure in told if not is_held(figure) and (not figure.is_small_word or figure.counted in counted)]


def figures_in(text: str) -> Iterator[Figure]:
    """Each number of a text; words that go together (``twenty-one thousand``) are one."""
    position = 0
    while match := _NUMBER.search(text, position):
        end, words = match.end(), [match[0]]
        while further := _GOES_ON.match(text, end):
            if not _continues(words[-1], further[1]):
                break
            words.append(further[1])
            end = further.end()
        after = _AFTER.match(text, end)
        bare = _value(words[:-1]) if len(words) > 1 and words[-1].casefold() in _ELIDED else None
        yield Figure(text[match.start() : end], _value(words), after[1].casefold() if after else "", bare, match.start(), end)
        position = end


def _continues(word: str, further: str) -> bool:
    """Whether a number goes on: ``two hundred``, ``twenty-one`` and ``3 million`` do, ``nineteen ninety`` and ``2005 two`` do not."""
    scale, tens = further.casefold() in SCALES, word.casefold() in TENS
    return scale or word.casefold() in SCALES or (tens and further.casefold() in UNITS)


def _value(words: list[str]) -> float:
    """``[two, hundred, five]`` -> 205."""
    whole, part = 0.0, 0.0
    for word in (word.casefold() for word in words):
        if word == "hundred":
            part = (part or 1) * 100
        elif word in SCALES:
            whole += (part or 1) * SCALES[word]
            part = 0
        else:
            part += UNITS[word] if word in UNITS else TENS[word] if word in TENS else float(word.replace(",", ""))
    return round(whole + part, 6)


def _loose(text: str) -> set[float]:
    """What words other than numbers say of a number, and the second year of ``1992-93`` in full."""
    meant = {**_LOOSE, **ORDINALS}
    said = {float(meant[match[1].casefold()]) for match in _LOOSE_WORD.finditer(text)}
    return said | {float(match[1] + match[3]) for match in _SHORT_RANGE.finditer(text)}


def _months(text: str) -> set[str]:
    named = {match[0][:3] for match in _MONTH.finditer(text)}
    return named | {MONTHS[int(number) - 1][:3] for number in _ISO_MONTH.findall(text) if 1 <= int(number) <= 12}
