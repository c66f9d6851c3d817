"""Pengguna & peran: who may sign in and what they may do where, for administrators within their own regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from db.connect import Database
from db.user_lists import UserFilter
from monitor import desk
from monitor.desk.people import ONE_TIME_LASTS
from monitor.domain import Role, UserRow
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.web.answers import mended
from monitor.web.frame import FieldsDep, Frame, FrameDep, Visitor, VisitorDep, page, see
from monitor.web.fresh import FreshDep
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/pengguna")

UserId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_SAID = {
    "peran": "Peran diberikan; berlaku mulai halaman berikut yang dibukanya.",
    "cabut": "Peran dicabut; berlaku mulai halaman berikut yang dibukanya.",
    "data": "Data pengguna tersimpan.",
    "langkah": "Langkah kedua diatur ulang; pengguna memasangnya lagi saat masuk.",
    "sesi": "Semua sesi pengguna itu diakhiri.",
    "nonaktif": "Pengguna dinonaktifkan; sesi dan tokennya berakhir.",
    "aktif": "Pengguna diaktifkan kembali.",
    "tautan": "Akun penyedia ditautkan.",
    "lepas": "Tautan akun penyedia dilepas.",
    "token": "Token dicabut.",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do to a user: by whom, to whom, with what was filled in."""

    frame: Frame
    by: UserRow
    name: str
    fields: dict[str, str]
    now: datetime

    @property
    def database(self) -> Database:
        """Where users are kept."""
        return self.frame.deps.database

    @property
    def role(self) -> Role:
        """The role that was chosen; UsageError without one."""
        role = member(Role, self.fields.get("peran", ""))
        if role is None:
            raise UsageError("Peran belum dipilih", "pilih salah satu peran")
        return role

    @property
    def place(self) -> str:
        """The region that was filled in; nothing is the whole country."""
        return desk.region_code(self.fields.get("wilayah", "").strip())

    @property
    def number(self) -> int:
        """The number of the row that the form is about."""
        return whole_number(self.fields.get("nomor", "")) or 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which users the address asks for."""

    cari: str = ""
    peran: str = ""
    keadaan: str = ""
    sesudah: str = ""

    @property
    def wanted(self) -> UserFilter:
        """The filter that these words mean; words that mean nothing are left out."""
        active = {"aktif": True, "nonaktif": False}.get(self.keadaan)
        return UserFilter(self.cari.strip()[:100], member(Role, self.peran), active)

    def url(self, after: str) -> str:
        """Return the address of the page that begins after a name."""
        words = {"cari": self.cari, "peran": self.peran, "keadaan": self.keadaan, "sesudah": after}
        return f"/pengguna?{urlencode({name: value for name, value in words.items() if value})}"


@routes.get("")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, asked: Annotated[Asked, Depends()]) -> HTMLResponse:
    """List the users of the administrator's regions."""
    rows, after = desk.users_of(frame.deps.database, visitor.user, asked.wanted, asked.sesudah[:64])
    next_url = asked.url(after) if after else ""
    return page(request, "users.html", section="pengguna", rows=rows, asked=asked, roles=Role, next_url=next_url)


@routes.get("/baru")
def ask(request: Request, visitor: VisitorDep) -> HTMLResponse:
    """Ask who is to be added."""
    desk.must_administer(visitor.user)
    return _new_page(request, {})


@routes.post("/baru")
def add(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep) -> Response:
    """Add a user, with a first role where one is chosen, and show their one-time password."""
    try:
        user, password = _added(Task(frame, visitor.user, fields.get("nama", "").strip(), fields, frame.deps.clock()))
    except (UsageError, RefusedError) as error:
        return _new_page(request, fields, mended(error), 422)
    return _password_page(request, user, password)


@routes.get("/{user_id}")
def show_one(request: Request, frame: FrameDep, visitor: VisitorDep, user_id: UserId, kabar: str = "") -> HTMLResponse:
    """Show one user with grants, devices, tokens and provider accounts."""
    return _user_page(request, frame, visitor, user_id, Back(_SAID.get(kabar, "")))


@routes.post("/{user_id}/sandi")
def reset_password(request: Request, frame: FrameDep, visitor: FreshDep, user_id: UserId) -> Response:
    """Give a user a one-time password, shown for this once."""
    database, now = frame.deps.database, frame.deps.clock()
    user = desk.dossier(database, visitor.user, user_id, now).user
    try:
        password = desk.reset_password(database, user.name, now, by=visitor.user)
    except RefusedError as error:
        return _user_page(request, frame, visitor, user_id, _refused(error))
    return _password_page(request, user, password)


