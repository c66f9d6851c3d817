"""What citizens report and officers come upon becomes an item with its evidence, about registered people only."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit, case_pictures, verify
from db.connect import Database
from db.tables import capture, interaction, item_text, manual_find, reporter
from monitor import desk
from monitor.assembly import night
from monitor.domain import Act, Find, FindKind, Grant, Reporter, Role, UserRow, interaction_key
from monitor.errors import RefusedError, StoreUnavailable, UsageError
from monitor.scan.finds import Doors, FindDone, enter_find
from tests.evidence.written_archives import wacz
from tests.peers.registers import write_registers
from tests.peers.world import make_world
from tests.scan.offices import HeldClock, Office, make_office

SEEN = datetime(2024, 10, 20, 3, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
TEXT = "Saya dukung penuh BUDI CONTOH dan SITI TELADAN, menangkan!"
POST_URL = "https://x.com/asn01_contoh/status/1845000000000000001"
TARGET_URL = "https://x.com/busi_contoh/status/1845000000000000002"
COMMENT_URL = "https://x.com/asn01_contoh/status/1845000000000000003"


@pytest.fixture
def office(tmp_path: Path, database: Database) -> Office:
    """An office whose register knows X accounts by handle."""
    made = make_office(tmp_path / "office", database, CONFIG, HeldClock(SEEN + timedelta(days=2)))
    world = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
    write_registers(tmp_path / "register", world, "x", {a.key: f"{a.key}_contoh" for a in world.actors})
    made.register(tmp_path / "register")
    return made


def user(*grants: Grant) -> UserRow:
    return UserRow(1, "rina", "Rina Contoh", grants or (Grant(Role.PENGAWAS, "99.01"),))


def find(act: Act = Act.POST, **changes: object) -> Find:
    base = Find(FindKind.PENGAWASAN, act, "asn01_contoh", POST_URL, TEXT, SEEN)
    return replace(base, **changes)  # type: ignore[arg-type]  # names are given by the tests


def enter(office: Office, one: Find, who: UserRow | None = None) -> FindDone:
    by = who or user()
    with office.space() as space, night(space) as parts:
        return enter_find(parts, Doors(space.vault, by, lambda place: desk.may_enter(by, place)), one)


def rows(office: Office, query: sa.Select[tuple[object, ...]]) -> list[tuple[object, ...]]:
    with office.space() as space, space.database.read() as session:
        return [tuple(row) for row in session.execute(query)]


def test_an_own_post_entered_by_hand_opens_a_case(office: Office) -> None:
    assert enter(office, find()).cases.new == 1


def test_the_same_find_entered_twice_is_one(office: Office) -> None:
    first, second = enter(office, find()), enter(office, find())
    assert (second.new, second.id) == (False, first.id)


def test_no_find_is_entered_without_the_disk_of_earlier_evidence(office: Office) -> None:
    enter(office, find())
    folder = office.home / "data" / "evidence"
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(StoreUnavailable, match="kosong, padahal"):
        enter(office, find(url=COMMENT_URL))
    assert list(folder.iterdir()) == []


def test_a_like_of_a_campaign_post_carries_the_key_that_a_scan_would_give(office: Office) -> None:
    enter(office, find(Act.LIKE, url=TARGET_URL, text="Contoh Bangkit!"))
    expected = interaction_key("x", "@asn01_contoh", Act.LIKE, "1845000000000000002", None)
    assert rows(office, sa.select(interaction.c.key)) == [(expected,)]


def test_a_comment_needs_the_post_below_which_it_stands(office: Office) -> None:
    with pytest.raises(UsageError, match="Unggahan tempat komentar"):
        enter(office, find(Act.COMMENT, url=COMMENT_URL))


def test_a_comment_below_a_campaign_post_concerns_its_pair(office: Office) -> None:
    done = enter(office, find(Act.COMMENT, url=COMMENT_URL, on_url=TARGET_URL, text="Semoga sukses."))
    assert done.cases.new == 1


def test_an_unregistered_account_is_refused(office: Office) -> None:
    with pytest.raises(RefusedError, match="tidak ada akun terdaftar"):
        enter(office, find(account="tetangga_rekaan"))


def test_a_refused_find_leaves_no_row(office: Office) -> None:
    with pytest.raises(RefusedError):
        enter(office, find(account="tetangga_rekaan"))
    assert rows(office, sa.select(manual_find.c.id)) == rows(office, sa.select(capture.c.id)) == []


def test_an_officer_of_another_place_is_refused(office: Office) -> None:
    with pytest.raises(RefusedError, match="tidak berwenang"):
        enter(office, find(), user(Grant(Role.PENGAWAS, "88.02")))


@pytest.mark.parametrize("url", ["https://kompas.example/berita/1", "bukan alamat", "https://x.com/asn01_contoh", ""])
def test_an_address_that_is_no_posts_is_refused(office: Office, url: str) -> None:
    with pytest.raises(UsageError, match="bukan alamat unggahan"):
        enter(office, find(url=url))


@pytest.mark.parametrize(
    "changes",
    [
        {"seen_at": SEEN + timedelta(days=30)},
        {"acted_at": SEEN + timedelta(minutes=1)},
        {"text": "  "},
        {"screenshot": b"<html>"},
        {"act": Act.FOLLOW},
        {"seen_at": datetime(2024, 9, 1, tzinfo=UTC)},
        {"text": "a" * 100_001},
    ],
    ids=[
        "seen in the future",
        "acted after it was seen",
        "no text",
        "no picture",
        "follow",
        "seen before it was posted",
        "endless text",
    ],
)
def test_an_impossible_find_is_refused(office: Office, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        enter(office, replace(find(), **changes))  # type: ignore[arg-type]  # as above


def test_the_screenshot_is_a_second_evidence_of_the_act(office: Office) -> None:
    enter(office, find(screenshot=PNG))
    kept = rows(office, sa.select(capture.c.endpoint).order_by(capture.c.endpoint))
    assert kept == [("pengawasan",), ("tangkapan-layar",)]


def test_a_web_archive_beside_a_find_is_evidence_of_its_own_kind(office: Office) -> None:
    enter(office, find(screenshot=wacz()))
    kept = rows(office, sa.select(capture.c.endpoint).order_by(capture.c.endpoint))
    assert kept == [("arsip-web",), ("pengawasan",)]
    [(case_capture,)] = rows(office, sa.select(manual_find.c.capture_id))
    with office.space() as space, space.database.read() as session:
        numbers = [int(str(case_capture))]
        assert case_pictures.brought_with(session, numbers) == ({}, {numbers[0]: 1})


def test_the_screenshot_is_kept_as_it_was(office: Office) -> None:
    enter(office, find(screenshot=PNG))
    [(digest,)] = rows(office, sa.select(manual_find.c.screenshot))
    with office.space() as space:
        assert space.evidence.get(str(digest)) == PNG


REPORTER = Reporter("PELAPOR REKAAN", "0800-0000-0000", wants_anonymity=True)


def test_the_reporter_is_in_no_evidence(office: Office) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    digests = rows(office, sa.select(capture.c.sha256))
    with office.space() as space:
        assert not any(b"PELAPOR" in space.evidence.get(str(digest)) for (digest,) in digests)


def test_the_reporter_is_sealed(office: Office) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    [(sealed,)] = rows(office, sa.select(reporter.c.sealed))
    assert b"PELAPOR" not in bytes(sealed)  # type: ignore[call-overload]  # a row of any query


def reveal(office: Office, who: UserRow, reason: str = "klarifikasi") -> Reporter:
    with office.space() as space:
        return desk.reveal_reporter(space.database, space.vault, 1, reason, who, office.clock())


def test_a_coordinator_learns_the_reporter(office: Office) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    assert reveal(office, user(Grant(Role.KOORDINATOR, "99"))) == REPORTER


def test_revealing_the_reporter_is_audited_with_its_reason(office: Office) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    reveal(office, user(Grant(Role.KOORDINATOR, "99")))
    with office.space() as space, space.database.read() as session:
        assert [row.actor for row in audit.tail(session, action="reporter_revealed")] == ["rina"]


def test_an_officer_does_not_learn_the_reporter(office: Office) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    with pytest.raises(RefusedError):
        reveal(office, user())


@pytest.mark.parametrize(
    ("who", "reason"),
    [(user(Grant(Role.KOORDINATOR, "88")), "klarifikasi"), (user(Grant(Role.KOORDINATOR, "99")), " ")],
    ids=["elsewhere", "no reason"],
)
def test_the_reporter_stays_closed_elsewhere_and_without_a_reason(office: Office, who: UserRow, reason: str) -> None:
    enter(office, find(kind=FindKind.LAPORAN, reporter=REPORTER))
    with pytest.raises(UsageError):
        reveal(office, who, reason)


def test_a_text_stored_before_gets_no_version_from_what_was_typed(office: Office) -> None:
    enter(office, find())
    liked = find(Act.LIKE, account="asn02_contoh", url=POST_URL, text="BUDI CONTOH dan SITI TELADAN, salah ketik")
    enter(office, liked)
    assert rows(office, sa.select(item_text.c.text)) == [(TEXT,)]


def test_a_find_names_its_case(office: Office) -> None:
    enter(office, find())
    with office.space() as space:
        [row] = desk.list_finds(space.database, user(), office.clock())
    assert len(row.case_ids) == 1


def test_finds_of_other_places_are_not_listed(office: Office) -> None:
    enter(office, find())
    with office.space() as space:
        assert desk.list_finds(space.database, user(Grant(Role.PENGAWAS, "88")), office.clock()) == []


def test_the_store_is_clean_after_finds(office: Office) -> None:
    enter(office, find(screenshot=PNG, kind=FindKind.LAPORAN, reporter=REPORTER))
    with office.space() as space, space.database.read() as session:
        assert verify.verify(session) == []
