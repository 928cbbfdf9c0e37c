"""Golden questions: read with every mistake at once, split for good, and those that are shipped can be met."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.problems import CorpusError
from corpus.questions import QUESTION_KINDS, GoldenQuestion, read_questions, shipped_questions
from corpus.reading import read_corpus, shipped_corpus

GOOD = """\
- q: "Who chaired the talks?"
  kind: golden
  must_contain: ["Renn|Bishop", "chair*"]
  must_not_contain: ["Atlantis"]
  case: [valdoria-harbour-accord]
  topic: talks
  area: valdoria
  why: "The plainest of all."
- q: "Who won the league?"
  kind: off-topic
  why: "Sport is not covered."
"""


def problems(path: Path, text: str | bytes) -> list[tuple[int, str]]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(CorpusError) as error:
        read_questions(path)
    assert all(problem.path == path and problem.cure.endswith(".") for problem in error.value.problems)
    return [(problem.line, problem.what) for problem in error.value.problems]


def test_a_question_is_read_with_all_that_it_wants(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(GOOD, encoding="utf-8")
    golden, off_topic = read_questions(tmp_path / "q.yaml")
    assert golden == GoldenQuestion(
        "Who chaired the talks?", "golden", "The plainest of all.", ("Renn|Bishop", "chair*"), ("Atlantis",), ("valdoria-harbour-accord",)
    )
    assert off_topic == GoldenQuestion("Who won the league?", "off-topic", "Sport is not covered.")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("kind: off-topic", "kind: odd") + "- just text\n- q: x\n  kind: golden\n  why: y\n- q: x\n  kind: off-topic\n  wy: y\n"
    )
    found = problems(tmp_path / "q.yaml", text)
    assert [line for line, _ in found] == [10, 12, 13, 16, 18]
    told = " ".join(what for _, what in found)
    assert all(part in told for part in ("'odd'", "This entry is no question", "must contain", "'why'", "'wy'")), told


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "The file is empty"),
        ("q: x\n", "The file is no list of questions"),
        ("- q: 'x\n", "The YAML cannot be read"),
        (b"- q: \xff\n", "The file is not UTF-8"),
        ("- q: x\n  kind: golden\n  why: y\n  must_contain: one\n", "must_contain"),
        ("- q: x\n  kind: comparison\n  why: y\n", "A comparison does not say what its sides are"),
        ("- q: x\n  kind: off-topic\n  why: y\n  sides: [{name: a, cases: [b]}]\n", "Only a comparison has sides"),
        ("- q: x\n  kind: comparison\n  why: y\n  sides: [a]\n", "An entry of 'sides'"),
    ],
)
def test_an_unreadable_file_is_a_sentence(tmp_path: Path, text: str | bytes, what: str) -> None:
    assert any(what in told for _, told in problems(tmp_path / "q.yaml", text))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="The file cannot be read"):
        read_questions(tmp_path / "nothing.yaml")


@given(st.text(max_size=60))
def test_a_question_stays_in_its_half_whatever_else_is_said_of_it(text: str) -> None:
    half = GoldenQuestion(text, "golden", "").half
    assert half in ("tuning", "reported")
    assert GoldenQuestion(text, "off-topic", "other", ("x",), cases=("y",)).half == half


def test_the_shipped_questions_can_be_met() -> None:
    questions = read_questions(shipped_questions())
    assert {question.kind for question in questions} == set(QUESTION_KINDS)
    assert [asked for asked, times in Counter((question.text, question.after) for question in questions).items() if times > 1] == []
    corpus = {case.id for case in read_corpus([shipped_corpus()]).cases}
    named = {case for question in questions for cases in (question.cases, *(side.cases for side in question.sides)) for case in cases}
    assert named <= corpus
    assert [question.text for question in questions if question.kind == "golden" and not question.cases] == []
    assert all(question.why.endswith((".", "?", '"')) for question in questions)
    alternatives = [
        part for question in questions for text in (*question.must_contain, *question.must_not_contain) for part in text.split("|")
    ]
    assert all(part.strip("*").strip() == part.strip("*") != "" for part in alternatives)


def test_the_halves_of_the_shipped_questions_are_both_large_enough_to_tell_something() -> None:
    counted = Counter((question.kind, question.half) for question in read_questions(shipped_questions()))
    fewest = {kind: 15 if kind == "present" else 30 for kind in QUESTION_KINDS}
    assert all(counted[kind, half] >= fewest[kind] for kind in QUESTION_KINDS for half in ("tuning", "reported")), counted


@pytest.mark.parametrize("text", ["[]\n", "# nothing but a remark\n"])
def test_a_file_without_questions_is_no_perfect_score(tmp_path: Path, text: str) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match="The file holds no question"):
        read_questions(file)
