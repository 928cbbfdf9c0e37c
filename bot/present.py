"""A question about the present is answered with how far the facts reach: nothing that happened later is in the corpus."""

import re
from collections.abc import Iterable

from corpus.references import written_date

_PRESENT = re.compile(
    r"\b(?:now|nowadays|today|currently|current|still|latest|newest|at (?:the moment|present)|presently|these days|this (?:year|month|week)"
    r"|so far|to date|up to date|recent|recently|lately|as of|right now)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def reach(question: str, as_of: Iterable[str]) -> str | None:
    """The sentence that says how far the facts of the cited cases reach, dates as ``as_of`` has them; None for a question about the past.

    A question that names a year asks about that year, whatever else it says (Who still held weapons in 2004?).
    """
    months = sorted({date[:7] for date in as_of})
    if not months or not _PRESENT.search(question) or _YEAR.search(question):
        return None
    first, last = written_date(months[0]), written_date(months[-1])
    dates = f"to {last}" if first == last else f"to dates between {first} and {last}"
    return f"The facts of this answer reach {dates}; later events are not in the corpus."
