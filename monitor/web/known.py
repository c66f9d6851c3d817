"""Browsers in which a user signed in before: wrong guesses of strangers elsewhere do not keep them out.

Without this, a stranger who knows a name could lock it again and again, and one who shares the address of the proxy
could use up everybody's tries. A known browser has few tries of its own instead.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from monitor.web.frame import Frame

KNOWN_FOR = timedelta(days=180)
_KIND = "k"


def cookie_name(frame: Frame) -> str:
    """Return the cookie's name, with the prefix that binds it to this host where there is TLS."""
    return f"{frame.cookie}_kenal"


def known_browser(request: Request, frame: Frame, name: str | None = None) -> str:
    """Return what this browser's tries are counted under, nothing where the user did not sign in with it lately.

    Without a name, any user will do.
    """
    kind, user, mark, since = ((frame.unsigned(request.cookies.get(cookie_name(frame))) or "") + "....").split(".")[:4]
    fresh = since.isdigit() and 0 <= frame.deps.clock().timestamp() - int(since) <= KNOWN_FOR.total_seconds()
    return mark if kind == _KIND and fresh and (name is None or user == _told(frame, name)) else ""


def remember(answer: Response, frame: Frame, name: str) -> None:
    """Let a browser be known after a whole sign-in; it is the last user's only."""
    since = int(frame.deps.clock().timestamp())
    answer.set_cookie(
        cookie_name(frame),
        frame.signed(f"{_KIND}.{_told(frame, name)}.{secrets.token_hex(16)}.{since}"),
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        secure=frame.deps.https,
        httponly=True,
        samesite="lax",
    )


def _told(frame: Frame, name: str) -> str:
    """Return a name as the cookie carries it, so that who finds the browser does not read it."""
    return frame.deps.vault.blind("browser", name)
