"""The case pages: every passage can be linked to, every source is listed, and no text becomes markup."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.web.pages import passage_path, period, readable, web_address
from bot.web.reader import cited_sources
from corpus.body import slug
from corpus.case import Case, Corpus
from corpus.reading import read_corpus
from corpus.references import written_date
from index.case_index import CaseIndex, current_index
from index.encoder import Encoder
from index.synchronising import synchronise
from tests.bot.web.conftest import HOSTILE, HOSTILE_CASE, MODEL, application, settings_for
from tests.bot.web.markup import Page
from tests.conftest import SMALL_CORPUS

ACCORD = "valdoria-harbour-accord"


def page(client: TestClient, path: str, status: int = 200) -> Page:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    return Page(response.text)


def test_every_passage_has_its_anchor_once(client: TestClient, index: CaseIndex) -> None:
    for case_id in index.cases:
        ids = page(client, f"/cases/{case_id}").ids
        assert len(ids) == len(set(ids))
        assert {passage.anchor for passage in index.passages_of(case_id)} <= set(ids)


def test_marks_lead_to_the_reference_list(client: TestClient, index: CaseIndex) -> None:
    shown = page(client, f"/cases/{ACCORD}")
    fragments = [link[1:] for link in shown.links if link.startswith("#")]
    assert set(fragments) <= set(shown.ids)
    assert {f"page_source-{n}" for n in range(1, len(cited_sources(index.cases[ACCORD])) + 1)} <= set(fragments)


def test_a_page_tells_all_of_its_case(client: TestClient, index: CaseIndex) -> None:
    for case in index.cases.values():
        text = page(client, f"/cases/{case.id}").text
        events = [entry.event for entry in case.timeline]
        for told in (case.title, written_date(case.as_of), *(sentence.text for sentence in case.sentences()), *events):
            assert told in text
    accord = page(client, f"/cases/{ACCORD}").text
    for told in ("Accounts differ", "Port Ilmar", "1987 to 15 August 1994", "CC BY 4.0", "Cited: p. 8; p. 11; annex 2"):
        assert told in accord
    assert "Our reading" in page(client, "/cases/women-at-the-table").text
    assert f"/cases/{ACCORD}" in page(client, "/cases/women-at-the-table").links


def test_cases_are_listed_by_area(client: TestClient, index: CaseIndex) -> None:
    listed = page(client, "/cases")
    assert {f"/cases/{case_id}" for case_id in index.cases} <= set(listed.links)
    assert listed.links.count("/cases/women-at-the-table") == 2
    assert listed.text.index("Valdoria") < listed.text.index("More than one place, or none")


def test_an_unknown_case_is_a_friendly_page(client: TestClient) -> None:
    missing = page(client, "/cases/atlantis", 404)
    assert "There is no case at this address" in missing.text
    assert "/cases" in missing.links
    assert "There is nothing at this address" in page(client, "/nowhere", 404).text


@pytest.mark.parametrize("path", [f"/cases/{HOSTILE_CASE}", "/cases"])
def test_text_of_a_case_never_becomes_markup(client: TestClient, path: str) -> None:
    shown = page(client, path)
    assert HOSTILE in shown.text
    assert not shown.tags & {"img", "script", "b", "code"}
    assert not any("evil" in link or "javascript" in link for link in shown.links)
    assert not any(name.startswith("on") for name in shown.attributes)


def test_outgoing_links_lead_to_the_web_alone_and_tell_nobody(client: TestClient) -> None:
    shown = page(client, f"/cases/{ACCORD}")
    outgoing = [attributes for tag, attributes in shown.elements if tag == "a" and ":" in attributes["href"]]
    assert outgoing
    assert all("noopener noreferrer" in link["rel"] and link["href"].startswith("https://") for link in outgoing)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " http://x", "http://", "", None])
def test_only_web_addresses_are_linked(address: str | None) -> None:
    assert web_address(address) is None
    assert web_address("HTTPS://example.org/a") == "HTTPS://example.org/a"


def test_paths_of_passages_are_escaped() -> None:
    assert passage_path("a-case#the-part.2") == "/cases/a-case#the-part.2"
    assert passage_path('a"b#c d', "One - two, three & four.") == "/cases/a%22b#c%20d:~:text=One%20%2D%20two%2C%20three%20%26%20four."


def test_words_of_a_page() -> None:
    assert [period(("1997", "2010")), period(("1997", None)), period(("1997", "1997"))] == ["1997 to 2010", "Since 1997", "1997"]
    assert readable("a\u202eb\x00c\U000e0041d\ud800\ne") == "abcd\ne"


@pytest.mark.parametrize(
    ("date", "written"),
    [("2019", "2019"), ("2019-03", "March 2019"), ("2019-03-09", "9 March 2019"), ("2019-13", "2019-13"), ("spring 2019", "spring 2019")],
)
def test_dates_are_written_as_people_write_them(date: str, written: str) -> None:
    assert written_date(date) == written


# What is odd, and must not break a page

SPARSE: list[dict[str, Any]] = [{"issued": {"raw": "spring 2010"}}, {}, {"author": [{"family": "Grell"}]}, {"container-title": "A journal"}]

WOMEN = "women-at-the-table"
OUR_WORDS = (
    "Content",
    "Contents",
    "Page content",
    "Sources",
    "Sources of the case",
    "Source 1",
    "Page source 1",
    "Timeline",
    "Page timeline",
)


def corpus_with_odd_parts() -> Corpus:
    """Headings that are words of the page too, sources that say little, and one case that is withdrawn."""
    read = read_corpus([SMALL_CORPUS])
    oddities = cycle(SPARSE)
    sources = {name: replace(source, csl={"id": name} | next(oddities)) for name, source in read.sources.items()}
    return replace(read, cases=tuple(_renamed(case) for case in read.cases if case.id != ACCORD), sources=sources)


def _renamed(case: Case) -> Case:
    part = case.sections[0]
    more = tuple(replace(part, heading=heading, anchor=slug(heading)) for heading in OUR_WORDS)
    return replace(case, sections=(*case.sections, *more))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[TestClient]:
    """The application over a corpus with odd parts."""
    home = tmp_path_factory.mktemp("odd-home")
    synchronise(corpus_with_odd_parts(), "0" * 64, home, encoder, MODEL)
    with closing(current_index(home, encoder)) as index:
        yield TestClient(application(settings_for(80, "http://testserver"), lambda: index))


def test_headings_never_take_an_id_of_the_page(odd: TestClient) -> None:
    for case_id in (WOMEN, "tesmark-water-committees"):
        shown = page(odd, f"/cases/{case_id}")
        assert len(shown.ids) == len(set(shown.ids))
        assert {slug(heading) for heading in OUR_WORDS} <= set(shown.ids)
        assert {link[1:] for link in shown.links if link.startswith("#")} <= set(shown.ids)


def test_a_case_that_is_withdrawn_is_named_and_not_linked(odd: TestClient) -> None:
    shown = page(odd, f"/cases/{WOMEN}")
    assert f"Case {ACCORD}, which is not published" in shown.text
    assert f"/cases/{ACCORD}" not in shown.links


def test_a_case_does_not_send_its_reader_to_itself(client: TestClient, index: CaseIndex) -> None:
    for case_id in index.cases:
        assert f"/cases/{case_id}" not in page(client, f"/cases/{case_id}").links
