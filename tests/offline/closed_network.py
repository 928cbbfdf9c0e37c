"""Refuses every connection that would leave this machine, and writes down that it was tried.

What was refused goes to the file that CLOSED_NETWORK_LOG names, a line each, such as ``socket.connect '192.0.2.1'``.

An audit hook sees what Python code does with sockets, whatever library does it and however it got at the socket. Compiled
libraries that open sockets of their own are out of its reach: `tests.offline.process` cuts those off as well, with a network
namespace, where the system allows it.
"""

import ipaddress
import os
import socket
import sys
from pathlib import Path

_LOG = "CLOSED_NETWORK_LOG"
_TO_AN_ADDRESS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_OF_A_NAME = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


class OutboundConnectionError(OSError):
    """A test tried to leave this machine. It is an OSError, so that libraries treat it as they treat a laptop without a network."""


def close() -> None:
    """Refuse from now on, for as long as this process lives."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _OF_A_NAME:
        host: object = arguments[0]
    elif event in _TO_AN_ADDRESS:
        opened, address = arguments
        if getattr(opened, "family", None) not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
            return
        host = address[0]
    else:
        return
    if not _on_this_machine(host):
        _write_down(f"{event} {host!r}")
        raise OutboundConnectionError(f"No test connects to another machine, and this one tried to: {event} {host!r}")


def _on_this_machine(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _write_down(attempt: str) -> None:
    if _LOG in os.environ:
        with Path(os.environ[_LOG]).open("a", encoding="utf-8") as log:
            log.write(f"{attempt}\n")
