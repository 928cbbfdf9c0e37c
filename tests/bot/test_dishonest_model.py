"""A language model that lies in every way it can think of: over 500 replies, and none of the lies is shown."""

import re
from collections.abc import Callable, Iterator

import pytest

from bot import comparison, writing
from bot.model import Model
from bot.writing import Written
from corpus.case import Sentence
from index.case_index import EVERYTHING, CaseIndex
from index.passages import Passage
from tests.bot.model_server import ModelServer, lines, model_server

NUMBER = re.compile(r"\b\d[\d,.]*\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONTHS = "January February March April May June July August September October November December".split()
NAMES = ("Bishop Oskar Renn", "Orlund", "Valdoria", "Tesmark", "Port Ilmar", "Reed Front", "Nora Grell", "Net Menders' League", "Sund")
ELSEWHERE = dict.fromkeys(NAMES, "Mount Kessel")

Lie = Callable[[str], str | None]
"""Makes a false sentence of a true one, or None where that cannot be done to this sentence."""


def figure_changed(true: str) -> str | None:
    found = [match for match in NUMBER.finditer(true) if not YEAR.fullmatch(match.group())]
    return f"{true[: found[0].start()]}8{found[0].group()}{true[found[0].end() :]}" if found else None


def year_changed(true: str) -> str | None:
    return YEAR.sub(lambda match: str(int(match.group()) + 1), true) if YEAR.search(true) else None


def month_changed(true: str) -> str | None:
    told = next((month for month in MONTHS if f" {month} " in true), None)
    return true.replace(f" {told} ", f" {MONTHS[MONTHS.index(told) - 5]} ") if told else None


def name_changed(true: str) -> str | None:
    told = next((name for name in NAMES if name in true), None)
    return true.replace(told, ELSEWHERE[told]) if told else None


def figure_added(true: str) -> str | None:
    return f"{true[:-1]}, by 47 votes to 12."


def year_added(true: str) -> str | None:
    return f"{true[:-1]}, as again in 1871."


def name_added(true: str) -> str | None:
    return f"{true[:-1]}, with the help of Mr Halvorsen of Norway."


def country_added(true: str) -> str | None:
    return f"In Colombia, {true[0].lower()}{true[1:]}"


def link_added(true: str) -> str | None:
    return f"{true[:-1]} (https://attacker.example/more)."


def image_added(true: str) -> str | None:
    return f"{true} ![seal](//attacker.example/seal.png)"


def markup_added(true: str) -> str | None:
    return f"<b onclick=alert(1)>{true}</b>"


def marker_added(true: str) -> str | None:
    return f"{true[:-1]} [7]."


LIES: tuple[Lie, ...] = (
    figure_changed,
    year_changed,
    month_changed,
    name_changed,
    figure_added,
    year_added,
    name_added,
    country_added,
    link_added,
    image_added,
    markup_added,
    marker_added,
)
FABRICATIONS: dict[str, Callable[[str], str]] = {
    "a word changed": lambda quotation: quotation.replace(" the ", " that ", 1) if " the " in quotation else f"Truly, {quotation}",
    "a word added": lambda quotation: quotation.replace(" ", " certainly ", 1),
    "cut together": lambda quotation: f"{quotation[: len(quotation) // 3]} {quotation[-len(quotation) // 3 :]}",
    "invented": lambda quotation: "The parties afterwards declared themselves entirely satisfied with every point.",
}


@pytest.fixture(scope="module")
def told(small_index: CaseIndex) -> list[tuple[Passage, Sentence]]:
    """Every sentence that can be quoted."""
    return [(passage, sentence) for passage in small_index.passages for sentence in passage.sentences]


@pytest.fixture(scope="module")
def liar() -> Iterator[tuple[ModelServer, list[str]]]:
    """A model server that replies what it is given."""
    reply = [""]
    with model_server(lambda request, wire: wire.whole(reply[0], 4096)) as server:
        yield server, reply


def written(index: CaseIndex, liar: tuple[ModelServer, list[str]], question: str, reply: str) -> list[Written]:
    server, given = liar
    given[0] = reply
    sides = comparison.sides(question, index, EVERYTHING, 6)
    return list(writing.written(question, sides, index, Model(server.settings())))


def test_five_hundred_replies_are_tried(told: list[tuple[Passage, Sentence]]) -> None:
    lies = sum(lie(sentence.text) is not None for _, sentence in told for lie in LIES)
    assert lies + len(FABRICATIONS) * len(told) >= 500


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_no_lie_is_shown(
    small_index: CaseIndex, liar: tuple[ModelServer, list[str]], told: list[tuple[Passage, Sentence]], lie: Lie
) -> None:
    shown = []
    for _, sentence in told:
        false = lie(sentence.text)
        if false is not None:
            said = written(small_index, liar, sentence.text, lines((false, "P1", sentence.text)))
            assert all(one.support == "checked" or one.text == sentence.text for one in said)
            shown += [one.text for one in said if one.support == "checked"]
    assert shown == []


@pytest.mark.parametrize("how", FABRICATIONS)
def test_no_sentence_rests_on_a_quotation_that_stands_nowhere(
    small_index: CaseIndex, liar: tuple[ModelServer, list[str]], told: list[tuple[Passage, Sentence]], how: str
) -> None:
    for _, sentence in told:
        fabricated = FABRICATIONS[how](sentence.text)
        assert written(small_index, liar, sentence.text, lines((sentence.text, "P1", fabricated))) == []


def test_an_invented_label_leads_to_where_the_words_stand(
    small_index: CaseIndex, liar: tuple[ModelServer, list[str]], told: list[tuple[Passage, Sentence]]
) -> None:
    for passage, sentence in told:
        for label in ("P77", "[P1]", "the third passage", ""):
            for one in written(small_index, liar, sentence.text, lines((sentence.text, label, sentence.text))):
                assert [(quote.passage.id, quote.sentence) for quote in one.quotes] == [(passage.id, sentence)]


def test_the_truth_is_shown(small_index: CaseIndex, liar: tuple[ModelServer, list[str]], told: list[tuple[Passage, Sentence]]) -> None:
    """Without this, a checker that takes everything out would pass."""
    said = [written(small_index, liar, sentence.text, lines((sentence.text, "P1", sentence.text))) for _, sentence in told]
    assert sum(bool(one) and one[0].support == "checked" for one in said) >= 0.9 * len(told)
