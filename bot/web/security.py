"""What browsers are told to refuse: foreign scripts, frames, images and connections, on every page."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import EVERY_ADDRESS

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_LOOPBACK_ORIGIN = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?")
_NAMING_A_HOST = (b"x-forwarded-host", b"x-gradio-server")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def content_security_policy(scripts: Iterable[str] = (), *, inline_styles: bool = False) -> str:
    """The policy of a page: nothing but our own files, and of inline scripts only those with the given hashes."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *scripts)),
            "script-src-attr 'none'",
            "style-src 'self'" + (" 'unsafe-inline'" if inline_styles else ""),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


class SecurityHeaders:
    """Adds the security headers to every response that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class OwnAddress:
    """Takes out of requests the headers from which Gradio would build its addresses, unless they name our public address.

    Anybody can send them; a page that named another host would load its scripts and send its questions there.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self._public = urlsplit(public_url).netloc.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without them."""
        if scope["type"] == "http":
            scope = {**scope, "headers": [header for header in scope["headers"] if self._may_stay(*header)]}
        await self.app(scope, receive, send)

    def _may_stay(self, name: bytes, value: bytes) -> bool:
        return name not in _NAMING_A_HOST or (name == b"x-forwarded-host" and value.lower() == self._public)


class OwnOrigins:
    """Turns away what a page of another site sends; a browser names the page's origin, other programs name none.

    Every MCP server has to do so (Model Context Protocol, "Transports", security warning). Pages of this machine may ask.
    """

    def __init__(self, app: ASGIApp, public_url: str, refusal: ASGIApp) -> None:
        self.app = app
        self._own = _origin(public_url)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the refusal."""
        foreign = any(not self._is_own(origin) for origin in Headers(scope=scope).getlist("origin"))
        await (self._refusal if foreign else self.app)(scope, receive, send)

    def _is_own(self, origin: str) -> bool:
        return _origin(origin) == self._own or bool(_LOOPBACK_ORIGIN.fullmatch(origin.lower()))


def _origin(url: str) -> str:
    """The part of an address that browsers call its origin, or, of what is no address, nothing but itself."""
    return "/".join(url.lower().split("/")[:3])


class BodyLimit:
    """Turns away a request that says it is too large before anything of it is read."""

    def __init__(self, app: ASGIApp, max_bytes: int, refusal: ASGIApp) -> None:
        self.app = app
        self._max_bytes = max_bytes
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the refusal."""
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        too_large = length.isdecimal() and int(length) > self._max_bytes
        await (self._refusal if too_large else self.app)(scope, receive, send)


class InlineScriptHashes:
    """Gives Gradio's page a policy that allows its own inline scripts by their hashes, so that no other inline script runs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold an HTML response until it is whole, then send it with its policy; pass everything else through."""
        page = _HeldPage(send)
        await self.app(scope, receive, page.send if scope["type"] == "http" else send)


class _HeldPage:
    """One response: held back while it is an HTML page, passed on otherwise."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            await self._hold(self._start, message)
        else:
            await self._send(message)

    async def _hold(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        policy = content_security_policy(map(_hash, _INLINE_SCRIPT.findall(self._body)), inline_styles=True)
        MutableHeaders(scope=start)["Content-Security-Policy"] = policy
        await self._send(start)
        await self._send({"type": "http.response.body", "body": self._body})


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def _hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def only_here(host: str, public_url: str) -> bool:
    """Whether every address of this machine is listened on, while links lead to where this machine alone reaches itself."""
    return host in EVERY_ADDRESS and urlsplit(public_url).hostname in ("localhost", *EVERY_ADDRESS, *EVERY_ADDRESS.values())


def allowed_hosts(host: str, public_url: str) -> list[str]:
    """The Host names we answer to, so that a foreign name pointed at this machine (DNS rebinding) gets nothing.

    Bound to every interface and published under no name of its own, the server cannot know its names and answers to all.
    """
    public = urlsplit(public_url).hostname or "localhost"
    if only_here(host, public_url):
        return ["*"]
    names = {name for name in (public, host) if name not in EVERY_ADDRESS}
    return sorted({*_LOOPBACK, *(f"[{name}]" if ":" in name else name for name in names)})
