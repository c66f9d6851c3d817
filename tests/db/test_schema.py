from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from db import schema
from db.append_only import APPEND_ONLY, EARLIER_ONLY, trigger_names
from db.connect import Database, Session, open_database
from db.full_text import OWN_NAMES
from db.tables import hit_verdict, metadata, rule_activation, rule_hit, suppression
from monitor.domain import RuleStatus
from monitor.errors import DatabaseError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres_server")
    return server.url(server.create("template0"))


def declared(session: Session) -> dict[str, list[str]]:
    """What the database says of itself beyond what Alembic compares: checks, partial indexes, defaults."""
    if session.dialect.name == "sqlite":
        rows = session.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')")
        found = {name: parts(" ".join(text.split())) for name, text in rows if text}
        return {name: said for name, said in found.items() if not name.startswith(("sqlite_", "alembic_"))}
    checks = session.exec_driver_sql(
        "SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    )
    indexes = session.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
    comments = session.exec_driver_sql(
        "SELECT objoid::regclass::text || '.' || objsubid::text, description FROM pg_description"
        " WHERE classoid = 'pg_class'::regclass AND objoid::regclass::text NOT LIKE 'pg_%%'"
    )
    found = {name: [text] for rows in (checks, indexes, comments) for name, text in rows}
    return {name: said for name, said in found.items() if "alembic_version" not in name}


def parts(text: str) -> list[str]:
    """What a statement says, in no order; a column added later carries its CHECK or REFERENCES itself."""
    head, _, body = text.rstrip(")").partition("(")
    said = [head]
    for part in re.split(r", (?![^(]*\))", body):
        column, constraint, rule = part.strip().partition(" CONSTRAINT ")
        said.append(column)
        if constraint:
            rule = re.sub(r"^(\S+) REFERENCES", rf"\1 FOREIGN KEY({column.split()[0]}) REFERENCES", rule)
            said.append(f"CONSTRAINT {rule}")
    return sorted(" ".join(part.replace(" )", ")").rstrip(")").split()) for part in said)


def plain(thing: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    """Leave out what Alembic cannot compare, which the test below does: indexes with a direction, full-text search."""
    if name is not None and name.startswith(OWN_NAMES):
        return False
    return not (isinstance(thing, sa.Index) and any("priority" in str(e) for e in thing.expressions))


def test_the_migrated_schema_is_what_the_tables_say(database: Database) -> None:
    with database.read() as session:
        options = {"compare_type": True, "compare_server_default": True, "include_object": plain}
        context = MigrationContext.configure(session, opts=options)
        assert compare_metadata(context, metadata) == []


def test_checks_and_partial_indexes_are_migrated_too(database: Database, empty_url: str) -> None:
    fresh = open_database(empty_url)
    if fresh.dialect != database.dialect:
        fresh.dispose()
        return
    with fresh.write() as session:
        metadata.create_all(session)
    with fresh.read() as made, database.read() as migrated:
        assert declared(migrated) == declared(made)
    fresh.dispose()


def test_a_database_from_nothing_reaches_the_newest_version(empty_url: str) -> None:
    schema.upgrade(empty_url)
    assert schema.revision(empty_url) == schema.head()


PREVIOUS = "20261121_start"
WRITTEN_ANEW = {"alembic_version", "evidence_manifest"}
"""Tables that a later version makes again; none of them ever held a row."""


def rows_of(url: str, metadata: sa.MetaData) -> dict[str, list[tuple[object, ...]]]:
    database = open_database(url)
    with database.read() as session:
        found = {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in WRITTEN_ANEW
        }
    database.dispose()
    return found


def stocked(database: Database, vault: Vault, url: str) -> sa.MetaData:
    """Fill a database of the previous version from one of this version and return its tables as they were."""
    book = casebook.open_book(database, vault)
    casebook.comment_case(database, book)
    with database.write() as session:
        shared = {"rule_id": "suka-contoh", "reason": "contoh", "proposed_by": book.rina.id, "proposed_at": NOW}
        both = {"approved_by": book.bayu.id, "approved_at": NOW}
        session.execute(rule_activation.insert().values(**shared, **both, rule_version=1, status=RuleStatus.RETIRED))
        session.execute(suppression.insert().values(**shared, **both, expires_at=NOW, hidden=3))
        given = {"hit_id": 1, "user_id": book.rina.id, "verdict": "keliru", "reason": "contoh", "at": NOW}
        session.execute(hit_verdict.insert().values(given))
    schema.upgrade(url, PREVIOUS)
    old, earlier = open_database(url), sa.MetaData()
    with old.write() as session:
        earlier.reflect(session)
        with database.read() as given_rows:
            for table in earlier.sorted_tables:
                if table.name in WRITTEN_ANEW:
                    continue
                if rows := [row._asdict() for row in given_rows.execute(sa.select(table))]:
                    session.execute(table.insert(), rows)
    old.dispose()
    return earlier


def test_a_database_of_the_previous_version_keeps_every_row(database: Database, vault: Vault, empty_url: str) -> None:
    if database.dialect != sa.make_url(empty_url).get_backend_name():
        return
    earlier = stocked(database, vault, empty_url)
    before = rows_of(empty_url, earlier)
    assert before["rule_hit"]
    assert before["suppression"]
    schema.upgrade(empty_url)
    assert rows_of(empty_url, earlier) == before


def test_hits_of_the_previous_version_have_no_stance_and_no_raise(
    database: Database, vault: Vault, empty_url: str
) -> None:
    if database.dialect != sa.make_url(empty_url).get_backend_name():
        return
    stocked(database, vault, empty_url)
    schema.upgrade(empty_url)
    upgraded = open_database(empty_url)
    with upgraded.read() as session:
        said = session.execute(sa.select(rule_hit.c.stance, rule_hit.c.stance_spans, rule_hit.c.raised)).all()
    upgraded.dispose()
    assert [tuple(row) for row in said] == [(None, None, [])]


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    schema.upgrade(empty_url)
    schema.upgrade(empty_url)
    assert schema.revision(empty_url) == schema.head()


def test_upgrading_what_is_current_waits_for_no_writer(sqlite_database: Database) -> None:
    with sqlite_database.write():
        schema.upgrade(sqlite_database.url)


def test_going_back_to_base_leaves_no_table(empty_url: str) -> None:
    schema.upgrade(empty_url)
    schema.downgrade(empty_url)
    database = open_database(empty_url)
    with database.read() as session:
        assert sa.inspect(session).get_table_names() == ["alembic_version"]
    database.dispose()


def test_a_missing_file_has_no_version_and_is_not_made(tmp_path: Path) -> None:
    assert schema.revision(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert not (tmp_path / "none.db").exists()


def test_an_unprepared_database_is_refused(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(DatabaseError, match="belum disiapkan"):
        schema.ensure_current(database)
    database.dispose()


def test_a_database_of_another_version_is_refused(database: Database) -> None:
    schema.ensure_current(database)
    with database.write() as session:
        session.exec_driver_sql("UPDATE alembic_version SET version_num = 'lain'")
    with pytest.raises(DatabaseError, match="berversi lain"):
        schema.ensure_current(database)


def test_the_alembic_command_works_without_the_programs_settings(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command
    from alembic.config import Config

    monkeypatch.setenv("PANTAU_DATABASE_URL", sqlite_database.url)
    command.downgrade(Config(Path(__file__).parents[2] / "alembic.ini"), "base")
    assert schema.revision(sqlite_database.url) is None


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_and_column_is_explained(table: str) -> None:
    assert metadata.tables[table].comment
    assert [c.name for c in metadata.tables[table].columns if not c.comment] == []


@pytest.mark.parametrize("table", sorted(APPEND_ONLY + EARLIER_ONLY))
def test_append_only_tables_carry_both_guards(database: Database, table: str) -> None:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[database.dialect]
    with database.read() as session:
        assert set(trigger_names(table)) <= set(session.exec_driver_sql(query).scalars())
