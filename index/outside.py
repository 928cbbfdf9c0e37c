"""Questions from outside, which no case answers: is a reader's question like them?

A nearest passage is always found, and passages about peace resemble one another; so do questions, and one about a visa or about another
war is more like others of its kind than like any that a case answers. Examples from outside tell best what lies outside (Larson et al.
2019, "An evaluation dataset for intent classification and out-of-scope prediction").
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.case import Corpus
from index.encoder import Encoder, Vectors

NEAREST = 3
"""How many of the most alike count."""
ANSWERED = 0.8
"""A question this much like one that a case lists (cosine) is answered, whatever the list of those from outside says."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a question is like the `NEAREST` from outside, of each kind: the mean cosine, 0 where there is none."""

    off_topic: float
    near_domain: float


class Outside:
    """The questions that no case answers, with their vectors, each of length 1."""

    def __init__(self, off_topic: Sequence[str], near_domain: Sequence[str], vectors: Mapping[str, Vectors]) -> None:
        """``vectors`` holds those of all these questions, and of the ones that cases list."""
        self._texts = {"off_topic": list(off_topic), "near_domain": list(near_domain)}
        self.vectors = vectors
        self._off_topic, self._near_domain = (np.array([vectors[text] for text in of]) for of in (off_topic, near_domain))

    @classmethod
    def build(cls, corpus: Corpus, encoder: Encoder, known: Mapping[str, Vectors]) -> "Outside":
        """Those of the corpus but what its cases list as answered; texts whose vectors are ``known`` are not encoded again."""
        kinds = (corpus.not_covered.off_topic, corpus.not_covered.near_domain)
        listed = dict.fromkeys(question.text for case in corpus.cases for question in case.questions) if any(kinds) else {}
        every = list(dict.fromkeys((*listed, *kinds[0], *kinds[1])))
        fresh = [text for text in every if text not in known]
        encoded = {**known, **dict(zip(fresh, encoder.questions(fresh), strict=True))}
        vectors = {text: encoded[text] for text in every}
        answered = np.array([vectors[text] for text in listed])
        off_topic, near_domain = ([text for text in of if not len(answered) or (answered @ vectors[text]).max() < ANSWERED] for of in kinds)
        return cls(off_topic, near_domain, vectors)

    @classmethod
    def load(cls, folder: Path) -> "Outside":
        """Open what `save` wrote. Raises OSError, ValueError, KeyError or EOFError where it is not whole."""
        texts = json.loads((folder / "outside.json").read_text(encoding="utf-8"))
        vectors = np.load(folder / "outside.npy").astype(np.float32)
        return cls(texts["off_topic"], texts["near_domain"], dict(zip(texts["every"], vectors, strict=True)))

    def save(self, folder: Path) -> None:
        """Write everything into ``folder``."""
        every = {**self._texts, "every": list(self.vectors)}
        (folder / "outside.json").write_text(json.dumps(every, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "outside.npy", np.array(list(self.vectors.values()), dtype=np.float16))

    def likeness(self, vector: Vectors) -> Likeness:
        """How much the question with this vector, shape (dimension,), is like them."""
        return Likeness(*(_mean_of_most(of @ vector) if len(of) else 0.0 for of in (self._off_topic, self._near_domain)))


def _mean_of_most(cosines: Vectors) -> float:
    return float(np.sort(cosines)[-NEAREST:].mean())
