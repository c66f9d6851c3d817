from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook

from db import audit, cases, forms
from db.connect import Database
from db.tables import review_case
from monitor.cli.console_forms import form_room
from monitor.domain import CaseState, FormIssue, FormKind
from monitor.evidence.store import EvidenceStore
from monitor.reports.forms import FormOffice
from monitor.reports.forms import draft as render
from monitor.reports.forms_order import DRAFT_MARK
from monitor.reports.forms_word import paragraphs
from monitor.settings import AgencySettings, Settings
from monitor.web.deps import WebDeps
from monitor.workspace import Workspace
from tests.web import world
from tests.web.browsing import PASSWORD, hidden_fields, parsed, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.test_case_pages import numbers

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def space(database: Database, deps: WebDeps, clock: Clock, tmp_path: Path) -> Workspace:
    (tmp_path / "evidence" / "00").mkdir(parents=True)  # this office's captures have no files, and it goes on without
    settings = Settings(home=tmp_path, agency=AgencySettings(name="Bawaslu Kabupaten Contoh", jurisdiction="99.01"))
    return Workspace(settings, database, deps.vault, EvidenceStore(tmp_path / "evidence", deps.vault), clock)


@pytest.fixture
def case_id(database: Database, deps: WebDeps) -> int:
    world.found(database, deps.vault)
    number = numbers(database)["ANI CONTOH"]
    move(database, number, CaseState.DITINJAU)
    return number


@pytest.fixture
def rina(browser: Browser, space: Workspace, case_id: int) -> TestClient:
    return browser("rina", forms=form_room(space))


def move(database: Database, case_id: int, state: CaseState) -> None:
    with database.write() as session:
        session.execute(review_case.update().where(review_case.c.id == case_id).values(state=state))


def draft(client: TestClient, case_id: int, form: str = "a") -> bytes:
    answer = post(client, case_id, f"{form}/draf")
    assert answer.status_code == 200
    return answer.content


def finished(data: bytes) -> bytes:
    """Return a draft after an officer filled and finished it."""
    document = Document(BytesIO(data))
    for root in (document.element, document.sections[0].header._element):
        for text in root.iter(f"{W}t"):
            done = "" if (text.text or "").startswith(DRAFT_MARK) else text.text or ""
            text.text = re.sub(r"\[belum diisi: [^\]]+\]", "diisi petugas", done)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def send(client: TestClient, case_id: int, document: bytes | None, **fields: str) -> Response:
    """Send the form that issues Formulir A, as a browser does."""
    page = client.get(f"/informasi-awal/{case_id}")
    sent = hidden_fields(page, "/formulir/terbitkan") | fields
    files = {"dokumen": ("a.docx", document) if document is not None else ("", b"")}
    return client.post("/formulir/terbitkan", data=sent, files=files, headers=OURS)


def issued(database: Database, case_id: int) -> tuple[FormIssue, ...]:
    with database.read() as session:
        return forms.issues_of(session, case_id)


def post(client: TestClient, case_id: int, path: str, **fields: str) -> Response:
    token = hidden_fields(client.get(f"/informasi-awal/{case_id}"), f"/informasi-awal/{case_id}/catat")["tanda"]
    return client.post(f"/informasi-awal/{case_id}/formulir/{path}", data={"tanda": token} | fields, headers=OURS)


def test_a_console_without_forms_shows_none(browser: Browser, case_id: int) -> None:
    assert not parsed(browser("rina").get(f"/informasi-awal/{case_id}")).css("#formulir")


def test_the_page_offers_every_form_and_says_from_when_it_may_be_issued(rina: TestClient, case_id: int) -> None:
    text = words(rina.get(f"/informasi-awal/{case_id}"))
    for said in (
        "Formulir A (laporan hasil pengawasan)",
        "Formulir Temuan (Model B.2)",
        "Surat rekomendasi diterbitkan setelah hasil pleno dicatat",
        "Baris SBT diterbitkan setelah hasil pleno dicatat",
        "Terbitkan versi 1",
    ):
        assert said in text


