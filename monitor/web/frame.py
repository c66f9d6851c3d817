"""What every handler shares: the parts, the templates, who is asking, and how a page is answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, Signer
from jinja2 import Environment
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from db import sign_ins, tokens
from monitor.domain import MUST_HAVE_SECOND_FACTOR, SessionRow, UserRow
from monitor.errors import RefusedError
from monitor.passwords import hash_token
from monitor.web.deps import WebDeps
from monitor.web.guard import form_token, token_fits
from monitor.web.menu import grouped
from monitor.web.templating import environment

Fields = dict[str, str]
TOKEN_FIELD = "tanda"  # noqa: S105 - the name of a form field, not a secret
TOUCH_AFTER = timedelta(minutes=1)
LOOK_COOKIE = "pantau_tampilan"
LOOKS = ("terang", "gelap", "otomatis")


CaseId = Annotated[int, Path(ge=1, le=2**31 - 1)]
RowNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
"""The row of a list after or before which a page of it goes on."""


class NotSignedIn(Exception):
    """The page needs a user and the browser brought no living session."""


class Unfinished(Exception):
    """The sign-in lacks a step; `step` is the page where it is given."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """A signed-in user; `token` is what the forms of this session carry."""

    user: UserRow
    session: SessionRow
    session_token: str
    token: str


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """The console while it runs. `throttle` counts attempts to sign in, in memory of this process."""

    deps: WebDeps
    secret: bytes
    pages: Environment
    throttle: MovingWindowRateLimiter

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix makes browsers insist on Secure and this host."""
        return "__Host-pantau" if self.deps.https else "pantau"

    def signed(self, value: str) -> str:
        """Return a cookie value that only this console can have made."""
        return Signer(self.secret, salt="cookie").sign(value).decode()

    def unsigned(self, value: str | None) -> str | None:
        """Return what was signed, None when the cookie is missing or was changed."""
        try:
            return Signer(self.secret, salt="cookie").unsign(value).decode() if value else None
        except BadSignature:
            return None


def build_frame(deps: WebDeps) -> Frame:
    """Put the frame together."""
    return Frame(
        deps=deps,
        secret=deps.secret,
        pages=environment(deps.zone, deps.clock),
        throttle=MovingWindowRateLimiter(MemoryStorage()),
    )


def visitor_of(frame: Frame, row: SessionRow, token: str) -> Visitor:
    """Return the user of a session with what the forms of the session carry."""
    return Visitor(row.user, row, token, form_token(frame.secret, row.csrf))


def frame_of(request: Request) -> Frame:
    """Return the running console of a request."""
    frame = request.app.state.frame
    assert isinstance(frame, Frame)
    return frame


async def _frame(request: Request) -> Frame:
    return frame_of(request)


# Dependencies that wait for nothing are coroutines: each plain function would be handed to a thread of its own.
FrameDep = Annotated[Frame, Depends(_frame)]


def half_signed_in_or_none(request: Request, frame: FrameDep) -> Visitor | None:
    """Return whose living session this is, though a step of the sign-in may still be missing; None without one."""
    token = frame.unsigned(request.cookies.get(frame.cookie))
    if token is None or not token.startswith("s."):
        return None
    database, now, idle = frame.deps.database, frame.deps.clock(), frame.deps.idle
    with database.read() as session:
        row = sign_ins.session_of(session, hash_token(token), now, touch=False, idle=idle)
    if row is not None and now - row.last_seen_at >= TOUCH_AFTER:
        with database.write() as session:
            row = sign_ins.session_of(session, hash_token(token), now, idle=idle)
    return visitor_of(frame, row, token) if row else None


HalfOrNoneDep = Annotated[Visitor | None, Depends(half_signed_in_or_none)]


def missing_step(frame: Frame, row: SessionRow) -> str:
    """Return the page of the step that a session's sign-in still lacks, nothing when it is whole."""
    user = row.user
    if user.second_factor and row.second_factor_at is None:
        return "/masuk/kode"
    if user.one_time_password:
        return "/masuk/sandi-baru"
    obliged = frame.deps.second_factor and user.roles & MUST_HAVE_SECOND_FACTOR
    return "/masuk/pasang" if obliged and row.second_factor_at is None else ""


async def visitor_or_none(frame: FrameDep, half: HalfOrNoneDep) -> Visitor | None:
    """Return who is asking, None without a living session or before its sign-in is whole."""
    return half if half is not None and not missing_step(frame, half.session) else None


