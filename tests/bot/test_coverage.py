"""Whether the corpus covers a question: told from raw signals, apart from ranking."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import coverage
from bot.comparison import Side
from index.case_index import EVERYTHING, CaseIndex, Hit, Query, Scope
from tests.bot.conftest import COVERED, NOT_COVERED


def verdict(index: CaseIndex, question: str, scope: Scope = EVERYTHING) -> coverage.Verdict:
    query = index.query(question)
    return judged(index, query, index.search(query, scope))


def judged(index: CaseIndex, query: Query, hits: Sequence[Hit], everywhere: Sequence[Hit] = ()) -> coverage.Verdict:
    return coverage.judge(query.text, [Side(query, tuple(hits), tuple(everywhere))], index)


@pytest.mark.parametrize("question", COVERED)
def test_what_the_cases_plainly_tell_is_covered(small_index: CaseIndex, question: str) -> None:
    assert verdict(small_index, question).covered


@pytest.mark.parametrize("question", NOT_COVERED)
def test_what_they_plainly_do_not_tell_is_not(small_index: CaseIndex, question: str) -> None:
    assert not verdict(small_index, question).covered


def test_nothing_found_covers_nothing(small_index: CaseIndex) -> None:
    assert judged(small_index, small_index.query(COVERED[0]), []) == coverage.Verdict(False, 0.0)


def test_the_verdict_does_not_hang_on_the_scores_that_rank(small_index: CaseIndex) -> None:
    for question in (*COVERED, *NOT_COVERED):
        hits = small_index.search(question)
        unranked = [replace(hit, score=0.5) for hit in hits]
        assert judged(small_index, small_index.query(question), unranked) == verdict(small_index, question)


def test_there_is_a_weight_for_each_signal_and_a_signal_for_each_weight(small_index: CaseIndex) -> None:
    seen = coverage.signals(small_index.query(COVERED[0]), small_index.search(COVERED[0]), small_index)
    assert set(seen) == set(coverage.calibration().weights)
    assert 0 < coverage.calibration().threshold < 1


@pytest.mark.parametrize(
    "question", [*COVERED, *NOT_COVERED, "?", "the of and", "1994", "\N{GRINNING FACE}", "A" * 2000, "(", "who when how many"]
)
def test_every_question_has_sound_signals(small_index: CaseIndex, question: str) -> None:
    seen = coverage.signals(small_index.query(question), small_index.search(question), small_index)
    assert all(math.isfinite(value) and -1.001 <= value <= 1.001 for value in seen.values()), seen
    assert 0 <= verdict(small_index, question).probability <= 1


def test_a_scope_that_leaves_the_answer_out_leaves_it_uncovered(small_index: CaseIndex) -> None:
    question = "How many rifles had the Reed Front kept in Hallmoor forest?"
    assert verdict(small_index, question).covered
    assert not verdict(small_index, question, Scope(kinds=frozenset({"story"}))).covered


def test_the_right_matter_in_another_year_is_not_covered(small_index: CaseIndex) -> None:
    asked = "When did the Harbour talks open at Port Ilmar in {}?"
    assert verdict(small_index, asked.format(1991)).covered
    assert verdict(small_index, asked.format(2011)) == coverage.Verdict(False, 0.0)


def test_the_right_matter_in_another_place_is_not_covered(small_index: CaseIndex) -> None:
    asked = "When did the Harbour talks open at {}?"
    assert verdict(small_index, asked.format("Port Ilmar")).covered
    assert verdict(small_index, asked.format("Tananarive")) == coverage.Verdict(False, 0.0)


def test_what_plainly_stands_outside_a_scope_is_not_answered_with_the_nearest_inside_it(small_index: CaseIndex) -> None:
    question = "How many rifles had the Reed Front kept in Hallmoor forest?"
    query = small_index.query(question)
    everywhere = small_index.search(query)
    # The same passages, sharing half as much with the question: what a scope leaves when the answer stands outside it.
    within = [replace(hit, signals=replace(hit.signals, words=hit.signals.words / 2)) for hit in everywhere]
    assert judged(small_index, query, within).covered
    assert judged(small_index, query, within, everywhere) == coverage.Verdict(False, 0.0)
    assert judged(small_index, query, everywhere, everywhere).covered


@pytest.mark.parametrize("question", COVERED)
def test_a_scope_that_holds_the_answer_still_gives_it(small_index: CaseIndex, question: str) -> None:
    query = small_index.query(question)
    everywhere = small_index.search(query)
    hits = small_index.search(question, Scope(kinds=frozenset({everywhere[0].passage.case_kind})))
    assert judged(small_index, query, hits, everywhere).covered
