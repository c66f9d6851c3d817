from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from db import audit, cases, events
from db.append_only import trigger_names
from db.connect import Database, Session
from db.tables import audit_detail, audit_log, review_event, review_event_note
from monitor import desk
from monitor.domain import CaseState, DecisionCommand, EventKind, NoteKind
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    number = comment_case(database, book)
    desk.decide(database, DecisionCommand(number, CaseState.DITINJAU, "mulai_tinjau", book.rina), NOW)
    desk.note(database, number, book.rina, "Catatan contoh", NoteKind.CATATAN, NOW)
    return number


def without_guard(session: Session, table: str) -> None:
    """Do what somebody with the keys to the database could do."""
    for name in trigger_names(table):
        on = f" ON {table}" if session.dialect.name == "postgresql" else ""
        session.execute(sa.text(f"DROP TRIGGER {name}{on}"))


def test_an_untouched_chain_has_no_faults(database: Database, case_id: int) -> None:
    with database.read() as session:
        assert events.broken_events(session) == []
        assert audit.broken_rows(session) == []
        assert cases.projection_faults(session) == []


@pytest.mark.parametrize("table", [review_event, audit_log], ids=lambda table: table.name)
@pytest.mark.parametrize("verb", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_chain(database: Database, case_id: int, table: sa.Table, verb: str) -> None:
    with pytest.raises(Exception, match=r".+") as refusal, database.write() as session:
        session.execute(sa.text(verb.format(table.name)))
    assert isinstance(refusal.value, DBAPIError) or "menolak" in str(refusal.value)


def test_a_changed_event_is_found(database: Database, case_id: int) -> None:
    with database.write() as session:
        without_guard(session, "review_event")
        session.execute(sa.update(review_event).where(review_event.c.case_version == 2).values(actor="orang lain"))
        faults = events.broken_events(session)
    assert [fault for _, fault in faults] == ["hash"]


def test_a_removed_event_is_found(database: Database, case_id: int) -> None:
    with database.write() as session:
        without_guard(session, "review_event")
        session.execute(sa.delete(review_event).where(review_event.c.case_version == 2))
        assert [fault for _, fault in events.broken_events(session)] == ["chain"]


def test_a_changed_note_is_found(database: Database, case_id: int) -> None:
    with database.write() as session:
        session.execute(sa.update(review_event_note).values(note="Lain"))
        assert [fault for _, fault in events.broken_events(session)] == ["note"]


def test_a_purged_note_leaves_the_chain_whole(database: Database, case_id: int) -> None:
    with database.write() as session:
        session.execute(sa.update(review_event_note).values(note=None, purged_at=NOW))
        assert events.broken_events(session) == []
        last = events.history(session, case_id)[-1]
    assert (last.note, last.note_purged) == ("", True)


def test_a_changed_audit_row_or_detail_is_found(database: Database, case_id: int) -> None:
    with database.write() as session:
        without_guard(session, "audit_log")
        newest = audit.tail(session, 1)[0].id
        session.execute(sa.update(audit_log).where(audit_log.c.id == newest).values(actor="orang lain"))
        session.execute(sa.update(audit_detail).where(audit_detail.c.audit_id == newest).values(detail="{}"))
        assert audit.broken_rows(session) == [(newest, "hash"), (newest, "detail")]


def test_history_tells_who_did_what_with_notes(database: Database, case_id: int) -> None:
    with database.read() as session:
        told = [(e.kind, e.user_name, e.reason, e.note) for e in events.history(session, case_id)]
    assert told == [
        (EventKind.OPENED, "program", "", ""),
        (EventKind.DECIDED, "Rina Contoh", "mulai_tinjau", ""),
        (EventKind.NOTED, "Rina Contoh", "", "Catatan contoh"),
    ]


def test_the_audit_log_is_read_newest_first_by_subject(database: Database, case_id: int) -> None:
    with database.read() as session:
        rows = audit.tail(session, 10, subject=f"case:{case_id}")
    assert [row.action for row in rows] == ["case_noted", "case_decided"]


def test_writers_at_once_make_one_unbroken_chain(database: Database, book: Book) -> None:
    def write(number: int) -> None:
        with database.write() as session:
            audit.record(session, actor=f"u{number}", action="uji", subject="uji:1", detail={"n": number}, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    with database.read() as session:
        assert audit.broken_rows(session) == []
        assert len(audit.tail(session, 100, action="uji")) == 24
