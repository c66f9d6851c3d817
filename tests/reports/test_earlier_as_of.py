"""Whatever comes later, a report asked for again at an earlier as-of has the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db import runs, users, verdicts
from db.cases import record
from db.events import EventDraft
from db.tables import contest, interaction, review_case, rule_hit, scan_run
from monitor.domain import Act, CaseState, Coverage, Direction, EventKind, NoteKind, Outcome, TargetResult, Verdict
from monitor.reports.weekly import weekly_report

WEEK = "2024-W40"
MONDAY = datetime(2024, 9, 29, 17, tzinfo=UTC)
LATE = MONDAY + timedelta(days=6)


def files(office: Any, folder: Path, as_of: int | None = None) -> tuple[int, list[bytes]]:
    result = weekly_report(
        office.database, week=WEEK, jurisdiction="99", formats=("json", "html"), output=folder, as_of=as_of,
        now=MONDAY + timedelta(days=8), timezone="Asia/Jakarta",
    )  # fmt: skip
    return result.report.as_of, [file.path.read_bytes() for file in result.files]


def new_act(office: Any) -> None:
    office.act(3, 1, LATE)
    office.act(1, 1, LATE, Act.COMMENT)


def decision_and_undo(office: Any) -> None:
    case = office.cases()[0]
    office.decide(case, CaseState.PERLU_BUKTI, LATE)
    office.undo(LATE + timedelta(minutes=5))


def undo_of_what_was_decided(office: Any) -> None:
    office.undo(LATE)


def paper(office: Any) -> None:
    with office.database.write() as session:
        row = session.execute(sa.select(review_case).order_by(review_case.c.id)).first()
        at = {"at": LATE, "actor": "petugas", "from_state": row.state}
        record(session, [EventDraft(row.id, row.version + 1, EventKind.DECIDED, CaseState.TERDAFTAR, **at,
                                    note="001/Reg/TM/PB/Kab/99.01/X/2024")])  # fmt: skip


def known_time(office: Any) -> None:
    with office.database.write() as session:
        row = session.execute(sa.select(review_case).order_by(review_case.c.id)).first()
        detail = {"known_at": MONDAY - timedelta(days=20)}
        record(session, [EventDraft(row.id, row.version + 1, EventKind.NOTED, row.state, LATE, "petugas",
                                    from_state=row.state, detail=detail, note="contoh",
                                    note_kind=NoteKind.CATATAN)])  # fmt: skip


def verdict(office: Any) -> None:
    with office.database.write() as session:
        user = users.add_user(session, "rina", "Rina Contoh", "-", LATE)
        hit = session.execute(sa.select(sa.func.min(rule_hit.c.id))).scalar_one()
        verdicts.add_verdict(session, hit, user.id, Verdict.KELIRU, "", LATE)


def older_answer(office: Any) -> None:
    """An import shows that an act was there long before it was first seen."""
    with office.database.write() as session:
        session.execute(sa.update(interaction).values(seen_first_at=MONDAY - timedelta(days=30)))


def later_contest(office: Any) -> None:
    with office.database.write() as session:
        row = session.execute(sa.select(contest)).first()._asdict()
        del row["id"]
        session.execute(sa.insert(contest).values(row | {"name": "Bupati Contoh 2030"}))


def slow_night(office: Any) -> None:
    """A night that began earlier ends after a newer one was known."""
    seen = TargetResult("bluesky", Direction.CANDIDATE, "did:plc:paslon2", Outcome.OK, ((Act.LIKE, Coverage.OBSERVED),))
    with office.database.write() as session:
        slow = session.execute(sa.select(scan_run.c.id).where(scan_run.c.finished_at.is_(None))).scalar_one()
        runs.record_target(session, slow, seen)
        runs.finish_run(session, slow, "{}", True, MONDAY + timedelta(hours=90))


CHANGES: tuple[Callable[[Any], None], ...] = (
    new_act, decision_and_undo, undo_of_what_was_decided, paper, known_time, verdict, older_answer, later_contest,
    slow_night,
)  # fmt: skip


def test_an_earlier_as_of_keeps_its_bytes_whatever_comes_later(busy: Any, tmp_path: Path) -> None:
    with busy.database.write() as session:
        runs.open_run(session, "e" * 64, MONDAY + timedelta(hours=30), timedelta(hours=1))
    busy.night(MONDAY + timedelta(hours=60))
    as_of, before = files(busy, tmp_path / "dahulu")
    for change in CHANGES:
        change(busy)
        assert files(busy, tmp_path / change.__name__, as_of) == (as_of, before), change.__name__
    assert files(busy, tmp_path / "kini")[1] != before
