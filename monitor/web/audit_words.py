"""What the actions and subjects of the audit log are called on screens."""

from __future__ import annotations

import json
from typing import Final

from monitor.domain import AttributionStatus, CaseState, Reason, Role, Verdict
from monitor.labels import labels

ACTIONS: Final = {
    "sign_in": "Masuk",
    "sign_in_failed": "Gagal masuk",
    "sign_out": "Keluar",
    "sign_out_everywhere": "Keluar dari semua perangkat",
    "user_added": "Menambah pengguna",
    "role_granted": "Memberi peran",
    "token_issued": "Menerbitkan token",
    "case_viewed": "Melihat informasi awal",
    "case_claimed": "Mengambil informasi awal",
    "case_decided": "Memutuskan",
    "case_undone": "Membatalkan keputusan",
    "bulk_decided": "Memutuskan beberapa sekaligus",
    "group_viewed": "Melihat kelompok informasi awal",
    "password_changed": "Mengganti kata sandi",
    "proof_failed": "Gagal membuktikan diri lagi",
    "register_searched": "Mencari dalam register",
    "screenshot_opened": "Membuka gambar tangkapan",
    "session_ended_by_guesses": "Sesi diakhiri karena salah menebak",
    "upload_confirmed": "Menyetujui unggahan untuk dimasukkan",
    "upload_dropped": "Membuang unggahan",
    "upload_received": "Mengunggah berkas",
    "upload_taken": "Memasukkan berkas unggahan",
    "case_noted": "Mencatat",
    "case_skipped": "Melewati informasi awal",
    "case_rechecked": "Menanyakan apakah unggahan masih ada",
    "case_known_set": "Menetapkan waktu diketahui",
    "case_limit_set": "Menetapkan jangka waktu lain",
    "case_viewed_blind": "Melihat informasi awal untuk pemeriksaan kedua",
    "blind_answered": "Menjawab pemeriksaan kedua",
    "tie_declared": "Mencatat hubungan dengan orang",
    "tie_ended": "Mengakhiri catatan hubungan",
    "person_viewed": "Melihat semua tentang seseorang",
    "identifier_revealed": "Membuka nomor pengenal",
    "form_drafted": "Mengunduh draf formulir",
    "form_issued": "Menerbitkan formulir",
    "form_opened": "Membuka formulir terbit",
    "pictures_asked": "Meminta gambar halaman diambil",
    "picture_added": "Menambahkan tangkapan layar",
    "picture_opened": "Membuka gambar asli",
    "hit_judged": "Menilai indikasi",
    "rule_hits_viewed": "Melihat indikasi suatu aturan",
    "interaction_explained": "Melihat penjelasan penilaian",
    "rule_trial_started": "Memulai uji balik aturan",
    "rule_proposed": "Mengusulkan status aturan",
    "rule_approved": "Menyetujui status aturan",
    "rule_withdrawn": "Menarik usulan aturan",
    "suppression_proposed": "Mengusulkan penangguhan",
    "suppression_approved": "Menyetujui penangguhan",
    "suppression_ended": "Mengakhiri penangguhan",
    "suppressions_listed": "Melihat penangguhan",
    "attributions_listed": "Melihat daftar kaitan akun",
    "attribution_viewed": "Melihat kaitan akun",
    "attribution_proposed": "Mengusulkan kaitan akun",
    "attribution_verified": "Memastikan kaitan akun",
    "attribution_rejected": "Menolak kaitan akun",
    "attribution_revoked": "Mencabut kaitan akun",
    "attribution_redated": "Mengubah masa kaitan akun",
    "people_searched": "Mencari orang dalam daftar",
    "batch_confirmed": "Mengonfirmasi impor register",
    "find_entered": "Memasukkan laporan atau catatan tangan",
    "finds_listed": "Melihat laporan dan catatan tangan",
    "reporter_revealed": "Membuka identitas pelapor",
    "credential_added": "Memasukkan kredensial",
    "credential_revoked": "Mencabut kredensial",
    "policy_noted": "Mencatat kebijakan sumber",
    "evidence_sealed": "Membuat manifes bukti",
    "evidence_stamped": "Menerima stempel waktu",
    "bundle_exported": "Membuat paket bukti",
    "strays_removed": "Menghapus berkas bukti tanpa catatan",
    "warc_opened": "Membuka arsip malam",
    "warc_sealed": "Menyegel arsip malam",
    "import": "Mengimpor tangkapan",
    "remap": "Membaca ulang tangkapan",
    "report.weekly": "Membuat laporan mingguan",
    "queue_exported": "Mengekspor antrean",
    "report.data": "Mengekspor data tersamar untuk analis",
    "audit_searched": "Mencari dalam catatan audit",
    "chains_verified": "Memeriksa rantai catatan",
    "balance_viewed": "Melihat keseimbangan dan mutu",
    "credential_used": "Memakai kredensial",
    "device_ended": "Mengeluarkan satu perangkat",
    "devices_ended": "Mengeluarkan semua perangkat lain",
    "identity_linked": "Menautkan akun penyedia",
    "identity_unlinked": "Melepas tautan akun penyedia",
    "password_reset": "Membuat kata sandi sekali pakai",
    "policy_changed": "Kebijakan sumber berubah",
    "preferences_changed": "Mengubah pilihan",
    "recovery_code_used": "Memakai kode pemulihan",
    "recovery_codes_made": "Membuat kode pemulihan",
    "role_revoked": "Mencabut peran",
    "second_factor_dropped": "Melepas langkah kedua",
    "second_factor_failed": "Gagal pada langkah kedua",
    "second_factor_reset": "Mengatur ulang langkah kedua",
    "second_factor_given": "Melewati langkah kedua",
    "second_factor_set": "Memasang langkah kedua",
    "sessions_ended": "Mengakhiri semua sesi",
    "token_revoked": "Mencabut token",
    "user_described": "Mengubah data pengguna",
    "user_disabled": "Menonaktifkan pengguna",
    "user_enabled": "Mengaktifkan pengguna",
    "view_changed": "Mengubah tampilan tersimpan",
    "view_deleted": "Menghapus tampilan tersimpan",
    "view_saved": "Menyimpan tampilan",
    "purged": "Menghapus yang masa simpannya berakhir",
    "hold_added": "Menahan data",
    "hold_release_asked": "Meminta penahanan data dilepas",
    "hold_release_refused": "Menolak pelepasan penahanan data",
    "hold_released": "Melepas penahanan data",
    "holds_listed": "Melihat daftar penahanan",
    "subject_exported": "Membuat salinan data atas permintaan",
    "incident_noted": "Mencatat kegagalan pelindungan data",
    "incident_dated": "Mencatat langkah penanganan kegagalan",
}
SUBJECTS: Final = {
    "case": "Informasi awal",
    "asn": "Orang",
    "user": "Pengguna",
    "hit": "Indikasi",
    "batch": "Impor register",
    "attribution": "Kaitan akun",
    "rule": "Aturan",
    "suppression": "Penangguhan",
    "report": "Laporan",
    "run": "Malam",
    "find": "Laporan atau catatan tangan",
    "source": "Sumber",
    "credential": "Kredensial",
    "upload": "Unggahan",
    "view": "Tampilan tersimpan",
    "incident": "Kegagalan pelindungan data",
}
_LISTS: Final = {
    "attributions": "Daftar kaitan akun",
    "audit": "Catatan audit",
    "cases": "Antrean",
    "finds": "Catatan dengan tangan",
    "evidence": "Gudang bukti",
    "holds": "Penahanan data",
    "manifests": "Manifes bukti",
    "people": "Orang dalam daftar",
    "register": "Register",
    "retention": "Masa simpan",
}
"""Subjects that are a list, not one thing; nobody filters by them."""
_FACTS: Final = {
    "act": "tindakan",
    "acts": "tindakan",
    "agrees": "sama dengan yang pertama",
    "answers": "jawaban",
    "authority": "otoritas waktu",
    "as_of": "sampai peristiwa",
    "at": "waktu",
    "before": "sebelum nomor",
    "blanks": "isian kosong",
    "by": "dengan",
    "case": "informasi awal",
    "clock": "jangka waktu",
    "cases": "informasi awal",
    "content": "isi",
    "count": "jumlah",
    "counts": "hitungan",
    "days": "hari",
    "event": "peristiwa",
    "expires_at": "berlaku sampai",
    "fence": "giliran",
    "files": "berkas",
    "finds": "catatan",
    "for": "untuk",
    "form": "formulir",
    "format": "format",
    "found": "ditemukan",
    "from": "dari",
    "ground": "dasar",
    "hits": "indikasi",
    "holds": "penahanan",
    "hold": "penahanan",
    "issuer": "penyedia",
    "jurisdiction": "wilayah",
    "kept": "tetap tinggal",
    "kind": "jenis",
    "known_at": "diketahui",
    "lines": "baris",
    "locked": "dikunci",
    "manifest": "manifes",
    "manifests": "manifes",
    "name": "nama",
    "notes": "dengan catatan",
    "order": "usulan",
    "people": "orang",
    "person": "orang",
    "policy_hash": "sidik jari kebijakan",
    "proposer": "pengusul",
    "purpose": "kegunaan",
    "problems": "masalah",
    "reason": "alasan",
    "records": "catatan arsip",
    "root": "sidik jari semuanya",
    "review": "pemeriksaan kedua",
    "role": "peran",
    "rows": "baris",
    "rule": "aturan",
    "scope": "wilayah",
    "seal": "segel",
    "sha256": "sidik jari",
    "shared": "dibagikan",
    "size": "ukuran, bita",
    "slot": "tempat",
    "source": "sumber",
    "starts_at": "dimulai",
    "step": "langkah",
    "stamped_at": "waktu stempel",
    "taken": "dimasukkan",
    "token": "sidik jari stempel",
    "to": "ke",
    "user": "pengguna",
    "verdict": "nilai",
    "version": "versi",
    "week": "pekan",
    "why": "sebab",
}
_VALUES: Final = {
    **labels(CaseState),
    **labels(Reason),
    **labels(Role),
    **labels(AttributionStatus),
    **labels(Verdict),
    "password": "kata sandi",
    "provider": "akun penyedia",
    "attribution": "kaitan akun",
}


