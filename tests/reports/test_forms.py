from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import (
    Act,
    CaseDetail,
    CaseState,
    Caveat,
    ContentDetail,
    EventKind,
    EventRow,
    FormKind,
    NoteKind,
)
from monitor.domain.clocks import DayType, RunningClock
from monitor.errors import ConfigError, UsageError
from monitor.reports.forms import Extras, FormOffice, Issued, draft, file_name
from monitor.reports.forms_check import blanks_of, check_document
from monitor.reports.forms_facts import facts
from monitor.reports.forms_order import DRAFT_MARK, blank, plain
from monitor.reports.forms_template import word_problem
from monitor.reports.forms_word import field_names, paragraphs
from scripts.write_form_templates import NAMES, template
from tests.web import samples

ROOT = Path(__file__).resolve().parents[2]
OFFICE = FormOffice("Bawaslu Kabupaten Contoh", ZoneInfo("Asia/Jakarta"))
ISSUED = Extras("Rina Contoh", issued=Issued(1, "Rina Contoh", samples.NOW))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def case(**changes: Any) -> CaseDetail:
    return replace(samples.detail(CaseState.DITINJAU), addressees=("Lembaga Contoh",), **changes)


@cache
def usual(form: FormKind) -> bytes:
    """Return the draft of the usual case, drawn once."""
    return draft(form, case(), OFFICE, samples.NOW)


def in_state(state: CaseState) -> CaseDetail:
    return case(row=samples.row(state=state))


def saying(text: str) -> CaseDetail:
    """Return a case whose own text says this."""
    own = ContentDetail("at://ani/1", "https://bsky.app/profile/ani.contoh.test/post/1", text, "bluesky", samples.ACTOR)
    return case(hits=(replace(samples.case_hit(), own=own, spans=()),))


def lines(data: bytes) -> list[str]:
    return list(paragraphs(data))


def words(data: bytes) -> str:
    return "\n".join(lines(data))


def office_with(folder: Path, *texts: str, name: str = "a") -> FormOffice:
    """Return an office whose own template of a form holds these paragraphs."""
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    folder.mkdir(exist_ok=True)
    document.save(str(folder / f"{name}.docx"))
    return replace(OFFICE, templates=folder)


@pytest.mark.parametrize("form", FormKind)
def test_python_docx_opens_every_draft(form: FormKind) -> None:
    opened = Document(BytesIO(usual(form)))
    assert opened.core_properties.subject == "Informasi awal 7"
    assert opened.paragraphs


@pytest.mark.parametrize("form", FormKind)
def test_a_draft_says_that_it_is_a_draft_of_an_informasi_awal(form: FormKind) -> None:
    head = Document(BytesIO(usual(form))).sections[0].header.paragraphs[0].text
    assert head == f"{DRAFT_MARK} disusun program dari informasi awal nomor 7; belum merupakan temuan"


@pytest.mark.parametrize("form", FormKind)
def test_the_same_case_gives_the_same_bytes(form: FormKind) -> None:
    assert draft(form, case(), OFFICE, samples.NOW) == usual(form)


