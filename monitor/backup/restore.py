"""Bringing a backup back into an empty workspace; the database comes last, so that a killed restore can be repeated."""

from __future__ import annotations

import os
import shlex
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage import x25519

from db import snapshot
from db.condition import file_of
from db.refusals import BROKEN
from monitor.backup import layout
from monitor.backup.take import ASIDE, DATABASE, database_files
from monitor.denials import mending
from monitor.errors import ConfigError, DatabaseError, EvidenceError, RefusedError, plainly
from monitor.evidence.places import DISK, PART, Folder, Place
from monitor.evidence.sealed_warc import is_archive
from monitor.settings import CONFIG_NAME, Settings, load_settings
from monitor.vault import KEY_FILE

_WORK = ".pemulihan-"
_ROOM = "ruang"
_PIECE = 1 << 20
_READ = ("aturan", "roster", "data/reports", "data/uploads")
_ANOTHER = "pakai cadangan yang lain"
_REPLACED = ".sebelum-pemulihan"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, whether an older program had written it, and what else is there.

    `left` are files that differ from the backup's and stayed, `strays` such that it does not hold, of the folders from
    which the program reads; `evidence_strays` counts bodies and archives that it does not name.
    """

    settings: Settings
    backup: Path
    contents: layout.Contents
    older: bool
    left: tuple[str, ...]
    strays: tuple[str, ...]
    evidence_strays: int


def restore(
    backup: Path, home: Path, identities: Sequence[x25519.Identity], place_of: Callable[[Settings], Place]
) -> Restored:
    """Bring a backup into a workspace folder that holds no data yet.

    Settings that are there already stay, so that a new machine may name another database; keys come from the backup.
    RefusedError when the workspace has data, EvidenceError for a backup that was changed or is not whole.
    """
    contents = layout.read_contents(backup)
    archive = backup / layout.ARCHIVE
    if not archive.is_file() or layout.hash_of(archive) != contents.sha256:
        raise EvidenceError(f"Berkas {archive} tidak sama dengan saat ditulis", _ANOTHER)
    home.mkdir(parents=True, exist_ok=True)
    _refuse_data(home)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=home) as name:
        work = Path(name)
        room = _unpack(archive, work, identities)
        _bring_keys(room, home)
        strays = _strays(room, home)
        left = _bring_files(room, home)
        settings = load_settings(home)
        if snapshot.occupied(settings.url):
            raise RefusedError("Basis data tujuan sudah berisi", "pulihkan ke basis data yang kosong")
        more = _bring_evidence(backup, place_of(settings))
        older = snapshot.load(work / DATABASE, settings.url)
    return Restored(settings, backup, contents, older, left, strays, more)


def _refuse_data(home: Path) -> None:
    """Refuse a workspace whose database holds rows; one that was only made is no loss."""
    if not (home / CONFIG_NAME).is_file():
        return
    url = load_settings(home).url
    try:
        occupied = snapshot.occupied(url)
    except DatabaseError as error:
        file = file_of(url)
        if error.message != BROKEN[0] or file is None:
            raise
        folder = shlex.quote(str(home / ASIDE))
        aside = f"mkdir -p {folder} && mv {shlex.quote(str(file))}* {folder}"
        raise DatabaseError(BROKEN[0], f"pindahkan dahulu: `{aside}`, lalu ulangi; jangan dihapus") from error
    if occupied:
        raise RefusedError(f"Ruang kerja {home} sudah berisi data", "pulihkan ke folder yang kosong")


def _unpack(archive: Path, work: Path, identities: Sequence[x25519.Identity]) -> Path:
    packed = work / "isi.tar"
    try:
        pyrage.decrypt_file(str(archive), str(packed), list(identities))
    except pyrage.DecryptError as error:
        if "os error" in str(error):  # the library's way of passing on what the system says
            raise EvidenceError("Cadangan tidak dapat dibuka di ruang kerja tujuan", DISK) from error
        raise EvidenceError(
            "Cadangan tidak terbuka dengan kunci ini", "sebut berkas kunci yang benar dengan --identity"
        ) from error
    try:
        with tarfile.open(packed) as files:
            files.extractall(work, filter="data")  # nothing outside, no links out, no devices
    except tarfile.TarError as error:
        raise EvidenceError(f"Isi {archive} tidak dapat dibuka", _ANOTHER) from error
    packed.unlink()
    if not (work / DATABASE).is_file():
        raise EvidenceError(f"{archive} tidak memuat basis data", _ANOTHER)
    return work / _ROOM


def _bring_keys(room: Path, home: Path) -> None:
    """Put the backup's keys in place; a key that `pantau init` made here is kept beside them under another name."""
    keys = home / "data" / "keys"
    for folder in (home / "data", home / "data" / "evidence", keys):  # a folder's parents are made open to others
        folder.mkdir(mode=0o700, exist_ok=True)
    keys.chmod(0o700)
    if not (room / "data" / "keys" / KEY_FILE).is_file():
        raise EvidenceError("Cadangan tidak memuat kunci ruang kerja", _ANOTHER)
    for source in sorted((room / "data" / "keys").iterdir()):
        goal = keys / source.name
        if goal.is_file() and goal.read_bytes() != source.read_bytes():
            goal.replace(goal.with_name(goal.name + _REPLACED))
        _put(source, goal)


