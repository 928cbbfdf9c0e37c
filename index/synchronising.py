"""The index follows the corpus: compared, embedded where text is new, written aside and switched in, all under one lock."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.case import Corpus
from index import generation
from index.encoder import EncodedPassage, Encoder, Progress, Vectors
from index.errors import IndexProblem
from index.generation import FORMAT, TEN_MINUTES, Generations, Manifest
from index.outside import Outside
from index.passages import passages_of, searchable
from index.rules import rules_digest, vector_rules_digest
from index.soft_words import SoftWords

Reading = Callable[[], tuple[Corpus, str]]
"""Reads the corpus as it is now: its cases, and the digest of its files."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What was done: numbers of passages by what became of them, how many were embedded, and the generation that now answers."""

    new: int
    changed: int
    unchanged: int
    gone: int
    embedded: int
    version: str
    switched: bool
    generation: Path


@dataclass(frozen=True, slots=True)
class Known:
    """Vectors that need not be made again: of passages by the digest of their text, of words and of questions by their text."""

    passages: Mapping[str, EncodedPassage]
    words: Mapping[str, NDArray[np.float16]]
    questions: Mapping[str, Vectors]


NOTHING = Known({}, {}, {})


def built_from(folder: Path) -> Manifest | None:
    """The manifest of the index that answers now, or None before the first build. Raises IndexProblem."""
    current = Generations(folder).current()
    return generation.read_manifest(current) if current else None


def synchronise(
    corpus: Corpus,
    corpus_digest: str,
    folder: Path,
    encoder: Encoder,
    encoder_name: str,
    progress: Progress = lambda done, of: None,
    rebuild: bool = False,
) -> SyncReport:
    """Make the index in ``folder`` follow a corpus that has been read already; see `follow`."""
    return follow(lambda: (corpus, corpus_digest), (), folder, encoder, encoder_name, progress, rebuild)


def follow(
    read: Reading,
    corpus_folders: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    encoder_name: str,
    progress: Progress = lambda done, of: None,
    rebuild: bool = False,
    patience: float = TEN_MINUTES,
) -> SyncReport:
    """Make the index in ``folder`` follow the corpus: only text that is new is embedded, and nothing happens where nothing changed.

    The lock is held from reading the corpus on, so that of two builds at once the second finds what the first has made, and a slow
    one never lays an older corpus over a newer. The new generation is built aside and switched in at once. ``rebuild`` embeds
    everything anew. Raises IndexBusy where another process has been building for ``patience`` seconds, IndexProblem, and what
    ``read`` raises; the generation before then goes on answering.
    """
    generations = Generations(folder)
    with generations.locked(patience):
        corpus, corpus_digest = read()
        before = None if rebuild else _usable(generations, encoder)
        if before and (before[1].corpus_digest, before[1].rules) == (corpus_digest, rules_digest()):
            return SyncReport(0, 0, len(before[1].passages), 0, 0, before[1].version, switched=False, generation=before[0])
        passages = searchable(passage for case in corpus.cases for passage in passages_of(case))
        if not passages:
            raise IndexProblem(
                "The published cases hold nothing but analysis, which is never quoted: "
                "add a section with cited sentences to one of them, then run `peacebot index build`."
            )
        known = _known(*before) if before else NOTHING
        fresh = [passage for passage in passages if passage.text_digest not in known.passages]
        encoded = encoder.passages([p.indexed_text for p in fresh], [p.sentence_spans for p in fresh], progress)
        told = [words for passage in passages for words in passage.told_and_asked]
        soft_words = SoftWords.build(told, encoder, known.words)
        outside = Outside.build(corpus, encoder, known.questions)
        vectors = {**known.passages} | {passage.text_digest: vector for passage, vector in zip(fresh, encoded, strict=True)}
        manifest = Manifest(
            format=FORMAT,
            version=_version(corpus, corpus_digest),
            corpus_folders=[str(path) for path in corpus_folders],
            corpus_digest=corpus_digest,
            encoder=encoder_name,
            encoder_digest=encoder.digest,
            rules=rules_digest(),
            vector_rules=vector_rules_digest(),
            built=dt.datetime.now(dt.UTC).date().isoformat(),
            passages={passage.id: passage.text_digest for passage in passages},
            sentences=[len(passage.sentences) for passage in passages],
        )
        with generations.writing() as target:
            generation.write(target, manifest, corpus, passages, [vectors[p.text_digest] for p in passages], soft_words, outside)
        return _report(before[1].passages if before else {}, manifest, len(fresh), target)


def _report(old: Mapping[str, str], manifest: Manifest, embedded: int, target: Path) -> SyncReport:
    now = manifest.passages
    return SyncReport(
        new=len(now.keys() - old.keys()),
        changed=sum(old.get(passage_id, digest) != digest for passage_id, digest in now.items()),
        unchanged=sum(old.get(passage_id) == digest for passage_id, digest in now.items()),
        gone=len(old.keys() - now.keys()),
        embedded=embedded,
        version=manifest.version,
        switched=True,
        generation=target,
    )


def _usable(generations: Generations, encoder: Encoder) -> tuple[Path, Manifest] | None:
    """The current generation, if this encoder made it and this program can read what it says of itself."""
    try:
        current = generations.current()
        manifest = generation.read_manifest(current) if current else None
    except IndexProblem:
        return None
    return (current, manifest) if current and manifest and manifest.encoder_digest == encoder.digest else None


def _known(folder: Path, manifest: Manifest) -> Known:
    """The vectors of a generation; none of one that is damaged or made them otherwise."""
    if manifest.vector_rules != vector_rules_digest():
        return NOTHING
    try:
        passages, sentences = generation.read_vectors(folder, manifest.sentences)
        words, questions = SoftWords.load(folder / "soft_words").vectors, Outside.load(folder).vectors
    except (OSError, ValueError, KeyError, EOFError):
        return NOTHING
    ends = np.cumsum(manifest.sentences)
    encoded = {
        digest: EncodedPassage(np.array(passages[position]), np.array(sentences[end - count : end], dtype=np.float32))
        for position, (digest, count, end) in enumerate(zip(manifest.passages.values(), manifest.sentences, ends, strict=True))
    }
    return Known(encoded, words, questions)


def _version(corpus: Corpus, corpus_digest: str) -> str:
    return f"{max(case.as_of for case in corpus.cases)}.{corpus_digest[:8]}"
