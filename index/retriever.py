"""The same search as a LangChain retriever, so that others can use the index in their own chains (the door to langchain and langsmith)."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from langsmith import tracing_context
from pydantic import ConfigDict

from index.case_index import EVERYTHING, CaseIndex, Hit, Scope


class CaseRetriever(BaseRetriever):
    """Passages as LangChain documents, best first.

    Each document's ``id`` is the passage's, its text the passage verbatim; its metadata hold case, title, section, areas, themes, the
    ids of the published sources and the score. LANGSMITH_TRACING and its like do not make the retriever tell anybody what was asked; a
    chain around it that is traced itself still is.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: CaseIndex
    scope: Scope = EVERYTHING
    limit: int = 4

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:  # noqa: A002 (LangChain's name)
        """The documents for a question. Whatever the environment says, LangSmith is not told of it."""
        with tracing_context(enabled=False):
            return super().invoke(input, config, **kwargs)

    async def ainvoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:  # noqa: A002
        """The same, awaited."""
        with tracing_context(enabled=False):
            return await super().ainvoke(input, config, **kwargs)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (LangChain's signature)
    ) -> list[Document]:
        return [_document(hit) for hit in self.index.search(query, self.scope, self.limit)]


def _document(hit: Hit) -> Document:
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "case": passage.case_id,
            "title": passage.case_title,
            "section": passage.section,
            "kind": passage.case_kind,
            "areas": list(passage.areas),
            "themes": list(passage.themes),
            "as_of": passage.as_of,
            "sources": sorted({reference.source for sentence in passage.sentences for reference in sentence.references}),
            "score": hit.score,
        },
    )
