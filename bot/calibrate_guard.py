"""The guard calibrated anew: `make calibrate` fits the weights of its signs and of meaning, and writes bot/guard.json.

To be refused, or legitimate though it sounds alike: the examples of corpus/guard.yaml. Legitimate, too: golden questions of the tuning
half, the questions that cases list, a part of the readers' questions, all sentences of the cases, and questions that the corpus does
not cover: whoever asks how to bake a cake must not be told that peacebot does not help with violence.
Only a developer runs this, on a checkout; scikit-learn comes with sentence-transformers.
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot import terminal
from bot.settings import read_settings
from bot.signs import signs
from corpus.case import Corpus
from corpus.questions import LEGITIMATE_KINDS, REFUSED_KINDS, guard_examples, read_questions, shipped_questions
from corpus.reading import read_corpus
from index.encoder import open_encoder

WANTED_KEPT = 0.97
"""Share of the legitimate examples that the threshold lets pass, by predictions for questions left out of the fit."""
ONE_OF = 32
"""One of so many of the readers' questions serves as an example."""
MEANING_SCALE = 3.0
"""How much the vector weighs beside the signs before the fit: the regression shrinks all weights alike."""
WEIGHTS = {"golden": 1.5, "listed": 2.0, "asked": 0.3, "not covered": 0.5, "told": 1.0, "legitimate_violence": 3.0, "legitimate_other": 3.0}
"""What one question of a kind weighs; each to be refused weighs 1."""
LEGITIMATE = "legitimate"
_MAY_BE_REFUSED = ("its_rules", "sets_aside", "new_part", "opens_with_will", "now_as_then", "odds", "own_view")
"""What is not covered and shows one of these signs may be refused as well (Will it rain?): it is no example of either."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and its kind: one of `REFUSED_KINDS`, or one of those in `WEIGHTS`."""

    text: str
    kind: str


def main() -> int:
    """Fit with and without meaning, choose the thresholds, write the file, and say what would be refused."""
    settings = read_settings({})
    encoder = open_encoder(settings.encoder, settings.home, terminal.say)
    examples = _examples(read_corpus(settings.corpus))
    kinds = np.array([example.kind for example in examples])
    shown = np.array([list(signs(example.text).values()) for example in examples], dtype=np.float64)
    vectors = encoder.questions([example.text for example in examples]).astype(np.float64)
    calibrated = {
        "encoder": encoder.digest,
        "questions": {kind: int((kinds == kind).sum()) for kind in sorted(set(kinds))},
        "with_meaning": _fitted(shown, vectors, kinds),
        "signs_alone": _fitted(shown, vectors[:, :0], kinds),
    }
    (Path(__file__).parent / "guard.json").write_text(json.dumps(calibrated) + "\n", encoding="utf-8")
    return 0


def _examples(corpus: Corpus) -> list[Example]:
    tuning = [question for question in read_questions(shipped_questions()) if question.half == "tuning"]
    golden = dict.fromkeys(q.text for q in tuning if q.kind == "golden")
    golden |= dict.fromkeys(q.text for q in tuning if q.kind == "follow-up")
    listed = dict.fromkeys(question.text for case in corpus.cases for question in case.questions)
    asked = dict.fromkeys(question for case in corpus.cases for sentence in case.sentences() for question in sentence.asked)
    outside = dict.fromkeys((*corpus.not_covered.off_topic, *corpus.not_covered.near_domain))
    outside |= dict.fromkeys(q.text for q in tuning if q.kind in ("off-topic", "near-domain"))
    told = dict.fromkeys(sentence.text for case in corpus.cases for sentence in case.sentences())
    return [
        *(Example(question.text, question.kind) for question in read_questions(guard_examples())),
        *(Example(text, "golden") for text in golden),
        *(Example(text, "not covered") for text in outside if not any(signs(text)[name] for name in _MAY_BE_REFUSED)),
        *(Example(text, "listed") for text in listed),
        *(Example(text, "asked") for text in asked if _number(text) % ONE_OF == 0),
        *(Example(text, "told") for text in told),
    ]


def _number(text: str) -> int:
    """A number of 0 to 255 that belongs to a text for good."""
    return hashlib.sha256(text.encode()).digest()[0]


def _fitted(shown: NDArray[np.float64], vectors: NDArray[np.float64], kinds: NDArray[np.str_]) -> dict[str, Any]:
    """The weights of signs and of meaning for each reason to refuse, and the threshold."""
    values = np.hstack([shown, vectors * MEANING_SCALE])
    wanted = np.where(np.isin(kinds, REFUSED_KINDS), kinds, LEGITIMATE)
    weights = np.array([WEIGHTS.get(kind, 1.0) for kind in kinds])
    model = LogisticRegression(C=3.0, max_iter=10_000)
    folds = StratifiedKFold(10, shuffle=True, random_state=0).split(values, kinds)
    left_out = cross_val_predict(model, values, wanted, cv=list(folds), method="predict_proba", params={"sample_weight": weights})
    model.fit(values, wanted, sample_weight=weights)
    classes = list(model.classes_)
    refused = 1 - left_out[:, classes.index(LEGITIMATE)]
    threshold = float(np.quantile(refused[np.isin(kinds, LEGITIMATE_KINDS)], WANTED_KEPT))
    for kind in (*REFUSED_KINDS, *WEIGHTS):
        terminal.say(f"{kind:<20} refused: {np.mean(refused[kinds == kind] >= threshold):.1%} of {(kinds == kind).sum()}")
    # Softmax knows only differences: "legitimate" is the zero that the reasons are told from.
    coefficients = model.coef_ - model.coef_[classes.index(LEGITIMATE)]
    intercepts = model.intercept_ - model.intercept_[classes.index(LEGITIMATE)]
    names = list(signs(""))
    return {
        "threshold": round(threshold, 4),
        "reasons": {
            reason: {
                "intercept": round(float(intercepts[row]), 4),
                "signs": {name: round(float(weight), 4) for name, weight in zip(names, coefficients[row], strict=False)},
                "meaning": [round(float(weight) * MEANING_SCALE, 3) for weight in coefficients[row, len(names) :]],
            }
            for row, reason in enumerate(classes)
            if reason != LEGITIMATE
        },
    }


if __name__ == "__main__":
    sys.exit(main())
