"""Signing in and out. Unknown names, wrong passwords and locked users get one answer, at one price in time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItemPerMinute

from db import audit, leases, sign_ins
from monitor import desk
from monitor.domain import UserRow
from monitor.errors import RefusedError
from monitor.passwords import hash_token
from monitor.web.frame import (
    TOKEN_FIELD,
    FieldsDep,
    Frame,
    FrameDep,
    Visitor,
    WriterDep,
    local_path,
    new_session_token,
    page,
    see,
    visitor_or_none,
)
from monitor.web.guard import form_token, token_fits

routes = APIRouter()

PER_NAME = RateLimitItemPerMinute(5, 15)
PER_CLIENT = RateLimitItemPerMinute(30, 15)
_WRONG = "Nama pengguna atau kata sandi tidak cocok."
_BUSY = "Terlalu banyak percobaan. Tunggu lima belas menit, lalu coba lagi."
_STALE = "Halaman masuk ini sudah kedaluwarsa. Coba lagi."
_BYE = "Anda sudah keluar."
_BYE_ALL = "Anda sudah keluar dari semua perangkat."


@dataclass(frozen=True, slots=True)
class Entry:
    """What the sign-in page shows: where it leads on to, what was typed, and what happened."""

    onward: str = "/"
    name: str = ""
    problem: str = ""
    said: str = ""


@routes.get("/masuk")
def show(
    request: Request,
    frame: FrameDep,
    visitor: Annotated[Visitor | None, Depends(visitor_or_none)],
    lanjut: str = "/",
    keluar: str = "",
) -> Response:
    """Show the sign-in page; who is signed in already goes on."""
    if visitor is not None:
        return see(local_path(lanjut))
    said = {"ya": _BYE, "semua": _BYE_ALL}.get(keluar, "")
    return _form_page(request, frame, Entry(local_path(lanjut), said=said))


@routes.post("/masuk")
def enter(request: Request, frame: FrameDep, fields: FieldsDep) -> Response:
    """Check name and password, and begin a session."""
    name, onward = fields.get("nama", "").strip()[:100], local_path(fields.get("lanjut", "/"))
    before = frame.unsigned(request.cookies.get(frame.cookie))
    if before is None or not token_fits(frame.secret, before, fields.get(TOKEN_FIELD, "")):
        return _form_page(request, frame, Entry(onward, name, _STALE), 403)
    client = request.client.host if request.client else ""
    if not (frame.throttle.hit(PER_CLIENT, "client", client) and frame.throttle.hit(PER_NAME, "name", name.casefold())):
        return _form_page(request, frame, Entry(onward, name, _BUSY), 429)
    try:
        user = desk.authenticate(frame.deps.database, name, fields.get("sandi", "")[:1000], frame.deps.clock())
    except RefusedError:
        return _form_page(request, frame, Entry(onward, name, _WRONG), 401)
    frame.throttle.clear(PER_NAME, "name", name.casefold())
    return _begin(request, frame, user, onward)


@routes.post("/keluar")
def leave(frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> RedirectResponse:
    """End this session, or all of the user's sessions."""
    everywhere = fields.get("semua") == "ya"
    now = frame.deps.clock()
    with frame.deps.database.write() as session:
        if everywhere:
            sign_ins.end_all_sessions(session, visitor.user.id, now)
        else:
            sign_ins.end_session(session, visitor.session.id, now)
        leases.release_all(session, visitor.user.id, now)
        audit.record(
            session,
            actor=visitor.user.name,
            action="sign_out_everywhere" if everywhere else "sign_out",
            subject=f"user:{visitor.user.id}",
            detail={},
            now=now,
        )
    answer = see(f"/masuk?keluar={'semua' if everywhere else 'ya'}")
    answer.delete_cookie(frame.cookie, path="/", secure=frame.deps.https, httponly=True, samesite="lax")
    return answer


def _begin(request: Request, frame: Frame, user: UserRow, onward: str) -> RedirectResponse:
    token, now = new_session_token(), frame.deps.clock()
    client = request.headers.get("user-agent", "")[:200]
    with frame.deps.database.write() as session:
        sign_ins.open_session(session, user.id, hash_token(token), now, now + frame.deps.session_length, client)
        audit.record(session, actor=user.name, action="sign_in", subject=f"user:{user.id}", detail={}, now=now)
    answer = see(onward)
    _give_cookie(answer, frame, token)
    return answer


def _form_page(request: Request, frame: Frame, entry: Entry, status: int = 200) -> HTMLResponse:
    given = frame.unsigned(request.cookies.get(frame.cookie)) or ""
    before = given if given.startswith("p.") else "p." + secrets.token_urlsafe(16)
    answer = page(request, "signin.html", status=status, entry=entry, form_token=form_token(frame.secret, before))
    _give_cookie(answer, frame, before)
    return answer


def _give_cookie(answer: Response, frame: Frame, value: str) -> None:
    answer.set_cookie(
        frame.cookie, frame.signed(value), path="/", secure=frame.deps.https, httponly=True, samesite="lax"
    )
