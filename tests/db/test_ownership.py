"""Whose act it is: the register's dates against the times of acts, and what happens when the register changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from db import attribution_steps, attributions, cases, dirty, judgements, registers
from db.connect import Database, Session
from db.tables import asn, attribution, interaction, judgement, rule_hit
from monitor.domain import Act, AttributionStatus, CaseFilter, Judgement, JudgementOutcome
from monitor.vault import Vault
from tests import casebook
from tests.casebook import LAW, NOW, Book, act, hit, judge, owned, post, regroup

DAY = datetime(2024, 10, 1, 3, tzinfo=UTC)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def like(session: Session, book: Book, **changes: object) -> int:
    return act(session, book, 1, Act.LIKE, post(session, book, "p1"), **changes)


def bracketed(session: Session, book: Book, lo: datetime | None, hi: datetime) -> int:
    number = like(session, book, at=None, hi=hi)
    session.execute(sa.update(interaction).where(interaction.c.id == number).values(bracket_lo=lo))
    return number


def dated(session: Session, first: date | None, last: date | None) -> None:
    session.execute(sa.update(attribution).values(valid_from=first, valid_to=last))


def sure(session: Session, book: Book) -> list[bool]:
    return [view.owner_sure for view in judgements.pending(session, book.ruleset_id, 10)]


def active(session: Session) -> list[int]:
    return list(session.execute(sa.select(rule_hit.c.asn_id).where(rule_hit.c.active)).scalars())


def test_the_night_hours_of_the_first_day_belong_to_the_owner(session: Session, book: Book) -> None:
    like(session, book, at=datetime(2024, 9, 30, 18, tzinfo=UTC))  # one in the morning of the 1st in Jakarta
    dated(session, date(2024, 10, 1), None)
    assert sure(session, book) == [True]


def test_the_hours_after_the_last_day_do_not_belong_to_the_owner(session: Session, book: Book) -> None:
    like(session, book, at=datetime(2024, 10, 1, 18, tzinfo=UTC))
    dated(session, None, date(2024, 10, 1))
    assert sure(session, book) == []


@pytest.mark.parametrize(
    ("lo", "first", "last", "waits"),
    [
        (datetime(2024, 9, 20, tzinfo=UTC), None, None, [True]),
        (datetime(2024, 9, 20, tzinfo=UTC), date(2024, 9, 10), None, [True]),
        (datetime(2024, 9, 20, tzinfo=UTC), date(2024, 9, 25), None, [False]),
        (None, date(2024, 9, 25), None, [False]),
        (None, None, date(2024, 9, 25), [False]),
        (datetime(2024, 9, 20, tzinfo=UTC), None, date(2024, 9, 25), [False]),
        (datetime(2024, 9, 28, tzinfo=UTC), None, date(2024, 9, 25), []),
        (datetime(2024, 9, 20, tzinfo=UTC), date(2024, 10, 3), None, []),
    ],
)
def test_a_bracket_across_the_owners_dates_is_not_surely_theirs(
    session: Session, book: Book, lo: datetime | None, first: date | None, last: date | None, waits: list[bool]
) -> None:
    bracketed(session, book, lo, DAY)
    dated(session, first, last)
    assert sure(session, book) == waits


@pytest.mark.parametrize("change", [{"valid_from": date(2024, 11, 1)}, {"status": AttributionStatus.REJECTED}])
def test_hits_end_when_the_act_is_no_longer_the_persons(
    session: Session, book: Book, change: dict[str, object]
) -> None:
    judge(session, book, {like(session, book, at=DAY): [hit(book)]})
    session.execute(sa.update(attribution).values(change))
    dirty.mark_people(session, session.execute(sa.select(attribution.c.asn_id)).scalars().all())
    assert judgements.withdraw_strays(session, NOW) == 1
    assert active(session) == []
    assert session.execute(sa.select(judgement.c.id).where(judgement.c.current)).all() == []


def test_hits_of_sure_owners_stay(session: Session, book: Book) -> None:
    judge(session, book, {like(session, book, at=DAY): [hit(book)]})
    assert judgements.withdraw_strays(session, NOW) == 0
    assert len(active(session)) == 1


def test_an_account_given_to_another_person_takes_its_acts_along(session: Session, book: Book, vault: Vault) -> None:
    number = like(session, book, at=DAY)
    judge(session, book, {number: [hit(book)]})
    regroup(session)
    ours = replace(owned(1), valid_to=date(2024, 9, 1))
    theirs = replace(owned(2), account=owned(1).account, valid_from=date(2024, 9, 2))
    for entry in (ours, theirs):
        registers.store_accounts(session, vault, [entry], book.batch, NOW)
    judgements.withdraw_strays(session, NOW)
    judge(session, book, {number: [hit(book)]})
    regroup(session)
    rows = cases.list_cases(session, CaseFilter(limit=None), NOW).rows
    names = {cases.case_detail(session, row.id).row.person.name: row for row in rows}
    assert set(names) == {"PEGAWAI CONTOH 1", "PEGAWAI CONTOH 2"}
    assert names["PEGAWAI CONTOH 1"].hits == ()
    assert [h.active for h in names["PEGAWAI CONTOH 2"].hits] == [True]


@pytest.fixture
def liked(database: Database, book: Book) -> int:
    """An act of the first person that nobody judged yet, and that nobody marked."""
    with database.write() as session:
        number = like(session, book, at=DAY)
        session.execute(sa.update(interaction).values(dirty=False))
    return number


def read(database: Database, book: Book) -> dict[int, int]:
    """Return whose the acts are that wait."""
    with database.read() as session:
        return {view.id: view.person_id for view in judgements.pending(session, book.ruleset_id, 10)}


def store(database: Database, book: Book, owners: dict[int, int]) -> None:
    """Store that the acts are hits, as judged of what was read of them."""
    told = [Judgement(number, JudgementOutcome.HIT, (hit(book),)) for number in owners]
    with database.write() as session:
        judgements.store_judgements(session, told, book.ruleset_id, NOW, owners=owners)


def hand_over(database: Database, book: Book, vault: Vault) -> None:
    """Write down that the first person's account was the second's at the time."""
    with database.write() as session:
        for entry in (
            replace(owned(1), valid_to=date(2024, 9, 1)),
            replace(owned(2), account=owned(1).account, valid_from=date(2024, 9, 2)),
        ):
            registers.store_accounts(session, vault, [entry], book.batch, NOW)


def hit_people(database: Database) -> list[str]:
    """Return the persons who have hits."""
    whose = sa.select(asn.c.name).join(rule_hit, rule_hit.c.asn_id == asn.c.id).where(rule_hit.c.active)
    with database.read() as session:
        return list(session.execute(whose).scalars())


def test_hits_are_theirs_as_whose_the_acts_were_read(database: Database, book: Book, liked: int) -> None:
    owners = read(database, book)
    store(database, book, owners)
    assert owners.keys() == {liked}
    assert hit_people(database) == ["PEGAWAI CONTOH 1"]


@pytest.mark.usefixtures("liked")
def test_an_account_that_is_handed_over_while_its_acts_are_judged_takes_their_hits_along(
    database: Database, book: Book, vault: Vault
) -> None:
    owners = read(database, book)
    hand_over(database, book, vault)
    store(database, book, owners)
    assert hit_people(database) == ["PEGAWAI CONTOH 2"]


@pytest.mark.parametrize("rules", ["same", "other"])
@pytest.mark.parametrize("hits", [0, 1])
@pytest.mark.parametrize("judged", [False, True], ids=["new", "judged"])
def test_what_another_run_said_of_a_new_owner_meanwhile_stays_theirs(
    database: Database, book: Book, vault: Vault, liked: int, rules: str, hits: int, judged: bool
) -> None:
    said = {liked: [hit(book)] * hits}
    with database.write() as session:
        other = book if rules == "same" else replace(book, ruleset_id=other_rules(session))
        if judged:
            judge(session, other, said)
            session.execute(sa.update(interaction).values(dirty=rules == "same"))
    owners = read(database, book)
    hand_over(database, book, vault)
    with database.write() as session:
        judge(session, other, said)  # which takes the mark off
    store(database, book, owners)
    assert hit_people(database) == ["PEGAWAI CONTOH 2"]


def other_rules(session: Session) -> int:
    return judgements.store_ruleset(session, "b" * 64, "{}", [("suka-contoh", 1, "active", "c" * 64)], [LAW], NOW)


@pytest.mark.usefixtures("liked")
def test_acts_of_an_account_that_turns_out_to_be_nobodys_while_they_are_judged_get_no_hits(
    database: Database, book: Book
) -> None:
    owners = read(database, book)
    with database.write() as session:
        theirs = sa.select(attribution.c.id).where(attribution.c.account_id == book.accounts["did:plc:asn1"])
        row = attributions.attribution_of(session, session.execute(theirs).scalar_one())
        assert row is not None
        attribution_steps.end(session, row, "salah orang", "bayu", NOW)
    store(database, book, owners)
    assert hit_people(database) == []
