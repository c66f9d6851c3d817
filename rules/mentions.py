"""Which pair a text names: where, how sure, by what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.domain import Contest, Mention, MentionKind, Tier, region_covers
from rules.aliases import Alias, Owner, Register, Weakness, build_register, with_ids
from rules.automaton import PhraseFinder
from rules.context import Setting, elsewhere, named_places, read_setting, speaks_of
from rules.lexicon import Lexicon
from rules.misspelling import Misspellings, allowed_edits
from rules.numbers import Form, NumberReader, Numeral
from rules.segments import Segmenter
from rules.sightings import Sighting, decide_contests, promote, strongest, without_shadowed
from rules.text import Reading, Token, read

_FEW = 8  # with more contests than this and no region given, single words need company
_NEAR = 8  # a campaign word counts for a number within so many words


@dataclass(frozen=True, slots=True)
class Found:
    """All that one text says: its mentions, and what the judge asks of it besides."""

    mentions: tuple[Mention, ...]
    reading: Reading
    setting: Setting
    contests: frozenset[int]  # positions of the contests that the text speaks of
    register: Register

    def owner_of(self, candidate_id: int) -> tuple[Owner, frozenset[str]] | None:
        """Return a pair as the finder knows it, with the names of its contest's place."""
        owner = self.register.by_id.get(candidate_id)
        return (owner, named_places(self.register, owner)) if owner is not None else None


