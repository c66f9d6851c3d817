"""A whole night on real servers, compared act by act and case by case with what was played on them."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.connect import open_database
from tests.e2e.queue_shape import CASE, SCAN, faults
from tests.peers.fixtures import PeerWorld
from tests.peers.office import Office, found_office
from tests.scan.rows import LOOKING, contents, differences

pytestmark = [pytest.mark.peer, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Night:
    peer: PeerWorld
    office: Office
    summary: dict[str, Any]


def first_night(home: Path, peer: PeerWorld) -> Night:
    office = found_office(home, peer)
    return Night(peer, office, office.read("scan"))


@pytest.fixture(scope="module", params=["bluesky", "mastodon"])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Night:
    peer: PeerWorld = request.getfixturevalue(f"{request.param}_world")
    return first_night(tmp_path_factory.mktemp(request.param) / "office", peer)


def test_every_act_of_registered_people_is_stored_and_no_other(night: Night):
    expected = {act.key: act for act in night.peer.truth.acts}
    stored = night.office.stored_acts()
    assert [act for key, act in expected.items() if key not in stored] == []
    assert set(stored) - set(expected) == set()


def test_exact_times_are_kept_and_impossible_ones_are_brackets(night: Night):
    stored = night.office.stored_acts()
    wrong = [(act, stored[act.key]) for act in night.peer.truth.acts if act.key in stored and
             stored[act.key] != act.occurred_at]  # fmt: skip
    assert wrong == []


def test_every_case_is_opened_and_no_other(night: Night):
    assert night.office.stored_cases(night.peer) == night.peer.truth.cases


def test_bystanders_stand_in_no_file_of_the_workspace(night: Night):
    assert night.office.files_holding(night.peer.truth.bystanders) == {}


def test_bystanders_are_counted(night: Night):
    assert sum(target["bystanders_discarded"] for target in night.summary["targets"]) > 0


def test_night_ends_well(night: Night):
    assert night.summary["ok"], night.summary["issues"]


def test_sums_agree(night: Night):
    judged = night.summary["judged"]
    parts = [judged[name] for name in ("hits", "misses", "not_evaluable", "errors")]
    assert judged["evaluated"] == sum(parts) == len(night.peer.truth.acts)


# A live network may word the same listing otherwise a minute later; both wordings are then kept. Recorded and written
# nights, whose answers stand still, compare these tables as well.
WORDINGS = frozenset({"evidence_file", "capture", "interaction_capture", "item_capture"})


def test_second_night_changes_no_row(night: Night):
    before = rows_of(night.office)
    again = night.office.read("scan")
    assert differences(before, rows_of(night.office)) == {}
    assert again["cases"] == {"new": 0, "joined": 0, "reopened": 0, "unqueued": 0}


def rows_of(office: Office) -> dict[str, Counter[str]]:
    database = open_database(office.database_url)
    try:
        return contents(database, LOOKING | WORDINGS)
    finally:
        database.dispose()


def test_nothing_is_left_to_complain_about(night: Night):
    assert night.office.read("verify") == {"ok": True, "problems": []}


def test_what_is_printed_has_the_fixed_shape(night: Night):
    queue = night.office.read("queue", "list")
    assert queue
    assert faults(queue, [CASE]) == []
    assert faults(night.summary, SCAN) == []


def test_bystanders_stand_in_no_report_and_in_nothing_printed(night: Night):
    week = night.peer.world.now.date().isocalendar()
    printed = night.office.run("report", "weekly", "--week", f"{week.year}-W{week.week:02d}", "--json")
    printed += night.office.run("queue", "list") + night.office.run("queue", "list", "--json")
    printed += "".join(
        night.office.run("queue", "show", str(case["id"])) for case in night.office.read("queue", "list")[:3]
    )
    printed += json.dumps(night.summary)
    assert [word for word in sorted(night.peer.truth.bystanders) if word.lower() in printed.lower()] == []
    assert night.office.files_holding(night.peer.truth.bystanders) == {}
    assert list((night.office.home / "data" / "reports").iterdir()) != []
