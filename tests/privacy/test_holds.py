"""Holds end by two people, in the service and in the tables, and only who may lay them sees them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit, keeping, users
from db import holds as stored
from db.connect import Database, Session
from db.tables import legal_hold
from monitor.domain import Grant, Role, UserRow
from monitor.errors import ConflictError, DatabaseError, RefusedError, UsageError
from monitor.privacy.holds import (
    HoldWish,
    add_hold,
    approve_release,
    ask_release,
    list_holds,
    refuse_release,
)
from monitor.vault import Vault
from tests.casebook import NOW
from tests.privacy.books import Shelf, open_shelf

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def shelf(database: Database, vault: Vault, tmp_path: Path) -> Shelf:
    return open_shelf(database, vault, tmp_path)


def officer(shelf: Shelf, name: str, *grants: Grant) -> UserRow:
    with shelf.database.write() as session:
        made = users.add_user(session, name, f"{name.title()} Contoh", "-", NOW)
        for grant in grants or (Grant(Role.DPO, "99"),):
            users.grant_role(session, made.id, grant, NOW)
        found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def laid(shelf: Shelf, by: UserRow, reason: str = "surat 12") -> int:
    return add_hold(shelf.database, HoldWish(shelf.person(1), None, reason), by, NOW).id


def test_a_hold_stays_until_somebody_else_than_who_asked_agrees(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    number = laid(shelf, first)
    asked = ask_release(shelf.database, number, "selesai", first, LATER)
    assert (asked.asked, asked.released_at) == (True, None)
    with pytest.raises(RefusedError, match="Anda sendiri"):
        approve_release(shelf.database, number, asked.request, first, LATER)
    ended = approve_release(shelf.database, number, asked.request, second, LATER)
    assert (ended.asked_by, ended.released_by, ended.release_reason) == ("Dipo Contoh", "Dwi Contoh", "selesai")
    with shelf.database.read() as session:
        told = [row.action for row in audit.tail(session, 3)]
    assert set(told) >= {"hold_release_asked", "hold_released"}


def test_nobody_ends_a_hold_whose_end_nobody_asked_for(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    number = laid(shelf, first)
    with pytest.raises(UsageError, match="belum diminta"):
        approve_release(shelf.database, number, "", second, LATER)


def test_an_agreement_ends_a_hold_only_for_the_request_that_was_read(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    number = laid(shelf, first)
    read = ask_release(shelf.database, number, "selesai", first, LATER)
    refuse_release(shelf.database, number, first, LATER)
    ask_release(shelf.database, number, "salah orang", first, LATER)
    with pytest.raises(ConflictError, match="bukan lagi yang Anda baca"):
        approve_release(shelf.database, number, read.request, second, LATER)
    (standing,) = list_holds(shelf.database, second, LATER, live=True)
    assert (standing.asked, standing.release_reason) == (True, "salah orang")
    assert approve_release(shelf.database, number, standing.request, second, LATER).released_at == LATER


def test_another_reason_is_a_hold_of_its_own_and_data_stays_held_until_each_has_ended(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    older = laid(shelf, first)
    newer = laid(shelf, second, "gugatan 7")
    assert laid(shelf, second) == older
    held = {row.id: row.reason for row in list_holds(shelf.database, first, NOW, live=True)}
    assert held == {older: "surat 12", newer: "gugatan 7"}
    asked = ask_release(shelf.database, older, "selesai", first, LATER)
    approve_release(shelf.database, older, asked.request, second, LATER)
    with shelf.database.read() as session:
        assert keeping.held_people(session, [shelf.person(1)]) == {shelf.person(1)}


def test_a_refused_end_can_be_asked_for_again(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    number = laid(shelf, first)
    ask_release(shelf.database, number, "selesai", first, LATER)
    with pytest.raises(UsageError, match="sudah diminta"):
        ask_release(shelf.database, number, "selesai juga", second, LATER)
    assert not refuse_release(shelf.database, number, second, LATER).asked
    assert ask_release(shelf.database, number, "kini selesai", second, LATER).asked_by == "Dwi Contoh"


def test_whoever_lays_a_hold_while_an_older_one_may_end_keeps_the_data_held(shelf: Shelf) -> None:
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    older = laid(shelf, first)
    asked = ask_release(shelf.database, older, "selesai", first, LATER)
    newer = laid(shelf, second)
    assert laid(shelf, first) == newer
    approve_release(shelf.database, older, asked.request, second, LATER)
    assert [row.id for row in list_holds(shelf.database, first, LATER, live=True)] == [newer]


@pytest.mark.parametrize("asked_by", [None, "same"])
def test_the_tables_let_no_hold_end_by_one_person(shelf: Shelf, asked_by: str | None) -> None:
    first = officer(shelf, "dipo")
    number = laid(shelf, first)
    alone = {"released_at": LATER, "released_by": first.id, "release_asked_by": first.id if asked_by else None}
    with pytest.raises((sa.exc.IntegrityError, DatabaseError)), shelf.database.write() as session:
        session.execute(sa.update(legal_hold).where(legal_hold.c.id == number).values(alone))


def test_a_reader_of_another_place_sees_no_hold_there(shelf: Shelf) -> None:
    number = laid(shelf, officer(shelf, "dipo"))
    mixed = officer(shelf, "mira", Grant(Role.DPO, "98"), Grant(Role.PENGAWAS, "99"))
    assert list_holds(shelf.database, mixed, LATER) == []
    with pytest.raises(UsageError, match="tidak ada dalam wilayah"):
        ask_release(shelf.database, number, "selesai", mixed, LATER)


def test_an_agreement_waits_for_whoever_changes_the_request_and_reads_it_then(
    postgres_database: Database, vault: Vault, tmp_path: Path
) -> None:
    shelf = open_shelf(postgres_database, vault, tmp_path)
    first, second = officer(shelf, "dipo"), officer(shelf, "dwi")
    number = laid(shelf, first)
    read = ask_release(shelf.database, number, "selesai", first, LATER)
    with ThreadPoolExecutor() as pool, shelf.database.write() as session:
        stored.refuse_release(session, number)
        stored.ask_release(session, number, "salah orang", first.id, LATER)
        approval = pool.submit(approve_release, shelf.database, number, read.request, second, LATER)
        wait_for_a_waiter(session)
        session.commit()
        assert isinstance(approval.exception(), ConflictError)


def wait_for_a_waiter(session: Session) -> None:
    waiting = sa.text("select count(*) from pg_locks where not granted")
    until = time.monotonic() + 30
    while not session.execute(waiting).scalar():
        assert time.monotonic() < until
        time.sleep(0.01)
