"""Coverage calibrated anew: `python -m bot.calibrate` fits on the tuning half of the golden questions and writes bot/calibration.json.

Covered: golden questions, and the questions that cases themselves list. Not covered: off-topic and near-domain questions. Each kind weighs
the same in all, however many there are. Only a developer runs this, on a checkout; scikit-learn comes with sentence-transformers.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot import coverage, terminal
from bot.opening import open_index
from bot.settings import read_settings
from corpus.questions import GoldenQuestion, read_questions, shipped_questions
from index.case_index import CaseIndex

WANTED_KEPT = 0.95
"""Share of covered questions that the threshold must keep."""


def examples(index: CaseIndex, questions: Sequence[GoldenQuestion]) -> list[tuple[str, str]]:
    """Question and kind of everything that may be used for tuning."""
    own = [(question.text, "listed") for case in index.cases.values() for question in case.questions]
    return own + [(question.text, question.kind) for question in questions if question.half == "tuning"]


def main() -> int:
    """Fit, choose the threshold on predictions for questions left out of the fit, and write the file."""
    settings = read_settings({})
    with closing(open_index(settings, terminal.say, lambda done, of: None)) as index:
        asked = examples(index, read_questions(shipped_questions()))
        seen = [coverage.signals(text, index.search(text, limit=8), index) for text, _ in asked]
    names = sorted(seen[0])
    values = np.array([[one[name] for name in names] for one in seen])
    kinds = np.array([kind for _, kind in asked])
    covered = np.isin(kinds, ["golden", "listed"])
    model = LogisticRegression(C=10.0, max_iter=5000)
    weights = _weights(kinds)
    left_out = cross_val_predict(model, values, covered, cv=10, method="predict_proba", params={"sample_weight": weights})[:, 1]
    threshold = float(np.quantile(left_out[kinds == "golden"], 1 - WANTED_KEPT))
    model.fit(values, covered, sample_weight=weights)
    fitted = {
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)},
        "intercept": round(float(model.intercept_[0]), 4),
        "threshold": round(threshold, 4),
        "corpus_version": index.version,
        "questions": {kind: int((kinds == kind).sum()) for kind in sorted(set(kinds))},
    }
    (Path(__file__).parent / "calibration.json").write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    for kind in sorted(set(kinds)):
        terminal.say(f"{kind:<12} taken for covered: {np.mean(left_out[kinds == kind] >= threshold):.1%} of {(kinds == kind).sum()}")
    return 0


def _weights(kinds: NDArray[np.str_]) -> NDArray[np.float64]:
    return np.array([1 / (kinds == kind).sum() for kind in kinds]) * len(kinds) / len(set(kinds))


if __name__ == "__main__":
    sys.exit(main())