def test_a_package_tells_nothing_of_when_it_was_packed() -> None:
    with zipfile.ZipFile(BytesIO(usual(FormKind.A))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_once_people_have_registered_it_the_draft_says_so() -> None:
    text = words(draft(FormKind.B2, in_state(CaseState.TERDAFTAR), OFFICE, samples.NOW))
    assert "terdaftar menurut keputusan yang dicatat petugas" in text
    assert "belum merupakan temuan" not in text


def test_an_issued_form_names_its_version_and_whoever_issued_it() -> None:
    text = words(draft(FormKind.A, case(), OFFICE, samples.NOW, ISSUED))
    assert "Versi 1, diterbitkan Rina Contoh pada Minggu, 3 November 2024, pukul 07.05 WIB" in text
    assert DRAFT_MARK not in text


def test_form_a_answers_who_what_when_where_why_and_how() -> None:
    rows = [
        [cell.text for cell in row.cells] for table in Document(BytesIO(usual(FormKind.A))).tables for row in table.rows
    ]
    told = {row[0]: row[2] for row in rows if len(row) == 3 and row[1] == ":"}
    assert told["Apa"] == "2 tindakan di media sosial: 1 komentar, 1 menyukai"
    assert told["Siapa"].startswith("ANI CONTOH, PNS, Analis Kebijakan, Dinas Contoh Kabupaten Contoh")
    assert "Sabtu, 2 November 2024, pukul 19.32 WIB" in told["Kapan"]
    assert told["Di mana"] == "media sosial Bluesky, akun ani.contoh.test"
    assert "“Contoh Bangkit”" in told["Mengapa ditandai"]
    assert told["Bagaimana diketahui"].startswith("dibaca program pemantau")


def test_form_a_has_the_five_parts_of_its_annex() -> None:
    parts = [line for line in lines(usual(FormKind.A)) if re.match(r"[IV]+\. ", line)]
    assert parts == [
        "I. Data Pengawas",
        "II. Kegiatan Pengawasan",
        "III. Uraian Singkat Hasil Pengawasan",
        "IV. Informasi Dugaan Pelanggaran",
        "V. Informasi Potensi Sengketa",
    ]


def test_evidence_stands_with_its_whole_hash() -> None:
    assert "9f" * 32 in words(usual(FormKind.A))


def test_what_nobody_said_is_a_visible_gap() -> None:
    gaps = blanks_of(usual(FormKind.A))
    assert {"nama pengawas", "nomor surat perintah tugas", "alamat terlapor", "nama saksi", "analisa pengawas"} <= set(
        gaps
    )
    assert "hari dan tanggal diketahui" in gaps


def test_every_gap_has_a_background_of_its_own() -> None:
    with zipfile.ZipFile(BytesIO(usual(FormKind.A))) as archive:
        root = Document(BytesIO(archive.fp.getvalue())).element  # type: ignore[union-attr]  # opened just above
    for run in root.iter(f"{W}r"):
        text = "".join(part.text or "" for part in run.iter(f"{W}t"))
        if "[belum diisi:" in text:
            assert run.find(f"{W}rPr/{W}shd") is not None, text
            assert re.fullmatch(r"\[belum diisi: [^\]]+\]", text)


def test_a_person_without_position_or_agency_gets_gaps_not_guesses() -> None:
    bare = replace(samples.PERSON, position="", agency="", jurisdiction="")
    gaps = blanks_of(draft(FormKind.B2, case(row=samples.row(person=bare)), OFFICE, samples.NOW))
    assert {"jabatan terlapor", "instansi terlapor", "wilayah", "tingkat wilayah"} <= set(gaps)


def test_a_case_without_standing_hits_says_so_in_gaps() -> None:
    hit = replace(samples.case_hit(), brief=replace(samples.hit(), active=False))
    text = words(draft(FormKind.A, case(hits=(hit,)), OFFICE, samples.NOW))
    assert "[belum diisi: tindakan; tidak ada indikasi yang masih berlaku]" in text
    assert samples.OWN_TEXT not in text
    assert "[belum diisi: bukti; tidak ada yang tersimpan]" in text


def test_the_number_stays_out_unless_it_was_unlocked() -> None:
    locked = words(usual(FormKind.REKOMENDASI))
    assert "[belum diisi: NIP terlapor]" in locked
    assert "1978" not in locked
    opened = draft(FormKind.REKOMENDASI, case(), OFFICE, samples.NOW, Extras(identifier="197803152005011003"))
    assert "197803152005011003" in words(opened)


def test_the_letter_goes_to_the_addressee_that_the_law_names_that_day() -> None:
    assert "Kepada Yth.Lembaga Contoh" in words(usual(FormKind.REKOMENDASI))


def test_a_day_without_addressee_leaves_a_gap() -> None:
    told = draft(FormKind.REKOMENDASI, replace(case(), addressees=()), OFFICE, samples.NOW)
    assert any(gap.startswith("instansi tujuan") for gap in blanks_of(told))


def test_an_addressee_in_doubt_sends_to_the_legal_division() -> None:
    told = words(draft(FormKind.REKOMENDASI, replace(case(), addressee_doubtful=True), OFFICE, samples.NOW))
    assert "periksa dengan divisi hukum siapa penerimanya hari ini" in told


def test_a_doubtful_row_sends_to_the_legal_division() -> None:
    told = words(usual(FormKind.A))
    assert "periksa dengan divisi hukum: Bunyi baris menurut dua sumber berbeda." in told


def test_what_speaks_for_the_person_and_what_is_uncertain_stands_in_the_form() -> None:
    told = words(draft(FormKind.A, replace(case(), caveats=(Caveat.ONLY_LIKES,)), OFFICE, samples.NOW))
    assert "Meringankan: Tulisan tidak memuat ajakan memilih." in told
    assert "Belum pasti:" in told


def test_klarifikasi_stands_in_the_words_of_whoever_wrote_it() -> None:
    note = EventRow(2, EventKind.NOTED, samples.NOW, 1, "Rina Contoh", note="Mengaku tidak sengaja.")
    events = (
        replace(note, note_kind=NoteKind.KLARIFIKASI),
        replace(note, seq=3, note="Hanya untuk kantor.", note_kind=NoteKind.CATATAN),
    )
    told = words(draft(FormKind.A, replace(case(), events=events), OFFICE, samples.NOW))
    assert "Rina Contoh: Mengaku tidak sengaja." in told
    assert "Hanya untuk kantor." not in told
    leaving = words(draft(FormKind.A, replace(case(), events=events), OFFICE, samples.NOW, Extras(notes=False)))
    assert "Mengaku tidak sengaja." not in leaving


def test_a_draft_that_leaves_by_itself_holds_no_words_of_officers_about_person_and_account() -> None:
    person = replace(case().row.person, note="Sepupu WARGA REKAAN.")
    owned = replace(case().accounts[0], evidence="Dikenali WARGA REKAAN.")
    told = replace(case(), row=replace(case().row, person=person), accounts=(owned,))
    assert "WARGA REKAAN" in words(draft(FormKind.A, told, OFFICE, samples.NOW))
    assert "WARGA REKAAN" not in words(draft(FormKind.A, told, OFFICE, samples.NOW, Extras(notes=False)))


def test_a_limit_that_ends_at_midnight_names_its_last_day() -> None:
    due = datetime(2024, 11, 9, 17, tzinfo=UTC)
    clock = RunningClock("lapor", 7, DayType.CALENDAR, samples.NOW, due, 0)
    assert "Sabtu, 9 November 2024, pukul 24.00 WIB" in words(
        draft(FormKind.B2, case(clock=clock), OFFICE, samples.NOW)
    )


def test_the_pleno_result_is_what_a_person_wrote_and_stands() -> None:
    step = EventRow(
        4, EventKind.DECIDED, samples.NOW, 1, "Joko", CaseState.DISETUJUI, CaseState.TERDAFTAR, note="BA 12/2024, 4 Nov"
    )
    stood = words(draft(FormKind.B2, replace(case(), events=(step,)), OFFICE, samples.NOW))
    undone = words(draft(FormKind.B2, replace(case(), events=(replace(step, undone=True),)), OFFICE, samples.NOW))
    assert "BA 12/2024, 4 Nov" in stood
    assert "[belum diisi: nomor dan tanggal hasil pleno]" in undone


def test_times_are_in_the_zone_of_the_office() -> None:
    east = replace(OFFICE, zone=ZoneInfo("Asia/Jayapura"))
    assert "pukul 21.32 WIT" in words(draft(FormKind.A, case(), east, samples.NOW))


def test_somebody_whom_the_register_does_not_know_is_not_named() -> None:
    stranger = ContentDetail("at://x/1", "https://contoh.test/x", "Ayo pilih Budi", "bluesky")
    shared = replace(samples.case_hit(samples.hit(Act.SHARE)), own=None, target=stranger, spans=())
    assert "membagikan unggahan akun lain" in words(draft(FormKind.A, case(hits=(shared,)), OFFICE, samples.NOW))


OFFICIAL = (
    "IV. Informasi Dugaan Pelanggaran",
    "5. Uraian singkat dugaan pelanggaran",
    "FORMULIR TEMUAN",
    "Suatu peristiwa baru menjadi temuan menurut keputusan rapat pleno.",
    "belum merupakan temuan",
    "Formulir Temuan (Model B.2)",
    "Pengawas yang menemukan,",
)


@pytest.mark.parametrize("form", FormKind)
def test_the_program_itself_calls_nothing_a_finding_or_a_breach(form: FormKind) -> None:
    text = words(usual(form))
    for official in OFFICIAL:
        text = text.replace(official, "")
    assert re.findall(r"(?i)temuan|pelanggaran|menemukan|melanggar", text) == []


HOSTILE = (
    "{{ 7 * 7 }} {% for x in range(9) %}x{% endfor %} {# hilang #}",
    "{_{ kosong('x') }_} {_% if 1 %_}",
    "</w:t></w:r><w:r><w:t>disisipkan</w:t></w:r> & <b>tebal</b> ]]> <!-- -->",
    "{{r orang.nama }} {%p if 1 %} {%tr for a in b %} {% vm %} {% colspan 3 %} {%- x -%}",
    "\x00\x01\x07\x08\x0b\x0c\x1b\x7f \ud800 \ufffe tab\tbaris\nbaru\r\n",
    "\u202eterbalik\u202c \u2066isolasi\u2069",
    "&amp; &lt; &#123; &quot; 'petik'",
    "🗳️👨\u200d👩\u200d👧\u200d👦 é" + "\u0301" * 50,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stands_in_the_form_as_it_was_written(text: str) -> None:
    told = words(draft(FormKind.A, saying(text), OFFICE, samples.NOW))
    assert f"“{plain(text, 1500)}”" in told


def test_control_characters_and_turned_directions_do_not_reach_the_document() -> None:
    assert plain("a\x00b\x0cc\ud800\u202ed\u202c\ne\tf") == "a\ufffdb\ufffdc\ufffdd e f"


def test_marks_that_would_run_over_the_page_are_taken_down() -> None:
    assert plain("e" + "\u0301" * 50 + " u\u0308\u0301") == "e" + "\u0301" * 3 + " u\u0308\u0301"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> FormOffice:
    """An office whose Formulir A holds two lines."""
    folder = tmp_path_factory.mktemp("kantor")
    return office_with(folder, "{{ dokumen.tanda }}", "{% for t in tindakan %}{{ t.tulisan }}{% endfor %}")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_is_inert(small: FormOffice, text: str) -> None:
    told = lines(draft(FormKind.A, saying(text), small, samples.NOW))
    quote = plain(text, 1500)
    assert told[1:] == [f"“{quote}”" if text.strip() else "tidak ada tulisan sendiri pada tindakan ini"]


def test_a_text_of_a_hundred_kilobytes_is_cut_and_says_so() -> None:
    told = words(draft(FormKind.A, saying("pilih " * 20_000), OFFICE, samples.NOW))
    assert "[dipotong; 120000 huruf seluruhnya]" in told
    assert len(told) < 30_000


def test_a_gap_that_a_post_imitates_is_none() -> None:
    data = draft(FormKind.A, saying("lihat [belum diisi: nama penjahat]"), OFFICE, samples.NOW)
    assert "nama penjahat" not in blanks_of(data)
    assert "nama penjahat" in words(data)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_templates_are_what_their_sources_say(name: str) -> None:
    assert (ROOT / "monitor" / "reports" / "templates" / f"{name}.docx").read_bytes() == template(name)


def test_the_guide_lists_every_field_that_a_template_may_name() -> None:
    guide = (ROOT / "docs" / "pengawas" / "formulir.md").read_text(encoding="utf-8")
    note = EventRow(2, EventKind.NOTED, samples.NOW, 1, "Rina", note="x", note_kind=NoteKind.KONTEKS)
    known = facts(FormKind.A, (case(events=(note,)),), OFFICE, samples.NOW, Extras())
    assert [name for name in field_names(known) if f"`{name}`" not in guide] == []


def test_an_office_fills_its_own_template(tmp_path: Path) -> None:
    own = office_with(tmp_path, "{{ dokumen.tanda }}", "Kop Kami — {{ orang.nama }} / {{ kosong('cap') }}")
    told = lines(draft(FormKind.A, case(), own, samples.NOW))
    assert "Kop Kami — ANI CONTOH / [belum diisi: cap]" in told


def test_forms_without_an_own_template_stay_those_of_the_program(tmp_path: Path) -> None:
    own = office_with(tmp_path, "{{ dokumen.tanda }}")
    assert "FORMULIR TEMUAN" in words(draft(FormKind.B2, case(), own, samples.NOW))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ orang.namaa }}", "orang.namaa }} tidak dikenal — mungkin maksudnya orang.nama;"),
        ("{{ orangg.nama }}", "orangg }} tidak dikenal"),
        ("{% for b in bukti %}{{ b.sha }}{% endfor %}", "bukti.sha }} tidak dikenal"),
        ("{{ perkara['tanggal'] }}", "perkara.tanggal }} tidak dikenal"),
        ("Nama: {{ orang.nama", "tidak lengkap atau tidak berpasangan, dekat “Nama: {{ orang.nama"),
        ("{% for b in bukti %}tanpa penutup", "tidak lengkap atau tidak berpasangan"),
        ("{{ orang.nama|terbesar }}", "tidak lengkap atau tidak berpasangan"),
        ("{{ 1 / 0 }}", "tidak dapat diisi (ZeroDivisionError)"),
        ("{{ ''.__class__.__mro__ }}", "tidak dikenal"),
        ("{{ kosong.__globals__ }}", "tidak dikenal"),
        ("{% include '/etc/passwd' %}", "tidak dapat diisi"),
    ],
)
def test_a_broken_template_is_refused_by_the_name_of_its_fault(tmp_path: Path, text: str, named: str) -> None:
    own = office_with(tmp_path, "{{ dokumen.tanda }}", text)
    with pytest.raises(ConfigError) as refused:
        draft(FormKind.A, case(), own, samples.NOW)
    assert named in str(refused.value)
    assert "a.docx" in str(refused.value)


