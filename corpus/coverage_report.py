"""What the corpus covers and what it rests on: cases by theme and area, and how much stands behind each area."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.across_files import cited_by
from corpus.case import Case, Corpus, Source

NO_AREA = "No area"

PRIMARY_TYPES = frozenset(("treaty", "legislation", "legal_case", "speech", "hearing", "dataset", "document"))
"""Types of sources that are primary whoever issued them; a report is so where an official body wrote it."""

_OFFICIAL = re.compile(
    r"\b(?:UN|U\.N\.|United Nations|UN(?:DP|HCR|ICEF|FPA|ESCO|AMI[DLS]|VMC|MIN|MIS|MIK|Women)|Secretary-General|Security Council|"
    r"Governments?|Ministry|Ministries|Department|Commission|Parliament|Senate|Congress|House of|Assembly|President|Presidency|"
    r"Police|Army|Armed Forces|Ombudsman|Court|Tribunal|Agency|Board|Bureau|Monitoring (?:Team|Mission)|Verification Mission|"
    r"European (?:Union|Commission|Council)|African Union|World Bank|OECD|OSCE|IGAD|ECOWAS|ASEAN|OAS|Organi[sz]ation of American States|"
    r"Gobierno|Ministerio|Presidencia|Comisi[oó]n|Congreso|Senado|Corte|Tribunal|Defensor[ií]a|Fiscal[ií]a|Jurisdicci[oó]n|"
    r"Registradur[ií]a|Unidad|Centro Nacional)\b"
)


@dataclass(frozen=True, slots=True)
class Holding:
    """How much stands behind an area, or behind the whole corpus: cases, their words, the sources they cite and the oldest date."""

    name: str
    cases: int
    words: int
    sources: int
    primary: int
    oldest: str

    @property
    def primary_share(self) -> float:
        """The share of the sources that are primary, from 0 to 1."""
        return self.primary / self.sources if self.sources else 0.0


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The number of cases for each theme in each area, and the holdings of each area with those of all at the end."""

    areas: tuple[str, ...]
    themes: tuple[tuple[str, tuple[int, ...]], ...]
    holdings: tuple[Holding, ...]


def coverage_report(corpus: Corpus) -> CoverageReport:
    """The report on a corpus. A case of two areas counts in both, and once in all; one of none stands under ``No area``."""
    grouped = [(term.name, [case for case in corpus.cases if area in case.areas]) for area, term in corpus.vocabulary.areas.items()]
    if stray := [case for case in corpus.cases if not case.areas]:
        grouped.append((NO_AREA, stray))
    grouped.append(("All", list(corpus.cases)))
    return CoverageReport(
        areas=tuple(name for name, _ in grouped),
        themes=tuple(
            (term.name, tuple(sum(theme in case.themes for case in cases) for _, cases in grouped))
            for theme, term in corpus.vocabulary.themes.items()
        ),
        holdings=tuple(_holding(name, cases, corpus) for name, cases in grouped),
    )


def _holding(name: str, cases: Sequence[Case], corpus: Corpus) -> Holding:
    cited = [corpus.sources[source] for source in sorted({source for case in cases for source in cited_by(case)})]
    return Holding(
        name=name,
        cases=len(cases),
        words=sum(len(sentence.text.split()) for case in cases for sentence in case.sentences()),
        sources=len(cited),
        primary=sum(map(is_primary, cited)),
        oldest=min((case.as_of for case in cases), default=""),
    )


def is_primary(source: Source) -> bool:
    """Whether a source is a document of what happened rather than an account of it.

    Who is an official or intergovernmental body is told by the words of its name, so that the share is a close estimate.
    """
    return source.type in PRIMARY_TYPES or (source.type == "report" and any(map(_OFFICIAL.search, _bodies(source))))


def _bodies(source: Source) -> Iterable[str]:
    return (str(name["literal"]) for name in source.csl.get("author") or () if name.get("literal"))
