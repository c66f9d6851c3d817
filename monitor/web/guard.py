"""What stands before every handler: known hosts, same-origin writes, small bodies, and the headers of every answer."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from traceback import format_tb
from urllib.parse import urlsplit

import structlog
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})

Refuse = Callable[[Scope, int], ASGIApp]


class BodyTooLarge(HTTPException):
    """A request body grew past the limit while it was read."""

    def __init__(self) -> None:
        super().__init__(status_code=413)


def headers_for(*, https: bool) -> Mapping[str, str]:
    """Return the headers of every answer: nothing inline, nothing from elsewhere, no frames, no referrer."""
    policy = (
        ContentSecurityPolicy()
        .clear()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .font_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31536000) if https else None,
        permissions=PermissionsPolicy().geolocation().microphone().camera(),
        referrer=ReferrerPolicy().no_referrer(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    ).headers


class Guard:
    """ASGI middleware that refuses strange hosts, cross-site writes and large bodies, and sets the headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: tuple[str, ...],
        https: bool,
        refuse: Refuse,
        large: Mapping[str, int] | None = None,
    ) -> None:
        """Take the names that it answers to, and the paths whose handlers read larger forms while they arrive."""
        self._app = app
        self._large = dict(large or {})
        self._hosts = frozenset(hosts)
        self._headers = headers_for(https=https)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(scope, MutableHeaders(scope=message))
            await send(message)

        status = self._refused(scope)
        target = self._refuse(scope, status) if status else self._app
        try:
            await target(scope, _counted(receive, self._limit(scope)), with_headers)
        except ClientDisconnect:
            return  # whoever asked has gone: nothing broke, and nobody is left to answer
        except Exception as error:  # the seam to the browser: whatever broke is logged here, answered without its trace
            tell = structlog.get_logger(method=scope["method"], path=scope["path"]).error
            tell("web_request_failed", trace=_frames(error))
            if started:
                raise
            await self._refuse(scope, 500)(scope, receive, with_headers)

    def _refused(self, scope: Scope) -> int:
        headers = Headers(scope=scope)
        if _hostname(headers.get("host", "")) not in self._hosts:
            return 421
        if scope["method"] not in _READING and not same_origin(headers):
            return 403
        length = headers.get("content-length", "0")
        counted = length.isascii() and length.isdigit() and len(length) <= 15
        return 413 if not counted or int(length) > self._limit(scope) else 0

    def _limit(self, scope: Scope) -> int:
        return self._large.get(scope["path"], BODY_LIMIT) if scope["method"] == "POST" else BODY_LIMIT

    def _dress(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        static = scope["path"].startswith("/static/")
        headers["Cache-Control"] = "public, max-age=3600" if static else "no-store"


def same_origin(headers: Headers) -> bool:
    """Whether a browser says that a write comes from our own page.

    Fetch Metadata decides where the browser sends it, else Origin. With neither (an old browser, or Origin "null"
    because of our referrer policy) the form's token decides alone.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return True
    scheme, separator, place = origin.partition("://")
    return bool(separator) and scheme in ("http", "https") and place == headers.get("host")


def form_token(secret: bytes, session: str) -> str:
    """Return the token that every form of one session carries."""
    return hmac.new(secret, b"form/" + session.encode(), hashlib.sha256).hexdigest()


def token_fits(secret: bytes, session: str, token: str) -> bool:
    """Whether a form's token is the session's, in constant time."""
    return hmac.compare_digest(form_token(secret, session).encode(), token.encode())


def _hostname(host: str) -> str:
    """Return the name in a Host header, without its port; nothing for what is no plain name or address."""
    return (urlsplit(f"//{host}").hostname or "") if _HOST.fullmatch(host) else ""


def _frames(error: BaseException) -> str:
    """Return where something broke, causes first; what errors say is left out, since it may quote people."""
    told = "".join(format_tb(error.__traceback__)) + type(error).__name__
    before = error.__cause__ or error.__context__
    return f"{_frames(before)}\n{told}" if before is not None else told


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLarge
        return message

    return limited
