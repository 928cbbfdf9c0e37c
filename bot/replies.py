"""What a language model replies, read as it comes: sentences, each with the labels and the quotations that it claims to rest on.

One JSON object for each sentence is asked for. What models wrap around it (fences, lists, talk) is passed over, and what is no such
object is not read at all: nothing of a reply is ever shown because of where it stands.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 20_000
"""Characters of a reply that are read; six sentences with their quotations need about a tenth."""
_LONGEST_OBJECT = 4_000
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence as the model gives it: nothing of it has been checked."""

    sentence: str
    labels: tuple[str, ...]
    quotations: tuple[str, ...]


def proposals(pieces: Iterable[str]) -> Iterator[Proposal]:
    """Each sentence of a reply as soon as its object is complete; reading ends after `LONGEST` characters."""
    rest, read = "", 0
    for piece in pieces:
        read += len(piece)
        rest += piece[:LONGEST]
        objects, rest = _complete(rest)
        yield from (proposal for found in objects if (proposal := _proposal(found)))
        if read > LONGEST:
            return


def _complete(text: str) -> tuple[list[Any], str]:
    """The objects with a sentence that are complete in a text, wherever they stand, and what is left of it."""
    found: list[Any] = []
    done, at = 0, text.find("{")
    while at >= 0:
        try:
            value, end = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError):  # unfinished, or never going to be an object: look further inside
            at = text.find("{", at + 1)
            continue
        if isinstance(value, dict) and "sentence" in value:
            found.append(value)
            done = end
            at = text.find("{", end)
        else:  # a wrapper: the sentences are inside
            at = text.find("{", at + 1)
    return found, text[max(done, len(text) - _LONGEST_OBJECT) :]


def _proposal(found: Any) -> Proposal | None:
    sentence = found["sentence"]
    if not isinstance(sentence, str) or not sentence.strip():
        return None
    return Proposal(sentence, _strings(found, "labels", "label"), _strings(found, "quotations", "quotation"))


def _strings(found: Any, *names: str) -> tuple[str, ...]:
    """The strings under the first of the names that is there; one string alone counts as a list of one."""
    value = next((found[name] for name in names if name in found), ())
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed if isinstance(one, str))
