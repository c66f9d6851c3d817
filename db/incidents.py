"""Failures of the protection of personal data and their written notices."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, data_incident
from db.upsert import insert_one
from monitor.domain.keeping import Incident

TOLD: Final = {"subjects": "subjects_told_at", "agency": "agency_told_at", "closed": "closed_at"}
"""Steps that are dated once, by the name under which people ask for them."""


def add(session: Session, incident: Incident, user_id: int) -> int:
    """Write an incident and return its number; that of `incident` is not looked at."""
    return insert_one(
        session, data_incident, known_at=incident.known_at, what=incident.what, how=incident.how,
        remedy=incident.remedy, noted_by=user_id, noted_at=incident.noted_at,
        jurisdiction=incident.jurisdiction or None,
    )  # fmt: skip


def date(session: Session, number: int, step: str, at: datetime) -> bool:
    """Date a step of `TOLD`; False when it is dated already or there is no such incident."""
    column = data_incident.c[TOLD[step]]
    query = sa.update(data_incident).where(data_incident.c.id == number, column.is_(None))
    return bool(session.execute(query.values({column.name: at})).rowcount)


def list_incidents(session: Session, *, only: int | None = None) -> list[Incident]:
    """Return incidents, open ones first and the newest first; `only` asks for one."""
    query = sa.select(data_incident, app_user.c.display_name).join(app_user, app_user.c.id == data_incident.c.noted_by)
    if only is not None:
        query = query.where(data_incident.c.id == only)
    rows = session.execute(query.order_by(data_incident.c.closed_at.is_not(None), data_incident.c.id.desc()))
    return [
        Incident(row.id, row.known_at, row.what, row.how, row.remedy, row.display_name, row.noted_at,
                 row.subjects_told_at, row.agency_told_at, row.closed_at, row.jurisdiction or "")
        for row in rows
    ]  # fmt: skip
