"""An answer made of quotations alone: the sentences that answer best, each verbatim, in an order that reads well."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.comparison import Place
from corpus.case import Sentence
from index.case_index import CaseIndex, Hit, Query, Signals, scaled
from index.passages import Passage

MOST = 6
FEWEST = 2

_MEANING, _WORDS, _SOFT_WORDS, _PASSAGE = 0.4, 0.7, 0.4, 0.3
"""What a sentence's own meaning, the words that tell it apart, what its words mean and its passage's score are worth, each scaled to 0..1
over the sentences."""
_KNOWN = 0.3
"""What a sentence loses that the reader was told by the answer before."""
_SAME = 0.8
"""Sentences that share more than this of the shorter one's terms say the same."""
_WORTH_TELLING = 0.5
"""A further sentence is told while its worth is at least this share of the first one's."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that may be quoted: the passage it stands in and its position there, its signals, and the score of its passage's hit."""

    passage: Passage
    number: int
    sentence: Sentence
    signals: Signals
    passage_score: float

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.passage.id, self.number

    def disputes(self, index: CaseIndex) -> tuple[str, ...]:
        """The disputed facts that the sentence tells, or gives one side's account of."""
        return tuple(fact for fact in dict.fromkeys((*self.sentence.facts, self.passage.fact)) if fact and fact in index.disputes)


def compose(
    query: Query, hits: Sequence[Hit], index: CaseIndex, most: int = MOST, known: str = "", barred: Collection[Place] = ()
) -> list[Quote]:
    """Two to ``most`` sentences of the hits, the best one first; empty when there is no hit, or none but ``barred`` sentences.

    Sentences that stand in ``known``, what the reader was told before, are worth less.

    Each next sentence is the one worth most by its own signals, the words that tell it apart and its passage's score, leaving out what
    says the same, and further accounts of a dispute: they come with the answer anyway. Then put in order: the one worth most, what
    stands with it in its passage in reading order, then the other passages.
    """
    quotes = [
        Quote(hit.passage, number, sentence, signals, hit.score)
        for hit in hits
        for number, (sentence, signals) in enumerate(zip(hit.passage.sentences, hit.sentences, strict=True))
        if (hit.passage.id, number) not in barred
    ]
    if not quotes:
        return []
    worth = _worth(query, quotes, index) - _KNOWN * np.array([quote.sentence.text in known for quote in quotes])
    has = [index.terms_of(quote.passage).told[quote.number] for quote in quotes]
    chosen: list[int] = []
    disputed: set[str] = set()
    for i in np.argsort(-worth, kind="stable").tolist():
        if len(chosen) == most or (len(chosen) >= FEWEST and worth[i] < _WORTH_TELLING * worth[chosen[0]]):
            break
        if quotes[i].passage.fact not in disputed and not any(_says_the_same(has[i], has[j]) for j in chosen):
            chosen.append(i)
            disputed.update(quotes[i].disputes(index))
    return _in_order([quotes[i] for i in chosen])


def _worth(query: Query, quotes: Sequence[Quote], index: CaseIndex) -> NDArray[np.floating[Any]]:
    meaning = scaled(np.array([quote.signals.meaning for quote in quotes]))
    words = scaled(_told_apart(query, quotes, index))
    soft_words = scaled(np.array([quote.signals.soft_words for quote in quotes]))
    passage = scaled(np.array([quote.passage_score for quote in quotes]))
    worth: NDArray[np.floating[Any]] = _MEANING * meaning + _WORDS * words + _SOFT_WORDS * soft_words + _PASSAGE * passage
    return worth


def _told_apart(query: Query, quotes: Sequence[Quote], index: CaseIndex) -> NDArray[np.floating[Any]]:
    """How much of the question's words each sentence has, or the questions that readers ask of it, shape (quotes,).

    BM25 over these sentences alone, each question beside a sentence counting as one more occurrence: what all of them repeat (the name
    of the talks) weighs next to nothing, and what few have (who chaired them) tells these apart.
    """
    counts = [index.terms_of(quote.passage).counts[quote.number] for quote in quotes]
    weights = {}
    for term in query.terms:
        holding = sum(term in of for of in counts)
        weights[term] = math.log((len(quotes) + 1) / (holding + 0.5))
    return np.array([sum(weight * of[term] / (of[term] + 1) for term, weight in weights.items()) for of in counts])


def _says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _SAME * min(len(one), len(other))


def _in_order(quotes: list[Quote]) -> list[Quote]:
    lead, rest = quotes[0], quotes[1:]
    passages = list(dict.fromkeys(quote.passage.id for quote in quotes))
    return [lead, *sorted(rest, key=lambda quote: (passages.index(quote.passage.id), quote.number))]