def test_a_draft_comes_as_a_word_document_named_by_number(rina: TestClient, case_id: int) -> None:
    answer = post(rina, case_id, "a/draf")
    assert answer.headers["content-disposition"] == f'attachment; filename="a-informasi-awal-{case_id}-draf.docx"'
    told = "\n".join(
        cell.text for t in Document(BytesIO(answer.content)).tables for row in t.rows for cell in row.cells
    )
    assert "ANI CONTOH" in told
    assert "Rina Contoh" in told
    assert "Lembaga sekarang" in "\n".join(
        p.text for p in Document(BytesIO(draft(rina, case_id, "rekomendasi"))).paragraphs
    )


def test_a_draft_never_holds_the_number(rina: TestClient, case_id: int) -> None:
    for form in ("a", "b2", "rekomendasi", "sbt"):
        document = Document(BytesIO(draft(rina, case_id, form)))
        assert world.ANI.nip not in "".join(text.text or "" for text in document.element.iter(f"{W}t"))


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (datetime(2024, 8, 23, 16, 59, tzinfo=UTC), "Lembaga lama"),
        (datetime(2024, 8, 23, 17, 0, tzinfo=UTC), "Lembaga sekarang"),
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), "Lembaga sekarang"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "Lembaga sekarang; Lembaga kelak"),
    ],
)
def test_the_letter_names_who_is_competent_on_its_own_day(
    database: Database, case_id: int, moment: datetime, name: str
) -> None:
    office = FormOffice("Bawaslu Kabupaten Contoh", ZoneInfo("Asia/Jakarta"))
    with database.read() as session:
        detail = cases.case_detail(session, case_id, moment)
    letter = render(FormKind.REKOMENDASI, detail, office, moment)
    assert f"Kepada Yth.{name}[belum diisi: alamat instansi tujuan]" in list(paragraphs(letter))


def test_drawing_is_audited(rina: TestClient, case_id: int, database: Database) -> None:
    draft(rina, case_id)
    with database.read() as session:
        (row,) = audit.tail(session, action="form_drafted")
    assert (row.actor, row.subject) == ("rina", f"case:{case_id}")


def test_an_edited_document_is_issued_byte_by_byte(rina: TestClient, case_id: int, database: Database) -> None:
    document = finished(draft(rina, case_id))
    answer = send(rina, case_id, document)
    assert answer.headers["location"] == f"/informasi-awal/{case_id}?kabar=terbit"
    page = rina.get(answer.headers["location"])
    assert "Formulir terbit dan terkunci." in words(page)
    digest = issued(database, case_id)[0].sha256
    assert digest in words(page).replace(" ", "")
    assert digest not in page.text  # in groups, so that it wraps on a phone
    opened = submit(rina, page, f"/informasi-awal/{case_id}/formulir/a/versi/1")
    assert opened.content == document


def test_the_programs_own_draft_is_issued_once_its_gaps_are_to_be_filled_by_hand(
    rina: TestClient, case_id: int, database: Database
) -> None:
    refused = send(rina, case_id, None)
    assert refused.status_code == 422
    assert "isian kosong: nomor surat atau formulir" in words(refused)
    assert send(rina, case_id, None, kosong="ya").status_code == 303
    (only,) = issued(database, case_id)
    assert only.version == 1
    opened = post(rina, case_id, "a/versi/1").content
    head = Document(BytesIO(opened)).sections[0].header.paragraphs[0].text
    assert head.startswith("Versi 1, diterbitkan Rina Contoh pada")


def test_a_second_version_needs_a_reason(rina: TestClient, case_id: int, database: Database) -> None:
    document = finished(draft(rina, case_id))
    send(rina, case_id, document)
    again = send(rina, case_id, None, kosong="ya")
    assert (again.status_code, "versi baru perlu alasan" in words(again)) == (422, True)
    send(rina, case_id, None, kosong="ya", alasan="saksi ditambah")
    assert [(one.version, one.reason) for one in issued(database, case_id)] == [(1, ""), (2, "saksi ditambah")]