def test_a_template_must_say_what_the_document_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tidak memuat \{\{ dokumen.tanda \}\}"):
        draft(FormKind.A, case(), office_with(tmp_path, "{{ orang.nama }}"), samples.NOW)


@pytest.mark.parametrize("data", [b"", b"bukan zip", b"PK\x03\x04" + b"\x00" * 100])
def test_a_template_that_is_no_word_document_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(ConfigError, match=r"bukan dokumen Word"):
        draft(FormKind.A, case(), replace(OFFICE, templates=tmp_path), samples.NOW)


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Return a package with some of its parts replaced or added."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, body in changed.items():
            new.writestr(name, body)
    return made.getvalue()


def linked(kind: str) -> bytes:
    """Return the links of a part of a document, one of them to a thing of this kind that lies elsewhere."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{types}/{kind}" Target="http://contoh.test/x" TargetMode="External"/>'
        "</Relationships>"
    ).encode()


@pytest.mark.parametrize(
    ("part", "body", "why"),
    [
        ("word/vbaProject.bin", b"x", "memuat makro"),
        ("word/_rels/settings.xml.rels", linked("attachedTemplate"), "dari luar berkas"),
        ("word/_rels/document.xml.rels", linked("image"), "dari luar berkas"),
        ("word/_rels/header1.xml.rels", linked("oleObject"), "dari luar berkas"),
        ("word/_rels/document.xml.rels", b"<rusak", "utuh"),
        ("word/document.xml", b"<rusak", "tidak dapat"),
    ],
)
def test_a_document_with_macros_or_parts_from_elsewhere_is_refused(part: str, body: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        check_document(repacked(usual(FormKind.A), {part: body}), FormKind.A, 7)


def test_a_link_that_somebody_must_click_is_no_reason_to_refuse_a_document() -> None:
    assert word_problem(repacked(usual(FormKind.A), {"word/_rels/footer9.xml.rels": linked("hyperlink")})) == ""


def test_a_document_with_two_parts_of_one_name_is_refused() -> None:
    twice = BytesIO(usual(FormKind.A))
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<x/>")
    assert word_problem(twice.getvalue()) == "memuat dua bagian senama"


def edited(data: bytes, *, keep_blanks: bool = False) -> bytes:
    """Return a draft after an officer filled its gaps and took the draft's line out."""
    document = Document(BytesIO(data))
    roots = [document.element, document.sections[0].header._element]
    for text in (text for root in roots for text in root.iter(f"{W}t")):
        if (text.text or "").startswith(DRAFT_MARK):
            text.text = ""
        if not keep_blanks:
            text.text = re.sub(r"\[belum diisi: [^\]]+\]", "sudah diisi", text.text or "")
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_an_edited_document_is_taken_and_names_the_template_that_it_came_from() -> None:
    data = usual(FormKind.A)
    checked = check_document(edited(data), FormKind.A, 7)
    assert checked.blanks == ()
    assert checked.template_sha256 in Document(BytesIO(data)).core_properties.keywords


