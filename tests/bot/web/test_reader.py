"""The case pages: every passage can be linked to, every source is listed, and no text becomes markup."""

import pytest
from fastapi.testclient import TestClient

from bot.web.pages import passage_path, period, readable, web_address
from bot.web.reader import cited_sources, credit
from index.case_index import CaseIndex
from tests.bot.web.conftest import HOSTILE, HOSTILE_CASE
from tests.bot.web.markup import Page

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
    assert {f"source-{n}" for n in range(1, len(cited_sources(index.cases[ACCORD])) + 1)} <= set(fragments)


def test_a_page_tells_all_of_its_case(client: TestClient, index: CaseIndex) -> None:
    for case in index.cases.values():
        text = page(client, f"/cases/{case.id}").text
        for told in (case.title, case.as_of, *(sentence.text for sentence in case.sentences()), *(entry.event for entry in case.timeline)):
            assert told in text
    accord = page(client, f"/cases/{ACCORD}").text
    for told in ("Accounts differ", "Port Ilmar", "1987 to 1994-08-15", "CC BY 4.0", "Cited: p. 8; p. 11; annex 2"):
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
    assert [period(("1997", "2010")), period(("1997", None)), period(("1997", "1997"))] == ["1997 to 2010", "since 1997", "1997"]
    assert readable("a\u202eb\x00c\U000e0041d\ud800\ne") == "abcd\ne"
    csl = {"author": [{"family": "Grell", "given": "Nora"}, {"literal": "A body"}], "publisher": "P", "issued": {"date-parts": [[2010, 5]]}}
    assert credit(csl) == "Nora Grell, A body. P. 2010-05"
