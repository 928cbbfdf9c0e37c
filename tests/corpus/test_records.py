"""YAML as records: text stays text, values know their lines, and nothing that an author types is beyond reading."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.problems import Findings, Problem, did_you_mean, in_words
from corpus.records import Items, Record, Text, Value, is_date, parse_yaml

PIECES = ["a", "b: ", "- ", "[", "]", "{", "}", ",", "\n", "  ", "'", '"', "|-\n", ">2\n", "&x ", "*x ", "!t ", "!!int ", "%YAML 9.9\n"]
PIECES += ["---\n", "...\n", "? ", "<<: ", "# c\n", "\t", "\\", "é", "\u2028", "~", "@", "`", "%", ": ", "-", '"\\U0011ffff"', '"\\u12"']


def parse(text: str, first_line: int = 1) -> tuple[Value | None, list[Problem]]:
    findings = Findings(Path("a.yaml"))
    return parse_yaml(text, findings, first_line), findings.problems


def test_scalars_stay_as_they_were_written() -> None:
    value, problems = parse("a: NO\nb: 2026\nc: 2026-05\nd: 2005-09-26\ne: 0o17\nf: 'null'\ng: null\nh:\n")
    assert problems == []
    assert isinstance(value, Record)
    texts = [field for field in value.fields.values() if isinstance(field, Text)]
    assert [text.value for text in texts] == ["NO", "2026", "2026-05", "2005-09-26", "0o17", "null", "null", ""]
    assert [text.empty for text in texts] == [False] * 6 + [True] * 2
    assert [text.line for text in texts] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_lines_are_those_of_the_file() -> None:
    value, _ = parse("a:\n  - b\n  - {c: d,\n     e: f}\n", first_line=10)
    assert isinstance(value, Record)
    items = value.fields["a"]
    assert isinstance(items, Items)
    assert [item.line for item in items.values] == [11, 12]
    assert isinstance(items.values[1], Record)
    assert items.values[1].lines == {"c": 12, "e": 13}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: b: c", 1, "cannot be read"),
        ("a: 1\nb: 'c", 2, "cannot be read"),
        ("a: 1\n\tb: 2", 2, "cannot be read"),
        ("a: 1\n%YAML 1.1\n", 2, "begins with '%'"),
        ("a: &x 1\nb: *x", 1, "anchors and aliases"),
        ("a: 1\n[b]: 2", 2, "name of a field is no text"),
        ("a: 1\na: 2", 2, "'a' stands twice"),
    ],
)
def test_yaml_that_cannot_be_read_is_told_with_its_line(text: str, line: int, what: str) -> None:
    _, problems = parse(text)
    assert len(problems) == 1
    assert problems[0].line == line
    assert what in problems[0].what


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60))
def test_no_yaml_is_beyond_reading(text: str) -> None:
    parse(text)


@pytest.mark.parametrize("text", ["2005", "2005-09", "2005-09-26", "2004-02-29"])
def test_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["", "05", "2005-9", "2005-13", "2005-02-30", "2005-09-26T10:00", "26.9.2005", "20050926", "2005-09-26 "])
def test_what_is_no_date(text: str) -> None:
    assert not is_date(text)


def test_suggestions_and_lists_in_words() -> None:
    assert did_you_mean("verfication", ["verification", "women"], "Use one.") == "Did you mean 'verification'? If not: use one."
    assert did_you_mean("land", ["verification", "women"], "Use one.") == "Use one."
    assert [in_words(list("abc")[:n]) for n in range(4)] == ["", "a", "a or b", "a, b or c"]
