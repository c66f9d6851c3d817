"""A night whose parts are done by different processes: in any order, in halves, twice, and with what may go wrong."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from db import planned_visits, runs
from db.planned_visits import PlannedVisit
from db.tables import interaction, register_change, target_run
from monitor.assembly import night
from monitor.domain import Outcome, StageKind
from monitor.errors import LockHeld, NetworkFailure
from monitor.scan.breaker import IN_A_ROW, Breaker
from monitor.scan.evenness import UNEVEN
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.shift import HostRests, Stopped
from monitor.scan.spread import (
    DEAD,
    Crew,
    asked_as_json,
    asked_from_json,
    begin_shared,
    end_shared,
    give_up,
    join,
    visit_shared,
)
from scrapers.fetch import Fetcher, Identity
from scrapers.wire import Answer, Call
from tests.peers.truth import Truth
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky

ORDER = ScanOrder()


class SettingWire:
    """A network during whose answers somebody sets the machine's clock."""

    def __init__(self, network: WrittenBluesky, office: Office, jump: timedelta) -> None:
        self.network, self.office, self.jump = network, office, jump

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        self.office.clock.now += self.jump
        return self.network.send(call, limit, timeout)


class BrokenWire:
    """A network that is down while it is said to be, or after so many `good` answers."""

    def __init__(self, network: WrittenBluesky) -> None:
        self.network, self.down, self.good = network, False, float("inf")

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        self.good -= 1
        if self.down or self.good < 0:
            raise NetworkFailure("Tidak ada jawaban", url=call.url)
        return self.network.send(call, limit, timeout)


class StoppingWire:
    """A network that tells the process to stop while it gives the answer of one number."""

    def __init__(self, network: WrittenBluesky, stop: threading.Event, at: int) -> None:
        self.network, self.stop, self.at, self.number = network, stop, at, 0

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        self.number += 1
        if self.number == self.at:
            self.stop.set()
        return self.network.send(call, limit, timeout)


@contextmanager
def worker(office: Office, wire: WrittenBluesky | BrokenWire | SettingWire | StoppingWire) -> Iterator[Parts]:
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    with office.space() as space, night(space, threading.Event()) as parts:
        yield replace(parts, fetcher=Fetcher(parts.policies, identity, office.clock, office.clock.sleep, wire))


def begun(parts: Parts) -> tuple[Crew, tuple[PlannedVisit, ...]]:
    run_id, left = begin_shared(parts, ORDER, lambda _: 4)
    crew = join(parts, run_id)
    assert crew is not None
    return crew, left


def visit(parts: Parts, crew: Crew, planned: PlannedVisit) -> None:
    visit_shared(parts, crew, planned.key, threading.Event())


def test_visits_in_any_order_by_several_processes_find_everything(
    office: Office, network: WrittenBluesky, truth: Truth
) -> None:
    with worker(office, network) as first, worker(office, network) as second:
        crew, left = begun(first)
        other = join(second, crew.run_id)
        assert other is not None
        shuffled = random.Random(20261124).sample(left, len(left))
        for number, planned in enumerate(shuffled):
            visit(*((first, crew) if number % 2 else (second, other)), planned)
        summary = end_shared(second, crew.run_id)
        assert summary is not None
        assert summary.ok, summary.issues
        with first.database.read() as session:
            stored = set(session.execute(sa.select(interaction.c.key)).scalars())
    assert stored == {act.key for act in truth.acts}
    assert {(t.source, t.direction.value, t.target) for t in summary.targets} == {planned.key for planned in left}


