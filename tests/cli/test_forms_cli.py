from __future__ import annotations

import csv
import json
import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from db import audit, cases
from db.connect import open_database
from db.tables import asn, review_case
from monitor.domain import CaseFilter, CaseState
from monitor.reports.forms_order import DRAFT_MARK
from tests.cli.terminal import PASSWORD, pantau

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def rows(home: Path) -> list[int]:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.read() as session:
        found = [row.id for row in cases.list_cases(session, CaseFilter(jurisdictions=("99.01",), limit=None)).rows]
    database.dispose()
    return found


def change(home: Path, statement: object) -> None:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.write() as session:
        session.execute(statement)  # type: ignore[call-overload]  # a statement of SQLAlchemy
    database.dispose()


def moved(home: Path, state: CaseState) -> int:
    """Put the first case of the office into a state and return its number."""
    number = rows(home)[0]
    change(home, review_case.update().where(review_case.c.id == number).values(state=state))
    return number


def revealed(home: Path) -> list[str]:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.read() as session:
        found = [row.actor for row in audit.tail(session, action="identifier_revealed")]
    database.dispose()
    return found


def finished(path: Path) -> Path:
    """Fill a draft as an officer does and return the file."""
    document = Document(str(path))
    for root in (document.element, document.sections[0].header._element):
        for text in root.iter(f"{W}t"):
            done = "" if (text.text or "").startswith(DRAFT_MARK) else text.text or ""
            text.text = re.sub(r"\[belum diisi: [^\]]+\]", "diisi petugas", done)
    document.save(str(path))
    return path


