"""What holds of the normaliser for every text, and every alphabet that people disguise letters with."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.automaton import PhraseFinder
from rules.loader import shipped_lexicon
from rules.numbers import Form, NumberReader
from rules.text import normalise, phrase, read, surface, words

ANY = st.text(alphabet=st.characters(), max_size=80)  # lone surrogates included
WILD = st.lists(
    st.sampled_from(
        [
            "𝗣𝗜𝗟𝗜𝗛", "m3nang", "menaaaang", "2️⃣", "①", "⑵", "½", "…", "\u200d", "\u200c", "\u200b", "\ud800",
            "\udfff", "#AbCd",
            "@a.b", "no2", " ", "é", "e\u0301\u0302", "ﬁ", "ﬃ", "İ", "ı", "ß", "ŉ", "ǆ", "ﷺ", "㎏", "℡", "™", "ª",
            "🅰", "🆎", "🇮🇩",
            "👨‍👩‍👧", "✌🏽", "\u202e", "\ufeff", "\x00", "\n", "'", "’", "Ma'ruf", "a''b", "l'aa", "$", "s$a", "b@ik",
            "http://x.y/z",
            "www.", "://", "aaa", "AAA", "111", "___", "a_b", "x²", "H₂O", "Ⅳ", "〇", "٣", "เ", "한", "日本", "\u0600",
        ]
    )
).map("".join)  # fmt: skip
TEXTS = ANY | WILD
PLAIN = st.text(alphabet="abcABO019_ .,!?\n;:/", max_size=60)


@given(TEXTS)
def test_no_text_raises(text: str) -> None:
    read(text)
    phrase(text)
    words(text)


@given(TEXTS)
def test_every_letter_of_the_normal_form_has_its_stretch_in_order(text: str) -> None:
    normal = normalise(text)
    last = 0
    for place in range(len(normal.text)):
        start, end = normal.span(place, place + 1)
        assert last <= start < end <= len(text)
        last = start


@given(TEXTS)
def test_words_stand_in_order_apart_and_inside(text: str) -> None:
    last = 0
    for token in read(text).tokens:
        assert last <= token.start < token.end <= len(text)
        last = token.end


@given(TEXTS)
def test_words_hold_letters_and_digits_only(text: str) -> None:
    for token in read(text).tokens:
        assert token.text
        assert token.text.isalnum()
        assert token.text == token.text.lower() or not token.text.isascii()


@given(TEXTS)
def test_the_joined_form_holds_the_words_in_order_and_a_bar_where_a_sentence_begins(text: str) -> None:
    reading = read(text)
    words = [("| " if token.fresh and place else "") + token.text for place, token in enumerate(reading.tokens)]
    assert reading.joined == (f" {' '.join(words)} " if words else " ")


@given(TEXTS)
def test_a_phrase_is_found_at_the_words_that_make_it(text: str) -> None:
    reading = read(text)
    phrases = {t.text for t in reading.tokens} | {f"{a.text} {b.text}" for a, b in pairwise(reading.tokens)}
    for found in PhraseFinder(dict.fromkeys(phrases, ("",))).find(reading):
        assert " ".join(t.text for t in reading.tokens[found.first : found.last + 1]) == found.phrase


@given(st.text("ab. \n", max_size=40), st.sets(st.sampled_from(["a", "b", "a b", "b a", "a a b", "ab", "b ab a"])))
def test_every_phrase_between_two_sentence_ends_is_found(text: str, phrases: set[str]) -> None:
    reading = read(text)
    told = [(found.first, found.phrase) for found in PhraseFinder(dict.fromkeys(phrases, ("",))).find(reading)]
    places = range(len(reading.words))
    ends = [place for place in places if place and reading.tokens[place].fresh]
    assert sorted(told) == sorted(
        (place, p)
        for place in places
        for p in phrases
        if list(reading.words[place : place + len(p.split())]) == p.split()
        and not any(place < end < place + len(p.split()) for end in ends)
    )


@given(TEXTS | PLAIN)
def test_a_lone_sign_behind_a_text_changes_no_word_of_it(text: str) -> None:
    assert read(f"{text} #").tokens == read(text).tokens
    assert surface(f"{text} #") == surface(text)


@given(TEXTS | PLAIN)
def test_a_very_long_text_is_read_as_its_beginning_is_alone(text: str) -> None:
    alone = read(text)
    long = read(f"{text} {'kata ' * 1_000}")
    assert long.tokens[: len(alone.tokens)] == alone.tokens
    assert long.words[: len(alone.words)] == alone.words


@given(TEXTS | PLAIN)
def test_words_and_places_are_the_same_whether_all_tokens_or_one_are_asked_for(text: str) -> None:
    places = range(len(read(text).words))
    before, after = read(text), read(text)
    tokens = after.tokens
    assert tuple(before.token(place) for place in places) == tokens == tuple(after.token(place) for place in places)
    assert [before.between(place, place) for place in places] == [(token.start, token.end) for token in tokens]
    assert list(before.words) == [token.text for token in tokens]


@given(TEXTS)
def test_nothing_of_the_original_is_changed(text: str) -> None:
    assert normalise(text).original == text


@given(TEXTS)
def test_the_words_of_words_are_the_same_words(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once or any(not w.isascii() or any(c.isdigit() for c in w) for w in once)


@given(TEXTS, TEXTS)
def test_lines_are_read_apart(one: str, other: str) -> None:
    apart = [t.text for t in read(f"{one}\n{other}").tokens]
    assert apart == [t.text for t in read(one).tokens] + [t.text for t in read(other).tokens]


@given(st.text(alphabet=ascii_lowercase + " ", max_size=60))
def test_upper_and_lower_case_are_read_alike(text: str) -> None:
    assert words(text.upper()) == words(text)


def letters(first_upper: int, first_lower: int, holes: dict[str, str] | None = None) -> Callable[[str], str]:
    """Return a writer in an alphabet that stands in a row in Unicode; `holes` are letters that stand elsewhere."""
    table = {ord(c): chr(first_upper + i) for i, c in enumerate(ascii_uppercase)}
    table |= {ord(c): chr(first_lower + i) for i, c in enumerate(ascii_lowercase)}
    table |= {ord(c): other for c, other in (holes or {}).items()}
    return lambda text: text.translate(table)


SCRIPT = dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))
FRAKTUR = dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True))
STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
ALPHABETS = {
    "bold": letters(0x1D400, 0x1D41A),
    "italic": letters(0x1D434, 0x1D44E, {"h": "ℎ"}),
    "bold italic": letters(0x1D468, 0x1D482),
    "script": letters(0x1D49C, 0x1D4B6, SCRIPT),
    "bold script": letters(0x1D4D0, 0x1D4EA),
    "fraktur": letters(0x1D504, 0x1D51E, FRAKTUR),
    "bold fraktur": letters(0x1D56C, 0x1D586),
    "double-struck": letters(0x1D538, 0x1D552, STRUCK),
    "sans": letters(0x1D5A0, 0x1D5BA),
    "sans bold": letters(0x1D5D4, 0x1D5EE),
    "sans italic": letters(0x1D608, 0x1D622),
    "sans bold italic": letters(0x1D63C, 0x1D656),
    "monospace": letters(0x1D670, 0x1D68A),
    "fullwidth": letters(0xFF21, 0xFF41),
    "circled": letters(0x24B6, 0x24D0),
    "squared": letters(0x1F130, 0x1F130),
    "negative circled": letters(0x1F150, 0x1F150),
    "negative squared": letters(0x1F170, 0x1F170),
    "parenthesised": letters(0x1F110, 0x249C),
    "regional indicators": letters(0x1F1E6, 0x1F1E6),
    "parenthesised small": letters(0x249C, 0x249C),
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@pytest.mark.parametrize("case", [ascii_uppercase, ascii_lowercase], ids=["upper", "lower"])
def test_every_letter_of_a_styled_alphabet_is_the_plain_letter(alphabet: Callable[[str], str], case: str) -> None:
    assert normalise(alphabet(case)).text == ascii_lowercase


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@given(word=st.text(alphabet=ascii_uppercase + ascii_lowercase, min_size=1, max_size=12))
def test_a_styled_word_is_read_as_the_plain_word_with_its_own_span(alphabet: Callable[[str], str], word: str) -> None:
    styled = alphabet(word)
    (token,) = read(f"ya {styled} ya").tokens[1:-1]
    assert token.text == read(word).tokens[0].text
    assert (token.start, token.end) == (3, 3 + len(styled))


def test_small_capitals_are_plain_letters() -> None:
    assert normalise("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ").text == "abcdefghijklmnoprstuvwyz"


DIGITS: dict[str, Callable[[int], str]] = {
    "keycaps": lambda n: f"{n}\ufe0f\u20e3",
    "keycaps without selector": lambda n: f"{n}\u20e3",
    "fullwidth": lambda n: chr(0xFF10 + n),
    "bold": lambda n: chr(0x1D7CE + n),
    "double-struck": lambda n: chr(0x1D7D8 + n),
    "sans": lambda n: chr(0x1D7E2 + n),
    "sans bold": lambda n: chr(0x1D7EC + n),
    "monospace": lambda n: chr(0x1D7F6 + n),
    "superscript": lambda n: "⁰¹²³⁴⁵⁶⁷⁸⁹"[n],
    "subscript": lambda n: chr(0x2080 + n),
    "circled": lambda n: chr(0x2460 + n - 1),
    "doubly circled": lambda n: chr(0x24F5 + n - 1),
    "negative circled": lambda n: chr(0x2776 + n - 1),
    "sans circled": lambda n: chr(0x2780 + n - 1),
    "negative sans circled": lambda n: chr(0x278A + n - 1),
    "parenthesised": lambda n: chr(0x2474 + n - 1),
}


@pytest.mark.parametrize("style", DIGITS.values(), ids=DIGITS)
@pytest.mark.parametrize("number", range(1, 10))
def test_a_styled_digit_is_the_plain_digit(style: Callable[[int], str], number: int) -> None:
    text = f"no {style(number)}"
    token = read(text).tokens[1]
    assert (token.text, text[token.start : token.end]) == (str(number), style(number))


INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u200f", "\u202a", "\u202c", "\u202d",
    "\u202e",
    "\u2066", "\u2069", "\u061c", "\ufe0e", "\ufe0f", "\u034f", "\U000e0061", "\u180e", "\u2061", "\U000e0100",
]  # fmt: skip


@given(
    word=st.text(alphabet=ascii_lowercase, min_size=2, max_size=12),
    put=st.lists(st.sampled_from(INVISIBLE), min_size=1, max_size=5),
    at=st.integers(1, 11),
)
def test_invisible_signs_inside_a_word_vanish_and_stay_in_its_span(word: str, put: list[str], at: int) -> None:
    at = min(at, len(word) - 1)
    hidden = word[:at] + "".join(put) + word[at:]
    (token,) = read(hidden).tokens
    assert token.text == read(word).tokens[0].text
    assert (token.start, token.end) == (0, len(hidden))


MARKS = st.integers(0x300, 0x36F).map(chr) | st.sampled_from("\u0489\u20dd\u20d2\u1ab0")


@given(
    word=st.text(alphabet=ascii_lowercase, min_size=1, max_size=10),
    marks=st.lists(
        st.integers(0x300, 0x36F).map(chr) | st.sampled_from("\u0489\u20dd\u20d2\u1ab0\u1dc4"), min_size=1, max_size=30
    ),
)
def test_stacks_of_marks_vanish(word: str, marks: list[str]) -> None:
    stacked = "".join(letter + "".join(marks) for letter in word)
    assert [t.text for t in read(stacked).tokens] == [t.text for t in read(word).tokens]


@given(st.text(alphabet=st.characters(categories=["Mn", "Me", "Cf"]), max_size=40))
def test_marks_alone_are_no_words(text: str) -> None:
    assert read(text).tokens == ()


@given(st.text(alphabet=st.characters(categories=["Mn", "Me"]), min_size=1, max_size=40))
def test_a_letter_under_any_marks_spans_the_marks_that_follow_it(text: str) -> None:
    (token,) = read(f"a{text}").tokens
    assert (token.text, token.start) == ("a", 0)
    assert token.end >= 1


@given(word=st.text(alphabet=ascii_lowercase, min_size=1, max_size=8), times=st.integers(3, 40), at=st.integers(0, 7))
def test_a_stretched_letter_is_one_letter_and_all_of_it_is_spanned(word: str, times: int, at: int) -> None:
    at = min(at, len(word) - 1)
    stretched = word[:at] + word[at] * times + word[at + 1 :]
    (token,) = read(stretched).tokens
    assert (token.start, token.end) == (0, len(stretched))
    assert len(token.text) <= len(word)


@given(TEXTS)
def test_composed_and_decomposed_letters_are_read_alike(text: str) -> None:
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))


NUMBER_WORDS = {
    "satu": 1, "siji": 1, "hiji": 1, "dua": 2, "loro": 2, "duo": 2, "tiga": 3, "telu": 3, "tilu": 3, "empat": 4,
    "papat": 4,
    "opat": 4, "lima": 5, "limo": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10,
}  # fmt: skip


@pytest.mark.parametrize(("word", "number"), NUMBER_WORDS.items())
@pytest.mark.parametrize(
    "shape", ["nomor {}", "no {}", "nomer {}", "nomor urut {}", "paslon {}", "paslon nomor {}", "NOMOR {}"]
)
def test_a_number_word_is_a_ballot_number_in_ballot_form(word: str, number: int, shape: str) -> None:
    (numeral,) = NumberReader(shipped_lexicon()).find(read(shape.format(word)))
    assert numeral.value == number
    assert numeral.form in {Form.PAIR, Form.NUMBER}


@pytest.mark.parametrize("word", NUMBER_WORDS)
@pytest.mark.parametrize("shape", ["{}", "ada {} orang", "{} hati", "pilih {} saja", "calon {} ini"])
def test_a_number_word_alone_is_none(word: str, shape: str) -> None:
    assert NumberReader(shipped_lexicon()).find(read(shape.format(word))) == []


@given(TEXTS)
def test_numerals_stand_inside_the_text(text: str) -> None:
    for numeral in NumberReader(shipped_lexicon()).find(read(text)):
        assert 0 <= numeral.start < numeral.end <= len(text)
        assert 1 <= numeral.value <= 99
