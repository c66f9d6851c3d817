"""Registered accounts: who owns them, their stable ids and their handles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.account_rows import account_rows
from db.base import Utc
from db.connect import Found, Session
from db.counts import RegisterCounts
from db.dirty import mark_accounts
from db.identifiers import PersonKey, masked, person_ids, without_number
from db.merging import merge_accounts
from db.register import load_register, registered
from db.rekeying import rekey_acts
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    candidate_account,
    interaction,
    item,
    neutral_account,
    register_change,
    roster_batch,
)
from db.upsert import chunks, insert_all, rows_by, update_rows
from monitor.domain import AccountKind, AccountRef, AttributionStatus, PersonAccount, RegisteredAccount
from monitor.errors import ConflictError
from monitor.vault import Vault

__all__ = [
    "ListedAccount",
    "account_owners",
    "confirm_batch",
    "has_items",
    "list_accounts",
    "load_register",
    "note_handle",
    "resolve_account",
    "store_accounts",
    "unresolved_accounts",
]

Span = tuple[date | None, date | None]
"""The days in which an account is somebody's, the last one included."""

LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
_STATED = ("status", "method", "evidence", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account as lists show it; the person's fields are empty for accounts of pairs and neutral bodies."""

    account: RegisteredAccount
    person: str = ""
    identifier_masked: str = ""


def store_accounts(
    session: Session, vault: Vault, accounts: Iterable[PersonAccount], batch: int, now: datetime
) -> RegisterCounts:
    """Write the attributions of one import and queue the backfill that new or redated ones ask for.

    ConflictError when a person is not in the register, or an account is another person's at the same time.
    """
    counts = RegisterCounts()
    for part in chunks(replace(entry, account=without_number(vault, entry.account)) for entry in accounts):
        counts += _store_part(session, vault, part, batch, now)
    return counts


def account_owners(
    session: Session, refs: Iterable[AccountRef]
) -> dict[tuple[str, str], tuple[AccountKind, int | None]]:
    """Return what the register knows of these accounts, by platform and the id asked for; a person's row id for ASN.

    A person's account wins over a candidate's, and that over a neutral body's.
    """
    owners: dict[tuple[str, str], tuple[AccountKind, int | None]] = {}
    for part in chunks(refs):
        known = account_rows(session, part)
        ids = list(known.values())
        kinds: dict[int, tuple[AccountKind, int | None]] = {}
        for table in (neutral_account, candidate_account):
            rows = rows_by(session, (table.c.account_id, table.c.kind), table.c.account_id, ids)
            kinds |= {row.account_id: (row.kind, None) for row in rows}
        columns = (attribution.c.account_id, attribution.c.asn_id)
        rows = rows_by(session, columns, attribution.c.account_id, ids, attribution.c.status.in_(LIVE))
        kinds |= {row.account_id: (AccountKind.ASN, row.asn_id) for row in rows}
        owners |= {key: kinds[account_id] for key, account_id in known.items() if account_id in kinds}
    return owners


def unresolved_accounts(session: Session, platform: str) -> tuple[RegisteredAccount, ...]:
    """Return the platform's accounts of which only a handle is known, each once."""
    waiting = registered(session, account.c.platform == platform, account.c.resolved_at.is_(None))
    return tuple({entry.account_id: entry for entry in waiting}.values())


def unnamed_accounts(session: Session, platform: str) -> tuple[RegisteredAccount, ...]:
    """Return the platform's accounts of which only a stable id is known, each once."""
    on_platform = (account.c.platform == platform, account.c.resolved_at.is_not(None), account.c.handle.is_(None))
    return tuple({entry.account_id: entry for entry in registered(session, *on_platform)}.values())


def resolve_account(session: Session, account_id: int, ref: AccountRef, now: datetime) -> int:
    """Set the stable id of an account, and give its acts their keys under it.

    Return its row, which is another one when that id had a row already.
    """
    wanted = sa.select(account.c.id).where(
        account.c.platform == ref.platform, account.c.platform_user_id == ref.user_id
    )
    found = session.execute(wanted).scalar()
    if found is None:
        statement = sa.update(account).where(account.c.id == account_id)
        session.execute(statement.values(platform_user_id=ref.user_id, resolved_at=now))
        kept = account_id
    else:
        kept = int(found)
        if kept != account_id:
            merge_accounts(session, account_id, kept)
    rekey_acts(session, kept, ref.user_id)
    if ref.handle:
        note_handle(session, kept, ref.handle, now)
    mark_accounts(session, [kept])
    return kept


def note_handle(session: Session, account_id: int, handle: str, now: datetime) -> None:
    """Record that an account was seen under a handle; the one seen last is its label."""
    note_handles(session, [(account_id, handle, now)])


def note_handles(session: Session, seen: Iterable[tuple[int, str, datetime]]) -> None:
    """Record handles of many accounts at once; the order of calls does not matter."""
    spans: dict[tuple[int, str], tuple[datetime, datetime]] = {}
    for account_id, handle, at in seen:
        first, last = spans.get((account_id, handle), (at, at))
        spans[account_id, handle] = (min(first, at), max(last, at))
    if not spans:
        return
    ids = {account_id for account_id, _ in spans}
    known = {(r.account_id, r.handle): r for r in rows_by(session, (account_handle,), account_handle.c.account_id, ids)}
    for key, (first, last) in spans.items():
        row = known.get(key)
        values = {"first_seen_at": first, "last_seen_at": last}
        if row is None:
            session.execute(account_handle.insert().values(account_id=key[0], handle=key[1], **values))
        elif first < row.first_seen_at or last > row.last_seen_at:
            values = {"first_seen_at": min(first, row.first_seen_at), "last_seen_at": max(last, row.last_seen_at)}
            where = (account_handle.c.account_id == key[0]) & (account_handle.c.handle == key[1])
            session.execute(sa.update(account_handle).where(where).values(**values))
    _relabel(session, ids)


def has_items(session: Session, account_id: int, since: datetime | None = None) -> bool:
    """Whether anything is stored that the account published, at all or since a time."""
    mine = item.c.author_account_id == account_id
    if since is not None:
        mine &= sa.func.coalesce(item.c.published_at, item.c.published_hi) >= sa.bindparam("since", since, Utc)
    return session.execute(sa.select(item.c.id).where(mine).limit(1)).first() is not None


def list_accounts(session: Session) -> tuple[ListedAccount, ...]:
    """Return all registered accounts with the people they are said to be."""
    entries = load_register(session)
    ids = {entry.person_id for entry in entries if entry.person_id is not None}
    people = {row.id: row for row in rows_by(session, (asn.c.id, asn.c.name, asn.c.identifier_masked), asn.c.id, ids)}
    listed = []
    for entry in entries:
        row = people.get(entry.person_id) if entry.person_id is not None else None
        listed.append(ListedAccount(entry, row.name, row.identifier_masked) if row else ListedAccount(entry))
    return tuple(listed)


def confirm_batch(session: Session, batch: int, *, user: str, now: datetime) -> None:
    """Record the second user's confirmation of an import; ConflictError when it is the same one or was given before."""
    row = session.execute(sa.select(roster_batch).where(roster_batch.c.id == batch)).one_or_none()
    if row is None or row.confirmed_by is not None:
        raise ConflictError(f"Impor nomor {batch} tidak menunggu pengesahan", "lihat `pantau roster list`")
    if row.imported_by == user:
        raise ConflictError("Impor harus disahkan orang lain, bukan pengimpornya", "minta pengguna kedua")
    where = roster_batch.c.id == batch
    session.execute(sa.update(roster_batch).where(where).values(confirmed_by=user, confirmed_at=now))
    _confirm_candidates(session, batch, user, now)


def _confirm_candidates(session: Session, batch: int, user: str, now: datetime) -> None:
    """Let the confirmed import's personal and volunteer accounts be scanned."""
    where = (candidate_account.c.batch_id == batch) & candidate_account.c.confirmed_by.is_(None)
    touched = session.execute(sa.select(candidate_account.c.account_id).where(where)).scalars().all()
    session.execute(sa.update(candidate_account).where(where).values(confirmed_by=user, confirmed_at=now))
    changes = [
        {"kind": "candidate_account", "reason": "verified", "account_id": account_id, "created_at": now}
        for account_id in sorted(set(touched))
    ]
    insert_all(session, register_change, changes)
    mark_accounts(session, touched)


def _store_part(
    session: Session, vault: Vault, accounts: list[PersonAccount], batch: int, now: datetime
) -> RegisterCounts:
    people = _people(session, vault, accounts)
    ids = account_rows(session, [entry.account for entry in accounts], now)
    user = session.execute(sa.select(roster_batch.c.imported_by).where(roster_batch.c.id == batch)).scalar_one()
    known: dict[int, list[Found]] = {}
    for row in rows_by(session, (attribution,), attribution.c.account_id, ids.values(), attribution.c.status.in_(LIVE)):
        known.setdefault(row.account_id, []).append(row)
    _refuse_overlaps([(entry, ids[_key(entry)], people[_person(entry)]) for entry in accounts], known)
    new: list[dict[str, Any]] = []
    changed: list[tuple[Found, dict[str, Any]]] = []
    for entry in accounts:
        account_id = ids[_key(entry)]
        asn_id = people[_person(entry)]
        stated = {name: getattr(entry, name) for name in _STATED}
        old = next((row for row in known.get(account_id, []) if row.asn_id == asn_id), None)
        if old is None:
            fresh = {"account_id": account_id, "asn_id": asn_id, **stated, "batch_id": batch}
            new.append(fresh | {"proposed_by": user, "proposed_at": now})
        elif old.verified_by is None and any(stated[name] != getattr(old, name) for name in _STATED):
            changed.append((old, stated))
    _write(session, new, changed, batch, now)
    return RegisterCounts(len(new), len(changed), len(accounts) - len(new) - len(changed))


def _write(
    session: Session,
    new: list[dict[str, Any]],
    changed: list[tuple[Found, dict[str, Any]]],
    batch: int,
    now: datetime,
) -> None:
    insert_all(session, attribution, new)
    update_rows(session, attribution, [{"id": row.id, **stated, "batch_id": batch} for row, stated in changed])
    changes = [{"reason": "added", "account_id": row["account_id"], "asn_id": row["asn_id"]} for row in new]
    for row, stated in changed:
        dated = (row.valid_from, row.valid_to) != (stated["valid_from"], stated["valid_to"])
        verified = row.status is not stated["status"]
        reason = "redated" if dated else "verified" if verified else "changed"
        changes.append({"reason": reason, "account_id": row.account_id, "asn_id": row.asn_id})
    insert_all(session, register_change, [{"kind": "account", **change, "created_at": now} for change in changes])
    mark_accounts(session, [change["account_id"] for change in changes])


def _people(session: Session, vault: Vault, accounts: list[PersonAccount]) -> dict[PersonKey, int]:
    people = person_ids(session, vault, {(a.identifier_kind, a.identifier) for a in accounts})
    for entry in accounts:
        if (entry.identifier_kind, entry.identifier) not in people:
            raise ConflictError(
                f"Orang {masked(entry.identifier)} tidak ada dalam daftar ASN", "impor daftar ASN dahulu"
            )
    return people


def _refuse_overlaps(stated: list[tuple[PersonAccount, int, int]], known: dict[int, list[Found]]) -> None:
    """Refuse an account that two people would have at one time, once all that is stated here has come to hold."""
    spans: dict[int, dict[int, Span]] = {
        account_id: {row.asn_id: (row.valid_from, row.valid_to) for row in rows} for account_id, rows in known.items()
    }
    fixed = {(row.account_id, row.asn_id) for rows in known.values() for row in rows if row.verified_by is not None}
    for entry, account_id, asn_id in stated:
        if (account_id, asn_id) not in fixed:
            spans.setdefault(account_id, {})[asn_id] = (entry.valid_from, entry.valid_to)
    for entry, account_id, asn_id in stated:
        mine = spans[account_id][asn_id]
        if any(other != asn_id and _meet(mine, span) for other, span in spans[account_id].items()):
            name = entry.account.handle or entry.account.user_id
            raise ConflictError(
                f"Akun {name} ({entry.account.platform}) sudah tercatat milik orang lain pada masa yang sama",
                "tinjau atribusi akun itu dahulu",
            )


def _meet(one: Span, other: Span) -> bool:
    before = one[1] is not None and other[0] is not None and one[1] < other[0]
    after = other[1] is not None and one[0] is not None and other[1] < one[0]
    return not before and not after


def _key(entry: PersonAccount) -> tuple[str, str]:
    return entry.account.platform, entry.account.user_id


def _person(entry: PersonAccount) -> PersonKey:
    return entry.identifier_kind, entry.identifier


def _relabel(session: Session, ids: Iterable[int]) -> None:
    latest: dict[int, tuple[datetime, str]] = {}
    for row in rows_by(session, (account_handle,), account_handle.c.account_id, ids):
        latest[row.account_id] = max(latest.get(row.account_id, (row.last_seen_at, "")), (row.last_seen_at, row.handle))
    known = {row.id: row.handle for row in rows_by(session, (account.c.id, account.c.handle), account.c.id, latest)}
    stale = [
        {"id": account_id, "handle": handle, "handle_key": handle.lower()}
        for account_id, (_, handle) in sorted(latest.items())
        if known[account_id] != handle
    ]
    update_rows(session, account, stale)
    for part in chunks(row["id"] for row in stale):
        search.forget_acts(session, interaction.c.actor_account_id.in_(part))
