"""Serving: a plain sentence where the address cannot be had, and otherwise where it is, with no query in the log."""

import signal
import socket
import subprocess
import sys
import time
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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.mark.slow
def test_it_says_where_it_is_logs_no_query_and_ends_quietly(tmp_path: Path, encoder_home: Path, encoder: Encoder) -> None:
    assert encoder.dimension  # exported before the clock of this test runs
    port = free_port()
    log = tmp_path / "log"
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--home", str(encoder_home), "--corpus", str(SMALL_CORPUS)]
    with log.open("w") as written, subprocess.Popen(command, stderr=written) as server:
        try:
            announced = f"peacebot answers at http://127.0.0.1:{port}"
            deadline = time.monotonic() + 60
            while announced not in log.read_text() and time.monotonic() < deadline:
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            assert httpx2.get(f"http://127.0.0.1:{port}/api/v1/search?q=a+secret+wish").status_code == 200
            with httpx2.stream("GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/an-open-chat") as chat:
                assert chat.status_code == 200
                server.send_signal(signal.SIGINT)
                assert server.wait(20) == 0
        finally:
            server.kill()
    lines = log.read_text()
    assert "Traceback (most recent call last)" not in lines
    assert announced in lines
    assert "GET /api/v1/search" in lines
    assert "secret" not in lines
