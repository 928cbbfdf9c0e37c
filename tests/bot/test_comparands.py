"""What a question compares: named and compared, listed, meant, or nothing at all."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.comparands import ELSEWHERE, Comparand, asked_of, comparands
from corpus.case import Corpus
from index.case_index import CaseIndex, Scope, current_index
from index.encoder import PACKAGED_MODEL, Encoder
from index.synchronising import synchronise
from tests.bot.conftest import COVERED, NOT_COVERED

BOTH = ["Valdoria", "Orlund"]
ASKED = "How many women were there"


def names(index: CaseIndex, question: str) -> list[str]:
    return [one.name for one in comparands(question, index)]


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        (f"{ASKED} in the two processes?", BOTH),
        (f"{ASKED} in all two?", BOTH),
        (f"{ASKED} in each country?", BOTH),
        (f"{ASKED} across the peace processes?", BOTH),
        (f"{ASKED} in Orlund and in Valdoria?", BOTH[::-1]),
        (f"{ASKED} in Valdoria in 1991 and in Orlund in 2012?", BOTH),
        (f"{ASKED} in Valdoria compared with Orlund?", BOTH),
        (f"Unlike Orlund, {ASKED.lower()} in Valdoria?", BOTH[::-1]),
        ("compare orlund and valdoria: how many women?", BOTH[::-1]),
        ("What did the Valdorian talks and the Orlunder parliament promise?", BOTH),
        ("How did the Reed Front begin and how did the Tesmark committees?", ["Reed Front", "Tesmark"]),
        (f"{ASKED} in Valdoria and elsewhere?", BOTH),
        (f"{ASKED} in Valdoria compared with other countries?", BOTH),
        (f"{ASKED} in Valdoria and Tananarive?", ["Valdoria", "Tananarive"]),
        ("Compare Valdoria with Tananarive: who chaired the talks?", ["Valdoria", "Tananarive"]),
        ("Tesmark or Valdoria, where were more women heard?", ["Tesmark", "Valdoria"]),
    ],
)
def test_what_is_compared(small_index: CaseIndex, question: str, compared: list[str]) -> None:
    assert names(small_index, question) == compared


def test_two_stories_within_one_area_are_sides(small_corpus: Corpus, encoder: Encoder, tmp_path: Path) -> None:
    told = {"valdoria-harbour-accord", "women-at-the-table"}
    stories = tuple(replace(case, kind="story", areas=("valdoria",)) if case.id in told else case for case in small_corpus.cases)
    synchronise(replace(small_corpus, cases=stories), "0" * 64, tmp_path, encoder, PACKAGED_MODEL)
    with closing(current_index(tmp_path, encoder)) as index:
        renn, vass = comparands("Renn or Vass, who led longer in Valdoria?", index)
        assert (renn.name, renn.story, vass.name, vass.story) == ("Renn", "valdoria-harbour-accord", "Vass", "women-at-the-table")
        assert comparands("Renn or Lindqvist, who led longer in Valdoria?", index) == ()


@pytest.mark.parametrize(
    "question",
    [
        *COVERED,
        *NOT_COVERED,
        f"{ASKED} in the three processes?",  # There are two.
        "Which other countries advised Valdoria?",
        "What did Valdoria learn from Orlund?",
        "What was agreed between Valdoria and Orlund?",
        "How did Bishop Renn, of Orlund, chair the talks?",
        "How many rifles were hidden elsewhere in Valdoria?",
        "What is the difference between TCP and UDP?",
        "Compare Tananarive and Atlantis.",
    ],
)
def test_what_compares_nothing_that_the_cases_tell_of(small_index: CaseIndex, question: str) -> None:
    assert names(small_index, question) == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (f"{ASKED} in Valdoria compared with Orlund?", [f"{ASKED} in Valdoria?", f"{ASKED} with Orlund?"]),
        (f"{ASKED} in Valdoria and in Orlund?", [f"{ASKED} in Valdoria?", f"{ASKED} in Orlund?"]),
        (f"{ASKED} across the two processes?", [f"{ASKED} in Valdoria ?", f"{ASKED} in Orlund ?"]),
        ("How did both countries vote?", ["How did Valdoria vote?", "How did Orlund vote?"]),
    ],
)
def test_each_is_asked_the_question_without_the_others(small_index: CaseIndex, question: str, asked: list[str]) -> None:
    assert [asked_of(one, question) for one in comparands(question, small_index)] == asked


def test_names_before_a_list_of_areas_are_asked_of_each_and_else_of_their_own(small_index: CaseIndex) -> None:
    listed = "Did the Reed Front keep rifles in Valdoria and Orlund?"
    assert all("Reed Front" in asked_of(one, listed) for one in comparands(listed, small_index))
    apart = "How do the rifles of the Reed Front in Valdoria compare with the wells of Tesmark in Orlund?"
    valdoria, orlund = (asked_of(one, apart) for one in comparands(apart, small_index))
    assert "Reed Front" in valdoria
    assert "Reed Front" not in orlund
    assert "Tesmark" in orlund
    assert "Tesmark" not in valdoria


def test_what_is_meant_keeps_to_the_areas_that_the_reader_chose(small_index: CaseIndex) -> None:
    assert comparands(f"{ASKED} in the two processes?", small_index, Scope(areas=frozenset({"orlund"}))) == ()


def test_what_mentions_a_mere_name_in_passing_is_not_about_it(small_index: CaseIndex) -> None:
    mentioned, headed = (
        {passage.section for passage in small_index.passages if Comparand(name, ()).has(passage)} for name in ("Wells Act", "Menders")
    )
    assert mentioned == set()
    assert headed == {"What the Net Menders' League won"}


@pytest.fixture
def index_with_a_story_of_no_area(small_corpus: Corpus, encoder: Encoder, tmp_path: Path) -> Iterator[CaseIndex]:
    """The small index with its story taken out of its area."""
    cases = tuple(replace(case, areas=()) if case.kind == "story" else case for case in small_corpus.cases)
    synchronise(replace(small_corpus, cases=cases), "0" * 64, tmp_path, encoder, PACKAGED_MODEL)
    with closing(current_index(tmp_path, encoder)) as index:
        yield index


def test_beside_a_story_of_no_area_every_other_case_is_elsewhere(index_with_a_story_of_no_area: CaseIndex) -> None:
    index = index_with_a_story_of_no_area
    story, elsewhere = comparands("How do water committees work in Tesmark and elsewhere?", index)
    assert (story.name, elsewhere.name) == ("Tesmark", ELSEWHERE)
    for passage in index.passages:
        told = passage.case_id == "tesmark-water-committees"
        assert (story.has(passage), elsewhere.has(passage)) == (told, not told)
