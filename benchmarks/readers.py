"""Many readers at once on one process: `peacebot serve` is started, and each of them asks one question after the other over HTTP."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection

from benchmarks.child import CommandFailed
from benchmarks.place import PEACEBOT, Place

_PATIENCE = 120.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Crowd:
    """Seconds of each answer as its reader waited for it, and how many requests got none."""

    readers: int
    seconds: list[float] = field(default_factory=list)
    errors: int = 0


def readers_at_once(place: Place, questions: Sequence[str], readers: int, each: int) -> Crowd:
    """So many readers who each ask ``each`` questions, all at the same time, of a server that has answered before."""
    with _served(place) as port:
        for question in questions[:readers]:
            _ask(port, question)
        turns = [[questions[(reader * each + turn) % len(questions)] for turn in range(each)] for reader in range(readers)]
        with ThreadPoolExecutor(readers) as crowd:
            waited = [
                took for of_reader in crowd.map(lambda turn: [_ask(port, question) for question in turn], turns) for took in of_reader
            ]
    answered = [took for took in waited if took is not None]
    return Crowd(readers, answered, len(waited) - len(answered))


def _ask(port: int, question: str) -> float | None:
    """Seconds until the answer was there, or None where none came."""
    started = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("POST", "/api/v1/ask", json.dumps({"question": question}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
    except OSError:
        return None
    finally:
        connection.close()
    return time.perf_counter() - started if response.status == _OK else None


@contextmanager
def _served(place: Place) -> Iterator[int]:
    """`peacebot serve` on a free port, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    server = subprocess.Popen([PEACEBOT, "serve", "--home", place.home, "--port", str(port)], stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + _PATIENCE
        while _ask(port, "Who?") is None:
            if server.poll() is not None or time.monotonic() > until:
                raise CommandFailed(f"peacebot serve did not answer: {server.stderr.read() if server.stderr else ''}")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(10)
