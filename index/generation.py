"""A generation: one complete, unchanging state of the index in a folder of its own, and the pointer that says which one answers.

    <home>/index/current              name of the generation that answers, replaced in one step
    <home>/index/000007/manifest.json what it was made from and by
                       /corpus.json   cases, sources, facts and vocabulary, frozen
                       /passages.npy  vectors of the passages, float32
                       /sentences.npy vectors of their sentences, float16, read only for the passages that a question reaches
                       /words/        lexical rankings
                       /chroma/       vector store

A generation is complete before the pointer names it, so a crash at any point leaves the last good one answering.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.case import Corpus
from index.encoder import EncodedPassage
from index.errors import IndexProblem
from index.passages import Passage
from index.store import Store
from index.words import Words

FORMAT = 1
"""Raised whenever a generation written by an older program can no longer be read."""

_CORPUS = TypeAdapter(Corpus)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from (digest of the corpus files) and by (digest of the encoder, format), and what is in it.

    ``passages`` maps the id of each passage to the digest of its embedded text, in the order of the vectors.
    """

    format: int
    version: str
    corpus_digest: str
    encoder: str
    encoder_digest: str
    built: str
    passages: dict[str, str]


class Generations:
    """The generations below one home folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "index"

    def current(self) -> Path | None:
        """The folder of the generation that answers, or None before the first build."""
        try:
            name = (self.folder / "current").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self.folder / name

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A new folder to build in. It becomes current when the block ends well and leaves no trace when it does not.

        One writer at a time; the operating system drops the lock of a writer that died. Raises IndexProblem.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=600):
                before = self.current()
                target = self.folder / f"{self._last_number() + 1:06d}"
                try:
                    target.mkdir()
                    yield target
                    self._switch_to(target.name)
                except BaseException:
                    shutil.rmtree(target, ignore_errors=True)
                    raise
                self._prune(target.name, before.name if before else None)
        except Timeout as held:
            raise IndexProblem(
                f"Another process has been writing the index in {self.folder} for ten minutes: wait for it or stop it, then try again."
            ) from held
        except PermissionError as problem:
            raise IndexProblem(
                f"The folder {self.folder} cannot be written: change its permissions, or choose another with --home DIR or PEACEBOT_HOME."
            ) from problem
        except OSError as problem:
            raise IndexProblem(
                f"The index could not be written to {self.folder} ({problem.strerror or problem}): free some disk space and try again."
            ) from problem

    def _switch_to(self, name: str) -> None:
        fresh = self.folder / "current.new"
        fresh.write_text(name + "\n", encoding="utf-8")
        fresh.replace(self.folder / "current")

    def _numbered(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.name.isdigit())

    def _last_number(self) -> int:
        return max((int(path.name) for path in self._numbered()), default=0)

    def _prune(self, keep: str, before: str | None) -> None:
        # The one that answered before stays: a server may still be answering from it.
        for path in self._numbered():
            if path.name not in (keep, before):
                shutil.rmtree(path, ignore_errors=True)


def read_manifest(folder: Path) -> Manifest:
    """What the generation in ``folder`` says of itself. Raises IndexProblem for one written by another version of this program."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest.get("format") == FORMAT:
            return Manifest(**manifest)
    except (OSError, ValueError, TypeError) as problem:
        raise IndexProblem(f"The index in {folder} is incomplete or damaged: run `peacebot index build --rebuild`.") from problem
    raise IndexProblem(f"The index in {folder} was made by another version of peacebot: run `peacebot index build` to make it anew.")


def write(folder: Path, manifest: Manifest, corpus: Corpus, passages: Sequence[Passage], encoded: Sequence[EncodedPassage]) -> None:
    """Fill ``folder`` with a complete generation; ``encoded`` is in the order of ``passages``."""
    (folder / "corpus.json").write_bytes(_CORPUS.dump_json(corpus))
    np.save(folder / "passages.npy", np.stack([one.passage for one in encoded]))
    np.save(folder / "sentences.npy", np.concatenate([one.sentences for one in encoded]).astype(np.float16))
    words = Words.build([passage.words for passage in passages], [words for passage in passages for words in passage.sentence_words])
    words.save(folder / "words")
    Store.create(folder / "chroma", passages, np.stack([one.passage for one in encoded]))
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def read_corpus(folder: Path) -> Corpus:
    """The cases, sources, facts and vocabulary that the generation was made from."""
    return _CORPUS.validate_json((folder / "corpus.json").read_bytes())


def read_vectors(folder: Path) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """Vectors of passages and of all their sentences, one after the other, mapped into memory."""
    return np.load(folder / "passages.npy", mmap_mode="r"), np.load(folder / "sentences.npy", mmap_mode="r")
