"""Questions as they come in from the command line as a stream of JSON lines."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.answer import answer_question
from bot.follow_up import Turn
from bot.model import Model
from index.case_index import CaseIndex, Scope, ScopeError


class BadLine(ValueError):
    """A line of the input that is no question; the message says what is expected."""


def answer_lines(lines: Iterable[bytes], index: CaseIndex, public_url: str, model: Model | None = None) -> Iterator[dict[str, Any]]:
    """One JSON-ready Answer for each line, in order; a line that is no question gives ``{"error": ...}``; empty lines are passed over."""
    for line in lines:
        if not line.strip():
            continue
        try:
            question, scope, history = _asked(line, index)
        except (BadLine, ScopeError) as problem:
            yield {"error": str(problem)}
        else:
            yield answer_question(question, index=index, public_url=public_url, scope=scope, history=history, model=model).as_json()


def _asked(line: bytes, index: CaseIndex) -> tuple[str, Scope, list[Turn]]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise BadLine('This line is not JSON in UTF-8: write {"question": "..."}.') from problem
    if not isinstance(asked, dict) or not isinstance(asked.get("question"), str):
        raise BadLine('This line has no question: write {"question": "..."}.')
    if unknown := sorted(asked.keys() - {"question", "history", "areas", "kinds", "themes"}):
        raise BadLine(f"This line has an unknown field {unknown[0]!r}: use question, history, areas, kinds and themes.")
    scope = Scope.checked(index.vocabulary, *(_strings(asked, name) for name in ("areas", "themes", "kinds")))
    return asked["question"], scope, _history(asked.get("history", []))


def _strings(asked: dict[str, Any], name: str) -> list[str]:
    value = asked.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadLine(f"The field {name!r} must be a list of names.")
    return value


def _history(value: Any) -> list[Turn]:
    if not isinstance(value, list):
        raise BadLine('The field \'history\' must be a list of {"question", "answer"}.')
    turns = []
    for one in value:
        if not isinstance(one, dict) or not isinstance(one.get("question"), str) or not isinstance(one.get("answer"), str):
            raise BadLine('Each entry of \'history\' must be {"question": "...", "answer": "..."}.')
        turns.append(Turn(one["question"], one["answer"]))
    return turns
