"""The workspace's files: who may read and write them, and what stopped work left behind."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.denials import allowing, closing
from monitor.doctor.checks import Check, ago
from monitor.errors import plainly
from monitor.labels import label
from monitor.last_words import NAME as LAST_WORDS
from monitor.last_words import LastWords
from monitor.moments import short
from monitor.private_files import private_text
from monitor.settings import CONFIG_NAME, Settings
from monitor.settings_words import misspelt
from monitor.vault import KEY_FILE, Vault

_OTHERS = 0o077
_OTHERS_WRITE = 0o022
_LONGEST_WORK = timedelta(hours=20)
_LONGEST_DRAFT = timedelta(days=2)


def configured(settings: Settings) -> Iterator[Check]:
    """Look whether every setting that somebody meant to make is made: of a misspelt variable nobody else tells."""
    yield Check("pantau.toml", well=True, detail=str(settings.home / CONFIG_NAME))
    for name, meant in misspelt(type(settings)):
        mend = f"maksudnya {meant}? ubah nama variabel itu atau hapus"
        yield Check("lingkungan", well=False, detail=f"{name} tidak mengatur apa pun", mend=mend)


def keys(settings: Settings) -> Iterator[Check]:
    """Look whether the master key is there, sound and private."""
    Vault.load(settings.keys_dir)
    yield Check("kunci", well=True, detail=str(settings.keys_dir / KEY_FILE))


def writing(settings: Settings) -> Iterator[Check]:
    """Look whether the program can write where it must, by writing."""
    mend = "beri izin tulis pada pengguna yang menjalankan pantau; periksa ReadWritePaths pada unit systemd"
    for folder in dict.fromkeys((settings.data_dir, settings.evidence_dir, settings.reports_dir, settings.roster_dir)):
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"\0" * 4096)
        except OSError as error:
            detail = f"{folder}: {plainly(error)}"
            yield Check("izin tulis", well=False, detail=detail, mend=allowing(folder) or mend)
            return
    yield Check("izin tulis", well=True, detail=str(settings.data_dir))


def privacy(settings: Settings, database: Path | None, user: int | None = None) -> Iterator[Check]:
    """Look whether anybody else on this machine may read data or change settings, and whose the files are.

    `user` is the system user that runs the program, by default the one that runs this.
    """
    runs = os.geteuid() if user is None else user
    config = settings.home / CONFIG_NAME
    open_to_others = [
        (path, "go-w" if path == config else "go=")
        for path, bits in (
            (settings.data_dir, _OTHERS),
            (settings.keys_dir, _OTHERS),
            (settings.evidence_dir, _OTHERS),
            (settings.roster_dir, _OTHERS),
            (config, _OTHERS_WRITE),
        )
        if path.exists() and path.stat().st_mode & bits
    ]
    for path, right in open_to_others:
        what = "dapat diubah" if path == config else "dapat dibuka"
        detail = f"{path} {what} pengguna lain"
        yield Check("izin baca", well=False, detail=detail, mend=closing(path, right))
    keys, words = settings.keys_dir, settings.data_dir / LAST_WORDS
    kept = (config, settings.data_dir, keys, keys / KEY_FILE, words, *_parts(database))
    strange = next((path for path in kept if path.exists() and path.stat().st_uid != runs), None)
    if strange is not None:
        owner = settings.data_dir.stat().st_uid
        mend = (
            f"jalankan pantau selalu sebagai satu pengguna; `chown -R` ruang kerja kepadanya (data/ milik uid {owner})"
        )
        yield Check("pemilik berkas", well=False, detail=f"{strange} bukan milik uid {runs}", mend=mend)
    elif not open_to_others:
        yield Check("izin baca", well=True, detail="hanya untuk pengguna ini")


def _parts(database: Path | None) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + end) for end in ("", "-wal", "-shm")) if database else ()


def secrets(settings: Settings) -> Iterator[Check]:
    """Look whether every secret file that the settings name is there and private."""
    told = settings.notify
    named = [
        ("surel", told.smtp_file if told.enabled else None),
        ("saluran", told.channels_file if told.enabled else None),
        *((f"webhook {hook.name}", hook.secret_file) for hook in told.webhooks if told.enabled),
        ("penyedia akun", settings.web.oidc.client_secret_file),
        ("otoritas waktu", settings.timestamp.login_file),
        ("gudang bukti", settings.evidence.credentials_file),
    ]
    files = [settings.home / path for _, path in named if path is not None]
    for path in files:
        private_text(path)
    yield Check("berkas rahasia", well=True, detail=f"{len(files)} berkas, tertutup bagi pengguna lain")


@dataclass(frozen=True, slots=True)
class Held:
    """A lock file that a living process holds: its work, the process number, and since when."""

    work: str
    process: str
    since: datetime


def held(folder: Path) -> list[Held]:
    """Return the lock files of a folder that are held; the system frees those of dead processes."""
    return [found for path in sorted(folder.glob("*.lock")) if (found := _held(path)) is not None]


def _held(path: Path) -> Held | None:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return Held(path.stem, file.read().strip() or "?", since)
    return None


def locks(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look for work that holds its lock for too long, and for drafts that stopped work left behind."""
    now = clock()
    for one in held(settings.data_dir):
        lasts = now - one.since
        detail = f"{one.work}: proses {one.process}, sejak {ago(lasts.total_seconds())}"
        mend = f"periksa proses {one.process} (`ps -p {one.process}`); bila menggantung, hentikan dengan `kill`"
        yield Check("kunci kerja", lasts < _LONGEST_WORK, detail, mend)
    left = [path for path in _drafts(settings) if now - _changed(path) > _LONGEST_DRAFT]
    detail = f"{len(left)} berkas setengah jadi, misalnya {left[0]}" if left else "tidak ada berkas setengah jadi"
    yield Check("sisa pekerjaan", not left, detail, "sisa itu tidak dipakai lagi dan boleh dihapus")


def failed_starts(settings: Settings) -> Iterator[Check]:
    """Look for starts that failed before the database knew of them and that no night has told yet."""
    for start in LastWords(settings.data_dir).read():
        last = short(start.last, settings.agency.zone)
        times = last if start.times == 1 else f"{start.times} kali, terakhir {last}"
        mend = "atasi sebabnya bila masih ada; malam berikutnya menyebutnya, lalu melupakannya"
        yield Check(
            f"gagal dimulai: {label(start.what)}", well=False, detail=f"{label(start.why)} ({times})", mend=mend
        )


def _drafts(settings: Settings) -> Iterator[Path]:
    for folder in (settings.data_dir, settings.reports_dir, settings.uploads_dir):
        if folder.is_dir():
            yield from (path for pattern in (".cadangan-*", "*.part") for path in folder.glob(pattern))


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
