"""The two YAML lists beside the cases: the ledger of facts and the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from corpus.case import Account, Check, Confidence, Fact, Reference, Source, Term, Vocabulary
from corpus.citation_marks import check_source, is_unseen
from corpus.problems import Findings
from corpus.records import Items, Reader, Record, parse_yaml

CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
_FACT_FIELDS = ("id", "statement", "sources", "confidence", "checked")
_NO_TERMS: Mapping[str, Term] = {}
EMPTY_VOCABULARY = Vocabulary(_NO_TERMS, _NO_TERMS, _NO_TERMS, _NO_TERMS)


@dataclass(frozen=True, slots=True)
class WrittenFact:
    """A fact with the line it begins on."""

    fact: Fact
    line: int


def read_facts(text: str, findings: Findings, sources: Mapping[str, Source]) -> list[WrittenFact]:
    """The facts of a ledger file. Mistakes are noted; a fact without an id is left out."""
    value = parse_yaml(text, findings)
    if value is None:
        return []
    if not isinstance(value, Items):
        findings.add(value.line, "The ledger is no list of facts", "Begin each fact with '- id: ...'.")
        return []
    found = []
    for item in value.values:
        if not isinstance(item, Record):
            findings.add(item.line, "This entry is no fact", "Write it as '- id: ...' with the fields of a fact.")
            continue
        fact = _fact(Reader(item, findings, "fact"), sources)
        if fact.id:
            found.append(WrittenFact(fact, item.line))
    return found


def _fact(reader: Reader, sources: Mapping[str, Source]) -> Fact:
    reader.expect(_FACT_FIELDS, ("dispute", "caveat"))
    references = tuple(_reference(entry, sources) for entry in reader.readers("sources", "source of a fact"))
    _note_support(reader, references, sources)
    dispute = tuple(_account(entry, sources) for entry in reader.readers("dispute", "account"))
    if "dispute" in reader.record.fields and len(dispute) < 2:
        reader.findings.add(
            reader.record.line_of("dispute"),
            "A dispute has fewer than two accounts",
            "Give each side's account with 'account', 'by' and 'sources'; a note on counting is a 'caveat'.",
        )
    return Fact(
        id=reader.text("id"),
        statement=reader.text("statement"),
        sources=references,
        confidence=cast(Confidence, reader.choice("confidence", CONFIDENCES)),
        dispute=dispute,
        caveat=reader.optional_text("caveat"),
        checked=_check(reader),
    )


def _reference(reader: Reader, sources: Mapping[str, Source]) -> Reference:
    reader.expect(("id",), ("locator",))
    source = reader.text("id")
    if source:
        check_source(source, reader.record.line_of("id"), sources, reader.findings)
    return Reference(source, reader.optional_text("locator"))


def _note_support(reader: Reader, references: tuple[Reference, ...], sources: Mapping[str, Source]) -> None:
    line, value = reader.record.line_of("sources"), reader.record.fields.get("sources")
    if isinstance(value, Items) and not value.values:
        reader.findings.add(line, "The fact has no source", "Write 'sources: [{id: ..., locator: ...}]'.")
    cited = [sources[reference.source] for reference in references if reference.source in sources]
    if cited and len(cited) == len(references) and all(map(is_unseen, cited)):
        reader.findings.add(
            line,
            f"Nobody saw the text of '{cited[0].id}' (its note is 'unseen'), and it carries this fact alone",
            "Add a source whose text was seen, or take the fact out.",
        )


def _account(reader: Reader, sources: Mapping[str, Source]) -> Account:
    reader.expect(("account", "by", "sources"))
    named = reader.texts("sources")
    for source in named:
        check_source(source.value, source.line, sources, reader.findings)
    return Account(reader.text("account"), reader.text("by"), tuple(source.value for source in named))


def _check(reader: Reader) -> Check:
    value = reader.record.fields.get("checked")
    if value is None:
        return Check("", "")
    if not isinstance(value, Record):
        reader.wrong_type(value, "'checked'", "a mapping {on: ..., against: ...}")
        return Check("", "")
    checked = Reader(value, reader.findings, "check")
    checked.expect(("on", "against"), ("note",))
    return Check(checked.date("on"), checked.text("against"), checked.optional_text("note"))


def read_vocabulary(text: str, findings: Findings) -> Vocabulary:
    """The vocabulary of a file; what cannot be read is noted and left out."""
    value = parse_yaml(text, findings)
    if value is None:
        return EMPTY_VOCABULARY
    if not isinstance(value, Record):
        findings.add(value.line, "The vocabulary is no mapping", "Write 'areas:', 'themes:', 'principles:' and 'actor_kinds:'.")
        return EMPTY_VOCABULARY
    reader = Reader(value, findings, "vocabulary")
    reader.expect((), ("areas", "themes", "principles", "actor_kinds"))
    return Vocabulary(_terms(reader, "areas"), _terms(reader, "themes"), _terms(reader, "principles"), _terms(reader, "actor_kinds"))


def _terms(reader: Reader, name: str) -> dict[str, Term]:
    group = reader.record.fields.get(name)
    if group is None:
        return {}
    if not isinstance(group, Record):
        reader.wrong_type(group, f"'{name}'", "a mapping of ids to {name: ..., synonyms: [...]}")
        return {}
    terms = {}
    for term, value in group.fields.items():
        if not isinstance(value, Record):
            reader.wrong_type(value, f"'{term}'", "a mapping {name: ..., synonyms: [...]}")
            continue
        entry = Reader(value, reader.findings, "term")
        entry.expect(("name",), ("synonyms",))
        terms[term] = Term(term, entry.text("name"), tuple(text.value for text in entry.texts("synonyms")))
    return terms


def merged_vocabulary(below: Vocabulary, above: Vocabulary) -> Vocabulary:
    """The terms of both; where both have an id, the one above wins."""
    return Vocabulary(
        {**below.areas, **above.areas},
        {**below.themes, **above.themes},
        {**below.principles, **above.principles},
        {**below.actor_kinds, **above.actor_kinds},
    )
