"""The names in a question, and whether a case tells of all of them.

A right passage about another place, body or person is a wrong answer with a citation on it; no nearness of meaning makes up for a
name that the case never mentions.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from index.words import NEARLY, SHORTEST_MENDED, terms

_NAME = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*"
_RUN = re.compile(rf"\b{_NAME}(?:(?: of| the| and| for| de)* {_NAME})*\b")
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = re.compile(r"\W*\w+")
_DEMONYMS = ("n", "an", "i", "ese")
_PEOPLES = (
    "british britain",
    "irish ireland",
    "english england",
    "scottish scotland",
    "spanish spain",
    "french france",
    "norwegian norway",
    "swedish sweden",
    "finnish finland",
    "danish denmark",
    "dutch netherlands",
    "swiss switzerland",
    "turkish turkey",
    "greek greece",
    "filipino philippines",
    "dutch holland",
)
"""Peoples whose name is not their country's with an ending."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names that a text tells of: its terms (see `index.words.terms`), and the initials of its runs of capitalised words."""

    terms: frozenset[str]
    initials: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Named":
        """What the texts name."""
        found: set[str] = set()
        initials: set[str] = set()
        for text in texts:
            found.update(terms(text))
            initials.update(term for run in _RUN.findall(text) for term in _initials(run))
        return cls(frozenset(found), frozenset(initials))

    def __or__(self, other: "Named") -> "Named":
        return Named(self.terms | other.terms, self.initials | other.initials)

    def lacks(self, name: str) -> list[str]:
        """The terms of a name that do not stand here; none where its initials do."""
        if not _initials(name).isdisjoint(self.terms):
            return []
        return [term for term in terms(name) if not self.tell_of(term)]

    def tell_of(self, name: str) -> bool:
        """Whether a term of a name stands here: as it is, as initials, as the people of a country, or with a slip of the keyboard."""
        if name in self.terms or name in self.initials:
            return True
        if any(name + ending in self.terms or name.removesuffix(ending) in self.terms for ending in _DEMONYMS if len(name) > 3):
            return True
        if not self.terms.isdisjoint(_said_otherwise().get(name, ())):
            return True
        return len(name) >= SHORTEST_MENDED and bool(difflib.get_close_matches(name, self.terms, n=1, cutoff=NEARLY))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a question, and where it stands there (characters)."""

    text: str
    start: int
    end: int


def names_in(question: str) -> list[Name]:
    """The names of a question in its order; none in a question that is written in capitals throughout.

    The first word is passed over unless it is all capitals: every question begins with a capital.
    """
    opening = _OPENING.match(question)
    start = opening.end() if opening and not opening.group().strip().isupper() else 0
    words = _WORD.findall(question[start:])
    if 2 * sum(word[0].islower() for word in words) < len(words):
        return []
    return [Name(match.group(), *match.span()) for match in _RUN.finditer(question, start)]


def missing_names(question: str, told: Named) -> list[str]:
    """The terms of the question's names that ``told`` lacks. A name of several words also counts as told by its initials."""
    return [term for name in names_in(question) for term in told.lacks(name.text)]


@cache
def _said_otherwise() -> dict[str, set[str]]:
    """The term of a people by that of its country, and the other way round."""
    pairs = [terms(pair) for pair in _PEOPLES]
    return {name: {other for pair in pairs if name in pair for other in pair if other != name} for pair in pairs for name in pair}


def _initials(run: str) -> set[str]:
    """``United Nations Mission`` -> un, unm, nm: the initials of every two capitalised words and more that stand together."""
    letters = "".join(word[0] for word in re.findall(_NAME, run)).lower()
    return {letters[i:j] for i in range(len(letters)) for j in range(i + 2, len(letters) + 1)}
