"""A case cut into passages: pieces of a section, cut at headings and whole sentences, that can be found, opened and cited."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from corpus.case import Case, CaseKind, Paragraph, Section, Sentence

MAX_WORDS = 130
"""Above this many words a section is cut. With title and headings it stays within the 256 word pieces that MiniLM reads."""

Role = Literal["text", "dispute", "analysis"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a case that can be found, opened and cited.

    ``id`` is ``<case>#<anchor>``, with ``.2``, ``.3`` for further pieces of a section; ``role`` sets dispute blocks (whose ``fact``
    is given) and our own analysis apart from told text; ``listed`` are the questions of the case that its section answers.
    """

    id: str
    case_id: str
    case_title: str
    case_kind: CaseKind
    areas: tuple[str, ...]
    themes: tuple[str, ...]
    as_of: str
    section: str
    trail: tuple[str, ...]
    role: Role
    paragraphs: tuple[Paragraph, ...]
    fact: str | None = None
    listed: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The part of the address after ``#``."""
        return self.id.partition("#")[2]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The passage's sentences in reading order."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences)

    @property
    def text(self) -> str:
        """The passage as it is read: its sentences, one blank between them."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def heading_trail(self) -> str:
        """Title and headings, outermost first: what the passage is about, and the opening of what is indexed."""
        return ". ".join((self.case_title, *self.trail, self.section)) + "."

    @property
    def sentence_spans(self) -> list[tuple[int, int]]:
        """Start and end of each sentence in `indexed_text`."""
        spans, start = [], len(self.heading_trail) + 1
        for sentence in self.sentences:
            spans.append((start, start + len(sentence.text)))
            start += len(sentence.text) + 1
        return spans

    @property
    def indexed_text(self) -> str:
        """What is embedded: title, headings and text. Its digest decides whether a vector can be used again."""
        return f"{self.heading_trail} {self.text}"

    @property
    def sentence_words(self) -> list[str]:
        """What lexical ranking reads for each sentence: title and headings, the sentence, and how readers ask for it."""
        return [" ".join((self.heading_trail, sentence.text, *sentence.asked)) for sentence in self.sentences]

    @property
    def told_and_asked(self) -> list[str]:
        """Each sentence with how readers ask for it, without its headings."""
        return [" ".join((sentence.text, *sentence.asked)) for sentence in self.sentences]

    @property
    def words(self) -> str:
        """What lexical ranking reads for the passage."""
        return " ".join((self.indexed_text, *self.listed, *(question for sentence in self.sentences for question in sentence.asked)))

    @property
    def text_digest(self) -> str:
        """SHA-256 of what is embedded, sentence bounds included."""
        return hashlib.sha256(json.dumps([self.indexed_text, self.sentence_spans]).encode()).hexdigest()


def passages_of(case: Case) -> tuple[Passage, ...]:
    """All passages of a case in reading order, those of analysis included."""
    return tuple(passage for section in case.sections for passage in _section_passages(case, section))


def searchable(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Our own analysis is read on the case's page, never found or quoted: no published source stands behind it."""
    return tuple(passage for passage in passages if passage.role != "analysis")


def _section_passages(case: Case, section: Section) -> Iterator[Passage]:
    for number, (role, fact, paragraphs) in enumerate(_pieces(section.paragraphs), start=1):
        yield Passage(
            id=f"{case.id}#{section.anchor}" + (f".{number}" if number > 1 else ""),
            case_id=case.id,
            case_title=case.title,
            case_kind=case.kind,
            areas=case.areas,
            themes=section.themes,
            as_of=case.as_of,
            section=section.heading,
            trail=section.trail,
            role=role,
            paragraphs=paragraphs,
            fact=fact,
            listed=tuple(question.text for question in case.questions if question.section == section.heading),
        )


def _pieces(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[Role, str | None, tuple[Paragraph, ...]]]:
    for (role, fact), run in groupby(paragraphs, key=_role_and_fact):
        for piece in _balanced(tuple(run)):
            yield role, fact, piece


def _role_and_fact(paragraph: Paragraph) -> tuple[Role, str | None]:
    if paragraph.kind in ("dispute", "analysis"):
        return paragraph.kind, paragraph.fact
    return "text", None


def _balanced(paragraphs: tuple[Paragraph, ...]) -> Iterator[tuple[Paragraph, ...]]:
    """Paragraphs cut at whole sentences into pieces of about equal length, none much above MAX_WORDS."""
    words = [len(sentence.text.split()) for paragraph in paragraphs for sentence in paragraph.sentences]
    target = sum(words) / max(1, math.ceil(sum(words) / MAX_WORDS))
    piece: list[Paragraph] = []
    filled, told, bound = 0.0, 0.0, target
    for paragraph in paragraphs:
        kept: list[Sentence] = []
        for sentence in paragraph.sentences:
            length = len(sentence.text.split())
            if filled and told + length / 2 > bound:
                yield tuple(piece + _part(paragraph, kept))
                piece, kept, filled, bound = [], [], 0.0, bound + target
            kept.append(sentence)
            filled += length
            told += length
        piece += _part(paragraph, kept)
    if piece:
        yield tuple(piece)


def _part(paragraph: Paragraph, sentences: list[Sentence]) -> list[Paragraph]:
    return [Paragraph(paragraph.kind, tuple(sentences), paragraph.fact)] if sentences else []