def action_words(action: str) -> str:
    """Return what an action is called; one without words stays as it is."""
    return ACTIONS.get(action, action)


def subject_words(subject: str) -> str:
    """Return a subject as people say it: "Informasi awal 7"."""
    kind, _, key = subject.partition(":")
    if kind in SUBJECTS:
        return f"{SUBJECTS[kind]} {key}".strip()
    return _LISTS.get(kind, subject)


def detail_words(detail: str | None) -> tuple[tuple[str, str], ...]:
    """Return the facts of a row, each with its name; none where retention emptied them."""
    try:
        facts = json.loads(detail) if detail else {}
    except ValueError:
        return (("", detail or ""),)
    if not isinstance(facts, dict):
        return (("", str(facts)),)
    return tuple((_name(name), _said(value)) for name, value in facts.items())


def _name(fact: str) -> str:
    return _FACTS.get(fact, fact)


def _said(value: object) -> str:
    """Return a value of a fact in words; what is nested deeper keeps its own form."""
    match value:
        case None:
            return "—"
        case bool():
            return "ya" if value else "tidak"
        case str():
            return _VALUES.get(value, value)
        case list() if all(isinstance(one, str | int) for one in value):
            return ", ".join(map(str, value)) or "tidak ada"
        case dict() if all(isinstance(one, str | int) for one in value.values()):
            return ", ".join(f"{_name(name)} {_said(one)}" for name, one in value.items()) or "tidak ada"
        case _:
            return json.dumps(value, ensure_ascii=False)
