"""What holds of mentions in every text: exact places, no state, no interference, work that grows with the text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Contest,
    Mention,
    MentionKind,
    Office,
    Regime,
    StatusFrom,
    Tier,
)
from rules.loader import shipped_lexicon
from rules.mentions import Found, MentionFinder
from tests.rules.effort import effort, efforts_of


def pair(key: int, number: int, first: str, second: str, **words: tuple[object, ...]) -> Candidate:
    people = CandidatePerson(CandidateRole.UTAMA, first), CandidatePerson(CandidateRole.WAKIL, second)
    return Candidate(number, people, (StatusFrom(CandidateStatus.CALON),), id=key, **words)  # type: ignore[arg-type]  # by name


def contest(key: int, name: str, region: str, office: Office, *pairs: Candidate) -> Contest:
    return Contest(name, region, office, Regime.PILKADA, (), pairs, id=key)


ACCOUNT = CandidateAccount(AccountRef("contoh", "did:plc:permisalan", "busit.contoh.test"), AccountKind.REGISTERED)
HERE = contest(
    1, "Bupati Contoh 2024", "99.01", Office.BUPATI,
    pair(1, 1, "H. BUDI PERMISALAN, S.E.", "SITI TELADANI", aliases=("BUSIT",), slogans=("Contoh Gemah Ripah",),
         hashtags=("BusitPasti",), accounts=(ACCOUNT,)),
    pair(2, 2, "AGUNG UMPAMAWAN", "RINA CONTOHWATI", aliases=("AGRINA",)),
    pair(3, 3, "ALAM", "KARTINI"),
)  # fmt: skip
ABOVE = contest(2, "Gubernur Contohan 2024", "99", Office.GUBERNUR, pair(21, 1, "TEJA GUBERNARI", "RATNO PROVINSIAN"))
FAR = contest(
    3, "Bupati Misal 2024", "98.02", Office.BUPATI,
    pair(31, 1, "WIRYO SEBELAHAN", "JATI TETANGGAAN", aliases=("WIJATI",)), pair(32, 2, "KARSO ANGGAPAN",
    "DEWANI IBARATI"),
)  # fmt: skip
FINDER = MentionFinder((HERE, ABOVE), shipped_lexicon())
WIDER = MentionFinder((HERE, ABOVE, FAR), shipped_lexicon())
TURNED = MentionFinder((FAR, ABOVE, HERE), shipped_lexicon())
CROWD = (HERE, ABOVE, FAR, *(
    contest(100 + n, f"Bupati Jauh {chr(97 + n)} 2024", f"97.{n:02}", Office.BUPATI,
            pair(1000 + n, 1, f"MARSU{'abcdefgh'[n]}ONO", f"TRIWA{'bcdfghkl'[n]}ANTI"))
    for n in range(8)
))  # fmt: skip
CROWDED = MentionFinder(CROWD, shipped_lexicon())

PIECES = st.sampled_from(
    [
        "budi", "Permisalan", "permisalam", "prmisalan", "BUDI PERMISALAN", "siti", "teladani", "BUSIT",
        "#BusitMenang", "#busit", "pak umpam", "Permi", "teladni", "permislan", "Gemah Ripa",
        "agung", "umpamawan", "umpamawann", "agungrina", "AGRINA", "#PilihAgrina", "alam", "kartini",
        "teja gubernari", "ratno",
        "no 1", "no. 2", "nomor urut dua", "paslon 02", "02", "2", "O2", "2️⃣", "②", "siji", "loro", "telu",
        "coblos", "pilih",
        "dukung", "menang", "pilkada", "pilgub", "cabup", "gubernur", "bupati contoh", "debat", "jl.", "rt 02",
        "2024", "2-1",
        "𝗣𝗲𝗿𝗺𝗶𝘀𝗮𝗹𝗮𝗻", "ｂｕｄｉ", "perm\u200disalan", "p3rm1salan", "permisalaaaan", "b\u0301u\u0301di", "🅱🆄🅳🅸", "✌🏽",
        "☝", "👍🏿",
        "\ud83d", "\udc4d", "\x00", "\u202e", "\ufeff", "@busit.contoh.test", "did:plc:permisalan",
        "https://contoh.test/busit",
        "ß", "İ", "ﬁ", "ŉ", "½", "ǆ", "#", "##", "@", "'", "’", "-", "/", ".", ",", "!", "?", "\n", "\t", "  ", "",
    ]
)  # fmt: skip
JOINTS = st.sampled_from([" ", " ", " ", "", "\n", ", ", "-", "/", "#", "@", "\u200b", "."])
BUILT = st.lists(st.tuples(PIECES, JOINTS), max_size=14).map(lambda parts: "".join(a + b for a, b in parts))
TEXTS = (
    BUILT | st.text(alphabet=st.characters(), max_size=60) | st.tuples(BUILT, st.text(max_size=10), BUILT).map("".join)
)
SCOPES = st.sampled_from([None, "99.01", "99", "98.02", ""])


@given(TEXTS, SCOPES)
@example("\ud83d", None)
@example("İİİ permisalan", "99.01")
@example("pilih budi @-_ permisalam", "99.01")
def test_every_place_holds_the_text_of_its_mention(text: str, scope: str | None) -> None:
    for mention in FINDER.find(text, scope):
        assert mention.field == "text"
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text


@given(TEXTS, SCOPES)
def test_mentions_come_in_the_order_of_the_text(text: str, scope: str | None) -> None:
    places = [(m.start, m.end) for m in FINDER.find(text, scope)]
    assert places == sorted(places)


@given(TEXTS, SCOPES)
def test_a_pair_is_said_once_for_one_stretch_and_kind(text: str, scope: str | None) -> None:
    said = [(m.candidate_id, m.kind, m.start, m.end) for m in FINDER.find(text, scope)]
    assert len(said) == len(set(said))


@given(TEXTS, TEXTS, SCOPES, st.lists(TEXTS, max_size=3))
def test_nothing_raises_with_parent_and_links(text: str, parent: str, scope: str | None, links: list[str]) -> None:
    for mention in FINDER.find(text, scope, parent, tuple(links)):
        if mention.kind is MentionKind.INHERITED:
            assert (mention.field, mention.start, mention.end, mention.text) == ("parent", 0, 0, "")
        elif mention.field == "links":
            assert (mention.start, mention.end) == (0, 0)
        else:
            assert text[mention.start : mention.end] == mention.text


@given(TEXTS, TEXTS, SCOPES)
def test_a_parent_takes_no_mention_of_the_text_away(text: str, parent: str, scope: str | None) -> None:
    def named(mentions: tuple[Mention, ...]) -> set[tuple[int, int, int]]:
        return {(m.candidate_id, m.start, m.end) for m in mentions if m.kind is MentionKind.NAME and m.tier.rank >= 3}

    assert named(FINDER.find(text, scope)) <= named(FINDER.find(text, scope, parent))


@given(TEXTS, TEXTS, SCOPES)
def test_what_was_asked_before_changes_nothing(text: str, other: str, scope: str | None) -> None:
    before = FINDER.find(text, scope)
    FINDER.find(other, scope)
    FINDER.find(other, None, text)
    assert FINDER.find(text, scope) == before


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, SCOPES), min_size=1, max_size=5))
def test_a_fresh_finder_says_the_same(asked: list[tuple[str, str | None]]) -> None:
    fresh = MentionFinder((HERE, ABOVE), shipped_lexicon())
    assert [fresh.find(*one) for one in asked] == [FINDER.find(*one) for one in asked]


@given(TEXTS, st.sampled_from(["99.01", "99"]))
def test_an_unrelated_contest_changes_nothing_of_this_one(text: str, scope: str) -> None:
    ours = {c.id for one in (HERE, ABOVE) for c in one.candidates}
    assert tuple(m for m in WIDER.find(text, scope) if m.candidate_id in ours) == FINDER.find(text, scope)


@given(TEXTS, SCOPES)
def test_the_order_of_contests_changes_nothing(text: str, scope: str | None) -> None:
    def known(mention: Mention) -> tuple[object, ...]:
        return mention.candidate_id, mention.kind, mention.tier, mention.start, mention.end

    assert set(map(known, TURNED.find(text, scope))) == set(map(known, WIDER.find(text, scope)))


@given(TEXTS, SCOPES, st.integers(1, 5))
def test_spaces_before_a_text_only_move_the_places(text: str, scope: str | None, count: int) -> None:
    assume("@" not in text)  # whom a text addresses stands at its very beginning
    moved = tuple(replace(m, start=m.start - count, end=m.end - count) for m in FINDER.find(" " * count + text, scope))
    assert moved == FINDER.find(text, scope)


def acted_on(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(m for m in mentions if m.tier in {Tier.KUAT, Tier.SEDANG})


class Thorough(MentionFinder):
    """Reads every text closely, whatever the first look at its words says."""

    def _worth_reading(self, found: Found, bits: int, *, hands: bool) -> bool:
        return True


THOROUGH = Thorough((HERE, ABOVE), shipped_lexicon())
THOROUGH_WIDE = Thorough(CROWD, shipped_lexicon())


@given(TEXTS, SCOPES)
def test_the_first_look_leaves_out_nothing_to_act_on(text: str, scope: str | None) -> None:
    assert acted_on(FINDER.find(text, scope)) == acted_on(THOROUGH.find(text, scope))


@given(TEXTS, SCOPES)
def test_the_first_look_leaves_out_nothing_with_many_contests_either(text: str, scope: str | None) -> None:
    assert acted_on(CROWDED.find(text, scope)) == acted_on(THOROUGH_WIDE.find(text, scope))


@given(TEXTS, SCOPES)
def test_examining_says_what_finding_says(text: str, scope: str | None) -> None:
    assert FINDER.examine(text, scope).mentions == FINDER.find(text, scope)


@given(st.text(alphabet="bcdfghjkmpqvwxyz \n.,!?", max_size=80))
def test_letters_that_make_no_known_word_name_nobody(text: str) -> None:
    assert [m for m in FINDER.find(text) if m.tier.rank >= 3] == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), TEXTS)
def test_any_register_can_be_looked_for(words: list[str], text: str) -> None:
    names = tuple(words)
    odd = Candidate(1, (CandidatePerson(CandidateRole.UTAMA, names[0], names),), (), names, names, names, id=1)
    rival = replace(odd, number=2, id=2)
    finder = MentionFinder((replace(HERE, candidates=(odd, rival)),), shipped_lexicon())
    for asked in (text, " ".join(names)):
        for mention in finder.find(asked, "99.01"):
            assert asked[mention.start : mention.end] == mention.text


ADVERSARIES = {
    "a full name": "Budi Permisalan ", "one name word": "permisalan ", "names without gaps": "budipermisalan",
    "an alias": "busit ", "a tag": "#BusitMenang ", "tags without gaps": "#BusitMenang", "a near miss": "permisalam ",
    "near misses without gaps": "permisalamprmisalan", "half names": "permi salan bud i ", "one digit": "1",
    "digits apart": "1 ",
    "padded numbers": "02 ", "tagged numbers": "#02 ", "ballot numbers": "no 1 ", "chained numbers": "no 1 dan 2 dan ",
    "markers": "no nomor paslon urut ", "hashes": "#",
    "at signs": "@", "tagged": "@busit.contoh.test ", "one letter": "a", "one name letter": "b",
    "letters apart": "a b ",
    "consonants": "bcdfghjklm", "thumbs": "👍🏽", "hands": "✌🏽", "flags": "🇮🇩", "styled": "𝗣𝗲𝗿𝗺𝗶𝘀𝗮𝗹𝗮𝗻 ",
    "zero widths": "\u200b",
    "joined": "p\u200d", "marks": "e\u0301\u0301\u0301", "surrogates": "\ud83d", "links": "https://contoh.test/busit ",
    "slashes": "/", "link heads": "http://", "apostrophes": "a'", "leet": "p3rm154l4n ",
    "leet without gaps": "p3rm1s4l4n",
    "dots": ".", "sentences": "Ayo. ", "lines": "\n", "campaign words": "coblos pilih dukung ",
    "everyday": "yang di dan itu ",
    "context": "debat pilkada bupati contoh ", "common names": "alam kartini ", "accounts": "did:plc:permisalan ",
    "years": "2024 ", "dates": "02-10-2024 ", "phones": "+62 812-02-01 ", "capitals": "AbAb", "dollar": "a$a@a ",
    "slogan": "contoh gemah ripah ", "slogan halves": "contoh gemah contoh ", "tabs": "\t", "nulls": "\x00",
    "dotted i": "İ",
}  # fmt: skip
SIZES = (8_000, 64_000, 256_000)  # letters, of which the smallest that takes some work is measured
SOME = 0.015  # seconds of the processor; below it other costs hide the growth
SWIFT = (
    "names without gaps", "near misses without gaps", "one digit", "digits apart", "hashes", "one letter",
    "letters apart",
    "thumbs", "zero widths", "marks", "link heads", "surrogates", "capitals", "everyday", "campaign words",
)  # fmt: skip


def filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


@pytest.mark.slow
@pytest.mark.parametrize("piece", ADVERSARIES.values(), ids=ADVERSARIES)
def test_work_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    FINDER.find(filled(piece, 2_000), "99.01")
    size, efforts = efforts_of(lambda size: FINDER.find(filled(piece, size), "99.01"), SIZES, SOME)
    long = filled(piece, 4 * size)
    growth = (effort(lambda: FINDER.find(long, "99.01")) < 10 * short + SOME for short in efforts)
    assert any(growth)  # its square would be sixteen times the work


@pytest.mark.slow
@pytest.mark.parametrize("name", SWIFT)
def test_a_megabyte_is_read_with_exact_places(name: str) -> None:
    text = filled(ADVERSARIES[name], 1_000_000)
    mentions = FINDER.find(text, "99.01")
    assert all(text[m.start : m.end] == m.text for m in mentions)
