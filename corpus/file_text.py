"""The text of a file, or what keeps it from being read."""

import re
import unicodedata
from pathlib import Path

from corpus.problems import Findings

MAX_CASE_BYTES = 1_000_000
MAX_LIST_BYTES = 20_000_000

# Control characters, bidirectional overrides and Unicode tags can hide text from a human reader that a model would read.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)


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
    return text


def _note_hidden(text: str, findings: Findings) -> None:
    for match in _HIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        name = unicodedata.name(match[0], "control character")
        findings.add(line, f"An invisible character stands here (U+{ord(match[0]):04X}, {name.lower()})", "Delete it.")
