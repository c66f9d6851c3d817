"""What the people of the invented election write. Every name, slogan and place is made up."""

from __future__ import annotations

CANDIDATE: dict[int, tuple[str, ...]] = {
    1: (
        "Terima kasih warga Kabupaten Contoh. Bersama BUSI, Contoh Bangkit! #BusiMenang",
        "Berkunjung ke Pasar Teladan pagi ini. Mohon doa dan dukungannya.",
        "Puskesmas 24 jam di setiap kecamatan: itu janji kami, pasangan nomor urut 1.",
        "Sampai jumpa di Lapangan Contoh, Sabtu pukul 09.00. https://busi.contoh.example/jadwal",
        "Air bersih untuk Contoh Utara. BUDI CONTOH dan SITI TELADAN siap bekerja.",
    ),
    2: (
        "RADE untuk semua. Contoh Maju Bersama! #RadeJuara",
        "Mendengar cerita nelayan di Muara Misal. Terima kasih sudah menerima kami.",
        "Beasiswa untuk 1.000 anak Contoh. Ingat, nomor urut 2!",
        "RAKA MISAL dan DEWI UMPAMA hadir di pasar malam. Sampai bertemu, warga Contoh.",
        "Jalan desa mulus dalam dua tahun. Bersama kita bisa. https://rade.contoh.example/visi",
    ),
}
CAMPAIGN: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Saya dukung penuh BUDI CONTOH dan SITI TELADAN. Menangkan!", (1,)),
    ("Coblos nomor urut 2, RAKA MISAL dan DEWI UMPAMA. Lanjutkan perjuangan!", (2,)),
    ("Sore yang cerah di alun-alun #BusiMenang", (1,)),
    ("Jangan pilih RAKA MISAL, janjinya kosong.", (2,)),
    ("Dukung terus @busi-contoh.test, BUSI menang di Kabupaten Contoh 💪", (1,)),
    ("Bismillah, ayo pilih DEWI UMPAMA. Pilihan saya tetap RADE!", (2,)),
)
ORDINARY = (
    "Selamat pagi dari kantor. Semangat bekerja!",
    "Jalan Melati no 2 ditutup sementara karena perbaikan gorong-gorong.",
    "Anak saya juara 1 lomba mewarnai tingkat kecamatan.",
    "Rapat koordinasi persiapan logistik hari ini berjalan lancar.",
    "Jangan lupa membawa KTP saat datang ke TPS.",
    "Guru adalah teladan bagi murid-muridnya.",
    "Resep soto keluarga: kunci rasanya ada di bumbu.",
    "Hujan sejak subuh, hati-hati di jalan.",
)
NEUTRAL = (
    "Debat publik calon bupati digelar pekan ini di Gedung Serbaguna Contoh.",
    "Periksa nama Anda dalam daftar pemilih tetap di kantor desa.",
    "KPU Kabupaten Contoh menerima surat suara dari percetakan.",
)
NAMED_COMMENT: tuple[str, tuple[int, ...]] = ("Saya pilih BUDI CONTOH dan SITI TELADAN, menangkan BUSI!", (1,))
BLAND_REPLIES = ("Semoga sukses.", "Sehat selalu.", "Mantap.", "Hadir!", "Salam dari kecamatan kami.")

_ONES = ("", "SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM", "TUJUH", "DELAPAN", "SEMBILAN")


def of_candidate(pair: int, n: int) -> str:
    """Return the n-th post of a pair, going round."""
    return CANDIDATE[pair][n % len(CANDIDATE[pair])]


def number_word(n: int) -> str:
    """Return a number from 1 to 99 in Indonesian capitals."""
    tens, ones = divmod(n, 10)
    if tens == 0:
        return _ONES[ones]
    if tens == 1:
        return {0: "SEPULUH", 1: "SEBELAS"}.get(ones, f"{_ONES[ones]} BELAS")
    return f"{_ONES[tens]} PULUH {_ONES[ones]}".strip()
