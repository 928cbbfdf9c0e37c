"""Sentences that would be quoted wrongly: those that hide another, lean on the one before or run too long."""

from pathlib import Path

import pytest

from corpus.case import Sentence
from corpus.problems import Findings
from corpus.sentence_checks import inner_stops, note_long_sentences, note_wording
from corpus.sentences import sentence_spans
from tests.corpus.test_sentences import TRICKY

HIDING = [
    "The drought lasted until Sept.| Herders of Wajir moved south.",
    "The commission closed in 2005.| de Chastelain went home.",
    "The commission closed in Sept.| de Chastelain went home.",
    "The camp held women, men, etc.| The state closed it.",
    "The crowd met at 10 a.m.| Police came.",
    "The firm was Sund Ltd.| Traders left it.",
    "The president was Ferdinand Marcos Jr.| Herders of Sund met him.",
    "The rule is No.| Herders keep it.",
    "The rule is No. 5.| herders keep it.",
    'The mayor spoke of "peace in Sept."| Herders of Sund heard him.',
    "The vote was in 1998.| 412 people came.",
    "The talks ended (in Nov.).| Herders of Sund left.",
    "Who came in 1998?| Herders came.",
]
WHOLE = [
    "The talks were led by Lt.-Gen. Mendoza.",
    "Gen. de Chastelain met Lt. Gen. Mendoza at St. Anne.",
    "The U.N. Mission met the O.A.S. in Co. Armagh.",
    "The court ruled in Smith v. Jones on art. IV and annex no. C.",
    "The talks of 24 Nov. 2016 cost approx. 3 million.",
    "The vote, on 2 Oct. by law, was for peace, etc. and passed.",
    "The war ... was over.",
    "'Peace is hard!' said the mayor.",
    "J. Paul Lederach and Dr. A. B. Santos wrote of e.g. Sund.",
    "The council met at 10 a.m. in Sund on Sept. 26.",
]
LEANING = [
    ("It ended in 1998.", "It"),
    ("Its members met.", "Its"),
    ("Their weapons were cut up.", "Their"),
    ("But they stayed.", "they"),
    ("However, his party won.", "his"),
    ("This was signed.", "This"),
    ("This in turn led to talks.", "This"),
    ("That opened the road.", "That"),
    ("These, too, failed.", "These"),
    ("The latter won.", "The latter"),
    ("Many of them left.", "Many of them"),
]
STANDING = [
    "Italy left.",
    "The latter half of 1998 was calm.",
    "These armed groups met.",
    "That fixed term ended.",
    "Her Majesty's Government signed.",
    "So the talks ended.",
    "Those who left met.",
    "These costs were paid in 1998.",
    "Many of the women left.",
    "Then Hume met Adams.",
]


@pytest.mark.parametrize("marked", HIDING)
def test_a_stop_within_a_sentence_that_ends_one_is_found(marked: str) -> None:
    first = marked.split("|", maxsplit=1)[0]
    assert [before for _, before in inner_stops(marked.replace("|", ""))] == [first]


@pytest.mark.parametrize("text", WHOLE + [text for marked in TRICKY for text in marked.split("|")])
def test_a_stop_of_an_abbreviation_is_left_alone(text: str) -> None:
    assert list(inner_stops(text.strip())) == []


def test_what_the_splitter_finds_needs_no_second_look() -> None:
    text = "The crowd met in Sund. Herders came."
    assert [list(inner_stops(text[slice(*span)])) for span in sentence_spans(text)] == [[], []]


@pytest.mark.parametrize(("text", "word"), LEANING)
def test_a_sentence_that_leans_on_the_one_before_is_told(text: str, word: str) -> None:
    [problem] = wording(text)
    assert problem == (f"'{text}' cannot be read alone, as it will be when it is quoted", f"Name what '{word}' stands for.")


@pytest.mark.parametrize("text", STANDING)
def test_a_sentence_that_names_its_subject_stands_alone(text: str) -> None:
    assert wording(text) == []


def wording(text: str) -> list[tuple[str, str]]:
    findings = Findings(Path("case.md"))
    note_wording(text, 7, findings)
    return [(problem.what, problem.cure) for problem in findings.problems]


def test_half_of_the_sentences_must_not_be_long() -> None:
    def told(*lengths: int) -> list[tuple[int, str, str]]:
        findings = Findings(Path("case.md"))
        note_long_sentences([Sentence("a " * words, (), line=line) for line, words in enumerate(lengths, 30)], findings)
        return [(problem.line, problem.what, problem.cure) for problem in findings.problems]

    assert told() == told(26) == told(10, 40, 26) == told(26, 26, 90) == []
    [(line, what, cure)] = told(12, 27, 40)
    assert (line, what) == (32, "Half of the sentences have 27 words or more, where 26 are the most that read well")
    assert cure == "Split the long ones, beginning with this one of 40 words."
