"""What a browser keeps of an officer's words, it may forget once the console took them: which those are, a cookie says.

The pages keep what is being written in the tab (static/drafts.js) and send a form with a number of its own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "pantau_diterima"
_NUMBER = re.compile(rb"(?:^|&)konsep=([0-9a-f]{16})(?:&|$)")
_SECONDS = 60


class Drafts:
    """ASGI middleware that tells the browser which form was taken: one that was not refused or led to the sign-in."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Take whether cookies are for TLS alone."""
        self._app, self._https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on."""
        number = _number(scope)

        async def telling(message: Message) -> None:
            if number and message["type"] == "http.response.start" and _taken(message):
                told = Response()
                # Pages read it: it says nothing of anybody.
                told.set_cookie(COOKIE, number, max_age=_SECONDS, path="/", secure=self._https, samesite="lax")
                MutableHeaders(scope=message).append("set-cookie", told.headers["set-cookie"])
            await send(message)

        await self._app(scope, receive, telling)


def _number(scope: Scope) -> str:
    """Return the number that a sent form bears, nothing for any other request."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return ""
    found = _NUMBER.search(scope["query_string"])
    return found.group(1).decode() if found else ""


def _taken(message: Message) -> bool:
    onward = urlsplit(Headers(scope=message).get("location", "")).path
    return message["status"] < 400 and not f"{onward}/".startswith("/masuk/")
