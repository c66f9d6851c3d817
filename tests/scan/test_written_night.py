"""One night over written answers, compared act by act with what was played, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import cases, verify
from db.connect import Database
from db.tables import account, interaction
from monitor.domain import CaseFilter
from monitor.scan.plan import ScanOrder
from monitor.scan.summary import ScanSummary
from scrapers.wire import Answer
from tests.peers.registers import settings
from tests.peers.truth import ExpectedCase, Truth, truth_of
from tests.peers.world import Part, World
from tests.scan.offices import Office, make_office, office_of
from tests.scan.rows import contents, differences
from tests.scan.written_bluesky import URLS, WrittenBluesky


@dataclass(frozen=True, slots=True)
class Night:
    office: Office
    network: WrittenBluesky
    truth: Truth
    summary: ScanSummary
    database: Database


@pytest.fixture(scope="module")
def night(small_world: World, shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A night of an office whose register knows some accounts by their handle only, others by their stable id only."""
    network = WrittenBluesky(small_world, page=3)
    names = {key: (network.handles if n % 2 else network.accounts)[key] for n, key in enumerate(network.accounts)}
    office = office_of(small_world, tmp_path_factory.mktemp("night") / "office", shared_database, names, URLS)
    truth = truth_of(small_world, "bluesky", network.accounts, network.items)
    return Night(office, network, truth, office.scan(network), shared_database)


def stored_acts(database: Database) -> dict[str, datetime | None]:
    with database.read() as session:
        return {row.key: row.occurred_at for row in session.execute(sa.select(interaction))}


def test_every_act_of_registered_people_is_stored_with_its_time_and_no_other(night: Night) -> None:
    assert stored_acts(night.database) == {act.key: act.occurred_at for act in night.truth.acts}


def test_every_case_is_opened_and_no_other(night: Night) -> None:
    numbers = {a.name: a.nip for a in night.truth.world.having(Part.ASN)}
    with night.database.read() as session:
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    found = {ExpectedCase(numbers[r.person.name], r.candidate.number, r.law, r.law_row, r.stage.value) for r in rows}
    assert found == night.truth.cases
    assert night.summary.cases.new == len(rows) == len(found)


def test_the_night_ends_well_and_its_sums_agree(night: Night) -> None:
    assert night.summary.ok, night.summary.issues
    judged = night.summary.judged
    assert (judged.evaluated, judged.hits) == (len(night.truth.acts), sum(1 for act in night.truth.acts if act.pairs))


def test_every_account_of_the_register_has_both_names(night: Night) -> None:
    with night.database.read() as session:
        rows = session.execute(sa.select(account.c.platform_user_id, account.c.handle)).all()
    assert {row.platform_user_id: row.handle for row in rows} == {
        night.network.accounts[a.key]: a.handle for a in night.network.world.actors if a.part is not Part.BYSTANDER
    }


def test_nothing_is_left_to_complain_about(night: Night) -> None:
    with night.office.space() as space, space.database.read() as session:
        assert verify.verify(session) == []
        assert list(space.evidence.damaged(iter(verify.evidence_digests(session)))) == []


def test_nothing_of_a_bystander_is_in_any_row(night: Night) -> None:
    rows = "\n".join(text for table in contents(night.database, frozenset()).values() for text in table).lower()
    assert [name for name in sorted(night.truth.bystanders) if name.lower() in rows] == []


def test_bystanders_are_counted_one_by_one(night: Night) -> None:
    strangers = {a.key for a in night.truth.world.having(Part.BYSTANDER)}
    campaign = {a.key for a in night.truth.world.having(Part.CANDIDATE)}
    posts = {e.ref for e in night.network.texts.values() if e.by in campaign}
    acts = [e for e in night.network.events if e.by in strangers]
    listed = [e for e in acts if e.root in posts or (e.act in ("like", "repost", "quote") and e.target in posts)]
    counted = [t.bystanders_discarded for t in night.summary.targets if t.direction.value == "candidate"]
    assert sum(counted) == len(listed) > 0


def test_a_second_night_changes_no_row(night: Night) -> None:
    before = contents(night.database)
    night.office.clock.now += timedelta(hours=24)
    again = night.office.scan(night.network)
    assert differences(before, contents(night.database)) == {}
    assert (again.judged.evaluated, again.cases.new, again.cases.joined) == (0, 0, 0)


def test_one_target_alone_reads_that_account_only(night: Night) -> None:
    wanted = night.network.accounts["rade"]
    summary = night.office.scan(night.network, ScanOrder(target="rade-contoh.test"))
    assert [t.target for t in summary.targets] == [wanted]


def test_a_handle_that_nobody_has_is_an_issue_and_the_night_goes_on(
    small_world: World, sqlite_database: Database, tmp_path: Path
) -> None:
    network = WrittenBluesky(small_world)
    names = network.accounts | {"asn03": "hilang.contoh.test"}
    office = office_of(small_world, tmp_path / "office", sqlite_database, names, URLS)
    summary = office.scan(network)
    assert not summary.ok
    assert [(i.kind, i.target) for i in summary.issues] == [("unresolved_account", "hilang.contoh.test")]
    assert {t.outcome.value for t in summary.targets} <= {"ok", "empty_confirmed"}


def test_a_night_without_accounts_is_empty_and_well(sqlite_database: Database, tmp_path: Path, network) -> None:
    summary = make_office(tmp_path / "office", sqlite_database, settings("bluesky", URLS)).scan(network)
    assert (summary.targets, summary.ok) == ((), True)


def test_a_platform_that_answers_nobody_is_not_asked_for_every_name(
    small_world: World, sqlite_database: Database, tmp_path: Path
) -> None:
    network = WrittenBluesky(small_world)
    network.faults = dict.fromkeys(("resolveHandle", "getProfile"), lambda url: Answer(500, {}, b"{}", url))
    office = office_of(small_world, tmp_path / "office", sqlite_database, network.handles, URLS)
    summary = office.scan(network)
    waiting = [i for i in summary.issues if i.kind == "unresolved_account"]
    assert len(waiting) == sum(a.part is not Part.BYSTANDER for a in small_world.actors)
    assert len({url for url in network.asked if "resolveHandle" in url}) == 1
