"""Looking at a person: within the user's places only, and every look is audited."""

from __future__ import annotations

from datetime import datetime

from db import audit, person_pages
from db.connect import Database
from db.person_pages import PersonDetail
from monitor.desk.access import sees
from monitor.domain import UserRow
from monitor.errors import UsageError


def look_at_person(database: Database, asn_id: int, user: UserRow, now: datetime) -> PersonDetail:
    """Return all that is known of a person; UsageError when there is none in the user's places, in the same words."""
    with database.write() as session:
        person = person_pages.person_row(session, asn_id)
        if person is None or not sees(user, person.jurisdiction):
            raise UsageError(f"Orang {asn_id} tidak ada dalam wilayah Anda", "cari di halaman Orang")
        detail = person_pages.person_detail(session, person)
        seen = {"acts": len(detail.acts)}
        subject = f"asn:{asn_id}"
        audit.record(session, actor=user.name, action="person_viewed", subject=subject, detail=seen, now=now)
        return detail
