from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks import big
from benchmarks.big_rows import NOW
from db import (
    blind,
    case_counts,
    case_evidence,
    cases,
    changes,
    groups,
    leases,
    person_pages,
    rule_desk,
    saved_views,
    unjudged,
    upkeep,
)
from db.connect import Database, Session
from db.groups import GroupKind
from monitor.domain import Act, CaseFilter, CaseOrder, CaseState, DueWindow, StageKind, Stance, Tier, WhyHere

SIZE = big.Size(people=300, cases=600, acts=3000, towns=20, reviewers=2)
GROWING = ("review_case", "case_hit", "rule_hit", "interaction", "item", "item_version", "item_text", "case_words",
           "review_event", "audit_log", "account", "attribution", "judgement")  # fmt: skip
"""Tables that grow with the years; asn too, but a search for people may walk its names in order."""

TOWN = ("11.01",)
FILTERS = {
    "everything": CaseFilter(scope=("",)),
    "open": CaseFilter(scope=("",), open_only=True),
    "one place": CaseFilter(scope=TOWN, open_only=True),
    "state": CaseFilter(scope=TOWN, states=(CaseState.BARU,)),
    "pair": CaseFilter(scope=("",), open_only=True, candidate_id=4),
    "person": CaseFilter(scope=("",), person_id=4),
    "act": CaseFilter(scope=("",), open_only=True, act=Act.FOLLOW),
    "platform": CaseFilter(scope=("",), open_only=True, platform="mastodon"),
    "rule": CaseFilter(scope=("",), open_only=True, rule_id="contoh-3"),
    "tier": CaseFilter(scope=("",), open_only=True, tier=Tier.SEDANG),
    "stance": CaseFilter(scope=("",), open_only=True, stance=Stance.CELAAN),
    "row": CaseFilter(scope=("",), open_only=True, law_row="B9"),
    "stage": CaseFilter(scope=("",), open_only=True, stage=StageKind.PASCA),
    "why": CaseFilter(scope=("",), open_only=True, why=WhyHere.MUNCUL_LAGI),
    "dates": CaseFilter(scope=("",), open_only=True, since=NOW - timedelta(days=9), until=NOW),
    "due": CaseFilter(scope=("",), open_only=True, due=DueWindow.SOON),
    "mine": CaseFilter(scope=("",), open_only=True, leased_by=1),
    "unqueued": CaseFilter(scope=("",), open_only=True, unqueued=True),
    "common words": CaseFilter(scope=("",), open_only=True, text="contoh maju", order=CaseOrder.MATCH),
    "rare word": CaseFilter(scope=TOWN, open_only=True, text="kata41", order=CaseOrder.MATCH),
    "by due": CaseFilter(scope=TOWN, open_only=True, order=CaseOrder.DUE),
    "newest": CaseFilter(scope=TOWN, open_only=True, order=CaseOrder.NEWEST),
    "oldest": CaseFilter(scope=TOWN, open_only=True, order=CaseOrder.OLDEST),
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    big.fill(database, SIZE, tell=lambda _: None)
    with database.read() as session:
        if database.dialect == "postgresql":
            # A small table is always read whole; whether an index could serve is what matters here.
            session.exec_driver_sql("SET LOCAL enable_seqscan = off")
        yield session


def statements(session: Session, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Do something and return the readings that it sent."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(session.engine, "before_cursor_execute", note)
    work()
    sa.event.remove(session.engine, "before_cursor_execute", note)
    return [entry for entry in seen if entry[0].lstrip().startswith(("SELECT", "WITH"))]


def readings(session: Session) -> None:
    """Make every reading of the queue and of the front page."""
    for wanted in FILTERS.values():
        cases.list_cases(session, wanted, NOW)
        case_counts.state_counts(session, wanted, NOW)
    page = cases.list_cases(session, FILTERS["open"], NOW)
    case_evidence.evidence(session, [row.id for row in page.rows], 3)
    saved_views.counts(session, list(FILTERS.values()), NOW)
    for kind in GroupKind:
        groups.list_groups(session, kind, FILTERS["open"], NOW)
    leases.current(session, [row.id for row in page.rows], NOW)
    person = person_pages.person_row(session, 4)
    assert person is not None
    person_pages.person_detail(session, person)
    for typed in ("", "adi agung", "kata41", "asn5.contoh.test"):
        person_pages.find_people(session, TOWN, typed)
    rule_desk.hits_since(session, NOW - timedelta(days=30))
    unjudged.list_not_evaluable(session, TOWN, 20)
    unjudged.count_not_evaluable(session, TOWN)
    cases.tallies(session, TOWN, NOW)
    changes.changes_since(session, TOWN, NOW - timedelta(days=1))
    blind.kept_from(session, 1)


def plan(session: Session, statement: str, parameters: Any) -> list[str]:
    if session.dialect.name == "sqlite":
        return [row[3] for row in session.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    return [row[0] for row in session.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def whole_reads(session: Session, lines: list[str]) -> list[str]:
    if session.dialect.name == "sqlite":
        scans = (re.fullmatch(r"SCAN (\w+)( .*)?", line) for line in lines)
        return [m[0] for m in scans if m and m[1] in GROWING and "INDEX" not in (m[2] or "")]
    reads = (re.search(r"Seq Scan on (\w+)", line) for line in lines)
    return [m[0] for m in reads if m and m[1] in GROWING]


def test_no_reading_of_the_queue_goes_through_a_whole_table(session: Session) -> None:
    sent = statements(session, lambda: readings(session))
    found = {statement: whole_reads(session, plan(session, statement, given)) for statement, given in sent}
    assert {statement: reads for statement, reads in found.items() if reads} == {}


def test_cases_by_deadline_are_read_in_the_order_of_an_index(session: Session) -> None:
    wanted = CaseFilter(scope=("",), open_only=True, order=CaseOrder.DUE, limit=5)
    sent = statements(session, lambda: cases.list_cases(session, wanted, NOW))
    dated = next(entry for entry in sent if "due_at IS NOT NULL" in entry[0])
    assert not [line for line in plan(session, *dated) if "ORDER BY" in line or "Sort" in line]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_acts_that_stand_undecided_are_found_by_the_index_of_their_outcome(session: Session) -> None:
    (sent,) = statements(session, lambda: unjudged.count_not_evaluable(session, TOWN))
    assert any("judgement USING INDEX ix_judgement_current_outcome" in line for line in plan(session, *sent))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_cases_are_counted_whole_for_the_planner(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_LOOKED_AT", 10)
    upkeep.refresh_statistics(session)
    rows = session.exec_driver_sql("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_review_case_state_facets'")
    assert rows.scalar_one().split()[0] == str(SIZE.cases)
