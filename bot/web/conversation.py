"""What one visitor asked and was answered, and how it is shown: messages for the chat, entries for the sources panel.

Everything is HTML from templates, each piece on a line of its own, so that Markdown leaves it alone and no text of a question
or a case is ever taken for markup. A marker of the latest answer leads to its entry in the panel; a marker of an earlier answer
leads to the passage on its case page, because the panel no longer shows it. No marker can lead to another answer's source.
"""

import re
from dataclasses import dataclass, replace

from bot.answer import SENTENCES, unescaped
from bot.follow_up import Turn
from bot.language import language_of
from bot.matrix import NOTHING_FOUND, uncovered_sentence
from bot.question import MAX_QUESTION_CHARS, cleaned
from bot.schema import Answer, AnswerSentence, Citation, Comparison, Event, Notice, Stated
from bot.web.pages import block, passage_path
from corpus.references import written_date
from index.case_index import CaseIndex
from index.passages import Passage

TURNS_KEPT = 30


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what has been answered so far; ``answer`` is there once the answer is complete.

    ``apology`` is the sentence of a question that could not be answered because something went wrong; ``narrowed`` says whether only
    some cases were searched; ``named`` are the title and id of each case that an answer without sentences may name.
    """

    number: int
    question: str
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    notice: str | None = None
    answer: Answer | None = None
    apology: str | None = None
    narrowed: bool = False
    named: tuple[tuple[str, str], ...] = ()

    def after(self, event: Event, index: CaseIndex) -> "Exchange":
        """The exchange once an event has come in; the cited passages are kept, whatever becomes of the index."""
        match event:
            case Stated(sentence, citations):
                known = {citation.number: citation for citation in (*self.citations, *citations)}
                told = replace(self, sentences=(*self.sentences, sentence), citations=tuple(known.values()))
            case Notice(text):
                told = replace(self, notice=text)
            case Answer():
                whole = {"sentences": event.sentences, "citations": event.citations, "notice": event.notice}
                told = replace(self, answer=event, named=_named(event, index), **whole)  # type: ignore[arg-type]
        return replace(told, passages=tuple(passage for citation in told.citations for passage in _cited(citation, index)))

    def source_anchor(self, citation: int) -> str:
        """The id of a citation's entry in the sources panel, unique in the conversation."""
        return f"source-{self.number}-{citation}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one visitor, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    def asked(self, question: str, *, narrowed: bool = False) -> Exchange:
        """A new exchange for a question, not yet part of the conversation; of one that is too long, as much as could be asked."""
        number = self.exchanges[-1].number + 1 if self.exchanges else 1
        shown = question if len(question) <= MAX_QUESTION_CHARS else question[:MAX_QUESTION_CHARS] + " …"
        return Exchange(number, shown, narrowed=narrowed)

    def with_exchange(self, exchange: Exchange) -> "Conversation":
        """The conversation with an exchange at its end; the oldest ones are let go."""
        return Conversation((*self.exchanges, exchange)[-TURNS_KEPT:])

    @property
    def history(self) -> tuple[Turn, ...]:
        """The completed turns, for the understanding of a follow-up."""
        return tuple(Turn(past.question, past.answer.text) for past in self.exchanges if past.answer)


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation marker: its number, where it leads, and what it says to those who cannot see the page."""

    number: int
    href: str
    says: str


def question_html(exchange: Exchange) -> str:
    """The visitor's question as a chat message."""
    return block("chat/question.html", lines=exchange.question.splitlines() or [""])


def answer_html(exchange: Exchange, *, latest: bool) -> str:
    """The answer so far as a chat message: a block for each sentence, or a comparison's table, then what is to be said about the whole."""
    markers = {citation.number: _marker(exchange, citation, latest) for citation in exchange.citations}
    sentences = [
        {
            "sentence": sentence,
            "markers": [markers[number] for number in sentence.citations if number in markers],
            "disputed": bool(sentence.disputes),
        }
        for sentence in exchange.sentences
    ]
    if exchange.answer and exchange.answer.comparison:
        blocks = [block("chat/comparison.html", sentences=sentences, **_comparison(exchange.answer, exchange.answer.comparison))]
    else:
        blocks = [block("chat/sentence.html", **sentence) for sentence in sentences]
    blocks.append(block("chat/closing.html", markers=markers, **_closing(exchange, latest)))
    return "\n\n".join(filter(None, blocks))


