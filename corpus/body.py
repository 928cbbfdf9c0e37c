"""The body of a case: Markdown -> sections, paragraphs and sentences. With prose.py, the only door to markdown-it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, count, zip_longest
from typing import TYPE_CHECKING

from corpus.case import Paragraph, ParagraphKind, Section
from corpus.citation_marks import MARK
from corpus.problems import did_you_mean
from corpus.prose import ProseRules, check_fact, plain_text, read_sentences

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FORBIDDEN = {
    "html_block": ("HTML", "Write plain text; notes to yourself belong into a YAML comment of the front matter."),
    "fence": ("a code block", "Take the lines with ``` or ~~~ out."),
    "code_block": ("a code block", "Take the blanks at the beginning of the line out."),
    "table_open": ("a table", "Write it as sentences, or as a list of sentences with '- '."),
    "blockquote_open": ("a block quotation", "Quote within a sentence, in quotation marks."),
    "ordered_list_open": ("a numbered list", "Begin each item with '- '."),
    "hr": ("a rule", "Take the line out; headings divide a case."),
}
_COLONS = re.compile(r" {0,3}:{3,}\s*(.*?)\s*$")
_DISPUTE = re.compile(r"""\{\s*\.dispute(?:\s+fact\s*=\s*["']?([\w.-]+)["']?)?\s*\}|dispute""")
_ANALYSIS = re.compile(r"analysis|\{\s*\.analysis\s*\}")
_HEADING_ATTRIBUTES = re.compile(r"\s*\{([^{}]*)\}\s*$")
_THEMES = re.compile(r"""\s*themes\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))\s*""")


@dataclass(frozen=True, slots=True)
class _Block:
    """A ``:::`` block, by the lines that it opens and closes on."""

    kind: ParagraphKind
    fact: str | None
    first: int
    last: int


@dataclass(slots=True)
class _Draft:
    """A section that is being read."""

    section: Section
    line: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@lru_cache(maxsize=1)
def _markdown() -> "MarkdownIt":
    """The parser, loaded when the first case is read: most commands only ask whether files have changed.

    Setext headings and link definitions are off because both would swallow an author's slip (a rule under a paragraph, a
    citation followed by a colon) without a word; tables are on so that they can be named as what is wrong.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.attrs import attrs_plugin

    parser = MarkdownIt("commonmark").enable("table").disable(["lheading", "reference"])
    return parser.use(attrs_plugin, spans=True, allowed=["fact"])


def read_body(text: str, first_line: int, themes: tuple[str, ...], rules: ProseRules) -> tuple[Section, ...]:
    """The sections of a body that begins at ``first_line`` of its file; every mistake is noted in the rules' findings."""
    plain, blocks = _take_blocks_out(text, first_line, rules)
    reading = _Reading(first_line, themes, rules, blocks)
    for number, token in enumerate(tokens := _markdown().parse(plain)):
        reading.take(token, tokens[number - 1])
    return reading.finish()


def _take_blocks_out(text: str, first_line: int, rules: ProseRules) -> tuple[str, list[_Block]]:
    """The text with an empty line for each ``:::`` line, and the blocks these lines made.

    Not the Markdown plugin for containers: it closes an unclosed block without a word at the end of the file.
    """
    lines = text.split("\n")
    blocks: list[_Block] = []
    opened: _Block | None = None
    for number, line in enumerate(lines, first_line):
        colons = _COLONS.match(line)
        if opened and (line.startswith("#") or (colons and colons[1])):
            blocks.append(_unclosed(opened, number - 1, rules))
            opened = None
        if colons is None:
            continue
        lines[number - first_line] = ""
        if colons[1]:
            opened = _opened(colons[1], number, rules)
        elif opened:
            blocks.append(replace(opened, last=number))
            opened = None
        else:
            rules.findings.add(number, "':::' closes a block that nothing opened", "Take the line out.")
    if opened:
        blocks.append(_unclosed(opened, first_line + len(lines), rules))
    return "\n".join(lines), blocks


def _unclosed(block: _Block, last: int, rules: ProseRules) -> _Block:
    rules.findings.add(block.first, "The ':::' block is not closed", "Add a line ':::' after its last sentence.")
    return replace(block, last=last)


def _opened(words: str, line: int, rules: ProseRules) -> _Block:
    if dispute := _DISPUTE.fullmatch(words):
        _check_dispute(dispute[1], line, rules)
        return _Block("dispute", dispute[1], line, line)
    if not _ANALYSIS.fullmatch(words):
        rules.findings.add(line, f"No block is opened by '::: {words}'", "Write '::: {.dispute fact=ID}' or '::: analysis'.")
    return _Block("analysis", None, line, line)


def _check_dispute(fact: str | None, line: int, rules: ProseRules) -> None:
    if fact is None:
        rules.findings.add(line, "The dispute names no fact", "Write '::: {.dispute fact=ID}'.")
        return
    check_fact(fact, line, rules)
    if fact in rules.facts and not rules.facts[fact].dispute:
        cure = "Give the fact its 'dispute' in the ledger, with each account, or write the block as plain text."
        rules.findings.add(line, f"The ledger knows of no dispute about '{fact}'", cure)


class _Reading:
    """Gathers sections while the tokens of a body go by."""

    def __init__(self, first_line: int, themes: tuple[str, ...], rules: ProseRules, blocks: Sequence[_Block]) -> None:
        self.first_line = first_line
        self.themes = themes
        self.rules = rules
        self.blocks = blocks
        self.drafts: list[_Draft] = []
        self.list_depth = 0
        self.paragraph_of_block: dict[_Block, int] = {}
        self.text_before_heading = False

    def take(self, token: "Token", before: "Token") -> None:
        """Take one token; ``before`` is the one that opened it."""
        line = self.first_line + (token.map[0] if token.map else 0)
        if token.type in _FORBIDDEN:
            what, cure = _FORBIDDEN[token.type]
            self.rules.findings.add(line, f"The text holds {what}", cure)
        elif token.type in ("bullet_list_open", "bullet_list_close"):
            self.list_depth += token.nesting
        elif token.type == "inline" and before.type == "heading_open":
            self._take_heading(token, int(before.tag[1:]), line)
        elif token.type == "inline" and before.type == "paragraph_open":
            self._take_paragraph(token, line)

    def _take_heading(self, inline: "Token", level: int, line: int) -> None:
        findings = self.rules.findings
        heading, themes = self._split_heading(plain_text(inline), line)
        if level == 1:
            findings.add(line, f"'# {heading}' is a heading of the first level", "Write '## ...'; the title is in the front matter.")
        elif level > 3:
            findings.add(line, f"'{heading}' is a heading of level {level}", "Use '##' for sections and '###' for their parts.")
        if not heading:
            findings.add(line, "The heading is empty", "Write what the section tells, in a reader's words.")
        if MARK.search(heading):
            findings.add(line, "The heading carries a citation", "Cite in the sentences under it.")
        if any(draft.section.heading == heading for draft in self.drafts):
            findings.add(line, f"The heading '{heading}' stands twice", "Name what sets the two sections apart.")
        trail = self._trail(level)
        if level == 3 and not trail:
            findings.add(line, f"'### {heading}' has no section above it", "Write '## ...', or put a section before it.")
        self.drafts.append(_Draft(Section(heading, level, self._anchor(heading), trail, themes, ()), line))

    def _split_heading(self, text: str, line: int) -> tuple[str, tuple[str, ...]]:
        match = _HEADING_ATTRIBUTES.search(text)
        if match is None:
            return text, self.themes
        heading = text[: match.start()]
        themes = _THEMES.fullmatch(match[1])
        if themes is None:
            cure = 'Write {themes=verification} or {themes="verification,women"}, or take it out.'
            self.rules.findings.add(line, f"'{{{match[1]}}}' after the heading cannot be read", cure)
            return heading, self.themes
        named = tuple(name.strip() for name in (themes[1] or themes[2] or themes[3] or "").split(",") if name.strip())
        for name in named:
            if name not in self.themes:
                cure = did_you_mean(name, self.themes, "Name themes of the case only, or add this one to its front matter.")
                self.rules.findings.add(line, f"'{name}' is no theme of this case", cure)
        return heading, named or self.themes

    def _trail(self, level: int) -> tuple[str, ...]:
        for draft in reversed(self.drafts):
            if draft.section.level < level:
                return (*draft.section.trail, draft.section.heading)
        return ()

    def _anchor(self, heading: str) -> str:
        taken = {draft.section.anchor for draft in self.drafts}
        anchor = slug(heading) or "section"
        return next(name for name in chain((anchor,), (f"{anchor}-{n}" for n in count(2))) if name not in taken)

    def _take_paragraph(self, inline: "Token", line: int) -> None:
        block = next((block for block in self.blocks if block.first <= line <= block.last), None)
        kind: ParagraphKind = block.kind if block else "item" if self.list_depth else "text"
        sentences = read_sentences(inline, line, self.rules, analysis=kind == "analysis")
        if not self.drafts:
            if not self.text_before_heading:
                self.rules.findings.add(line, "Text stands before the first heading", "Put a heading '## ...' before it.")
            self.text_before_heading = True
            return
        paragraphs = self.drafts[-1].paragraphs
        if block and block in self.paragraph_of_block:
            number = self.paragraph_of_block[block]
            paragraphs[number] = replace(paragraphs[number], sentences=paragraphs[number].sentences + sentences)
            return
        if block:
            self.paragraph_of_block[block] = len(paragraphs)
        paragraphs.append(Paragraph(kind, sentences, block.fact if block else None))

    def finish(self) -> tuple[Section, ...]:
        """The sections, once every token has gone by."""
        sections = tuple(replace(draft.section, paragraphs=tuple(draft.paragraphs)) for draft in self.drafts)
        self._note_empty_sections(sections)
        self._note_thin_blocks(sections)
        if not sections and not self.text_before_heading:
            self.rules.findings.add(self.first_line, "The case has no section", "Write '## ' headings with sentences under them.")
        return sections

    def _note_empty_sections(self, sections: Sequence[Section]) -> None:
        for draft, section, after in zip_longest(self.drafts, sections, sections[1:]):
            if not section.paragraphs and (after is None or after.level <= section.level):
                cure = "Write sentences under it, or take it out."
                self.rules.findings.add(draft.line, f"Nothing stands under the heading '{section.heading}'", cure)

    def _note_thin_blocks(self, sections: Sequence[Section]) -> None:
        sentences = [s for section in sections for paragraph in section.paragraphs for s in paragraph.sentences]
        for block in self.blocks:
            inside = [sentence for sentence in sentences if block.first <= sentence.line <= block.last]
            if block.kind == "dispute" and len(inside) < 2:
                cure = "Give each side's account a sentence of its own, with who says so and a citation."
                self.rules.findings.add(block.first, "The dispute holds fewer than two sentences", cure)
            if block.kind == "analysis" and not any(sentence.references for sentence in inside):
                cure = "Add [@case:ID] to the sentence that draws on it."
                self.rules.findings.add(block.first, "The analysis cites no case that it rests on", cure)


def slug(text: str) -> str:
    """A text as an anchor: accents folded, lower case, hyphens for all else."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
