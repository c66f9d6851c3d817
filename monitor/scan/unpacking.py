"""The files of an import order: folders give their files, zips that are no format of their own their members."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import ImportFormatError, plainly
from scrapers import registry
from scrapers.imports.archives import open_zip, shown

_ZIP = b"PK\x03\x04"
_MOST_FILES = 10_000
_PREFIX = "pantau-impor-"  # followed by the number of the process that unpacks there


@dataclass(frozen=True, slots=True)
class Brought:
    """One file to be read: what it is called, where it lies, and why it cannot be read when that is known already."""

    name: str
    path: Path
    problem: ImportFormatError | None = None


@contextmanager
def brought(paths: Iterable[Path], format_name: str | None) -> Iterator[tuple[Brought, ...]]:
    """Give the files of an order; what was unpacked for it is gone afterwards.

    A zip is opened when no format knows it as a whole, unless a format was named for it.
    """
    _clear_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        found: list[Brought] = []
        for path in paths:
            for one in _files(path):
                found += _members(one, Path(folder)) if format_name is None and _is_bundle(one) else [_file(one, path)]
            if len(found) > _MOST_FILES:
                raise ImportFormatError(f"{path}: lebih dari {_MOST_FILES} berkas", "impor sebagian demi sebagian")
        yield tuple(found)


def _clear_abandoned() -> None:
    """Remove what imports that were killed had unpacked: members lie plain in it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if owner.isdigit() and folder.stat().st_uid == os.getuid() and not Path(f"/proc/{owner}").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = (p for p in path.rglob("*") if p.is_file() and not p.is_symlink())  # a link may lead out of the folder
    return sorted(p for p in files if not any(part.startswith(".") for part in p.parts[-3:]))


def _file(path: Path, ordered: Path) -> Brought:
    return Brought(path.relative_to(ordered).as_posix() if ordered.is_dir() else path.name, path)


def _is_bundle(path: Path) -> bool:
    with suppress(OSError):
        with path.open("rb") as file:
            if file.read(4) != _ZIP:
                return False
        return registry.sniff(path) is None
    return False


def _members(path: Path, folder: Path) -> list[Brought]:
    """Unpack a zip's members under numbers, never under the names they ask for."""
    home = Path(tempfile.mkdtemp(dir=folder))
    found: list[Brought] = []
    with open_zip(path) as archive:
        for number, name in enumerate(archive.names):
            inside = home / str(number)
            inside.mkdir()
            target = inside / (_last_letters(Path(shown(name)).name) or "berkas")
            try:
                with archive.open(name) as stream, target.open("wb") as file:
                    shutil.copyfileobj(stream, file, 1 << 20)
            except OSError as error:
                raise ImportFormatError(
                    f"{path.name}: {shown(name)} tidak dapat dibuka ({plainly(error)})",
                    "kosongkan ruang pada folder sementara (TMPDIR), lalu ulangi",
                ) from error
            if registry.sniff(target) is None:
                target.unlink()  # pictures and the like, which come along with exports
            else:
                found.append(Brought(f"{path.name}/{shown(name)}", target))
    if not found:
        raise ImportFormatError(
            f"{path.name}: zip ini tidak memuat berkas yang dikenali", "lihat pantau import --formats"
        )
    return found


def _last_letters(name: str) -> str:
    """Return as much of the end of a name as a file system takes, which counts bytes."""
    return name.encode("utf-8", "replace")[-200:].decode("utf-8", "ignore")
