"""An answer as one text: markers where they are said to be, the passages and sources behind them, and no markup but our own."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from bot.answer import events
from bot.follow_up import Turn
from bot.schema import Answer, Event
from bot.web.cited_text import Piece, pieces
from index.case_index import CaseIndex
from tests.bot.web.conftest import HOSTILE_QUESTION
from tests.bot.web.markup import Page

URL = "http://testserver"
WEAPONS = "Who checked that the Reed Front had handed over its weapons?"
WOMEN = "How many women were delegates at Port Ilmar in 1991?"


def told(question: str, index: CaseIndex, *history: Turn) -> list[Piece]:
    return list(pieces(events(question, index=index, public_url=URL, history=history)))


def text(of: list[Piece]) -> str:
    return "".join(piece.text for piece in of)


def answer_of(of: list[Piece]) -> Answer:
    assert of[-1].answer is not None
    return of[-1].answer


@pytest.mark.parametrize("question", [WEAPONS, WOMEN, HOSTILE_QUESTION])
def test_markers_stand_where_they_are_said_to_stand(index: CaseIndex, question: str) -> None:
    parts = told(question, index)
    whole, answer = text(parts), answer_of(parts)
    markers = [marker for piece in parts for marker in piece.markers]
    assert [whole[marker.start : marker.end] for marker in markers] == [f"[{marker.citation.number}]" for marker in markers]
    accounts = [account.citation for dispute in answer.disputes for account in dispute.accounts]
    assert [marker.citation.number for marker in markers] == [n for s in answer.sentences for n in s.citations] + accounts
    by_number = {citation.number: citation.url for citation in answer.citations}
    assert all(by_number[marker.citation.number] == marker.citation.url for marker in markers)


def test_the_text_opens_with_the_answers_own_and_each_sentence_is_a_piece(index: CaseIndex) -> None:
    parts = told(WEAPONS, index)
    answer = answer_of(parts)
    assert len(parts) == len(answer.sentences) + 1
    assert text(parts[:-1]) == answer.text
    assert [piece.answer for piece in parts[:-1]] == [None] * len(answer.sentences)


def test_the_list_has_every_passage_under_its_number_with_its_sources(index: CaseIndex) -> None:
    parts = told(WEAPONS, index)
    page = Page(MarkdownIt("commonmark").render(text(parts)))
    citations = answer_of(parts).citations
    assert {citation.url for citation in citations} <= set(page.links)
    assert {source.url for citation in citations for source in citation.sources if source.url} <= set(page.links)
    assert all(source.title in page.text for citation in citations for source in citation.sources)
    assert all(f"\n{citation.number}. [{citation.case.title}: {citation.section}](" in text(parts) for citation in citations)


def test_all_accounts_of_a_dispute_are_told(index: CaseIndex) -> None:
    parts = told("How many rifles did the Reed Front keep in Hallmoor?", index)
    accounts = [account for dispute in answer_of(parts).disputes for account in dispute.accounts]
    assert len(accounts) > 1
    assert all(f"\n- {account.text} [{account.citation}]" in parts[-1].text for account in accounts)


def test_nothing_from_a_case_becomes_markup(index: CaseIndex) -> None:
    parts = told(HOSTILE_QUESTION, index)
    answer = answer_of(parts)
    assert "smuggled-markup" in {citation.case.id for citation in answer.citations}
    page = Page(MarkdownIt("commonmark").render(text(parts)))
    assert page.tags == {"p", "ol", "ul", "li", "a"}
    sources = {source.url for citation in answer.citations for source in citation.sources}
    assert set(page.links) <= {citation.url for citation in answer.citations} | sources
    assert not any(link.startswith("javascript:") for link in page.links)


def test_an_address_cannot_end_its_link_early(index: CaseIndex) -> None:
    def moved(event: Event) -> Event:
        if not isinstance(event, Answer):
            return event
        strange = "https://strange.example/a(b)c <d> \"e\" 'f' &lt;?x=1&copy=2"
        return replace(event, citations=tuple(replace(citation, url=strange) for citation in event.citations))

    parts = list(pieces(map(moved, events(WEAPONS, index=index, public_url=URL))))
    links = [link for link in Page(MarkdownIt("commonmark").render(text(parts))).links if "strange.example" in link]
    assert set(links) == {"https://strange.example/a%28b%29c%20%3Cd%3E%20%22e%22%20'f'%20&lt;?x=1&copy=2"}


def test_what_is_not_covered_names_what_can_be_asked(index: CaseIndex) -> None:
    (only,) = told("Which bank gives the best mortgage?", index)
    answer = answer_of([only])
    assert only.text.startswith(answer.text)
    assert only.markers == ()
    assert all(f"\n- {question}" in only.text for question in answer.suggestions if "*" not in question)


def test_a_follow_up_says_how_it_was_understood_and_a_notice_is_told(index: CaseIndex) -> None:
    follow_up = told("And in Tesmark?", index, Turn(WOMEN, "Two. [1]"))
    assert "Understood as: “How many women were delegates at Tesmark?”" in text(follow_up)
    assert "Understood as" not in text(told(WOMEN, index))
    noticed = (replace(e, notice="The index is older.") if isinstance(e, Answer) else e for e in events(WOMEN, index=index, public_url=URL))
    assert text(list(pieces(noticed))).endswith("\n\nThe index is older.")
