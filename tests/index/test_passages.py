"""Cases are cut at headings and whole sentences, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.case import Case, Corpus, Paragraph, Section, Sentence
from index.passages import MAX_WORDS, passages_of

words = st.lists(st.sampled_from("peace talks held the river towns of Valdoria in".split()), min_size=1, max_size=60)
sentences = words.map(lambda chosen: Sentence(" ".join(chosen) + ".", ()))
paragraphs = st.builds(
    Paragraph, st.sampled_from(["text", "item", "dispute", "analysis"]), st.lists(sentences, min_size=1, max_size=6).map(tuple), st.none()
)


def case_of(paragraphs_of_a_section: list[Paragraph]) -> Case:
    section = Section("Heading", 2, "heading", (), ("women",), tuple(paragraphs_of_a_section))
    return Case("a-case", "A case", "story", (), (), (), ("2000", None), ("women",), (), "2020", "published", (), (), (section,))


@given(st.lists(paragraphs, min_size=1, max_size=6))
def test_every_sentence_stands_in_exactly_one_passage_in_reading_order(given_paragraphs: list[Paragraph]) -> None:
    case = case_of(given_paragraphs)
    passages = passages_of(case)
    assert [s for passage in passages for s in passage.sentences] == list(case.sentences())
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert [passage.indexed_text[start:end] for start, end in passage.sentence_spans] == [s.text for s in passage.sentences]


@given(st.lists(paragraphs, min_size=1, max_size=6))
def test_a_passage_is_long_only_where_one_sentence_is(given_paragraphs: list[Paragraph]) -> None:
    longest = max(len(s.text.split()) for p in given_paragraphs for s in p.sentences)
    for passage in passages_of(case_of(given_paragraphs)):
        assert len(passage.text.split()) <= MAX_WORDS + longest


def test_passages_do_not_cross_headings_and_carry_the_trail(small_corpus: Corpus) -> None:
    for case in small_corpus.cases:
        for passage in passages_of(case):
            section = next(s for s in case.sections if s.heading == passage.section)
            of_section = {sentence for paragraph in section.paragraphs for sentence in paragraph.sentences}
            assert set(passage.sentences) <= of_section
            assert passage.indexed_text.startswith(f"{case.title}. ")
            assert passage.section in passage.heading_trail


def test_a_dispute_is_a_passage_of_its_own_with_its_fact(small_corpus: Corpus) -> None:
    disputes = [passage for case in small_corpus.cases for passage in passages_of(case) if passage.role == "dispute"]
    assert disputes
    for passage in disputes:
        assert passage.fact in small_corpus.facts
        assert all(paragraph.kind == "dispute" for paragraph in passage.paragraphs)


def test_the_questions_that_a_case_lists_help_to_find_the_section_that_answers_them(small_corpus: Corpus) -> None:
    case = next(case for case in small_corpus.cases if case.questions)
    question = case.questions[0]
    for passage in passages_of(case):
        assert (question.text in passage.words) == (passage.section == question.section)
        assert question.text not in passage.indexed_text
