"""Manifests of cases and their timestamps: the rows that chain them, and what in the chains does not hold."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import audit
from db.base import as_they_lie
from db.chain import link_hash, text_hash
from db.connect import Found, Session
from db.contents import chunked
from db.tables import (
    audit_detail,
    audit_log,
    evidence_file,
    evidence_manifest,
    retention_event,
    review_case,
    review_event,
    timestamp_token,
)
from db.upsert import insert_all, insert_missing, rows_by
from monitor.domain import CaseState, EventKind
from monitor.domain.manifests import FIRST, ManifestRow, Stamp

SEALED, STAMPED = "evidence_sealed", "evidence_stamped"
"""What the audit log calls the making of manifests, and a timestamp."""

_LOCK = 0x70616E74_0003
_BOUND = (
    CaseState.DIUSULKAN, CaseState.DISETUJUI, CaseState.TERDAFTAR, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT,
)  # fmt: skip
_BODY = ("case_id", "sequence", "sha256", "evidence_hash", "mark", "created_at")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest manifest of a case, as the next one must know it; number 0 and zeros where there is none."""

    number: int = 0
    sha256: str = FIRST
    hash: str = FIRST
    mark: str = ""
    evidence_hash: str = ""


@dataclass(frozen=True, slots=True)
class NewManifest:
    """A manifest whose file lies in the store: `after` is the head that it was made to follow."""

    case_id: int
    after: Head
    sha256: str
    size: int
    evidence_hash: str
    mark: str


@dataclass(frozen=True, slots=True)
class Resting:
    """A decision that names the manifest it rests on."""

    number: int
    to: CaseState
    actor: str
    at: datetime


def heads(session: Session, case_ids: Collection[int] | None = None) -> dict[int, Head]:
    """Return the newest manifest of each case, of all cases when none is named; cases without one are left out."""
    newest = sa.select(sa.func.max(evidence_manifest.c.id).label("id")).group_by(evidence_manifest.c.case_id)
    names = ("case_id", "sequence", "sha256", "hash", "mark", "evidence_hash")
    columns = [evidence_manifest.c[name] for name in names]
    found: dict[int, Head] = {}
    for ids in chunked(sorted(case_ids)) if case_ids is not None else [None]:
        which = newest if ids is None else newest.where(evidence_manifest.c.case_id.in_(ids))
        latest = which.subquery()
        for row in session.execute(sa.select(*columns).join(latest, latest.c.id == evidence_manifest.c.id)):
            found[row.case_id] = Head(row.sequence, row.sha256, row.hash, row.mark, row.evidence_hash)
    return found


def append(session: Session, made: Sequence[NewManifest], actor: str, now: datetime) -> int:
    """Write manifests with one audit row that holds a hash over them all; return how many.

    A manifest whose case has got another one in between is left out: it would not follow that.
    """
    _lock(session)
    stand = heads(session, [one.case_id for one in made])
    fits = [one for one in made if stand.get(one.case_id, Head()).hash == one.after.hash]
    if not fits:
        return 0
    rows = [_row(one, now) for one in sorted(fits, key=lambda one: one.case_id)]
    subject = f"case:{rows[0]['case_id']}" if len(rows) == 1 else "manifests"
    detail = {"manifests": len(rows), "root": _root(row["hash"] for row in rows)}
    number = audit.record(session, actor=actor, action=SEALED, subject=subject, detail=detail, now=now)
    files = [{"sha256": one.sha256, "size": one.size, "origin": "program"} for one in fits]
    insert_missing(session, evidence_file, files, ["sha256"])
    return insert_all(session, evidence_manifest, [row | {"audit_id": number} for row in rows])


def manifests(session: Session, case_id: int) -> tuple[ManifestRow, ...]:
    """Return the manifests of a case with their timestamps, the oldest first."""
    query = sa.select(evidence_manifest).where(evidence_manifest.c.case_id == case_id)
    rows = session.execute(query.order_by(evidence_manifest.c.sequence)).all()
    stamps = _stamps(session, [row.id for row in rows])
    return tuple(_manifest(row, stamps.get(row.id, ())) for row in rows)


def bound(session: Session, case_id: int) -> dict[str, object]:
    """Return what an event says of the evidence it rests on: number and hash of the newest manifest, else nothing."""
    head = heads(session, [case_id]).get(case_id)
    return {"manifest": {"number": head.number, "sha256": head.sha256}} if head is not None else {}


