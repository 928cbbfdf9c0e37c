"""From settings to an index that answers: opened, and made to follow the corpus where it can be."""

from collections.abc import Callable
from typing import Any

from bot.settings import Settings
from bot.terminal import counted
from corpus.errors import PeacebotError
from corpus.problems import CorpusError
from corpus.reading import corpus_digest, read_corpus
from index.case_index import CaseIndex, SyncReport, built_from, current_index, synchronise
from index.encoder import Progress, open_encoder
from index.errors import IndexProblem

Say = Callable[[str], None]


def build_index(settings: Settings, say: Say, progress: Progress, rebuild: bool = False) -> SyncReport:
    """Make the index follow the corpus folders. Raises CorpusError with every mistake in them, IndexProblem or EncoderProblem."""
    # The digest first: a file saved in between then costs one more synchronisation, and is never taken for indexed.
    digest = corpus_digest(settings.corpus)
    corpus = read_corpus(settings.corpus)
    encoder = open_encoder(settings.encoder, settings.home, say)
    return synchronise(corpus, digest, settings.home, encoder, settings.encoder, progress, rebuild)


def open_index(settings: Settings, say: Say, progress: Progress) -> CaseIndex:
    """The index, built first where there is none and brought up to date where the corpus has changed.

    An index that answers goes on answering when the change cannot be taken in; ``say`` then tells why. Raises PeacebotError.
    """
    encoder = open_encoder(settings.encoder, settings.home, say)
    built = built_from(settings.home)
    if built is None:
        say("Building the index (once; later only what changed)")
        build_index(settings, say, progress)
    elif built.encoder_digest == encoder.digest and built.corpus_digest != corpus_digest(settings.corpus):
        _follow_corpus(settings, say, progress)
    return current_index(settings.home, encoder)


def _follow_corpus(settings: Settings, say: Say, progress: Progress) -> None:
    try:
        report = build_index(settings, say, progress)
    except (CorpusError, IndexProblem) as problem:
        say(f"Answering from the index as it was: {_first_sentence(problem)}")
    else:
        say(f"The corpus has changed: {report.embedded} passages embedded, {report.unchanged} unchanged.")


def _first_sentence(problem: PeacebotError) -> str:
    if isinstance(problem, CorpusError):
        return f"the corpus has {counted(len(problem.problems), 'mistake')}; run `peacebot case check` to see what to mend."
    return str(problem)


def index_state(settings: Settings) -> dict[str, Any]:
    """What the index was made from, and whether the corpus has changed since; JSON-ready. Raises IndexProblem when it is damaged."""
    built = built_from(settings.home)
    if built is None:
        return {"state": "missing", "cure": "run `peacebot index build`"}
    fresh = built.corpus_digest == corpus_digest(settings.corpus)
    ours = built.encoder == settings.encoder
    return {
        "state": "made by another model" if not ours else "up to date" if fresh else "behind the corpus",
        "version": built.version,
        "built": built.built,
        "passages": len(built.passages),
        "cases": len({passage.partition("#")[0] for passage in built.passages}),
        "encoder": built.encoder,
        "folder": str(settings.home / "index"),
    }
