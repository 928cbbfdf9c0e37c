"""What a question compares: the areas and stories that it names or means, each with the words of the others that are not asked of it.

Three ways to compare are known. Two or more are named and compared ("compared with", "unlike") or listed ("in Colombia and the
Philippines"); all areas are meant ("the three processes", "in each country"); or the others than the one named ("elsewhere").
A name that no case tells of is a comparand too where it stands beside one that they do: nothing is found for it, and the reader is told.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.case import Sentence
from index.case_index import EVERYTHING, CaseIndex, Scope
from index.names import Name, Named, names_in
from index.passages import Passage
from index.words import terms

ELSEWHERE = "Elsewhere"
"""What the side is called that holds every case but the story that is named."""

_AT_HOME_IN_AN_AREA, _AT_HOME_IN_A_STORY = 0.8, 0.5
"""A name stands for an area or story in which more than this share of the passages lie that tell of it."""
_RARELY = 0.2
"""A name is another side's where the passages of this one that tell of it are fewer than this share of that one's."""

_SHORTEST_NAME, _ENDING = 5, 3
"""A word of so many letters that differs from an area's name by an ending of at most so many is the name ("Colombian")."""

_COUNTS = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4, "both": 2}
_PLACES = r"(?:peace\s+)?(?:process(?:es)?|places?|countries|country|cases?|areas?|regions?|settings?|conflicts?)"
_MEANT = re.compile(
    rf"\b(?:in\s+|of\s+|for\s+|from\s+|across\s+|between\s+|among\s+)?(?:all\s+|each\s+)?(?:of\s+)?(?:the\s+|these\s+|those\s+)?"
    rf"(?P<count>two|three|four|both|[234])\s+(?:of\s+the\s+)?{_PLACES}\b"
    r"|\b(?:in\s+|of\s+|for\s+|from\s+)?(?:each|every)\s+(?:of\s+(?:the|these|those)\s+)?(?:peace\s+)?(?:process(?:es)?|country|countries|cases?)\b"
    rf"|\b(?:across|among|in\s+all)\s+(?:all\s+)?(?:of\s+)?(?:the\s+|these\s+|those\s+)?{_PLACES}\b"
    r"|\b(?:in\s+|of\s+|for\s+)?all\s+(?P<all>two|three|four|[234])(?=\s*(?:[?.!,;:]|$))",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\belsewhere\b(?!\s+in\b)|\b(?:any|some|every)where\s+else\b"
    rf"|\b(?:in|with|than)\s+(?:the\s+|any\s+|some\s+)?other\s+(?:(?:two|three)\b(?:\s+{_PLACES}\b)?|{_PLACES}\b)",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:in\s+comparison|by\s+contrast|compar\w+|contrast(?:ed|s|ing)?|versus|vs\b\.?|unlike|whereas|differ\w*|(?:dis)?similar\w*|alike|same\s+as"
    r"|as\s+against|as\s+opposed\s+to)",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\b(?:in\s+comparison|compar(?:e[ds]?|ing|ison)|contrast(?:ed|ing)?|differ(?:s|ent|ently|ences?)?|versus|vs\b\.?|unlike|whereas"
    r"|alike|as\s+against|as\s+opposed\s+to)\b\s*",
    re.IGNORECASE,
)
_SMALL = r"(?:(?:that|those|what|how|it|was|were|happened|did|does|in|of|for|from|the|a|also|both|as|at|by|on)\s+)*"
_DATED = r"(?:['\N{RIGHT SINGLE QUOTATION MARK}]s)?(?:\s+(?:in|of|since)\s+\d{4})?"
_LISTED = re.compile(rf"{_DATED}\s*(?:,|(?:,\s*)?\b(?:and|or|nor)\b)\s*{_SMALL}", re.IGNORECASE)
_ALIKE = re.compile(
    rf"[^?;.]*\b(?:and|but)\s+(?:how|what|which|who|when|where|why|did|was|were)\s+{_SMALL}"
    rf"|[^?;.]*\bas\s+(?:it|they)\s+(?:did|was|were)\s+{_SMALL}"
    rf"|(?:\s+[^\W\d_]+){{1,2}}\s+(?:and|or)\s+{_SMALL}(?:[^\W\d_]+\s+(?:of|in|from|at)\s+)?",
    re.IGNORECASE,
)
_SET_AGAINST = re.compile(
    rf"{_DATED}\s*,?\s*(?:\b(?:compar|contrast|differ|similar)\w*\s+)?\b(?:with|to|than|versus|vs\.?|from|(?:as\s+)?against|as\s+opposed\s+to|unlike)\s+{_SMALL}",
    re.IGNORECASE,
)
_SET_LOOSELY_AGAINST = re.compile(r"[^?;.]*\b(?:with|to|than|versus|vs\.?|against)\b[^?;.,]*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_AND_OR = re.compile(r"\b(?:and|or|nor|but|as)\b", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:(?:the|of|for|de)\s+)*")
_MONTHS = frozenset("January February March April May June July August September October November December".split())
_WORD = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]s?$")
_HANGING = r"(?:in|of|for|with|to|than|between|across|from|and|or|the|by|at)"
_SUBJECT = re.compile(r"(?:all|each|every|the|these|those|both|two|three|four)\b(?!\s+other)", re.IGNORECASE)
_LEFT_HANGING = re.compile(
    rf",?\s*\b(?:and|or)(?=\s+(?:in|of|for|with|from|by)\b)|\s*\b{_HANGING}\s*(?=[,?.!;:]|$)|\s*,(?=\s*[,?.!;:])|\b(?:in|of|for|the|between|from)\s+(?=(?:with|and|or|to|than|from)\b)",
    re.IGNORECASE,
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparand:
    """One of the matters compared: an area of the vocabulary, a story by its case's id, every case but some, or a name.

    ``others`` are the parts of the question (start and end, characters) that are not asked of it; ``meant`` is the part that means it
    without naming it.
    """

    name: str
    others: tuple[Span, ...]
    area: str | None = None
    story: str | None = None
    but: frozenset[str] = frozenset()
    meant: Span | None = None

    def has(self, passage: Passage) -> bool:
        """Whether a passage belongs to it; to a mere name, what stands under it: what mentions it in passing tells of something else."""
        if self.area:
            return self.area in passage.areas
        if self.story:
            return passage.case_id == self.story
        return passage.case_id not in self.but if self.but else not Named.of([passage.heading_trail]).lacks(self.name)

    def lacks(self, sentence: Sentence, passage: Passage, index: CaseIndex) -> bool:
        """Whether a sentence in a passage of several areas names nothing that is at home in this one."""
        several = self.area is not None and len(passage.areas) > 1
        return several and not any(mention.home == self.area for mention in _mentions(sentence.text, index))


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a question and the area or story that it stands for, if any; ``is_area`` where it is the area's own name."""

    name: Name
    home: str | None
    is_area: bool

    @property
    def side(self) -> str:
        """What it is a side of a comparison as: its home, or by itself."""
        return self.home or self.name.text

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.name.start, self.name.end


def comparands(question: str, index: CaseIndex, scope: Scope = EVERYTHING) -> tuple[Comparand, ...]:
    """What a question compares, in the order of the question, or of the vocabulary where all areas are meant; empty for a single matter."""
    mentions = _told_apart(_mentions(question, index), index)
    areas = [area for area in index.vocabulary.areas if not scope.areas or area in scope.areas]
    named = list(dict.fromkeys(mention.home for mention in mentions if mention.home))
    if (others := _OTHERS.search(question)) and named:
        return _with_the_others(mentions, named, areas, others.span(), index)
    if (meant := _meant(question, index)) and not any(mention.home in areas for mention in mentions):
        return tuple(Comparand(index.vocabulary.areas[area].name, (), area, meant=meant) for area in areas) if len(areas) > 1 else ()
    return _side_by_side(question, mentions, index)


def asked_of(one: Comparand, question: str) -> str:
    """A question as it is asked of one comparand."""
    instead = dict.fromkeys(one.others, " ")
    if one.meant:
        said = question[slice(*one.meant)]
        instead[one.meant] = f" {one.name} " if _SUBJECT.match(said) else f" in {one.name} "
    return without(question, instead)


def without(question: str, instead: Mapping[Span, str]) -> str:
    """A question with other words instead of some, without those that only say that it compares, and nothing left hanging."""
    comparing = dict.fromkeys((match.span() for match in _COMPARE.finditer(question)), " ")
    done = len(question)
    for (start, end), words in sorted((comparing | dict(instead)).items(), reverse=True):
        if end <= done:
            question, done = f"{question[:start]}{words}{question[end:]}", start
    while (tidied := _LEFT_HANGING.sub("", " ".join(question.split()))) != question:
        question = tidied
    return question.strip(" ,;:")


def _meant(question: str, index: CaseIndex) -> Span | None:
    """Where the question speaks of all areas; a number must be theirs."""
    for match in _MEANT.finditer(question):
        count = match["count"] or match["all"]
        if count is None or _COUNTS[count.lower()] == len(index.vocabulary.areas):
            return match.span()
    return None


def _with_the_others(
    mentions: Sequence[_Mention], named: Sequence[str], areas: Sequence[str], said: Span, index: CaseIndex
) -> tuple[Comparand, ...]:
    """What is named, and the other areas; beside a story, every other case."""
    everything = tuple(mention.span for mention in mentions if mention.home)
    first = [_comparand(home, mentions, (m for m in mentions if m.home and m.home != home), index, said) for home in named]
    if not any(home in index.vocabulary.areas for home in named):
        return (*first, Comparand(ELSEWHERE, (said, *everything), but=frozenset(named)))
    others = [area for area in areas if area not in named]
    return (*first, *(Comparand(index.vocabulary.areas[area].name, everything, area, meant=said) for area in others))


def _side_by_side(question: str, mentions: Sequence[_Mention], index: CaseIndex) -> tuple[Comparand, ...]:
    """The areas and stories that are compared or listed, and names beside them that stand for neither.

    What stands before or after a list of areas is asked of each ("Did the IRA disarm in A and B?"); elsewhere a name goes with its own.
    """
    comparing = bool(_COMPARING.search(question))
    pairs = _joined(question, mentions, index, comparing=comparing)
    joined = {mention for pair in pairs for mention in pair}
    homes = list(dict.fromkeys(mention.side for mention in mentions if mention in joined or (comparing and mention.home)))
    shared = any(one.is_area and other.is_area for one, other in pairs)
    cut = [mention for mention in mentions if mention.side in homes and (mention in joined or mention.is_area or not shared)]
    if len(homes) < 2:
        return ()
    return tuple(
        _comparand(home, mentions, [*(m for m in cut if m.side != home), *_of_another(home, homes, mentions, index)], index)
        for home in homes
    )


def _comparand(home: str, mentions: Sequence[_Mention], others: Iterable[_Mention], index: CaseIndex, *parts: Span) -> Comparand:
    """A comparand that is named: an area, a story, or nothing that the cases tell of."""
    own = [mention for mention in mentions if mention.side == home]
    area = index.vocabulary.areas.get(home)
    said = " and ".join(dict.fromkeys(_POSSESSIVE.sub("", mention.name.text) for mention in own))
    name = area.name if area and any(mention.is_area for mention in own) else said
    spans = (*parts, *(mention.span for mention in others))
    return Comparand(name, spans, area=home if area else None, story=home if home in index.cases else None)


def _of_another(home: str, homes: Sequence[str], mentions: Sequence[_Mention], index: CaseIndex) -> list[_Mention]:
    """The names that stand for no side, but that another side's passages tell of and this one's hardly do, where this one has such too."""
    told = {mention: index.homes(mention.name.text) for mention in mentions if mention.side not in homes}
    whose = {mention: max(homes, key=lambda one: counts[one]) for mention, counts in told.items()}
    hardly = [mention for mention, counts in told.items() if counts[home] < _RARELY * counts[whose[mention]]]
    return hardly if home in whose.values() else []


def _joined(question: str, mentions: Sequence[_Mention], index: CaseIndex, *, comparing: bool) -> list[tuple[_Mention, _Mention]]:
    """The names that follow each other as sides; a comma joins what goes on to an "and" ("A, B and C"), and else explains ("A, of B")."""
    pairs: list[tuple[_Mention, _Mention]] = []
    for one, other in reversed(list(pairwise(mentions))):
        goes_on = bool(pairs) and pairs[0][0] == other
        explains = "," in question[one.name.end : other.name.start] and not _AND_OR.search(question[one.name.end : other.name.start])
        if (goes_on or comparing or not explains) and _are_sides(question, one, other, index, comparing=comparing):
            pairs.insert(0, (one, other))
    return pairs


def _are_sides(question: str, one: _Mention, other: _Mention, index: CaseIndex, *, comparing: bool) -> bool:
    """Whether two names that follow each other are joined and stand for different matters, or one of them for none.

    A name that stands for nothing is a side where it is compared with an area or story whose passages do not tell of it; if they do, it
    is a part of the matter ("What did Colombia and Norway agree?").
    """
    if one.side == other.side or not (one.home or other.home):
        return False
    between = question[one.name.end : other.name.start]
    listed = bool(_LISTED.fullmatch(between)) and (comparing or not _BETWEEN.search(question[: one.name.start]))
    against = comparing and bool(_SET_AGAINST.fullmatch(between))
    if one.home and other.home:
        return listed or against or bool(_ALIKE.fullmatch(between))
    known, stranger = (one, other) if one.home else (other, one)
    told = index.homes(stranger.name.text)
    if known.is_area or known.home in index.cases:
        apart = not told[known.side]
        return (comparing and (listed or against or (apart and bool(_SET_LOOSELY_AGAINST.fullmatch(between))))) or (
            listed and apart and ("," not in between or bool(told))
        )
    return comparing and (listed or against) and bool(told)


def _mentions(question: str, index: CaseIndex) -> list[_Mention]:
    """The names of a question, and the vocabulary's words for its areas however they are written, in its order."""
    words = [(match.span(), area) for area in index.vocabulary.areas for match in _area_words(area, index).finditer(question)]
    found = []
    for name in (part for whole in names_in(question) for part in _parted(_trimmed(whole), index) if part.text not in _MONTHS):
        inside = {area for (start, end), area in words if start < name.end and name.start < end}
        home = inside.pop() if len(inside) == 1 else _home(name.text, index)
        found.append(_mention(name, home, index))
    for (start, end), area in words:
        if not any(mention.name.start < end and start < mention.name.end for mention in found):
            found.append(_mention(Name(question[start:end], start, end), area, index))
    if (opening := _opening(question, index)) and not any(mention.name.start < opening.end for mention in found):
        found.append(_mention(opening, _home(opening.text, index), index))
    return sorted(found, key=lambda mention: mention.name.start)


def _told_apart(mentions: list[_Mention], index: CaseIndex) -> list[_Mention]:
    """Names that all stand for one area, as the stories within it that they stand for, where these are at least two."""
    stories = {mention: index.story_of(mention.name.text) for mention in mentions if mention.home and not mention.is_area}
    if (
        len({mention.home for mention in mentions if mention.home}) > 1
        or len({story for story in stories.values() if story}) < _COUNTS["two"]
    ):
        return mentions
    return [replace(mention, home=stories.get(mention) or mention.home) for mention in mentions]


def _opening(question: str, index: CaseIndex) -> Name | None:
    """The first word of a question where it is a name: it has a capital anyway, and the cases never write it small."""
    word = _WORD.match(question)
    return Name(word.group(), *word.span()) if word and word.group().lower() in index.proper_words else None


def _mention(name: Name, home: str | None, index: CaseIndex) -> _Mention:
    if home is None or home not in index.vocabulary.areas:
        return _Mention(name, home, is_area=False)
    said, area = _POSSESSIVE.sub("", name.text).lower(), index.vocabulary.areas[home].name.lower()
    alike = said.startswith(area) or area.startswith(said)
    return _Mention(name, home, is_area=alike and len(said) >= _SHORTEST_NAME and abs(len(said) - len(area)) <= _ENDING)


def _trimmed(name: Name) -> Name:
    """A name without the word before it that begins a sentence: "Compare Colombia"."""
    opening = _COMPARE.match(name.text)
    return Name(name.text[opening.end() :], name.start + opening.end(), name.end) if opening and opening.end() < len(name.text) else name


def _parted(name: Name, index: CaseIndex) -> list[Name]:
    """A run of names joined by "and", taken apart where each is a name by itself ("Truth" in "Truth and Reconciliation" is none)."""
    parts, start = [], 0
    for match in _AND.finditer(name.text):
        parts.append(Name(name.text[start : match.start()], name.start + start, name.start + match.start()))
        start = match.end()
    parts.append(Name(name.text[start:], name.start + start, name.end))
    return parts if all(_is_name(part.text, index) for part in parts) else [name]


def _is_name(text: str, index: CaseIndex) -> bool:
    """Whether a text has a word that the cases never write small."""
    return any(word.lower() in index.proper_words or not any(map(index.words.frequency, terms(word))) for word in _WORD.findall(text))


def _area_words(area: str, index: CaseIndex) -> re.Pattern[str]:
    term = index.vocabulary.areas[area]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, (term.name, *term.synonyms))) + r")\b", re.IGNORECASE)


def _home(name: str, index: CaseIndex) -> str | None:
    """The area or story that a name stands for: nearly all of the passages that tell of it lie there."""
    homes = index.homes(name)
    [(most, count)] = homes.most_common(1) or [("", 0)]
    needed = _AT_HOME_IN_AN_AREA if most in index.vocabulary.areas else _AT_HOME_IN_A_STORY
    return most if count > needed * homes.total() else None
