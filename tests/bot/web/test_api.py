"""The HTTP interface: the same Answer as everywhere, and a sentence for everything that is wrong."""

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis.core.result import Ok

from bot.schema import Answer
from bot.web.application import MAX_BODY_BYTES
from bot.web.desk import AnswerShelf
from corpus.errors import PeacebotError
from index.case_index import CaseIndex
from tests.bot.web.conftest import HOSTILE_QUESTION, application, settings_for

WEAPONS = "Who checked that the Reed Front had handed over its weapons?"
SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs/answer.schema.json").read_text())
PROBLEM = "application/problem+json"


def ask(client: TestClient, question: object, **more: object) -> dict[str, Any]:
    response = client.post("/api/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    jsonschema.validate(answer, SCHEMA)
    return answer


def streamed(client: TestClient, question: str) -> list[tuple[str, dict[str, Any]]]:
    response = client.post("/api/v1/ask", json={"question": question}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = re.findall(r"event: (\w+)\ndata: (.+)\n\n", response.text)
    return [(name, json.loads(data)) for name, data in events]


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["detail"].endswith((".", "?"))
    return told


def test_an_answer_is_in_the_published_form_and_can_be_fetched_again(client: TestClient) -> None:
    answer = ask(client, WEAPONS)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["url"].startswith("http://testserver/cases/valdoria-harbour-accord#")
    assert client.get(f"/api/v1/answers/{answer['id']}").json() == answer


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001, "\x00\x01", "\U000e0041\U000e0042", HOSTILE_QUESTION, "\u202e" * 5])
def test_no_question_is_an_error(client: TestClient, question: str) -> None:
    assert ask(client, question)["status"] in ("invalid_question", "answered", "not_covered")


def test_a_stream_tells_the_same_as_its_answer(client: TestClient) -> None:
    events = streamed(client, WEAPONS)
    assert [name for name, _ in events] == ["sentence"] * (len(events) - 1) + ["answer"]
    answer = events[-1][1]
    jsonschema.validate(answer, SCHEMA)
    assert [data["sentence"] for _, data in events[:-1]] == answer["sentences"]
    asked_at_once = ask(client, WEAPONS)
    same = ("status", "text", "sentences", "citations", "disputes", "suggestions", "corpus_version")
    assert {name: answer[name] for name in same} == {name: asked_at_once[name] for name in same}


def test_a_scope_narrows_and_an_unknown_word_is_told(client: TestClient) -> None:
    answer = ask(client, "How did people vote?", areas=["valdoria"], kinds=["process"])
    assert {citation["case"]["id"] for citation in answer["citations"]} <= {"valdoria-harbour-accord"}
    told = problem(client.post("/api/v1/ask", json={"question": "x", "areas": ["atlantis"]}), 422)
    assert "atlantis" in told["detail"]
    assert "valdoria" in told["detail"]
    assert "atlantis" in problem(client.get("/api/v1/search", params={"q": "x", "area": "atlantis"}), 422)["detail"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.question"),
        ({"question": 5}, "body.question"),
        ({"question": "x", "areaz": []}, "body.areaz"),
        ({"question": "x", "history": [{"question": "y"}]}, "body.history.0.answer"),
        ({"question": "x", "history": [{"question": "y", "answer": "z"}] * 51}, "body.history"),
    ],
)
def test_an_unusable_request_names_its_faults(client: TestClient, body: dict[str, Any], where: str) -> None:
    assert where in [fault["where"] for fault in problem(client.post("/api/v1/ask", json=body), 422)["faults"]]


def test_other_errors_are_problems_too(client: TestClient) -> None:
    json_type = {"content-type": "application/json"}
    problem(client.post("/api/v1/ask", content=b"{", headers=json_type), 422)
    problem(client.post("/api/v1/ask", content=b'{"question": "\xff"}', headers=json_type), 400)
    problem(client.post("/api/v1/ask", content=b"x" * (MAX_BODY_BYTES + 1), headers=json_type), 413)
    problem(client.post("/api/v1/ask", content=(b"x" * 65536 for _ in range(5)), headers=json_type), 413)
    problem(client.get("/api/v1/nothing"), 404)
    problem(client.get("/api/v1/answers/a-0"), 404)
    problem(client.get("/api/v1/cases/nowhere"), 404)
    problem(client.get("/api/v1/search"), 422)
    not_allowed = client.get("/api/v1/ask")
    problem(not_allowed, 405)
    assert "POST" in not_allowed.headers["allow"]


