from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Span
from monitor.web.highlight import highlight, segments
from monitor.web.templating import highlighted

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "a & b < c > d \"e\" 'f'",
        "\u202ekanan ke kiri\u202c",
        "</mark><img src=x onerror=y>",
    ]
)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    ends = st.integers(0, len(text))
    spans = []
    for start, end in draw(st.lists(st.tuples(ends, ends), max_size=6)):
        spans.append(Span("own.text", start, end, text[start:end], draw(TEXTS)))
    return text, spans


@given(marked_texts())
def test_segments_joined_are_the_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    assert "".join(piece.text for piece in segments(text, spans)) == text


@given(marked_texts())
def test_every_character_of_a_span_is_marked_and_no_other(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    wanted = {at for span in spans for at in range(span.start, span.end)}
    marked, at = set(), 0
    for piece in segments(text, spans):
        if piece.marked:
            marked |= set(range(at, at + len(piece.text)))
        at += len(piece.text)
    assert marked == wanted


@given(marked_texts())
def test_html_without_marks_is_the_escaped_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    bare = re.sub(r"</?mark(?: data-as=\"[^\"]*\" title=\"[^\"]*\")?>", "", str(highlight(text, spans)))
    assert "<" not in bare
    assert html.unescape(bare) == html.unescape(html.escape(text))


def test_overlapping_spans_become_one_mark_with_both_names() -> None:
    spans = [Span("own.text", 0, 8, "Pak Budi", "Budi"), Span("own.text", 4, 13, "Budi Siti", "BUSI")]
    assert (
        highlight("Pak Budi Siti", spans)
        == '<mark data-as="Budi, BUSI" title="Dikenali sebagai: Budi, BUSI">Pak Budi Siti</mark>'
    )


def test_touching_spans_stay_two_marks() -> None:
    spans = [Span("own.text", 0, 2, "ab"), Span("own.text", 2, 4, "cd")]
    assert highlight("abcd", spans) == "<mark>ab</mark><mark>cd</mark>"


def test_a_span_of_an_older_version_marks_nothing() -> None:
    assert highlight("sudah disunting", [Span("own.text", 0, 5, "semua")]) == "sudah disunting"


def test_a_span_outside_the_text_marks_nothing() -> None:
    assert highlight("pendek", [Span("own.text", 3, 30, "dek")]) == "pendek"


def test_only_spans_of_the_asked_field_are_marked() -> None:
    spans = [Span("own.text", 0, 4, "Budi"), Span("target.text", 5, 9, "Siti")]
    assert highlighted("Budi Siti", spans, "target.text") == "Budi <mark>Siti</mark>"


def test_emoji_and_combined_letters_keep_their_offsets() -> None:
    text = "👍🏽 pilih 𝗕𝘂𝗱𝗶"
    start = text.index("𝗕")
    assert str(highlight(text, [Span("own.text", start, start + 4, "𝗕𝘂𝗱𝗶")])).endswith("<mark>𝗕𝘂𝗱𝗶</mark>")


def hint(text: str, words: str, side: str) -> Span:
    at = text.index(words)
    return Span("own.text", at, at + len(words), words, side)


@given(marked_texts(), marked_texts())
def test_segments_with_hints_joined_are_the_text(case: tuple[str, list[Span]], other: tuple[str, list[Span]]) -> None:
    text, spans = case
    sides = [Span("own.text", s.start, s.end, text[s.start : s.end], "celaan") for s in other[1]]
    assert "".join(piece.text for piece in segments(text, spans, sides)) == text


def test_a_hint_says_its_side_in_words_and_not_by_colour_alone() -> None:
    html_text = highlight("Pak Budi mantap", (), [hint("Pak Budi mantap", "mantap", "dukungan")])
    assert 'data-hint="dukungan"' in html_text
    assert "Petunjuk sikap: dukungan" in html_text


def test_a_hint_inside_a_marked_stretch_keeps_both() -> None:
    text = "Pak Budi mantap"
    found = segments(text, [Span("own.text", 4, 15, "Budi mantap", "BUDI")], [hint(text, "mantap", "dukungan")])
    assert [(piece.text, piece.marked, piece.side) for piece in found] == [
        ("Pak ", False, ""),
        ("Budi ", True, ""),
        ("mantap", True, "dukungan"),
    ]


def test_a_hint_of_no_known_side_marks_nothing() -> None:
    assert segments("mantap", (), [hint("mantap", "mantap", "suka")])[0].side == ""
