"""The benchmarks measure what they say, without running them: that takes minutes and a machine that does nothing else."""

import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("psutil", reason="comes with the extra `bench`")

from benchmarks import measures, report
from benchmarks.child import CommandFailed, run_cold
from benchmarks.readers import Crowd
from corpus.case import Case
from corpus.folder import case_files
from corpus.reading import read_corpus, shipped_corpus


def test_a_cold_process_is_measured_by_itself_and_not_by_what_its_parent_holds() -> None:
    held = bytearray(200 * 2**20)
    small = run_cold([sys.executable, "-I", "-S", "-c", "print('done')"])
    large = run_cold([sys.executable, "-I", "-S", "-c", "held = b'x' * (100 * 2**20)"])
    assert small.output == "done\n"
    assert small.peak_mib < len(held) / 2**20 / 2
    assert 80 < large.peak_mib - small.peak_mib < 130


def test_a_cold_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(CommandFailed, match="no such luck"):
        run_cold([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_the_ratio_of_medians_is_held_against_the_goal() -> None:
    row = report._compared("Search, p50", "ms", [0.006, 0.007, 0.9], [0.010, 0.010, 0.010], goal=0.7)
    assert row.cells == ("Search, p50", "7.0 ms", "10.0 ms", "0.70", "at most 0.7", "yes")
    assert report._compared("Search, p50", "ms", [0.0071], [0.010], goal=0.7).met is False


def test_a_comparison_and_a_crowd_are_held_against_their_goals() -> None:
    compared = measures.Compared([0.030, 0.031, 0.029], [0.012, 0.011, 0.012])
    assert report._three_sides(compared).cells[3:] == ("2.50", "at most 3 of a single question", "yes")
    assert report._crowd(Crowd(32, [0.1] * 99 + [0.59])).met
    assert report._crowd(Crowd(32, [0.1] * 99 + [0.59], errors=1)).met is False
    assert report._crowd(Crowd(32, [0.7] * 100)).cells == (
        "32 readers at once, p95",
        "700 ms, 0 errors",
        "",
        "",
        "at most 600 ms, 0 errors",
        "no",
    )


def test_one_figure_changes_and_nothing_else(tmp_path: Path) -> None:
    case = tmp_path / "a.md"
    sentence = "Andries Odendaal, who has studied the town for many years, counts 1,999 deaths in 1993, and others 1,213.\n"
    case.write_text(f"---\nid: a\n---\n## Deaths\n\n{sentence}", encoding="utf-8")
    measures._change_one_figure([case])
    assert case.read_text(encoding="utf-8") == f"---\nid: a\n---\n## Deaths\n\n{sentence.replace('1,999', '2,000')}"


def test_the_shipped_corpus_with_one_figure_changed_is_still_a_corpus(tmp_path: Path) -> None:
    copy = tmp_path / "corpus"
    shutil.copytree(shipped_corpus(), copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    before = read_corpus([copy])
    for _ in range(3):
        measures._change_one_figure(case_files(copy))
    after = read_corpus([copy])
    changed = {text for case in before.cases for text in _texts(case)} ^ {text for case in after.cases for text in _texts(case)}
    assert len(changed) == 2, "one sentence as it was, and as it is"


def _texts(case: Case) -> list[str]:
    return [sentence.text for sentence in case.sentences()]


def test_questions_are_spread_over_the_whole_file() -> None:
    every = measures.golden_questions(10_000)
    some = measures.golden_questions(100)
    assert len(set(some)) == 100
    assert max(every.index(question) for question in some) > 0.95 * len(every)
