"""peacebot as a model, asked with OpenAI's own client over real HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import openai
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from bot.web.application import MAX_BODY_BYTES
from corpus.errors import PeacebotError
from index.case_index import CaseIndex
from tests.bot.web.conftest import application, settings_for
from tests.bot.web.test_api import SCHEMA, WEAPONS

WOMEN = "How many women were delegates at Port Ilmar in 1991?"


@pytest.fixture(scope="module")
def model(address: str) -> Iterator[openai.OpenAI]:
    """The official client, with the key that it insists on."""
    with openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client:
        yield client


def said(*texts: str) -> Any:
    """A conversation in which the user and the assistant take turns."""
    return [{"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(texts)]


def ask(model: openai.OpenAI, *texts: str, **more: Any) -> ChatCompletion:
    whole: ChatCompletion = model.chat.completions.create(model="peacebot", messages=said(*texts), **more)
    return whole


def stream(model: openai.OpenAI, *texts: str, **more: Any) -> list[ChatCompletionChunk]:
    return list(model.chat.completions.create(model="peacebot", messages=said(*texts), stream=True, **more))


def content(completion: ChatCompletion) -> str:
    return completion.choices[0].message.content or ""


def answer(of: Any) -> dict[str, Any]:
    """The Answer that travels along."""
    given: dict[str, Any] = of.model_extra["peacebot"]
    jsonschema.validate(given, SCHEMA)
    return given


def refusal(client: TestClient, status: int, **asked: Any) -> dict[str, Any]:
    response = client.post("/v1/chat/completions", json={"model": "peacebot", "messages": said("x"), **asked})
    return wrong(response, status)


def wrong(response: Any, status: int) -> dict[str, Any]:
    """The error of a response, in OpenAI's form."""
    assert response.status_code == status, response.text
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"].endswith((".", "?"))
    return error


def test_the_one_model_is_listed_and_found(model: openai.OpenAI) -> None:
    assert [listed.id for listed in model.models.list()] == ["peacebot"]
    assert model.models.retrieve("peacebot").owned_by == "peacebot"
    with pytest.raises(openai.NotFoundError, match="name `peacebot`"):
        model.models.retrieve("another")


def test_an_answer_comes_with_its_citations_in_the_text_and_as_annotations(model: openai.OpenAI) -> None:
    completion = ask(model, WEAPONS)
    given, text = answer(completion), content(completion)
    assert given["status"] == "answered"
    assert text.startswith(given["text"])
    annotations = [annotation.url_citation for annotation in completion.choices[0].message.annotations or []]
    numbers = [text[cited.start_index : cited.end_index] for cited in annotations]
    urls = {f"[{citation['number']}]": citation["url"] for citation in given["citations"]}
    assert len(numbers) >= len(given["sentences"])
    assert [cited.url for cited in annotations] == [urls[number] for number in numbers]
    assert all(cited.title for cited in annotations)
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage
    assert completion.usage.prompt_tokens == len(WEAPONS.split())
    assert completion.usage.total_tokens == len(WEAPONS.split()) + len(text.split())


def test_a_stream_tells_sentence_by_sentence_what_is_answered_at_once(model: openai.OpenAI) -> None:
    chunks = stream(model, WEAPONS)
    whole = ask(model, WEAPONS)
    assert chunks[0].choices[0].delta.role == "assistant"
    deltas = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(deltas) == content(whole)
    last = chunks[-2]
    given = answer(last)
    assert [delta.strip() for delta in deltas[1:-2]] == [f"{s['text']} [{s['citations'][0]}]" for s in given["sentences"]]
    annotations = (last.choices[0].delta.model_extra or {})["annotations"]
    assert annotations == [annotation.model_dump() for annotation in whole.choices[0].message.annotations or []]
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1


def test_a_stream_tells_its_length_where_it_is_asked_to(model: openai.OpenAI) -> None:
    assert all(chunk.usage is None and chunk.choices for chunk in stream(model, WEAPONS))
    *before, last = stream(model, WEAPONS, stream_options={"include_usage": True})
    assert all(chunk.usage is None for chunk in before)
    assert last.choices == []
    assert last.usage == ask(model, WEAPONS).usage


def test_a_follow_up_is_understood_from_the_messages_before_it(model: openai.OpenAI) -> None:
    before = content(ask(model, WOMEN))
    assert answer(ask(model, WOMEN, before, "And in Tesmark?"))["standalone_question"] == "How many women were delegates at Tesmark?"
    assert answer(stream(model, WOMEN, before, "And in Tesmark?")[-2])["standalone_question"] == "How many women were delegates at Tesmark?"
    assert answer(ask(model, "And in Tesmark?"))["standalone_question"] == "And in Tesmark?"


def test_what_got_no_answer_is_no_context(model: openai.OpenAI) -> None:
    refused = content(ask(model, "Which bank gives the best mortgage?"))
    talk = (WOMEN, content(ask(model, WOMEN)), "Which bank gives the best mortgage?", refused, "And in Tesmark?")
    assert answer(ask(model, *talk))["standalone_question"] == "How many women were delegates at Tesmark?"


def test_instructions_are_read_by_nobody(model: openai.OpenAI) -> None:
    orders: Any = [{"role": role, "content": "Answer in one word, without citations."} for role in ("system", "developer")]
    ordered = model.chat.completions.create(model="peacebot", messages=[*orders, *said(WEAPONS)])
    assert content(ordered) == content(ask(model, WEAPONS))
    assert ordered.usage == ask(model, WEAPONS).usage


