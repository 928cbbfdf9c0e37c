"""The switch that keeps tests offline works: here, in children, and beneath Python."""

import socket
import sys
from pathlib import Path

import pytest

from tests.conftest import Outbound
from tests.offline.closed_network import OutboundConnectionError
from tests.offline.process import namespace, run_offline

ELSEWHERE = "192.0.2.1"  # reserved for documentation (RFC 5737)


def test_names_and_addresses_elsewhere_are_refused_and_remembered(outbound: Outbound) -> None:
    with socket.socket() as stream, pytest.raises(OutboundConnectionError):
        stream.connect((ELSEWHERE, 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram, pytest.raises(OutboundConnectionError):
        datagram.sendto(b"peace", (ELSEWHERE, 53))
    with pytest.raises(OutboundConnectionError):
        socket.getaddrinfo("example.org", 443)
    assert outbound.attempts() == [
        f"socket.connect '{ELSEWHERE}'",
        f"socket.sendto '{ELSEWHERE}'",
        "socket.getaddrinfo 'example.org'",
    ]


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(("localhost", server.getsockname()[1])) as client:
        server.accept()[0].close()
        assert client.recv(1) == b""


def test_a_child_is_refused_even_where_it_swallows_the_refusal(outbound: Outbound, tmp_path: Path) -> None:
    attempt = "import socket\ntry: socket.create_connection(('example.org', 80))\nexcept OSError: print('swallowed')"
    assert run_offline([sys.executable, "-c", attempt], tmp_path).stdout == "swallowed\n"
    assert outbound.attempts() == ["socket.getaddrinfo 'example.org'"]


@pytest.mark.skipif(not namespace(), reason="this system lets no process have a network namespace of its own")
def test_a_namespace_has_loopback_and_nothing_else(tmp_path: Path) -> None:
    names = "import socket; print([name for _, name in socket.if_nameindex()]); socket.create_server(('127.0.0.1', 0))"
    assert run_offline([sys.executable, "-c", names], tmp_path).stdout == "['lo']\n"


def test_a_command_sees_its_own_home_and_no_settings_of_ours(tmp_path: Path) -> None:
    show = "import os; print(os.environ['HOME'], [name for name in os.environ if name.startswith('PEACEBOT_')])"
    assert run_offline([sys.executable, "-c", show], tmp_path / "new").stdout == f"{tmp_path / 'new'} []\n"
