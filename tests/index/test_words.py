"""Lexical ranking finds what shares rare words, whatever its accents, case and endings."""

from pathlib import Path

import pytest

from index.words import Words, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mampuján", "mampujan"),
        ("the women's coalition", "Women Coalition"),
        ("1,204 rifles", "1204 rifle"),
        ("U.N. monitors", "UN monitor"),
        ("disarmed", "disarm"),
        ("d\N{RIGHT SINGLE QUOTATION MARK}Hondt", "D'Hondt"),
    ],
)
def test_the_same_thing_written_otherwise_has_the_same_terms(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


def test_function_words_and_question_words_are_no_terms() -> None:
    assert terms("What was it that they did, and how?") == []


def test_rankings_survive_saving(tmp_path: Path) -> None:
    words = Words.build(["rifles handed over", "women at the table", "rules for wells"], ["rifles", "women table", "wells"])
    words.save(tmp_path)
    loaded = Words.load(tmp_path)
    asked = terms("Which rifles?")
    assert loaded.passage_scores(asked).tolist() == words.passage_scores(asked).tolist()
    assert int(loaded.passage_scores(asked).argmax()) == 0
    assert loaded.sentence_scores(terms("women")).argmax() == 1


def test_a_word_that_no_passage_has_scores_nothing_and_is_the_rarest() -> None:
    words = Words.build(["rifles handed over", "rifles kept"], ["rifles", "kept"])
    assert words.passage_scores(["zebra"]).tolist() == [0.0, 0.0]
    assert words.rarity("zebra") > words.rarity("kept") > words.rarity("rifl")
    assert [words.frequency(term) for term in ("zebra", "kept", "rifl")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("question", "mended"),
    [
        ("riflles handed over?", ["rifl", "hand"]),
        ("Riflles handed over?", [*terms("Riflles"), "hand"]),  # a name, perhaps
        ("rifle hend", ["rifl", "hend"]),  # too short to tell
        ("zebras", ["zebra"]),
    ],
)
def test_slips_of_the_keyboard_are_mended_but_names_are_left_alone(question: str, mended: list[str]) -> None:
    words = Words.build(["rifles handed over", "women at the table"], ["rifles", "women"])
    assert words.question_terms(question) == mended