@routes.post("/{user_id}/{what}")
def do(request: Request, frame: FrameDep, visitor: FreshDep, fields: FieldsDep, user_id: UserId, what: str) -> Response:
    """Do one thing to a user and look at the result, or show the page again with what stood in its way."""
    deed = _DEEDS.get(what)
    if deed is None:
        raise UsageError("Langkah itu tidak ada", "muat ulang halaman pengguna")
    database, now = frame.deps.database, frame.deps.clock()
    user = desk.dossier(database, visitor.user, user_id, now).user
    try:
        deed(Task(frame, visitor.user, user.name, fields, now))
    except (UsageError, RefusedError, ConflictError) as error:
        return _user_page(request, frame, visitor, user_id, _refused(error))
    return see(f"/pengguna/{user_id}?kabar={what}")


def _added(task: Task) -> tuple[UserRow, str]:
    first = (task.role, task.place) if task.fields.get("peran") else None
    if first and not task.by.has(Role.ADMIN, first[1]):
        raise RefusedError("Wilayah itu di luar wilayah Anda", "pilih wilayah Anda atau yang di bawahnya")
    full_name, agency = task.fields.get("lengkap", ""), task.fields.get("instansi", "")
    user, password = desk.invite_user(task.database, task.name, full_name, agency, task.now, by=task.by)
    if first:
        _grant(task)
    return user, password


def _describe(task: Task) -> None:
    fields = task.fields
    details = desk.Details(fields.get("lengkap", ""), fields.get("instansi", ""), fields.get("surel", ""))
    desk.describe(task.database, task.name, details, task.now, by=task.by)


def _grant(task: Task) -> None:
    desk.grant(task.database, task.name, task.role, task.place, task.now, by=task.by)


def _revoke(task: Task) -> None:
    desk.revoke(task.database, task.name, task.role, task.place, task.now, by=task.by)


def _reset_factor(task: Task) -> None:
    desk.reset_factor(task.database, task.name, task.now, by=task.by)


def _end_sessions(task: Task) -> None:
    desk.end_sessions(task.database, task.name, task.now, by=task.by)


def _switch_off(task: Task) -> None:
    desk.switch_off(task.database, task.name, task.now, by=task.by)


def _switch_on(task: Task) -> None:
    desk.switch_on(task.database, task.name, task.now, by=task.by)


def _link(task: Task) -> None:
    provider = task.frame.deps.provider
    if provider is None:
        raise UsageError("Kantor ini tidak memakai penyedia akun", "isi web.oidc di pantau.toml")
    account = task.fields.get("akun", "")
    desk.link_identity(task.database, task.name, provider.client.issuer, account, task.now, by=task.by)


def _unlink(task: Task) -> None:
    desk.unlink_identity(task.database, task.name, task.number, task.now, by=task.by)


def _revoke_token(task: Task) -> None:
    desk.revoke_token(task.database, task.name, task.number, task.now, by=task.by)


_DEEDS: dict[str, Callable[[Task], None]] = {
    "data": _describe,
    "peran": _grant,
    "cabut": _revoke,
    "langkah": _reset_factor,
    "sesi": _end_sessions,
    "nonaktif": _switch_off,
    "aktif": _switch_on,
    "tautan": _link,
    "lepas": _unlink,
    "token": _revoke_token,
}


@dataclass(frozen=True, slots=True)
class Back:
    """What the page says when it comes back: the news, or what stood in the way."""

    said: str = ""
    problem: str = ""
    status: int = 200


def _user_page(request: Request, frame: Frame, visitor: Visitor, user_id: int, back: Back) -> HTMLResponse:
    deps = frame.deps
    found = desk.dossier(deps.database, visitor.user, user_id, deps.clock(), idle=deps.idle)
    return page(
        request,
        "user.html",
        status=back.status,
        section="pengguna",
        found=found,
        mine=found.user.id == visitor.user.id,
        within={grant: visitor.user.has(Role.ADMIN, grant.jurisdiction) for grant in found.user.grants},
        roles=Role,
        provider=deps.provider.client.label if deps.provider else "",
        back=back,
    )


def _refused(error: PantauError) -> Back:
    return Back(problem=mended(error), status=403 if isinstance(error, RefusedError) else 422)


def _new_page(request: Request, typed: dict[str, str], problem: str = "", status: int = 200) -> HTMLResponse:
    return page(request, "user_new.html", status=status, section="pengguna", typed=typed, roles=Role, problem=problem)


def _password_page(request: Request, user: UserRow, password: str) -> HTMLResponse:
    days = ONE_TIME_LASTS.days
    return page(request, "password_once.html", section="pengguna", user=user, password=password, days=days)
