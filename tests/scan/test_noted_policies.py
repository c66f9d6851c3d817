"""The policy record under which a source is read stands in the database before anything is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db import audit, policies
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


def noted(office: Office) -> list[str]:
    with office.space() as space, space.database.read() as session:
        return [row.subject for row in audit.tail(session, action="policy_noted")]


@pytest.fixture
def database(sqlite_database):  # type: ignore[no-untyped-def]  # one database is enough: the function beneath is tested on both
    return sqlite_database


def test_a_first_night_notes_the_policy_once_and_says_nothing(office: Office, network: WrittenBluesky) -> None:
    first = office.scan(network)
    again = office.scan(network)
    assert noted(office) == ["source:bluesky"]
    assert [i.kind for i in (*first.issues, *again.issues)] == []


def test_a_changed_policy_is_noted_again_and_told_without_failing_the_night(
    office: Office, network: WrittenBluesky
) -> None:
    office.scan(network)
    with office.parts(network) as parts:
        changed = {name: replace(policy, daily_cap=policy.daily_cap + 1) for name, policy in parts.policies.items()}
        summary = run_night(replace(parts, policies=changed), ScanOrder(), Silent())
    assert noted(office) == ["source:bluesky"] * 2
    assert [(i.source, i.kind) for i in summary.issues] == [("bluesky", "policy_changed")]
    assert summary.ok


def test_a_source_that_may_not_be_read_is_not_noted(office: Office, network: WrittenBluesky) -> None:
    with office.parts(network) as parts:
        run_night(replace(parts, policies={}), ScanOrder(), Silent())
    with office.space() as space, space.database.read() as session:
        assert policies.latest(session, "bluesky") is None
