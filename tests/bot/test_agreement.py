"""Signals of how the words of two texts agree."""

from bot.agreement import Alignment, signals
from bot.wording import words_of

HELD = "Bishop Renn asked the Reed Front in May to close its camps, and most villages may vote."


def seen(told: str, held: str = HELD) -> dict[str, float]:
    return signals(Alignment(words_of(told), words_of(held)), told, held)


def test_a_text_agrees_with_itself() -> None:
    same = seen(HELD)
    assert same["held_share"] == same["used_share"] == 1
    assert {
        name: same[name] for name in ("new", "wrong", "clean_swap", "negated_otherwise", "causes_came", "hedges_went")
    } == dict.fromkeys(("new", "wrong", "clean_swap", "negated_otherwise", "causes_came", "hedges_went"), 0)


def test_two_names_exchanged_are_a_clean_swap_and_a_list_turned_is_none() -> None:
    assert seen("The Reed Front asked Bishop Renn in May to close its camps, and most villages may vote.")["swap_share"] == 1
    assert seen("Ilmar praised the talks and Sund left them early.", "Sund praised the talks and Ilmar left them early.")["clean_swap"] == 1
    assert seen("Renn and Holm met in Sund by night.", "Holm and Renn met in Sund by night.")["clean_swap"] == 0


def test_what_turns_a_sentence_is_seen() -> None:
    assert seen("Bishop Renn did not ask the Reed Front in May to close its camps.")["negators_beyond"] == 1
    assert seen("All villages may vote.")["universal_for_partial"] == 1
    assert seen("The villages vote.")["no_longer_planned"] == 1
    assert seen("Renn asked because villages vote.")["causes_came"] == 1
    assert seen("Villages lost.", "Villages won.")["opposites"] == 1
    assert seen("They left after the vote.", "They left before the vote.")["time_turned"] == 1
    assert seen("Bishop Renn asked the Reed Front in May to close its camps and burn every boat.")["new_tail"] > 0
