"""What a writer does with words: calls on others, or says of themself to be in a team or a party."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from monitor.domain import AccountKind, Act, Content, InteractionView, Span
from rules.engine import Judge
from rules.examples import example_contest
from rules.facts import Evidence
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder
from rules.sayings import appeals, claims, near
from rules.shelf import read_texts

TEAM = ("keanggotaan.tim",)
PARTY = ("keanggotaan.partai",)
FINDER = MentionFinder((example_contest(),), shipped_lexicon())
View = Callable[..., InteractionView]
Text = Callable[..., Content]


@pytest.fixture
def read(view_of: View) -> Callable[[str], Evidence]:
    def reading(text: str) -> Evidence:
        own = read_texts(view_of(Act.POST, own=text), FINDER).own
        assert own is not None
        return own

    return reading


@pytest.mark.parametrize(
    "text",
    [
        "Ayo pilih Budi Contoh",
        "Mari kita semua menangkan Budi Contoh",
        "Pilih Budi Contoh!",
        "Besok hari besar. Coblos Budi Contoh",
        "Jangan lupa pilih BUSI",
        "Pilihlah BUSI, kawan",
        "jangan pilih Agung Permisal",
        "Mohon doa dan dukungan untuk Budi Contoh",
        "Saya menghimbau keluarga besar memilih Budi Contoh",
        "kawan, coblos nomor 1",
        "Yuk dukung BUSI",
        "Tolak Agung Permisal",
    ],
)
def test_calls_on_others_are_appeals(read: Callable[[str], Evidence], text: str) -> None:
    assert appeals(read(text)) != ()


@pytest.mark.parametrize(
    "text",
    [
        "Saya pilih Budi Contoh",
        "sudah coblos nomor 1 tadi",
        "Kami dukung BUSI",
        "Budi Contoh pasti menang",
        "Memilih Budi Contoh itu hak saya",
        "Ayo gunakan hak pilih di TPS",
        "ASN dilarang memilih bersama, kata Budi Contoh",
        "Siapa yang pilih Budi Contoh?",
        "Warga pilih Budi Contoh menurut survei",
        "Kalau pilih Budi Contoh bagaimana",
        "Ayo makan siang. Warga desa memilih Budi Contoh",
        "Pilihan ganda nomor 1",
    ],
)
def test_statements_stories_and_questions_are_not(read: Callable[[str], Evidence], text: str) -> None:
    assert appeals(read(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Saya juru bicara BUSI",
        "Kami tim pemenangan BUSI",
        "saya resmi menjadi ketua relawan BUSI",
        "Alhamdulillah bergabung di tim kampanye BUSI",
        "Amanah baru: jubir BUSI",
        "Mulai hari ini saya masuk tim sukses BUSI",
        "aku salah satu anggota tim pemenangan BUSI",
    ],
)
def test_an_office_of_the_writer_is_claimed(read: Callable[[str], Evidence], text: str) -> None:
    assert claims(read(text), TEAM) != ()


@pytest.mark.parametrize(
    "text",
    [
        "Tim pemenangan BUSI rapat",
        "Saya bukan tim sukses BUSI",
        "Saya bertemu juru bicara BUSI",
        "saya mendukung tim pemenangan BUSI",
        "Pak Anu ditunjuk sebagai juru bicara BUSI",
        "Saya pulang. Tim kampanye BUSI lewat",
        "juru bicara BUSI menyapa saya",
    ],
)
def test_offices_of_others_are_not_claimed(read: Callable[[str], Evidence], text: str) -> None:
    assert claims(read(text), TEAM) == ()


def test_a_party_is_claimed_the_same_way(read: Callable[[str], Evidence]) -> None:
    assert claims(read("Saya kader partai bersama BUSI"), PARTY) != ()
    assert claims(read("Kader partai bersama saya"), PARTY) == ()


def test_words_between_two_stretches_are_counted(read: Callable[[str], Evidence]) -> None:
    own = read("ayo kita semua pilih Budi Contoh")
    one, other = Span("own.text", 0, 3, "ayo"), Span("own.text", 15, 20, "pilih")
    assert [near(own, [one], [other], words) for words in (1, 2)] == [(), (one, other)]
    assert near(own, [other], [one], 2) == (other, one)


def test_stretches_of_different_texts_are_never_near(read: Callable[[str], Evidence]) -> None:
    own = read("Ayo pilih Budi Contoh")
    assert near(own, [Span("own.text", 0, 3, "Ayo")], [Span("own.alt", 0, 3, "Ayo")], 30) == ()


def test_an_appeal_is_a_second_hit_of_the_same_act(judge: Judge, view_of: View) -> None:
    hits = judge.judge(view_of(Act.POST, own="Ayo pilih Budi Contoh")).hits
    assert sorted((hit.law_row, hit.candidate_id) for hit in hits) == [("B2", 1), ("B8", 1)]
    assert min(hits, key=lambda hit: hit.law_rank).law_row == "B2"


def test_a_comment_with_an_appeal_stays_keyed_by_the_row_of_comments(
    judge: Judge, view_of: View, content_of: Text
) -> None:
    view = view_of(Act.COMMENT, own="Ayo pilih Budi Contoh", target=content_of(AccountKind.REGISTERED, "pagi", 1))
    hits = judge.judge(view).hits
    assert min(hits, key=lambda hit: hit.law_rank).law_row == "B6"


@pytest.mark.parametrize("piece", ["pilih ", "ayo pilih ", "hak pilih ", "a", "saya tim sukses "])
def test_a_long_text_is_asked_in_passing(read: Callable[[str], Evidence], piece: str) -> None:
    evidence = read(piece * (40_000 // len(piece)) + "1 pilih Budi Contoh")
    begun = process_time()
    appeals(evidence)
    claims(evidence, TEAM)
    near(evidence, evidence.has_list("seruan.kerja"), evidence.has_list("seruan"), 6)
    assert process_time() - begun < 2
