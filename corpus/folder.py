"""A corpus folder: which of its files are read, and what was found in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.case import Fact, NotCovered, Source, Vocabulary
from corpus.case_file import WrittenCase

SOURCES, VOCABULARY, NOT_COVERED = "sources.json", "vocabulary.yaml", "not_covered.yaml"
FACTS, CASES, ASKED = "facts", "cases", "asked"


@dataclass(slots=True)
class Folder:
    """One corpus folder: its files, and what was found in them with its place."""

    path: Path
    case_files: tuple[Path, ...]
    asked_files: tuple[Path, ...]
    sources: dict[str, tuple[Source, Path, int]]
    facts: dict[str, tuple[Fact, Path, int]]
    vocabulary: Vocabulary
    not_covered: NotCovered
    cases: tuple[WrittenCase, ...] = ()


def corpus_files(folder: Path) -> tuple[Path, ...]:
    """The files of a corpus folder that are read: lists, facts, cases and readers' questions, each sort in order of name."""
    lists = [path for path in (folder / VOCABULARY, folder / SOURCES, folder / NOT_COVERED) if path.is_file()]
    return (*lists, *fact_files(folder), *case_files(folder), *asked_files(folder))


def fact_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder's ledger."""
    return _seen((folder / FACTS).glob("*.yaml"), folder)


def asked_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that say how readers ask for what its cases tell."""
    return _seen((folder / ASKED).glob("*.yaml"), folder)


def case_files(folder: Path) -> tuple[Path, ...]:
    """The case files of a folder: those below ``cases``, or all Markdown files but README.md where there is no such folder."""
    root = folder / CASES
    if root.is_dir():
        return _seen(root.rglob("*.md"), folder)
    return tuple(path for path in _seen(folder.rglob("*.md"), folder) if path.name != "README.md")


def _seen(paths: Iterable[Path], folder: Path) -> tuple[Path, ...]:
    """The files in order, without what a listing hides.

    Finder, Emacs and the like leave ``._x.md`` and ``.#x.md`` beside a file, and a folder under version control or
    of Obsidian's holds more such; nobody wrote them as cases. The folder itself may lie in a hidden one.
    """
    return tuple(sorted(path for path in paths if path.is_file() and not any(_is_hidden(part) for part in path.relative_to(folder).parts)))


def _is_hidden(name: str) -> bool:
    return name.startswith(".")
