"""Does this quotation support this sentence? Judged here, in layers, without a model."""

import re
from collections.abc import Sequence
from typing import Literal

from index.encoder import Encoder
from index.words import terms

Verdict = Literal["supported", "doubtful", "unsupported"]

_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_SHARED = 0.6
_ALIKE = 0.6


def judge(sentence: str, quotation: Sequence[str], encoder: Encoder) -> Verdict:
    """Whether the quotation, whole sentences of a passage, bears the sentence."""
    has = " ".join(quotation)
    if set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(has)):
        return "unsupported"
    asked, told = set(terms(sentence)), set(terms(has))
    one, other = encoder.questions([sentence, has])
    return "supported" if len(asked & told) >= _SHARED * len(asked) and float(one @ other) >= _ALIKE else "doubtful"
