"""Every mistake an author can make: one file each in tests/data/broken, with the problem it must bring and the fix that its cure tells."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.case import Source
from corpus.checking import check
from corpus.file_text import MAX_CASE_BYTES, MAX_LIST_BYTES, read_text
from corpus.ledger import read_facts, read_vocabulary
from corpus.problems import Findings, Problem
from corpus.reading import read_corpus
from corpus.source_file import read_sources

DATA = Path(__file__).parents[1] / "data"
BROKEN = DATA / "broken"
CASES = [DATA / "cases"]
MARK = "[@torvald-history-2001, p. 101]"
ONE_SOURCE = '{"id": "a-1", "type": "book", "title": "A", "author": [{"literal": "B"}], "publisher": "C"}'
ONE_ACCOUNT = '    - {account: "It sails to Ilmar.", by: The pilot, sources: [torvald-history-2001]}\n'


@dataclass(frozen=True)
class Mistake:
    """A file, the one problem in it, and what an author changes who follows the cure (``old`` becomes ``new``)."""

    file: str
    line: int
    what: str
    cure: str
    old: str
    new: str


CASE_MISTAKES = [
    # the file and its front matter
    Mistake("broken-yaml.md", 3, "YAML cannot be read", "needs quotes", "The ferry: of Lake Sund", '"The ferry: of Lake Sund"'),
    Mistake("missing-front-matter.md", 1, "does not begin with front matter", "'---'", "id: missing", "---\nid: missing"),
    Mistake("unclosed-front-matter.md", 1, "front matter is not closed", "after its last field", "\n## Who", "\n---\n## Who"),
    Mistake("unknown-field.md", 10, "no field 'principle'", "Did you mean 'principles'", "principle: [freedom]\n", ""),
    Mistake("missing-field.md", 2, "lacks the field 'as_of'", "Add a line 'as_of: ...'", "status:", "as_of: 2021\nstatus:"),
    Mistake("empty-field.md", 3, "'title' is empty", "Write its value", "title:", "title: The ferry"),
    Mistake("list-for-text.md", 3, "'title' is a list where text", "as text", "[The ferry of Lake Sund]", "The ferry of Lake Sund"),
    Mistake("text-for-list.md", 5, "'areas' is text where a list", "as a list [...]", "valdoria\ncountries", "[valdoria]\ncountries"),
    Mistake("text-for-mapping.md", 8, "'period' is text", "{from: ..., to: ...}", "period: 1995", "period: {from: 1995}"),
    Mistake("place-without-coordinates.md", 7, "The place lacks the field 'lon'", "'lon: ...'", "lat: 61.5", "lat: 61.5, lon: 4.5"),
    Mistake("word-for-number.md", 7, "'lat: sixty-one' is no number", "in degrees", "sixty-one", "61"),
    Mistake("field-twice.md", 5, "'kind' stands twice", "Keep one", "kind: story\nkind: story", "kind: story"),
    Mistake("other-id.md", 2, "'another-id' differs from the file name", "Rename", "another-id", "other-id"),
    Mistake("yaml-alias.md", 9, "anchors and aliases", "Write the value out", "*themes", "[freedom]"),
    Mistake("no-theme.md", 9, "has no theme", "Name one theme", "themes: []", "themes: [women]"),
    Mistake("unknown-area.md", 5, "'valdorya' is no value of 'areas'", "Did you mean 'valdoria'", "valdorya", "valdoria"),
    Mistake("unknown-theme.md", 9, "'local-peace-building'", "'local-peacebuilding'", "local-peace-building", "local-peacebuilding"),
    Mistake("unknown-principle.md", 10, "'fredom' is no value", "Did you mean 'freedom'", "fredom", "freedom"),
    Mistake("unknown-kind.md", 4, "'storey' is no value of 'kind'", "Did you mean 'story'", "storey", "story"),
    Mistake("unknown-status.md", 12, "'publish' is no value", "Did you mean 'published'", "status: publish", "status: published"),
    Mistake("bad-date.md", 11, "'as_of: May 2021' is no date", "YYYY-MM", "May 2021", "2021-05"),
    Mistake("no-such-day.md", 17, "'date: 1998-02-30' is no date", "YYYY-MM-DD", "1998-02-30", "1998-02-28"),
    Mistake("bad-country.md", 6, "'Xv' is no country code", "two capitals", "Xv", "XV"),
    Mistake("period-backwards.md", 8, "ends in 1994, before it begins", "Swap", "from: 1995, to: 1994", "from: 1994, to: 1995"),
    Mistake("timeline-backwards.md", 17, "goes back from 1995 to 1994-12", "earliest first", "date: 1994-12", "date: 1995-12"),
    Mistake("timeline-uncited.md", 17, "lacks the field 'cite'", "'cite: ...'", 'passenger"', 'passenger", cite: "@torvald-history-2001"'),
    Mistake("timeline-citation.md", 17, "'torvald-history-2001' cannot be read", "Write @id", 'cite: "torvald', 'cite: "@torvald'),
    Mistake("timeline-unknown-source.md", 17, "no source 'torvald-histories-2001'", "'torvald-history-2001'", "histories", "history"),
    Mistake("question-without-section.md", 14, "no heading 'Who paid for the fairy'", "Did you mean", "fairy", "ferry"),
    # citations and sentences
    Mistake("unknown-source.md", 26, "no source 'torwald-history-2001'", "Did you mean 'torvald-history-2001'", "torwald", "torvald"),
    Mistake("uncited-sentence.md", 26, "No citation supports 'Two villages", "before the full stop", "1997.", f"1997 {MARK}."),
    Mistake("uncited-neighbour.md", 26, "No citation supports 'Two villages", "before the full stop", "1987.", f"1987 {MARK}."),
    Mistake("citation-after-stop.md", 26, "stands after the full stop", "Move it before", f". {MARK}", f" {MARK}."),
    Mistake("citation-first.md", 26, "stands before its sentence", "Move it to the end", f"{MARK} Two", f"On Lake Sund {MARK} two"),
    Mistake("citation-without-comma.md", 26, "'@torvald-history-2001 p. 101' cannot be read", "after a comma", " p. 101]", ", p. 101]"),
    Mistake("citation-semicolon.md", 26, "'p. 104' cannot be read", "a semicolon stands only between", "; p. 104", ", p. 104"),
    Mistake("citation-bare.md", 26, "without its brackets", "Write [@id, p. 2]", "says @torvald-history-2001, [", "says Torvald ["),
    Mistake("citation-unclosed.md", 26, "citation mark is not closed", "Write [@id, p. 2]", "p. 101. The", "p. 101]. The"),
    Mistake("no-full-stop.md", 26, "No full stop ends", "with a full stop at its end", MARK, f"{MARK}."),
    Mistake("leaning-pronoun.md", 26, "'They held a market", "Name what 'They' stands for", "They held", "Two villages held"),
    Mistake("leaning-this.md", 26, "cannot be read alone", "Name what 'This' stands for", "This was", "The market of 1997 was"),
    Mistake("leaning-possessive.md", 26, "cannot be read alone", "Name what 'Their' stands for", "Their", "The Net Menders'"),
    Mistake("inner-stop.md", 26, "seems to end without a citation: 'Two", "write the word before it out", "Sept.", f"1996 {MARK}."),
    Mistake("inner-stop-particle.md", 26, "held a market in 1997.'", "Add one before that stop", "1997.", f"1997 {MARK}."),
    Mistake("long-sentences.md", 26, "sentences have 35 words", "beginning with this one of 38", "and had not", f"{MARK}. Sund had not"),
    Mistake("unseen-alone.md", 26, "Nobody saw the text of 'reed-front-diary-1991'", "second source", "@reed", "@grell-wells-2010; @reed"),
    Mistake(
        "case-as-source.md", 26, "cited as if it were a source", "inside '::: analysis'", "case:women-at-the-table", "grell-wells-2010"
    ),
    Mistake("hidden-character.md", 26, "U+202E, right-to-left override", "Delete it", "\u202e", ""),
    Mistake("tag-characters.md", 26, "U+E0041, tag latin capital letter a", "Delete it", "\U000e0041", ""),
    Mistake("control-character.md", 26, "U+0007", "Delete it", "\x07", ""),
    Mistake("entity-hidden.md", 26, "'&#x202E;' stands for an invisible character (U+202E", "Delete it", "&#x202E;", ""),
    Mistake("entity-named.md", 26, "'&rlm;' stands for an invisible character (U+200F", "Delete it", "&rlm;", ""),
    Mistake("entity.md", 3, "the HTML entity '&amp;'", "Write '&' itself", "&amp;", "&"),
    Mistake("escaped-character.md", 3, "'\\u202E' stands for an invisible character", "Delete it", "\\u202E", ""),
    # headings
    Mistake(
        "heading-twice.md", 24, "'Who paid for the ferry' stands twice", "Name what sets", "## Who paid for the ferry\n\nTwo", "## A\n\nTwo"
    ),
    Mistake("heading-level-one.md", 24, "heading of the first level", "Write '## ...'", "# What", "## What"),
    Mistake("heading-level-four.md", 24, "heading of level 4", "'###' for their parts", "#### What", "### What"),
    Mistake("heading-empty.md", 24, "heading is empty", "what the section tells", "##\n", "## What the ferry changed\n"),
    Mistake("heading-cited.md", 24, "heading carries a citation", "under it", " [@torvald-history-2001]\n", "\n"),
    Mistake("heading-attributes.md", 24, "'{theme=women}' after the heading", "{themes=", "{theme=women}", "{themes=local-peacebuilding}"),
    Mistake(
        "heading-theme.md", 24, "'women' is no theme of this case", "front matter", "[local-peacebuilding]", "[local-peacebuilding, women]"
    ),
    Mistake("part-without-section.md", 19, "no section above it", "Write '## ...'", "### Who", "## Who"),
    Mistake("section-empty.md", 24, "Nothing stands under", "or take it out", "## Where the ferry sails\n", ""),
    Mistake("no-section.md", 17, "before the first heading", "'## ...'", "---\nThe", "---\n## Who paid\n\nThe"),
    Mistake("text-before-heading.md", 19, "before the first heading", "'## ...'", "The ferry of Sund is", "## Red\n\nThe ferry of Sund is"),
    # what a body may not hold
    Mistake("html.md", 26, "holds HTML", "plain text", "<b>", ""),
    Mistake("html-comment.md", 28, "holds HTML", "YAML comment", "<!-- The market on Lake Sund needs a page number -->", ""),
    Mistake("image.md", 26, "holds an image", "Say in words", " ![map](map.png)", ""),
    Mistake("link.md", 26, "holds a link", "Cite a source", "[Lake Sund](https://sund.example.org)", "Lake Sund"),
    Mistake("web-address.md", 26, "holds a web address", "Cite a source", ", says https://sund.example.org", ""),
    Mistake("code.md", 26, "holds code", "backquotes", "`Lake Sund`", "Lake Sund"),
    Mistake("forced-break.md", 26, "holds a forced line break", "end of the line", "held  \n", "held\n"),
    Mistake("footnote.md", 26, "holds a footnote", "Write it as a sentence", "[^1]", ""),
    Mistake("table.md", 28, "holds a table", "as sentences", "| Year | Boats |\n|---|---|\n| 1997 | 2 |", ""),
    Mistake("code-block.md", 28, "holds a code block", "blanks at the beginning", "    The", "The"),
    Mistake("fenced-code.md", 28, "holds a code block", "Take the lines with ```", "```", ""),
    Mistake("numbered-list.md", 28, "holds a numbered list", "Begin each item with '- '", "1. The", "- The"),
    Mistake("block-quotation.md", 28, "holds a block quotation", "within a sentence", "> The", "The"),
    Mistake("rule.md", 28, "holds a rule", "Take the line out", "\n\n---\n", "\n"),
    # facts and blocks
    Mistake("unknown-fact.md", 26, "no fact 'va-vote-02'", "Did you mean 'va-vote-01'", "va-vote-02", "va-vote-01"),
    Mistake("figure-not-in-ledger.md", 26, "statement of 'va-vote-01' has no '53.8'", "Mend the figure", "53.8", "58.3"),
    Mistake("date-not-in-ledger.md", 27, "'va-vote-01' has no '21' or 'March'", "Mend the figure", "21 March", "20 February"),
    Mistake("span-without-fact.md", 26, "name no fact", "[words]{fact=ID}", "{.market}", "{fact=va-vote-01}"),
    Mistake("span-unreadable.md", 26, "cannot be read", "[words]{fact=ID}", "{fact: va", "{fact=va"),
    Mistake("dispute-without-fact.md", 28, "names no fact", "{.dispute fact=ID}", "::: dispute", "::: {.dispute fact=va-weapons-02}"),
    Mistake("dispute-unknown-fact.md", 28, "no fact 'va-weapon-02'", "Did you mean 'va-weapons-02'", "va-weapon-02", "va-weapons-02"),
    Mistake("dispute-not-in-ledger.md", 28, "no dispute about 'va-vote-01'", "in the ledger", "va-vote-01", "va-weapons-02"),
    Mistake("dispute-one-sided.md", 28, "fewer than two sentences", "each side's account", ".\n:::", f". Traders counted 90 {MARK}.\n:::"),
    Mistake(
        "block-unclosed.md", 28, "block is not closed", "Add a line ':::'", "[@torvald-history-2001].\n", "[@torvald-history-2001].\n:::\n"
    ),
    Mistake("block-unclosed-before-heading.md", 28, "block is not closed", "Add a line ':::'", "\n\n## Where", "\n:::\n\n## Where"),
    Mistake("block-not-opened.md", 29, "that nothing opened", "Take the line out", "\n:::", ""),
    Mistake("block-unknown.md", 28, "'::: note'", "'::: analysis'", "::: note", "::: analysis"),
    Mistake("analysis-uncited.md", 28, "cites no case", "[@case:ID]", "talks do.", "talks do [@case:women-at-the-table]."),
    Mistake("analysis-unknown-case.md", 29, "No case has the id", "Did you mean 'women-at-the-table'", "woman-at", "women-at"),
]

LIST_MISTAKES = [
    Mistake("sources-syntax.json", 3, "JSON cannot be read", "missing comma", '"C"}\n {"id": "a-2"}', '"C"}'),
    Mistake("sources-no-list.json", 1, "no list of sources", "square brackets", ONE_SOURCE, f"[{ONE_SOURCE}]"),
    Mistake("sources-no-entry.json", 2, "no source", "Write {...}", '"a",', ""),
    Mistake("sources-missing-id.json", 2, "lacks 'id'", 'Add "id"', '"type"', '"id": "a", "type"'),
    Mistake("sources-missing-title.json", 2, "lacks 'title'", 'Add "title"', '"type"', '"title": "A", "type"'),
    Mistake("sources-missing-type.json", 2, "lacks 'type'", 'Add "type"', '"title"', '"type": "book", "title"'),
    Mistake("sources-missing-author.json", 2, "lacks 'author'", 'Add "author"', '"title"', '"author": [{"literal": "B"}], "title"'),
    Mistake("sources-nowhere-to-find.json", 3, "none of 'URL', 'DOI' and 'publisher'", "Add one", '"title"', '"publisher": "B", "title"'),
    Mistake("sources-unknown-type.json", 4, "unknown type 'bok'", "Did you mean 'book'", "bok", "book"),
    Mistake("sources-no-web-address.json", 8, "no web address", "https://", "a.example.org", "https://a.example.org"),
    Mistake("sources-author-text.json", 6, "author of the source 'a-1' cannot be read", '"family"', '"B"', '[{"family": "B"}]'),
    Mistake("sources-date-unreadable.json", 7, "date of the source 'a-1' cannot be read", '"date-parts"', "[]", "[[2005, 9, 26]]"),
    Mistake("sources-number-for-text.json", 5, "'title' of the source 'a-1' is no text", "quotation marks", "7", '"7"'),
    Mistake("sources-id-uncitable.json", 3, "'a, 1' cannot be cited", "letters, digits and hyphens", "a, 1", "a-1"),
    Mistake("sources-escaped-character.json", 5, "'\\u200b' stands for an invisible character (U+200B", "Delete it", "\\u200b", ""),
    Mistake("facts-no-list.yaml", 1, "no list of facts", "Begin each fact with '- id: ...'", "  id: xx", "- id: xx"),
    Mistake("facts-no-entry.yaml", 1, "no fact", "'- id: ...'", "- a\n", ""),
    Mistake("facts-missing-field.yaml", 1, "lacks the field 'confidence'", "Add a line", "  checked", "  confidence: low\n  checked"),
    Mistake("facts-unknown-field.yaml", 5, "no field 'caveats'", "Did you mean 'caveat'", "caveats", "caveat"),
    Mistake("facts-unknown-source.yaml", 3, "no source 'torvald-history-2002'", "Did you mean", "2002", "2001"),
    Mistake("facts-no-source.yaml", 3, "has no source", "{id: ..., locator: ...}", "[]", "[{id: grell-wells-2010}]"),
    Mistake(
        "facts-source-text.yaml", 3, "is text where a mapping", "a mapping {...}", "[torvald-history-2001]", "[{id: grell-wells-2010}]"
    ),
    Mistake("facts-unseen-alone.yaml", 3, "carries this fact alone", "Add a source", "[{", "[{id: grell-wells-2010}, {"),
    Mistake("facts-unknown-confidence.yaml", 4, "'hihg' is no value", "Did you mean 'high'", "hihg", "high"),
    Mistake("facts-bad-date.yaml", 5, "is no date", "YYYY-MM-DD", "24 November 2026", "2026-11-24"),
    Mistake("facts-check-text.yaml", 5, "'checked' is text", "{on: ..., against: ...}", "2026-11-24", "{on: 2026-11-24, against: a map}"),
    Mistake("facts-one-account.yaml", 5, "fewer than two accounts", "'caveat'", ONE_ACCOUNT, f"{ONE_ACCOUNT}{ONE_ACCOUNT}"),
    Mistake("facts-account-unknown-source.yaml", 7, "no source 'cook'", "Add the source", "[cook]", "[grell-wells-2010]"),
    Mistake("vocabulary-no-mapping.yaml", 1, "no mapping", "'areas:'", "- valdoria", "areas: {}"),
    Mistake("vocabulary-unknown-group.yaml", 3, "no field 'thema'", "Did you mean 'themes'", "thema:", "themes:"),
    Mistake("vocabulary-group-list.yaml", 1, "'areas' is a list", "mapping of ids", "[valdoria]", "{valdoria: {name: Valdoria}}"),
    Mistake("vocabulary-term-text.yaml", 2, "'valdoria' is text", "{name: ...", ": Valdoria", ": {name: Valdoria}"),
    Mistake("vocabulary-term-nameless.yaml", 2, "lacks the field 'name'", "'name: ...'", "{synonyms", "{name: Valdoria, synonyms"),
]

ALONE = {"Bad_Id.md", "empty.md", "not-utf-8.md"}
"""Broken files whose fix is no change of text; they have tests of their own."""


def test_each_broken_file_is_expected_and_the_other_way_round() -> None:
    expected = {mistake.file for mistake in CASE_MISTAKES + LIST_MISTAKES} | ALONE
    assert {path.name for path in BROKEN.iterdir()} == expected


@pytest.mark.parametrize("mistake", CASE_MISTAKES, ids=lambda mistake: mistake.file)
def test_a_mistake_in_a_case_is_told_with_its_line_and_a_cure_that_works(mistake: Mistake, tmp_path: Path) -> None:
    expect(check([BROKEN / mistake.file], CASES), mistake)
    assert check([fixed(mistake, tmp_path)], CASES) == []


@pytest.mark.parametrize("mistake", LIST_MISTAKES, ids=lambda mistake: mistake.file)
def test_a_mistake_in_a_list_is_told_with_its_line_and_a_cure_that_works(mistake: Mistake, tmp_path: Path) -> None:
    expect(problems_of_list(BROKEN / mistake.file), mistake)
    assert problems_of_list(fixed(mistake, tmp_path)) == []


def expect(problems: list[Problem], mistake: Mistake) -> None:
    assert len(problems) == 1, problems
    problem = problems[0]
    assert (problem.path.name, problem.line) == (mistake.file, mistake.line)
    assert mistake.what in problem.what
    assert mistake.cure in problem.cure
    assert str(problem) == f"{problem.path}:{problem.line}: {problem.what}. {problem.cure}"


def fixed(mistake: Mistake, folder: Path) -> Path:
    text = (BROKEN / mistake.file).read_bytes().decode()
    assert mistake.old in text
    path = folder / mistake.file
    path.write_bytes(text.replace(mistake.old, mistake.new).encode())
    return path


def problems_of_list(path: Path) -> list[Problem]:
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    assert text is not None
    if path.name.startswith("sources"):
        read_sources(text, findings)
    elif path.name.startswith("facts"):
        read_facts(text, findings, known_sources())
    else:
        read_vocabulary(text, findings)
    return findings.problems


def known_sources() -> dict[str, Source]:
    return dict(read_corpus(CASES).sources)


def test_an_id_of_another_form_is_renamed_with_its_file(tmp_path: Path) -> None:
    path = BROKEN / "Bad_Id.md"
    [problem] = check([path], CASES)
    assert problem.line == 2
    assert "'Bad_Id' is no id" in problem.what
    (tmp_path / "good-id.md").write_text(path.read_text(encoding="utf-8").replace("Bad_Id", "good-id"), encoding="utf-8")
    assert check([tmp_path / "good-id.md"], CASES) == []


def test_an_empty_file_is_told() -> None:
    [problem] = check([BROKEN / "empty.md"], CASES)
    assert (problem.line, problem.what) == (1, "The file is empty")


def test_a_file_in_another_encoding_is_told_with_the_byte(tmp_path: Path) -> None:
    path = BROKEN / "not-utf-8.md"
    [problem] = check([path], CASES)
    assert (problem.line, problem.what) == (3, f"The file is not UTF-8 at byte {path.read_bytes().index(0xFC)}")
    (tmp_path / path.name).write_text(path.read_text(encoding="latin-1"), encoding="utf-8")
    assert check([tmp_path / path.name], CASES) == []


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    path.write_text("a" * (MAX_CASE_BYTES + 1), encoding="utf-8")
    [problem] = check([path], CASES)
    assert problem.what == "The file has 1,000,001 bytes, more than 1,000,000"


@pytest.mark.parametrize("nest", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_yaml_nested_beyond_reason_is_a_mistake_like_others(nest: str, tmp_path: Path) -> None:
    path = tmp_path / "deep.md"
    path.write_text(f"---\nid: deep\ntitle:\n  {nest}\n---\n## A\n", encoding="utf-8")
    [problem] = check([path], CASES)
    assert problem.line in (2, 4)


def test_yaml_that_unfolds_into_gigabytes_is_a_mistake_like_others(tmp_path: Path) -> None:
    path = tmp_path / "bomb.md"
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    path.write_text("---\n" + "\n".join(lines) + "\n---\n## A\n", encoding="utf-8")
    [problem] = check([path], CASES)
    assert "anchors and aliases" in problem.what


@pytest.mark.parametrize("entity", ["&#1;", "&#0;", "&#xD800;", "&#x110000;", "&nbsp;", "&zwj;", "&shy;"])
def test_entities_that_stand_for_nothing_to_see_are_told(entity: str, tmp_path: Path) -> None:
    [problem] = problems_of_text(f"a\nb {entity} c", tmp_path)
    assert (problem.line, f"The HTML entity '{entity}' stands for an invisible" in problem.what) == (2, True)


@pytest.mark.parametrize("text", ["AT&T; and R&D;", "a & b; c", "?a=1&b=2;", "\\u00e1 \\n \\ud800"])
def test_an_ampersand_and_an_escape_may_stand_where_they_mean_something_to_see(text: str, tmp_path: Path) -> None:
    assert problems_of_text(text, tmp_path) == []


def problems_of_text(text: str, folder: Path) -> list[Problem]:
    path = folder / "text.md"
    path.write_text(text, encoding="utf-8")
    findings = Findings(path)
    assert read_text(path, findings, MAX_LIST_BYTES) == text
    return findings.problems
