"""Answers to what the written samples leave open."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.imports.contract import ReadOptions

SEEN = datetime(2024, 10, 3, tzinfo=UTC)
OPTIONS = ReadOptions(
    captured_at=SEEN,
    timezone="Asia/Jakarta",
    supplier="PT Pemasok Contoh",
    basis="Kontrak 12/2026",
    mapping={
        "akun": "Nama Akun",
        "teks": "Komentar",
        "waktu": "Tanggal",
        "unggahan_alamat": "Link Postingan",
        "tindakan": "=komentar",
    },
)
