"""Pictures as they are stored: which are due, what a case has, and that rows never change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from db import observations, screenshots
from db.connect import Database, Session
from db.observations import Noted
from db.tables import screenshot
from monitor.domain import Act, Change, ChangeKind, PictureState, PictureTaken
from monitor.errors import DatabaseError
from monitor.vault import Vault
from tests.casebook import NOW, act, comment_case, hit, judge, like_case, open_book, post, regroup


def keys(database: Database, now: datetime = NOW, **how: Any) -> set[str]:
    with database.read() as session:
        return {text.item_id.rsplit("/", 1)[-1] for text in screenshots.due(session, now, **how)}


def take(database: Database, case_id: int, state: PictureState, days: float = 0, **changes: Any) -> None:
    """Store a picture of every text of a case."""
    with database.write() as session:
        for row in screenshots.texts_of_case(session, case_id).values():
            screenshots.store(session, PictureTaken(row, state, NOW + timedelta(days=days), **changes))


def test_the_texts_of_open_cases_are_due_once(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id = comment_case(database, book)
    assert keys(database) == {"k1"}
    with database.read() as session:
        wanted = screenshots.due(session, NOW)
    assert {(text.text, text.author.user_id if text.author else "") for text in wanted} == {
        ("Lanjutkan Pak Budi", "did:plc:asn1"), ("Mari coblos nomor 1", "did:plc:paslon1"),
    }  # fmt: skip
    take(database, case_id, PictureState.LENGKAP)
    assert keys(database, NOW + timedelta(days=400)) == set()
    assert keys(database, everything=True) == {"k1"}


def test_of_all_texts_the_one_without_a_picture_comes_first_and_then_the_oldest(
    database: Database, vault: Vault
) -> None:
    book = open_book(database, vault)
    case_id = comment_case(database, book)
    with database.write() as session:
        one, other = sorted(screenshots.texts_of_case(session, case_id).values())
        screenshots.store(session, PictureTaken(one, PictureState.LENGKAP, NOW))
        assert order(session) == [other, one]
        screenshots.store(session, PictureTaken(other, PictureState.LENGKAP, NOW - timedelta(days=1)))
        assert order(session) == [other, one]
        screenshots.store(session, PictureTaken(other, PictureState.LENGKAP, NOW + timedelta(days=1)))
        assert order(session) == [one, other]


def order(session: Session) -> list[int]:
    return [text.item_row for text in screenshots.due(session, NOW, everything=True)]


def test_a_picture_is_due_again_after_its_text_changed(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id = like_case(database, book)
    take(database, case_id, PictureState.LENGKAP)
    seen = NOW + timedelta(days=1)
    with database.write() as session:
        (key,) = (item_id for _, item_id in screenshots.texts_of_case(session, case_id))
        observations.record(session, [Noted(Change(ChangeKind.GONE, "bluesky", key, seen), key, "x")])
    assert keys(database, seen) == {"s1"}
    take(database, case_id, PictureState.HILANG, 2)
    assert keys(database, NOW + timedelta(days=30)) == set()


def test_what_failed_is_tried_ever_more_seldom_and_then_let_be(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id = like_case(database, book)
    at = 0.0
    for wait in screenshots.AGAIN:
        take(database, case_id, PictureState.GAGAL, at)
        days = wait / timedelta(days=1)
        assert keys(database, NOW + timedelta(days=at + days - 0.1)) == set()
        at += days
        assert keys(database, NOW + timedelta(days=at)) == {"s1"}
    take(database, case_id, PictureState.LOGIN_WALL, at)
    assert keys(database, NOW + timedelta(days=at + 365)) == set()


def test_an_officers_screenshot_does_not_stand_for_the_programs(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id = like_case(database, book)
    take(database, case_id, PictureState.LENGKAP, collector="rina")
    assert keys(database) == {"s1"}


def test_one_case_may_be_asked_for_alone(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id = like_case(database, book, 1, "s1")
    like_case(database, book, 2, "s2")
    assert keys(database, case_id=case_id) == {"s1"}
    assert keys(database) == {"s1", "s2"}


def test_a_case_has_the_pictures_of_its_texts_in_order(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    case_id, other = like_case(database, book, 1, "s1"), like_case(database, book, 2, "s2")
    take(database, case_id, PictureState.GAGAL, 0, detail="tidak ada jawaban")
    take(database, case_id, PictureState.LENGKAP, 1, sha256="a" * 64, size=9, masked_sha256="b" * 64, masked_size=7)
    with database.read() as session:
        first, second = screenshots.of_case(session, case_id)
        assert screenshots.of_case(session, other) == ()
        by_text = screenshots.of_texts(session, [(first.platform, first.item_id)])
    assert (first.state, first.detail, first.sha256) == (PictureState.GAGAL, "tidak ada jawaban", None)
    assert (second.sha256, second.masked_sha256) == ("a" * 64, "b" * 64)
    assert by_text == {(first.platform, first.item_id): (first, second)}


def test_a_stored_picture_never_changes(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    take(database, like_case(database, book), PictureState.LENGKAP)
    for statement in (sa.update(screenshot).values(detail="lain"), sa.delete(screenshot)):
        with pytest.raises((DBAPIError, DatabaseError)), database.write() as session:
            session.execute(statement)


def test_the_same_text_of_two_acts_is_due_once(database: Database, vault: Vault) -> None:
    book = open_book(database, vault)
    with database.write() as session:
        target = post(session, book, "s1")
        acts = [act(session, book, who, Act.LIKE, target) for who in (1, 2)]
        judge(session, book, {number: [hit(book)] for number in acts})
        regroup(session)
    with database.read() as session:
        assert len(screenshots.due(session, NOW)) == 1
