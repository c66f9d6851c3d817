from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from db import activations, audit, backtests, users
from db.connect import Database
from db.tables import rule_activation
from monitor import desk
from monitor.domain import Backtest, Grant, Role, RuleFile, RuleOrder, RuleStatus, UserRow
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book

FILE = RuleFile("aturan-kantor", 1, "e" * 64, 50)
WISH = desk.StatusWish("aturan-kantor", RuleStatus.ACTIVE, FILE, RuleStatus.SHADOW, place="99.01")
SHADOW = replace(WISH, to=RuleStatus.SHADOW, status_now=RuleStatus.DRAFT)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


def tried(database: Database, file: RuleFile = FILE, **figures: Any) -> None:
    told = {"since": None, "failed": []} | figures
    with database.write() as session:
        trial = Backtest(0, file.rule_id, file.version, file.content_hash, NOW, "program", told, not told["failed"])
        backtests.store_backtest(session, trial, "f" * 64)


def propose(database: Database, user: UserRow, wish: desk.StatusWish = WISH) -> RuleOrder:
    return desk.propose_status(database, wish, "uji dua pekan", user, NOW)


def approve(database: Database, user: UserRow, wish: desk.StatusWish = WISH) -> RuleOrder:
    return desk.approve_status(database, wish, user, NOW + timedelta(hours=1))


def standing(database: Database) -> dict[str, RuleOrder]:
    with database.read() as session:
        return activations.standing(session)