@pytest.mark.parametrize("data", [b"bukan dokumen", b"PK\x03\x04rusak"])
def test_what_is_no_word_document_comes_back_with_why(
    rina: TestClient, case_id: int, database: Database, data: bytes
) -> None:
    answer = send(rina, case_id, data)
    assert (answer.status_code, "bukan dokumen Word" in words(answer)) == (422, True)
    assert issued(database, case_id) == ()


def test_a_draft_of_somebody_else_is_not_issued_here(rina: TestClient, case_id: int, database: Database) -> None:
    other = numbers(database)["DEDI CONTOH"]
    answer = send(rina, case_id, finished(draft(rina, other)))
    assert f"dari informasi awal {other}" in words(answer)
    assert issued(database, case_id) == ()


def test_rows_for_sbt_hold_the_number_only_after_a_fresh_proof(
    rina: TestClient, case_id: int, clock: Clock, database: Database
) -> None:
    clock.forward(minutes=6)
    asked = post(rina, case_id, "sbt/nomor")
    assert asked.status_code == 401
    with database.read() as session:
        assert audit.tail(session, action="identifier_revealed") == []
    given = post(rina, case_id, "sbt/nomor", bukti_diri=PASSWORD)
    sheet = load_workbook(BytesIO(given.content))["SBT"]
    row = dict(zip(*([cell.value for cell in line] for line in sheet.iter_rows(max_row=2)), strict=True))
    assert (row["NIP atau NIK"], row["Nama"], row["Jenis pengenal"]) == (world.ANI.nip, "ANI CONTOH", "NIP")
    with database.read() as session:
        assert [one.actor for one in audit.tail(session, action="identifier_revealed")] == ["rina"]


def test_the_letter_holds_the_number_only_when_it_is_asked_for(rina: TestClient, case_id: int) -> None:
    document = Document(BytesIO(post(rina, case_id, "rekomendasi/nomor").content))
    assert world.ANI.nip in "".join(text.text or "" for text in document.element.iter(f"{W}t"))


def test_form_a_has_no_number_to_unlock(rina: TestClient, case_id: int) -> None:
    assert "tidak memuat nomor induk" in words(post(rina, case_id, "a/nomor"))


def test_rows_for_sbt_are_issued_after_the_pleno(rina: TestClient, case_id: int, database: Database) -> None:
    early = post(rina, case_id, "sbt/terbitkan")
    assert (early.status_code, issued(database, case_id)) == (403, ())
    with database.read() as session:
        assert audit.tail(session, action="identifier_revealed") == []
    move(database, case_id, CaseState.TERDAFTAR)
    assert post(rina, case_id, "sbt/terbitkan").status_code == 303
    opened = post(rina, case_id, "sbt/versi/1")
    assert load_workbook(BytesIO(opened.content))["SBT"]["C2"].value == world.ANI.nip
    assert opened.headers["content-disposition"].endswith(f'"sbt-informasi-awal-{case_id}-v1.xlsx"')


def test_an_own_template_with_a_mistake_is_named_on_the_page(rina: TestClient, case_id: int, space: Workspace) -> None:
    folder = space.settings.home / "templates"
    folder.mkdir()
    document = Document()
    document.add_paragraph("{{ dokumen.tanda }} {{ orang.nipp }}")
    document.save(str(folder / "a.docx"))
    answer = post(rina, case_id, "a/draf")
    assert (answer.status_code, "isian {{ orang.nipp }} tidak dikenal" in words(answer)) == (422, True)


def test_unknown_forms_and_versions_do_not_exist(rina: TestClient, case_id: int) -> None:
    assert post(rina, case_id, "c9/draf").status_code in (404, 422)
    assert post(rina, case_id, "a/versi/3").status_code == 422


@pytest.mark.parametrize("number", ["", "0", "99999999999", "x"])
def test_a_form_without_a_case_is_answered_plainly(rina: TestClient, case_id: int, number: str) -> None:
    answer = send(rina, case_id, None, perkara=number)
    assert answer.status_code in (400, 404, 422)
