"""Signed-in browsers: sessions that the server keeps and can end; a cookie's token is stored as its hash only."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Session
from db.tables import web_session
from db.users import user_by_id
from monitor.domain import Device, SessionRow


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
    row = session.execute(
        sa.select(web_session).where(
            web_session.c.token_hash == token_hash, web_session.c.ended_at.is_(None), web_session.c.expires_at > now
        )
    ).first()
    if row is None or (idle is not None and now - row.last_seen_at > idle):
        return None
    user = user_by_id(session, row.user_id)
    if user is None or not user.active:
        return None
    # A write for every request would queue all readers behind one lock; a minute is fine enough.
    if touch and (now - row.last_seen_at).total_seconds() >= 60:
        session.execute(sa.update(web_session).where(web_session.c.id == row.id).values(last_seen_at=now))
    return SessionRow(
        id=row.id,
        user=user,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_seen_at=row.last_seen_at,
        csrf=row.csrf,
        client=row.client,
        second_factor_at=row.second_factor_at,
        fresh_at=row.fresh_at,
    )


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
