"""What a curator asks before handing a case in: whether anything is wrong with these files."""

from collections.abc import Sequence
from pathlib import Path

from corpus.folder import CASES, FACTS, NOT_COVERED, SOURCES, VOCABULARY, corpus_files
from corpus.problems import Problem
from corpus.reading import shipped_corpus, survey


def check(paths: Sequence[Path] = (), below: Sequence[Path] | None = None) -> list[Problem]:
    """Every problem of the given files and folders, drafts included; of the folders ``below`` where none is given.

    Each is read as part of the corpus folder that it lies in, over the folders ``below`` (the shipped corpus, unless said
    otherwise), so that it may name their sources, facts and words. Problems of other files are left out.
    """
    folders = [shipped_corpus()] if below is None else list(below)
    paths = list(paths) or folders
    missing = [Problem(path, 1, "There is no such file or folder", "Check its name.") for path in paths if not path.exists()]
    loose = []
    for path in paths:
        home = next((folder for folder in folders if _reads(folder, path)), None) or _corpus_folder(path)
        if home is None:
            loose.append(path)
        elif not any(home.resolve() == folder.resolve() for folder in folders):
            folders.append(home)
    report = survey(folders, [path for path in loose if path.is_file()])
    wanted = [path.resolve() for path in paths if path.exists()]
    found = [
        problem
        for problem in (*report.problems, *report.draft_problems)
        if any(problem.path.resolve().is_relative_to(path) for path in wanted)
    ]
    return sorted({*missing, *found})


def _reads(folder: Path, path: Path) -> bool:
    """Whether the path is the corpus folder, one of the files that it reads, or a folder that holds some of them."""
    given, home = path.resolve(), folder.resolve()
    return home == given or (given.is_relative_to(home) and any(file.resolve().is_relative_to(given) for file in corpus_files(folder)))


def _corpus_folder(path: Path) -> Path | None:
    """The corpus folder that a path is, or that it lies in; None for a file that lies in none.

    A folder without ``cases`` is the corpus folder only of what lies in it or in its ``facts`` and ``asked``: further up, a file
    that happens to be called ``sources.json`` would make a corpus of everything below.
    """
    given = path.resolve()
    for folder in (given, *given.parents):
        near = folder in (given, given.parent, given.parent.parent)
        if ((folder / CASES).is_dir() or (near and _has_lists(folder))) and _reads(folder, given):
            return folder
    return path if path.is_dir() else None


def _has_lists(folder: Path) -> bool:
    return any((folder / name).exists() for name in (FACTS, SOURCES, VOCABULARY, NOT_COVERED))
