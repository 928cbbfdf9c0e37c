"""Coverage calibrated anew: `make calibrate` fits the weights of its signals and writes bot/calibration.json.

Covered: golden questions of the tuning half, a part of the readers' questions, and the questions that cases list. Not covered:
off-topic and near-domain questions of the tuning half and of corpus/calibration.yaml.
Only a developer runs this, on a checkout; scikit-learn comes with sentence-transformers.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot import coverage, terminal
from bot.comparison import LEADING
from bot.settings import read_settings
from corpus.asked import with_asked
from corpus.case import Corpus
from corpus.questions import read_questions, shipped_questions
from corpus.reading import read_corpus
from index.case_index import CaseIndex, current_index
from index.encoder import Encoder, open_encoder
from index.synchronising import synchronise

WANTED_KEPT = 0.95
"""Share of the golden questions not refused outright that the threshold keeps, by predictions for questions left out of the fit."""
ONE_OF = 32
"""One of so many of the readers' questions serves as an example instead of as an entry."""


SMALL_CORPORA = 12
CASES_IN_EACH = 3
"""So many parts of the corpus, of so many cases each, stand for a user's own few cases: coverage must hold on them too."""
KIND_WEIGHTS = {"golden": 2.0, "asked": 1.0, "listed": 0.5, "off-topic": 3.0, "near-domain": 1.0}
KIND_WEIGHTS |= {"small": 1.0, "small off-topic": 0.5, "small near-domain": 0.3}
"""What each kind weighs in all, however many questions it has: an answer to an off-topic question looks worst."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and what kind it is: golden, asked or listed (covered), off-topic or near-domain (not covered)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What coverage sees of a question: the raw signals, and whether it is refused whatever they are."""

    signals: Mapping[str, float]
    refused: bool


def main() -> int:
    """Fit, choose the threshold, write the file, and say what it would let through."""
    settings = read_settings({})
    encoder = open_encoder(settings.encoder, settings.home, terminal.say)
    corpus = read_corpus(settings.corpus)
    thinned, asked = without_some_questions(corpus)
    measured = _measured()
    listed = [Example(question.text, "listed") for case in corpus.cases for question in case.questions]
    # Golden questions are put to the index as it is; readers' questions to one that has never heard them; the questions that cases
    # list to one without readers' words, such as a new case has.
    parts = [(asked, thinned), (measured, corpus), (listed, without_readers_words(corpus))]
    parts += [small_corpus(corpus, measured, number) for number in range(SMALL_CORPORA)]
    seen = [one for examples, of in parts for one in _seen(examples, of, encoder)]
    kinds = np.array([example.kind for examples, _ in parts for example in examples])
    names = sorted(seen[0].signals)
    refused = np.array([one.refused for one in seen])
    fitted, left_out = _fit(np.array([[one.signals[name] for name in names] for one in seen]), kinds, refused)
    threshold = float(np.quantile(left_out[(kinds == "golden") & ~refused], 1 - WANTED_KEPT))
    calibration = {
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, fitted.coef_[0], strict=True)},
        "intercept": round(float(fitted.intercept_[0]), 4),
        "threshold": round(threshold, 4),
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


def without_readers_words(corpus: Corpus) -> Corpus:
    """The corpus as it would be if nobody had written down how readers ask, beside its sentences or in its list of questions."""
    silent = (with_asked(case, {s.text: () for s in case.sentences()}) for case in corpus.cases)
    return replace(corpus, cases=tuple(replace(case, questions=()) for case in silent))


def small_corpus(corpus: Corpus, measured: Sequence[Example], number: int) -> tuple[list[Example], Corpus]:
    """One of `SMALL_CORPORA` parts of the corpus, as somebody else's own small corpus, with what it covers and some of what it does not."""
    part = replace(corpus, cases=corpus.cases[number :: len(corpus.cases) // CASES_IN_EACH][:CASES_IN_EACH])
    covered = [Example(question.text, "small") for case in part.cases for question in case.questions]
    uncovered = [Example(e.text, f"small {e.kind}") for e in measured[number::SMALL_CORPORA] if e.kind in ("off-topic", "near-domain")]
    return covered + uncovered, without_readers_words(part)


def _measured() -> list[Example]:
    only_for_this = read_questions(Path(str(resources.files("corpus") / "calibration.yaml")))
    tuning = [question for question in read_questions(shipped_questions()) if question.half == "tuning" and not question.after]
    return [Example(question.text, question.kind) for question in (*tuning, *only_for_this) if question.kind in KIND_WEIGHTS]


def _seen(examples: Sequence[Example], corpus: Corpus, encoder: Encoder) -> list[Seen]:
    """What coverage sees of each question on an index of the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        synchronise(corpus, "", Path(folder), encoder, "")
        with closing(current_index(Path(folder), encoder)) as index:
            return [_seen_by(index, example.text) for example in examples]


def _seen_by(index: CaseIndex, question: str) -> Seen:
    query = index.query(question)
    hits = index.search(query)
    return Seen(coverage.signals(query, hits, index), coverage.asks_about_something_else(question, hits[:LEADING], index))


def _fit(
    values: NDArray[np.float64], kinds: NDArray[np.str_], refused: NDArray[np.bool_]
) -> tuple[LogisticRegression, NDArray[np.float64]]:
    """The model fitted on every question that is not refused outright, and for each the probability by a model fitted without it."""
    covered = np.isin(kinds, ["golden", "asked", "listed", "small"])
    weights = np.array([KIND_WEIGHTS[kind] / (kinds == kind).sum() for kind in kinds])
    weights *= len(weights) / weights.sum()
    model = LogisticRegression(C=10.0, max_iter=10_000)
    judged, left_out = ~refused, np.zeros(len(kinds))
    left_out[judged] = cross_val_predict(
        model, values[judged], covered[judged], cv=10, method="predict_proba", params={"sample_weight": weights[judged]}
    )[:, 1]
    return model.fit(values[judged], covered[judged], sample_weight=weights[judged]), left_out


if __name__ == "__main__":
    sys.exit(main())
