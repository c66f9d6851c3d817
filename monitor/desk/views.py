"""Views that users keep: named, shared, thrown away; a shared one shows each only what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db import audit, saved_views
from db.connect import Database, Session
from monitor.desk.access import scope_of
from monitor.domain import UserRow
from monitor.errors import UsageError

LONGEST_NAME = 60
MOST = 30


@dataclass(frozen=True, slots=True)
class ViewWish:
    """A view as somebody wants it: its name, the words of its address, whether others may use it."""

    name: str
    query: Mapping[str, str]
    shared: bool = False


def save_view(database: Database, user: UserRow, wish: ViewWish, now: datetime) -> int:
    """Keep a view and return its number; UsageError without a name or with too many kept already."""
    name = _name(wish.name)
    with database.write() as session:
        own = [view for view in saved_views.views_for(session, user.id, scope_of(user)) if view.user_id == user.id]
        if len(own) >= MOST and name not in {view.name for view in own}:
            raise UsageError(f"Anda sudah menyimpan {MOST} tampilan", "hapus salah satu, lalu simpan lagi")
        number = saved_views.save(session, user.id, name, wish.query, shared=wish.shared, now=now)
        _audit(session, user, "view_saved", number, wish.shared, now)
        return number


def change_view(database: Database, user: UserRow, number: int, wish: ViewWish, now: datetime) -> None:
    """Rename a view of one's own, share it or stop sharing it."""
    name = _name(wish.name)
    with database.write() as session:
        if not saved_views.change(session, number, user.id, name, shared=wish.shared):
            raise UsageError("Tampilan ini bukan milik Anda, atau namanya sudah dipakai", "pilih nama lain")
        _audit(session, user, "view_changed", number, wish.shared, now)


def delete_view(database: Database, user: UserRow, number: int, now: datetime) -> None:
    """Throw a view of one's own away; for those who shared in it, it is gone too."""
    with database.write() as session:
        if not saved_views.delete(session, number, user.id):
            raise UsageError("Tampilan ini bukan milik Anda", "hanya penyimpannya yang dapat menghapusnya")
        if saved_views.default_view(session, user.id) == number:
            saved_views.set_default(session, user.id, None)
        _audit(session, user, "view_deleted", number, False, now)


def choose_default(database: Database, user: UserRow, number: int | None) -> None:
    """Keep which view opens first for a user; UsageError for one that they may not use."""
    with database.write() as session:
        if number is not None and saved_views.view_of(session, number, user.id, scope_of(user)) is None:
            raise UsageError("Tampilan ini tidak ada", "muat ulang antrean")
        saved_views.set_default(session, user.id, number)


def _name(text: str) -> str:
    name = " ".join(text.split())[:LONGEST_NAME]
    if not name:
        raise UsageError("Tampilan ini belum bernama", "tulis namanya, lalu simpan lagi")
    return name


def _audit(session: Session, user: UserRow, action: str, number: int, shared: bool, now: datetime) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"view:{number}", detail={"shared": shared}, now=now)
