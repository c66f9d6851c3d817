"""Who starts before the database waits for it, ever longer, and says so; who is to end by itself not for ever."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from db.connect import Database
from monitor.errors import DatabaseAway, DatabaseError
from monitor.jobs.waiting import ENOUGH, await_server, patiently
from tests.cli.terminal import pantau


class EnoughError(Exception):
    """The test has seen enough pauses."""


def pauses_of(url: str, most: int) -> tuple[list[float], list[str]]:
    slept: list[float] = []
    told: list[str] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == most:
            raise EnoughError

    with pytest.raises(EnoughError):
        await_server(url, sleep, told.append)
    return slept, told


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_server_that_is_away_is_asked_ever_more_rarely_and_told_of_once() -> None:
    slept, told = pauses_of(f"postgresql+psycopg://pantau@127.0.0.1:{closed_port()}/pantau", 8)
    assert slept == [1, 2, 4, 8, 16, 30, 30, 30]
    assert told == ["Peladen basis data tidak dapat dihubungi; menunggu sampai ia menjawab"]


def test_a_server_whose_name_is_not_known_yet_is_waited_for_and_told_of_each_time() -> None:
    slept, told = pauses_of("postgresql+psycopg://pantau@peladen.invalid/pantau", 3)
    assert slept == [1, 2, 4]
    assert len(told) == 3
    assert all("Nama peladen basis data tidak dikenal" in line and "`database_url`" in line for line in told)


def test_after_so_many_seconds_of_pauses_nothing_is_waited_for() -> None:
    slept: list[float] = []

    def attempt() -> None:
        raise DatabaseAway("Peladen basis data tidak dapat dihubungi")

    with pytest.raises(DatabaseAway):
        patiently(attempt, slept.append, lambda _: None, 60)
    assert slept == [1, 2, 4, 8, 16, 30]


def test_making_a_workspace_waits_no_longer_than_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setenv("PANTAU_DATABASE_URL", f"postgresql+psycopg://pantau@127.0.0.1:{closed_port()}/pantau")
    ended = pantau(tmp_path, "init", "--wait", str(tmp_path / "kantor"))
    assert (ended.exit_code, "tidak dapat dihubungi" in ended.stderr) == (1, True)
    assert ENOUGH <= sum(slept) < ENOUGH + 30


def never(given: object) -> None:
    pytest.fail(f"nobody waits or tells: {given}")


def test_a_server_that_answers_is_not_waited_for(postgres_database: Database) -> None:
    await_server(postgres_database.url, never, never)


def test_a_file_is_neither_waited_for_nor_made(tmp_path: Path) -> None:
    await_server(f"sqlite:///{tmp_path}/kantor.db", never, never)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_refuses_is_not_waited_for(postgres_database: Database) -> None:
    with pytest.raises(DatabaseError, match="tidak ada basis data bernama «tidak_ada»") as refused:
        await_server(unknown(postgres_database), never, never)
    assert not isinstance(refused.value, DatabaseAway)


def test_who_would_wait_ends_at_once_when_the_server_knows_no_such_database(
    postgres_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", never)
    monkeypatch.setenv("PANTAU_DATABASE_URL", unknown(postgres_database))
    ended = pantau(tmp_path, "init", "--wait", str(tmp_path / "kantor"))
    assert ended.exit_code == 1
    assert "tidak ada basis data bernama «tidak_ada»" in ended.stderr
    assert "docs/pengaturan.md" in ended.stderr


def unknown(database: Database) -> str:
    """Return the address of a database that the server does not have."""
    return database.engine.url.set(database="tidak_ada").render_as_string(hide_password=False)