async def half_signed_in(request: Request, half: HalfOrNoneDep) -> Visitor:
    """Return whose session this is, for the pages of the steps of a sign-in; NotSignedIn without one."""
    if half is None:
        raise NotSignedIn(request.url.path)
    return half


HalfDep = Annotated[Visitor, Depends(half_signed_in)]


async def signed_in(request: Request, frame: FrameDep, half: HalfDep) -> Visitor:
    """Return who is asking; NotSignedIn when nobody is, Unfinished while a step of the sign-in is missing."""
    step = missing_step(frame, half.session)
    if step:
        raise Unfinished(step)
    request.state.visitor = half
    return half


VisitorDep = Annotated[Visitor, Depends(signed_in)]


def _bearer(request: Request, frame: Frame) -> UserRow | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    database, now, hashed = frame.deps.database, frame.deps.clock(), hash_token(token.strip())
    with database.read() as session:
        user = tokens.token_user(session, hashed, now, touch=False)
        stale = user is not None and tokens.needs_touch(session, hashed, now)
    if stale:
        with database.write() as session:
            user = tokens.token_user(session, hashed, now)
    return user


def api_user(
    request: Request, frame: FrameDep, visitor: Annotated[Visitor | None, Depends(visitor_or_none)]
) -> UserRow:
    """Return who asks for data: a signed-in browser, or a program with a user's API token."""
    user = visitor.user if visitor else _bearer(request, frame)
    if user is None:
        raise NotSignedIn(request.url.path)
    return user


ApiUserDep = Annotated[UserRow, Depends(api_user)]


async def form_fields(request: Request) -> Fields:
    """Return the fields of a form: text only, with plain line ends and without NUL."""
    form = await request.form(max_files=0, max_fields=120)
    return {name: _plain(value) for name, value in form.items() if isinstance(value, str)}


FieldsDep = Annotated[Fields, Depends(form_fields)]


async def own_half_form(frame: FrameDep, half: HalfDep, fields: FieldsDep) -> Visitor:
    """Return who sent a form that this session was given; RefusedError for any other."""
    if not token_fits(frame.secret, half.session.csrf, fields.get(TOKEN_FIELD, "")):
        raise RefusedError("Formulir ini bukan dari sesi Anda yang sekarang", "muat ulang halaman, lalu kirim lagi")
    return half


HalfWriterDep = Annotated[Visitor, Depends(own_half_form)]


async def own_form(visitor: VisitorDep, _sender: HalfWriterDep) -> Visitor:
    """Return who sent a form that this session was given, the sign-in being whole."""
    return visitor


WriterDep = Annotated[Visitor, Depends(own_form)]


def page(request: Request, template: str, /, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page with what the frame of every page needs."""
    frame = frame_of(request)
    visitor = getattr(request.state, "visitor", None)
    shared = {
        "agency": frame.deps.agency,
        "visitor": visitor,
        "menu": grouped(visitor.user) if visitor else (),
        "look": look_of(request),
        "here": asked_for(request),
        "answers_form": request.method == "POST",
        "section": "",
        "status": status,
        "now": frame.deps.clock(),
    }
    return HTMLResponse(frame.pages.get_template(template).render(shared | values), status_code=status)


def look_of(request: Request) -> str:
    """Return how the reader wants the pages: one of LOOKS, the system's own choice by default."""
    chosen = request.cookies.get(LOOK_COOKIE, "")
    return chosen if chosen in LOOKS else LOOKS[-1]


def asked_for(request: Request) -> str:
    """Return the path and query of the page that was asked for; of a sent form, the front page."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def see(path: str) -> RedirectResponse:
    """Return the answer after a form: look there."""
    return RedirectResponse(path, status_code=303)


def to_sign_in(request: Request, step: str = "/masuk") -> RedirectResponse:
    """Return the way to the sign-in page, or another step of it, and back to what was asked for."""
    if request.method != "GET" or request.url.path == "/":
        return see(step)
    return see(f"{step}?lanjut={quote(asked_for(request), safe='')}")


def local_path(path: str) -> str:
    """Return a path of this console to go on to; anything that could leave it becomes the front page."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable()
    return path if safe else "/"


def new_session_token() -> str:
    """Return a fresh value for the session cookie, 256 bits."""
    return "s." + secrets.token_urlsafe(32)


def give_cookie(answer: Response, frame: Frame, value: str) -> None:
    """Set the session cookie."""
    answer.set_cookie(
        frame.cookie, frame.signed(value), path="/", secure=frame.deps.https, httponly=True, samesite="lax"
    )


def client_address(request: Request) -> str:
    """Return the address that a request came from, as the connection says."""
    return request.client.host if request.client else ""


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")