class MentionFinder:
    """Finds the pairs of the given contests in texts; built once, asked often, without state that shows."""

    def __init__(self, contests: Iterable[Contest], lexicon: Lexicon) -> None:
        self.contests = with_ids(contests)
        self._lexicon = lexicon
        self._register = build_register(self.contests, lexicon)
        self._owners = self._register.owners
        self._phrases: PhraseFinder[Alias] = PhraseFinder(self._register.phrases)
        self._numbers = NumberReader(lexicon)
        self._common = lexicon.words("umum", "kampanye", "sikap", "konteks", "nomor", "kedinasan", "gelar", "gabungan")
        names = self._register.name_words
        usable = [
            w for w, held in names.items() if allowed_edits(len(w)) and all(n.bearable and not n.weakness for n in held)
        ]
        self._misspellings = Misspellings(usable, self._common | frozenset(names), self._same_pairs)
        self._segments = Segmenter(self._register, lexicon, self._misspellings)
        self._near: dict[str | None, frozenset[int]] = {}
        self._by_number: dict[int, list[int]] = {}
        for place, owner in enumerate(self._owners):
            self._by_number.setdefault(owner.number, []).append(place)

    def find(
        self, text: str, scope: str | None = None, parent: str | None = None, links: Sequence[str] = ()
    ) -> tuple[Mention, ...]:
        """Return the mentions in a text, in order of place; those inherited from `parent` come last.

        `scope` is the jurisdiction of the person who acts (None: every loaded contest); `links` are the text's links
        and the ids of accounts that it tags.
        """
        above = self.examine(parent, scope) if parent else None
        mentions = self.examine(text, scope, above, links).mentions
        return mentions + inherited(above.mentions) if above else mentions

    def examine(
        self, text: str, scope: str | None = None, above: Found | None = None, links: Sequence[str] = ()
    ) -> Found:
        """Return mentions with the reading they rest on; `above` is the parent's."""
        reading = read(text)
        setting = read_setting(reading, self._lexicon)
        seen = [self._at_home(s, scope) for s in (*self._named(reading), *self._accounts(text, links))]
        certain = {s.owner for s in seen if s.sure}
        kept = [
            s for s in seen if s.weakness is not Weakness.WORD or s.owner in certain or s.owner in self._home(scope)
        ]
        named = strongest(without_shadowed(kept))
        speaking = self._speaking(setting, named, above, scope)
        supported = _Support(self._owners, setting, speaking)
        named = promote(named, supported)
        numerals = self._numbers.find(reading)
        sightings = named + self._numbered(numerals, setting, speaking, scope, named)
        sightings = decide_contests(sightings, self._owners, lambda o: self._score(o, scope, setting, speaking))
        sightings = promote(strongest(sightings), supported)
        mentions = tuple(self._mention(s, text) for s in sorted(sightings, key=_order))
        contests = frozenset(self._owners[o].contest for o in speaking)
        return Found(mentions, reading, setting, contests, self._register)

    def _named(self, reading: Reading) -> Iterable[Sighting]:
        covered: set[int] = set()
        for found in self._phrases.find(reading):
            mark = reading.tokens[found.first].mark
            if mark == "/":
                continue
            start, end = reading.between(found.first, found.last)
            for alias in found.values:
                yield _sighting(alias, start, end, mark)
            if any(not a.weakness for a in found.values):
                covered.update(range(found.first, found.last + 1))
        for place, token in enumerate(reading.tokens):
            if token.mark != "/" and (token.mark or place not in covered):
                yield from self._word(reading, place, token, covered=place in covered)

    def _word(self, reading: Reading, place: int, token: Token, *, covered: bool) -> Iterable[Sighting]:
        """Look at one word for registered tags, run-ons and misspellings."""
        body, end = token.raw, token.end
        if token.mark == "#":
            for alias in self._register.hashtags.get(body, ()):
                yield Sighting(alias.owner, alias.kind, alias.tier, token.start, end, alias.written, alias.weakness)
        if covered or (not token.mark and token.text in self._common):
            return
        runs = self._segments.find(body, tag=bool(token.mark))
        if not runs and body != token.text:
            runs = self._segments.find(token.text, tag=bool(token.mark))
        for run in runs:
            kind = (
                MentionKind.MISSPELLING
                if run.misspelt
                else MentionKind.HASHTAG
                if token.mark == "#"
                else MentionKind.NAME
            )
            yield Sighting(run.owner, kind, run.tier, token.start, end, run.alias, run.weakness)
        meant = None if runs or token.mark == "@" else self._misspellings.find(token.text)
        if meant is not None and not self._another_name(reading, place):
            for name in self._register.name_words[meant.word]:
                yield Sighting(name.owner, MentionKind.MISSPELLING, meant.tier, token.start, end, meant.word)

    def _another_name(self, reading: Reading, place: int) -> bool:
        """Whether the word stands in somebody else's full name: a common first name right before it."""
        before = reading.tokens[place - 1] if place else None
        names = self._lexicon.words("umum.nama")
        return before is not None and before.text in names and before.text not in self._register.name_words

    def _accounts(self, text: str, links: Sequence[str]) -> Iterable[Sighting]:
        """Look for accounts of pairs: by stable id in links and tags, by handle in the text."""
        if not self._register.accounts and not self._register.handles:
            return
        for link in links:
            for key in _account_keys(link):
                for owner in self._register.accounts.get(key, ()):
                    yield Sighting(owner, MentionKind.ACCOUNT, Tier.KUAT, 0, 0, key)
        for start, end, key, tagged in _written_accounts(text):
            for owner in self._register.accounts.get(key, ()):
                yield Sighting(owner, MentionKind.ACCOUNT, Tier.KUAT, start, end, key)
            for owner in self._register.handles.get(key, ()) if tagged else ():
                # A handle can change hands: alone it is no proof.
                yield Sighting(owner, MentionKind.ACCOUNT, Tier.SEDANG, start, end, key)

    def _nearby(self, scope: str | None) -> frozenset[int]:
        """Return the owners whose contests concern a person of this jurisdiction; all of them for None."""
        if scope not in self._near:
            self._near[scope] = frozenset(
                i for i, owner in enumerate(self._owners) if scope is None or region_covers(owner.region, scope)
            )
        return self._near[scope]

    def _home(self, scope: str | None) -> frozenset[int]:
        """Return the owners of whom a single word may speak: those nearby, none when the whole country is loaded."""
        crowded = scope is None and len(self.contests) > _FEW
        return frozenset() if crowded else self._nearby(scope)

    def _at_home(self, sighting: Sighting, scope: str | None) -> Sighting:
        """Weaken a single word that nobody registered as a nickname, and a misspelling, away from the contest's region.

        With the whole country loaded such words fill ordinary text; there a second sighting of the pair must stand by.
        """
        loose = sighting.kind is MentionKind.MISSPELLING or (
            sighting.kind is MentionKind.NAME
            and " " not in sighting.alias
            and (sighting.tier is Tier.SEDANG or sighting.weakness is not Weakness.NONE)
        )
        if not loose or sighting.owner in self._home(scope):
            return sighting
        return replace(sighting, tier=Tier.LEMAH, weakness=Weakness.WORD)

    def _speaking(
        self, setting: Setting, named: Sequence[Sighting], above: Found | None, scope: str | None
    ) -> frozenset[int]:
        """Return the owners whose contest the text, or its parent, speaks of."""
        contests = {self._owners[s.owner].contest for s in named if s.sure}
        parents = above.contests if above is not None else frozenset()
        speaking = {p for p, owner in enumerate(self._owners) if owner.contest in contests} if contests else set()
        if not (above or setting.general or setting.races or setting.posts):
            return frozenset(speaking)
        for place in self._nearby(scope) - speaking:
            owner = self._owners[place]
            places = named_places(self._register, owner)
            here = speaks_of(setting, owner, places)
            if here or (owner.contest in parents and not elsewhere(setting, owner, places)):
                speaking.add(place)
        return frozenset(speaking)

    def _numbered(
        self,
        numerals: Sequence[Numeral],
        setting: Setting,
        speaking: frozenset[int],
        scope: str | None,
        named: Sequence[Sighting],
    ) -> list[Sighting]:
        sightings = []
        nearby = self._nearby(scope)
        about = bool(setting.campaign) or bool(speaking) or bool(named)
        for numeral in numerals:
            for place in self._by_number.get(numeral.value, ()):
                owner = self._owners[place]
                if place not in nearby:
                    continue
                tier = self._number_tier(numeral, owner, setting, in_context=place in speaking)
                if tier is Tier.PENDUKUNG and not about:
                    continue
                kind = MentionKind.EMOJI if numeral.form is Form.HAND else MentionKind.NUMBER
                sightings.append(Sighting(place, kind, tier, numeral.start, numeral.end, f"nomor {numeral.value}"))
        return sightings

    def _number_tier(self, numeral: Numeral, owner: Owner, setting: Setting, *, in_context: bool) -> Tier:
        if numeral.form in {Form.BARE, Form.HAND}:
            return Tier.PENDUKUNG
        if elsewhere(setting, owner, named_places(self._register, owner)):
            return Tier.LEMAH
        near = any(abs(c - numeral.first) <= _NEAR or abs(c - numeral.last) <= _NEAR for c in setting.campaign)
        return Tier.SEDANG if in_context or near or numeral.form in {Form.PAIR, Form.APPEAL} else Tier.LEMAH

    def _score(self, place: int, scope: str | None, setting: Setting, speaking: frozenset[int]) -> int:
        owner = self._owners[place]
        names = named_places(self._register, owner)
        return (
            (2 if scope is not None and region_covers(owner.region, scope) else 0)
            + (1 if setting.names_region_of(names) else 0)
            + (1 if owner.office in setting.races or owner.office in setting.posts else 0)
            + (1 if place in speaking else 0)
            - (2 if elsewhere(setting, owner, names) else 0)
        )

    def _mention(self, sighting: Sighting, text: str) -> Mention:
        return Mention(
            candidate_id=self._owners[sighting.owner].candidate_id,
            kind=sighting.kind,
            tier=sighting.tier,
            start=sighting.start,
            end=sighting.end,
            text=text[sighting.start : sighting.end],
            alias=sighting.alias,
            field="links" if sighting.start == sighting.end else "text",
        )

    def _same_pairs(self, one: str, other: str) -> bool:
        names = self._register.name_words
        return {n.owner for n in names[one]} == {n.owner for n in names[other]}


