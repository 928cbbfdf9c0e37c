"""Another language is recognised, and English with foreign names is not taken for one."""

import pytest

from bot import language
from bot.follow_up import UNANSWERED
from corpus.questions import read_questions, shipped_questions
from corpus.reading import read_corpus, shipped_corpus
from tests.bot.conftest import COVERED, SPANISH


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (SPANISH, "es"),
        ("¿Cuántas víctimas hay?", "es"),
        ("quien mato a los lideres sociales", "es"),
        ("¿Qué pasó en Bojayá?", "es"),
        ("Kailan nilagdaan ang kasunduan ng MILF?", "tl"),
        ("Ilan ang namatay sa Marawi?", "tl"),
        ("Ano ang ginawa ng mga kababaihan para sa kapayapaan?", "tl"),
        ("Quand l'IRA a-t-elle désarmé ?", "fr"),
        ("Wie wird morgen das Wetter?", "de"),
        ("Quando foi assinado o acordo de paz na Colômbia?", "pt"),
        ("متى تم توقيع اتفاق السلام في كولومبيا؟", "ar"),
        ("Céard a tharla ar Dhomhnach na Fola?", "ga"),
        ("Когда было подписано соглашение?", "ru"),
        ("和平协议是什么时候签署的？", "zh"),
    ],
)
def test_another_language_is_recognised(question: str, code: str) -> None:
    assert language.foreign(question) == code


@pytest.mark.parametrize(
    "question",
    [
        *COVERED,
        "Mampuján Bojayá Marawi",
        "founding provinces Lanao del Sur Maguindanao Tawi-Tawi",
        "Tell me in Spanish what the chapter on victims says, por favor.",
        "Was Marwan killed at Mamasapano?",
        "ira arms",
        "1998",
        "Why?",
        "",
    ],
)
def test_english_and_mere_names_are_not_taken_for_another(question: str) -> None:
    assert language.foreign(question) is None


def test_no_question_that_the_corpus_answers_is_taken_for_another_language() -> None:
    golden = [question for question in read_questions(shipped_questions()) if question.half == "tuning"]
    listed = [question.text for case in read_corpus([shipped_corpus()]).cases for question in case.questions]
    asked = [text for question in golden for text in (question.text, *question.after)]
    assert [text for text in (*asked, *listed) if language.foreign(text)] == []


@pytest.mark.parametrize("code", [*language.SENTENCES, "pl"])
def test_what_works_is_said_in_the_readers_language_and_in_english(code: str) -> None:
    *own, english = language.sentence(code).split("\n")
    assert english == language.IN_ENGLISH
    assert own == [said for one, said in language.SENTENCES.items() if one == code]
    assert [language.language_of(line) for line in own] == [code] * len(own)
    assert language.language_of(english) is None
    assert language.sentence(code).startswith(UNANSWERED)
    assert code not in ("es", "tl", "fr", "de", "pt", "ga") or language.foreign(own[0]) == code
