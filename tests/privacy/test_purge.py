"""What a purge removes, what it leaves, and that everything still proves itself afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from db import audit, evidence_files, finds, judgements, runs, search
from db.connect import Database, Session
from db.tables import (
    audit_detail,
    capture,
    interaction,
    item,
    item_text,
    item_version,
    legal_hold,
    manual_find,
    notification,
    purged_act,
    reporter,
    retention_event,
    review_event_note,
    roster_batch,
    rule_hit,
    run_capture,
)
from monitor.domain import Act
from monitor.domain.keeping import KeepingTerms
from monitor.errors import LockHeld, RefusedError, StoreUnavailable
from monitor.evidence.store import EvidenceStore
from monitor.privacy.purge import due_now, purge_due
from monitor.scan.night import LOCK as NIGHT
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW
from tests.privacy.books import OLD, Shelf, open_shelf
from tests.privacy.keeping import resting_on, texts_of


@pytest.fixture
def shelf(database: Database, vault: Vault, tmp_path: Path) -> Shelf:
    return open_shelf(database, vault, tmp_path)


def scalars(shelf: Shelf, query: sa.Select[tuple[object]]) -> list[object]:
    with shelf.database.read() as session:
        return list(session.execute(query).scalars())


def kept(shelf: Shelf, case_id: int) -> bool:
    """Whether all that a case rests on is still there; False when all of it is gone."""
    there = [shelf.store.exists(digest) for digest in resting_on(shelf.database, case_id)]
    there += [text is not None for text in texts_of(shelf.database, case_id)]
    assert there
    assert len(set(there)) == 1
    return there[0]


def test_an_open_case_keeps_all_it_rests_on_for_ever(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    done = shelf.purge()
    assert kept(shelf, case)
    assert done.kept["item_text"] == 2
    assert shelf.faults() == ([], [])


def test_what_a_closed_case_rested_on_goes_when_its_time_is_over(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    done = shelf.purge()
    assert not kept(shelf, case)
    assert {"item_text", "review_event_note", "capture", "evidence_manifest", "audit_detail"} <= done.counts.keys()
    assert scalars(shelf, sa.select(review_event_note.c.note).where(review_event_note.c.note.is_not(None))) == []
    assert shelf.faults() == ([], [])


def test_a_case_closed_lately_keeps_what_it_rests_on(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case, at=OLD - timedelta(days=100))
    shelf.purge()
    assert kept(shelf, case)


def test_a_hold_on_the_person_or_the_case_keeps_it(shelf: Shelf) -> None:
    first, second, third = (shelf.case(who, f"k{who}") for who in (1, 2, 3))
    for case in (first, second, third):
        shelf.close(case)
    shelf.hold(person=shelf.person(1))
    shelf.hold(case=second)
    shelf.purge()
    assert (kept(shelf, first), kept(shelf, second), kept(shelf, third)) == (True, True, False)
    assert shelf.faults() == ([], [])


def test_a_released_hold_keeps_nothing(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    number = shelf.hold(case=case)
    with shelf.database.write() as session:
        both = {"release_asked_by": shelf.book.rina.id, "released_by": shelf.book.bayu.id}
        ended = both | {"released_at": NOW, "release_reason": "selesai"}
        session.execute(sa.update(legal_hold).where(legal_hold.c.id == number).values(ended))
    shelf.purge()
    assert not kept(shelf, case)


def test_a_hold_keeps_acts_of_the_person_that_no_case_holds(shelf: Shelf) -> None:
    digest = shelf.store.put(b"tanpa indikasi")
    with shelf.database.write() as session:
        target = casebook.post(session, shelf.book, "p9")
        casebook.act(session, shelf.book, 1, Act.COMMENT, target, own="p9", sha=digest)
    shelf.hold(person=shelf.person(1))
    shelf.purge()
    assert shelf.store.exists(digest)


def test_an_issued_form_keeps_itself_and_its_case(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    form = shelf.issue(case)
    shelf.close(case)
    shelf.purge()
    assert kept(shelf, case)
    assert shelf.store.exists(form)


def test_a_bundle_that_was_handed_out_keeps_its_case(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    with shelf.database.write() as session:
        subject = f"case:{case}"
        audit.record(session, actor="bayu", action="bundle_exported", subject=subject, detail={}, now=NOW)
    shelf.purge()
    assert kept(shelf, case)


def test_a_text_that_two_cases_rest_on_stays_while_one_is_open(shelf: Shelf) -> None:
    first, second = shelf.case(1, "sama", comment=False), None
    with shelf.database.write() as session:
        target = "at://did:plc:paslon1/app.bsky.feed.post/sama"
        number = casebook.act(session, shelf.book, 2, Act.LIKE, target, sha=shelf.store.put(b"kedua"))
        casebook.judge(session, shelf.book, {number: [casebook.hit(shelf.book)]})
        casebook.regroup(session)
    second = first + 1
    shelf.close(first)
    shelf.purge()
    assert all(texts_of(shelf.database, second))


def test_what_a_text_answers_stays_with_it_where_its_thread_is_not_known(shelf: Shelf) -> None:
    case = shelf.case(1, "k1", comment=False)
    with shelf.database.write() as session:
        above = casebook.post(session, shelf.book, "atas")
        answer = sa.update(item).where(item.c.platform_item_id.endswith("/k1"))
        session.execute(answer.values(parent_id=above, root_id=None))
    words = (
        sa.select(item_text.c.text)
        .join(item_version, item_version.c.id == item_text.c.version_id)
        .join(item, item.c.id == item_version.c.item_id)
        .where(item.c.platform_item_id == above)
    )
    shelf.purge()
    assert scalars(shelf, words) == ["Mari coblos nomor 1"]
    shelf.close(case)
    shelf.purge()
    assert scalars(shelf, words) == [None]
    assert shelf.faults() == ([], [])


def test_what_was_quoted_goes_with_a_text_that_was_read_in_place_of_an_unknown_thread(shelf: Shelf) -> None:
    case = shelf.case(1, "k1", comment=False)
    with shelf.database.write() as session:
        above = casebook.post(session, shelf.book, "atas")
        below = item.c.platform_item_id.endswith("/k1")
        session.execute(sa.update(item).where(below).values(parent_id=above, root_id=None))
        late = sa.select(item_version.c.id).join(item, item.c.id == item_version.c.item_id).where(below)
        seen = sa.update(item_text).where(item_text.c.version_id.in_(late))
        session.execute(seen.values(seen_last_at=OLD - timedelta(days=10)))
    shelf.close(case)
    shelf.purge()
    texts = sa.select(item_text.c.text).join(item_version, item_version.c.id == item_text.c.version_id)
    of = texts.join(item, item.c.id == item_version.c.item_id)
    assert scalars(shelf, of.where(item.c.platform_item_id == above)) == [None]
    assert None not in scalars(shelf, of.where(below))
    assert scalars(shelf, sa.select(rule_hit.c.explanation)) == [None]


def test_what_was_quoted_goes_with_the_text_and_is_not_judged_anew(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    with shelf.database.write() as session:
        session.execute(sa.update(interaction).values(dirty=True))
    shelf.purge()
    assert scalars(shelf, sa.select(rule_hit.c.explanation)) == [None]
    assert scalars(shelf, sa.select(rule_hit.c.active)) == [True]
    assert len(scalars(shelf, sa.select(purged_act.c.interaction_id))) == 1
    with shelf.database.read() as session:
        assert judgements.count_pending(session, shelf.book.ruleset_id) == 0


def test_what_was_judged_before_a_purge_and_is_stored_after_it_brings_no_words_back(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    (number,) = scalars(shelf, sa.select(rule_hit.c.interaction_id))
    late = casebook.hit(shelf.book, explanation="Kutipan dari teks yang sudah dibaca.")
    shelf.purge()
    with shelf.database.write() as session:
        casebook.judge(session, shelf.book, {cast("int", number): [late]})
    assert scalars(shelf, sa.select(rule_hit.c.explanation)) == [None]
    assert scalars(shelf, sa.select(rule_hit.c.spans)) == [None]


def test_every_emptied_row_has_its_record(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    done = shelf.purge()
    with shelf.database.read() as session:
        rows = session.execute(sa.select(retention_event.c.subject_kind, sa.func.count()).group_by(sa.text("1")))
        told = {row.subject_kind: row[1] for row in rows}
    files = sum(done.counts.get(name, 0) for name in ("capture", "screenshot", "evidence_manifest"))
    assert told.pop("evidence_file") == files
    assert told == {name: n for name, n in done.counts.items() if name not in ("capture", "evidence_manifest")}


def test_a_second_purge_finds_nothing_but_its_own_time(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    shelf.purge()
    assert shelf.purge(OLD + timedelta(hours=1)).total == 0


def test_counting_changes_nothing(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    counted = due_now(shelf.parts, OLD)
    assert kept(shelf, case)
    assert shelf.purge().counts == counted.counts


def test_a_clock_far_ahead_of_every_record_is_not_believed(shelf: Shelf) -> None:
    with pytest.raises(RefusedError, match="jam mesin"):
        purge_due(shelf.parts, OLD)


def test_the_newest_register_copy_of_each_kind_stays(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        values = {"kind": "asn", "file_name": "lama.csv", "sha256": "d" * 64, "stored_as": "lama.bin"}
        made = {"imported_by": "wati", "imported_at": NOW - timedelta(days=9)}
        old = session.execute(
            sa.select(sa.func.min(roster_batch.c.id)).where(roster_batch.c.kind == "asn")
        ).scalar_one()
        session.execute(sa.update(roster_batch).where(roster_batch.c.id == old).values(stored_as="pertama.bin"))
        session.execute(sa.insert(roster_batch).values(values | made))
    for name in ("pertama.bin", "lama.bin"):
        (shelf.parts.roster_dir / name).write_bytes(b"tersegel")
    done = shelf.purge()
    assert done.counts["roster_batch"] == 1
    assert [path.name for path in shelf.parts.roster_dir.iterdir()] == ["lama.bin"]


def test_register_copies_stay_while_anybody_is_held(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        values = {"kind": "asn", "file_name": "baru.csv", "sha256": "d" * 64, "stored_as": "baru.bin"}
        session.execute(sa.insert(roster_batch).values(values | {"imported_by": "wati", "imported_at": NOW}))
    shelf.hold(person=shelf.person(1))
    done = shelf.purge()
    assert "roster_batch" not in done.counts
    assert done.kept["roster_batch"] == 1


def test_sent_messages_are_emptied(shelf: Shelf) -> None:
    with shelf.database.write() as session:
        made = {"channel": "mail", "kind": "digest", "subject": "Ringkasan", "body": "isi", "created_at": NOW}
        session.execute(sa.insert(notification).values(made | {"sent_at": NOW}))
    shelf.purge()
    assert scalars(shelf, sa.select(notification.c.body)) == [None]


def find(shelf: Shelf, case_id: int) -> None:
    """Enter the report that a case came from."""
    with shelf.database.write() as session:
        kept_as = session.execute(sa.select(sa.func.min(capture.c.id))).scalar_one()
        asn = session.execute(sa.text("SELECT asn_id FROM review_case WHERE id = :n"), {"n": case_id}).scalar_one()
        values = {
            "key": "e" * 64, "kind": "laporan", "account_id": shelf.book.accounts["did:plc:asn1"], "asn_id": asn,
            "act": Act.COMMENT, "platform": "bluesky", "url": "https://contoh.test/x", "capture_id": kept_as,
            "seen_at": NOW, "received_at": NOW, "received_by": "rina", "note": "dekat balai desa",
        }  # fmt: skip
        number = session.execute(sa.insert(manual_find).values(values).returning(manual_find.c.id)).scalar_one()
        session.execute(sa.insert(reporter).values(find_id=number, sealed=b"tersegel", wants_anonymity=True))


def test_who_reported_is_forgotten_after_the_case_is_closed(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    find(shelf, case)
    shelf.purge()
    assert scalars(shelf, sa.select(reporter.c.sealed)) == [b"tersegel"]
    shelf.close(case)
    shelf.purge()
    assert scalars(shelf, sa.select(reporter.c.sealed)) == [None]
    assert scalars(shelf, sa.select(manual_find.c.note)) == [""]
    with shelf.database.read() as session:
        assert finds.reporter_of(session, shelf.store.vault, 1) is None


def test_details_by_which_evidence_is_proven_are_never_emptied(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    shelf.purge()
    query = sa.text("SELECT action FROM audit_log JOIN audit_detail ON audit_id = id WHERE detail IS NOT NULL")
    with shelf.database.read() as session:
        assert set(session.execute(query).scalars()) == {"evidence_sealed", "purged"}
    assert len(scalars(shelf, sa.select(audit_detail.c.purged_at).where(audit_detail.c.purged_at.is_not(None)))) > 0


class Unreachable(EvidenceStore):
    """A store whose place answers no more when something is to be removed."""

    def remove(self, digest: str) -> None:
        raise StoreUnavailable(f"tidak terjangkau: {digest[:4]}", "coba lagi")


def test_files_that_could_not_be_removed_are_told_and_removed_the_next_time(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    away = Unreachable(shelf.store.root, shelf.store.vault)
    broken = Shelf(
        shelf.book,
        replace(shelf.parts, evidence=away),
    )
    done = broken.purge()
    assert done.unfinished > 0
    assert "tidak terjangkau" in done.problem
    _, notes = shelf.faults()
    assert {note.kind for note in notes} == {"purged"}
    again = shelf.purge()
    assert (again.unfinished, again.problem) == (0, "")
    assert shelf.faults() == ([], [])


def test_files_wait_while_a_night_works(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)

    def held(work: str):  # type: ignore[no-untyped-def]  # a context manager by decoration
        if work == NIGHT:
            raise LockHeld("pemindaian sedang berjalan", "tunggu")
        return shelf.parts.lock(work)

    busy = replace(shelf.parts, lock=held)
    done = purge_due(busy, OLD, sure=True)
    assert "pemindaian sedang berjalan" in done.problem
    assert "capture" not in done.counts
    assert done.counts["item_text"] == 2
    assert shelf.faults() == ([], [])


def test_a_body_received_again_after_its_purge_is_not_removed(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    purge_due(replace(shelf.parts, evidence=Unreachable(shelf.store.root, shelf.store.vault)), OLD, sure=True)
    again = OLD + timedelta(days=1)
    with shelf.database.write() as session:
        run = runs.open_run(session, "q", again, timedelta(hours=1))
        row = session.execute(sa.select(capture.c.id, capture.c.sha256)).one()
        received = {"fetched_at": again, "status": 200, "headers": []}
        session.execute(sa.insert(run_capture).values(run_id=run.id, capture_id=row.id, **received))
    shelf.purge(again + timedelta(days=1))
    assert shelf.store.exists(row.sha256)
    with shelf.database.read() as session:
        assert row.sha256 in evidence_files.awaited(session, "0", "g").expected


def test_texts_seen_lately_stay_whatever_the_age_of_their_answers(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    with shelf.database.write() as session:
        session.execute(sa.update(item_text).values(seen_last_at=OLD - timedelta(days=10)))
    shelf.purge()
    assert all(texts_of(shelf.database, case))


def test_a_platform_with_a_limit_of_its_own_is_purged_sooner(shelf: Shelf) -> None:
    case = shelf.case(1, "k1")
    shelf.close(case)
    month = NOW + timedelta(days=31)
    assert shelf.purge(month, replace(shelf.parts.terms, closed_case_days=7)).counts.keys() == {"evidence_manifest"}
    terms = KeepingTerms(sources={"bluesky": 30}, closed_case_days=7)
    assert shelf.purge(month, terms).counts["item_text"] == 2


def test_a_row_emptied_without_a_record_is_found(shelf: Shelf) -> None:
    shelf.case(1, "k1")
    with shelf.database.write() as session:
        session.execute(sa.update(item_text).values(text=None, purged_at=NOW))
        search.refresh(session, NOW)
    assert {problem.invariant for problem in shelf.faults()[0]} == {"masa simpan"}


def test_a_stop_anywhere_loses_nothing_and_the_next_purge_ends_it(shelf: Shelf) -> None:
    shelf.close(shelf.case(1, "k1"))
    open_case = shelf.case(2, "k2")
    for stop in range(1, 40):
        try:
            purge_due(replace(shelf.parts, database=cast("Database", Stopping(shelf.database, stop))), OLD, sure=True)
        except KeyboardInterrupt:
            problems, found = shelf.faults()
            assert problems == []
            assert {one.kind for one in found} <= {"purged"}
            continue
        break
    else:
        pytest.fail("penghapusan tidak pernah selesai")
    assert stop > 3
    assert shelf.faults() == ([], [])
    assert kept(shelf, open_case)
    assert shelf.purge(OLD + timedelta(hours=1)).total == 0


class Stopping:
    """A database whose process is stopped at its so many-th commit, before or after it."""

    def __init__(self, database: Database, commits: int) -> None:
        self.database, self.left = database, commits

    def __getattr__(self, name: str) -> object:
        return getattr(self.database, name)

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        with self.database.write() as session:
            yield session
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
