"""The papers of the project say what the code does: the map, the settings, the help, the versions."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import SETTINGS
from tests import documents

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("corpus", "index", "bot")
FOR_READERS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_map_in_the_readme_names_every_module_and_nothing_else() -> None:
    found = re.search(r"<!-- map -->(.*?)<!-- /map -->", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found, "README.md has no map between <!-- map --> and <!-- /map -->"
    named = set(re.findall(rf"`((?:{'|'.join(PACKAGES)})/[\w/]+\.py)`", found[1]))
    modules = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert named == {module for module in modules if not module.endswith("__init__.py")}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = {name for page in FOR_READERS for name in re.findall(r"PEACEBOT_[A-Z_]+", page.read_text(encoding="utf-8"))}
    assert documented == {setting.variable for setting in SETTINGS}


def test_the_code_reads_no_setting_outside_the_table() -> None:
    in_code = {
        name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"PEACEBOT_[A-Z_]+", path.read_text())
    }
    assert in_code <= {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize("name", ["docs/cli.md", "docs/answer.schema.json"])
def test_what_the_documentation_takes_from_the_code_is_up_to_date(name: str) -> None:
    path = ROOT / name
    assert path.read_text(encoding="utf-8") == documents.generated()[path], "run `make docs`"


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == PROJECT["version"]


def test_every_link_between_our_papers_leads_somewhere() -> None:
    papers = [*FOR_READERS, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]
    links = [(paper, link) for paper in papers for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", _prose(paper))]
    broken = [f"{paper.name}: {link}" for paper, link in links if "://" not in link and not (paper.parent / link).exists()]
    assert broken == []


def test_every_decision_says_what_was_asked_turned_down_decided_and_paid() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    headings = {path.name: re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in decisions}
    assert {name: found for name, found in headings.items() if found[:4] != ["Question", "Options turned down", "Decision", "Price"]} == {}
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))


# The pins


def pins() -> dict[str, str]:
    """constraints.txt as name -> version."""
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    wrong = [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.!]+", line)]
    assert wrong == [], "a pin is name==version, without a build tag, a folder or an address"
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def test_every_declared_dependency_is_pinned_to_a_version_that_it_admits() -> None:
    declared = [Requirement(line) for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for line in group]
    pinned = pins()
    unmet = [str(wanted) for wanted in declared if not wanted.specifier.contains(pinned.get(canonicalize_name(wanted.name), "0"))]
    assert unmet == []


def test_what_the_dependencies_depend_on_is_pinned_too() -> None:
    declared = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"])]
    assert sorted(set(_needed(declared, set())) - set(pins())) == []


def _needed(wanted: list[Requirement], seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names of all that is needed here for ``wanted``, down to the last."""
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        # torch pins the parts of its CUDA build itself, where pip takes that build.
        if name.startswith(("cuda-", "nvidia-", "triton", "pip")):
            continue
        yield name
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                yield from _needed(
                    [one for one in _requirements(name) if one.marker is None or one.marker.evaluate({"extra": extra})], seen
                )


def _requirements(name: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:
        return []


def _prose(paper: Path) -> str:
    """A paper without its code blocks."""
    return re.sub(r"^```.*?^```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