def test_a_visit_that_is_made_is_not_made_again(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        visit(parts, crew, left[0])
        asked = len(network.asked)
        visit(parts, crew, left[0])
    assert len(network.asked) == asked


def test_beginning_again_goes_on_with_the_same_night(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        visit(parts, crew, left[0])
        again, rest = begun(parts)
    assert (again.run_id, rest) == (crew.run_id, left[1:])


def test_a_stopped_visit_goes_on_where_it_was(office: Office, network: WrittenBluesky) -> None:
    stop = threading.Event()
    with worker(office, network) as parts:
        crew, left = begun(parts)
        fetcher = Fetcher(parts.policies, Identity("Contoh", "a@contoh.example", "0"), office.clock, office.clock.sleep,
                          StoppingWire(network, stop, 2))  # fmt: skip
        before = len(network.asked)
        with pytest.raises(Stopped):
            visit_shared(replace(parts, fetcher=fetcher), crew, left[0].key, stop)
        first = network.asked[before:]
        visit(parts, crew, left[0])
        rest = network.asked[before + len(first) :]
    assert len(first) == 2
    assert rest
    assert not set(first) & set(rest)


def test_while_the_network_is_down_visits_wait_and_then_are_made(
    office: Office, network: WrittenBluesky, truth: Truth
) -> None:
    broken, ticks = BrokenWire(network), [0.0]
    with worker(office, broken) as parts:
        crew, left = begun(parts)
        crew = replace(crew, breaker=Breaker(60, 5, lambda: ticks[0]))
        broken.down = True
        for planned in left[:IN_A_ROW]:
            visit(parts, crew, planned)
        for planned in left[IN_A_ROW:]:
            with pytest.raises(HostRests) as host:
                visit(parts, crew, planned)
            assert host.value.seconds == 60
        broken.down, ticks[0] = False, 60
        for planned in left:
            visit(parts, crew, planned)
        with parts.database.read() as session:
            outcomes = Counter(session.execute(sa.select(target_run.c.outcome)).scalars())
    assert outcomes[Outcome.NETWORK] == IN_A_ROW
    assert outcomes.total() == len(left)


def test_a_visit_in_whose_midst_the_network_goes_down_goes_on_once_it_is_back(
    office: Office, network: WrittenBluesky
) -> None:
    broken, ticks = BrokenWire(network), [0.0]
    with worker(office, broken) as parts:
        crew, left = begun(parts)
        crew = replace(crew, breaker=Breaker(60, 2, lambda: ticks[0]))
        broken.good, before = 2, len(network.asked)
        with pytest.raises(HostRests):
            visit(parts, crew, left[0])
        broken.good, ticks[0] = float("inf"), 60
        visit(parts, crew, left[0])
        with parts.database.read() as session:
            row = session.execute(sa.select(target_run.c.outcome, target_run.c.requests)).one()
    answers = len(network.asked) - before
    assert answers > 2
    assert (row.outcome, row.requests) == (Outcome.NETWORK, answers + IN_A_ROW)


def test_the_end_waits_for_every_visit_and_comes_once(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        for planned in left[1:]:
            visit(parts, crew, planned)
        assert end_shared(parts, crew.run_id) is None
        visit(parts, crew, left[0])
        assert end_shared(parts, crew.run_id) is not None
        assert end_shared(parts, crew.run_id) is None
        assert join(parts, crew.run_id) is None


def test_a_visit_that_is_given_up_is_told_and_the_night_ends(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        for planned in left[1:]:
            visit(parts, crew, planned)
        give_up(parts, crew.run_id, left[0].key, "gagal 5 kali")
        give_up(parts, crew.run_id, left[1].key, "gagal 5 kali")  # somebody made it: nothing happens
        summary = end_shared(parts, crew.run_id)
    assert summary is not None
    assert [issue.target for issue in summary.issues if issue.kind == DEAD] == [left[0].target]
    assert [t.target for t in summary.targets if t.outcome is Outcome.DRIFT] == [left[0].target]
    assert not summary.ok


def test_other_work_is_refused_while_a_shared_night_is_open(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        with pytest.raises(LockHeld, match="para pekerja"):
            office.scan(network)
        for planned in left:
            visit(parts, crew, planned)
        end_shared(parts, crew.run_id)
    assert office.scan(network).run != crew.run_id


def test_a_night_that_nobody_took_up_for_long_keeps_nobody_from_working(
    office: Office, network: WrittenBluesky
) -> None:
    with worker(office, network) as parts:
        crew, _ = begun(parts)
    office.clock.now += timedelta(hours=23)
    assert office.scan(network).run > crew.run_id


def test_a_policy_withdrawn_in_the_night_stops_the_visits_that_are_left(
    office: Office, network: WrittenBluesky
) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        asked = len(network.asked)
        visit(replace(parts, policies={}), crew, left[0])
        with parts.database.read() as session:
            outcomes = set(session.execute(sa.select(target_run.c.outcome)).scalars())
    assert outcomes == {Outcome.POLICY_BLOCKED}
    assert len(network.asked) == asked


def test_an_account_that_left_the_register_is_not_visited(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        asked = len(network.asked)
        visit(parts, replace(crew, accounts={}), left[0])
        with parts.database.read() as session:
            assert left[0] not in planned_visits.left(session, crew.run_id)
    assert len(network.asked) == asked


def test_a_night_on_which_nothing_may_be_visited_ends_and_says_why(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        shut = replace(parts, policies={})
        crew, left = begun(shut)
        summary = end_shared(shut, crew.run_id)
    assert left == ()
    assert summary is not None
    assert {target.outcome for target in summary.targets} == {Outcome.POLICY_BLOCKED}
    assert not summary.ok


def test_a_night_whose_accounts_all_left_the_register_ends(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        for planned in left:
            visit(parts, replace(crew, accounts={}), planned)
        assert end_shared(parts, crew.run_id) is not None


def test_a_register_change_during_the_night_waits_for_the_next_one(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        crew, left = begun(parts)
        office.clock.now += timedelta(minutes=1)
        change = {"kind": "account", "reason": "added", "created_at": office.clock.now}
        with parts.database.write() as session:
            session.execute(register_change.insert().values(change))
        for planned in left:
            visit(parts, crew, planned)
        end_shared(parts, crew.run_id)
        with parts.database.read() as session:
            queued = sa.select(register_change.c.created_at).where(register_change.c.done_at.is_(None))
            assert set(session.execute(queued).scalars()) == {change["created_at"]}


def test_a_lane_belongs_to_one_source_and_province(office: Office, network: WrittenBluesky) -> None:
    with worker(office, network) as parts:
        _, left = begun(parts)
    assert {planned.shard for planned in left} == {"99"}
    assert {planned.lane.rpartition("#")[0] for planned in left} == {"bluesky#99"}
    assert len({planned.lane for planned in left}) > 1


moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1))  # noqa: DTZ001 - the zone is the strategy's


@given(
    st.builds(
        ScanOrder,
        source=st.none() | st.text(max_size=8),
        target=st.none() | st.text(max_size=8),
        since=st.none() | moments,
        stages=st.lists(st.sampled_from(StageKind), max_size=3).map(tuple),
    )
)
def test_an_order_is_read_as_it_was_written(order: ScanOrder) -> None:
    assert asked_from_json(asked_as_json(order)) == order


def test_a_clock_that_is_set_at_one_worker_is_told_with_the_night(office: Office, network: WrittenBluesky) -> None:
    with worker(office, SettingWire(network, office, timedelta(hours=1))) as parts:
        crew, left = begun(parts)
        visit(replace(parts, ticks=lambda: 0.0), crew, left[0])
        with parts.database.read() as session:
            told = [issue for issue in runs.run_issues(session, crew.run_id) if issue.kind == UNEVEN]
    assert [issue.needs_person for issue in told] == [True]
    assert "jam mesin melompat maju" in told[0].detail
