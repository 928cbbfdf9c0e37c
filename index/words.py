"""Lexical ranking: which passages and sentences share the question's words, and how rare those words are (BM25, the door to bm25s)."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

# Function words, and the words with which questions are asked: they say what kind of answer is wanted, not what it is about.
STOPWORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being between both but by can
    could did do does doing done down during each ever far few for from further get give go had has have
    having he her here hers him his how i if in into is it its itself just know let like made make many may me
    might mine more most much must my no nor not now of off on once one only or other our ours out over own
    please quite rather really same say she should so some such tell than that the their theirs them then
    there these they this those through to too under until up upon us use used very was we were what when
    where whether which while who whom whose why will with within without would yes yet you your yours""".split()
)

SHORTEST_MENDED = 5
NEARLY = 0.85
"""Words of five letters and more whose likeness (difflib's ratio) is at least this are taken for slips of each other."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\d+", re.UNICODE)
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_stemmer = Stemmer.Stemmer("english")


def terms(text: str) -> list[str]:
    """The content words of a text: without accents, case, possessives, thousands separators, endings and function words."""
    text = _INITIALS.sub(lambda match: match.group().replace(".", ""), text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    folded = without_accents(_THOUSANDS.sub("", text).lower())
    words = (word.removesuffix("'s").replace("'", "") for word in _WORD.findall(folded))
    return list(_stemmer.stemWords([word for word in words if word not in STOPWORDS and (len(word) > 1 or word.isdigit())]))


def without_accents(text: str) -> str:
    """The text with each accented letter as the plain one."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class Words:
    """Two BM25 rankings over one generation, of its passages and of its sentences."""

    def __init__(self, passages: bm25s.BM25, sentences: bm25s.BM25) -> None:
        self._passages = passages
        self._sentences = sentences

    @classmethod
    def build(cls, passages: Sequence[str], sentences: Sequence[str]) -> "Words":
        """Rank the given texts; their positions are what the scores refer to."""
        return cls(_ranking(passages), _ranking(sentences))

    @classmethod
    def load(cls, folder: Path) -> "Words":
        """Open what `save` wrote."""
        return cls(*(bm25s.BM25.load(str(folder / name)) for name in ("passages", "sentences")))

    def save(self, folder: Path) -> None:
        """Write both rankings below ``folder``."""
        self._passages.save(str(folder / "passages"), show_progress=False)
        self._sentences.save(str(folder / "sentences"), show_progress=False)

    def question_terms(self, question: str) -> list[str]:
        """The terms of a question, with slips of the keyboard mended: an unknown word becomes the known one that it nearly is.

        Capitalised words are left as they are: an unknown name is more likely another name than a slip.
        """
        return [
            self._nearest(term) if word.islower() and not self.frequency(term) else term
            for word in question.split()
            for term in terms(word)
        ]

    def _nearest(self, term: str) -> str:
        if len(term) < SHORTEST_MENDED or not term.isalpha():
            return term
        alike = [known for known in self._by_initial.get(term[0], ()) if abs(len(known) - len(term)) <= 1]
        return (difflib.get_close_matches(term, alike, n=1, cutoff=NEARLY) or [term])[0]

    @cached_property
    def _by_initial(self) -> dict[str, list[str]]:
        initials: dict[str, list[str]] = {}
        for known in sorted(self._passages.vocab_dict):
            initials.setdefault(known[:1], []).append(known)
        return initials

    def passage_scores(self, question_terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 score of every passage for the terms, shape (passages,)."""
        return _scores(self._passages, question_terms)

    def sentence_scores(self, question_terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 score of every sentence for the terms, shape (sentences,)."""
        return _scores(self._sentences, question_terms)

    def rarity(self, term: str) -> float:
        """How telling a term is: the inverse document frequency of BM25 over passages, in nats; highest for a term that no passage has."""
        return float(np.log1p((self._count - self.frequency(term) + 0.5) / (self.frequency(term) + 0.5)))

    def frequency(self, term: str) -> int:
        """In how many passages the term stands."""
        token = self._passages.vocab_dict.get(term)
        if token is None:
            return 0
        bounds = self._passages.scores["indptr"]
        return int(bounds[token + 1] - bounds[token])

    @property
    def _count(self) -> int:
        return int(self._passages.scores["num_docs"])


def _ranking(texts: Sequence[str]) -> bm25s.BM25:
    ranking = bm25s.BM25(method="lucene")
    ranking.index([terms(text) for text in texts], show_progress=False)
    return ranking


def _scores(ranking: bm25s.BM25, question_terms: Sequence[str]) -> NDArray[np.float32]:
    known = [term for term in question_terms if term in ranking.vocab_dict]
    if not known:
        return np.zeros(int(ranking.scores["num_docs"]), dtype=np.float32)
    return np.asarray(ranking.get_scores(known), dtype=np.float32)
