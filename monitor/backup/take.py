"""Taking a backup while work goes on: the database at one moment, then the evidence that it names, then the proof."""

from __future__ import annotations

import fcntl
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pyrage

from db import audit, condition, schema, snapshot, verify
from db.connect import Database, open_database
from monitor.backup import keys, layout
from monitor.errors import EvidenceError, UsageError
from monitor.evidence.places import DISK, PART, Folder, Kept, Place, discard_unclaimed
from monitor.evidence.sealed_warc import is_archive
from monitor.last_words import NAME as LAST_WORDS
from monitor.settings import Settings

DATABASE = "pantau.db"
ASIDE = "rusak"
"""The folder of a workspace into which a broken database is put: of that no backup is wanted."""

_LEFT_OUT = (
    ASIDE, "data/evidence", "data/pantau.db", "data/pantau.db-wal", "data/pantau.db-shm", f"data/{LAST_WORDS}"
)  # fmt: skip
_WORK = ".cadangan-"
_UNLIKE = ("Cadangan tidak terbuka sebagaimana ditulis", "periksa ruang dan cakram tujuan, lalu ulangi")
_PIECE = 1 << 20
_HEAD = 512
"""First bytes of an archive that are compared: the hash of its first sealed stretch lies in them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup: where, how much, what was new, and what does not hold in the data that it holds."""

    folder: Path
    contents: layout.Contents
    evidence_new: int
    problems: tuple[str, ...]
    removed: tuple[str, ...]


def folder_of_backups(settings: Settings, directory: Path) -> Path:
    """Return the folder that backups are to lie in, made if it is missing.

    UsageError for one that holds what is backed up or lies in it: what lies in a folder of backups goes into none.
    """
    goal = directory.resolve()
    own = (settings.keys_dir, settings.rules_dir, settings.roster_dir, settings.reports_dir, settings.uploads_dir,
           settings.evidence_dir)  # fmt: skip
    holds = goal.is_relative_to(settings.home.resolve()) and any(path.resolve().is_relative_to(goal) for path in own)
    if holds or any(goal.is_relative_to(path.resolve()) for path in own):
        raise UsageError(f"{goal} bagian dari yang dicadangkan", "sebut folder lain, sebaiknya di cakram lain")
    goal.mkdir(mode=0o700, parents=True, exist_ok=True)
    return goal


def take(
    settings: Settings, database: Database, place: Place, directory: Path, now: datetime, keep: int | None = None
) -> Taken:
    """Write a backup into a folder of backups; it is complete and was opened again when this returns.

    The database is taken first and evidence is never changed, so what the database names is there to be copied.
    With `keep` the oldest backups beyond so many are removed, and evidence that none of the rest names; none is removed
    as long as the data that was just copied does not hold, since an older backup may be the last good one.
    """
    identity = keys.own_identity(settings.keys_dir)
    to = keys.recipients(identity, settings.backup.recipients)
    if (directory / layout.folder_name(now)).exists():
        raise UsageError(f"Cadangan {layout.folder_name(now)} sudah ada", "tunggu sedetik, atau periksa jam mesin")
    with _work(settings.data_dir) as work, _folder(directory, layout.folder_name(now)) as folder:
        snapshot.take(database, work / DATABASE)
        held = list(_copy_evidence(place, Folder(directory / layout.EVIDENCE, "Cadangan bukti")))
        _pack(settings, work, directory)
        _encrypt(work / "isi.tar", folder / layout.ARCHIVE, to)
        problems, rows = _prove(folder, work, identity, {name for name, _, _ in held})
        with (folder / layout.EVIDENCE_LIST).open("w", encoding="utf-8") as lines:
            lines.writelines(f"{size} {name}\n" for name, size, _ in held)
        contents = layout.Contents(
            format=layout.FORMAT,
            taken_at=now.isoformat(),
            program=version("pantau-netralitas"),
            schema=schema.head(),
            sha256=layout.hash_of(folder / layout.ARCHIVE),
            size=(folder / layout.ARCHIVE).stat().st_size,
            evidence_files=len(held),
            evidence_bytes=sum(size for _, size, _ in held),
            rows=rows,
        )
        layout.write_contents(folder, contents)
    removed = tuple(_forget(directory, keep, layout.folder_name(now))) if keep is not None and not problems else ()
    with database.write() as session:
        detail = {"sha256": contents.sha256, "problems": len(problems), "removed": list(removed)}
        subject = f"backup:{layout.folder_name(now)}"
        audit.record(session, actor="program", action="backup.taken", subject=subject, detail=detail, now=now)
    new = sum(fresh for _, _, fresh in held)
    return Taken(directory / layout.folder_name(now), contents, new, tuple(problems), removed)


@contextmanager
def _work(data_dir: Path) -> Iterator[Path]:
    """Give a private folder beside the data: what lies in it is as open as the data itself."""
    for left in data_dir.glob(f"{_WORK}*"):
        discard_unclaimed(left)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=data_dir) as name, _claimed(Path(name)):
        yield Path(name)


