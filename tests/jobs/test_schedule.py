"""The schedule as a process: it does what is late, each job in a process of its own, and ends in good order."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from db import audit, job_runs, runs
from monitor import installation
from monitor.cli.demo import fill, make_workspace
from monitor.cli.main import app
from monitor.domain import Job, JobRun, JobState
from monitor.jobs.flight import flight
from monitor.jobs.perform import perform
from monitor.jobs.schedule import Processes, command, tell_end
from monitor.jobs.tasks import TASKS, Done
from monitor.workspace import Workspace, workspace

QUIET = """
[schedule]
nightly = ""
recheck = ""
weekly = ""
digest = ""
retention = ""
verify = "0 3 29 2 *"
revisit = {}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    home = tmp_path / "kantor"
    installation.create(home)
    with (home / "pantau.toml").open("a", encoding="utf-8") as config:
        config.write(QUIET)
    return home


def pantau(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--workspace", str(home), "schedule", *words])
    return done.exit_code, done.output


def history(home: Path) -> list[JobRun]:
    with workspace(home) as space, space.database.read() as session:
        return list(job_runs.history(session))


@contextmanager
def running(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    run = [sys.executable, "-m", "monitor", "--workspace", str(home), "schedule", "run"]
    process = subprocess.Popen(run, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(seen: Callable[[], bool], seconds: float = 120, every: float = 0.5) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if seen():
            return True
        time.sleep(every)
    return False


@pytest.mark.slow
def test_the_schedule_begins_with_a_check_and_stops_in_good_order(office: Path) -> None:
    with running(office) as process:
        assert until(lambda: any(run.state is JobState.OK for run in history(office)))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert b"dihentikan" in process.stderr.read()
    assert {run.job for run in history(office)} == {Job.VERIFY}
    assert "oleh orang" not in pantau(office, "history")[1]


def test_a_job_that_is_running_is_not_begun_twice_by_one_schedule(office: Path) -> None:
    processes = Processes(office)
    processes.stop(1)
    assert processes.run(Job.VERIFY) is None


def test_the_command_of_a_job_does_it_only_when_it_is_due(office: Path) -> None:
    assert command(office, Job.NIGHTLY)[-3:] == ["once", "nightly", "--if-due"]


def test_only_what_a_person_must_mend_is_said_to_need_one(office: Path) -> None:
    said: dict[JobState, list[str]] = {}
    for state in (JobState.REFUSED, JobState.FAILED):
        with workspace(office) as space, space.database.write() as session:
            number = job_runs.begin(session, Job.DIGEST, None, space.clock(), "mesin-contoh:12")
            job_runs.finish(session, number, state, "", space.clock())
        with capture_logs() as lines:
            tell_end(office, Job.DIGEST, 3)
        said[state] = [f"{line['log_level']}: {line['event']}" for line in lines]
    assert said == {
        JobState.REFUSED: ["warning: job refused, tried again by itself"],
        JobState.FAILED: ["warning: job needs a person"],
    }


def test_a_job_by_hand_is_done_at_once_and_recorded(office: Path) -> None:
    code, said = pantau(office, "once", "retention")
    assert (code, "Retensi: selesai" in said) == (0, True)
    (run,) = history(office)
    assert (run.job, run.due_at, run.state) == (Job.RETENTION, None, JobState.OK)


def test_a_job_that_is_not_due_is_left_with_a_line(office: Path) -> None:
    code, said = pantau(office, "once", "digest", "--if-due")
    assert (code, "tidak ada yang perlu dikerjakan" in said) == (0, True)
    assert history(office) == []


def test_an_overlapping_start_is_refused_with_code_three_and_a_clear_line(office: Path) -> None:
    with workspace(office) as space, flight(space.settings, space.database, Job.VERIFY):
        code, said = pantau(office, "once", "verify")
    assert code == 3
    assert f"sedang berjalan (proses {os.getpid()})" in said
    assert [run.state for run in history(office)] == [JobState.REFUSED]


def test_catching_up_begins_with_a_check_and_then_has_nothing_to_do(office: Path) -> None:
    assert pantau(office, "catch-up")[0] == 0
    (run,) = history(office)
    assert (run.job, run.state) == (Job.VERIFY, JobState.OK)
    assert "oleh orang" not in pantau(office, "history")[1]
    assert pantau(office, "catch-up")[0] == 0


def test_a_job_with_a_fault_keeps_no_other_from_being_caught_up(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(space: Workspace) -> Done:
        raise ZeroDivisionError

    monkeypatch.setitem(cast("dict[Job, Callable[[Workspace], Done]]", TASKS), Job.DIGEST, broken)
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T06:00:00+07:00")
    pantau(office, "once", "verify")
    for job in ("DIGEST", "RETENTION"):
        monkeypatch.setenv(f"PANTAU_SCHEDULE__{job}", "0 7 * * *")
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T09:00:00+07:00")
    assert pantau(office, "catch-up")[0] == 1
    ended = {run.job: run.state for run in history(office)}
    assert ended == {Job.VERIFY: JobState.OK, Job.DIGEST: JobState.FAILED, Job.RETENTION: JobState.OK}


@pytest.fixture
def unread(office: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office in the morning, whose line for digests cannot be read and whose retention is due."""
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T06:00:00+07:00")
    pantau(office, "once", "verify")
    monkeypatch.setenv("PANTAU_SCHEDULE__RETENTION", "0 7 * * *")
    monkeypatch.setenv("PANTAU_SCHEDULE__DIGEST", "tiap pagi")
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T09:00:00+07:00")
    return office


def test_a_line_that_cannot_be_read_keeps_no_other_job_from_being_caught_up_and_is_told(unread: Path) -> None:
    code, said = pantau(unread, "catch-up")
    assert (code, "schedule.digest: Jadwal «tiap pagi» bukan baris cron" in said) == (2, True)
    assert {run.job: run.state for run in history(unread)} == dict.fromkeys((Job.VERIFY, Job.RETENTION), JobState.OK)


def test_the_list_shows_the_jobs_that_can_be_read_and_names_the_line_that_cannot(unread: Path) -> None:
    code, said = pantau(unread, "list")
    assert (code, "retention" in said) == (1, True)
    assert "schedule.digest: Jadwal «tiap pagi» bukan baris cron" in said


def test_a_job_whose_line_cannot_be_read_is_refused_to_cron_and_done_by_hand(unread: Path) -> None:
    assert pantau(unread, "once", "digest", "--if-due")[0] == 2
    assert pantau(unread, "once", "digest")[0] == 0


def test_the_doctor_names_the_line_that_cannot_be_read(unread: Path) -> None:
    said = CliRunner().invoke(app, ["--workspace", str(unread), "doctor", "--json"]).stdout
    (check,) = [one for one in json.loads(said) if one["check"] == "jadwal digest"]
    assert (check["ok"], check["detail"]) == (False, "schedule.digest: Jadwal «tiap pagi» bukan baris cron")


def test_what_a_rule_forbids_is_refused_to_who_asked_for_it_and_needs_a_person_where_it_merely_fell_due(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_SCHEDULE__RETENTION", "30 4 * * *")
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T01:00:00+07:00")
    with workspace(office) as space, space.database.write() as session:
        audit.record(session, actor="contoh", action="verified", subject="", detail={}, now=space.clock())
    pantau(office, "once", "verify")
    ended = []
    for minute, words in ((31, "once retention"), (37, "once retention --if-due"), (50, "catch-up")):
        monkeypatch.setenv("PANTAU_REPLAY__CLOCK", f"2027-11-20T04:{minute}:00+07:00")
        ended.append(pantau(office, *words.split()))
    assert [code for code, _ in ended] == [3, 1, 1]
    assert all("periksa jam mesin" in said for _, said in ended)


def test_the_list_shows_the_last_run_its_state_and_the_next_time(office: Path) -> None:
    pantau(office, "once", "verify")
    code, said = pantau(office, "list", "--json")
    (job,) = json.loads(said)
    assert code == 0
    assert (job["job"], job["last_run"]["state"], job["late_since"]) == ("verify", "ok", None)
    assert datetime.fromisoformat(job["next_run"]) > datetime.now(UTC)
    assert "selesai" in pantau(office, "list")[1]


def test_the_list_tells_what_is_late_and_fails(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTAU_SCHEDULE__DIGEST", "0 7 * * *")
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T06:00:00+07:00")
    pantau(office, "once", "verify")
    monkeypatch.setenv("PANTAU_REPLAY__CLOCK", "2026-11-20T09:00:00+07:00")
    code, said = pantau(office, "list")
    assert code == 1
    assert "ringkasan surel terlambat sejak 20-11-2026 07:00" in said


def test_the_history_shows_what_was_missed(office: Path) -> None:
    due = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    with workspace(office) as space, space.database.write() as session:
        job_runs.note_missed(session, Job.NIGHTLY, [due], "pantau tidak berjalan pada waktu itu", "mesin-contoh:1")
    _, said = pantau(office, "history", "--job", "nightly")
    assert "terlewat" in said
    assert "02-11-2026 01:30" in said


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("peragaan") / "kantor"
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
    return home


def begun(home: Path, job: Job) -> bool:
    with closing(sqlite3.connect(home / "data" / "pantau.db")) as database:
        return bool(database.execute("SELECT 1 FROM scan_run").fetchone()) and bool(
            database.execute("SELECT 1 FROM job_run WHERE job = ? AND state = 'running'", (job.value,)).fetchone()
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("told", "code", "state", "word"),
    [
        (signal.SIGTERM, 1, JobState.LOST, "dihentikan"),
        (signal.SIGKILL, -9, JobState.RUNNING, ""),
    ],
)
def test_a_night_that_is_ended_from_outside_is_told_and_taken_up_where_it_stood(
    demo: Path, tmp_path: Path, told: signal.Signals, code: int, state: JobState, word: str
) -> None:
    home = tmp_path / "kantor"
    shutil.copytree(demo, home)
    process = subprocess.Popen(command(home, Job.NIGHTLY)[:-1], stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: begun(home, Job.NIGHTLY), every=0.01)
        process.send_signal(told)
        assert process.wait(timeout=60) == code
    finally:
        process.kill()
        process.wait()
    (ended,) = history(home)
    assert ended.state is state
    assert word in ended.detail
    with workspace(home) as space:
        done = perform(space, Job.NIGHTLY)
        with space.database.read() as session:
            (night,) = runs.last_runs(session, 10)
    assert done.state is JobState.OK
    assert night.resumed_at is not None
    assert [run.state for run in history(home)] == [JobState.OK, JobState.LOST]
