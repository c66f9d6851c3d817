"""Users and second persons: who may sign in, what they may do, and imports that two people stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from db import audit, registers, tokens, users
from db.connect import Database, Session
from monitor.desk.access import must_hold
from monitor.domain import Grant, Role, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.passwords import decoy_hash, hash_password, hash_token, new_token, verify_password

SHORTEST_PASSWORD = 12


def authenticate(database: Database, name: str, password: str, now: datetime) -> UserRow:
    """Return the user whom name and password prove; RefusedError otherwise, in the same words and time for both."""
    with database.read() as session:
        found = users.sign_in_row(session, name)
    fits = verify_password(password, found.password_hash if found else decoy_hash())
    if found is not None and fits and found.user.active:
        return found.user
    with database.write() as session:
        # A mistyped name may be a password, so only names that exist are written down.
        subject = f"user:{found.user.id}" if found else "user:unknown"
        audit.record(session, actor="", action="sign_in_failed", subject=subject, detail={}, now=now)
    raise RefusedError("Nama atau kata sandi salah", "periksa ejaan, atau mintalah admin mengatur ulang")


def authenticate_token(database: Database, token: str, now: datetime) -> UserRow:
    """Return the user whose living token this is; RefusedError otherwise."""
    with database.write() as session:
        user = tokens.token_user(session, hash_token(token), now)
    if user is None:
        raise RefusedError("Token tidak berlaku", "terbitkan yang baru dengan `pantau users token`")
    return user


def add_user(database: Database, name: str, full_name: str, password: str, agency: str, now: datetime) -> UserRow:
    """Add a user without grants."""
    if not name.strip() or name != name.strip() or len(name) > 64:
        raise UsageError("Nama masuk kosong, terlalu panjang, atau diapit spasi", "pakai nama pendek seperti rina")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError("Kata sandi terlalu pendek", f"pakai sedikitnya {SHORTEST_PASSWORD} huruf")
    hashed = hash_password(password)
    with database.write() as session:
        user = users.add_user(session, name, full_name, hashed, now, agency=agency)
        _audit(session, "", "user_added", user, {"name": name}, now)
    return user


def grant(
    database: Database, name: str, role: Role, jurisdiction: str, now: datetime, *, by: UserRow | None = None
) -> UserRow:
    """Give a user a role over a region and return them; `by` is None when whoever runs the machine does it."""
    if by is not None:
        must_hold(by, jurisdiction, Role.ADMIN)
    with database.write() as session:
        user = _known(session, name)
        given = Grant(role, jurisdiction)
        if users.grant_role(session, user.id, given, now, granted_by=by.id if by else None):
            detail = {"role": role.value, "jurisdiction": jurisdiction}
            _audit(session, by.name if by else "", "role_granted", user, detail, now)
        return _known(session, name)


def issue_token(database: Database, name: str, now: datetime, *, label: str = "pantau") -> str:
    """Make an API token for a user and return it; only its hash is kept."""
    token = new_token()
    with database.write() as session:
        user = _known(session, name)
        number = tokens.add_token(session, tokens.NewToken(user.id, label, hash_token(token)), now)
        _audit(session, "", "token_issued", user, {"token": number}, now)
    return token


def list_users(database: Database) -> list[UserRow]:
    """Return all users with their grants, by name."""
    with database.read() as session:
        return users.list_users(session)


def confirm_batch(database: Database, batch_id: int, user: UserRow, now: datetime) -> None:
    """Confirm an imported register as its second person; RefusedError for whoever imported it."""
    if not user.active or not user.roles & {Role.KOORDINATOR, Role.ADMIN}:
        raise RefusedError(f"{user.full_name or user.name} tidak berwenang mengonfirmasi impor", "perlu koordinator")
    with database.write() as session:
        registers.confirm_batch(session, batch_id, user=user.name, now=now)
        subject = f"batch:{batch_id}"
        audit.record(session, actor=user.name, action="batch_confirmed", subject=subject, detail={}, now=now)


def _known(session: Session, name: str) -> UserRow:
    user = users.user_named(session, name)
    if user is None:
        raise UsageError(f"Pengguna {name} tidak ada", "lihat `pantau users list`")
    return user


def _audit(
    session: Session, actor: str, action: str, user: UserRow, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=actor, action=action, subject=f"user:{user.id}", detail=detail, now=now)
