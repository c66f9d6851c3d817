from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from db import schema
from db.connect import Database, Session, open_database
from db.tables import metadata, review_case
from db.verify import verify
from monitor import installation
from monitor.errors import DatabaseError
from tests.conftest import PostgresServer
from tests.peers.world import make_world
from tests.scan.offices import NOW, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

MIGRATIONS = Path(schema.__file__).parent / "migrations"
STEPS = [step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
EARLIER = STEPS[:-1]
WRITTEN_ANEW = "evidence_manifest"
"""A table that a later version makes again; it never held a row before."""

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of this version after a night, with cases, events, captures and looks."""
    folder = tmp_path_factory.mktemp("upgrades")
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    network = WrittenBluesky(make_world(7, NOW))
    office_of(network.world, folder / "office", database, network.accounts, URLS).scan(network)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'pantau.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create("template0")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    name = postgres_server.create("template0")
    yield postgres_server.url(name)
    postgres_server.drop(name)


def columns(session: Session) -> dict[str, list[str]]:
    """The columns that each table of a database has."""
    if session.dialect.name == "sqlite":
        asked = (
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
            " ORDER BY t.name, c.cid"
        )
    else:
        asked = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " ORDER BY table_name, ordinal_position"
        )
    found: dict[str, list[str]] = {}
    for table, column in session.exec_driver_sql(asked):
        found.setdefault(table, []).append(column)
    return found


def as_it_was(table: sa.Table, there: dict[str, list[str]]) -> sa.TableClause:
    """A table with the columns that an earlier version has, without defaults of this one."""
    return sa.table(table.name, *(sa.column(c.name, c.type) for c in table.columns if c.name in there[table.name]))


def earlier_tables(session: Session) -> list[sa.TableClause]:
    there = columns(session)
    return [
        as_it_was(table, there)
        for table in metadata.sorted_tables
        if table.name in there and (table.name != WRITTEN_ANEW or "evidence_hash" in there[table.name])
    ]


def rows_of(session: Session, tables: list[sa.TableClause]) -> Rows:
    return {table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr) for table in tables}


def stock(url: str, revision: str, source: Database) -> list[sa.TableClause]:
    """Fill a database of an earlier version with what it can hold of a night; return its tables as they were."""
    path = sa.make_url(url).database
    if url.startswith("sqlite") and path is not None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    schema.upgrade(url, revision)
    database = open_database(url)
    with database.write() as session, source.read() as given:
        tables = earlier_tables(session)
        for table in tables:
            if rows := [row._asdict() for row in given.execute(sa.select(table))]:
                session.execute(table.insert(), rows)
        if session.dialect.name == "postgresql":
            count_on(session, tables)
    database.dispose()
    return tables


def count_on(session: Session, tables: list[sa.TableClause]) -> None:
    for table in tables:
        counter = session.execute(
            sa.text("SELECT pg_get_serial_sequence(:t, 'id') WHERE EXISTS (SELECT 1 FROM information_schema.columns"
                    " WHERE table_name = :t AND column_name = 'id')"), {"t": table.name}
        ).scalar()  # fmt: skip
        if counter is not None:
            session.exec_driver_sql(f"SELECT setval('{counter}', (SELECT coalesce(max(id), 0) + 1 FROM {table.name}))")


@pytest.mark.parametrize("revision", EARLIER)
def test_data_of_an_earlier_version_comes_through_whole_and_sound(
    night: Database, url: str, revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = stock(url, revision, night)
    old = open_database(url)
    with old.read() as session:
        before = rows_of(session, tables)
    assert min(len(before[name]) for name in ("review_case", "review_event", "capture", "judgement", "audit_log")) > 2
    schema.upgrade(url)
    with old.read() as session:
        assert rows_of(session, tables) == before
    monkeypatch.setenv("PANTAU_DATABASE_URL", url)
    installation.create(tmp_path)  # what `pantau init` does after the upgrade
    with old.inspect() as session:
        assert schema.current(session) == schema.head()
        assert [str(problem) for problem in verify(session)] == []
    old.dispose()


def test_this_program_says_of_older_data_that_it_is_to_be_upgraded(url: str, night: Database) -> None:
    stock(url, EARLIER[-1], night)
    database = open_database(url)
    with pytest.raises(DatabaseError, match=f"berversi {EARLIER[-1]}, program ini memerlukan {schema.head()}") as said:
        schema.ensure_current(database)
    assert "pantau init" in said.value.mend
    database.dispose()


@pytest.mark.parametrize("ask", [schema.upgrade, lambda url: schema.ensure_current(open_database(url))])
def test_an_older_program_says_of_newer_data_that_it_is_too_old_and_leaves_it(
    url: str, ask: Any, night: Database
) -> None:
    stock(url, EARLIER[-1], night)
    database = open_database(url)
    with database.write() as session:
        session.exec_driver_sql("UPDATE alembic_version SET version_num = '20991231_kelak'")
    with pytest.raises(DatabaseError, match="belum dikenal program ini") as said:
        ask(url)
    assert "pasang versi program" in said.value.mend
    assert schema.revision(url) == "20991231_kelak"
    database.dispose()


@dataclass
class Writer:
    """Somebody of an older program who goes on writing, a transaction each, until told to stop."""

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    written: int = 0
    failures: list[Exception] = field(default_factory=list)

    def __call__(self) -> None:
        database = open_database(self.url)
        while not self.stop.is_set():
            try:
                with database.write() as session:
                    session.exec_driver_sql(
                        "UPDATE review_case SET priority = priority + 1 WHERE id = (SELECT min(id) FROM review_case)"
                    )
                self.written += 1
            except DatabaseError as error:
                self.failures.append(error)
        database.dispose()


def total_priority(url: str) -> int:
    database = open_database(url)
    with database.read() as session:
        found = session.execute(sa.select(review_case.c.priority).order_by(review_case.c.id).limit(1)).scalar_one()
    database.dispose()
    return int(found)


def test_others_read_and_write_while_postgresql_is_upgraded(postgres_url: str, night: Database) -> None:
    stock(postgres_url, STEPS[0], night)
    before = total_priority(postgres_url)
    writer = Writer(postgres_url)
    thread = threading.Thread(target=writer)
    thread.start()
    reader = psycopg.connect(postgres_url.replace("+psycopg", ""))
    try:
        reader.execute("SELECT count(*) FROM review_case")  # an open transaction: no ALTER gets past it
        threading.Timer(4, reader.rollback).start()
        schema.upgrade(postgres_url, pauses=(0.2,) * 20)
        written_by_then = writer.written
    finally:
        writer.stop.set()
        thread.join()
        reader.close()
    assert (schema.revision(postgres_url), writer.failures) == (schema.head(), [])
    assert written_by_then > 0
    assert total_priority(postgres_url) - before == writer.written


def test_an_upgrade_that_never_gets_its_turn_gives_up_and_changes_nothing(postgres_url: str, night: Database) -> None:
    stock(postgres_url, STEPS[0], night)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as reader:
        reader.execute("SELECT count(*) FROM rule_hit")
        with pytest.raises(DatabaseError, match="terus dipakai") as said:
            schema.upgrade(postgres_url, pauses=(0.1,))
        reader.rollback()
    assert "hentikan" in said.value.mend
    assert schema.revision(postgres_url) == STEPS[0]
    schema.upgrade(postgres_url)
    assert schema.revision(postgres_url) == schema.head()


def test_two_upgrades_at_once_make_every_step_once(url: str, night: Database) -> None:
    stock(url, STEPS[0], night)
    failures: list[Exception] = []

    def upgrade() -> None:
        try:
            schema.upgrade(url)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, schema.revision(url)) == ([], schema.head())


def test_an_index_of_a_growing_table_is_laid_beside_writers_and_a_half_built_one_anew(
    postgres_url: str, night: Database
) -> None:
    stock(postgres_url, "20261124_operation", night)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("CREATE INDEX ix_item_threadless ON item (parent_id)")
        owner.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_item_threadless'::regclass")
        writing = psycopg.connect(postgres_url.replace("+psycopg", ""))
        writing.execute("UPDATE item SET url = url")
        threading.Timer(1, writing.commit).start()
        schema.upgrade(postgres_url)
        writing.close()
        asked = (
            "SELECT indisvalid, pg_get_expr(indpred, indrelid) IS NOT NULL FROM pg_index"
            " WHERE indexrelid = 'ix_item_threadless'::regclass"
        )
        assert owner.execute(asked).fetchall() == [(True, True)]
    assert schema.revision(postgres_url) == schema.head()


GROWING = frozenset({
    "account", "account_handle", "asn", "attribution", "audit_detail", "audit_log", "capture", "case_hit",
    "case_words", "checkpoint", "evidence_file", "evidence_manifest", "interaction", "interaction_capture",
    "item", "item_look", "item_text", "item_version", "judgement", "liveness_check", "observation",
    "post_watch", "register_change", "review_case", "review_event", "rule_hit", "run_capture", "scan_issue",
    "target_coverage", "target_run",
})  # fmt: skip
"""Tables that grow with the nights or with the register: nobody may be kept from them for as long as they are read."""

OF_EARLY_OFFICES = {
    # Released while databases were those of single offices: minutes at a million rows, and no way back to change them.
    "20261122_rules_life": {"ALTER TABLE rule_hit ADD COLUMN stance", "CREATE INDEX ix_item_version_content_hash"},
    "20261122_console": {
        "CREATE INDEX ix_attribution_status", "CREATE INDEX ix_review_case_list",
        "CREATE INDEX ix_review_case_state_jurisdiction", "CREATE INDEX ix_review_event_at",
        "CREATE INDEX ix_review_case_due",
    },
    "20261123_evidence": {"CREATE INDEX ix_review_case_state_facets", "CREATE INDEX ix_rule_hit_first_judged"},
}  # fmt: skip

_MADE = re.compile(r"^CREATE (?:UNLOGGED )?TABLE (\w+)")
_INDEX = re.compile(r"^(CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\w+) ON (\w+)")
_ADDED = re.compile(r"^(ALTER TABLE (\w+) ADD COLUMN \w+) (.*)", re.DOTALL)
_ALTERED = re.compile(r"^(ALTER TABLE (?:ONLY )?(\w+) .*)", re.DOTALL)
_REWRITTEN = re.compile(r"^((?:UPDATE|DELETE FROM|LOCK TABLE|CLUSTER|VACUUM FULL|REINDEX TABLE) (\w+).*)", re.DOTALL)
_SCANS = re.compile(r"CHECK|REFERENCES|UNIQUE|PRIMARY KEY|GENERATED|random|gen_random|clock_timestamp|nextval")
_HARMLESS = re.compile(r"NOT VALID|VALIDATE CONSTRAINT|RENAME|SET DEFAULT|DROP DEFAULT|SET STATISTICS|SET \(")


def blocking(statements: list[str]) -> set[str]:
    """Statements that keep others from a growing table for as long as it takes to read or write it whole."""
    new = {found[1] for s in statements if (found := _MADE.match(s))}
    old = GROWING - new
    bad: set[str] = set()
    for statement in statements:
        if found := _INDEX.match(statement):
            bad |= {found[1]} if found[2] in old else set()
        elif found := _ADDED.match(statement):
            bad |= {found[1]} if found[2] in old and _SCANS.search(found[3]) else set()
        elif found := _ALTERED.match(statement):
            bad |= {found[1]} if found[2] in old and not _HARMLESS.search(found[1]) else set()
        elif found := _REWRITTEN.match(statement):
            bad |= {found[1]} if found[2] in old else set()
    return bad


def statements_of(revision: str) -> list[str]:
    module = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).module
    file = Path(str(module.__file__)).with_suffix("") / "postgresql.sql"
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8")
    return [re.sub(r"\s+", " ", part).strip().removesuffix(";") for part in text.split(";\n\n")]


@pytest.mark.parametrize("revision", STEPS[1:])
def test_no_step_keeps_others_from_a_growing_table(revision: str) -> None:
    assert blocking(statements_of(revision)) == OF_EARLY_OFFICES.get(revision, set())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX ix_contoh ON interaction (id)",
        "ALTER TABLE judgement ADD COLUMN contoh TEXT CHECK (contoh <> '')",
        "ALTER TABLE item ALTER COLUMN id TYPE BIGINT",
        "ALTER TABLE item ALTER COLUMN id SET NOT NULL",
        "ALTER TABLE rule_hit ADD CONSTRAINT c CHECK (id > 0)",
        "UPDATE review_case SET why = ''",
    ],
)
def test_the_rule_knows_what_blocks(statement: str) -> None:
    assert blocking([statement])


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX CONCURRENTLY ix_contoh ON interaction (id)",
        "ALTER TABLE judgement ADD COLUMN contoh TEXT",
        "ALTER TABLE judgement ADD COLUMN contoh BOOLEAN DEFAULT false NOT NULL",
        "ALTER TABLE rule_hit ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
        "CREATE INDEX ix_contoh ON app_user (id)",
    ],
)
def test_the_rule_lets_pass_what_does_not_block(statement: str) -> None:
    assert not blocking([statement])


def test_every_growing_table_is_a_table() -> None:
    assert set(metadata.tables) >= GROWING
