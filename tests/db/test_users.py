from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from db import leases, sign_ins, tokens, users
from db.connect import Database, Session
from db.tokens import NewToken
from monitor.domain import Grant, Role, UserRow
from monitor.errors import ConflictError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, comment_case

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def rina(session: Session) -> UserRow:
    return users.add_user(session, "rina", "Rina Contoh", "hash", NOW, agency="Bawaslu Contoh")


def test_a_user_comes_back_with_living_grants_only(session: Session, rina: UserRow) -> None:
    here, there = Grant(Role.PENGAWAS, "99.01"), Grant(Role.ANALIS, "")
    for grant in (here, there):
        assert users.grant_role(session, rina.id, grant, NOW)
    assert users.revoke_role(session, rina.id, there, NOW)
    found = users.user_named(session, "rina")
    assert found is not None
    assert (found.grants, found.agency, found.active) == ((here,), "Bawaslu Contoh", True)


def test_a_grant_is_given_once_and_can_come_back(session: Session, rina: UserRow) -> None:
    grant = Grant(Role.ADMIN, "")
    assert [users.grant_role(session, rina.id, grant, NOW) for _ in range(2)] == [True, False]
    assert users.has_admin(session)
    assert [users.revoke_role(session, rina.id, grant, NOW) for _ in range(2)] == [True, False]
    assert not users.has_admin(session)
    assert users.grant_role(session, rina.id, grant, NOW)


def test_a_name_is_taken_once(session: Session, rina: UserRow) -> None:
    with pytest.raises(UsageError, match="sudah ada"):
        users.add_user(session, "rina", "Rina Lain", "hash", NOW)


def test_a_session_lives_until_it_ends(session: Session, rina: UserRow) -> None:
    number = sign_ins.open_session(session, rina.id, "a" * 64, NOW, LATER, "peramban")
    found = sign_ins.session_of(session, "a" * 64, NOW)
    assert found is not None
    assert (found.id, found.user.name, found.client) == (number, "rina", "peramban")
    sign_ins.end_session(session, number, NOW)
    assert sign_ins.session_of(session, "a" * 64, NOW) is None


def test_a_session_expires(session: Session, rina: UserRow) -> None:
    sign_ins.open_session(session, rina.id, "a" * 64, NOW, LATER)
    assert sign_ins.session_of(session, "a" * 64, LATER) is None


def test_signing_out_everywhere_ends_all_sessions_of_one_user(session: Session, rina: UserRow) -> None:
    other = users.add_user(session, "bayu", "Bayu Contoh", "hash", NOW)
    for token, user in (("a", rina), ("b", rina), ("c", other)):
        sign_ins.open_session(session, user.id, token * 64, NOW, LATER)
    assert sign_ins.end_all_sessions(session, rina.id, NOW) == 2
    assert sign_ins.session_of(session, "c" * 64, NOW) is not None


def test_a_switched_off_user_is_signed_out_and_loses_tokens(session: Session, rina: UserRow) -> None:
    sign_ins.open_session(session, rina.id, "a" * 64, NOW, LATER)
    tokens.add_token(session, NewToken(rina.id, "uji", "b" * 64), NOW)
    users.switch(session, rina.id, on=False, now=NOW)
    assert sign_ins.session_of(session, "a" * 64, NOW) is None
    assert tokens.token_user(session, "b" * 64, NOW) is None
    assert [user.active for user in users.list_users(session)] == [False]


def test_a_token_stands_for_its_user_until_revoked(session: Session, rina: UserRow) -> None:
    number = tokens.add_token(session, NewToken(rina.id, "uji", "b" * 64), NOW)
    found = tokens.token_user(session, "b" * 64, LATER)
    assert found is not None
    assert found.name == "rina"
    assert tokens.list_tokens(session, rina.id)[0].last_used_at == LATER
    assert tokens.revoke_token(session, number, LATER)
    assert tokens.token_user(session, "b" * 64, LATER) is None


def test_a_token_expires(session: Session, rina: UserRow) -> None:
    tokens.add_token(session, NewToken(rina.id, "uji", "b" * 64, expires_at=LATER), NOW)
    assert tokens.token_user(session, "b" * 64, LATER) is None


@pytest.fixture
def held_case(database: Database, vault: Vault) -> tuple[int, UserRow, UserRow]:
    book = casebook.open_book(database, vault)
    return comment_case(database, book), book.rina, book.bayu


def test_one_person_holds_a_case(database: Database, held_case: tuple[int, UserRow, UserRow]) -> None:
    case_id, rina, bayu = held_case
    with database.write() as session:
        assert leases.claim(session, case_id, rina.id, NOW).fence == 1
        with pytest.raises(ConflictError, match="Rina Contoh sedang meninjau"):
            leases.claim(session, case_id, bayu.id, NOW)


def test_the_fence_rises_with_every_new_claim_only(database: Database, held_case: tuple[int, UserRow, UserRow]) -> None:
    case_id, rina, bayu = held_case
    with database.write() as session:
        fences = [leases.claim(session, case_id, rina.id, NOW).fence for _ in range(2)]
        leases.release(session, case_id, rina.id, NOW)
        fences.append(leases.claim(session, case_id, bayu.id, NOW).fence)
        fences.append(leases.claim(session, case_id, rina.id, LATER).fence)
    assert fences == [1, 1, 2, 3]


def test_a_lease_is_renewed_by_its_holder_under_its_fence(
    database: Database, held_case: tuple[int, UserRow, UserRow]
) -> None:
    case_id, rina, _ = held_case
    with database.write() as session:
        held = leases.claim(session, case_id, rina.id, NOW)
        soon = NOW + timedelta(minutes=4)
        assert leases.renew(session, case_id, rina.id, held.fence, soon).expires_at == soon + leases.LENGTH
        with pytest.raises(ConflictError):
            leases.renew(session, case_id, rina.id, held.fence + 1, soon)
        with pytest.raises(ConflictError):
            leases.renew(session, case_id, rina.id, held.fence, LATER)


def test_signing_out_gives_back_everything(database: Database, held_case: tuple[int, UserRow, UserRow]) -> None:
    case_id, rina, _ = held_case
    with database.write() as session:
        leases.claim(session, case_id, rina.id, NOW)
        assert leases.release_all(session, rina.id, NOW) == 1
        assert leases.current(session, [case_id], NOW) == {}


def test_many_claims_at_once_give_the_case_to_one(database: Database, held_case: tuple[int, UserRow, UserRow]) -> None:
    case_id, rina, bayu = held_case

    def claim(user_id: int) -> int | None:
        try:
            with database.write() as session:
                return leases.claim(session, case_id, user_id, NOW).user_id
        except ConflictError:
            return None

    with ThreadPoolExecutor(8) as pool:
        winners = set(pool.map(claim, [rina.id, bayu.id] * 8)) - {None}
    assert len(winners) == 1
