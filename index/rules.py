"""The rules by which a generation was made: digests of the program's own source, so that a changed program makes its index anew.

The source itself is taken, not a number that somebody raises by hand: a number forgotten is a wrong ranking that nobody notices, while
a rebuild that was not needed costs a second or two, because the vectors of unchanged text are used again.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.metadata import version

_WORKED_ON_BY = ("bm25s", "nupunkt", "pystemmer")
"""Libraries whose version decides where sentences end, what a term is and how rankings are written."""


@cache
def rules_digest() -> str:
    """A digest of all that decides what a generation holds: how cases are read, cut and ranked, and how text becomes vectors."""
    corpus = [f"corpus/{file.name}" for file in resources.files("corpus").iterdir() if file.name.endswith(".py")]
    index = [f"index/{name}.py" for name in ("encoder", "generation", "outside", "passages", "soft_words", "words")]
    return _digest([*corpus, *index, "corpus/not_covered.yaml"], [f"{library} {version(library)}" for library in _WORKED_ON_BY])


@cache
def vector_rules_digest() -> str:
    """A digest of how text becomes vectors; vectors made otherwise are not used again, even of the same text by the same model."""
    return _digest(["index/encoder.py"])


def _digest(modules: Iterable[str], others: Iterable[str] = ()) -> str:
    whole = hashlib.sha256("\n".join(others).encode())
    for module in sorted(modules):
        package, _, name = module.partition("/")
        source = (resources.files(package) / name).read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{module}:{hashlib.sha256(source).hexdigest()}\n".encode())
    return whole.hexdigest()
