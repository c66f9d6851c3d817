"""What a night makes of its evidence: a manifest of every case that changed, and stamps once the authority answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db import manifests
from db.connect import Database
from monitor import sealing
from monitor.domain import Issue
from monitor.errors import EvidenceError
from monitor.evidence.timestamps import Authority, load_certificates
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.sealed import seal_evidence, stamp_evidence
from monitor.stamping import Stamping
from tests.conftest import unavailable
from tests.peers.tsa import Desk, closed_port, desk, open_office
from tests.peers.tsa import Office as TimeOffice
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:  # the rows of manifests are tested on both
    return sqlite_database


@pytest.fixture(scope="module")
def time_office(tmp_path_factory: pytest.TempPathFactory) -> TimeOffice:
    if shutil.which("openssl") is None:
        unavailable("openssl tidak ada")
    return open_office(tmp_path_factory.mktemp("tsa") / "contoh")


@pytest.fixture
def door(time_office: TimeOffice) -> Iterator[Desk]:
    with desk(time_office.answer) as opened:
        yield opened


def rows_of(database: Database) -> list[manifests.ManifestRow]:
    with database.read() as session:
        return list(manifests.every(session))


def stamps(office: Office, network: WrittenBluesky, stamping: Stamping) -> list[Issue]:
    with office.parts(network) as parts:
        return stamp_evidence(replace(parts, stamping=stamping, clock=lambda: datetime.now(UTC)), Silent())


def authority(url: str, time_office: TimeOffice) -> Stamping:
    return Stamping(lambda: Authority(url, load_certificates(time_office.root), 5))


def test_a_night_makes_a_manifest_of_every_case_and_a_quiet_one_none(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    cases = office.scan(network).cases.new
    first = rows_of(database)
    assert len(first) == cases > 0
    with office.space() as space, space.database.read() as session:
        assert list(sealing.broken_manifests(session, space.evidence)) == []
        assert all(sealing.read(space.evidence, row).evidence.files for row in first)
    office.clock.now += timedelta(days=1)
    assert office.scan(network).cases.new == 0
    assert rows_of(database) == first


class Full:
    """A store on a full disk."""

    def put(self, body: bytes) -> str:
        raise EvidenceError("Bukti tidak dapat disimpan: cakram penuh")

    def get(self, digest: str) -> bytes:
        raise EvidenceError("Bukti hilang")


def test_what_a_full_disk_leaves_undone_the_next_call_does(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    cases = office.scan(network).cases.new
    with office.parts(network) as parts:
        with database.write() as session:
            session.exec_driver_sql("DROP TRIGGER evidence_manifest_no_delete")
            session.exec_driver_sql("DELETE FROM evidence_manifest")
        (issue,) = seal_evidence(replace(parts, evidence=Full()), Silent())  # type: ignore[arg-type]  # fails at once
        assert (issue.kind, issue.needs_person) == ("manifest_failed", True)
        assert rows_of(database) == []
        assert seal_evidence(parts, Silent()) == []
    assert len(rows_of(database)) == cases


def test_an_authority_that_is_away_spoils_no_night_and_stamps_come_later(
    office: Office, network: WrittenBluesky, database: Database, door: Desk, time_office: TimeOffice
) -> None:
    away = authority(f"http://127.0.0.1:{closed_port()}/", time_office)
    with office.parts(network) as parts:
        summary = run_night(replace(parts, stamping=away), ScanOrder(), Silent())
    assert summary.ok
    (told,) = [issue for issue in summary.issues if issue.kind == "timestamp_waiting"]
    assert not told.needs_person
    made = rows_of(database)
    assert str(len(made)) in told.detail
    assert stamps(office, network, authority(door.url, time_office)) == []
    with database.read() as session:
        stamped = [one for row in made for m in manifests.manifests(session, row.case_id) for one in m.stamps]
        assert len(stamped) == len(made) == len(door.asked)
        assert manifests.broken_stamps(session) == []
    assert stamps(office, network, authority(door.url, time_office)) == []
    assert len(door.asked) == len(made)


def test_only_so_many_are_stamped_at_a_time_those_before_a_decision_first(
    office: Office, network: WrittenBluesky, database: Database, door: Desk, time_office: TimeOffice
) -> None:
    office.scan(network)
    newest = rows_of(database)[-1].case_id
    with database.write() as session:
        session.exec_driver_sql(f"UPDATE review_case SET state = 'diusulkan' WHERE id = {newest}")
    stamps(office, network, replace(authority(door.url, time_office), most=1))
    with database.read() as session:
        assert len(manifests.manifests(session, newest)[0].stamps) == 1
    assert len(door.asked) == 1


@pytest.mark.parametrize("away", [True, False])
def test_a_wrong_authority_or_a_long_silence_needs_a_person(
    office: Office, network: WrittenBluesky, database: Database, door: Desk, time_office: TimeOffice, away: bool
) -> None:
    office.scan(network)  # at a time that lies days in the past of the machine's clock, or in its future
    door.answer = lambda _: b"bukan stempel"
    url = f"http://127.0.0.1:{closed_port()}/" if away else door.url
    with office.parts(network) as parts:
        office.clock.now += timedelta(days=4 if away else 0)
        (issue,) = stamp_evidence(replace(parts, stamping=authority(url, time_office)), Silent())
    assert issue.needs_person
    assert len(door.asked) == (0 if away else 1)


def test_a_missing_certificate_is_told_and_nothing_is_asked(
    office: Office, network: WrittenBluesky, door: Desk
) -> None:
    office.scan(network)
    config = office.home / "pantau.toml"
    told = f'\n[timestamp]\nurl = "{door.url}"\ncertificate = "hilang.pem"\n'
    config.write_text(config.read_text(encoding="utf-8") + told, encoding="utf-8")
    with office.parts(network) as parts:
        (issue,) = stamp_evidence(parts, Silent())
    assert issue.needs_person
    assert "hilang.pem" in issue.detail
    assert door.asked == []
