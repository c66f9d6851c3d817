"""One normaliser for Indonesian social-media text; every offset maps back to the original."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import accumulate, product
from string import ascii_lowercase

from ahocorasick_rs import AhoCorasick, Implementation

from rules.folding import APOSTROPHES, fold, fold_word
from rules.reading import Normal, Reading, Token, reading_of, token_of

_LEET = str.maketrans("013457", "oieast")
_LEET_AT_EDGE = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g"}
_MOST_LEET = 4  # digits in one word that may each stand for a letter
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")
_HELD = re.compile(r"([a-z])\1\1+")  # the same in ASCII, sooner
_TRIPLE = re.compile(r"(.)\1\1")
_TRIPLES = tuple(3 * letter for letter in ascii_lowercase)
_SYMBOL_IN_WORD = re.compile(r"(?<=[a-z])[@$](?=[a-z]{2})")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_LINK = re.compile(r"(?:https?://|(?<!\w)w(?:ww)?\.)\S+")  # a held `www` has become one letter
_TOKEN = re.compile(rf"[^\W_]+(?:[{APOSTROPHES}](?=[^\W\d_])[^\W_]+)*")
_GLUED = re.compile(r"([a-z]{2,})(\d{1,2}|(?:19|20)\d\d)")
_HANDLE = re.compile(r"@([\w.\-]*\w)")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SURFACE = re.compile(rf"@[\w.\-]*\w|#?[^\W_]+(?:[{APOSTROPHES}](?=[^\W\d_])[^\W_]+)*")
_BREAK = re.compile(r"[\n!?;]")
_STOP = re.compile(r"\.\s")
_SIGNS = ("@", "$", "'", "`")  # ASCII without these: words are what stands between gaps
_uneven = AhoCorasick((*_SIGNS, *_TRIPLES, "://", "w."), implementation=Implementation.DFA).find_matches_as_indexes
_GAP = re.compile(r"([^a-z0-9]+)")
_SPACE = {" "}
_ASKED = 5_000  # letters; every sign found takes memory
_TO_GAPS = bytes(ord(chr(c).lower()) if chr(c).isalnum() else ord(" ") for c in range(128)) + bytes(128)
_Pieces = tuple[list[str], list[str], list[int], list[bool]]
"""The words of a text, the gaps between them, where each word begins, whether a sentence may begin there."""
_ABBREVIATION = 3  # a full stop after so few letters (jl., no., dr.) ends no sentence


def normalise(text: str) -> Normal:
    """Return the text folded to lower-case plain letters; never raises, whatever the characters."""
    return _collapse(Normal(text, text.lower()) if text.isascii() else _fold_all(text))


def _plain(text: str) -> bool:
    """Whether a text is ASCII without signs that mark words or stand in them."""
    return (
        text.isascii()
        and "#" not in text
        and "@" not in text
        and "$" not in text
        and "'" not in text
        and "`" not in text
    )  # written out: asked of every text, and soonest answered so


def _parted(text: str) -> list[str]:
    """Return the words of a plain text in lower case."""
    return text.encode("ascii").translate(_TO_GAPS).decode("ascii").split()


def surface(text: str) -> list[str]:
    """Return the words of a text in lower case with their # and @, repeats and leet as they stand: a quick first look.

    Whatever `read` finds in a text, it finds in these words too, one by one.
    """
    low = text if text.isascii() else _FOREIGN.sub(_fold_word_run, text)
    if _plain(low):
        return _parted(low)
    low = low.lower()
    if "@" in low or "$" in low:
        low = _SYMBOL_IN_WORD.sub(_unsign, low)
    return _SURFACE.findall(low)


def read(text: str, names: Collection[str] = ()) -> Reading:
    """Return the words of a text, in order, with their places in the original.

    `names` are words known to exist: a digit at the edge of a word, or a letter written twice, is read as part of one.
    """
    if text.isascii() and _even(low := text.lower()):
        return _read_even(Normal(text, low), names)
    normal = normalise(text)
    if normal.text.isascii() and _even(normal.text):
        return _read_even(normal, names)
    return reading_of(normal, _tokens(normal, names))


def _even(text: str) -> bool:
    """Whether an ASCII text has neither handles nor links nor held letters; a very long one is not asked."""
    return len(text) <= _ASKED and not _uneven(text)


def _read_even(normal: Normal, names: Collection[str]) -> Reading:
    """Return the reading of ASCII letters without handles, links and held letters: words with gaps between them."""
    if normal.starts is None and normal.text.replace(" ", "").isalpha():
        words = normal.text.split(" ")
        if all(words):
            return Reading(normal, words, list(accumulate([len(word) + 1 for word in words], initial=0)))
    pieces = _GAP.split(normal.text)  # words at even places, of which the first and last may be empty; gaps at odd ones
    edges = [0, *accumulate(map(len, pieces))][:-1:2]
    words, gaps = pieces[::2], pieces[1::2]
    fresh = [False, *map(_parts_sentences, gaps, words)] if set(gaps) != _SPACE else None
    odd = _odd_places(normal, words, gaps, edges)
    if odd or normal.starts is not None:
        return _with_odd(normal, (words, gaps, edges, fresh or [False] * len(words)), odd, names)
    held = slice(int(not words[0]), len(words) - int(not words[-1]))
    return Reading(normal, words[held], edges[held], None if fresh is None else fresh[held])


def _odd_places(normal: Normal, words: list[str], gaps: list[str], edges: list[int]) -> list[int]:
    """Return the places of words that hold a digit, are tags, or were longer in the original."""
    starts, ends = normal.starts, normal.ends
    if starts is None or ends is None:
        odd = [] if "".join(words).isalpha() else [place for place, word in enumerate(words) if not word.isalpha()]
    else:
        odd = [
            place
            for place, (word, edge) in enumerate(zip(words, edges, strict=True))
            if not word.isalpha() or ends[edge + len(word) - 1] - starts[edge] != len(word)
        ]
    if "#" in normal.text:
        odd = sorted({*odd, *[place for place, gap in enumerate(gaps, 1) if gap[-1] == "#"]})
    return [place for place in odd if words[place]]


def _with_odd(normal: Normal, pieces: _Pieces, odd: list[int], names: Collection[str]) -> Reading:
    """Return the reading of a text with words at odd places that do not read as they are written."""
    words, gaps, edges, fresh = pieces
    first, last = int(not words[0]), len(words) - int(not words[-1])
    begin = normal.starts
    starts = edges[first:last] if begin is None else [begin[edge] for edge in edges[first:last]]
    texts, opening = words[first:last], fresh[first:last]
    tokens: dict[int, Token] = {}
    shift = -first  # a word may be two
    for place in odd:
        at = place + shift
        mark = "#" if place and gaps[place - 1][-1] == "#" else ""
        edge = edges[place]
        read = _apart(normal, (edge, edge + len(words[place])), (mark, False, opening[at]), names)
        tokens[at] = token = read[0]
        texts[at], starts[at] = token.text, token.start
        for token in read[1:]:
            at, shift = at + 1, shift + 1
            tokens[at] = token
            texts.insert(at, token.text)
            starts.insert(at, token.start)
            opening.insert(at, token.fresh)
        if at + 1 < len(texts):
            opening[at + 1] = _parts_sentences(gaps[place], token.text)  # which may be shorter than what stands there
    return Reading(normal, texts, starts, opening, tokens)


def _parts_sentences(gap: str, word: str) -> bool:
    """Whether a sentence may begin behind a gap and the word before it."""
    return gap != " " and _opens(gap, after_word=len(word) > _ABBREVIATION)


def stretched(word: str) -> bool:
    """Whether a letter stands three times or more in a row."""
    return _TRIPLE.search(word) is not None and _REPEATS.search(word) is not None


def unstretched(word: str, names: Collection[str]) -> str:
    """Return a plain word with held letters once; empty where a name has them twice."""
    once = _REPEATS.sub(_once, word)
    return once if once in names or _REPEATS.sub(_twice, word) not in names else ""


def _once(match: re.Match[str]) -> str:
    return match[1]  # a function answers sooner than a template


def _twice(match: re.Match[str]) -> str:
    return 2 * match[1]


def phrase(text: str) -> str:
    """Return a register's or lexicon's phrase in the shape in which `Reading.joined` holds words."""
    return " ".join(token.text for token in _tokens(normalise(text), ()))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a register's phrase."""
    return tuple(token.text for token in _tokens(normalise(text), ()))


