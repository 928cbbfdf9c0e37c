"""Searching finds, scopes limit, and the index follows the corpus: only what changed is embedded, and a failure harms nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.case import Case, Corpus
from corpus.reading import corpus_digest, read_corpus, survey
from index.case_index import EVERYTHING, CaseIndex, Scope, ScopeError, current_index
from index.encoder import PACKAGED_MODEL, Encoder
from index.errors import IndexBusy, IndexProblem
from index.rules import rules_digest, vector_rules_digest
from index.synchronising import Reading, SyncReport, follow, synchronise
from tests.conftest import SMALL_CORPUS

ROOT = Path(__file__).resolve().parents[2]


class Curator:
    """A corpus folder that somebody works on, and the index that follows it."""

    def __init__(self, folder: Path, index: Path, encoder: Encoder) -> None:
        self.folder, self.index, self.encoder = folder, index, encoder
        shutil.copytree(SMALL_CORPUS, folder)

    def change(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def synchronise(self, *, rebuild: bool = False) -> SyncReport:
        corpus = read_corpus([self.folder])
        return synchronise(corpus, corpus_digest([self.folder]), self.index, self.encoder, PACKAGED_MODEL, rebuild=rebuild)

    def first(self, question: str) -> str:
        index = current_index(self.index, self.encoder)
        try:
            return index.search(question)[0].passage.text
        finally:
            index.close()


@pytest.fixture
def curator(tmp_path: Path, encoder: Encoder) -> Curator:
    return Curator(tmp_path / "corpus", tmp_path / "index", encoder)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Who chaired the peace talks?", "valdoria-harbour-accord#how-the-talks-at-port-ilmar-began"),
        ("How many farmers and herders does each water committee have?", "tesmark-water-committees#how-the-water-committees-work"),
        ("What did an anthropologist think of the calm?", "tesmark-water-committees#what-the-water-committees-changed"),
    ],
)
def test_search_puts_the_right_passage_first(small_index: CaseIndex, question: str, passage: str) -> None:
    hits = small_index.search(question)
    assert hits[0].passage.id == passage
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(len(hit.sentences) == len(hit.passage.sentences) for hit in hits)


def test_analysis_is_read_but_never_found(small_index: CaseIndex) -> None:
    analysis = [p for case in small_index.cases for p in small_index.passages_of(case) if p.role == "analysis"]
    assert analysis
    for passage in analysis:
        assert passage.id not in {hit.passage.id for hit in small_index.search(passage.text, limit=50)}


def test_a_scope_limits_what_is_found(small_index: CaseIndex) -> None:
    scope = Scope.checked(small_index.vocabulary, areas=["orlund"], kinds=["story"])
    hits = small_index.search("Who chaired the peace talks?", scope, limit=50)
    assert {hit.passage.case_id for hit in hits} == {"tesmark-water-committees"}
    narrowed = Scope.checked(small_index.vocabulary, themes=["verification"])
    assert all("verification" in hit.passage.themes for hit in small_index.search("weapons", narrowed, limit=50))
    either = Scope.checked(small_index.vocabulary, areas=["orlund", "valdoria"])
    assert len({hit.passage.case_id for hit in small_index.search("people", either, limit=50)}) >= 2


def test_a_scope_of_unknown_names_says_which_there_are(small_index: CaseIndex) -> None:
    with pytest.raises(ScopeError, match="orlund, valdoria"):
        Scope.checked(small_index.vocabulary, areas=["atlantis"])


def test_nothing_admitted_gives_nothing(small_index: CaseIndex) -> None:
    assert small_index.search("weapons", Scope(areas=frozenset({"nowhere"}))) == []


@pytest.mark.parametrize("question", ["?", "$#%", "\N{GRINNING FACE}", "OR AND NOT", "'; DROP TABLE", "a" * 2000])
def test_odd_questions_do_no_harm(small_index: CaseIndex, question: str) -> None:
    assert small_index.search(question, EVERYTHING, 3)


def test_twice_does_nothing(curator: Curator) -> None:
    first = curator.synchronise()
    again = curator.synchronise()
    assert first.switched
    assert first.embedded == first.new > 0
    assert (again.switched, again.embedded, again.unchanged) == (False, 0, first.new)


def test_only_changed_passages_are_embedded_and_found(curator: Curator) -> None:
    whole = curator.synchronise().new
    curator.change("valdoria-harbour-accord.md", "34 articles", "35 articles")
    report = curator.synchronise()
    assert (report.changed, report.embedded, report.new, report.gone, report.unchanged) == (1, 1, 0, 0, whole - 1)
    assert "35 articles" in curator.first("How many articles has the Harbour Accord?")


def test_a_vanished_section_and_a_withdrawn_case_are_gone(curator: Curator) -> None:
    whole = curator.synchronise().new
    file = curator.folder / "tesmark-water-committees.md"
    text = file.read_text(encoding="utf-8")
    start = text.index("## What outsiders gave")
    file.write_text(text[:start], encoding="utf-8")
    report = synchronise(survey([curator.folder]).corpus, "another digest", curator.index, curator.encoder, PACKAGED_MODEL)
    assert (report.gone, report.embedded, report.unchanged) == (1, 0, whole - 1)
    file.write_text(text.replace("status: published", "status: withdrawn"), encoding="utf-8")
    synchronise(survey([curator.folder]).corpus, "a third digest", curator.index, curator.encoder, PACKAGED_MODEL)
    index = current_index(curator.index, curator.encoder)
    assert "tesmark-water-committees" not in index.cases
    assert all(hit.passage.case_id != "tesmark-water-committees" for hit in index.search("wells in the Tesmark valley", limit=50))
    index.close()


def test_a_changed_title_reembeds_its_case_and_rebuild_everything(curator: Curator) -> None:
    whole = curator.synchronise().new
    curator.change("tesmark-water-committees.md", "title: The water committees", "title: Water committees")
    report = curator.synchronise()
    assert 0 < report.changed == report.embedded < whole
    assert curator.synchronise(rebuild=True).embedded == whole


def test_reused_vectors_find_the_same(curator: Curator, small_index: CaseIndex) -> None:
    curator.synchronise()
    curator.change("tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    curator.synchronise()
    index = current_index(curator.index, curator.encoder)
    question = "Who chaired the peace talks?"
    mine, theirs = index.search(question, limit=3), small_index.search(question, limit=3)
    index.close()
    assert [hit.passage.id for hit in mine] == [hit.passage.id for hit in theirs]
    assert [hit.signals.meaning for hit in mine] == pytest.approx([hit.signals.meaning for hit in theirs], abs=1e-3)


def test_passages_that_are_cut_otherwise_now_still_lend_their_vectors(curator: Curator) -> None:
    whole = curator.synchronise().new
    manifest = _manifest(curator.index)
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said |= {"rules": "0" * 64, "passages": {f"{name}.9": digest for name, digest in said["passages"].items()}}
    manifest.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(IndexProblem, match="another version of peacebot: run `peacebot index build`"):
        current_index(curator.index, curator.encoder)
    report = curator.synchronise()
    assert (report.switched, report.new, report.gone, report.embedded) == (True, whole, whole, 0)
    assert curator.first("Who chaired the peace talks?")


def test_vectors_made_by_other_rules_are_not_used_again(curator: Curator) -> None:
    whole = curator.synchronise().new
    manifest = _manifest(curator.index)
    said = json.loads(manifest.read_text(encoding="utf-8")) | {"rules": "0" * 64, "vector_rules": "0" * 64}
    manifest.write_text(json.dumps(said), encoding="utf-8")
    assert curator.synchronise().embedded == whole


PRINT_RULES = "from index.rules import rules_digest, vector_rules_digest; print(rules_digest(), vector_rules_digest())"


def test_every_change_of_the_rules_changes_their_digest(tmp_path: Path) -> None:
    for package in ("corpus", "index"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda folder, names: [n for n in names if "." in n and n[-3:] != ".py"])
    shutil.copy(ROOT / "corpus" / "not_covered.yaml", tmp_path / "corpus")

    def digests() -> list[str]:
        path = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])
        command = [sys.executable, "-c", PRINT_RULES]
        return subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
        ).stdout.split()

    seen = [digests()]
    assert seen == [[rules_digest(), vector_rules_digest()]]
    for changed in ("corpus/sentences.py", "corpus/not_covered.yaml", "index/passages.py", "index/words.py", "index/encoder.py"):
        with (tmp_path / changed).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        seen.append(digests())
    assert len({rules for rules, _ in seen}) == len(seen)
    assert [vectors == seen[0][1] for _, vectors in seen] == [True, True, True, True, True, False]


def test_of_two_builds_at_once_the_second_finds_what_the_first_has_made(curator: Curator) -> None:
    reports: list[SyncReport] = []
    builders = [threading.Thread(target=lambda: reports.append(curator.synchronise())) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert sorted(report.switched for report in reports) == [False, False, True]
    assert sum(report.embedded for report in reports) == next(report.new for report in reports if report.switched)
    assert {report.generation for report in reports} == {curator.index / "000001"}


def test_a_slow_build_never_lays_an_older_corpus_over_a_newer(curator: Curator) -> None:
    order: list[str] = []
    slow_has_read, newer_waits = threading.Event(), threading.Event()

    def read() -> tuple[Corpus, str]:
        return read_corpus([curator.folder]), corpus_digest([curator.folder])

    def slowly() -> tuple[Corpus, str]:
        found = read()
        slow_has_read.set()
        newer_waits.wait()
        order.append("older")
        return found

    def newly() -> tuple[Corpus, str]:
        order.append("newer")
        return read()

    def build(reading: Reading) -> SyncReport:
        return follow(reading, [curator.folder], curator.index, curator.encoder, PACKAGED_MODEL)

    slow = threading.Thread(target=build, args=[slowly])
    slow.start()
    slow_has_read.wait()
    curator.change("valdoria-harbour-accord.md", "34 articles", "35 articles")
    with pytest.raises(IndexBusy, match="wait for it or stop it"):
        follow(newly, [], curator.index, curator.encoder, PACKAGED_MODEL, patience=0.1)
    newer = threading.Thread(target=build, args=[newly])
    newer.start()
    newer_waits.set()
    slow.join()
    newer.join()
    assert order == ["older", "newer"]
    assert "35 articles" in curator.first("How many articles has the Harbour Accord?")


def test_a_corpus_of_analysis_alone_is_a_sentence(curator: Curator, small_corpus: Corpus) -> None:
    def analysed(case: Case) -> Case:
        sections = (
            replace(section, paragraphs=tuple(replace(paragraph, kind="analysis") for paragraph in section.paragraphs))
            for section in case.sections
        )
        return replace(case, sections=tuple(sections))

    alone = replace(small_corpus, cases=tuple(analysed(case) for case in small_corpus.cases))
    with pytest.raises(IndexProblem, match="nothing but analysis.*: add a section with cited sentences"):
        synchronise(alone, "", curator.index, curator.encoder, PACKAGED_MODEL)


@pytest.mark.parametrize("name", ["passages.npy", "sentences.npy"])
def test_vectors_that_are_too_few_name_the_cure_and_the_cure_works(curator: Curator, name: str) -> None:
    whole = curator.synchronise().new
    path = _manifest(curator.index).with_name(name)
    np.save(path, np.load(path)[:-1])
    with pytest.raises(IndexProblem, match="damaged: run `peacebot index build --rebuild`"):
        current_index(curator.index, curator.encoder)
    curator.change("tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    assert curator.synchronise().embedded == whole
    assert curator.first("Who chaired the peace talks?")


def test_no_index_yet_names_the_command(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexProblem, match="peacebot index build"):
        current_index(tmp_path, encoder)


def _manifest(folder: Path) -> Path:
    return folder / (folder / "current").read_text(encoding="utf-8").strip() / "manifest.json"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 0}, "another version of peacebot: run `peacebot index build`"),
        ({"encoder_digest": "0" * 64}, "another model .*: run `peacebot index build`"),
    ],
)
def test_an_index_made_otherwise_names_the_cure_and_the_cure_works(curator: Curator, change: dict[str, object], says: str) -> None:
    curator.synchronise()
    manifest = _manifest(curator.index)
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    with pytest.raises(IndexProblem, match=says):
        current_index(curator.index, curator.encoder)
    assert curator.synchronise().embedded > 0
    assert curator.first("Who chaired the peace talks?")


@pytest.mark.parametrize("damaged", ["manifest.json", "corpus.json", "passages.npy", "sentences.npy", "words", "chroma"])
def test_a_damaged_index_names_the_cure_and_the_cure_works(curator: Curator, damaged: str) -> None:
    curator.synchronise()
    path = _manifest(curator.index).with_name(damaged)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(IndexProblem, match="peacebot index build --rebuild"):
        current_index(curator.index, curator.encoder)
    curator.synchronise(rebuild=True)
    assert curator.first("Who chaired the peace talks?")


WITH_LITTLE_ROOM = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from corpus.reading import corpus_digest, read_corpus, survey
from index.synchronising import synchronise
from index.encoder import Encoder
from index.errors import IndexProblem
folder, home, encoder, digest = Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]
try:
    synchronise(read_corpus([folder]), corpus_digest([folder]), home, Encoder(encoder, digest), "m", rebuild=True)
except IndexProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are a POSIX thing")
@pytest.mark.parametrize("room", [2_000, 20_000, 120_000])
def test_a_full_disk_is_a_sentence_and_the_index_before_still_answers(curator: Curator, room: int) -> None:
    curator.synchronise()
    before = curator.first("Who chaired the peace talks?")
    run = subprocess.run(
        [
            sys.executable, "-c", WITH_LITTLE_ROOM, str(room), str(curator.folder), str(curator.index),
            str(curator.encoder.folder), curator.encoder.digest,
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "free some disk space" in run.stdout, run.stderr
    assert len(run.stdout.strip().splitlines()) == 1
    assert curator.first("Who chaired the peace talks?") == before
    assert [path.name for path in (curator.index).iterdir() if path.name.isdigit()] == ["000001"]


def test_a_folder_that_cannot_be_written_names_the_cure(curator: Curator, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    curator.index = blocked / "home"
    with pytest.raises(IndexProblem, match=r"free some disk space|--home DIR"):
        curator.synchronise()


def test_old_generations_are_pruned_but_the_one_before_stays(curator: Curator) -> None:
    for number in range(4):
        curator.change("tesmark-water-committees.md", f"as_of: 20{19 + number}", f"as_of: 20{20 + number}")
        curator.synchronise()
    assert sorted(path.name for path in (curator.index).iterdir() if path.name.isdigit()) == ["000003", "000004"]


def test_every_dispute_is_known_by_its_fact(small_index: CaseIndex, small_corpus: Corpus) -> None:
    disputed = {fact.id for fact in small_corpus.facts.values() if fact.dispute}
    assert set(small_index.disputes) == disputed


def test_what_a_killed_writer_left_goes_and_the_generation_before_stays(curator: Curator) -> None:
    curator.synchronise()
    (curator.index / "000002").mkdir()  # a writer died here
    curator.change("tesmark-water-committees.md", "two bicycles", "two bicycles and a boat")
    curator.synchronise()
    assert sorted(path.name for path in (curator.index).iterdir() if path.name.isdigit()) == ["000001", "000003"]


def test_what_could_not_be_deleted_goes_with_the_next_build(curator: Curator) -> None:
    (curator.index / "gone-000001" / "chroma").mkdir(parents=True)
    curator.synchronise()
    assert [path.name for path in curator.index.glob("gone-*")] == []


REPLACE_IN_A_FOLDER_THAT_OPENS_LATER = """
import os, sys, threading
from pathlib import Path
from index.generation import replace_patiently
folder = Path(sys.argv[1])
if os.geteuid() == 0:
    os.chown(folder, 65534, 65534)
    os.setuid(65534)
folder.chmod(0o555)
threading.Timer(0.3, folder.chmod, [0o755]).start()
replace_patiently(folder / "current.new", folder / "current")
"""


@pytest.mark.skipif(os.name != "posix", reason="modes as on POSIX stand for the files that Windows locks")
def test_a_pointer_that_somebody_holds_for_a_moment_is_replaced_a_moment_later() -> None:
    with tempfile.TemporaryDirectory() as folder:  # where any account may look, unlike tmp_path
        (Path(folder) / "current").write_text("000001", encoding="utf-8")
        (Path(folder) / "current.new").write_text("000002", encoding="utf-8")
        subprocess.run([sys.executable, "-c", REPLACE_IN_A_FOLDER_THAT_OPENS_LATER, folder], cwd=ROOT, check=True)
        assert (Path(folder) / "current").read_text(encoding="utf-8") == "000002"
