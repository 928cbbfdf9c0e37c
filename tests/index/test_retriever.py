"""The index inside other people's LangChain chains."""

import asyncio

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var

from index.case_index import CaseIndex, Scope
from index.retriever import CaseRetriever
from tests.conftest import Outbound


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


def test_it_is_a_runnable_that_gives_documents_with_sources(small_index: CaseIndex) -> None:
    retriever = CaseRetriever(index=small_index, limit=2)
    chain = retriever | RunnableLambda(ids)
    assert chain.invoke("Who chaired the peace talks?")[0] == "valdoria-harbour-accord#how-the-talks-at-port-ilmar-began"
    [first, second] = retriever.invoke("Who chaired the peace talks?")
    assert first.metadata["score"] >= second.metadata["score"]
    assert set(first.metadata["sources"]) <= set(small_index.sources)
    assert first.page_content in {passage.text for passage in small_index.passages}


def test_a_scope_holds_there_too(small_index: CaseIndex) -> None:
    retriever = CaseRetriever(index=small_index, scope=Scope(kinds=frozenset({"story"})))
    assert {document.metadata["case"] for document in retriever.invoke("peace talks")} == {"tesmark-water-committees"}


@pytest.mark.slow
def test_nobody_is_told_what_was_asked(small_index: CaseIndex, outbound: Outbound, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(variable, "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "none")
    get_env_var.cache_clear()  # type: ignore[attr-defined] # langsmith keeps what it has read
    retriever = CaseRetriever(index=small_index, limit=1)
    try:
        assert retriever.invoke("Who chaired the peace talks?")
        assert asyncio.run(retriever.ainvoke("Who chaired the peace talks?"))
        assert retriever.batch(["Who chaired the peace talks?"])
        wait_for_all_tracers()
        assert outbound.attempts() == []
        BaseRetriever.invoke(retriever, "Who chaired the peace talks?")  # what LangChain would do by itself
        wait_for_all_tracers()
        assert outbound.attempts() != []
    finally:
        get_env_var.cache_clear()  # type: ignore[attr-defined]
