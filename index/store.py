"""The vector store: one Chroma collection in a folder of its own (the door to chromadb)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from index.errors import IndexProblem
from index.passages import Passage

_COLLECTION = "passages"
_MOST_AT_ONCE = 5000
"""Chroma takes at most 5,461 records in one call."""


class Store:
    """Passages by nearness of their vectors. Holds ids, vectors and what scopes filter by; text lives in the generation's own files."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, folder: Path, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> "Store":
        """Write a new store. Raises IndexProblem when there is no room or no permission."""
        try:
            client = _client(folder)
            collection = client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}}
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
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """Open what `create` wrote. Raises IndexProblem when it is not there or damaged."""
        try:
            client = _client(folder)
            return cls(client, client.get_collection(_COLLECTION, embedding_function=None))
        except (ChromaError, ValueError) as problem:
            raise IndexProblem(f"The vector store in {folder} cannot be read: run `peacebot index build --rebuild`.") from problem

    def nearest(self, vector: NDArray[np.float32], limit: int, where: dict[str, Any] | None = None) -> list[str]:
        """Ids of the ``limit`` nearest passages, nearest first, among those that ``where`` (Chroma's filter) admits."""
        found = self._collection.query(query_embeddings=[vector], n_results=limit, where=where, include=[])
        return list(found["ids"][0])

    def count(self) -> int:
        """Number of passages held."""
        return int(self._collection.count())

    def close(self) -> None:
        """Release the files."""
        self._client.close()


def _client(folder: Path) -> Any:
    # Explicit settings: a stray .env file or CHROMA_* variable would otherwise turn the embedded store into a network client.
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
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
