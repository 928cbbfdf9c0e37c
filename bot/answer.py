"""The story of a question, top to bottom: `events` yields finished sentences and at last the Answer, for every face alike."""

import re
import secrets
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from bot import comparison, coverage, follow_up, guard, language, matrix, present, writing
from bot import question as asking
from bot.citations import Numbering
from bot.comparison import Side
from bot.follow_up import Turn, Understood
from bot.model import Model
from bot.question import InvalidQuestion
from bot.quotes import Quote
from bot.schema import Answer, AnswerSentence, Comparison, Dispute, DisputeAccount, Event, Notice, Quotation, Stated, Status
from bot.writing import Ending, Written
from index.case_index import EVERYTHING, CaseIndex, Query, Scope

SENTENCES: dict[Status, str] = {
    "answered": "",
    "partly_answered": "The corpus answers part of this question.",
    "not_covered": "The corpus does not cover this question.",
    "refused": "",
    "invalid_question": "",
}
"""What each status says to the reader; an invalid question brings the sentence of what is wrong with it,
one in another language that of `language`, a refused one that of its reason (`guard`)."""

_HITS = 6
_SUGGESTIONS = 3
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&]|^[-+])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def events(
    question: str,
    *,
    index: CaseIndex,
    public_url: str,
    scope: Scope = EVERYTHING,
    history: Sequence[Turn] = (),
    model: Model | None = None,
) -> Iterator[Event]:
    """Answer a question: each finished sentence as soon as it stands, and last the Answer.

    ``history`` is what was said before, oldest first: a follow-up takes from it what it leaves out. With a ``model`` the answer is
    written by it, as far as its sentences bear checking.
    """
    started = time.perf_counter()
    try:
        plain = asking.cleaned(question)
    except InvalidQuestion as problem:
        yield _unanswered("invalid_question", question, "", str(problem), index).timed({"search": 0.0, "total": _since(started)})
        return
    searched = time.perf_counter()
    query = index.query(plain)
    if turned_away := _turned_away(question, query, scope, index):
        yield turned_away.timed({"search": _since(searched), "total": _since(started)})
        return
    asked = follow_up.understood(plain, history, index)
    if asked.text != plain and (turned_away := _refused(question, index.query(asked.text), scope, index)):
        yield turned_away.timed({"search": _since(searched), "total": _since(started)})
        return
    sides = comparison.sides(query if asked.sought == plain else asked.sought, index, scope, _HITS)
    search_ms = _since(searched)
    verdict = coverage.judge(asked.sought, sides, index)
    if not verdict.covered and len(sides) > 1:
        sides = comparison.as_one_matter(asked.sought, index, scope, _HITS)
        verdict = coverage.judge(asked.sought, sides, index)
    if not verdict.covered:
        answer = _not_covered(question, asked.text, sides, index)
    else:
        answer = yield from _answered(question, asked, verdict.bearing(sides), index, Numbering(index, public_url), model)
        answer = _with_reach(answer)
    yield answer.timed({"search": search_ms, "total": _since(started)})


def answer_question(
    question: str,
    *,
    index: CaseIndex,
    public_url: str,
    scope: Scope = EVERYTHING,
    history: Sequence[Turn] = (),
    model: Model | None = None,
) -> Answer:
    """The Answer alone: the fold of `events`."""
    *_, last = events(question, index=index, public_url=public_url, scope=scope, history=history, model=model)
    assert isinstance(last, Answer)
    return last


def _turned_away(question: str, query: Query, scope: Scope, index: CaseIndex) -> Answer | None:
    """The Answer to a question that must not be answered, or that is in another language; None where it goes on.

    A language model, once one is configured, answers here what is in another language: it has to put the question into English first.
    """
    if refused := _refused(question, query, scope, index):
        return refused
    if code := language.foreign(query.text):
        return _unanswered("not_covered", question, query.text, language.sentence(code), index)
    return None


