from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from monitor.errors import ConfigError
from monitor.jobs.schedule import cron_lines, planned
from monitor.settings import Settings


def settings(home, **sections):
    return Settings(home=home, **sections)


def test_all_jobs_are_planned_in_the_office_zone(tmp_path):
    jobs = planned(settings(tmp_path, agency={"timezone": "Asia/Makassar"}))
    assert {job.name for job in jobs} == {"nightly", "weekly", "digest"}
    night = next(job for job in jobs if job.name == "nightly")
    assert (night.next_run.hour, night.next_run.minute) == (1, 30)
    assert night.next_run.tzinfo.key == "Asia/Makassar"


def test_the_job_store_on_disk_keeps_the_next_run(tmp_path):
    first = planned(settings(tmp_path))
    assert planned(settings(tmp_path)) == first
    assert (tmp_path / "data" / "jadwal.db").is_file()


def test_a_changed_time_replaces_the_stored_job(tmp_path):
    planned(settings(tmp_path))
    jobs = planned(settings(tmp_path, schedule={"nightly": "15 2 * * *"}))
    night = next(job for job in jobs if job.name == "nightly")
    assert (night.next_run.hour, night.next_run.minute) == (2, 15)


def test_a_time_that_is_no_cron_line_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="bukan baris cron"):
        planned(settings(tmp_path, schedule={"nightly": "tiap malam"}))


def test_the_cron_form_names_zone_time_and_workspace(tmp_path):
    lines = cron_lines(settings(tmp_path, agency={"timezone": "Asia/Jayapura"}))
    assert "CRON_TZ=Asia/Jayapura" in lines
    assert f"--workspace {tmp_path} scan" in lines
    assert "OnCalendar=*-*-* 01:30:00 Asia/Jayapura" in lines


@pytest.mark.parametrize("cron", ["0 6 * * mon", "0 6 * * 1"])
def test_a_monday_in_cron_is_a_monday_in_the_schedule(tmp_path, cron):
    jobs = planned(settings(tmp_path, schedule={"weekly": cron}))
    weekly = next(job for job in jobs if job.name == "weekly")
    assert weekly.next_run.astimezone(ZoneInfo("Asia/Jakarta")).weekday() == 0
