"""What the chat shows: each marker leads to its own source, and nothing that was asked or written becomes markup."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import escape

from bot import answer, guard, language
from bot.answer import unescaped
from bot.follow_up import Turn
from bot.matrix import NOTHING_FOUND
from bot.model import Model
from bot.schema import Event, Notice
from bot.web.chat import ChatDesk
from bot.web.conversation import Conversation, Exchange, answer_html, question_html, sources_html
from bot.web.desk import Desk
from bot.web.welcome import EXAMPLES, Opening, coverage_line, example_questions
from corpus.case import ReaderQuestion
from corpus.errors import PeacebotError
from index.case_index import CaseIndex
from tests.bot.conftest import BOMB, SPANISH
from tests.bot.model_server import MODEL, lines, model_server, says
from tests.bot.web.conftest import HOSTILE, HOSTILE_QUESTION, settings_for
from tests.bot.web.markup import Page

EMPTY = Conversation()
COUNTED = "The Orlund Observer Group counted 1,204 rifles and 17 mortars."
WOMEN = "How many women were there in Valdoria and Orlund?"
WEAPONS = "Who checked that the Reed Front had handed over its weapons?"


def desk(index: CaseIndex) -> Desk:
    return Desk(settings_for(80, "http://testserver"), lambda: index)


def exchange(index: CaseIndex, question: str, talk: Conversation = EMPTY) -> Exchange:
    asked = talk.asked(question)
    for event in answer.events(question, index=index, public_url="http://testserver"):
        asked = asked.after(event, index)
    return asked


def test_markers_of_the_latest_answer_lead_to_its_sources(index: CaseIndex) -> None:
    told = exchange(index, WEAPONS)
    shown, panel = Page(answer_html(told, latest=True)), Page(sources_html(told))
    assert shown.links
    assert {link.removeprefix("#") for link in shown.links} == {found for found in panel.ids if found.startswith("source-")}
    assert all(link.startswith("#source-1-") for link in shown.links)


def test_markers_of_an_earlier_answer_lead_to_the_case(index: CaseIndex) -> None:
    first = exchange(index, WEAPONS)
    second = exchange(index, WEAPONS, Conversation().with_exchange(first))
    assert {citation.url.removeprefix("http://testserver") for citation in first.citations} == set(
        Page(answer_html(first, latest=False)).links
    )
    assert not set(Page(answer_html(second, latest=True)).links) & set(Page(answer_html(first, latest=True)).links)


def test_the_panel_marks_exactly_what_is_quoted(index: CaseIndex) -> None:
    told = exchange(index, WEAPONS)
    panel = sources_html(told)
    for citation in told.citations:
        passage = next(found for found in index.passages_of(citation.case.id) if found.id == citation.passage_id)
        for sentence in passage.sentences:
            assert (f"<mark>{escape(sentence.text)}</mark>" in panel) == (sentence.text in citation.quote)
            assert sentence.text in Page(panel).text
    assert Page(panel).text.count("Published sources") == len(told.citations)


def test_a_disputed_figure_is_marked_and_the_other_account_shown(index: CaseIndex) -> None:
    told = exchange(index, "How many rifles had the Reed Front kept in Hallmoor forest?")
    assert told.answer
    assert told.answer.disputes
    text = Page(answer_html(told, latest=True)).text
    assert "disputed" in text
    assert "Accounts differ" in text
    assert "its searches of Hallmoor forest had found no weapons" in text


def test_a_comparison_is_a_table_whose_cells_are_cited(index: CaseIndex) -> None:
    told = exchange(index, WOMEN)
    assert told.answer
    assert told.answer.comparison
    html = answer_html(told, latest=True)
    shown = Page(html)
    assert {"table", "caption", "thead", "tbody", "th", "td"} <= shown.tags
    assert html.count('<th scope="col">') == 1 + len(told.answer.comparison.sides)
    assert html.count('<th scope="row">') == len(told.answer.comparison.rows)
    for sentence in told.sentences:
        assert html.count(str(escape(sentence.text))) == 1
    assert {link.removeprefix("#") for link in shown.links} == {told.source_anchor(citation.number) for citation in told.citations}
    assert told.answer.comparison.limits in shown.text
    assert NOTHING_FOUND not in shown.text


def test_an_empty_side_of_a_comparison_says_so(index: CaseIndex) -> None:
    told = exchange(index, "How many women were there in Valdoria compared with Tananarive?")
    assert told.answer
    assert told.answer.comparison
    shown = Page(answer_html(told, latest=True)).text
    assert "Not covered: Tananarive." in shown
    assert shown.count(NOTHING_FOUND) == len(told.answer.comparison.rows)


def test_until_a_comparison_is_complete_its_sentences_are_told_one_by_one(index: CaseIndex) -> None:
    asked = Conversation().asked(WOMEN)
    first = next(answer.events(WOMEN, index=index, public_url="http://testserver"))
    assert "told" in answer_html(asked.after(first, index), latest=True)
    assert "<table>" not in answer_html(asked.after(first, index), latest=True)


@pytest.mark.parametrize(
    "question",
    [
        HOSTILE_QUESTION,
        HOSTILE,
        "</p><script>x</script>\n\n# y\n\n![z](http://evil.example/z.png)",
    ],
)
def test_nothing_that_was_asked_or_written_becomes_markup(index: CaseIndex, question: str) -> None:
    told = exchange(index, question)
    for html in (question_html(told), answer_html(told, latest=True), answer_html(told, latest=False), sources_html(told)):
        assert all(line.startswith("<") for line in html.split("\n\n") if line)
        assert "\n" not in html.replace("\n\n", "")
        shown = Page(html)
        assert not shown.tags & {"img", "script", "h1", "b", "code", "iframe", "style", "link", "form"}
        assert all(link.startswith(("/cases", "#")) or ".example.org/" in link for link in shown.links)
        assert not any(name.startswith("on") for name in shown.attributes)
    assert question.partition("\n")[0] in Page(question_html(told)).text


def test_hostile_text_of_a_case_is_told_as_it_stands(index: CaseIndex) -> None:
    told = exchange(index, HOSTILE_QUESTION)
    if told.sentences:
        assert HOSTILE in Page(answer_html(told, latest=True)).text
        assert HOSTILE in Page(sources_html(told)).text


def test_an_answer_without_sentences_is_plain_text(index: CaseIndex) -> None:
    empty = exchange(index, "  ")
    assert Page(answer_html(empty, latest=True)).text.strip() == "Please type a question."
    assert "has no answer that could be cited" in sources_html(empty)
    assert empty.answer
    escaped = replace(empty, answer=replace(empty.answer, text=r"The \*first\* \[case\] \<b\>."))
    assert Page(answer_html(escaped, latest=True)).text.strip() == "The *first* [case] <b>."


def uncovered(index: CaseIndex, areas: list[str]) -> tuple[Page, Exchange]:
    *_, (messages, _, _, talk) = ChatDesk(desk(index)).reply("How do I bake sourdough bread?", areas, [], [], Conversation())
    return Page(messages[-1]["content"]), talk.exchanges[-1]


def test_what_is_not_covered_shows_the_way_on(index: CaseIndex) -> None:
    shown, told = uncovered(index, [])
    assert told.answer
    assert told.answer.status == "not_covered"
    nearest = {case.id for case in index.cases.values() if case.title in unescaped(told.answer.text)}
    assert nearest
    assert set(shown.links) == {"/cases", *(f"/cases/{case_id}" for case_id in nearest)}
    assert " ".join(unescaped(told.answer.text).split()) in " ".join(shown.text.split())
    assert "never guesses" in shown.text
    assert "Narrow by" not in shown.text


def test_a_written_answer_says_by_whom_and_shows_what_each_sentence_rests_on(index: CaseIndex) -> None:
    with model_server(says(lambda request: lines((COUNTED, *request.label_of("The Orlund Observer Group counted"))))) as server:
        told = Conversation().asked(WEAPONS)
        for event in answer.events(WEAPONS, index=index, public_url="http://testserver", model=Model(server.settings())):
            told = told.after(event, index)
    shown = Page(answer_html(told, latest=True)).text
    assert COUNTED in shown
    assert "at four collection points between April and August 1994.”" in shown
    assert (
        f"Written by the language model {MODEL}; each sentence was checked against what it rests on, or is quoted word for word." in shown
    )
    assert "Quoted word for word from the cases" not in shown


def replied(index: CaseIndex, question: str) -> tuple[Page, dict[str, Any]]:
    *_, (messages, _, _, _) = ChatDesk(desk(index)).reply(question, [], [], [], Conversation())
    return Page(messages[-1]["content"]), messages[-1]


def test_what_is_refused_is_said_once_with_a_way_on(index: CaseIndex) -> None:
    shown, message = replied(index, BOMB)
    assert shown.text.count(guard.SENTENCES["violence"]) == 1
    assert "You could also ask" in shown.text
    assert message["options"]
    assert "never guesses" not in shown.text


def test_another_language_is_marked_as_such_for_screen_readers(index: CaseIndex) -> None:
    shown, message = replied(index, SPANISH)
    assert all(said in shown.text for said in (language.SENTENCES["es"], language.IN_ENGLISH))
    assert f'<p lang="es" dir="auto">{language.SENTENCES["es"]}</p>' in message["content"]
    assert message["content"].count("lang=") == 1


def test_a_question_about_the_present_shows_how_far_the_facts_reach(index: CaseIndex) -> None:
    shown, _ = replied(index, "Who pays the water committees of the Tesmark valley now?")
    assert "later events are not in the corpus" in shown.text


def test_a_search_that_was_narrowed_is_not_called_everything(index: CaseIndex) -> None:
    shown, _ = uncovered(index, ["orlund"])
    assert "Only the cases that you chose" in shown.text


def test_the_empty_panel_says_how_an_answer_is_read() -> None:
    empty = Page(sources_html(None)).text
    assert all(word in empty for word in ("disputed", "Facts as of", "leads to the passage"))


def test_of_a_question_that_is_too_long_a_part_is_shown(index: CaseIndex) -> None:
    steps = list(ChatDesk(desk(index)).reply("x" * 100_000, [], [], [], Conversation()))
    messages = steps[-1][0]
    assert len(messages[0]["content"]) < 2100
    assert "2,000 characters" in messages[1]["content"]


def test_a_notice_and_a_lost_passage_are_shown(index: CaseIndex) -> None:
    told = exchange(index, WEAPONS)
    noticed = told.after(Notice("The model was slow."), index)
    assert "The model was slow." in answer_html(noticed, latest=True)
    lost = replace(told, passages=())
    assert told.citations[0].quote in Page(sources_html(lost)).text


def test_a_conversation_remembers_its_turns_and_lets_the_oldest_go(index: CaseIndex) -> None:
    told = exchange(index, WEAPONS)
    assert told.answer
    talk = Conversation()
    for _ in range(40):
        talk = talk.with_exchange(replace(told, number=talk.asked("").number))
    assert len(talk.exchanges) == 30
    assert talk.asked("").number == 41
    assert talk.history[0] == Turn(WEAPONS, told.answer.text)


def test_a_reply_comes_step_by_step_and_ends_with_the_whole(index: CaseIndex) -> None:
    steps = list(ChatDesk(desk(index)).reply(WEAPONS, [], [], [], Conversation()))
    messages, sources, box, talk = steps[-1]
    assert len(steps) > 2
    assert "Looking through the cases" in steps[0][0][1]["content"]
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert [option["value"] for option in messages[1]["options"]] == list(talk.exchanges[0].answer.suggestions)  # type: ignore[union-attr]
    assert "<mark>" in sources
    assert box == ""


def test_what_goes_wrong_is_said_in_the_chat(index: CaseIndex, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def last(page: ChatDesk, areas: list[str]) -> str:
        *_, (messages, _, _, _) = page.reply("x", areas, [], [], Conversation())
        return Page(messages[-1]["content"]).text

    def no_index() -> CaseIndex:
        raise PeacebotError("There is no index yet: run `peacebot index build`.")

    def broken(*_: object, **__: object) -> Iterator[Event]:
        raise ZeroDivisionError("secret detail")

    assert "There is no area 'atlantis'" in last(ChatDesk(desk(index)), ["atlantis"])
    without = ChatDesk(Desk(settings_for(80, "http://testserver"), no_index))
    assert "peacebot index build" in last(without, [])
    assert "peacebot index build" in without.opening().coverage
    monkeypatch.setattr(answer, "events", broken)
    for with_a_bug in (desk(index), Desk(settings_for(80, "http://testserver"), broken)):  # type: ignore[arg-type]
        with caplog.at_level(logging.ERROR):
            said = last(ChatDesk(with_a_bug), [])
        reference = said.split("reference ")[1].split(".")[0]
        assert "secret" not in said
        assert any(reference in record.getMessage() and record.exc_info for record in caplog.records)


def test_the_opening_is_taken_from_the_index(small_index: CaseIndex) -> None:
    opening = Opening.of(small_index)
    assert opening.coverage == (
        "Covers Valdoria and Orlund: 1 case on peace processes, 1 story of everyday peacebuilding and 1 theme across cases. "
        "Facts as of 2019 to June 2021, depending on the case."
    )
    assert {term.id for term in opening.areas} == {"valdoria", "orlund"}
    assert opening.examples
    assert set(opening.examples) <= {question.text for case in small_index.cases.values() for question in case.questions}


def test_the_opening_claims_nothing_that_the_corpus_lacks(small_index: CaseIndex) -> None:
    areas = small_index.vocabulary.areas
    process = next(case for case in small_index.cases.values() if case.kind == "process")
    two = [replace(process, as_of="2021"), replace(process, areas=(), as_of="2021")]
    assert coverage_line(two, areas) == "Covers Valdoria and other places: 2 cases on peace processes. Facts as of 2021."
    assert coverage_line([], areas) == "The corpus holds no cases yet."


def test_the_examples_show_the_range(small_index: CaseIndex) -> None:
    many = [
        replace(
            case,
            id=f"{case.kind}-{number}",
            questions=tuple(ReaderQuestion(f"{word} {case.kind} {number}?", "") for word in ("What", "How")),
        )
        for case in small_index.cases.values()
        for number in range(9)
    ]
    shown = example_questions(many, small_index.vocabulary.areas)
    assert [question.split()[:2] for question in shown] == [["How", "story"], ["How", "process"], ["How", "theme"]] * 2
    assert len(set(shown)) == EXAMPLES
