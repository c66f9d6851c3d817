"""Proving who one is: the password, guesses that are counted and locked out, and proving it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from db import audit, sign_ins, users
from db.connect import Database
from monitor.desk.factors import spend_code
from monitor.domain import SessionRow, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.passwords import decoy_hash, hash_password, verify_password
from monitor.totp import is_app_code, plain
from monitor.vault import Vault

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
FRESH_FOR = timedelta(minutes=5)
"""How long after password or second factor a session may do what needs to be sure of its user."""
_WRONG = (
    "Nama pengguna atau kata sandi tidak cocok",
    "periksa ejaannya; setelah lima kali keliru sebuah nama dikunci beberapa waktu, dan admin dapat membukanya",
)
_EXPIRED = ("Kata sandi sekali pakai ini sudah kedaluwarsa", "mintalah admin membuatkan yang baru")


def authenticate(database: Database, name: str, password: str, now: datetime) -> UserRow:
    """Return the user whom name and password prove, and count their failures anew; RefusedError otherwise.

    A one-time password, which somebody else knows, is not taken: it opens the console's page for a new one only.
    """
    user = check_password(database, name, password, now)
    if user.one_time_password:
        raise RefusedError("Kata sandi ini hanya untuk sekali masuk", "buka konsol dan pilih kata sandi sendiri")
    settle(database, user, now)
    return user


def check_password(database: Database, name: str, password: str, now: datetime, *, known: bool = False) -> UserRow:
    """Return the user whom name and password prove; failures before stay counted until the sign-in is whole.

    RefusedError in the same words, after the same work, for unknown names, wrong passwords, locked and switched-off
    users. A lock does not hold in a browser that is `known` as the user's; whoever calls counts its tries.
    """
    with database.read() as session:
        found = users.sign_in_row(session, name)
    fits = verify_password(password, found.password_hash if found else decoy_hash())
    locked = found is not None and found.locked_until is not None and found.locked_until > now
    if found is not None and fits and found.user.active and (known or not locked):
        if found.user.password_until is not None and found.user.password_until <= now:
            raise RefusedError(*_EXPIRED)  # whoever knows the password may know what became of it
        return found.user
    with database.write() as session:
        # A lock that is on is not prolonged: whoever waits must be let in again.
        users.note_failure(session, found.user.id if found and not locked else 0, now)
        # A mistyped name may be a password, so only names that exist are written down.
        subject = f"user:{found.user.id}" if found else "user:unknown"
        audit.record(session, actor="", action="sign_in_failed", subject=subject, detail={"locked": locked}, now=now)
    raise RefusedError(*_WRONG)


def settle(database: Database, user: UserRow, now: datetime, *, known: bool = False) -> None:
    """Count a user's failures anew after a whole sign-in; RefusedError when the name was locked meanwhile."""
    with database.write() as session:
        if not known and users.is_locked(session, user.id, now):
            raise RefusedError(*_WRONG)
        users.forget_failures(session, user.id)


def prove_again(database: Database, vault: Vault, user: UserRow, proof: str, now: datetime) -> None:
    """Take the user's password, or a code of their second factor, once more; RefusedError when it is neither."""
    code = plain(proof)
    if user.second_factor and is_app_code(code) and len(proof) < SHORTEST_PASSWORD:
        spend_code(database, vault, user, code, now)
        return
    with database.read() as session:
        row = users.sign_in_row_of(session, user.id)
    if row is not None and verify_password(proof[:LONGEST_PASSWORD], row.password_hash):
        return
    with database.write() as session:
        users.note_failure(session, user.id, now)
        subject = f"user:{user.id}"
        audit.record(session, actor=user.name, action="proof_failed", subject=subject, detail={}, now=now)
    raise RefusedError("Kata sandi atau kode tidak cocok", "periksa, lalu coba lagi")


def is_fresh(row: SessionRow, now: datetime) -> bool:
    """Whether a session's user proved who they are within the last five minutes."""
    return row.fresh_at is not None and now - row.fresh_at <= FRESH_FOR


def change_password(database: Database, row: SessionRow, old: str, new: str, now: datetime) -> None:
    """Give the user of a session a new password and end their other sessions; RefusedError when the old is wrong."""
    user = row.user
    with database.read() as session:
        found = users.sign_in_row_of(session, user.id)
    if found is None or not verify_password(old[:LONGEST_PASSWORD], found.password_hash):
        with database.write() as session:
            users.note_failure(session, user.id, now)
            subject = f"user:{user.id}"
            audit.record(session, actor=user.name, action="proof_failed", subject=subject, detail={}, now=now)
        raise RefusedError("Kata sandi yang sekarang tidak cocok", "periksa ejaannya, lalu coba lagi")
    acceptable(new, user.name)
    if verify_password(new, found.password_hash):
        raise UsageError("Kata sandi baru sama dengan yang lama", "pilih yang lain")
    hashed = hash_password(new)
    with database.write() as session:
        users.set_password(session, user.id, hashed)
        sign_ins.end_all_sessions(session, user.id, now, but=row.id)
        subject = f"user:{user.id}"
        audit.record(session, actor=user.name, action="password_changed", subject=subject, detail={}, now=now)


def acceptable(password: str, name: str) -> None:
    """Raise UsageError unless a password is long enough, and neither the user's name nor a repetition."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError("Kata sandi terlalu pendek", f"pakai sedikitnya {SHORTEST_PASSWORD} huruf")
    if len(password) > LONGEST_PASSWORD:
        raise UsageError("Kata sandi terlalu panjang", f"pakai paling banyak {LONGEST_PASSWORD} huruf")
    rest = password.casefold().replace(name.casefold(), "") if name else password
    if len(rest) < SHORTEST_PASSWORD // 2 or len(set(password)) < 5:
        raise UsageError("Kata sandi terlalu mudah ditebak", "pakai beberapa kata yang tidak memuat nama Anda")
