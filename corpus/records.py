"""YAML 1.2 as records whose values know their lines. The only module that imports PyYAML, for libyaml's speed.

Every scalar stays the text it was written as, and the reader of each field decides what it means: ``NO`` is Norway, ``2026`` a
year and ``2026-05`` a month, with nobody guessing types in between.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

import yaml
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError

from corpus.problems import Findings, did_you_mean, in_words

MAX_DEPTH = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it was written. ``empty`` means that nothing, ``~`` or ``null`` stands there."""

    line: int
    value: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    values: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping; ``line`` is where it begins, ``lines`` where each of its fields begins."""

    line: int
    fields: dict[str, "Value"]
    lines: dict[str, int]

    def line_of(self, name: str) -> int:
        """The line of a field, or of the record where the field is missing."""
        return self.lines.get(name, self.line)


Value = Text | Items | Record
_NAMES: dict[type, str] = {Text: "text", Items: "a list", Record: "a mapping"}


class UnreadableYaml(Exception):
    """YAML that cannot be read at all; the problem is already noted."""


def parse_yaml(text: str, findings: Findings, first_line: int = 1) -> Value | None:
    """The value of a YAML text that begins at ``first_line`` of its file; None, with the problem noted, if it is broken or empty."""
    if directive := re.search(r"^%", text, re.MULTILINE):
        line = first_line + text.count("\n", 0, directive.start())
        findings.add(line, "A line of YAML begins with '%'", "Take the directive out, or put quotes around the text.")
        return None
    try:
        node = yaml.compose(text, Loader=_LOADER)
        return _value(node, first_line, findings, set(), 0) if node is not None else None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line = first_line + (mark.line if mark else 0)
    except UnreadableYaml:
        return None
    except YAMLError as error:
        what, line = str(error).splitlines()[0], first_line
    except RecursionError:
        what, line = "too many nested brackets", first_line
    except ValueError as error:  # of the parser, for an escape beyond Unicode
        what, line = str(error), first_line
    findings.add(
        line,
        f"The YAML cannot be read ({what})",
        "Look at this line and the one before for a missing quote, bracket, colon or blank; text that holds ': ' or ' #' needs quotes.",
    )
    return None


def _value(node: Node, first_line: int, findings: Findings, seen: set[int], depth: int) -> Value:
    """A node as a Value. Aliases are refused (``seen``), so that a small file cannot unfold into a huge one."""
    line = first_line + node.start_mark.line
    if id(node) in seen or depth > MAX_DEPTH:
        findings.add(
            line,
            "YAML anchors and aliases, and very deep nesting, are not used here",
            "Write the value out where it is needed.",
        )
        raise UnreadableYaml
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        empty = not node.style and node.value in ("", "~", "null")
        return Text(line, node.value.strip(), empty)
    if isinstance(node, SequenceNode):
        return Items(line, tuple(_value(item, first_line, findings, seen, depth + 1) for item in node.value))
    assert isinstance(node, MappingNode)
    return _record(node, line, first_line, findings, seen, depth)


def _record(node: MappingNode, line: int, first_line: int, findings: Findings, seen: set[int], depth: int) -> Record:
    record = Record(line, {}, {})
    for key, value in node.value:
        name, key_line = key.value, first_line + key.start_mark.line
        if not isinstance(key, ScalarNode):
            findings.add(
                key_line, "The name of a field is no text", "Write 'name: value'; put quotes around text that begins with a bracket."
            )
            raise UnreadableYaml
        if name in record.fields:
            findings.add(key_line, f"The field '{name}' stands twice", "Keep one of the two.")
        read = _value(value, first_line, findings, seen, depth + 1)
        # A value that is left empty begins, for the parser, where the next field does.
        record.fields[name] = replace(read, line=key_line) if isinstance(read, Text) and read.empty else read
        record.lines[name] = key_line
    return record


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the fields of one record; every mistake is noted at its line and answered with an empty value, so that all come out.

    ``what`` names the record in messages (``case``, ``fact``).
    """

    record: Record
    findings: Findings
    what: str

    def expect(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Note fields that are missing and fields that nobody knows."""
        known = (*required, *optional)
        for name in self.record.fields:
            if name not in known:
                self.findings.add(
                    self.record.lines[name],
                    f"A {self.what} has no field '{name}'",
                    did_you_mean(name, known, f"Take the field out; a {self.what} has {in_words(known, 'and')}."),
                )
        for name in required:
            if name not in self.record.fields:
                self.findings.add(self.record.line, f"The {self.what} lacks the field '{name}'", f"Add a line '{name}: ...'.")

    def text(self, name: str) -> str:
        """A field that is a text; empty if it is missing or wrong."""
        value = self.record.fields.get(name)
        return "" if value is None else self.text_of(value, f"'{name}'")

    def optional_text(self, name: str) -> str | None:
        """A field that is a text, or None where it is left out."""
        return self.text(name) if name in self.record.fields else None

    def text_of(self, value: Value, label: str) -> str:
        """The text of a value, which must be a text and not empty."""
        if not isinstance(value, Text):
            self.wrong_type(value, label, "text")
            return ""
        if value.empty or not value.value:
            self.findings.add(value.line, f"{label} is empty", "Write its value, or take the field out if it may be left out.")
            return ""
        return " ".join(value.value.split())

    def wrong_type(self, value: Value, label: str, wanted: str) -> None:
        """Note a value of the wrong type."""
        self.findings.add(value.line, f"{label} is {_NAMES[type(value)]} where {wanted} is expected", f"Write it as {wanted}.")

    def items(self, name: str) -> tuple[Value, ...]:
        """The values of a list field; empty if it is missing or wrong."""
        value = self.record.fields.get(name)
        if value is None:
            return ()
        if isinstance(value, Items):
            return value.values
        self.wrong_type(value, f"'{name}'", "a list [...]")
        return ()

    def texts(self, name: str) -> tuple[Text, ...]:
        """The texts of a list field, each with its line."""
        found = ((item.line, self.text_of(item, f"An entry of '{name}'")) for item in self.items(name))
        return tuple(Text(line, text) for line, text in found if text)

    def terms(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """The texts of a list field whose entries must be among ``known``."""
        texts = self.texts(name)
        for text in texts:
            self.check_term(name, text.value, text.line, known)
        return tuple(text.value for text in texts)

    def check_term(self, name: str, term: str, line: int, known: Collection[str]) -> None:
        """Note a word that is not among those that the field ``name`` may hold."""
        if term not in known:
            self.findings.add(
                line,
                f"'{term}' is no value of '{name}'",
                did_you_mean(term, known, f"Use {in_words(sorted(known)) or 'a value that vocabulary.yaml defines'}."),
            )

    def choice(self, name: str, choices: Collection[str]) -> str:
        """A text field that must be one of ``choices``."""
        text = self.text(name)
        if text:
            self.check_term(name, text, self.record.line_of(name), choices)
        return text

    def date(self, name: str) -> str:
        """A text field that is a date: YYYY, YYYY-MM or YYYY-MM-DD."""
        text = self.text(name)
        if text and not is_date(text):
            self.findings.add(
                self.record.line_of(name),
                f"'{name}: {text}' is no date",
                "Write it as YYYY, YYYY-MM or YYYY-MM-DD, such as 2005-09-26.",
            )
        return text

    def number(self, name: str, low: float, high: float) -> float:
        """A number field between ``low`` and ``high``; 0.0 if it is missing or wrong."""
        text = self.text(name)
        try:
            number = float(text) if text else 0.0
        except ValueError:
            number = float("nan")
        if low <= number <= high:
            return number
        self.findings.add(
            self.record.line_of(name),
            f"'{name}: {text}' is no number from {low:g} to {high:g}",
            "Write it in degrees, with a decimal point.",
        )
        return 0.0

    def readers(self, name: str, what: str) -> Iterator["Reader"]:
        """A reader for each mapping of a list field."""
        for item in self.items(name):
            if isinstance(item, Record):
                yield Reader(item, self.findings, what)
            else:
                self.wrong_type(item, f"An entry of '{name}'", "a mapping {...}")


def is_date(text: str) -> bool:
    """Whether a text is a date of the calendar in the form YYYY, YYYY-MM or YYYY-MM-DD."""
    if not re.fullmatch(r"[12]\d{3}(-\d{2}(-\d{2})?)?", text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
