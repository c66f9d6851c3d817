"""One normaliser for Indonesian social-media text; every offset maps back to the original."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import accumulate, compress, product
from string import ascii_lowercase

from ahocorasick_rs import AhoCorasick, Implementation

from rules.folding import APOSTROPHES, fold, fold_word
from rules.reading import Normal, Reading, Token, token_of

_LEET = str.maketrans("013457", "oieast")
_LEET_AT_EDGE = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g"}
_MOST_LEET = 4  # digits in one word that may each stand for a letter
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")
_HELD = re.compile(r"([a-z])\1\1+")  # the same in ASCII, sooner
_TRIPLE = re.compile(r"(.)\1\1")
_TRIPLES = tuple(3 * letter for letter in ascii_lowercase)
_SYMBOL_IN_WORD = re.compile(r"[@$](?<=[a-z].)(?=[a-z]{2})")  # what is rare stands first: it is soonest looked for
_DIGIT_IN_WORD = re.compile(r"[013457](?<=[a-z].)(?=[a-z])")
_LINK = re.compile(r"(?:https?://|(?<!\w)w(?:ww)?\.)\S+")  # a held `www` has become one letter
_GLUED = re.compile(r"([a-z]{2,})(\d{1,2}|(?:19|20)\d\d)")
_HANDLE = re.compile(r"@([\w.\-]*\w)")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SURFACE = re.compile(rf"@[\w.\-]*\w|#?[^\W_]+(?:[{APOSTROPHES}](?=[^\W\d_])[^\W_]+)*")
_ENDS = re.compile(r"[\n!?;]|\.(?=\s)")
_signs = AhoCorasick(("@", "$", *_TRIPLES), implementation=Implementation.DFA).find_matches_as_indexes
_triples = AhoCorasick(_TRIPLES, implementation=Implementation.DFA).find_matches_as_indexes
_ASKED = 5_000  # letters; every sign found takes memory
_APOSTROPHE = f"[{APOSTROPHES}]"
_ANY_GAP = re.compile(
    rf"((?:(?!{_APOSTROPHE})[\W_]|(?<![^\W_]){_APOSTROPHE}|{_APOSTROPHE}(?![^\W\d_]))+)"
)  # an apostrophe before a letter stands in a word
_normal_of: Callable[[tuple[str, str, None, None]], Normal] = partial(tuple.__new__, Normal)  # soonest done so
_TO_GAPS = bytes(ord(chr(c).lower()) if chr(c).isalnum() else ord(" ") for c in range(128)) + bytes(128)
_Pieces = tuple[list[str], list[int], list[bool]]
"""The words of a text, where each begins, whether a sentence may begin there."""
_ABBREVIATION = 3  # a full stop after so few letters (jl., no., dr.) ends no sentence


def normalise(text: str) -> Normal:
    """Return the text folded to lower-case plain letters; never raises, whatever the characters."""
    if not text.isascii():
        return _collapse(_fold_all(text))
    normal = _normal_of((text, text.lower(), None, None))
    return _collapse(normal) if len(text) > _ASKED or _signs(normal.text) else normal


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
    return _read(normalise(text), names)


def tokens_of(word: str, names: Collection[str]) -> Sequence[Token]:
    """Return the words that one word of `surface` is read as: two for one with a number behind it."""
    mark = word[0] if word[0] in "#@" else ""
    body = word[1:].rstrip("_") if mark == "@" else word[len(mark) :]
    if not (body.isascii() and body.isalnum()) or _triples(word):
        return read(word, names).tokens
    return _apart(_normal_of((word, word, None, None)), (len(mark), len(mark) + len(body)), (mark, False, False), names)


def _read(normal: Normal, names: Collection[str]) -> Reading:
    text = normal.text
    if normal.starts is None and text.replace(" ", "").isalpha():
        words = text.split(" ")
        if all(words):
            return Reading(normal, words, list(accumulate([len(word) + 1 for word in words], initial=0)))
    words, edges = _cut(text)
    fresh = _openings(text, words, edges)
    marks = _marks(text, edges)
    odd = _odd_places(normal, words, edges)
    if marks:
        odd = sorted({*odd, *marks})
    if odd:
        return _with_odd(normal, (words, edges, fresh), [(place, marks.get(place, "")) for place in odd], names)
    return Reading(normal, words, edges if normal.starts is None else [normal.starts[edge] for edge in edges], fresh)


def _cut(text: str) -> tuple[list[str], list[int]]:
    """Return the words of a normalised text, and where each begins."""
    if text.isascii() and "'" not in text and "`" not in text:
        parts = text.encode("ascii").translate(_TO_GAPS).decode("ascii").split(" ")
        edges = list(accumulate([len(part) + 1 for part in parts], initial=0))
        if all(parts):
            return parts, edges[:-1]
        return [part for part in parts if part], list(compress(edges, parts))
    pieces = _ANY_GAP.split(text)  # words, of which the outer ones may be empty, with gaps between
    held = slice(int(not pieces[0]), len(pieces) // 2 + bool(pieces[-1]))
    return pieces[::2][held], [0, *accumulate(map(len, pieces))][:-1:2][held]


def _openings(text: str, words: Sequence[str], edges: Sequence[int]) -> list[bool]:
    """Return for each word whether a sentence may begin there."""
    fresh = [False] * len(words)
    if "." in text or "!" in text or "?" in text or "\n" in text or ";" in text:
        for match in _ENDS.finditer(text):
            place = bisect_left(edges, match.end())
            if place < len(words) and (match[0] != "." or (place > 0 and len(words[place - 1]) > _ABBREVIATION)):
                fresh[place] = True
    return fresh


def _ends_sentence(gap: str, word: str) -> bool:
    """Whether a sentence may begin behind what stands between a word and the next."""
    return any(match[0] != "." or len(word) > _ABBREVIATION for match in _ENDS.finditer(gap))


def _with_odd(normal: Normal, pieces: _Pieces, odd: Sequence[tuple[int, str]], names: Collection[str]) -> Reading:
    """Return the reading of a text with words at odd places, with their marks, that do not read as they are written."""
    words, edges, fresh = pieces
    starts = edges if normal.starts is None else [normal.starts[edge] for edge in edges]
    tokens: dict[int, Token] = {}
    numbers: dict[int, Token] = {}
    for place, mark in odd:
        start, end = edges[place], edges[place] + len(words[place])
        token, *number = _apart(normal, (start, end), (mark, False, fresh[place] and mark != "@"), names)
        tokens[place] = token
        words[place], starts[place], fresh[place] = token.text, token.start, token.fresh
        if number:
            numbers[place] = token = number[0]
        after = place + 1
        if after < len(words) and len(token.text) != end - start:  # what was read may be shorter than what stands there
            fresh[after] = _ends_sentence(normal.text[end : edges[after]], token.text)
    if numbers:
        return _with_numbers(normal, (words, starts, fresh), tokens, numbers)
    return Reading(normal, words, starts, fresh, tokens)


def _with_numbers(normal: Normal, read: _Pieces, tokens: dict[int, Token], numbers: dict[int, Token]) -> Reading:
    """Return a reading with the numbers that are words of their own, each behind the word that stands at its place."""
    words, starts, fresh = read
    texts: list[str] = []
    begins: list[int] = []
    opening: list[bool] = []
    done = 0
    for place, number in numbers.items():
        texts += (*words[done : place + 1], number.text)
        begins += (*starts[done : place + 1], number.start)
        opening += (*fresh[done : place + 1], number.fresh)
        done = place + 1
    places = sorted(numbers)
    moved = {place + bisect_left(places, place): token for place, token in tokens.items()}
    moved |= {place + shift: numbers[place] for shift, place in enumerate(places, 1)}
    return Reading(
        normal, texts + words[done:], begins + starts[done:], opening + fresh[done:], dict(sorted(moved.items()))
    )


def _marks(text: str, edges: Sequence[int]) -> dict[int, str]:
    """Return the marks of words by their places: of tags, of all words of a handle, of all words of a link."""
    marks = {place: "#" for place, edge in enumerate(edges) if edge and text[edge - 1] == "#"} if "#" in text else {}
    for mark, held, written in (("@", "@" in text, _HANDLE), ("/", "://" in text or "w." in text, _LINK)):
        for match in written.finditer(text) if held else ():
            marks |= dict.fromkeys(range(bisect_left(edges, match.start()), bisect_left(edges, match.end())), mark)
    return marks


def _odd_places(normal: Normal, words: Sequence[str], edges: Sequence[int]) -> list[int]:
    """Return the places of words that hold other than plain letters, or were longer in the original."""
    starts, ends = normal.starts, normal.ends
    if starts is None or ends is None:
        return [] if "".join(words).isalpha() else [place for place, word in enumerate(words) if not word.isalpha()]
    return [
        place
        for place, (word, edge) in enumerate(zip(words, edges, strict=True))
        if not (word.isalpha() and word.isascii()) or ends[edge + len(word) - 1] - starts[edge] != len(word)
    ]


def stretched(word: str) -> bool:
    """Whether a letter stands three times or more in a row."""
    return _TRIPLE.search(word) is not None and (word.isalpha() or _REPEATS.search(word) is not None)


def unstretched(word: str, names: Collection[str]) -> str:
    """Return a plain word with held letters once; empty where a name has them twice."""
    held = _REPEATS.search(word)
    if held is None or _REPEATS.search(word, held.end()):
        once = _REPEATS.sub(_once, word)
        return once if once in names or _REPEATS.sub(_twice, word) not in names else ""
    start, end = held.span()  # written out for one: it is most often one
    once = word[: start + 1] + word[end:]
    return once if once in names or word[: start + 2] + word[end:] not in names else ""


def _once(match: re.Match[str]) -> str:
    return match[1]  # a function answers sooner than a template


def _twice(match: re.Match[str]) -> str:
    return 2 * match[1]


def phrase(text: str) -> str:
    """Return a register's or lexicon's phrase in the shape in which `Reading.joined` holds words."""
    return " ".join(read(text).words)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a register's phrase."""
    return tuple(read(text).words)


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
    if not (_triples(text) if repeats is _HELD and len(text) <= _ASKED else repeats.search(text)):
        return normal if text is normal.text else Normal(normal.original, text, normal.starts, normal.ends)
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
    if word.isalpha() or word.isdigit() or len(word) < 4 or sum(map(str.isdigit, word)) > _MOST_LEET:
        return word
    for letters in product(*(_LEET_AT_EDGE.get(c, c) for c in word)):
        name = "".join(letters)
        if name in names:
            return name
    return word


def _doubled(stretched: str, word: str, names: Collection[str]) -> str:
    """Return the name with a double letter that a stretched word stands for (`hassssan`), else the word."""
    folded = stretched if stretched.isascii() else _FOREIGN.sub(_fold_run, stretched)
    twice = _REPEATS.sub(_twice, folded.lower().lstrip("#"))
    return twice if twice in names else word


def _camel(normal: Normal, start: int, end: int) -> tuple[int, ...]:
    """Return the places where a new part begins inside a word, by its capitals."""
    if normal.starts is None and normal.original[start:end].islower():
        return ()
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
