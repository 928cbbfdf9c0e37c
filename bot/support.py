"""Does this quotation support this sentence? Judged in layers, here, without a language model.

First what needs no weighing: the quotation's own words are supported; a figure, a date or a name that the quotation lacks is not, and
takes the sentence with it. Then what may be wrong without a wrong word: a learned judgement of how the two texts' words agree
(bot/agreement.py), fitted on pairs written to be caught (``make support``, bot/calibrate_support.py, docs/decisions/0014-support.md).
At last the meaning of both, where few words are shared. What is not certain is doubtful, and a reader sees the quotation instead: the
price of strictness is style, never truth.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from bot.agreement import Alignment, signals
from bot.figures_told import Told
from bot.names_told import names_not_in
from bot.wording import words_of
from index.encoder import Encoder

Verdict = Literal["supported", "doubtful", "unsupported"]

NEAR_COPY = 0.8
"""From this share of the sentence's words on that the quotation has too, its meaning is not asked for: that of a false copy is as near."""

_MARKS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason in a few words; empty for what is supported."""

    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree by node: the signal asked for, its bound, where to go at most that and above it, and the value of a leaf."""

    signal: tuple[int, ...]
    bound: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def judged(self, values: Sequence[float]) -> float:
        """The value of the leaf that the signals lead to."""
        node = 0
        while self.left[node] >= 0:
            node = self.left[node] if values[self.signal[node]] <= self.bound[node] else self.right[node]
        return self.value[node]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Names of the signals, trees whose mean is the probability, the least one that is supported, and the least likeness in meaning."""

    signals: tuple[str, ...]
    trees: tuple[Tree, ...]
    threshold: float
    meaning: float

    def probability(self, seen: Mapping[str, float]) -> float:
        """How probably a pair with these signals is faithful, from 0 to 1."""
        values = [seen[name] for name in self.signals]
        return sum(tree.judged(values) for tree in self.trees) / len(self.trees)


@cache
def calibration() -> Calibration:
    """The calibration that is in force: bot/support.json."""
    data = json.loads((resources.files("bot") / "support.json").read_text(encoding="utf-8"))
    trees = tuple(Tree(*map(tuple, tree)) for tree in data["trees"])
    return Calibration(tuple(data["signals"]), trees, data["threshold"], data["meaning"])


def judge(sentence: str, quotation: Sequence[str], encoder: Encoder) -> Verdict:
    """Whether the quotation, whole sentences of a passage, bears the sentence."""
    return judgement(sentence, quotation, encoder).verdict


def judgement(sentence: str, quotation: Sequence[str], encoder: Encoder) -> Judgement:
    """The verdict on a sentence with its reason: ``unsupported`` for a plain contradiction, ``doubtful`` for all else in doubt."""
    held = " ".join(quotation)
    if not quotation or not _plain(sentence):
        return Judgement("unsupported", "nothing to hold it to")
    if _plain(sentence) in {_plain(held), *map(_plain, quotation)}:
        return Judgement("supported")
    compared = Comparison(sentence, held)
    if compared.plainly:
        return compared.plainly
    threshold = calibration().threshold
    if calibration().probability(compared.signals) < threshold:
        return Judgement("doubtful", "the words agree too little")
    if compared.signals["held_share"] < NEAR_COPY and likeness(sentence, held, encoder) < calibration().meaning:
        return Judgement("doubtful", "the meaning is too far off")
    return Judgement("supported")


class Comparison:
    """A sentence beside its quotation: what is plainly wrong, if anything, and the signals of the rest."""

    def __init__(self, sentence: str, quotation: str) -> None:
        told, held = words_of(sentence), words_of(quotation)
        alignment = Alignment(told, held)
        in_sentence, in_quotation = Told(sentence, told), Told(quotation, held)
        self.signals = signals(alignment, sentence, quotation)
        self.plainly: Judgement | None = None
        if missing := (*in_quotation.lacks(in_sentence), *names_not_in(told, held)):
            self.plainly = Judgement("unsupported", f"not in the quotation: {', '.join(missing)}")
        elif not alignment.telling:
            self.plainly = Judgement("doubtful", "tells nothing")
        elif unsure := (*in_quotation.turns(in_sentence), *names_not_in(told, held, openings=True)):
            self.plainly = Judgement("doubtful", f"otherwise in the quotation: {', '.join(unsure)}")


def likeness(sentence: str, quotation: str, encoder: Encoder) -> float:
    """The cosine of the two texts' vectors."""
    one, other = encoder.questions([sentence, quotation])
    return float(one @ other)


def _plain(text: str) -> str:
    """A text in lower case without its marks."""
    return _MARKS.sub(" ", text).strip().casefold()
