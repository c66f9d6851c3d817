"""What a collision in a register is, and the word lists by which it is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.domain import Level
from rules.lexicon import Lexicon
from rules.register_words import RegisterWords, Said
from rules.remedies import Remedy


class Clash(StrEnum):
    """How words of a register collide."""

    EVERYDAY = "kata_sehari_hari"
    COMMON_NAME = "nama_lazim"
    TOO_SHORT = "terlalu_pendek"
    DIGITS = "hanya_angka"
    ACRONYM = "singkatan_ganda"
    SHARED = "kata_bersama"
    SLOGAN = "slogan_sama"
    NEAR = "beda_satu_huruf"
    INSIDE = "di_dalam_kata_lain"
    NUMBER = "nomor_sama"
    CONDITION = "syarat_keliru"


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing that a person should look at; `key` is where the words stand within the pair.

    `level` is the order of attention: `rendah` is a note that the finder copes with, the others want a person.
    """

    contest: str
    region: str
    number: int
    kind: Clash
    level: Level
    key: str
    words: tuple[str, ...]
    why: str
    remedy: Remedy | None = None

    @property
    def proposal(self) -> tuple[str, ...]:
        """The lines to paste; none where only the officer can decide."""
        return self.remedy.lines() if self.remedy is not None else ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that point to nobody: everyday ones, common names, bodies' acronyms; and those put before names."""

    everyday: frozenset[str]
    names: frozenset[str]
    bodies: frozenset[str]
    election: frozenset[str]
    salutations: frozenset[str]
    common: frozenset[str]  # everyday words and common names together


def read_vocabulary(lexicon: Lexicon) -> Vocabulary:
    """Return the lists of a lexicon by what they mean for a register."""
    election = lexicon.words("kampanye", "konteks", "nomor.penanda", "nomor.penanda_paslon", "nomor.penanda_ajakan")
    everyday = lexicon.words("umum.kata", "sikap", "gabungan.pengisi", "nomor", "kedinasan") | election
    names = lexicon.words("umum.nama", "gelar")
    return Vocabulary(
        everyday=everyday,
        names=names,
        common=everyday | names,
        bodies=lexicon.words("singkatan"),
        election=election,
        salutations=lexicon.words("gelar.sapaan", "gelar.depan"),
    )


def collision(
    register: RegisterWords, said: Said, kind: Clash, level: Level, found: tuple[tuple[str, ...], str, Remedy | None]
) -> Collision:
    """Return a collision at one word of the register; `found` is the words, why, and what to write."""
    standing = register.pairs[said.pair]
    contest = register.contests[standing.contest]
    return Collision(contest.name, contest.region, standing.candidate.number, kind, level, said.key, *found)
