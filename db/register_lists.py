"""The register as its page shows it: counts, names by search, and the imports, within the user's places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import (
    asn,
    attribution,
    candidate,
    candidate_account,
    contest,
    import_file,
    jurisdiction,
    roster_batch,
)
from db.upsert import rows_by
from monitor.domain import AttributionStatus, Employment


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """How many people of one region are in the register, by kind."""

    region: str
    name: str
    people: tuple[tuple[Employment, int], ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _, count in self.people)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """One person of the register with the identifier masked, and how many accounts are whose by which status."""

    id: int
    name: str
    identifier_masked: str
    employment: Employment
    agency: str
    position: str
    jurisdiction: str
    verified: int
    proposed: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One imported register file: who, when, which content, and who stood for it as the second person."""

    id: int
    kind: str
    file_name: str
    sha256: str
    imported_by: str
    imported_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One imported capture, as the list of imports shows it."""

    id: int
    name: str
    format: str
    tool: str
    collector: str
    taken: int
    records: int
    sha256: str
    imported_at: datetime


def people_counts(session: Session, scope: Collection[str]) -> tuple[RegisterCount, ...]:
    """Return the people of the places in scope, counted by region and kind."""
    query = (
        sa.select(asn.c.jurisdiction, jurisdiction.c.name, asn.c.employment, sa.func.count().label("many"))
        .join(jurisdiction, jurisdiction.c.code == asn.c.jurisdiction, isouter=True)
        .where(within(scope))
        .group_by(asn.c.jurisdiction, jurisdiction.c.name, asn.c.employment)
        .order_by(asn.c.jurisdiction)
    )
    found: dict[tuple[str, str], list[tuple[Employment, int]]] = {}
    for row in session.execute(query):
        found.setdefault((row.jurisdiction, row.name or ""), []).append((Employment(row.employment), row.many))
    order = list(Employment)
    return tuple(
        RegisterCount(code, name, tuple(sorted(people, key=lambda pair: order.index(pair[0]))))
        for (code, name), people in found.items()
    )


def account_counts(session: Session, scope: Collection[str]) -> dict[AttributionStatus, int]:
    """Return how many accounts of people in scope stand in which status."""
    query = (
        sa.select(attribution.c.status, sa.func.count().label("many"))
        .join(asn, asn.c.id == attribution.c.asn_id)
        .where(within(scope))
        .group_by(attribution.c.status)
    )
    return {AttributionStatus(row.status): row.many for row in session.execute(query)}


def contest_counts(session: Session) -> tuple[int, int]:
    """Return how many contests are watched, and how many accounts of their pairs are known; both are public."""
    contests = session.execute(sa.select(sa.func.count()).select_from(contest)).scalar_one()
    accounts = sa.select(sa.func.count(sa.distinct(candidate_account.c.account_id)))
    return int(contests), int(session.execute(accounts).scalar_one())


def find_people(
    session: Session, scope: Collection[str], text: str, after: tuple[str, int] | None = None, limit: int = 50
) -> list[NamedPerson]:
    """Return people in scope whose name or agency has the text, by name; `after` is the last one of the page before."""
    statuses = (AttributionStatus.VERIFIED, AttributionStatus.PROPOSED)
    counted = [_accounts(status).label(status.value) for status in statuses]
    query = sa.select(asn, *counted).where(within(scope)).order_by(asn.c.name, asn.c.id).limit(limit)
    for word in text.split():
        has = sa.func.lower(asn.c.name).contains(word.lower(), autoescape=True)
        works = sa.func.lower(asn.c.agency).contains(word.lower(), autoescape=True)
        query = query.where(sa.or_(has, works))
    if after is not None:
        name, number = after
        query = query.where(sa.or_(asn.c.name > name, sa.and_(asn.c.name == name, asn.c.id > number)))
    plain = ("id", "name", "identifier_masked", "agency", "position", "jurisdiction", "verified", "proposed")
    return [
        NamedPerson(**{name: getattr(row, name) for name in plain}, employment=Employment(row.employment))
        for row in session.execute(query)
    ]


def name_of(session: Session, person_id: int, scope: Collection[str]) -> str | None:
    """Return the name by which a person in scope is sorted; None for nobody there."""
    return session.execute(sa.select(asn.c.name).where(asn.c.id == person_id, within(scope))).scalar_one_or_none()


def places_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Return the places of people."""
    rows = rows_by(session, (asn.c.id, asn.c.jurisdiction), asn.c.id, person_ids)
    return {row.id: row.jurisdiction for row in rows}


def list_batches(session: Session, *, before: int | None = None, limit: int = 20) -> list[BatchRow]:
    """Return imported register files, newest first; `before` pages on from a number."""
    names = tuple(BatchRow.__slots__)
    query = sa.select(*(roster_batch.c[name] for name in names)).order_by(roster_batch.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(roster_batch.c.id < before)
    return [BatchRow(*row) for row in session.execute(query)]


def batch_places(session: Session, batch: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the places of the people, and of the contests, that an import brought accounts or rows of."""
    owners = sa.select(asn.c.jurisdiction).join(attribution, attribution.c.asn_id == asn.c.id)
    people = sa.union(
        owners.where(attribution.c.batch_id == batch), sa.select(asn.c.jurisdiction).where(asn.c.batch_id == batch)
    )
    pairs = sa.select(contest.c.region).join(candidate, candidate.c.contest_id == contest.c.id)
    contests = sa.union(
        pairs.join(candidate_account, candidate_account.c.candidate_id == candidate.c.id).where(
            candidate_account.c.batch_id == batch
        ),
        sa.select(contest.c.region).where(contest.c.batch_id == batch),
    )
    return frozenset(session.execute(people).scalars()), frozenset(session.execute(contests).scalars())


def list_captures(session: Session, *, before: int | None = None, limit: int = 20) -> list[CaptureRow]:
    """Return imported captures, newest first; `before` pages on from a number."""
    names = tuple(CaptureRow.__slots__)
    query = sa.select(*(import_file.c[name] for name in names)).order_by(import_file.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(import_file.c.id < before)
    return [CaptureRow(*row) for row in session.execute(query)]


def within(scope: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a person belongs to one of the places or to one below it."""
    return sa.or_(sa.false(), *(_below(region) for region in sorted(scope)))


def _below(region: str) -> sa.ColumnElement[bool]:
    below = asn.c.jurisdiction.startswith(region + ".", autoescape=True)
    return sa.true() if not region else sa.or_(asn.c.jurisdiction == region, below)


def _accounts(status: AttributionStatus) -> Any:
    counted = sa.select(sa.func.count()).select_from(attribution)
    return counted.where(attribution.c.asn_id == asn.c.id, attribution.c.status == status).scalar_subquery()
