"""From settings to an index that answers: opened, and made to follow the corpus where it can be."""

import os
from collections.abc import Callable
from typing import Any

from bot.settings import Settings, SettingsProblem
from bot.terminal import counted
from corpus.case import Corpus
from corpus.errors import PeacebotError
from corpus.problems import CorpusError
from corpus.reading import corpus_digest, read_corpus
from index.case_index import CaseIndex, current_index
from index.encoder import Progress, encoder_digest, open_encoder
from index.errors import IndexBusy, IndexProblem
from index.generation import TEN_MINUTES
from index.rules import rules_digest
from index.synchronising import SyncReport, built_from, follow

Say = Callable[[str], None]

BRIEFLY = 1.0
"""Seconds to wait for somebody else who is building before anything is said of it."""


def build_index(settings: Settings, say: Say, progress: Progress, rebuild: bool = False) -> SyncReport:
    """Make the index follow the corpus folders; where somebody else is building, ``say`` so and wait.

    Raises CorpusError with every mistake in the corpus, SettingsProblem, IndexProblem or EncoderProblem.
    """
    try:
        return _build(settings, say, progress, rebuild, BRIEFLY)
    except IndexBusy:
        say("Another process is building the index: waiting until it is done.")
        return _build(settings, say, progress, rebuild, TEN_MINUTES)


def _build(settings: Settings, say: Say, progress: Progress, rebuild: bool, patience: float) -> SyncReport:
    require_corpus(settings)
    before_waiting = _read(settings)

    def now() -> tuple[Corpus, str]:
        # Read again only if a file was saved while somebody else was building.
        return before_waiting if corpus_digest(settings.corpus) == before_waiting[1] else _read(settings)

    encoder = open_encoder(settings.encoder, settings.home, say)
    return follow(now, settings.corpus, settings.index, encoder, settings.encoder, progress, rebuild, patience)


def _read(settings: Settings) -> tuple[Corpus, str]:
    # The digest first: a file saved in between then costs one more synchronisation, and is never taken for indexed.
    digest = corpus_digest(settings.corpus)
    return read_corpus(settings.corpus), digest


def open_index(settings: Settings, say: Say, progress: Progress) -> CaseIndex:
    """The index, built first where there is none and brought up to date where the corpus or the program has changed.

    An index that answers goes on answering when the change cannot be taken in; ``say`` then tells why. Raises PeacebotError.
    """
    require_corpus(settings)
    encoder = open_encoder(settings.encoder, settings.home, say)
    built = built_from(settings.index)
    if built is None:
        say("Building the index (once; later only what changed)")
        return CaseIndex(build_index(settings, say, progress).generation, encoder)
    if built.encoder_digest == encoder.digest and built.rules != rules_digest():
        say("peacebot has changed: making the index anew (text that is the same is not embedded again)")
        return CaseIndex(build_index(settings, say, progress).generation, encoder)
    if built.encoder_digest == encoder.digest and built.corpus_digest != corpus_digest(settings.corpus):
        report = _following(settings, say, progress)
        if report is not None:
            return CaseIndex(report.generation, encoder)
    return current_index(settings.index, encoder)


def require_corpus(settings: Settings) -> None:
    """Raises CorpusError where a corpus folder is not there, for no index stands in for it, and what `require_readable` raises."""
    require_readable(settings)
    if not all(folder.is_dir() for folder in settings.corpus):
        read_corpus(settings.corpus)  # reports it with all else that is wrong


def require_readable(settings: Settings) -> None:
    """Raises SettingsProblem where there is a corpus folder that may not be read."""
    for folder in settings.corpus:
        try:
            readable = not folder.exists() or os.access(folder, os.R_OK | os.X_OK)
        except PermissionError:  # a folder above keeps us from looking
            readable = False
        if not readable:
            raise SettingsProblem(f"The corpus folder {folder} cannot be read: change its permissions, or name another with --corpus.")


def _following(settings: Settings, say: Say, progress: Progress) -> SyncReport | None:
    try:
        report = _build(settings, say, progress, rebuild=False, patience=BRIEFLY)
    except IndexBusy:
        say("Answering from the index as it was: another process is bringing it up to date.")
    except (CorpusError, IndexProblem) as problem:
        say(f"Answering from the index as it was: {_first_sentence(problem)}")
    else:
        if report.switched:
            say(f"The corpus has changed: {counted(report.embedded, 'passage')} embedded, {report.unchanged} unchanged.")
        return report
    return None


def _first_sentence(problem: PeacebotError) -> str:
    if isinstance(problem, CorpusError):
        return f"the corpus has {counted(len(problem.problems), 'mistake')}; run `peacebot case check` to see what to mend."
    return str(problem)


def index_state(settings: Settings) -> dict[str, Any]:
    """What the index was made from, and whether the corpus has changed since; JSON-ready. Raises PeacebotError when that cannot be told."""
    require_readable(settings)
    built = built_from(settings.index)
    if built is None:
        return {"state": "missing", "cure": "run `peacebot index build`"}
    if built.encoder_digest != encoder_digest(settings.encoder, settings.home):
        state = "made by another model"
    elif built.rules != rules_digest():
        state = "made by another version of peacebot"
    else:
        state = "up to date" if built.corpus_digest == corpus_digest(settings.corpus) else "behind the corpus"
    return {
        "state": state,
        "version": built.version,
        "built": built.built,
        "passages": len(built.passages),
        "cases": len({passage.partition("#")[0] for passage in built.passages}),
        "encoder": built.encoder,
        "corpus": built.corpus_folders,
        "folder": str(settings.index),
    }
