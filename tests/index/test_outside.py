"""Questions from outside: how like them a question is, and what a corpus takes off the list by answering it."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.case import Corpus, NotCovered
from index.encoder import Encoder
from index.outside import Outside

OUTSIDE = NotCovered(
    ("How long does a roast chicken take?", "Which laptop should I buy for college?", "best beaches for families"),
    ("Who signed the Dayton agreement for Bosnia?", "How did the war in Angola end?", "UN peacekeepers in Cyprus in numbers"),
)


@pytest.fixture(scope="module")
def corpus(small_corpus: Corpus) -> Corpus:
    return replace(small_corpus, not_covered=OUTSIDE)


@pytest.fixture(scope="module")
def outside(corpus: Corpus, encoder: Encoder) -> Outside:
    return Outside.build(corpus, encoder, {})


def test_a_question_is_like_those_of_its_own_kind(outside: Outside, encoder: Encoder) -> None:
    oven = outside.likeness(encoder.question("How hot must the oven be for chicken?"))
    war = outside.likeness(encoder.question("When did the fighting in Angola stop?"))
    assert oven.off_topic > war.off_topic
    assert war.near_domain > oven.near_domain
    assert oven.off_topic > oven.near_domain
    assert war.near_domain > war.off_topic


def test_what_a_case_lists_as_answered_is_taken_off_the_list(corpus: Corpus, encoder: Encoder) -> None:
    answered = corpus.cases[0].questions[0].text
    reworded = answered.rstrip("?") + ", please?"
    listing = replace(corpus, not_covered=NotCovered(OUTSIDE.off_topic, (*OUTSIDE.near_domain, answered, reworded)))
    vector = encoder.question(answered)
    assert Outside.build(listing, encoder, {}).likeness(vector) == Outside.build(corpus, encoder, {}).likeness(vector)


def test_it_is_the_same_when_it_was_saved_and_its_vectors_serve_again(
    corpus: Corpus, outside: Outside, encoder: Encoder, tmp_path: Path
) -> None:
    outside.save(tmp_path)
    loaded = Outside.load(tmp_path)
    vector = encoder.question("cheap laptops")
    assert loaded.likeness(vector).off_topic == pytest.approx(outside.likeness(vector).off_topic, abs=1e-3)
    again = Outside.build(corpus, _Silent(encoder), loaded.vectors)
    assert again.likeness(vector) == loaded.likeness(vector)


def test_a_list_cut_short_is_no_list(outside: Outside, tmp_path: Path) -> None:
    outside.save(tmp_path)
    (tmp_path / "outside.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KeyError):
        Outside.load(tmp_path)


def test_without_a_list_nothing_is_like_it(small_corpus: Corpus, encoder: Encoder) -> None:
    empty = Outside.build(replace(small_corpus, not_covered=NotCovered()), encoder, {})
    likeness = empty.likeness(encoder.question("How long does a roast chicken take?"))
    assert (likeness.off_topic, likeness.near_domain) == (0.0, 0.0)


class _Silent(Encoder):
    """Encodes nothing."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.folder, encoder.digest)

    def questions(self, texts: list[str]) -> None:  # type: ignore[override]
        assert not texts
        return ()  # type: ignore[return-value]
