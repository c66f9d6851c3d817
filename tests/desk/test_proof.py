from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from db import audit, factors, sign_ins, users
from db.connect import Database
from monitor import desk, totp
from monitor.desk import proof
from monitor.domain import SessionRow, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.vault import Vault
from tests.casebook import NOW
from tests.second_steps import code_of, secret_of

PASSWORD = "sandi-contoh-yang-panjang"
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)


@pytest.fixture
def rina(database: Database) -> UserRow:
    with database.write() as session:
        return users.add_user(session, "rina", "Rina Contoh", CHEAP, NOW)


@pytest.fixture
def seat(database: Database, rina: UserRow) -> SessionRow:
    with database.write() as session:
        sign_ins.open_session(session, rina.id, "a" * 64, NOW, NOW + timedelta(hours=12))
        row = sign_ins.session_of(session, "a" * 64, NOW)
    assert row is not None
    return row


@pytest.fixture
def codes(database: Database, vault: Vault, seat: SessionRow) -> tuple[str, ...]:
    """Set a second factor up and return the recovery codes."""
    secret = desk.begin_factor(database, vault, seat)
    return desk.confirm_factor(database, vault, seat, totp.code_at(secret, NOW), NOW)


@pytest.fixture(autouse=True)
def quick_decoy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(proof, "decoy_hash", lambda: CHEAP)
    return iter(())


def wrong(database: Database, times: int, at: timedelta = timedelta()) -> None:
    for _ in range(times):
        with pytest.raises(RefusedError):
            desk.check_password(database, "rina", "keliru", NOW + at)


def test_five_wrong_passwords_lock_the_name_even_for_the_right_one(database: Database, rina: UserRow) -> None:
    wrong(database, 5)
    with pytest.raises(RefusedError):
        desk.check_password(database, "rina", PASSWORD, NOW + timedelta(minutes=14))


def test_a_lock_ends_by_itself(database: Database, rina: UserRow) -> None:
    wrong(database, 5)
    assert desk.authenticate(database, "rina", PASSWORD, NOW + timedelta(minutes=16)).name == "rina"


def test_trying_while_locked_does_not_prolong_the_lock(database: Database, rina: UserRow) -> None:
    wrong(database, 5)
    wrong(database, 20, timedelta(minutes=14))
    assert desk.authenticate(database, "rina", PASSWORD, NOW + timedelta(minutes=16)).name == "rina"


def test_each_further_failure_locks_for_twice_as_long_up_to_an_hour() -> None:
    minutes = [users.lock_after(failures, NOW) for failures in (4, 5, 6, 7, 8, 50)]
    assert minutes == [None, *(NOW + timedelta(minutes=m) for m in (15, 30, 60, 60, 60))]


def test_a_whole_sign_in_begins_counting_anew(database: Database, rina: UserRow) -> None:
    wrong(database, 4)
    desk.authenticate(database, "rina", PASSWORD, NOW)
    wrong(database, 4)
    assert desk.authenticate(database, "rina", PASSWORD, NOW).name == "rina"


def test_the_password_alone_does_not_begin_counting_anew(database: Database, rina: UserRow) -> None:
    wrong(database, 4)
    desk.check_password(database, "rina", PASSWORD, NOW)
    wrong(database, 1)
    with pytest.raises(RefusedError):
        desk.check_password(database, "rina", PASSWORD, NOW)


