"""What the actions and subjects of the audit log are called on screens."""

from __future__ import annotations

import json
from typing import Final

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
    "case_viewed_blind": "Melihat informasi awal untuk pemeriksaan kedua",
    "blind_answered": "Menjawab pemeriksaan kedua",
    "tie_declared": "Mencatat hubungan dengan orang",
    "tie_ended": "Mengakhiri catatan hubungan",
    "person_viewed": "Melihat semua tentang seseorang",
    "identifier_revealed": "Membuka nomor pengenal",
    "hit_judged": "Menilai indikasi",
    "rule_hits_viewed": "Melihat indikasi suatu aturan",
    "interaction_explained": "Melihat penjelasan penilaian",
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
    "import": "Mengimpor tangkapan",
    "remap": "Membaca ulang tangkapan",
    "report.weekly": "Membuat laporan mingguan",
    "audit_searched": "Mencari dalam catatan audit",
    "chains_verified": "Memeriksa rantai catatan",
    "balance_viewed": "Melihat keseimbangan dan mutu",
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
    "find": "Laporan atau catatan tangan",
    "source": "Sumber",
}


def action_words(action: str) -> str:
    """Return what an action is called; one without words stays as it is."""
    return ACTIONS.get(action, action)


def subject_words(subject: str) -> str:
    """Return a subject as people say it: "Informasi awal 7"."""
    kind, _, key = subject.partition(":")
    return f"{SUBJECTS[kind]} {key}".strip() if kind in SUBJECTS else subject


def detail_words(detail: str | None) -> tuple[tuple[str, str], ...]:
    """Return the facts of a row, each with its name; none where retention emptied them."""
    try:
        facts = json.loads(detail) if detail else {}
    except ValueError:
        return (("", detail or ""),)
    if not isinstance(facts, dict):
        return (("", str(facts)),)
    return tuple((name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
                 for name, value in facts.items())  # fmt: skip
