"""Sources in, references for readers out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.case import Source
from corpus.problems import Findings
from corpus.reading import read_corpus
from corpus.references import formatted, read_sources, year

SMALL = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return dict(read_corpus([SMALL]).sources)


@pytest.mark.parametrize(
    ("source", "locator", "expected"),
    [
        ("grell-wells-2010", "p. 22", "Nora Grell (2010). Nineteen Wells: Quarrel and Calm in the Tesmark Valley. Quayside Press, p. 22."),
        ("grell-wells-2010", None, "Nora Grell (2010). Nineteen Wells: Quarrel and Calm in the Tesmark Valley. Quayside Press."),
        ("harbour-accord-1993", "art. 12", "Government of Valdoria and Northern Reed Front (1993). The Harbour Accord, art. 12."),
        ("lantern-fund-2007", None, "Lantern Fund (no date). What we paid for in 2006."),
        ("ilmar-chronicle-1991", None, "The Ilmar Chronicle (1991). Talks open in the harbour."),
        ("ilmar-chronicle-1994", "p. 3", "Jon Dahl (1994). The last crate. The Ilmar Chronicle, p. 3."),
        (
            "torvald-history-2001",
            None,
            "Lena Torvald and others (2001). The Lakes at Peace? Valdoria 1987-2000. Journal of Invented History 12(3), 1-160.",
        ),
        (
            "torvald-history-2001",
            "p. 61",
            "Lena Torvald and others (2001). The Lakes at Peace? Valdoria 1987-2000. Journal of Invented History 12(3), p. 61.",
        ),
    ],
)
def test_a_reference_names_author_year_title_and_place(sources: dict[str, Source], source: str, locator: str | None, expected: str) -> None:
    assert formatted(sources[source], locator) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"date-parts": [[2005, 9, 26]]}, 2005),
        ({"date-parts": [["2005"]]}, 2005),
        ({"raw": "26 September 2005"}, 2005),
        ({"literal": "2005/06"}, 2005),
        ({"date-parts": []}, None),
        ({"date-parts": [[]]}, None),
        ({"date-parts": "2005"}, None),
        ("2005", None),
        (None, None),
    ],
)
def test_the_year_of_a_source(issued: Any, expected: int | None) -> None:
    assert year({"issued": issued}) == expected


def test_every_entry_keeps_its_csl_and_its_line() -> None:
    text = (SMALL / "sources.json").read_text(encoding="utf-8")
    findings = Findings(SMALL / "sources.json")
    found = read_sources(text, findings)
    assert findings.problems == []
    assert [dict(entry.source.csl) for entry in found] == json.loads(text)
    lines = text.splitlines()
    assert all(f'"{entry.source.id}"' in "".join(lines[entry.line - 1 : entry.line + 1]) for entry in found)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)
names = st.sampled_from(["id", "title", "type", "author", "issued", "URL", "DOI", "publisher", "container-title", "volume", "note"])
entries = st.lists(
    st.dictionaries(names, json_values | st.dictionaries(st.sampled_from(["date-parts", "raw", "family"]), json_values)), max_size=3
)


@given(entries | json_values)
def test_no_json_is_beyond_reading(value: Any) -> None:
    findings = Findings(Path("sources.json"))
    found = read_sources(json.dumps(value, indent=1), findings)
    assert all(formatted(entry.source, "p. 2") for entry in found)
    assert found or findings.problems or value == []


@given(st.text(max_size=80))
def test_no_text_is_beyond_reading(text: str) -> None:
    findings = Findings(Path("sources.json"))
    assert read_sources(text, findings) or findings.problems or json.loads(text) == []


def test_json_nested_beyond_reason_is_a_mistake_like_others() -> None:
    findings = Findings(Path("sources.json"))
    assert read_sources("[" * 100_000, findings) == []
    assert len(findings.problems) == 1
