"""A command as a cold process: how long it takes and how much memory it holds at its peak.

The command is started by a small process of its own (this file, run as a script), because the system counts what a parent holds at
the moment of starting a child as the child's first peak, and the parent here holds torch.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class CommandFailed(RuntimeError):
    """A measured command did not succeed; the message holds what it printed."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process that ended well: its wall time in seconds, its peak resident memory in MiB, and all that it printed."""

    seconds: float
    peak_mib: float
    output: str


def run_cold(command: Sequence[str | Path]) -> Child:
    """Run a command, given by its whole path, as a process of its own. Raises CommandFailed."""
    given = [str(part) for part in command]
    ran = subprocess.run([sys.executable, "-I", "-S", __file__, *given], capture_output=True, text=True, check=True)
    measured = json.loads(ran.stdout)
    if measured.pop("exit") != 0:
        raise CommandFailed(f"{' '.join(given)}\n{measured['output']}")
    return Child(**measured)


def _measured(command: list[str]) -> dict[str, object]:
    with tempfile.TemporaryFile() as printed:
        to_file = [(os.POSIX_SPAWN_DUP2, printed.fileno(), stream) for stream in (1, 2)]
        started = time.perf_counter()
        _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ, file_actions=to_file), 0)
        seconds = time.perf_counter() - started
        printed.seek(0)
        output = printed.read().decode("utf-8", "replace")
    in_a_mib = 2**20 if sys.platform == "darwin" else 2**10  # macOS tells bytes, others KiB
    return {"seconds": seconds, "peak_mib": usage.ru_maxrss / in_a_mib, "output": output, "exit": os.waitstatus_to_exitcode(status)}


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1:])))