def _fold_run(match: re.Match[str]) -> str:
    return "".join(map(fold, match[0]))


def _fold_word_run(match: re.Match[str]) -> str:
    return "".join(map(fold_word, match[0]))


def _fold_all(text: str) -> Normal:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for run in _FOREIGN.finditer(text):
        pieces.append(text[last : run.start()].lower())
        starts.extend(range(last, run.start()))
        ends.extend(range(last + 1, run.start() + 1))
        last = run.end()
        for place in range(run.start(), last):
            folded = fold(text[place])
            if folded:
                pieces.append(folded)
                starts.extend([place] * len(folded))
                ends.extend([place + 1] * len(folded))
            elif ends and ends[-1] == place:  # a mark belongs to the letter before it
                ends[-1] = place + 1
    pieces.append(text[last:].lower())
    starts.extend(range(last, len(text)))
    ends.extend(range(last + 1, len(text) + 1))
    return Normal(text, "".join(pieces), starts, ends)


def _unsign(match: re.Match[str]) -> str:
    return "a" if match[0] == "@" else "s"


def _collapse(normal: Normal) -> Normal:
    """Undo repeated letters and signs that stand for letters."""
    text = normal.text
    if "@" in text or "$" in text:
        text = _SYMBOL_IN_WORD.sub(_unsign, text)
    repeats = _HELD if text.isascii() else _REPEATS
    if not repeats.search(text):
        return normal if text == normal.text else Normal(normal.original, text, normal.starts, normal.ends)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    begin = normal.starts or range(len(text))
    finish = normal.ends or range(1, len(text) + 1)
    for match in repeats.finditer(text):
        pieces.append(text[place : match.start() + 1])
        starts.extend(begin[place : match.start() + 1])
        ends.extend(finish[place : match.start()])
        ends.append(finish[match.end() - 1])
        place = match.end()
    pieces.append(text[place:])
    starts.extend(begin[place:])
    ends.extend(finish[place:])
    return Normal(normal.original, "".join(pieces), starts, ends)


