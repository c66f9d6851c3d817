"""Words that look like campaign words and are not, and official texts whose praise is for something else."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from monitor.domain import AccountKind, Act, Content, InteractionView, JudgementOutcome
from rules.engine import Judge

View = Callable[..., InteractionView]
Text = Callable[..., Content]


def said(judge: Judge, view: InteractionView) -> JudgementOutcome:
    return judge.judge(view).outcome


@pytest.mark.parametrize(
    "text",
    [
        "ASN dilarang mendukung Budi Contoh atau calon mana pun",
        "Surat edaran: pegawai dilarang keras mendukung, memilih atau mengajak memilih Budi Contoh",
        "Tidak boleh like unggahan Budi Contoh ya, jaga netralitas",
        "Netralitas ASN: dilarang mengkampanyekan Budi Contoh maupun Agung Permisal",
    ],
)
def test_telling_of_a_ban_is_no_support(judge: Judge, view_of: View, text: str) -> None:
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.MISS


@pytest.mark.parametrize(
    "text",
    [
        "Walaupun dilarang, saya tetap dukung Budi Contoh",
        "Dilarang tapi tetap dukung Budi Contoh",
        "Netralitas? Ayo menangkan Budi Contoh",
        "ASN dilarang mendukung. Pilih Budi Contoh!",
    ],
)
def test_support_beside_a_ban_is_support(judge: Judge, view_of: View, text: str) -> None:
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.HIT


@pytest.mark.parametrize(
    "text",
    [
        "Semangat melayani warga! Hari ini rapat koordinasi, hadir pula Bapak Bupati Budi Contoh",
        "Rapat koordinasi relawan bencana bersama Budi Contoh di pendopo",
        "Bupati Budi Contoh membuka kampanye imunisasi, mari bawa anak ke posyandu",
        "Sosialisasi program: gunakan hak pilih, hadir Budi Contoh selaku bupati",
    ],
)
def test_praise_of_the_duty_is_not_praise_of_the_name(judge: Judge, view_of: View, text: str) -> None:
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.MISS


@pytest.mark.parametrize(
    "text",
    [
        "Rapat koordinasi selesai. Budi Contoh mantap",
        "Apel pagi, lanjutkan dua periode Pak Budi Contoh",
        "Upacara bendera tadi. Ayo kita dukung Budi Contoh",
    ],
)
def test_a_campaign_or_stance_word_beside_the_name_counts_in_an_official_text(
    judge: Judge, view_of: View, text: str
) -> None:
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.HIT


@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
@pytest.mark.parametrize(
    "text",
    [
        "Kenali calonmu: 1 Budi Contoh dan Siti Teladan, 2 Agung Permisal dan Rina Umpama. Pilih sesuai hati nurani!",
        "Gunakan hak pilih! Paslon: Budi Contoh, Agung Permisal. Jadi pemilih cerdas",
        "Simulasi pemungutan suara, cara mencoblos Budi Contoh atau Agung Permisal yang sah",
    ],
)
def test_voter_education_of_unregistered_pages_is_no_campaign(
    judge: Judge, view_of: View, content_of: Text, act: Act, text: str
) -> None:
    assert said(judge, view_of(act, target=content_of(None, text))) is JudgementOutcome.MISS


@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE, Act.POST])
def test_an_election_of_another_kind_is_not_judged(judge: Judge, view_of: View, content_of: Text, act: Act) -> None:
    text = "Pilkades Desa Misal: pilih Budi Contoh nomor 1"
    own = text if act is Act.POST else None
    view = view_of(act, own=own, target=None if own else content_of(None, text))
    judged = judge.judge(view)
    assert judged.hits == ()
    assert any("pemilihan lain" in miss.reason for miss in judged.near_misses)


def test_a_village_election_beside_the_watched_one_hides_nothing(judge: Judge, view_of: View) -> None:
    text = "Pilkades lalu kita menang, sekarang pilkada: pilih Budi Contoh"
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.HIT


@pytest.mark.parametrize("kind", [AccountKind.ELECTION_BODY, AccountKind.GOVERNMENT])
def test_what_election_bodies_write_is_never_support(
    judge: Judge, view_of: View, content_of: Text, kind: AccountKind
) -> None:
    text = "KPU menetapkan Budi Contoh, pemenang undian nomor urut 1. Gunakan hak pilih, pilih pemimpinmu!"
    views = [view_of(act, target=content_of(kind, text)) for act in (Act.LIKE, Act.SHARE)]
    assert [said(judge, view) for view in views] == [JudgementOutcome.MISS] * 2


def test_a_long_gap_after_a_ban_takes_no_time(judge: Judge, view_of: View) -> None:
    text = "Dilarang mendukung" + " " * 4000 + "x mendukung Budi Contoh"
    begun = process_time()
    assert said(judge, view_of(Act.POST, own=text)) is JudgementOutcome.HIT
    assert process_time() - begun < 2
