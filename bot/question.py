"""What was asked: cleaned of what nobody can see, and turned away when it is no question."""

import re
import unicodedata

from corpus.errors import PeacebotError

MAX_QUESTION_CHARS = 2000

EMPTY = "Please type a question."
TOO_LONG = f"Please ask in at most {MAX_QUESTION_CHARS:,} characters."

_BREAKS = re.compile(r"\s+")


class InvalidQuestion(PeacebotError, ValueError):
    """What came in is no question; the message is the sentence for the reader."""


def cleaned(text: str) -> str:
    """The question with invisible characters removed and white space folded. Raises InvalidQuestion.

    Control and format characters (among them bidirectional overrides, zero-width joiners and Unicode tags, which can hide
    instructions), private-use characters and lone surrogates are taken out: they carry nothing that a reader typed.
    """
    visible = "".join(c if c.isspace() else "" if unicodedata.category(c).startswith("C") else c for c in text)
    question = _BREAKS.sub(" ", unicodedata.normalize("NFC", visible)).strip()
    if len(question) > MAX_QUESTION_CHARS:
        raise InvalidQuestion(TOO_LONG)
    if not any(c.isalnum() for c in question):
        raise InvalidQuestion(EMPTY)
    return question
