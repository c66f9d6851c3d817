"""One normaliser for Indonesian social-media text; every offset maps back to the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that look Latin and are not: small capitals and the Cyrillic and Greek doubles used to slip past filters.
_DOUBLES = str.maketrans(
    "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢаеорсухіѕјαοε",
    "abcdefghijklmnoprstuvwyzaeopcyxisjaoe",
)
_DROPPED = frozenset({"Mn", "Me", "Mc", "Cf"})
_LEET = str.maketrans("013457", "oieast")
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")
_SYMBOL_IN_WORD = re.compile(r"(?<=[a-z])[@$](?=[a-z]{2})")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_APOSTROPHES = "'’‘`´ʼ"
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_TOKEN = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}](?=[^\W\d_])[^\W_]+)*")
_GLUED = re.compile(r"([a-z]{2,})(\d{1,2})")
_HANDLE = re.compile(r"@([\w.\-]*\w)")
_BREAK = re.compile(r"[\n!?;]")
_STOP = re.compile(r"\.\s")
_ABBREVIATION = 3  # a full stop after so few letters (jl., no., dr.) ends no sentence


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in one shape; character i of `text` stands for `original[starts[i]:ends[i]]` (None: the same offset)."""

    original: str
    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    parts: frozenset[int] = frozenset()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original for the stretch [start, end) of `text`."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else len(self.original)
            return place, place
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `text` with leet undone, `raw` without; offsets in the original; `mark` is #, @, / (in a link) or empty.

    `glued` says that no gap stands before it (`no2` is two tokens), `fresh` that a sentence may begin here.
    """

    text: str
    raw: str
    start: int
    end: int
    mark: str = ""
    glued: bool = False
    fresh: bool = False
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the finders see it: its words, and the words joined by single spaces."""

    normal: Normal
    tokens: tuple[Token, ...]
    joined: str
    begins: dict[int, int]
    finishes: dict[int, int]

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Return the original offsets from token `first` to token `last`, both included."""
        return self.tokens[first].start, self.tokens[last].end


def normalise(text: str) -> Normal:
    """Return the text folded to lower-case plain letters; never raises, whatever the characters."""
    plain = text.isascii()
    return _collapse(Normal(text, text.lower(), parts=_camel(text, None)) if plain else _fold_all(text))


def read(text: str) -> Reading:
    """Return the words of a text, in order, with their places in the original."""
    normal = normalise(text)
    tokens = tuple(_tokens(normal))
    pieces: list[str] = []
    begins: dict[int, int] = {}
    finishes: dict[int, int] = {}
    place = 0
    for index, token in enumerate(tokens):
        lead = " | " if token.fresh and index else " "
        place += len(lead)
        begins[place] = index
        place += len(token.text)
        finishes[place] = index
        pieces.append(lead + token.text)
    return Reading(normal, tokens, "".join(pieces) + " ", begins, finishes)


def phrase(text: str) -> str:
    """Return a register's or lexicon's phrase in the shape in which `Reading.joined` holds words."""
    return " ".join(token.text for token in _tokens(normalise(text)))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a register's phrase."""
    return tuple(token.text for token in _tokens(normalise(text)))


@lru_cache(maxsize=65536)
def _fold(character: str) -> str:
    """Return the plain lower-case form of one character, empty for marks, a space for lone surrogates."""
    category = unicodedata.category(character)
    if category == "Cs":
        return " "
    if category in _DROPPED:
        return ""
    code = ord(character)
    if 0x1F130 <= code <= 0x1F189:  # squared and negative-circled capitals have no decomposition
        offset = (code - 0x1F130) % 0x20
        return chr(ord("a") + offset) if offset < 26 else " "
    plain = unicodedata.normalize("NFKD", character).lower().translate(_DOUBLES)
    folded = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) not in _DROPPED)
    if len(folded) < 2 or folded.isalnum():
        return folded
    # One sign for several ("¼", "⑵", "…") stays within one word: two words never share a place in the original.
    inner = folded.strip("(). ")
    return inner if inner.isalnum() else " "


def _fold_all(text: str) -> Normal:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    upper: list[bool] = []
    for place, character in enumerate(text):
        folded = _fold(character)
        if not folded:
            if ends and ends[-1] == place:  # a mark belongs to the letter before it
                ends[-1] = place + 1
            continue
        for single in folded:
            characters.append(single)
            starts.append(place)
            ends.append(place + 1)
            upper.append(character.isupper())
    joined = "".join(characters)
    return Normal(text, joined, tuple(starts), tuple(ends), _camel(joined, upper))


