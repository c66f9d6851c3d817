"""Hashtags, handles and run-on words taken apart into names and known words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.domain import Tier
from rules.automaton import PieceFinder
from rules.joined import JoinedNames
from rules.lexicon import Lexicon
from rules.misspelling import Misspellings, Misspelt
from rules.register import Alias, NameWord, Register, Weakness

_CACHE = 50_000
_LONGEST = 60
_LONGEST_PART = 20
_CUT_FROM = 4
_LONGEST_CUT = 9
_FILLER_FROM = 4
_YEAR = 4
_TWO_NAMES = 2
_PIECE_FROM = 3
_TAG_FROM = 3
_RUN_ON_FROM = 6
_EDGE_FROM = 6
_LONGEST_EDGE = 20
_FIRM_FROM = 5  # a name this long counts in a tag beside everyday words
_MISSPELT_FROM = 8
_TOGETHER = 3  # so many parts of a tag, by its capitals, are read as one name
_SUFFIXES = ("nya", "lah", "kah", "pun")
_NEVER = float("inf")
_DIGITS = 0.5  # what a number costs a cover


class RunOn(NamedTuple):
    """A pair that a run-on word names; `local` where it does so only in its contest's region."""

    owner: int
    tier: Tier
    misspelt: bool
    alias: str
    weakness: Weakness = Weakness.NONE
    local: bool = False


class _Part(NamedTuple):
    text: str
    names: tuple[NameWord, ...] = ()
    cut: bool = False  # the beginning of a longer name word
    appeal: bool = False
    filler: bool = False  # an everyday word, allowed beside surer names only


def _cost(part: _Part) -> float:
    """Return what a piece costs a cover: names are cheapest, fragments of names dearest, short pieces dearer."""
    if part.text.isdigit():
        return _DIGITS
    short = 0.5 if len(part.text) < _FILLER_FROM else 0.0
    if part.names:
        return (1.6 if part.cut else 1.0) + short
    return 1.2 + short


