"""How much of the machine went to other work during a run: contended threads wait for each other, and ratios stop meaning anything."""

import os
import time

import psutil

MOST = 0.1
"""Above this share of all processor time the figures are not fit to be written down."""


class OtherWork:
    """Counts from the moment it is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._busy, self._own = _busy(), _own()

    def share(self) -> float:
        """The share of all processor time, 0 to 1, that neither stood idle nor went to this process and its finished children."""
        whole = (time.perf_counter() - self._started) * (psutil.cpu_count() or 1)
        return max(0.0, (_busy() - self._busy) - (_own() - self._own)) / whole


def _busy() -> float:
    spent = psutil.cpu_times()
    return float(spent.user + spent.nice + spent.system)


def _own() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
