"""The index inside other people's LangChain chains."""

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from index.case_index import CaseIndex, Scope
from index.retriever import CaseRetriever


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
