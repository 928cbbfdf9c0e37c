"""The index of cases, open for questions: `CaseIndex.search` finds the passages that bear on a question."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.case import Case, Fact, Source, Vocabulary
from corpus.errors import PeacebotError
from index import generation
from index.encoder import Encoder
from index.errors import IndexProblem
from index.generation import Generations
from index.names import Named
from index.outside import Outside
from index.passages import Passage, passages_of, searchable
from index.rules import rules_digest
from index.soft_words import SoftWords
from index.store import Store
from index.words import Words, terms

CANDIDATES = 60
"""How many passages each ranking proposes."""

WEIGHTS = {"passage_meaning": 0.2, "passage_words": 0.4, "sentence_meaning": 0.2, "sentence_words": 0.2}
"""Share of each signal in a hit's score, each scaled to 0..1 over the candidates (docs/decisions/0004-fusion.md)."""


_LETTERS = re.compile(r"[^\W\d_]+")


class ScopeError(PeacebotError, ValueError):
    """A filter names an area, theme or kind that does not exist."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to; an empty set is no limit. A passage must meet all three, each by any one of the named."""

    areas: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @classmethod
    def checked(cls, vocabulary: Vocabulary, areas: Iterable[str] = (), themes: Iterable[str] = (), kinds: Iterable[str] = ()) -> "Scope":
        """A scope of names that exist. Raises ScopeError naming those that do."""
        scope = cls(frozenset(areas), frozenset(themes), frozenset(kinds))
        allowed = {"area": vocabulary.areas, "theme": vocabulary.themes, "kind": dict.fromkeys(("process", "story", "theme"))}
        for word, asked in (("area", scope.areas), ("theme", scope.themes), ("kind", scope.kinds)):
            for name in sorted(asked - set(allowed[word])):
                raise ScopeError(f"There is no {word} {name!r}: choose among {', '.join(sorted(allowed[word]))}.")
        return scope

    def admits(self, passage: Passage) -> bool:
        """Whether a passage lies within the scope."""
        return all(
            not wanted or not wanted.isdisjoint(has)
            for wanted, has in ((self.areas, passage.areas), (self.themes, passage.themes), (self.kinds, (passage.case_kind,)))
        )

    def where(self) -> dict[str, Any] | None:
        """The scope as Chroma's filter."""
        groups = [
            _any_of([{"areas": {"$contains": area}} for area in sorted(self.areas)]),
            _any_of([{"themes": {"$contains": theme}} for theme in sorted(self.themes)]),
            _any_of([{"kind": kind} for kind in sorted(self.kinds)]),
        ]
        named = [group for group in groups if group]
        return {"$and": named} if len(named) > 1 else (named[0] if named else None)


EVERYTHING = Scope()


