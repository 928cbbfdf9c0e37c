"""References for readers, from CSL-JSON entries."""

import re
from collections.abc import Mapping
from typing import Any

from corpus.case import Source
from corpus.problems import in_words

NAME_PARTS = ("literal", "given", "dropping-particle", "non-dropping-particle", "family", "suffix")
"""The parts of a name in the order in which a reader says them."""

_STOPS = (".", "?", "!")
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3][0-9]))?)?")
_MONTHS = "January February March April May June July August September October November December".split()


def year(csl: Mapping[str, Any]) -> int | None:
    """The year in which a CSL-JSON entry was issued; None where it is not given."""
    issued = csl.get("issued")
    if not isinstance(issued, dict):
        return None
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        text = str(parts[0][0])
    else:
        text = str(issued.get("raw") or issued.get("literal") or "")
    match = re.search(r"\b\d{4}\b", text)
    return int(match[0]) if match else None


def formatted(source: Source, locator: str | None = None) -> str:
    """A reference for readers in plain text: authors (year). Title. Where it appeared, locator.

    Not citeproc-py with its one bundled style: that leaves out who published an article and adds "[Preprint]" to many.
    """
    authors = _authors(source.csl)
    dated = f"({source.year or 'no date'})"
    head = [f"{authors} {dated}", source.title] if authors else [f"{source.title} {dated}"]
    appeared = _appeared_in(source.csl, authors, whole=locator is None)
    place = ", ".join(part for part in (appeared, locator) if part)
    if place and not appeared and not head[-1].endswith(_STOPS):
        head[-1], place = f"{head[-1]}, {place}", ""
    return " ".join(part if part.endswith(_STOPS) else f"{part}." for part in (*head, place) if part)


def written_date(date: str) -> str:
    """A date as one would write it, ``15 August 1994``; what is no date of ours stands as it is."""
    found = _DATE.fullmatch(date)
    if not found or not found["month"]:
        return date
    month = f"{_MONTHS[int(found['month']) - 1]} {found['year']}"
    return f"{int(found['day'])} {month}" if found["day"] else month


def credit(csl: Mapping[str, Any]) -> str:
    """Who published a source, in what and when, in one line: what stands below its title in a list of sources."""
    published = (str(csl.get(name) or "") for name in ("container-title", "publisher"))
    return ". ".join(dict.fromkeys(part for part in (", ".join(_names(csl)), *published, _dated(csl)) if part))


def _dated(csl: Mapping[str, Any]) -> str:
    """``26 September 2005``, as far as it is known; the words of a date that is given in words."""
    issued = csl.get("issued") or {}
    parts = next(iter(issued.get("date-parts") or ()), ())
    written = "-".join(f"{int(part):02}" for part in parts)
    return written_date(written) or str(issued.get("raw") or issued.get("literal") or "")


def _authors(csl: Mapping[str, Any]) -> str:
    names = _names(csl)
    return f"{names[0]} and others" if len(names) > 3 else in_words(names, "and")


def _names(csl: Mapping[str, Any]) -> list[str]:
    names = [" ".join(str(name[part]) for part in NAME_PARTS if name.get(part)) for name in csl.get("author") or ()]
    return [name for name in names if name]


def _appeared_in(csl: Mapping[str, Any], authors: str, *, whole: bool) -> str:
    """Journal or book with volume, issue and, for the ``whole`` of it, pages; the publisher where that says more."""
    container = str(csl.get("container-title") or "")
    volume, issue = str(csl.get("volume") or ""), str(csl.get("issue") or "")
    pages = str(csl.get("page") or "") if whole else ""
    numbers = f"{volume}({issue})" if volume and issue else volume or issue
    journal = ", ".join(part for part in (f"{container} {numbers}".strip(), pages) if part)
    publisher = str(csl.get("publisher") or "")
    says_more = publisher.casefold() not in (authors.casefold(), container.casefold())
    return ", ".join(part for part in (journal, publisher if says_more else "") if part)
