"""A night under a tight cap: whose turn does not come is told so, and comes first the next time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db.connect import Database
from monitor.domain import Act, Coverage, Direction, Outcome, TargetResult
from monitor.scan.plan import Register, ScanOrder, plan_night
from monitor.scan.planned import plan_tonight
from monitor.scan.summary import ScanSummary
from tests.peers.world import World
from tests.scan.offices import Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky


@pytest.fixture
def capped(small_world: World, network: WrittenBluesky, sqlite_database: Database, tmp_path: Path) -> Office:
    return office_of(small_world, tmp_path / "office", sqlite_database, network.accounts, URLS)


def cap(office: Office, requests: int) -> None:
    settings = office.home / "pantau.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    text = "\n".join(f"daily_cap = {requests}" if line.startswith("daily_cap") else line for line in lines)
    settings.write_text(text + "\n", encoding="utf-8")


def left_out(summary: ScanSummary) -> list[TargetResult]:
    return [t for t in summary.targets if t.outcome is Outcome.BUDGET_SPENT and not t.requests]


def test_what_did_not_fit_is_coverage_budget_and_said(capped: Office, network: WrittenBluesky) -> None:
    cap(capped, 20)
    summary = capped.scan(network)
    out = left_out(summary)
    assert {dict(t.coverage)[Act.LIKE] for t in out} == {Coverage.BUDGET}
    assert {t.direction for t in out} >= {Direction.SUBJECT}
    told = [i.detail for i in summary.issues if i.kind == "budget"]
    assert len(told) == 1
    assert f"{len(out)} dari" in told[0]
    assert not summary.ok


def test_whoever_was_left_out_comes_first_the_next_night(capped: Office, network: WrittenBluesky) -> None:
    capped.scan(network)
    capped.clock.sleep(24 * 3600)
    with capped.parts(network) as parts, parts.database.read() as session:
        register = Register.load(session, parts.clock())
    subjects = [key for key in register.facts if key[1] == "subject"]
    late = subjects[-1]
    facts = {key: fact for key, fact in register.facts.items() if key != late}
    with capped.parts(network) as parts:
        plan = plan_night(parts, ScanOrder(), replace(register, facts=facts), parts.clock())
    first = next(v for v in plan.visits if v.target.direction is Direction.SUBJECT)
    assert first.target.account.user_id == late[2]


def test_the_plan_explains_itself_and_asks_nobody(capped: Office, network: WrittenBluesky) -> None:
    cap(capped, 20)
    with capped.parts(network) as parts:
        told = plan_tonight(parts, ScanOrder()).as_json()
    assert network.asked == []
    assert told["sources"][0]["tight"]
    assert told["sources"][0]["left"] == 20
    tonight = [target["tonight"] for target in told["targets"]]
    assert tonight == sorted(tonight, reverse=True)
    assert any("tidak kebagian" in target["why"] for target in told["targets"])
    assert "pasangan calon didahulukan" in told["targets"][0]["why"]
