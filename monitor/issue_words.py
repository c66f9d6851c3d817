"""What the remarks of a night mean, in the words of whoever reads them."""

from __future__ import annotations

from typing import Final

from monitor.domain import Outcome
from monitor.labels import label

_OUTCOMES: Final = frozenset(outcome.value for outcome in Outcome)
_WORDS: Final = {
    "drift": "bentuk jawaban platform berubah",
    "mapper_failed": "isi jawaban tidak terbaca",
    "unknown_fields": "ada isian yang belum dikenal",
    "canary": "unggahan penanda",
    "canary_missing": "unggahan penanda tidak terlihat",
    "blind": "sumber buta",
    "visit_given_up": "kunjungan tidak dicoba lagi karena gagal berkali-kali",
    "work_again": "ada pekerjaan yang diulang pekerja lain",
    "database_restarted": "basis data dinyalakan ulang",
    "schedule_unreadable": "baris jadwal tidak terbaca dan pekerjaannya tidak berjalan sendiri",
    "no_worker": "lama tidak ada pekerja untuk sebagian kunjungan",
    "evidence_elsewhere": "ada mesin yang tidak melihat folder bukti, dan karena itu tidak ikut bekerja",
    "start_failed": "ada yang gagal dimulai",
    "log_lost": "baris log tidak dapat ditulis",
    "clock": "jam mesin tidak berjalan rata",
    "import_only": "hanya lewat berkas tangkapan",
    "nothing_to_read": "tidak ada yang dapat dibaca",
    "account_unconfirmed": "menunggu orang kedua",
    "unresolved_account": "akun belum dikenali id tetapnya",
    "policy_changed": "catatan kebijakan berubah",
    "budget": "batas permintaan habis",
    "credential_expires": "kunci akses hampir habis masa berlakunya",
    "revisit_later": "dibaca ulang di lain waktu",
    "recheck_postponed": "pemeriksaan ulang ditunda",
    "time_mismatch": "waktu tidak cocok",
    "no_time": "tanpa waktu",
    "partial": "terbaca sebagian",
    "manifest_failed": "manifes bukti belum dibuat",
    "timestamp_waiting": "stempel waktu belum diperoleh",
    "platform_error": "platform menjawab dengan galat",
    "page_unread": "halaman tidak terbaca",
    "item_tak_terbaca": "ada kiriman yang tidak terbaca",
    "komentar_tak_lengkap": "komentar tidak lengkap",
}


def issue_words(kind: str) -> str:
    """Return what a kind of remark means; one without wording stays as it is."""
    if kind in _OUTCOMES:
        return label(Outcome(kind))
    return _WORDS.get(kind, kind.replace("_", " "))


_SETTINGS: Final = {
    "legal_basis": "dasar hukum",
    "permission_ref": "nomor nota",
    "approved_by": "yang menyetujui",
    "approved_at": "tanggal persetujuan",
    "mode": "cara membaca",
    "enabled": "dinyalakan atau dimatikan",
    "retention_days": "masa simpan",
    "daily_cap": "batas harian",
    "weekly_cap": "batas mingguan",
    "cost_cap_daily": "batas biaya harian",
    "cost_cap_monthly": "batas biaya bulanan",
    "quota_units": "kuota",
    "max_rps": "laju permintaan",
    "quiet_hours": "jam tenang",
    "robots": "kepatuhan robots.txt",
    "urls": "alamat",
}


def setting_words(name: str) -> str:
    """Return what a setting of a source's policy is called; one without wording stays as it is."""
    return _SETTINGS.get(name, name)
