"""What speaks against an indication stands beside it and takes nothing away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.domain import AccountKind, Act, AttributionStatus, Content, Hit, InteractionView
from rules.engine import Judge

View = Callable[..., InteractionView]
Text = Callable[..., Content]


def hit_of(judge: Judge, view: InteractionView) -> Hit:
    return judge.judge(view).hits[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rapat koordinasi selesai, ayo pilih Budi Contoh", "kedinasan"),
        ("Gunakan hak pilih, Budi Contoh hebat", "pendidikan pemilih"),
        ("Dilarang netral, ayo menangkan Budi Contoh", "larangan atau netralitas"),
        ("Menurut tetangga, Budi Contoh pasti menang", "kutipan"),
        ('"Budi Contoh pasti menang" begitu tulisnya', "kutipan"),
        ("Turut berduka, Budi Contoh orang baik dan hebat", "belasungkawa"),
        ("Selamat dan sukses untuk Budi Contoh", "ucapan selamat"),
        ("Bukan Budi Contoh yang menang", "sangkalan"),
        ("Hoaks itu, Budi Contoh tetap mantap", "membantah"),
        ("Budi Contoh menang ya?", "kalimat tanya"),
        ("Apakah Budi Contoh pasti menang", "kalimat tanya"),
        ("Budi Contoh hebat wkwkwk", "gurauan atau sindiran"),
        ("Budi Contoh hebat 😂", "gurauan atau sindiran"),
        ("Konon Budi Contoh hebat", "gurauan atau sindiran"),
        ("Budi Contoh atau Agung Permisal menang", "lebih dari satu pasangan"),
        ("Coblos nomor urut 2 ya", "nomor, nama pendek"),
        ("Baliho mengganggu itu milik Budi Contoh, gagal", "penertiban atau gangguan"),
    ],
)
def test_words_of_the_writer_that_speak_against_are_listed(judge: Judge, view_of: View, text: str, said: str) -> None:
    assert any(said in signal for signal in hit_of(judge, view_of(Act.POST, own=text)).counter_signals)


@pytest.mark.parametrize("text", ["Ayo pilih Budi Contoh", "Budi Contoh pasti menang", "#BusiMenang satu putaran"])
def test_plain_support_has_nothing_beside_it(judge: Judge, view_of: View, text: str) -> None:
    assert hit_of(judge, view_of(Act.POST, own=text)).counter_signals == ()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AccountKind.ELECTION_BODY, "unggahan penyelenggara pemilu"),
        (AccountKind.NEWS, "unggahan media berita"),
        (AccountKind.GOVERNMENT, "unggahan akun pemerintah"),
    ],
)
def test_a_neutral_page_above_a_comment_is_listed(
    judge: Judge, view_of: View, content_of: Text, kind: AccountKind, said: str
) -> None:
    hit = hit_of(judge, view_of(Act.COMMENT, own="Budi Contoh mantap", target=content_of(kind, "Debat malam ini")))
    assert said in hit.counter_signals


def test_an_account_that_is_only_proposed_is_listed(judge: Judge, view_of: View) -> None:
    view = replace(view_of(Act.POST, own="Ayo pilih Budi Contoh"), attribution=AttributionStatus.PROPOSED)
    assert "pemilik akun baru diusulkan, belum dibuktikan" in hit_of(judge, view).counter_signals


@pytest.mark.parametrize(
    "note", ["CLTN sejak 1 September", "suami calon nomor 2", "Istri dari calon bupati", "istri bakal calon"]
)
def test_a_spouse_on_leave_is_listed_from_the_registers_note(judge: Judge, view_of: View, note: str) -> None:
    view = replace(view_of(Act.POST, own="Ayo pilih Budi Contoh"), person_note=note)
    assert any("suami atau istri calon" in signal for signal in hit_of(judge, view).counter_signals)


@pytest.mark.parametrize("note", ["", "guru", "calon pegawai negeri", "istri lurah"])
def test_other_notes_are_not_listed(judge: Judge, view_of: View, note: str) -> None:
    view = replace(view_of(Act.POST, own="Ayo pilih Budi Contoh"), person_note=note)
    assert hit_of(judge, view).counter_signals == ()


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (datetime(2024, 8, 1, tzinfo=UTC), "sebelum tahapan pertama"),
        (datetime(2024, 9, 23, tzinfo=UTC), "sebelum tahapan ini"),
    ],
)
def test_old_material_that_comes_back_is_a_warning(judge: Judge, view_of: View, seen: datetime, said: str) -> None:
    view = view_of(Act.POST, own="Ayo pilih Budi Contoh")
    assert view.own is not None
    old = replace(view, own=replace(view.own, seen_before=seen))
    assert any(said in signal for signal in hit_of(judge, old).counter_signals)


def test_material_of_the_present_stage_is_no_warning(judge: Judge, view_of: View) -> None:
    view = view_of(Act.POST, own="Ayo pilih Budi Contoh")
    assert view.own is not None
    fresh = replace(view, own=replace(view.own, seen_before=datetime(2024, 9, 30, tzinfo=UTC)))
    assert hit_of(judge, fresh).counter_signals == ()


@pytest.mark.parametrize(
    ("published", "listed"), [("2023-01-01T00:00:00+07:00", True), ("2024-09-30T00:00:00+07:00", False)]
)
def test_a_post_older_than_the_stages_is_listed(
    judge: Judge, view_of: View, content_of: Text, published: str, listed: bool
) -> None:
    target = content_of(AccountKind.REGISTERED, "Halo warga", 1, published=published)
    signals = hit_of(judge, view_of(Act.LIKE, target=target)).counter_signals
    assert ("unggahan yang dituju lebih tua daripada tahapan pertama" in signals) is listed


def test_counter_signals_take_nothing_away(judge: Judge, view_of: View) -> None:
    plain = hit_of(judge, view_of(Act.POST, own="Budi Contoh hebat"))
    doubted = hit_of(judge, view_of(Act.POST, own="Konon Budi Contoh hebat? wkwk"))
    assert (doubted.level, doubted.law_row, doubted.tier) == (plain.level, plain.law_row, plain.tier)
