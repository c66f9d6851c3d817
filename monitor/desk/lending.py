"""Keys and lent tokens at the desk: who may enter them, for which account, and who takes them back."""

from __future__ import annotations

from datetime import datetime

from db import accounts, credentials
from db.connect import Database
from monitor.desk.access import must_hold
from monitor.domain import CredentialEntry, CredentialRow, Role, UserRow
from monitor.errors import UsageError
from monitor.vault import Vault

KEEPERS = (Role.ADMIN, Role.KOORDINATOR)
_OWNER = "owner"


def add_credential(
    database: Database, vault: Vault, entry: CredentialEntry, secret: str, user: UserRow, now: datetime
) -> int:
    """Seal a secret for its slot and return its number; who entered it is audited.

    UsageError for an end in the past, an empty purpose, or an owner who is not in the register.
    """
    if not entry.purpose.strip():
        raise UsageError("Tujuan kredensial wajib ditulis", 'tulis --purpose "..."')
    if entry.expires_at <= now:
        raise UsageError("Masa berlaku kredensial sudah lewat", "tulis --expires dengan tanggal yang akan datang")
    kind, _, owner = entry.slot.partition(":")
    with database.write() as session:
        account_id = None
        if kind == _OWNER:
            register = accounts.load_register(session)
            known = {a.ref.user_id: a.account_id for a in register if a.ref.platform == entry.source}
            if owner not in known:
                raise UsageError(
                    f"Akun {owner or '(kosong)'} tidak ada dalam daftar {entry.source}",
                    "tulis owner:ID dengan id tetap akun terdaftar; lihat `pantau roster list`",
                )
            account_id = known[owner]
        sealed = credentials.seal(vault, entry, secret)
        return credentials.add(session, sealed, entry, account_id=account_id, by=user.name, now=now)


def revoke_credential(database: Database, number: int, user: UserRow, now: datetime) -> None:
    """Take a credential back and forget its secret; UsageError when there is none to take back."""
    with database.write() as session:
        if not credentials.revoke(session, number, by=user.name, now=now):
            raise UsageError(
                f"Kredensial {number} tidak ada atau sudah dicabut", "lihat `pantau sources credential list`"
            )


def may_keep(user: UserRow, office: str) -> None:
    """Raise RefusedError unless the user may enter and take back the keys of the office of this place."""
    must_hold(user, office, *KEEPERS)


def list_credentials(database: Database, source: str | None = None) -> tuple[CredentialRow, ...]:
    """Return what is stored, without any secret."""
    with database.read() as session:
        return credentials.credentials(session, source)
