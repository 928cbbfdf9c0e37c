"""Pairs of a sentence and the quotation that it claims to rest on, and how support checking does on them: `python -m bot.support_pairs`.

Only a developer runs this, on a checkout: the pairs lie in tests/data/support.yaml.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bot import support, terminal
from bot.evaluate import Rate
from bot.settings import read_settings
from corpus.file_text import MAX_LIST_BYTES, read_text
from corpus.problems import CorpusError, Findings
from corpus.questions import Half
from corpus.records import Items, Reader, Record, parse_yaml
from corpus.sentences import sentence_spans
from index.encoder import Encoder, open_encoder

PairKind = Literal[
    "faithful", "figure", "date", "name", "country", "actor", "negation", "cause", "scope", "addition", "reversed"
]  # fmt: skip
KINDS: tuple[PairKind, ...] = (
    "faithful", "figure", "date", "name", "country", "actor", "negation", "cause", "scope", "addition", "reversed"
)  # fmt: skip
PAIRS = Path(__file__).resolve().parents[1] / "tests" / "data" / "support.yaml"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with the quotation that it claims to rest on; its kind is ``faithful``, or says what is wrong with it."""

    kind: PairKind
    quotation: str
    sentence: str
    why: str

    @property
    def half(self) -> Half:
        """The half that the pair belongs to for good, with all that rest on the same quotation."""
        return "tuning" if hashlib.sha256(self.quotation.encode()).digest()[0] % 2 == 0 else "reported"

    @property
    def sentences(self) -> list[str]:
        """The whole sentences of the quotation."""
        return [self.quotation[start:end] for start, end in sentence_spans(self.quotation)]


def read_pairs(path: Path = PAIRS) -> tuple[Pair, ...]:
    """The pairs of a file. Raises CorpusError with every mistake in it."""
    findings = Findings(path)
    text = read_text(path, findings, MAX_LIST_BYTES)
    value = parse_yaml(text, findings) if text else None
    records = value.values if isinstance(value, Items) else ()
    pairs = tuple(_pair(Reader(record, findings, "pair")) for record in records if isinstance(record, Record))
    if len(pairs) < len(records) or not pairs:
        findings.add(1, "The file is no list of pairs", "Begin each pair with '- kind: ...'.")
    if findings.problems:
        raise CorpusError(findings.problems)
    return pairs


def _pair(reader: Reader) -> Pair:
    reader.expect(("kind", "quotation", "sentence", "why"))
    kind = cast(PairKind, reader.choice("kind", KINDS))
    return Pair(kind, reader.text("quotation"), reader.text("sentence"), reader.text("why"))


def rates(pairs: Iterable[Pair], encoder: Encoder) -> dict[PairKind, Rate]:
    """By kind, how many of the faithful are shown as written, and how many of the others are not."""
    return rates_of((pair, support.judge(pair.sentence, pair.sentences, encoder) == "supported") for pair in pairs)


def rates_of(shown: Iterable[tuple[Pair, bool]]) -> dict[PairKind, Rate]:
    """The same from what is known of each pair: whether it is shown as written."""
    right: dict[PairKind, list[bool]] = {kind: [] for kind in KINDS}
    for pair, is_shown in shown:
        right[pair.kind].append(is_shown == (pair.kind == "faithful"))
    return {kind: Rate(sum(found), len(found)) for kind, found in right.items()}


def told(found: Mapping[PairKind, Rate]) -> str:
    """The rates for reading, a line a kind."""
    return "\n".join(f"  {kind:<10} {'shown as written' if kind == 'faithful' else 'caught':<17} {rate}" for kind, rate in found.items())


def main() -> int:
    """Print the rates of both halves, never a pair."""
    settings = read_settings({})
    encoder = open_encoder(settings.encoder, settings.home, terminal.say)
    pairs = read_pairs()
    for half in ("tuning", "reported"):
        found = rates([pair for pair in pairs if pair.half == half], encoder)
        terminal.say(f"Half {'for tuning' if half == 'tuning' else 'that is only reported'}\n{told(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