def _any_of(conditions: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {"$or": conditions} if len(conditions) > 1 else (conditions[0] if conditions else None)


@dataclass(frozen=True, slots=True)
class Signals:
    """How near a text is to the question, raw: ``meaning`` is a cosine (-1..1), ``words`` a BM25 score (0 upwards).

    ``soft_words``, of sentences alone, is the cosine of what their words mean by themselves (see `index.soft_words`).
    """

    meaning: float
    words: float
    soft_words: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for one question.

    ``score`` (0..1) ranks hits of the same question and says nothing across questions; the raw ``signals``, and those of each of the
    passage's sentences, do.
    """

    passage: Passage
    score: float
    signals: Signals
    sentences: tuple[Signals, ...]


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The terms (see `index.words.terms`) of a passage.

    ``whole`` has all of them, ``sentences`` those of each sentence with its headings and readers' questions, ``told`` those of the
    sentence's own words alone; ``counts`` tells in how many of a sentence and its readers' questions each term stands.
    """

    whole: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    told: tuple[frozenset[str], ...]
    counts: tuple[Counter[str], ...]

    @classmethod
    def of(cls, passage: Passage) -> "PassageTerms":
        """The terms of a passage."""
        headings = frozenset(terms(passage.heading_trail))
        listed = frozenset(term for question in passage.listed for term in terms(question))
        told = tuple(frozenset(terms(sentence.text)) for sentence in passage.sentences)
        counts = tuple(
            Counter(chain(own, *(frozenset(terms(question)) for question in sentence.asked)))
            for own, sentence in zip(told, passage.sentences, strict=True)
        )
        return cls(headings.union(listed, *counts), tuple(headings.union(of) for of in counts), told, counts)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index reads it: its vector, its terms, and the vector of its words alone; both have the shape (dimension,)."""

    text: str
    vector: NDArray[np.float32]
    terms: tuple[str, ...]
    soft_words: NDArray[np.float32]


class CaseIndex:
    """One generation, open for questions. Safe to share among threads; close it when done."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the generation in ``folder``. Raises IndexProblem when it was made by another model or program, or is damaged."""
        self._manifest = generation.read_manifest(folder)
        if self._manifest.encoder_digest != encoder.digest:
            raise IndexProblem(
                f"The index was made by another model ({self._manifest.encoder}): run `peacebot index build` to make it anew, "
                "or set PEACEBOT_ENCODER back to that model."
            )
        if self._manifest.rules != rules_digest():
            raise IndexProblem(
                f"The index in {folder} was made by another version of peacebot: run `peacebot index build` to make it anew."
            )
        self.encoder = encoder
        try:
            self._corpus = generation.read_corpus(folder)
            self._passage_vectors, self._sentence_vectors = generation.read_vectors(folder, self._manifest.sentences)
            self.words = Words.load(folder / "words")
            self._soft_words = SoftWords.load(folder / "soft_words")
            self.outside = Outside.load(folder)
        except (OSError, ValueError, KeyError, EOFError) as problem:
            raise IndexProblem(f"The index in {folder} is incomplete or damaged: run `peacebot index build --rebuild`.") from problem
        self._every_passage = tuple(passage for case in self._corpus.cases for passage in passages_of(case))
        self.passages = searchable(self._every_passage)
        counts = [len(passage.sentences) for passage in self.passages]
        if [(p.id, p.text_digest) for p in self.passages] != list(self._manifest.passages.items()) or counts != self._manifest.sentences:
            raise IndexProblem("The index does not agree with its own cases: run `peacebot index build --rebuild`.")
        self._position = {passage.id: position for position, passage in enumerate(self.passages)}
        self._first_sentence = np.concatenate([[0], np.cumsum(counts)])
        self._store = Store.open(folder / "chroma")
        self._terms: dict[str, PassageTerms] = {}
        self._named: dict[str, Named] = {}

    @property
    def version(self) -> str:
        """Names the state of the corpus that answers come from: how far its facts reach, and a digest."""
        return self._manifest.version

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """The cases by id, as they were when the index was built."""
        return {case.id: case for case in self._corpus.cases}

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by id."""
        return self._corpus.sources

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The ledger's facts by id."""
        return self._corpus.facts

    @property
    def vocabulary(self) -> Vocabulary:
        """The areas, themes and principles that cases name."""
        return self._corpus.vocabulary

    def passages_of(self, case_id: str) -> tuple[Passage, ...]:
        """All passages of a case in reading order, those of our own analysis (which are never quoted) included."""
        return tuple(passage for passage in self._every_passage if passage.case_id == case_id)

    @cached_property
    def disputes(self) -> Mapping[str, tuple[Passage, ...]]:
        """For each disputed fact, the passages that set its accounts side by side; a long dispute is cut, or told in two cases."""
        found: dict[str, tuple[Passage, ...]] = {}
        for passage in self.passages:
            if passage.role == "dispute" and passage.fact:
                found[passage.fact] = (*found.get(passage.fact, ()), passage)
        return found

    def query(self, question: str) -> Query:
        """The question read once, for whoever searches more than once, judges what was found or answers from it."""
        return self._query(question, self.encoder.question(question))

    def queries(self, questions: Sequence[str]) -> list[Query]:
        """Several questions, read in one pass: it takes hardly longer than one."""
        vectors = self.encoder.questions(questions)
        return [self._query(question, vector) for question, vector in zip(questions, vectors, strict=True)]

    def _query(self, question: str, vector: NDArray[np.float32]) -> Query:
        return Query(question, vector, tuple(self.words.question_terms(question)), self._soft_words.question(question))

    def search(self, question: str | Query, scope: Scope = EVERYTHING, limit: int = 8) -> list[Hit]:
        """The ``limit`` passages that bear most on the question, best first.

        Both rankings propose candidates. Every candidate is then judged by four signals, meaning and words, of the passage and of
        its best sentence, each scaled to 0..1 over the candidates and summed: scores carry what ranks throw away.
        """
        query = self.query(question) if isinstance(question, str) else question
        passage_words = self.words.passage_scores(query.terms)
        sentence_words = self.words.sentence_scores(query.terms)
        candidates = self._candidates(query.vector, passage_words, scope)
        if not candidates:
            return []
        passage_meaning = self._passage_vectors[candidates] @ query.vector
        sentences = self._sentence_signals(candidates, query.vector, sentence_words, query.soft_words)
        signals = {
            "passage_meaning": passage_meaning,
            "passage_words": passage_words[candidates],
            "sentence_meaning": np.array([max(one.meaning for one in of) for of in sentences]),
            "sentence_words": np.array([max(one.words for one in of) for of in sentences]),
        }
        scores = sum(WEIGHTS[name] * scaled(values) for name, values in signals.items())
        best = np.argsort(-np.asarray(scores), kind="stable")[:limit]
        return [
            Hit(
                self.passages[candidates[i]],
                float(np.asarray(scores)[i]),
                Signals(float(passage_meaning[i]), float(passage_words[candidates[i]])),
                sentences[i],
            )
            for i in best
        ]

    def terms_of(self, passage: Passage) -> PassageTerms:
        """The content words of a passage and of its sentences, readers' questions included, taken apart once and kept."""
        if passage.id not in self._terms:
            self._terms[passage.id] = PassageTerms.of(passage)
        return self._terms[passage.id]

    def named_in(self, case_id: str) -> Named:
        """What a case names, in its own words, in readers' questions and by the other words for its areas; taken apart once and kept."""
        if case_id not in self._named:
            told = [passage.words for passage in self.passages if passage.case_id == case_id]
            self._named[case_id] = Named.of([*told, *self._words_for(self.cases[case_id].areas)])
        return self._named[case_id]

    def named_by(self, hits: Iterable[Hit]) -> Named:
        """What the cases of some hits name, taken together."""
        return reduce(Named.__or__, (self.named_in(hit.passage.case_id) for hit in hits), Named.of(()))

    def named_in_passage(self, passage: Passage) -> Named:
        """What one passage names, the other words for its areas included."""
        return Named.of([passage.words, *self._words_for(passage.areas)])

    def _words_for(self, areas: Iterable[str]) -> list[str]:
        return [word for area in areas for word in (self.vocabulary.areas[area].name, *self.vocabulary.areas[area].synonyms)]

    def homes(self, name: str) -> Counter[str]:
        """How many passages of each area tell of a name, and of each story that is of no area; themes are at home nowhere."""
        return Counter(home for passage in self._telling_of(name) for home in passage.areas or (passage.case_id,))

    def story_of(self, name: str) -> str | None:
        """The story in which more than half of the passages lie that tell of a name; themes do not count."""
        cases = Counter(passage.case_id for passage in self._telling_of(name))
        [(most, count)] = cases.most_common(1) or [("", 0)]
        return most if 2 * count > cases.total() and self.cases[most].kind == "story" else None

    def _telling_of(self, name: str) -> list[Passage]:
        held = np.ones(len(self.passages), dtype=bool)
        for term in terms(name):
            held &= self.words.passage_scores([term]) > 0
        return [passage for i in np.flatnonzero(held) if (passage := self.passages[i]).case_kind != "theme"]

    def home(self, name: str) -> str | None:
        """The area of most passages that tell of a name, or the story where it is of no area; None where none has half of them."""
        homes = self.homes(name)
        [(most, count)] = homes.most_common(1) or [("", 0)]
        return most if 2 * count > homes.total() else None

    @cached_property
    def proper_words(self) -> Mapping[str, str]:
        """The words that the cases write with a capital only, by their small letters: names, which a careless typist writes small.

        The first word of a sentence has a capital anyway and says nothing.
        """
        words = {word for passage in self.passages for sentence in passage.sentences for word in _LETTERS.findall(sentence.text)[1:]}
        small = {word for word in words if word.islower()}
        return {word.lower(): word for word in sorted(words) if word.lower() not in small}

    def close(self) -> None:
        """Release the files."""
        self._store.close()

    def _candidates(self, vector: NDArray[np.float32], passage_words: NDArray[np.float32], scope: Scope) -> list[int]:
        near = [
            self._position[passage_id] for passage_id in self._store.nearest(vector, min(CANDIDATES, len(self.passages)), scope.where())
        ]
        worded = [int(i) for i in np.argsort(-passage_words, kind="stable")[:CANDIDATES] if passage_words[i] > 0]
        return sorted({*near, *(i for i in worded if scope.admits(self.passages[i]))})

    def _sentence_signals(
        self, candidates: list[int], vector: NDArray[np.float32], words: NDArray[np.float32], soft_vector: NDArray[np.float32]
    ) -> list[tuple[Signals, ...]]:
        """The signals of the sentences of each candidate, read from the mapped files in one go."""
        bounds = [range(self._first_sentence[position], self._first_sentence[position + 1]) for position in candidates]
        rows = np.concatenate(bounds)
        meaning = (self._sentence_vectors[rows].astype(np.float32) @ vector).tolist()
        soft_words = (self._soft_words.sentences[rows].astype(np.float32) @ soft_vector).tolist()
        signals = iter(zip(meaning, words[rows].tolist(), soft_words, strict=True))
        return [tuple(Signals(*next(signals)) for _ in of) for of in bounds]


def scaled(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Values scaled to 0..1 over the given ones; all zero when they do not differ."""
    span = values.max() - values.min()
    return (values - values.min()) / span if span > 0 else np.zeros_like(values)


def current_index(folder: Path, encoder: Encoder) -> CaseIndex:
    """The index in ``folder`` that answers now. Raises IndexProblem when there is none, or it cannot be used."""
    while True:
        current = Generations(folder).current()
        if current is None:
            raise IndexProblem("There is no index yet: run `peacebot index build`.")
        try:
            return CaseIndex(current, encoder)
        except IndexProblem:
            # Two builds by others in this moment have removed it: the newest is what was asked for.
            if Generations(folder).current() == current:
                raise
