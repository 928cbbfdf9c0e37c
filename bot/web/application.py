"""The one web application: its headers and limits, the HTTP interface, the case pages and the chat."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.model import configured
from bot.question import InvalidQuestion
from bot.settings import Settings
from bot.web import api, chat, openai_api, problems, reader
from bot.web.desk import Desk, IndexProvider
from bot.web.mcp_tools import McpEndpoint
from bot.web.pages import STATIC
from bot.web.problems import Fault, Problem, problem
from bot.web.security import SECURITY_HEADERS, BodyLimit, OwnAddress, OwnOrigins, SecurityHeaders, allowed_hosts
from corpus.errors import PeacebotError
from index.case_index import ScopeError

MAX_BODY_BYTES = 256 * 1024

_SENTENCES = {
    400: "The request cannot be read: its body has to be JSON in UTF-8.",
    403: "Pages of other sites may not ask here.",
    404: "There is nothing at this address.",
    405: "This address does not take requests of this kind.",
    413: f"The request is too large: at most {MAX_BODY_BYTES // 1024} KiB are read.",
}
_UNTOLD = {"There was an error parsing the body", *(HTTPStatus(status).phrase for status in _SENTENCES), "Content Too Large"}
"""What FastAPI and Starlette say themselves, which is no sentence for a reader."""


def create_app(settings: Settings, index_provider: IndexProvider) -> FastAPI:
    """The application. ``index_provider`` returns the index as it is at that moment, or raises PeacebotError while there is none."""
    app = FastAPI(
        title="peacebot",
        summary="Cited answers about peace processes and everyday peacebuilding",
        version="1",
        openapi_url=f"{api.API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    desk = Desk(settings, index_provider, configured(settings))
    app.state.desk = desk
    _guard(app, settings)
    _translate_errors(app)
    app.include_router(api.router)
    app.include_router(openai_api.router)
    app.include_router(reader.router)
    app.get("/favicon.ico", include_in_schema=False)(_icon)
    app.mount("/web", StaticFiles(directory=str(STATIC)), name="web")
    tools = OwnOrigins(McpEndpoint(desk, MAX_BODY_BYTES), settings.public_url, _foreign)
    app.router.routes.append(Route("/mcp", tools, methods=["POST"], include_in_schema=False))
    chat.mount(app, desk)
    return app


def _icon() -> FileResponse:
    return FileResponse(str(STATIC / "peacebot.svg"), media_type="image/svg+xml")


def _guard(app: FastAPI, settings: Settings) -> None:
    # Gradio reflects any origin unless the application has a CORS policy: ours lets no other origin read anything.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    hosts = allowed_hosts(settings.host, settings.public_url)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, refusal=_too_large)
    app.add_middleware(OwnAddress, public_url=settings.public_url)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(SecurityHeaders)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await _told(Request(scope), problem(413, _SENTENCES[413]))(scope, receive, send)


async def _foreign(scope: Scope, receive: Receive, send: Send) -> None:
    await _told(Request(scope), problem(403, _SENTENCES[403]))(scope, receive, send)


def _translate_errors(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(openai_api.Refused, openai_api.on_refused)
    app.add_exception_handler(RequestValidationError, _on_unusable_request)
    app.add_exception_handler(ScopeError, _on_unusable_words)
    app.add_exception_handler(InvalidQuestion, _on_unusable_words)
    app.add_exception_handler(PeacebotError, _on_known_problem)
    app.add_exception_handler(Exception, _on_bug)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = _SENTENCES.get(error.status_code, error.detail) if error.detail in _UNTOLD else error.detail
    return _told(request, problem(error.status_code, sentence), dict(error.headers or {}))


async def _on_unusable_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [Fault(where=".".join(map(str, fault["loc"])), what=fault["msg"]) for fault in error.errors()]
    if openai_api.is_asked(request):
        return openai_api.unusable(faults)
    return _told(request, problem(422, "The request cannot be used; see its faults.", faults))


async def _on_unusable_words(request: Request, error: Exception) -> Response:
    return _told(request, problem(422, str(error)))


async def _on_known_problem(request: Request, error: Exception) -> Response:
    return _told(request, problem(503, str(error)))


async def _on_bug(request: Request, error: Exception) -> Response:
    # Starlette answers bugs outside of all middleware, so the security headers have to be set here.
    return _told(request, problems.apology(error), dict(SECURITY_HEADERS))


def _told(request: Request, found: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as a page for people, as problem+json for programs, and in OpenAI's form for its clients."""
    if openai_api.is_asked(request):
        return openai_api.as_response(found, headers)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return problems.as_response(found, headers)
    page = reader.error_page(found.status, found.detail)
    page.headers.update(headers or {})
    return page
