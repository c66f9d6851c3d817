from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.assembly import night
from monitor.cli.demo import fill, make_workspace
from monitor.domain import Direction
from monitor.scan.night import run_night
from monitor.scan.plan import Register, ScanOrder, plan_night
from monitor.scan.progress import Silent
from monitor.workspace import workspace


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    home = tmp_path_factory.mktemp("kantor") / "peragaan"
    make_workspace(home)
    settings = home / "pantau.toml"
    settings.write_text(settings.read_text() + "\n[scan]\nsince_days = 1\n")
    with workspace(home) as space:
        fill(space, home)
        yield space


def read_back_to(space):
    with night(space) as parts, space.database.read() as session:
        plan = plan_night(parts, ScanOrder(), Register.load(session, space.clock()), space.clock())
    return {visit.target.direction: visit.target.since for visit in plan.visits}


def test_a_new_account_is_read_from_the_first_stage_once_and_pairs_with_it(office):
    with office.database.read() as session:
        first_stage = Register.load(session, office.clock()).contests[0].stages[0].starts
    assert read_back_to(office) == {Direction.CANDIDATE: first_stage, Direction.SUBJECT: first_stage}
    with night(office) as parts:
        run_night(parts, ScanOrder(), Silent())
    day = office.clock().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    assert read_back_to(office) == {Direction.CANDIDATE: day, Direction.SUBJECT: day}
