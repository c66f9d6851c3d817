"""What an evidence bundle says of itself to whoever opens it."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import utc

_HEAD = """\
PAKET BUKTI — INFORMASI AWAL {case}
{agency}

Isi paket ini adalah informasi awal: indikasi yang ditemukan program dan ditinjau petugas. Menilainya lebih lanjut
adalah wewenang manusia menurut peraturan. Keadaan per {at} UTC.

ISI
  salinan.html        Salinan terbaca; buka dengan peramban apa pun, tanpa internet.
  gambar/             Tangkapan layar yang bagian orang lain sudah dikaburkan, bila ada.
  arsip.wacz          Salinan terbaca dari jawaban platform; buka di ReplayWeb.page atau pywb.
  formulir-a.docx     Draf Formulir A; petugas melengkapi dan menandatanganinya.
  manifes/            Daftar semua berkas bukti dengan sha256-nya; tiap manifes menyebut hash manifes sebelumnya.
  stempel/            Stempel waktu RFC 3161 atas manifes, bila ada.
  riwayat.json        Riwayat penanganan: langkah dan pembukaan informasi awal ini, berantai hash.
  paket.json          Daftar isi paket ini.
  SHA256SUMS          Sidik semua berkas.
"""
_MASKED = """
YANG TIDAK ADA DI SINI
  Jawaban platform apa adanya memuat orang-orang yang tidak ada hubungannya dengan informasi awal ini. Jawaban itu tetap
  tersegel di kantor; manifes menyebut sha256-nya, sehingga keasliannya dapat dibuktikan bila kelak dibuka.
"""
_RAW = """
PERHATIAN — BERISI DATA ORANG LAIN
  arsip-mentah.wacz dan mentah/ memuat jawaban platform apa adanya, termasuk orang-orang yang tidak ada hubungannya
  dengan informasi awal ini. Pembukaannya dicatat dengan alasan. Pakai hanya untuk pembuktian, jangan disebarkan, dan
  musnahkan bila tidak diperlukan lagi (UU 27/2022 tentang Pelindungan Data Pribadi).
"""
_CHECK = """
MEMERIKSA
  1. Cocokkan sha256 berkas zip ini dengan yang tertulis di surat pengantar.
  2. `sha256sum -c SHA256SUMS` setelah paket dibuka, atau
     `pantau bundle verify PAKET.zip` (tanpa basis data, di komputer mana pun).
  3. Stempel waktu, dengan sertifikat lembaganya:
     `openssl ts -verify -in stempel/NNNN-....tsr -data manifes/NNNN.json -CAfile SERTIFIKAT.pem`
"""


def read_me(case_id: int, agency: str, as_of: datetime, *, raw: bool) -> str:
    """Return the text that tells a recipient what is in a bundle and how to check it."""
    head = _HEAD.format(case=case_id, agency=agency, at=utc(as_of).strftime("%Y-%m-%d %H:%M"))
    return head + (_RAW if raw else _MASKED) + _CHECK
