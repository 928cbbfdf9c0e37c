"""A question about the present is told how far the facts reach."""

import pytest

from bot.present import reach


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Bangsamoro now?",
        "What is the current state of the JEP?",
        "Is the ceasefire still in force?",
        "What has been done so far?",
        "What is the latest on the ELN talks?",
        "How many are there at the moment?",
    ],
)
def test_the_present_is_recognised(question: str) -> None:
    assert reach(question, ["2025-10-16"]) == "The facts of this answer reach to October 2025; later events are not in the corpus."


@pytest.mark.parametrize("question", ["Who chaired the talks?", "Who still held weapons in 2004?", "What do we know of nowhere?"])
def test_the_past_is_left_alone(question: str) -> None:
    assert reach(question, ["2025-10"]) is None


def test_cases_that_reach_to_different_dates_are_told_apart() -> None:
    said = reach("Who leads now?", ["2026-03", "2015-11", "2026-03-05", "2019"])
    assert said == "The facts of this answer reach to dates between November 2015 and March 2026; later events are not in the corpus."
    assert reach("Who leads now?", []) is None
