"""Being sure of who asks: what reveals a number or changes users wants password or code of the last five minutes.

A form that comes too late is answered with a page that asks for one of the two and carries the form along; sent again,
it goes on as if nothing had been between.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db import audit, sign_ins
from monitor import desk
from monitor.errors import PantauError, RefusedError
from monitor.passwords import hash_token
from monitor.web.frame import (
    TOKEN_FIELD,
    FieldsDep,
    Frame,
    FrameDep,
    NotSignedIn,
    Visitor,
    WriterDep,
    frame_of,
    give_cookie,
    new_session_token,
    page,
    visitor_of,
)

PROOF_FIELD = "bukti_diri"
PER_SESSION = RateLimitItemPerMinute(5, 15)
_ATTRIBUTE = "new_session_token"


class AskAgain(Exception):
    """The form is good, but its sender must prove again who they are; `problem` says why the last proof failed."""

    def __init__(self, asker: Visitor, problem: PantauError | None = None) -> None:
        super().__init__()
        self.asker = asker
        self.problem = problem


def fresh_form(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Visitor:
    """Return who sent a form, sure of it; AskAgain when password or code was not given within the last five minutes."""
    if desk.is_fresh(visitor.session, frame.deps.clock()):
        return visitor
    proof = fields.get(PROOF_FIELD, "")
    if not proof:
        raise AskAgain(visitor)
    count_guess(request, frame, visitor)
    try:
        desk.prove_again(frame.deps.database, frame.deps.vault, visitor.user, proof, frame.deps.clock())
    except RefusedError as error:
        raise AskAgain(visitor, error) from error
    renewed = renew(frame, visitor)
    setattr(request.state, _ATTRIBUTE, renewed.session_token)
    return renewed


FreshDep = Annotated[Visitor, Depends(fresh_form)]
"""In the place of WriterDep; for plain forms without files."""


def count_guess(request: Request, frame: Frame, visitor: Visitor) -> None:
    """Count one try to prove again who one is; the sixth within a quarter of an hour ends the session instead."""
    if not frame.throttle.hit(PER_SESSION, "proof", str(visitor.session.id)):
        _end(frame, visitor)
        raise NotSignedIn(request.url.path)


def renew(frame: Frame, visitor: Visitor, *, second_factor: bool = False) -> Visitor:
    """Return the visitor under a new token of the session, after a proof; the old cookie is worth nothing any more."""
    token, now = new_session_token(), frame.deps.clock()
    with frame.deps.database.write() as session:
        raised = sign_ins.raise_session(
            session, visitor.session.id, hash_token(token), now, second_factor=second_factor
        )
        row = sign_ins.session_of(session, hash_token(token), now) if raised else None
    if row is None:
        raise NotSignedIn("/")
    return visitor_of(frame, row, token)


async def ask_again(request: Request, error: Exception) -> Response:
    """Answer a form that came too late with the page that asks for password or code."""
    assert isinstance(error, AskAgain)
    form = await request.form()
    provider = frame_of(request).deps.provider
    carried = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    answer = page(
        request,
        "fresh.html",
        status=200 if "hx-request" in request.headers else 401,
        action=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        carried=[(name, value) for name, value in carried if name not in (TOKEN_FIELD, PROOF_FIELD)],
        asker=error.asker,
        problem=error.problem,
        provider=provider.client.label if provider else "",
    )
    answer.headers["HX-Retarget"] = "body"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


class Renewal:
    """ASGI middleware that gives the browser its new cookie after a proof, whatever the handler answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on."""

        async def with_cookie(message: Message) -> None:
            token = scope.get("state", {}).get(_ATTRIBUTE)
            if message["type"] == "http.response.start" and token:
                frame, headers = frame_of(Request(scope)), MutableHeaders(scope=message)
                cookie = Response()
                give_cookie(cookie, frame, token)
                # A handler that went on to yet another token has given it itself.
                if not any(given.startswith(f"{frame.cookie}=") for given in headers.getlist("set-cookie")):
                    headers.append("set-cookie", cookie.headers["set-cookie"])
            await send(message)

        await self._app(scope, receive, with_cookie)


def _end(frame: Frame, visitor: Visitor) -> None:
    now = frame.deps.clock()
    with frame.deps.database.write() as session:
        sign_ins.end_session(session, visitor.session.id, now)
        subject = f"user:{visitor.user.id}"
        audit.record(
            session, actor=visitor.user.name, action="session_ended_by_guesses", subject=subject, detail={}, now=now
        )
