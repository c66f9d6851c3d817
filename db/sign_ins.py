"""Signed-in browsers: sessions that the server keeps and can end; a cookie's token is stored as its hash only."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, role_grant, web_session
from db.users import user_of
from monitor.domain import Device, Grant, SessionRow


def open_session(
    session: Session, user_id: int, token_hash: str, now: datetime, expires_at: datetime, client: str = ""
) -> int:
    """Sign a browser in; its token's hash is the key."""
    values = {
        "token_hash": token_hash, "user_id": user_id, "csrf": secrets.token_hex(32), "created_at": now,
        "last_seen_at": now, "expires_at": expires_at, "client": client, "fresh_at": now,
    }  # fmt: skip
    return int(session.execute(sa.insert(web_session).values(values).returning(web_session.c.id)).scalar_one())


def session_of(
    session: Session, token_hash: str, now: datetime, *, touch: bool = True, idle: timedelta | None = None
) -> SessionRow | None:
    """Return the living session of a token, None when it ended, expired, lay idle, or its user is switched off.

    `touch` notes that it was used; without it nothing is written.
    """
    rows = session.execute(_living(), {"token_hash": token_hash, "now": now}).all()
    if not rows or (idle is not None and now - rows[0].last_seen_at > idle):
        return None
    row = rows[0]
    user = user_of(row, tuple(Grant(one.role, one.jurisdiction) for one in rows if one.role is not None))
    if not user.active:
        return None
    # A write for every request would queue all readers behind one lock; a minute is fine enough.
    if touch and (now - row.last_seen_at).total_seconds() >= 60:
        session.execute(sa.update(web_session).where(web_session.c.id == row.session_id).values(last_seen_at=now))
    return SessionRow(
        id=row.session_id,
        user=user,
        created_at=row.opened_at,
        expires_at=row.expires_at,
        last_seen_at=row.last_seen_at,
        csrf=row.csrf,
        client=row.client,
        second_factor_at=row.second_factor_at,
        fresh_at=row.fresh_at,
    )


@cache
def _living() -> sa.Select[Any]:
    """Select the living session of a token with its user, a row for each grant of theirs."""
    live = sa.and_(role_grant.c.user_id == app_user.c.id, role_grant.c.revoked_at.is_(None))
    own = ("last_seen_at", "expires_at", "csrf", "client", "second_factor_at", "fresh_at")
    return (
        sa.select(
            app_user, role_grant.c.role, role_grant.c.jurisdiction, web_session.c.id.label("session_id"),
            web_session.c.created_at.label("opened_at"), *(web_session.c[name] for name in own),
        )
        .select_from(web_session)
        .join(app_user, app_user.c.id == web_session.c.user_id)
        .join(role_grant, live, isouter=True)
        .where(
            web_session.c.token_hash == sa.bindparam("token_hash"),
            web_session.c.ended_at.is_(None),
            web_session.c.expires_at > sa.bindparam("now", type_=web_session.c.expires_at.type),
        )
        .order_by(role_grant.c.role, role_grant.c.jurisdiction)
    )  # fmt: skip


def raise_session(
    session: Session, session_id: int, token_hash: str, now: datetime, *, second_factor: bool = False
) -> bool:
    """Give a living session a new token after its user proved again who they are; False when it ended meanwhile.

    The old token is worth nothing from then on. `second_factor` says that the second factor was given.
    """
    values = {"token_hash": token_hash, "fresh_at": now} | ({"second_factor_at": now} if second_factor else {})
    living = sa.and_(web_session.c.id == session_id, web_session.c.ended_at.is_(None))
    return bool(session.execute(sa.update(web_session).where(living).values(values)).rowcount)


def forget_proof(session: Session, session_id: int) -> None:
    """Let a session begin without a proof of the last minutes: somebody else proved its user, and earlier."""
    session.execute(sa.update(web_session).where(web_session.c.id == session_id).values(fresh_at=None))


def forget_second_factor(session: Session, user_id: int) -> None:
    """Let no session of a user count as one in which the second factor was given."""
    living = sa.and_(web_session.c.user_id == user_id, web_session.c.ended_at.is_(None))
    session.execute(sa.update(web_session).where(living).values(second_factor_at=None))


def devices_of(session: Session, user_id: int, now: datetime, idle: timedelta | None = None) -> list[Device]:
    """Return a user's living sessions, the one used last first."""
    query = sa.select(web_session).where(
        web_session.c.user_id == user_id, web_session.c.ended_at.is_(None), web_session.c.expires_at > now
    )
    if idle is not None:
        query = query.where(web_session.c.last_seen_at >= now - idle)
    rows = session.execute(query.order_by(web_session.c.last_seen_at.desc(), web_session.c.id.desc()))
    return [Device(row.id, row.client, row.created_at, row.last_seen_at) for row in rows]


def end_session(session: Session, session_id: int, now: datetime, *, of_user: int | None = None) -> bool:
    """Sign one browser out; False when it is not living, or not of the named user."""
    living = [web_session.c.id == session_id, web_session.c.ended_at.is_(None)]
    if of_user is not None:
        living.append(web_session.c.user_id == of_user)
    return bool(session.execute(sa.update(web_session).where(*living).values(ended_at=now)).rowcount)


def end_all_sessions(session: Session, user_id: int, now: datetime, *, but: int | None = None) -> int:
    """Sign a user out everywhere, or everywhere but in one browser, and return how many browsers that were."""
    living = [web_session.c.user_id == user_id, web_session.c.ended_at.is_(None)]
    if but is not None:
        living.append(web_session.c.id != but)
    return int(session.execute(sa.update(web_session).where(*living).values(ended_at=now)).rowcount)
