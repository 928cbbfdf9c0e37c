"""Citations, spans and line breaks are lifted out of a sentence without a trace, wherever they stand."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.body import read_body, slug
from corpus.case import Account, Check, Fact, Reference, Sentence, Source
from corpus.citation_marks import CitationCheck
from corpus.problems import Findings
from corpus.prose import ProseRules

WORDS = [
    "The",
    "IRA",
    "Mindanao",
    "1,204",
    "S/2017/272",
    "said",
    "Gen. Naranjo",
    "Bogotá's",
    '"a',
    'new day"',
    "(all",
    "33)",
    "US$2-3",
    "No. 5",
]
SOURCES = {name: Source(name, "T", "book", None, None, {}) for name in ("a-1", "b.2", "c_3")}
FACTS = {"f-1": Fact("f-1", " ".join(WORDS), (), "high", (Account("A", "B", ()),), None, Check("2026", "x"))}

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)
locators = st.none() | st.sampled_from(["p. 2", "pp. 6-9", "art. 5(1), para. 3", "annex C, p. 4", "ch. 2: The talks"])
references = st.lists(st.builds(Reference, st.sampled_from(sorted(SOURCES)), locators), min_size=1, max_size=3, unique=True)
blanks = st.sampled_from([" ", "\n"])


def mark(references: list[Reference], blank: str) -> str:
    parts = (f"@{ref.source}" + (f",{blank}{ref.locator}" if ref.locator else "") for ref in references)
    return f"[{f';{blank}'.join(parts)}]"


def read(body: str) -> tuple[list[Sentence], list[str]]:
    findings = Findings(Path("case.md"))
    rules = ProseRules(CitationCheck(SOURCES, set(), findings), FACTS, findings)
    sections = read_body(f"## A\n\n{body}\n", 10, ("women",), rules)
    sentences = [sentence for section in sections for paragraph in section.paragraphs for sentence in paragraph.sentences]
    return sentences, [str(problem) for problem in findings.problems]


@given(st.lists(st.tuples(words, words, references, references, st.booleans(), blanks), min_size=1, max_size=4))
def test_sentences_come_out_as_they_went_in(parts: list[tuple[list[str], list[str], list[Reference], list[Reference], bool, str]]) -> None:
    written, expected = [], []
    for first, second, middle, last, twice, blank in parts:
        head, tail = f"So {' '.join(first)}", f"{' '.join(second)} ended"
        inner = f"{blank}{mark(middle, blank)}" if twice else ""
        written.append(f"{head}{inner}{blank}[{tail}]{{fact=f-1}}{blank}{mark(last, blank)}.")
        cited = tuple(dict.fromkeys([*(middle if twice else ()), *last]))
        expected.append((f"{head} {tail}.", cited, ("f-1",)))
    sentences, found = read(" ".join(written))
    assert found == []
    assert [(sentence.text, sentence.references, sentence.facts) for sentence in sentences] == expected


@given(st.lists(st.tuples(words, blanks), min_size=1, max_size=5))
def test_a_sentence_knows_its_line(parts: list[tuple[list[str], str]]) -> None:
    body = "".join(f"So {' '.join(part)} ended{blank}[@a-1,{blank}p. 2].{blank}" for part, blank in parts)
    sentences, _ = read(body)
    lines = f"## A\n\n{body}".split("\n")
    assert all(lines[sentence.line - 10].find("So") >= 0 for sentence in sentences)
    assert [sentence.line for sentence in sentences] == sorted(sentence.line for sentence in sentences)


@given(st.text(max_size=300))
def test_no_body_is_beyond_reading(body: str) -> None:
    sentences, _ = read(body)
    assert all(sentence.text == " ".join(sentence.text.split()) and sentence.text for sentence in sentences)


@given(st.text(alphabet="[]@{}=;:,.*_`<>!#-|\\ \n\tabF1é\u2019", max_size=200))
def test_no_tangle_of_marks_is_beyond_reading(body: str) -> None:
    read(body)


def test_a_citation_in_a_span_and_marks_side_by_side() -> None:
    sentences, found = read("So [the talks ended [@a-1, p. 2]]{fact=f-1} *at last* [@b.2][@c_3].")
    assert found == []
    assert sentences == [
        Sentence("So the talks ended at last.", (Reference("a-1", "p. 2"), Reference("b.2"), Reference("c_3")), ("f-1",), 12)
    ]


def test_an_abbreviation_before_a_mark_ends_no_sentence() -> None:
    sentences, found = read("So the U.N. [@a-1] sent a mission to Cotabato [@b.2].")
    assert found == []
    assert [sentence.text for sentence in sentences] == ["So the U.N. sent a mission to Cotabato."]


def test_brackets_of_a_quotation_are_text() -> None:
    sentences, found = read('Santos said that "[the] war is over" [@a-1].')
    assert found == []
    assert sentences[0].text == 'Santos said that "[the] war is over".'


def test_pronouns_and_bare_pointers_lean_and_nouns_do_not() -> None:
    lean = [
        "It ended",
        "They left",
        '"He left',
        "This was so",
        "Those who left",
        "These made peace",
        "That led to talks",
        "Theirs was peace",
    ]
    stand = [
        "Italy left",
        "This agreement ended",
        "These talks ended",
        "That village left",
        "He-Man left",
        "Those villages left",
    ]
    told = [text for text in (*lean, *stand) if any("cannot be read alone" in problem for problem in read(f"{text} [@a-1].")[1])]
    assert told == [text for text in lean if text != "Those who left"]


def test_a_slug_folds_accents_and_signs() -> None:
    assert slug("What San José did (1997-2005): peace & land") == "what-san-jose-did-1997-2005-peace-land"


def test_anchors_are_unique() -> None:
    findings = Findings(Path("case.md"))
    rules = ProseRules(CitationCheck(SOURCES, set(), findings), FACTS, findings)
    sections = read_body("## Éa\n\nSo [@a-1].\n\n## Ea\n\nSo [@a-1].\n\n## ?\n\nSo [@a-1].\n\n## ea!\n\nSo [@a-1].\n", 1, (), rules)
    assert [section.anchor for section in sections] == ["ea", "ea-2", "section", "ea-3"]