def _tokens(normal: Normal, names: Collection[str]) -> list[Token]:
    text = normal.text
    links = [m.span() for m in _LINK.finditer(text)] if "://" in text or "w." in text else []
    handles = [m.span() for m in _HANDLE.finditer(text)] if "@" in text else []
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        mark = "#" if start and text[start - 1] == "#" else ""
        if links or handles:
            mark = _mark(start, links, handles) or mark
        plain = start - last == 1 and text[last] == " "
        before = len(tokens[-1].text) if tokens else 0
        fresh = not plain and mark != "@" and _opens(text[last:start], after_word=before > _ABBREVIATION)
        glued = start == last and bool(tokens)
        raw = match[0]
        last = end
        if not mark and raw.isalpha():  # most words
            begin, finish = normal.span(start, end)
            if finish - begin == len(raw):
                tokens.append(token_of((raw, raw, begin, finish, "", glued, fresh, ())))
                continue
        tokens.extend(_apart(normal, (start, end), (mark, glued, fresh), names))
    return tokens


def _apart(
    normal: Normal, span: tuple[int, int], where: tuple[str, bool, bool], names: Collection[str]
) -> Sequence[Token]:
    """Return the token of a stretch, two for a word with a number behind it: `no2`, `paslon02`."""
    (start, end), (mark, glued, fresh) = span, where
    raw = normal.text[start:end]
    number = _GLUED.fullmatch(raw) if not mark and not raw.isalpha() else None
    if number is None or (names and _decoded(raw, names) != raw):
        return (_token(normal, span, where, names),)
    middle = start + number.end(1)
    return (
        _token(normal, (start, middle), (mark, glued, fresh), names),
        _token(normal, (middle, end), (mark, True, False), names),
    )


@lru_cache(maxsize=4096)
def _opens(gap: str, *, after_word: bool) -> bool:
    """Whether a sentence may begin behind what stands between two words."""
    return bool(_BREAK.search(gap)) or (after_word and bool(_STOP.search(gap)))


def _mark(start: int, links: list[tuple[int, int]], handles: list[tuple[int, int]]) -> str:
    return "/" if _inside(links, start) else "@" if _inside(handles, start) else ""


def _inside(spans: list[tuple[int, int]], place: int) -> bool:
    found = bisect_right(spans, (place, sys.maxsize)) - 1
    return found >= 0 and place < spans[found][1]


def _token(normal: Normal, span: tuple[int, int], where: tuple[str, bool, bool], names: Collection[str]) -> Token:
    """Return the token of a stretch; `where` is its mark, whether it is glued, whether it is fresh."""
    (start, end), (mark, glued, fresh) = span, where
    raw = normal.text[start:end]
    text = raw
    if not raw.isalpha():
        if not raw.isalnum():
            raw = "".join(c for c in raw if c not in APOSTROPHES)
        text = _DIGIT_IN_WORD.sub(_unleet, raw)
        if names:
            text = _decoded(text, names)
    first = start - 1 if mark == "#" else start
    if normal.starts is None or normal.ends is None:
        begin, finish = first, end
    else:
        begin, finish = normal.starts[first], normal.ends[end - 1]
        if names and finish - begin > len(raw) and text not in names:
            text = _doubled(normal.original[begin:finish], text, names)
    parts = _camel(normal, start, end) if mark else ()
    return token_of((text, raw, begin, finish, mark, glued, fresh, parts))


def _unleet(match: re.Match[str]) -> str:
    return match[0].translate(_LEET)


def _decoded(word: str, names: Collection[str]) -> str:
    """Return the name that a word with digits stands for (`4ndra`, `son1`), else the word."""
    if word.isalpha() or word.isdigit() or len(word) < 4 or sum(c.isdigit() for c in word) > _MOST_LEET:
        return word
    for letters in product(*(_LEET_AT_EDGE.get(c, c) for c in word)):
        name = "".join(letters)
        if name in names:
            return name
    return word


def _doubled(stretched: str, word: str, names: Collection[str]) -> str:
    """Return the name with a double letter that a stretched word stands for (`hassssan`), else the word."""
    twice = _REPEATS.sub(_twice, _FOREIGN.sub(_fold_run, stretched).lower().lstrip("#"))
    return twice if twice in names else word


def _camel(normal: Normal, start: int, end: int) -> tuple[int, ...]:
    """Return the places where a new part begins inside a word, by its capitals."""
    places = range(start, end) if normal.starts is None else normal.starts[start:end]
    letters = [normal.original[p] for p in places]
    return tuple(
        i
        for i in range(1, len(letters))
        if letters[i].isupper()
        and letters[i - 1].isalnum()
        and (
            not letters[i - 1].isupper()
            or (i + 1 < len(letters) and letters[i + 1].isalpha() and not letters[i + 1].isupper())
        )
    )
