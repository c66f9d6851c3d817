"""Signing in through a provider: which of its accounts stands for which user, and by whose word."""

from __future__ import annotations

from datetime import datetime

from db import audit, identities, users
from db.connect import Database
from monitor.desk.people import known, mail_address, may_manage, note
from monitor.domain import Identity, ProviderClaims, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError

INVITATION = "surel:"
"""Stands before the address of whom an administrator invites; the first account that proves it takes the place."""
_UNKNOWN = "Akun penyedia ini belum ditautkan dengan pengguna yang aktif"


def link_identity(
    database: Database, name: str, issuer: str, account: str, now: datetime, *, by: UserRow | None = None
) -> None:
    """Let an account of the provider sign a user in: by its stable id there, or by a mail address that it checked.

    ConflictError when it stands for somebody already.
    """
    subject = account.strip()
    if "@" in subject:
        subject = INVITATION + mail_address(subject).casefold()
    if not subject or not subject.isprintable() or len(subject) > 255:
        raise UsageError("Akun penyedia kosong atau terlalu panjang", "isi id tetap (sub) atau alamat surelnya")
    with database.write() as session:
        user = known(session, name)
        _must_manage(by, user)
        if not identities.add(session, user.id, issuer, subject, now, by=by.name if by else ""):
            raise ConflictError("Akun penyedia itu sudah ditautkan", "lepas dahulu tautan yang lama")
        note(session, by, "identity_linked", user, {"issuer": issuer}, now)


def unlink_identity(database: Database, name: str, number: int, now: datetime, *, by: UserRow | None = None) -> None:
    """Undo a link; UsageError when the user has none of that number."""
    with database.write() as session:
        user = known(session, name)
        _must_manage(by, user)
        if not identities.remove(session, number, user.id):
            raise UsageError("Tautan itu sudah tidak ada", "muat ulang halaman")
        note(session, by, "identity_unlinked", user, {}, now)


def identities_of(database: Database, user: UserRow) -> list[Identity]:
    """Return the provider's accounts that stand for a user."""
    with database.read() as session:
        return identities.of_user(session, user.id)


def provider_user(database: Database, claims: ProviderClaims, now: datetime) -> UserRow:
    """Return the active user for whom the provider's account stands; RefusedError when there is none.

    The link is by issuer and stable id. An invitation by mail address is taken once, by the first account whose address
    the provider says it checked, and is the account's own from then on.
    """
    refused = RefusedError(_UNKNOWN, f"beritahukan kepada admin: akun {claims.subject[:255]}")
    if claims.subject.casefold().startswith(INVITATION):
        raise refused
    with database.write() as session:
        found = identities.find(session, claims.issuer, claims.subject)
        invited = INVITATION + claims.email.casefold()
        if found is None and claims.email:
            found = identities.find(session, claims.issuer, invited)
            if found is not None and not identities.bind(session, found.id, invited, claims.subject, now):
                found = None  # another account took the invitation a moment ago
        user = users.user_by_id(session, found.user_id) if found else None
        if user is not None and user.active:
            return user
        subject = f"user:{user.id}" if user else "user:unknown"
        detail = {"issuer": claims.issuer}
        audit.record(session, actor="", action="sign_in_failed", subject=subject, detail=detail, now=now)
    raise refused


def _must_manage(by: UserRow | None, user: UserRow) -> None:
    if by is None:
        return
    if by.id == user.id:
        raise RefusedError("Akun penyedia sendiri ditautkan oleh admin lain", "mintalah admin lain")
    if not may_manage(by, user):
        raise RefusedError(f"{user.name} di luar wilayah Anda", "mintalah admin wilayah yang lebih luas")
