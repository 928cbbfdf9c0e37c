"""An answer that a language model writes, each sentence held to its quotation: checked, replaced by the quotation, or taken out.

The model sees passages under short labels and must give, for each sentence, the words that it rests on. Words that stand in none of the
passages take the sentence with them; the rest of the checking is bot/support.py's. So nothing that a model says is shown because it says
it: a reader sees a sentence that its quotation bears, or the quotation.
"""

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

from bot import support
from bot.comparison import Side
from bot.model import Model, ModelFailed
from bot.question import InvalidQuestion, cleaned
from bot.quotes import Quote
from bot.replies import Proposal, proposals
from bot.schema import Support
from index.case_index import CaseIndex, Hit
from index.passages import Passage

MOST = 6
"""So many sentences of a model are shown; what it writes beyond is not read."""
_LONGEST_SENTENCE = 400
"""Characters: a longer one is no sentence that a reader could hold against a quotation."""
_SHORTEST_QUOTATION = 12
_LONGEST_EVIDENCE = 3
"""So many sentences may bear one: whoever quotes a whole passage has not said what the sentence rests on."""

NOTHING_USABLE = "Nothing in the language model's reply could be tied to a passage."

_FOLDED = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b`\u00b4", "'") | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | {"\u00a0": " "}
)
_MARKUP = re.compile(r"[<>\[\]{}|\\`*#~@]|\w\.[a-z]{2}|://|\bwww\.|\b(?:https?|javascript|data|mailto):|_{2,}", re.IGNORECASE)
_LABELS = re.compile(r"\s*[\[(]P\d+(?:\s*[,;]\s*P\d+)*[\])]")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that may be shown: its text, how it is supported, and the quotes that it rests on."""

    text: str
    support: Support
    quotes: tuple[Quote, ...]

    @classmethod
    def quoted(cls, quote: Quote) -> "Written":
        """A sentence of a case, word for word."""
        return cls(quote.sentence.text, "verbatim", (quote,))


@dataclass(frozen=True, slots=True)
class Ending:
    """How the model's part of an answer came to its end: how many sentences were taken out, and what went wrong, if anything did."""

    removed: int = 0
    failure: str | None = None


def written(question: str, sides: Sequence[Side], index: CaseIndex, model: Model) -> Generator[Written, None, Ending]:
    """The sentences that a model writes on what was found, each as soon as it has been checked.

    With a second opinion they come after it has spoken. Whatever fails, the generator ends, and says how it ended.
    """
    labelled = _labelled(sides)
    removed, shown, failure = 0, list[Written](), None
    try:
        for proposal in proposals(model.reply(_prompt("answer"), _request(question, sides, labelled))):
            told = _checked(proposal, labelled, index)
            removed += not told
            for one in told:
                if len(shown) < MOST and not _is_told(one, shown):
                    shown.append(one)
                    if not model.second_opinion:
                        yield one
            if len(shown) == MOST:
                break
    except ModelFailed as problem:
        failure = str(problem)
    if model.second_opinion and shown:
        again, doubt = _second_opinion(shown, model)
        failure = failure or doubt
        yield from _apart(again)
    if not shown and not failure:
        failure = NOTHING_USABLE
    return Ending(removed, failure)


def _labelled(sides: Sequence[Side]) -> dict[str, Hit]:
    """What was found for all sides under short labels: P1, P2 and so on."""
    hits = {hit.passage.id: hit for side in sides for hit in side.hits}
    return {f"P{number}": hit for number, hit in enumerate(hits.values(), start=1)}


def _request(question: str, sides: Sequence[Side], labelled: Mapping[str, Hit]) -> str:
    passages = [_shown(label, hit.passage) for label, hit in labelled.items()]
    compared = " Say of each side what its passages tell, so that they can be compared." if len(sides) > 1 else ""
    return "\n\n".join(["Passages:", *passages, f"Question: {question}{compared}"])


def _shown(label: str, passage: Passage) -> str:
    head = f"{label}. {passage.case_title}: {passage.section} (facts as of {passage.as_of})"
    return "\n".join([head, *(sentence.text for sentence in passage.sentences)])


@cache
def _prompt(name: str) -> str:
    return (resources.files("bot") / "prompts" / f"{name}.txt").read_text(encoding="utf-8")


