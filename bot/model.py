"""The model door: a language model behind OpenAI's protocol, through langchain-openai on the openai client, loaded only where one is set.

Whatever the server does, what comes out is text within the time that was set, or `ModelFailed` with a sentence for the reader. Nothing
of a server's words, and no key, reaches the log.
"""

import logging
import queue
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from bot.settings import Settings
from corpus.errors import PeacebotError

UNREACHABLE = "The language model cannot be reached."
REFUSED = "The server of the language model refuses our key."
UNKNOWN = "The language model is unknown at its server."
BUSY = "The language model is busy."
FAILED = "The language model has failed."
CUT_OFF = "The language model broke off."
TOO_SLOW = "The language model took too long."

_CURES = {
    UNREACHABLE: "check PEACEBOT_MODEL_URL, and that the server runs",
    REFUSED: "set PEACEBOT_MODEL_KEY to a key that this server knows",
    UNKNOWN: "set PEACEBOT_MODEL_NAME to a model that this server has",
    BUSY: "wait, or ask the server's owner for more",
    TOO_SLOW: "raise PEACEBOT_MODEL_TIMEOUT, or choose a faster model",
}
_STATUS = {401: REFUSED, 403: REFUSED, 404: UNKNOWN, 429: BUSY}
_NO_KEY = "none"
"""What is sent to a server that asks for no key; the client insists on one."""

_log = logging.getLogger(__name__)


class ModelFailed(PeacebotError):
    """The language model gave no reply, or only a part of one; the message says why, in one sentence for the reader.

    ``cure`` is what whoever runs the program can do about it, where something can be done.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.cure = _CURES.get(sentence)


class Model:
    """One language model at one server. Safe to share among threads."""

    def __init__(self, settings: Settings) -> None:
        """The model that the settings name; nothing is loaded or asked yet."""
        self.name = settings.model_name
        self.second_opinion = settings.second_opinion
        self._settings = settings

    def reply(self, instructions: str, request: str) -> Iterator[str]:
        """The model's reply to a request, in pieces as they come.

        Raises ModelFailed, also in the middle: at the latest when the time that was set is over, however the server behaves.
        """
        reading = _Reading(self._client, [("system", instructions), ("user", request)], self._settings.model_timeout)
        reading.start()
        try:
            while (piece := reading.next()) is not None:
                yield piece
        finally:
            reading.given_up.set()

    @cached_property
    def _client(self) -> Any:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        where = urlsplit(self._settings.model_url)
        query = dict(parse_qsl(where.query))
        key = self._settings.model_key or _NO_KEY
        return ChatOpenAI(
            # Given explicitly, whatever the environment says: LANGSMITH_GATEWAY, OPENAI_BASE_URL and their like send questions elsewhere.
            base_url=urlunsplit(where._replace(query="")),
            api_key=SecretStr(key),
            model=self.name,
            temperature=self._settings.model_temperature,
            timeout=self._settings.model_timeout,
            max_retries=0,
            stream_usage=False,
            use_responses_api=False,
            # Azure's older addresses carry their version as ?api-version=... and take the key in a header of their own.
            default_query=query or None,
            default_headers={"api-key": key} if "api-version" in query else None,
        )


class _Reading(threading.Thread):
    """A reply as it is read, in a thread of its own: a server that sends all the time, but never a word, would hold the reader for ever."""

    def __init__(self, client: Any, messages: Sequence[tuple[str, str]], timeout: float) -> None:
        super().__init__(daemon=True)
        self.given_up = threading.Event()
        self._client = client
        self._messages = messages
        self._timeout = timeout
        self._until = time.monotonic() + timeout
        self._pieces: queue.Queue[str | Exception | None] = queue.Queue()
        self._begun = False

    def next(self) -> str | None:
        """The next piece, or None at the proper end of the reply. Raises ModelFailed."""
        try:
            piece = self._pieces.get(timeout=max(0.0, self._until - time.monotonic()))
        except queue.Empty:
            raise _failure(TOO_SLOW, f"no end after {self._timeout:g} s") from None
        if isinstance(piece, Exception):
            raise piece
        return piece

    def run(self) -> None:
        """Read until the reply ends, however it does."""
        try:
            ended = self._read_patiently()
            self._pieces.put(None if ended else _failure(CUT_OFF, "the stream ended before the reply did"))
        except Exception as problem:  # noqa: BLE001 - whatever it is, somebody waits for this thread
            self._pieces.put(_told(problem, self._begun))

    def _read_patiently(self) -> bool:
        """Read the reply, once more where the server says when to come back in time; whether it came to its own end."""
        from openai import RateLimitError

        try:
            return self._read()
        except RateLimitError as busy:
            wait = _seconds(busy.response.headers.get("retry-after", ""))
            if wait is None or time.monotonic() + wait >= self._until:
                raise
            self.given_up.wait(wait)
            return self._read()

    def _read(self) -> bool:
        from langsmith import tracing_context

        ended = False
        with tracing_context(enabled=False):
            for chunk in self._client.stream(self._messages):
                if self.given_up.is_set():
                    return True
                self._begun = True
                ended = ended or chunk.response_metadata.get("finish_reason") is not None
                if chunk.text:
                    self._pieces.put(chunk.text)
        return ended


def configured(settings: Settings) -> Model | None:
    """The language model that the settings name, or None where they name none."""
    return Model(settings) if settings.model_url else None


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if retry_after.isdecimal() else None


def _told(problem: Exception, begun: bool) -> ModelFailed:
    """What went wrong, as a sentence; only its kind goes to the log, because a server's words may hold the key."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    match problem:
        case APITimeoutError():
            return _failure(TOO_SLOW, "the server did not answer")
        case APIConnectionError():
            return _failure(CUT_OFF if begun else UNREACHABLE, "no connection")
        case APIStatusError():
            return _failure(_STATUS.get(problem.status_code, FAILED), f"status {problem.status_code}")
        case _:
            # Where it happened, without what the exception says.
            where = "".join(traceback.format_tb(problem.__traceback__))
            return _failure(FAILED, f"{type(problem).__name__} at\n{where}")


def _failure(sentence: str, detail: str) -> ModelFailed:
    failed = ModelFailed(sentence)
    _log.warning("%s (%s)%s", sentence.removesuffix("."), detail.rstrip(), f": {failed.cure}." if failed.cure else ".")
    return failed