def test_search_finds_passages(client: TestClient) -> None:
    found = client.get("/api/v1/search", params={"q": "rifles counted", "k": 2, "area": "valdoria"}).json()
    assert len(found) == 2
    assert found[0]["score"] >= found[1]["score"]
    assert found[0]["url"] == f"http://testserver/cases/{found[0]['passage_id']}"


@pytest.mark.parametrize("query", ["%20", "%09%0A", "%00%01", "%E2%80%AE", "?!", "%FF", ""])
def test_a_search_for_nothing_is_told(client: TestClient, query: str) -> None:
    problem(client.get(f"/api/v1/search?q={query}"), 422)
    assert problem(client.get("/api/v1/search?q=%20"), 422)["detail"] == "Please type a question."


def test_what_nobody_sees_is_not_searched_for(client: TestClient) -> None:
    plain = client.get("/api/v1/search", params={"q": "rifles counted"}).json()
    assert client.get("/api/v1/search?q=rifles%00%20%E2%80%AE%09counted%FF").json()[0]["passage_id"] == plain[0]["passage_id"]


def test_cases_are_listed_and_whole(client: TestClient, index: CaseIndex) -> None:
    listed = client.get("/api/v1/cases").json()
    assert {case["id"] for case in listed} == set(index.cases)
    whole = client.get("/api/v1/cases/valdoria-harbour-accord").json()
    expected = asdict(index.cases["valdoria-harbour-accord"])
    assert whole["title"] == expected["title"]
    assert whole["sections"] == json.loads(json.dumps(expected["sections"]))
    assert {source["id"] for source in whole["sources"]} >= {"harbour-accord-1993", "observer-report-1994"}


def test_schema_and_health(client: TestClient, index: CaseIndex) -> None:
    assert client.get("/api/v1/answer.schema.json").json() == SCHEMA
    assert client.get("/healthz").text == "ok"
    assert index.version in client.get("/readyz").text


def test_without_an_index_the_process_is_up_but_not_ready() -> None:
    def no_index() -> CaseIndex:
        raise PeacebotError("There is no index yet: run `peacebot index build`.")

    client = TestClient(application(settings_for(80, "http://testserver"), no_index))
    assert client.get("/healthz").status_code == 200
    for response in (client.get("/readyz"), client.post("/api/v1/ask", json={"question": "x"}), client.get("/api/v1/cases")):
        assert "peacebot index build" in problem(response, 503)["detail"]


def test_a_bug_is_logged_under_the_reference_that_the_reader_gets(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> CaseIndex:
        raise ZeroDivisionError("secret detail")

    client = TestClient(application(settings_for(80, "http://testserver"), broken), raise_server_exceptions=False)
    with caplog.at_level(logging.ERROR):
        response = client.post("/api/v1/ask", json={"question": "x"})
    told = problem(response, 500)
    assert told["reference"] in told["detail"]
    assert "secret" not in response.text
    logged = next(record for record in caplog.records if told["reference"] in record.getMessage())
    assert logged.exc_info
    assert response.headers["content-security-policy"]


def test_a_stream_that_breaks_ends_with_an_error_event(client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.answer.matrix.rows", breaks)
    (name, data) = streamed(client, WEAPONS)[-1]
    assert name == "error"
    assert data["reference"] in data["detail"]


def test_the_shelf_lets_the_oldest_go() -> None:
    shelf = AnswerShelf(capacity=2)
    answers = [Answer(f"a-{n}", "", "", "not_covered", None, "quotes", "", "") for n in range(3)]
    for given in answers:
        shelf.keep(given)
    assert [shelf.find(given.id) for given in answers] == [None, answers[1], answers[2]]


@pytest.mark.slow
def test_every_response_is_as_the_description_says(app: FastAPI) -> None:
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert {operation.path for operation in operations} >= {"/api/v1/ask", "/api/v1/search", "/api/v1/cases/{case_id}", "/readyz"}
    for operation in operations:

        @hypothesis.settings(max_examples=25, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=operation.as_strategy())
        def conforms(case: Any) -> None:
            # Whether an area exists is not for a description to say.
            case.call_and_validate(excluded_checks=[schemathesis.checks.positive_data_acceptance])

        conforms()


def test_half_a_surrogate_pair_is_a_question_like_any_other(client: TestClient) -> None:
    reply = client.post(
        "/api/v1/ask", content=b'{"question": "\\ud800 Who chaired the Harbour talks?"}', headers={"content-type": "application/json"}
    )
    assert reply.status_code == 200
    assert reply.json()["standalone_question"].endswith("Who chaired the Harbour talks?")


def test_what_was_no_question_is_not_kept(client: TestClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": "x" * 2001}).json()
    assert answer["status"] == "invalid_question"
    assert client.get(f"/api/v1/answers/{answer['id']}").status_code == 404
