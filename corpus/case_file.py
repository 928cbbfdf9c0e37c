"""A case file -> Case: the front matter's fields, and whether they agree with the body below."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from corpus.body import read_body
from corpus.case import (
    KINDS,
    STATUSES,
    Case,
    CaseKind,
    CaseStatus,
    Fact,
    Place,
    ReaderQuestion,
    Section,
    Source,
    TimelineEntry,
    Vocabulary,
)
from corpus.citation_marks import CitationCheck
from corpus.file_text import MAX_CASE_BYTES, read_text
from corpus.problems import Findings, Problem, did_you_mean
from corpus.prose import ProseRules
from corpus.records import Reader, Record, parse_yaml
from corpus.sentence_checks import note_long_sentences

_REQUIRED = (
    "id",
    "title",
    "kind",
    "areas",
    "countries",
    "places",
    "period",
    "themes",
    "principles",
    "as_of",
    "status",
)
_OPTIONAL = ("questions", "timeline")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """What a case may name: all sources, facts, words and ids of cases of all folders."""

    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    vocabulary: Vocabulary
    cases: Collection[str]


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case file as it was read. ``case`` is None if its front matter cannot be read; with problems it may be in part empty."""

    path: Path
    case: Case | None
    problems: tuple[Problem, ...]


def read_case(path: Path, known: Known) -> WrittenCase:
    """Read one case file, with every problem that the file alone shows."""
    findings = Findings(path)
    text = read_text(path, findings, MAX_CASE_BYTES)
    parts = _split(text, findings) if text is not None else None
    if parts is None:
        return WrittenCase(path, None, tuple(findings.problems))
    front, body, body_line = parts
    value = parse_yaml(front, findings, first_line=2)
    if isinstance(value, Record):
        case = _case(Reader(value, findings, "case"), path.stem, body, body_line, known)
        return WrittenCase(path, case, tuple(findings.problems))
    if not findings.problems:
        findings.add(2, "The front matter holds no fields", "Write one 'name: value' a line, beginning with 'id:'.")
    return WrittenCase(path, None, tuple(findings.problems))


def _split(text: str, findings: Findings) -> tuple[str, str, int] | None:
    """Front matter, body and the body's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        findings.add(1, "The file does not begin with front matter", "Begin it with a line '---', the fields, and a line '---'.")
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    findings.add(1, "The front matter is not closed", "Add a line '---' after its last field.")
    return None


def _case(reader: Reader, stem: str, body: str, body_line: int, known: Known) -> Case:
    status = reader.choice("status", STATUSES)
    identity = _identity(reader, stem)
    if status == "withdrawn":
        reader.expect(("id", "status"), (*_REQUIRED, *_OPTIONAL))
        return _withdrawn(identity)
    reader.expect(_REQUIRED, _OPTIONAL)
    words = known.vocabulary
    themes = reader.terms("themes", words.themes)
    if "themes" in reader.record.fields and not themes:
        reader.findings.add(reader.record.line_of("themes"), "The case has no theme", "Name one theme of vocabulary.yaml or more.")
    citations = CitationCheck(known.sources, known.cases, reader.findings)
    sections = read_body(body, body_line, themes, ProseRules(citations, known.facts, reader.findings))
    note_long_sentences([s for section in sections for p in section.paragraphs for s in p.sentences], reader.findings)
    return Case(
        id=identity,
        title=reader.text("title"),
        kind=cast(CaseKind, reader.choice("kind", KINDS)),
        areas=reader.terms("areas", words.areas),
        countries=_countries(reader),
        places=tuple(map(_place, reader.readers("places", "place"))),
        period=_period(reader),
        themes=themes,
        principles=reader.terms("principles", words.principles),
        as_of=reader.date("as_of"),
        status=cast(CaseStatus, status),
        questions=_questions(reader, sections),
        timeline=_timeline(reader, citations),
        sections=sections,
    )


def _withdrawn(identity: str) -> Case:
    """A withdrawn case needs its id and status only, so that a user can withdraw a shipped case with a file of four lines."""
    return Case(identity, "", "process", (), (), (), ("", None), (), (), "", "withdrawn", (), (), ())


def _identity(reader: Reader, stem: str) -> str:
    identity = reader.text("id")
    line = reader.record.line_of("id")
    if identity and not _ID.fullmatch(identity):
        reader.findings.add(line, f"'{identity}' is no id", "Use lower-case letters, digits and single hyphens.")
    if identity and identity != stem:
        reader.findings.add(line, f"The id '{identity}' differs from the file name '{stem}.md'", "Rename the one or the other.")
    return identity


def _countries(reader: Reader) -> tuple[str, ...]:
    codes = reader.texts("countries")
    for code in codes:
        if not re.fullmatch("[A-Z]{2}", code.value):
            cure = "Write the two capitals of ISO 3166-1, such as GB, CO or PH."
            reader.findings.add(code.line, f"'{code.value}' is no country code", cure)
    return tuple(code.value for code in codes)


def _place(reader: Reader) -> Place:
    reader.expect(("name", "lat", "lon"))
    return Place(reader.text("name"), reader.number("lat", -90, 90), reader.number("lon", -180, 180))


def _period(reader: Reader) -> tuple[str, str | None]:
    value = reader.record.fields.get("period")
    if value is None:
        return "", None
    if not isinstance(value, Record):
        reader.wrong_type(value, "'period'", "a mapping {from: ..., to: ...}")
        return "", None
    period = Reader(value, reader.findings, "period")
    period.expect(("from",), ("to",))
    start, end = period.date("from"), period.date("to") or None
    if end is not None and _is_later(start, end):
        reader.findings.add(value.line_of("to"), f"The period ends in {end}, before it begins in {start}", "Swap the two dates.")
    return start, end


def _is_later(date: str, other: str) -> bool:
    """Whether a date is surely later than the other; 2005 is neither before nor after 2005-09."""
    shared = min(len(date), len(other))
    return date[:shared] > other[:shared]


def _questions(reader: Reader, sections: Sequence[Section]) -> tuple[ReaderQuestion, ...]:
    headings = [section.heading for section in sections]
    questions = []
    for entry in reader.readers("questions", "question"):
        entry.expect(("q", "section"))
        question = ReaderQuestion(entry.text("q"), entry.text("section"))
        if question.section and question.section not in headings:
            reader.findings.add(
                entry.record.line_of("section"),
                f"The body has no heading '{question.section}'",
                did_you_mean(question.section, headings, "Write the heading as it stands in the body, without its {...}."),
            )
        questions.append(question)
    return tuple(questions)


def _timeline(reader: Reader, citations: CitationCheck) -> tuple[TimelineEntry, ...]:
    entries: list[TimelineEntry] = []
    for entry in reader.readers("timeline", "timeline entry"):
        entry.expect(("date", "event", "cite"))
        cite = entry.text("cite")
        references = citations.references(cite, entry.record.line_of("cite")) if cite else ()
        date = entry.date("date")
        if entries and _is_later(entries[-1].date, date):
            reader.findings.add(
                entry.record.line_of("date"),
                f"The timeline goes back from {entries[-1].date} to {date}",
                "Put the entries in order of date, the earliest first.",
            )
        entries.append(TimelineEntry(date, entry.text("event"), references))
    return tuple(entries)
