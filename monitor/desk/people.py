"""Users: adding them, what they may do where, switching them off, and imports that a second person stands for."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import audit, factors, leases, register_lists, registers, sign_ins, tokens, users
from db.connect import Database, Session
from monitor.desk.access import must_hold
from monitor.desk.proof import acceptable
from monitor.domain import Grant, Preferences, Role, UserRow, region_covers
from monitor.errors import RefusedError, UsageError
from monitor.passwords import hash_password

_REGION = re.compile(r"([0-9A-Za-z]{1,8}(\.[0-9A-Za-z]{1,8}){0,3})?")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LASTS = timedelta(days=3)
"""How long a password that an admin hands out opens the console."""
CONFIRMERS = frozenset({Role.KOORDINATOR, Role.ADMIN})
"""Roles that stand for an import as its second person."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a user is called, where they work and where digests go."""

    full_name: str
    agency: str = ""
    email: str = ""


def add_user(database: Database, name: str, full_name: str, password: str, agency: str, now: datetime) -> UserRow:
    """Add a user without grants, by whoever runs the machine."""
    acceptable(password, name)
    return _add(database, (name, full_name, agency), password, now, by=None)


def invite_user(
    database: Database, name: str, full_name: str, agency: str, now: datetime, *, by: UserRow
) -> tuple[UserRow, str]:
    """Add a user without grants and return them with the one-time password to hand over."""
    must_administer(by)
    password = one_time_password()
    return _add(database, (name, full_name, agency), password, now, by=by), password


def grant(
    database: Database, name: str, role: Role, jurisdiction: str, now: datetime, *, by: UserRow | None = None
) -> UserRow:
    """Give a user a role over a region and return them; `by` is None when whoever runs the machine does it."""
    if by is not None:
        must_hold(by, jurisdiction, Role.ADMIN)
    given = Grant(role, region_code(jurisdiction))
    with database.write() as session:
        user = known(session, name)
        if by is not None and by.id == user.id:
            raise RefusedError("Tidak seorang pun memberi peran kepada dirinya sendiri", "mintalah admin lain")
        if users.grant_role(session, user.id, given, now, granted_by=by.id if by else None):
            note(session, by, "role_granted", user, _told(given), now)
        return known(session, name)


def revoke(
    database: Database, name: str, role: Role, jurisdiction: str, now: datetime, *, by: UserRow | None = None
) -> UserRow:
    """Take a role over a region back; RefusedError when nobody could administer any more."""
    if by is not None:
        must_hold(by, jurisdiction, Role.ADMIN)
    taken = Grant(role, jurisdiction)
    with database.write() as session:
        users.living_admins(session)  # whoever else takes one back waits here
        user = known(session, name)
        if not users.revoke_role(session, user.id, taken, now):
            raise UsageError(f"{name} tidak memegang peran itu di wilayah itu", "lihat daftar perannya")
        if role is Role.ADMIN and not users.living_admins(session):
            raise RefusedError("Ini admin terakhir", "beri peran admin kepada orang lain lebih dahulu")
        leases.release_all(session, user.id, now)  # an open page would keep a case that its user may decide no more
        note(session, by, "role_revoked", user, _told(taken), now)
        return known(session, name)


def switch_off(database: Database, name: str, now: datetime, *, by: UserRow | None = None) -> UserRow:
    """Switch a user off and end everything they are signed in with; RefusedError for oneself or the last admin."""
    with database.write() as session:
        admins = users.living_admins(session)
        user = _managed(session, name, by)
        if by is not None and by.id == user.id:
            raise RefusedError("Anda tidak dapat menonaktifkan diri sendiri", "mintalah admin lain")
        if admins == {user.id}:
            raise RefusedError("Ini admin terakhir", "beri peran admin kepada orang lain lebih dahulu")
        users.switch(session, user.id, on=False, now=now)
        _end_everything(session, user, now)
        note(session, by, "user_disabled", user, {}, now)
        return known(session, name)


