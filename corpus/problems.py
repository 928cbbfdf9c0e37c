"""What can be wrong with a corpus: problems that name their place and their cure, gathered before anything is raised."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.errors import PeacebotError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file. ``line`` counts from 1; ``what`` has no full stop, ``cure`` is a sentence of its own."""

    path: Path
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.cure}"


class CorpusError(PeacebotError):
    """A corpus that cannot be used. ``problems`` holds every problem of every file; the message is the full report."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Findings:
    """The problems found so far in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, line: int, what: str, cure: str) -> None:
        """Note a problem at ``line`` of the file, counted from 1."""
        self.problems.append(Problem(self.path, line, what, cure))


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A cure that offers the known word nearest to ``word``, or ``otherwise`` where none is near."""
    near = _nearest(word, frozenset(known))
    return f"Did you mean '{near}'? If not: {otherwise[0].lower()}{otherwise[1:]}" if near else otherwise


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str | None:
    """The nearest known word, if any; sorted first, so that a tie falls the same way every time."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.7)), None)


def in_words(choices: Sequence[str], joint: str = "or") -> str:
    """A list as one would say it: ``a, b or c``."""
    return f" {joint} ".join(filter(None, (", ".join(choices[:-1]), *choices[-1:])))
