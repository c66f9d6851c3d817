"""A start that fails before the database knows of it leaves last words; one that is on record leaves none."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from db.connect import Database, open_database
from monitor.domain import FailedStart, Hindrance, Job, JobState, Starter
from monitor.errors import ConfigError, DatabaseError, LockHeld, NoRoom, PantauError, UsageError
from monitor.jobs.flight import flight
from monitor.jobs.starting import noted, why
from monitor.jobs.tasks import Done
from monitor.last_words import LastWords
from monitor.vault import Vault
from tests.cli.terminal import pantau
from tests.jobs.offices import FIRST_NIGHT, Schedule, schedule_of

STARTS = (
    (("schedule", "once", "digest"), Job.DIGEST),
    (("schedule", "catch-up"), Starter.SCHEDULE),
    (("schedule", "run"), Starter.SCHEDULE),
    (("worker",), Starter.WORKER),
    (("scan",), Job.NIGHTLY),
    (("scan", "--due"), Job.REVISIT),
)


@pytest.fixture
def schedule(tmp_path: Path, sqlite_database: Database, vault: Vault) -> Schedule:
    return schedule_of(tmp_path, sqlite_database, vault)


def left(schedule: Schedule) -> tuple[FailedStart, ...]:
    return LastWords(schedule.space.settings.data_dir).read()


def test_a_job_whose_record_cannot_be_written_leaves_when_and_why(
    tmp_path: Path, sqlite_database: Database, vault: Vault
) -> None:
    file = sqlite_database.engine.url.database
    schedule = schedule_of(tmp_path, open_database(f"sqlite:///file:{file}?mode=ro&uri=true"), vault)
    with pytest.raises(DatabaseError, match="hanya dapat dibaca"):
        schedule.perform(due=FIRST_NIGHT)
    assert left(schedule) == (FailedStart(Job.NIGHTLY, Hindrance.READ_ONLY, FIRST_NIGHT, FIRST_NIGHT),)


def test_a_job_that_fails_once_it_is_on_record_leaves_no_last_words(schedule: Schedule) -> None:
    def fail(_space: object) -> Done:
        raise NoRoom("Cakram penuh")

    schedule.work = fail
    assert schedule.perform(due=FIRST_NIGHT).state is JobState.FAILED
    assert left(schedule) == ()


def test_a_job_that_is_refused_leaves_no_last_words(schedule: Schedule) -> None:
    with flight(schedule.space.settings, schedule.space.database, Job.NIGHTLY):
        assert schedule.perform(due=FIRST_NIGHT).state is JobState.REFUSED
    assert left(schedule) == ()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert pantau(tmp_path, "init", str(tmp_path)).exit_code == 0
    return tmp_path


def test_every_start_whose_database_is_away_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv(
            "PANTAU_DATABASE_URL", f"postgresql+psycopg://pantau@127.0.0.1:{closed.getsockname()[1]}/pantau"
        )
        asking = [(command, what) for command, what in STARTS if command not in (("worker",), ("schedule", "run"))]
        for command, _ in asking:  # a worker and a schedule wait for it instead
            assert pantau(home, *command).exit_code == 1
    found = [(start.what, start.why) for start in LastWords(home / "data").read()]
    assert found == [(what, Hindrance.DATABASE_AWAY) for _, what in asking]


@pytest.mark.parametrize(("command", "what"), STARTS)
def test_a_start_whose_settings_cannot_be_read_says_so(home: Path, command: tuple[str, ...], what: Job) -> None:
    (home / "pantau.toml").write_text("[agency\n", encoding="utf-8")
    assert pantau(home, *command).exit_code == 2
    assert [(start.what, start.why) for start in LastWords(home / "data").read()] == [(what, Hindrance.SETTINGS)]


@pytest.mark.parametrize("failure", [LockHeld("x"), UsageError("x")])
def test_who_was_refused_or_asked_wrongly_leaves_no_last_words(home: Path, failure: PantauError) -> None:
    with pytest.raises(type(failure)), noted(home, Job.NIGHTLY):
        raise failure
    assert LastWords(home / "data").read() == ()


def refused_key() -> ConfigError:
    error = ConfigError("x")
    error.__cause__ = PermissionError(errno.EACCES, "x")
    return error


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "x"), Hindrance.DISK_FULL),
        (OSError(errno.EFBIG, "x"), Hindrance.DISK_FULL),
        (NoRoom("x"), Hindrance.DISK_FULL),
        (OSError(errno.EROFS, "x"), Hindrance.READ_ONLY),
        (OSError(errno.ENOENT, "x"), Hindrance.OTHER),
        (ConfigError("x"), Hindrance.SETTINGS),
        (refused_key(), Hindrance.NO_PERMISSION),
        (MemoryError(), Hindrance.MEMORY),
        (DatabaseError("x"), Hindrance.DATABASE_REFUSED),
        (ValueError(), Hindrance.OTHER),
    ],
)
def test_why_a_start_failed_is_told_in_a_token(failure: Exception, told: Hindrance) -> None:
    assert why(failure) is told


def test_a_start_without_a_folder_for_words_fails_with_its_own_failure(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="begitu"), noted(tmp_path, Job.NIGHTLY):
        raise ConfigError("begitu")
    assert list(tmp_path.iterdir()) == []
