"""What a case tells a form, as the words that templates name; whatever nobody has said is a visible blank.

Names of fields are Indonesian because offices write templates with them; docs/pengawas/formulir.md lists them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.domain import CaseDetail, CaseState, EventKind, FormKind, NoteKind
from monitor.labels import label
from monitor.reports.forms_acts import acts_of, kept_of, place, story_of
from monitor.reports.forms_dates import end_words, moment_words
from monitor.reports.forms_order import DRAFT_MARK, Extras, FormOffice, blank, plain

_LEVELS: Final = {1: "provinsi", 2: "kabupaten/kota", 3: "kecamatan", 4: "kelurahan/desa"}
_SENT: Final = (CaseState.TERDAFTAR, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT, CaseState.DITUTUP,
                CaseState.DIARSIPKAN)  # fmt: skip
_STATEMENTS: Final = (NoteKind.KONTEKS, NoteKind.KLARIFIKASI)
_LONG = 2000


def facts(
    form: FormKind, cases: Sequence[CaseDetail], office: FormOffice, as_of: datetime, extras: Extras
) -> dict[str, Any]:
    """Return every word that a template may name, about the first case and, for SBT, a line on each."""
    case = cases[0] if extras.notes else replace(cases[0], events=())
    return {
        "kosong": blank,
        "dokumen": _document(form, cases, office, as_of, extras),
        "kantor": {"nama": plain(office.agency), "alamat": blank("alamat kantor"), "zona": office.zone.key},
        "pengawas": _officer(extras),
        "perkara": _case(case, office.zone),
        "orang": _person(case, extras),
        "calon": _candidate(case),
        "hukum": _law(case),
        "penerima": _addressee(case),
        "uraian": story_of(case, office.zone),
        "tindakan": acts_of(case, office.zone),
        "bukti": kept_of(case, office.zone),
        "keterangan": _statements(case, office.zone),
        "catatan_program": _doubts(case),
        "daftar": [_line(number, one) for number, one in enumerate(cases, 1)],
    }


def _document(
    form: FormKind, cases: Sequence[CaseDetail], office: FormOffice, as_of: datetime, extras: Extras
) -> dict[str, Any]:
    return {
        "nama": label(form)[:1].upper() + label(form)[1:],
        "tanda": _standing(cases, office.zone, extras),
        "nomor": blank("nomor surat atau formulir"),
        "tempat": blank("tempat"),
        "tanggal": blank("tanggal"),
        "lampiran": blank("jumlah lampiran"),
        "data_sampai": moment_words(as_of, office.zone),
    }


def _standing(cases: Sequence[CaseDetail], zone: ZoneInfo, extras: Extras) -> str:
    """Return what the document is: a draft of an informasi awal, until people have issued it and decided the case."""
    numbers = ", ".join(str(case.id) for case in cases)
    decided = all(case.row.state in _SENT for case in cases)
    what = "terdaftar menurut keputusan yang dicatat petugas" if decided else "belum merupakan temuan"
    if extras.issued is None:
        return f"{DRAFT_MARK} disusun program dari informasi awal nomor {numbers}; {what}"
    issued = extras.issued
    return (
        f"Versi {issued.version}, diterbitkan {plain(issued.by)} pada {moment_words(issued.at, zone)}; "
        f"informasi awal nomor {numbers}, {what}"
    )


def _officer(extras: Extras) -> dict[str, Any]:
    return {
        "nama": plain(extras.officer) or blank("nama pengawas"),
        "jabatan": blank("jabatan pengawas"),
        "surat_tugas": blank("nomor surat perintah tugas"),
        "alamat": blank("alamat pengawas"),
        "identitas": blank("nomor identitas pengawas"),
        "bentuk": blank("bentuk pengawasan menurut surat tugas"),
        "tujuan": blank("tujuan pengawasan"),
        "tempat": blank("tempat kegiatan pengawasan"),
    }


def _case(case: CaseDetail, zone: ZoneInfo) -> dict[str, Any]:
    known, clock, region = case.known_at, case.clock, case.row.person.jurisdiction
    level = _LEVELS.get(region.count(".") + 1) if region else None
    seen, opened = case.first_seen_at, case.first_opened_at
    return {
        "nomor": str(case.id),
        "status": label(case.row.state),
        "tahapan": label(case.row.stage),
        "wilayah": plain(region) or blank("wilayah"),
        "tingkat": level or blank("tingkat wilayah"),
        "diketahui": moment_words(known, zone) if known is not None else blank("hari dan tanggal diketahui"),
        "tenggat": end_words(clock.due_at, zone)
        if clock is not None and not clock.proposed
        else blank("batas waktu; dihitung setelah waktu diketahui ditetapkan"),
        "pertama_terlihat": moment_words(seen, zone) if seen else blank("kapan pertama terlihat"),
        "pertama_dibuka": moment_words(opened, zone) if opened else blank("kapan pertama dibaca petugas"),
        "pleno": _noted(case, CaseState.TERDAFTAR) or blank("nomor dan tanggal hasil pleno"),
        "penerusan": _noted(case, CaseState.DITERUSKAN) or blank("nomor dan tanggal surat penerusan"),
    }


def _noted(case: CaseDetail, state: CaseState) -> str:
    """Return what a person wrote when the case went to a state, the newest that stands."""
    steps = [e for e in case.events if e.kind is EventKind.DECIDED and e.to_state is state and not e.undone]
    return plain(steps[-1].note, _LONG) if steps else ""


def _person(case: CaseDetail, extras: Extras) -> dict[str, Any]:
    person = case.row.person
    kind = label(person.identifier_kind)
    return {
        "nama": plain(person.name),
        "jabatan": plain(person.position) or blank("jabatan terlapor"),
        "instansi": plain(person.agency) or blank("instansi terlapor"),
        "jenis": label(person.employment),
        "wilayah": plain(person.jurisdiction) or blank("wilayah terlapor"),
        "alamat": blank("alamat terlapor"),
        "telepon": blank("telepon terlapor"),
        "pengenal_jenis": kind,
        "pengenal": plain(extras.identifier) or blank(f"{kind} terlapor"),
        "catatan_register": (plain(person.note, _LONG) if extras.notes else "") or "tidak ada",
        "akun": [
            {
                "platform": place(owner.ref.platform),
                "nama": plain(owner.ref.handle or owner.ref.user_id),
                "id": plain(owner.ref.user_id),
                "kaitan": label(owner.attribution),
                "cara": plain(owner.method) or blank("cara pemilik akun dikenali"),
                "bukti": (plain(owner.evidence) if extras.notes else "") or blank("bukti kepemilikan akun"),
            }
            for owner in case.accounts
        ],
    }


def _candidate(case: CaseDetail) -> dict[str, Any]:
    brief, detail = case.row.candidate, case.candidate
    hits = [hit for hit in case.hits if hit.brief.active]
    statuses = dict.fromkeys(label(hit.candidate_status) for hit in hits)
    return {
        "nomor": str(brief.number),
        "label": plain(brief.label),
        "nama": plain(" dan ".join(detail.people)) or blank("nama pasangan calon"),
        "pemilihan": plain(brief.contest),
        "jabatan": label(detail.office),
        "wilayah": plain(detail.region) or blank("wilayah pemilihan"),
        "status": ", ".join(statuses) or blank("status calon pada saat kejadian"),
        "partai": plain(", ".join(detail.parties)) or blank("partai pengusul, bila ada"),
    }


def _law(case: CaseDetail) -> dict[str, Any]:
    row = case.law_row
    doubts = ["periksa dengan divisi hukum", row.note] if row is not None and row.doubtful else []
    return {
        "profil": plain(case.law_title or case.row.law),
        "baris": plain(case.row.law_row),
        "bunyi": plain(row.text, _LONG) if row else blank("bunyi ketentuan"),
        "tujuan": plain(row.purpose, _LONG) if row else "",
        "dasar": plain(row.basis, _LONG) if row else blank("dasar hukum"),
        "tanda": plain(": ".join(text for text in doubts if text), _LONG),
    }


def _addressee(case: CaseDetail) -> dict[str, Any]:
    return {
        "nama": plain("; ".join(case.addressees))
        or blank("instansi tujuan; ketentuan tidak menyebut satu pun hari ini"),
        "tanda": "periksa dengan divisi hukum siapa penerimanya hari ini" if case.addressee_doubtful else "",
        "alamat": blank("alamat instansi tujuan"),
    }


def _statements(case: CaseDetail, zone: ZoneInfo) -> list[dict[str, str]]:
    """Return what officers wrote down as context and klarifikasi, in their words."""
    return [
        {
            "waktu": moment_words(note.at, zone),
            "oleh": plain(note.user_name),
            "jenis": label(note.note_kind),
            "isi": plain(note.note, _LONG),
        }
        for note in case.notes
        if note.note_kind is not None and note.note_kind in _STATEMENTS and not note.note_purged
    ]


def _doubts(case: CaseDetail) -> list[str]:
    """Return what is not certain, and what speaks for the person: whoever signs must have seen it."""
    doubts = [label(caveat) for caveat in case.caveats]
    signals = dict.fromkeys(signal for hit in case.hits if hit.brief.active for signal in hit.counter_signals)
    return [*(f"Belum pasti: {plain(one)}" for one in doubts), *(f"Meringankan: {plain(one, 500)}" for one in signals)]


def _line(number: int, case: CaseDetail) -> dict[str, str]:
    person = case.row.person
    return {
        "no": str(number),
        "nama": plain(person.name),
        "jabatan": plain(person.position) or blank("jabatan"),
        "instansi": plain(person.agency) or blank("instansi"),
        "perkara": str(case.id),
        "baris": plain(case.row.law_row),
    }
