"""Sources in, references for readers out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.case import Source
from corpus.problems import Findings
from corpus.reading import read_corpus
from corpus.references import credit, formatted, year
from corpus.source_file import read_sources

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
    assert found or findings.problems or value == []


texts = st.sampled_from(["A", "Ann", "", "2005", "May 2005"])
odd = texts | st.none() | st.integers(-1, 3000) | st.booleans() | st.lists(texts, max_size=2)
parts = st.lists(st.lists(odd | st.sampled_from([2005, 9, 26, "2005"]), max_size=4), max_size=2)
dates = st.fixed_dictionaries({}, optional={"date-parts": odd | parts, "raw": odd, "literal": odd})
people = st.fixed_dictionaries({}, optional={"family": odd, "given": odd, "literal": odd, "suffix": odd})
authors = odd | st.lists(people | odd, max_size=4)
nearly_sound = st.fixed_dictionaries(
    {"id": st.just("a-1"), "type": st.just("book"), "title": st.just("A"), "publisher": odd, "author": authors},
    optional={"issued": odd | dates, "container-title": odd, "volume": odd, "issue": odd, "page": odd, "DOI": odd},
)


@given(nearly_sound)
@settings(max_examples=400)
def test_whatever_passes_the_check_can_be_shown(csl: dict[str, Any]) -> None:
    findings = Findings(Path("sources.json"))
    [entry] = read_sources(json.dumps([csl]), findings)
    if not findings.problems:
        assert formatted(entry.source) and formatted(entry.source, "p. 2")
        assert credit(entry.source.csl)


SOUND = {"id": "a-1", "type": "book", "title": "A", "author": [{"literal": "B"}], "publisher": "C"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "Ann Grell"),
        ("author", ["Ann Grell"]),
        ("author", [{"given": "Ann"}]),
        ("author", [{"family": "Grell", "given": ["Ann"]}]),
        ("author", [{"family": "Grell", "given": None}]),
        ("issued", "2005"),
        ("issued", None),
        ("issued", {}),
        ("issued", {"date-parts": [[]]}),
        ("issued", {"date-parts": [[2005, "May"]]}),
        ("issued", {"date-parts": [[2005, 13]]}),
        ("issued", {"date-parts": [[2005, 9, 26, 4]]}),
        ("issued", {"date-parts": [2005]}),
        ("issued", {"raw": "in May"}),
        ("container-title", ["The Journal"]),
        ("volume", ["12"]),
        ("page", {"from": 1}),
        ("note", ["unseen"]),
    ],
)
def test_an_odd_entry_is_told_with_its_line_and_its_id(field: str, value: Any) -> None:
    text = json.dumps([{**SOUND, field: value}], indent=1)
    findings = Findings(Path("sources.json"))
    read_sources(text, findings)
    [problem] = findings.problems
    assert f'"{field}"' in text.splitlines()[problem.line - 1]
    assert "source 'a-1'" in problem.what


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"author": [{"family": "Grell", "given": "Nora"}, {"literal": "A body"}]}, "Nora Grell, A body. C"),
        ({"issued": {"date-parts": [[2010, 5]]}}, "B. C. May 2010"),
        ({"author": [{"family": "Grell"}], "issued": {"raw": "Spring 2005"}}, "Grell. C. Spring 2005"),
        ({"author": [{"family": "Chastelain", "given": "John", "non-dropping-particle": "de"}]}, "John de Chastelain. C"),
        ({"author": [{"literal": "C"}], "issued": {"date-parts": [["2005", "9"]]}}, "C. September 2005"),
        (
            {"container-title": "The Journal", "volume": 12, "issued": {"date-parts": [], "literal": "2005/06"}},
            "B. The Journal. C. 2005/06",
        ),
    ],
)
def test_a_credit_says_who_in_what_and_when(entry: dict[str, Any], expected: str) -> None:
    findings = Findings(Path("sources.json"))
    [written] = read_sources(json.dumps([{**SOUND, **entry}]), findings)
    assert findings.problems == []
    assert credit(written.source.csl) == expected


@given(st.text(max_size=80))
def test_no_text_is_beyond_reading(text: str) -> None:
    findings = Findings(Path("sources.json"))
    assert read_sources(text, findings) or findings.problems or json.loads(text) == []


def test_json_nested_beyond_reason_is_a_mistake_like_others() -> None:
    findings = Findings(Path("sources.json"))
    assert read_sources("[" * 100_000, findings) == []
    assert len(findings.problems) == 1
