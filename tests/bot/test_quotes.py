"""A quotes answer: two to six sentences, verbatim, no repetition, the best first, each passage in reading order."""

from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quotes import FEWEST, MOST, Quote, compose
from index.case_index import CaseIndex, Hit, Signals
from index.words import terms
from tests.bot.conftest import COVERED


def quotes(index: CaseIndex, question: str, limit: int = 8) -> list[Quote]:
    query = index.query(question)
    return compose(query, index.search(query, limit=limit), index)


def check(chosen: list[Quote]) -> None:
    assert FEWEST <= len(chosen) <= MOST
    assert all(quote.passage.sentences[quote.number] == quote.sentence for quote in chosen)
    places = [(quote.passage.id, quote.number) for quote in chosen]
    assert len(set(places)) == len(places)
    assert len({quote.sentence.text for quote in chosen}) == len(chosen)
    rest = [(place, number) for place, number in places if (place, number) != places[0]]
    for _, stand_together in groupby(rest, key=lambda place: place[0]):
        numbers = [number for _, number in stand_together]
        assert numbers == sorted(numbers)
    runs = [place for place, _ in groupby(places, key=lambda place: place[0])]
    assert len(runs) == len(set(runs)), "what stands in one passage is told together"


@pytest.mark.parametrize("question", COVERED)
def test_an_answer_reads_like_one(small_index: CaseIndex, question: str) -> None:
    check(quotes(small_index, question))


def test_what_all_sentences_repeat_tells_none_of_them_apart(small_index: CaseIndex) -> None:
    query = small_index.query("Who chaired the Harbour talks, the Harbour talks, at the Harbour?")
    hits = small_index.search(query)
    mute = [replace(hit, score=1.0, sentences=tuple(Signals(0.0, 0.0) for _ in hit.sentences)) for hit in hits]
    lead, *_ = compose(query, mute, small_index)
    assert lead.sentence.text.startswith("Bishop Oskar Renn chaired")
    most = max((quote for hit in hits for quote in hit.passage.sentences), key=lambda sentence: sentence.text.count("Harbour"))
    assert most.text.count("Harbour") >= lead.sentence.text.count("Harbour")


@settings(max_examples=40)
@given(st.data())
def test_any_question_made_of_the_cases_words_gets_a_sound_answer(small_index: CaseIndex, data: st.DataObject) -> None:
    words = sorted({word for passage in small_index.passages for word in passage.text.split()})
    check(quotes(small_index, " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=8)))))


@pytest.mark.parametrize(
    ("question", "leads"),
    [
        ("Who chaired the Harbour talks?", "Bishop Oskar Renn chaired"),
        ("When was the Harbour Accord signed?", "The Harbour Accord was signed on 9 October 1993"),
        ("How many rifles did the Orlund Observer Group count?", "The Orlund Observer Group counted 1,204 rifles"),
        ("In what are fines in the Tesmark valley paid?", "Fines in the Tesmark valley are paid in seed"),
    ],
)
def test_the_sentence_that_answers_best_leads(small_index: CaseIndex, question: str, leads: str) -> None:
    assert quotes(small_index, question)[0].sentence.text.startswith(leads)


def test_without_hits_nothing_is_said(small_index: CaseIndex) -> None:
    assert compose(small_index.query("Who chaired the Harbour talks?"), [], small_index) == []


def test_what_says_the_same_is_said_once(small_index: CaseIndex) -> None:
    question = "Who chaired the Harbour talks?"
    hits = small_index.search(question)
    echo = replace(hits[0], passage=replace(hits[0].passage, id="women-at-the-table#an-echo", case_id="women-at-the-table"))
    twice: list[Hit] = [hits[0], echo, *hits[1:]]
    told = [frozenset(terms(quote.sentence.text)) for quote in compose(small_index.query(question), twice, small_index)]
    assert len(told) == len(set(told)) >= FEWEST


def test_one_sentence_is_all_that_one_sentence_can_give(small_index: CaseIndex) -> None:
    [hit] = small_index.search("Fish quotas were the first point on the agenda", limit=1)
    paragraph = replace(hit.passage.paragraphs[0], sentences=hit.passage.sentences[:1])
    only = replace(hit, passage=replace(hit.passage, paragraphs=(paragraph,)), sentences=hit.sentences[:1])
    assert [quote.number for quote in compose(small_index.query("Fish quotas?"), [only], small_index)] == [0]
