"""An answer made of quotations alone: the sentences that answer best, each verbatim, in an order that reads well."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.case import Sentence
from index.case_index import Hit, quotable, scaled
from index.passages import Passage
from index.words import terms

MOST = 6
FEWEST = 2

_MEANING, _WORDS, _PASSAGE = 0.4, 0.3, 0.3
"""Shares of a sentence's own meaning and words, and of its passage's score, in its worth."""
_NEW_TERMS = 0.25
"""Worth of telling all of the question's terms that the sentences before left untold."""
_SAME = 0.6
"""Sentences that share more of their terms than this say the same."""
_WORTH_TELLING = 0.45
"""A further sentence is told while its worth is at least this share of the first one's."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence chosen for an answer, and the passage it stands in."""

    passage: Passage
    number: int
    sentence: Sentence


def compose(question: str, hits: Sequence[Hit]) -> list[Quote]:
    """Two to six sentences of the hits, the best one first; empty when there is no hit.

    Chosen greedily: each next sentence is the one worth most by its own signals, its passage's score and the question's terms that
    it adds (after maximal marginal relevance, Carbonell and Goldstein 1998), leaving out what says the same. Then put in order:
    the lead, what stands with it in its passage in reading order, then the other passages.
    """
    sentences = quotable(hits)
    if not sentences:
        return []
    worth = _MEANING * scaled(np.array([signals.meaning for *_, signals in sentences]))
    worth = worth + _WORDS * scaled(np.array([signals.words for *_, signals in sentences]))
    worth = worth + _PASSAGE * scaled(np.array([hit.score for hit, *_ in sentences]))
    has = [frozenset(terms(sentence.text)) for _, _, sentence, _ in sentences]
    asked = frozenset(terms(question))
    chosen: list[int] = []
    while len(chosen) < MOST:
        told = frozenset().union(*(has[i] for i in chosen))
        gain = {
            i: worth[i] + _NEW_TERMS * len((asked & has[i]) - told) / max(1, len(asked))
            for i in range(len(sentences))
            if i not in chosen and not any(_says_the_same(has[i], has[j]) for j in chosen)
        }
        best = max(gain, key=lambda i: gain[i], default=None)
        if best is None or (len(chosen) >= FEWEST and gain[best] < _WORTH_TELLING * worth[chosen[0]]):
            break
        chosen.append(best)
    quotes = [Quote(sentences[i][0].passage, sentences[i][1], sentences[i][2]) for i in chosen]
    return _in_order(quotes)


def _says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _SAME * min(len(one), len(other))


def _in_order(quotes: list[Quote]) -> list[Quote]:
    lead, rest = quotes[0], quotes[1:]
    passages = list(dict.fromkeys(quote.passage.id for quote in quotes))
    return [lead, *sorted(rest, key=lambda quote: (passages.index(quote.passage.id), quote.number))]