def _camel(text: str, upper: list[bool] | None) -> frozenset[int]:
    """Return the places where a new part begins inside a word, by its capitals."""
    flags = upper if upper is not None else [c.isupper() for c in text] if text.lower() != text else None
    if not flags:
        return frozenset()
    return frozenset(
        i
        for i in range(1, len(flags))
        if flags[i]
        and text[i - 1].isalnum()
        and (not flags[i - 1] or (i + 1 < len(flags) and _lower_next(text, flags, i)))
    )


def _lower_next(text: str, flags: list[bool], place: int) -> bool:
    return not flags[place + 1] and text[place + 1].isalpha()


def _collapse(normal: Normal) -> Normal:
    """Undo repeated letters and signs that stand for letters."""
    text = _SYMBOL_IN_WORD.sub(lambda m: "a" if m[0] == "@" else "s", normal.text)
    if not _REPEATS.search(text):
        return (
            normal if text == normal.text else Normal(normal.original, text, normal.starts, normal.ends, normal.parts)
        )
    keep: list[int] = []
    widths: list[int] = []
    place = 0
    for match in _REPEATS.finditer(text):
        keep.extend(range(place, match.start() + 1))
        widths.extend([1] * (match.start() - place) + [match.end() - match.start()])
        place = match.end()
    keep.extend(range(place, len(text)))
    widths.extend([1] * (len(text) - place))
    spans = [normal.span(k, k + w) for k, w in zip(keep, widths, strict=True)]
    moved = {old: new for new, old in enumerate(keep)}
    return Normal(
        normal.original,
        "".join(text[k] for k in keep),
        tuple(s for s, _ in spans),
        tuple(e for _, e in spans),
        frozenset(moved[p] for p in normal.parts if p in moved),
    )


def _tokens(normal: Normal) -> list[Token]:
    text = normal.text
    links = [(m.start(), m.end()) for m in _LINK.finditer(text)] if "://" in text or "www." in text else []
    handles = [(m.start(), m.end()) for m in _HANDLE.finditer(text)] if "@" in text else []
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        mark = _mark(text, start, links, handles)
        fresh = mark != "@" and _begins_sentence(text, last, start, tokens[-1].text if tokens else "")
        glued = start == last and bool(tokens)
        tokens.extend(_split(normal, start, end, mark, fresh=fresh, glued=glued))
        last = end
    return tokens


def _begins_sentence(text: str, last: int, start: int, before: str) -> bool:
    if _BREAK.search(text, last, start):
        return True
    return len(before) > _ABBREVIATION and bool(_STOP.search(text, last, start))


def _mark(text: str, start: int, links: list[tuple[int, int]], handles: list[tuple[int, int]]) -> str:
    if any(a <= start < b for a, b in links):
        return "/"
    if any(a <= start < b for a, b in handles):
        return "@"
    return "#" if start and text[start - 1] == "#" else ""


def _split(normal: Normal, start: int, end: int, mark: str, *, fresh: bool, glued: bool) -> list[Token]:
    """Return the token, or two where a short number is glued to a word (`no2`, `paslon02`)."""
    raw = normal.text[start:end]
    number = _GLUED.fullmatch(raw) if not mark else None
    if number:
        middle = start + number.end(1)
        return [
            _token(normal, start, middle, mark, fresh=fresh, glued=glued),
            _token(normal, middle, end, mark, fresh=False, glued=True),
        ]
    return [_token(normal, start, end, mark, fresh=fresh, glued=glued)]


def _token(normal: Normal, start: int, end: int, mark: str, *, fresh: bool, glued: bool) -> Token:
    raw = normal.text[start:end]
    if not raw.isalnum():
        raw = "".join(c for c in raw if c not in _APOSTROPHES)
    text = _DIGIT_IN_WORD.sub(lambda m: m[0].translate(_LEET), raw) if not raw.isalpha() else raw
    first, last = normal.span(start - 1 if mark == "#" else start, end)
    parts = tuple(p - start for p in sorted(normal.parts) if start < p < end) if mark and normal.parts else ()
    return Token(text, raw, first, last, mark, glued, fresh, parts)
