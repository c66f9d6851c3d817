"""A street, school, hospital or shop that bears a candidate's name is not the candidate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Candidate, Contest, Mention, Tier
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]


@pytest.fixture(scope="module")
def streets(
    pair_of: Callable[..., Candidate], race_of: Callable[..., Contest], finder_of: Callable[..., MentionFinder]
) -> MentionFinder:
    """Return a finder of pairs whose names could stand on a signpost."""
    return finder_of(
        race_of(
            pair_of(1, "dr. HARUN PERMISALAN", "TEUKU UMPAMAWAN"),
            pair_of(2, "ABDURRAHMAN CONTOHAN", "RINA TELADANI", short=(("Rahman",), ("Rina",))),
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "macet di jalan Umpamawan sejak pagi",
        "Jl. Prof. Harun Permisalan no 2 banjir",
        "jl.kh.abdurrahman contohan ditutup",
        "RSUD dr. Harun Permisalan kekurangan kamar",
        "rumah sakit umum Harun Permisalan penuh",
        "bandara abdurahman contohan tutup",
        "Masjid Abdurrahman Contohan menerima infak",
        "di SMA Negeri Harun Permisalan ada lomba",
        "toko Rina Teladani pindah",
        "Warung Rina buka lagi",
        "rapat di taman makam pahlawan Teuku Umpamawan",
        "lewat (jalan Harun Permisalan) saja",
        "masjid agung Teuku Umpamawan",
        'toko "Rina Teladani" pindah',
        "rumah di Jl.\xa0Harun Permisalan",
        "Masjid Raya ‘Abdurrahman Contohan’",
        "jalan panglima besar jenderal Harun Permisalan",
    ],
)
def test_what_bears_a_name_is_not_its_bearer(text: str, streets: MentionFinder, sure: Sure) -> None:
    mentions = streets.find(text)
    assert not sure(mentions)
    assert any(m.tier is Tier.LEMAH for m in mentions)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("perbaiki jalan! Harun Permisalan janji begitu", 1),
        ("sudah lewat jalan. Harun Permisalan tidak kelihatan", 1),
        ("turun ke jalan, Harun Permisalan menyapa warga", 1),
        ("soal jalan\nHarun Permisalan diam saja", 1),
        ("jalan-jalan bersama Harun Permisalan", 1),
        ("jalan rusak kata Harun Permisalan", 1),
        ("kepala desa Harun Permisalan hadir", 1),
        ("pemilik toko Rina Teladani hadir", 2),
        ("lulusan SMA Harun Permisalan diragukan", 1),
        ("waktu sma Harun Permisalan nakal", 1),
        ("dr. Harun Permisalan dokter rakyat", 1),
        ('perbaiki jalan. "Harun Permisalan diam"', 1),
        ("tim Harun Permisalan tiba", 1),
    ],
)
def test_a_person_near_such_a_word_is_still_named(text: str, pair: int, streets: MentionFinder, sure: Sure) -> None:
    assert sure(streets.find(text)) == {pair}


def test_beside_the_person_the_street_is_theirs_too(streets: MentionFinder, sure: Sure) -> None:
    mentions = streets.find("Harun Permisalan meresmikan jalan Harun Permisalan")
    assert sure(mentions) == {1}
    assert len([m for m in mentions if m.tier.rank >= Tier.SEDANG.rank]) == 2


def test_a_campaign_word_alone_makes_no_street_a_candidate(streets: MentionFinder, sure: Sure) -> None:
    assert not sure(streets.find("konvoi kampanye pilbup lewat jalan Harun Permisalan"))


def test_a_tag_is_no_signpost(streets: MentionFinder, sure: Sure) -> None:
    assert sure(streets.find("dukung di jalan #HarunPermisalan")) == {1}
