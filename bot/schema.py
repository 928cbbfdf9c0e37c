"""What every face of the program receives: an Answer, and the events that lead up to it.

The JSON form is published as docs/answer.schema.json; `Answer.as_json` is the one place where it is made.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Status = Literal["answered", "partly_answered", "not_covered", "refused", "invalid_question"]
Mode = Literal["quotes", "model"]
Support = Literal["verbatim", "checked"]

SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A published source behind a citation, with the place in it that was cited."""

    id: str
    title: str
    year: int | None
    locator: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class CitedCase:
    """The case a cited passage belongs to; ``as_of`` says how far its facts reach."""

    id: str
    title: str
    kind: str
    areas: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered reference to one passage and, through it, to its sources.

    ``quote`` holds the exact sentences relied on, verbatim; ``url`` is the absolute address of the passage on its case page.
    """

    number: int
    passage_id: str
    case: CitedCase
    section: str
    quote: str
    url: str
    sources: tuple[CitedSource, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a passage, verbatim, that a sentence rests on."""

    citation: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One finished sentence: its text without markers, how it is supported, by which citations, and which disputed facts it tells."""

    text: str
    support: Support
    citations: tuple[int, ...]
    quotations: tuple[Quotation, ...]
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeAccount:
    """One account of a disputed fact, and the number of the citation that it stands in."""

    text: str
    citation: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed fact that the answer tells, with the accounts of each side."""

    fact: str
    accounts: tuple[DisputeAccount, ...]


@dataclass(frozen=True, slots=True)
class ComparisonCell:
    """What a row says of one side: positions in the Answer's ``sentences``; none where nothing was found on it."""

    side: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One issue, with a cell for each side in their order."""

    issue: str
    cells: tuple[ComparisonCell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A matrix of issues by sides, each sentence of the Answer in one cell, and what limits it, in one sentence."""

    sides: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]
    limits: str

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The sides of which no row says anything."""
        told = {cell.side for row in self.rows for cell in row.cells if cell.sentences}
        return tuple(side for side in self.sides if side not in told)


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, sentences, citations and a status: the whole result of a question.

    ``text`` is Markdown whose only markup is the ``[1]`` markers. ``suggestions`` are questions that the corpus answers.
    ``timings_ms`` are milliseconds of wall time. ``notice`` tells the reader what was degraded, in one sentence.
    """

    id: str
    question: str
    standalone_question: str
    status: Status
    reason: str | None
    mode: Mode
    text: str
    corpus_version: str
    model: str | None = None
    notice: str | None = None
    removed_sentences: int = 0
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    comparison: Comparison | None = None
    suggestions: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The Answer as JSON-ready data in the published form."""
        return {"schema": SCHEMA_VERSION, **asdict(self)}

    def timed(self, timings_ms: Mapping[str, float]) -> "Answer":
        """The same Answer with its timings."""
        return replace(self, timings_ms=timings_ms)


@dataclass(frozen=True, slots=True)
class Stated:
    """A finished sentence, with the citations as they stand once it has been said (new or longer ones only)."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the reader about how the answer is being made."""

    text: str


Event = Stated | Notice | Answer
