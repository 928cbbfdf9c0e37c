"""The answer to a comparison: each sentence in one cell, an empty cell plainly empty, and what limits it."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import answer_question, unescaped
from bot.comparison import sides
from bot.matrix import comparison, rows, uncovered_sentence
from bot.model import Model
from bot.schema import Answer
from corpus.case import Corpus, Term
from index.case_index import EVERYTHING, CaseIndex, current_index
from index.encoder import PACKAGED_MODEL, Encoder
from index.synchronising import synchronise
from tests.bot.conftest import COVERED
from tests.bot.model_server import lines, model_server, says
from tests.bot.test_schema import valid

MARKER = re.compile(r" \[\d+\]")
WOMEN = "How many women were there in Valdoria and Orlund?"
PARTS = "Compare Valdoria and Orlund: how many women were there, and which rule on household or household voting held women back?"
HELD_BACK = "Which rule on household or household voting held women back?"
PARTLY = "How many women were there in Valdoria compared with Tananarive?"


def ask(index: CaseIndex, question: str) -> Answer:
    answer = answer_question(question, index=index, public_url="http://localhost")
    valid(answer)
    return answer


@pytest.mark.parametrize("question", [WOMEN, PARTS, PARTLY])
def test_each_sentence_stands_in_one_cell_and_is_cited(small_index: CaseIndex, question: str) -> None:
    answer = ask(small_index, question)
    assert answer.comparison
    cells = [cell for row in answer.comparison.rows for cell in row.cells]
    assert [position for cell in cells for position in cell.sentences] == list(range(len(answer.sentences)))
    assert len({sentence.text for sentence in answer.sentences}) == len(answer.sentences) <= 6
    for row in answer.comparison.rows:
        assert tuple(cell.side for cell in row.cells) == answer.comparison.sides
        assert any(cell.sentences for cell in row.cells)
    for cell in cells:
        for position in cell.sentences:
            cited = {area for n in answer.sentences[position].citations for area in answer.citations[n - 1].case.areas}
            assert cell.side.lower() in cited


def test_each_side_has_its_own_sentences(small_index: CaseIndex) -> None:
    answer = ask(small_index, WOMEN)
    assert answer.status == "answered"
    assert answer.comparison
    told = {cell.side: " ".join(answer.sentences[n].text for n in cell.sentences) for row in answer.comparison.rows for cell in row.cells}
    assert "22 delegates" in told["Valdoria"]
    assert "31 per cent" in told["Orlund"]
    assert "Tesmark" not in told["Valdoria"]


def test_a_side_that_is_not_covered_is_named_and_its_cells_are_empty(small_index: CaseIndex) -> None:
    answer = ask(small_index, PARTLY)
    assert answer.status == "partly_answered"
    assert answer.comparison
    assert answer.comparison.uncovered == ("Tananarive",)
    assert all(cell.sentences == () for row in answer.comparison.rows for cell in row.cells if cell.side == "Tananarive")
    assert uncovered_sentence(answer.comparison) == "Not covered: Tananarive."
    assert answer.text.startswith("The corpus answers part of this question. Not covered: Tananarive.")
    assert "nothing to compare" in answer.comparison.limits


def test_the_text_is_the_cells_with_their_sides_and_the_limits(small_index: CaseIndex) -> None:
    answer = ask(small_index, WOMEN)
    assert answer.comparison
    paragraphs = unescaped(MARKER.sub("", answer.text)).split("\n\n")
    cells = [cell for row in answer.comparison.rows for cell in row.cells]
    assert paragraphs == [
        *(f"{cell.side}: " + " ".join(answer.sentences[n].text for n in cell.sentences) for cell in cells),
        answer.comparison.limits,
    ]


def test_the_limits_say_how_far_each_side_reaches_and_that_counts_differ(small_index: CaseIndex) -> None:
    answer = ask(small_index, WOMEN)
    assert answer.comparison
    assert answer.comparison.limits == (
        "Facts reach to different dates: Valdoria 31 January 2020, Orlund 2019 to 31 January 2020; "
        "figures that different bodies counted cannot be compared."
    )


def test_parts_that_are_asked_of_each_side_are_rows(small_index: CaseIndex) -> None:
    answer = ask(small_index, PARTS)
    assert answer.comparison
    assert [row.issue for row in answer.comparison.rows] == ["How many women were there?", HELD_BACK]
    assert f"\n\n{HELD_BACK}\n\nValdoria: " in answer.text


@pytest.fixture
def index_with_a_theme(small_corpus: Corpus, encoder: Encoder, tmp_path: Path) -> Iterator[CaseIndex]:
    """The small index with a theme that a sentence of either area names."""
    rules = Term("women", "Rules on seats", ("reserved", "household"))
    vocabulary = replace(small_corpus.vocabulary, themes={**small_corpus.vocabulary.themes, "women": rules})
    synchronise(replace(small_corpus, vocabulary=vocabulary), "0" * 64, tmp_path, encoder, PACKAGED_MODEL)
    with closing(current_index(tmp_path, encoder)) as index:
        yield index


def test_a_theme_of_which_every_side_tells_is_a_row(index_with_a_theme: CaseIndex) -> None:
    question = "Compare how few women sat in Valdoria and Orlund, and the rules and customs of voting."
    answer = ask(index_with_a_theme, question)
    assert answer.comparison
    itself, rules = answer.comparison.rows
    assert (itself.issue, rules.issue) == (question, "Rules on seats")
    assert all(cell.sentences for row in (itself, rules) for cell in row.cells)
    valdoria, orlund = (" ".join(answer.sentences[n].text for n in cell.sentences) for cell in rules.cells)
    assert "reserved" in valdoria
    assert "household" in orlund


def test_sides_that_are_left_out_are_named(small_index: CaseIndex) -> None:
    compared = sides(WOMEN, small_index, EVERYTHING, 6)
    matrix = comparison(rows(WOMEN, compared, small_index), compared, lambda _: 0, ["Atlantis", "Utopia"])
    assert matrix
    assert "left out are: Atlantis, Utopia" in matrix.limits


def test_a_side_without_hits_leaves_the_others_their_rows(small_index: CaseIndex) -> None:
    valdoria, orlund = sides(WOMEN, small_index, EVERYTHING, 6)
    told = rows(WOMEN, [valdoria, replace(orlund, hits=())], small_index)
    assert all(row.cells[0] and not row.cells[1] for row in told)


@pytest.mark.parametrize("question", COVERED)
def test_a_question_that_compares_nothing_has_no_matrix(small_index: CaseIndex, question: str) -> None:
    assert ask(small_index, question).comparison is None


def test_what_a_model_writes_of_one_side_is_completed_by_quotations_of_the_other(small_index: CaseIndex) -> None:
    counted = "Two of the 22 delegates in the Harbour talks of Valdoria were women in March 1991."
    with model_server(says(lambda request: lines((f"{counted[:-15]}.", *request.label_of(counted))))) as server:
        answer = answer_question(WOMEN, index=small_index, public_url="http://localhost", model=Model(server.settings()))
    valid(answer)
    assert answer.comparison
    [row] = answer.comparison.rows
    assert [cell.side for cell in row.cells] == ["Valdoria", "Orlund"]
    assert row.cells[0].sentences == (0,)
    assert (answer.sentences[0].text, answer.sentences[0].support) == (f"{counted[:-15]}.", "checked")
    assert row.cells[1].sentences
    assert {answer.sentences[n].support for n in row.cells[1].sentences} == {"verbatim"}
    assert sorted(n for cell in row.cells for n in cell.sentences) == list(range(len(answer.sentences)))
