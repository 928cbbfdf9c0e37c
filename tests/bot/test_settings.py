"""Settings come from the command line, the environment and the defaults, in that order; a value that cannot be used names its cure."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.settings import SETTINGS, Settings, SettingsProblem, read_settings
from corpus.reading import shipped_corpus


def read(given: Mapping[str, str | None] | None = None, corpus: Sequence[str] | None = None, **environment: str) -> Settings:
    return read_settings(given or {}, environment, corpus)


def test_every_setting_has_a_variable_of_ours_and_a_line_of_help() -> None:
    assert {setting.name for setting in SETTINGS} == set(Settings.__dataclass_fields__)
    assert all(setting.variable == f"PEACEBOT_{setting.name.upper()}" and setting.help for setting in SETTINGS)


def test_what_holds_when_nobody_says_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = read()
    assert settings.home.is_relative_to(tmp_path)
    assert settings.home.name == "peacebot"
    assert settings.corpus == (shipped_corpus(),)
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 7860, "http://127.0.0.1:7860")


def test_the_command_line_goes_before_the_environment_and_both_before_the_default(tmp_path: Path) -> None:
    environment = {"PEACEBOT_HOME": "/from/environment", "PEACEBOT_PORT": "8000", "PEACEBOT_HOST": "0.0.0.0"}
    settings = read({"home": str(tmp_path), "port": None, "host": None}, **environment)
    assert (settings.home, settings.port, settings.host) == (tmp_path, 8000, "0.0.0.0")
    assert read({"port": ""}, **environment).port == 8000


def test_the_users_own_corpus_lies_over_the_shipped_one_where_it_exists(tmp_path: Path) -> None:
    assert read({"home": str(tmp_path)}).corpus == (shipped_corpus(),)
    (tmp_path / "corpus").mkdir()
    assert read({"home": str(tmp_path)}).corpus == (shipped_corpus(), tmp_path / "corpus")
    assert read({"home": str(tmp_path)}, PEACEBOT_CORPUS=os.pathsep.join(["/one", "", "/two"])).corpus == (Path("/one"), Path("/two"))


def test_the_users_home_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read({"home": "~/x"}, ["~/y"]) == read({"home": str(tmp_path / "x")}, [str(tmp_path / "y")])


def test_a_folder_named_on_the_command_line_is_one_folder_whatever_its_name_holds() -> None:
    odd = f"/a{os.pathsep}b"
    assert read({}, [odd, "", "/c"], PEACEBOT_CORPUS="/elsewhere").corpus == (Path(odd), Path("/c"))


def test_each_list_of_corpus_folders_has_an_index_of_its_own_and_the_usual_one_keeps_its_place(tmp_path: Path) -> None:
    home = {"home": str(tmp_path)}
    assert read(home).index == tmp_path / "index"
    (tmp_path / "corpus").mkdir()
    assert read(home).index == tmp_path / "index"
    others = [["/one"], ["/two"], ["/one", "/two"], ["/two", "/one"], [str(shipped_corpus())], [f"/one{os.pathsep}/two", "/three"]]
    places = [read(home, corpus).index for corpus in others]
    assert len(set(places)) == len(others)
    assert {place.parent for place in places} == {tmp_path / "index"}
    (tmp_path / "link").symlink_to("/one")
    assert read(home, [str(tmp_path / "link")]).index == places[0]


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({"PEACEBOT_PUBLIC_URL": "https://peace.example.org/"}, "https://peace.example.org"),
        ({"PEACEBOT_PUBLIC_URL": "https://peace.example.org/bot/"}, "https://peace.example.org/bot"),
        ({"PEACEBOT_HOST": "::1", "PEACEBOT_PORT": "80"}, "http://[::1]:80"),
        ({"PEACEBOT_HOST": "0.0.0.0"}, "http://127.0.0.1:7860"),
        ({"PEACEBOT_HOST": "::"}, "http://[::1]:7860"),
        ({"PEACEBOT_HOST": "0.0.0.0", "PEACEBOT_PUBLIC_URL": "https://peace.example.org"}, "https://peace.example.org"),
        ({"PEACEBOT_HOST": "example.org"}, "http://example.org:7860"),
    ],
)
def test_links_begin_with_the_public_address(environment: dict[str, str], url: str) -> None:
    assert read({}, **environment).public_url == url


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PEACEBOT_PORT": "0"}, "'0' is not a port: .* --port or PEACEBOT_PORT"),
        ({"PEACEBOT_PORT": "65536"}, "from 1 to 65535"),
        ({"PEACEBOT_PORT": "http"}, "'http' is not a port"),
        ({"PEACEBOT_PORT": "-1"}, "'-1' is not a port"),
        ({"PEACEBOT_PORT": "²"}, "'²' is not a port"),
        ({"PEACEBOT_PUBLIC_URL": "peace.example.org"}, "is not an address: set PEACEBOT_PUBLIC_URL"),
        ({"PEACEBOT_PUBLIC_URL": "javascript:alert(1)"}, "is not an address"),
        ({"PEACEBOT_PUBLIC_URL": "http://"}, "is not an address"),
        ({"PEACEBOT_PUBLIC_URL": "http://[::1"}, "is not an address"),
        ({"PEACEBOT_HOST": "[::1"}, "is not an address"),
        ({"PEACEBOT_HOME": "~nobody-of-that-name/x"}, "write the folder out in full"),
        ({"PEACEBOT_CORPUS": "~nobody-of-that-name/x"}, "write the folder out in full"),
        ({"PEACEBOT_MODEL_NAME": "small"}, "set PEACEBOT_MODEL_URL to its server's base URL"),
        ({"PEACEBOT_MODEL_URL": "http://127.0.0.1:11434/v1"}, "set PEACEBOT_MODEL_NAME, or unset both"),
        ({"PEACEBOT_MODEL_URL": "ftp://x", "PEACEBOT_MODEL_NAME": "small"}, "is not an address: set PEACEBOT_MODEL_URL"),
        ({"PEACEBOT_MODEL_TIMEOUT": "soon"}, "'soon' is no number of seconds from 1 to 600: set PEACEBOT_MODEL_TIMEOUT"),
        ({"PEACEBOT_MODEL_TIMEOUT": "0"}, "from 1 to 600"),
        ({"PEACEBOT_MODEL_TIMEOUT": "nan"}, "from 1 to 600"),
        ({"PEACEBOT_MODEL_TEMPERATURE": "hot"}, "from 0 to 2: set PEACEBOT_MODEL_TEMPERATURE"),
        ({"PEACEBOT_SECOND_OPINION": "yes"}, "'yes' is neither on nor off: set PEACEBOT_SECOND_OPINION"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_cure(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsProblem, match=says) as problem:
        read({}, **environment)
    assert str(problem.value).endswith(".")
    assert "\n" not in str(problem.value)


def test_a_language_model_is_set_whole_and_its_key_is_not_shown() -> None:
    settings = read(
        {},
        PEACEBOT_MODEL_URL="http://127.0.0.1:11434/v1/",
        PEACEBOT_MODEL_NAME="small",
        PEACEBOT_MODEL_KEY="sk-secret",
        PEACEBOT_MODEL_TEMPERATURE="none",
        PEACEBOT_SECOND_OPINION="on",
    )
    assert (settings.model_url, settings.model_name, settings.model_key) == ("http://127.0.0.1:11434/v1", "small", "sk-secret")
    assert (settings.model_timeout, settings.model_temperature, settings.second_opinion) == (60.0, None, True)
    assert "sk-secret" not in repr(settings)
    nothing = read()
    assert (nothing.model_url, nothing.model_temperature, nothing.second_opinion) == ("", 0.0, False)
