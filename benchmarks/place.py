"""Where measuring happens: a temporary folder with homes and stores of its own, no settings of this machine's user, no network."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from bot.settings import Settings, read_settings

STARTER = Path(__file__).with_name("starter.py")
PEACEBOT = Path(sys.executable).with_name("peacebot")

_FOREIGN = ("PEACEBOT_", "XDG_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "CHROMA_", "HF_", "HUGGINGFACE_", "TRANSFORMERS_", "PYTHON")
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to measure in. ``home`` holds the exported model and, once built, our index; ``store`` the starter's."""

    folder: Path

    @property
    def home(self) -> Path:
        """Our home folder, with the exported model and the index that questions are asked of."""
        return self.folder / "home"

    @property
    def store(self) -> Path:
        """The starter's persisted store that questions are asked of."""
        return self.folder / "store"

    def new_home(self) -> Path:
        """A home folder that shares the exported model and has no index yet."""
        fresh = Path(mkdtemp(dir=self.folder, prefix="home-"))
        (fresh / "encoders").symlink_to(self.home / "encoders", target_is_directory=True)
        return fresh

    def new_store(self) -> Path:
        """An empty folder for a store of the starter."""
        return Path(mkdtemp(dir=self.folder, prefix="store-"))


@contextmanager
def temporary_place() -> Iterator[Place]:
    """A place that is gone afterwards. This process, and every process started from here, is offline from now on."""
    with TemporaryDirectory(prefix="peacebot-benchmarks-", ignore_cleanup_errors=True) as folder:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            del os.environ[name]
        # Bytecode as on any machine where both have run before, but kept here.
        os.environ.update(_OFFLINE, HOME=folder, HF_HOME=f"{folder}/huggingface", PYTHONPYCACHEPREFIX=f"{folder}/bytecode")
        yield Place(Path(folder))


def settings(home: Path, corpus: Path | None = None) -> Settings:
    """Our settings with a home folder and, if given, a corpus folder in place of the shipped one."""
    return read_settings({"home": str(home)}, corpus=[str(corpus)] if corpus else None)
