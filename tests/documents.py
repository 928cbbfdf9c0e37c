"""What the documentation takes from the code: `make docs` writes it, test_papers.py holds it true."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from bot.__main__ import parser

ROOT = Path(__file__).resolve().parents[1]
SHIPPED_SCHEMA = ROOT / "bot/answer.schema.json"


def generated() -> dict[Path, str]:
    """Each generated file with what it has to hold."""
    return {ROOT / "docs/cli.md": command_line(), ROOT / "docs/answer.schema.json": SHIPPED_SCHEMA.read_text(encoding="utf-8")}


def command_line() -> str:
    """The help of every command, as a page."""
    with patch.dict(os.environ, {"COLUMNS": "120", "NO_COLOR": "1"}):
        pages = "\n".join(f"## `{command.prog}`\n\n```text\n{command.format_help()}```\n" for command in _commands(parser()))
    return f"# The command line\n\n<!-- Written by `make docs` from the program's own help: change it there. -->\n\n{pages}"


def _commands(whole: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield whole
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _commands(command)


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
