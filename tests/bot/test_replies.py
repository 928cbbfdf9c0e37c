"""A model's reply is read as it comes, whatever is wrapped around its sentences, and nothing else of it is read."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import LONGEST, Proposal, proposals

ONE = {"sentence": "A war ended.", "labels": ["P1"], "quotations": ["The war ended in May."]}
TWO = {"sentence": 'A {brace} and a "quote".', "labels": ["P2", "P3"], "quotations": ["x", "y"]}
READ = [Proposal("A war ended.", ("P1",), ("The war ended in May.",)), Proposal('A {brace} and a "quote".', ("P2", "P3"), ("x", "y"))]


@pytest.mark.parametrize(
    "reply",
    [
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}",
        f"```json\n{json.dumps(ONE)}\n{json.dumps(TWO)}\n```",
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"answer": [ONE, TWO]}),
        f"Certainly! {{here}} it is: {json.dumps(ONE)} and {{broken {json.dumps(TWO)} Hope that helps.",
        f'{{"sentence": "A "broken" one.", "labels": ["P1"]}}\n{json.dumps(ONE)}\n{json.dumps(TWO)}',
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_sentences_are_found_whatever_stands_around_them(reply: str, size: int) -> None:
    assert list(proposals(reply[start : start + size] for start in range(0, len(reply), size))) == READ


def test_a_sentence_is_there_as_soon_as_its_object_is() -> None:
    whole = json.dumps(ONE)
    seen: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in (whole[:20], whole[20:], json.dumps(TWO)[:9]):
            seen.append(piece)
            yield piece

    assert next(proposals(pieces())) == READ[0]
    assert seen == [whole[:20], whole[20:]]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "The IRA put its arms beyond use in 2005 [P1].",
        '{"sentences": ["A war ended."]}',
        '{"sentence": ["A war ended."]}',
        '{"sentence": "  "}',
        '{"sentence": null}',
        '{"sentence": "never closed',
        "[" * 100_000,
        '{"a":' * 5_000,
    ],
)
def test_what_is_no_sentence_object_is_not_read(reply: str) -> None:
    assert list(proposals([reply])) == []


def test_one_string_counts_as_a_list_of_one_and_what_is_no_string_is_left_out() -> None:
    reply = '{"sentence": "A.", "label": "P1", "quotation": "b"} {"sentence": "B.", "labels": [1, "P2", null], "quotations": {}}'
    assert list(proposals([reply])) == [Proposal("A.", ("P1",), ("b",)), Proposal("B.", ("P2",), ())]


def test_reading_ends_where_a_reply_does_not() -> None:
    given = 0

    def pieces() -> Iterator[str]:
        nonlocal given
        while True:
            given += 100
            yield "word " * 20

    assert list(proposals(pieces())) == []
    assert given <= LONGEST + 200


@given(st.text(), st.integers(1, 50))
def test_no_reply_breaks_the_reading(reply: str, size: int) -> None:
    for proposal in proposals(reply[start : start + size] for start in range(0, len(reply), size)):
        assert proposal.sentence.strip()
