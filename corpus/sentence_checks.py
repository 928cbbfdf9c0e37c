"""What can be wrong with a sentence as it is worded: where it ends, whether it stands alone, how long it is."""

import re
import statistics
from collections.abc import Iterator, Sequence

from corpus.case import Sentence
from corpus.problems import Findings
from corpus.sentences import ABBREVIATIONS, CLOSERS

MOST_WORDS = 26
"""What half of a case's sentences may have at most."""

BEFORE_A_NAME = frozenset(
    "adm arch brig capt cf cmdr co col cpl dr esp fr gen gov hon incl insp lt maj mr mrs ms mt pres prof rep rev sec sen sens "
    "sgt sr sra sres srta st supt v viz vs".split()
)
"""Abbreviations that a capital may follow within a sentence: titles, ranks, saints, mountains, parties to a lawsuit."""

FINISHED = re.compile(rf"[.!?][{re.escape(CLOSERS)}]*$")
_OPENERS = "\"'\u2018\u201c(["
_INNER_STOP = re.compile(rf"[.!?][.!?{re.escape(CLOSERS)}]*(?=\s+[{re.escape(_OPENERS)}]*(\S+)(?:\s+(\S))?)")
_LAST_WORD = re.compile(rf"[^\s{re.escape(_OPENERS)}/-]+$")
_PARTICLES = frozenset("abu af al av bin da de del della den der di dos du el ibn la le ten ter ul van von zu".split())
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_NUMERAL = re.compile(r"[IVXLC]+\b|[A-Z]\b")

_VERB = (
    r"(?:(?:in turn|all|also|alone|never|not|only|soon|still|then|too)\s+)?"
    r"(?:is|was|were|are|has|have|had|did|does|do|will|would|shall|can|could|may|might|must|should|means?|meant|led|made|makes?|gave|gives?|"
    r"took|takes|came|comes|brought|brings|left|leaves|showed|shows|became|becomes|began|begins|kept|keeps|went|goes|got|gets|held|ran|"
    r"said|says|told|tells|stood|fell|rose|broke|proved|proves|grew|drew|built|seems?|seemed|appears|appeared|won|included|includes?|followed|"
    r"follows|caused|allowed|allows|helped|helps|happened|happens|remained|remains|ended|worked|in turn|too|"
    r"\w+ed\s+(?:the|an?|to|in|on|by|for|from|with|that|all|no|its|their|his|her))\b"
)
_LEANING = re.compile(
    r"(?:(?:And|But|So|Yet|Or|Nor|However|Then|Still|Later|Instead|Therefore|Thus|Meanwhile|Nevertheless|Afterwards),?\s+)?"
    r"(?P<word>(?:It|They|He|She|Him|Them|Its|Theirs?|Hers?|His)\b(?!-|\s+(?:Majesty|Holiness|Excellency|Eminence|Royal|Highness|Honour|Grace))"
    rf"|(?:This|That|These|Those)(?=,|\s+{_VERB})"
    rf"|The\s+(?:former|latter)(?=\s+{_VERB})"
    r"|\w+\s+of\s+them\b)",
    re.IGNORECASE,
)


def opening(text: str) -> str:
    """The first words of a sentence, to name it by."""
    return text if len(text) <= 60 else text[:60].rsplit(" ", 1)[0] + " ..."


def note_wording(text: str, line: int, findings: Findings) -> None:
    """Note a sentence without a full stop, and one that leans on the sentence before."""
    if not FINISHED.search(text):
        findings.add(line, f"No full stop ends '{opening(text)}'", "Write a whole sentence with a full stop at its end.")
    if leaning := _LEANING.match(text.lstrip(_OPENERS)):
        what = f"'{opening(text)}' cannot be read alone, as it will be when it is quoted"
        findings.add(line, what, f"Name what '{' '.join(leaning['word'].split())}' stands for.")


def inner_stops(text: str) -> Iterator[tuple[int, str]]:
    """Where a sentence seems to end within ``text``, with the words before: a splitter took the stop for an abbreviation's.

    What a stop with no citation before it ends is a claim that rides on the citation of the next sentence.
    """
    for match in _INNER_STOP.finditer(text):
        following, after = match.groups()
        word = _LAST_WORD.search(text, 0, match.start())
        if word and _ends(word[0].casefold(), match[0], following, after or ""):
            yield match.start(), text[: match.end()]


def _ends(word: str, stop: str, following: str, after: str) -> bool:
    """Whether a word with its stop ends a sentence, seen from what follows."""
    if following[0].isdigit():
        return word[-1:].isdigit()
    is_name = following[0].isupper() or (following in _PARTICLES and after.isupper())
    if not is_name:
        return following[0].islower() and stop == "." and word not in ABBREVIATIONS and not _DOTTED.fullmatch(word)
    if stop != "." or (word in ABBREVIATIONS - BEFORE_A_NAME and not _NUMERAL.match(following)):
        return True
    return word not in ABBREVIATIONS and (word in ("a.m", "p.m") or not _DOTTED.fullmatch(word))


def note_long_sentences(sentences: Sequence[Sentence], findings: Findings) -> None:
    """Note a case of which half the sentences are too long to be read at one go."""
    lengths = [len(sentence.text.split()) for sentence in sentences]
    median = statistics.median(lengths) if lengths else 0
    if median > MOST_WORDS:
        most = max(lengths)
        what = f"Half of the sentences have {median:g} words or more, where {MOST_WORDS} are the most that read well"
        cure = f"Split the long ones, beginning with this one of {most} words."
        findings.add(sentences[lengths.index(most)].line, what, cure)
