"""Which pair a text names: where, how sure, by what evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from monitor.domain import Contest, Mention, MentionKind, Tier, covering_regions
from rules import looks as look
from rules.accounts import account_keys, written_accounts
from rules.aliases import build_register
from rules.automaton import PhraseFinder
from rules.ballot import BallotReader
from rules.context import Setting, elsewhere, named_places, read_setting, speaks_of
from rules.lazily import lazily
from rules.lexicon import Lexicon
from rules.namesakes import Namesakes
from rules.naming import NameReader
from rules.reading import Reading
from rules.register import Owner, Register, with_ids
from rules.senses import Senses
from rules.sightings import SURE, Sighting, decide_contests, promote, strongest, without_shadowed
from rules.text import read

_ADDRESSEES = re.compile(r"\s*(?:@[\w.]+\s+)*(?=\S)")
_SCOPES = 64
_NOWHERE: frozenset[int] = frozenset()
_TELLING = look.FIRM | look.LOOSE | look.NUMBER | look.EVERYDAY | look.OPENING  # without these nobody is named
_ABOUT = look.CONTEXT | look.MARKER
_FEW = 8  # with more contests than this and no region given, single words and numbers need company


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a text is read: `home` are the contests that concern a person there, all of them when few are loaded."""

    region: str | None
    home: frozenset[int]
    looks: look.Looks


class Found:
    """All that one text says: its mentions at once; what they rest on, and the text's setting, when asked."""

    mentions: tuple[Mention, ...] = ()
    bits = 0  # what the first look says of all words together
    named: frozenset[int] = frozenset()  # the contests of pairs that are surely named

    def __init__(self, finder: MentionFinder, text: str, scope: Scope, above: Found | None) -> None:
        self._finder = finder
        self.text = text
        self.scope = scope
        self.above = above

    @property
    def register(self) -> Register:
        """The register that was looked for."""
        return self._finder.register

    @lazily
    def addressed(self) -> int:
        """Where the handles end with which the text begins: an answer names those whom it answers."""
        match = _ADDRESSEES.match(self.text) if self.text.lstrip().startswith("@") else None
        return match.end() if match is not None else 0

    @lazily
    def loud(self) -> bool:
        """Whether the whole text stands in capitals, where a capital marks no name."""
        return self.text.isupper()

    @lazily
    def reading(self) -> Reading:
        """Return the words of the text."""
        return self._finder.read(self.text)

    @lazily
    def setting(self) -> Setting:
        """Return what the text says about elections."""
        return read_setting(self.reading, self._finder.lexicon)

    @property
    def aloof(self) -> bool:
        """Whether the first look sees no word of elections or campaigns, and no parent may have some."""
        return self.above is None and not self.bits & _ABOUT and "#" not in self.reading.normal.text

    @lazily
    def contests(self) -> frozenset[int]:
        """Return the contests that the text speaks of, as positions among the finder's."""
        return self._finder.spoken_of(self)

    def owner_of(self, candidate_id: int) -> tuple[Owner, frozenset[str]] | None:
        """Return a pair as the finder knows it, with the names of its contest's place."""
        owner = self.register.by_id.get(candidate_id)
        return (owner, named_places(self.register, owner)) if owner is not None else None


