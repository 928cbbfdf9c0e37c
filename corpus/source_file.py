"""Sources: a file of CSL-JSON, checked so far that every reference for readers can be written from what passes."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corpus.case import Source
from corpus.problems import Findings, did_you_mean, in_words
from corpus.references import NAME_PARTS, year

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
_TEXTS = ("id", "title", "type", "publisher", "URL", "DOI", "container-title", "language", "note")
_NUMBERS = ("volume", "issue", "page")
_ID = re.compile(r"[A-Za-z0-9](?:[\w.:/+-]*[A-Za-z0-9])?")
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
    breaks = [match.start() for match in re.finditer("\n", text)]
    for value, start, end in _located(text):
        if isinstance(value, dict):
            entries.append(_Entry(value, text, start, end, breaks, findings))
        else:
            findings.add(bisect_right(breaks, start) + 1, "This entry is no source", "Write {...} with the fields of a source.")
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
    """A CSL-JSON entry and the part of the file it stands in; ``breaks`` are the offsets of all line ends of the file."""

    csl: Mapping[str, Any]
    text: str
    start: int
    end: int
    breaks: Sequence[int]
    findings: Findings

    @property
    def line(self) -> int:
        """The line on which the entry begins."""
        return bisect_right(self.breaks, self.start) + 1

    def line_of(self, name: str) -> int:
        """The line of a field, or of the entry where the field is missing."""
        position = self.text.find(f'"{name}"', self.start, self.end)
        return bisect_right(self.breaks, position) + 1 if position >= 0 else self.line

    def note(self, name: str, what: str, cure: str) -> None:
        """Note a problem with a field."""
        self.findings.add(self.line_of(name), what, cure)

    def check(self) -> None:
        """Note every mistake of the entry."""
        label = f"source '{self.csl.get('id', '?')}'"
        for name in _REQUIRED:
            if not self.csl.get(name):
                self.note(name, f"The {label} lacks '{name}'", f'Add "{name}": ... to the entry.')
        for name in _TEXTS:
            if self.csl.get(name) and not isinstance(self.csl[name], str):
                self.note(name, f"'{name}' of the {label} is no text", "Write one text in quotation marks.")
        for name in _NUMBERS:
            if self.csl.get(name) and not _is_number_or_text(self.csl[name]):
                self.note(name, f"'{name}' of the {label} is neither number nor text", 'Write it as "12".')
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
            cure = 'Write [{"family": "...", "given": "..."}] with texts for persons and [{"literal": "..."}] for bodies.'
            self.note("author", f"The author of the {label} cannot be read", cure)
        if "issued" in self.csl and not _is_date(self.csl["issued"]):
            self.note("issued", f"The date of the {label} cannot be read", 'Write {"date-parts": [[2005, 9, 26]]}, or take it out.')


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", url)


def _are_names(names: Any) -> bool:
    return isinstance(names, list) and all(isinstance(name, dict) and _is_name(name) for name in names)


def _is_name(name: Mapping[str, Any]) -> bool:
    parts = [name[part] for part in NAME_PARTS if part in name]
    return all(isinstance(part, str) for part in parts) and bool(name.get("literal") or name.get("family"))


def _is_date(issued: Any) -> bool:
    """Whether a date has a year; its parts, where it is written in parts, must be numbers of the calendar."""
    if not isinstance(issued, dict) or year({"issued": issued}) is None:
        return False
    parts = issued.get("date-parts") or []
    return isinstance(parts, list) and all(isinstance(date, list) and _are_parts(date) for date in parts)


def _are_parts(date: Sequence[Any]) -> bool:
    numbers = [int(part) if _is_number_or_text(part) and str(part).isdecimal() else 0 for part in date]
    return len(numbers) <= 3 and all(1 <= number <= most for number, most in zip(numbers, (9999, 12, 31), strict=False))


def _is_number_or_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


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
