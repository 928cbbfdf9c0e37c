"""peacebot as tools for agents, called with MCP's own client over streamable HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import jsonschema
import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError, types

from bot.web.application import MAX_BODY_BYTES
from corpus.errors import PeacebotError
from index.case_index import CaseIndex
from tests.bot.web.conftest import HOSTILE_CASE, application, settings_for
from tests.bot.web.test_api import PROBLEM, SCHEMA, WEAPONS

Result = TypeVar("Result")

HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def with_client(address: str, use: Callable[[Client], Awaitable[Result]], mode: str = "auto") -> Result:
    """What comes of using a client that is connected to the server."""

    async def connected() -> Result:
        async with Client(f"{address}/mcp", mode=mode) as client:
            return await use(client)

    return asyncio.run(connected())


def call(address: str, tool: str, **arguments: Any) -> types.CallToolResult:
    return with_client(address, lambda client: client.call_tool(tool, arguments))


def text(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def error(result: types.CallToolResult) -> str:
    assert result.is_error
    assert result.structured_content is None
    assert text(result).endswith(".")
    return text(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_three_tools_say_what_they_take_and_that_they_quote(address: str, mode: str) -> None:
    listed = with_client(address, lambda client: client.list_tools(), mode)
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == {"ask", "search", "read_case"}
    assert all("quoted" in (tool.description or "") and "citation" in (tool.description or "") for tool in tools.values())
    assert all(tool.annotations and tool.annotations.read_only_hint and not tool.annotations.open_world_hint for tool in tools.values())
    assert set(tools["ask"].input_schema["properties"]) == {"question", "history", "areas", "kinds", "themes"}
    assert tools["ask"].output_schema == SCHEMA
    for tool in tools.values():
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_ask_gives_the_answer_as_data_and_as_text(address: str, mode: str) -> None:
    result = with_client(address, lambda client: client.call_tool("ask", {"question": WEAPONS}), mode)
    assert not result.is_error
    answer: Any = result.structured_content
    jsonschema.validate(answer, SCHEMA)
    assert answer["status"] == "answered"
    assert text(result).startswith(answer["text"])
    assert all(citation["url"] in text(result) for citation in answer["citations"])


def test_ask_understands_a_follow_up_and_keeps_to_a_scope(address: str) -> None:
    history = [{"question": "How many women were delegates at Port Ilmar in 1991?", "answer": "Two. [1]"}]
    followed: Any = call(address, "ask", question="And in Tesmark?", history=history).structured_content
    assert followed["standalone_question"] == "How many women were delegates at Tesmark?"
    narrowed: Any = call(address, "ask", question="How did people vote?", areas=["valdoria"], kinds=["process"]).structured_content
    assert {citation["case"]["id"] for citation in narrowed["citations"]} <= {"valdoria-harbour-accord"}


@pytest.mark.parametrize(("question", "status"), [("Which bank gives the best mortgage?", "not_covered"), ("", "invalid_question")])
def test_ask_says_what_it_cannot_answer(address: str, question: str, status: str) -> None:
    result = call(address, "ask", question=question)
    answer: Any = result.structured_content
    assert (result.is_error, answer["status"]) == (False, status)
    assert text(result).startswith(answer["text"])


def test_search_gives_passages_with_their_citations(address: str, index: CaseIndex) -> None:
    result = call(address, "search", query="rifles counted", k=2, areas=["valdoria"])
    found: Any = result.structured_content
    assert [one["citation"]["number"] for one in found["passages"]] == [1, 2]
    assert found["passages"][0]["score"] >= found["passages"][1]["score"]
    passages = {passage.id: passage for passage in index.passages}
    for one in found["passages"]:
        citation = one["citation"]
        assert citation["quote"] == passages[citation["passage_id"]].text
        assert citation["url"] == f"{address}/cases/{citation['passage_id']}"
        assert citation["sources"]
        assert citation["quote"] in text(result) and citation["url"] in text(result) and citation["sources"][0]["title"] in text(result)


def test_every_passage_that_can_be_found_can_be_cited(address: str, index: CaseIndex) -> None:
    found: Any = call(address, "search", query="Valdoria", k=50).structured_content
    assert len(found["passages"]) == len(index.passages)


def test_a_case_is_read_whole_with_addresses_and_sources(address: str, index: CaseIndex) -> None:
    case_id = "valdoria-harbour-accord"
    told = text(call(address, "read_case", case_id=case_id))
    case = index.cases[case_id]
    assert told.startswith(f"# {case.title}\n")
    assert all(sentence.text in told for sentence in case.sentences())
    assert all(entry.event in told for entry in case.timeline)
    for passage in index.passages_of(case_id):
        assert f"Address: {address}/cases/{passage.id}\nSources:\n- " in told
    cited = {reference.source for sentence in case.sentences() for reference in sentence.references}
    assert all(index.sources[source].title in told for source in cited if not source.startswith("case:"))


def test_what_a_case_holds_stays_on_its_line(address: str, index: CaseIndex) -> None:
    told = text(call(address, "read_case", case_id=HOSTILE_CASE))
    assert [line[:12] for line in told.splitlines() if line.startswith("#")] == ["# Smuggled m", "## What was ", "## Timeline"]
    analysed = text(call(address, "read_case", case_id="women-at-the-table"))
    assert "Our own reading:\n" in analysed
    assert "- Case valdoria-harbour-accord." in analysed


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("read_case", {"case_id": "atlantis"}, "There is no case with this id"),
        ("read_case", {}, "case_id: Field required"),
        ("search", {"query": " "}, "Please type a question"),
        ("search", {"query": "x", "k": 51}, "k: "),
        ("search", {"query": "x", "kinds": ["novel"]}, "process, story, theme"),
        ("ask", {"question": "x", "areas": ["atlantis"]}, "orlund, valdoria"),
        ("ask", {"question": "x", "areaz": []}, "areaz: "),
        ("ask", {"question": "x", "history": [{"question": "y"}]}, "history.0.answer: Field required"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_sentence(address: str, tool: str, arguments: dict[str, Any], says: str) -> None:
    assert says in error(call(address, tool, **arguments))


def test_an_unknown_tool_is_told(address: str) -> None:
    async def dance(client: Client) -> None:
        with pytest.raises(MCPError, match="choose among ask, search, read_case"):
            await client.call_tool("dance")

    with_client(address, dance)


@pytest.mark.parametrize(
    ("problem", "says"), [(PeacebotError("Run `peacebot index build`."), "index build"), (ZeroDivisionError("x"), "E-")]
)
def test_what_goes_wrong_is_told_as_everywhere(problem: Exception, says: str) -> None:
    def no_index() -> CaseIndex:
        raise problem

    client = TestClient(application(settings_for(80, "http://testserver"), no_index))
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "x"}}}
    result = client.post("/mcp", json=asked, headers=HEADERS).json()["result"]
    assert result["isError"]
    assert says in result["content"][0]["text"]


def test_half_a_surrogate_pair_harms_nothing(client: TestClient) -> None:
    for tool, arguments in (
        ("ask", {"question": "\ud800 Who chaired the talks?"}),
        ("search", {"query": "\ud800 rifles"}),
        ("ask", {"\ud800": 1}),
    ):
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        assert client.post("/mcp", content=json.dumps(asked).encode(), headers=HEADERS).status_code in (200, 400)


@pytest.mark.parametrize(
    "origin", [None, "https://chat.example.org", "HTTPS://Chat.example.org", "http://localhost:6274", "http://[::1]:80"]
)
def test_our_own_pages_and_programs_may_ask(published: TestClient, origin: str | None) -> None:
    response = published.post("/mcp", json=LISTING, headers=HEADERS | ({"Origin": origin} if origin else {}))
    assert len(response.json()["result"]["tools"]) == 3
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://chat.example.org", "https://chat.example.org.evil.example", "http://localhost.evil.example"],
)
def test_pages_of_other_sites_may_not(published: TestClient, origin: str) -> None:
    response = published.post("/mcp", json=LISTING, headers=HEADERS | {"Origin": origin})
    assert response.status_code == 403
    assert response.headers["content-type"] == PROBLEM


def test_a_foreign_host_name_gets_nothing(published: TestClient) -> None:
    assert published.post("/mcp", json=LISTING, headers=HEADERS | {"Host": "evil.example"}).status_code == 400


def test_large_requests_and_sessions_are_refused(client: TestClient) -> None:
    assert client.post("/mcp", content=b"x" * (MAX_BODY_BYTES + 1), headers=HEADERS).status_code == 413
    assert client.post("/mcp", content=(b"x" * 65536 for _ in range(5)), headers=HEADERS).status_code == 413
    assert client.get("/mcp", headers=HEADERS).status_code == client.delete("/mcp", headers=HEADERS).status_code == 405
    reply = client.post("/mcp", json=LISTING, headers=HEADERS)
    assert "mcp-session-id" not in reply.headers
    assert reply.headers["content-security-policy"]


@pytest.fixture(scope="module")
def published(index: CaseIndex) -> TestClient:
    """The application under a public name."""
    return TestClient(application(settings_for(80, "https://chat.example.org"), lambda: index), base_url="https://chat.example.org")
