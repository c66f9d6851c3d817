"""`pantau doctor` on a whole workspace: everything once, well or with the way to mend it, and the exit code."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit
from db.connect import Database
from db.tables import job_run, scan_run
from monitor import installation
from monitor.doctor import data, policies
from monitor.doctor.checks import Check
from monitor.settings import Settings, load_settings
from tests.cli.terminal import pantau

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SOURCE = """
[sources.bluesky]
enabled = true
mode = "live_api"
legal_basis = "UU 7/2017"
permission_ref = "ND-012/2026"
approved_by = "Kordiv Pengawasan"
approved_at = 2026-11-01
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation.create(tmp_path / "office")


def configured(settings: Settings, more: str) -> Settings:
    with (settings.home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + more)
    return load_settings(settings.home)


def told(settings: Settings) -> dict[str, Check]:
    result = pantau(settings.home, "doctor", "--seconds", "200", "--json")
    rows = json.loads(result.stdout)
    assert result.exit_code == (0 if all(row["ok"] for row in rows) else 1)
    assert all(row["mend"] for row in rows if not row["ok"])
    return {row["check"]: Check(row["check"], row["ok"], row["detail"], row["mend"]) for row in rows}


def test_fresh_office_lacks_only_its_sources(settings: Settings) -> None:
    bad = {name for name, check in told(settings).items() if not check.well}
    assert "sumber" in bad
    assert bad <= {"sumber", "penyelarasan waktu", "gambar halaman", "huruf"}  # the rest is this machine's


def test_faults_are_counted_for_whoever_reads_only_the_last_line(settings: Settings) -> None:
    result = pantau(settings.home, "doctor")
    assert result.exit_code == 1
    assert "perlu diperbaiki" in result.stderr


def test_folder_that_is_no_workspace_says_so_among_the_machines_state(tmp_path: Path) -> None:
    result = pantau(tmp_path, "doctor", "--seconds", "200", "--json")
    found = {row["check"]: row for row in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert "pantau init" in found["pantau.toml"]["mend"]
    assert found["python"]["ok"]


def test_missing_database_is_told_and_not_made(settings: Settings) -> None:
    file = settings.data_dir / "pantau.db"
    file.unlink()
    assert not told(settings)["basis data"].well
    assert not file.exists()


def test_older_database_is_told_with_the_way_to_upgrade(settings: Settings) -> None:
    with sqlite3.connect(settings.data_dir / "pantau.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '20261121_start'")
    check = told(settings)["basis data"]
    assert not check.well
    assert "pantau init" in check.mend


def test_key_of_others_does_not_hide_the_rest(settings: Settings) -> None:
    (settings.keys_dir / "utama.key").chmod(0o644)
    found = told(settings)
    assert "chmod 600" in found["kunci"].mend
    assert found["basis data"].well


def test_settings_of_a_demonstration_are_told(settings: Settings) -> None:
    found = told(configured(settings, '[replay]\nclock = "2026-11-20T18:00:00+00:00"\n'))
    assert not found["peragaan"].well


def checks(found: object) -> dict[str, Check]:
    return {check.name: check for check in found}  # type: ignore[attr-defined] # any iterable of checks


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(('legal_basis = "UU 7/2017"', ""), "legal_basis", id="no ground"),
        pytest.param(("2026-11-01", "2026-12-24"), "disetujui", id="approved tomorrow"),
        pytest.param(("bluesky", "takdikenal"), "tidak dikenal", id="no such source"),
        pytest.param(('"live_api"', '"live_public_html"'), "tidak punya pintu", id="no such door"),
    ],
)
def test_policy_record_is_judged_as_the_gate_will(settings: Settings, change: tuple[str, str], said: str) -> None:
    asked = configured(settings, SOURCE.replace(*change))
    (check,) = policies.sources(asked, lambda: NOW)
    assert not check.well
    assert said in check.detail


