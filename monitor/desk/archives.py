"""Archives of nights at the desk: who may open one, for what, and that it is written down."""

from __future__ import annotations

from datetime import datetime

from db import audit, exchanges
from db.connect import Database
from db.exchanges import WarcRow
from monitor.desk.access import must_hold
from monitor.domain import Role, UserRow
from monitor.errors import UsageError

OPENERS = (Role.KOORDINATOR, Role.DPO)


def open_archive(database: Database, run: int, reason: str, user: UserRow, now: datetime, *, place: str) -> WarcRow:
    """Return which WARC a night has, for a written reason; who opens it and why is audited.

    It holds answers as platforms gave them, bystanders among them, of all places that the office watches: `place` is
    the office's own. UsageError when the night has none, RefusedError for whoever may not.
    """
    if not reason.strip():
        raise UsageError("Pembukaan arsip harus beralasan", "tulis alasannya (--reason)")
    must_hold(user, place, *OPENERS)
    with database.write() as session:
        found = exchanges.warc_of(session, run)
        if found is None:
            raise UsageError(f"Malam {run} tidak mempunyai arsip", "lihat `pantau evidence verify --json`")
        detail = {"reason": reason.strip(), "sha256": found.sha256}
        audit.record(session, actor=user.name, action="warc_opened", subject=f"run:{run}", detail=detail, now=now)
    return found
