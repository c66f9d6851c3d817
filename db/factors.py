"""Second factors: a sealed secret with the last step taken from it, and recovery codes that work once each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, recovery_code


@dataclass(frozen=True, slots=True, repr=False)
class FactorRow:
    """A user's second factor: its sealed secret, and since when it stands; None while it is being set up."""

    sealed: bytes
    confirmed_at: datetime | None


def factor_of(session: Session, user_id: int) -> FactorRow | None:
    """Return a user's second factor, confirmed or not; None without one."""
    query = sa.select(app_user.c.totp_sealed, app_user.c.totp_confirmed_at).where(app_user.c.id == user_id)
    row = session.execute(query).first()
    return FactorRow(bytes(row.totp_sealed), row.totp_confirmed_at) if row and row.totp_sealed else None


def put_secret(session: Session, user_id: int, sealed: bytes) -> bool:
    """Store a secret that still has to be confirmed; False when a confirmed one stands."""
    done = session.execute(
        sa.update(app_user)
        .where(app_user.c.id == user_id, app_user.c.totp_confirmed_at.is_(None))
        .values(totp_sealed=sealed, totp_last_step=None)
    )
    return bool(done.rowcount)


def confirm(session: Session, user_id: int, sealed: bytes, step: int, now: datetime) -> bool:
    """Let a secret count from now on, its step taken; False when a confirmed one stands already."""
    done = session.execute(
        sa.update(app_user)
        .where(app_user.c.id == user_id, app_user.c.totp_confirmed_at.is_(None))
        .values(totp_sealed=sealed, totp_confirmed_at=now, totp_last_step=step)
    )
    return bool(done.rowcount)


def take_step(session: Session, user_id: int, step: int) -> bool:
    """Take the code of a time step; False when it, or a later one, was taken before. The database decides."""
    done = session.execute(
        sa.update(app_user)
        .where(
            app_user.c.id == user_id,
            app_user.c.totp_confirmed_at.is_not(None),
            sa.or_(app_user.c.totp_last_step.is_(None), app_user.c.totp_last_step < step),
        )
        .values(totp_last_step=step)
    )
    return bool(done.rowcount)


def drop(session: Session, user_id: int) -> bool:
    """Take a user's second factor and recovery codes away; False when there was none."""
    cleared = {"totp_sealed": None, "totp_confirmed_at": None, "totp_last_step": None}
    had = app_user.c.totp_sealed.is_not(None)
    done = session.execute(sa.update(app_user).where(app_user.c.id == user_id, had).values(cleared))
    session.execute(sa.delete(recovery_code).where(recovery_code.c.user_id == user_id))
    return bool(done.rowcount)


def replace_codes(session: Session, user_id: int, hashes: Iterable[str], now: datetime) -> None:
    """Store the hashes of new recovery codes; earlier ones are worth nothing from then on."""
    session.execute(sa.delete(recovery_code).where(recovery_code.c.user_id == user_id))
    rows = [{"user_id": user_id, "code_hash": code_hash, "created_at": now} for code_hash in hashes]
    session.execute(sa.insert(recovery_code), rows)


def take_code(session: Session, user_id: int, code_hash: str, now: datetime) -> bool:
    """Use a recovery code up; False when there is no such code or it was used. The database decides who is first."""
    done = session.execute(
        sa.update(recovery_code)
        .where(
            recovery_code.c.user_id == user_id,
            recovery_code.c.code_hash == code_hash,
            recovery_code.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return bool(done.rowcount)


def codes_left(session: Session, user_id: int) -> int:
    """Return how many recovery codes of a user are still unused."""
    unused = sa.and_(recovery_code.c.user_id == user_id, recovery_code.c.used_at.is_(None))
    return int(session.execute(sa.select(sa.func.count()).select_from(recovery_code).where(unused)).scalar_one())
