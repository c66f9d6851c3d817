"""Finds by hand through the console: kept with their evidence, refused for strangers, the reporter apart."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx import Response

from db import audit
from db.connect import Database
from db.tables import capture, manual_find, reporter
from monitor.web.app import create_app
from monitor.web.deps import WebDeps
from tests.evidence.written_archives import wacz
from tests.scan.offices import Office
from tests.web import bringing
from tests.web.browsing import PASSWORD, hidden_fields, sign_in, submit, words

Browser = Callable[[str], TestClient]
URL = "https://x.com/asn01_contoh/status/1845000000000000001"


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\x80" * width for _ in range(min(height, 9))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BOTH = pytest.mark.parametrize("database", ["sqlite_database", "postgres_database"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(getattr(request, "param", "sqlite_database"))
    return opened


@pytest.fixture
def office(tmp_path: Path, database: Database, password_hash: str) -> Office:
    made = bringing.office_with_register(tmp_path / "office", database)
    bringing.add_users(database, password_hash)
    return made


@pytest.fixture
def deps(office: Office) -> Iterator[WebDeps]:
    with bringing.console_deps(office) as made:
        yield made


@pytest.fixture
def browser(deps: WebDeps) -> Iterator[Browser]:
    opened: list[TestClient] = []

    def start(name: str) -> TestClient:
        client = TestClient(create_app(deps), base_url="http://localhost:8000", follow_redirects=False)
        opened.append(client)
        sign_in(client, name)
        return client

    yield start
    for client in opened:
        client.close()


def enter(client: TestClient, shot: tuple[str, bytes] | None = None, **changes: str) -> Response:
    fields = hidden_fields(client.get("/unggah/catatan"), "/unggah/catatan")
    said = {
        "jenis": "pengawasan",
        "tindakan": "post",
        "alamat": URL,
        "akun": "@asn01_contoh",
        "teks": "Saya dukung penuh BUDI CONTOH dan SITI TELADAN, menangkan!",
    }
    files = {"layar": (*shot, "image/png")} if shot else {"layar": ("", b"", "application/octet-stream")}
    return client.post(
        "/unggah/catatan", data=fields | said | changes, files=files, headers={"Sec-Fetch-Site": "same-origin"}
    )


def count(database: Database, table: sa.Table) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return [row.action for row in audit.tail(session)]


@BOTH
def test_a_find_with_its_screenshot_is_kept_judged_and_listed(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    sent = enter(rina, ("layar.png", png()))
    assert sent.status_code == 303, words(sent)
    page = words(rina.get(sent.headers["location"]))
    assert "disimpan dan sudah dinilai" in page
    assert "Nomor 1" in page
    again = enter(rina, ("layar.png", png()))
    assert "sudah ada" in words(rina.get(again.headers["location"]))
    assert count(database, manual_find) == 1


def test_the_screenshot_comes_back_as_a_file_and_that_is_audited(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    enter(rina, ("layar.png", png()))
    shot = rina.get("/unggah/catatan/1/layar")
    assert shot.content == png()
    assert shot.headers["content-type"] == "image/png"
    assert shot.headers["content-disposition"].startswith("attachment")
    assert shot.headers["x-content-type-options"] == "nosniff"
    assert "screenshot_opened" in actions(database)
    assert browser("tetangga").get("/unggah/catatan/1/layar").status_code == 404


def test_a_web_archive_comes_back_as_one_and_is_offered_on_the_page_of_its_case(browser: Browser) -> None:
    rina = browser("rina")
    assert enter(rina, ("halaman.wacz", wacz())).status_code == 303
    brought = rina.get("/unggah/catatan/1/layar")
    assert brought.content == wacz()
    assert brought.headers["content-type"] == "application/wacz"
    assert brought.headers["content-disposition"] == 'attachment; filename="catatan-1.wacz"'
    case = rina.get("/informasi-awal/1")
    assert "Unduh arsip web (WACZ) dari catatan 1" in words(case)
    assert '<img loading="lazy" src="/unggah/catatan/1/layar"' not in case.text


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        png()[:-5],
        png() + b"<script>",
        png(100_000, 100_000),
        b"%PDF-1.7 contoh",
        b"GIF89a" + bytes(20),
        wacz()[:-40],
        b"\xff\xd8\xff\xe0" + bytes(30),
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(8),
    ],
    ids=[
        "a page",
        "cut off",
        "more behind it",
        "absurdly large",
        "pdf",
        "gif",
        "broken archive",
        "broken jpeg",
        "broken webp",
    ],
)
def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(
    browser: Browser, database: Database, data: bytes
) -> None:
    sent = enter(browser("rina"), ("layar.png", data))
    assert sent.status_code == 400
    assert "Tidak ada yang tersimpan" in words(sent)
    assert count(database, manual_find) == count(database, capture) == 0


def test_an_unregistered_account_is_refused_and_leaves_nothing(browser: Browser, database: Database) -> None:
    sent = enter(browser("rina"), akun="tetangga_rekaan", keterangan="Terlihat di alun-alun.")
    assert sent.status_code == 403
    assert "tidak ada akun terdaftar" in words(sent)
    assert "Terlihat di alun-alun." in sent.text
    assert count(database, manual_find) == count(database, capture) == 0


@pytest.mark.parametrize("name", ["tetangga", "admin", "ani"])
def test_who_holds_no_role_there_enters_nothing(browser: Browser, database: Database, name: str) -> None:
    client = browser(name)
    fields = hidden_fields(client.get("/"), "/keluar")
    files = {"layar": ("", b"", "application/octet-stream")}
    said = fields | {"jenis": "pengawasan", "tindakan": "post", "alamat": URL, "akun": "asn01_contoh", "teks": "x"}
    assert client.post("/unggah/catatan", data=said, files=files).status_code == 403
    assert count(database, manual_find) == 0


def test_who_may_not_enter_is_refused_before_anything_is_read(browser: Browser) -> None:
    assert browser("ani").post("/unggah/catatan", content=b"bukan formulir").status_code == 403


@BOTH
def test_a_reporter_is_sealed_and_opened_only_with_a_reason_by_whom_it_is_for(
    browser: Browser, database: Database
) -> None:
    rina, joko = browser("rina"), browser("joko")
    enter(rina, jenis="laporan", pelapor="PELAPOR REKAAN", kontak="0800-0000", rahasia="ya")
    with database.read() as session:
        assert b"PELAPOR" not in bytes(session.execute(sa.select(reporter.c.sealed)).scalar_one())
    page = rina.get("/unggah/catatan")
    assert "PELAPOR" not in page.text
    assert "Pelapor tersegel" in words(page)
    fields = hidden_fields(page, "/unggah/catatan") | {"alasan": "ingin tahu", "bukti_diri": PASSWORD}
    assert rina.post("/unggah/catatan/1/pelapor", data=fields).status_code == 403
    page = joko.get("/unggah/catatan")
    assert submit(joko, page, "/unggah/catatan/1/pelapor", alasan=" ").status_code == 403
    opened = submit(joko, page, "/unggah/catatan/1/pelapor", alasan="klarifikasi")
    assert "PELAPOR REKAAN" in words(opened)
    assert "meminta namanya dirahasiakan" in words(opened)
    assert actions(database).count("reporter_revealed") == 1


def test_a_reporter_needs_a_report(browser: Browser, database: Database) -> None:
    sent = enter(browser("rina"), pelapor="PELAPOR REKAAN")
    assert sent.status_code == 400
    assert "PELAPOR" not in sent.text
    assert count(database, reporter) == 0


def test_a_text_may_say_anything_and_does_nothing(browser: Browser) -> None:
    rina = browser("rina")
    text = "<script>alert(1)</script> dukung BUDI CONTOH dan SITI TELADAN"
    enter(rina, teks=text, keterangan="<img src=x onerror=alert(1)>")
    page = rina.get("/unggah/catatan")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_who_may_only_read_the_notes_is_told_who_writes_them(browser: Browser) -> None:
    assert "Hanya pengawas dan koordinator yang dapat membuat catatan." in words(
        browser("admin").get("/unggah/catatan")
    )
    assert "Hanya pengawas dan koordinator" not in words(browser("rina").get("/unggah/catatan"))
