"""A paragraph's inline Markdown -> its sentences, each with its citations, facts and line."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.case import Fact, Reference, Sentence
from corpus.citation_marks import MARK, CitationCheck
from corpus.figures import figures_not_in
from corpus.problems import Findings, did_you_mean, in_words
from corpus.sentence_checks import FINISHED, inner_stops, note_wording, opening
from corpus.sentences import CLOSERS, sentence_spans

if TYPE_CHECKING:
    from markdown_it.token import Token

_FORBIDDEN = {
    "link_open": ("a link", "Cite a source instead: its address stands in sources.json."),
    "image": ("an image", "Say in words what it shows."),
    "html_inline": ("HTML", "Write plain text; *asterisks* for the titles of works."),
    "code_inline": ("code", "Take the backquotes out."),
    "hardbreak": ("a forced line break", "Take the blanks or the backslash at the end of the line out."),
}
_STRAYS = (
    (
        re.compile(r"\[@|(?<!\w)@\w"),
        "A citation mark is not closed or stands without its brackets",
        "Write [@id, p. 2], with no other square bracket inside.",
    ),
    (re.compile(r"\]\{"), "What follows the words in brackets cannot be read", "Write [words]{fact=ID}."),
    (re.compile(r"\[\^"), "The text holds a footnote", "Write it as a sentence, or cite a source."),
    (re.compile(r"https?://"), "The text holds a web address", "Cite a source instead: its address stands in sources.json."),
)
_END_AFTER_MARK = re.compile(rf"[{re.escape(CLOSERS)}]*[.!?]+[{re.escape(CLOSERS)}]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class ProseRules:
    """What sentences may name, and where their mistakes are noted."""

    citations: CitationCheck
    facts: Mapping[str, Fact]
    findings: Findings


@dataclass(frozen=True, slots=True)
class _Prose:
    """Text with a newline for each line of the file, and the ranges that tell a fact."""

    text: str
    line: int
    facts: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A citation mark, by its offset in the text without marks."""

    offset: int
    line: int
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class _Clean:
    """The text without citation marks, and the way back: parts begin at ``starts``, which were at ``origins`` in the prose."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    prose: _Prose

    def origin(self, offset: int) -> int:
        """Where a character of the clean text stood in the prose."""
        part = bisect_right(self.starts, offset) - 1
        return self.origins[part] + offset - self.starts[part]

    def line(self, offset: int) -> int:
        """The line of the file on which a character of the clean text stands."""
        return self.prose.line + self.prose.text.count("\n", 0, self.origin(offset))

    def facts(self, start: int, end: int) -> tuple[str, ...]:
        """The facts told between two offsets."""
        first, last = self.origin(start), self.origin(end - 1)
        return tuple(dict.fromkeys(fact for a, b, fact in self.prose.facts if a <= last and b > first))


def read_sentences(inline: "Token", line: int, rules: ProseRules, *, analysis: bool = False) -> tuple[Sentence, ...]:
    """The sentences of an inline token whose text begins at ``line``; every mistake is noted."""
    prose = _flatten(inline.children or [], line, rules)
    clean, marks = _lift_citations(prose, rules, analysis)
    _note_strays(clean, rules.findings)
    _note_figures(prose, rules)
    text = clean.text.replace("\n", " ")
    ends = [match.end() for mark in marks if (match := _END_AFTER_MARK.match(text, mark.offset))]
    spans = sentence_spans(text, ends)
    cited = _share_out(marks, spans, text, rules.findings)
    return tuple(_sentence(clean, span, references, rules.findings, analysis) for span, references in zip(spans, cited, strict=True))


def plain_text(inline: "Token") -> str:
    """The text of an inline token without any marks of Markdown, blanks folded."""
    return " ".join("".join(child.content if child.type == "text" else " " for child in _textual(inline)).split())


def _textual(inline: "Token") -> Iterator["Token"]:
    return (child for child in inline.children or [] if child.type in ("text", "softbreak"))


def _flatten(children: Sequence["Token"], line: int, rules: ProseRules) -> _Prose:
    """Text and fact ranges; emphasis falls away, what is not allowed is noted."""
    text = ""
    opened: list[tuple[int, str]] = []
    facts = []
    for child in children:
        here = line + text.count("\n")
        if child.type in _FORBIDDEN:
            what, cure = _FORBIDDEN[child.type]
            rules.findings.add(here, f"The text holds {what}", cure)
        if child.type == "span_open":
            opened.append((len(text), _fact_of(child, here, rules)))
        elif child.type == "span_close":
            start, fact = opened.pop()
            facts.append((start, len(text), fact))
        elif child.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif child.type in ("text", "code_inline"):
            text += child.content
    return _Prose(text, line, tuple(sorted(span for span in facts if span[2])))


def _fact_of(span: "Token", line: int, rules: ProseRules) -> str:
    fact = str(span.attrs.get("fact", ""))
    if not fact:
        rules.findings.add(line, "Words in brackets name no fact", "Write [words]{fact=ID}.")
    else:
        check_fact(fact, line, rules)
    return fact


def check_fact(fact: str, line: int, rules: ProseRules) -> None:
    """Note the id of a fact that no ledger holds."""
    if fact not in rules.facts:
        cure = did_you_mean(fact, rules.facts, "Add the fact to the ledger (facts/*.yaml), or name one that is there.")
        rules.findings.add(line, f"The ledger has no fact '{fact}'", cure)


def _lift_citations(prose: _Prose, rules: ProseRules, analysis: bool) -> tuple[_Clean, list[_Mark]]:
    """Take the marks out, each with the blank before it, before sentences are split.

    A splitter that saw "use [@iicd-2005, p. 2]." would stumble over the stops in it, and would put a mark that stands
    after a full stop into the next sentence.
    """
    text, starts, origins, marks = "", [0], [0], []
    position = 0
    for match in MARK.finditer(prose.text):
        text += prose.text[position : match.start()].rstrip()
        line = prose.line + prose.text.count("\n", 0, match.start())
        marks.append(_Mark(len(text), line, rules.citations.references(match[0][1:-1], line, analysis=analysis)))
        position = match.end()
        starts.append(len(text))
        origins.append(position)
    return _Clean(text + prose.text[position:], tuple(starts), tuple(origins), prose), marks


def _note_strays(clean: _Clean, findings: Findings) -> None:
    for pattern, what, cure in _STRAYS:
        for match in pattern.finditer(clean.text):
            findings.add(clean.line(match.start()), what, cure)


def _share_out(
    marks: Sequence[_Mark], spans: Sequence[tuple[int, int]], text: str, findings: Findings
) -> list[tuple[Reference, ...] | None]:
    """The references of each sentence, None where it has no mark; one outside its sentence is noted and given to the one before."""
    shares: list[list[Reference] | None] = [None for _ in spans]
    for mark in marks:
        number = next((n for n, (start, end) in enumerate(spans) if start < mark.offset <= end), None)
        if number is None:
            findings.add(mark.line, "The citation stands before its sentence", "Move it to the end, before the full stop.")
            number = 0
        elif mark.offset == spans[number][1] and FINISHED.search(text, 0, mark.offset):
            findings.add(mark.line, "The citation stands after the full stop", "Move it before the full stop: '... [@id, p. 2].'")
        if shares:
            shares[number] = [*(shares[number] or ()), *mark.references]
    return [None if share is None else tuple(dict.fromkeys(share)) for share in shares]


def _sentence(
    clean: _Clean, span: tuple[int, int], references: tuple[Reference, ...] | None, findings: Findings, analysis: bool
) -> Sentence:
    text, line = " ".join(clean.text[slice(*span)].split()), clean.line(span[0])
    if references is None and not analysis and "@" not in text:
        findings.add(line, f"No citation supports '{opening(text)}'", "Add one before the full stop: '... [@id, p. 2].'")
    elif not analysis:
        _note_inner_stops(clean, span, findings)
    note_wording(text, line, findings)
    return Sentence(text, references or (), clean.facts(*span), line)


def _note_inner_stops(clean: _Clean, span: tuple[int, int], findings: Findings) -> None:
    for offset, before in inner_stops(clean.text[slice(*span)]):
        ended = " ".join(before.split())
        what = f"A sentence seems to end without a citation: '{ended if len(ended) <= 60 else '... ' + ended[-60:].split(' ', 1)[-1]}'"
        cure = "Add one before that stop, or write the word before it out if no sentence ends there."
        findings.add(clean.line(span[0] + offset), what, cure)


def _note_figures(prose: _Prose, rules: ProseRules) -> None:
    """Note figures and dates told of a fact that the ledger does not hold."""
    for start, end, name in prose.facts:
        fact = rules.facts.get(name)
        told = MARK.sub("", prose.text[start:end]).replace("\n", " ")
        held = (fact.statement, *(account.text for account in fact.dispute)) if fact else ()
        if held and (missing := figures_not_in(told, " ".join(held))):
            what = f"The ledger's statement of '{name}' has no {in_words(list(map(repr, missing)))}"
            cure = "Mend the figure, add it to the statement if the sources have it, or end the span before it."
            rules.findings.add(prose.line + prose.text.count("\n", 0, start), what, cure)
