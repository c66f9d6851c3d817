from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import audit, cases, verdicts
from db.connect import Database
from db.tables import hit_verdict
from monitor import desk
from monitor.domain import Verdict, VerdictCount, VerdictRow
from monitor.errors import RefusedError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    return comment_case(database, book)


@pytest.fixture
def hit_id(database: Database, case_id: int) -> int:
    with database.read() as session:
        return cases.case_detail(session, case_id, NOW).hits[0].brief.id


def say(
    database: Database, hit_id: int, verdict: Verdict, user: object, reason: str = "", minutes: int = 0
) -> VerdictRow:
    command = desk.VerdictCommand(hit_id, verdict, reason)
    return desk.judge_hit(database, command, user, NOW + timedelta(minutes=minutes))  # type: ignore[arg-type]  # a user row


def counts(database: Database) -> list[VerdictCount]:
    with database.read() as session:
        return verdicts.verdict_counts(session)


def rows(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(hit_verdict)).scalar_one())


def test_a_verdict_is_appended_with_its_audit_row(database: Database, book: Book, hit_id: int) -> None:
    said = say(database, hit_id, Verdict.TEPAT, book.rina)
    assert (said.user, said.verdict, said.reason) == ("rina", Verdict.TEPAT, "sesuai")
    with database.read() as session:
        assert audit.tail(session, 1)[0].action == "hit_judged"
        assert verdicts.verdicts_of(session, [hit_id]) == {hit_id: (said,)}


def test_saying_the_same_again_adds_nothing(database: Database, book: Book, hit_id: int) -> None:
    first = say(database, hit_id, Verdict.TEPAT, book.rina)
    assert say(database, hit_id, Verdict.TEPAT, book.rina, minutes=5) == first
    assert rows(database) == 1


def test_a_reviewer_who_changes_their_mind_adds_a_row_and_the_latest_counts(
    database: Database, book: Book, hit_id: int
) -> None:
    say(database, hit_id, Verdict.TEPAT, book.rina)
    say(database, hit_id, Verdict.KELIRU, book.rina, "kedinasan", 5)
    assert rows(database) == 2
    assert counts(database) == [VerdictCount("suka-contoh", 1, "99.01", right=0, wrong=1)]


def test_reviewers_who_differ_make_a_hit_unsure(database: Database, book: Book, hit_id: int) -> None:
    say(database, hit_id, Verdict.TEPAT, book.rina)
    say(database, hit_id, Verdict.KELIRU, book.bayu, "berita")
    assert counts(database) == [VerdictCount("suka-contoh", 1, "99.01", unsure=1)]


def test_verdicts_are_counted_by_the_place_of_the_person(database: Database, book: Book, hit_id: int) -> None:
    other = comment_case(database, book, who=4, name="k4")
    with database.read() as session:
        second = cases.case_detail(session, other, NOW).hits[0].brief.id
    say(database, hit_id, Verdict.TEPAT, book.rina)
    say(database, second, Verdict.KELIRU, book.tono, "kutipan")
    assert counts(database) == [
        VerdictCount("suka-contoh", 1, "99.01", right=1),
        VerdictCount("suka-contoh", 1, "99.02", wrong=1),
    ]
    with database.read() as session:
        assert verdicts.verdict_counts(session, region="99.02") == [VerdictCount("suka-contoh", 1, "99.02", wrong=1)]
        assert verdicts.verdict_counts(session, before=NOW) == []
        assert verdicts.verdict_counts(session, last=0) == []


def test_a_wrong_hit_needs_a_reason_that_fits(database: Database, book: Book, hit_id: int) -> None:
    for reason in ("", "sesuai", "asal"):
        with pytest.raises(UsageError, match="Alasan"):
            say(database, hit_id, Verdict.KELIRU, book.rina, reason)
    assert rows(database) == 0


def test_a_hit_of_another_place_is_told_like_one_that_does_not_exist(
    database: Database, book: Book, hit_id: int
) -> None:
    with pytest.raises(UsageError) as elsewhere:
        say(database, hit_id, Verdict.TEPAT, book.tono)
    with pytest.raises(UsageError) as nowhere:
        say(database, 99999, Verdict.TEPAT, book.rina)
    assert str(elsewhere.value).replace(str(hit_id), "N") == str(nowhere.value).replace("99999", "N")


def test_a_hit_of_another_case_is_not_judged_from_this_one(
    database: Database, book: Book, case_id: int, hit_id: int
) -> None:
    with pytest.raises(UsageError):
        desk.judge_hit(database, desk.VerdictCommand(hit_id, Verdict.TEPAT, "", case_id + 1), book.rina, NOW)


def test_a_user_who_was_switched_off_judges_nothing(database: Database, book: Book, hit_id: int) -> None:
    with pytest.raises((RefusedError, UsageError)):
        say(database, hit_id, Verdict.TEPAT, replace(book.rina, active=False))


def test_verdicts_at_once_are_all_kept_and_each_person_counts_once(database: Database, book: Book, hit_id: int) -> None:
    people = [book.rina, book.bayu] * 4
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda user: say(database, hit_id, Verdict.TEPAT, user), people))
    assert counts(database) == [VerdictCount("suka-contoh", 1, "99.01", right=1)]


def test_a_verdict_decides_nothing_about_the_case(database: Database, book: Book, case_id: int, hit_id: int) -> None:
    say(database, hit_id, Verdict.KELIRU, book.rina, "berita")
    with database.read() as session:
        detail = cases.case_detail(session, case_id, NOW)
    assert (detail.row.version, detail.hits[0].brief.active) == (1, True)
