"""The steps of a sign-in after the password: a code, setting an authenticator app up, a new password."""

from __future__ import annotations

from io import BytesIO

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from limits import RateLimitItemPerMinute
from markupsafe import Markup

from monitor import desk, totp
from monitor.errors import PantauError, RefusedError
from monitor.web.answers import mended
from monitor.web.frame import (
    FieldsDep,
    Frame,
    FrameDep,
    HalfDep,
    HalfWriterDep,
    Visitor,
    client_address,
    give_cookie,
    local_path,
    missing_step,
    page,
    see,
)
from monitor.web.fresh import fresh_form, renew
from monitor.web.known import known_browser, remember

routes = APIRouter(prefix="/masuk")

PER_USER = RateLimitItemPerMinute(10, 15)
PER_CLIENT = RateLimitItemPerMinute(60, 15)
CODE, SET_UP, PASSWORD = "/masuk/kode", "/masuk/pasang", "/masuk/sandi-baru"
_BUSY = "Terlalu banyak percobaan. Tunggu lima belas menit, lalu coba lagi."


@routes.get("/kode")
def ask(request: Request, frame: FrameDep, half: HalfDep, lanjut: str = "/") -> Response:
    """Ask for a code of the second factor."""
    if missing_step(frame, half.session) != CODE:
        return see(local_path(lanjut))
    return _step_page(request, half, "code.html", lanjut)


@routes.post("/kode")
def take(request: Request, frame: FrameDep, half: HalfWriterDep, fields: FieldsDep) -> Response:
    """Take a code of the app or a recovery code, once, and go on under a new session token."""
    onward = local_path(fields.get("lanjut", "/"))
    if missing_step(frame, half.session) != CODE:
        return see(onward)
    if not _spared(request, frame, half):
        return _step_page(request, half, "code.html", onward, problem=_BUSY, status=429)
    deps, known = frame.deps, bool(known_browser(request, frame, half.user.name))
    try:
        desk.spend_code(deps.database, deps.vault, half.user, fields.get("kode", ""), deps.clock(), known=known)
    except RefusedError as error:
        return _step_page(request, half, "code.html", onward, problem=mended(error), status=401)
    answer = see(onward)
    give_cookie(answer, frame, renew(frame, half, second_factor=True).session_token)
    remember(answer, frame, half.user.name)
    return answer


@routes.get("/pasang")
def show_secret(request: Request, frame: FrameDep, half: HalfDep, lanjut: str = "/") -> Response:
    """Show the secret for the authenticator app, drawn and in letters."""
    if missing_step(frame, half.session) in (CODE, PASSWORD) or half.user.second_factor:
        return see(local_path(lanjut))
    return _secret_page(request, frame, half, lanjut)


@routes.post("/pasang")
def confirm(request: Request, frame: FrameDep, half: HalfWriterDep, fields: FieldsDep) -> Response:
    """Set the second factor up once its app shows the right code, and show the recovery codes."""
    onward = local_path(fields.get("lanjut", "/"))
    if missing_step(frame, half.session) in (CODE, PASSWORD) or half.user.second_factor:
        return see(onward)
    half = fresh_form(request, frame, half, fields)  # whoever finds a session open must not set up a phone of their own
    if not _spared(request, frame, half):
        return _secret_page(request, frame, half, onward, problem=_BUSY, status=429)
    deps = frame.deps
    try:
        codes = desk.confirm_factor(deps.database, deps.vault, half.session, fields.get("kode", ""), deps.clock())
    except RefusedError as error:
        return _secret_page(request, frame, half, onward, problem=mended(error), status=401)
    renewed = renew(frame, half, second_factor=True)
    answer = codes_page(request, renewed, codes, onward, set_up=True)
    give_cookie(answer, frame, renewed.session_token)
    return answer


@routes.get("/sandi-baru")
def ask_password(request: Request, frame: FrameDep, half: HalfDep, lanjut: str = "/") -> Response:
    """Ask for a password of one's own in the place of a one-time one."""
    if missing_step(frame, half.session) != PASSWORD:
        return see(local_path(lanjut))
    return _step_page(request, half, "new_password.html", lanjut)


@routes.post("/sandi-baru")
def set_password(request: Request, frame: FrameDep, half: HalfWriterDep, fields: FieldsDep) -> Response:
    """Take the new password and go on under a new session token."""
    onward = local_path(fields.get("lanjut", "/"))
    if missing_step(frame, half.session) != PASSWORD:
        return see(onward)
    if not _spared(request, frame, half):
        return _step_page(request, half, "new_password.html", onward, problem=_BUSY, status=429)
    try:
        change_password(frame, half, fields)
    except PantauError as error:
        return _step_page(request, half, "new_password.html", onward, problem=mended(error), status=422)
    answer = see(onward)
    give_cookie(answer, frame, renew(frame, half).session_token)
    return answer


def change_password(frame: Frame, visitor: Visitor, fields: dict[str, str]) -> None:
    """Take the fields of a form with the old password and twice the new one."""
    new = fields.get("sandi_baru", "")
    if new != fields.get("sandi_ulang", ""):
        raise RefusedError("Kedua isian kata sandi baru tidak sama", "ketik kata sandi baru yang sama dua kali")
    desk.change_password(frame.deps.database, visitor.session, fields.get("sandi", ""), new, frame.deps.clock())


def codes_page(
    request: Request, visitor: Visitor, codes: tuple[str, ...], onward: str, *, set_up: bool = False
) -> HTMLResponse:
    """Return the page that shows recovery codes, for this once."""
    return page(request, "recovery_codes.html", codes=codes, onward=onward, half=visitor, set_up=set_up)


def _secret_page(
    request: Request, frame: Frame, half: Visitor, onward: str, *, problem: str = "", status: int = 200
) -> HTMLResponse:
    secret = desk.begin_factor(frame.deps.database, frame.deps.vault, half.session)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    drawn = _drawing(totp.address(secret, half.user.name, f"Pantau {frame.deps.agency}"))
    more = {"secret": groups, "drawing": drawn, "problem": problem}
    return page(request, "set_up_factor.html", status=status, half=half, onward=local_path(onward), **more)


def _step_page(
    request: Request, half: Visitor, template: str, onward: str, *, problem: str = "", status: int = 200
) -> HTMLResponse:
    return page(request, template, status=status, half=half, onward=local_path(onward), problem=problem)


def _drawing(address: str) -> Markup:
    """Return a QR code as markup without styles, dark on light in every look."""
    buffer = BytesIO()
    segno.make(address, error="m").save(
        buffer, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=False, nl=False,
        title="Kode QR untuk aplikasi autentikator", svgclass=None, lineclass=None, omitsize=True,
    )  # fmt: skip
    return Markup(buffer.getvalue().decode())  # noqa: S704 - drawn by the library from numbers, holds no text of people


def _spared(request: Request, frame: Frame, half: Visitor) -> bool:
    address = client_address(request)
    return frame.throttle.hit(PER_CLIENT, "code-client", address) and frame.throttle.hit(
        PER_USER, "code-user", str(half.user.id)
    )
