"""What the limits of the law are called on screens and in forms."""

from __future__ import annotations

LIMIT_WORDS = {
    "lapor": "pelaporan",
    "temuan": "penetapan hasil pengawasan",
    "tindak_lanjut": "penanganan",
    "keterangan_tambahan": "keterangan tambahan",
    "verifikasi_satgas": "verifikasi Satgas (SBT)",
    "kajian_sbt": "kajian Bawaslu (SBT)",
}
"""What legal limits are for, by their name in the law profile."""
