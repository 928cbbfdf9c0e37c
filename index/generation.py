"""A generation: one complete, unchanging state of the index in a folder of its own, and the pointer that says which one answers.

    <home>/index/current              name of the generation that answers, replaced in one step
    <home>/index/lock                 held while somebody compares, embeds and writes
    <home>/index/000007/manifest.json what it was made from and by
                       /corpus.json   cases, sources, facts and vocabulary, frozen
                       /passages.npy  vectors of the passages, float32
                       /sentences.npy vectors of their sentences, float16, read only for the passages that a question reaches
                       /words/        lexical rankings
                       /soft_words/   vectors of single words, and of sentences as averages of their words
                       /outside.*     questions that no case answers, with their vectors
                       /chroma/       vector store
    <home>/index/of-<digest>/         the same for corpus folders other than the usual ones

A generation is complete before the pointer names it, so a crash at any point leaves the last good one answering.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.case import Corpus
from index.encoder import EncodedPassage
from index.errors import IndexBusy, IndexProblem
from index.outside import Outside
from index.passages import Passage
from index.soft_words import SoftWords
from index.store import Store
from index.words import Words

FORMAT = 3
"""Raised whenever a generation written by an older program can no longer be read."""

TEN_MINUTES = 600.0

_CORPUS = TypeAdapter(Corpus)
_NAME = re.compile(r"[0-9]{6,}")
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from (corpus folders, digest of their files) and by (encoder, rules, format), and what is in it.

    ``passages`` maps the id of each passage to the digest of its embedded text, in the order of the vectors; ``sentences`` says how
    many each has.
    """

    format: int
    version: str
    corpus_folders: list[str]
    corpus_digest: str
    encoder: str
    encoder_digest: str
    rules: str
    vector_rules: str
    built: str
    passages: dict[str, str]
    sentences: list[int]


class Generations:
    """The generations in one folder, which follow one list of corpus folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Path | None:
        """The folder of the generation that answers, or None before the first build. Raises IndexProblem where that cannot be told."""
        pointer = self.folder / "current"
        try:
            name = pointer.read_bytes().decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as problem:
            raise IndexProblem(
                f"{pointer} cannot be read ({problem.strerror or problem}): change its permissions and those of the folders above it, "
                "or choose another folder with --home DIR or PEACEBOT_HOME."
            ) from problem
        if not _NAME.fullmatch(name):
            raise IndexProblem(f"{pointer} is damaged and names no generation: run `peacebot index build --rebuild`.")
        return self.folder / name

    @contextmanager
    def locked(self, patience: float = TEN_MINUTES) -> Iterator[None]:
        """The right to change the index, for one process at a time, from looking at what is there until the new generation answers.

        Waits ``patience`` seconds for whoever has it. The operating system takes it back from a process that died. Raises IndexBusy,
        or IndexProblem where the folder cannot be written.
        """
        lock = FileLock(self.folder / "lock")
        with _told_of(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=patience)
            except Timeout as held:
                raise IndexBusy(
                    f"Another process is building the index in {self.folder}: wait for it or stop it, then try again."
                ) from held
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A new folder to build in, for who holds the lock.

        It becomes current when the block ends well and leaves no trace when it does not. Raises IndexProblem.
        """
        with _told_of(self.folder):
            before: Path | None = None
            with suppress(IndexProblem):  # a damaged pointer is about to be replaced
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

    def _switch_to(self, name: str) -> None:
        fresh = self.folder / "current.new"
        fresh.write_text(name + "\n", encoding="utf-8")
        replace_patiently(fresh, self.folder / "current")

    def _numbered(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if _NAME.fullmatch(path.name))

    def _last_number(self) -> int:
        return max((int(path.name) for path in self._numbered()), default=0)

    def _prune(self, keep: str, before: str | None) -> None:
        # The one that answered before stays: a server may still be answering from it. One that is still open on Windows cannot be
        # renamed, and then stays whole; deleted without being renamed, it would be left with half of its files.
        for path in self._numbered():
            if path.name not in (keep, before):
                with suppress(OSError):
                    path.rename(path.with_name(f"gone-{path.name}"))
        for path in self.folder.glob("gone-*"):
            shutil.rmtree(path, ignore_errors=True)


def replace_patiently(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, trying for about three seconds.

    On Windows a file that somebody has open, a reader or a virus scanner, cannot be replaced for that moment.
    """
    for pause in _PAUSES:
        try:
            fresh.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    fresh.replace(target)


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Turns what keeps a folder from being written into a sentence."""
    try:
        yield
    except PermissionError as problem:
        raise IndexProblem(
            f"The folder {folder} cannot be written: change its permissions, or choose another with --home DIR or PEACEBOT_HOME."
        ) from problem
    except OSError as problem:
        raise IndexProblem(
            f"The index could not be written to {folder} ({problem.strerror or problem}): free some disk space and try again."
        ) from problem


def read_manifest(folder: Path) -> Manifest:
    """What the generation in ``folder`` says of itself. Raises IndexProblem for one written by another version of this program."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest.get("format") == FORMAT:
            return Manifest(**manifest)
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        raise IndexProblem(f"The index in {folder} is incomplete or damaged: run `peacebot index build --rebuild`.") from problem
    raise IndexProblem(f"The index in {folder} was made by another version of peacebot: run `peacebot index build` to make it anew.")


def write(
    folder: Path,
    manifest: Manifest,
    corpus: Corpus,
    passages: Sequence[Passage],
    encoded: Sequence[EncodedPassage],
    soft_words: SoftWords,
    outside: Outside,
) -> None:
    """Fill ``folder`` with a complete generation; ``encoded`` is in the order of ``passages``."""
    (folder / "corpus.json").write_bytes(_CORPUS.dump_json(corpus))
    np.save(folder / "passages.npy", np.stack([one.passage for one in encoded]))
    np.save(folder / "sentences.npy", np.concatenate([one.sentences for one in encoded]).astype(np.float16))
    words = Words.build([passage.words for passage in passages], [words for passage in passages for words in passage.sentence_words])
    words.save(folder / "words")
    soft_words.save(folder / "soft_words")
    outside.save(folder)
    Store.create(folder / "chroma", passages, np.stack([one.passage for one in encoded]))
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def read_corpus(folder: Path) -> Corpus:
    """The cases, sources, facts and vocabulary that the generation was made from."""
    return _CORPUS.validate_json((folder / "corpus.json").read_bytes())


def read_vectors(folder: Path, sentences: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """Vectors of passages and of all their sentences, one after the other, mapped into memory.

    ``sentences`` says how many each passage has. Raises OSError, ValueError or EOFError where the files are not whole.
    """
    of_passages = np.load(folder / "passages.npy", mmap_mode="r")
    of_sentences = np.load(folder / "sentences.npy", mmap_mode="r")
    if (of_passages.ndim, of_sentences.ndim) != (2, 2) or (len(of_passages), len(of_sentences)) != (len(sentences), sum(sentences)):
        raise ValueError("the vectors are not as many as the manifest says")
    return of_passages, of_sentences
