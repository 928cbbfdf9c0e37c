"""Numbers in order of use, one a passage, with exactly what is relied on and its sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import Numbering
from corpus.case import Sentence
from index.case_index import CaseIndex
from index.passages import Passage

URL = "https://peace.example.org/bot"


def all_sentences(index: CaseIndex) -> list[tuple[Passage, Sentence]]:
    return [(passage, sentence) for passage in index.passages for sentence in passage.sentences]


@given(st.data())
def test_numbers_follow_use_and_a_passage_is_one_citation(small_index: CaseIndex, data: st.DataObject) -> None:
    used = data.draw(st.lists(st.sampled_from(all_sentences(small_index)), max_size=12))
    numbering = Numbering(small_index, URL)
    handed_out = [numbering.cite(passage, sentence) for passage, sentence in used]
    in_order = list(dict.fromkeys(passage.id for passage, _ in used))
    assert [citation.number for citation in handed_out] == [in_order.index(passage.id) + 1 for passage, _ in used]
    last = numbering.citations()
    assert [citation.passage_id for citation in last] == in_order
    assert [citation.number for citation in last] == list(range(1, len(in_order) + 1))
    for citation in last:
        relied_on = [text for passage, text in used if passage.id == citation.passage_id]
        passage = next(passage for passage, _ in used if passage.id == citation.passage_id)
        assert citation.quote == " ".join(sentence.text for sentence in passage.sentences if sentence in relied_on)
        named = {(reference.source, reference.locator) for sentence in relied_on for reference in sentence.references}
        assert {(source.id, source.locator) for source in citation.sources} == named
        assert len(citation.sources) == len(named)


def test_a_citation_leads_to_its_passage_and_describes_its_case(small_index: CaseIndex) -> None:
    passage = next(passage for passage in small_index.passages if passage.id == "valdoria-harbour-accord#how-the-talks-at-port-ilmar-began")
    chaired = next(sentence for sentence in passage.sentences if "chaired" in sentence.text)
    citation = Numbering(small_index, URL).cite(passage, chaired)
    assert citation.url == f"{URL}/cases/valdoria-harbour-accord#how-the-talks-at-port-ilmar-began"
    assert citation.section == "How the talks at Port Ilmar began"
    assert (citation.case.title, citation.case.kind) == ("The Harbour Accord of Valdoria", "process")
    assert (citation.case.areas, citation.case.as_of) == (("valdoria",), "2021-06")
    assert [(source.id, source.year, source.locator) for source in citation.sources] == [
        ("torvald-history-2001", 2001, "ch. 3"),
        ("reed-front-diary-1991", 1991, None),
    ]


def test_a_source_cited_at_two_places_is_named_with_both(small_index: CaseIndex) -> None:
    passage = next(passage for passage in small_index.passages if passage.id == "valdoria-harbour-accord#how-the-talks-at-port-ilmar-began")
    numbering = Numbering(small_index, URL)
    for sentence in passage.sentences:
        numbering.cite(passage, sentence)
    [citation] = numbering.citations()
    assert [source.locator for source in citation.sources if source.id == "torvald-history-2001"] == ["pp. 14-19", "ch. 3", "p. 61"]


@pytest.mark.parametrize("number", [0, 1])
def test_nothing_used_is_nothing_cited(small_index: CaseIndex, number: int) -> None:
    numbering = Numbering(small_index, URL)
    for passage, sentence in all_sentences(small_index)[:number]:
        numbering.cite(passage, sentence)
    assert len(numbering.citations()) == number
