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
from dataclasses import dataclass
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

LONG = 10
"""From so many terms on, a question is long: how much of a short one is found says less than how much of a long one."""

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NUMBER = re.compile(r"\b\d[\d.,]*\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a question is covered, with the probability (0..1) behind it."""

    covered: bool
    probability: float


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
    """Whether what was found bears an answer to the question; of a comparison every side must be covered."""
    leading = [hit for side in sides for hit in side.hits[:LEADING]]
    if not all(side.hits for side in sides) or asks_about_something_else(question, leading, index) or any(map(_stands_elsewhere, sides)):
        return Verdict(False, 0.0)
    probability = min(_probability(side, index) for side in sides)
    return Verdict(probability >= calibration().threshold, probability)


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
    years = set(_YEAR.findall(question))
    told = [set(_YEAR.findall(hit.passage.indexed_text)) for hit in leading]
    if not years <= set().union(*told):
        return True
    return bool(missing_names(question, index.named_by(leading)))


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
