"""A follow-up as a question that stands alone: what it leaves out is taken from the conversation before it.

Three moves, by rules that one can read (rewriting of conversational questions: Vakulenko et al. 2021, "Question rewriting for
conversational question answering"): the matter of before is moved to another place or body ("And in Colombia?"); a pronoun or a bare
question word is given what it speaks of ("Who chaired it?"); everything that names its own matter stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import guard, language
from bot.comparison import LEADING
from bot.question import InvalidQuestion, cleaned
from index.case_index import CaseIndex
from index.names import Name, names_in
from index.words import STOPWORDS, terms

UNANSWERED = ("The corpus does not cover", "Please ", *guard.SENTENCES.values(), *language.SENTENCES.values(), language.IN_ENGLISH)
"""How an answer begins that answered nothing; such a turn is no context."""

_TURNS = 8
"""So many of the last turns are looked at."""
_FEW_TERMS = 3
"""A question with no more terms than these, and no name, may say too little to stand alone."""
_OFTEN = 25
"""A term that stands in so many passages says nothing about which matter is meant."""
_LONGEST_FRAGMENT = 8

_PREPOSITION = re.compile(r"(?:in|for|with|by|at|from|on|under|of|to|during|about)\b\s*(?:the\s+)?", re.IGNORECASE)
_THE = re.compile(r"^\s*the\b", re.IGNORECASE)
_JOINER = r"(?:(?:and|but|so|ok|okay|now|also|then|well|right|thanks|thank you)\b[,.!\s]*)"
_ABOUT = r"(?:(?:what|how) about|what of|(?:the )?same(?: question| thing)?(?: for| in| about| with)?|anything (?:on|about))\b[,:\s]*"
_CORRECTION = r"(?:(?:no|nope|sorry|actually|wait)\b[,.!\s]*(?:i (?:mean|meant)\b\s*)?|i (?:mean|meant)\b\s*|not that\b[,\s]*)+"
_OPENING = re.compile(rf"{_JOINER}*(?:{_ABOUT}|{_CORRECTION})|{_JOINER}+", re.IGNORECASE)
_RETURNING = re.compile(rf"{_JOINER}*(?:back|returning|going back|coming back|to return|to go back) to (?:the )?", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|did|does|do|was|were|is|are|has|have|had|can|could|will|would|should"
    r"|tell|explain|compare|describe|list|name|give)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:why(?: not| so| exactly)?|how(?: so| exactly| come)?|when(?: exactly)?|where(?: exactly)?|who(?: else| exactly)?|what else"
    r"|since when|by whom|until when|(?:for )?how long|how many|how much|how often|which ones?)(?: (?:was|is) (?:that|this|it))?\W*$",
    re.IGNORECASE,
)
_AUXILIARY = r"(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should)"
_SPOKEN_OF = r"(?:its?|they|their|them|he|his|him|she|her|this|that|these|those)"
_MATTERS = (
    "agreement|deal|accord|talks|law|vote|body|group|groups|people|process|plan|commission|committee|money|case|figure|number|time|year"
    "|women|men|man|woman|country|place|party|side|sides|weapons|arms|programme|village|report|idea|work"
)
_PRONOUN = re.compile(
    rf"^(?:\w+\s+){{0,3}}?{_AUXILIARY}\s+{_SPOKEN_OF}\b"  # When did they disarm? What was its budget?
    r"|\b(?:it|them|him|her|this|that|there|then|one|ones|so)\W*$"  # Who chaired it? What happened there?
    rf"|\b(?:about|of|for|with|to|by|in|on|from|against|after|before|at|under|behind) {_SPOKEN_OF}\b"
    rf"|\b(?:that|this|these|those|the same|the first|the second|the other) (?:ones?|{_MATTERS})\b"
    rf"|^(?:\w+\s+){{1,3}}{_SPOKEN_OF}\b"
    r"|\b(?:too|also|as well|either|instead|in the end|afterwards)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_YEAR_SAID = re.compile(r"(?:\b(?:in|of|since|from|until|by|before|after|during) )?\b(?:1[89]|20)\d\d\b", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:in|at|from|across|inside|within|near|around)(?: the)? ?$|^ (?:in|at|from|across|within|near) ", re.IGNORECASE)
_INSTEAD = re.compile(r",?\s+(?:not|instead of|rather than)\b.*", re.IGNORECASE)


_AS_IF = "as if there were words before it: "
"""Before a fragment, so that its first word is no sentence's first and its few capitals are not taken for shouting."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the same conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that stands alone: as the reader is shown it, and as it is searched for, which differs where a name was given up."""

    text: str
    sought: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is understood.

    ``text`` stands alone and is shown to the reader, who can put it right; ``sought`` is what is searched for; ``root`` is the last
    question that named its own matter, which a further follow-up adds to. ``told`` is the answer before, where this question asks for
    more about the same: what stands there is known to the reader.
    """

    text: str
    sought: str
    root: Asked
    told: str = ""

    @classmethod
    def alone(cls, question: str) -> "Understood":
        """A question that needs nothing from before."""
        return cls.moved(question, question)

    @classmethod
    def moved(cls, text: str, sought: str) -> "Understood":
        """A question that further ones add to."""
        return cls(text, sought, Asked(text, sought))


def understood(question: str, history: Sequence[Turn], index: CaseIndex) -> Understood:
    """A cleaned question with what it leaves out taken from the turns before it, oldest first; turns that got no answer are passed over."""
    before: Understood | None = None
    answer = ""
    for turn in history[-_TURNS:]:
        if turn.answer.startswith(UNANSWERED):
            continue
        try:
            before = _after(before, cleaned(turn.question), index)
        except InvalidQuestion:
            continue
        answer = turn.answer
    now = _after(before, question, index)
    return replace(now, told=answer) if now.text not in (question, now.root.text) else now


def _after(before: Understood | None, question: str, index: CaseIndex) -> Understood:
    if before is None:
        return Understood.alone(question)
    if returning := _RETURNING.match(question):
        return Understood.alone(_sentence(question[returning.end() :]))
    opening = _OPENING.match(question)
    rest = question[opening.end() :] if opening else question
    names = _names(rest, index)
    fragment = not _ASKS.search(rest) and len(rest.split()) <= _LONGEST_FRAGMENT
    if fragment and (opening or _PREPOSITION.match(rest)):
        return _by_a_fragment(before, question, rest, index)
    if _BARE.match(rest):
        return _joined(before, question, before)
    if _leans_on(before, rest, names, opened=bool(opening), index=index):
        about = _without(before.root.sought, _elsewhere(before.root.sought, names[0].text, index) if names else [], index)
        return _joined(Asked(before.root.text, _without_years(about)), question, before)
    return Understood.alone(_sentence(rest) if opening else question)


def _by_a_fragment(before: Understood, question: str, rest: str, index: CaseIndex) -> Understood:
    """The question before, moved by a few words: another place or body, another year, or one more side of the matter."""
    rest = _INSTEAD.sub("", rest)
    if names := _names(rest, index):
        return _moved(before.root, rest, names, index)
    if year := _YEAR.search(rest):
        return Understood.alone(_in_the_year(before.root.text, year.group()))
    return _joined(before.root, question, before)


def _moved(root: Asked, rest: str, names: Sequence[Name], index: CaseIndex) -> Understood:
    """The matter of before, asked of another place, body or person; years of before do not go with it.

    Names that are at home elsewhere than the new one are given up with the one that it stands for, where a matter is left without them;
    the reader is then shown both questions, not one that holds a name which is no longer sought.
    """
    new = " ".join(index.proper_words.get(word, word) for word in rest[names[0].start : names[-1].end].split(" "))
    nothing_else = not _WORD.search(_THE.sub("", _PREPOSITION.sub("", rest[: names[0].start])) + rest[names[-1].end :])
    replaced = _replaced(root.text, rest, new, index)
    kept = _without(root.sought, [name for name in _names(root.sought, index) if _stands_for(name, replaced)], index)
    elsewhere = _elsewhere(kept, new, index)
    if not terms(_without(kept, elsewhere, index)):
        elsewhere = []
    kept = _without(kept, elsewhere, index)
    given_up = any(_is_proper(name.text, index) for name in elsewhere)
    if replaced and nothing_else and not given_up:
        told = _without_years(root.text[: replaced.start]), _without_years(root.text[replaced.end :])
        owner = "'s" if replaced.text.endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s")) else ""
        text = f"{told[0]} {'' if told[0].rstrip().endswith(' the') else _article(rest, names)}{new}{owner} {told[1]}"
    elif replaced or given_up:
        text = f"{root.text} {_sentence(rest)}"
    else:
        text = f"{root.text.rstrip(' ?!.')} {rest.rstrip(' ?!.')}?"
    return Understood.moved(_tidy(text), _tidy(f"{_without_years(kept).rstrip(' ?!.')} {new if nothing_else else rest.rstrip(' ?!.')}?"))


def _elsewhere(text: str, new: str, index: CaseIndex) -> list[Name]:
    """The names of a text that are not at home where the new one is."""
    home = index.home(new)
    return [name for name in _names(text, index) if home is None or index.home(name.text) != home]


def _stands_for(name: Name, replaced: Name | None) -> bool:
    return replaced is not None and name.text == replaced.text


def _is_proper(name: str, index: CaseIndex) -> bool:
    """Whether a name says whose it is (Mitchell's principles), and not only what (a women's coalition)."""
    return any(word.lower() in index.proper_words for word in _WORD.findall(name))


def _without(text: str, names: Sequence[Name], index: CaseIndex) -> str:
    """A text without names; the words of one that only says what a thing is stay, written small: sought, and not required."""
    for name in sorted(names, key=lambda name: -name.start):
        text = f"{text[: name.start]} {'' if _is_proper(name.text, index) else name.text.lower()} {text[name.end :]}"
    return text


def _replaced(text: str, rest: str, new: str, index: CaseIndex) -> Name | None:
    """The name that the new one stands for: a place for a place, and for a body or person one that is no place."""
    old = [name for name in _names(text, index) if _is_proper(name.text, index)]
    placed = [name for name in old if _PLACED.search(text[: name.start])]
    others = [name for name in old if name not in placed]
    if _PLACED.match(f" {rest}"):
        return next(iter(placed), None)
    if new.isupper():
        return next(iter(others), None)
    return next(iter(placed or others), None)


def _article(rest: str, names: Sequence[Name]) -> str:
    return "the " if re.search(r"\bthe\s*$", rest[: names[0].start], re.IGNORECASE) else ""


def _without_years(text: str) -> str:
    return _YEAR_SAID.sub("", text)


def _tidy(text: str) -> str:
    return re.sub(r"\s+([?.,!])", r"\1", " ".join(text.split()))


def _in_the_year(topic: str, year: str) -> str:
    return _YEAR.sub(year, topic, count=1) if _YEAR.search(topic) else f"{topic.rstrip(' ?!.')} in {year}?"


def _joined(first: Asked | Understood, question: str, before: Understood) -> Understood:
    asked = _sentence(question)
    return Understood(f"{first.text} {asked}", f"{first.sought} {asked}", before.root)


def _leans_on(before: Understood, rest: str, names: Sequence[Name], *, opened: bool, index: CaseIndex) -> bool:
    """Whether the question speaks of something by a pronoun, or says too little to stand alone."""
    if _PRONOUN.search(rest):
        return not names or _are_told_before(before, names, index)
    asked = set(terms(rest))
    return not names and len(asked) <= _FEW_TERMS and (opened or all(index.words.frequency(term) >= _OFTEN for term in asked))


def _are_told_before(before: Understood, names: Sequence[Name], index: CaseIndex) -> bool:
    """Whether the cases that led the answer before tell of the names; others belong to a new matter."""
    told = index.named_by(index.search(before.sought, limit=LEADING))
    return not any(told.lacks(name.text) for name in names)


def _names(text: str, index: CaseIndex) -> list[Name]:
    """The names of a text, of however few words, also its first word, and those that a careless typist writes small."""
    found = {}
    for name in names_in(_AS_IF + text):
        start, words = name.start - len(_AS_IF), name.text
        if start == 0 and not _is_name(words.split()[0], index):
            words = words.partition(" ")[2]
            start = len(name.text) - len(words)
        if words:
            found[start] = Name(words, start, start + len(words))
    inside = {place for name in found.values() for place in range(name.start, name.end)}
    for match in _WORD.finditer(text):
        if match.start() not in inside and match.group().lower() in index.proper_words:
            found[match.start()] = Name(match.group(), *match.span())
    return [found[start] for start in sorted(found)]


def _is_name(word: str, index: CaseIndex) -> bool:
    """Whether the first word of a question, which has a capital anyway, is a name: the cases never write it small."""
    known = [term for term in terms(word) if index.words.frequency(term)]
    return word.lower() not in STOPWORDS and (not known or any(part.lower() in index.proper_words for part in _WORD.findall(word)))


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", ".", "!")) else "?")
