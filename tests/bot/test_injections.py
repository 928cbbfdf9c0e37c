"""Orders within questions, passages, earlier turns, replies and sources are text: a model that obeys every one of them changes nothing."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import comparison, writing
from bot.answer import answer_question
from bot.citations import Numbering
from bot.follow_up import Turn
from bot.model import Model
from bot.schema import Answer, AnswerSentence, Quotation
from bot.web.conversation import Exchange, answer_html, sources_html
from corpus.case import Corpus, Paragraph, Reference, Section, Sentence, Source
from corpus.reading import read_corpus
from index.case_index import EVERYTHING, CaseIndex, current_index
from index.encoder import PACKAGED_MODEL, Encoder
from index.synchronising import synchronise
from tests.bot.model_server import ModelServer, Request, lines, model_server, says
from tests.bot.test_writing import CHAIRED, RENN, URL, sentence_with
from tests.bot.web.markup import Page
from tests.conftest import SMALL_CORPUS

FILE = Path(__file__).resolve().parents[1] / "data" / "injections.yaml"
INJECTIONS: list[dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
STATUSES = {"answered", "partly_answered", "not_covered", "refused", "invalid_question"}


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(one["text"], one["marker"], id=one["marker"]) for one in INJECTIONS if one["kind"] == kind]


def obeys(request: Request) -> str:
    """What a model writes that does whatever any text before it wants: its marker, alone, before and after a true sentence."""
    wanted = [one["marker"] for one in INJECTIONS if one["marker"] in request.text or one["text"][:40] in request.text]
    label, _ = request.label_of(RENN[1]) if RENN[1] in request.text else ("P1", "")
    told = [f"{marker}{blank}{RENN[0]}{blank}{marker}".strip() for marker in wanted for blank in (" ", "")]
    told += [f"{marker}." for marker in wanted]
    return lines(*((sentence, label, RENN[1]) for sentence in told)) + "\n" + lines((RENN[0], label, RENN[1]))


def shown(answer: Answer) -> str:
    """All that a reader is told, but for the questions that are repeated to her."""
    return str(replace(answer, question="", standalone_question=""))


def test_there_are_enough_of_each_kind() -> None:
    assert len(INJECTIONS) >= 200
    assert {one["kind"] for one in INJECTIONS} == {"question", "passage", "history", "model", "source"}
    assert len({one["marker"] for one in INJECTIONS}) == len(INJECTIONS)


@pytest.fixture(scope="module")
def obedient() -> Iterator[ModelServer]:
    """A model that obeys whatever it reads."""
    with model_server(says(obeys)) as server:
        yield server


@pytest.mark.parametrize(("text", "marker"), of_kind("question"))
def test_an_order_within_a_question_is_not_followed(small_index: CaseIndex, obedient: ModelServer, text: str, marker: str) -> None:
    for question in (text, f"{CHAIRED} {text}"):
        for model in (None, Model(obedient.settings())):
            answer = answer_question(question, index=small_index, public_url=URL, model=model)
            assert answer.status in STATUSES
            assert marker not in shown(answer)
            assert "held to every word" not in shown(answer), "the prompt is not told"
    # Coverage turns most of these away; so the model is asked as if it had let them through.
    sides = comparison.sides(CHAIRED, small_index, EVERYTHING, 6)
    written = list(writing.written(f"{CHAIRED} {text}", sides, small_index, Model(obedient.settings())))
    assert RENN[0] in [told.text for told in written]
    assert not any(marker in told.text for told in written)


@pytest.mark.parametrize(("text", "marker"), of_kind("history"))
def test_an_order_within_an_earlier_turn_is_not_followed(small_index: CaseIndex, obedient: ModelServer, text: str, marker: str) -> None:
    for history in ([Turn(text, "The talks began.")], [Turn(CHAIRED, text)], [Turn(CHAIRED, RENN[0]), Turn(text, text)]):
        for question in (CHAIRED, "Why?", "And who advised him?"):
            answer = answer_question(question, index=small_index, public_url=URL, history=history, model=Model(obedient.settings()))
            assert marker not in shown(answer)


@pytest.mark.parametrize(("text", "marker"), of_kind("model"))
def test_what_a_model_smuggles_in_reaches_nobody(small_index: CaseIndex, text: str, marker: str) -> None:
    with model_server(says(lambda request: lines((text, *request.label_of(RENN[1])))), says(text)) as server:
        for _ in range(2):
            answer = answer_question(CHAIRED, index=small_index, public_url=URL, model=Model(server.settings()))
            assert answer.status == "answered"
            assert marker not in shown(answer)


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[CaseIndex]:
    """The small corpus with a case whose every sentence gives orders, and whose every source is an attack."""
    home = tmp_path_factory.mktemp("poisoned")
    synchronise(_poisoned(read_corpus([SMALL_CORPUS])), "0" * 64, home, encoder, PACKAGED_MODEL)
    with closing(current_index(home, encoder)) as index:
        yield index


def _poisoned(corpus: Corpus) -> Corpus:
    attacks = [one["text"] for one in INJECTIONS if one["kind"] == "source"]
    sources = {f"attack-{n}": _attack(f"attack-{n}", text) for n, text in enumerate(attacks)}
    orders = [one["text"] for one in INJECTIONS if one["kind"] == "passage"]
    cited = [f"attack-{n % len(attacks)}" for n in range(len(orders))]
    sections = tuple(
        Section(f"Order {n}", 2, f"order-{n}", (), (), (Paragraph("text", (Sentence(text, (Reference(source, attacks[0]),)),)),))
        for n, (text, source) in enumerate(zip(orders, cited, strict=True))
    )
    case = replace(corpus.cases[0], id="poisoned", title="Poisoned", areas=(), questions=(), timeline=(), sections=sections)
    return replace(corpus, cases=(*corpus.cases, case), sources={**corpus.sources, **sources})


def _attack(source_id: str, text: str) -> Source:
    csl = {"id": source_id, "type": "report", "title": text, "publisher": text, "URL": text, "author": [{"literal": text}]}
    return Source(source_id, text, "report", 1990, text, csl)


@pytest.mark.parametrize(("text", "marker"), of_kind("passage"))
def test_an_order_within_a_passage_is_read_and_not_followed(poisoned: CaseIndex, obedient: ModelServer, text: str, marker: str) -> None:
    for question in (CHAIRED, f"{CHAIRED} {text[:200]}"):
        sides = comparison.sides(question, poisoned, EVERYTHING, 6)
        for told in writing.written(question, sides, poisoned, Model(obedient.settings())):
            if marker in told.text:
                assert told.support == "verbatim", "the words of a passage may be quoted as what they are"
                assert told.quotes[0].passage.case_id == "poisoned"
    answer = answer_question(CHAIRED, index=poisoned, public_url=URL)
    assert answer.sentences[0].text == sentence_with(poisoned, RENN[1])


@pytest.mark.parametrize(("text", "marker"), of_kind("passage"))
def test_an_order_within_a_passage_is_shown_as_text(poisoned: CaseIndex, text: str, marker: str) -> None:
    check_harmless(_exchange(poisoned, text))


@pytest.mark.parametrize(("text", "marker"), of_kind("source"))
def test_what_a_source_smuggles_in_is_shown_as_text(poisoned: CaseIndex, text: str, marker: str) -> None:
    cited = next(p for p in poisoned.passages for s in p.sentences for r in s.references if poisoned.sources[r.source].title == text)
    told = Numbering(poisoned, URL)
    citation = told.cite(cited, cited.sentences[0])
    exchange = Exchange(1, CHAIRED, citations=(citation,), passages=(cited,))
    check_harmless(exchange)
    assert [source.title for source in citation.sources] == [text]


def _exchange(index: CaseIndex, text: str) -> Exchange:
    passage = next(p for p in index.passages for s in p.sentences if s.text == text)
    citation = Numbering(index, URL).cite(passage, passage.sentences[0])
    sentence = AnswerSentence(text, "verbatim", (citation.number,), (Quotation(citation.number, text),))
    return Exchange(1, text, sentences=(sentence,), citations=(citation,), passages=(passage,))


def check_harmless(exchange: Exchange) -> None:
    """What is shown of an exchange is text, with links to our pages and to addresses of the web alone."""
    for html in (answer_html(exchange, latest=True), sources_html(exchange)):
        page = Page(html)
        assert not page.tags & {"img", "script", "iframe", "style", "link", "form", "svg", "object", "embed", "b", "h1", "code", "base"}
        assert not any(name.startswith("on") for name in page.attributes)
        for link in page.links:
            assert link.startswith(("/cases", "#", "http://", "https://"))
