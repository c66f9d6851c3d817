from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks import big
from benchmarks.big_rows import NOW
from db import case_counts, case_evidence, cases, groups, leases, person_pages, rule_desk, saved_views
from db.connect import Database, Session
from db.groups import GroupKind
from monitor.domain import Act, CaseFilter, CaseOrder, CaseState, DueWindow, StageKind, Stance, Tier, WhyHere

SIZE = big.Size(people=300, cases=600, acts=3000, towns=20, reviewers=2)
GROWING = ("review_case", "case_hit", "rule_hit", "interaction", "item", "item_version", "item_text", "case_words",
           "review_event", "audit_log", "account", "attribution")  # fmt: skip
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


def asked(session: Session) -> list[tuple[str, Any]]:
    """Run every reading of the queue and return the statements that it sent."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(session.engine, "before_cursor_execute", note)
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
    sa.event.remove(session.engine, "before_cursor_execute", note)
    return [entry for entry in seen if entry[0].lstrip().startswith(("SELECT", "WITH"))]


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
    found = {statement: whole_reads(session, plan(session, statement, given)) for statement, given in asked(session)}
    assert {statement: reads for statement, reads in found.items() if reads} == {}
