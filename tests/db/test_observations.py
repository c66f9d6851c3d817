"""Changes are written once, told in order, and shown with the hits that they are about."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa

from db import case_pages, observations
from db.connect import Database
from db.observations import Noted
from db.tables import interaction, observation
from monitor.cli.case_text import case_lines
from monitor.domain import Change, ChangeKind
from monitor.vault import Vault
from tests.casebook import NOW, Book, like_case, open_book

HOUR = timedelta(hours=1)
WIB = timezone(timedelta(hours=7))
POST = "at://contoh/1"


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return open_book(database, vault)


def text(kind: ChangeKind, hours: int, detail: str = "") -> Noted:
    at = NOW + HOUR * hours
    return Noted(Change(kind, "bluesky", POST, at, detail=detail), POST, at.isoformat())


def told(database: Database, *noted: Noted) -> list[ChangeKind]:
    with database.write() as session:
        observations.record(session, noted)
        return [change.kind for change in observations.of_texts(session, "bluesky", [POST]).get(POST, ())]


def test_the_same_change_is_written_once(database: Database) -> None:
    assert told(database, *[text(ChangeKind.GONE, 1)] * 2, text(ChangeKind.GONE, 1)) == [ChangeKind.GONE]
    with database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(observation)).scalar() == 1


def test_changes_are_told_in_the_order_in_which_they_were_seen(database: Database) -> None:
    assert told(database, text(ChangeKind.BACK, 5), text(ChangeKind.GONE, 2), text(ChangeKind.EDITED, 1)) == [
        ChangeKind.EDITED, ChangeKind.GONE, ChangeKind.BACK,
    ]  # fmt: skip


def test_a_conclusion_reached_twice_is_told_once(database: Database) -> None:
    noted = [text(ChangeKind.GONE, hours) for hours in (3, 2)]
    assert told(database, *noted, text(ChangeKind.BACK, 4), text(ChangeKind.BACK, 1)) == [
        ChangeKind.GONE, ChangeKind.BACK,
    ]  # fmt: skip


@pytest.mark.parametrize("statement", [sa.delete(observation), sa.update(observation).values(detail="lain")])
def test_what_was_noted_is_never_altered(database: Database, statement: sa.Executable) -> None:
    told(database, text(ChangeKind.GONE, 1))
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.execute(statement)


def test_a_case_shows_what_happened_to_its_act_and_to_the_post_it_is_on(database: Database, book: Book) -> None:
    case = like_case(database, book)
    with database.write() as session:
        act = session.execute(sa.select(interaction)).one()
        withdrawn = Change(ChangeKind.WITHDRAWN, act.platform, act.target_id, NOW, act.id, detail="daftar 3 dari 3")
        gone = Change(ChangeKind.GONE, act.platform, act.target_id, NOW + HOUR)
        observations.record(session, [Noted(gone, act.target_id, "1"), Noted(withdrawn, act.key, "1")])
        detail = case_pages.case_detail(session, case)
    (hit,) = detail.hits
    assert [change.kind for change in hit.changes] == [ChangeKind.WITHDRAWN, ChangeKind.GONE]
    lines = "\n".join(case_lines(detail, WIB))
    assert "Tidak terlihat lagi, terlihat" in lines
    assert "daftar 3 dari 3" in lines
    assert "Sudah tidak ada di platform" in lines
