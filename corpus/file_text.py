"""The text of a file, or what keeps it from being read."""

import html
import re
import unicodedata
from html.entities import html5
from pathlib import Path

from corpus.problems import Findings

MAX_CASE_BYTES = 1_000_000
MAX_LIST_BYTES = 20_000_000

# Control characters, bidirectional overrides and Unicode tags can hide text from a human reader that a model would read.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
# What Markdown, YAML or JSON turn into a character when they are read: an entity, or an escape that stands for a hidden one.
_ENTITY = re.compile(r"&(?:#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|([A-Za-z][A-Za-z0-9]{1,31};))")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")


def read_text(path: Path, findings: Findings, max_bytes: int) -> str | None:
    """The file as text with ``\\n`` line ends; None, with the problem noted, if it is too large, not UTF-8, empty or unreadable."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= max_bytes else b""
    except OSError as error:
        findings.add(1, f"The file cannot be read ({error.strerror})", "Check that it is there and that you may read it.")
        return None
    if size > max_bytes:
        findings.add(1, f"The file has {size:,} bytes, more than {max_bytes:,}", "Split it, or take out what does not belong in it.")
        return None
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.add(line, f"The file is not UTF-8 at byte {error.start}", "Save it as UTF-8 in your editor.")
        return None
    if not text.strip():
        findings.add(1, "The file is empty", "Write the case, or delete the file.")
        return None
    _note_hidden(text, findings)
    _note_entities(text, findings)
    return text


def _note_hidden(text: str, findings: Findings) -> None:
    for match in _HIDDEN.finditer(text):
        findings.add(_line(text, match), f"An invisible character stands here ({_named(match[0])})", "Delete it.")
    for match in _ESCAPE.finditer(text):
        code = int(match[match.lastindex or 0], 16)
        if code <= 0x10FFFF and _HIDDEN.match(chr(code)):
            findings.add(_line(text, match), f"'{match[0]}' stands for an invisible character ({_named(chr(code))})", "Delete it.")


def _note_entities(text: str, findings: Findings) -> None:
    for match in _ENTITY.finditer(text):
        meant = html.unescape(match[0]) if match[1] is None else html5.get(match[1])
        if meant is None:  # no name that HTML knows
            continue
        if meant.isprintable() and meant.strip("\ufffd"):
            findings.add(_line(text, match), f"The text holds the HTML entity '{match[0]}'", f"Write '{meant}' itself.")
        else:
            named = f" ({_named(meant[0])})" if meant else ""
            what = f"The HTML entity '{match[0]}' stands for an invisible character{named}"
            findings.add(_line(text, match), what, "Delete it, or write a plain blank.")


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _named(character: str) -> str:
    return f"U+{ord(character):04X}, {unicodedata.name(character, 'control character').lower()}"
