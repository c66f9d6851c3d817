"""What officers call the kinds of data that retention removes."""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "item_text": "Teks unggahan dan komentar",
    "review_event_note": "Catatan peninjau",
    "audit_detail": "Rincian catatan audit",
    "manual_find": "Keterangan catatan tangan",
    "reporter": "Identitas pelapor",
    "notification": "Isi pesan terkirim",
    "upload": "Unggahan yang tidak dilanjutkan",
    "capture": "Jawaban platform dan berkas yang dibawa",
    "screenshot": "Potret halaman",
    "evidence_manifest": "Manifes bukti",
    "evidence_file": "Berkas bukti",
    "roster_batch": "Salinan register",
}
"""By the table that is emptied or that names the files."""
