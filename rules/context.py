"""Whether a text speaks of a contest: of its office, its place, its year, or of elections at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from monitor.domain import Office
from rules.lexicon import Lexicon, WordHit
from rules.reading import Reading
from rules.register import Owner, Register

_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO = 2
_LONGEST_PLACE = 5  # words
_QUARTERS = frozenset({"barat", "timur", "utara", "selatan", "tengah"})  # Contoh Barat is not Contoh
_FOUR = 4
_OFFICES = {
    "gubernur": {Office.GUBERNUR},
    "bupati": {Office.BUPATI},
    "wali_kota": {Office.WALI_KOTA},
    "presiden": {Office.PRESIDEN},
    "legislatif": {Office.DPR, Office.DPD, Office.DPRD_PROVINSI, Office.DPRD_KABKOTA},
}


class Setting(NamedTuple):
    """What a text says about elections, before any pair is known.

    `other` is a text that speaks of another kind of contest only: a village head's, a class president's, a match;
    `placed` are offices with the place that stands right behind them: its code, and the words that begin with it.
    """

    general: bool
    other: bool
    races: frozenset[Office]
    posts: frozenset[Office]
    regions: frozenset[str]
    years: frozenset[int]
    placed: frozenset[tuple[Office, str, str]]
    joined: str
    campaign: tuple[int, ...]
    hits: tuple[WordHit, ...]

    def names_region_of(self, own_names: Collection[str]) -> bool:
        """Whether one of these place names stands in the text."""
        return any(f" {name} " in self.joined for name in own_names)


_NO_YEARS: frozenset[int] = frozenset()
_NO_PLACES: frozenset[tuple[Office, str, str]] = frozenset()


def read_setting(reading: Reading, lexicon: Lexicon) -> Setting:
    """Return what the text says about elections."""
    hits = _longest_places(lexicon.find(reading))
    lists = frozenset([hit.list for hit in hits])
    general, races, posts, regions, other = _kinds(lists)
    years = frozenset(_years(reading)) if reading.odd else _NO_YEARS
    placed = frozenset(_placed(hits, reading.words)) if regions else _NO_PLACES
    campaign = tuple([hit.first for hit in hits if hit.list.startswith("kampanye.")])
    return Setting(general, other, races, posts, regions, years, placed, reading.joined, campaign, hits)


def _years(reading: Reading) -> Iterable[int]:
    return (int(t.raw) for t in reading.odd.values() if len(t.raw) == _FOUR and _YEAR.fullmatch(t.raw))


@lru_cache(maxsize=4096)
def _kinds(
    lists: frozenset[str],
) -> tuple[bool, frozenset[Office], frozenset[Office], frozenset[str], bool]:
    """Return what the lists found in a text say: elections at all, races, posts, regions, another kind of contest."""
    regional = "konteks.pilkada" in lists
    general = regional or "konteks.umum" in lists
    races = frozenset(office for name, held in _OFFICES.items() if f"konteks.{name}" in lists for office in held)
    posts = frozenset(
        office for name, held in _OFFICES.items() if f"konteks.jabatan_{name}" in lists for office in held
    )
    regions = frozenset(name.split(".", 1)[1] for name in lists if name.startswith("wilayah."))
    elected = "konteks.pemilihan_lain" in lists and not regional  # pairs stand for village heads too
    played = "konteks.lain" in lists and not general
    return general, races, posts, regions, (elected or played) and not races


def offices_of(list_name: str) -> Collection[Office]:
    """Return the offices that a list of words stands for."""
    return _OFFICES.get(list_name.removeprefix("konteks.").removeprefix("jabatan_"), ())


def _longest_places(hits: tuple[WordHit, ...]) -> tuple[WordHit, ...]:
    """Leave out places named only inside a longer place's name."""
    places = [hit for hit in hits if hit.list.startswith("wilayah.")]
    if len(places) < _TWO:
        return hits
    inner = set()
    around = (-1, -1)
    for hit in sorted(places, key=lambda hit: (hit.first, -hit.last)):
        if hit.last <= around[1] and (hit.first, hit.last) != around:
            inner.add(id(hit))
        else:
            around = (hit.first, hit.last)
    return tuple(hit for hit in hits if id(hit) not in inner)


def _placed(hits: tuple[WordHit, ...], words: Sequence[str]) -> Iterable[tuple[Office, str, str]]:
    """Return the offices that a place stands right behind: `calon gubernur Contoh`."""
    places = {hit.first: hit.list.split(".", 1)[1] for hit in hits if hit.list.startswith("wilayah.")}
    for hit in hits:
        first = hit.last + 1
        place = places.get(first)
        if place is not None and hit.list.startswith("konteks."):
            for office in offices_of(hit.list):
                yield office, place, " ".join(words[first : first + _LONGEST_PLACE])


def elsewhere(setting: Setting, owner: Owner, own_names: Collection[str]) -> bool:
    """Whether the text plainly speaks of another place, office or year than this pair's contest."""
    if (
        owner.year is not None
        and setting.years
        and owner.year not in setting.years
        and (setting.general or setting.races)
    ):
        return True
    if setting.other or (setting.races and owner.office not in setting.races):
        return True
    if not owner.region or not setting.regions:
        return False
    placed = [(place, behind) for office, place, behind in setting.placed if office is owner.office]
    if placed:
        return not any(related(owner.region, place) or _begins_with(behind, own_names) for place, behind in placed)
    if setting.names_region_of(own_names):
        return False
    return not any(related(owner.region, region) for region in setting.regions)


def _begins_with(behind: str, own_names: Collection[str]) -> bool:
    """Whether words begin with one of these places: a regency often bears the name of the city of another code."""
    return any(
        behind == name or (behind.startswith(f"{name} ") and behind[len(name) + 1 :].split(" ", 1)[0] not in _QUARTERS)
        for name in own_names
    )


def speaks_of(setting: Setting, owner: Owner, own_names: Collection[str]) -> bool:
    """Whether the text speaks of this pair's contest."""
    if elsewhere(setting, owner, own_names):
        return False
    if setting.general or owner.office in setting.races:
        return True
    return owner.office in setting.posts and setting.names_region_of(own_names)


def named_places(register: Register, owner: Owner) -> frozenset[str]:
    """Return the names of the place of the pair's contest."""
    return register.region_names[owner.contest]


def related(region: str, other: str) -> bool:
    """Whether one region is the other or lies in it."""
    return region == other or region.startswith(other + ".") or other.startswith(region + ".")
