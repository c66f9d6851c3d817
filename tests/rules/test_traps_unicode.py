"""Trap 8: disguised letters name the same pair, and every span is the text as it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain import Mention, MentionKind, Tier
from rules.mentions import MentionFinder

Sure = Callable[[tuple[Mention, ...]], set[int]]


def offset(upper: int, lower: int) -> Callable[[str], str]:
    return lambda text: "".join(
        chr(upper + ord(c) - 65) if c.isupper() else chr(lower + ord(c) - 97) if c.islower() else c for c in text
    )


def between(joint: str) -> Callable[[str], str]:
    return joint.join


SMALL = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
STYLES: dict[str, Callable[[str], str]] = {
    "bold": offset(0x1D400, 0x1D41A),
    "italic": lambda text: offset(0x1D434, 0x1D44E)(text).replace("\U0001d455", "ℎ"),
    "bold italic": offset(0x1D468, 0x1D482),
    "bold script": offset(0x1D4D0, 0x1D4EA),
    "fraktur bold": offset(0x1D56C, 0x1D586),
    "sans": offset(0x1D5A0, 0x1D5BA),
    "sans bold": offset(0x1D5D4, 0x1D5EE),
    "sans italic": offset(0x1D608, 0x1D622),
    "sans bold italic": offset(0x1D63C, 0x1D656),
    "monospace": offset(0x1D670, 0x1D68A),
    "double-struck small": lambda text: offset(0x1D538, 0x1D552)(text.lower()),
    "fullwidth": offset(0xFF21, 0xFF41),
    "circled": offset(0x24B6, 0x24D0),
    "parenthesised": lambda text: offset(0x1F110, 0x249C)(text.lower()),
    "squared": lambda text: offset(0x1F130, 0x1F130)(text.upper()),
    "negative squared": lambda text: offset(0x1F170, 0x1F170)(text.upper()),
    "negative circled": lambda text: offset(0x1F150, 0x1F150)(text.upper()),
    "regional indicators": lambda text: offset(0x1F1E6, 0x1F1E6)(text.upper()),
    "small capitals": lambda text: "".join(SMALL[c] for c in text.lower()),
    "zero-width space": between("\u200b"),
    "zero-width joiner": between("\u200d"),
    "zero-width non-joiner": between("\u200c"),
    "word joiner": between("\u2060"),
    "soft hyphen": between("\u00ad"),
    "byte order mark": between("\ufeff"),
    "left-to-right mark": between("\u200e"),
    "bidi isolate": lambda text: "\u2066" + text + "\u2069",
    "right-to-left override": lambda text: text[:3] + "\u202e" + text[3:],
    "variation selectors": between("\ufe0f"),
    "acute accents": lambda text: "".join(c + "\u0301" for c in text),
    "stacks of marks": lambda text: "".join(c + "\u0301\u0316\u0334\u035c\u0489" for c in text),
    "strike through": lambda text: "".join(c + "\u0336" for c in text),
    "stretched end": lambda text: text + text[-1] * 7,
    "stretched middle": lambda text: text[:4] + text[4] * 5 + text[5:],
    "capitals": str.upper,
    "mocking": lambda text: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text)),
    "leet": lambda text: text[0] + text[1:-1].translate(str.maketrans("aeist", "43157")) + text[-1],
    "cyrillic doubles": lambda text: text.translate(str.maketrans("aeopcAEP", "аеорсАЕР")),
}


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("name", ["Permisalan", "Umpamawan", "Contohwati"])
@pytest.mark.parametrize("shape", ["{}", "hidup {} 👍🏽", "👨‍👩‍👧 dukung {}!"])
def test_a_styled_name_is_found_with_its_exact_span(
    style: str, name: str, shape: str, finder: MentionFinder, sure: Sure
) -> None:
    styled = STYLES[style](name)
    text = shape.format(styled)
    mentions = [m for m in finder.find(text) if m.kind is not MentionKind.EMOJI]
    assert sure(tuple(mentions)) == {1 if name == "Permisalan" else 2}
    (mention,) = mentions
    assert text[mention.start : mention.end] == mention.text
    assert styled.strip("\u2066\u2069").startswith(mention.text.strip("\u2066\u2069")[:3])
    assert len(mention.text) >= len(styled) - 2


@pytest.mark.parametrize("style", sorted(STYLES.keys() - {"leet", "stretched middle", "parenthesised"}))
def test_a_styled_campaign_word_still_counts(style: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(f"{STYLES[style]('coblos')} no 2")) == {2}


@pytest.mark.parametrize("digit", ["2️⃣", "2⃣", "②", "⓶", "❷", "➁", "➋", "𝟐", "𝟚", "𝟤", "𝟮", "𝟸", "２", "²", "₂", "⑵"])
@pytest.mark.parametrize("shape", ["coblos no {}", "paslon {}", "coblos {}", "nomor urut {} menang", "no{} coblos"])
def test_a_styled_digit_is_a_digit(digit: str, shape: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(shape.format(digit))) == {2}


@pytest.mark.parametrize("tone", ["", "\ufe0f", "🏻", "🏼", "🏽", "🏾", "🏿"])
@pytest.mark.parametrize("hand", ["✌", "☝"])
def test_a_hand_of_any_skin_supports_and_stands_never_alone(hand: str, tone: str, finder: MentionFinder) -> None:
    alone, beside = finder.find(hand + tone), finder.find(f"ayo coblos {hand}{tone}")
    assert alone == ()
    assert {m.tier for m in beside} == {Tier.PENDUKUNG}


@pytest.mark.parametrize(
    "text",
    ["👍🏽👍🏽👍🏽", "👨‍👩‍👧‍👦", "🇮🇩🇮🇩", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣2️⃣3️⃣", "❤️‍🔥", "٢", "२", "①②", "\udc4d", "\u202e\u202d", "\x00\x01",
     "🅱🅾🅾Ⓜ", "🆗", "㊗", "㏄", "…", "\u0301\u0301"],
)  # fmt: skip
def test_signs_alone_name_nobody(text: str, finder: MentionFinder, sure: Sure) -> None:
    assert sure(finder.find(text)) == set()


@pytest.mark.parametrize(
    "written",
    ["Permisalan", "Budi-Permisalan", "Budi_Permisalan", "BUDI.PERMISALAN", "BudiPermisalan", "#budi_permisalan",
     "Budi\u00a0Permisalan", "Budi\u3000Permisalan", "Budi\tPermisalan", "Budi\nPermisalan", "Budi  Permisalan",
     "BUDI PERMISALAN,SE",
     "Budi Permisalan's", "“Permisalan”", "*Permisalan*", "~Permisalan~", "_Permisalan_", "Permisalan2024",
     "permisalannya",
     "Permisalan-Teladani", "Permisalan/Teladani", "PERMISALAN!!!", "perrmisalan", "permissalan"],
)  # fmt: skip
def test_a_name_is_found_however_it_is_joined(written: str, finder: MentionFinder, sure: Sure) -> None:
    mentions = finder.find(f"wah {written} datang")
    assert sure(mentions) == {1}
