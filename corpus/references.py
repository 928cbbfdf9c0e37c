"""Sources: CSL-JSON in, references for readers out."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corpus.case import Source
from corpus.problems import Findings, did_you_mean, in_words

TYPES = (
    "treaty",
    "legislation",
    "legal_case",
    "report",
    "article-journal",
    "article-newspaper",
    "webpage",
    "book",
    "chapter",
    "dataset",
    "speech",
    "hearing",
    "document",
)
_REQUIRED = ("id", "title", "type", "author")
_ID = re.compile(r"[A-Za-z0-9](?:[\w.:/+-]*[A-Za-z0-9])?")
_STOPS = (".", "?", "!")
_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class WrittenSource:
    """A source with the line on which its entry begins."""

    source: Source
    line: int


def read_sources(text: str, findings: Findings) -> list[WrittenSource]:
    """The sources of a CSL-JSON file. Mistakes are noted; an entry without an id is left out."""
    entries = _entries(text, findings)
    found = []
    for entry in entries:
        entry.check()
        if isinstance(entry.csl.get("id"), str) and entry.csl["id"]:
            found.append(WrittenSource(_source(entry.csl), entry.line))
    return found


def _entries(text: str, findings: Findings) -> list["_Entry"]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        cure = "Look at this line and the one before for a missing comma, quote or bracket."
        findings.add(error.lineno, f"The JSON cannot be read ({error.msg})", cure)
        return []
    except RecursionError:
        findings.add(1, "The JSON is nested too deeply", "Write a list of CSL-JSON entries.")
        return []
    if not isinstance(whole, list):
        findings.add(1, "The file is no list of sources", "Put square brackets around the entries: [{...}, {...}].")
        return []
    entries = []
    for value, start, end in _located(text):
        if isinstance(value, dict):
            entries.append(_Entry(value, text, start, end, findings))
        else:
            findings.add(text.count("\n", 0, start) + 1, "This entry is no source", "Write {...} with the fields of a source.")
    return entries


def _located(text: str) -> Iterator[tuple[Any, int, int]]:
    """Each value of a JSON list, which is known to be sound, with the offsets where it begins and ends."""
    decoder = json.JSONDecoder()
    end = text.index("[") + 1
    while text[start := _after_gap(text, end)] != "]":
        value, end = decoder.raw_decode(text, start)
        yield value, start, end


def _after_gap(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position


@dataclass(frozen=True, slots=True)
class _Entry:
    """A CSL-JSON entry and the part of the file it stands in."""

    csl: Mapping[str, Any]
    text: str
    start: int
    end: int
    findings: Findings

    @property
    def line(self) -> int:
        """The line on which the entry begins."""
        return self.text.count("\n", 0, self.start) + 1

    def line_of(self, name: str) -> int:
        """The line of a field, or of the entry where the field is missing."""
        position = self.text.find(f'"{name}"', self.start, self.end)
        return self.text.count("\n", 0, position) + 1 if position >= 0 else self.line

    def note(self, name: str, what: str, cure: str) -> None:
        """Note a problem with a field."""
        self.findings.add(self.line_of(name), what, cure)

    def check(self) -> None:
        """Note every mistake of the entry."""
        label = f"source '{self.csl.get('id', '?')}'"
        for name in _REQUIRED:
            if not self.csl.get(name):
                self.note(name, f"The {label} lacks '{name}'", f'Add "{name}": ... to the entry.')
        for name in ("id", "title", "type", "publisher", "URL", "DOI"):
            if self.csl.get(name) and not isinstance(self.csl[name], str):
                self.note(name, f"'{name}' of the {label} is no text", "Put it in quotation marks.")
        if not any(self.csl.get(name) for name in ("URL", "DOI", "publisher")):
            self.note("id", f"The {label} has none of 'URL', 'DOI' and 'publisher'", "Add one, so that readers can find it.")
        self._check_values(label)

    def _check_values(self, label: str) -> None:
        identity, kind, url = self.csl.get("id"), self.csl.get("type"), self.csl.get("URL")
        if isinstance(identity, str) and identity and not _ID.fullmatch(identity):
            self.note("id", f"'{identity}' cannot be cited", "Use letters, digits and hyphens, such as iicd-2005.")
        if isinstance(kind, str) and kind and kind not in TYPES:
            self.note("type", f"The {label} has the unknown type '{kind}'", did_you_mean(kind, TYPES, f"Use {in_words(TYPES)}."))
        if isinstance(url, str) and url and not _is_web_address(url):
            self.note("URL", f"The URL of the {label} is no web address", "Write it in full, beginning with https://.")
        if self.csl.get("author") and not _are_names(self.csl["author"]):
            cure = 'Write [{"family": "...", "given": "..."}] for persons and [{"literal": "..."}] for bodies.'
            self.note("author", f"The author of the {label} cannot be read", cure)
        if self.csl.get("issued") and year(self.csl) is None:
            self.note("issued", f"The date of the {label} cannot be read", 'Write {"date-parts": [[2005, 9, 26]]}.')


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", url)


def _are_names(names: Any) -> bool:
    return isinstance(names, list) and all(
        isinstance(name, dict) and any(isinstance(name.get(part), str) and name[part] for part in ("literal", "family")) for name in names
    )


def _source(csl: Mapping[str, Any]) -> Source:
    doi = csl.get("DOI")
    url = csl.get("URL") or (f"https://doi.org/{doi}" if doi else None)
    return Source(
        id=str(csl["id"]),
        title=str(csl.get("title", "")),
        type=str(csl.get("type", "")),
        year=year(csl),
        url=str(url) if url else None,
        csl=csl,
    )


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


def _authors(csl: Mapping[str, Any]) -> str:
    names = [_name(name) for name in csl.get("author") or () if isinstance(name, dict)]
    return f"{names[0]} and others" if len(names) > 3 else in_words(names, "and")


def _name(name: Mapping[str, Any]) -> str:
    parts = (name.get("literal"),) if name.get("literal") else (name.get("given"), name.get("family"))
    return " ".join(str(part) for part in parts if part)


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
