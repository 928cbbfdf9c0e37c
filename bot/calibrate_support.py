"""Support checking calibrated anew: `make support` fits its trees on the tuning half of the pairs and writes bot/support.json.

To the pairs come others made from the tuning half, so that trees do not learn by style: true ones (a quotation itself, cut at a comma,
its date moved to the other end) and false ones (a faithful sentence beside the likest other quotation, two names of a quotation exchanged).
Only a developer runs this, on a checkout; scikit-learn comes with sentence-transformers.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier

from bot import terminal
from bot.settings import read_settings
from bot.support import NEAR_COPY, Comparison
from bot.support_pairs import Pair, rates_of, read_pairs, told
from bot.wording import Word, words_of
from corpus.figures import MONTHS
from index.encoder import Encoder, Vectors, open_encoder

WANTED_SHOWN = 0.75
"""Share of the faithful pairs of the tuning half shown as written, by predictions for pairs left out of the fit."""
MEANING_KEPT = 0.99
"""Share of the faithful distant paraphrases that the bound on meaning lets through."""
MADE_WEIGHT = 0.1
"""What a made pair weighs; the pairs that people wrote weigh 1."""
FOLDS = 10
TREES = 150
LEAVES = 40

NEVER_FOR = frozenset(
    """negators_odd negated_otherwise negated_beside refusals_came refusals_went opposites strong_came universal_came
    universal_for_partial quantity_changed modals_went intentions_went no_longer_planned attribution_went bounds_went causes_beyond
    causes_came soft_causes_came comparisons_came time_turned pure_runs new_tail clean_swap alone_fixed preposition_changed""".split()
)
"""Signals that may never speak for a sentence: more of them makes no tree find it likelier."""

_OPENING_TIME = re.compile(r"((?:In|On|By|Between|After|Since|From|At|During) [^,]{4,60}), (.+)\.$")
_LATER_TIME = re.compile(rf"([^,]{{15,}}) ((?:in|on) (?:\d\d? )?(?:(?:{'|'.join(MONTHS)}) )?\d{{4}})\b((?: (?!and|but|or)[^,\d]+)?\.)$")
_LAST_CLAUSE = re.compile(r"(.{40,}), (?!(?:if|unless|except|because|though|although|until)\b)[a-z].{15,}\.$")


@dataclass(frozen=True, slots=True)
class _Example:
    """A pair to learn from, whether it is true, what it weighs, and the quotations that its fold goes by."""

    sentence: str
    quotation: str
    true: bool
    weight: float
    fold: int


def main() -> int:
    """Fit, choose the threshold, write the file, and say what it would show and catch."""
    settings = read_settings({})
    encoder = open_encoder(settings.encoder, settings.home, terminal.say)
    pairs = [pair for pair in read_pairs() if pair.half == "tuning"]
    examples = [*(_Example(p.sentence, p.quotation, p.kind == "faithful", 1.0, _fold(p.quotation)) for p in pairs), *_made(pairs, encoder)]
    compared = [Comparison(example.sentence, example.quotation) for example in examples]
    names = sorted(compared[0].signals)
    values = np.array([[one.signals[name] for name in names] for one in compared])
    judged = np.array([one.plainly is None for one in compared])
    left_out = _left_out(values, names, examples, judged)
    written = left_out[: len(pairs)]
    faithful = np.array([pair.kind == "faithful" for pair in pairs])
    threshold = float(np.quantile(written[faithful], 1 - WANTED_SHOWN))
    model = _fitted(values[judged], names, [example for example, is_judged in zip(examples, judged, strict=True) if is_judged])
    calibration = {
        "signals": names,
        "threshold": round(threshold, 4),
        "meaning": round(_least_likeness(pairs, compared, encoder), 4),
        "trees": [_as_lists(tree.tree_) for tree in model.estimators_],
    }
    (Path(__file__).parent / "support.json").write_text(json.dumps(calibration, separators=(",", ":")) + "\n", encoding="utf-8")
    shown = [bool(probability >= threshold) for probability in written]
    terminal.say(f"Pairs left out of the fit\n{told(rates_of(zip(pairs, shown, strict=True)))}")
    made = [(e.true, bool(p >= threshold)) for e, p in zip(examples[len(pairs) :], left_out[len(pairs) :], strict=True)]
    for true in (True, False):
        outcomes = [is_shown == true for is_true, is_shown in made if is_true == true]
        terminal.say(f"  made pairs, {'true: shown' if true else 'false: caught'}: {np.mean(outcomes):.1%} of {len(outcomes)}")
    return 0


def _fold(quotation: str) -> int:
    return hashlib.sha256(quotation.encode()).digest()[1] % FOLDS


def _made(pairs: Sequence[Pair], encoder: Encoder) -> Iterator[_Example]:
    quotations = sorted({pair.quotation for pair in pairs})
    for quotation in quotations:
        fold = _fold(quotation)
        sentence = next(pair.sentences[0] for pair in pairs if pair.quotation == quotation)
        for true in (*_shortened(sentence), *_turned(sentence)):
            yield _Example(true, quotation, True, MADE_WEIGHT, fold)
        for false in _exchanged(quotation):
            yield _Example(false, quotation, False, MADE_WEIGHT, fold)
    faithful = [pair for pair in pairs if pair.kind == "faithful"]
    held, written = encoder.questions(quotations), encoder.questions([pair.sentence for pair in faithful])
    for pair, vector in zip(faithful, written, strict=True):
        for quotation in _likest(vector, held, quotations, pair.quotation):
            yield _Example(pair.sentence, quotation, False, MADE_WEIGHT, _fold(pair.quotation))


def _likest(vector: Vectors, held: Vectors, quotations: Sequence[str], own: str) -> list[str]:
    """The two likest quotations that tell of something else."""
    in_order = [quotations[i] for i in np.argsort(-(held @ vector))]
    return [quotation for quotation in in_order if not {own[:60], own[-60:]} & {quotation[:60], quotation[-60:]}][:2]


def _shortened(sentence: str) -> Iterator[str]:
    yield sentence.replace(",", "")
    if match := _LAST_CLAUSE.match(sentence):
        yield f"{match[1]}."


def _turned(sentence: str) -> Iterator[str]:
    """The sentence with its time at the other end."""
    if match := _OPENING_TIME.match(sentence):
        yield f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}."
    elif match := _LATER_TIME.match(sentence):
        yield f"{match[2][0].upper()}{match[2][1:]} {match[1]}{match[3]}"


def _exchanged(quotation: str) -> Iterator[str]:
    """The quotation with its first and last name exchanged, where more than a list stands between them."""
    names = [word for word in words_of(quotation) if word.kind == "name" and not word.plain.endswith("'s")]
    if len(names) > 1 and names[0].term != names[-1].term and names[-1].start - names[0].end > 20:
        yield _swapped(quotation, names[0], names[-1])


def _swapped(text: str, one: Word, other: Word) -> str:
    return text[: one.start] + other.written + text[one.end : other.start] + one.written + text[other.end :]


def _fitted(values: NDArray[np.float64], names: Sequence[str], examples: Sequence[_Example]) -> ExtraTreesClassifier:
    true = np.array([example.true for example in examples])
    weights = np.array([example.weight for example in examples])
    weights[true] *= weights[~true].sum() / weights[true].sum()
    # Of the two classes the second, faithful, is the one that the constraint speaks of.
    constraints = [-1 if name in NEVER_FOR else 0 for name in names]
    model = ExtraTreesClassifier(
        TREES, min_samples_leaf=2, max_features=0.4, max_leaf_nodes=LEAVES, monotonic_cst=constraints, random_state=1, n_jobs=2
    )
    return model.fit(values, true, sample_weight=weights)


def _left_out(
    values: NDArray[np.float64], names: Sequence[str], examples: Sequence[_Example], judged: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """For each example the probability by trees fitted without its quotation; -1 for what is plainly wrong."""
    folds = np.array([example.fold for example in examples])
    found = np.full(len(examples), -1.0)
    for fold in range(FOLDS):
        inside, outside = (folds != fold) & judged, (folds == fold) & judged
        model = _fitted(values[inside], names, [example for example, is_in in zip(examples, inside, strict=True) if is_in])
        found[outside] = model.predict_proba(values[outside])[:, 1]
    return found


def _least_likeness(pairs: Sequence[Pair], compared: Sequence[Comparison], encoder: Encoder) -> float:
    """The bound on meaning that lets through `MEANING_KEPT` of the faithful pairs that share few words."""
    far = [pair for pair, one in zip(pairs, compared, strict=False) if pair.kind == "faithful" and one.signals["held_share"] < NEAR_COPY]
    one, other = (encoder.questions(texts) for texts in ([pair.sentence for pair in far], [pair.quotation for pair in far]))
    return float(np.quantile((one * other).sum(axis=1), 1 - MEANING_KEPT))


def _as_lists(tree: object) -> list[list[float]]:
    """A tree as the lists of `bot.support.Tree`, its bounds rounded so that no value of a signal changes sides."""
    parts = [getattr(tree, name) for name in ("feature", "threshold", "children_left", "children_right", "value")]
    feature, bound, left, right, value = parts
    shares = value[:, 0, 1] / value[:, 0].sum(axis=1)
    return [
        [max(0, int(one)) for one in feature],
        [round(float(one), 5) for one in bound],
        [int(one) for one in left],
        [int(one) for one in right],
        [round(float(one), 4) for one in shares],
    ]


if __name__ == "__main__":
    sys.exit(main())
