"""A real encoder and a real index over the small corpus, made once and shared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.case import Corpus
from corpus.reading import corpus_digest, read_corpus
from index.case_index import CaseIndex, current_index, synchronise
from index.encoder import PACKAGED_MODEL, Encoder, open_encoder

SMALL_CORPUS = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The packaged model, exported once for all tests."""
    return open_encoder(PACKAGED_MODEL, tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def small_corpus() -> Corpus:
    """Three invented cases."""
    return read_corpus([SMALL_CORPUS])


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, small_corpus: Corpus, encoder: Encoder) -> Iterator[CaseIndex]:
    """The index of the three invented cases."""
    folder = tmp_path_factory.mktemp("small-index")
    synchronise(small_corpus, corpus_digest([SMALL_CORPUS]), folder, encoder, PACKAGED_MODEL)
    index = current_index(folder, encoder)
    yield index
    index.close()
