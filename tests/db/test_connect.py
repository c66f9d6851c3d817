from __future__ import annotations

import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import IntegrityError, StatementError

from db.append_only import APPEND_ONLY
from db.connect import Database, Session, open_database
from db.tables import account, audit_log, capture, election, evidence_file, metadata, scan_run
from monitor.domain import Regime
from monitor.errors import DatabaseError
from tests.conftest import PostgresServer

WIB = timezone(timedelta(hours=7))
NOON = datetime(2024, 10, 5, 12, tzinfo=UTC)


def break_off(session: Session) -> None:
    session.execute(election.insert().values(regime=Regime.PEMILU, year=2024))
    raise RuntimeError


def add_run(database: Database, at: datetime) -> None:
    with database.write() as session:
        session.execute(scan_run.insert().values(query_hash="a" * 64, started_at=at))


def test_times_come_back_in_utc(database: Database) -> None:
    add_run(database, datetime(2024, 10, 5, 19, 0, 0, 123456, tzinfo=WIB))
    with database.read() as session:
        stored = session.execute(sa.select(scan_run.c.started_at)).scalar_one()
    assert stored == datetime(2024, 10, 5, 12, 0, 0, 123456, tzinfo=UTC)
    assert stored.tzinfo is UTC


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        add_run(database, NOON.replace(tzinfo=None))


def test_tokens_outside_the_enum_are_refused_by_the_database(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.exec_driver_sql("INSERT INTO election (id, regime, year) VALUES (1, 'pilkades', 2024)")


def test_enum_members_come_back_as_members(database: Database) -> None:
    with database.write() as session:
        session.execute(election.insert().values(regime=Regime.PEMILU, year=2024))
    with database.read() as session:
        assert session.execute(sa.select(election.c.regime)).scalar_one() is Regime.PEMILU


def test_what_is_committed_to_a_file_outlives_a_power_cut(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kantor.db")
    with database.write() as session:
        assert session.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert session.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL: on the disk before a commit returns
    database.dispose()


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        break_off(session)
    with database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(election)).scalar_one() == 0


def test_what_a_read_block_writes_is_not_kept(database: Database) -> None:
    with database.read() as session:
        session.execute(election.insert().values(regime=Regime.PEMILU, year=2024))
    with database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(election)).scalar_one() == 0


def test_a_read_block_sees_one_state(database: Database) -> None:
    count = sa.select(sa.func.count()).select_from(scan_run)
    with database.read() as session:
        before = session.execute(count).scalar_one()
        add_run(database, NOON)
        assert session.execute(count).scalar_one() == before


def test_a_second_writer_on_sqlite_gets_a_database_error(sqlite_database: Database) -> None:
    other = open_database(sqlite_database.url, busy_seconds=0.05)
    with sqlite_database.write(), pytest.raises(DatabaseError, match="dikunci"), other.write():
        pass
    other.dispose()


def fill(session: Session) -> None:
    pages = session.exec_driver_sql("PRAGMA page_count").scalar_one()
    session.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    for number in range(5000):
        session.execute(scan_run.insert().values(query_hash="b" * 64, started_at=NOON, summary={"n": number}))


