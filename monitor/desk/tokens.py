"""API tokens: made for a user and one of their roles, shown once, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import tokens
from db.connect import Database
from monitor.desk.people import known, may_manage, note, one_line
from monitor.domain import Role, TokenRow, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.passwords import hash_token, new_token

LONGEST = timedelta(days=366)


def authenticate_token(database: Database, token: str, now: datetime) -> UserRow:
    """Return the user whose living token this is, with the grants of its role only; RefusedError otherwise."""
    with database.write() as session:
        user = tokens.token_user(session, hash_token(token), now)
    if user is None:
        raise RefusedError("Token tidak berlaku", "terbitkan yang baru dengan `pantau users token`")
    return user


@dataclass(frozen=True, slots=True)
class TokenWish:
    """A token as wanted: what for, for which role (None for all of the user's), how long."""

    label: str = "pantau"
    role: Role | None = None
    lasts: timedelta | None = None


def issue_token(
    database: Database, name: str, now: datetime, wish: TokenWish = TokenWish(), *, by: UserRow | None = None
) -> str:
    """Make an API token for a user and return it; only its hash is kept.

    UsageError for a role that they do not hold; RefusedError when somebody else asks for it through the console.
    """
    token = new_token()
    with database.write() as session:
        user = known(session, name)
        if by is not None and by.id != user.id:
            raise RefusedError("Token dibuat oleh pemiliknya sendiri", "buka Akun saya")
        if wish.role is not None and wish.role not in user.roles:
            raise UsageError(f"{name} tidak memegang peran itu", "pilih salah satu perannya")
        label = one_line(wish.label)[:100] or "pantau"
        wanted = tokens.NewToken(user.id, label, hash_token(token), wish.role, _end(now, wish.lasts))
        number = tokens.add_token(session, wanted, now)
        told = {"token": number, "role": wish.role.value if wish.role else ""}
        note(session, by, "token_issued", user, told, now)
    return token


def list_tokens(database: Database, user: UserRow) -> list[TokenRow]:
    """Return a user's tokens, oldest first."""
    with database.read() as session:
        return tokens.list_tokens(session, user.id)


def revoke_token(database: Database, name: str, token_id: int, now: datetime, *, by: UserRow) -> None:
    """Take a token back, by its user or by who may change the user; UsageError when it is not living."""
    with database.write() as session:
        user = known(session, name)
        if by.id != user.id and not may_manage(by, user):
            raise RefusedError(f"{name} di luar wilayah Anda", "mintalah admin wilayah yang lebih luas")
        if not tokens.revoke_token(session, token_id, now, of_user=user.id):
            raise UsageError("Token itu sudah tidak berlaku", "muat ulang halaman")
        note(session, by, "token_revoked", user, {"token": token_id}, now)


def _end(now: datetime, lasts: timedelta | None) -> datetime | None:
    if lasts is None:
        return None
    if not timedelta(0) < lasts <= LONGEST:
        raise UsageError("Masa berlaku token di luar batas", "pilih satu hari sampai satu tahun")
    return now + lasts
