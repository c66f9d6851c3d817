from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from db import audit, credentials, runs
from db.connect import Database
from monitor.domain import CredentialEntry
from monitor.errors import PolicyBlocked
from monitor.scan.keys import StoredKeys, note_keys
from monitor.workspace import Workspace
from tests.peers.registers import settings
from tests.scan.offices import NOW, HeldClock, Office, make_office
from tests.scan.written_bluesky import URLS

SECRET = "AIzaContoh-rahasia-0123456789"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return make_office(tmp_path / "kantor", database, settings("bluesky", URLS), HeldClock(NOW))


@pytest.fixture
def space(office: Office) -> Iterator[Workspace]:
    with office.space() as opened:
        yield opened


def lend(space: Workspace, days: float = 60, source: str = "youtube") -> int:
    entry = CredentialEntry(source, "api_key", "komentar", NOW + timedelta(days=days))
    with space.database.write() as session:
        sealed = credentials.seal(space.vault, entry, SECRET)
        return credentials.add(session, sealed, entry, account_id=None, by="rina", now=NOW)


def keys(space: Workspace) -> StoredKeys:
    return StoredKeys(space.database, space.vault, space.clock)


def test_a_secret_is_opened_and_its_use_noted_once_a_run(space: Workspace) -> None:
    number = lend(space)
    for _ in range(2):
        held = keys(space)
        assert [held.secret("youtube", "api_key") for _ in range(3)] == [SECRET] * 3
    with space.database.read() as session:
        used = [row for row in audit.tail(session, action="credential_used") if row.subject == f"credential:{number}"]
    assert len(used) == 2


def test_a_missing_key_says_how_to_enter_it(space: Workspace) -> None:
    with pytest.raises(PolicyBlocked, match="credential add youtube api_key"):
        keys(space).secret("youtube", "api_key")


def test_an_expired_key_is_refused_with_its_date(space: Workspace, office: Office) -> None:
    lend(space, days=1)
    held = keys(space)
    assert held.secret("youtube", "api_key") == SECRET
    office.clock.now += timedelta(days=2)
    with pytest.raises(PolicyBlocked, match="2026-11-21"):
        held.secret("youtube", "api_key")


def test_a_key_that_is_taken_back_while_a_run_goes_on_is_refused_within_a_minute(
    space: Workspace, office: Office
) -> None:
    number = lend(space)
    held = keys(space)
    held.secret("youtube", "api_key")
    with space.database.write() as session:
        credentials.revoke(session, number, by="bayu", now=NOW)
    office.clock.now += timedelta(minutes=1)
    with pytest.raises(PolicyBlocked):
        held.secret("youtube", "api_key")


def test_keys_never_show_a_secret(space: Workspace) -> None:
    lend(space)
    held = keys(space)
    held.secret("youtube", "api_key")
    assert SECRET not in repr(held)


@pytest.mark.parametrize(
    ("days", "warned"), [(15, ""), (14, "berakhir 14 hari lagi"), (0.5, "berakhir 0 hari"), (-1, "sudah kedaluwarsa")]
)
def test_a_night_warns_two_weeks_before_a_key_ends(office: Office, days: float, warned: str) -> None:
    with office.space() as space:
        lend(space, days=days, source="bluesky")
        lend(space, days=days, source="youtube")  # which this office does not read
    with office.parts(_Nothing()) as parts:
        with parts.database.write() as session:
            run = runs.open_run(session, "x", NOW, timedelta(hours=1))
        issues = note_keys(parts, run.id, None)
        assert [issue.kind for issue in issues] == (["credential_expires"] if warned else [])
        assert all(warned in issue.detail for issue in issues)


class _Nothing:
    def send(self, *_: object) -> object:
        raise AssertionError("sent")
