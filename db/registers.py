"""The register of watched people; accounts and who owns them are in `db.accounts`, under these same names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import search
from db.accounts import (
    ListedAccount,
    account_owners,
    confirm_batch,
    has_items,
    list_accounts,
    load_register,
    note_handle,
    resolve_account,
    store_accounts,
    unresolved_accounts,
)
from db.connect import Found, Session
from db.counts import RegisterCounts
from db.dirty import mark_people
from db.identifiers import blind_key, masked, person_ids
from db.tables import asn, jurisdiction, register_change, roster_batch
from db.upsert import BATCH, chunks, insert_all, insert_missing, insert_one, rows_by, update_rows
from monitor.domain import Employment, IdentifierKind, Person
from monitor.vault import Vault

__all__ = [
    "ListedAccount",
    "ListedPerson",
    "RegisterCounts",
    "account_owners",
    "confirm_batch",
    "has_items",
    "list_accounts",
    "list_people",
    "load_register",
    "note_handle",
    "open_batch",
    "person_ids",
    "resolve_account",
    "store_accounts",
    "store_people",
    "unresolved_accounts",
]

_STATED = tuple(f.name for f in fields(Person) if f.name not in ("identifier_kind", "identifier"))
_JUDGED = ("employment", "jurisdiction")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person as lists show them; `person.identifier` is masked unless it was asked for in full."""

    id: int
    person: Person
    identifier_masked: str


def open_batch(  # noqa: PLR0913 - the columns of one row, all by name
    session: Session, *, kind: str, file_name: str, sha256: str, stored_as: str, user: str, now: datetime
) -> int:
    """Record an import of `kind` asn, akun or kontes; return its number."""
    row = {"kind": kind, "file_name": file_name, "sha256": sha256, "stored_as": stored_as}
    return insert_one(session, roster_batch, imported_by=user, imported_at=now, **row)


def store_people(session: Session, vault: Vault, people: Iterable[Person], batch: int, now: datetime) -> RegisterCounts:
    """Write the people of one import; those who are in the register already are changed only where they differ.

    A change of employment or jurisdiction marks the person's stored acts to be judged again.
    """
    counts = RegisterCounts()
    for part in chunks(people):
        counts += _store_part(session, vault, part, batch, now)
    search.refresh(session, now)
    return counts


def list_people(
    session: Session, vault: Vault, *, jurisdiction: str | None = None, unmasked: bool = False
) -> tuple[ListedPerson, ...]:
    """Return the register, of one region and everything below it where one is given, by name."""
    statement = sa.select(asn).order_by(asn.c.name, asn.c.id)
    if jurisdiction:
        below = asn.c.jurisdiction.startswith(jurisdiction + ".", autoescape=True)
        statement = statement.where(sa.or_(asn.c.jurisdiction == jurisdiction, below))
    return tuple(_listed(row, vault if unmasked else None) for row in session.execute(statement))


def any_sealed(session: Session) -> bytes | None:
    """Return one sealed identifier, by which a key proves to be the right one; None while nobody is registered."""
    kept = sa.func.length(asn.c.identifier_sealed) > 0
    sealed = session.execute(sa.select(asn.c.identifier_sealed).where(kept).limit(1)).scalar()
    return bytes(sealed) if sealed is not None else None


def _store_part(session: Session, vault: Vault, people: list[Person], batch: int, now: datetime) -> RegisterCounts:
    wanted = {blind_key(vault, p.identifier_kind, p.identifier): p for p in people}
    _note_places(session, {p.jurisdiction for p in people})
    columns = (asn.c.id, asn.c.identifier_blind, *(asn.c[name] for name in _STATED))
    known = {row.identifier_blind: row for row in rows_by(session, columns, asn.c.identifier_blind, wanted)}
    new = [_new_row(vault, blind, wanted[blind], batch, now) for blind in sorted(wanted.keys() - known.keys())]
    insert_all(session, asn, new)
    changed, rejudged, remarked = [], [], []
    for blind, row in sorted(known.items()):
        stated = {name: getattr(wanted[blind], name) for name in _STATED}
        if all(stated[name] == getattr(row, name) for name in _STATED):
            continue
        changed.append({"id": row.id, **stated, "batch_id": batch, "changed_at": now})
        if any(stated[name] != getattr(row, name) for name in _JUDGED):
            rejudged.append(row.id)
        elif stated["note"] != row.note:  # a remark stands beside hits; it asks for nothing to be read again
            remarked.append(row.id)
    update_rows(session, asn, changed)
    search.forget_people(session, [row["id"] for row in changed])
    mark_people(session, [*rejudged, *remarked])
    changes = [{"kind": "person", "reason": "changed", "asn_id": asn_id, "created_at": now} for asn_id in rejudged]
    insert_all(session, register_change, changes)
    return RegisterCounts(new=len(new), changed=len(changed), same=len(known) - len(changed))


def _new_row(vault: Vault, blind: str, person: Person, batch: int, now: datetime) -> dict[str, Any]:
    return {
        "identifier_kind": person.identifier_kind,
        "identifier_sealed": vault.seal(person.identifier.encode()),
        "identifier_blind": blind,
        "identifier_masked": masked(person.identifier),
        **{name: getattr(person, name) for name in _STATED},
        "batch_id": batch,
        "created_at": now,
        "changed_at": now,
    }


def _note_places(session: Session, codes: set[str]) -> None:
    """Make rows for the places and the places around them; names come later, the code stands for now."""
    steps = {code.rsplit(".", n)[0] for code in codes if code for n in range(code.count(".") + 1)}
    rows = [{"code": c, "parent_code": c.rpartition(".")[0] or None, "name": c, "timezone": None} for c in steps]
    for part in chunks(rows, BATCH):
        insert_missing(session, jurisdiction, part, ["code"])


def _listed(row: Found, vault: Vault | None) -> ListedPerson:
    person = Person(
        identifier_kind=IdentifierKind(row.identifier_kind),
        identifier=vault.unseal(row.identifier_sealed).decode() if vault else row.identifier_masked,
        name=row.name,
        employment=Employment(row.employment),
        agency=row.agency,
        position=row.position,
        jurisdiction=row.jurisdiction,
        note=row.note,
    )
    return ListedPerson(row.id, person, row.identifier_masked)


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """One imported register file, and who confirmed it."""

    id: int
    kind: str
    file_name: str
    imported_by: str
    imported_at: datetime
    confirmed_by: str | None


def list_batches(session: Session) -> tuple[ListedBatch, ...]:
    """Return the imports, the newest first."""
    columns = ("id", "kind", "file_name", "imported_by", "imported_at", "confirmed_by")
    query = sa.select(*(roster_batch.c[name] for name in columns)).order_by(roster_batch.c.id.desc())
    return tuple(ListedBatch(*row) for row in session.execute(query))
