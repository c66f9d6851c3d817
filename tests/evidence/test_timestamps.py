"""Timestamps against OpenSSL's own authority on loopback: right ones are taken, everything else is refused by name."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import AuthorityUnreachable, ConfigError, TimestampError
from monitor.evidence import timestamps
from monitor.evidence.timestamps import Authority, load_certificates, stamp
from tests.conftest import unavailable
from tests.peers.tsa import Desk, Office, closed_port, desk, open_office

pytestmark = pytest.mark.peer

DATA = b'{"format":"pantau-manifest/1"}'
DIGEST = hashlib.sha256(DATA).hexdigest()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if shutil.which("openssl") is None:
        unavailable("openssl tidak ada")
    return open_office(tmp_path_factory.mktemp("tsa") / "contoh")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Office:
    del office
    return open_office(tmp_path_factory.mktemp("tsa") / "lain")


@pytest.fixture(scope="module")
def kept(office: Office) -> bytes:
    """An answer about DATA, as it came."""
    with desk(office.answer) as door:
        return stamp(authority(door, office), DATA, now).answer


@pytest.fixture
def door(office: Office) -> Iterator[Desk]:
    with desk(office.answer) as opened:
        yield opened


def authority(door: Desk, office: Office, seconds: float = 5.0, login: str = "") -> Authority:
    return Authority(door.url, load_certificates(office.root), seconds, login)


def test_a_right_answer_is_taken_and_openssl_agrees(door: Desk, office: Office) -> None:
    made = stamp(authority(door, office), DATA, now)
    assert abs(made.stamped_at - now()) < timedelta(seconds=30)
    assert office.agrees(DATA, made.answer)
    assert timestamps.check(made.answer, DIGEST, load_certificates(office.root)) == made.stamped_at
    assert timestamps.read(made.answer) == (DIGEST, made.stamped_at)
    assert door.asked[0]["content-type"] == "application/timestamp-query"


def test_a_signer_of_another_root_is_refused(door: Desk, office: Office, other: Office) -> None:
    door.answer = other.answer
    with pytest.raises(TimestampError, match="tidak cocok dengan sertifikat"):
        stamp(authority(door, office), DATA, now)


def test_a_signer_that_may_not_stamp_is_refused(door: Desk, tmp_path: Path) -> None:
    plain = open_office(tmp_path / "biasa", "plain")
    door.answer = plain.answer
    with pytest.raises(TimestampError):
        stamp(authority(door, plain), DATA, now)


def test_an_answer_to_an_earlier_request_is_refused(door: Desk, office: Office, kept: bytes) -> None:
    door.answer = lambda _: kept
    with pytest.raises(TimestampError, match="permintaan lain"):
        stamp(authority(door, office), DATA, now)


def test_an_answer_about_other_data_is_refused(door: Desk, office: Office, kept: bytes) -> None:
    door.answer = lambda _: kept
    with pytest.raises(TimestampError, match="data lain"):
        stamp(authority(door, office), DATA + b" ", now)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_far_off_is_refused(door: Desk, office: Office, hours: int) -> None:
    with pytest.raises(TimestampError, match="jauh dari jam"):
        stamp(authority(door, office), DATA, lambda: now() + timedelta(hours=hours))


def test_a_refusal_is_named(door: Desk, office: Office) -> None:
    door.answer = lambda _: office.answer(b"bukan permintaan")
    with pytest.raises(TimestampError, match="menolak permintaan"):
        stamp(authority(door, office), DATA, now)


@pytest.mark.parametrize("body", [b"", b"<html>masuk dahulu</html>", b"\x30\x03\x02\x01\x00", b"\x30\x80" * 200])
def test_rubbish_is_refused(door: Desk, office: Office, body: bytes) -> None:
    door.answer = lambda _: body
    with pytest.raises(TimestampError):
        stamp(authority(door, office), DATA, now)


def test_an_endless_answer_is_refused(door: Desk, office: Office) -> None:
    door.answer = lambda _: b"\x30" * 200_000
    with pytest.raises(TimestampError, match="terlalu besar"):
        stamp(authority(door, office), DATA, now)


@pytest.mark.parametrize("status", [302, 401, 404, 500])
def test_another_status_is_no_answer(door: Desk, office: Office, status: int) -> None:
    door.status = status
    with pytest.raises(AuthorityUnreachable, match=str(status)):
        stamp(authority(door, office), DATA, now)


def test_nobody_there_is_unreachable(office: Office) -> None:
    nobody = Authority(f"http://127.0.0.1:{closed_port()}/", load_certificates(office.root), 2)
    with pytest.raises(AuthorityUnreachable, match="tidak terjangkau"):
        stamp(nobody, DATA, now)


@pytest.mark.parametrize("slow", [{"wait": 3.0}, {"drip": 0.02}])
def test_a_slow_one_is_left_when_its_time_is_over(door: Desk, office: Office, slow: dict[str, float]) -> None:
    door.wait, door.drip = slow.get("wait", 0.0), slow.get("drip", 0.0)
    began = time.monotonic()
    with pytest.raises(AuthorityUnreachable):
        stamp(authority(door, office, seconds=0.5), DATA, now)
    assert time.monotonic() - began < 2.5


def test_the_office_names_itself_where_it_has_a_login(door: Desk, office: Office) -> None:
    stamp(authority(door, office, login="kantor:sandi-contoh"), DATA, now)
    assert door.asked[-1]["authorization"].startswith("Basic ")


def test_certificates_that_are_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("bukan sertifikat")
    with pytest.raises(ConfigError, match=r"x\.pem"):
        load_certificates(tmp_path / "x.pem")


@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_an_answer_with_any_byte_changed_is_refused_or_says_the_same(
    office: Office, kept: bytes, place: int, flip: int
) -> None:
    changed = bytearray(kept)
    changed[place % len(kept)] ^= flip
    try:
        told = timestamps.check(bytes(changed), DIGEST, load_certificates(office.root))
    except TimestampError:
        return
    assert told == timestamps.read(kept)[1]  # what is not signed may change, what is said may not


@given(st.binary(max_size=300))
def test_whatever_comes_is_an_error_of_ours(body: bytes) -> None:
    with pytest.raises(TimestampError):
        timestamps.read(body)
