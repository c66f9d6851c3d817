from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from monitor import totp

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MOMENTS = st.integers(1_700_000_000, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS)
def test_a_code_is_what_an_authenticator_app_shows(now: datetime) -> None:
    assert totp.code_at(SECRET, now) == pyotp.TOTP(SECRET).at(now)


@given(MOMENTS, st.integers(-1, 1))
def test_a_phone_may_be_one_step_early_or_late(now: datetime, steps: int) -> None:
    shown = totp.code_at(SECRET, now + timedelta(seconds=30 * steps))
    step = totp.matching_step(SECRET, shown, now)
    assert step is not None
    assert totp.step_at(now) - 1 <= step <= totp.step_at(now) + 1


@given(MOMENTS, st.integers(2, 40))
def test_an_old_code_matches_only_by_chance(now: datetime, steps: int) -> None:
    shown = totp.code_at(SECRET, now - timedelta(seconds=30 * steps))
    near = {totp.code_at(SECRET, now + timedelta(seconds=30 * step)) for step in (-1, 0, 1)}
    assert (totp.matching_step(SECRET, shown, now) is None) == (shown not in near)


@given(st.text(max_size=200))
def test_any_typed_text_becomes_a_short_plain_code(typed: str) -> None:
    plain = totp.plain(typed)
    assert len(plain) <= 64
    assert totp.matching_step(SECRET, plain, datetime(2024, 11, 3, tzinfo=UTC)) is None or totp.is_app_code(plain)


def test_recovery_codes_differ_and_survive_being_typed_in_capitals() -> None:
    codes = totp.new_recovery_codes()
    assert len({totp.plain(code.upper().replace("-", " ")) for code in codes}) == totp.CODES
    assert not any(totp.is_app_code(totp.plain(code)) for code in codes)


def test_the_address_for_the_app_names_user_and_office() -> None:
    read = pyotp.parse_uri(totp.address(SECRET, "rina", "Pantau Bawaslu Contoh"))
    assert (read.name, read.issuer) == ("rina", "Pantau Bawaslu Contoh")
