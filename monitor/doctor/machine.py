"""The machine: program and libraries, the clock, room on its disks, browser and letters."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir

from packaging.requirements import Requirement

from monitor.doctor.checks import Check, size
from monitor.settings import Settings

PROGRAM = "pantau-netralitas"
LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 38)
LEAST_FREE = 1_000_000_000
LEAST_INODES = 20_000
_ROUNDS = 4
"""A backup keeps the database beside itself as a picture, packed, opened again and once more to be checked."""

_UNSYNCHRONISED = 0x40  # STA_UNSYNC of Linux's timex.h
_TOLERATED = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the kernel says of its clock: whether something keeps it right, and how wrong it may be in seconds."""

    kept: bool
    error: float


class _Timex(ctypes.Structure):
    """`struct timex` of Linux (adjtimex(2)); only the first fields are read."""

    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("rest", ctypes.c_byte * 256),
    )  # fmt: skip


def kernel_clock() -> ClockState | None:
    """Ask the kernel, which every time service (timesyncd, chrony, ntpd) tells; None where it cannot be asked."""
    try:
        ask = ctypes.CDLL(None, use_errno=True).adjtimex
    except AttributeError:
        return None
    told = _Timex()
    if ask(ctypes.byref(told)) < 0:
        return None
    return ClockState(not told.status & _UNSYNCHRONISED, told.maxerror / 1e6)


def time_sync(ask: Callable[[], ClockState | None] = kernel_clock) -> Iterator[Check]:
    """Look whether something keeps this machine's clock right: acts are judged by their time."""
    state, mend = ask(), "nyalakan penyelarasan waktu: `timedatectl set-ntp true`, atau pasang chrony"
    if state is None:
        yield Check("penyelarasan waktu", well=False, detail="tidak dapat ditanyakan di mesin ini", mend=mend)
    elif not state.kept:
        yield Check("penyelarasan waktu", well=False, detail="jam mesin tidak diselaraskan", mend=mend)
    else:
        well = state.error <= _TOLERATED
        yield Check("penyelarasan waktu", well, f"diselaraskan, paling jauh meleset {state.error:.3f} detik", mend)


def versions() -> Iterator[Check]:
    """Look at Python, at SQLite's library and at the libraries that the program was installed with."""
    well = sys.version_info >= LEAST_PYTHON
    yield Check("python", well, sys.version.split()[0], "pasang Python 3.11 atau lebih baru, lalu pasang ulang pantau")
    yield Check(
        "sqlite",
        sqlite3.sqlite_version_info >= LEAST_SQLITE,
        sqlite3.sqlite_version,
        "pasang Debian 12 atau lebih baru",
    )
    amiss = list(_amiss(requires(PROGRAM) or ()))
    detail = f"pantau {version(PROGRAM)}" + (f"; tidak sesuai: {', '.join(amiss)}" if amiss else "")
    yield Check("program", not amiss, detail, "pasang ulang dari locks/app.txt; lihat docs/pemutakhiran.md")


def _amiss(wanted: Iterable[str]) -> Iterator[str]:
    """Yield what is missing or of a version that the program does not take; extras are not asked for."""
    for line in wanted:
        one = Requirement(line)
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(one.name)
        except PackageNotFoundError:
            yield one.name
            continue
        if not one.specifier.contains(found, prereleases=True):
            yield f"{one.name} {found}"


@dataclass(frozen=True, slots=True)
class Disk:
    """One file system: the folders on it that matter, and what is left (`inodes` None where it counts none)."""

    folders: tuple[Path, ...]
    free: int
    inodes: int | None
    read_only: bool


def disks(folders: Iterable[Path]) -> list[Disk]:
    """Return the file systems below some folders, each once; a folder that is not there yet counts by its parent."""
    found: dict[int, list[Path]] = {}
    for folder in folders:
        there = next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))
        found.setdefault(there.stat().st_dev, []).append(there)
    return [_disk(tuple(dict.fromkeys(paths))) for paths in found.values()]


def _disk(folders: tuple[Path, ...]) -> Disk:
    told = os.statvfs(folders[0])
    inodes = told.f_favail if told.f_files else None
    return Disk(folders, told.f_bavail * told.f_frsize, inodes, bool(told.f_flag & os.ST_RDONLY))


def room(settings: Settings, database: Path | None) -> Iterator[Check]:
    """Look at the room for the workspace, its evidence, its database and scratch files."""
    held = database.stat().st_size if database is not None and database.exists() else 0
    folders = [settings.data_dir, settings.evidence_dir, settings.reports_dir, Path(gettempdir())]
    needed = LEAST_FREE + _ROUNDS * held
    for disk in disks([*folders, *([database.parent] if database is not None else [])]):
        yield from _room(disk, needed if any(one.is_relative_to(settings.home) for one in disk.folders) else LEAST_FREE)


def _room(disk: Disk, needed: int) -> Iterator[Check]:
    name = f"cakram {disk.folders[0]}"
    if disk.read_only:
        mend = "pasang ulang cakram itu agar dapat ditulis; cari sebabnya dalam `dmesg`"
        yield Check(name, well=False, detail="hanya dapat dibaca", mend=mend)
        return
    well = disk.free >= needed
    detail = f"{size(disk.free)} kosong, diperlukan {size(needed)}"
    yield Check(
        name, well, detail, "kosongkan atau perbesar cakram; cadangan lama dihapus dengan `pantau backup --keep`"
    )
    if disk.inodes is not None and disk.inodes < LEAST_INODES:
        detail = f"tinggal {disk.inodes} nama berkas (inode)"
        yield Check(name, well=False, detail=detail, mend="hapus berkas kecil yang tidak terpakai di cakram itu")


def pictures(settings: Settings) -> Iterator[Check]:
    """Look at the browser that takes pictures of public pages; a night goes well without any."""
    told = settings.pictures
    if not told.per_night:
        yield Check("gambar halaman", well=True, detail="dimatikan (pictures.per_night = 0)")
        return
    lacking = [name for name, there in (
        (str(told.browser), os.access(told.browser, os.X_OK)), ("playwright", find_spec("playwright") is not None),
        ("pillow", find_spec("PIL") is not None),
    ) if not there]  # fmt: skip
    if len(lacking) == 3:
        yield Check("gambar halaman", well=True, detail="tidak diambil: Chromium tidak dipasang di mesin ini")
        return
    if lacking:
        mend = "pasang yang kurang, atau tulis pictures.per_night = 0; lihat docs/pengawas/gambar.md"
        yield Check("gambar halaman", well=False, detail="kurang " + ", ".join(lacking), mend=mend)
        return
    yield Check("gambar halaman", well=True, detail=_answer(str(told.browser), "--version"))
    yield _letters()


def _letters() -> Check:
    """Look whether pages can be drawn with letters; the browser brings none of its own."""
    mend = "pasang fontconfig, fonts-liberation, dan fonts-noto-color-emoji"
    if shutil.which("fc-list") is None:
        return Check("huruf", well=False, detail="fc-list tidak ada", mend=mend)
    count = len(_answer("fc-list", ":", "family").splitlines())
    return Check("huruf", count > 0, f"{count} keluarga huruf", mend)


def _answer(*command: str) -> str:
    """Return what a command prints; OSError when it does not run or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603 - a path of the settings, no shell
    except subprocess.SubprocessError as error:
        raise OSError(f"{command[0]} tidak berjalan") from error
    return done.stdout.strip()
