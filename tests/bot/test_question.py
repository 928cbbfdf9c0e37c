"""What was asked is cleaned of what nobody can see, and turned away when it is no question."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question import EMPTY, MAX_QUESTION_CHARS, TOO_LONG, InvalidQuestion, cleaned
from tests.bot.conftest import INVALID

# Surrogates, tags, bidirectional controls, joiners, private use, combining marks: all that can be in a Python string.
INVISIBLE = "\ud800\udfff\U000e0041\U000e007f\u202e\u2066\u2069\u200b\u200d\ufeff\u00ad\ue000\U0010ffff\x00\x1b"
ODD = INVISIBLE + "\x85\u2028\u00a0\u0301\u1100\u1161e 1?"
ANYTHING = st.text(alphabet=st.one_of(st.characters(exclude_categories=[]), st.sampled_from(ODD)))


@given(ANYTHING)
def test_any_text_is_cleaned_for_good_or_turned_away_with_a_sentence(text: str) -> None:
    try:
        question = cleaned(text)
    except InvalidQuestion as problem:
        said = str(problem)
    else:
        said, again = "", cleaned(question)
    if said:
        assert said in (EMPTY, TOO_LONG)
        assert not any(c.isalnum() for c in text) or len(text) > MAX_QUESTION_CHARS
        return
    assert again == question
    assert question == " ".join(question.split())
    assert unicodedata.is_normalized("NFC", question)
    assert not {c for c in question if unicodedata.category(c).startswith("C")}
    question.encode("utf-8")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=40), st.text(alphabet=INVISIBLE))
def test_what_is_invisible_changes_nothing(visible: str, hidden: str) -> None:
    between = hidden.join(f"Who {visible}")
    assert cleaned(between) == cleaned(f"Who {visible}")


@pytest.mark.parametrize("text", INVALID)
def test_no_question_gets_its_sentence(text: str) -> None:
    with pytest.raises(InvalidQuestion) as problem:
        cleaned(text)
    assert str(problem.value) == INVALID[text]


def test_the_limit_counts_what_is_seen() -> None:
    longest = "a" * MAX_QUESTION_CHARS
    assert cleaned(f" \u200b{longest}\u202e ") == longest
    with pytest.raises(InvalidQuestion):
        cleaned(longest + "a")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("  Who\tchaired \n the talks?  ", "Who chaired the talks?"),
        ("Who\u00a0chaired\u2003the talks?", "Who chaired the talks?"),
        ("Wh\u200bo cha\u202eired?", "Who chaired?"),
        ("Who chaired?\U000e0069\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065", "Who chaired?"),
        ("Mampuja\u0301n?", "Mampuj\u00e1n?"),
        ("\udcff who?", "who?"),
        ("¿Quién presidió?", "¿Quién presidió?"),
    ],
)
def test_a_question_is_cleaned(text: str, question: str) -> None:
    assert cleaned(text) == question
