"""Signing in and out. Unknown names, wrong passwords and locked users get one answer, at one price in time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItemPerMinute

from db import audit, leases, sign_ins
from monitor import desk
from monitor.domain import UserRow
from monitor.errors import RefusedError
from monitor.passwords import hash_token
from monitor.web.answers import mended
from monitor.web.browsers import describe
from monitor.web.frame import (
    TOKEN_FIELD,
    FieldsDep,
    Frame,
    FrameDep,
    HalfOrNoneDep,
    HalfWriterDep,
    client_address,
    give_cookie,
    local_path,
    new_session_token,
    page,
    see,
)
from monitor.web.guard import form_token, token_fits
from monitor.web.known import known_browser, remember

routes = APIRouter()

PER_NAME = RateLimitItemPerMinute(5, 15)
PER_CLIENT = RateLimitItemPerMinute(30, 15)
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


@dataclass(frozen=True, slots=True)
class Opening:
    """Who was proved to be there, how, and where to lead them.

    `second_factor` says that it was given too, `fresh` that all this was a moment ago.
    """

    user: UserRow
    onward: str
    by: str = "password"
    second_factor: bool = False
    fresh: bool = True


@routes.get("/masuk")
def show(request: Request, frame: FrameDep, half: HalfOrNoneDep, lanjut: str = "/", keluar: str = "") -> Response:
    """Show the sign-in page; who is signed in already goes on."""
    if half is not None:
        return see(local_path(lanjut))
    said = {"ya": _BYE, "semua": _BYE_ALL}.get(keluar, "")
    return form_page(request, frame, Entry(local_path(lanjut), said=said))


@routes.post("/masuk")
def enter(request: Request, frame: FrameDep, half: HalfOrNoneDep, fields: FieldsDep) -> Response:
    """Check name and password, and begin a session; a second factor is asked for by the next page.

    A page from before another tab signed in is refused, and leaves that session as it is; RefusedError.
    """
    name, onward = fields.get("nama", "").strip()[:100], local_path(fields.get("lanjut", "/"))
    before = frame.unsigned(request.cookies.get(frame.cookie))
    if before is None or not token_fits(frame.secret, before, fields.get(TOKEN_FIELD, "")):
        if half is not None:
            raise RefusedError("Halaman masuk ini sudah kedaluwarsa; Anda sudah masuk di tab lain", "buka Beranda")
        return form_page(request, frame, Entry(onward, name, _STALE), 403)
    known = known_browser(request, frame, name)
    tries = ("known", known) if known else ("name", name.casefold())
    spared = known or frame.throttle.hit(PER_CLIENT, "client", client_address(request))
    if not (spared and frame.throttle.hit(PER_NAME, *tries)):
        return form_page(request, frame, Entry(onward, name, _BUSY), 429)
    database, now = frame.deps.database, frame.deps.clock()
    try:
        user = desk.check_password(database, name, fields.get("sandi", "")[:1000], now, known=bool(known))
        if not user.second_factor:
            desk.settle(database, user, now, known=bool(known))
    except RefusedError as error:
        return form_page(request, frame, Entry(onward, name, mended(error)), 401)
    frame.throttle.clear(PER_NAME, *tries)
    return begin(request, frame, Opening(user, onward))


@routes.post("/keluar")
def leave(frame: FrameDep, visitor: HalfWriterDep, fields: FieldsDep) -> RedirectResponse:
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


def begin(request: Request, frame: Frame, opening: Opening) -> RedirectResponse:
    """Open a session under a token that no browser had before, and lead on."""
    token, now, user = new_session_token(), frame.deps.clock(), opening.user
    client = describe(request.headers.get("user-agent", "")[:500], client_address(request))
    with frame.deps.database.write() as session:
        number = sign_ins.open_session(
            session, user.id, hash_token(token), now, now + frame.deps.session_length, client
        )
        if opening.second_factor:
            sign_ins.raise_session(session, number, hash_token(token), now, second_factor=True)
        if not opening.fresh:
            sign_ins.forget_proof(session, number)
        detail = {"by": opening.by}
        audit.record(session, actor=user.name, action="sign_in", subject=f"user:{user.id}", detail=detail, now=now)
    answer = see(opening.onward)
    give_cookie(answer, frame, token)
    if opening.second_factor or not user.second_factor:
        remember(answer, frame, user.name)
    return answer


def form_page(request: Request, frame: Frame, entry: Entry, status: int = 200) -> HTMLResponse:
    """Return the sign-in page for a browser that is nobody yet."""
    given = frame.unsigned(request.cookies.get(frame.cookie)) or ""
    before = given if given.startswith("p.") else "p." + secrets.token_urlsafe(16)
    provider = frame.deps.provider
    answer = page(
        request,
        "signin.html",
        status=status,
        entry=entry,
        form_token=form_token(frame.secret, before),
        provider=provider.client.label if provider else "",
    )
    give_cookie(answer, frame, before)
    return answer
