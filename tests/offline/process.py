"""Runs a command as on a laptop without a network: its own home folder, and nothing beyond loopback."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@cache
def namespace() -> tuple[str, ...]:
    """What to write before a command to cut it off from every interface but loopback; empty where the system does not allow that."""
    if shutil.which("unshare") is None:
        return ()
    before = ("unshare", "--map-root-user", "--net", sys.executable, str(HERE / "loopback.py"))
    return before if subprocess.run([*before, "true"], capture_output=True, check=False).returncode == 0 else ()


def run_offline(
    command: Sequence[str | Path],
    home: Path,
    *,
    folder: Path | None = None,
    given: str = "",
    environment: Mapping[str, str] | None = None,
    seconds: float = 600,
) -> subprocess.CompletedProcess[str]:
    """Run a command in ``folder`` (default: its home) with ``given`` on its standard input; Python's own sockets are closed in any case."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEACEBOT_", "XDG_"))}
    return subprocess.run(
        [*namespace(), *map(str, command)],
        cwd=folder or home,
        env={**kept, "HOME": str(home), "PYTHONPATH": str(HERE), **(environment or {})},
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