def koordinator(database: Database, name: str, place: str = "99.01") -> UserRow:
    with database.write() as session:
        made = users.add_user(session, name, name.title(), "-", NOW)
        users.grant_role(session, made.id, Grant(Role.KOORDINATOR, place), NOW)
        found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def test_a_proposal_alone_holds_nothing(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    assert standing(database) == {}


def test_two_people_give_a_rule_its_status(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    order = approve(database, book.bayu)
    assert (order.proposer, order.approver, order.status, order.content_hash) == (
        "rina",
        "bayu",
        RuleStatus.ACTIVE,
        FILE.content_hash,
    )
    assert standing(database) == {"aturan-kantor": order}


def test_both_steps_are_audited(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    approve(database, book.bayu)
    with database.read() as session:
        rows = audit.tail(session, 10, subject="rule:aturan-kantor")
        assert audit.broken_rows(session) == []
    assert [(row.actor, row.action) for row in rows] == [("bayu", "rule_approved"), ("rina", "rule_proposed")]


def test_nobody_approves_their_own_proposal(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.bayu)
    with pytest.raises(RefusedError, match="sendiri"):
        approve(database, book.bayu)
    assert standing(database) == {}


def withdraw(database: Database, user: UserRow, reason: str = "salah pilih") -> RuleOrder:
    return desk.withdraw_status(database, "aturan-kantor", reason, user, NOW + timedelta(minutes=5), place="99.01")


def test_a_withdrawn_proposal_cannot_be_approved(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    withdraw(database, book.rina)
    with pytest.raises(ConflictError, match="Tidak ada usul"):
        approve(database, book.bayu)


def test_withdrawing_leaves_no_older_proposal_waiting(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina, SHADOW)
    propose(database, book.rina)
    withdraw(database, book.bayu)
    with database.read() as session:
        assert activations.waiting(session) == []


def test_what_held_before_a_withdrawn_proposal_goes_on_holding(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    held = approve(database, book.bayu, SHADOW)
    tried(database)
    propose(database, book.rina)
    withdraw(database, book.bayu)
    assert standing(database) == {"aturan-kantor": held}


def test_a_withdrawal_is_audited_with_its_reason(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    withdraw(database, book.bayu)
    with database.read() as session:
        [row] = audit.tail(session, 10, action="rule_withdrawn")
    assert (row.actor, "salah pilih" in (row.detail or "")) == ("bayu", True)


def test_withdrawing_nothing_is_a_conflict(database: Database, book: Book) -> None:
    with pytest.raises(ConflictError):
        withdraw(database, book.rina)


def test_a_withdrawal_needs_a_reason(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    with pytest.raises(UsageError):
        withdraw(database, book.rina, " ")


def test_the_database_itself_keeps_the_two_people_apart(database: Database, book: Book) -> None:
    tried(database)
    order = propose(database, book.bayu)
    with pytest.raises(IntegrityError), database.write() as session:
        activations.approve(session, order.id, book.bayu.id, NOW)


def test_a_second_approval_is_a_conflict(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    approve(database, book.bayu)
    with pytest.raises(ConflictError):
        approve(database, koordinator(database, "dewi"))


def test_of_two_people_who_approve_at_once_one_does_it(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    several = [book.bayu, koordinator(database, "dewi"), koordinator(database, "eko")]

    def attempt(user: UserRow) -> str:
        try:
            return approve(database, user).approver
        except PantauError as error:
            return type(error).__name__

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(attempt, several))
    assert sorted(name == "ConflictError" for name in done) == [False, True, True]
    with database.read() as session:
        rows = session.execute(sa.select(rule_activation.c.approved_by)).scalars().all()
        assert len([row for row in audit.tail(session, 20) if row.action == "rule_approved"]) == 1
    assert len(rows) == 1


def test_a_reviewer_may_propose_and_not_approve(database: Database, book: Book) -> None:
    tried(database)
    propose(database, koordinator(database, "dewi"))
    with pytest.raises(RefusedError):
        approve(database, book.rina)


def test_a_coordinator_of_another_place_may_not(database: Database, book: Book) -> None:
    tried(database)
    with pytest.raises(RefusedError):
        propose(database, book.tono)


def test_a_proposal_needs_a_reason(database: Database, book: Book) -> None:
    tried(database)
    with pytest.raises(UsageError, match="beralasan"):
        desk.propose_status(database, WISH, "  ", book.rina, NOW)


def test_activation_needs_a_trial_of_exactly_this_content(database: Database, book: Book) -> None:
    tried(database, replace(FILE, content_hash="0" * 64))
    with pytest.raises(RefusedError, match="belum diuji balik"):
        propose(database, book.rina)


def test_a_trial_above_its_budget_refuses_activation(database: Database, book: Book) -> None:
    tried(database, failed=["80 dari 1000 tindakan, melebihi batas 50 per 1.000"])
    with pytest.raises(RefusedError, match="melebihi batas"):
        propose(database, book.rina)


def test_a_later_failed_trial_stops_an_approval(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina)
    tried(database, failed=["melebihi batas"])
    with pytest.raises(RefusedError):
        approve(database, book.bayu)


def test_a_trial_of_a_part_of_the_store_carries_nothing(database: Database, book: Book) -> None:
    tried(database, since="2024-10-01T00:00:00+00:00")
    with pytest.raises(RefusedError, match="belum diuji balik"):
        propose(database, book.rina)


@pytest.mark.parametrize("wish", [WISH, SHADOW], ids=["active", "shadow"])
def test_failing_examples_refuse_it(database: Database, book: Book, wish: desk.StatusWish) -> None:
    tried(database)
    with pytest.raises(RefusedError, match="contoh"):
        propose(database, book.rina, replace(wish, examples_failed=1))


def test_shadow_needs_no_trial(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    assert approve(database, book.bayu, SHADOW).status is RuleStatus.SHADOW


def test_a_file_that_changed_after_the_proposal_is_not_approved(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    changed = replace(SHADOW, file=replace(FILE, content_hash="0" * 64))
    with pytest.raises(ConflictError, match="berubah"):
        approve(database, book.bayu, changed)


def test_approving_something_else_than_was_proposed_is_a_conflict(database: Database, book: Book) -> None:
    tried(database)
    propose(database, book.rina, SHADOW)
    with pytest.raises(ConflictError, match="uji bayangan"):
        approve(database, book.bayu, WISH)


def test_a_newer_proposal_takes_the_place_of_an_older_one(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    propose(database, koordinator(database, "dewi"), SHADOW)
    with database.read() as session:
        assert [order.proposer for order in activations.waiting(session)] == ["dewi"]


def test_the_status_it_already_has_is_not_proposed(database: Database, book: Book) -> None:
    with pytest.raises(UsageError, match="sudah"):
        propose(database, book.rina, replace(SHADOW, status_now=RuleStatus.SHADOW))


def test_a_rule_that_no_file_holds_can_be_retired_and_nothing_else(database: Database, book: Book) -> None:
    known = desk.StatusWish("suka-contoh", RuleStatus.RETIRED, None, None, place="99.01")
    propose(database, book.rina, known)
    assert approve(database, book.bayu, known).status is RuleStatus.RETIRED
    with pytest.raises(UsageError, match="tidak ada"):
        propose(database, book.rina, replace(known, to=RuleStatus.SHADOW))
    with pytest.raises(UsageError, match="tidak ada"):
        propose(database, book.rina, replace(known, rule_id="tidak-pernah-ada"))


def test_a_rule_of_a_deleted_file_that_never_judged_can_be_retired(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    approve(database, book.bayu, SHADOW)
    retire = replace(SHADOW, to=RuleStatus.RETIRED, file=None, status_now=RuleStatus.SHADOW)
    propose(database, book.rina, retire)
    assert approve(database, book.bayu, retire).status is RuleStatus.RETIRED


def test_the_latest_approved_order_holds_even_when_the_clock_was_set_back(database: Database, book: Book) -> None:
    propose(database, book.rina, SHADOW)
    approve(database, book.bayu, SHADOW)
    retire = replace(WISH, to=RuleStatus.RETIRED)
    earlier = NOW - timedelta(days=400)
    desk.propose_status(database, retire, "keliru", book.rina, earlier)
    desk.approve_status(database, retire, book.bayu, earlier)
    assert standing(database)["aturan-kantor"].status is RuleStatus.RETIRED
