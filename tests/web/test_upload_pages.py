"""Files through the console: what comes in, what is asked and told, what is refused, and what stays behind."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from db import audit
from db.connect import Database
from db.tables import import_file, interaction, roster_batch, upload
from monitor.web.app import create_app
from monitor.web.deps import WebDeps
from tests.scan.offices import Office
from tests.web import bringing
from tests.web.bringing import CAPTURE, send, settled
from tests.web.browsing import hidden_fields, parsed, sign_in, submit, words

Browser = Callable[[str], TestClient]


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
        client.app.state.background.close()  # type: ignore[attr-defined]  # FastAPI's own
        client.close()


def count(database: Database, table: sa.Table) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def sealed(office: Office) -> list[Path]:
    folder = office.home / "data" / "uploads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@BOTH
def test_a_capture_is_checked_first_and_taken_in_when_said_so(
    browser: Browser, database: Database, office: Office
) -> None:
    rina = browser("rina")
    sent = send(rina, CAPTURE)
    assert sent.status_code == 303
    page = settled(rina, sent.headers["location"])
    text = words(page)
    assert "Siap dimasukkan" in text
    assert "Tindakan akun terdaftar 1" in text
    assert "Tindakan akun lain, tidak disimpan 1" in text
    assert "tetangga_rekaan" not in page.text
    assert count(database, interaction) == count(database, import_file) == 0
    path = sent.headers["location"]
    assert submit(rina, page, f"{path}/masukkan").status_code == 303
    assert "Sudah masuk" in words(settled(rina, path))
    assert count(database, interaction) == count(database, import_file) == 1
    with database.read() as session:
        assert session.execute(sa.select(import_file.c.collector)).scalar_one() == "rina"
        told = [row.action for row in audit.tail(session) if row.subject.startswith("upload:")]
    assert sorted(told) == ["upload_confirmed", "upload_received", "upload_taken"]
    assert [path.name[:6] for path in sealed(office)] == ["hasil-"]


def test_a_second_press_changes_nothing(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    path = send(rina, CAPTURE).headers["location"]
    page = settled(rina, path)
    submit(rina, page, f"{path}/masukkan")
    settled(rina, path)
    again = submit(rina, page, f"{path}/masukkan")
    assert again.headers["location"].endswith("kabar=sudah")
    assert count(database, import_file) == 1


def test_the_same_content_again_is_told_and_doubles_nothing(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    for _ in range(2):
        path = send(rina, CAPTURE).headers["location"]
        page = settled(rina, path)
        submit(rina, page, f"{path}/masukkan")
        settled(rina, path)
    assert "Isi yang sama pernah dimasukkan" in words(page)
    assert count(database, interaction) == count(database, import_file) == 1


def test_what_lies_in_the_workspace_meanwhile_is_sealed_and_private(browser: Browser, office: Office) -> None:
    settled(browser("rina"), send(browser("rina"), CAPTURE).headers["location"])
    assert sealed(office)
    assert all(path.stat().st_mode & 0o077 == 0 for path in sealed(office))
    assert not any(b"asn01_contoh" in path.read_bytes() for path in sealed(office))


def test_broken_lines_are_named_by_row_and_the_others_taken(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    path = send(rina, CAPTURE + b'{"nav_index": "1", \n' + b"bukan json\n", kind="capture").headers["location"]
    page = settled(rina, path)
    rows = [row.text(separator=" ", strip=True) for row in parsed(page).css("table.problems tbody tr")]
    assert [row.split()[1] for row in rows] == ["4", "5"]
    table = rina.get(f"{path}/masalah.csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert len(table.text.strip().splitlines()) == 3
    submit(rina, page, f"{path}/masukkan")
    settled(rina, path)
    assert count(database, interaction) == 1


ASN = "nip,nama,jenis,instansi,jabatan,wilayah\n"
GOOD = "199001012015011001,BUDIWATI CONTOH,pns,Dinas Contoh,Analis,99.01\n"
BAD = "12345,SALAH CONTOH,pns,Dinas Contoh,Analis,99.01\n199001012015011003,SALAH JENIS,presiden,Dinas,Analis,99.01\n"


def test_a_register_with_row_errors_is_mended_and_taken_whole(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    path = send(rina, (ASN + GOOD + BAD).encode(), "asn.csv").headers["location"]
    page = settled(rina, path)
    text = words(page)
    assert "Tidak dapat dimasukkan" in text
    assert "Register ASN" in text
    assert [row.css_first("td code").text() for row in parsed(page).css("table.problems tbody tr")] == ["nip", "jenis"]
    assert not parsed(page).css(f'form[action="{path}/masukkan"]')
    before = count(database, roster_batch)
    fixed = send(rina, (ASN + GOOD).encode(), "asn.csv").headers["location"]
    submit(rina, settled(rina, fixed), f"{fixed}/masukkan")
    assert "Baru 1" in words(settled(rina, fixed))
    assert count(database, roster_batch) == before + 1


@BOTH
def test_bad_rows_can_be_left_out(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    path = send(rina, (ASN + GOOD + BAD).encode(), "asn.csv").headers["location"]
    submit(rina, settled(rina, path), f"{path}/jawab", skip_bad_rows="ya")
    submit(rina, settled(rina, path), f"{path}/masukkan")
    text = words(settled(rina, path))
    assert "Baru 1" in text
    assert "Dilewati 2" in text


@pytest.mark.parametrize("place", ["98.02", "99"])
def test_rows_of_other_places_are_refused(browser: Browser, database: Database, place: str) -> None:
    rina, before = browser("rina"), count(database, roster_batch)
    row = GOOD.replace("99.01", place)
    page = settled(rina, send(rina, (ASN + row).encode(), "asn.csv").headers["location"])
    assert "Baris ini di luar wilayah Anda" in words(page)
    assert not parsed(page).css("form[action$=masukkan]")
    assert count(database, roster_batch) == before


def test_nobody_is_taken_from_another_place_by_naming_them(browser: Browser, database: Database) -> None:
    admin, neighbour = browser("admin"), browser("tetangga")
    path = send(admin, (ASN + GOOD).encode(), "asn.csv").headers["location"]
    submit(admin, settled(admin, path), f"{path}/masukkan")
    settled(admin, path)
    stolen = settled(
        neighbour, send(neighbour, (ASN + GOOD.replace("99.01", "98.02")).encode(), "a.csv").headers["location"]
    )
    assert "di luar wilayah Anda" in words(stolen)


def test_what_a_file_leaves_open_is_asked_and_answered(browser: Browser) -> None:
    rina = browser("rina")
    chat = "01/02/24, 08.01 - +62 812-3456-7890: Saya dukung BUDI CONTOH\n01/02/24, 08.02 - +62 811-1111-1111: Setuju\n"
    path = send(rina, chat.encode(), "Chat WhatsApp dengan +62 812-3456-7890.txt").headers["location"]
    page = settled(rina, path)
    assert "Perlu jawaban Anda" in words(page)
    assert "812" not in words(page)
    assert parsed(page).css_matches("select[name=date_order]")
    submit(rina, page, f"{path}/jawab", date_order="dmy")
    assert "Perlu jawaban Anda" not in words(settled(rina, path))


def test_a_table_of_any_shape_asks_what_its_columns_hold(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    table = (
        "Nama akun,Isi tulisan,Waktu,Alamat\n"
        "asn01_contoh,Saya dukung penuh BUDI CONTOH dan SITI TELADAN,2024-10-20T08:00:00+07:00,"
        "https://x.com/asn01_contoh/status/1845000000000000001\n"
    )
    path = send(rina, table.encode(), "tabel.csv", "capture").headers["location"]
    page = settled(rina, path)
    assert "Kolom mana berisi apa?" in words(page)
    columns = 'akun = "Nama akun"\nteks = "Isi tulisan"\nwaktu = "Waktu"\nalamat = "Alamat"\n'
    submit(rina, page, f"{path}/jawab", columns="akun = ", platform="x")
    assert "Daftar kolom tidak terbaca" in words(settled(rina, path))
    submit(rina, settled(rina, path), f"{path}/jawab", columns=columns, platform="x")
    page = settled(rina, path)
    assert "Tindakan akun terdaftar 1" in words(page), words(page)


HOSTILE = {
    "nothing": (b"", "kosong.ndjson", 400),
    "too large": (b"x" * (1024 * 1024 + 1), "besar.ndjson", 413),
    "far too large": (b"x" * (2 * 1024 * 1024), "besar.ndjson", 413),
}


@pytest.mark.parametrize(("data", "name", "status"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_file_to_keep_is_refused_and_leaves_nothing(
    browser: Browser, database: Database, office: Office, data: bytes, name: str, status: int
) -> None:
    assert send(browser("rina"), data, name).status_code == status
    assert sealed(office) == []
    assert count(database, upload) == 0


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.ndjson", b"0" * 60_000_000)
    return out.getvalue()


UNREADABLE: dict[str, tuple[bytes | Callable[[], bytes], str]] = {  # what takes long is made when it is asked for
    "a picture that is a page": (b"<html><script>alert(1)</script></html>", "layar.png"),
    "half a JSON": (json.dumps({"contest": "x"})[:9].encode(), "kontes.json"),
    "another encoding": ("nip,nama\n199,Bu\xe9\n".encode("utf-16"), "asn.csv"),
    "noise": (bytes(range(256)) * 40, "derau.bin"),
    "a bomb": (bomb, "bom.zip"),
    "a broken zip": (b"PK\x03\x04" + b"\x00" * 200, "rusak.zip"),
}


@pytest.mark.parametrize(("data", "name"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_nobody_can_read_is_told_in_words_and_writes_nothing(
    browser: Browser, database: Database, data: bytes | Callable[[], bytes], name: str
) -> None:
    rina, before = browser("rina"), count(database, roster_batch)
    page = settled(rina, send(rina, data() if callable(data) else data, name).headers["location"])
    assert not parsed(page).css("form[action$=masukkan]")
    assert "Terjadi kesalahan" not in words(page)
    assert (count(database, import_file), count(database, roster_batch)) == (0, before)


NAMES = {
    "folders": ("../../etc/passwd.ndjson", "passwd.ndjson"),
    "windows folders": ("C:\\rahasia\\tangkapan.ndjson", "tangkapan.ndjson"),
    "turned letters": ("tang\u202enosjdn.exe", "tangnosjdn.exe"),
    "markup": ("<img src=x onerror=alert(1)>.ndjson", "<img src=x onerror=alert(1)>.ndjson"),
    "endless": ("a" * 3000 + ".ndjson", "a" * 113 + ".ndjson"),
    "nothing": ("\u202e", "berkas"),
}


@pytest.mark.parametrize(("given", "kept"), NAMES.values(), ids=NAMES.keys())
def test_hostile_names_are_made_harmless(browser: Browser, given: str, kept: str) -> None:
    rina = browser("rina")
    page = settled(rina, send(rina, CAPTURE, given).headers["location"])
    assert parsed(page).css_first("h1").text() == kept
    assert not parsed(page).css("main img")


def test_nothing_of_a_body_is_kept_without_the_sessions_token(
    browser: Browser, database: Database, office: Office
) -> None:
    assert send(browser("rina"), CAPTURE, token="0" * 64).status_code == 403
    assert sealed(office) == []
    assert count(database, upload) == 0


def test_a_file_before_the_token_is_refused(browser: Browser, database: Database) -> None:
    rina = browser("rina")
    token = hidden_fields(rina.get("/unggah"), "/unggah/kirim")["tanda"]
    body = (
        b'--x\r\nContent-Disposition: form-data; name="berkas"; filename="a"\r\n\r\nisi\r\n'
        b'--x\r\nContent-Disposition: form-data; name="tanda"\r\n\r\n' + token.encode() + b"\r\n--x--\r\n"
    )
    sent = rina.post("/unggah/kirim", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert sent.status_code == 403
    assert count(database, upload) == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"tanda=1", "application/x-www-form-urlencoded"),
        (b"--y--", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
    ],
    ids=["cut off", "another form", "another boundary", "no boundary"],
)
def test_a_broken_form_is_refused(browser: Browser, body: bytes, kind: str) -> None:
    sent = browser("rina").post("/unggah/kirim", content=body, headers={"Content-Type": kind})
    assert sent.status_code in (400, 403)


def test_strangers_and_analysts_send_nothing(browser: Browser, deps: WebDeps, database: Database) -> None:
    nobody = TestClient(create_app(deps), base_url="http://localhost:8000", follow_redirects=False)
    assert send(nobody, CAPTURE, token="x" * 64).headers["location"] == "/masuk"
    assert send(browser("ani"), CAPTURE, token="x" * 64).status_code == 403
    assert browser("ani").get("/unggah").status_code == 403
    assert count(database, upload) == 0


def test_somebody_elses_upload_is_not_found(browser: Browser) -> None:
    path = send(browser("rina"), CAPTURE).headers["location"]
    joko = browser("joko")
    assert joko.get(path).status_code == joko.get("/unggah/999").status_code == 404


def test_an_upload_can_be_thrown_away(browser: Browser, database: Database, office: Office) -> None:
    rina = browser("rina")
    path = send(rina, CAPTURE).headers["location"]
    submit(rina, settled(rina, path), f"{path}/buang")
    assert sealed(office) == []
    assert "Dibuang" in words(rina.get(path))


def test_what_is_not_finished_within_a_day_is_dropped(browser: Browser, office: Office) -> None:
    rina = browser("rina")
    settled(rina, send(rina, CAPTURE).headers["location"])
    office.clock.sleep(25 * 3600)
    rina = browser("rina")
    assert "Dibuang" in words(rina.get("/unggah"))
    assert sealed(office) == []


def test_an_import_that_died_is_shown_and_can_be_started_again(
    browser: Browser, database: Database, office: Office
) -> None:
    rina = browser("rina")
    path = send(rina, CAPTURE).headers["location"]
    settled(rina, path)
    with database.write() as session:
        session.execute(sa.update(upload).values(phase="taking"))
    office.clock.sleep(61)
    page = rina.get(path)
    assert "Terhenti di tengah jalan" in words(page)
    submit(rina, page, f"{path}/jawab")
    submit(rina, settled(rina, path), f"{path}/masukkan")
    assert "Sudah masuk" in words(settled(rina, path))
    assert count(database, import_file) == 1
