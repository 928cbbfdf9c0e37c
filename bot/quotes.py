"""An answer made of quotations alone: the sentences that answer best, each verbatim, in an order that reads well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.case import Sentence
from index.case_index import CaseIndex, Hit, Query, Signals, scaled
from index.passages import Passage

MOST = 6
FEWEST = 2

_MEANING, _WORDS, _SOFT_WORDS, _PASSAGE = 0.4, 0.5, 0.4, 0.3
"""What a sentence's own meaning, its words, what they mean and its passage's score are worth, each scaled to 0..1 over the sentences."""
_TELLS_MORE = 0.5
"""What it is worth to tell all of the question's terms (weighed by rarity) that the sentences before left untold."""
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

    def disputes(self, index: CaseIndex) -> tuple[str, ...]:
        """The disputed facts that the sentence tells, or gives one side's account of."""
        return tuple(fact for fact in dict.fromkeys((*self.sentence.facts, self.passage.fact)) if fact and fact in index.disputes)


def compose(query: Query, hits: Sequence[Hit], index: CaseIndex) -> list[Quote]:
    """Two to six sentences of the hits, the best one first; empty when there is no hit.

    Chosen greedily: each next sentence is the one worth most by its own signals, its passage's score and the question's terms that
    it adds (after maximal marginal relevance, Carbonell and Goldstein 1998), leaving out what says the same, and further accounts of a
    dispute: they come with the answer anyway. Then put in order: the one worth most by itself, what stands with it in its passage in
    reading order, then the other passages.
    """
    quotes = [
        Quote(hit.passage, number, sentence, signals, hit.score)
        for hit in hits
        for number, (sentence, signals) in enumerate(zip(hit.passage.sentences, hit.sentences, strict=True))
    ]
    if not quotes:
        return []
    worth = _worth(quotes)
    has = [index.terms_of(quote.passage).told[quote.number] for quote in quotes]
    asked = {term: index.words.rarity(term) for term in query.terms}
    total = sum(asked.values()) or 1.0
    chosen: list[int] = []
    while len(chosen) < MOST:
        told = frozenset().union(*(has[i] for i in chosen))
        disputed = {fact for i in chosen for fact in quotes[i].disputes(index)}
        gain = {
            i: worth[i] + _TELLS_MORE * sum(asked[term] for term in asked.keys() & has[i] - told) / total
            for i in range(len(quotes))
            if i not in chosen and quotes[i].passage.fact not in disputed and not any(_says_the_same(has[i], has[j]) for j in chosen)
        }
        best = max(gain, key=lambda i: gain[i], default=None)
        if best is None or (len(chosen) >= FEWEST and gain[best] < _WORTH_TELLING * worth[chosen[0]]):
            break
        chosen.append(best)
    lead = max(chosen, key=lambda i: float(worth[i]))
    return _in_order([quotes[i] for i in (lead, *(i for i in chosen if i != lead))])


def _worth(quotes: Sequence[Quote]) -> NDArray[np.floating[Any]]:
    meaning = scaled(np.array([quote.signals.meaning for quote in quotes]))
    words = scaled(np.array([quote.signals.words for quote in quotes]))
    soft_words = scaled(np.array([quote.signals.soft_words for quote in quotes]))
    passage = scaled(np.array([quote.passage_score for quote in quotes]))
    worth: NDArray[np.floating[Any]] = _MEANING * meaning + _WORDS * words + _SOFT_WORDS * soft_words + _PASSAGE * passage
    return worth


def _says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _SAME * min(len(one), len(other))


def _in_order(quotes: list[Quote]) -> list[Quote]:
    lead, rest = quotes[0], quotes[1:]
    passages = list(dict.fromkeys(quote.passage.id for quote in quotes))
    return [lead, *sorted(rest, key=lambda quote: (passages.index(quote.passage.id), quote.number))]
