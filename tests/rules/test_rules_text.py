from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.text import normalise, read

ANY_TEXT = st.text(alphabet=st.characters(), max_size=80)  # lone surrogates included
WILD = st.lists(
    st.sampled_from(
        ["𝗣𝗜𝗟𝗜𝗛", "m3nang", "menaaaang", "2️⃣", "\u200d", "\ud800", "#AbCd", "@a.b", "no2", " ", "é", "ﬁ", "İ"]
    )
)


def words_of(text: str) -> list[str]:
    return [token.text for token in read(text).tokens]


def test_styled_letters_become_plain() -> None:
    assert words_of("𝗣𝗜𝗟𝗜𝗛 ＡＢ 🅰🅱 ⓑⓤⓓⓘ") == ["pilih", "ab", "ab", "budi"]


def test_zero_width_letters_vanish_inside_words() -> None:
    assert words_of("bu\u200ddi b\u200budi") == ["budi", "budi"]


def test_repeated_letters_become_one() -> None:
    assert words_of("menaaaaang") == ["menang"]


def test_double_letters_of_names_stay() -> None:
    assert words_of("Noor Saadah") == ["noor", "saadah"]


def test_leet_is_undone_inside_words_only() -> None:
    assert words_of("m3nang d4ri 02 2024") == ["menang", "dari", "02", "2024"]


def test_keycaps_are_digits() -> None:
    assert words_of("no 2️⃣") == ["no", "2"]


def test_glued_numbers_are_words_of_their_own() -> None:
    assert words_of("no2 paslon02") == ["no", "2", "paslon", "02"]


def test_apostrophes_inside_names_vanish() -> None:
    assert words_of("Ma'ruf Nu’man") == ["maruf", "numan"]


def test_a_span_covers_the_styled_original() -> None:
    text = "ayo 𝗣𝗜𝗟𝗜𝗛 ya"
    token = read(text).tokens[1]
    assert text[token.start : token.end] == "𝗣𝗜𝗟𝗜𝗛"


def test_a_span_covers_all_repeated_letters() -> None:
    text = "wah menaaaang!"
    token = read(text).tokens[1]
    assert text[token.start : token.end] == "menaaaang"


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    read(text)


@given(ANY_TEXT | WILD.map("".join))
def test_spans_lie_in_the_original_in_order_and_are_not_empty(text: str) -> None:
    last = 0
    for token in read(text).tokens:
        assert last <= token.start < token.end <= len(text)
        last = token.end


@given(ANY_TEXT | WILD.map("".join))
def test_every_normal_letter_maps_to_a_stretch_of_the_original(text: str) -> None:
    normal = normalise(text)
    for place in range(len(normal.text)):
        start, end = normal.span(place, place + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(alphabet="abcdefghij ", max_size=60).filter(lambda t: not any(c * 3 in t for c in "abcdefghij")))
def test_plain_words_stand_where_they_stood(text: str) -> None:
    assert [(t.start, t.end, t.text) for t in read(text).tokens] == [
        (t.start, t.end, text[t.start : t.end]) for t in read(text).tokens
    ]
