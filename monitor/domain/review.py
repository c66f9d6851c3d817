"""Cases, who may do what with them, and by which door a source may be read."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where an informasi awal stands; transitions are in `monitor.review.machine`."""

    BARU = "baru"
    DITINJAU = "ditinjau"
    DIKESAMPINGKAN = "dikesampingkan"
    PERLU_BUKTI = "perlu_bukti"
    PERLU_ATRIBUSI = "perlu_atribusi"
    PERLU_PENELUSURAN = "perlu_penelusuran"
    PENELUSURAN = "penelusuran"
    KLARIFIKASI = "klarifikasi"
    KAJIAN = "kajian"
    DIUSULKAN = "diusulkan"
    DISETUJUI = "disetujui"
    DIKEMBALIKAN = "dikembalikan"
    TERDAFTAR = "terdaftar"
    TIDAK_DIREGISTRASI = "tidak_diregistrasi"
    DITERUSKAN = "diteruskan"
    TINDAK_LANJUT = "tindak_lanjut"
    DITUTUP = "ditutup"
    DIARSIPKAN = "diarsipkan"

    @property
    def open(self) -> bool:
        """Whether somebody still has work with the case."""
        return self not in _CLOSED

    @property
    def before_registration(self) -> bool:
        """Whether a new hit still joins the case rather than opening a new linked one."""
        return self not in _REGISTERED


_CLOSED = frozenset({
    CaseState.DIKESAMPINGKAN, CaseState.TIDAK_DIREGISTRASI, CaseState.DITUTUP, CaseState.DIARSIPKAN,
})  # fmt: skip
_REGISTERED = frozenset({
    CaseState.TERDAFTAR, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT, CaseState.DITUTUP, CaseState.DIARSIPKAN,
})  # fmt: skip


class EventKind(StrEnum):
    """What a review event records."""

    OPENED = "opened"
    HIT_JOINED = "hit_joined"
    REOPENED = "reopened"
    FIRST_OPENED = "first_opened"
    DECIDED = "decided"
    UNDONE = "undone"
    NOTED = "noted"
    LINKED = "linked"


class NoteKind(StrEnum):
    """What a note of a reviewer is; a context note and a klarifikasi record open the way for cases of mere likes."""

    CATATAN = "catatan"
    KONTEKS = "konteks"
    KLARIFIKASI = "klarifikasi"


class Reason(StrEnum):
    """Why a person moved a case; which reasons fit which step is in `monitor.review.machine`."""

    MULAI_TINJAU = "mulai_tinjau"
    BUKTI_DILENGKAPI = "bukti_dilengkapi"
    ATRIBUSI_DIPASTIKAN = "atribusi_dipastikan"
    DITINJAU_ULANG = "ditinjau_ulang"
    INFORMASI_BARU = "informasi_baru"
    KELIRU_DIKESAMPINGKAN = "keliru_dikesampingkan"
    BUKAN_KONTEN_CALON = "bukan_konten_calon"
    BUKAN_AKUN_ASN = "bukan_akun_asn"
    KONTEKS_KEDINASAN = "konteks_kedinasan"
    BERITA_ATAU_PENYELENGGARA = "berita_atau_penyelenggara"
    TIDAK_DISENGAJA = "tidak_disengaja"
    DI_LUAR_WAKTU = "di_luar_waktu"
    STATUS_CLTN = "status_cltn"
    GANDA = "ganda"
    TIDAK_CUKUP_BUKTI = "tidak_cukup_bukti"
    BUKTI_KURANG = "bukti_kurang"
    AKUN_BELUM_PASTI = "akun_belum_pasti"
    PERLU_KETERANGAN = "perlu_keterangan"
    PENELUSURAN_DIMULAI = "penelusuran_dimulai"
    KLARIFIKASI_DIMINTA = "klarifikasi_diminta"
    KAJIAN_DISUSUN = "kajian_disusun"
    INDIKASI_KUAT = "indikasi_kuat"
    POLA_BERULANG = "pola_berulang"
    SESUAI_USULAN = "sesuai_usulan"
    USULAN_BELUM_LENGKAP = "usulan_belum_lengkap"
    HASIL_PLENO = "hasil_pleno"
    DITERUSKAN_KE_INSTANSI = "diteruskan_ke_instansi"
    TINDAK_LANJUT_DITERIMA = "tindak_lanjut_diterima"
    SELESAI = "selesai"
    MASA_SIMPAN = "masa_simpan"
    LAINNYA = "lainnya"


class WhyHere(StrEnum):
    """Why a case waits in a queue."""

    BARU = "baru"
    MUNCUL_LAGI = "muncul_lagi"
    DIKEMBALIKAN = "dikembalikan"
    DIBUKA_KEMBALI = "dibuka_kembali"
    ESKALASI = "eskalasi"


class Role(StrEnum):
    """What a user may do; grants are role by jurisdiction."""

    ADMIN = "admin"
    PENGAWAS = "pengawas"
    KOORDINATOR = "koordinator"
    ANALIS = "analis"
    AUDITOR = "auditor"
    DPO = "dpo"


class SourceMode(StrEnum):
    """By which door a source may be read."""

    LIVE_API = "live_api"
    LIVE_PUBLIC_HTML = "live_public_html"
    OWNER_TOKEN = "owner_token"  # noqa: S105 - the name of a mode, not a secret
    IMPORT = "import"
