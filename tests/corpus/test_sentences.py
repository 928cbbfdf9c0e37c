"""Sentences of this domain: abbreviations, numbers, titles, documents and quotations that a splitter may stumble over."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans

# A bar stands where one sentence ends and the next begins.
TRICKY = [
    "The Secretary-General wrote in S/2017/272 that the mission had begun.| The UN Mission counted 8,994 arms.",
    "The damage came to US$2-3 billion.| The state paid a part.",
    'Colombia promised "3 million hectares".| The state handed over less.',
    "The law, R.A. 11054, was signed in July 2018.| The plebiscite followed.",
    "Republic Act No. 11054 was signed.| Voters approved the law in January 2019.",
    "J. Salmond wrote about the talks.| N. Tuck did as well.",
    "'We have no other option,' said Gen. Naranjo.| The talks went on.",
    "'We have no other option.' said Gen. Naranjo.| The talks went on.",
    "'Peace is hard.'| The mayor of Cali said so in 2019.",
    "Sr. Clare visited St. Patrick's in 1998.| Fr. Reid was there.",
    "Gen. de Chastelain reported on 26 September 2005.| Col. Smith agreed.",
    "The court cited Art. 5 of the law.| Para. 3 says more.",
    "In Smith v. Jones the court held so.| The U.N. Security Council met.",
    "The mission was led by the U.N. in 2016.",
    "The mission was led by the U.N. Mission in Colombia.",
    "About approx. 3,000 people fled.| Families returned c. 1990 to the valley.",
    "Rep. Act 6734, the ARMM law, etc. were old.| Next came BARMM.",
    "See p. 5 and pp. 6-9 of the report.| The rest is lost.",
    "At 10 a.m. the crowd met.| At 5 p.m. the crowd left.",
    "The MILF said that its camps would close (see No. 5).| The government agreed.",
    "The council met (all 33 members came).| The vote was open.",
    "Did the IRA disarm?| The IICD said so!| The DUP doubted it.",
    "Dr. Mo Mowlam, M.P., was Secretary of State.| Mr. Blair agreed.",
    "Fewer than 5.5 per cent voted.| Some 71.1 per cent said yes.",
    "Sen. George Mitchell chaired the talks.| Lt. Col. Wilson did not.",
    "Lt. Gen. Mendoza and Maj. Rojas signed.| Sgt. Diaz stood by.",
    "The deal of 24 Nov. 2016 replaced the first.| The vote of 2 Oct. 2016 failed.",
    "The report 'Making Peace' appeared in 2001.| Another followed.",
    "The E.U. paid 3 million.| The U.S. paid 1 million.",
    "The 32 Co. Armagh families left.| Co. Down took them.",
    "The party won 5 seats...| The other won 6.",
    "Women of Camp Darapanan met.| Others stayed at home.",
    "The talks were held in Washington D.C. in 2016.| The host was USIP.",
    "Point 3.1.4.1 of the agreement says so.| Point 3.2 differs.",
    "The Rev. Ian Paisley and Fr. Alec Reid met.| Mrs. May did not.",
    'Pia Holm said: "We won."| Marit Oe said: "We lost."',
    'The vote was called "a new day".| The next vote was not.',
    "The committee had 5 members, incl. J. Paul Lederach.| D. Nylander chaired.",
    "Half of the rifles were found.| Two mortars were not.",
    "No weapon was found.| All of the camps were empty.",
    "The elders said so.| The young voted by hand.",
    "The market opened at last.| Herders came from St. Anne and Mt. Apo.",
    "The Kroc Institute counted 578 provisions (31 per cent complete).| The rest were under way.",
    "The Sunningdale Agreement of 1973 fell.| The Belfast Agreement of 10 April 1998 held.",
    "The Ateneo de Zamboanga, Inc. published the study.| The study covers 1,266 feuds.",
    "The G.R. No. 183591 ruling struck down the MOA-AD.| The vote was 8 to 7.",
    "The Bogotá office of the O.A.S. verified 31,671 fighters.| The M.A.P.P. stayed.",
    "The village of San José de Apartadó said \u201cNo.\u201d| The army came back.",
    "Resolution 1325 (2000) was adopted on 31 Oct. 2000.| Resolution 2250 followed.",
    "The guards earn \u00a39.50 an hour.| The peace wall at Cupar St. stands.",
    "John Hume of the S.D.L.P. met Gerry Adams in 1988.| The talks were secret.",
    "The court sat in Cotabato City.| Judge J. R. Santos presided.",
]


@pytest.mark.parametrize("marked", TRICKY)
def test_sentences_of_this_domain_are_split_where_a_reader_would(marked: str) -> None:
    text = marked.replace("|", "")
    assert [text[start:end] for start, end in sentence_spans(text)] == [part.strip() for part in marked.split("|")]


def test_a_certain_end_is_one_whatever_the_splitter_thinks() -> None:
    text = "The mission was sent by the U.N. Colombia agreed."
    assert sentence_spans(text) == [(0, len(text))]
    assert sentence_spans(text, [text.index(" Colombia")]) == [(0, 32), (33, len(text))]


def test_blank_text_has_no_sentences() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n ") == []


def test_splitting_does_not_depend_on_what_was_split_before() -> None:
    text = "The clerk wrote Xyz. Others read on. Xyz. is no word."
    first = sentence_spans(text)
    for marked in TRICKY:
        sentence_spans(marked)
    assert sentence_spans(text) == first


TEXTS = st.lists(
    st.sampled_from([*"AbZ9.!?,;:()\"' \n\t-", "Gen.", "No. 5", "S/2017/272", "U.N.", "é", "\u201d", "\u2019", "...", " The "]), max_size=60
).map("".join)


@given(TEXTS | st.text(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_spans_cover_all_that_is_not_blank_in_order(text: str, ends: list[int]) -> None:
    spans = sentence_spans(text, ends)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert _without_blanks("".join(text[start:end] for start, end in spans)) == _without_blanks(text)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def _without_blanks(text: str) -> str:
    return "".join(text.split())
