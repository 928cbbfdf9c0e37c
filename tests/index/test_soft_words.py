"""What words mean by themselves: a sentence is found by others than its own words."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.case import Corpus
from index.encoder import Encoder
from index.soft_words import SoftWords

SENTENCES = [
    "The rebels handed over their rifles.",
    "The women's choir sang at the market.",
    "The court freed the convicted men.",
    "Voters rejected the accord in October.",
    "The river flooded the northern villages.",
]


@pytest.fixture(scope="module")
def soft_words(encoder: Encoder) -> SoftWords:
    return SoftWords.build(SENTENCES, encoder, {})


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("rifles rebels", 0), ("accord voters October", 3), ("villages river", 4), ("choir women", 1), ("court men", 2)],
)
def test_a_sentence_is_nearest_to_its_own_words(soft_words: SoftWords, question: str, sentence: int) -> None:
    assert int(np.argmax(soft_words.sentences.astype(np.float32) @ soft_words.question(question))) == sentence


def test_other_words_of_the_corpus_find_it_too(encoder: Encoder, small_corpus: Corpus) -> None:
    told = [sentence.text for case in small_corpus.cases for sentence in case.sentences()]
    about_rifles = [position for position, text in enumerate(told) if "rifles" in text]
    assert about_rifles
    assert not any("guns" in text or "woods" in text for text in told)
    soft_words = SoftWords.build([*told, "Hunters keep guns in woods."], encoder, {})
    nearness = soft_words.sentences[: len(told)].astype(np.float32) @ soft_words.question("How many guns are in the woods?")
    assert int(np.argmax(nearness)) in about_rifles


@pytest.mark.parametrize("question", ["", "the of and", "xylophone", "\N{GRINNING FACE}"])
def test_a_question_without_a_known_word_is_near_to_nothing(soft_words: SoftWords, question: str) -> None:
    assert not soft_words.question(question).any()


def test_what_is_saved_is_what_is_opened(soft_words: SoftWords, tmp_path: Path) -> None:
    soft_words.save(tmp_path / "soft_words")
    opened = SoftWords.load(tmp_path / "soft_words")
    assert np.array_equal(opened.sentences, soft_words.sentences)
    assert np.allclose(opened.question("Who handed over rifles?"), soft_words.question("Who handed over rifles?"))


def test_known_words_are_not_encoded_again(encoder: Encoder, soft_words: SoftWords) -> None:
    class Counting(Encoder):
        encoded: tuple[str, ...] = ()

        def words(self, words: list[str]) -> NDArray[np.float32]:  # type: ignore[override]
            self.encoded += tuple(words)
            return super().words(words)

    counting = Counting(encoder.folder, encoder.digest)
    again = SoftWords.build([*SENTENCES, "A drought came."], counting, soft_words.vectors)
    assert counting.encoded == ("came", "drought")
    assert len(again.sentences) == len(SENTENCES) + 1


def test_nothing_to_find_is_no_crash(encoder: Encoder) -> None:
    assert not SoftWords.build(["the of and"], encoder, {}).sentences.any()
