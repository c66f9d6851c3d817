"""Contests, their stages and pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.acts import AccountKind, AccountRef


class Office(StrEnum):
    """The office that a contest fills."""

    PRESIDEN = "presiden"
    DPR = "dpr"
    DPD = "dpd"
    DPRD_PROVINSI = "dprd_provinsi"
    DPRD_KABKOTA = "dprd_kabkota"
    GUBERNUR = "gubernur"
    BUPATI = "bupati"
    WALI_KOTA = "wali_kota"


class Regime(StrEnum):
    """Which election law governs a contest."""

    PILKADA = "pilkada"
    PEMILU = "pemilu"


class StageKind(StrEnum):
    """The stages of a contest, in order."""

    PRA_PENETAPAN = "pra_penetapan"
    PENETAPAN = "penetapan"
    KAMPANYE = "kampanye"
    MASA_TENANG = "masa_tenang"
    PEMUNGUTAN = "pemungutan"
    PASCA = "pasca"


class CandidateStatus(StrEnum):
    """What a pair is at a time."""

    BAKAL_CALON = "bakal_calon"
    CALON = "calon"
    GUGUR = "gugur"


class CandidateRole(StrEnum):
    """A person's place in a pair."""

    UTAMA = "utama"
    WAKIL = "wakil"


class WordKind(StrEnum):
    """What a word of the register is to a pair; parties aside."""

    SHORT_NAME = "short_name"
    ALIAS = "alias"
    SLOGAN = "slogan"
    HASHTAG = "hashtag"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that begins at `starts` and lasts until the next one begins."""

    kind: StageKind
    starts: datetime


@dataclass(frozen=True, slots=True)
class StatusFrom:
    """A status of a pair from a time on; `starts` is None only in files used to evaluate rules."""

    status: CandidateStatus
    starts: datetime | None = None


@dataclass(frozen=True, slots=True)
class CandidatePerson:
    """One person of a pair, as the election body prints the name."""

    role: CandidateRole
    official_name: str
    short_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateAccount:
    """An account of a pair, or of a neutral body when it stands outside a pair."""

    account: AccountRef
    kind: AccountKind
    ground: str = ""


@dataclass(frozen=True, slots=True)
class AliasCondition:
    """When one entry of a pair's register counts: it has any of `requires`, none of `excludes`.

    The words of `requires` may stand in the text or in its parent, those of `excludes` only hinder in the text itself.
    `kind` and `text` say which entry, as the register writes it. The same word standing alone out of the official name
    is bound too; a hashtag that the register lists by itself is not.
    """

    kind: WordKind
    text: str
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair (or single candidate) of one contest. `id` is 0 until stored.

    `conditions` holds one for each short name, alias, slogan or hashtag that does not count everywhere.
    """

    number: int
    people: tuple[CandidatePerson, ...]
    status: tuple[StatusFrom, ...] = ()
    aliases: tuple[str, ...] = ()
    slogans: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    accounts: tuple[CandidateAccount, ...] = ()
    id: int = 0
    conditions: tuple[AliasCondition, ...] = ()

    @property
    def label(self) -> str:
        """The pair as screens name it: short names joined by an en dash."""
        return "–".join([p.short_names[0] if p.short_names else p.official_name for p in self.people])

    def status_at(self, moment: datetime) -> CandidateStatus | None:
        """Return the status in force at `moment`, None before the first."""
        current = None
        for step in self.status:
            if step.starts is None or step.starts <= moment:
                current = step.status
        return current


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest with its stages and pairs. `id` is 0 until stored."""

    name: str
    region: str
    office: Office
    regime: Regime
    stages: tuple[Stage, ...]
    candidates: tuple[Candidate, ...]
    law: str | None = None
    neutral_accounts: tuple[CandidateAccount, ...] = ()
    id: int = 0

    def stage_at(self, moment: datetime) -> StageKind | None:
        """Return the stage in force at `moment`, None before the first."""
        current = None
        for stage in self.stages:
            if stage.starts <= moment:
                current = stage.kind
        return current


def region_covers(region: str, jurisdiction: str) -> bool:
    """Whether a contest of `region` concerns a person of `jurisdiction`: the same place or a parent of it.

    Codes are dotted ("99.01" lies in "99"); the empty region is the whole country.
    """
    return not region or jurisdiction == region or jurisdiction.startswith(region + ".")


def covering_regions(jurisdiction: str) -> Iterator[str]:
    """Yield every region whose contests concern a person of `jurisdiction`, as `region_covers` says, widest first."""
    yield ""
    if jurisdiction:
        yield from (jurisdiction[:end] for end, sign in enumerate(jurisdiction) if sign == ".")
        yield jurisdiction