def _refused(question: str, query: Query, scope: Scope, index: CaseIndex) -> Answer | None:
    """The Answer to a question that must not be answered, with questions that the nearest cases do answer; None where it may be."""
    refusal = guard.refusal(query, index.encoder)
    if refusal is None:
        return None
    nearest = [hit.passage.case_id for hit in index.search(query, scope, _HITS)]
    answer = _unanswered("refused", question, query.text, refusal.sentence, index)
    return replace(answer, suggestions=_suggestions(query.text, nearest, index))


def _with_reach(answer: Answer) -> Answer:
    """The Answer with how far its facts reach, after whatever notice it has, where the question is about the present."""
    reach = present.reach(answer.standalone_question, (citation.case.as_of for citation in answer.citations))
    return replace(answer, notice=" ".join(filter(None, (answer.notice, reach)))) if reach else answer


class _Telling:
    """The sentences of one answer, as they are said."""

    def __init__(self, index: CaseIndex, numbering: Numbering) -> None:
        self._index = index
        self._numbering = numbering
        self.sentences: list[AnswerSentence] = []
        self.quotes_of_each: list[tuple[Quote, ...]] = []

    def say(self, told: Written) -> Stated:
        """One more sentence, with the citations of what it rests on."""
        cited = [self._numbering.cite(quote.passage, quote.sentence) for quote in told.quotes]
        citations = {citation.number: citation for citation in cited}
        quotations = tuple(Quotation(one.number, quote.sentence.text) for one, quote in zip(cited, told.quotes, strict=True))
        disputed = tuple(dict.fromkeys(fact for quote in told.quotes for fact in quote.disputes(self._index)))
        self.quotes_of_each.append(told.quotes)
        self.sentences.append(AnswerSentence(told.text, told.support, tuple(citations), quotations, disputed))
        return Stated(self.sentences[-1], tuple(citations.values()))

    def say_all(self, written: Generator[Written, None, Ending]) -> Generator[Stated, None, Ending]:
        """Each sentence as it is written; how the writing ended."""
        while True:
            try:
                told = next(written)
            except StopIteration as end:
                ending: Ending = end.value
                return ending
            yield self.say(told)

    @property
    def quotes(self) -> list[Quote]:
        """What the sentences rest on, in their order."""
        return list(chain.from_iterable(self.quotes_of_each))

    def position(self, quote: Quote) -> int:
        """The place among the sentences of the first that rests on a sentence of a case. Raises StopIteration where none does."""
        return next(place for place, quotes in enumerate(self.quotes_of_each) if any(quote.place == other.place for other in quotes))


def _answered(
    question: str, asked: Understood, sides: Sequence[Side], index: CaseIndex, numbering: Numbering, model: Model | None
) -> Generator[Event, None, Answer]:
    """What a model writes and its quotations bear; quotations alone where there is no model, or where it has said too little."""
    telling = _Telling(index, numbering)
    ending = Ending()
    if model:
        ending = yield from telling.say_all(writing.written(asked.text, sides, index, model))
        if told_of := _ending_told(ending, bool(telling.sentences)):
            yield Notice(told_of)
    notice = _ending_told(ending, bool(telling.sentences))
    rows = matrix.rows(asked.text, sides, index, unescaped(asked.told))
    if telling.sentences:
        rows = matrix.completed(asked.text, tuple(telling.quotes_of_each), rows, sides, enough=not ending.failure)
    for quote in (quote for row in rows for cell in row.cells for quote in cell):
        if not any(quote.place == other.place for other in telling.quotes):
            yield telling.say(Written.quoted(quote))
    compared = matrix.comparison(rows, sides, telling.position, comparison.left_out(asked.sought, index) if len(sides) > 1 else ())
    return Answer(
        id=_new_id(),
        question=question,
        standalone_question=asked.text,
        status="partly_answered" if compared and compared.uncovered else "answered",
        reason=None,
        mode="model" if any(sentence.support == "checked" for sentence in telling.sentences) else "quotes",
        text=_compared(compared, telling.sentences, asked.text) if compared else markdown(telling.sentences),
        corpus_version=index.version,
        model=model.name if model else None,
        notice=notice,
        removed_sentences=ending.removed,
        sentences=tuple(telling.sentences),
        disputes=_disputes(telling.quotes, index, numbering),
        citations=numbering.citations(),
        comparison=compared,
        suggestions=_suggestions(asked.text, [quote.passage.case_id for quote in telling.quotes], index),
    )


