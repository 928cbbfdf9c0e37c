"""How good the answers are: question sets are run, and each answer is held to what it must contain, cite, leave out or refuse."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.answer import answer_question
from bot.follow_up import Turn
from bot.schema import Answer
from corpus.questions import COVERED_KINDS, QUESTION_KINDS, GoldenQuestion
from index.case_index import CaseIndex


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. ``missing`` and ``unwanted`` are strings of its expectations."""

    question: GoldenQuestion
    answer: Answer
    missing: tuple[str, ...]
    unwanted: tuple[str, ...]
    right_case: bool

    @property
    def right(self) -> bool:
        """Whether the answer is what was expected."""
        if self.question.kind not in COVERED_KINDS:
            return self.answer.status == "not_covered"
        return not self.missing and not self.unwanted

    def sentence(self) -> str:
        """What went wrong, what came instead and why it matters."""
        asked = f"{self.question.kind}: {' > '.join((*self.question.after, self.question.text))}"
        if self.question.kind not in COVERED_KINDS:
            return f"{asked}\n    answered: {self.answer.text[:200]}\n    why it matters: {self.question.why}"
        lacks = "; ".join([*(f"lacks {text!r}" for text in self.missing), *(f"has {text!r}" for text in self.unwanted)])
        return f"{asked}\n    {self.answer.status}, {lacks}\n    came: {self.answer.text[:300]}\n    why it matters: {self.question.why}"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, with the 95 % interval of the share (Wilson 1927)."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Share from 0 to 1; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the share at 95 % confidence."""
        if not self.of:
            return (0.0, 1.0)
        z = 1.96
        middle = (self.share + z * z / (2 * self.of)) / (1 + z * z / self.of)
        half = z / (1 + z * z / self.of) * math.sqrt(self.share * (1 - self.share) / self.of + z * z / (4 * self.of * self.of))
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits}/{self.of} = {self.share:.1%} ({low:.1%} to {high:.1%})"


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of a run. The reported half's failures stay closed when ``keep_half_closed``, so that nobody tunes on them."""

    corpus_version: str
    outcomes: tuple[Outcome, ...]
    keep_half_closed: bool

    def rates(self) -> dict[str, dict[str, Rate]]:
        """For each half (and for all), the rates by name."""
        halves: dict[str, Callable[[Outcome], bool]] = {
            "reported": lambda outcome: outcome.question.half == "reported",
            "tuning": lambda outcome: outcome.question.half == "tuning",
        }
        wanted = halves if self.keep_half_closed else {"all": lambda outcome: True}
        return {half: _rates([outcome for outcome in self.outcomes if belongs(outcome)]) for half, belongs in wanted.items()}

    def failures(self) -> list[Outcome]:
        """What went wrong and may be looked at."""
        return [o for o in self.outcomes if not o.right and not (self.keep_half_closed and o.question.half == "reported")]

    def text(self) -> str:
        """The report for reading."""
        lines = [f"corpus {self.corpus_version}, {len(self.outcomes)} questions, shares with 95 % intervals"]
        for half, rates in self.rates().items():
            lines += ["", {"reported": "Half that is only reported", "tuning": "Half for tuning"}.get(half, "All questions")]
            lines += [f"  {name:<44} {rate}" for name, rate in rates.items()]
        failures = self.failures()
        if failures:
            lines += ["", "What failed" + (" (half for tuning)" if self.keep_half_closed else "")]
            lines += [f"  {outcome.sentence()}" for outcome in failures]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {
            "corpus_version": self.corpus_version,
            "rates": {
                half: {name: {**asdict(rate), "share": rate.share, "interval": rate.interval} for name, rate in rates.items()}
                for half, rates in self.rates().items()
            },
            "failures": [
                {
                    "question": o.question.text,
                    "kind": o.question.kind,
                    "missing": o.missing,
                    "unwanted": o.unwanted,
                    "answer": o.answer.as_json(),
                    "why": o.question.why,
                }
                for o in self.failures()
            ],
        }


def evaluate(questions: Sequence[GoldenQuestion], index: CaseIndex, keep_half_closed: bool) -> Report:
    """Answer every question and hold the answers to what was expected."""
    return Report(index.version, tuple(judged(question, _answered(question, index)) for question in questions), keep_half_closed)


def _answered(question: GoldenQuestion, index: CaseIndex) -> Answer:
    """The answer to a question, after those before it have been asked and answered."""
    history: list[Turn] = []
    for earlier in question.after:
        before = answer_question(earlier, index=index, public_url="http://localhost", history=history)
        history.append(Turn(earlier, before.text))
    return answer_question(question.text, index=index, public_url="http://localhost", history=history)


def judged(question: GoldenQuestion, answer: Answer) -> Outcome:
    """The outcome of a question, given the answer that came."""
    shown = " ".join([*(s.text for s in answer.sentences), *(account.text for dispute in answer.disputes for account in dispute.accounts)])
    return Outcome(
        question,
        answer,
        missing=tuple(text for text in question.must_contain if not contains(shown, text)),
        unwanted=tuple(text for text in question.must_not_contain if contains(shown, text)),
        right_case=any(citation.case.id in question.cases for citation in answer.citations),
    )


def contains(text: str, wanted: str) -> bool:
    """Whether one of the alternatives of ``wanted`` occurs at word boundaries, whatever its case.

    A number is not found inside a longer one: ``18`` is neither in ``18,000`` nor in ``1.18``.
    """
    return any(_pattern(alternative).search(text) for alternative in wanted.split("|") if alternative)


def _pattern(wanted: str) -> re.Pattern[str]:
    start = r"(?<![\w])(?<!\d[.,])" if wanted[:1].isdigit() else r"(?<!\w)"
    if wanted.endswith("*"):
        return re.compile(start + re.escape(wanted[:-1]), re.IGNORECASE)
    end = r"(?!\w|[.,]\d)" if wanted[-1:].isdigit() else r"(?!\w)"
    return re.compile(start + re.escape(wanted) + end, re.IGNORECASE)


def _rates(outcomes: Sequence[Outcome]) -> dict[str, Rate]:
    rates: dict[str, Rate] = {}
    for kind in QUESTION_KINDS:
        of_kind = [o for o in outcomes if o.question.kind == kind]
        if kind in COVERED_KINDS:
            rates[f"{kind}: all required strings"] = Rate(sum(o.right for o in of_kind), len(of_kind))
            rates[f"{kind}: not refused"] = Rate(sum(o.answer.status != "not_covered" for o in of_kind), len(of_kind))
            rates[f"{kind}: right case cited"] = Rate(sum(o.right_case for o in of_kind), len(of_kind))
        else:
            rates[f"{kind}: refused"] = Rate(sum(o.right for o in of_kind), len(of_kind))
    return {name: rate for name, rate in rates.items() if rate.of}
