"""The licence of every installed package is known, and none forbids what Apache-2.0 allows. `make licences` prints the list."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.test_papers import pins

FORBIDDEN = re.compile(
    r"\bA?GPL|Affero|(?<!Lesser )General Public License|SSPL|Server Side Public|Commons Clause|Non-?Commercial", re.IGNORECASE
)


def licence(package: Distribution) -> str:
    """What a package says about its licence: the expression, else the classifiers, else the first line of the licence field."""
    about = package.metadata.json
    classifiers = [line.split(" :: ")[-1] for line in about.get("classifier", []) if line.startswith("License ::")]
    return str(about.get("license_expression") or ", ".join(classifiers) or str(about.get("license", "")).strip().split("\n")[0])


def licences() -> dict[str, str]:
    """Name and licence of every pinned package that is installed."""
    found = {}
    for name in pins():
        try:
            found[name] = licence(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def test_every_licence_is_known_and_allowed() -> None:
    found = licences()
    assert len(found) > 100
    assert [name for name, text in found.items() if not text] == [], "the licence is not stated"
    assert {name: text for name, text in found.items() if FORBIDDEN.search(text)} == {}


def test_forbidden_licences_are_recognised() -> None:
    assert (
        FORBIDDEN.search("GNU Affero General Public License v3")
        and FORBIDDEN.search("AGPL-3.0-only")
        and FORBIDDEN.search("GPL-2.0-or-later")
    )
    assert not FORBIDDEN.search("LGPL-2.1-only") and not FORBIDDEN.search("GNU Lesser General Public License v3 (LGPLv3)")


if __name__ == "__main__":
    for package, text in licences().items():
        print(f"{package:<42}{text}")
