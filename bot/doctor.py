"""Is everything in place that peacebot needs? Each finding says what was looked at, whether it is well, and the cure if not."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.model import ModelFailed, configured
from bot.opening import index_state, require_readable
from bot.settings import Settings, SettingsProblem
from bot.terminal import counted
from corpus.checking import check
from corpus.errors import PeacebotError
from index.case_index import current_index
from index.encoder import open_encoder

ROOM_NEEDED_MB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.well else 'MEND'}  {self.what}: {self.detail}"


def examine(settings: Settings) -> list[Finding]:
    """Everything that was looked at, in the order in which things are needed."""
    return list(_examined(settings))


def _examined(settings: Settings) -> Iterator[Finding]:
    yield Finding("Python", sys.version_info >= (3, 11), f"{sys.version.split()[0]} (3.11 or newer is needed)")
    yield _home(settings.home)
    yield _room(settings.home)
    yield _told("model", lambda: f"{settings.encoder}, {open_encoder(settings.encoder, settings.home).dimension} dimensions")
    yield _corpus(settings)
    yield _told("index", lambda: _index(settings))
    yield _language_model(settings)
    yield _port(settings)


def _told(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except PeacebotError as problem:
        return Finding(what, False, str(problem))


def _home(home: Path) -> Finding:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    well = existing.is_dir() and os.access(existing, os.W_OK)
    return Finding("home folder", well, str(home) if well else f"{home} cannot be written: choose another with --home DIR or PEACEBOT_HOME")


def _room(home: Path) -> Finding:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free // 2**20
    well = free >= ROOM_NEEDED_MB
    return Finding(
        "disk space",
        well,
        f"{free:,} MB free" + ("" if well else f": make {ROOM_NEEDED_MB} MB free, or choose another folder with --home DIR"),
    )


def _corpus(settings: Settings) -> Finding:
    try:
        require_readable(settings)
    except SettingsProblem as problem:
        return Finding("corpus", False, str(problem))
    problems = check(settings.corpus, below=settings.corpus)
    return Finding(
        "corpus", not problems, "no mistake found" if not problems else f"{counted(len(problems), 'mistake')}: run `peacebot case check`"
    )


def _index(settings: Settings) -> str:
    state = index_state(settings)
    if state["state"] == "missing":
        return "not built yet; `peacebot index build` or the first question builds it"
    # Opened too: another model may have made it, or a file of it may be gone.
    current_index(settings.index, open_encoder(settings.encoder, settings.home)).close()
    return f"{state['version']}, {state['state']}, {state['passages']} passages"


def _language_model(settings: Settings) -> Finding:
    model = configured(settings)
    if model is None:
        return Finding("language model", True, "none: answers are quoted")
    try:
        said = any(model.reply("You are asked whether you are there.", "Say yes."))
    except ModelFailed as problem:
        cure = f" {problem.cure[0].upper()}{problem.cure[1:]}." if problem.cure else ""
        return Finding("language model", False, f"{model.name}: {problem}{cure}")
    return Finding("language model", said, f"{model.name} replies" if said else f"{model.name} replies nothing: choose another model")


def _port(settings: Settings) -> Finding:
    try:
        with socket.create_server((settings.host, settings.port), reuse_port=False):
            return Finding("port", True, f"{settings.host}:{settings.port} is free")
    except OSError as problem:
        return Finding(
            "port",
            False,
            f"{settings.host}:{settings.port} cannot be used ({problem.strerror}): choose another with --port or PEACEBOT_PORT",
        )
