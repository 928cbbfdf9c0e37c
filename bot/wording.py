"""The words of a sentence and what kind each is: a name, a figure, a word that carries meaning, or one that joins others."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.figures import MONTHS, SCALES, TENS, UNITS
from index.words import STOPWORDS, terms, without_accents

WordKind = Literal["name", "opening name", "number", "month", "content", "function", "mark"]
TOLD: frozenset[WordKind] = frozenset(("name", "opening name", "number", "month", "content"))
"""The kinds of words that tell something."""
NAMES: frozenset[WordKind] = frozenset(("name", "opening name"))

_FUNCTION = STOPWORDS | frozenset(
    """among amid against although though despite besides however upon via per toward towards around another others either neither
    whose whichever whatever whoever since unless except instead therefore thus hence himself herself themselves itself oneself can't
    cannot shall ought every each several none nobody nothing never hardly scarcely barely ever still already almost nearly less
    fewer least first that's there's it's them him who'd across along behind beyond near next whereas whereby wherein even""".split()
)
_IN_WORDS = frozenset((*UNITS, *TENS, *SCALES))
_MONTHS = frozenset(form for month in MONTHS for form in (month.lower(), month[:3].lower()))
_TOKEN = re.compile(r"\d[\d.,]*\d|\d+|(?:[A-Za-z]\.){2,}|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\w\s]")
_OPENERS = '.:("\u201c'


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark: as written, in plain lower case, its term (see `index.words.terms`), its kind, span and number in the text."""

    written: str
    plain: str
    term: str
    kind: WordKind
    start: int
    end: int
    number: int

    @property
    def tells(self) -> bool:
        """Whether it tells something by itself."""
        return self.kind in TOLD

    @property
    def names(self) -> bool:
        """Whether it is (part of) a name."""
        return self.kind in NAMES


def words_of(text: str) -> list[Word]:
    """The words and marks of a text in order.

    A capital at the beginning of a sentence says little: such a word is an ``opening name`` where another name follows, else no name.
    """
    found: list[Word] = []
    opens = True
    for match in _TOKEN.finditer(text):
        written = match[0]
        plain = without_accents(written.lower()).replace("\u2019", "'")
        kind = _kind(written, plain)
        if opens and kind == "name" and not _is_initials(written):
            kind = "opening name" if _name_follows(text, match.end()) else "content"
        found.append(Word(written, plain, term_of(written), kind, *match.span(), len(found)))
        opens = written in _OPENERS
    return found


def term_of(word: str) -> str:
    """The term of one word, function words included."""
    plain = word.replace(".", "")
    return next(iter(terms(plain)), without_accents(plain.lower()).replace("\u2019", "'").removesuffix("'s"))


def all_terms(words: Iterable[str]) -> frozenset[str]:
    """The terms of some words."""
    return frozenset(map(term_of, words))


def near_before(words: list[Word], number: int, most: int, wanted: Collection[str]) -> bool:
    """Whether one of the wanted (plain words or terms) stands among at most so many words before the one at ``number``, in its clause."""
    for word in reversed(words[max(0, number - most) : number]):
        if word.written in (",", ";", ":"):
            return False
        if word.plain in wanted or word.term in wanted:
            return True
    return False


def share(part: float, whole: float) -> float:
    """A part of a whole, from 0 to 1; nothing of nothing is 0."""
    return float(np.clip(part / whole, 0, 1)) if whole else 0.0


def _kind(written: str, plain: str) -> WordKind:
    if not written[0].isalnum():
        return "mark"
    if written[0].isdigit() or plain in _IN_WORDS:
        return "number"
    if written[0].isupper() and plain in _MONTHS and len(plain) > 2:
        return "month"
    if plain.removesuffix("'s") in _FUNCTION and not _is_initials(written):
        return "function"
    return "name" if written[0].isupper() else "content"


def _is_initials(written: str) -> bool:
    return len(written) > 1 and written.isupper()


def _name_follows(text: str, end: int) -> bool:
    following = _TOKEN.match(text, end + 1)
    return following is not None and text[end : end + 1] == " " and _kind(following[0], following[0].lower()) == "name"
