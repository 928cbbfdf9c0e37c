"""Is it a question that must not be answered? Told from signs in its words and from what it means, before anything is looked for.

What a question is about does not tell: how a bomb changed the talks is history, and how to make one is not. So signs of what the reader
wants (bot/signs.py) and the meaning of the whole (its vector) are weighed together by logistic regression, fitted to examples of what
must be refused and of what sounds like it and must not be (``make calibrate``, see bot/calibrate_guard.py and
docs/decisions/0016-guard.md). A question is text: whatever it orders, it is weighed like any other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.signs import signs
from index.case_index import Query
from index.encoder import Encoder

Reason = Literal["violence", "personal_data", "prediction", "advice", "instructions"]

SENTENCES: Mapping[Reason, str] = {
    "violence": "peacebot does not help to plan or carry out violence, but it tells how violence has shaped peace processes and what "
    "people did to stop it: ask, for instance, how a ceasefire was kept.",
    "personal_data": "peacebot does not give or work out personal details of private persons, but it tells what is published about groups "
    "and public figures: ask, for instance, how victims or former fighters were treated.",
    "prediction": "peacebot does not predict, but it shows what happened and what was agreed: ask, for instance, what has been done so "
    "far, or what the agreement provides for that case.",
    "advice": "peacebot takes no side between parties and does not say whom to support, but it shows what each side said and did: ask, for "
    "instance, which arguments were put for and against.",
    "instructions": "peacebot keeps to its rules, answers only from its published sources and does not show its settings, but it is open "
    "about the cases: ask, for instance, how a peace process began.",
}
"""What is said to the reader, by reason; each ends with a way on."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered: the reason's code, and the sentence for the reader."""

    reason: Reason

    @property
    def sentence(self) -> str:
        """What is said to the reader."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted multinomial regression, each reason against "legitimate", and the least probability of all reasons that refuses.

    ``signs`` has the shape (reasons, signs), ``meaning`` (reasons, dimension) or, where only signs are weighed, (reasons, 0).
    """

    reasons: tuple[Reason, ...]
    intercepts: NDArray[np.float64]
    signs: NDArray[np.float64]
    meaning: NDArray[np.float64]
    threshold: float

    @classmethod
    def of(cls, data: Mapping[str, Any], names: list[str]) -> "Weights":
        """The weights as the file has them, with the signs in the order of ``names``."""
        of_reasons: Mapping[Reason, Any] = data["reasons"]
        return cls(
            tuple(of_reasons),
            np.array([one["intercept"] for one in of_reasons.values()]),
            np.array([[one["signs"][name] for name in names] for one in of_reasons.values()]),
            np.array([one["meaning"] for one in of_reasons.values()]),
            data["threshold"],
        )

    def probabilities(self, shown: NDArray[np.float64], vector: NDArray[np.floating[Any]]) -> dict[Reason, float]:
        """How probable each reason to refuse is; what is left up to 1 is how probably the question is legitimate."""
        likely = np.exp(self.intercepts + self.signs @ shown + self.meaning @ vector[: self.meaning.shape[1]])
        return dict(zip(self.reasons, (likely / (1 + likely.sum())).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights in force with the packaged model, whose digest is ``encoder``, and those of signs alone with any other."""

    encoder: str
    with_meaning: Weights
    signs_alone: Weights


@cache
def calibration() -> Calibration:
    """The calibration that is in force: bot/guard.json."""
    data = json.loads((resources.files("bot") / "guard.json").read_text(encoding="utf-8"))
    names = list(signs(""))
    return Calibration(data["encoder"], Weights.of(data["with_meaning"], names), Weights.of(data["signs_alone"], names))


def refusal(query: Query, encoder: Encoder) -> Refusal | None:
    """Why a question must not be answered, or None where it may be. The vectors of another model than the packaged are not weighed."""
    weights = calibration().with_meaning if encoder.digest == calibration().encoder else calibration().signs_alone
    shown = np.array(list(signs(query.text).values()), dtype=np.float64)
    found = weights.probabilities(shown, query.vector)
    if sum(found.values()) < weights.threshold:
        return None
    return Refusal(max(found, key=lambda reason: found[reason]))
