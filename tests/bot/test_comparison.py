"""Comparisons: each side is found by itself, and an answer has something of every side or is none."""

import pytest

from bot.answer import answer_question
from bot.comparison import MOST_SIDES, Side, sides
from index.case_index import EVERYTHING, CaseIndex, Scope
from tests.bot.conftest import COVERED, NOT_COVERED

SET_SIDE_BY_SIDE = {
    "Compare how the water committees of the Tesmark valley settled quarrels at wells with the rifles kept in Hallmoor forest.": (
        "Tesmark",
        "Hallmoor",
    ),
    "What did Bishop Renn do at Port Ilmar and what did Samo Quist do at the wells?": ("Renn", "Quist"),
}
"""Each tells of two cases that no passage sets side by side; with a name of either side."""


def found(index: CaseIndex, question: str, scope: Scope = EVERYTHING) -> tuple[Side, ...]:
    return sides(question, index, scope, 6)


@pytest.mark.parametrize("question", SET_SIDE_BY_SIDE)
def test_each_side_is_found_by_itself(small_index: CaseIndex, question: str) -> None:
    lead = {side.hits[0].passage.case_id for side in found(small_index, question)}
    assert lead == {"valdoria-harbour-accord", "tesmark-water-committees"}


@pytest.mark.parametrize(("question", "names"), SET_SIDE_BY_SIDE.items())
def test_a_side_asks_nothing_of_the_other_sides_name(small_index: CaseIndex, question: str, names: tuple[str, str]) -> None:
    asked = [{name for name in names if name in side.query.text} for side in found(small_index, question)]
    assert asked == [{names[0]}, {names[1]}]


@pytest.mark.parametrize("question", SET_SIDE_BY_SIDE)
def test_the_answer_cites_both_sides_and_repeats_nothing(small_index: CaseIndex, question: str) -> None:
    answer = answer_question(question, index=small_index, public_url="")
    assert answer.status == "answered"
    assert {citation.case.id for citation in answer.citations} >= {"valdoria-harbour-accord", "tesmark-water-committees"}
    assert 2 <= len(answer.sentences) <= 6
    assert len({sentence.text for sentence in answer.sentences}) == len(answer.sentences)


@pytest.mark.parametrize("question", [*COVERED, *NOT_COVERED])
def test_any_other_question_has_one_side_which_is_the_question_itself(small_index: CaseIndex, question: str) -> None:
    [side] = found(small_index, question)
    assert side.query.text == question
    assert list(side.hits) == small_index.search(question, limit=6)


@pytest.mark.parametrize(
    "question",
    [
        "Compare how arms were counted in Hallmoor with how arms were counted in Aceh.",
        "How are fines paid in Tesmark and in Tananarive?",
        "Did the Reed Front of Hallmoor and the Tamil Tigers both keep rifles?",
    ],
)
def test_a_side_that_no_case_tells_of_leaves_the_question_uncovered(small_index: CaseIndex, question: str) -> None:
    assert len(found(small_index, question)) == 1
    assert answer_question(question, index=small_index, public_url="").status == "not_covered"


def test_two_places_that_are_not_set_side_by_side_are_no_comparison(small_index: CaseIndex) -> None:
    [side] = found(small_index, "How many rifles did the Reed Front of Hallmoor sell to Tesmark?")
    assert side.query.text.endswith("Tesmark?")


def test_a_scope_that_leaves_one_side_out_leaves_it_without_an_answer(small_index: CaseIndex) -> None:
    stories = Scope(kinds=frozenset({"story"}))
    for question in SET_SIDE_BY_SIDE:
        assert answer_question(question, index=small_index, public_url="").status == "answered"
        within = answer_question(question, index=small_index, public_url="", scope=stories)
        assert within.status in ("partly_answered", "not_covered")
        assert {citation.case.id for citation in within.citations} <= {"tesmark-water-committees"}


@pytest.mark.parametrize(
    "question",
    [
        "How many women were there in the two processes?",
        "How many women were there in both countries?",
        "How many women were there in Valdoria and elsewhere?",
        "How many women were there in Valdoria and Orlund?",
        "How many women were there in Valdoria compared with Orlund?",
        "women in orlund versus valdoria: how many were there?",
    ],
)
def test_areas_that_are_named_or_meant_are_sides_even_where_one_passage_tells_of_both(small_index: CaseIndex, question: str) -> None:
    compared = {side.name: side for side in found(small_index, question)}
    assert set(compared) == {"Valdoria", "Orlund"}
    for area, side in (("valdoria", compared["Valdoria"]), ("orlund", compared["Orlund"])):
        assert side.hits
        assert all(area in hit.passage.areas for hit in side.hits)


def test_a_passage_of_two_areas_gives_each_side_its_own_sentences(small_index: CaseIndex) -> None:
    for side, other in zip(found(small_index, "How many women were there in Valdoria and Orlund?"), ("Tesmark", "Valdoria"), strict=True):
        shared = [hit.passage for hit in side.hits if len(hit.passage.areas) == 2]
        told = [s.text for p in shared for number, s in enumerate(p.sentences) if (p.id, number) not in side.barred]
        assert told
        assert not any(other in text for text in told)


def test_a_side_outside_the_readers_areas_finds_nothing(small_index: CaseIndex) -> None:
    scope = Scope(areas=frozenset({"orlund"}))
    compared = {side.name: side for side in found(small_index, "How many women were there in Valdoria and Orlund?", scope)}
    assert compared["Valdoria"].hits == ()
    assert compared["Orlund"].hits


def test_a_question_is_never_cut_into_more_than_the_most_sides(small_index: CaseIndex) -> None:
    many = "Compare Hallmoor and Tesmark and Port Ilmar and the Net Menders' League and Orlund and Elin Sorr and Lena Torvald."
    assert 1 <= len(found(small_index, many)) <= MOST_SIDES
