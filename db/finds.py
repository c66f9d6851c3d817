"""Finds entered by hand, and who reported them: two tables, so that the first can be read without the second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import (
    account,
    asn,
    capture,
    case_hit,
    interaction,
    interaction_capture,
    item,
    manual_find,
    reporter,
    rule_hit,
)
from db.upsert import insert_one, rows_by
from monitor.domain import Act, Find, FindKind, FindRow, Reporter
from monitor.vault import Vault


@dataclass(frozen=True, slots=True)
class Entered:
    """What identifies a find in the store: whose account, on which platform, at which address, by which evidence."""

    account_id: int
    person_id: int
    platform: str
    url: str
    evidence: str
    screenshot: str | None


def find_id(session: Session, find: Find, entered: Entered) -> int | None:
    """Return the number of a find that was entered before, None when it is new."""
    query = sa.select(manual_find.c.id).where(manual_find.c.key == _key(find, entered))
    return session.execute(query).scalar_one_or_none()


def store_find(session: Session, vault: Vault, find: Find, entered: Entered, by: str, now: datetime) -> int:
    """Write a find and, sealed and apart, who reported it; return its number. Its evidence is stored before."""
    kept = sa.select(capture.c.id).where(capture.c.source == entered.platform, capture.c.sha256 == entered.evidence)
    number = insert_one(
        session,
        manual_find,
        key=_key(find, entered),
        kind=find.kind.value,
        account_id=entered.account_id,
        asn_id=entered.person_id,
        act=find.act,
        platform=entered.platform,
        url=entered.url,
        capture_id=session.execute(kept.order_by(capture.c.id).limit(1)).scalar_one(),
        screenshot=entered.screenshot,
        seen_at=find.seen_at,
        received_at=now,
        received_by=by,
        note=find.note,
    )
    if find.reporter is not None:
        sealed = vault.seal(json.dumps(asdict(find.reporter), ensure_ascii=False).encode())
        anonymous = find.reporter.wants_anonymity
        session.execute(reporter.insert().values(find_id=number, sealed=sealed, wants_anonymity=anonymous))
    return number


def list_finds(
    session: Session,
    scope: Collection[str] | None = None,
    *,
    only: int | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> list[FindRow]:
    """Return finds, newest first; `scope` are regions that cover the person's place, None means all.

    `only` asks for one number, `before` pages on from one.
    """
    query = (
        sa.select(manual_find, account.c.platform_user_id, asn.c.jurisdiction, reporter.c.find_id)
        .join(account, account.c.id == manual_find.c.account_id)
        .join(asn, asn.c.id == manual_find.c.asn_id)
        .join(reporter, reporter.c.find_id == manual_find.c.id, isouter=True)
        .order_by(manual_find.c.id.desc())
    )
    if scope is not None:
        query = query.where(sa.or_(sa.false(), *(_below(region) for region in sorted(scope))))
    if only is not None:
        query = query.where(manual_find.c.id == only)
    if before is not None:
        query = query.where(manual_find.c.id < before)
    if limit is not None:
        query = query.limit(limit)
    rows = session.execute(query).all()
    cases = _cases(session, {row.capture_id for row in rows})
    return [
        FindRow(
            id=row.id,
            kind=FindKind(row.kind),
            act=Act(row.act),
            platform=row.platform,
            account=row.platform_user_id,
            person_id=row.asn_id,
            jurisdiction=row.jurisdiction or "",
            url=row.url,
            seen_at=row.seen_at,
            received_at=row.received_at,
            received_by=row.received_by,
            note=row.note,
            has_screenshot=row.screenshot is not None,
            has_reporter=row.find_id is not None,
            case_ids=tuple(sorted(cases.get(row.capture_id, ()))),
        )
        for row in rows
    ]


def screenshot_of(session: Session, number: int) -> str | None:
    """Return the hash of a find's screenshot in the evidence store; None where there is none."""
    query = sa.select(manual_find.c.screenshot).where(manual_find.c.id == number)
    return session.execute(query).scalar_one_or_none()


def reporter_of(session: Session, vault: Vault, number: int) -> Reporter | None:
    """Return who reported a find; None where nobody is recorded or retention emptied the row."""
    sealed = session.execute(sa.select(reporter.c.sealed).where(reporter.c.find_id == number)).scalar_one_or_none()
    return Reporter(**json.loads(vault.unseal(sealed))) if sealed is not None else None


def place_of_person(session: Session, person_id: int) -> str:
    """Return the jurisdiction of a person, empty when the register names none."""
    query = sa.select(asn.c.jurisdiction).where(asn.c.id == person_id)
    return session.execute(query).scalar_one_or_none() or ""


def is_stored(session: Session, platform: str, item_id: str) -> bool:
    """Whether a text is stored already, so that what somebody typed of it is no new version."""
    query = sa.select(item.c.id).where(item.c.platform == platform, item.c.platform_item_id == item_id)
    return session.execute(query).first() is not None


def _cases(session: Session, captures: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    acts = {
        row.interaction_id: row.capture_id
        for row in rows_by(
            session,
            (interaction_capture.c.interaction_id, interaction_capture.c.capture_id),
            interaction_capture.c.capture_id,
            captures,
        )
    }
    query = (
        sa.select(interaction.c.id, case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.interaction_id == interaction.c.id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .where(interaction.c.id.in_(sorted(acts)))
    )
    for row in session.execute(query):
        found.setdefault(acts[row.id], set()).add(row.case_id)
    return found


def _below(region: str) -> sa.ColumnElement[bool]:
    below = asn.c.jurisdiction.startswith(region + ".", autoescape=True)
    return sa.true() if not region else sa.or_(asn.c.jurisdiction == region, below)


def _key(find: Find, entered: Entered) -> str:
    said = (find.kind.value, find.act.value, str(entered.account_id), entered.url, entered.evidence)
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()
