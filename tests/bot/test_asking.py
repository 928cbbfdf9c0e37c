"""A stream of questions: one Answer a line, in order; what is no question is told on its own line, and the rest goes on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import answer_question
from bot.asking import answer_lines
from index.case_index import CaseIndex
from tests.bot.conftest import COVERED, NOT_COVERED
from tests.bot.test_schema import VALIDATOR

URL = "https://peace.example.org"


def answers(index: CaseIndex, *lines: bytes) -> list[dict[str, Any]]:
    return list(answer_lines(lines, index, URL))


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


BAD_LINES = {
    b"who chaired the talks?": "This line is not JSON in UTF-8",
    b'{"question": "who?"': "This line is not JSON in UTF-8",
    b'{"question": "\xff"}': "This line is not JSON in UTF-8",
    b"\x00\x01": "This line is not JSON in UTF-8",
    b"[" * 100_000: "This line is not JSON in UTF-8",
    b"1" * 5000: "This line is not JSON in UTF-8",
    b'"who?"': "This line has no question",
    b"null": "This line has no question",
    b"[]": "This line has no question",
    b"{}": "This line has no question",
    b'{"question": 5}': "This line has no question",
    b'{"question": null}': "This line has no question",
    b'{"question": "x", "area": "valdoria"}': "This line has an unknown field 'area'",
    b'{"question": "x", "areas": "valdoria"}': "The field 'areas' must be a list of names",
    b'{"question": "x", "themes": [1]}': "The field 'themes' must be a list of names",
    b'{"question": "x", "kinds": {"story": 1}}': "The field 'kinds' must be a list of names",
    b'{"question": "x", "areas": ["atlantis"]}': "There is no area 'atlantis': choose among orlund, valdoria.",
    b'{"question": "x", "kinds": ["saga"]}': "There is no kind 'saga': choose among process, story, theme.",
    b'{"question": "x", "themes": ["joy"]}': "There is no theme 'joy'",
    b'{"question": "x", "history": "y"}': "The field 'history' must be a list",
    b'{"question": "x", "history": ["y"]}': "Each entry of 'history' must be",
    b'{"question": "x", "history": [{"question": "y"}]}': "Each entry of 'history' must be",
    b'{"question": "x", "history": [{"question": "y", "answer": 1}]}': "Each entry of 'history' must be",
}


@pytest.mark.parametrize(("bad", "says"), BAD_LINES.items(), ids=range(len(BAD_LINES)))
def test_a_bad_line_is_told_on_its_own_and_the_rest_goes_on(small_index: CaseIndex, bad: bytes, says: str) -> None:
    first, told, last = answers(small_index, line(question=COVERED[0]), bad + b"\n", line(question=NOT_COVERED[0]))
    assert (first["status"], last["status"]) == ("answered", "not_covered")
    assert list(told) == ["error"]
    assert told["error"].startswith(says)
    assert told["error"].endswith(".")


@settings(max_examples=50)
@given(st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=20).map(lambda text: line(question=text))), max_size=5))
def test_any_lines_give_an_answer_or_an_error_each(small_index: CaseIndex, lines: list[bytes]) -> None:
    told = answers(small_index, *lines)
    assert len(told) == len([one for one in lines if one.strip()])
    for one in told:
        assert list(one) == ["error"] or VALIDATOR.is_valid(json.loads(json.dumps(one)))


def test_empty_lines_are_passed_over(small_index: CaseIndex) -> None:
    assert [one["question"] for one in answers(small_index, b"\n", line(question="a"), b"  \r\n", line(question="b"))] == ["a", "b"]


def test_answers_come_as_the_lines_do(small_index: CaseIndex) -> None:
    asked: list[str] = []

    def lines() -> Iterator[bytes]:
        for question in COVERED[:2]:
            asked.append(question)
            yield line(question=question)

    stream = answer_lines(lines(), small_index, URL)
    assert next(stream)["question"] == COVERED[0]
    assert asked == [COVERED[0]]


def test_scope_and_history_of_a_line_are_its_own(small_index: CaseIndex) -> None:
    question = "How many women were delegates in the Harbour talks?"
    history = [{"question": "Who?", "answer": "Nobody."}]
    within, free = answers(
        small_index, line(question=question, areas=["orlund"], kinds=["theme"], themes=["women"], history=history), line(question=question)
    )
    assert {citation["case"]["id"] for citation in within["citations"]} == {"women-at-the-table"}
    assert len({citation["case"]["id"] for citation in free["citations"]}) > 1


def test_a_line_and_a_question_get_the_same_answer(small_index: CaseIndex) -> None:
    [told] = answers(small_index, line(question=COVERED[0]))
    one = answer_question(COVERED[0], index=small_index, public_url=URL)
    own = {"id": None, "timings_ms": None}
    assert {**told, **own} == {**one.as_json(), **own}
