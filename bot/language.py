"""Is a question in another language than English? The cases are in English, and so are the questions that find something in them.

Names tell nothing of the language (Who was at Bojayá?), so they are left aside, and one plainly English word settles it; only what is
left is looked at by a recogniser (docs/decisions/0015-languages.md). This module is the door to py3langid, which is loaded late.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SENTENCES: Mapping[str, str] = {
    "ar": "حالات peacebot مكتوبة بالإنجليزية: يرجى طرح السؤال بالإنجليزية.",
    "de": "Die Fälle von peacebot sind auf Englisch geschrieben: Bitte stellen Sie Ihre Frage auf Englisch.",
    "es": "Los casos de peacebot están escritos en inglés: por favor, haga su pregunta en inglés.",
    "fr": "Les cas de peacebot sont rédigés en anglais : veuillez poser votre question en anglais.",
    "ga": "Tá cásanna peacebot scríofa i mBéarla: cuir do cheist i mBéarla, le do thoil.",
    "pt": "Os casos do peacebot estão escritos em inglês: por favor, faça a sua pergunta em inglês.",
    "tl": "Nakasulat sa Ingles ang mga kaso ng peacebot: pakitanong po sa Ingles.",
}
"""What a reader is told in his own language, by its ISO 639-1 code."""
IN_ENGLISH = "The cases of peacebot are in English: please ask in English."
"""The same, beside it, and alone for any other language."""

SURE = 0.7
"""A language is taken for granted from this probability on, where English has less than `HARDLY`."""
HARDLY = 0.05

_RECOGNISED = (*SENTENCES, *"ca en id it ja ko nl pl ru tr uk zh".split())
"""Told apart from each other; with all that the recogniser knows, a few keywords are taken for one spoken far away."""
_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*")
_PLAINLY_ENGLISH = frozenset(
    """the what who whom whose how why when where which did does and is were are with there about tell have been from by this these
    those they their its you for would could should of to""".split()
)
"""Function words that are (almost) no word of the languages in `_RECOGNISED`."""


def foreign(question: str) -> str | None:
    """The ISO 639-1 code of the language of a question that is not in English; None where it is, or where that cannot be told."""
    words = _WORD.findall(question)
    if any(word.lower() in _PLAINLY_ENGLISH for word in words):
        return None
    plain = " ".join(word for position, word in enumerate(words) if position == 0 or not word[0].isupper())
    if not plain:
        return None
    likely = dict(_recogniser().rank(plain))
    most = max(likely, key=lambda code: likely[code])
    return most if most != "en" and likely[most] >= SURE and likely["en"] < HARDLY else None


def sentence(code: str) -> str:
    """What works, said in the language with this code where it is one of `SENTENCES`, and on a line of its own in English."""
    return "\n".join(filter(None, (SENTENCES.get(code), IN_ENGLISH)))


def language_of(line: str) -> str | None:
    """The code of the language that a line of `sentence` is in, for those who hear it read; None for English and anything else."""
    return next((code for code, said in SENTENCES.items() if said == line), None)


@cache
def _recogniser() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    recogniser = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    recogniser.set_languages(_RECOGNISED)
    return recogniser
