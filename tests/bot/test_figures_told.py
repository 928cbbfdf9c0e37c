"""The figures and dates of a sentence, held to those of its quotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures_told import Told
from bot.wording import words_of


def lacking(told: str, held: str) -> tuple[str, ...]:
    return Told(held, words_of(held)).lacks(Told(told, words_of(told)))


def turned(told: str, held: str) -> tuple[str, ...]:
    return Told(held, words_of(held)).turns(Told(told, words_of(told)))


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("five hundred boats", "500 boats"),
        ("13,000 soldiers", "thirteen thousand soldiers"),
        ("58.3 per cent voted", "58.3% voted"),
        ("a quarter of the voters", "25 per cent of the voters"),
        ("about a quarter of the voters", "25.3 per cent of the voters"),
        ("just over half of the seats", "51 per cent of the seats"),
        ("half of the 20 rules", "10 of 20 rules"),
        ("four fifths of the rules", "140 of the 175 rules"),
        ("one in five was against", "20 per cent were against"),
        ("some 8,000 rifles", "7,994 rifles"),
        ("more than 500 boats", "512 boats"),
        ("all but four of the 67 villages", "63 of the 67 villages"),
        ("a dozen committees", "three committees had not been formed and nine slept"),
        ("half a million people", "500,000 people"),
        ("for one year", "from 3 August 2023 to 3 August 2024"),
        ("three days later", "on 31 December 2022, and on 3 January 2023"),
        ("a fortnight later", "two weeks later"),
        ("in July 2024", "on 10 July 2024"),
        ("in 1993", "between 1992-93"),
        ("on 16 August 2014", "between 16 August and 16 December 2014"),
        ("in 1993 and on 5 June 1994", "by 1993, and on 5 June 1994"),
        ("on 11 October 2006", "from 11 to 13 October 2006"),
        ("quashed in 2022", "dropped in 2021, and quashed the following year"),
        ("the two sides", "the government and the Reed Front"),
        ("no one knew", "nobody knew"),
    ],
)
def test_a_figure_may_be_told_in_another_form(told: str, held: str) -> None:
    assert lacking(told, held) == ()


@pytest.mark.parametrize(
    ("told", "held", "missing"),
    [
        ("510 boats", "500 boats", ("510",)),
        ("8,000 rifles", "7,994 rifles", ("8,000",)),
        ("more than 520 boats", "512 boats", ("520",)),
        ("nearly 500 boats", "512 boats", ("500",)),
        ("a third of the voters", "25 per cent of the voters", ("a third",)),
        ("about half of the voters", "25 per cent of the voters", ("half",)),
        ("a dozen boats", "ten boats", ("dozen",)),
        ("in June 1984", "truces in 1984; it left in June 1985", ("June 1984",)),
        ("on 9 July 2024", "on 10 July 2024", ("9 July 2024",)),
        ("in 2023", "dropped in 2021, and quashed the following year", ("2023",)),
        ("one Senate seat", "two Senate seats", ("one",)),
    ],
)
def test_another_figure_or_date_is_told_as_written(told: str, held: str, missing: tuple[str, ...]) -> None:
    assert lacking(told, held) == missing


def test_a_figure_of_other_things_or_beyond_the_other_bound_is_turned() -> None:
    assert turned("two years and twelve groups", "twelve years and two groups") == ("two", "twelve")
    assert turned("less than 500 boats", "more than 500 boats") == ("500",)
    assert turned("500 boats", "more than 500 boats") == ()


@given(st.text(max_size=80))
def test_a_text_lacks_none_of_its_own_figures(text: str) -> None:
    assert lacking(text, text) == ()
