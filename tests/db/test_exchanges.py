"""Which night received which answer, what a case rests on, and which nights still lack their archive."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from db import evidence_files, exchanges, runs
from db.captures import store_captures
from db.connect import Database
from db.exchanges import WarcRow
from db.tables import audit_detail, evidence_file
from monitor.domain import Capture
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW

HOUR = timedelta(hours=1)
LONG = timedelta(hours=12)


def answer(sha: str = "a", at: datetime = NOW, **changes: object) -> Capture:
    given = {
        "source": "bluesky", "endpoint": "getLikes", "url": "https://contoh.test/suka", "status": 200,
        "final_url": "https://contoh.test/suka", "headers": (("etag", "1"),), "sha256": sha * 64, "size": 3,
        "fetched_at": at, "mapper": "bluesky/1",
    }  # fmt: skip
    return Capture(**given | changes)  # type: ignore[arg-type]  # fields by name


def night(database: Database, *given: Capture, query: str = "a", ended: bool = True) -> int:
    """Let a night receive answers, and return its number."""
    with database.write() as session:
        run = runs.open_run(session, query * 64, NOW, timedelta(0)).id
        store_captures(session, given, run)
        if ended:
            runs.finish_run(session, run, "{}", True, NOW)
    return run


def archived(database: Database, run: int, at: datetime = NOW) -> WarcRow:
    row = WarcRow(run, f"warc/run-{run:06d}.warc.gz.sealed", f"{run:064x}", "b" * 64, 10, 3, at)
    with database.write() as session:
        exchanges.record_warc(session, row, "program")
    return row


def of_run(database: Database, run: int) -> list[exchanges.ExchangeRow]:
    with database.read() as session:
        return list(exchanges.of_run(session, run))


def test_each_night_tells_when_and_how_it_received_an_answer(database: Database) -> None:
    first = night(database, answer())
    second = night(database, answer(at=NOW + HOUR, headers=(("etag", "2"),)))
    told = [(row.capture.fetched_at, row.capture.headers) for run in (first, second) for row in of_run(database, run)]
    assert told == [(NOW, (("etag", "1"),)), (NOW + HOUR, (("etag", "2"),))]


def test_an_answer_received_twice_in_a_night_is_one(database: Database) -> None:
    assert len(of_run(database, night(database, answer(at=NOW + HOUR), answer()))) == 1


def test_answers_come_in_the_order_of_the_night_over_many_pages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "_PAGE", 2)
    given = [answer(sha, NOW + HOUR * (place // 2)) for place, sha in enumerate("9876543")]
    told = [row.capture.sha256[0] for row in of_run(database, night(database, *given))]
    assert (len(told), sorted(told), told[-1]) == (7, sorted("9876543"), "3")


def test_a_body_that_a_written_archive_holds_is_referred_to(database: Database) -> None:
    first = night(database, answer())
    second = night(database, answer(at=NOW + HOUR))
    assert [row.earlier for row in of_run(database, second)] == [None]
    archived(database, first)
    assert [row.earlier for row in of_run(database, second)] == [("https://contoh.test/suka", NOW)]


def test_the_archive_that_was_written_first_holds_the_body(database: Database) -> None:
    night(database, answer())
    second, third = night(database, answer(at=NOW + HOUR)), night(database, answer(at=NOW + 2 * HOUR))
    archived(database, second)
    assert [row.earlier for row in of_run(database, third)] == [("https://contoh.test/suka", NOW + HOUR)]


def test_a_purged_body_is_held_by_no_archive(database: Database) -> None:
    first = night(database, answer())
    archived(database, first)
    with database.write() as session:
        evidence_files.note_purged(session, ["a" * 64], "program", "contoh", NOW + HOUR)
    second = night(database, answer(at=NOW + 2 * HOUR))
    assert [row.earlier for row in of_run(database, second)] == [None]


@pytest.mark.parametrize(
    ("ended", "later", "due"), [(True, timedelta(0), True), (False, HOUR, False), (False, LONG, True)]
)
def test_a_night_lacks_its_archive_once_it_will_not_be_taken_up_again(
    database: Database, ended: bool, later: timedelta, due: bool
) -> None:
    run = night(database, answer(), ended=ended)
    with database.read() as session:
        assert exchanges.without_warc(session, NOW + later, LONG) == ([run] if due else [])


def test_a_night_overtaken_by_another_will_not_be_taken_up_again(database: Database) -> None:
    first = night(database, answer(), ended=False)
    night(database, ended=False)
    with database.read() as session:
        assert exchanges.without_warc(session, NOW, LONG) == [first]


def test_a_night_with_its_archive_or_without_answers_lacks_none(database: Database) -> None:
    archived(database, night(database, answer()))
    night(database)
    with database.read() as session:
        assert exchanges.without_warc(session, NOW, LONG) == []


def test_a_case_rests_on_every_answer_that_shows_its_act(database: Database, vault: Vault) -> None:
    book = casebook.open_book(database, vault)
    mine = casebook.comment_case(database, book)
    casebook.like_case(database, book, who=2)
    with database.read() as session:
        rows = exchanges.of_case(session, mine)
    assert [(row.capture.endpoint, row.run) for row in rows] == [("getLikes", None)]


def test_the_row_of_an_archive_is_held_against_the_audit_log(database: Database) -> None:
    archived(database, night(database, answer()))
    with database.read() as session:
        assert exchanges.broken_warcs(session) == []
    with database.write() as session:
        session.execute(sa.update(audit_detail).values(detail="{}"))
    with database.read() as session:
        assert exchanges.broken_warcs(session) == [("1", "changed")]


def test_what_rows_name_is_awaited_in_its_range(database: Database) -> None:
    with database.write() as session:
        for digit in "0af":
            session.execute(sa.insert(evidence_file).values(sha256=digit * 64, size=1, origin="program"))
    with database.read() as session:
        ranges = [evidence_files.awaited(session, low, high).expected for low, high in (("00", "01"), ("a", "g"))]
        assert (ranges, evidence_files.count(session)) == ([{"0" * 64}, {"a" * 64, "f" * 64}], 3)


def test_a_purged_file_is_known_and_not_awaited(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.insert(evidence_file).values(sha256="a" * 64, size=1, origin="program"))
        evidence_files.note_purged(session, ["a" * 64], "program", "contoh", NOW)
    with database.read() as session:
        found = evidence_files.awaited(session, "0", "g")
        assert (found.expected, found.known) == (frozenset(), {"a" * 64})
        assert evidence_files.purged(session, ["a" * 64, "b" * 64]) == {"a" * 64}
