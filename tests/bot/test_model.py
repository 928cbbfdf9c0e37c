"""Whatever a model server does, there is text in time, or a sentence that says why not; and nothing secret in the log."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.model import BUSY, CUT_OFF, FAILED, REFUSED, TOO_SLOW, UNKNOWN, UNREACHABLE, Model, ModelFailed, configured
from tests.bot.model_server import KEY, MODEL, ModelServer, Part, Request, Wire, fails, model_server, says


def reply(server: ModelServer, **settings: Any) -> str:
    return "".join(Model(server.settings(**settings)).reply("Be honest.", "What happened?"))


def test_a_reply_comes_in_pieces_and_whole() -> None:
    with model_server(says("The talks began in Port Ilmar.")) as server:
        pieces = list(Model(server.settings()).reply("Be honest.", "What happened?"))
    assert len(pieces) > 1
    assert "".join(pieces) == "The talks began in Port Ilmar."
    [asked] = server.requests
    assert (asked.instructions, asked.text) == ("Be honest.", "What happened?")
    assert (asked.body["model"], asked.body["temperature"], asked.body["stream"]) == (MODEL, 0, True)
    assert asked.headers["authorization" if "authorization" in asked.headers else "Authorization"] == f"Bearer {KEY}"


def test_the_temperature_may_be_left_to_the_server() -> None:
    with model_server(says("Yes.")) as server:
        reply(server, model_temperature=None)
    assert "temperature" not in server.requests[0].body


def test_an_address_in_azures_older_form_keeps_its_version_and_sends_its_key_in_its_own_header() -> None:
    with model_server(says("Yes.")) as server:
        assert reply(server, model_url=f"{server.url}/openai/deployments/small?api-version=2024-10-21") == "Yes."
    asked = server.requests[0]
    assert asked.path == "/openai/deployments/small/chat/completions?api-version=2024-10-21"
    assert {name.lower(): value for name, value in asked.headers.items()}["api-key"] == KEY


def test_a_server_that_asks_for_no_key_needs_none() -> None:
    with model_server(says("Yes.")) as server:
        assert reply(server, model_key="") == "Yes."


def test_what_the_environment_says_sends_no_question_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LANGSMITH_GATEWAY": "true",
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "lsv2_pt_0123",
        "OPENAI_BASE_URL": "https://elsewhere.example.org/v1",
        "OPENAI_API_BASE": "https://elsewhere.example.org/v1",
        "OPENAI_API_KEY": "sk-another",
    }.items():
        monkeypatch.setenv(name, value)
    with model_server(says("Yes.")) as server:
        assert reply(server) == "Yes."
    assert len(server.requests) == 1
    assert "sk-another" not in str(server.requests[0].headers)


def no_end(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.piece("Half a sen")


def reset(request: Request, wire: Wire) -> None:
    wire.begin(headers={"Content-Length": "100000"})
    wire.piece("Half a sen")


def stalls(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.piece("Half a sen")
    wire.pause(30)


def keeps_alive(request: Request, wire: Wire) -> None:
    wire.begin()
    for _ in range(300):
        wire.raw(": still here\n\n")
        wire.pause(0.1)


def trickles(request: Request, wire: Wire) -> None:
    wire.begin()
    for _ in range(300):
        wire.piece("a ")
        wire.pause(0.1)


def broken_json(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.raw("data: {not json\n\n")


def no_choices(request: Request, wire: Wire) -> None:
    wire.begin()
    wire.raw('data: {"id": "c", "choices": null}\n\n')
    wire.raw("data: [DONE]\n\n")


def silent(request: Request, wire: Wire) -> None:
    wire.pause(30)


ENDINGS: dict[str, tuple[Part, str]] = {
    "401": (fails(401), REFUSED),
    "403": (fails(403), REFUSED),
    "404": (fails(404), UNKNOWN),
    "429": (fails(429), BUSY),
    "429, come back tomorrow": (fails(429, headers={"Retry-After": "86400"}), BUSY),
    "400": (fails(400), FAILED),
    "500": (fails(500), FAILED),
    "502 with a page": (fails(502, "<html>bad gateway</html>"), FAILED),
    "no end": (no_end, CUT_OFF),
    "cut": (reset, CUT_OFF),
    "stalls": (stalls, TOO_SLOW),
    "keeps alive without a word": (keeps_alive, TOO_SLOW),
    "trickles": (trickles, TOO_SLOW),
    "silent": (silent, TOO_SLOW),
    "broken JSON": (broken_json, FAILED),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_failure_has_its_sentence_in_time_and_no_secret_in_the_log(name: str, caplog: pytest.LogCaptureFixture) -> None:
    part, sentence = ENDINGS[name]
    caplog.set_level(logging.DEBUG)
    with model_server(part) as server:
        before = time.monotonic()
        with pytest.raises(ModelFailed) as problem:
            reply(server, model_timeout=2.0)
        took = time.monotonic() - before
    assert str(problem.value) == sentence
    assert took < 10, "it ends with the time that was set, or soon after"
    assert sentence.removesuffix(".") in caplog.text
    assert KEY not in caplog.text


def test_a_reply_without_choices_ends_without_a_hang() -> None:
    with model_server(no_choices) as server, pytest.raises(ModelFailed):
        reply(server, model_timeout=5.0)


def test_a_server_that_is_not_there_has_its_sentence(free_address: str) -> None:
    with model_server(says("never")) as server, pytest.raises(ModelFailed, match=UNREACHABLE):
        reply(server, model_url=free_address)
    assert server.requests == []


@pytest.fixture
def free_address() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, and nobody listens
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    with model_server(fails(429, headers={"Retry-After": "1"}), says("Now I can.")) as server:
        assert reply(server) == "Now I can."
    assert len(server.requests) == 2


def test_a_reader_who_leaves_ends_the_reading() -> None:
    written: list[int] = []

    def endless(request: Request, wire: Wire) -> None:
        wire.begin()
        for number in range(1000):
            wire.piece("word ")
            written.append(number)
            wire.pause(0.01)

    with model_server(endless) as server:
        pieces = Model(server.settings()).reply("Be honest.", "What happened?")
        assert next(pieces) == "word "
        pieces.close()  # type: ignore[attr-defined]
        seen = _when_still(lambda: len(written))
    assert seen < 1000


def _when_still(count: Callable[[], int]) -> int:
    """A number once it no longer grows."""
    before = -1
    while before != (now := count()):
        before = now
        time.sleep(0.5)
    return now


def test_there_is_a_model_only_where_one_is_named() -> None:
    with model_server(says("Yes.")) as server:
        named = configured(server.settings())
        assert named is not None
        assert named.name == MODEL
        assert configured(server.settings(model_url="", model_name="")) is None
