"""Every test runs offline, in a clean environment, with a home folder of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.offline import closed_network

if TYPE_CHECKING:
    from corpus.case import Corpus
    from index.case_index import CaseIndex
    from index.encoder import Encoder

SMALL_CORPUS = Path(__file__).parent / "data" / "cases"
"""Three invented cases."""

FOREIGN_SETTINGS = ("PEACEBOT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "CHROMA_", "GRADIO_", "HF_", "HUGGINGFACE_", "TRANSFORMERS_")

_session = Path(tempfile.mkdtemp(prefix="peacebot-tests-"))
_attempts = _session / "attempts.log"

# The machine is shared with other work: a slow example is no failure. The same examples every time, so that a failure can be repeated.
hypothesis.settings.register_profile("peacebot", deadline=None, derandomize=True)
hypothesis.settings.load_profile("peacebot")


def pytest_configure() -> None:
    """Before any fixture: no settings of this machine's user, and a closed network here and in every Python process started from here."""
    for name in [name for name in os.environ if name.startswith(FOREIGN_SETTINGS)]:
        del os.environ[name]
    os.environ["PEACEBOT_HOME"] = str(_session / "home")
    os.environ["PYTHONPATH"] = str(Path(closed_network.__file__).parent)
    os.environ["CLOSED_NETWORK_LOG"] = str(_attempts)
    closed_network.close()


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_session, ignore_errors=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own PEACEBOT_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PEACEBOT_HOME", str(folder))
    return folder


class Outbound:
    """What this process and its children tried to reach since the last test."""

    def attempts(self) -> list[str]:
        """The refused attempts, which are forgotten by telling them."""
        if not _attempts.exists():
            return []
        found = _attempts.read_text(encoding="utf-8").splitlines()
        _attempts.unlink()
        return found


@pytest.fixture(autouse=True)
def outbound() -> Iterator[Outbound]:
    """Fails a test that tried to leave this machine, even where a library swallowed the refusal."""
    seen = Outbound()
    yield seen
    attempts = seen.attempts()
    assert not attempts, f"This test, or a library it used, tried to reach other machines: {attempts}"


# A real encoder and a real index over the small corpus, made once and shared. Imported late: the network is closed by then.


@pytest.fixture(scope="session")
def encoder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder that holds the packaged model, exported once for all tests."""
    return tmp_path_factory.mktemp("encoder")


@pytest.fixture(scope="session")
def encoder(encoder_home: Path) -> "Encoder":
    """The packaged model."""
    from index.encoder import PACKAGED_MODEL, open_encoder

    return open_encoder(PACKAGED_MODEL, encoder_home)


@pytest.fixture(scope="session")
def small_corpus() -> "Corpus":
    """The three invented cases."""
    from corpus.reading import read_corpus

    return read_corpus([SMALL_CORPUS])


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, small_corpus: "Corpus", encoder: "Encoder") -> "Iterator[CaseIndex]":
    """The index of the three invented cases."""
    from corpus.reading import corpus_digest
    from index.case_index import current_index
    from index.encoder import PACKAGED_MODEL
    from index.synchronising import synchronise

    folder = tmp_path_factory.mktemp("small-index")
    synchronise(small_corpus, corpus_digest([SMALL_CORPUS]), folder, encoder, PACKAGED_MODEL)
    with closing(current_index(folder, encoder)) as index:
        yield index
