"""Each job does its work in a real workspace and tells in a line, without names, how it went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db import runs
from monitor.backup.layout import choose
from monitor.cli.demo import fill, make_workspace
from monitor.cli.main import app
from monitor.desk.night_summary import last_night
from monitor.domain import Job, JobState
from monitor.errors import ConfigError
from monitor.jobs import tasks
from monitor.jobs.perform import perform
from monitor.scan.lock import single_flight
from monitor.workspace import workspace
from tests.scan.own_rules import text


def made(home: Path) -> Path:
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
    return home


def run(home: Path, job: Job) -> tasks.Done:
    with workspace(home) as space:
        return tasks.TASKS[job](space)


def configured(home: Path, old: str, new: str) -> None:
    config = home / "pantau.toml"
    config.write_text(config.read_text().replace(old, new))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("kantor") / "peragaan")


def test_the_nightly_job_scans_and_names_its_run(office: Path) -> None:
    done = run(office, Job.NIGHTLY)
    with workspace(office) as space, space.database.read() as session:
        (newest,) = runs.last_runs(session, 1)
    assert (done.ok, done.run_id) == (True, newest.id)
    assert "berhasil" in done.detail


def test_retention_that_a_night_keeps_from_files_waits_for_its_end_and_needs_nobody(office: Path) -> None:
    with workspace(office) as space:
        with single_flight(space.settings.data_dir / "pemindaian.lock", "Pemindaian"):
            kept = perform(space, Job.RETENTION)
        after = perform(space, Job.RETENTION)
    assert (kept.state, kept.exit_code) == (JobState.REFUSED, 3)
    assert "berkas belum dihapus: pemindaian sedang berjalan" in kept.detail
    assert (after.state, after.exit_code) == (JobState.OK, 0)


def test_a_night_that_needs_a_person_says_by_source_and_kind_what_for(tmp_path: Path) -> None:
    other = made(tmp_path / "peragaan")
    configured(other, "enabled = true", "enabled = false")
    done = run(other, Job.NIGHTLY)
    assert not done.ok
    assert "perlu orang: bluesky policy_blocked" in done.detail
    assert "did:" not in done.detail


def test_a_night_tells_of_a_line_of_the_schedule_that_it_cannot_read(tmp_path: Path) -> None:
    other = made(tmp_path / "peragaan")
    with (other / "pantau.toml").open("a", encoding="utf-8") as config:
        config.write('\n[schedule]\ndigest = "tiap pagi"\n')
    done = run(other, Job.NIGHTLY)
    assert (done.ok, "perlu orang: schedule_unreadable 1" in done.detail) == (False, True)
    with workspace(other) as space, space.database.read() as session:
        told = last_night(session, space.settings.agency.zone, space.clock())
    assert told is not None
    assert (
        "baris jadwal tidak terbaca dan pekerjaannya tidak berjalan sendiri: schedule.digest: Jadwal «tiap pagi» bukan "
        "baris cron"
    ) in {fault.words for fault in told.urgent}


def test_the_nightly_job_takes_up_changed_rules_and_tells_of_broken_ones(tmp_path: Path) -> None:
    home = made(tmp_path / "peragaan")
    rules = home / "aturan"
    rules.mkdir(exist_ok=True)
    (rules / "kantor.yml").write_text(text("shadow"))
    assert run(home, Job.NIGHTLY).ok
    (rules / "kantor.yml").write_text("id: [")
    assert "rules_broken" in run(home, Job.NIGHTLY).detail
    with workspace(home) as space, space.database.read() as session:
        broken, good = runs.last_runs(session, 2)
    assert broken.summary is not None
    assert good.summary is not None
    assert broken.summary["ruleset"] == good.summary["ruleset"] != ""


def test_between_nights_only_candidates_of_a_contest_in_its_stage_are_read(office: Path) -> None:
    done = run(office, Job.REVISIT)
    with workspace(office) as space, space.database.read() as session:
        (newest,) = runs.last_runs(session, 1)
    assert done.run_id == newest.id
    assert newest.summary is not None
    assert {target["direction"] for target in newest.summary["targets"]} == {"candidate"}
    assert done.ok, done.detail


def test_the_same_look_by_hand_is_planned_as_the_job_makes_it(office: Path) -> None:
    said = CliRunner().invoke(app, ["--workspace", str(office), "scan", "--due", "--plan", "--json"])
    planned = json.loads(said.stdout)
    assert planned["revisit"]
    assert {target["direction"] for target in planned["targets"]} == {"candidate"}


def test_a_look_by_hand_is_refused_where_no_stage_is_named(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTAU_SCHEDULE__REVISIT", "{}")
    said = CliRunner().invoke(app, ["--workspace", str(office), "scan", "--due"])
    assert (said.exit_code, "schedule.revisit" in said.output) == (2, True)


def test_nothing_is_read_between_nights_outside_the_stages(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTAU_SCHEDULE__REVISIT", json.dumps({"pasca": "10 * * * *"}))
    done = run(office, Job.REVISIT)
    assert (done.ok, done.run_id) == (True, None)


def test_the_weekly_job_writes_the_report_of_the_week_before(office: Path) -> None:
    assert "2026-W46" in run(office, Job.WEEKLY).detail
    (report,) = (office / "data" / "reports").glob("*.json")
    assert json.loads(report.read_text())["week"] == "2026-W46"


@pytest.mark.parametrize("job", [Job.RECHECK, Job.RETENTION, Job.VERIFY, Job.DIGEST])
def test_every_other_job_ends_well_in_a_sound_office(office: Path, job: Job) -> None:
    assert run(office, job).ok


def test_the_backup_job_writes_a_backup_where_the_settings_say(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_BACKUP__FOLDER", str(tmp_path / "cadangan"))
    assert run(office, Job.BACKUP).ok
    assert choose(tmp_path / "cadangan", None).is_dir()


def test_a_backup_folder_without_a_root_lies_in_the_workspace_wherever_the_job_is_started(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_BACKUP__FOLDER", "cadangan")
    monkeypatch.chdir(tmp_path)
    assert run(office, Job.BACKUP).ok
    assert choose(office / "cadangan", None).is_dir()


def test_a_backup_without_a_folder_says_which_setting_is_missing(office: Path) -> None:
    with pytest.raises(ConfigError, match=r"backup\.folder"):
        run(office, Job.BACKUP)


def test_a_check_that_finds_something_says_how_much_of_what(tmp_path: Path) -> None:
    home = made(tmp_path / "peragaan")
    assert run(home, Job.NIGHTLY).ok
    evidence = next(path for path in sorted((home / "data" / "evidence").rglob("*")) if path.is_file())
    evidence.chmod(0o600)
    *body, last = evidence.read_bytes()
    evidence.write_bytes(bytes([*body, last ^ 1]))
    done = run(home, Job.VERIFY)
    assert not done.ok
    assert "bukti 1" in done.detail
