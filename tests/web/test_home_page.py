from __future__ import annotations

from datetime import timedelta

from db import leases, users
from db.connect import Database
from monitor.domain import Grant, Role
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import parsed, words
from tests.web.conftest import Browser
from tests.web.samples import NOW
from tests.web.test_frame_pages import night


def lend(database: Database, name: str, number: int) -> None:
    with database.write() as session:
        user = users.user_named(session, name)
        assert user is not None
        leases.claim(session, number, user.id, NOW)


def test_the_case_in_hand_is_offered_first(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    lend(database, "rina", 1)
    page = browser("rina").get("/")
    assert "Yang sedang Anda tinjau" in words(page)
    assert parsed(page).css_first('.resume a[href="/informasi-awal/1"]') is not None


def test_what_others_have_in_hand_is_not_offered(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    lend(database, "joko", 1)
    assert "Yang sedang Anda tinjau" not in words(browser("rina").get("/"))


def test_deadlines_lead_to_the_list_that_they_count(browser: Browser, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    page = parsed(browser("rina").get("/"))
    assert page.css_first('a.tile[href="/antrean?tenggat=overdue"]') is not None
    assert page.css_first('a.tile[href="/antrean?tenggat=soon"]') is not None


def test_what_happened_since_yesterday_is_counted_in_the_own_place(
    browser: Browser, database: Database, vault: Vault
) -> None:
    world.found(database, vault)
    assert "Informasi awal baru 2" in words(browser("rina").get("/")).replace(
        "informasi awal baru", "Informasi awal baru"
    )


def test_the_first_day_shows_what_is_left_to_do(browser: Browser) -> None:
    text = words(browser("rina").get("/"))
    assert "Masukkan daftar pegawai dan akunnya" in text
    assert "Jalankan pemindaian pertama" in text


def test_after_a_night_nothing_is_left_of_the_first_day(browser: Browser, database: Database) -> None:
    night(database)
    assert "Jalankan pemindaian pertama" not in words(browser("rina").get("/"))


def test_a_source_of_last_night_is_told_in_one_line(browser: Browser, database: Database) -> None:
    night(database)
    text = words(browser("rina").get("/"))
    assert "Bluesky · 1 dari 1 sasaran berhasil dikunjungi" in text
    assert "Tidak teramati: menyukai" in text


def test_the_second_person_sees_what_waits_for_approval(browser: Browser) -> None:
    assert "menunggu orang kedua" in words(browser("joko").get("/"))
    assert "menunggu orang kedua" not in words(browser("rina").get("/"))


def test_who_sees_no_cases_gets_their_rooms(browser: Browser, database: Database, password_hash: str) -> None:
    with database.write() as session:
        user = users.add_user(session, "lia", "Lia Contoh", password_hash, NOW - timedelta(days=1))
        users.grant_role(session, user.id, Grant(Role.ANALIS, "99.01"), NOW)
    page = parsed(browser("lia").get("/"))
    paths = [tile.attributes["href"] for tile in page.css("a.tile.room")]
    assert "/laporan" in paths
    assert "/antrean" not in paths


def test_who_has_no_role_yet_is_told_whom_to_ask(browser: Browser, database: Database, password_hash: str) -> None:
    with database.write() as session:
        users.add_user(session, "baru", "Baru Contoh", password_hash, NOW)
    assert "Mintalah admin memberi peran dan wilayah" in words(browser("baru").get("/"))
