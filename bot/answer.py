"""The story of a question, top to bottom: `events` yields finished sentences and at last the Answer, for every face alike."""

import re
import secrets
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from bot import comparison, coverage, follow_up, quotes
from bot import question as asking
from bot.citations import Numbering
from bot.comparison import Side
from bot.follow_up import Turn, Understood
from bot.question import InvalidQuestion
from bot.schema import Answer, AnswerSentence, Dispute, DisputeAccount, Event, Quotation, Stated, Status
from index.case_index import EVERYTHING, CaseIndex, Scope

SENTENCES: dict[Status, str] = {
    "answered": "",
    "partly_answered": "The corpus answers part of this question.",
    "not_covered": "The corpus does not cover this question.",
    "refused": "This is not a question that peacebot answers.",
    "invalid_question": "",
}
"""What each status says to the reader; an invalid question brings the sentence of what is wrong with it."""

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
) -> Iterator[Event]:
    """Answer a question: each finished sentence as soon as it stands, and last the Answer.

    ``history`` is what was said before, oldest first: a follow-up takes from it what it leaves out.
    """
    started = time.perf_counter()
    try:
        plain = asking.cleaned(question)
    except InvalidQuestion as problem:
        yield _unanswered("invalid_question", question, "", str(problem), index).timed({"search": 0.0, "total": _since(started)})
        return
    searched = time.perf_counter()
    asked = follow_up.understood(plain, history, index)
    sides = comparison.sides(asked.sought, index, scope, _HITS)
    search_ms = _since(searched)
    if not coverage.judge(asked.sought, sides, index).covered:
        answer = _not_covered(question, asked.text, sides, index)
    else:
        answer = yield from _quoted(question, asked, sides, index, Numbering(index, public_url))
    yield answer.timed({"search": search_ms, "total": _since(started)})


def answer_question(question: str, *, index: CaseIndex, public_url: str, scope: Scope = EVERYTHING, history: Sequence[Turn] = ()) -> Answer:
    """The Answer alone: the fold of `events`."""
    *_, last = events(question, index=index, public_url=public_url, scope=scope, history=history)
    assert isinstance(last, Answer)
    return last


def _quoted(
    question: str, asked: Understood, sides: Sequence[Side], index: CaseIndex, numbering: Numbering
) -> Generator[Event, None, Answer]:
    sentences: list[AnswerSentence] = []
    chosen = quotes.compose_sides(sides, index, unescaped(asked.told))
    for quote in chosen:
        citation = numbering.cite(quote.passage, quote.sentence)
        text = quote.sentence.text
        disputed = quote.disputes(index)
        sentences.append(AnswerSentence(text, "verbatim", (citation.number,), (Quotation(citation.number, text),), disputed))
        yield Stated(sentences[-1], (citation,))
    disputes = _disputes(chosen, index, numbering)
    return Answer(
        id=_new_id(),
        question=question,
        standalone_question=asked.text,
        status="answered",
        reason=None,
        mode="quotes",
        text=markdown(sentences),
        corpus_version=index.version,
        sentences=tuple(sentences),
        citations=numbering.citations(),
        disputes=disputes,
        suggestions=_suggestions(asked.text, [quote.passage.case_id for quote in chosen], index),
    )


def _disputes(chosen: Sequence[quotes.Quote], index: CaseIndex, numbering: Numbering) -> tuple[Dispute, ...]:
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
        reason=text if status == "invalid_question" else None,
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
