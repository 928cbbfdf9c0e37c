"""Python runs this file at its start when its folder is on PYTHONPATH: so a child process refuses connections too.

When the process ends, the names of the modules that it loaded are written to the file that LOADED_MODULES_FILE names.
"""

import atexit
import os
import sys
from pathlib import Path

import closed_network  # type: ignore[import-not-found]  # beside this file, wherever the process was started

closed_network.close()


def _write_loaded_modules() -> None:
    Path(os.environ["LOADED_MODULES_FILE"]).write_text("\n".join(sorted(sys.modules)), encoding="utf-8")


if "LOADED_MODULES_FILE" in os.environ:
    atexit.register(_write_loaded_modules)
