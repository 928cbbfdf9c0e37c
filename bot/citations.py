"""Numbers for cited passages, in order of use; one citation a passage, whatever is quoted from it."""

from bot.schema import Citation, CitedCase, CitedSource
from corpus.case import Sentence
from index.case_index import CaseIndex
from index.passages import Passage


class Numbering:
    """Hands out citation numbers for one answer and remembers which sentences each citation is relied on for."""

    def __init__(self, index: CaseIndex, public_url: str) -> None:
        self._index = index
        self._public_url = public_url
        self._quoted: dict[str, set[str]] = {}
        self._passages: dict[str, Passage] = {}

    def cite(self, passage: Passage, sentence: Sentence) -> Citation:
        """The citation of a passage, now also for ``sentence``."""
        self._passages.setdefault(passage.id, passage)
        self._quoted.setdefault(passage.id, set()).add(sentence.text)
        return self._citation(passage)

    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number."""
        return tuple(self._citation(passage) for passage in self._passages.values())

    def _citation(self, passage: Passage) -> Citation:
        relied_on = [sentence for sentence in passage.sentences if sentence.text in self._quoted[passage.id]]
        return Citation(
            number=list(self._passages).index(passage.id) + 1,
            passage_id=passage.id,
            case=CitedCase(passage.case_id, passage.case_title, passage.case_kind, passage.areas, passage.as_of),
            section=passage.section,
            quote=" ".join(sentence.text for sentence in relied_on),
            url=f"{self._public_url}/cases/{passage.case_id}#{passage.anchor}",
            sources=self._sources(relied_on),
        )

    def _sources(self, sentences: list[Sentence]) -> tuple[CitedSource, ...]:
        named = dict.fromkeys(reference for sentence in sentences for reference in sentence.references)
        cited = ((self._index.sources[reference.source], reference.locator) for reference in named)
        return tuple(CitedSource(source.id, source.title, source.year, locator, source.url) for source, locator in cited)
