"""Trap 9: election bodies, news and duty speak about candidates without supporting one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import AccountKind, Act, Content, InteractionView, JudgementOutcome
from rules.engine import Judge

View = Callable[..., InteractionView]
Text = Callable[..., Content]

BODIES = [
    "KPU menetapkan pasangan calon nomor urut 1 Budi Contoh dan Siti Teladan dalam rapat pleno terbuka.",
    "Pengundian nomor urut: nomor 1 Budi Contoh–Siti Teladan, nomor 2 Agung Permisal–Rina Umpama.",
    "Jadwal debat publik kedua antara Budi Contoh dan Agung Permisal: Sabtu pukul 19.00 WIB di aula KPU.",
    "Bawaslu mengimbau tim Budi Contoh dan Agung Permisal menurunkan alat peraga.",
    "Yuk cek DPT! Surat suara memuat nomor 1 Budi Contoh dan nomor 2 Agung Permisal.",
    "Sosialisasi pemilih pemula: kenali calonmu, Budi Contoh dan Agung Permisal. Jangan golput!",
    "Pemilu LUBER JURDIL. Coblos sesuai hati nurani.",
]
NEWS = [
    "Budi Contoh hadir di pasar, menurut panitia acara.",
    "Agung Permisal diperiksa inspektorat, demikian dikutip dari siaran pers.",
    "Debat perdana: Budi Contoh singgung jalan rusak, Agung Permisal jawab dengan data.",
    "Survei: elektabilitas Budi Contoh 45 persen, Agung Permisal 40 persen.",
]
DUTY = [
    "Mendampingi Bupati Budi Contoh meresmikan posyandu di Desa Misal.",
    "Apel pagi dipimpin Bupati Budi Contoh, dilanjutkan rapat koordinasi OPD.",
    "Bupati Budi Contoh menyerahkan bantuan program pemerintah kepada petani.",
    "Rakor bersama Bupati Budi Contoh tentang penurunan stunting.",
    "Upacara hari jadi kabupaten, Bupati Budi Contoh membuka acara.",
]


@pytest.mark.parametrize("text", BODIES)
@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
def test_reacting_to_an_election_bodys_post_is_no_support(
    text: str, act: Act, judge: Judge, view_of: View, content_of: Text
) -> None:
    assert judge.judge(view_of(act, target=content_of(AccountKind.ELECTION_BODY, text))).hits == ()


@pytest.mark.parametrize("text", NEWS)
@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
@pytest.mark.parametrize("kind", [AccountKind.NEWS, AccountKind.GOVERNMENT])
def test_reacting_to_news_is_no_support(
    text: str, act: Act, kind: AccountKind, judge: Judge, view_of: View, content_of: Text
) -> None:
    assert judge.judge(view_of(act, target=content_of(kind, text))).hits == ()


@pytest.mark.parametrize("text", [*BODIES, *DUTY])
def test_the_persons_own_post_of_duty_or_voter_education_is_no_support(text: str, judge: Judge, view_of: View) -> None:
    assert judge.judge(view_of(Act.POST, own=text)).hits == ()


@pytest.mark.parametrize("text", [*BODIES, *DUTY])
def test_sharing_a_strangers_official_text_is_no_support(
    text: str, judge: Judge, view_of: View, content_of: Text
) -> None:
    assert judge.judge(view_of(Act.SHARE, target=content_of(None, text))).hits == ()


@pytest.mark.parametrize("text", DUTY)
@pytest.mark.parametrize("appeal", ["Ayo coblos lagi!", "Dukung terus, lanjutkan dua periode!", "Pilih nomor 1!"])
def test_an_appeal_after_the_same_duty_is(text: str, appeal: str, judge: Judge, view_of: View) -> None:
    assert judge.judge(view_of(Act.POST, own=f"{text} {appeal}")).outcome is JudgementOutcome.HIT


@pytest.mark.parametrize(
    "text",
    [
        "Siapa pun yang terpilih, semoga amanah.", "Jangan lupa 27 November ke TPS ya.", "Netralitas ASN harga mati.",
        "Saya ASN, saya netral.", "Tolak politik uang!", "Pilih sesuai hati nurani, jangan golput.",
        "Kotak suara sudah tiba di kecamatan.", "Lipat surat suara hari kedua.",
        "Ikrar netralitas ASN Kabupaten Contoh.",
        "Selamat bertugas KPPS TPS 02.", "Piket posko netralitas sampai jam 2.",
    ],
)  # fmt: skip
def test_speaking_of_the_election_without_a_pair_is_no_support(text: str, judge: Judge, view_of: View) -> None:
    assert judge.judge(view_of(Act.POST, own=text)).hits == ()
