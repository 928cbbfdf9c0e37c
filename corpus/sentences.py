"""Where a sentence begins and ends. The only module that imports nupunkt."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nupunkt.hybrid import AdaptiveTokenizer

Span = tuple[int, int]

CLOSERS = "\"'\u2019\u201d\u00bb)]"

ABBREVIATIONS = frozenset(
    "adm approx apr arch art arts aug brig bros ca capt cf ch cl cmdr co col comm cpl dec dept det dr ed eds esp est etc feb fig "
    "fr gen gov govt hon inc incl insp jan jr jul jun lt ltd maj mr mrs ms mt no nos nov oct op ord para paras pp pres prof "
    "rep res resp rev rs sec sen sens sep sept sgt sr sra sres srta st supt viz vol vols vs".split()
)


@lru_cache(maxsize=1)
def _tokenizer() -> "AdaptiveTokenizer":
    """nupunkt's adaptive tokenizer with our abbreviations in the place of its own.

    Its model comes from court opinions and takes "met", "so", "found" or "parade" for abbreviations, which would run two
    sentences together unseen. Initials and dotted forms ("u.n") are kept.
    """
    from nupunkt import load_default_model
    from nupunkt.hybrid import AdaptiveTokenizer

    parameters = load_default_model().parameters
    parameters.abbrev_types = {word for word in parameters.abbrev_types if len(word) == 1 or not word.isalpha()}
    parameters.abbrev_types |= ABBREVIATIONS
    parameters.freeze_sets()
    return AdaptiveTokenizer(model_or_text=parameters, include_common_abbrevs=False)


def sentence_spans(text: str, certain_ends: Iterable[int] = ()) -> list[Span]:
    """The sentences of ``text`` as (start, end) offsets in order, without the blanks around them.

    ``certain_ends`` are offsets where a sentence is known to end, whatever the splitter thinks. Together the spans cover all
    that is not blank.
    """
    edges = [0, *sorted({end for end in certain_ends if 0 < end < len(text)}), len(text)]
    return [span for start, end in pairwise(edges) for span in _split(text, start, end)]


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentence spans of one stretch; a piece that opens in lower case or closes a quotation goes on with the one before."""
    previous: Span | None = None
    for piece_start, piece_end in _tokenizer().span_tokenize(text[start:end]):
        span = _trimmed(text, start + piece_start, start + piece_end)
        if span is None:
            continue
        if previous is not None and _goes_on(text[span[0] : span[1]]):
            previous = (previous[0], span[1])
            continue
        if previous is not None:
            yield previous
        previous = span
    if previous is not None:
        yield previous


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    first = start + piece.index(stripped)
    return first, first + len(stripped)


def _goes_on(piece: str) -> bool:
    return piece[0].islower() or re.fullmatch(rf"[{re.escape(CLOSERS)}.!?]+", piece) is not None
