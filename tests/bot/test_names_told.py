"""The names of a sentence, held to those of its quotation."""

import pytest

from bot.names_told import is_kin, names_not_in
from bot.wording import words_of


def lacking(told: str, held: str, openings: bool = False) -> tuple[str, ...]:
    return names_not_in(words_of(told), words_of(held), openings)


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("In Valdoria the Front spoke.", "The Valdorian front spoke."),
        ("The OOG counted.", "The Orlund Observer Group counted."),
        ("The Orlund Observer Group counted.", "The OOG counted."),
        ("With London it agreed.", "The British government agreed with it."),
        ("With Norway's help it was done.", "Norwegian officials helped."),
        ("Then General Renn spoke.", "Renn spoke."),
        ("Villages agreed.", "The hamlets agreed."),
    ],
)
def test_a_name_may_be_told_otherwise(told: str, held: str) -> None:
    assert lacking(told, held) == ()


@pytest.mark.parametrize(
    ("told", "held", "missing"),
    [
        ("The talks opened at Sund.", "The talks opened at Port Ilmar.", ("Sund",)),
        ("The TOG counted.", "The Orlund Observer Group counted.", ("TOG",)),
        ("The MILF signed.", "The MNLF signed.", ("MILF",)),
        ("In Liberia the war ended.", "In Sierra Leone the war ended.", ("Liberia",)),
        ("They were killed by loyalist gunmen.", "They were killed by republican gunmen.", ("loyalist",)),
    ],
)
def test_another_name_or_group_is_told_as_written(told: str, held: str, missing: tuple[str, ...]) -> None:
    assert lacking(told, held) == missing


def test_the_capital_that_opens_a_sentence_is_looked_at_only_on_demand() -> None:
    told, held = "Sund City voted.", "Ilmar City voted."
    assert lacking(told, held) == ()
    assert lacking(told, held, openings=True) == ("Sund",)


def test_kin_are_forms_of_one_word_and_not_words_that_begin_alike() -> None:
    assert is_kin("colombia", "colombian")
    assert is_kin("irish", "ireland")
    assert not is_kin("armenia", "argentin")
    assert not is_kin("niger", "nigeria")
    assert not is_kin("mali", "malawi")
