"""How good the answers are: question sets are run, and each answer is held to what it must contain, cite, leave out or refuse."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.answer import answer_question
from bot.follow_up import Turn
from bot.model import Model
from bot.schema import Answer
from corpus.errors import PeacebotError
from corpus.questions import COVERED_KINDS, LEGITIMATE_KINDS, QUESTION_KINDS, REFUSED_KINDS, GoldenQuestion
from corpus.references import written_date
from index.case_index import CaseIndex

REFUSALS = ("not_covered", "refused")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. ``missing`` and ``unwanted`` are strings of its expectations, ``uncited`` the sides of a comparison for
    which no case of theirs is cited."""

    question: GoldenQuestion
    answer: Answer
    missing: tuple[str, ...]
    unwanted: tuple[str, ...]
    uncited: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """Whether something was told."""
        return self.answer.status not in REFUSALS

    @property
    def right(self) -> bool:
        """Whether the answer is what was expected."""
        told = not self.missing and not self.unwanted
        match self.question.kind:
            case "false-premise":
                return not self.answered or (bool(self.question.cases) and told)
            case "comparison":
                return told and not self.uncited
            case "present":
                return told and self.dated
            case kind if kind in REFUSED_KINDS:
                return self.answer.status == "refused"
            case kind if kind in LEGITIMATE_KINDS:
                return self.answer.status != "refused"
            case _:
                return told if self.question.kind in COVERED_KINDS else not self.answered

    @property
    def right_case(self) -> bool:
        """Whether one of the expected cases is cited."""
        return any(citation.case.id in self.question.cases for citation in self.answer.citations)

    @property
    def dated(self) -> bool:
        """Whether the answer says how far its facts reach."""
        latest = max((citation.case.as_of for citation in self.answer.citations), default="")
        return bool(latest) and written_date(latest[:7]) in (self.answer.notice or "")

    def sentence(self) -> str:
        """What went wrong, what came instead and why it matters."""
        asked = f"{self.question.kind}: {' > '.join((*self.question.after, self.question.text))}"
        wrong = [*(f"lacks {text!r}" for text in self.missing), *(f"has {text!r}" for text in self.unwanted)]
        wrong += [f"cites nothing for {side}" for side in self.uncited]
        wrong += ["does not say how far its facts reach"] if self.question.kind == "present" and not self.dated else []
        lacks = "; ".join([self.answer.status, *wrong])
        return f"{asked}\n    {lacks}\n    came: {self.answer.text[:300]}\n    why it matters: {self.question.why}"


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
    model: str | None = None

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
        how = f"written by {self.model}" if self.model else "quoted"
        lines = [f"corpus {self.corpus_version}, {len(self.outcomes)} questions, answers {how}, shares with 95 % intervals"]
        for half, rates in self.rates().items():
            lines += ["", {"reported": "Half that is only reported", "tuning": "Half for tuning"}.get(half, "All questions")]
            lines += [f"  {name:<44} {rate}" for name, rate in rates.items()]
        p50, p95 = self.latency()
        lines += ["", f"An answer took {p50:.0f} ms (p50), {p95:.0f} ms (p95)"]
        failures = self.failures()
        if failures:
            lines += ["", "What failed" + (" (half for tuning)" if self.keep_half_closed else "")]
            lines += [f"  {outcome.sentence()}" for outcome in failures]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {
            "corpus_version": self.corpus_version,
            "model": self.model,
            "latency_ms": dict(zip(("p50", "p95"), self.latency(), strict=True)),
            "answers": {self._key(outcome): self._saved(outcome) for outcome in self.outcomes},
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
                    "uncited": o.uncited,
                    "answer": o.answer.as_json(),
                    "why": o.question.why,
                }
                for o in self.failures()
            ],
        }

    def latency(self) -> tuple[float, float]:
        """Milliseconds that half of the answers, and 95 of 100, took at most."""
        took = [outcome.answer.timings_ms["total"] for outcome in self.outcomes]
        return (quantiles(took, n=2)[0], quantiles(took, n=20)[-1]) if len(took) > 1 else (took[0], took[0])

    def changed(self, saved: Mapping[str, Any]) -> list[str]:
        """How the answers differ from those of a saved run (`as_json`), one line for each question; of the closed half only how many."""
        before = saved["answers"]
        differ = [o for o in self.outcomes if before.get(self._key(o)) not in (None, self._saved(o))]
        closed = [o for o in differ if self._is_closed(o)]
        told = [f"{o.question.text}\n    was: {before[self._key(o)]}\n    is:  {self._saved(o)}" for o in differ if o not in closed]
        new = sum(self._key(o) not in before for o in self.outcomes)
        return [
            f"{len(differ)} of {len(self.outcomes)} answers changed since corpus {saved['corpus_version']}; {new} questions are new",
            *told,
            *([f"and {len(closed)} of the half that is only reported"] if closed else []),
        ]

    def _is_closed(self, outcome: Outcome) -> bool:
        return self.keep_half_closed and outcome.question.half == "reported"

    def _key(self, outcome: Outcome) -> str:
        return " > ".join((*outcome.question.after, outcome.question.text))

    def _saved(self, outcome: Outcome) -> str:
        """The answer's text; of the closed half a digest, which tells that it has changed and nothing else."""
        text = f"{outcome.answer.status}: {outcome.answer.text}"
        return hashlib.sha256(text.encode()).hexdigest()[:16] if self._is_closed(outcome) else text


