"""A machine before which the evidence of a night does not lie takes no part in it, and writes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from db import planned_visits, runs, verify
from monitor.assembly import night
from monitor.errors import EvidenceElsewhere
from monitor.evidence.store import EvidenceStore
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import Crew, asked_as_json, begin_shared, end_shared, ensure_shared, join, visit_shared
from scrapers.fetch import Fetcher, Identity
from scrapers.wire import Answer, Call
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky

ORDER = ScanOrder()


@dataclass
class UnmountingWire:
    """A network during whose answer of one number something happens on this machine."""

    network: WrittenBluesky
    happens: Callable[[], object]
    at: int
    answers: int = 0

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        self.answers += 1
        if self.answers == self.at:
            self.happens()
        return self.network.send(call, limit, timeout)


def unmounted(folder: Path) -> None:
    """Leave an empty folder where the share was, as the system does."""
    folder.rename(folder.with_name("dipasang-lagi-nanti"))
    folder.mkdir()


def elsewhere(parts: Parts, folder: Path) -> Parts:
    """The parts of another machine, whose folder is this one."""
    folder.mkdir(exist_ok=True)
    return replace(parts, evidence=EvidenceStore(folder, parts.evidence.vault))


def begun(parts: Parts) -> Crew:
    run_id, _ = begin_shared(parts, ORDER, lambda _: 4)
    crew = join(parts, run_id)
    assert crew is not None
    return crew


def network_of(office: Office, parts: Parts, wire: WrittenBluesky) -> Parts:
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    return replace(parts, fetcher=Fetcher(parts.policies, identity, office.clock, office.clock.sleep, wire))


@pytest.mark.parametrize("leftover", [None, "00"])
def test_a_machine_with_another_folder_does_not_join_the_very_first_night(
    office: Office, network: WrittenBluesky, tmp_path: Path, leftover: str | None
) -> None:
    with office.space() as space, night(space, threading.Event()) as parts:
        crew = begun(network_of(office, parts, network))
        other = elsewhere(parts, tmp_path / "lain")
        if leftover:
            (tmp_path / "lain" / leftover).mkdir()
        with pytest.raises(EvidenceElsewhere, match=f"bukan folder tempat pemindaian {crew.run_id} dimulai"):
            join(other, crew.run_id)


def visit_all(parts: Parts, crew: Crew) -> None:
    """Make all visits that a night has left."""
    with parts.database.read() as session:
        left = planned_visits.left(session, crew.run_id)
    for planned in left:
        visit_shared(parts, crew, planned.key, threading.Event())


def test_a_share_that_went_away_since_is_noticed_before_a_visit_and_before_the_end(
    office: Office, network: WrittenBluesky
) -> None:
    with office.space() as space, night(space, threading.Event()) as opened:
        parts = network_of(office, opened, network)
        crew = begun(parts)
        with parts.database.read() as session:
            first, *rest = planned_visits.left(session, crew.run_id)
        visit_shared(parts, crew, first.key, threading.Event())
        unmounted(parts.evidence.root)
        with pytest.raises(EvidenceElsewhere, match="kosong, padahal"):
            visit_shared(parts, crew, rest[0].key, threading.Event())
        with parts.database.read() as session:
            assert len(planned_visits.left(session, crew.run_id)) == len(rest)
        assert list(parts.evidence.root.iterdir()) == []


def test_a_shared_night_is_ended_only_where_its_evidence_lies(
    office: Office, network: WrittenBluesky, tmp_path: Path
) -> None:
    with office.space() as space, night(space, threading.Event()) as opened:
        parts = network_of(office, opened, network)
        crew = begun(parts)
        visit_all(parts, crew)
        with pytest.raises(EvidenceElsewhere):
            end_shared(elsewhere(parts, tmp_path / "lain"), crew.run_id)
        summary = end_shared(parts, crew.run_id)
        assert summary is not None
        assert summary.ok, summary.issues
        assert not list(parts.evidence.root.glob(".*"))


def test_a_night_that_another_machine_ended_since_it_was_looked_up_is_no_sign_of_another_folder(
    office: Office, network: WrittenBluesky
) -> None:
    with office.space() as space, night(space, threading.Event()) as opened:
        parts = network_of(office, opened, network)
        crew = begun(parts)
        visit_all(parts, crew)
        assert end_shared(parts, crew.run_id) is not None
        ensure_shared(parts.database, parts.evidence, crew.night)
        assert join(parts, crew.run_id) is None


def test_a_night_that_an_older_program_began_is_joined_without_its_mark(
    office: Office, network: WrittenBluesky
) -> None:
    with office.space() as space, night(space, threading.Event()) as parts:
        with parts.database.write() as session:
            run = runs.open_run(session, ORDER.query, parts.clock(), parts.resume_after)
            planned_visits.plan(session, run.id, (), asked_as_json(ORDER), parts.clock())
        assert join(parts, run.id) is not None


@pytest.mark.parametrize("at", [1, 40])
def test_a_share_that_goes_away_in_the_midst_of_a_night_breaks_it_off_and_the_night_goes_on_once_it_is_back(
    office: Office, network: WrittenBluesky, at: int
) -> None:
    folder = office.home / "data" / "evidence"
    with pytest.raises(EvidenceElsewhere, match="bukan folder tempat pemindaian 1 dimulai"):
        office.scan(UnmountingWire(network, lambda: unmounted(folder), at))
    assert list(folder.iterdir()) == []
    folder.rmdir()
    folder.with_name("dipasang-lagi-nanti").rename(folder)
    summary = office.scan(network)
    assert (summary.run, summary.ok) == (1, True)
    with office.space() as space, space.database.read() as session:
        assert list(space.evidence.damaged(iter(verify.evidence_digests(session)))) == []
