"""Who is reviewing which case right now: one lease row a case, and a fence that only ever rises."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from db.among import among
from db.connect import Session
from db.tables import app_user, lease
from monitor.domain import LeaseRow
from monitor.errors import ConflictError

LENGTH = timedelta(minutes=5)
_TIME = lease.c.expires_at.type


def claim(session: Session, case_id: int, user_id: int, now: datetime, *, length: timedelta = LENGTH) -> LeaseRow:
    """Take a case for a user; ConflictError while somebody else holds it.

    Taking it again before the end renews it under the same fence. The database decides, in one statement, who is first.
    """
    bound = {"of_case": case_id, "for_user": user_id, "moment": now, "until": now + length}
    held = session.execute(claiming(session.dialect.name), bound).first()
    if held is None:
        holder = current(session, [case_id], now).get(case_id)
        who = holder.user_name if holder else "Pengguna lain"
        raise ConflictError(f"{who} sedang meninjau informasi awal {case_id}", "tunggu atau ambil yang lain")
    return LeaseRow(case_id, user_id, held.user_name, held.fence, now + length)


@cache
def claiming(dialect: str) -> sa.sql.dml.ReturningInsert[Any]:
    """Insert or take over the lease of a case, in one statement that also says by what name the user goes."""
    user = sa.bindparam("for_user", type_=sa.BigInteger)
    now, until = sa.bindparam("moment", type_=_TIME), sa.bindparam("until", type_=_TIME)
    mine = sa.and_(lease.c.user_id == user, lease.c.expires_at > now)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"case_id": sa.bindparam("of_case"), "user_id": user, "fence": 1, "taken_at": now, "expires_at": until}
    name = sa.select(app_user.c.display_name).where(app_user.c.id == user).scalar_subquery()
    return (
        insert(lease)
        .values(values)
        .on_conflict_do_update(
            index_elements=[lease.c.case_id],
            set_={
                "user_id": user,
                "fence": lease.c.fence + sa.case((mine, 0), else_=1),
                "taken_at": sa.case((mine, lease.c.taken_at), else_=now),
                "expires_at": until,
            },
            where=sa.or_(mine, lease.c.expires_at <= now),
        )
        .returning(lease.c.fence, name.label("user_name"))
    )


def renew(
    session: Session, case_id: int, user_id: int, fence: int, now: datetime, *, length: timedelta = LENGTH
) -> LeaseRow:
    """Prolong a lease that still runs; ConflictError when it ended or went to somebody else."""
    done = session.execute(
        sa.update(lease)
        .where(lease.c.case_id == case_id, lease.c.user_id == user_id, lease.c.fence == fence, lease.c.expires_at > now)
        .values(expires_at=now + length)
    )
    if not done.rowcount:
        raise ConflictError(f"Giliran Anda untuk informasi awal {case_id} sudah berakhir", "ambil lagi")
    return current(session, [case_id], now)[case_id]


def release(session: Session, case_id: int, user_id: int, now: datetime) -> bool:
    """End a user's lease of a case; the row stays so that the fence keeps rising. False when there is none."""
    done = session.execute(
        sa.update(lease)
        .where(lease.c.case_id == case_id, lease.c.user_id == user_id, lease.c.expires_at > now)
        .values(expires_at=now)
    )
    return bool(done.rowcount)


def settle(session: Session, case_id: int, user_id: int, fence: int, now: datetime) -> bool:
    """End the newest claim of a case as a decision does; False when it was taken anew since, or somebody else holds it.

    One statement decides it: a claim that comes in between raises the fence.
    """
    free = sa.or_(lease.c.user_id == user_id, lease.c.expires_at <= now)
    ended = sa.case((lease.c.expires_at > now, now), else_=lease.c.expires_at)
    done = session.execute(
        sa.update(lease).where(lease.c.case_id == case_id, lease.c.fence == fence, free).values(expires_at=ended)
    )
    return bool(done.rowcount) or (fence == 0 and fence_of(session, case_id) == 0)


def release_others(session: Session, user_id: int, keep: int, now: datetime) -> int:
    """End a user's leases of all cases but one."""
    others = (lease.c.user_id == user_id) & (lease.c.case_id != keep) & (lease.c.expires_at > now)
    return int(session.execute(sa.update(lease).where(others).values(expires_at=now)).rowcount)


def held_by(session: Session, user_id: int, now: datetime) -> LeaseRow | None:
    """Return the lease that a user took last and that still runs."""
    query = (
        sa.select(lease, app_user.c.display_name)
        .join(app_user, app_user.c.id == lease.c.user_id)
        .where(lease.c.user_id == user_id, lease.c.expires_at > now)
        .order_by(lease.c.taken_at.desc(), lease.c.case_id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return LeaseRow(row.case_id, row.user_id, row.display_name, row.fence, row.expires_at) if row else None


def release_all(session: Session, user_id: int, now: datetime) -> int:
    """End all leases of a user, as signing out does."""
    done = session.execute(
        sa.update(lease).where(lease.c.user_id == user_id, lease.c.expires_at > now).values(expires_at=now)
    )
    return int(done.rowcount)


def current(session: Session, case_ids: Collection[int], now: datetime) -> dict[int, LeaseRow]:
    """Return the leases of these cases that still run."""
    if not case_ids:
        return {}
    return {
        row.case_id: LeaseRow(row.case_id, row.user_id, row.display_name, row.fence, row.expires_at)
        for row in session.execute(_running(session.dialect.name), {"ids": list(case_ids), "moment": now})
    }


@cache
def _running(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(lease, app_user.c.display_name)
        .join(app_user, app_user.c.id == lease.c.user_id)
        .where(
            among(dialect, lease.c.case_id),
            lease.c.expires_at > sa.bindparam("moment", type_=_TIME),
        )
    )


def standing(session: Session, case_id: int, now: datetime | None) -> tuple[LeaseRow | None, int]:
    """Return the lease of a case that still runs, and the number of its newest claim; without `now` none runs."""
    row = session.execute(_of_case(), {"of_case": case_id}).first()
    if row is None:
        return None, 0
    runs = now is not None and row.expires_at > now
    held = LeaseRow(case_id, row.user_id, row.display_name, row.fence, row.expires_at) if runs else None
    return held, int(row.fence)


@cache
def _of_case() -> sa.Select[Any]:
    query = sa.select(lease, app_user.c.display_name).join(app_user, app_user.c.id == lease.c.user_id)
    return query.where(lease.c.case_id == sa.bindparam("of_case"))


def fence_of(session: Session, case_id: int) -> int:
    """Return the number of the newest claim of a case, 0 before the first."""
    return int(session.execute(sa.select(lease.c.fence).where(lease.c.case_id == case_id)).scalar() or 0)