@contextmanager
def _folder(directory: Path, name: str) -> Iterator[Path]:
    """Give a folder that gets its name when the block ends well and its files are on disk, else goes."""
    for left in directory.glob(f".*{PART}"):
        discard_unclaimed(left)
    partial = directory / f".{name}{PART}"
    partial.mkdir(mode=0o700)
    try:
        with _claimed(partial):
            yield partial
            for path in partial.iterdir():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
            partial.rename(directory / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Let others tell that a living process works in a folder; the system ends the claim with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _copy_evidence(place: Place, into: Folder) -> Iterator[tuple[str, int, bool]]:
    """Copy the sealed files that are not there yet; yield name, bytes and whether each was new."""
    into.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for top in place.tops():
        if top.startswith("."):
            continue  # half-written, or somebody's scratch
        for kept in place.within(top):
            if kept.name.rsplit("/", 1)[-1].startswith("."):
                continue
            with suppress(FileNotFoundError):  # purged since it was listed; what is still named, `_prove` tells
                yield kept.name, *_copied(place, into, kept)


def _copied(place: Place, into: Folder, kept: Kept) -> tuple[int, bool]:
    """Copy a file unless it is there; return its bytes and whether it was new."""
    if not _differs(place, into.root / kept.name, kept):
        return kept.size, False
    with place.open(kept.name) as source, into.fill(kept.name) as target:
        shutil.copyfileobj(source, target, _PIECE)
        return target.tell(), True  # an archive may have been written anew since it was listed


def _differs(place: Place, path: Path, kept: Kept) -> bool:
    """Whether a file is not there as it is now: bodies never change, an archive that is written anew begins anew."""
    if not path.is_file() or path.stat().st_size != kept.size:
        return True
    if not is_archive(kept.name):
        return False
    with place.open(kept.name) as source, path.open("rb") as file:
        return source.read(_HEAD) != file.read(_HEAD)


def database_files(settings: Settings) -> set[Path]:
    """Return the files of a SQLite database, of which a backup takes a snapshot; none of a server's."""
    file = condition.file_of(settings.url)
    return set() if file is None else {file.with_name(file.name + end) for end in ("", "-wal", "-shm", "-journal")}


def _pack(settings: Settings, work: Path, directory: Path) -> None:
    """Write the snapshot and every other file of the workspace into one archive; links are not followed."""
    home = settings.home
    left_out = {home / name for name in _LEFT_OUT} | database_files(settings) | {directory.resolve()}
    left_out |= set(settings.data_dir.glob("*.lock"))  # of this machine's processes
    with tarfile.open(work / "isi.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(work / DATABASE, DATABASE)
        for path in _files(home, left_out):
            archive.add(path, f"ruang/{path.relative_to(home).as_posix()}", recursive=False)


def _files(folder: Path, left_out: Iterable[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path in left_out or path.resolve() in left_out or path.name.startswith(_WORK) or path.name.endswith(PART):
            continue
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, left_out)
        elif path.is_file():
            yield path


def _encrypt(packed: Path, archive: Path, to: Sequence[pyrage.x25519.Recipient]) -> None:
    try:
        pyrage.encrypt_file(str(packed), str(archive), to)
    except pyrage.EncryptError as error:  # the library's way of passing on what the system says
        raise EvidenceError(f"Cadangan tidak dapat ditulis ke {archive.parent.parent}", DISK) from error


def _prove(folder: Path, work: Path, identity: pyrage.x25519.Identity, names: set[str]) -> tuple[list[str], int]:
    """Open the archive again, restore its database into a scratch file and check it; return what does not hold."""
    opened = work / "periksa.tar"
    try:
        pyrage.decrypt_file(str(folder / layout.ARCHIVE), str(opened), [identity])
    except pyrage.DecryptError as error:
        raise EvidenceError(*_UNLIKE) from error
    if layout.hash_of(opened) != layout.hash_of(work / "isi.tar"):
        raise EvidenceError(*_UNLIKE)
    scratch = work / "periksa.db"
    with tarfile.open(opened) as archive, scratch.open("wb") as target:
        held = archive.extractfile(DATABASE)
        if held is None:
            raise EvidenceError("Cadangan tidak memuat basis data", "ulangi pencadangan")
        shutil.copyfileobj(held, target, _PIECE)
    snapshot.sound(scratch)
    database = open_database(f"sqlite:///{scratch}")
    try:
        with database.read() as session:
            problems = [f"{one.invariant}: {one.detail}" for one in verify.verify(session)]
            digests = verify.evidence_digests(session)
            rows = sum(snapshot.sizes(session).values())
    finally:
        database.dispose()
    gone = [digest for digest in digests if f"{digest[:2]}/{digest}" not in names]
    return [*problems, *(f"bukti: {digest} tidak ada di gudang" for digest in gone)], rows


def _forget(directory: Path, keep: int, fresh: str) -> Iterator[str]:
    """Remove the oldest backups, then the evidence that no remaining one names; yield the names of backups removed.

    The fresh one stays, also behind one that a clock set wrongly dated ahead.
    """
    older = [folder for folder in layout.backups(directory) if folder.name != fresh]
    for folder in older[: max(0, len(older) + 1 - keep)]:
        shutil.rmtree(folder)
        yield folder.name
    named = {name for folder in layout.backups(directory) for name, _ in layout.evidence_names(folder)}
    held = Folder(directory / layout.EVIDENCE)
    for top in held.tops():
        for kept in held.within(top):
            if kept.name not in named:
                held.remove(kept.name)
