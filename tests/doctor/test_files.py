from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import installation
from monitor.doctor import files
from monitor.doctor.checks import Check, Look, seen_by
from monitor.domain import Hindrance, Job
from monitor.last_words import NAME as LAST_WORDS
from monitor.last_words import LastWords
from monitor.scan.lock import single_flight
from monitor.settings import Settings, load_settings
from tests.conftest import unavailable


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation.create(tmp_path / "office")


def seen(look: Callable[[], object]) -> dict[str, Check]:
    return {check.name: check for check in seen_by(Look("hal", look))}  # type: ignore[arg-type] # a look as it is used


def now() -> datetime:
    return datetime.now(UTC)


def test_fresh_workspace_is_private_and_can_be_written(settings: Settings) -> None:
    database = settings.data_dir / "pantau.db"
    looks = (
        lambda: files.writing(settings),
        lambda: files.privacy(settings, database),
        lambda: files.secrets(settings),
    )
    assert all(check.well for look in looks for check in seen(look).values())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PANTAU_DATABSE_URL", "PANTAU_DATABASE_URL"),
        ("PANTAU_AGENCI__NAME", "PANTAU_AGENCY"),
        ("PANTAU_AGENCY_NAME", "PANTAU_AGENCY__NAME"),
    ],
)
def test_a_misspelt_variable_is_told_with_the_one_that_was_meant(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    monkeypatch.setenv(written, "x")
    told = seen(lambda: files.configured(settings))["lingkungan"]
    assert not told.well
    assert written in told.detail
    assert meant in told.mend


@pytest.mark.parametrize("others", ["PANTAU_WEB_SERVICE_HOST", "PANTAU_PORT", "PANTAU_HOST", "PANTAUAN"])
def test_a_variable_of_somebody_else_is_left_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, others: str
) -> None:
    monkeypatch.setenv(others, "x")
    assert "lingkungan" not in seen(lambda: files.configured(settings))


@pytest.mark.parametrize("known", ["PANTAU_HOME", "PANTAU_TOKEN", "PANTAU_AGENCY__NAME"])
def test_a_variable_that_is_read_is_no_misspelt_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    monkeypatch.setenv(known, "x")
    assert "lingkungan" not in seen(lambda: files.configured(settings))


def test_data_that_others_may_open_is_told_with_the_command_that_closes_it(settings: Settings) -> None:
    settings.data_dir.chmod(0o755)
    check = seen(lambda: files.privacy(settings, None))["izin baca"]
    assert not check.well
    assert check.mend == f"jalankan `chmod go= {settings.data_dir}`"


def test_settings_that_others_may_change_are_told(settings: Settings) -> None:
    (settings.home / "pantau.toml").chmod(0o666)
    assert "chmod go-w" in seen(lambda: files.privacy(settings, None))["izin baca"].mend


def test_files_of_another_system_user_are_told(settings: Settings) -> None:
    told = seen(lambda: files.privacy(settings, None, user=os.geteuid() + 1))["pemilik berkas"]
    assert not told.well
    assert "chown -R" in told.mend


def test_last_words_of_another_system_user_are_told(settings: Settings) -> None:
    if os.geteuid() != 0:
        unavailable("hanya root dapat memberikan berkas kepada pengguna lain")
    os.chown(settings.data_dir / LAST_WORDS, 4711, 4711)
    assert LAST_WORDS in seen(lambda: files.privacy(settings, None))["pemilik berkas"].detail


def test_folder_that_takes_no_file_is_told(settings: Settings) -> None:
    settings.reports_dir.rmdir()
    told = seen(lambda: files.writing(settings))["izin tulis"]
    assert not told.well
    assert str(settings.reports_dir) in told.detail


def test_secret_file_that_others_may_read_is_told(settings: Settings) -> None:
    secret = settings.keys_dir / "smtp.url"
    secret.write_text("smtp://127.0.0.1\n", encoding="utf-8")
    secret.chmod(0o644)
    with (settings.home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write('[notify]\nenabled = true\nsmtp_file = "data/keys/smtp.url"\n')
    told = seen(lambda: files.secrets(load_settings(settings.home)))["hal"]
    assert not told.well
    assert told.mend == f"jalankan `chmod 600 {secret}`"


def test_work_that_goes_on_is_named_with_its_process(settings: Settings) -> None:
    with single_flight(settings.data_dir / "scan.lock", "scan"):
        told = seen(lambda: files.locks(settings, now))["kunci kerja"]
    assert told.well
    assert f"proses {os.getpid()}" in told.detail


def test_work_that_holds_its_lock_for_a_day_is_told(settings: Settings) -> None:
    path = settings.data_dir / "scan.lock"
    with single_flight(path, "scan"):
        before = (now() - timedelta(days=1)).timestamp()
        os.utime(path, (before, before))
        assert not seen(lambda: files.locks(settings, now))["kunci kerja"].well


def test_lock_of_a_dead_process_is_no_lock(settings: Settings) -> None:
    (settings.data_dir / "scan.lock").write_text("999999", encoding="utf-8")
    assert "kunci kerja" not in seen(lambda: files.locks(settings, now))


def test_old_drafts_of_stopped_work_are_told(settings: Settings) -> None:
    draft = settings.reports_dir / "laporan.xlsx.part"
    draft.touch()
    assert seen(lambda: files.locks(settings, now))["sisa pekerjaan"].well
    assert not seen(lambda: files.locks(settings, lambda: now() + timedelta(days=3)))["sisa pekerjaan"].well


def test_starts_that_failed_before_any_record_are_named_until_a_night_tells_them(settings: Settings) -> None:
    assert seen(lambda: files.failed_starts(settings)) == {}
    words = LastWords(settings.data_dir)
    for hour in (18, 19):
        words.add(Job.NIGHTLY, Hindrance.DISK_FULL, datetime(2026, 11, 20, hour, 30, tzinfo=UTC))
    check = seen(lambda: files.failed_starts(settings))["gagal dimulai: pemindaian malam"]
    assert not check.well
    assert check.detail == "cakram penuh atau tidak dapat ditulis (2 kali, terakhir 21 Nov 2026, 02.30 WIB)"
    words.forget(words.read())
    assert seen(lambda: files.failed_starts(settings)) == {}
