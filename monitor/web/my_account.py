"""Akun saya: one's own password, devices, second factor, tokens and choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import audit, sign_ins
from db.connect import Session
from monitor import desk
from monitor.domain import Preferences, Role
from monitor.errors import PantauError, RefusedError, UsageError
from monitor.web.answers import mended
from monitor.web.frame import FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, give_cookie, page, see
from monitor.web.fresh import FreshDep, count_guess, renew
from monitor.web.second_factor import change_password, codes_page
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/akun")

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
LASTS = (7, 30, 90, 365)
"""Days for which a token may be made."""
_SAID = {
    "sandi": "Kata sandi diganti; perangkat lain sudah dikeluarkan.",
    "perangkat": "Perangkat itu sudah dikeluarkan.",
    "lain": "Semua perangkat lain sudah dikeluarkan.",
    "lepas": "Langkah kedua dilepas.",
    "token": "Token dicabut.",
    "pilihan": "Pilihan tersimpan.",
}


@dataclass(frozen=True, slots=True)
class Back:
    """What the page says when it comes back: the news, what stood in the way, a token to be shown this once."""

    said: str = ""
    problem: str = ""
    status: int = 200
    token: str = ""


@routes.get("")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show one's own account."""
    return _account_page(request, frame, visitor, Back(_SAID.get(kabar, "")))


@routes.post("/sandi")
def take_password(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Take a new password, end all other sessions and go on under a new token."""
    count_guess(request, frame, visitor)
    try:
        change_password(frame, visitor, fields)
    except PantauError as error:
        return _account_page(request, frame, visitor, _refused(error))
    answer = see("/akun?kabar=sandi")
    give_cookie(answer, frame, renew(frame, visitor).session_token)
    return answer


@routes.post("/perangkat/{session_id}")
def end_device(frame: FrameDep, visitor: WriterDep, session_id: RowId) -> Response:
    """Sign one of one's own devices out."""
    now = frame.deps.clock()
    with frame.deps.database.write() as session:
        if not sign_ins.end_session(session, session_id, now, of_user=visitor.user.id):
            raise UsageError("Perangkat itu sudah keluar", "muat ulang halaman")
        _note(session, visitor, "device_ended", {}, now)
    return see("/akun?kabar=perangkat")


@routes.post("/perangkat-lain")
def end_others(frame: FrameDep, visitor: WriterDep) -> Response:
    """Sign all other devices of one's own out."""
    now = frame.deps.clock()
    with frame.deps.database.write() as session:
        ended = sign_ins.end_all_sessions(session, visitor.user.id, now, but=visitor.session.id)
        _note(session, visitor, "devices_ended", {"count": ended}, now)
    return see("/akun?kabar=lain")


@routes.post("/kode-pemulihan")
def new_codes(request: Request, frame: FrameDep, visitor: FreshDep) -> Response:
    """Make new recovery codes and show them this once."""
    deps = frame.deps
    codes = desk.new_recovery_codes(deps.database, deps.vault, visitor.user, deps.clock())
    return codes_page(request, visitor, codes, "/akun")


@routes.post("/lepas-langkah-kedua")
def drop_factor(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep) -> Response:
    """Take the second factor away against one last code; who must have one sets it up at once."""
    count_guess(request, frame, visitor)
    deps = frame.deps
    try:
        desk.drop_factor(deps.database, deps.vault, visitor.session, fields.get("kode", ""), deps.clock())
    except RefusedError as error:
        return _account_page(request, frame, visitor, _refused(error))
    return see("/akun?kabar=lepas")


@routes.post("/token")
def make_token(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep) -> Response:
    """Make a token for one of one's roles and show it this once."""
    deps = frame.deps
    try:
        token = desk.issue_token(deps.database, visitor.user.name, deps.clock(), _wish(fields), by=visitor.user)
    except UsageError as error:
        return _account_page(request, frame, visitor, _refused(error))
    return _account_page(request, frame, visitor, Back(token=token))


@routes.post("/token/{token_id}")
def revoke_token(frame: FrameDep, visitor: WriterDep, token_id: RowId) -> Response:
    """Take one of one's own tokens back."""
    desk.revoke_token(frame.deps.database, visitor.user.name, token_id, frame.deps.clock(), by=visitor.user)
    return see("/akun?kabar=token")


@routes.post("/pilihan")
def choose(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> Response:
    """Store whether keys do something and where digests go."""
    chosen = Preferences(keys=fields.get("tombol") == "ya", digest=fields.get("ringkasan") == "ya")
    try:
        desk.choose(frame.deps.database, visitor.user, chosen, fields.get("surel", ""), frame.deps.clock())
    except UsageError as error:
        return _account_page(request, frame, visitor, _refused(error))
    return see("/akun?kabar=pilihan")


def _wish(fields: dict[str, str]) -> desk.TokenWish:
    role, days = member(Role, fields.get("peran", "")), whole_number(fields.get("hari", ""))
    if role is None or days not in LASTS:
        raise UsageError("Peran atau masa berlaku belum dipilih", "pilih keduanya")
    return desk.TokenWish(fields.get("nama", ""), role, timedelta(days=days))


def _account_page(request: Request, frame: Frame, visitor: Visitor, back: Back) -> HTMLResponse:
    deps = frame.deps
    with deps.database.read() as session:
        devices = sign_ins.devices_of(session, visitor.user.id, deps.clock(), deps.idle)
    return page(
        request,
        "account.html",
        status=back.status,
        section="akun",
        back=back,
        devices=devices,
        codes_left=desk.recovery_codes_left(deps.database, visitor.user),
        tokens=[token for token in desk.list_tokens(deps.database, visitor.user) if token.revoked_at is None],
        lasts=LASTS,
    )


def _refused(error: PantauError) -> Back:
    return Back(problem=mended(error), status=403 if isinstance(error, RefusedError) else 422)


def _note(session: Session, visitor: Visitor, action: str, detail: dict[str, object], now: datetime) -> None:
    subject = f"user:{visitor.user.id}"
    audit.record(session, actor=visitor.user.name, action=action, subject=subject, detail=detail, now=now)
