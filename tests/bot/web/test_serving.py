"""Serving: a plain sentence where the address cannot be had, and otherwise where it is, with no query in the log."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bot.web.serving import ServingProblem, serve
from index.case_index import CaseIndex
from index.encoder import Encoder
from tests.bot.web.conftest import settings_for
from tests.conftest import SMALL_CORPUS


def no_index() -> CaseIndex:
    raise AssertionError("nothing is opened for an address that cannot be had")


def test_a_taken_port_names_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServingProblem, match=rf"^Port {port} is in use: choose another with `--port`"):
            serve(settings_for(port, f"http://127.0.0.1:{port}"), no_index)


def test_a_port_that_cannot_be_is_never_proposed() -> None:
    with socket.create_server(("127.0.0.1", 65535)), pytest.raises(ServingProblem, match="for example `--port 65534`"):
        serve(settings_for(65535, "http://127.0.0.1:65535"), no_index)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(log: Path, *command: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server of its own process, once it has said where it is."""
    with log.open("w") as written, subprocess.Popen([sys.executable, *command], stderr=written) as server:
        try:
            deadline = time.monotonic() + 60
            while "peacebot answers at" not in log.read_text() and time.monotonic() < deadline:
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            yield server, log.read_text().partition("peacebot answers at ")[2].split()[0]
        finally:
            server.kill()


@pytest.mark.slow
def test_it_says_where_it_is_logs_no_query_and_ends_quietly(tmp_path: Path, encoder_home: Path, encoder: Encoder) -> None:
    assert encoder.dimension  # exported before the clock of this test runs
    port, log = free_port(), tmp_path / "log"
    command = ("-m", "bot", "serve", "--port", str(port), "--home", str(encoder_home), "--corpus", str(SMALL_CORPUS))
    with serving(log, *command) as (server, address):
        assert address == f"http://127.0.0.1:{port}"
        assert httpx2.get(f"{address}/api/v1/search?q=a+secret+wish").status_code == 200
        with httpx2.stream("GET", f"{address}/gradio_api/heartbeat/an-open-chat") as chat:
            assert chat.status_code == 200
            server.send_signal(signal.SIGINT)
            assert server.wait(20) == 0
    lines = log.read_text()
    assert "Traceback (most recent call last)" not in lines
    assert "PEACEBOT_PUBLIC_URL" not in lines
    assert "GET /api/v1/search" in lines
    assert "secret" not in lines


@pytest.mark.slow
def test_links_lead_to_this_machine_and_others_are_told_what_they_need(tmp_path: Path, encoder_home: Path, encoder: Encoder) -> None:
    assert encoder.dimension
    port, log = free_port(), tmp_path / "log"
    own = ("--home", str(encoder_home), "--corpus", str(SMALL_CORPUS))
    with serving(log, "-m", "bot", "serve", "--host", "0.0.0.0", "--port", str(port), *own) as (_, address):
        assert address == f"http://127.0.0.1:{port}"
        found = httpx2.get(f"{address}/api/v1/search?q=rifles").json()
        assert found[0]["url"].startswith(address)
    assert log.read_text().count("set PEACEBOT_PUBLIC_URL") == 1


BROKEN_INDEX = """
from pathlib import Path
from bot.settings import Settings
from bot.web.serving import serve

class Broken:
    def close(self): pass

serve(Settings(Path(), (), "", "127.0.0.1", {port}, "http://127.0.0.1:{port}"), Broken)
"""


@pytest.mark.slow
def test_a_bug_is_logged_once_and_with_its_time(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(log, "-c", BROKEN_INDEX.format(port=free_port())) as (_, address):
        reply = httpx2.get(f"{address}/api/v1/cases")
        assert reply.status_code == 500
    lines = log.read_text().splitlines()
    assert len([line for line in lines if line.startswith("AttributeError: ")]) == 1
    [logged] = [line for line in lines if reply.json()["reference"] in line]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR unexpected error", logged)