def switch_on(database: Database, name: str, now: datetime, *, by: UserRow | None = None) -> UserRow:
    """Switch a user on again; what they were signed in with stays ended."""
    with database.write() as session:
        user = _managed(session, name, by)
        users.switch(session, user.id, on=True, now=now)
        users.forget_failures(session, user.id)
        note(session, by, "user_enabled", user, {}, now)
        return known(session, name)


def reset_password(database: Database, name: str, now: datetime, *, by: UserRow | None = None) -> str:
    """Return a one-time password to be changed at sign-in within days; sessions and tokens end, a lock is lifted."""
    password = one_time_password()
    hashed = hash_password(password)
    with database.write() as session:
        user = _managed(session, name, by)
        if by is not None and by.id == user.id:
            raise RefusedError("Kata sandi sendiri diganti di Akun saya", "buka Akun saya")
        users.set_password(session, user.id, hashed, until=now + ONE_TIME_LASTS)
        users.forget_failures(session, user.id)
        _end_everything(session, user, now)
        note(session, by, "password_reset", user, {}, now)
    return password


def reset_factor(database: Database, name: str, now: datetime, *, by: UserRow | None = None) -> bool:
    """Take a user's second factor away, for a lost phone, and end their sessions; False when there was none."""
    with database.write() as session:
        user = _managed(session, name, by)
        if by is not None and by.id == user.id:
            raise RefusedError("Langkah kedua sendiri diganti di Akun saya", "buka Akun saya, atau minta admin lain")
        had = factors.drop(session, user.id)
        users.forget_failures(session, user.id)
        sign_ins.end_all_sessions(session, user.id, now)
        note(session, by, "second_factor_reset", user, {}, now)
        return had


def end_sessions(database: Database, name: str, now: datetime, *, by: UserRow) -> int:
    """Sign a user out everywhere and return how many browsers that were."""
    with database.write() as session:
        user = _managed(session, name, by)
        ended = sign_ins.end_all_sessions(session, user.id, now)
        leases.release_all(session, user.id, now)
        note(session, by, "sessions_ended", user, {"count": ended}, now)
        return ended


def describe(database: Database, name: str, details: Details, now: datetime, *, by: UserRow) -> UserRow:
    """Change what a user is called, where they work and where digests go; by an administrator."""
    full_name, agency = one_line(details.full_name), one_line(details.agency)
    if not full_name or len(full_name) > 200 or len(agency) > 200:
        raise UsageError("Nama lengkap kosong atau terlalu panjang", "isi paling banyak 200 huruf")
    email = mail_address(details.email)
    with database.write() as session:
        user = _managed(session, name, by)
        users.set_details(session, user.id, full_name=full_name, agency=agency, email=email)
        note(session, by, "user_described", user, {}, now)
        return known(session, name)


def choose(database: Database, user: UserRow, chosen: Preferences, email: str, now: datetime) -> None:
    """Store what a user chose for themselves, and where their digests go."""
    address = mail_address(email)
    with database.write() as session:
        users.set_preferences(session, user.id, chosen)
        users.set_details(session, user.id, full_name=user.full_name, agency=user.agency, email=address)
        note(session, user, "preferences_changed", user, {}, now)


def list_users(database: Database) -> list[UserRow]:
    """Return all users with their grants, by name."""
    with database.read() as session:
        return users.list_users(session)


def may_manage(by: UserRow, user: UserRow) -> bool:
    """Whether an administrator may change a user: every grant of theirs must lie in a region of the administrator's."""
    regions = by.regions(Role.ADMIN) if by.active else ()
    return bool(regions) and all(
        any(region_covers(region, grant.jurisdiction) for region in regions) for grant in user.grants
    )


def must_administer(user: UserRow) -> None:
    """Raise RefusedError unless the user administers some region."""
    if not (user.active and Role.ADMIN in user.roles):
        raise RefusedError("Halaman ini untuk admin", "mintalah admin kantor Anda")


