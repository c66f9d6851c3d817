"""What an administrator sees of users: those of their own regions, with devices, tokens and provider accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import identities, sign_ins, tokens, user_lists, users
from db.connect import Database
from db.user_lists import UserFilter
from monitor.desk.people import may_manage, must_administer
from monitor.domain import Device, Identity, Role, TokenRow, UserRow
from monitor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Dossier:
    """One user as an administrator sees them; `manageable` says whether all their grants lie in their regions."""

    user: UserRow
    manageable: bool
    locked: bool
    devices: tuple[Device, ...]
    tokens: tuple[TokenRow, ...]
    identities: tuple[Identity, ...]


def users_of(database: Database, by: UserRow, wanted: UserFilter, after: str = "") -> tuple[list[UserRow], str]:
    """Return a page of the users whom an administrator sees, and the name to go on after."""
    must_administer(by)
    with database.read() as session:
        return user_lists.page(session, by.regions(Role.ADMIN), wanted, after=after)


def dossier(database: Database, by: UserRow, user_id: int, now: datetime, *, idle: timedelta | None = None) -> Dossier:
    """Return what an administrator sees of one user; UsageError, in the same words, when nobody or elsewhere."""
    must_administer(by)
    with database.read() as session:
        user = user_lists.seen(session, by.regions(Role.ADMIN), user_id)
        if user is None:
            raise UsageError("Pengguna itu tidak ada dalam wilayah Anda", "lihat daftar pengguna")
        return Dossier(
            user=user,
            manageable=may_manage(by, user),
            locked=users.is_locked(session, user.id, now),
            devices=tuple(sign_ins.devices_of(session, user.id, now, idle)),
            tokens=tuple(tokens.list_tokens(session, user.id)),
            identities=tuple(identities.of_user(session, user.id)),
        )
