"""Who is who: the stable id decides, handles change hands, and an account is somebody's only for its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import AccountKind, AccountRef, ActTime, RegisteredAccount
from monitor.scan.watchlist import watchlist

START = datetime(2024, 10, 1, tzinfo=UTC)
END = datetime(2024, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def known(user_id: str, handle: str | None = None, **more: object) -> RegisteredAccount:
    ref = AccountRef("bluesky", user_id, handle)
    return RegisteredAccount(1, ref, AccountKind.ASN, person_id=1, **more)  # type: ignore[arg-type]  # fields by name


def seen(user_id: str, handle: str | None = None, platform: str = "bluesky") -> AccountRef:
    return AccountRef(platform, user_id, handle)


def test_the_stable_id_is_matched_whatever_the_handle_is_now() -> None:
    watch = watchlist([known("did:plc:a", "lama.contoh.test")])
    assert watch.knows(seen("did:plc:a", "baru.contoh.test"))


def test_somebody_who_took_over_a_handle_is_not_its_former_owner() -> None:
    watch = watchlist([known("did:plc:a", "rebutan.contoh.test")])
    assert not watch.knows(seen("did:plc:b", "rebutan.contoh.test"))


@pytest.mark.parametrize("handle", ["rina.contoh.test", "RINA.Contoh.Test"])
def test_a_handle_counts_while_the_register_knows_nothing_else(handle: str) -> None:
    assert watchlist([known("@rina.contoh.test", "rina.contoh.test")]).knows(seen("did:plc:z", handle))


def test_a_handle_counts_on_its_own_platform_only() -> None:
    assert not watchlist([known("@rina", "rina")]).knows(seen("7", "rina", "x"))


def test_nobody_is_no_match() -> None:
    assert watchlist([known("did:plc:a")]).match(None) is None


@pytest.mark.parametrize(
    ("time", "match"),
    [
        (ActTime(START - DAY), False),
        (ActTime(START), True),
        (ActTime(END - DAY), True),
        (ActTime(END), False),
        (ActTime(lo=START - DAY, hi=START + DAY), True),
        (ActTime(lo=START - 2 * DAY, hi=START - DAY), False),
        (ActTime(lo=END - DAY, hi=END + DAY), True),
        (ActTime(lo=END, hi=END + DAY), False),
        (ActTime(hi=START + DAY), True),
    ],
)
def test_an_act_is_the_persons_when_it_may_lie_in_the_registers_dates(time: ActTime, match: bool) -> None:
    watch = watchlist([known("did:plc:a", valid_from=START, valid_to=END)])
    assert (watch.match(seen("did:plc:a"), time) is not None) is match
    assert watch.knows(seen("did:plc:a"))


@given(st.text(max_size=20), st.text(max_size=20) | st.none())
def test_whoever_is_not_in_the_register_is_a_bystander(user_id: str, handle: str | None) -> None:
    watch = watchlist([known("did:plc:a", "a.contoh.test"), known("@rina.contoh.test", "rina.contoh.test")])
    expected = user_id == "did:plc:a" or (handle or "").lower() == "rina.contoh.test"
    assert watch.knows(seen(user_id, handle)) is expected


def fedi(user_id: str, handle: str | None = "asn@sosial.contoh.example") -> AccountRef:
    return AccountRef("mastodon", user_id, handle)


def watched(ref: AccountRef) -> RegisteredAccount:
    return RegisteredAccount(1, ref, AccountKind.ASN, person_id=1)


@pytest.mark.parametrize(
    ("registered", "shown"),
    [
        ("asn@sosial.contoh.example", "https://sosial.contoh.example/users/asn"),
        ("https://sosial.contoh.example/users/asn", "asn@sosial.contoh.example"),
    ],
)
def test_a_full_name_stands_for_a_stable_id_that_one_server_does_not_give(registered: str, shown: str) -> None:
    assert watchlist([watched(fedi(registered))]).knows(fedi(shown))


def test_two_stable_ids_are_two_accounts_even_under_one_full_name() -> None:
    watch = watchlist([watched(fedi("https://sosial.contoh.example/users/asn"))])
    assert not watch.knows(fedi("https://sosial.contoh.example/ap/users/77"))
