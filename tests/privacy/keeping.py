"""What tests of retention ask of an office: purge now, close a case, and whether everything still proves itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import audit, cases
from db.connect import Database
from db.events import EventDraft
from db.tables import (
    case_hit,
    interaction,
    item,
    item_text,
    item_version,
    review_case,
    rule_hit,
)
from db.verify import verify
from monitor.assembly import purge_parts
from monitor.domain import CaseState, EventKind
from monitor.domain.keeping import Purged
from monitor.privacy.purge import purge_due
from monitor.scan.integrity import check_evidence
from monitor.scan.progress import Silent
from tests.scan.offices import Office


def later(office: Office, days: int) -> datetime:
    """Let time pass; the office is at work that day."""
    office.clock.now += timedelta(days=days)
    with office.space() as space, space.database.write() as session:
        audit.record(session, actor="rina", action="signed_in", subject="user:1", detail={}, now=office.clock.now)
    return office.clock.now


def purge(office: Office) -> Purged:
    with office.space() as space:
        return purge_due(purge_parts(space), office.clock.now)


def close(office: Office, case_ids: Collection[int]) -> None:
    """Set cases aside as a reviewer would."""
    with office.space() as space, space.database.write() as session:
        for number in sorted(case_ids):
            version = session.execute(sa.select(review_case.c.version).where(review_case.c.id == number)).scalar_one()
            draft = EventDraft(
                case_id=number, version=version + 1, kind=EventKind.DECIDED, to_state=CaseState.DIKESAMPINGKAN,
                at=office.clock.now, actor="rina", from_state=CaseState.BARU, reason="bukan_pelanggaran",
                note="Catatan contoh tentang pegawai.",
            )  # fmt: skip
            cases.record(session, [draft])


def numbers(office: Office) -> list[int]:
    with office.space() as space, space.database.read() as session:
        return list(session.execute(sa.select(review_case.c.id).order_by(review_case.c.id)).scalars())


def whole(office: Office) -> tuple[list[Any], list[Any]]:
    """Return what `pantau verify` and `pantau evidence verify` find wrong."""
    with office.space() as space:
        with space.database.read() as session:
            problems = list(verify(session))
        found = check_evidence(space.database, space.evidence, Silent())
        return problems, [*found.faults, *found.notes]


def resting_on(database: Database, case_id: int) -> set[str]:
    """Return the hashes of what shows a case's acts and texts, asked for without any help of the program."""
    query = """
        SELECT c.sha256 FROM capture c JOIN interaction_capture ic ON ic.capture_id = c.id
          JOIN rule_hit h ON h.interaction_id = ic.interaction_id JOIN case_hit k ON k.hit_id = h.id
          WHERE k.case_id = :n
        UNION SELECT c.sha256 FROM capture c JOIN item_capture x ON x.capture_id = c.id JOIN item i ON i.id = x.item_id
          JOIN interaction a ON a.platform = i.platform AND i.platform_item_id IN (a.target_id, a.own_item_key)
          JOIN rule_hit h ON h.interaction_id = a.id JOIN case_hit k ON k.hit_id = h.id WHERE k.case_id = :n
        UNION SELECT sha256 FROM evidence_manifest WHERE case_id = :n"""
    with database.read() as session:
        return set(session.execute(sa.text(query), {"n": case_id}).scalars())


def texts_of(database: Database, case_id: int) -> list[str | None]:
    """Return every wording of the texts that a case's acts published or are on."""
    query = (
        sa.select(item_text.c.text)
        .join(item_version, item_version.c.id == item_text.c.version_id)
        .join(item, item.c.id == item_version.c.item_id)
        .join(interaction, item.c.platform_item_id.in_((interaction.c.target_id, interaction.c.own_item_key)))
        .join(rule_hit, rule_hit.c.interaction_id == interaction.c.id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .where(case_hit.c.case_id == case_id)
    )
    with database.read() as session:
        return list(session.execute(query).scalars())
