"""Who published a source, in what and when: one line from its CSL-JSON, whatever stands in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.web.pages import written_date


def credit(csl: Mapping[str, Any]) -> str:
    """Authors, where it appeared, publisher and date in one line; what is missing or cannot be read is left out."""
    parts = (_authors(csl.get("author")), _text(csl.get("container-title")), _text(csl.get("publisher")), _issued(csl.get("issued")))
    return ". ".join(dict.fromkeys(filter(None, parts)))


def _authors(given: Any) -> str:
    return ", ".join(filter(None, map(_name, given if isinstance(given, list) else [given])))


def _name(given: Any) -> str:
    if not isinstance(given, Mapping):
        return _text(given)
    return _text(given.get("literal")) or " ".join(_texts(given.get(part) for part in ("given", "non-dropping-particle", "family")))


def _issued(given: Any) -> str:
    if not isinstance(given, Mapping):
        return written_date(_text(given))
    return written_date(_date(given.get("date-parts")) or _text(given.get("raw")) or _text(given.get("literal")))


def _date(parts: Any) -> str:
    """The first date of ``date-parts`` as YYYY, YYYY-MM or YYYY-MM-DD."""
    first = parts[0] if isinstance(parts, list) and parts else None
    return "-".join(part.zfill(2) for part in _texts(first if isinstance(first, list) else [first]))


def _texts(given: Iterable[Any]) -> Iterator[str]:
    return filter(None, map(_text, given))


def _text(given: Any) -> str:
    """A text or a number as text; of a list, which some tools write for one title, the first."""
    match given:
        case [first, *_]:
            return _text(first)
        case bool() | None:
            return ""
        case str() | int():
            return str(given).strip()
        case _:
            return ""
