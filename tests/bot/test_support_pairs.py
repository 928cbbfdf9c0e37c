"""Labelled pairs: their halves, their file, and what is told of them."""

from pathlib import Path

import pytest

from bot.support_pairs import KINDS, Pair, rates_of, read_pairs, told
from corpus.problems import CorpusError


def test_the_pairs_are_of_every_kind_in_both_halves() -> None:
    pairs = read_pairs()
    for half in ("tuning", "reported"):
        assert {pair.kind for pair in pairs if pair.half == half} == set(KINDS)
    assert all(pair.sentence != pair.quotation for pair in pairs)


def test_pairs_that_rest_on_one_quotation_belong_to_one_half() -> None:
    halves: dict[str, set[str]] = {}
    for pair in read_pairs():
        halves.setdefault(pair.quotation, set()).add(pair.half)
    assert {len(found) for found in halves.values()} == {1}


def test_a_quotation_is_cut_into_its_sentences() -> None:
    assert Pair("faithful", "Bishop Renn chaired. Gen. Lindqvist advised.", "Both worked.", "").sentences == [
        "Bishop Renn chaired.",
        "Gen. Lindqvist advised.",
    ]


@pytest.mark.parametrize("text", ["- kind: odd\n  quotation: a\n  sentence: b\n  why: c\n", "- kind: date\n", "just words\n", "- words\n"])
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.yaml"
    path.write_text(text)
    with pytest.raises(CorpusError):
        read_pairs(path)


def test_rates_count_the_faithful_shown_and_the_others_caught() -> None:
    found = rates_of([(Pair("faithful", "", "", ""), True), (Pair("date", "", "", ""), True), (Pair("date", "", "", ""), False)])
    assert (found["faithful"].hits, found["faithful"].of) == (1, 1)
    assert (found["date"].hits, found["date"].of) == (1, 2)
    assert "date       caught            1/2" in told(found)
