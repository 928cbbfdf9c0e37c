"""What the application refuses: foreign origins and hosts, uploads, and all of Gradio that the chat does not need."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.web.security import allowed_hosts
from index.case_index import CaseIndex
from tests.bot.web.conftest import application, settings_for

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def published(index: CaseIndex) -> TestClient:
    """The application under a public name, where Gradio by itself would let every origin in."""
    return TestClient(application(settings_for(80, "https://chat.example.org"), lambda: index), base_url="https://chat.example.org")


@pytest.mark.parametrize("path", ["/", "/cases", "/cases/atlantis", "/api/v1/cases", "/web/chat.js", "/healthz", "/nowhere", "/config"])
def test_every_response_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["connect-src"] == policy["font-src"] == "'self'"
    assert "unsafe" not in policy["script-src"] + policy["img-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "unsafe" not in policy["style-src"] or path == "/"
    assert "set-cookie" not in headers


def test_only_the_inline_scripts_of_gradios_page_are_allowed(client: TestClient) -> None:
    for encoding in ("identity", "br"):
        response = client.get("/", headers={"Accept-Encoding": encoding})
        assert response.headers["content-security-policy"].count("'sha256-") == 5


@pytest.mark.parametrize("path", ["/", "/config", "/api/v1/cases", "/cases"])
def test_no_other_origin_may_read(published: TestClient, path: str) -> None:
    assert published.get(path).status_code == 200
    assert "access-control-allow-origin" not in published.get(path, headers={"Origin": EVIL}).headers
    asks = {"Origin": EVIL, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = published.options(path, headers=asks)
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers


def test_a_foreign_host_name_gets_nothing(published: TestClient) -> None:
    assert published.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert published.get("/", headers={"Host": "localhost:7860"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/config"])
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Gradio-Server"])
@pytest.mark.parametrize("value", ["evil.example", "http://evil.example", "evil.example, chat.example.org", "chat.example.org:evil"])
def test_a_header_cannot_send_the_chat_elsewhere(published: TestClient, path: str, header: str, value: str) -> None:
    response = published.get(path, headers={header: value})
    assert response.status_code == 200
    assert "evil" not in response.text
    assert "https://chat.example.org" in response.text


def test_a_proxy_may_name_our_own_address(published: TestClient) -> None:
    proxied = {"Host": "127.0.0.1:7860", "X-Forwarded-Host": "Chat.example.org", "X-Forwarded-Proto": "https"}
    assert published.get("/config", headers=proxied).json()["root"] == "https://chat.example.org"


def test_which_hosts_are_ours() -> None:
    assert allowed_hosts("127.0.0.1", "http://127.0.0.1:7860") == ["127.0.0.1", "[::1]", "localhost"]
    assert "chat.example.org" in allowed_hosts("0.0.0.0", "https://chat.example.org")
    assert allowed_hosts("0.0.0.0", "http://0.0.0.0:7860") == ["*"]
    assert allowed_hosts("::", "http://localhost:7860") == allowed_hosts("::", "http://[::1]:7860") == ["*"]
    assert "[fe80::1]" in allowed_hosts("fe80::1", "http://[fe80::1]:7860")
    assert "192.168.1.5" in allowed_hosts("192.168.1.5", "http://192.168.1.5:7860")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload?upload_id=x",
        "/gradio_api/run/reply",
        "/gradio_api/call/reply",
        "/gradio_api/vibe-edit",
        "/gradio_api/process_recording",
        "/login",
    ],
)
def test_nothing_can_be_uploaded_or_run_past_the_queue(client: TestClient, path: str) -> None:
    assert client.post(path, files={"files": b"x"}).status_code == 404
    assert client.post(path, json={"data": []}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://example.org/",
        "/gradio_api/proxy=https://example.hf.space/",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/monitoring",
        "/docs",
        "/redoc",
        "/assets/../../routes.py",
        "/assets/%2e%2e/%2e%2e/routes.py",
        "/web/%2e%2e/chat.py",
    ],
)
def test_what_the_chat_does_not_need_does_not_exist(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


def test_no_event_of_the_chat_is_public(client: TestClient) -> None:
    listed = client.get("/gradio_api/info").json()
    assert listed["named_endpoints"] == listed["unnamed_endpoints"] == {}


def test_the_description_is_served_without_pages_from_elsewhere(client: TestClient, app: FastAPI) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "peacebot"
    assert app.docs_url is app.redoc_url is None
