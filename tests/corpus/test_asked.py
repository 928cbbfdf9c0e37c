"""How readers ask for a sentence: read beside the case, and every mistake named with its cure."""

import shutil
from pathlib import Path

import pytest

from corpus.problems import CorpusError
from corpus.reading import corpus_digest, read_corpus

SMALL_CORPUS = Path(__file__).parents[1] / "data" / "cases"
CASE = "valdoria-harbour-accord"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL_CORPUS, tmp_path / "corpus")
    (tmp_path / "corpus" / "asked").mkdir(exist_ok=True)
    return tmp_path / "corpus"


def write(folder: Path, text: str, name: str = CASE) -> None:
    (folder / "asked" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_questions_stand_beside_their_sentence_and_count_for_the_digest(folder: Path) -> None:
    before = corpus_digest([folder])
    write(folder, '- sentence: "Bishop Oskar Renn chaired"\n  asked: ["Which churchman led the meetings?", "boss of the talks"]\n')
    case = next(case for case in read_corpus([folder]).cases if case.id == CASE)
    asked = {sentence.text[:25]: sentence.asked for sentence in case.sentences() if sentence.asked}
    assert asked == {"Bishop Oskar Renn chaired": ("Which churchman led the meetings?", "boss of the talks")}
    assert corpus_digest([folder]) != before


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("sentence: x\n", 1, "The file is no list of sentences"),
        ("- x\n", 1, "This entry is no sentence"),
        ('- asked: ["x"]\n', 1, "The sentence lacks the field 'sentence'"),
        ('- sentence: "Nobody wrote this"\n  asked: ["x"]\n', 1, "No sentence of valdoria-harbour-accord begins with 'Nobody wrote this'"),
        ('-\n  asked: ["x"]\n  sentence: "The"\n', 3, "More than one sentence of valdoria-harbour-accord begins with 'The'"),
    ],
)
def test_mistakes_are_named_with_their_line(folder: Path, text: str, line: int, what: str) -> None:
    write(folder, text)
    with pytest.raises(CorpusError) as error:
        read_corpus([folder])
    assert [(problem.line, problem.what) for problem in error.value.problems] == [(line, what)]
    write(folder, '- sentence: "Bishop Oskar Renn chaired"\n  asked: ["x"]\n')  # the cure
    assert len(read_corpus([folder]).cases) == 3


def test_questions_beside_our_own_analysis_are_refused_for_it_is_never_found(folder: Path) -> None:
    [case] = [case for case in read_corpus([folder]).cases if case.id == "women-at-the-table"]
    [analysis] = [paragraph for section in case.sections for paragraph in section.paragraphs if paragraph.kind == "analysis"]
    write(folder, f'- sentence: "{analysis.sentences[0].text}"\n  asked: ["What do you make of it?"]\n', case.id)
    with pytest.raises(CorpusError, match="is our own analysis, which is never found or quoted. Put its questions beside a cited"):
        read_corpus([folder])


def test_a_file_of_no_case_is_named(folder: Path) -> None:
    write(folder, "[]", "nobody")
    with pytest.raises(CorpusError, match="There is no case 'nobody' in this folder. Name the file after the case"):
        read_corpus([folder])
