"""Whether a text speaks of a contest: of its office, its place, its year, or of elections at all."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from monitor.domain import Office
from rules.lexicon import Lexicon, WordHit
from rules.register import Owner, Register
from rules.text import Reading

_YEAR = re.compile(r"(?:19|20)\d\d")
_OFFICES = {
    "gubernur": {Office.GUBERNUR},
    "bupati": {Office.BUPATI},
    "wali_kota": {Office.WALI_KOTA},
    "presiden": {Office.PRESIDEN},
    "legislatif": {Office.DPR, Office.DPD, Office.DPRD_PROVINSI, Office.DPRD_KABKOTA},
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text says about elections, before any pair is known.

    `other` is a text that speaks of another kind of contest only: a village head's, a class president's, a match.
    """

    general: bool
    other: bool
    races: frozenset[Office]
    posts: frozenset[Office]
    regions: frozenset[str]
    years: frozenset[int]
    joined: str
    campaign: tuple[int, ...]
    hits: tuple[WordHit, ...]

    def names_region_of(self, own_names: Collection[str]) -> bool:
        """Whether one of these place names stands in the text."""
        return any(f" {name} " in self.joined for name in own_names)


def read_setting(reading: Reading, lexicon: Lexicon) -> Setting:
    """Return what the text says about elections."""
    hits = lexicon.find(reading)
    lists = {hit.list for hit in hits}
    races = {office for name, offices in _OFFICES.items() if f"konteks.{name}" in lists for office in offices}
    posts = {office for name, offices in _OFFICES.items() if f"konteks.jabatan_{name}" in lists for office in offices}
    return Setting(
        general="konteks.umum" in lists,
        other="konteks.lain" in lists and "konteks.umum" not in lists and not races,
        races=frozenset(races),
        posts=frozenset(posts),
        regions=frozenset(name.split(".", 1)[1] for name in lists if name.startswith("wilayah.")),
        years=frozenset(int(t.raw) for t in reading.tokens if not t.mark and _YEAR.fullmatch(t.raw)),
        joined=reading.joined,
        campaign=tuple(hit.first for hit in hits if hit.list.startswith("kampanye.")),
        hits=hits,
    )


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
    if not owner.region or not setting.regions or setting.names_region_of(own_names):
        return False
    return not any(_related(owner.region, region) for region in setting.regions)


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


def _related(region: str, other: str) -> bool:
    return region == other or region.startswith(other + ".") or other.startswith(region + ".")