@pytest.mark.parametrize("case", ["unknown", "wrong", "locked", "off"])
def test_every_refusal_costs_one_check_and_one_write_and_says_the_same(
    database: Database, rina: UserRow, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case == "locked":
        wrong(database, 5)
    if case == "off":
        with database.write() as session:
            users.switch(session, rina.id, on=False, now=NOW)
    checks: list[str] = []
    real = proof.verify_password
    monkeypatch.setattr(proof, "verify_password", lambda typed, hashed: (checks.append(typed), real(typed, hashed))[1])
    with database.read() as session:
        before = len(audit.tail(session))
    typed = PASSWORD if case in ("locked", "off") else "keliru"
    with pytest.raises(RefusedError, match="Nama pengguna atau kata sandi tidak cocok"):
        desk.check_password(database, "tidak-ada" if case == "unknown" else "rina", typed, NOW)
    with database.read() as session:
        assert (checks, len(audit.tail(session)) - before) == ([typed], 1)


def test_a_lock_survives_a_restart(database: Database, rina: UserRow) -> None:
    wrong(database, 5)
    database.dispose()
    with pytest.raises(RefusedError):
        desk.check_password(database, "rina", PASSWORD, NOW)


def test_failures_are_in_the_audit_log_without_what_was_typed(database: Database, rina: UserRow) -> None:
    wrong(database, 1)
    with database.read() as session:
        (row,) = audit.tail(session)
    assert (row.action, row.subject) == ("sign_in_failed", f"user:{rina.id}")
    assert "keliru" not in str(row.detail)


def test_a_second_factor_counts_once_its_app_showed_a_code(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    with database.read() as session:
        user = users.user_by_id(session, rina.id)
    assert user is not None
    assert user.second_factor
    assert len(codes) == 10


def test_the_stored_secret_is_sealed(database: Database, vault: Vault, codes: tuple[str, ...], rina: UserRow) -> None:
    with database.read() as session:
        found = factors.factor_of(session, rina.id)
    assert found is not None
    assert secret_of(database, vault, "rina").encode() not in found.sealed


def test_a_secret_shown_in_another_session_is_thrown_away(database: Database, vault: Vault, seat: SessionRow) -> None:
    first = desk.begin_factor(database, vault, seat)
    assert desk.begin_factor(database, vault, seat) == first
    with database.write() as session:
        sign_ins.open_session(session, seat.user.id, "b" * 64, NOW, NOW + timedelta(hours=1))
        other = sign_ins.session_of(session, "b" * 64, NOW)
    assert other is not None
    second = desk.begin_factor(database, vault, other)
    assert second != first
    with pytest.raises(RefusedError):
        desk.confirm_factor(database, vault, seat, totp.code_at(first, NOW), NOW)


def test_a_standing_second_factor_is_not_set_up_over(
    database: Database, vault: Vault, seat: SessionRow, codes: tuple[str, ...]
) -> None:
    with pytest.raises(RefusedError, match="sudah terpasang"):
        desk.begin_factor(database, vault, seat)
    with pytest.raises(RefusedError):
        desk.confirm_factor(database, vault, seat, code_of(database, vault, "rina", NOW), NOW)


def test_a_code_is_taken_once_and_the_one_that_set_it_up_is_spent(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    with pytest.raises(RefusedError, match="sudah pernah dipakai"):
        desk.spend_code(database, vault, rina, code_of(database, vault, "rina", NOW), NOW)
    later = NOW + timedelta(minutes=2)
    desk.spend_code(database, vault, rina, code_of(database, vault, "rina", later), later)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, rina, code_of(database, vault, "rina", later), later)


def test_an_earlier_code_is_refused_after_a_later_one(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    later = NOW + timedelta(minutes=2)
    earlier = code_of(database, vault, "rina", later - timedelta(seconds=30))
    desk.spend_code(database, vault, rina, code_of(database, vault, "rina", later), later)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, rina, earlier, later)


def test_a_recovery_code_works_once_however_it_is_typed(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    desk.spend_code(database, vault, rina, codes[0].upper().replace("-", " "), NOW)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, rina, codes[0], NOW)
    assert desk.recovery_codes_left(database, rina) == 9


def test_new_recovery_codes_end_the_old_ones(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    desk.new_recovery_codes(database, vault, rina, NOW)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, rina, codes[0], NOW)


def test_a_recovery_code_of_another_user_is_nothing(database: Database, vault: Vault, codes: tuple[str, ...]) -> None:
    with database.write() as session:
        joko = users.add_user(session, "joko", "Joko Contoh", CHEAP, NOW)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, joko, codes[0], NOW)


@pytest.mark.parametrize("kind", ["recovery", "app"])
def test_of_many_uses_of_one_code_at_once_one_is_taken(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...], kind: str
) -> None:
    later = NOW + timedelta(minutes=2)
    code = codes[0] if kind == "recovery" else code_of(database, vault, "rina", later)

    def use(_: int) -> bool:
        try:
            desk.spend_code(database, vault, rina, code, later)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_wrong_codes_lock_like_wrong_passwords_and_then_no_code_is_looked_at(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    for _ in range(5):
        with pytest.raises(RefusedError):
            desk.spend_code(database, vault, rina, "abcde-fghjk", NOW)
    with pytest.raises(RefusedError, match="Terlalu banyak"):
        desk.spend_code(database, vault, rina, codes[0], NOW)
    assert desk.recovery_codes_left(database, rina) == 10


def test_a_sealed_secret_moved_to_another_user_opens_nothing(
    database: Database, vault: Vault, rina: UserRow, codes: tuple[str, ...]
) -> None:
    with database.write() as session:
        joko = users.add_user(session, "joko", "Joko Contoh", CHEAP, NOW)
        found = factors.factor_of(session, rina.id)
        assert found is not None
        factors.confirm(session, joko.id, found.sealed, 0, NOW)
    with pytest.raises(RefusedError):
        desk.spend_code(database, vault, joko, code_of(database, vault, "rina", NOW), NOW)


def test_dropping_the_second_factor_costs_a_code_and_ends_other_sessions(
    database: Database, vault: Vault, seat: SessionRow, codes: tuple[str, ...]
) -> None:
    with database.write() as session:
        sign_ins.open_session(session, seat.user.id, "b" * 64, NOW, NOW + timedelta(hours=1))
    with pytest.raises(RefusedError):
        desk.drop_factor(database, vault, seat, "000000", NOW)
    desk.drop_factor(database, vault, seat, codes[0], NOW)
    with database.read() as session:
        assert factors.factor_of(session, seat.user.id) is None
        assert [device.id for device in sign_ins.devices_of(session, seat.user.id, NOW)] == [seat.id]


@pytest.mark.parametrize("new", ["pendek", "rina-rina-rina", "aaaaaaaaaaaaaaaa", "x" * 1001, PASSWORD])
def test_a_poor_password_is_refused(database: Database, seat: SessionRow, new: str) -> None:
    with pytest.raises(UsageError):
        desk.change_password(database, seat, PASSWORD, new, NOW)


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(database: Database, seat: SessionRow) -> None:
    with database.write() as session:
        sign_ins.open_session(session, seat.user.id, "b" * 64, NOW, NOW + timedelta(hours=1))
    with pytest.raises(RefusedError):
        desk.change_password(database, seat, "keliru", "kata sandi lain yang panjang", NOW)
    desk.change_password(database, seat, PASSWORD, "kata sandi lain yang panjang", NOW)
    assert desk.check_password(database, "rina", "kata sandi lain yang panjang", NOW).name == "rina"
    with database.read() as session:
        assert [device.id for device in sign_ins.devices_of(session, seat.user.id, NOW)] == [seat.id]
