"""What a right answer is, and how sure one can be of a share."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import answer_question
from bot.evaluate import Rate, contains, evaluate, judged
from corpus.questions import GoldenQuestion, QuestionKind
from index.case_index import CaseIndex
from tests.bot.conftest import COVERED, NOT_COVERED

CHAIRED = "Who chaired the Harbour talks?"


def question(text: str, kind: QuestionKind = "golden", **more: Sequence[str]) -> GoldenQuestion:
    return replace(GoldenQuestion(text, kind, f"Why: {text}"), **{name: tuple(value) for name, value in more.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It has 34 articles.", "34"),
        ("It has 34 articles.", "ARTICLES"),
        ("Turnout was 58.3 per cent.", "58.3"),
        ("1,204 rifles", "1,204"),
        ("in 1994.", "1994"),
        ("in 1994, and", "1994"),
        ("the Patten report", "nothing|patten"),
        ("a two-year gap", "two-year|two years"),
        ("decommissioned in 2005", "decommission*"),
        ("decommission", "decommission*"),
        ("Mampuján", "mampuján"),
        ("the DUP's votes", "DUP"),
        ("(1998)", "1998"),
        ("U.N. troops", "U.N."),
    ],
)
def test_a_string_is_found_at_word_boundaries(text: str, wanted: str) -> None:
    assert contains(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("18,000 people", "18"),
        ("1.18 per cent", "18"),
        ("1,204 rifles", "204"),
        ("118", "18"),
        ("181", "18"),
        ("1998", "199"),
        ("Patten's", "pat"),
        ("women", "men"),
        ("redecommission", "decommission*"),
        ("nothing", "this|that"),
        ("", "x"),
    ],
)
def test_a_string_is_not_found_inside_another(text: str, wanted: str) -> None:
    assert not contains(text, wanted)


WORDS = st.text(alphabet=st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8).filter(lambda word: word.upper().lower() == word)


@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_every_word_of_a_text_is_found_and_no_part_of_one(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    assert contains(" ".join(words), word)
    assert contains(" ".join(words), f"zzzzzzzzz|{word}")
    assert not contains(" ".join(f"x{one}x" for one in words), word) or any(word == f"x{one}x" for one in words)


@pytest.mark.parametrize(
    # Wilson 1927; the values are those of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert Rate(hits, of).interval == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_in_its_interval(hits: int, misses: int) -> None:
    rate = Rate(hits, hits + misses)
    low, high = rate.interval
    assert 0 <= low <= high <= 1
    assert not rate.of or low - 1e-9 <= rate.share <= high + 1e-9
    assert str(rate).startswith(f"{hits}/{hits + misses} = ")


def test_a_golden_question_wants_all_strings_and_none_of_the_unwanted(small_index: CaseIndex) -> None:
    answer = answer_question(CHAIRED, index=small_index, public_url="http://localhost")
    right = judged(question(CHAIRED, must_contain=["Renn|Nobody"], cases=["valdoria-harbour-accord"]), answer)
    assert (right.right, right.right_case, right.missing) == (True, True, ())
    lacking = judged(question(CHAIRED, must_contain=["Renn", "Atlantis"], must_not_contain=["bishop"], cases=["elsewhere"]), answer)
    assert (lacking.right, lacking.right_case, lacking.missing, lacking.unwanted) == (False, False, ("Atlantis",), ("bishop",))
    told = lacking.sentence()
    assert all(part in told for part in (CHAIRED, "lacks 'Atlantis'", "has 'bishop'", "came: ", "why it matters: Why: "))


def test_the_accounts_of_a_dispute_count_as_shown(small_index: CaseIndex) -> None:
    answer = answer_question(COVERED[-1], index=small_index, public_url="http://localhost")
    account = answer.disputes[0].accounts[1].text
    assert judged(question(COVERED[-1], must_contain=[account]), replace(answer, sentences=())).right


def test_a_question_to_be_refused_is_right_only_when_refused(small_index: CaseIndex) -> None:
    refused = answer_question(NOT_COVERED[0], index=small_index, public_url="http://localhost")
    answered = answer_question(CHAIRED, index=small_index, public_url="http://localhost")
    assert judged(question(NOT_COVERED[0], "off-topic"), refused).right
    wrong = judged(question(CHAIRED, "near-domain"), answered)
    assert not wrong.right
    assert "answered: " in wrong.sentence()


def test_a_report_counts_each_kind_apart_and_names_what_failed(small_index: CaseIndex) -> None:
    asked = [
        question(CHAIRED, must_contain=["Renn"], cases=["valdoria-harbour-accord"]),
        question(COVERED[1], must_contain=["Atlantis"], cases=["valdoria-harbour-accord"]),
        *(question(text, "off-topic") for text in NOT_COVERED),
        question(COVERED[2], "near-domain"),
    ]
    report = evaluate(asked, small_index, keep_half_closed=False)
    assert {name: (rate.hits, rate.of) for name, rate in report.rates()["all"].items()} == {
        "golden: all required strings": (1, 2),
        "golden: not refused": (2, 2),
        "golden: right case cited": (2, 2),
        "off-topic: refused": (len(NOT_COVERED), len(NOT_COVERED)),
        "near-domain: refused": (0, 1),
    }
    assert [outcome.question.text for outcome in report.failures()] == [COVERED[1], COVERED[2]]
    assert [failure["question"] for failure in report.as_json()["failures"]] == [COVERED[1], COVERED[2]]
    assert "Why: " + COVERED[1] in report.text()
    assert small_index.version in report.text()


def test_failures_of_the_reported_half_stay_closed(small_index: CaseIndex) -> None:
    asked = [question(f"{CHAIRED} {number}", must_contain=["Atlantis"]) for number in range(12)]
    halves = {half: [one for one in asked if one.half == half] for half in ("reported", "tuning")}
    assert all(halves.values())
    report = evaluate(asked, small_index, keep_half_closed=True)
    assert {half: rates["golden: all required strings"].of for half, rates in report.rates().items()} == {
        half: len(of_half) for half, of_half in halves.items()
    }
    assert [outcome.question for outcome in report.failures()] == halves["tuning"]
    assert not any(one.text in report.text() for one in halves["reported"] if not any(one.text in other.text for other in halves["tuning"]))