class MentionFinder:
    """Finds the pairs of the given contests in texts; built once, asked often, without state that shows."""

    def __init__(self, contests: Iterable[Contest], lexicon: Lexicon) -> None:
        self.contests = with_ids(contests)
        self.lexicon = lexicon
        self.register: Register = build_register(self.contests, lexicon)
        self._senses = Senses(self.register, lexicon)
        self._names = NameReader(self.register, lexicon, self._senses)
        self._namesakes = Namesakes(lexicon)
        self._ballot = BallotReader(self.register, lexicon, self._senses.common)
        self._places: PhraseFinder[int] = PhraseFinder(_places(self.register))
        self._everywhere = frozenset(range(len(self.contests)))
        self._of_region: dict[str, list[int]] = {}
        for at, contest in enumerate(self.contests):
            self._of_region.setdefault(contest.region, []).append(at)
        self._homes: dict[str | None, frozenset[int]] = {}
        self._looks: dict[frozenset[int], look.Looks] = {}
        self._any_accounts = bool(self.register.accounts or self.register.handles)
        self._before: Scope | None = None

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
        self,
        text: str,
        scope: str | None = None,
        above: Found | None = None,
        links: Sequence[str] = (),
        known: Found | None = None,
    ) -> Found:
        """Return mentions with the reading they rest on; `above` is the parent's, `known` the same text's elsewhere."""
        found = Found(self, text, self._scope(scope), above)
        if known is not None:  # words are the same words from everywhere
            found.__dict__.update(reading=known.reading, setting=known.setting)
        accounts = self._accounts(text, links) if self._any_accounts else []
        bits = found.scope.looks.glance(text)
        if not found.scope.home and (bits & look.PLACE or above is not None) and self._settle(found, bits):
            bits = found.scope.looks.glance(text)
        found.bits = bits
        hands = not text.isascii() and self._ballot.has_hand(text)
        if accounts or self._worth_reading(found, bits, hands=hands):
            self._look_closely(found, accounts, numbers=hands or bool(bits & look.NUMBER))
        return found

    def says_nothing(self, text: str, links: Sequence[str] = ()) -> bool:
        """Whether a text names nobody wherever it is read, and below whatever: none of its words can."""
        if not text.isascii() and self._ballot.has_hand(text):
            return False
        if self._any_accounts and self._accounts(text, links):
            return False
        # A place sees what all places together see, or, where it has no contest, what nowhere sees.
        return not any(self._looks_from(home).glance(text) & _TELLING for home in (self._everywhere, _NOWHERE))

    def _settle(self, found: Found, bits: int) -> bool:
        """Read a text as from the place of the contest that it, or its parent, plainly speaks of, if there is one."""
        spoken = found.above.contests if found.above is not None else frozenset()
        if not spoken and bits & look.PLACE and bits & look.CONTEXT:
            spoken = found.contests
            found.__dict__.pop("contests", None)
        if 0 < len(spoken) <= _FEW:
            found.scope = Scope(None, spoken, self._looks_from(spoken))
            return True
        return False

    def read(self, text: str) -> Reading:
        """Return the words of a text, as far as names help to read them."""
        return read(text, self._senses.names)

    def spoken_of(self, found: Found) -> frozenset[int]:
        """Return the contests that a text, or its parent, speaks of."""
        parents = found.above.contests if found.above is not None else frozenset()
        setting = found.setting
        if not (parents or setting.general or setting.races or setting.posts):
            return found.named
        pool = found.scope.home or parents | self._placed(found.reading)
        speaking = set(found.named)
        for contest in pool - found.named:
            owners = self.register.of_contest[contest]
            if owners:
                owner, places = self.register.owners[owners[0]], self.register.region_names[contest]
                if speaks_of(setting, owner, places) or (contest in parents and not elsewhere(setting, owner, places)):
                    speaking.add(contest)
        return frozenset(speaking)

    def _worth_reading(self, found: Found, bits: int, *, hands: bool) -> bool:
        """Whether a first look at the words leaves anything to find."""
        if bits & (look.FIRM | look.LOOSE):
            return True
        near = bits & (look.MARKER | look.CONTEXT) or found.above is not None
        if found.scope.home:
            return bool(near and (hands or bits & (look.NUMBER | look.EVERYDAY | look.OPENING)))
        return bool(near and bits & look.NUMBER and (bits & look.PLACE or found.above is not None))

    def _look_closely(self, found: Found, accounts: list[Sighting], *, numbers: bool) -> None:
        """Find the mentions of a text; what plain and certain names leave open decides how much else is asked."""
        owners = self.register.owners
        named = [*self._namesakes.weigh(found.text, found.reading.words, self._names.find(found)), *accounts]
        if len(named) > 1:
            named = strongest(without_shadowed(named))
        named = self._in_season(found, named)
        found.named = _contests_of(named, owners)
        supported = partial(self._supported, found)
        unsure = any([s.tier not in SURE for s in named])  # noqa: C419 - there are few; a generator costs more
        if unsure:
            named = promote(named, supported)
            self._name(found, named)
        if len(found.named) > 1:  # a stretch may name pairs of two contests, of which the text speaks of one
            self._name(found, decide_contests(named, owners, partial(self._score, found)))
        balloted = self._ballot.find(found, named) if numbers else []
        sightings = named + balloted
        if len(sightings) > 1:
            sightings = decide_contests(sightings, owners, partial(self._score, found))
            if unsure or balloted:  # else the strongest are chosen already
                sightings = promote(strongest(sightings), supported)
            sightings.sort(key=_order)
        text = found.text
        found.mentions = tuple([self._mention(s, text) for s in sightings])

    def _name(self, found: Found, named: Sequence[Sighting]) -> None:
        """Write down whose contests are surely named; what the text speaks of is then to be asked anew."""
        found.named = _contests_of(named, self.register.owners)
        found.__dict__.pop("contests", None)

    def _supported(self, found: Found, place: int) -> bool:
        """Whether a weak name has a second signal: the contest's context, or near home a campaign word."""
        owner = self.register.owners[place]
        if owner.contest in found.named:
            return True
        if found.aloof:
            return False
        setting = found.setting
        if owner.contest in found.contests:
            return True
        if owner.contest not in found.scope.home or not setting.campaign or setting.other:
            return False
        return not elsewhere(setting, owner, named_places(self.register, owner))

    def _in_season(self, found: Found, sightings: list[Sighting]) -> list[Sighting]:
        """Leave out entries of the register that lack a word they require, or stand beside one they exclude."""
        if not any([s.requires or s.excludes for s in sightings]):  # noqa: C419 - there are few; a generator costs more
            return sightings
        here = found.reading.joined
        above = found.above.reading.joined if found.above is not None else ""
        return [
            s
            for s in sightings
            if not any(f" {word} " in here for word in s.excludes)
            and (not s.requires or any(f" {word} " in here or f" {word} " in above for word in s.requires))
        ]

    def _accounts(self, text: str, links: Sequence[str]) -> list[Sighting]:
        """Look for accounts of pairs: by stable id in links and tags, by handle in the text."""
        by_id, by_handle = self.register.accounts, self.register.handles
        seen: list[Sighting] = []
        for link in links:
            for key in account_keys(link):
                seen.extend(Sighting(o, MentionKind.ACCOUNT, Tier.KUAT, 0, 0, key) for o in by_id.get(key, ()))
        for start, end, key, tagged in written_accounts(text):
            # A handle can change hands: alone it is no proof.
            held = ((by_id, Tier.KUAT), (by_handle, Tier.SEDANG)) if tagged else ((by_id, Tier.KUAT),)
            for owners, tier in held:
                seen.extend(Sighting(o, MentionKind.ACCOUNT, tier, start, end, key) for o in owners.get(key, ()))
        return seen

    def home(self, region: str | None) -> frozenset[int]:
        """Return the contests that concern a person of a region, by their places; without one all where they are few.

        A text reads the same from all regions with the same ones.
        """
        home = self._homes.get(region)
        if home is None:
            if region is None:
                home = self._everywhere if len(self.contests) <= _FEW else _NOWHERE
            else:
                home = frozenset([at for wide in covering_regions(region) for at in self._of_region.get(wide, ())])
            self._homes[region] = home
        return home

    def _scope(self, region: str | None) -> Scope:
        before = self._before
        if before is not None and before.region == region:
            return before
        home = self.home(region)
        scope = self._before = Scope(region, home, self._looks_from(home))
        return scope

    def _looks_from(self, home: frozenset[int]) -> look.Looks:
        """Return the memory of words as they are seen from some contests; kept for the last few places asked about."""
        known = self._looks.pop(home, None)
        if known is None:
            known = look.Looks(self._senses, home)
        self._looks[home] = known
        if len(self._looks) > _SCOPES:
            del self._looks[next(iter(self._looks))]
        return known

    def _placed(self, reading: Reading) -> frozenset[int]:
        return frozenset(contest for found in self._places.find(reading) for contest in found.values)

    def _score(self, found: Found, place: int) -> int:
        """Return how much of the text speaks for the contest of a pair."""
        owner = self.register.owners[place]
        names = self.register.region_names[owner.contest]
        setting = found.setting
        return (
            (2 if found.scope.region is not None and owner.contest in found.scope.home else 0)
            + (1 if setting.names_region_of(names) else 0)
            + (1 if owner.office in setting.races or owner.office in setting.posts else 0)
            + (1 if owner.contest in found.contests else 0)
            - (2 if elsewhere(setting, owner, names) else 0)
        )

    def _mention(self, sighting: Sighting, text: str) -> Mention:
        start, end = sighting.start, sighting.end
        return Mention(
            self.register.owners[sighting.owner].candidate_id,
            sighting.kind,
            sighting.tier,
            start,
            end,
            text[start:end],
            sighting.alias,
            "links" if start == end else "text",
        )


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


def _contests_of(named: Iterable[Sighting], owners: Sequence[Owner]) -> frozenset[int]:
    return frozenset([owners[s.owner].contest for s in named if s.tier in SURE])


def _places(register: Register) -> dict[str, list[int]]:
    """Return the contests by the names of their places."""
    places: dict[str, list[int]] = {}
    for contest, names in enumerate(register.region_names):
        for name in names:
            places.setdefault(name, []).append(contest)
    return places


def _order(sighting: Sighting) -> tuple[int, int, int, str]:
    return sighting.start, sighting.end, sighting.owner, sighting.kind
