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

from index.case_index import CaseIndex, Hit
from index.words import terms

LOOKED_AT = 5
"""How many of the best hits are looked at."""

LONG = 10
"""From so many terms on, a question is long: how much of a short one is found says less than how much of a long one."""
RAREST = 6.0
"""About the rarity of a term that no passage has (see `index.words.Words.rarity`)."""

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_YEAR_OR_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_NAME = re.compile(r"\b(?:[A-Z]{2,}|[A-Z][^\W\d_]+)(?:-[A-Z][^\W\d_]+)*\b")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_KINDS_OF_ANSWER = (
    (
        re.compile(r"\b(?:when|what year|which year|what date|since when)\b", re.IGNORECASE),
        re.compile(rf"\b(?:{_MONTHS}|1[6-9]\d\d|20\d\d)\b"),
    ),
    (
        re.compile(r"\b(?:how (?:many|much|long|far|often|old)|what (?:share|percentage|proportion|number))\b", re.IGNORECASE),
        re.compile(
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|dozen|hundred|thousand|million|none|no)\b", re.IGNORECASE
        ),
    ),
    (re.compile(r"\bwho\b", re.IGNORECASE), re.compile(r"(?<=\w )[A-Z]\w+")),
)


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


def judge(question: str, hits: Sequence[Hit], index: CaseIndex) -> Verdict:
    """Whether the hits bear an answer to the question."""
    if not hits or _asks_about_another_year(question, hits):
        return Verdict(False, 0.0)
    in_force = calibration()
    seen = signals(question, hits, index)
    total = in_force.intercept + sum(weight * seen[name] for name, weight in in_force.weights.items())
    probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))
    return Verdict(probability >= in_force.threshold, probability)


def _asks_about_another_year(question: str, hits: Sequence[Hit]) -> bool:
    """Whether the question names a year that the passages leading the answer do not tell of: another vote, another agreement.

    No probability makes up for that: the right passage about the wrong year is a wrong figure with a citation on it.
    """
    years = set(_YEAR.findall(question))
    first, second = (set(_YEAR.findall(hit.passage.indexed_text)) for hit in (hits[0], hits[min(1, len(hits) - 1)]))
    return bool(years) and (years.isdisjoint(first) or not years <= first | second)


def signals(question: str, hits: Sequence[Hit], index: CaseIndex) -> dict[str, float]:
    """The raw signals, each about 0..1, that mean the same for every question.

    ``*_meaning`` are cosines; ``*_words`` are shares of the question's terms, weighed by rarity, that stand in the best passage, in the
    best sentence with its headings, or in all the hits looked at; ``unknown`` is the share that no passage of the corpus has,
    ``rarest_missing`` the rarity of the rarest term that the hits lack, ``names_missing`` the share of names and numbers asked about that
    they lack, ``answer_kind`` whether the best sentences hold the kind of thing that is asked for (a date, a number, a name),
    ``length`` how many terms there are, ``one_case`` how far the hits come from one case.
    """
    hits = hits[:LOOKED_AT]
    asked = {term: index.words.rarity(term) for term in index.words.question_terms(question)}
    has = [index.terms_of(hit.passage) for hit in hits]
    in_hits = frozenset().union(*(one.whole for one in has))
    return {
        "passage_meaning": max(hit.signals.meaning for hit in hits),
        "sentence_meaning": max(sentence.meaning for hit in hits for sentence in hit.sentences),
        "mean_meaning": sum(hit.signals.meaning for hit in hits) / len(hits),
        "passage_words": max(_share(asked, one.whole) for one in has),
        "sentence_words": max(_share(asked, sentence) for one in has for sentence in one.sentences),
        "hits_words": _share(asked, in_hits),
        "unknown": 1 - _share(asked, frozenset(term for term in asked if index.words.frequency(term))),
        "rarest_missing": max((weight for term, weight in asked.items() if term not in in_hits), default=0.0) / RAREST,
        "names_missing": _names_missing(question, in_hits),
        "answer_kind": _has_kind_of_answer(question, hits),
        "length": min(len(asked), LONG) / LONG,
        "one_case": max(Counter(hit.passage.case_id for hit in hits).values()) / len(hits),
    }


def _share(asked: Mapping[str, float], has: frozenset[str]) -> float:
    total = sum(asked.values())
    return sum(weight for term, weight in asked.items() if term in has) / total if total else 0.0


def _names_missing(question: str, has: frozenset[str]) -> float:
    """Share of the question's names and numbers, its first word aside unless it is all capitals, that no hit has."""
    opening = re.match(r"\W*\w+", question)
    rest = question[opening.end() :] if opening and not opening.group().strip().isupper() else question
    asked = {name for match in (*_NAME.findall(rest), *_YEAR_OR_NUMBER.findall(question)) for name in terms(match)}
    return len(asked - has) / len(asked) if asked else 0.0


def _has_kind_of_answer(question: str, hits: Sequence[Hit]) -> float:
    """1 where nothing particular is asked for, or the best sentence of some of the three best hits holds such a thing; otherwise 0."""
    wanted = [answer for asks, answer in _KINDS_OF_ANSWER if asks.search(question)]
    best = [max(zip(hit.passage.sentences, hit.sentences, strict=True), key=lambda pair: pair[1].meaning)[0].text for hit in hits[:3]]
    return float(all(any(kind.search(text) for text in best) for kind in wanted))
