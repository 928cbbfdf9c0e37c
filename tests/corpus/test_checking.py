"""`peacebot case check`: one file, a folder or all, each as part of the corpus it lies in."""

import shutil
from pathlib import Path

import pytest

from corpus.checking import check
from corpus.reading import shipped_corpus, survey

DATA = Path(__file__).parents[1] / "data"
SMALL = DATA / "cases"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "copy"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_folder_has_no_problem(copy: Path) -> None:
    assert check([copy], below=[]) == []
    assert check([], below=[copy]) == []


def test_a_file_is_checked_without_the_problems_of_others(copy: Path) -> None:
    change(copy / "women-at-the-table.md", "[31 per cent of the members]{fact=te-women-01}", "31 per cent of the members")
    change(copy / "tesmark-water-committees.md", "kind: story", "kind: tale")
    assert check([copy / "women-at-the-table.md"], below=[]) == []
    assert [problem.path.name for problem in check([copy / "tesmark-water-committees.md"], below=[])] == ["tesmark-water-committees.md"]
    assert [problem.path.name for problem in check([copy / "facts"], below=[])] == ["orlund.yaml"]
    assert [problem.path.name for problem in check([copy], below=[])] == ["orlund.yaml", "tesmark-water-committees.md"]


def test_a_file_outside_any_corpus_may_name_what_lies_below(tmp_path: Path) -> None:
    path = tmp_path / "ferry.md"
    text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
    path.write_text(text.replace("id: tesmark-water-committees", "id: ferry"), encoding="utf-8")
    assert check([path], below=[SMALL]) == []
    assert any("sources.json has no source 'grell-wells-2010'" in problem.what for problem in check([path]))


def test_a_file_beside_a_corpus_is_read_too(copy: Path) -> None:
    stray = copy.parent / "stray.md"
    (copy.parent / "cases").mkdir()
    stray.write_text("Not a case", encoding="utf-8")
    assert [problem.path for problem in check([stray], below=[copy])] == [stray]


def test_a_list_of_sources_far_above_makes_no_corpus_of_everything_below(tmp_path: Path, copy: Path) -> None:
    (tmp_path / "sources.json").write_text("{", encoding="utf-8")
    text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
    for state in ("draft", "final"):
        folder = tmp_path / "papers" / "2026" / state
        folder.mkdir(parents=True)
        (folder / "ferry.md").write_text(text.replace("id: tesmark-water-committees", "id: ferry"), encoding="utf-8")
    assert check([tmp_path / "papers" / "2026" / "final" / "ferry.md"], below=[SMALL]) == []
    assert check([copy / "facts", copy / "facts", copy / "sources.json"], below=[copy]) == []


def test_a_list_of_questions_that_lies_alone_is_checked(tmp_path: Path) -> None:
    (tmp_path / "not_covered.yaml").write_text("off-topics: []\n", encoding="utf-8")
    [problem] = check([tmp_path / "not_covered.yaml"], below=[SMALL])
    assert problem.what == "A list of questions has no field 'off-topics'"


def test_the_questions_of_the_folder_one_stands_in_are_not_taken_for_those_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "nobody.yaml").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    ferry = tmp_path / "elsewhere" / "ferry.md"
    ferry.write_text(text.replace("id: tesmark-water-committees", "id: ferry"), encoding="utf-8")
    assert survey([SMALL], [ferry]).problems == ()


def test_a_draft_is_checked(copy: Path) -> None:
    change(copy / "tesmark-water-committees.md", "status: published", "status: draft")
    change(copy / "tesmark-water-committees.md", "kind: story", "kind: tale")
    assert [problem.what for problem in check([copy], below=[])] == ["'tale' is no value of 'kind'"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    [problem] = check([tmp_path / "nothing.md"], below=[SMALL])
    assert problem.what == "There is no such file or folder"


def test_without_paths_the_shipped_corpus_is_checked() -> None:
    assert {problem.path.is_relative_to(shipped_corpus()) for problem in check()} <= {True}
