"""The list of questions that no case answers: read, united over folders, and every mistake named with its cure."""

import shutil
from pathlib import Path

import pytest

from corpus.problems import CorpusError
from corpus.reading import corpus_digest, read_corpus, shipped_corpus

SMALL_CORPUS = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_CORPUS, tmp_path / "corpus"))


def write(folder: Path, text: str) -> None:
    (folder / "not_covered.yaml").write_text(text, encoding="utf-8")


def test_a_folders_list_is_laid_beside_the_shipped_one(folder: Path) -> None:
    shipped, before = read_corpus([folder]).not_covered, corpus_digest([folder])
    assert len(shipped.off_topic) > 100
    assert len(shipped.near_domain) > 100
    write(folder, f'off-topic: ["Where is the canteen?", "{shipped.off_topic[0]}"]\nnear-domain: ["Who won the Orlund lottery?"]\n')
    united = read_corpus([folder]).not_covered
    assert united.off_topic == (*shipped.off_topic, "Where is the canteen?")
    assert united.near_domain == (*shipped.near_domain, "Who won the Orlund lottery?")
    assert corpus_digest([folder]) != before


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('- "x"\n', 1, "The file is no mapping"),
        ('off-topic: ["x"]\nelsewhere: ["y"]\n', 2, "A list of questions has no field 'elsewhere'"),
        ('off-topic: ["Any news?"]\nnear-domain:\n  - "any news?"\n', 3, "The question 'any news?' stands twice"),
        ('off-topic: "x"\n', 1, "'off-topic' is text where a list [...] is expected"),
    ],
)
def test_a_mistake_is_named_and_its_cure_works(folder: Path, text: str, line: int, what: str) -> None:
    write(folder, text)
    with pytest.raises(CorpusError) as raised:
        read_corpus([folder])
    [problem] = raised.value.problems
    assert (problem.path.name, problem.line, problem.what) == ("not_covered.yaml", line, what)
    write(folder, 'off-topic: ["x"]\nnear-domain: ["y"]\n')
    assert read_corpus([folder]).not_covered.off_topic[-1] == "x"


def test_no_question_of_the_shipped_list_is_one_that_a_case_answers() -> None:
    corpus = read_corpus([shipped_corpus()])
    answered = {q.casefold() for case in corpus.cases for s in case.sentences() for q in s.asked}
    answered |= {question.text.casefold() for case in corpus.cases for question in case.questions}
    listed = {question.casefold() for question in (*corpus.not_covered.off_topic, *corpus.not_covered.near_domain)}
    assert not answered & listed