def _is_lock(name: Path) -> bool:
    """Whether a file is another machine's lock, which older backups hold."""
    return name.parent == Path("data") and name.suffix == ".lock"


def _bring_files(room: Path, home: Path) -> tuple[str, ...]:
    """Put every other file in place that is not there; return the names of those that are there and differ.

    Settings go first: they tell which file the database is to be, which older backups hold beside its snapshot.
    """
    left: list[str] = []
    sources = {path.relative_to(room): path for path in room.rglob("*") if path.is_file()}
    database: set[Path] = set()
    for name in sorted(sources, key=lambda name: (name != Path(CONFIG_NAME), name)):
        source, goal = sources[name], home / name
        if name.parts[:2] == ("data", "keys") or goal in database or _is_lock(name):
            continue
        if goal.is_file():
            if goal.read_bytes() != source.read_bytes():
                left.append(name.as_posix())
        else:
            goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(source, goal)
        if name == Path(CONFIG_NAME):
            database = database_files(load_settings(home))
    return tuple(left)


def _strays(room: Path, home: Path) -> tuple[str, ...]:
    """Return the files that lie where the program reads some and that the backup does not hold."""
    found = (path for folder in _READ for path in (home / folder).rglob("*") if path.is_file())
    names = (path.relative_to(home) for path in found)
    return tuple(sorted(name.as_posix() for name in names if not (room / name).exists()))


def _put(source: Path, goal: Path) -> None:
    partial = goal.with_name(f".{goal.name}{PART}")
    try:
        shutil.copyfile(source, partial)
        partial.chmod(0o600)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(goal)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ConfigError(
            f"{goal} tidak dapat ditulis: {plainly(error)}", mending(error, "periksa ruang dan izin cakram")
        ) from error


def _bring_evidence(backup: Path, place: Place) -> int:
    """Copy the sealed evidence of the backup to where the workspace keeps it; return how much else lies there.

    What is there already stays. A night's archive that was written anew or emptied in part since an older backup is
    brought as it is now; `pantau evidence verify` says whether it fits.
    """
    held, named = Folder(backup.parent / layout.EVIDENCE), set[str]()
    for name, size in layout.evidence_names(backup):
        named.add(name)
        if place.exists(name):
            continue
        try:
            source = held.open(name)
        except FileNotFoundError as error:
            raise EvidenceError(f"Bukti {name} tidak ada dalam cadangan", _ANOTHER) from error
        with source, place.fill(name) as target:
            shutil.copyfileobj(source, target, _PIECE)
            if target.tell() != size and not is_archive(name):
                raise EvidenceError(f"Bukti {name} dalam cadangan tidak utuh", _ANOTHER)
    tops = () if isinstance(place, Folder) and not place.root.is_dir() else place.tops()
    listed = (kept.name for top in tops if not top.startswith(".") for kept in place.within(top))
    return sum(name not in named and not name.rsplit("/", 1)[-1].startswith(".") for name in listed)
