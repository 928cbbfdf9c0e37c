"""Serving the application: uvicorn, with a plain sentence when the port is taken."""

import asyncio
import errno
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from urllib.parse import urlsplit

import uvicorn

from bot.settings import LAST_PORT, Settings
from bot.terminal import say
from bot.web.application import create_app
from bot.web.problems import is_logged
from bot.web.security import only_here
from corpus.errors import PeacebotError
from index.case_index import CaseIndex

_UNUSABLE = {
    errno.EADDRINUSE: "Port {port} is in use: choose another with `--port`, for example `--port {other}`.",
    errno.EACCES: "Port {port} may not be used by this account: choose one above 1023 with `--port`.",
}
_ONLY_HERE = (
    "Other machines need an address of their own for the links: set PEACEBOT_PUBLIC_URL to the one under which they reach this machine."
)
_NO_ADDRESS = "This machine has no address {host}: choose another with `--host`, for example `--host 127.0.0.1`."


class ServingProblem(PeacebotError):
    """The address cannot be listened on."""


def serve(settings: Settings, open_index: Callable[[], CaseIndex]) -> None:
    """Serve until interrupted, from the index that ``open_index`` opens, or first builds, once the address is ours.

    Raises ServingProblem where the address cannot be listened on.
    """
    with _listening(settings) as listener, closing(open_index()) as index:
        app = create_app(settings, lambda: index)
        # Open chats hold a connection each, which must not keep the program from ending.
        config = uvicorn.Config(app, log_config=None, server_header=False, timeout_graceful_shutdown=1)
        notices = [f"peacebot answers at {settings.public_url} (stop with Ctrl-C)"]
        if only_here(settings.host, settings.public_url):
            notices.append(_ONLY_HERE)
        server = _AnnouncingServer(config, notices)
        _log_in_plain_lines()
        with suppress(KeyboardInterrupt):  # the way to end it
            server.run(sockets=[listener])


def _listening(settings: Settings) -> socket.socket:
    """A socket bound before anything slow is done, so that a taken port is told at once."""
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, reuse_port=False, backlog=2048)
    except OSError as error:
        template = _UNUSABLE.get(error.errno or 0, _NO_ADDRESS)
        other = settings.port + 1 if settings.port < LAST_PORT else settings.port - 1
        raise ServingProblem(template.format(host=settings.host, port=settings.port, other=other)) from error
    return listener


class _AnnouncingServer(uvicorn.Server):
    """Says on standard error where it can be reached, once it can."""

    def __init__(self, config: uvicorn.Config, notices: Sequence[str]) -> None:
        super().__init__(config)
        self._notices = notices

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            for notice in self._notices:
                say(notice)


def _log_in_plain_lines() -> None:
    """Log problems, and requests without their query strings, which hold what people search for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    access, errors, own = (logging.getLogger(name) for name in ("uvicorn.access", "uvicorn.error", "bot"))
    access.addFilter(_without_query)
    errors.addFilter(_not_a_closed_chat)
    errors.addFilter(_not_logged_before)
    for logger, level in ((access, logging.INFO), (errors, logging.WARNING), (own, logging.WARNING)):
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


def _without_query(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(urlsplit(part).path if isinstance(part, str) and part.startswith("/") else part for part in record.args)
    return True


def _not_a_closed_chat(record: logging.LogRecord) -> bool:
    """Connections of open chats are cut when the program ends, which uvicorn reports as errors: they are none."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "timeout graceful shutdown exceeded" not in record.getMessage()


def _not_logged_before(record: logging.LogRecord) -> bool:
    """A bug is logged under its reference number where it is met; uvicorn would log it once more without that."""
    error = record.exc_info[1] if record.exc_info else None
    return error is None or not is_logged(error)