def _comparison(answer: Answer, compared: Comparison) -> dict[str, object]:
    """The table of a comparison; the row of the question itself need not repeat it."""
    return {
        "compared": compared,
        "asked": answer.standalone_question,
        "nothing_found": NOTHING_FOUND,
        "uncovered": f"{SENTENCES['partly_answered']} {uncovered_sentence(compared)}" if compared.uncovered else "",
    }


def sources_html(exchange: Exchange | None) -> str:
    """The sources panel for an exchange: each citation's passage with the quoted sentences marked, and its published sources."""
    entries = [_entry(exchange, citation) for citation in exchange.citations] if exchange else []
    return block("chat/sources.html", entries=entries, asked=bool(exchange and exchange.answer))


def _entry(exchange: Exchange, citation: Citation) -> dict[str, object]:
    paragraphs = _marked_paragraphs(exchange, citation)
    return {
        "anchor": exchange.source_anchor(citation.number),
        "citation": citation,
        "paragraphs": paragraphs,
        "quoted": [text for paragraph in paragraphs for text, quoted in paragraph if quoted],
    }


def _marked_paragraphs(exchange: Exchange, citation: Citation) -> list[list[tuple[str, bool]]]:
    """The paragraphs of the cited passage as sentences, each with whether it is quoted; the quote alone where the passage is gone."""
    passage = next((passage for passage in exchange.passages if passage.id == citation.passage_id), None)
    if passage is None:
        return [[(citation.quote, True)]]
    return [[(sentence.text, sentence.text in citation.quote) for sentence in paragraph.sentences] for paragraph in passage.paragraphs]


def _closing(exchange: Exchange, latest: bool) -> dict[str, object]:
    """What follows the sentences. An answer without sentences is a plain text, its Markdown escapes undone."""
    answer = exchange.answer
    told = bool(answer and answer.sentences)
    reaches = [citation.case.as_of for citation in exchange.citations]
    return {
        "lines": _with_links(unescaped(answer.text), exchange.named) if answer and not told else [],
        "understood": understood_as(answer),
        "uncovered": bool(answer and answer.status == "not_covered"),
        "refused": bool(answer and answer.status == "refused"),
        "narrowed": exchange.narrowed,
        "reason": answer.reason if answer and told else None,
        "notice": exchange.notice,
        "apology": exchange.apology,
        "disputes": answer.disputes if answer else (),
        "written_by": answer.model if answer and answer.mode == "model" else None,
        "some_quoted": any(sentence.support == "verbatim" for sentence in exchange.sentences),
        "verbatim": told and all(sentence.support == "verbatim" for sentence in exchange.sentences),
        "working": not (answer or exchange.apology or exchange.sentences),
        "as_of": " to ".join(map(written_date, sorted({min(reaches), max(reaches)}))) if reaches else "",
        "suggested": bool(answer and answer.suggestions and latest),
    }


def understood_as(answer: Answer | None) -> str:
    """The question that was answered, where it is not the one that was asked."""
    if answer is None or answer.status == "invalid_question" or answer.standalone_question == cleaned(answer.question):
        return ""
    return answer.standalone_question


def _with_links(text: str, named: tuple[tuple[str, str], ...]) -> list[tuple[str | None, list[tuple[str, str | None]]]]:
    """The lines of a text, each with its language where that is not English, as pieces with the id of the case whose title each is."""
    ids = dict(named)
    titles = re.compile("(" + "|".join(map(re.escape, sorted(ids, key=len, reverse=True))) + ")" if ids else "(?!)")
    return [(language_of(line), [(piece, ids.get(piece)) for piece in titles.split(line) if piece]) for line in text.split("\n") if line]


def _named(answer: Answer, index: CaseIndex) -> tuple[tuple[str, str], ...]:
    """The cases whose titles stand in an answer without sentences, such as those nearest to what is not covered."""
    text = "" if answer.sentences else unescaped(answer.text)
    return tuple((case.title, case.id) for case in index.cases.values() if case.title in text)


def _marker(exchange: Exchange, citation: Citation, latest: bool) -> Marker:
    href = f"#{exchange.source_anchor(citation.number)}" if latest else passage_path(citation.passage_id)
    return Marker(citation.number, href, f"{citation.case.title}: {citation.section}")


def _cited(citation: Citation, index: CaseIndex) -> list[Passage]:
    """The cited passage; none where the index has moved on and no longer has it."""
    return [passage for passage in index.passages_of(citation.case.id) if passage.id == citation.passage_id]
