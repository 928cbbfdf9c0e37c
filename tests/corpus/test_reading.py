"""Folders -> Corpus: what a case becomes, how folders lie over each other, and what only several files together show wrong."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.case import Case, Corpus, Paragraph, Reference, Sentence, TimelineEntry
from corpus.problems import CorpusError, Problem
from corpus.reading import corpus_digest, read_corpus, shipped_corpus

SMALL = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture(scope="module")
def small() -> Corpus:
    return read_corpus([SMALL])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The small corpus in a folder of its own, to be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "copy"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's corpus folder, empty."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def case(corpus: Corpus, name: str) -> Case:
    return next(case for case in corpus.cases if case.id == name)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems(*folders: Path) -> list[Problem]:
    with pytest.raises(CorpusError) as caught:
        read_corpus(folders)
    return list(caught.value.problems)


class TestWhatACaseBecomes:
    def test_cases_are_sorted_by_id(self, small: Corpus) -> None:
        assert [case.id for case in small.cases] == ["tesmark-water-committees", "valdoria-harbour-accord", "women-at-the-table"]

    def test_front_matter(self, small: Corpus) -> None:
        accord = case(small, "valdoria-harbour-accord")
        assert (accord.kind, accord.areas, accord.countries) == ("process", ("valdoria",), ("XV",))
        assert (accord.period, accord.as_of) == (("1987", "1994-08-15"), "2021-06")
        assert (accord.places[0].name, accord.places[0].lat, accord.places[0].lon) == ("Port Ilmar", 61.25, 4.5)
        assert accord.timeline[1] == TimelineEntry("1993", "The Harbour Accord is signed", (Reference("harbour-accord-1993", "preamble"),))
        assert accord.questions[1].section == "How Valdoria voted on the accord"
        assert case(small, "tesmark-water-committees").period == ("2004", None)

    def test_norway_is_no_falsehood_and_a_month_no_sum(self, copy: Path) -> None:
        path = copy / "valdoria-harbour-accord.md"
        change(path, "countries: [XV]", "countries: [NO, GB]")
        change(path, "as_of: 2021-06", "as_of: '2021-06'")
        accord = case(read_corpus([copy]), "valdoria-harbour-accord")
        assert (accord.countries, accord.as_of) == (("NO", "GB"), "2021-06")

    def test_sections_know_their_trail_anchor_and_themes(self, small: Corpus) -> None:
        sections = {section.heading: section for section in case(small, "valdoria-harbour-accord").sections}
        voted = sections["How Valdoria voted on the accord"]
        assert (voted.level, voted.anchor, voted.trail) == (3, "how-valdoria-voted-on-the-accord", ("What the Harbour Accord promised",))
        assert voted.themes == ("public-votes",)
        assert sections["How the handover of weapons was verified"].themes == ("weapons-and-ddr", "verification")
        assert sections["How the talks at Port Ilmar began"].themes == ("weapons-and-ddr", "verification", "public-votes")

    def test_a_sentence_is_clean_prose_with_its_references_facts_and_line(self, small: Corpus) -> None:
        sentences = case(small, "valdoria-harbour-accord").sentences()
        counted = next(sentence for sentence in sentences if "mortars" in sentence.text)
        lines = (SMALL / "valdoria-harbour-accord.md").read_text(encoding="utf-8").splitlines()
        assert counted == Sentence(
            "The Orlund Observer Group counted 1,204 rifles and 17 mortars at four collection points between April and August 1994.",
            (Reference("observer-report-1994", "p. 8"),),
            ("va-weapons-01",),
            1 + next(number for number, line in enumerate(lines) if "mortars" in line),
        )
        assert all("[" not in sentence.text and "*" not in sentence.text for sentence in sentences)
        assert all(sentence.text.split()[0].strip("*[") in lines[sentence.line - 1] for sentence in sentences)

    def test_several_references_and_a_locator_with_a_comma(self, small: Corpus) -> None:
        sentences = [sentence for case in small.cases for sentence in case.sentences()]
        settled = next(sentence for sentence in sentences if "412" in sentence.text)
        assert settled.references == (
            Reference("tesmark-rules-2005", "preface to the second edition"),
            Reference("grell-wells-2010", "p. 40"),
        )
        camps = next(sentence for sentence in sentences if "nine of its camps" in sentence.text)
        assert camps.references == (Reference("harbour-accord-1993", "annex C, para. 4"),)

    def test_kinds_of_paragraphs(self, small: Corpus) -> None:
        paragraphs = [paragraph for case in small.cases for section in case.sections for paragraph in section.paragraphs]
        assert [paragraph.kind for paragraph in paragraphs if paragraph.kind != "text"] == ["item", "item", "dispute", "analysis"]
        dispute = next(paragraph for paragraph in paragraphs if paragraph.kind == "dispute")
        assert (dispute.fact, len(dispute.sentences)) == ("va-weapons-02", 2)
        analysis = next(paragraph for paragraph in paragraphs if paragraph.kind == "analysis")
        assert [sentence.references[0].source for sentence in analysis.sentences] == [
            "case:valdoria-harbour-accord",
            "case:tesmark-water-committees",
        ]

    def test_paragraphs_of_one_block_are_one(self, copy: Path) -> None:
        change(copy / "valdoria-harbour-accord.md", "The Orlund Observer Group answered", "\n\nThe Orlund Observer Group answered")
        dispute = _dispute(case(read_corpus([copy]), "valdoria-harbour-accord"))
        assert len(dispute.sentences) == 2

    def test_sources_facts_and_words(self, small: Corpus) -> None:
        assert (small.sources["grell-wells-2010"].year, small.sources["lantern-fund-2007"].year) == (2010, None)
        assert small.sources["torvald-history-2001"].url == "https://doi.org/10.5555/valdoria.2001"
        assert [account.by for account in small.facts["va-weapons-02"].dispute] == [
            "The government of Valdoria",
            "The Orlund Observer Group",
        ]
        assert small.facts["va-vote-01"].caveat == "Of valid votes; blank ballots are left out."
        assert small.facts["te-women-01"].checked.on == "2026"
        assert small.vocabulary.areas["orlund"].synonyms == ("Orlunder",)


def _dispute(case: Case) -> Paragraph:
    return next(paragraph for section in case.sections for paragraph in section.paragraphs if paragraph.kind == "dispute")


class TestFoldersOverEachOther:
    def test_a_later_folder_wins(self, own: Path) -> None:
        text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
        (own / "tesmark-water-committees.md").write_text(text.replace("title: The", "title: Our own"), encoding="utf-8")
        assert case(read_corpus([SMALL, own]), "tesmark-water-committees").title == "Our own water committees of the Tesmark valley"
        assert case(read_corpus([own, SMALL]), "tesmark-water-committees").title == "The water committees of the Tesmark valley"

    def test_a_file_of_four_lines_withdraws_a_case(self, own: Path) -> None:
        (own / "tesmark-water-committees.md").write_text("---\nid: tesmark-water-committees\nstatus: withdrawn\n---\n", encoding="utf-8")
        assert [case.id for case in read_corpus([SMALL, own]).cases] == ["valdoria-harbour-accord", "women-at-the-table"]

    def test_a_draft_leaves_the_case_below_in_place_and_its_mistakes_hold_nothing_up(self, own: Path) -> None:
        (own / "women-at-the-table.md").write_text("---\nid: women-at-the-table\nstatus: draft\n---\nTo be written\n", encoding="utf-8")
        assert case(read_corpus([SMALL, own]), "women-at-the-table").title == "Women at the table in Valdoria and Orlund"

    def test_sources_facts_and_words_are_laid_over_by_id(self, own: Path) -> None:
        sources = json.loads((SMALL / "sources.json").read_text(encoding="utf-8"))
        grell = next(source for source in sources if source["id"] == "grell-wells-2010")
        (own / "sources.json").write_text(json.dumps([{**grell, "title": "Twenty Wells"}]), encoding="utf-8")
        (own / "vocabulary.yaml").write_text("areas: {orlund: {name: Greater Orlund}, sund: {name: Sund}}", encoding="utf-8")
        (own / "facts").mkdir()
        facts = (SMALL / "facts" / "orlund.yaml").read_text(encoding="utf-8").split("\n- ")[0]
        (own / "facts" / "mine.yaml").write_text(facts.replace("confidence: high", "confidence: low"), encoding="utf-8")
        corpus = read_corpus([SMALL, own])
        assert corpus.sources["grell-wells-2010"].title == "Twenty Wells"
        assert corpus.facts["te-committees-01"].confidence == "low"
        assert {term.id: term.name for term in corpus.vocabulary.areas.values()} == {
            "valdoria": "Valdoria",
            "orlund": "Greater Orlund",
            "sund": "Sund",
        }

    def test_what_editors_and_systems_leave_behind_is_no_case(self, copy: Path) -> None:
        before = corpus_digest([copy])
        for name in (
            "._women-at-the-table.md",
            ".#women-at-the-table.md",
            "women-at-the-table.md~",
            ".obsidian/notes.md",
            "facts/._orlund.yaml",
        ):
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_bytes(b"\x00\x05\x16\x07")
        assert len(read_corpus([copy]).cases) == 3
        assert corpus_digest([copy]) == before

    def test_a_corpus_may_lie_in_a_hidden_folder(self, tmp_path: Path) -> None:
        assert len(read_corpus([Path(shutil.copytree(SMALL, tmp_path / ".local" / "corpus"))]).cases) == 3

    def test_a_folder_named_cases_holds_all_cases(self, own: Path) -> None:
        (own / "cases" / "orlund").mkdir(parents=True)
        text = (SMALL / "tesmark-water-committees.md").read_text(encoding="utf-8")
        (own / "cases" / "orlund" / "wells.md").write_text(text.replace("id: tesmark-water-committees", "id: wells"), encoding="utf-8")
        (own / "notes.md").write_text("No case.", encoding="utf-8")
        assert "wells" in [case.id for case in read_corpus([SMALL, own]).cases]


class TestWhatSeveralFilesShow:
    def test_all_problems_of_all_files_come_in_one_report(self, copy: Path) -> None:
        change(copy / "tesmark-water-committees.md", "kind: story", "kind: tale")
        change(copy / "women-at-the-table.md", " [@torvald-history-2001, p. 150]", "")
        change(copy / "women-at-the-table.md", "principles: []", "principles: [patience]")
        change(copy / "facts" / "orlund.yaml", "confidence: high", "confidence: sure")
        change(copy / "sources.json", "https://lantern.example.org/2006", "lantern.example.org")
        change(copy / "vocabulary.yaml", "{name: Armed group}", "Armed group")
        found = problems(copy)
        assert [(problem.path.name, problem.what) for problem in found] == [
            ("orlund.yaml", "'sure' is no value of 'confidence'"),
            ("sources.json", "The URL of the source 'lantern-fund-2007' is no web address"),
            ("tesmark-water-committees.md", "'tale' is no value of 'kind'"),
            ("vocabulary.yaml", "'armed-group' is text where a mapping {name: ..., synonyms: [...]} is expected"),
            ("women-at-the-table.md", "'patience' is no value of 'principles'"),
            ("women-at-the-table.md", "No citation supports 'Scholar Lena Torvald wrote in 2001 that the rules of voting ...'"),
        ]
        assert str(CorpusError(found)) == "\n".join(map(str, found))

    def test_ids_that_stand_twice_in_a_folder(self, copy: Path) -> None:
        (copy / "again").mkdir()
        shutil.copy(copy / "women-at-the-table.md", copy / "again")
        change(copy / "facts" / "orlund.yaml", "id: te-women-01", "id: te-killings-01")
        change(copy / "women-at-the-table.md", "fact=te-women-01", "fact=te-killings-01")
        change(copy / "again" / "women-at-the-table.md", "fact=te-women-01", "fact=te-killings-01")
        change(copy / "sources.json", '"id": "wells-act-2012"', '"id": "torvald-history-2001"')
        change(copy / "facts" / "orlund.yaml", "wells-act-2012", "torvald-history-2001")
        for path in (copy / "again" / "women-at-the-table.md", copy / "women-at-the-table.md", copy / "tesmark-water-committees.md"):
            change(path, "@wells-act-2012", "@torvald-history-2001")
        assert [problem.what for problem in problems(copy)] == [
            "The fact 'te-killings-01' stands twice",
            "The source 'torvald-history-2001' stands twice",
            f"The id 'women-at-the-table' belongs to {copy / 'again' / 'women-at-the-table.md'} too",
        ]

    def test_a_fact_that_no_case_tells(self, copy: Path) -> None:
        change(copy / "women-at-the-table.md", "[31 per cent of the members]{fact=te-women-01}", "31 per cent of the members")
        [problem] = problems(copy)
        line = (copy / "facts" / "orlund.yaml").read_text(encoding="utf-8").splitlines().index("- id: te-women-01") + 1
        assert (problem.path.name, problem.line, problem.what) == ("orlund.yaml", line, "No case tells the fact 'te-women-01'")
        assert "[words]{fact=te-women-01}" in problem.cure

    def test_a_source_that_nothing_cites(self, copy: Path) -> None:
        change(copy / "tesmark-water-committees.md", "@lantern-fund-2007", "@grell-wells-2010")
        [problem] = problems(copy)
        line = 1 + (copy / "sources.json").read_text(encoding="utf-8").split('"lantern-fund-2007"')[0].rstrip(' {\n"id:').count("\n")
        assert (problem.path.name, problem.what) == ("sources.json", "Nothing cites the source 'lantern-fund-2007'")
        assert line < problem.line <= line + 2
        assert "[@lantern-fund-2007]" in problem.cure

    def test_a_disputed_fact_is_not_told_without_its_accounts(self, copy: Path) -> None:
        path = copy / "valdoria-harbour-accord.md"
        change(path, "::: {.dispute fact=va-weapons-02}\n", "")
        change(path, "\n:::\n", "\n")
        [problem] = problems(copy)
        line = (
            path.read_text(encoding="utf-8").splitlines().index(next(s for s in path.read_text().splitlines() if "September 1994" in s)) + 1
        )
        assert (problem.path, problem.line) == (path, line)
        assert problem.what.startswith("'valdoria-harbour-accord' tells the disputed fact 'va-weapons-02', and no published case")
        assert problem.cure == "Write '::: {.dispute fact=va-weapons-02}' with each account in it or in another case."
        change(path, "status: published", "status: draft")
        change(copy / "women-at-the-table.md", "case:valdoria-harbour-accord", "case:tesmark-water-committees")
        assert len(read_corpus([copy]).cases) == 2

    def test_a_case_is_not_withdrawn_from_under_another_that_needs_its_accounts(self, copy: Path, own: Path) -> None:
        telling = "Valdoria said in 1994 that the Reed Front kept [about 300 rifles]{fact=va-weapons-02} [@valdoria-defence-1994]."
        change(copy / "women-at-the-table.md", "Scholar Lena Torvald wrote", f"{telling}\nScholar Lena Torvald wrote")
        assert len(read_corpus([copy]).cases) == 3
        withdrawing = own / "valdoria-harbour-accord.md"
        withdrawing.write_text("---\nid: valdoria-harbour-accord\nstatus: withdrawn\n---\n", encoding="utf-8")
        [problem] = problems(copy, own)
        assert (problem.path, problem.line) == (withdrawing, 1)
        assert problem.what.startswith("'women-at-the-table' tells the disputed fact 'va-weapons-02'")
        assert problem.cure.endswith("in it or in another case, or leave 'valdoria-harbour-accord', which did so, as it was.")
        (own / "women-at-the-table.md").write_text("---\nid: women-at-the-table\nstatus: withdrawn\n---\n", encoding="utf-8")
        assert [case.id for case in read_corpus([copy, own]).cases] == ["tesmark-water-committees"]

    def test_a_ledger_that_lays_a_dispute_over_a_fact_is_told_where_the_dispute_stands(self, copy: Path, own: Path) -> None:
        (own / "facts").mkdir()
        entry = (copy / "facts" / "orlund.yaml").read_text(encoding="utf-8").split("\n- ")[0]
        account = '    - {account: "So.", by: Someone, sources: [grell-wells-2010]}\n'
        ledger = own / "facts" / "mine.yaml"
        ledger.write_text(entry.replace("  checked", f"  dispute:\n{account}{account}  checked"), encoding="utf-8")
        [problem] = problems(copy, own)
        assert (problem.path, problem.line) == (ledger, 1)
        assert problem.what.startswith("'tesmark-water-committees' tells the disputed fact 'te-committees-01'")

    def test_what_is_unused_is_not_told_while_a_case_cannot_be_read(self, copy: Path) -> None:
        change(copy / "tesmark-water-committees.md", "---\nid", "id")
        assert [problem.path.name for problem in problems(copy)] == ["tesmark-water-committees.md"]

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert [problem.what for problem in problems(tmp_path / "nowhere")] == ["There is no such corpus folder"]

    def test_a_corpus_without_a_published_case(self, own: Path) -> None:
        [problem] = problems(own)
        assert (problem.path, problem.what) == (own, "The corpus holds no published case")
        (own / "a.md").write_text("---\nid: a\nstatus: draft\n---\n", encoding="utf-8")
        assert [problem.what for problem in problems(own)] == ["The corpus holds no published case"]
        assert [problem.what for problem in problems()] == ["The corpus holds no published case"]


class TestDigest:
    def test_it_changes_with_every_file_that_is_read_and_with_no_other(self, copy: Path) -> None:
        before = corpus_digest([copy])
        assert before == corpus_digest([copy]) == corpus_digest([SMALL])
        (copy / "README.md").write_text("Something else", encoding="utf-8")
        (copy / "notes.txt").write_text("Something else", encoding="utf-8")
        assert corpus_digest([copy]) == before
        seen = {before}
        for name in ("women-at-the-table.md", "sources.json", "facts/orlund.yaml", "vocabulary.yaml"):
            (copy / name).write_text((copy / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
            seen.add(corpus_digest([copy]))
        (copy / "women-at-the-table.md").rename(copy / "men-at-the-table.md")
        seen.add(corpus_digest([copy]))
        assert len(seen) == 6

    def test_the_order_of_folders_counts(self, own: Path) -> None:
        assert len({corpus_digest(folders) for folders in ([SMALL], [SMALL, own], [own, SMALL])}) == 3


class TestTheShippedCorpus:
    def test_it_lies_in_the_package(self) -> None:
        assert (shipped_corpus() / "vocabulary.yaml").is_file()

    def test_it_has_no_mistake(self) -> None:
        assert read_corpus([shipped_corpus()]).cases


@pytest.mark.parametrize("module", ["corpus.case", "corpus.reading", "corpus.references"])
def test_importing_loads_no_heavy_library(module: str) -> None:
    heavy = {"markdown_it", "mdit_py_plugins", "nupunkt", "citeproc"}
    script = f"import {module}, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert heavy.isdisjoint(loaded.stdout.split())
