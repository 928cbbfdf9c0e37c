"""What the corpus covers and what it rests on."""

from pathlib import Path

import pytest

from bot import terminal
from corpus.case import Corpus, Source
from corpus.coverage_report import CoverageReport, Holding, coverage_report, is_primary
from corpus.reading import read_corpus

SMALL = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture(scope="module")
def small() -> Corpus:
    return read_corpus([SMALL])


def test_a_case_of_two_areas_counts_in_both_and_once_in_all(small: Corpus) -> None:
    report = coverage_report(small)
    assert report.areas == ("Valdoria", "Orlund", "All")
    themes = dict(report.themes)
    assert len(themes) == len(small.vocabulary.themes)
    assert themes["Local peacebuilding"] == (1, 2, 2)
    assert themes["Women in peace processes"] == (1, 1, 1)


def test_cases_words_sources_and_dates_are_counted(small: Corpus) -> None:
    valdoria, orlund, whole = coverage_report(small).holdings
    assert (valdoria.cases, orlund.cases, whole.cases) == (2, 2, 3)
    assert whole.words == sum(len(sentence.text.split()) for case in small.cases for sentence in case.sentences())
    assert whole.sources == len(small.sources)
    assert whole.primary == sum(map(is_primary, small.sources.values())) > 0
    assert (valdoria.oldest, orlund.oldest, whole.oldest) == ("2020-01-31", "2019", "2019")


def test_cases_of_no_area_stand_by_themselves(tmp_path: Path) -> None:
    text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
    own = tmp_path / "tesmark-water-committees.md"
    own.write_text(text.replace("areas: [orlund]", "areas: []"), encoding="utf-8")
    report = coverage_report(read_corpus([SMALL, tmp_path]))
    assert report.areas == ("Valdoria", "Orlund", "No area", "All")
    assert dict(report.themes)["Local peacebuilding"] == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("kind", "author", "primary"),
    [
        ("treaty", "Anyone", True),
        ("document", "Anyone", True),
        ("book", "United Nations", False),
        ("report", "UN Secretary-General", True),
        ("report", "UNDP", True),
        ("report", "Comisión de la Verdad", True),
        ("report", "Third Party Monitoring Team", True),
        ("report", "Human Rights Watch", False),
        ("report", "Union of Net Menders", False),
    ],
)
def test_a_primary_source_is_known_by_its_type_or_by_the_body_that_reports(kind: str, author: str, primary: bool) -> None:
    assert is_primary(Source("a", "A", kind, None, None, {"author": [{"literal": author}]})) is primary


def test_a_report_of_persons_is_an_account() -> None:
    assert not is_primary(Source("a", "A", "report", None, None, {"author": [{"family": "Court", "given": "Ann"}]}))


def test_the_tables_keep_to_a_hundred_columns_however_many_areas_there_are() -> None:
    areas = (*(f"Area {n} Beautiful" for n in range(14)), "All")
    holdings = tuple(Holding(name, 3, 12_345, 40, 10, "2015-11") for name in areas)
    shown = terminal.coverage(CoverageReport(areas, (("Indigenous peoples and ethnic groups", tuple(range(15))),), holdings)).splitlines()
    assert max(map(len, shown)) <= 100
    assert sum(line.startswith("Indigenous peoples") for line in shown) == 3
    assert any(line.split() == ["Area", "13", "Beautiful", "3", "12,345", "40", "25%", "2015-11"] for line in shown)


def test_an_area_without_cases_shows_dashes() -> None:
    report = CoverageReport(("Sund",), (("Women", (0,)),), (Holding("Sund", 0, 0, 0, 0, ""),))
    assert terminal.coverage(report).splitlines()[-1].split() == ["Sund", "0", "0", "0", "-", "-"]