@dataclass(frozen=True, slots=True)
class _Support:
    """Whether a weak name has a second signal in the text: a campaign word or the contest's context."""

    owners: Sequence[Owner]
    setting: Setting
    speaking: frozenset[int]

    def __call__(self, place: int) -> bool:
        return (bool(self.setting.campaign) and not self.setting.other) or place in self.speaking


def inherited(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return a parent's mentions as a child inherits them: the strongest of each pair, without a place in the child."""
    best: dict[int, Mention] = {}
    for mention in mentions:
        held = best.get(mention.candidate_id)
        if held is None or mention.tier.rank > held.tier.rank:
            best[mention.candidate_id] = mention
    return tuple(
        replace(m, kind=MentionKind.INHERITED, start=0, end=0, text="", field="parent") for _, m in sorted(best.items())
    )


def _sighting(alias: Alias, start: int, end: int, mark: str) -> Sighting:
    """Weigh a phrase by where it stands: inside another account's handle it is no name."""
    tier = alias.tier
    if mark == "@" and tier is Tier.KUAT and " " not in alias.written:
        tier = Tier.SEDANG
    kind = MentionKind.HASHTAG if mark == "#" and alias.kind is not MentionKind.SLOGAN else alias.kind
    return Sighting(alias.owner, kind, tier, start, end, alias.written, alias.weakness)


def _order(sighting: Sighting) -> tuple[int, int, int, str]:
    return sighting.start, sighting.end, sighting.owner, sighting.kind.value


def _account_keys(link: str) -> list[str]:
    """Return what may be an account's stable id in a link: all of it, and its path's segments."""
    low = link.lower().rstrip("/")
    return [low, *low.split("?", 1)[0].split("/")[2:]] if "/" in low else [low]


def _written_accounts(text: str) -> Iterable[tuple[int, int, str, bool]]:
    """Return stretches of a text that may be an account: @handles, and segments of links."""
    place = 0
    for chunk in text.split():
        place = text.index(chunk, place)
        low = chunk.lower()
        if chunk.startswith("@") and len(chunk) > 1:
            handle = low[1:].rstrip(".,:;!?)…")
            yield place, place + 1 + len(handle), handle, True
            yield place, place + 1 + len(handle), low[: 1 + len(handle)], True
        elif "://" in low:
            for segment in low.split("?", 1)[0].split("/")[2:]:
                yield place, place + len(chunk), segment.lstrip("@"), True
        elif low.startswith("did:"):
            yield place, place + len(chunk), low, False
        place += len(chunk)
