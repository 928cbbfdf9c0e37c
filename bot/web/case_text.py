"""A whole case as plain text with Markdown's headings and lists: below each passage its address and its sources, ready to be cited."""

from collections.abc import Iterable, Iterator

from bot.web.pages import period, readable
from bot.web.reader import KIND_NAME
from corpus.case import Case, Paragraph, Reference
from corpus.references import formatted, written_date
from index.case_index import CaseIndex
from index.passages import Passage

_CASE = "case:"
_LABELS = {"text": "", "dispute": "Accounts differ:", "analysis": "Our own reading:"}


def case_text(case: Case, index: CaseIndex, public_url: str) -> str:
    """The case, passage by passage; ``public_url`` begins the addresses."""
    address = f"{public_url}/cases/{case.id}"
    reach = f"{KIND_NAME[case.kind]}. {period(case.period)}. Facts as of {written_date(case.as_of)}. Case {case.id}, {address}"
    return readable("\n\n".join((f"# {_line(case.title)}", reach, *_passages(case, index, public_url), *_timeline(case, index))))


def _passages(case: Case, index: CaseIndex, public_url: str) -> Iterator[str]:
    headed = None
    for passage in index.passages_of(case.id):
        heading = (*passage.trail, passage.section)
        if heading != headed:
            yield f"{'#' * (len(heading) + 1)} {_line(passage.section)}"
        headed = heading
        yield _passage(passage, index, public_url)


def _passage(passage: Passage, index: CaseIndex, public_url: str) -> str:
    references = (reference for sentence in passage.sentences for reference in sentence.references)
    address = f"Address: {public_url}/cases/{passage.id}"
    sources = ("Sources:", *(f"- {source}" for source in _sources(references, index)))
    return "\n".join(filter(None, (_LABELS[passage.role], *map(_paragraph, passage.paragraphs), address, *sources)))


def _paragraph(paragraph: Paragraph) -> str:
    sentences = [_line(sentence.text) for sentence in paragraph.sentences]
    if paragraph.kind == "dispute":
        return "\n".join(f"- {account}" for account in sentences)
    return "- " * (paragraph.kind == "item") + " ".join(sentences)


def _timeline(case: Case, index: CaseIndex) -> Iterator[str]:
    if case.timeline:
        yield "## Timeline"
        yield "\n".join(
            f"- {written_date(entry.date)}: {_line(entry.event)} ({'; '.join(_sources(entry.references, index))})"
            for entry in case.timeline
        )


def _sources(references: Iterable[Reference], index: CaseIndex) -> list[str]:
    """The sources in the order of their use, each with its place and address; a case that is cited is named with its id."""
    return list(dict.fromkeys(_source(reference, index) for reference in references))


def _source(reference: Reference, index: CaseIndex) -> str:
    if reference.source.startswith(_CASE):
        return f"Case {reference.source.removeprefix(_CASE)}."
    source = index.sources[reference.source]
    return _line(" ".join(filter(None, (formatted(source, reference.locator), source.url))))


def _line(text: str) -> str:
    return " ".join(text.split())
