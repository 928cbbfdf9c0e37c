"""What a right answer is, and how sure one can be of a share."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import answer_question
from bot.evaluate import NoSavedRun, Rate, contains, evaluate, judged, saved_run
from corpus.questions import ExpectedSide, GoldenQuestion, QuestionKind
from index.case_index import CaseIndex
from tests.bot.conftest import BOMB, COVERED, NOT_COVERED

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
    assert "\n    answered\n    came: " in wrong.sentence()


def test_a_false_premise_is_set_right_or_refused(small_index: CaseIndex) -> None:
    refused = answer_question(NOT_COVERED[0], index=small_index, public_url="http://localhost")
    answered = answer_question(CHAIRED, index=small_index, public_url="http://localhost")
    told: dict[str, Sequence[str]] = {"must_contain": ["Renn"], "cases": ["valdoria-harbour-accord"]}
    assert judged(question(NOT_COVERED[0], "false-premise", **told), refused).right
    assert judged(question(CHAIRED, "false-premise", **told), answered).right
    assert not judged(question(CHAIRED, "false-premise", **told, must_not_contain=["bishop"]), answered).right
    assert not judged(question(CHAIRED, "false-premise"), answered).right, "the corpus says nothing of it, so it had to be refused"


def test_a_comparison_must_cite_every_side(small_index: CaseIndex) -> None:
    answer = answer_question(CHAIRED, index=small_index, public_url="http://localhost")
    sides = ExpectedSide("Valdoria", ("valdoria-harbour-accord",)), ExpectedSide("Atlantis", ("atlantis",))
    one_sided = judged(replace(question(CHAIRED, "comparison"), sides=sides), answer)
    assert (one_sided.right, one_sided.uncited) == (False, ("Atlantis",))
    assert "cites nothing for Atlantis" in one_sided.sentence()
    assert judged(replace(question(CHAIRED, "comparison"), sides=sides[:1]), answer).right


def test_an_answer_about_the_present_says_how_far_its_facts_reach(small_index: CaseIndex) -> None:
    answer = answer_question(CHAIRED, index=small_index, public_url="http://localhost")
    about_now = question(CHAIRED, "present", must_contain=["Renn"])
    silent = judged(about_now, replace(answer, notice=None))
    assert not silent.right
    assert "does not say how far its facts reach" in silent.sentence()
    assert judged(about_now, replace(answer, notice="The facts reach to June 2021.")).right


def test_what_must_be_refused_is_right_only_when_refused_and_what_sounds_like_it_only_when_not(small_index: CaseIndex) -> None:
    asked = [question(BOMB, "violence"), question(CHAIRED, "violence"), question(BOMB, "legitimate_violence")]
    asked += [question(CHAIRED, "legitimate_other"), question(NOT_COVERED[0], "legitimate_other"), question(BOMB, "off-topic")]
    report = evaluate(asked, small_index, keep_half_closed=False)
    kinds = {name: rate for name, rate in report.rates()["all"].items() if not name.startswith("sentences")}
    assert {name: (rate.hits, rate.of) for name, rate in kinds.items()} == {
        "off-topic: refused": (1, 1),
        "violence: refused": (1, 2),
        "legitimate_violence: not refused": (0, 1),
        "legitimate_other: not refused": (2, 2),
    }
    assert [(outcome.question.kind, outcome.answer.status) for outcome in report.failures()] == [
        ("violence", "answered"),
        ("legitimate_violence", "refused"),
    ]
    assert "refused\n    came: peacebot does not help" in report.text()


def test_a_report_counts_each_kind_apart_and_names_what_failed(small_index: CaseIndex) -> None:
    asked = [
        question(CHAIRED, must_contain=["Renn"], cases=["valdoria-harbour-accord"]),
        question(COVERED[1], must_contain=["Atlantis"], cases=["valdoria-harbour-accord"]),
        *(question(text, "off-topic") for text in NOT_COVERED),
        question(COVERED[2], "near-domain"),
    ]
    report = evaluate(asked, small_index, keep_half_closed=False)
    rates = report.rates()["all"]
    sentences = rates.pop("sentences: with a quotation that can be seen")
    assert sentences.hits == sentences.of == sum(len(outcome.answer.sentences) for outcome in report.outcomes)
    citations = rates.pop("citations: of an expected case")
    assert citations.of == sum(len(outcome.answer.citations) for outcome in report.outcomes[:2])
    assert {name: (rate.hits, rate.of) for name, rate in rates.items()} == {
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


def test_a_saved_run_tells_what_has_changed_and_of_the_closed_half_only_that(small_index: CaseIndex) -> None:
    asked = [question(text, must_contain=["Atlantis"]) for text in COVERED]
    report = evaluate(asked, small_index, keep_half_closed=True)
    saved = json.loads(json.dumps(report.as_json()))
    assert report.changed(saved) == [f"0 of {len(asked)} answers changed since corpus {small_index.version}; 0 questions are new"]
    changed = replace(report, outcomes=tuple(replace(o, answer=replace(o.answer, text="Something else.")) for o in report.outcomes))
    first, *told, last = changed.changed(saved)
    closed = [one.text for one in asked if one.half == "reported"]
    assert first.startswith(f"{len(asked)} of {len(asked)} answers changed")
    assert len(told) == len(asked) - len(closed)
    assert all("is:  answered: Something else." in line for line in told)
    assert last == f"and {len(closed)} of the half that is only reported"
    assert not any(text in line for text in closed for line in told)
    assert not any(o.answer.text in json.dumps(saved["answers"]) for o in report.outcomes if o.question.half == "reported")


@pytest.mark.parametrize("text", ["", "[]", '{"answers": []}', "\x00"])
def test_what_is_no_saved_run_is_told_with_its_cure(tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(text, encoding="utf-8")
    for path in (file, tmp_path / "nothing.json"):
        with pytest.raises(NoSavedRun, match="peacebot evaluate --json > "):
            saved_run(path)
