from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor import installation
from monitor.doctor import machine
from monitor.doctor.checks import Check
from monitor.doctor.machine import ClockState
from monitor.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation.create(tmp_path / "office")


def only(found: object) -> Check:
    (check,) = list(found)  # type: ignore[call-overload] # any iterable of checks
    return check


def test_clock_that_nothing_keeps_right_is_told_with_the_way_to_mend_it():
    check = only(machine.time_sync(lambda: ClockState(kept=False, error=16.0)))
    assert not check.well
    assert "timedatectl set-ntp true" in check.mend


def test_clock_that_may_be_wrong_by_seconds_is_not_well():
    assert not only(machine.time_sync(lambda: ClockState(kept=True, error=4.2))).well


def test_clock_that_is_kept_right_is_well():
    assert only(machine.time_sync(lambda: ClockState(kept=True, error=0.01))).well


def test_kernel_answers_within_sense():
    told = machine.kernel_clock()
    assert told is None or 0 <= told.error < 1_000_000


def test_program_as_installed_has_what_it_asks_for():
    assert {check.name: check.well for check in machine.versions()} == {"python": True, "sqlite": True, "program": True}


def test_missing_and_unfitting_libraries_are_named():
    wanted = ["bukan-pustaka-contoh>=1", "typer>=999", "pyyaml", 'winapi-contoh>=1 ; sys_platform == "win32"']
    told = list(machine._amiss(wanted))
    assert told[0] == "bukan-pustaka-contoh"
    assert told[1].startswith("typer ")
    assert len(told) == 2


def stated(**given: int) -> SimpleNamespace:
    usual = {"f_bavail": 10**9, "f_frsize": 4096, "f_favail": 10**6, "f_files": 10**7, "f_flag": 0}
    return SimpleNamespace(**(usual | given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"f_bavail": 1000}, "4.1 MB kosong", id="full"),
        pytest.param({"f_favail": 7}, "tinggal 7 nama berkas", id="no inodes"),
        pytest.param({"f_flag": 1}, "hanya dapat dibaca", id="read-only"),
    ],
)
def test_disk_that_cannot_take_a_night_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, given: dict[str, int], said: str
) -> None:
    monkeypatch.setattr(machine.os, "statvfs", lambda _: stated(**given))
    bad = [check for check in machine.room(settings, None) if not check.well]
    assert bad
    assert said in bad[0].detail
    assert bad[0].mend


def test_file_system_without_counted_inodes_is_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.os, "statvfs", lambda _: stated(f_files=0, f_favail=0))
    assert all(check.well for check in machine.room(settings, None))


def test_backup_of_a_large_database_needs_room_for_its_scratch_files(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "office" / "data" / "besar.db"
    with large.open("wb") as file:
        file.truncate(2_000_000_000)  # a file with a hole: nothing is written
    monkeypatch.setattr(machine.os, "statvfs", lambda _: stated(f_bavail=1_200_000))
    assert not all(check.well for check in machine.room(settings, large))


def test_browser_without_its_driver_is_half_a_thing(settings: Settings, tmp_path: Path) -> None:
    told = settings.pictures.model_copy(update={"browser": tmp_path / "tidak-ada"})
    check = only(machine.pictures(settings.model_copy(update={"pictures": told})))
    assert not check.well
    assert "tidak-ada" in check.detail


def test_pictures_switched_off_ask_for_no_browser(settings: Settings) -> None:
    told = settings.pictures.model_copy(update={"per_night": 0})
    assert only(machine.pictures(settings.model_copy(update={"pictures": told}))).well
