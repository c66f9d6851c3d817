"""The second factor: setting an authenticator app up, its codes taken once each, and recovery codes on paper."""

from __future__ import annotations

from datetime import datetime

from db import audit, factors, sign_ins, users
from db.connect import Database, Session
from monitor import totp
from monitor.domain import SessionRow, UserRow
from monitor.errors import EvidenceError, RefusedError
from monitor.vault import Vault

_WRONG = ("Kode tidak cocok atau sudah pernah dipakai", "tunggu kode berikutnya di aplikasi, atau pakai kode pemulihan")
_LOCKED = ("Terlalu banyak kode yang keliru", "tunggu sampai satu jam, atau mintalah admin membukanya")


def begin_factor(database: Database, vault: Vault, row: SessionRow) -> str:
    """Return the secret that this session is setting up; it counts for nothing yet.

    What another session began is thrown away: its secret was shown elsewhere. RefusedError when a second factor stands.
    """
    with database.write() as session:
        found = factors.factor_of(session, row.user.id)
        if found is not None and found.confirmed_at is None:
            secret = _opened(vault, found.sealed, _pending(row))
            if secret:
                return secret
        secret = totp.new_secret()
        if not factors.put_secret(session, row.user.id, vault.seal(f"{_pending(row)}{secret}".encode())):
            raise RefusedError("Langkah kedua sudah terpasang", "ganti perangkat lewat Akun saya")
        return secret


def confirm_factor(database: Database, vault: Vault, row: SessionRow, code: str, now: datetime) -> tuple[str, ...]:
    """Let the secret of this session count once its app shows the right code; return the recovery codes, shown once."""
    user = row.user
    with database.write() as session:
        found = factors.factor_of(session, user.id)
        secret = _opened(vault, found.sealed, _pending(row)) if found and found.confirmed_at is None else ""
        step = totp.matching_step(secret, totp.plain(code), now) if secret else None
        if step is not None:
            sealed = vault.seal(f"{_standing(user)}{secret}".encode())
            factors.confirm(session, user.id, sealed, step, now)
            codes = _give_codes(session, vault, user, now)
            _audit(session, user, "second_factor_set", now)
            return codes
    raise RefusedError("Kode belum cocok", "periksa jam ponsel Anda, lalu ketik kode yang sedang tampil")


def spend_code(
    database: Database, vault: Vault, user: UserRow, code: str, now: datetime, *, known: bool = False
) -> None:
    """Take a code of the user's app, or a recovery code, for good; RefusedError when it is wrong or was taken before.

    Failures count towards the lock of the name; while it is on no code is looked at, except from a browser that is
    `known` as the user's: whoever calls counts its tries.
    """
    typed = totp.plain(code)
    with database.write() as session:
        locked = users.is_locked(session, user.id, now)
        if (known or not locked) and _taken(session, vault, user, typed, now):
            users.forget_failures(session, user.id)
            _audit(session, user, "second_factor_given" if totp.is_app_code(typed) else "recovery_code_used", now)
            return
        users.note_failure(session, 0 if locked else user.id, now)
        _audit(session, user, "second_factor_failed", now)
    raise RefusedError(*(_LOCKED if locked and not known else _WRONG))


def new_recovery_codes(database: Database, vault: Vault, user: UserRow, now: datetime) -> tuple[str, ...]:
    """Return fresh recovery codes, to be shown once; earlier ones are worth nothing from then on."""
    with database.write() as session:
        found = factors.factor_of(session, user.id)
        if found is None or found.confirmed_at is None:
            raise RefusedError("Langkah kedua belum terpasang", "pasang lebih dahulu di Akun saya")
        codes = _give_codes(session, vault, user, now)
        _audit(session, user, "recovery_codes_made", now)
        return codes


def drop_factor(database: Database, vault: Vault, row: SessionRow, code: str, now: datetime) -> None:
    """Take the user's own second factor away against one last code, to set up another phone; other sessions end."""
    user = row.user
    spend_code(database, vault, user, code, now)
    with database.write() as session:
        factors.drop(session, user.id)
        sign_ins.end_all_sessions(session, user.id, now, but=row.id)
        sign_ins.forget_second_factor(session, user.id)
        _audit(session, user, "second_factor_dropped", now)


def recovery_codes_left(database: Database, user: UserRow) -> int:
    """Return how many recovery codes are still unused."""
    with database.read() as session:
        return factors.codes_left(session, user.id)


def _taken(session: Session, vault: Vault, user: UserRow, typed: str, now: datetime) -> bool:
    if not totp.is_app_code(typed):
        return factors.take_code(session, user.id, _hashed(vault, user, typed), now)
    found = factors.factor_of(session, user.id)
    secret = _opened(vault, found.sealed, _standing(user)) if found and found.confirmed_at else ""
    step = totp.matching_step(secret, typed, now) if secret else None
    return step is not None and factors.take_step(session, user.id, step)


def _give_codes(session: Session, vault: Vault, user: UserRow, now: datetime) -> tuple[str, ...]:
    codes = totp.new_recovery_codes()
    factors.replace_codes(session, user.id, [_hashed(vault, user, totp.plain(code)) for code in codes], now)
    return codes


def _hashed(vault: Vault, user: UserRow, code: str) -> str:
    return vault.blind("recovery", f"{user.id}/{code}")


def _pending(row: SessionRow) -> str:
    return f"totp/{row.user.id}/pending/{row.id}/"


def _standing(user: UserRow) -> str:
    return f"totp/{user.id}/"


def _opened(vault: Vault, sealed: bytes, owner: str) -> str:
    """Return a sealed secret, nothing when it was sealed for somebody else: rows cannot be swapped in the database."""
    try:
        text = vault.unseal(sealed).decode()
    except EvidenceError:
        return ""
    secret = text.removeprefix(owner)
    return secret if secret != text and "/" not in secret else ""


def _audit(session: Session, user: UserRow, action: str, now: datetime) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"user:{user.id}", detail={}, now=now)
