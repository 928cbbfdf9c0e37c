"""The nouns of the corpus: Case, Section, Paragraph, Sentence, Fact, Source and the vocabulary.

Everything here is a frozen value without behaviour of its own beyond the questions one would ask of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CaseKind = Literal["process", "story", "theme"]
CaseStatus = Literal["draft", "published", "withdrawn"]
ParagraphKind = Literal["text", "item", "dispute", "analysis"]
Confidence = Literal["high", "medium", "low"]

KINDS: tuple[CaseKind, ...] = ("process", "story", "theme")
STATUSES: tuple[CaseStatus, ...] = ("draft", "published", "withdrawn")


@dataclass(frozen=True, slots=True)
class Reference:
    """One source named in a citation mark, with the place in it (``p. 2``), if one is given."""

    source: str
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is quoted: verbatim, with citation marks, spans and emphasis lifted out.

    ``facts`` are the ids of the ledger's facts that spans of this sentence tell; ``line`` is its line in the file, from 1; ``asked`` are
    readers' questions that the sentence answers.
    """

    text: str
    references: tuple[Reference, ...]
    facts: tuple[str, ...] = ()
    line: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together. ``fact`` is the disputed fact of a ``dispute`` block, otherwise None."""

    kind: ParagraphKind
    sentences: tuple[Sentence, ...]
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the paragraphs under it, up to the next heading of any level.

    ``anchor`` is unique in the case; ``trail`` holds the headings above this one, outermost first; ``themes`` are the section's
    own where its heading narrows them, otherwise the case's.
    """

    heading: str
    level: int
    anchor: str
    trail: tuple[str, ...]
    themes: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its coordinates in degrees (WGS 84)."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class ReaderQuestion:
    """A question that readers ask and the heading of the section that answers it."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A dated event; ``date`` is YYYY, YYYY-MM or YYYY-MM-DD."""

    date: str
    event: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One study of a process, a story or a theme."""

    id: str
    title: str
    kind: CaseKind
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    places: tuple[Place, ...]
    period: tuple[str, str | None]
    themes: tuple[str, ...]
    principles: tuple[str, ...]
    as_of: str
    status: CaseStatus
    questions: tuple[ReaderQuestion, ...]
    timeline: tuple[TimelineEntry, ...]
    sections: tuple[Section, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the body, in reading order."""
        return tuple(s for section in self.sections for p in section.paragraphs for s in p.sentences)


@dataclass(frozen=True, slots=True)
class Source:
    """A published document that cases rely on. ``csl`` is its CSL-JSON entry, unchanged."""

    id: str
    title: str
    type: str
    year: int | None
    url: str | None
    csl: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """One side's account of a disputed fact."""

    text: str
    by: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """When and against what a fact was last checked; ``note`` says what was changed and why."""

    on: str
    against: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of the ledger: a statement with its sources, how sure we are, and who disputes it."""

    id: str
    statement: str
    sources: tuple[Reference, ...]
    confidence: Confidence
    dispute: tuple[Account, ...]
    caveat: str | None
    checked: Check


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the vocabulary: its id, its name for readers and what readers say instead."""

    id: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The areas, themes, principles and kinds of actor that cases may name, each by its id."""

    areas: Mapping[str, Term]
    themes: Mapping[str, Term]
    principles: Mapping[str, Term]
    actor_kinds: Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class NotCovered:
    """Questions that no case answers; the ``off_topic`` ones have nothing to do with peacebuilding at all."""

    off_topic: tuple[str, ...] = ()
    near_domain: tuple[str, ...] = ()

    def __or__(self, other: "NotCovered") -> "NotCovered":
        """The questions of both, each once."""
        return NotCovered(
            tuple(dict.fromkeys((*self.off_topic, *other.off_topic))), tuple(dict.fromkeys((*self.near_domain, *other.near_domain)))
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every published case with the sources, facts and words it needs, and questions that none answers. Mappings are by id."""

    cases: tuple[Case, ...]
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    vocabulary: Vocabulary
    not_covered: NotCovered = field(default_factory=NotCovered)
