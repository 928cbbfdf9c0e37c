"""Figures told of a fact are those of the ledger, however the two write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.figures import figures_not_in

SAME = [
    ("1,204 rifles", "It counted 1204 rifles."),
    ("twelve hundred and four rifles", "1,204 rifles"),
    ("twenty-one thousand people", "21,000 people"),
    ("3 million hectares", "3,000,000 hectares"),
    ("US$2.5 billion", "2,500 million dollars"),
    ("33 states", "thirty-three states"),
    ("three killings", "3 killings over water"),
    ("3 killings", "the third killing"),
    ("12 eggs", "a dozen"),
    ("on 26 September 2005", "The report of 2005-09-26 says so."),
    ("in Sept. 2005", "September 2005"),
    ("in 1993", "from 1992-93"),
    ("one of the mayors", "a mayor"),
    ("four states", "Japan, the United Kingdom, Turkey and Saudi Arabia"),
    ("two sides", "the sides met in 1998"),
    ("the march in may", "no month"),
    ("29 to 33 per cent", "29-33 per cent"),
    ("two of the three members", "two members; three seats"),
    ("S/2017/272", "document S/2017/272"),
    ("the 1990s", "in the 1990s"),
    ("Antonio Navarro of the M-19", "Navarro presided"),
    ("98.5 billion pesos in 2024", "65.9 billion pesos (2020), 98.5 (2024)"),
    ("98.5 in 2024", "98.5 billion pesos in 2024"),
    ("the talks", ""),
]
OTHER = [
    ("1,204 rifles", "1,240 rifles", ("1,204",)),
    ("58.3 per cent", "58 per cent", ("58.3",)),
    ("58 per cent", "58.3 per cent", ("58",)),
    ("three killings in 2009", "four killings from 2005 to 2009", ("three",)),
    ("eleven villages", "some villages", ("eleven",)),
    ("on 26 October 2005", "on 26 September 2005", ("October",)),
    ("on 27 September 2005", "on 26 September 2005", ("27",)),
    ("in 2006", "in 2005", ("2006",)),
    ("2 million", "2 thousand", ("2 million",)),
    ("two hundred people", "two people", ("two hundred",)),
    ("445 and 445", "", ("445",)),
]


@pytest.mark.parametrize(("told", "held"), SAME)
def test_one_figure_in_two_forms_is_one(told: str, held: str) -> None:
    assert figures_not_in(told, held) == ()


@pytest.mark.parametrize(("told", "held", "missing"), OTHER)
def test_another_figure_is_named_as_it_is_told(told: str, held: str, missing: tuple[str, ...]) -> None:
    assert figures_not_in(told, held) == missing


@given(st.text(max_size=80) | st.text(alphabet="0123456789,.- thousandmilyfe", max_size=60))
def test_a_text_holds_its_own_figures(text: str) -> None:
    assert figures_not_in(text, text) == ()


@given(st.integers(11, 10**9), st.integers(11, 10**9))
def test_whole_numbers_are_told_apart(told: int, held: int) -> None:
    assert (figures_not_in(f"{told:,} people", f"{held} people") == ()) == (told == held)
