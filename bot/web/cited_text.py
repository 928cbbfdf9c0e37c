"""An answer as one text for the chats of other programs: sentences with their markers, and at the end the passages behind them.

The text is Markdown whose links lead to our own passages and to published sources; whatever comes from a case is escaped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.answer import escaped
from bot.schema import Answer, Citation, CitedSource, Dispute, Event, Notice, Stated
from bot.web.conversation import understood_as
from bot.web.pages import readable, web_address

_ENTITY = re.compile(r"&(?=#?\w+;)")
_KEPT_IN_ADDRESSES = "%/:?#[]@!$&'*+,;=~"
"""What else than letters and digits may stand in a link's address; brackets, blanks and quotation marks would end it."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker, such as ``[1]``: its place in the whole text, as a half-open range of code points, and what it cites."""

    start: int
    end: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of a text with its markers; the last one brings the Answer."""

    text: str
    markers: tuple[Marker, ...]
    answer: Answer | None = None


def pieces(events: Iterable[Event]) -> Iterator[Piece]:
    """The text of an answer, piece by piece: each finished sentence as it comes, then all that follows the sentences."""
    cited: dict[int, Citation] = {}
    writing = _Writing()
    for event in events:
        match event:
            case Stated(sentence, citations):
                cited |= {citation.number: citation for citation in citations}
                writing.write(" " * bool(writing.length) + escaped(sentence.text), [cited[number] for number in sentence.citations])
                yield Piece(*writing.taken())
            case Notice():
                pass  # the Answer has it
            case Answer():
                _close(writing, event)
                yield Piece(*writing.taken(), event)


class _Writing:
    """A text in the making that knows how long it is, and so where its markers stand."""

    def __init__(self) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._markers: list[Marker] = []

    def write(self, text: str, citations: Sequence[Citation] = ()) -> None:
        self._append(text)
        for citation in citations:
            self._append(" ")
            start = self.length
            self._append(f"[{citation.number}]")
            self._markers.append(Marker(start, self.length, citation))

    def taken(self) -> tuple[str, tuple[Marker, ...]]:
        """What has been written since it was last taken."""
        taken = "".join(self._parts), tuple(self._markers)
        self._parts, self._markers = [], []
        return taken

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)


def _close(writing: _Writing, answer: Answer) -> None:
    """Write what follows the sentences; of an answer without any, all of it."""
    if not answer.sentences:
        writing.write(answer.text)
    for dispute in answer.disputes:
        _tell_accounts(writing, dispute, answer.citations)
    if answer.citations:
        writing.write("\n\nPassages and their sources:\n\n" + "\n".join(map(_listed, answer.citations)))
    for sentence in _said_about_the_whole(answer):
        writing.write(f"\n\n{_line(sentence)}")
    if answer.suggestions and not answer.sentences:
        writing.write("\n\nYou could ask:\n\n" + "\n".join(f"- {_line(question)}" for question in answer.suggestions))


def _tell_accounts(writing: _Writing, dispute: Dispute, citations: Sequence[Citation]) -> None:
    writing.write("\n\nAccounts differ:\n")
    for account in dispute.accounts:
        writing.write(f"\n- {_line(account.text)}", [citation for citation in citations if citation.number == account.citation])


def _said_about_the_whole(answer: Answer) -> Iterator[str]:
    if understood := understood_as(answer):
        yield f"Understood as: “{understood}” If you meant something else, ask it in full."
    if answer.reason and answer.sentences:
        yield answer.reason
    if answer.notice:
        yield answer.notice


def _listed(citation: Citation) -> str:
    """A citation as an entry of the list, under its number, with a line for each of its sources."""
    head = f"{citation.number}. {_link(title(citation), citation.url)} (as of {_line(citation.case.as_of)})"
    return "\n".join([head, *(f"   - {_source(source)}" for source in citation.sources)])


def _source(source: CitedSource) -> str:
    named = f"{source.title} ({source.year})" if source.year else source.title
    address = web_address(source.url)
    return ", ".join(part for part in (_link(named, address) if address else _line(named), _line(source.locator or "")) if part)


def title(citation: Citation) -> str:
    """What a citation leads to, in words."""
    return readable(f"{citation.case.title}: {citation.section}")


def _link(text: str, address: str) -> str:
    return f"[{_line(text)}]({_ENTITY.sub('&amp;', quote(address, safe=_KEPT_IN_ADDRESSES))})"


def _line(text: str) -> str:
    """Plain text on one line of Markdown that shows it."""
    return escaped(" ".join(readable(text).split()))