def test_a_document_that_still_calls_itself_a_draft_is_not_issued() -> None:
    with pytest.raises(UsageError, match="masih bertanda DRAF"):
        check_document(usual(FormKind.A), FormKind.A, 7)


def test_gaps_stand_in_the_way_by_name_until_somebody_says_that_they_are_filled_by_hand() -> None:
    data = edited(usual(FormKind.A), keep_blanks=True)
    with pytest.raises(UsageError, match="isian kosong: nomor surat atau formulir, nama pengawas"):
        check_document(data, FormKind.A, 7)
    assert "nama pengawas" in check_document(data, FormKind.A, 7, blanks_allowed=True).blanks


@pytest.mark.parametrize(("form", "number"), [(FormKind.A, 8), (FormKind.B2, 7)])
def test_a_document_of_another_case_or_form_is_not_issued(form: FormKind, number: int) -> None:
    data = edited(usual(FormKind.A))
    with pytest.raises(UsageError, match="informasi awal 7"):
        check_document(data, form, number)


def test_names_of_files_hold_numbers_only() -> None:
    assert file_name(FormKind.SBT, (7, 8, 9, 10, 11, 12)) == "sbt-informasi-awal-7-8-9-10-11-dst-draf"


def test_a_zone_without_a_name_of_its_own_shows_its_offset() -> None:
    abroad = replace(OFFICE, zone=ZoneInfo("UTC"))
    assert "UTC+0000" in words(
        draft(FormKind.A, case(), abroad, datetime(2024, 11, 3, tzinfo=UTC) + timedelta(hours=1))
    )


def test_a_blank_is_recognised_by_its_own_pattern() -> None:
    assert blank("nama") == "[belum diisi: nama]"
