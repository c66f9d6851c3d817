"""A night's answers in a sealed archive: whole, once, written again after a kill, and never the night's failure."""

from __future__ import annotations

import errno
import io
import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from db import evidence_files, exchanges
from db.connect import Database
from db.tables import capture, run_capture, scan_run
from monitor.errors import StoreUnavailable
from monitor.evidence.sealed_warc import open_warc
from monitor.evidence.store import EvidenceStore
from monitor.scan import archive, night
from monitor.scan.parts import Parts
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database  # one database is enough: the rows are tested on both in tests/db


def records(store: EvidenceStore, name: str) -> list[tuple[str, str, bytes]]:
    data = b"".join(open_warc(store, name))
    return [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]


def kinds(store: EvidenceStore, name: str) -> Counter[str]:
    return Counter(kind for kind, _, _ in records(store, name))


def test_a_night_ends_with_one_archive_of_all_that_it_kept(office: Office, network: WrittenBluesky) -> None:
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        (row,) = exchanges.warcs(session)
        kept = session.execute(sa.select(capture.c.final_url, capture.c.sha256)).all()
        bodies = {(url, body) for kind, url, body in records(space.evidence, row.name) if kind == "response"}
        assert bodies == {(one.final_url, space.evidence.get(one.sha256)) for one in kept}
        assert row.records == 1 + 2 * len(kept)


def test_a_second_night_refers_to_what_the_first_archive_holds(office: Office, network: WrittenBluesky) -> None:
    office.scan(network)
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        first, second = exchanges.warcs(session)
        again = session.execute(sa.select(sa.func.count()).where(run_capture.c.run_id == second.run)).scalar_one()
        assert kinds(space.evidence, first.name)["revisit"] == 0
        assert kinds(space.evidence, second.name)["revisit"] == again > 0


def test_what_was_purged_and_received_again_is_held_anew(office: Office, network: WrittenBluesky) -> None:
    office.scan(network)
    office.clock.now += timedelta(hours=1)
    with office.space() as space, space.database.write() as session:
        digest = session.execute(sa.select(capture.c.sha256).limit(1)).scalar_one()
        evidence_files.note_purged(session, [digest], "program", "contoh", space.clock())
        space.evidence.remove(digest)
    office.clock.now += timedelta(hours=1)
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        second = exchanges.warcs(session)[1]
        assert kinds(space.evidence, second.name)["response"] == 1
        assert evidence_files.awaited(session, "0", "g").expected >= {digest}


def test_a_night_that_asked_nothing_has_no_archive(office: Office, network: WrittenBluesky) -> None:
    with office.parts(network) as parts, parts.database.write() as session:
        session.execute(sa.insert(scan_run).values(query_hash="a" * 64, started_at=office.clock.now, summary=None))
        assert exchanges.without_warc(session, office.clock.now, timedelta(hours=12)) == []


def test_a_full_disk_is_an_issue_of_the_night_and_the_next_one_writes_the_archive(
    office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(archive, "seal_warc", full)
        summary = office.scan(network)
    assert (summary.ok, [issue.kind for issue in summary.issues]) == (False, ["warc_unwritten"])
    assert summary.judged.evaluated > 0
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        assert [row.run for row in exchanges.warcs(session)] == [1, 2]
        assert kinds(space.evidence, exchanges.warcs(session)[0].name)["response"] > 0


def full(*_: Any) -> None:
    raise StoreUnavailable(f"Bukti tidak dapat disimpan: {os.strerror(errno.ENOSPC)}", "periksa ruang dan izin cakram")


def test_a_night_killed_before_its_end_is_archived_when_it_is_taken_up_again(
    office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(office, network, monkeypatch)
    with office.space() as space, space.database.read() as session:
        assert exchanges.warcs(session) == ()
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        (row,) = exchanges.warcs(session)
        assert (row.run, kinds(space.evidence, row.name)["response"] > 0) == (1, True)


def test_a_night_killed_for_good_is_archived_at_the_next_start(
    office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(office, network, monkeypatch)
    office.clock.now += timedelta(days=2)
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        assert [row.run for row in exchanges.warcs(session)] == [1, 2]


def kill(office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a night die between the writing of its archive and the commit of its end."""
    monkeypatch.setattr(night, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        office.scan(network)
    monkeypatch.undo()


def killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_an_answer_that_cannot_be_opened_is_told_and_the_rest_is_archived(
    office: Office, network: WrittenBluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(parts: Parts, run_id: int, progress: Any = None) -> archive.Archived:
        with parts.database.read() as session:
            digest = session.execute(sa.select(capture.c.sha256).order_by(capture.c.id).limit(1)).scalar_one()
        parts.evidence.remove(digest)
        return archive.archive_night(parts, run_id, progress)

    monkeypatch.setattr(night, "archive_night", spoiled)
    summary = office.scan(network)
    assert [issue.kind for issue in summary.issues] == ["warc_incomplete"]
    with office.space() as space, space.database.read() as session:
        (row,) = exchanges.warcs(session)
        kept = session.execute(sa.select(sa.func.count()).select_from(capture)).scalar_one()
        assert kinds(space.evidence, row.name)["response"] == kept - 1
