"""Coverage calibrated anew: `make calibrate` fits the weights of its signals and writes bot/calibration.json.

Covered: golden questions of the tuning half, and a part of the readers' questions, taken out of the index before it is asked. Not covered:
off-topic and near-domain questions of the tuning half and of corpus/calibration.yaml. Covered and not covered weigh the same in all.
Only a developer runs this, on a checkout; scikit-learn comes with sentence-transformers.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot import coverage, terminal
from bot.settings import read_settings
from corpus.asked import with_asked
from corpus.case import Corpus
from corpus.questions import read_questions, shipped_questions
from corpus.reading import read_corpus
from index.case_index import CaseIndex, current_index, synchronise
from index.encoder import open_encoder

WANTED_KEPT = 0.96
"""Share of the golden questions that the threshold keeps, by predictions for questions left out of the fit."""
ONE_OF = 8
"""One of so many of the readers' questions serves as an example instead of as an entry."""


OFF_TOPIC_WEIGHT = 2.0
"""An answer to an off-topic question looks worse than one to a near-domain question, and counts so."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and what kind it is: golden or asked (covered), off-topic or near-domain (not covered)."""

    text: str
    kind: str


def main() -> int:
    """Fit, choose the threshold, write the file, and say what it would let through."""
    settings = read_settings({})
    corpus, asked = without_some_questions(read_corpus(settings.corpus))
    examples = [*asked, *_measured()]
    encoder = open_encoder(settings.encoder, settings.home, terminal.say)
    with tempfile.TemporaryDirectory() as folder:
        version = synchronise(corpus, "", Path(folder), encoder, settings.encoder).version
        with closing(current_index(Path(folder), encoder)) as index:
            names, values = _signals(examples, index)
    kinds = np.array([example.kind for example in examples])
    fitted, left_out = _fit(values, kinds)
    threshold = float(np.quantile(left_out[kinds == "golden"], 1 - WANTED_KEPT))
    calibration = {
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, fitted.coef_[0], strict=True)},
        "intercept": round(float(fitted.intercept_[0]), 4),
        "threshold": round(threshold, 4),
        "corpus": version.partition(".")[0],
        "questions": {kind: int((kinds == kind).sum()) for kind in sorted(set(kinds))},
    }
    (Path(__file__).parent / "calibration.json").write_text(json.dumps(calibration, indent=2) + "\n", encoding="utf-8")
    for kind in sorted(set(kinds)):
        terminal.say(f"{kind:<12} taken for covered: {np.mean(left_out[kinds == kind] >= threshold):.1%} of {(kinds == kind).sum()}")
    return 0


def without_some_questions(corpus: Corpus) -> tuple[Corpus, list[Example]]:
    """The corpus without one in `ONE_OF` of its readers' questions, and those as examples."""
    every = dict.fromkeys(question for case in corpus.cases for sentence in case.sentences() for question in sentence.asked)
    taken = {question for question in every if hashlib.sha256(question.encode()).digest()[0] % ONE_OF == 0}
    cases = tuple(
        with_asked(case, {s.text: tuple(q for q in s.asked if q not in taken) for s in case.sentences() if s.asked})
        for case in corpus.cases
    )
    return replace(corpus, cases=cases), [Example(question, "asked") for question in every if question in taken]


def _measured() -> list[Example]:
    only_for_this = read_questions(Path(str(resources.files("corpus") / "calibration.yaml")))
    tuning = [question for question in read_questions(shipped_questions()) if question.half == "tuning"]
    return [Example(question.text, question.kind) for question in (*tuning, *only_for_this)]


def _signals(examples: Sequence[Example], index: CaseIndex) -> tuple[list[str], NDArray[np.float64]]:
    seen = [coverage.signals(example.text, index.search(example.text), index) for example in examples]
    names = sorted(seen[0])
    return names, np.array([[one[name] for name in names] for one in seen])


def _fit(values: NDArray[np.float64], kinds: NDArray[np.str_]) -> tuple[LogisticRegression, NDArray[np.float64]]:
    """The model fitted on everything, and for each question the probability that a model fitted without it gives."""
    covered = np.isin(kinds, ["golden", "asked"])
    weights = np.where(covered, 1.0, np.where(kinds == "off-topic", OFF_TOPIC_WEIGHT, 1.0))
    weights = weights / np.where(covered, weights[covered].mean() * covered.mean(), weights[~covered].mean() * (1 - covered.mean()))
    model = LogisticRegression(C=10.0, max_iter=10_000)
    left_out = cross_val_predict(model, values, covered, cv=10, method="predict_proba", params={"sample_weight": weights})[:, 1]
    return model.fit(values, covered, sample_weight=weights), left_out


if __name__ == "__main__":
    sys.exit(main())
