"""Does the corpus cover this question? A step of its own, on raw signals, apart from ranking.

Ranking always finds a nearest passage; its scores are scaled per question and say nothing about whether that passage is near enough.
So coverage looks at signals that mean the same for every question, weighs them by logistic regression, and is calibrated on questions
that the corpus answers and questions that it does not (``make calibrate``, see bot/calibrate.py and docs/decisions/0005-coverage.md).
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from bot.comparison import LEADING, Side
from index.case_index import CaseIndex, Hit, Query
from index.names import missing_names
from index.words import terms

LOOKED_AT = 5
"""How many of the best hits are looked at."""
NEAR_THE_BEST = 0.75
"""Within a scope, the best passage must share at least this much of what the best of all shares with the question (BM25)."""
WITHIN_A_COMPARISON = 0.7
"""An area or story of the corpus needs this share of the least probability where another side of the comparison is covered in full."""

LONG = 10
"""From so many terms on, a question is long: how much of a short one is found says less than how much of a long one."""

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NUMBER = re.compile(r"\b\d[\d.,]*\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a question is covered, with the probability (0..1) behind it, and for each of its sides whether that one is."""

    covered: bool
    probability: float
    sides: tuple[bool, ...] = ()

    def bearing(self, sides: Sequence[Side]) -> tuple[Side, ...]:
        """The sides as they are answered: those that are not covered without hits."""
        return tuple(side if bears else replace(side, hits=()) for side, bears in zip(sides, self.sides, strict=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals by name, what is added to their sum, and the least probability that counts as covered."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float


@cache
def calibration() -> Calibration:
    """The calibration that is in force: bot/calibration.json."""
    data = json.loads((resources.files("bot") / "calibration.json").read_text(encoding="utf-8"))
    return Calibration(data["weights"], data["intercept"], data["threshold"])


def judge(question: str, sides: Sequence[Side], index: CaseIndex) -> Verdict:
    """Whether what was found bears an answer to the question; of a comparison, to at least one side, and to each that does not stand alone.

    Each is judged for itself and by its own names; the years of the question must be told by those that are covered.
    """
    apart = [_apart(side, index) for side in sides]
    least = calibration().threshold
    within = WITHIN_A_COMPARISON * least if max(apart) >= least else least
    covered = tuple(probability >= (within if side.is_ours else least) for side, probability in zip(sides, apart, strict=True))
    if not all(bears or side.stands_alone for side, bears in zip(sides, covered, strict=True)) or not any(covered):
        return Verdict(False, min(apart))
    leading = [hit for side, bears in zip(sides, covered, strict=True) if bears for hit in side.hits[:LEADING]]
    return Verdict(False, 0.0) if _years_missing(question, leading) else Verdict(True, min(apart), covered)


def _apart(side: Side, index: CaseIndex) -> float:
    """The probability that a side is covered: none where nothing was found for it, or what was found tells of something else."""
    if not side.hits or missing_names(side.query.text, index.named_by(side.hits[:LEADING])) or _stands_elsewhere(side):
        return 0.0
    return _probability(side, index)


def _probability(side: Side, index: CaseIndex) -> float:
    seen = signals(side.query, side.hits, index)
    total = calibration().intercept + sum(weight * seen[name] for name, weight in calibration().weights.items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def _stands_elsewhere(side: Side) -> bool:
    """Whether the passages outside the reader's scope share far more of the question's words than the best within it."""
    return _most_words(side.hits) < NEAR_THE_BEST * _most_words(side.everywhere)


def _most_words(hits: Sequence[Hit]) -> float:
    return max((hit.signals.words for hit in hits[:LOOKED_AT]), default=0.0)


def asks_about_something_else(question: str, leading: Sequence[Hit], index: CaseIndex) -> bool:
    """Whether the question names a year that the leading passages do not tell of, or a place, body or person that their cases lack.

    No probability makes up for that: the right passage about the wrong year or place is a wrong figure with a citation on it.
    """
    return _years_missing(question, leading) or bool(missing_names(question, index.named_by(leading)))


def _years_missing(question: str, leading: Sequence[Hit]) -> bool:
    told = [set(_YEAR.findall(hit.passage.indexed_text)) for hit in leading]
    return not set(_YEAR.findall(question)) <= set().union(*told)


def signals(query: Query, hits: Sequence[Hit], index: CaseIndex) -> dict[str, float]:
    """The raw signals, each about 0..1, that mean the same for every question.

    ``*_meaning`` are cosines; ``*_words`` are shares of the question's terms, weighed by rarity, that stand in the best passage, in the
    best sentence with its headings, or in all the hits looked at; ``unknown`` is the share that no passage of the corpus has,
    ``numbers_missing`` the share of the question's numbers that the hits lack, ``length`` how many terms there are, ``one_case`` how far
    the hits come from one case; ``off_topic`` and ``near_domain`` are how like the question is to others that no case answers.
    """
    hits = hits[:LOOKED_AT]
    likeness = index.outside.likeness(query.vector)
    asked = {term: index.words.rarity(term) for term in query.terms}
    has = [index.terms_of(hit.passage) for hit in hits]
    in_hits = frozenset().union(*(one.whole for one in has))
    return {
        "passage_meaning": max(hit.signals.meaning for hit in hits),
        "mean_meaning": sum(hit.signals.meaning for hit in hits) / len(hits),
        "passage_words": max(_share(asked, one.whole) for one in has),
        "sentence_words": max(_share(asked, sentence) for one in has for sentence in one.sentences),
        "hits_words": _share(asked, in_hits),
        "unknown": 1 - _share(asked, frozenset(term for term in asked if index.words.frequency(term))),
        "numbers_missing": _numbers_missing(query.text, in_hits),
        "length": min(len(asked), LONG) / LONG,
        "one_case": max(Counter(hit.passage.case_id for hit in hits).values()) / len(hits),
        "off_topic": likeness.off_topic,
        "near_domain": likeness.near_domain,
    }


def _share(asked: Mapping[str, float], has: frozenset[str]) -> float:
    total = sum(asked.values())
    return sum(weight for term, weight in asked.items() if term in has) / total if total else 0.0


def _numbers_missing(question: str, has: frozenset[str]) -> float:
    """Share of the question's numbers that no hit has."""
    asked = {number for match in _NUMBER.findall(question) for number in terms(match)}
    return len(asked - has) / len(asked) if asked else 0.0