@pytest.mark.parametrize("form", ["a", "b2", "rekomendasi"])
def test_a_draft_is_written_where_it_is_asked_for(home: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "draf.docx"
    answer = pantau(home, "form", form, str(rows(home)[0]), "--output", str(target))
    assert answer.exit_code == 0, answer.output
    assert "isian kosong" in answer.output
    assert target.stat().st_mode & 0o777 == 0o600
    assert Document(str(target)).sections[0].header.paragraphs[0].text.startswith(DRAFT_MARK)


def test_without_a_place_it_goes_into_the_workspace_and_tells_its_gaps(home: Path) -> None:
    number = rows(home)[0]
    answer = pantau(home, "form", "a", str(number), "--json")
    (file,) = json.loads(answer.output)["files"]
    assert file["path"] == str(home / "data" / "formulir" / f"a-informasi-awal-{number}-draf.docx")
    assert "nama pengawas" in file["blanks"]


def test_a_file_that_may_have_been_edited_is_not_written_over(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"suntingan")
    number = str(rows(home)[0])
    answer = pantau(home, "form", "a", number, "--output", str(target))
    assert (answer.exit_code, "mungkin sudah disunting" in answer.output) == (2, True)
    assert target.read_bytes() == b"suntingan"
    assert pantau(home, "form", "a", number, "--output", str(target), "--overwrite").exit_code == 0


def test_two_drafts_of_one_moment_are_the_same_bytes(home: Path, tmp_path: Path) -> None:
    config = home / "pantau.toml"
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[replay]\nclock = 2026-11-23T01:00:00+00:00\n")
    number = str(rows(home)[0])
    for name in ("satu.docx", "dua.docx"):
        assert pantau(home, "form", "a", number, "--output", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "satu.docx").read_bytes() == (tmp_path / "dua.docx").read_bytes()


def test_an_edited_document_is_issued_listed_and_opened_again(home: Path, tmp_path: Path) -> None:
    number = str(moved(home, CaseState.DITINJAU))
    target = tmp_path / "a.docx"
    pantau(home, "form", "a", number, "--output", str(target))
    order = ("form", "a", number, "--issue", "--as", "rina", "--document", str(target))
    early = pantau(home, *order, typed=PASSWORD)
    assert (early.exit_code, "masih bertanda DRAF" in early.output) == (2, True)
    finished(target)
    issued = pantau(home, *order, "--json", typed=PASSWORD)
    assert issued.exit_code == 0, issued.output
    listed = json.loads(pantau(home, "form", "list", number, "--json").output)
    assert [(one["form"], one["version"], one["issued_by"]) for one in listed] == [("a", 1, "rina")]
    again = tmp_path / "lagi.docx"
    opened = pantau(home, "form", "open", number, "a", "1", "--as", "rina", "--output", str(again), typed=PASSWORD)
    assert opened.exit_code == 0, opened.output
    assert again.read_bytes() == target.read_bytes()


def test_issuing_wants_a_name_and_a_second_version_a_reason(home: Path) -> None:
    number = str(moved(home, CaseState.DITINJAU))
    assert "tambahkan --as NAMA" in pantau(home, "form", "a", number, "--issue").output
    order = ("form", "a", number, "--issue", "--blanks", "--as", "rina")
    assert "terbit sebagai versi 1" in pantau(home, *order, typed=PASSWORD).output
    assert "versi baru perlu alasan" in pantau(home, *order, typed=PASSWORD).output
    assert "terbit sebagai versi 2" in pantau(home, *order, "--reason", "saksi ditambah", typed=PASSWORD).output


def test_a_form_before_its_step_is_refused(home: Path) -> None:
    number = str(moved(home, CaseState.DITINJAU))
    answer = pantau(home, "form", "rekomendasi", number, "--issue", "--blanks", "--as", "rina", typed=PASSWORD)
    assert (answer.exit_code, "setelah hasil pleno dicatat" in answer.output) == (3, True)


def test_rows_for_sbt_hold_whole_numbers_and_who_unlocked_them_is_audited(home: Path, tmp_path: Path) -> None:
    first, second = rows(home)[:2]
    answer = pantau(home, "form", "sbt", str(first), str(second), "--as", "rina", "--output", str(tmp_path / "sbt"),
                    typed=PASSWORD)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    letter, sheet = sorted((tmp_path / "sbt").iterdir(), key=lambda path: path.suffix)
    told = [cell.value for cell in load_workbook(BytesIO(sheet.read_bytes()))["SBT"]["C"]][1:]
    assert all(re.fullmatch(r"\d{16,18}", str(number)) for number in told)
    assert len(told) == 2
    assert revealed(home) == ["rina", "rina"]
    words = "".join(text.text or "" for text in Document(str(letter)).element.iter(f"{W}t"))
    assert not any(str(number) in words for number in told)


def test_rows_for_sbt_as_csv_open_as_text(home: Path, tmp_path: Path) -> None:
    number = rows(home)[0]
    change(home, asn.update().values(position="=1+1"))
    answer = pantau(home, "form", "sbt", str(number), "--as", "rina", "--format", "csv", "--output", str(tmp_path),
                    typed=PASSWORD)  # fmt: skip
    assert answer.exit_code == 0, answer.output
    (file,) = tmp_path.glob("*.csv")
    head, row = csv.reader(StringIO(file.read_bytes().decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Jabatan"] == "'=1+1"


def test_a_token_unlocks_no_number(home: Path, tmp_path: Path) -> None:
    answer = pantau(
        home, "form", "sbt", str(rows(home)[0]), "--as", "rina", "--output", str(tmp_path), token="p_x" * 20
    )
    assert (answer.exit_code, "Kata sandi kosong" in answer.output) == (2, True)
    assert revealed(home) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"employment": "tni"}, "SBT hanya untuk pegawai ASN, orang ini anggota TNI"),
        ({"identifier_kind": "lainnya"}, "SBT memerlukan NIP atau NIK"),
    ],
)
def test_whoever_sbt_does_not_take_is_sent_elsewhere(
    home: Path, tmp_path: Path, values: dict[str, str], told: str
) -> None:
    change(home, asn.update().values(**values))
    number = str(rows(home)[0])
    answer = pantau(home, "form", "sbt", number, "--as", "rina", "--output", str(tmp_path / "x"), typed=PASSWORD)
    assert (answer.exit_code, told in answer.output) == (2, True)
    assert revealed(home) == []
    assert not (tmp_path / "x").exists()


def test_a_case_that_does_not_exist_is_named(home: Path) -> None:
    answer = pantau(home, "form", "a", "99999")
    assert (answer.exit_code, "Informasi awal 99999 tidak ada" in answer.output) == (2, True)


def test_a_broken_template_of_the_office_is_named(home: Path, tmp_path: Path) -> None:
    (home / "templates").mkdir()
    (home / "templates" / "b2.docx").write_bytes(b"rusak")
    target = tmp_path / "b2.docx"
    answer = pantau(home, "form", "b2", str(rows(home)[0]), "--output", str(target))
    assert (answer.exit_code, "templates/b2.docx: bukan dokumen Word" in answer.output) == (2, True)
    assert not target.exists()
