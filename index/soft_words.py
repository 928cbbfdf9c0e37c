"""What words mean by themselves: a question finds a sentence that says the same in other words.

The encoder reads a sentence in its context; here each word is encoded alone, and a text is the average of its words' vectors, rare
words weighing most, with what all words have in common taken out (smooth inverse frequency: Arora, Liang and Ma 2017, "A simple but
tough-to-beat baseline for sentence embeddings"). It is blind to order and cheap: one vector for each word of the corpus. A number
means nothing by itself, and has none.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Vectors
from index.words import STOPWORDS, without_accents

COMMON = 3
"""How many directions that all words share are taken out."""
MOST = 8_000
"""So many words have a vector, those in most sentences; the rarest, half of them names, cost as much again and find nothing more."""

_WORD = re.compile(r"[^\W\d_]{2,}")


class SoftWords:
    """The vectors of a corpus's words and of its sentences, each of length 1."""

    def __init__(
        self, words: Sequence[str], raw: NDArray[np.float16], rarity: Vectors, in_common: Vectors, sentences: NDArray[np.float16]
    ) -> None:
        """The parts that `build` makes and `load` reads.

        ``raw`` are the words' vectors as the encoder gives them, shape (words, dimension); ``in_common`` is their mean and, below it, the
        directions in which they differ most, shape (1 + `COMMON`, dimension); ``sentences`` has a row for each sentence.
        """
        self.sentences = sentences
        self._raw = raw
        self._rarity = rarity
        self._mean, self._common = in_common[0], in_common[1:]
        self._position = {word: position for position, word in enumerate(words)}

    @classmethod
    def build(cls, sentences: Sequence[str], encoder: Encoder, known: Mapping[str, NDArray[np.float16]]) -> "SoftWords":
        """From what is to be found of each sentence; words whose vectors are ``known`` are not encoded again."""
        held = [_words(sentence) for sentence in sentences]
        frequency = Counter(word for words in held for word in set(words))
        words = sorted(sorted(frequency, key=lambda word: (-frequency[word], word))[:MOST])
        fresh = [word for word in words if word not in known]
        vectors = {**known, **dict(zip(fresh, encoder.words(fresh).astype(np.float16), strict=True))}
        counts = np.array([frequency[word] for word in words], dtype=np.float32)
        raw = np.stack([vectors[word] for word in words]) if words else np.zeros((0, encoder.dimension), dtype=np.float16)
        rarity = np.log1p((len(held) - counts + 0.5) / (counts + 0.5))
        built = cls(words, raw, rarity, _in_common(raw), np.zeros((0, encoder.dimension), dtype=np.float16))
        built.sentences = np.array([built._average(words) for words in held], dtype=np.float16)
        return built

    @classmethod
    def load(cls, folder: Path) -> "SoftWords":
        """Open what `save` wrote, with the vectors mapped into memory. Raises OSError, ValueError or EOFError where it is not whole."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        raw, sentences = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("words", "sentences"))
        return cls(words, raw, np.load(folder / "rarity.npy"), np.load(folder / "in_common.npy"), sentences)

    def save(self, folder: Path) -> None:
        """Write everything below ``folder``."""
        folder.mkdir()
        (folder / "words.json").write_text(json.dumps(list(self._position), ensure_ascii=False), encoding="utf-8")
        np.save(folder / "words.npy", self._raw)
        np.save(folder / "rarity.npy", self._rarity)
        np.save(folder / "in_common.npy", np.concatenate([self._mean[None], self._common]))
        np.save(folder / "sentences.npy", self.sentences)

    @property
    def vectors(self) -> dict[str, NDArray[np.float16]]:
        """Each word's vector as the encoder gave it."""
        return {word: self._raw[position] for word, position in self._position.items()}

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,); all zero when it holds no word of the corpus."""
        return self._average(_words(text))

    def _average(self, words: Iterable[str]) -> Vectors:
        rows = [self._position[word] for word in words if word in self._position]
        if not rows:
            return np.zeros_like(self._mean)
        alone = self._raw[rows].astype(np.float32) - self._mean
        alone -= (alone @ self._common.T) @ self._common
        alone /= np.maximum(np.linalg.norm(alone, axis=1, keepdims=True), 1e-6)
        total = self._rarity[rows] @ alone
        length = np.linalg.norm(total)
        return np.asarray(total / length if length else total, dtype=np.float32)


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(without_accents(text.lower())) if word not in STOPWORDS]


def _in_common(raw: NDArray[np.float16]) -> Vectors:
    """The mean of the words' vectors and the directions in which they differ most, shape (1 + `COMMON`, dimension)."""
    vectors = raw.astype(np.float32)
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    _, directions = np.linalg.eigh((vectors - mean).T @ (vectors - mean))
    return np.concatenate([mean[None], directions[:, ::-1][:, :COMMON].T])
