from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from db import runs
from monitor.assembly import workspace
from monitor.cli.demo import fill, make_workspace
from monitor.jobs import tasks
from tests.scan.own_rules import text


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    home = tmp_path_factory.mktemp("kantor") / "peragaan"
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
    return home


def test_the_nightly_job_scans_and_records_its_run(office):
    tasks.nightly(str(office))
    with workspace(office) as space, space.database.read() as session:
        (run,) = runs.last_runs(session, 1)
    assert (run.ok, run.finished_at is not None) == (True, True)


def test_a_night_that_needs_a_person_fails_its_job(office, tmp_path):
    other = tmp_path / "peragaan"
    make_workspace(other)
    with workspace(other) as space:
        fill(space, other)
    (other / "pantau.toml").write_text((other / "pantau.toml").read_text().replace("enabled = true", "enabled = false"))
    with pytest.raises(tasks.NightNeedsPerson, match="policy_blocked"):
        tasks.nightly(str(other))


def test_the_nightly_job_takes_up_changed_rules_and_fails_loudly_on_broken_ones(tmp_path):
    home = tmp_path / "peragaan"
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
    rules = home / "aturan"
    rules.mkdir(exist_ok=True)
    (rules / "kantor.yml").write_text(text("shadow"))
    tasks.nightly(str(home))
    (rules / "kantor.yml").write_text("id: [")
    with pytest.raises(tasks.NightNeedsPerson, match="rules_broken"):
        tasks.nightly(str(home))
    with workspace(home) as space, space.database.read() as session:
        broken, good = runs.last_runs(session, 2)
        issues = runs.run_issues(session, broken.id)
    assert broken.summary["ruleset"] == good.summary["ruleset"] != ""
    assert [issue.kind for issue in issues if issue.needs_person] == ["rules_broken"]


def test_the_weekly_job_writes_the_report_of_the_week_before(office):
    tasks.weekly(str(office))
    (report,) = (office / "data" / "reports").glob("*.json")
    assert json.loads(report.read_text())["week"] == "2026-W46"


@pytest.mark.slow
def test_the_schedule_runs_until_it_is_told_to_stop(office):
    command = [sys.executable, "-m", "monitor", "--workspace", str(office), "schedule", "run"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        deadline = time.monotonic() + 60
        while not (office / "data" / "jadwal.db").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 1
        assert b"dihentikan" in process.stderr.read()
    finally:
        process.kill()
        process.wait()