class Segmenter:
    """Takes a word apart only when known pieces cover all of it; `emil` is therefore never in `pemilu`."""

    def __init__(self, register: Register, lexicon: Lexicon, joined: JoinedNames, misspellings: Misspellings) -> None:
        self._misspellings = misspellings
        self._owners = register.owners
        self.joined = joined
        self._appeals = lexicon.words("gabungan.ajakan") | {w for w in lexicon.words("kampanye") if " " not in w}
        self._parts: dict[str, _Part] = {}
        places = frozenset().union(*register.region_names) if register.region_names else frozenset()
        for word in lexicon.words("gabungan.pengisi") | {p.replace(" ", "") for p in places}:
            self._parts[word] = _Part(word)
        for word in lexicon.words("umum.kata"):
            if len(word) >= _FILLER_FROM:
                self._parts[word] = _Part(word, filler=True)
        for word in self._appeals:
            self._parts[word.replace(" ", "")] = _Part(word, appeal=True)
        for word, names in register.name_words.items():
            free = tuple(n for n in names if not n.bound)
            if free:
                self._add(word, free)
        self._costs = {text: _cost(part) for text, part in self._parts.items()}
        self._named = {text: part for text, part in self._parts.items() if part.names}
        self._rare = frozenset(
            text for text, part in self._named.items() if not part.cut and any(not n.weakness for n in part.names)
        )
        self._pieces = PieceFinder((p for p in self._parts if len(p) <= _LONGEST_PART), _YEAR)
        self._known: dict[str, tuple[RunOn, ...]] = {}

    def _add(self, word: str, names: tuple[NameWord, ...]) -> None:
        if len(word) >= 3:
            held = self._parts.get(word)
            self._parts[word] = _Part(word, names, appeal=bool(held and held.appeal))
        for end in range(_CUT_FROM, min(len(word), _LONGEST_CUT)):
            short = word[:end]
            held = self._parts.get(short)
            if held is None or held.cut:
                self._parts[short] = _Part(short, (*(held.names if held else ()), *names), cut=True)

    def find(self, word: str, mark: str = "") -> tuple[RunOn, ...]:
        """Return the pairs that a hashtag or handle (by its `mark`) or an unknown plain word names."""
        if not (_TAG_FROM if mark else _RUN_ON_FROM) <= len(word) <= _LONGEST:
            return ()
        if not mark:  # who asks about plain words remembers them
            return tuple(self._search_plain(word, self._misspellings.near(word)))
        known = self._known.get(mark + word)
        if known is None:
            if len(self._known) > _CACHE:
                self._known.clear()
            known = self._known[mark + word] = tuple(self._search(word, mark))
        return known

    def find_strange(self, word: str, near: Sequence[Misspelt]) -> tuple[RunOn, ...]:
        """Return the pairs that a plain word names of which it is known what names are near it."""
        return tuple(self._search_plain(word, near)) if _RUN_ON_FROM <= len(word) <= _LONGEST else ()

    def find_parts(self, word: str, places: tuple[int, ...]) -> tuple[RunOn, ...]:
        """Return the pairs that parts of a tag name, where capitals tell the parts: `OTTSembakoBudi`."""
        edges = (0, *places, len(word))
        first = 0
        found: dict[int, RunOn] = {}
        while first < len(edges) - 1:
            for last in range(min(first + _TOGETHER, len(edges) - 1), first, -1):
                runs = self._firm(word[edges[first] : edges[last]])
                if runs:
                    found.update((run.owner, run) for run in runs)
                    first = last - 1
                    break
            first += 1
        return tuple(found.values())

    def joined_names(self, word: str) -> list[NameWord]:
        """Return the pairs that a name or slogan in one word names, as words of names."""
        return [NameWord(a.owner, 0, Weakness.NONE, Tier.KUAT) for a in self.joined.exact(word)]

    def _firm(self, part: str) -> list[RunOn]:
        """Return the pairs that a part of a tag names by itself."""
        return [r for r in self.find(part, "#") if not r.weakness and len(part) >= _FILLER_FROM]

    def _search_plain(self, word: str, near: Sequence[Misspelt]) -> list[RunOn]:
        """Return the pairs that a plain word names."""
        found = self._whole(word) or self._two_names(word)
        if not found and word.endswith(_SUFFIXES):
            found = list(self._suffixed(word))
        return found or (self._meant(near) if len(word) >= _MISSPELT_FROM else [])

    def _search(self, word: str, mark: str) -> list[RunOn]:
        """Return the pairs that a tag or handle names."""
        found = self._whole(word)
        if found:
            return found
        parts = self._cover(word)
        found = list(self._weigh(parts, word)) if parts else []
        plain = parts is not None and not any(part.names for part in parts)  # of everyday words: it misspells nothing
        if not found and not plain and len(word) >= _MISSPELT_FROM:
            found = self._meant(self._misspellings.near(word))
            if not found and mark == "#":  # whoever chose a handle spelt it as it was meant
                found = list(self._blended(word))
        return found or self._at_edge(word)

    def _at_edge(self, word: str) -> list[RunOn]:
        """Return the pairs whose rare, long name opens or ends a tag that is strange otherwise: `#unknownbudi`."""
        sizes = range(min(len(word) - 1, _LONGEST_EDGE), _EDGE_FROM - 1, -1)
        edges = [piece for size in sizes for piece in (word[:size], word[-size:])]
        if self._rare.isdisjoint(edges):
            return []
        piece = next(piece for piece in edges if piece in self._rare)
        owners = dict.fromkeys(n.owner for n in self._parts[piece].names if not n.weakness)
        return [RunOn(owner, Tier.SEDANG, misspelt=False, alias=piece, local=True) for owner in owners]

    def _whole(self, word: str) -> list[RunOn]:
        """Return the pairs of whole names in a word, whose other parts are known words or digits."""
        aliases = self.joined.exact(word)
        if not aliases:
            inside = self.joined.inside(word)
            if not inside:
                return []
            edges = [0, *(edge for start, end, _ in inside for edge in (start, end)), len(word)]
            rests = [word[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
            if all(not rest or self._cover(rest) is not None for rest in rests):
                aliases = [alias for _, _, found in inside for alias in found]
        return self._runs(word, aliases, misspelt=False)

    def _meant(self, near: Sequence[Misspelt]) -> list[RunOn]:
        """Return the pair whose name, written in one word, is near a word."""
        aliases = self.joined.meant_by([m.word for m in near]) if near else []
        return self._runs(aliases[0].written, aliases, misspelt=True) if aliases else []

    def _runs(self, written: str, aliases: list[Alias], *, misspelt: bool) -> list[RunOn]:
        """Return the pairs of whole names; a name that pairs of several contests bear counts near home only."""
        owners = dict.fromkeys(a.owner for a in aliases)
        local = len({self._owners[owner].contest for owner in owners}) > 1
        return [RunOn(owner, Tier.KUAT, misspelt=misspelt, alias=written, local=local) for owner in owners]

    def _two_names(self, word: str) -> list[RunOn]:
        """Return the pairs of whose names a plain word is two, one of them whole."""
        named, parts = self._named, self._parts
        for middle in range(_PIECE_FROM, len(word) - _PIECE_FROM + 1):
            opening = word[:middle]
            if opening not in parts:
                if _CUT_FROM <= middle < _LONGEST_CUT:  # nor has a longer name this beginning
                    break
                continue
            if word[middle:] not in named or opening not in named:
                continue
            left, right = named[opening], named[word[middle:]]
            if (left.cut and right.cut) or left.text == right.text:
                continue
            owners = {n.owner for n in left.names} & {n.owner for n in right.names}
            if owners:
                return [RunOn(owner, Tier.KUAT, misspelt=False, alias=word) for owner in sorted(owners)]
        return []

    def _cover(self, word: str) -> list[_Part] | None:
        """Return the cheapest pieces that cover the word: few, long, whole names before fragments."""
        spans = self._pieces.spans(word)
        if word and (not spans or spans[-1][0] < len(word)):  # no piece ends it
            return None
        steps: list[tuple[int, str] | None] = [None] * (len(word) + 1)
        costs = [0.0] + [_NEVER] * len(word)
        for end, start in spans:
            if costs[start] == _NEVER:
                continue
            piece = word[start:end]
            cost = costs[start] + self._costs.get(piece, _DIGITS)
            if cost < costs[end]:
                costs[end] = cost
                steps[end] = (start, piece)
        parts: list[_Part] = []
        place = len(word)
        while place:
            step = steps[place]
            if step is None:
                return None
            place, piece = step
            parts.append(self._parts.get(piece) or _Part(piece))
        return parts[::-1]

    def _weigh(self, parts: list[_Part], word: str) -> Iterable[RunOn]:
        named = [part for part in parts if part.names]
        appeal = any(part.appeal and not part.names for part in parts)
        named_by: dict[int, list[tuple[_Part, NameWord]]] = {}
        for part in named:
            for name in part.names:
                named_by.setdefault(name.owner, []).append((part, name))
        held = {owner: frozenset(part.text for part, _ in own) for owner, own in named_by.items()}
        full = [texts for texts in held.values() if len(texts) >= _TWO_NAMES]
        for owner, own in named_by.items():
            distinct = held[owner]
            if any(distinct < texts for texts in full):
                continue  # of a name that two pairs share, the rest of the tag says whose it is
            whole = [name for part, name in own if not part.cut]
            whole_parts = [part.text for part, _ in own if not part.cut]
            if len(distinct) >= 2 and whole:
                yield RunOn(owner, Tier.KUAT, misspelt=False, alias=word)
            elif whole and _long_enough(whole_parts[0], parts):
                yield from self._single(owner, whole[0], word, alone=len(parts) == 1, appeal=appeal)

    def _single(self, owner: int, name: NameWord, word: str, *, alone: bool, appeal: bool) -> Iterable[RunOn]:
        """Weigh a tag with one name word: alone it is as sure as the word, with an appeal surer."""
        if name.weakness is Weakness.NONE:
            local = name.tier is not Tier.KUAT  # a word of an official name only; a nickname counts anywhere
            yield RunOn(owner, Tier.KUAT if appeal or alone else name.tier, misspelt=False, alias=word, local=local)
        elif appeal:
            sure = name.weakness is Weakness.NAME
            tier = Tier.SEDANG if sure else Tier.LEMAH
            yield RunOn(owner, tier, misspelt=False, alias=word, weakness=name.weakness, local=True)

    def _suffixed(self, word: str) -> Iterable[RunOn]:
        for suffix in _SUFFIXES:
            stem = self._parts.get(word.removesuffix(suffix)) if word.endswith(suffix) else None
            if stem is not None and not stem.cut:
                for name in stem.names:
                    if name.weakness is Weakness.NONE and len(stem.text) >= 4:
                        local = name.tier is not Tier.KUAT
                        yield RunOn(name.owner, name.tier, misspelt=False, alias=stem.text, local=local)

    def _blended(self, word: str) -> Iterable[RunOn]:
        """Find a misspelt blend: two words of one pair's names, with at most two edits in all."""
        best: dict[int, tuple[int, int]] = {}
        for middle in range(4, len(word) - 2):
            left = self._near(word[:middle])
            right = self._near(word[middle:]) if left is not None else None
            if left is None or right is None:
                continue
            edits = left[1] + right[1]
            persons: dict[int, set[int]] = {}
            for other in right[0]:
                persons.setdefault(other.owner, set()).add(other.person)
            for one in left[0]:
                if persons.get(one.owner, set()) - {one.person}:
                    best[one.owner] = min(best.get(one.owner, (9, 0)), (edits, middle))
        for owner, (edits, _) in best.items():
            tier = Tier.KUAT if edits <= 1 and len(word) >= 9 else Tier.SEDANG
            yield RunOn(owner, tier, misspelt=edits > 0, alias=word)

    def _near(self, text: str) -> tuple[tuple[NameWord, ...], int] | None:
        """Return the names that a part of a run-on is, or is one edit away from."""
        part = self._parts.get(text)
        if part is not None and part.names and len(text) >= 4:
            return part.names, 0
        meant = [m.word for m in self._misspellings.near(text)] if len(text) >= 4 else []
        if not meant:
            return None
        return tuple(name for word in meant if word in self._parts for name in self._parts[word].names), 1


def _long_enough(name: str, parts: list[_Part]) -> bool:
    """Whether a name is long enough to count in a tag beside the other parts."""
    if len(parts) == 1:
        return True
    return len(name) >= (_FIRM_FROM if any(p.filler for p in parts) else _FILLER_FROM)