def resting(session: Session, case_id: int) -> tuple[Resting, ...]:
    """Return the decisions of a case that name a manifest, the oldest first, those taken back too."""
    query = (
        sa.select(review_event.c.to_state, review_event.c.detail, review_event.c.at, review_event.c.actor)
        .where(review_event.c.case_id == case_id, review_event.c.kind == EventKind.DECIDED)
        .where(review_event.c.detail.contains('"manifest":'))
        .order_by(review_event.c.case_version)
    )
    return tuple(
        Resting(json.loads(row.detail)["manifest"]["number"], row.to_state, row.actor, row.at)
        for row in session.execute(query)
    )


def every(session: Session) -> Iterator[ManifestRow]:
    """Yield all manifests without timestamps, by case and number, as they lie in the database."""
    query = sa.select(*as_they_lie(evidence_manifest)).order_by(
        evidence_manifest.c.case_id, evidence_manifest.c.sequence
    )
    for row in session.execute(query.execution_options(yield_per=2000)):
        yield _manifest(row, ())


def broken_rows(session: Session) -> list[tuple[int, int, str]]:
    """Return case, number and fault of every manifest whose row does not fit its hash or the one before it.

    Faults are `chain`, `hash`, and `root` for an audit row (case 0) whose manifests are not those it was written with.
    """
    faults: list[tuple[int, int, str]] = []
    made: dict[int, list[tuple[int, str]]] = defaultdict(list)
    case, number, prev = 0, 0, FIRST
    query = sa.select(*as_they_lie(evidence_manifest)).order_by(
        evidence_manifest.c.case_id, evidence_manifest.c.sequence
    )
    for row in session.execute(query.execution_options(yield_per=2000)):
        if row.case_id != case:
            case, number, prev = row.case_id, 0, FIRST
        if row.sequence != number + 1 or row.prev_hash != prev:
            faults.append((row.case_id, row.sequence, "chain"))
        if link_hash(row.prev_hash, {name: getattr(row, name) for name in _BODY}) != row.hash:
            faults.append((row.case_id, row.sequence, "hash"))
        number, prev = row.sequence, row.hash
        made[row.audit_id].append((row.case_id, row.hash))
    for audit_id, said in _recorded(session, SEALED):
        rows = sorted(made.pop(audit_id, []))
        if said != {"manifests": len(rows), "root": _root(one for _, one in rows)}:
            faults.append((0, audit_id, "root"))
    unrecorded = made.keys() - _emptied(session, SEALED)
    return faults + [(0, audit_id, "root") for audit_id in sorted(unrecorded)]


def unstamped(session: Session, authority: str, limit: int) -> list[ManifestRow]:
    """Return the newest manifest of each case that an authority has not stamped, those before a decision first.

    Older ones need no stamp of their own: the newest holds their hash.
    """
    query = (
        sa.select(evidence_manifest)
        .join(review_case, review_case.c.id == evidence_manifest.c.case_id)
        .where(_waits(authority))
        .order_by(sa.case((review_case.c.state.in_(_BOUND), 0), else_=1), evidence_manifest.c.id)
        .limit(limit)
    )
    return [_manifest(row, ()) for row in session.execute(query)]


def count_unstamped(session: Session, authority: str) -> tuple[int, datetime | None]:
    """Return how many manifests wait for an authority's stamp, and when the oldest of them was made."""
    query = sa.select(sa.func.count(), sa.func.min(evidence_manifest.c.created_at)).where(_waits(authority))
    number, oldest = session.execute(query).one()
    return int(number), oldest


def keep_stamp(session: Session, row: ManifestRow, stamp: Stamp, now: datetime) -> bool:
    """Keep an authority's answer with its audit row; False when that authority's answer is there already."""
    values = {
        "manifest_id": row.id, "authority": stamp.authority, "token": stamp.answer, "stamped_at": stamp.stamped_at,
        "created_at": now,
    }  # fmt: skip
    if not insert_missing(session, timestamp_token, [values], ["manifest_id", "authority"]):
        return False
    detail = {
        "case": row.case_id, "manifest": row.number, "sha256": row.sha256, "authority": stamp.authority,
        "stamped_at": stamp.stamped_at.isoformat(), "token": _digest(stamp.answer),
    }  # fmt: skip
    subject = f"case:{row.case_id}"
    audit.record(session, actor="program", action=STAMPED, subject=subject, detail=detail, now=now)
    return True


