"""Register files as bytes read once, and what checking one gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from monitor.denials import mending
from monitor.errors import RosterError, RowProblem, plainly

MAX_BYTES = 100 * 1024 * 1024
_CLOSE_ENOUGH = 70

T = TypeVar("T")


class RosterKind(StrEnum):
    """Which register a file is for; the word is the one of `pantau roster import`."""

    ASN = "asn"
    AKUN = "akun"
    KONTES = "kontes"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A register file as it was on disk at one moment."""

    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a register file says: the good rows by row number, and everything wrong with the others.

    `rows` counts every row that is not blank. A problem without a row concerns the whole file, so no row may be taken.
    """

    file: RosterFile
    good: Mapping[int, T]
    rows: int
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()

    @property
    def values(self) -> tuple[T, ...]:
        """The good rows in file order."""
        return tuple(self.good.values())

    @property
    def unusable(self) -> bool:
        """Whether even leaving out bad rows does not make the file usable."""
        return any(problem.row is None for problem in self.problems)


def read_bytes(path: Path) -> RosterFile:
    """Return the file's bytes with their hash; RosterError when it is missing, unreadable, empty or too large."""
    name = path.name
    try:
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            raise refused(name, "berkas tidak ditemukan atau bukan berkas biasa", "periksa nama dan letak berkas")
        if size > MAX_BYTES:
            raise refused(
                name, f"berkas lebih besar dari {MAX_BYTES // 1024 // 1024} MB", "pecah menjadi beberapa berkas"
            )
        data = path.read_bytes()
    except OSError as error:
        raise refused(
            name, f"berkas tidak dapat dibaca ({plainly(error)})", mending(error, "periksa izin berkas")
        ) from error
    if not data.strip():
        raise refused(name, "berkas kosong", "isi berkas dengan judul kolom dan data")
    return RosterFile(name=name, data=data, sha256=hashlib.sha256(data).hexdigest())


def refused(file: str, problem: str, mend: str = "") -> RosterError:
    """Return the error for a file that cannot be taken at all."""
    return RosterError((RowProblem(file, None, "", problem, mend),))


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return an Indonesian hint with the nearest of `choices`, or the empty string when none is near."""
    found = process.extractOne(word.casefold(), list(choices), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return f"mungkin maksudnya '{found[0]}'" if found else ""