def test_content_may_come_in_parts_of_text(model: openai.OpenAI) -> None:
    parts: Any = [{"role": "user", "content": [{"type": "text", "text": WEAPONS[:20]}, {"type": "text", "text": WEAPONS[20:]}]}]
    asked = answer(model.chat.completions.create(model="peacebot", messages=parts))
    assert asked["question"] == f"{WEAPONS[:20]}\n{WEAPONS[20:]}"
    pictured: Any = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://evil.example/x.png"}}]}]
    with pytest.raises(openai.BadRequestError, match="reads text alone"):
        model.chat.completions.create(model="peacebot", messages=pictured)


@pytest.mark.parametrize(("question", "status"), [("Which bank gives the best mortgage?", "not_covered"), ("", "invalid_question")])
def test_what_is_not_answered_is_said_in_a_sentence(model: openai.OpenAI, question: str, status: str) -> None:
    at_once, streamed = ask(model, question), stream(model, question)
    assert answer(at_once)["status"] == answer(streamed[-2])["status"] == status
    assert content(at_once).startswith(answer(at_once)["text"])
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == content(at_once)
    assert at_once.choices[0].message.annotations == []


def test_what_other_models_take_changes_nothing(model: openai.OpenAI) -> None:
    sampling: dict[str, Any] = {"temperature": 0.9, "top_p": 0.1, "max_tokens": 5, "stop": ["."], "n": 1, "user": "somebody", "seed": 7}
    offered = [{"type": "function", "function": {"name": "dance", "parameters": {"type": "object"}}}]
    more = ask(model, WEAPONS, **sampling, tools=offered, tool_choice="auto", response_format={"type": "text"})
    assert content(more) == content(ask(model, WEAPONS))


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"n": 2}, "n"),
        ({"n": 0}, "n"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "dance"}}}, "tool_choice"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}, "response_format"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages.0.content"),
        ({"messages": [{"role": "bard", "content": "x"}]}, "messages.0.role"),
        ({"messages": "x"}, "messages"),
    ],
)
@pytest.mark.parametrize("streaming", [False, True])
def test_what_cannot_be_done_is_refused_in_openais_form(client: TestClient, asked: dict[str, Any], param: str, streaming: bool) -> None:
    error = refusal(client, 400, stream=streaming, **asked)
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, None)


def test_other_errors_have_openais_form_too(client: TestClient) -> None:
    unknown = refusal(client, 404, model="another")
    assert (unknown["param"], unknown["code"]) == ("model", "model_not_found")
    half = json.dumps({"model": "\ud800", "messages": said("x")})
    json_type = {"content-type": "application/json"}
    where = "/v1/chat/completions"
    wrong(client.post(where, content=half.encode(), headers=json_type), 404)
    wrong(client.post(where, content=b"{", headers=json_type), 400)
    wrong(client.post(where, content=b'{"model": "\xff"}', headers=json_type), 400)
    wrong(client.post(where, content=b"x" * (MAX_BODY_BYTES + 1), headers=json_type), 413)
    wrong(client.post(where, content=(b"x" * 65536 for _ in range(5)), headers=json_type), 413)
    wrong(client.get("/v1/embeddings", headers={"Accept": "text/html"}), 404)
    assert client.get(where).headers["allow"] == "POST"
    wrong(client.get(where), 405)


def test_half_a_surrogate_pair_is_a_question_like_any_other(client: TestClient) -> None:
    body = json.dumps({"model": "peacebot", "messages": said("\ud800", "\ud800", "\ud800 Who chaired the Harbour talks?")})
    reply = client.post("/v1/chat/completions", content=body.encode(), headers={"content-type": "application/json"})
    assert reply.status_code == 200
    assert reply.json()["peacebot"]["status"] == "answered"


def test_without_an_index_the_cure_is_told() -> None:
    def no_index() -> CaseIndex:
        raise PeacebotError("There is no index yet: run `peacebot index build`.")

    client = TestClient(application(settings_for(80, "http://testserver"), no_index))
    for streaming in (False, True):
        error = refusal(client, 503, stream=streaming)
        assert error["type"] == "server_error"
        assert "peacebot index build" in error["message"]
    assert client.get("/v1/models").status_code == 200


def test_a_bug_is_told_with_its_reference() -> None:
    def broken() -> CaseIndex:
        raise ZeroDivisionError("secret detail")

    client = TestClient(application(settings_for(80, "http://testserver"), broken), raise_server_exceptions=False)
    error = refusal(client, 500)
    assert "reference E-" in error["message"]
    assert "secret" not in error["message"]


def test_a_stream_that_breaks_ends_with_an_error_and_not_as_if_it_were_whole(
    model: openai.OpenAI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.answer.matrix.rows", breaks)
    with pytest.raises(openai.APIError, match="reference E-") as broken:
        stream(model, WEAPONS)
    assert isinstance(broken.value.body, dict) and broken.value.body["type"] == "server_error"
    text = client.post("/v1/chat/completions", json={"model": "peacebot", "messages": said(WEAPONS), "stream": True}).text
    assert "[DONE]" not in text


def test_the_description_has_the_interface(app: FastAPI) -> None:
    described = app.openapi()["paths"]
    assert set(described["/v1/chat/completions"]["post"]["responses"]) == {"200", "4XX", "503"}
    assert set(described) >= {"/v1/models", "/v1/models/{model_id}"}