def _checked(proposal: Proposal, labelled: Mapping[str, Hit], index: CaseIndex) -> tuple[Written, ...]:
    """The sentence if its quotations bear it, the quotations in its place where that is in doubt, and nothing where they do not."""
    text = _plain(proposal.sentence)
    evidence = _evidence(proposal, labelled)
    if text is None or not evidence:
        return ()
    match support.judge(text, [quote.sentence.text for quote in evidence], index.encoder):
        case "supported":
            return (Written(text, "checked", evidence),)
        case "doubtful":
            return tuple(map(Written.quoted, evidence))
        case _:
            return ()


def _plain(sentence: str) -> str | None:
    """The sentence without labels and what nobody can see; None where it carries markup or an address, or is too long."""
    try:
        text = cleaned(_LABELS.sub("", sentence))
    except InvalidQuestion:
        return None
    return None if _MARKUP.search(text) or len(text) > _LONGEST_SENTENCE else text


def _evidence(proposal: Proposal, labelled: Mapping[str, Hit]) -> tuple[Quote, ...]:
    """The whole sentences of the passages that the quotations stand in; none where one of the quotations stands in no passage.

    A label is only a hint: where the words stand in another passage, that one is cited. Whole sentences, because what takes a clause
    back may stand just before it.
    """
    named = [labelled[label] for label in proposal.labels if label in labelled]
    in_order = [*named, *(hit for hit in labelled.values() if hit not in named)]
    found: dict[tuple[str, int], Quote] = {}
    for quotation in proposal.quotations:
        quotes = next((quotes for hit in in_order if (quotes := _standing_in(hit, quotation))), ())
        if not quotes:
            return ()
        found |= {(quote.passage.id, quote.number): quote for quote in quotes}
    return tuple(found.values()) if len(found) <= _LONGEST_EVIDENCE else ()


def _standing_in(hit: Hit, quotation: str) -> tuple[Quote, ...]:
    """The sentences of a passage that some words stand in or run through; none where they do not stand there."""
    sought = _folded(quotation).strip(" .\"'")
    if len(sought) < _SHORTEST_QUOTATION:
        return ()
    sentences = [_folded(sentence.text) for sentence in hit.passage.sentences]
    start = " ".join(sentences).find(sought)
    if start < 0:
        return ()
    quotes, at = [], 0
    for number, sentence in enumerate(sentences):
        if at < start + len(sought) and start < at + len(sentence):
            quotes.append(Quote(hit.passage, number, hit.passage.sentences[number], hit.sentences[number], hit.score))
        at += len(sentence) + 1
    return tuple(quotes)


def _folded(text: str) -> str:
    """A text with its white space, quotation marks and capitals made alike."""
    return " ".join(text.translate(_FOLDED).split()).casefold()


def _is_told(new: Written, shown: Iterable[Written]) -> bool:
    """Whether the same has been said: in the same words, or by the quotation that stands in place of this one."""
    return any(new.text == old.text or (new.support == "verbatim" and new.quotes[0] in old.quotes) for old in shown)


def _second_opinion(shown: Sequence[Written], model: Model) -> tuple[list[Written], str | None]:
    """The sentences after a second look, each that it finds unsupported replaced by its quotation; all of them where it fails."""
    pairs = [
        f"{number}. Sentence: {told.text}\n   Quotation: {' '.join(quote.sentence.text for quote in told.quotes)}"
        for number, told in enumerate(shown, start=1)
    ]
    unsupported, failure = None, None
    try:
        unsupported = _numbers("".join(model.reply(_prompt("second_opinion"), "\n\n".join(pairs))))
        failure = "The language model gave no second opinion." if unsupported is None else None
    except ModelFailed as problem:
        failure = str(problem)
    doubted = set(range(1, len(shown) + 1)) if unsupported is None else unsupported
    seen = [(told,) if number not in doubted else map(Written.quoted, told.quotes) for number, told in enumerate(shown, start=1)]
    return list(chain.from_iterable(seen)), failure


def _numbers(reply: str) -> set[int] | None:
    """The numbers of the pairs that a reply finds unsupported; None where it is not of the form that was asked for."""
    start, end = reply.find("{"), reply.rfind("}")
    try:
        numbers = json.loads(reply[start : end + 1])["unsupported"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return set(numbers) if isinstance(numbers, list) and all(type(number) is int for number in numbers) else None


def _apart(sentences: Iterable[Written]) -> Iterator[Written]:
    """Each sentence once."""
    told: list[Written] = []
    for sentence in sentences:
        if not _is_told(sentence, told):
            told.append(sentence)
            yield sentence
