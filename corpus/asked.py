"""How readers ask for what a case tells: their words beside each sentence, which need not be the case's words.

`asked/<case>.yaml` lists sentences by their first words, each with questions that it answers. The questions are never shown as if they
stood in the case; they are further words by which the index finds the sentence (document expansion by queries, Nogueira et al. 2019,
arXiv:1904.08375, here written by people).
"""

from collections.abc import Mapping
from dataclasses import replace

from corpus.case import Case, Paragraph, Section, Sentence
from corpus.problems import Findings
from corpus.records import Items, Reader, Record, parse_yaml

Asked = Mapping[str, tuple[str, ...]]
"""Questions by the text of the sentence that answers them."""


def read_asked(text: str, findings: Findings, case: Case) -> Asked:
    """The questions of a file, each with the sentence of ``case`` that answers it. Mistakes are noted."""
    value = parse_yaml(text, findings)
    if value is None:
        return {}
    if not isinstance(value, Items):
        findings.add(value.line, "The file is no list of sentences", "Begin each entry with '- sentence: ...'.")
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for item in value.values:
        if not isinstance(item, Record):
            findings.add(item.line, "This entry is no sentence", "Write it as '- sentence: ...' and 'asked: [...]'.")
            continue
        reader = Reader(item, findings, "sentence")
        reader.expect(("sentence", "asked"))
        questions = tuple(question.value for question in reader.texts("asked"))
        for sentence in _begun_with(reader.text("sentence"), case, reader):
            found[sentence.text] = found.get(sentence.text, ()) + questions
    return found


def with_asked(case: Case, asked: Asked) -> Case:
    """The case with its sentences' questions."""
    return replace(case, sections=tuple(_section(section, asked) for section in case.sections)) if asked else case


def _begun_with(start: str, case: Case, reader: Reader) -> list[Sentence]:
    if not start:
        return []
    found = [sentence for sentence in case.sentences() if sentence.text.startswith(start)]
    if len(found) == 1 and found[0] in _analysis(case):
        what = f"The sentence of {case.id} that begins with '{start[:60]}' is our own analysis, which is never found or quoted"
        reader.findings.add(reader.record.line_of("sentence"), what, "Put its questions beside a cited sentence, or take them out.")
    if len(found) != 1:
        what = "No sentence" if not found else "More than one sentence"
        cure = "Copy the first words of the sentence, without citation marks and spans, and enough of them to mean one alone."
        reader.findings.add(reader.record.line_of("sentence"), f"{what} of {case.id} begins with '{start[:60]}'", cure)
    return found[:1]


def _analysis(case: Case) -> list[Sentence]:
    paragraphs = [paragraph for section in case.sections for paragraph in section.paragraphs]
    return [sentence for paragraph in paragraphs if paragraph.kind == "analysis" for sentence in paragraph.sentences]


def _section(section: Section, asked: Asked) -> Section:
    return replace(section, paragraphs=tuple(_paragraph(paragraph, asked) for paragraph in section.paragraphs))


def _paragraph(paragraph: Paragraph, asked: Asked) -> Paragraph:
    return replace(paragraph, sentences=tuple(replace(s, asked=asked.get(s.text, ())) for s in paragraph.sentences))
