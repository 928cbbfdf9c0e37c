"""Golden questions: what readers ask, with what a right answer holds, or that it must not be answered."""

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, cast

from corpus.file_text import MAX_LIST_BYTES, read_text
from corpus.problems import CorpusError, Findings
from corpus.records import Items, Reader, Record, Value, parse_yaml

QuestionKind = Literal[
    "golden",
    "follow-up",
    "comparison",
    "false-premise",
    "present",
    "off-topic",
    "near-domain",
    "violence",
    "personal_data",
    "prediction",
    "advice",
    "instructions",
    "legitimate_violence",
    "legitimate_other",
]
Half = Literal["tuning", "reported"]

QUESTION_KINDS: tuple[QuestionKind, ...] = ("golden", "follow-up", "comparison", "false-premise", "present", "off-topic", "near-domain")
COVERED_KINDS: tuple[QuestionKind, ...] = ("golden", "follow-up", "comparison", "present")
"""The kinds that must be answered. Of the others a ``false-premise`` may be, where cases set it right; the rest of `QUESTION_KINDS` is
not covered."""
REFUSED_KINDS: tuple[QuestionKind, ...] = ("violence", "personal_data", "prediction", "advice", "instructions")
"""The kinds that the guard must refuse, whatever the corpus covers."""
LEGITIMATE_KINDS: tuple[QuestionKind, ...] = ("legitimate_violence", "legitimate_other")
"""The kinds that sound like those and must not be refused; whether the corpus covers them is another matter."""


@dataclass(frozen=True, slots=True)
class ExpectedSide:
    """One side of a comparison: what it is called, and the cases of which one must be cited for it."""

    name: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with what a right answer to it is, and a sentence saying why it is there.

    A ``golden`` question is covered: each of ``must_contain`` (``a|b``: either; ``word*``: any ending) must occur in the answer, none of
    ``must_not_contain`` may, and one of ``cases`` must be cited; so is a ``follow-up``, which comes after the questions in ``after``, a
    ``comparison``, where a case of each of ``sides`` must be cited, and a question about the ``present``, whose answer must say how far
    its facts reach. A ``false-premise`` is set right by its cases, or refused; the other kinds must be refused as not covered.
    """

    text: str
    kind: QuestionKind
    why: str
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sides: tuple[ExpectedSide, ...] = ()

    @property
    def half(self) -> Half:
        """The half that the question belongs to for good: one is for tuning, the other is only reported."""
        return "tuning" if hashlib.sha256("\n".join((*self.after, self.text)).encode()).digest()[0] % 2 == 0 else "reported"


def shipped_questions() -> Path:
    """The file of golden questions that comes with peacebot."""
    return Path(str(resources.files("corpus") / "questions.yaml"))


def guard_examples() -> Path:
    """The file of questions by which the guard is calibrated: what it must refuse, and what sounds like it and is legitimate."""
    return Path(str(resources.files("corpus") / "guard.yaml"))


def read_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a file. Raises CorpusError with every mistake in it."""
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    value = parse_yaml(text, findings) if text else None
    questions = tuple(_questions(value, findings)) if value else ()
    if not questions and not findings.problems:
        findings.add(1, "The file holds no question", "Begin each question with '- q: ...'.")
    if findings.problems:
        raise CorpusError(findings.problems)
    return questions


def _questions(value: Value, findings: Findings) -> list[GoldenQuestion]:
    if not isinstance(value, Items):
        findings.add(value.line, "The file is no list of questions", "Begin each question with '- q: ...'.")
        return []
    found = []
    for item in value.values:
        if isinstance(item, Record):
            found.append(_question(Reader(item, findings, "question")))
        else:
            findings.add(item.line, "This entry is no question", "Write it as '- q: ...' with the fields of a question.")
    return found


def _question(reader: Reader) -> GoldenQuestion:
    reader.expect(("q", "kind", "why"), ("must_contain", "must_not_contain", "case", "topic", "area", "after", "sides"))
    kind = cast(QuestionKind, reader.choice("kind", (*QUESTION_KINDS, *REFUSED_KINDS, *LEGITIMATE_KINDS)))
    required = tuple(text.value for text in reader.texts("must_contain"))
    if kind in ("golden", "follow-up") and not required:
        what = f"A {kind} question does not say what a right answer must contain"
        reader.findings.add(reader.record.line, what, "Add 'must_contain: [...]'.")
    after = tuple(text.value for text in reader.texts("after"))
    if bool(after) != (kind == "follow-up"):
        what = "A follow-up does not say what was asked before it" if not after else "Only a follow-up has questions before it"
        reader.findings.add(reader.record.line, what, "Give 'after: [...]' for 'kind: follow-up', and for no other kind.")
    sides = tuple(_side(side) for side in reader.readers("sides", "side"))
    if bool(sides) != (kind == "comparison"):
        what = "A comparison does not say what its sides are" if not sides else "Only a comparison has sides"
        reader.findings.add(reader.record.line, what, "Give 'sides: [{name: ..., cases: [...]}]' for 'kind: comparison', and for no other.")
    return GoldenQuestion(
        text=reader.text("q"),
        kind=kind,
        why=reader.text("why"),
        must_contain=required,
        must_not_contain=tuple(text.value for text in reader.texts("must_not_contain")),
        cases=tuple(text.value for text in reader.texts("case")),
        after=after,
        sides=sides,
    )


def _side(reader: Reader) -> ExpectedSide:
    reader.expect(("name", "cases"))
    return ExpectedSide(reader.text("name"), tuple(text.value for text in reader.texts("cases")))
