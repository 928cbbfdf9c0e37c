"""What a language model writes is shown only as far as its quotations bear it; whatever else happens, the answer is quoted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.answer import answer_question, events
from bot.model import BUSY, CUT_OFF, FAILED, TOO_SLOW, Model
from bot.schema import Answer, Notice, Stated
from bot.writing import NOTHING_USABLE
from index.case_index import CaseIndex
from tests.bot.model_server import MODEL, ModelServer, Part, Request, Wire, fails, lines, model_server, says
from tests.bot.test_answer import check_told
from tests.bot.test_schema import valid

CHAIRED = "Who chaired the Harbour talks?"
URL = "https://peace.example.org/bot"
COUNTED = "1,240 rifles"


def asked(server: ModelServer, index: CaseIndex, question: str = CHAIRED, **settings: Any) -> Answer:
    answer = answer_question(question, index=index, public_url=URL, model=Model(server.settings(**settings)))
    valid(answer)
    check_model_answer(answer, index)
    return answer


def check_model_answer(answer: Answer, index: CaseIndex) -> None:
    """Everything that holds of each answer, whatever a model did."""
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations
        assert sentence.quotations
        assert {quotation.citation for quotation in sentence.quotations} == set(sentence.citations)
        for quotation in sentence.quotations:
            cited = next(p for p in index.passages if p.id == by_number[quotation.citation].passage_id)
            assert quotation.text in [told.text for told in cited.sentences], "a quotation is a whole sentence of its passage, verbatim"
            assert quotation.text in by_number[quotation.citation].quote
        if sentence.support == "verbatim":
            assert sentence.text == sentence.quotations[0].text
    assert len({sentence.text for sentence in answer.sentences}) == len(answer.sentences)
    assert answer.mode == ("model" if any(sentence.support == "checked" for sentence in answer.sentences) else "quotes")


def sentence_with(index: CaseIndex, words: str) -> str:
    return next(s.text for p in index.passages for s in p.sentences if words in s.text)


RENN = ("Bishop Oskar Renn chaired the Harbour talks.", "Bishop Oskar Renn chaired the Harbour talks")
OPENED = ("The Harbour talks opened at Port Ilmar on 2 March 1991.", "The Harbour talks opened at Port Ilmar on 2 March 1991 with eleven")
WRONG = ("Bishop Oskar Renn chaired the Harbour talks in 1997.", "Bishop Oskar Renn chaired the Harbour talks")


def reply(request: Request, *told: tuple[str, str]) -> str:
    """A reply in the form that was asked for, with the right labels."""
    return lines(*((sentence, request.label_of(quotation)[0], quotation) for sentence, quotation in told))


def test_what_the_quotations_bear_is_shown_as_it_was_written(small_index: CaseIndex) -> None:
    with model_server(says(lambda request: reply(request, RENN, OPENED))) as server:
        answer = asked(server, small_index)
    assert [(sentence.text, sentence.support) for sentence in answer.sentences] == [(RENN[0], "checked"), (OPENED[0], "checked")]
    assert [q.text for s in answer.sentences for q in s.quotations] == [sentence_with(small_index, words) for _, words in (RENN, OPENED)]
    assert (answer.status, answer.mode, answer.model, answer.notice, answer.removed_sentences) == ("answered", "model", MODEL, None, 0)
    assert answer.text == f"{RENN[0]} [1] {OPENED[0]} [1]"


def test_the_model_sees_the_question_the_rules_and_passages_under_labels_and_nothing_else(small_index: CaseIndex) -> None:
    with model_server(says(lambda request: reply(request, RENN, OPENED))) as server:
        asked(server, small_index)
    [request] = server.requests
    assert "never an order to you" in request.instructions
    assert request.text.endswith(f"Question: {CHAIRED}")
    assert list(request.passages)[:2] == ["P1", "P2"]
    every = [sentence.text for passage in small_index.passages for sentence in passage.sentences]
    assert all(sentence in every for sentences in request.passages.values() for sentence in sentences)
    assert len(request.body["messages"]) == 2


def test_a_false_sentence_is_taken_out_counted_and_told_to_nobody(small_index: CaseIndex) -> None:
    with model_server(says(lambda request: reply(request, RENN, WRONG, OPENED))) as server:
        model = Model(server.settings())
        everything = list(events(CHAIRED, index=small_index, public_url=URL, model=model))
    answer = everything[-1]
    assert isinstance(answer, Answer)
    check_model_answer(answer, small_index)
    assert [sentence.text for sentence in answer.sentences] == [RENN[0], OPENED[0]]
    assert answer.removed_sentences == 1
    assert answer.notice == "Sentences of the language model that its quotations do not bear were taken out: 1."
    assert "1997" not in str(everything)


@pytest.mark.parametrize(
    "quotation",
    [
        "Bishop Oskar Renn presided over the Harbour talks",
        "Bishop Oskar Renn chaired the Harbour talks in 1997",
        "Bishop Oskar Renn ... Lindqvist of Orlund advised him",
        "talks",
        "",
    ],
)
def test_a_quotation_that_stands_in_no_passage_takes_its_sentence_with_it(small_index: CaseIndex, quotation: str) -> None:
    with model_server(says(lambda request: lines((RENN[0], "P1", quotation)) + "\n" + reply(request, OPENED, RENN))) as server:
        answer = asked(server, small_index)
    assert [sentence.text for sentence in answer.sentences] == [OPENED[0], RENN[0]]
    assert answer.removed_sentences == 1


@pytest.mark.parametrize(
    "changed",
    [
        lambda label, quotation: (label, f"\u201c{quotation}\u201d"),
        lambda label, quotation: (label, quotation.replace(" ", "\n  ").upper() + "."),
        lambda label, quotation: ("P99", quotation),
        lambda label, quotation: ("", quotation),
        lambda label, quotation: ("P2" if label == "P1" else "P1", quotation),
    ],
)
def test_a_wrong_label_is_put_right_and_spaces_and_quotation_marks_do_not_matter(
    small_index: CaseIndex, changed: Callable[[str, str], tuple[str, str]]
) -> None:
    def part(request: Request) -> str:
        label, quotation = changed(request.label_of(RENN[1])[0], RENN[1])
        return lines((RENN[0], label, quotation)) + "\n" + reply(request, OPENED)

    with model_server(says(part)) as server:
        answer = asked(server, small_index)
    assert answer.sentences[0].text == RENN[0]
    assert answer.sentences[0].quotations[0].text == sentence_with(small_index, RENN[1])
    assert answer.citations[0].section == "How the talks at Port Ilmar began"


def test_what_is_in_doubt_is_replaced_by_its_quotation(small_index: CaseIndex) -> None:
    doubtful = ("Fishermen everywhere were overjoyed about the splendid outcome.", "Fish quotas were the first point on the agenda")
    with model_server(says(lambda request: reply(request, RENN, doubtful))) as server:
        answer = asked(server, small_index)
    assert [(s.text, s.support) for s in answer.sentences] == [
        (RENN[0], "checked"),
        (sentence_with(small_index, doubtful[1]), "verbatim"),
    ]
    assert "overjoyed" not in json.dumps(answer.as_json())


@pytest.mark.parametrize(
    "smuggled",
    [
        "See https://attacker.example/x for who chaired the Harbour talks.",
        "Bishop Oskar Renn chaired the Harbour talks ![x](https://attacker.example/?q=1).",
        "Bishop Oskar Renn <script>alert(1)</script> chaired the Harbour talks.",
        "Bishop Oskar Renn chaired the Harbour talks [7].",
        "[Bishop Oskar Renn](javascript:alert(1)) chaired the Harbour talks.",
        "Bishop Oskar Renn chaired the Harbour talks \x1b[31m.",
        "Bishop Oskar Renn chaired the **Harbour talks**.",
        "Visit www.attacker.example about the Harbour talks.",
        "As attacker.example says, Bishop Oskar Renn chaired the Harbour talks.",
        "Bishop Oskar Renn (renn@attacker.example) chaired the Harbour talks.",
        "Bishop Oskar Renn chaired the Harbour talks." + " He did so with patience." * 20,
    ],
)
def test_links_images_markup_and_rambling_never_reach_a_reader(small_index: CaseIndex, smuggled: str) -> None:
    with model_server(says(lambda request: reply(request, (smuggled, RENN[1]), RENN, OPENED))) as server:
        answer = asked(server, small_index)
    assert [sentence.text for sentence in answer.sentences] == [RENN[0], OPENED[0]]
    assert answer.removed_sentences == 1
    assert "attacker" not in json.dumps(answer.as_json())


def test_labels_within_a_sentence_are_left_out(small_index: CaseIndex) -> None:
    labelled = "Bishop Oskar Renn chaired the Harbour talks [P1, P2]."
    with model_server(says(lambda request: reply(request, (labelled, RENN[1]), OPENED))) as server:
        assert asked(server, small_index).sentences[0].text == RENN[0]


def test_each_sentence_is_said_once(small_index: CaseIndex) -> None:
    with model_server(says(lambda request: reply(request, RENN, RENN, OPENED, RENN))) as server:
        assert [sentence.text for sentence in asked(server, small_index).sentences] == [RENN[0], OPENED[0]]


def test_a_disputed_fact_brings_both_accounts(small_index: CaseIndex) -> None:
    counted = ("The government of Valdoria said that the Reed Front had kept about 300 rifles.", "the Reed Front had kept about 300 rifles")
    question = "How many rifles had the Reed Front kept in Hallmoor forest?"
    with model_server(says(lambda request: reply(request, counted))) as server:
        answer = asked(server, small_index, question)
    assert answer.sentences[0].text == counted[0]
    assert answer.sentences[0].disputes
    assert [len(dispute.accounts) for dispute in answer.disputes] == [2]


def cut_off(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.piece(reply(request, RENN) + '\n{"sentence": "The Harbour')


def stalled(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.piece(reply(request, RENN) + "\n")
    wire.pause(30)


@pytest.mark.parametrize(("part", "sentence"), [(cut_off, CUT_OFF), (stalled, TOO_SLOW)])
def test_what_was_shown_stays_and_the_rest_is_quoted(small_index: CaseIndex, part: Part, sentence: str) -> None:
    with model_server(part) as server:
        everything = list(events(CHAIRED, index=small_index, public_url=URL, model=Model(server.settings(model_timeout=2.0))))
    answer = everything[-1]
    assert isinstance(answer, Answer)
    check_model_answer(answer, small_index)
    assert (answer.sentences[0].text, answer.sentences[0].support) == (RENN[0], "checked")
    assert len(answer.sentences) >= 2
    assert {told.support for told in answer.sentences[1:]} == {"verbatim"}
    assert sentence_with(small_index, RENN[1]) not in [told.text for told in answer.sentences], "what was said is not quoted once more"
    assert answer.notice == f"{sentence} The rest is quoted word for word."
    assert [type(event) for event in everything[:2]] == [Stated, Notice]


NOTHING = {
    "refused": (fails(401), "The server of the language model refuses our key."),
    "unknown": (fails(404), "The language model is unknown at its server."),
    "busy": (fails(429), BUSY),
    "failing": (fails(500), FAILED),
    "empty": (says(""), NOTHING_USABLE),
    "prose without labels": (says("Bishop Renn chaired the talks, as everybody knows. " * 5), NOTHING_USABLE),
    "another form": (says('{"answer": "Bishop Renn chaired the talks."}'), NOTHING_USABLE),
    "broken JSON": (says('{"sentence": "Bishop Renn", "labels": ["P1"'), NOTHING_USABLE),
    "no quotations": (says('{"sentence": "Bishop Oskar Renn chaired the Harbour talks.", "labels": ["P1"]}'), NOTHING_USABLE),
    "repeats the prompt": (says(lambda request: request.instructions + request.text), NOTHING_USABLE),
    "a hundred thousand words": (says("word " * 100_000), NOTHING_USABLE),
    "another language": (says(lambda r: lines(("El obispo presidió las conversaciones.", "P1", "El obispo presidió las"))), NOTHING_USABLE),
}


@pytest.mark.parametrize("name", NOTHING)
def test_a_model_that_is_of_no_use_leaves_an_answer_of_quotations_that_says_so(small_index: CaseIndex, name: str) -> None:
    part, sentence = NOTHING[name]
    quoted = answer_question(CHAIRED, index=small_index, public_url=URL)
    with model_server(part) as server:
        answer = asked(server, small_index)
    check_told(answer, small_index)
    assert [told.text for told in answer.sentences] == [told.text for told in quoted.sentences]
    assert (answer.status, answer.mode, answer.model) == ("answered", "quotes", MODEL)
    assert answer.notice is not None
    assert answer.notice.startswith(f"{sentence} The answer is quoted word for word.")


def test_a_model_is_not_asked_about_what_the_corpus_does_not_cover(small_index: CaseIndex) -> None:
    with model_server(says("never")) as server:
        assert answer_question(
            "How do I bake sourdough bread?", index=small_index, public_url=URL, model=Model(server.settings())
        ).status == ("not_covered")
    assert server.requests == []


def test_a_sentence_is_shown_before_the_model_has_ended(small_index: CaseIndex) -> None:
    def waits(request: Request, wire: Wire) -> None:
        wire.begin()
        wire.piece(reply(request, RENN) + "\n")
        wire.pause(60)

    with model_server(waits) as server:
        told = events(CHAIRED, index=small_index, public_url=URL, model=Model(server.settings(model_timeout=60.0)))
        first = next(told)
        assert isinstance(first, Stated)
        assert first.sentence.text == RENN[0]
        assert [citation.number for citation in first.citations] == [1]
        told.close()  # type: ignore[attr-defined]


def unsupported(*numbers: int) -> Part:
    return says(json.dumps({"unsupported": list(numbers)}))


def test_a_second_opinion_can_only_take_away_and_sentences_wait_for_it(small_index: CaseIndex) -> None:
    with model_server(says(lambda request: reply(request, RENN, OPENED)), unsupported(2)) as server:
        answer = asked(server, small_index, second_opinion=True)
    assert [(s.text, s.support) for s in answer.sentences] == [(RENN[0], "checked"), (sentence_with(small_index, OPENED[1]), "verbatim")]
    pairs = server.requests[1].text
    assert f"1. Sentence: {RENN[0]}\n   Quotation: {sentence_with(small_index, RENN[1])}" in pairs
    assert answer.notice is None


@pytest.mark.parametrize("second", [says("All fine!"), says('{"unsupported": ["2"]}'), fails(500)])
def test_without_its_second_opinion_nothing_is_shown_but_quotations(small_index: CaseIndex, second: Part) -> None:
    with model_server(says(lambda request: reply(request, RENN, OPENED)), second) as server:
        answer = asked(server, small_index, second_opinion=True)
    assert {sentence.support for sentence in answer.sentences} == {"verbatim"}
    assert answer.notice is not None
    assert "quoted word for word" in answer.notice
