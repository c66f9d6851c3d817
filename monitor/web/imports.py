"""Imports that wait for a second person: shown on the front page, confirmed by whoever did not bring them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from db import registers
from db.connect import Session
from monitor import desk
from monitor.desk.people import CONFIRMERS, confirms
from monitor.domain import UserRow
from monitor.web.frame import FieldsDep, FrameDep, see
from monitor.web.fresh import FreshDep

routes = APIRouter(prefix="/impor")

BatchId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_WAITS_FOR: Final = {
    "akun": "Akun yang disebut terverifikasi di dalamnya belum dapat diteruskan.",
    "kontes": "Akun pribadi dan akun relawan di dalamnya belum dipindai.",
}
"""What the imports that need two people hold up meanwhile; other kinds hold up nothing."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One import that waits for its second person; `mine` says that this user may be that person."""

    id: int
    kind: str
    file_name: str
    imported_by: str
    imported_at: datetime
    holds_up: str
    mine: bool


def waiting(session: Session, user: UserRow) -> tuple[Waiting, ...]:
    """Return the imports that nobody confirmed yet, the newest first."""
    may = may_confirm(user)
    return tuple(
        Waiting(
            batch.id, batch.kind, batch.file_name, batch.imported_by, batch.imported_at, _WAITS_FOR[batch.kind],
            mine=may and batch.imported_by != user.name and confirms(session, batch.id, user),
        )
        for batch in registers.list_batches(session)
        if batch.confirmed_by is None and batch.kind in _WAITS_FOR
    )  # fmt: skip


def may_confirm(user: UserRow) -> bool:
    """Whether the user may stand for an import as its second person."""
    return user.active and bool(user.roles & CONFIRMERS)


def holds_up(kind: str) -> str:
    """Return what an import of this kind holds up until it is confirmed; empty where it holds up nothing."""
    return _WAITS_FOR.get(kind, "")


@routes.post("/{batch_id}/konfirmasi")
def confirm(frame: FrameDep, visitor: FreshDep, fields: FieldsDep, batch_id: BatchId) -> RedirectResponse:
    """Confirm an import as its second person, and go back to the page whose button it was."""
    desk.confirm_batch(frame.deps.database, batch_id, visitor.user, frame.deps.clock())
    return see(f"{'/register' if fields.get('dari') == 'register' else '/'}?kabar=konfirmasi")