def _ending_told(ending: Ending, begun: bool) -> str | None:
    """What a reader is told of how the model's part came to its end."""
    taken_out = f"Sentences of the language model that its quotations do not bear were taken out: {ending.removed}."
    quoted = f"{ending.failure} {'The rest' if begun else 'The answer'} is quoted word for word." if ending.failure else ""
    return " ".join(filter(None, [quoted, taken_out if ending.removed else ""])) or None


def _disputes(chosen: Sequence[Quote], index: CaseIndex, numbering: Numbering) -> tuple[Dispute, ...]:
    """Both accounts of every disputed fact that a chosen sentence tells, or that it is itself an account of."""
    told = dict.fromkeys(fact for quote in chosen for fact in quote.disputes(index))
    return tuple(
        Dispute(
            fact,
            tuple(
                DisputeAccount(sentence.text, numbering.cite(passage, sentence).number)
                for passage in index.disputes[fact]
                for sentence in passage.sentences
            ),
        )
        for fact in told
    )


def _not_covered(question: str, plain: str, sides: Sequence[Side], index: CaseIndex) -> Answer:
    nearest = list(dict.fromkeys(hit.passage.case_id for side in sides for hit in side.hits))[:_SUGGESTIONS]
    text = SENTENCES["not_covered"]
    if nearest:
        text += " The nearest cases are about: " + "; ".join(escaped(index.cases[case_id].title) for case_id in nearest) + "."
    answer = _unanswered("not_covered", question, plain, text, index)
    return replace(answer, suggestions=_suggestions(plain, nearest, index))


def _unanswered(status: Status, question: str, plain: str, text: str, index: CaseIndex) -> Answer:
    return Answer(
        id=_new_id(),
        question=question,
        standalone_question=plain,
        status=status,
        reason=text if status in ("refused", "invalid_question") else None,
        mode="quotes",
        text=text,
        corpus_version=index.version,
    )


def _suggestions(asked: str, case_ids: Sequence[str], index: CaseIndex) -> tuple[str, ...]:
    """Questions that the given cases answer, one of each case in turn, without the one just asked."""
    by_case = [[q.text for q in index.cases[case_id].questions if q.text != asked] for case_id in dict.fromkeys(case_ids)]
    in_turn = [questions[rank] for rank in range(_SUGGESTIONS) for questions in by_case if rank < len(questions)]
    return tuple(in_turn[:_SUGGESTIONS])


def markdown(sentences: Sequence[AnswerSentence]) -> str:
    """The sentences as one paragraph of Markdown whose only markup is the markers: ``Text. [1]``."""
    return " ".join(" ".join((escaped(s.text), *(f"[{number}]" for number in s.citations))) for s in sentences)


def _compared(compared: Comparison, sentences: Sequence[AnswerSentence], question: str) -> str:
    """A comparison as paragraphs: each cell opens with its side, issues other than the question stand above theirs, limits come last."""
    paragraphs = [f"{SENTENCES['partly_answered']} {escaped(matrix.uncovered_sentence(compared))}"] if compared.uncovered else []
    for row in compared.rows:
        paragraphs += [] if row.issue == question else [escaped(row.issue)]
        paragraphs += [f"{escaped(cell.side)}: {markdown([sentences[n] for n in cell.sentences])}" for cell in row.cells if cell.sentences]
    return "\n\n".join([*paragraphs, escaped(compared.limits)])


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it, and only shows it."""
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))


def unescaped(markdown: str) -> str:
    """What `escaped` Markdown shows, as plain text."""
    return _ESCAPED.sub(r"\1", markdown)


def _new_id() -> str:
    return "a-" + secrets.token_hex(8)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