def confirm_batch(database: Database, batch_id: int, user: UserRow, now: datetime) -> None:
    """Confirm an imported register as its second person; RefusedError for whoever imported it or works elsewhere."""
    if not user.active or not user.roles & CONFIRMERS:
        raise RefusedError(f"{user.full_name or user.name} tidak berwenang mengonfirmasi impor", "perlu koordinator")
    with database.write() as session:
        if not confirms(session, batch_id, user):
            mend = "serahkan kepada koordinator atau admin yang mencakup semuanya"
            raise RefusedError("Impor ini memuat wilayah di luar wilayah Anda", mend)
        registers.confirm_batch(session, batch_id, user=user.name, now=now)
        subject = f"batch:{batch_id}"
        audit.record(session, actor=user.name, action="batch_confirmed", subject=subject, detail={}, now=now)


def confirms(session: Session, batch_id: int, user: UserRow) -> bool:
    """Whether an import concerns the places of a user who may confirm: all of its people, and contests around them."""
    regions = user.regions(*CONFIRMERS) if user.active else ()
    people, contests = register_lists.batch_places(session, batch_id)
    covered = all(any(region_covers(region, place) for region in regions) for place in people - {""})
    near = all(any(region_covers(r, place) or region_covers(place, r) for r in regions) for place in contests)
    return bool(regions) and covered and near


def one_time_password() -> str:
    """Return a password to read out once, 79 random bits in four groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def mail_address(text: str) -> str:
    """Return a mail address, or nothing; UsageError for anything that is not one address on one line."""
    address = text.strip()
    name, at, host = address.partition("@")
    plain = address.isascii() and address.isprintable() and not set(' ,;:<>()[]\\"') & set(address)
    if address and not (name and at and "." in host and "@" not in host and plain and len(address) <= 254):
        raise UsageError("Alamat surel tidak dapat dibaca", "tulis satu alamat, misalnya rina@bawaslu.example")
    return address


def region_code(text: str) -> str:
    """Return the code of a region, nothing for the whole country; UsageError for anything else."""
    if not _REGION.fullmatch(text):
        raise UsageError("Kode wilayah tidak dapat dibaca", "tulis seperti 99.01; kosong berarti seluruh negeri")
    return text


def one_line(text: str) -> str:
    """Return a text on one line, without characters that steer."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def known(session: Session, name: str) -> UserRow:
    """Return the user of a name; UsageError when there is none."""
    user = users.user_named(session, name)
    if user is None:
        raise UsageError(f"Pengguna {name} tidak ada", "lihat `pantau users list`")
    return user


def note(
    session: Session, by: UserRow | None, action: str, user: UserRow, detail: Mapping[str, object], now: datetime
) -> None:
    """Record in the audit log what was done to a user; nobody by name is whoever runs the machine."""
    actor = by.name if by else ""
    audit.record(session, actor=actor, action=action, subject=f"user:{user.id}", detail=detail, now=now)


def _add(
    database: Database, about: tuple[str, str, str], password: str, now: datetime, *, by: UserRow | None
) -> UserRow:
    name, full_name, agency = about
    if not name or len(name) > 64 or not name.isprintable() or name != name.strip() or set(name) & set("<>\"'\\"):
        raise UsageError("Nama masuk kosong, terlalu panjang, atau diapit spasi", "pakai nama pendek seperti rina")
    hashed = hash_password(password)
    with database.write() as session:
        user = users.add_user(session, name, one_line(full_name)[:200] or name, hashed, now, agency=one_line(agency))
        if by is not None:
            users.set_password(session, user.id, hashed, until=now + ONE_TIME_LASTS)
        note(session, by, "user_added", user, {"name": name}, now)
        return known(session, name)


def _managed(session: Session, name: str, by: UserRow | None) -> UserRow:
    user = known(session, name)
    if by is not None and not may_manage(by, user):
        raise RefusedError(f"{name} juga berperan di luar wilayah Anda", "mintalah admin wilayah yang lebih luas")
    return user


def _end_everything(session: Session, user: UserRow, now: datetime) -> None:
    sign_ins.end_all_sessions(session, user.id, now)
    tokens.revoke_all_tokens(session, user.id, now)
    leases.release_all(session, user.id, now)


def _told(grant: Grant) -> dict[str, object]:
    return {"role": grant.role.value, "jurisdiction": grant.jurisdiction}
