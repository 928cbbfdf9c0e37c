"""The built wheel, installed into a clean environment, answers from outside the repository with no network.

The environment is new and holds our wheel alone. Its dependencies are not installed a second time, which would take minutes and the
network: a .pth file adds the folder that holds them already. Editable installs in that folder do not leak in, because Python reads
.pth files only in an environment's own folder; that the checkout is not what answers is checked nevertheless.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.offline.process import run_offline

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "corpus", "index")
QUESTION = "Who checked that the IRA had put its weapons beyond use?"
NOT_NEEDED_TO_ANSWER = {"fastapi", "gradio", "langchain", "langchain_core", "sentence_transformers", "torch", "transformers", "uvicorn"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installed:
    """A clean environment with our wheel, a home of its own, and no network."""

    environment: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts" if os.name == "nt" else "bin") / "python"

    def peacebot(self, *arguments: str, **variables: str) -> str:
        """What a command prints; the command has to succeed."""
        ran = run_offline([self.python.with_name("peacebot"), *arguments], self.home, environment=variables)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def evaluate(self, code: str) -> str:
        """What a line of Python prints in this environment."""
        ran = run_offline([self.python, "-c", code], self.home)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation the build uses the installed hatchling, of the version that pyproject.toml names, and needs no network.
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("clean environment")
    venv.create(folder / "venv", with_pip=False, symlinks=os.name != "nt")
    here = Installed(folder / "venv", folder / "home")
    target = ["--python", str(here.python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *target], check=True, capture_output=True)
    own = Path(here.evaluate("import sysconfig; print(sysconfig.get_path('purelib'))"))
    (own / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n", encoding="utf-8")
    here.peacebot("index", "build")
    return here


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    here = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert held == here


def test_what_runs_is_the_wheel_and_not_the_checkout(installed: Installed) -> None:
    places = installed.evaluate("import bot, corpus, index; print(bot.__file__, corpus.__file__, index.__file__)")
    assert places.count(str(installed.environment)) == len(PACKAGES)
    assert str(ROOT) not in places


def test_a_question_is_answered_with_citations_and_without_heavy_imports(installed: Installed, tmp_path: Path) -> None:
    loaded = tmp_path / "modules.txt"
    answer = json.loads(installed.peacebot("ask", QUESTION, "--json", LOADED_MODULES_FILE=str(loaded)))
    assert answer["status"] == "answered"
    in_sentences = {number for sentence in answer["sentences"] for number in sentence["citations"]}
    in_disputes = {account["citation"] for dispute in answer["disputes"] for account in dispute["accounts"]}
    assert in_sentences
    assert in_sentences | in_disputes == {citation["number"] for citation in answer["citations"]}
    assert all(citation["quote"] and citation["sources"] for citation in answer["citations"])
    assert "northern-ireland-decommissioning" in {citation["case"]["id"] for citation in answer["citations"]}
    schema = json.loads(
        installed.evaluate("from importlib.resources import files; print((files('bot') / 'answer.schema.json').read_text())")
    )
    Draft202012Validator(schema).validate(answer)
    assert NOT_NEEDED_TO_ANSWER & {name.split(".")[0] for name in loaded.read_text(encoding="utf-8").split()} == set()


def test_an_index_that_is_up_to_date_is_left_as_it_is(installed: Installed) -> None:
    before = installed.peacebot("index", "status", "--json")
    installed.peacebot("index", "build")
    assert installed.peacebot("index", "status", "--json") == before
