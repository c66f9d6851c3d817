from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from db import audit, policies, runs
from db.connect import Database
from db.tables import attribution, case_hit, evidence_file, interaction, retention_event
from db.verify import evidence_digests, verify
from monitor.domain import Act, AttributionStatus
from monitor.vault import Vault
from tests import casebook
from tests.casebook import act, hit, judge, post, regroup


def broken(database: Database) -> set[str]:
    with database.read() as session:
        return {problem.invariant for problem in verify(session)}


def change(database: Database, *statements: str) -> None:
    """Do what only somebody with the file in their hands can do."""
    if database.dialect == "sqlite":
        guard = ["PRAGMA foreign_keys = OFF"]
    else:
        guard = ["SET session_replication_role = replica"]
    with database.engine.connect() as connection:
        raw = connection.connection.cursor()
        for statement in (*guard, *statements):
            raw.execute(statement)
        connection.connection.commit()
        connection.detach()


@pytest.fixture
def stocked(database: Database, vault: Vault, now: datetime) -> Database:
    """One case with one hit, two audit rows, one finished run."""
    book = casebook.open_book(database, vault)
    with database.write() as session:
        number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
        judge(session, book, {number: [hit(book)]})
        regroup(session)
        audit.record(session, actor="rina", action="a", subject="s:1", detail={}, now=now)
        policies.note_policy(session, "bluesky", "{}", now)
        run = runs.open_run(session, "q", now, timedelta(hours=1))
        judged = {"evaluated": 1, "hits": 1, "misses": 0, "not_evaluable": 0, "errors": 0}
        runs.finish_run(session, run.id, json.dumps({"judged": judged}), ok=True, now=now)
    return database


def test_an_empty_database_holds(database: Database) -> None:
    assert broken(database) == set()


def test_a_used_database_holds(stocked: Database) -> None:
    assert broken(stocked) == set()


def test_a_hit_without_a_case_is_found(stocked: Database) -> None:
    with stocked.write() as session:
        session.execute(case_hit.delete())
    assert "indikasi" in broken(stocked)


@pytest.mark.parametrize(("marked", "found"), [(True, set()), (False, {"pemilik"})])
def test_a_hit_that_is_no_longer_its_persons_is_found_unless_the_next_night_looks_at_it(
    stocked: Database, marked: bool, found: set[str]
) -> None:
    with stocked.write() as session:
        session.execute(attribution.update().values(status=AttributionStatus.REVOKED))
        session.execute(interaction.update().values(dirty=marked))
    assert broken(stocked) == found


def test_a_case_in_a_queue_of_no_place_is_found(stocked: Database) -> None:
    change(stocked, "UPDATE review_case SET queue = '00.00'")
    assert broken(stocked) == {"antrean"}


def test_a_case_row_that_was_changed_by_hand_is_found(stocked: Database) -> None:
    change(stocked, "UPDATE review_case SET state = 'terdaftar'")
    assert broken(stocked) == {"proyeksi"}


@pytest.mark.parametrize("dialect_free", ["UPDATE review_event SET actor = 'lain' WHERE id = 1"])
def test_a_changed_event_is_found(stocked: Database, dialect_free: str) -> None:
    dropped = ("DROP TRIGGER review_event_no_update",) if stocked.dialect == "sqlite" else ()
    change(stocked, *dropped, dialect_free)
    assert "rantai peristiwa" in broken(stocked)


def test_a_removed_audit_row_is_found(stocked: Database) -> None:
    dropped = ("DROP TRIGGER audit_log_no_delete",) if stocked.dialect == "sqlite" else ()
    change(stocked, *dropped, "DELETE FROM audit_log WHERE id = 1")
    assert "rantai audit" in broken(stocked)


def test_a_missing_guard_is_found(stocked: Database) -> None:
    on = "" if stocked.dialect == "sqlite" else " ON audit_log"
    change(stocked, f"DROP TRIGGER audit_log_no_update{on}")
    assert broken(stocked) == {"penjaga"}


def test_sums_that_differ_are_found(stocked: Database, now: datetime) -> None:
    with stocked.write() as session:
        run = runs.open_run(session, "q", now, timedelta(hours=1))
        judged = {"evaluated": 5, "hits": 1, "misses": 1, "not_evaluable": 1, "errors": 1}
        runs.finish_run(session, run.id, json.dumps({"judged": judged}), ok=False, now=now)
    assert broken(stocked) == {"jumlah"}


def test_a_reference_into_nothing_is_found(sqlite_database: Database) -> None:
    change(sqlite_database, "INSERT INTO audit_detail (audit_id, detail) VALUES (99, '{}')")
    assert broken(sqlite_database) == {"rujukan"}


def test_two_current_judgements_of_one_act_are_found(stocked: Database) -> None:
    columns = "interaction_id, ruleset_id, result_hash, outcome, current, judged_at"
    change(
        stocked,
        "DROP INDEX uq_judgement_current",
        f"INSERT INTO judgement ({columns}) SELECT interaction_id, ruleset_id, 'x', outcome, current, judged_at"
        " FROM judgement",
    )
    assert broken(stocked) == {"penilaian"}


def test_another_schema_version_is_told_and_nothing_else(stocked: Database) -> None:
    change(stocked, "UPDATE alembic_version SET version_num = 'lain'")
    assert broken(stocked) == {"skema"}


def test_many_faults_of_one_kind_are_counted(sqlite_database: Database) -> None:
    rows = ", ".join(f"({n}, '{{}}')" for n in range(50))
    change(sqlite_database, f"INSERT INTO audit_detail (audit_id, detail) VALUES {rows}")
    with sqlite_database.read() as session:
        problems = verify(session)
    assert (len(problems), problems[-1].detail) == (21, "dan 30 lagi")


def test_purged_evidence_need_not_be_there(database: Database, now: datetime) -> None:
    with database.write() as session:
        for letter in "ab":
            session.execute(evidence_file.insert().values(sha256=letter * 64, size=1, origin="program"))
        session.execute(
            retention_event.insert().values(
                at=now,
                actor="program",
                action="purged",
                subject_kind="evidence_file",
                subject_id="a" * 64,
                reason="masa simpan",
            )
        )
    with database.read() as session:
        assert evidence_digests(session) == ["b" * 64]
