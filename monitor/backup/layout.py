"""How a folder of backups is laid out.

`<time>/cadangan.age` is everything but the evidence, encrypted; `<time>/isi.json` says what it is, `<time>/bukti.txt`
names its evidence; `bukti/` holds the sealed evidence of all backups once. A folder under a time is complete.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.denials import mending
from monitor.errors import EvidenceError, UsageError

ARCHIVE = "cadangan.age"
CONTENTS = "isi.json"
EVIDENCE_LIST = "bukti.txt"
EVIDENCE = "bukti"
FORMAT = 1
_NAME = "%Y-%m-%dT%H%M%SZ"
_LINE = re.compile(r"([0-9]{1,18}) ((?!/)(?!(?:.*/)?\.\.?(?:/|$)).+)")  # no way out of a folder


@dataclass(frozen=True, slots=True)
class Contents:
    """What one backup says of itself; nothing in it is personal."""

    format: int
    taken_at: str
    program: str
    schema: str
    sha256: str
    size: int
    evidence_files: int
    evidence_bytes: int
    rows: int


def folder_name(taken_at: datetime) -> str:
    """Return the name of a backup's folder: its time in UTC."""
    return taken_at.astimezone(UTC).strftime(_NAME)


def backups(directory: Path) -> list[Path]:
    """Return the complete backups of a folder, oldest first."""
    return sorted(path for path in directory.iterdir() if (path / CONTENTS).is_file() and _is_time(path.name))


def choose(directory: Path, at: str | None) -> Path:
    """Return the newest backup, or the one whose name begins so; UsageError when there is none or more than one."""
    found = backups(directory) if directory.is_dir() else []
    if not found:
        raise UsageError(f"Tidak ada cadangan dalam {directory}", "sebut folder yang dipakai `pantau backup`")
    chosen = [path for path in found if at is None or path.name.startswith(at)]
    if not chosen or (at is not None and len(chosen) > 1):
        names = ", ".join(path.name for path in found[-5:])
        said = "Tidak ada cadangan" if not chosen else "Ada beberapa cadangan"
        raise UsageError(f"{said} yang berawal {at}", f"pilih salah satu: {names}")
    return chosen[-1]


def write_contents(folder: Path, contents: Contents) -> None:
    """Write what a backup says of itself."""
    text = json.dumps(asdict(contents), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / CONTENTS).write_text(text + "\n", encoding="utf-8")


def read_contents(folder: Path) -> Contents:
    """Read what a backup says of itself; UsageError when it cannot be read or is of a newer program."""
    try:
        said = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        contents = Contents(**said)
    except (OSError, ValueError, TypeError) as error:
        mend = mending(error, "pakai cadangan yang lain")
        raise UsageError(f"{folder / CONTENTS} tidak dapat dibaca", mend) from error
    if contents.format != FORMAT:
        raise UsageError(f"Bentuk cadangan {folder.name} tidak dikenal", "pakai versi program yang membuatnya")
    return contents


def evidence_names(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the evidence files of a backup with their bytes; EvidenceError for a list that names anything else.

    The list is not encrypted, and whoever changes it must not lead a restore out of the folders of evidence.
    """
    with (folder / EVIDENCE_LIST).open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            found = _LINE.fullmatch(line.rstrip("\n"))
            if found is None:
                raise EvidenceError(f"Baris {number} dari {folder / EVIDENCE_LIST} berubah", "pakai cadangan yang lain")
            yield found[2], int(found[1])


def hash_of(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_time(name: str) -> bool:
    try:
        datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
