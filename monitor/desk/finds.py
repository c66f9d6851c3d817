"""Finds at the desk: who may enter them where, who may see them, and who may learn who reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from db import audit, finds
from db.connect import Database
from monitor.desk.access import must_hold, scope_of
from monitor.domain import FindRow, Reporter, Role, UserRow
from monitor.errors import UsageError
from monitor.vault import Vault

ENTERERS = (Role.PENGAWAS, Role.KOORDINATOR)
REVEALERS = (Role.KOORDINATOR, Role.DPO)


def may_enter(user: UserRow, jurisdiction: str) -> None:
    """Raise RefusedError unless the user may enter a find about somebody of this place."""
    must_hold(user, jurisdiction, *ENTERERS)


def list_finds(
    database: Database, user: UserRow, now: datetime, *, before: int | None = None, limit: int | None = None
) -> list[FindRow]:
    """Return the finds about people of the user's places, newest first; that they were listed is audited."""
    with database.write() as session:
        rows = finds.list_finds(session, scope_of(user), before=before, limit=limit)
        detail = {"finds": [row.id for row in rows]}
        audit.record(session, actor=user.name, action="finds_listed", subject="finds", detail=detail, now=now)
    return rows


def screenshot(database: Database, kept: Callable[[str], bytes], number: int, user: UserRow, now: datetime) -> bytes:
    """Return the screenshot of a find of the user's places; that it was opened is audited.

    UsageError when there is no such find there, or it has none.
    """
    with database.write() as session:
        row = next(iter(finds.list_finds(session, scope_of(user), only=number)), None)
        digest = finds.screenshot_of(session, number) if row is not None else None
        if digest is None:
            raise UsageError(f"Tangkapan layar catatan {number} tidak ada dalam wilayah Anda", "lihat daftar catatan")
        detail = {"sha256": digest}
        subject = f"find:{number}"
        audit.record(session, actor=user.name, action="screenshot_opened", subject=subject, detail=detail, now=now)
    return kept(digest)


def reveal_reporter(
    database: Database, vault: Vault, number: int, reason: str, user: UserRow, now: datetime
) -> Reporter:
    """Return who reported a find, for a written reason; who asked and why is audited.

    UsageError when there is no such find in the user's places, or nobody is recorded for it.
    """
    if not reason.strip():
        raise UsageError("Pembukaan identitas pelapor harus beralasan", "tulis alasannya (--reason)")
    with database.write() as session:
        row = next(iter(finds.list_finds(session, scope_of(user), only=number)), None)
        if row is None:
            raise UsageError(f"Catatan {number} tidak ada dalam wilayah Anda", "lihat `pantau finds list`")
        must_hold(user, row.jurisdiction, *REVEALERS)
        found = finds.reporter_of(session, vault, number)
        detail = {"reason": reason.strip(), "found": found is not None}
        subject = f"find:{number}"
        audit.record(session, actor=user.name, action="reporter_revealed", subject=subject, detail=detail, now=now)
    if found is None:
        raise UsageError(f"Catatan {number} tidak memuat pelapor", "hanya laporan yang diisi pelapornya")
    return found
