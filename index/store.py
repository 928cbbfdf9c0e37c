"""The vector store: one Chroma collection in a folder of its own (the door to chromadb)."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from pydantic_settings import BaseSettings

from index.errors import IndexProblem
from index.passages import Passage


@contextmanager
def _settings_from_code_alone() -> Iterator[None]:
    """While it is imported, chromadb reads settings from the environment and from a file ``.env`` in the working directory.

    Those belong to other programs, and one that chromadb cannot read would end the import.
    """
    kept = BaseSettings.__init__
    BaseSettings.__init__ = BaseModel.__init__  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        BaseSettings.__init__ = kept  # type: ignore[method-assign]


with _settings_from_code_alone():
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

_COLLECTION = "passages"
_MOST_AT_ONCE = 5000
"""Chroma takes at most 5,461 records in one call."""
_UNREADABLE = "The vector store in {folder} cannot be read: run `peacebot index build --rebuild`."


class Store:
    """Passages by nearness of their vectors. Holds ids, vectors and what scopes filter by; text lives in the generation's own files."""

    def __init__(self, collection: Any, opened: ExitStack) -> None:
        self._collection = collection
        self._opened = opened

    @classmethod
    def create(cls, folder: Path, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Write a new store. Raises IndexProblem when there is no room or no permission."""
        try:
            with closing(_client(folder)) as client:
                collection = client.create_collection(
                    _COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
                )
                for start in range(0, len(passages), _MOST_AT_ONCE):
                    part = passages[start : start + _MOST_AT_ONCE]
                    collection.add(
                        ids=[passage.id for passage in part],
                        embeddings=vectors[start : start + _MOST_AT_ONCE],
                        metadatas=[_filterable(passage) for passage in part],
                    )
        except ChromaError as problem:
            raise IndexProblem(
                f"The vector store in {folder} could not be written ({problem}): free some disk space and try again."
            ) from problem

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """Open what `create` wrote. Raises IndexProblem when it is not there or damaged."""
        if not folder.is_dir():
            raise IndexProblem(_UNREADABLE.format(folder=folder))
        with ExitStack() as opened:
            copy = None if _writable(folder) else opened.enter_context(_copied(folder))
            try:
                client = opened.enter_context(closing(_client(Path(copy) if copy else folder)))
                collection = client.get_collection(_COLLECTION, embedding_function=None)
            except (ChromaError, ValueError) as problem:
                raise IndexProblem(_UNREADABLE.format(folder=folder)) from problem
            return cls(collection, opened.pop_all())

    def nearest(self, vector: NDArray[np.float32], limit: int, where: dict[str, Any] | None = None) -> list[str]:
        """Ids of the ``limit`` nearest passages, nearest first, among those that ``where`` (Chroma's filter) admits."""
        found = self._collection.query(query_embeddings=[vector], n_results=limit, where=where, include=[])
        return list(found["ids"][0])

    def close(self) -> None:
        """Release the files."""
        self._opened.close()


def _writable(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, *folder.rglob("*")))


@contextmanager
def _copied(folder: Path) -> Iterator[str]:
    """A copy that may be written, because Chroma cannot open a store that it may only read."""
    with tempfile.TemporaryDirectory(prefix="peacebot-", ignore_cleanup_errors=True) as copy:
        try:
            next(folder.iterdir(), None)  # rglob would take a folder that may not be read for an empty one
            for path in sorted(folder.rglob("*")):  # a folder comes before what is in it; permissions are not copied
                target = Path(copy) / path.relative_to(folder)
                if path.is_dir():
                    target.mkdir()
                else:
                    shutil.copyfile(path, target)
        except OSError as problem:
            raise IndexProblem(
                f"The vector store in {folder} may only be read, and could not be copied ({problem.strerror or problem}): change its "
                "permissions or free some disk space, or choose another folder with --home DIR or PEACEBOT_HOME."
            ) from problem
        yield copy


def _client(folder: Path) -> Any:
    # Made without looking around: a stray .env file or CHROMA_* variable would turn the embedded store into a network client.
    settings = Settings.model_construct(
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        is_persistent=True,
        persist_directory=str(folder),
        anonymized_telemetry=False,
        allow_reset=False,
    )
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def _filterable(passage: Passage) -> dict[str, Any]:
    lists = {"areas": list(passage.areas), "themes": list(passage.themes)}
    return {"case": passage.case_id, "kind": passage.case_kind, **{name: values for name, values in lists.items() if values}}