def test_a_full_disk_is_a_database_error_and_keeps_what_was_there(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        session.execute(election.insert().values(regime=Regime.PEMILU, year=2024))
    with pytest.raises(DatabaseError, match="Cakram"), sqlite_database.write() as session:
        fill(session)
    sqlite_database.dispose()
    with sqlite_database.read() as session:
        assert session.execute(sa.select(election.c.year)).scalars().all() == [2024]


def test_a_folder_that_is_not_there_is_a_database_error() -> None:
    database = open_database("sqlite:////tidak/ada/pantau.db")
    with pytest.raises(DatabaseError, match="tidak dapat dibuka"), database.read():
        pass


def test_a_server_that_does_not_answer_is_a_database_error() -> None:
    database = open_database("postgresql+psycopg://x@127.0.0.1:9/x")
    with pytest.raises(DatabaseError), database.read():
        pass


def test_after_a_server_ended_its_connections_the_next_session_gets_a_new_one(
    postgres_database: Database, postgres_server: PostgresServer
) -> None:
    own = sa.text("SELECT pg_backend_pid()")
    with postgres_database.read() as first, postgres_database.read() as second:
        ended = {session.execute(own).scalar_one() for session in (first, second)}
    for process in ended:
        postgres_server.run(sql.SQL("SELECT pg_terminate_backend({}, 5000)").format(process))
    with postgres_database.read() as first, postgres_database.read() as second:
        assert not ended & {session.execute(own).scalar_one() for session in (first, second)}


def test_what_a_server_prepared_outlives_the_sessions_that_only_read(postgres_database: Database) -> None:
    for _ in range(8):
        with postgres_database.read() as session:
            session.execute(sa.select(election.c.year))
    with postgres_database.read() as session:
        kept = session.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert [statement for statement in kept if "election" in statement]


def test_other_databases_are_refused() -> None:
    with pytest.raises(DatabaseError, match="tidak didukung"):
        open_database("mysql://x/y")
    with pytest.raises(DatabaseError, match="tidak dapat dibaca"):
        open_database("bukan alamat")


def test_sqlite_holds_foreign_keys(sqlite_database: Database) -> None:
    with pytest.raises(IntegrityError), sqlite_database.write() as session:
        session.exec_driver_sql("INSERT INTO audit_detail (audit_id, detail) VALUES (99, '{}')")


def add_audit_row(database: Database) -> None:
    with database.write() as session:
        session.execute(
            audit_log.insert().values(
                at=NOON,
                actor="contoh",
                action="x",
                subject="y:1",
                detail_hash="0" * 64,
                prev_hash="0" * 64,
                hash="1" * 64,
            )
        )


@pytest.mark.parametrize("change", ["UPDATE audit_log SET actor = 'lain'", "DELETE FROM audit_log"])
def test_append_only_rows_cannot_be_changed_or_removed(database: Database, change: str) -> None:
    add_audit_row(database)
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.exec_driver_sql(change)


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_truncating_an_append_only_table_raises(postgres_database: Database, table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), postgres_database.write() as session:
        session.exec_driver_sql(f"TRUNCATE {metadata.tables[table].name} CASCADE")


def add_capture(database: Database) -> None:
    with database.write() as session:
        session.execute(evidence_file.insert().values(sha256="a" * 64, size=1, origin="program"))
        session.execute(
            capture.insert().values(
                source="bluesky",
                endpoint="x",
                url="u",
                url_hash="b" * 64,
                final_url="u",
                status=200,
                headers=[],
                sha256="a" * 64,
                size=1,
                fetched_at=NOON,
                mapper="m/1",
                collector="",
            )
        )


def test_a_capture_gives_way_to_an_earlier_fetch_only(database: Database) -> None:
    add_capture(database)
    with database.write() as session:
        session.execute(capture.update().values(fetched_at=NOON - timedelta(hours=1)))
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.execute(capture.update().values(fetched_at=NOON))


@pytest.mark.parametrize("change", [{"source": "lain"}, {"url_hash": "c" * 64}])
def test_a_capture_never_becomes_another_one(database: Database, change: dict[str, str]) -> None:
    add_capture(database)
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.execute(capture.update().values(fetched_at=NOON - timedelta(hours=1), **change))


def test_an_error_tells_no_values(database: Database) -> None:
    statement = sa.text("INSERT INTO scan_run (id, query_hash) VALUES (1, :hash)")
    with pytest.raises(IntegrityError) as told, database.write() as session:
        session.execute(statement, {"hash": "Budi Contoh"})
    assert "parameters hidden" in str(told.value)


def test_a_broken_constraint_quotes_no_row_wherever_it_is_shown(database: Database) -> None:
    add = account.insert().values(platform="bluesky", platform_user_id="did:plc:budi-contoh", created_at=NOON)
    with database.write() as session:
        session.execute(add)
    with pytest.raises(IntegrityError) as told, database.write() as session:
        session.execute(add)
    shown = "".join(traceback.format_exception(told.value))
    assert "platform_user_id" in shown
    assert "budi-contoh" not in shown


@pytest.mark.parametrize(
    "refused",
    ["CAST('BUDI CONTOH' AS integer)", "CAST('BUDI CONTOH' AS timestamptz)", "CAST('{BUDI CONTOH' AS jsonb)"],
)
def test_what_the_server_says_of_a_value_quotes_no_value(postgres_database: Database, refused: str) -> None:
    with pytest.raises(DatabaseError, match="menolak sebuah isian") as told, postgres_database.read() as session:
        session.exec_driver_sql(f"SELECT {refused}")
    assert "BUDI" not in str(told.value)
