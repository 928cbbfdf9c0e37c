"""Follow-ups: what a question leaves out is taken from the conversation, and what it names for itself is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import answer_question
from bot.follow_up import UNANSWERED, Turn, understood
from bot.question import cleaned
from index.case_index import CaseIndex
from tests.bot.conftest import BOMB, COVERED, NOT_COVERED, SPANISH

FINES = "In what are fines in the Tesmark valley paid?"
ACCORD = "When was the Harbour Accord signed?"
RIFLES = "How many rifles did the Orlund Observer Group count?"
WOMEN = "How many women were delegates at Port Ilmar in 1991?"


def standalone(index: CaseIndex, *questions: str) -> str:
    """What the last question is understood as, when all before it were answered."""
    return understood(questions[-1], [Turn(question, "An answer. [1]") for question in questions[:-1]], index).text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # another place or body
        ((WOMEN, "And in the Tesmark valley?"), f"{WOMEN} In the Tesmark valley?"),
        ((WOMEN, "And in Tesmark?"), "How many women were delegates at Tesmark?"),
        ((WOMEN, "what about tesmark"), "How many women were delegates at Tesmark?"),
        ((RIFLES, "And the Lantern Fund?"), "How many rifles did the Lantern Fund count?"),
        ((RIFLES, "No, the Reed Front"), "How many rifles did the Reed Front count?"),
        ((RIFLES, "sorry, i meant the reed front, not the observers"), "How many rifles did the Reed Front count?"),
        ((FINES, "The same for Hallmoor?"), "In what are fines in the Hallmoor valley paid?"),
        # another year
        (("What happened at Port Ilmar in 1991?", "No, in 1993"), "What happened at Port Ilmar in 1993?"),
        # more about the same
        ((FINES, "What about women?"), f"{FINES} What about women?"),
        ((FINES, "How many people were killed there?"), f"{FINES} How many people were killed there?"),
        (("Who chaired the Harbour talks?", "When did they open?"), "Who chaired the Harbour talks? When did they open?"),
        ((ACCORD, "What was its aim?"), f"{ACCORD} What was its aim?"),
        ((ACCORD, "Who paid for it"), f"{ACCORD} Who paid for it?"),
        ((ACCORD, "Why?"), f"{ACCORD} Why?"),
        ((ACCORD, "and why not"), f"{ACCORD} And why not?"),
        # a chain reaches back over what was added
        ((FINES, "Why?", "Who decides that?"), f"{FINES} Who decides that?"),
        ((RIFLES, "And the Reed Front?", "Who paid for it?"), "How many rifles did the Reed Front count? Who paid for it?"),
        # its own matter
        ((FINES, ACCORD), ACCORD),
        ((FINES, f"And {ACCORD[0].lower()}{ACCORD[1:]}"), ACCORD),
        ((FINES, ACCORD, "Back to the Tesmark valley: how are fines paid?"), "Tesmark valley: how are fines paid?"),
    ],
)
def test_a_question_is_understood_from_what_was_said(small_index: CaseIndex, asked: tuple[str, ...], expected: str) -> None:
    assert standalone(small_index, *asked) == expected


@pytest.mark.parametrize("question", [*COVERED, *NOT_COVERED])
@pytest.mark.parametrize("before", [FINES, COVERED[3]])
def test_a_whole_question_inherits_nothing(small_index: CaseIndex, question: str, before: str) -> None:
    assert standalone(small_index, before, question) == question


@pytest.mark.parametrize("question", ["And in Colombia?", "Why?", "Who chaired it?", *COVERED])
def test_a_first_question_is_taken_as_it_stands(small_index: CaseIndex, question: str) -> None:
    assert standalone(small_index, question) == question


@pytest.mark.parametrize("asked", [NOT_COVERED[0], BOMB, SPANISH, "?", "x" * 3000])
def test_a_turn_without_an_answer_is_no_context(small_index: CaseIndex, asked: str) -> None:
    answer = answer_question(asked, index=small_index, public_url="")
    said = answer.text
    assert answer.status != "answered"
    assert said.startswith(UNANSWERED)
    history = [Turn(FINES, "In seed. [1]"), Turn(ACCORD, said)]
    assert understood("Why?", history, small_index).text == f"{FINES} Why?"
    assert understood("Why?", history[1:], small_index).text == "Why?"


def test_an_invalid_turn_is_no_context(small_index: CaseIndex) -> None:
    history = [Turn(FINES, "In seed. [1]"), Turn("?!", "Anything"), Turn("x" * 3000, "Anything")]
    assert understood("Why?", history, small_index).text == f"{FINES} Why?"


def test_a_name_that_is_given_up_is_not_sought(small_index: CaseIndex) -> None:
    moved = understood("And in the Tesmark valley?", [Turn(WOMEN, "Two. [1]")], small_index)
    assert "Ilmar" not in moved.sought
    assert "1991" not in moved.sought
    assert "Tesmark" in moved.sought


def test_a_name_is_not_given_up_where_nothing_would_be_left_to_ask(small_index: CaseIndex) -> None:
    asked = "And in the Tesmark valley?"
    history = [Turn("Who was Bishop Oskar Renn?", "A bishop. [1]")]
    kept = understood(asked, history, small_index)
    assert "Renn" in kept.sought
    assert "Renn" in kept.text


def test_a_reader_is_shown_no_question_with_a_name_that_is_not_sought(small_index: CaseIndex) -> None:
    moved = understood("And in Tesmark?", [Turn("How many rifles did the Reed Front keep in Hallmoor?", "Nine. [1]")], small_index)
    assert "Reed" not in moved.sought
    assert moved.text == "How many rifles did the Reed Front keep in Hallmoor? In Tesmark?"


def test_the_answer_to_a_follow_up_leads_with_what_is_new(small_index: CaseIndex) -> None:
    first = answer_question(FINES, index=small_index, public_url="")
    asked = "How many people were killed there?"
    then = answer_question(asked, index=small_index, public_url="", history=[Turn(FINES, first.text)])
    assert then.status == "answered"
    assert then.question == asked
    assert then.standalone_question == f"{FINES} {asked}"
    assert then.sentences[0].text.startswith("Forty-one people were killed")


def test_a_follow_up_about_something_that_no_case_tells_of_is_not_covered(small_index: CaseIndex) -> None:
    first = answer_question(FINES, index=small_index, public_url="")
    for asked in ("And in Sudan?", "And in the Basque country?", "Which bank gives the best mortgage?"):
        assert answer_question(asked, index=small_index, public_url="", history=[Turn(FINES, first.text)]).status == "not_covered"


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=6), st.text(min_size=1, max_size=60))
def test_no_conversation_breaks_it(small_index: CaseIndex, before: list[str], question: str) -> None:
    asked = "a" + cleaned("a" + question)
    text = understood(asked, [Turn(one, "An answer. [1]") for one in before], small_index).text
    assert text.strip()


def test_a_long_conversation_stays_short(small_index: CaseIndex) -> None:
    history = [Turn(FINES, "In seed. [1]")] + [Turn("And why?", "For that. [1]")] * 40
    assert len(understood("And why?", history, small_index).text) < 300