def test_whole_policy_record_is_well(settings: Settings) -> None:
    (check,) = policies.sources(configured(settings, SOURCE), lambda: NOW)
    assert check.well


def test_office_in_the_east_with_the_clock_of_the_west_is_told(settings: Settings) -> None:
    agency = settings.agency.model_copy(update={"jurisdiction": "91.71"})
    found = checks(policies.agency(settings.model_copy(update={"agency": agency}), lambda: NOW))
    assert not found["zona waktu"].well
    assert 'agency.timezone = "Asia/Jayapura"' in found["zona waktu"].mend


def night(database: Database, *, began: timedelta, lasted: timedelta | None = timedelta(hours=1)) -> None:
    values = {"query_hash": "x", "started_at": NOW - began}
    if lasted is not None:
        values["finished_at"] = NOW - began + lasted
    with database.write() as session:
        session.execute(sa.insert(scan_run).values(**values))


def job(database: Database, name: str, ended: timedelta) -> None:
    at = NOW - ended
    row = {"job": name, "started_at": at, "finished_at": at, "state": "ok", "detail": "", "machine": "contoh"}
    with database.write() as session:
        session.execute(sa.insert(job_run).values(**row))


def test_office_without_a_night_needs_no_backup_yet(database: Database) -> None:
    assert all(check.well for check in data.lasts(database, lambda: NOW))


@pytest.mark.parametrize(("since", "well"), [(timedelta(hours=30), True), (timedelta(days=3), False)])
def test_office_whose_first_night_never_comes_is_told(database: Database, since: timedelta, well: bool) -> None:
    with database.write() as session:
        audit.record(session, actor="admin", action="user_added", subject="user:1", detail={}, now=NOW - since)
    (found,) = [check for check in data.lasts(database, lambda: NOW) if check.name == "malam terakhir"]
    assert (found.well, "kantor dipakai 3 hari" in found.detail) == (well, not well)


def test_night_without_backup_or_verify_is_told(database: Database) -> None:
    night(database, began=timedelta(hours=6))
    found = checks(data.lasts(database, lambda: NOW))
    assert found["malam terakhir"].well
    assert [found[name].detail for name in ("cadangan terakhir", "pemeriksaan keutuhan")] == ["belum pernah"] * 2


def test_recent_night_backup_and_verify_are_well(database: Database) -> None:
    night(database, began=timedelta(hours=6))
    job(database, "backup", timedelta(hours=2))
    job(database, "verify", timedelta(days=3))
    assert all(check.well for check in data.lasts(database, lambda: NOW))


def test_backup_and_verify_grow_old(database: Database) -> None:
    night(database, began=timedelta(hours=6))
    job(database, "backup", timedelta(days=4))
    job(database, "verify", timedelta(days=20))
    bad = {name for name, check in checks(data.lasts(database, lambda: NOW)).items() if not check.well}
    assert bad == {"cadangan terakhir", "pemeriksaan keutuhan"}


def test_night_that_never_ended_is_told(database: Database) -> None:
    night(database, began=timedelta(days=3), lasted=None)
    assert not checks(data.lasts(database, lambda: NOW))["malam terputus"].well


def test_clock_that_was_set_back_behind_what_is_stored_is_told(database: Database) -> None:
    night(database, began=timedelta(hours=-5), lasted=timedelta(hours=1))
    assert not checks(data.lasts(database, lambda: NOW))["jam mesin"].well


def test_database_that_answers_is_named_with_version_and_size(database: Database) -> None:
    (check,) = data.reached(database)
    assert check.well
    assert database.dialect in check.detail
    assert all(check.well for check in data.state(database, lambda: datetime.now(UTC)))


def test_server_whose_clock_differs_is_told(postgres_database: Database) -> None:
    found = checks(data.state(postgres_database, lambda: datetime.now(UTC) + timedelta(minutes=2)))
    assert not found["jam basis data"].well
