"""Which second wording of a text is an edit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db import runs
from db.connect import Database, Session
from db.edits import Edit, edits_since
from db.items import store_batch
from db.tables import capture
from monitor.domain import AccountRef, ActTime, Capture, ItemKind, ItemRecord, StoreBatch

DAY = timedelta(days=1)
FIRST = datetime(2024, 10, 1, tzinfo=UTC)
ID = "https://contoh.example/status/1"


def read(text: str, days: int, edited: datetime | None = None, mapper: str = "mastodon/2") -> StoreBatch:
    """The text as one answer showed it so many days after the first."""
    at = FIRST + DAY * days
    who = AccountRef("mastodon", "https://contoh.example/users/asn")
    item = ItemRecord("mastodon", ID, who, ItemKind.POST, text, ID, ActTime(FIRST - DAY), edited_at=edited)
    sha = f"{days:064x}"
    capture = Capture("mastodon", "statuses", f"{ID}?{days}", ID, 200, (), sha, 1, at, mapper)
    return StoreBatch(items=(item,), item_captures=((ID, capture),))


def found(database: Database, *batches: StoreBatch, since: datetime = FIRST) -> list[Edit]:
    with database.write() as session:
        for batch in batches:
            store_batch(session, batch, FIRST)
        return list(edits_since(session, since))


def test_another_time_of_editing_is_an_edit_with_both_answers(database: Database) -> None:
    (edit,) = found(database, read("Pilih BUSI", 0), read("Pilih BUSI!", 1, FIRST))
    assert (edit.item_id, edit.seen_at, edit.edited_at) == (ID, FIRST + DAY, FIRST)
    assert None not in (edit.before_capture_id, edit.capture_id)
    assert edit.before_capture_id != edit.capture_id


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0)])
def test_every_wording_but_the_first_is_one_in_any_order(database: Database, order: tuple[int, ...]) -> None:
    told = [read("satu", 0), read("dua", 1), read("tiga", 2)]
    edits = found(database, *(told[number] for number in order))
    assert sorted(edit.seen_at for edit in edits) == [FIRST + DAY, FIRST + DAY * 2]


@pytest.mark.parametrize(
    "again",
    [
        read("Bersama @[akun lain] dan https://contoh.example/b", 1),
        read("Bersama  @warga@contoh.example dan did:plc:abc", 1),
    ],
)
def test_masks_names_and_addresses_are_no_edits(database: Database, again: StoreBatch) -> None:
    assert found(database, read("Bersama @warga dan https://contoh.example/a", 0), again) == []


def test_what_only_a_new_mapper_reads_otherwise_is_no_edit(database: Database) -> None:
    assert found(database, read("Pilih BUSI", 0), read("Pilih BUSI\nSetuju", 1, mapper="mastodon/3")) == []


def test_an_edited_text_that_is_met_for_the_first_time_is_no_change(database: Database) -> None:
    assert found(database, read("Pilih BUSI", 0, FIRST)) == []


def test_edits_seen_earlier_are_not_told_again(database: Database) -> None:
    assert found(database, read("satu", 0), read("dua", 1), since=FIRST + DAY * 2) == []


def nights(session: Session, *batches: StoreBatch) -> None:
    """Store what one night after the other read, each by a clock of its own."""
    for number, batch in enumerate(batches):
        run = runs.open_run(session, f"{number:064x}", FIRST, DAY)
        store_batch(session, batch, FIRST, run.id)
        runs.finish_run(session, run.id, "{}", True, FIRST)


def test_a_later_night_read_the_later_wording_although_its_clock_was_set_back(database: Database) -> None:
    with database.write() as session:
        nights(session, read("Pilih BUSI", 3), read("Pilih BUSI!", 1))
        (edit,) = edits_since(session, FIRST)
        shown = dict(session.execute(sa.select(capture.c.id, capture.c.fetched_at)).tuples().all())
    assert edit.seen_at == FIRST + DAY
    assert (edit.before_capture_id, edit.capture_id) == tuple(shown)
    assert list(shown.values()) == [FIRST + DAY * 3, FIRST + DAY]


def test_the_platforms_time_of_editing_counts_for_more_than_the_night(database: Database) -> None:
    with database.write() as session:
        nights(session, read("Pilih BUSI!", 3, FIRST + DAY), read("Pilih BUSI", 1, FIRST))
        (edit,) = edits_since(session, FIRST)
    assert edit.edited_at == FIRST + DAY