def evaluate(questions: Sequence[GoldenQuestion], index: CaseIndex, keep_half_closed: bool, model: Model | None = None) -> Report:
    """Answer every question, with a language model where one is given, and hold the answers to what was expected."""
    outcomes = tuple(judged(question, _answered(question, index, model)) for question in questions)
    return Report(index.version, outcomes, keep_half_closed, model.name if model else None)


def _answered(question: GoldenQuestion, index: CaseIndex, model: Model | None) -> Answer:
    """The answer to a question, after those before it have been asked and answered."""
    history: list[Turn] = []
    for earlier in question.after:
        before = answer_question(earlier, index=index, public_url="http://localhost", history=history, model=model)
        history.append(Turn(earlier, before.text))
    return answer_question(question.text, index=index, public_url="http://localhost", history=history, model=model)


class NoSavedRun(PeacebotError):
    """A file that is no saved run."""


def saved_run(path: Path) -> Mapping[str, Any]:
    """What `peacebot evaluate --json` wrote. Raises NoSavedRun."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(saved["answers"], dict) and isinstance(saved["corpus_version"], str):
            return dict(saved)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NoSavedRun(f"{path} is no saved run: write one with `peacebot evaluate --json > {path}`.")


def judged(question: GoldenQuestion, answer: Answer) -> Outcome:
    """The outcome of a question, given the answer that came."""
    shown = " ".join([*(s.text for s in answer.sentences), *(account.text for dispute in answer.disputes for account in dispute.accounts)])
    cited = {citation.case.id for citation in answer.citations}
    return Outcome(
        question,
        answer,
        missing=tuple(text for text in question.must_contain if not contains(shown, text)),
        unwanted=tuple(text for text in question.must_not_contain if contains(shown, text)),
        uncited=tuple(side.name for side in question.sides if not cited & set(side.cases)),
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
    for kind in (*QUESTION_KINDS, *REFUSED_KINDS, *LEGITIMATE_KINDS):
        of_kind = [o for o in outcomes if o.question.kind == kind]
        for name, holds in _measures(kind).items():
            rates[f"{kind}: {name}"] = Rate(sum(map(holds, of_kind)), len(of_kind))
    told = [o for o in outcomes if o.question.cases and o.answered]
    cited = [citation.case.id in o.question.cases for o in told for citation in o.answer.citations]
    rates["citations: of an expected case"] = Rate(sum(cited), len(cited))
    sentences = [sentence for o in outcomes for sentence in o.answer.sentences]
    rates["sentences: with a quotation that can be seen"] = Rate(sum(bool(s.quotations) for s in sentences), len(sentences))
    return {name: rate for name, rate in rates.items() if rate.of}


def _measures(kind: str) -> dict[str, Callable[[Outcome], bool]]:
    """What is measured of the answers to a kind of question, by name."""
    told: dict[str, Callable[[Outcome], bool]] = {
        "all required strings": lambda o: not o.missing and not o.unwanted,
        "not refused": lambda o: o.answered,
        "right case cited": lambda o: o.right_case,
    }
    match kind:
        case "comparison":
            del told["right case cited"]
            return {"every side cited": lambda o: not o.uncited, **told}
        case "present":
            return {"says how far its facts reach": lambda o: o.dated, **told}
        case "false-premise":
            return {"not swallowed": lambda o: o.right, "set right": lambda o: o.answered and o.right}
        case _ if kind in LEGITIMATE_KINDS:
            return {"not refused": lambda o: o.right}
        case _:
            return told if kind in COVERED_KINDS else {"refused": lambda o: o.right}
