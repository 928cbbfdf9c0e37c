"""Whether a quotation supports a sentence: rule by rule on the invented cases, and measured on pairs written to be caught."""

import pytest

from bot import support
from bot.support_pairs import KINDS, rates, read_pairs
from index.encoder import Encoder

OPENED = "The Harbour talks opened at Port Ilmar on 2 March 1991 with eleven delegates on each side."
CHAIRED = "Bishop Oskar Renn chaired the Harbour talks, and Gen. Ada Lindqvist of Orlund advised him on military questions."
SIGNED = "The Harbour Accord was signed on 9 October 1993 and has 34 articles."
VOTED = "In the vote of 20 February 1994, 58.3 per cent of the voters of Valdoria approved the Harbour Accord."
COUNTED = "The Orlund Observer Group counted 1,204 rifles and 17 mortars at four collection points between April and August 1994."
WATCHED = "Two retired schoolteachers from each lake village watched every count beside the Orlund Observer Group."
KEPT = "The government of Valdoria said in September 1994 that the Reed Front had kept about 300 rifles in Hallmoor forest."
FOUND = "The Orlund Observer Group answered in its report of November 1994 that its searches of Hallmoor forest had found no weapons."
QUOTAS = "Fish quotas were the first point on the agenda of Port Ilmar, because both delegations expected to agree on them quickly."


def verdict(encoder: Encoder, sentence: str, *quotation: str) -> support.Verdict:
    return support.judge(sentence, quotation, encoder)


@pytest.mark.parametrize(
    ("sentence", "quotation"),
    [
        (OPENED, OPENED),
        (OPENED.upper(), OPENED),
        ("On 2 March 1991 the Harbour talks opened at Port Ilmar with eleven delegates on each side.", OPENED),
        ("The Harbour talks opened at Port Ilmar on 2 March 1991 with 11 delegates on each side.", OPENED),
        ("The Harbour talks opened at Port Ilmar in March 1991.", OPENED),
        ("Bishop Oskar Renn chaired the Harbour talks.", CHAIRED),
        ("The Harbour Accord was signed on 9 October 1993.", SIGNED),
        ("The Orlund Observer Group counted 1,204 rifles and 17 mortars at four collection points.", COUNTED),
        ("At four collection points the Orlund Observer Group counted 1,204 rifles and 17 mortars between April and August 1994.", COUNTED),
        ("In the vote of 20 February 1994, 58.3% of the voters of Valdoria approved the Harbour Accord.", VOTED),
    ],
)
def test_what_the_quotation_says_is_supported(encoder: Encoder, sentence: str, quotation: str) -> None:
    assert verdict(encoder, sentence, quotation) == "supported"


def test_a_sentence_may_rest_on_two(encoder: Encoder) -> None:
    merged = "The Orlund Observer Group counted 1,204 rifles and 17 mortars, and two retired schoolteachers from each lake village watched."
    assert verdict(encoder, merged, COUNTED, WATCHED) == "supported"
    assert verdict(encoder, WATCHED, COUNTED, WATCHED) == "supported"


@pytest.mark.parametrize(
    ("sentence", "quotation"),
    [
        ("The Orlund Observer Group counted 1,240 rifles and 17 mortars at four collection points.", COUNTED),
        ("The Orlund Observer Group counted more than 1,300 rifles and 17 mortars at four collection points.", COUNTED),
        ("The Harbour Accord was signed on 9 October 1994.", SIGNED),
        ("The Harbour Accord was signed on 9 March 1993.", SIGNED),
        ("The Harbour talks opened at Port Ilmar on 3 March 1991 with eleven delegates on each side.", OPENED),
        ("Two thirds of the voters of Valdoria approved the Harbour Accord.", VOTED),
        ("Bishop Oskar Renn of Sund chaired the Harbour talks.", CHAIRED),
        ("The Quarrow Observer Group counted 1,204 rifles and 17 mortars at four collection points.", COUNTED),
        ("In the vote of 20 February 1994, 58.3 per cent of the voters of Tesmark approved the Harbour Accord.", VOTED),
    ],
)
def test_a_figure_a_date_or_a_name_that_the_quotation_lacks_takes_the_sentence_with_it(
    encoder: Encoder, sentence: str, quotation: str
) -> None:
    assert verdict(encoder, sentence, quotation) == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "quotation"),
    [
        (FOUND.replace("had found no weapons", "had found weapons"), FOUND),
        (CHAIRED.replace("chaired", "never chaired"), CHAIRED),
        (KEPT.replace("said in September 1994 that the Reed Front had kept", "and the Reed Front kept in September 1994"), KEPT),
        (OPENED.replace("with eleven", "because there were eleven"), OPENED),
        (SIGNED.replace("and has 34 articles", "as a result of its 34 articles"), SIGNED),
        (SIGNED.replace("34 articles", "34 articles, which both sides later broke"), SIGNED),
        (CHAIRED.replace("Bishop Oskar Renn", "General Ada Lindqvist").replace("Gen. Ada Lindqvist", "Oskar Renn"), CHAIRED),
        (WATCHED.replace("watched every count", "carried out every count"), WATCHED),
        (QUOTAS.replace("expected", "were forced"), QUOTAS),
    ],
)
def test_what_only_the_sentence_says_is_not_shown_as_written(encoder: Encoder, sentence: str, quotation: str) -> None:
    assert verdict(encoder, sentence, quotation) != "supported"


def test_a_sentence_about_something_else_is_not_supported(encoder: Encoder) -> None:
    for sentence in (
        "Land reform matters most to people who live far from the cities.",
        "Peace was good for everybody.",
        "It rained.",
        "It was.",
    ):
        assert verdict(encoder, sentence, OPENED) == "doubtful"


@pytest.mark.parametrize("sentence", ["", "  ", "...", "\u2014"])
def test_nothing_is_not_supported(encoder: Encoder, sentence: str) -> None:
    assert verdict(encoder, sentence, OPENED) == "unsupported"
    assert support.judge(OPENED, [], encoder) == "unsupported"


def test_a_judgement_says_why(encoder: Encoder) -> None:
    judged = support.judgement("The Harbour Accord was signed in Sund in 1995.", [SIGNED], encoder)
    assert judged == support.Judgement("unsupported", "not in the quotation: 1995, Sund")
    assert support.judgement(SIGNED, [SIGNED], encoder).reason == ""


def test_the_calibration_names_signals_that_there_are() -> None:
    calibration = support.calibration()
    assert set(calibration.signals) == set(support.Comparison(OPENED, OPENED).signals)
    assert 0 < calibration.threshold < 1


def test_the_measured_rates_hold_on_the_half_for_tuning(encoder: Encoder) -> None:
    found = rates([pair for pair in read_pairs() if pair.half == "tuning"], encoder)
    least = dict.fromkeys(KINDS, 0.97) | {"faithful": 0.85, "scope": 0.88}
    assert {kind: rate.share for kind, rate in found.items() if rate.share < least[kind]} == {}
