"""The role of the program's daily work on PostgreSQL: it can do all its work and change nothing that must stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from psycopg import sql

from db import grants, queue_tables
from db.append_only import APPEND_ONLY, EARLIER_ONLY
from db.connect import Database, open_database
from db.tables import metadata, planned_visit, review_case, scan_run
from db.verify import verify
from monitor.errors import DatabaseError, UsageError
from tests.cli.terminal import pantau
from tests.conftest import WORKER, PostgresServer


@dataclass(frozen=True)
class Roles:
    """A database, as its owner and as the role of daily work reach it."""

    role: str
    owner: Database
    daily: Database


@contextmanager
def roles_of(postgres_server: PostgresServer) -> Iterator[Roles]:
    """Make a database and a role for it."""
    role, name = f"harian_{WORKER}_{uuid4().hex[:8]}", postgres_server.create()
    postgres_server.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    owner = open_database(postgres_server.url(name))
    daily = open_database(sa.make_url(owner.url).set(username=role).render_as_string(hide_password=False))
    yield Roles(role, owner, daily)
    for database in (owner, daily):
        database.dispose()
    postgres_server.drop(name)
    postgres_server.run(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def roles(postgres_server: PostgresServer) -> Iterator[Roles]:
    with roles_of(postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
def granted(roles: Roles) -> Roles:
    grants.apply(roles.owner, roles.role)
    return roles


@pytest.fixture(scope="module")
def worked(granted: Roles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace in which the daily role imported registers, made users, ran a night and wrote the weekly report."""
    home = tmp_path_factory.mktemp("hak") / "kantor"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PANTAU_DATABASE_URL", granted.daily.url)
        done = pantau(home, "demo", "--directory", str(home))
        assert done.exit_code == 0, done.output
        yield home


@pytest.mark.usefixtures("worked")
def test_the_daily_role_does_a_whole_night(granted: Roles) -> None:
    with granted.daily.inspect() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(review_case)).scalar_one() > 5
        assert verify(session) == []


def test_the_daily_role_takes_a_backup_and_a_decision(worked: Path, tmp_path: Path) -> None:
    done = pantau(worked, "backup", str(tmp_path / "cadangan"))
    assert done.exit_code == 0, done.output
    new = json.loads(pantau(worked, "queue", "list", "--status", "baru", "--json").stdout)[0]["id"]
    decide = ("queue", "decide", str(new), "--to", "ditinjau", "--reason", "mulai_tinjau", "--as", "rina.contoh")
    done = pantau(worked, *decide, typed="peragaan-kabupaten-contoh")
    assert done.exit_code == 0, done.output


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("how", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "ALTER TABLE {} DISABLE TRIGGER ALL"])
def test_the_daily_role_can_neither_remove_rows_nor_the_guards(granted: Roles, how: str) -> None:
    for table in APPEND_ONLY + EARLIER_ONLY:
        with pytest.raises(DatabaseError, match="tidak berhak"), granted.daily.write() as session:
            session.exec_driver_sql(how.format(table))


@pytest.mark.usefixtures("worked")
def test_the_daily_role_cannot_change_rows_even_without_the_guards(granted: Roles) -> None:
    for table in APPEND_ONLY:
        with granted.owner.trial() as session:  # as if somebody had taken the triggers away
            session.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            session.exec_driver_sql(f'SET LOCAL ROLE "{granted.role}"')
            column = metadata.tables[table].columns.keys()[0]
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                session.exec_driver_sql(f"UPDATE {table} SET {column} = {column}")


def test_what_a_role_could_still_change_is_named(granted: Roles) -> None:
    with granted.daily.read() as session:
        assert grants.too_much(session) == []
    with granted.owner.read() as session:
        assert grants.too_much(session) == sorted(APPEND_ONLY + EARLIER_ONLY)


def test_the_command_checks_the_role_it_runs_as(worked: Path, granted: Roles, monkeypatch: pytest.MonkeyPatch) -> None:
    done = pantau(worked, "db", "grants")
    assert (done.exit_code, "tidak dapat diubah" in done.output) == (0, True)
    monkeypatch.setenv("PANTAU_DATABASE_URL", granted.owner.url)
    done = pantau(worked, "db", "grants", "--json")
    assert done.exit_code == 1
    assert "pantau db grants PERAN --apply" in done.output


def test_the_command_prints_what_it_would_run_and_runs_it_again_without_harm(
    worked: Path, granted: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_DATABASE_URL", granted.owner.url)
    assert pantau(worked, "db", "grants", granted.role, "--apply").exit_code == 0
    shown = pantau(worked, "db", "grants", granted.role)
    assert f"GRANT SELECT, INSERT ON audit_log TO {granted.role};" in shown.stdout
    run = pantau(worked, "db", "grants", granted.role, "--apply", "--json")
    assert run.exit_code == 0, run.output
    assert [f"{statement};" for statement in json.loads(run.stdout)["statements"]] == shown.stdout.splitlines()


def test_a_role_that_may_not_look_at_the_queue_counts_no_workers(postgres_server: PostgresServer) -> None:
    with roles_of(postgres_server) as early:
        grants.apply(early.owner, early.role)
        with early.owner.write() as session:
            session.execute(sa.text(f"create schema {queue_tables.SCHEMA}"))
        with early.daily.read() as session:
            assert queue_tables.workers_alive(session) == 0


def test_the_daily_role_works_at_a_shared_night_once_the_owner_has_laid_the_queue(
    worked: Path, granted: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_DATABASE_URL", granted.owner.url)
    assert pantau(worked, "db", "grants", granted.role, "--apply").exit_code == 0
    monkeypatch.setenv("PANTAU_DATABASE_URL", granted.daily.url)
    for asked in ("--night", "--once"):
        done = pantau(worked, "worker", asked)
        assert done.exit_code == 0, done.output
    with granted.daily.inspect() as session:
        shared = sa.select(scan_run.c.finished_at).join(planned_visit, planned_visit.c.run_id == scan_run.c.id)
        assert set(session.execute(shared).scalars()) - {None}
        assert verify(session) == []


def test_an_owner_or_an_unknown_role_is_refused(granted: Roles, sqlite_database: Database) -> None:
    with pytest.raises(UsageError, match="tidak dapat dibatasi"):
        grants.apply(granted.owner, "postgres")
    with pytest.raises(UsageError, match="tidak ada di peladen"):
        grants.apply(granted.owner, "tidak-ada")
    with pytest.raises(UsageError, match="hanya ada pada PostgreSQL"):
        grants.apply(sqlite_database, "siapa")


def test_the_daily_role_cannot_upgrade_and_says_who_can(granted: Roles) -> None:
    with pytest.raises(DatabaseError, match="tidak berhak") as said, granted.daily.write() as session:
        session.exec_driver_sql("CREATE TABLE contoh (id INTEGER)")
    assert "pemilik" in said.value.mend