def broken_stamps(session: Session) -> list[tuple[int, int, str]]:
    """Return case, manifest number and authority of every timestamp that is not as the audit log recorded it.

    One whose audit row is there and that is not itself is named too.
    """
    query = sa.select(
        evidence_manifest.c.case_id, evidence_manifest.c.sequence, *as_they_lie(timestamp_token)
    ).join(evidence_manifest, evidence_manifest.c.id == timestamp_token.c.manifest_id)  # fmt: skip
    found = {(row.case_id, row.sequence, row.authority): _as_recorded(row) for row in session.execute(query)}
    told: dict[tuple[int, int, str], tuple[str, str]] = {}
    for _, said in _recorded(session, STAMPED):
        try:
            key = said["case"], said["manifest"], said["authority"]
            told[key] = said["token"], said["stamped_at"]
        except (KeyError, TypeError):  # the audit chain names the row, and below the stamp that it no longer tells of
            continue
    emptied = bool(_emptied(session, STAMPED))
    wrong = {key for key in told if found.get(key) != told[key]}
    return sorted(wrong if emptied else wrong | (found.keys() - told.keys()))


def _as_recorded(row: Found) -> tuple[str, str]:
    """Return what the audit log says of a stamp: hash and time."""
    at = row.stamped_at
    return _digest(row.token), at.isoformat() if isinstance(at, datetime) else str(at)


def _waits(authority: str) -> sa.ColumnElement[bool]:
    """Return the condition that a manifest is its case's newest, has no stamp of an authority, and was not purged."""
    newest = sa.select(sa.func.max(evidence_manifest.c.id)).group_by(evidence_manifest.c.case_id)
    stamped = sa.exists().where(
        timestamp_token.c.manifest_id == evidence_manifest.c.id, timestamp_token.c.authority == authority
    )
    purged = sa.exists().where(
        retention_event.c.subject_id == evidence_manifest.c.sha256,
        retention_event.c.subject_kind == "evidence_file",
        retention_event.c.action == "purged",
    )
    return sa.and_(evidence_manifest.c.id.in_(newest), ~stamped, ~purged)


def _row(one: NewManifest, now: datetime) -> dict[str, Any]:
    body: dict[str, Any] = {
        "case_id": one.case_id,
        "sequence": one.after.number + 1,
        "sha256": one.sha256,
        "evidence_hash": one.evidence_hash,
        "mark": one.mark,
        "created_at": now,
    }
    return body | {"prev_hash": one.after.hash, "hash": link_hash(one.after.hash, body)}


def _manifest(row: Found, stamps: tuple[Stamp, ...]) -> ManifestRow:
    return ManifestRow(
        id=row.id,
        case_id=row.case_id,
        number=row.sequence,
        sha256=row.sha256,
        prev_hash=row.prev_hash,
        hash=row.hash,
        created_at=row.created_at,
        evidence_hash=row.evidence_hash,
        stamps=stamps,
    )


def _stamps(session: Session, manifest_ids: Collection[int]) -> dict[int, tuple[Stamp, ...]]:
    found: dict[int, list[Stamp]] = defaultdict(list)
    rows = rows_by(session, tuple(timestamp_token.c), timestamp_token.c.manifest_id, manifest_ids)
    for row in sorted(rows, key=lambda row: row.id):
        found[row.manifest_id].append(Stamp(row.authority, row.stamped_at, row.token))
    return {number: tuple(stamps) for number, stamps in found.items()}


def _recorded(session: Session, action: str) -> Iterator[tuple[int, Any]]:
    """Yield number and detail of the audit rows of an action; those that were emptied or cannot be read are left out.

    A detail that somebody changed may be any JSON.
    """
    query = (
        sa.select(audit_log.c.id, audit_detail.c.detail)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id)
        .where(audit_log.c.action == action, audit_detail.c.detail.is_not(None))
        .order_by(audit_log.c.id)
    )
    for row in session.execute(query).all():
        try:
            yield row.id, json.loads(row.detail)
        except ValueError:
            continue  # the audit chain names it


def _emptied(session: Session, action: str) -> set[int]:
    """Return the numbers of an action's audit rows whose detail retention emptied."""
    query = (
        sa.select(audit_log.c.id)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id)
        .where(audit_log.c.action == action, audit_detail.c.detail.is_(None))
    )
    return set(session.execute(query).scalars())


def _root(hashes: Iterable[str]) -> str:
    return text_hash("\n".join(hashes))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _lock(session: Session) -> None:
    """Keep other makers of manifests away until the transaction ends; SQLite has one writer anyway."""
    if session.dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
