"""Making a workspace: folders, key, settings file and an empty database; and looking whether one is sound."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db import legal_clocks, schema, search
from db.connect import open_database
from monitor.desk import calendar
from monitor.errors import PantauError
from monitor.settings import CONFIG_NAME, Settings, load_settings
from monitor.vault import KEY_FILE, Vault

_FOLDERS = ("roster", "data/evidence", "data/reports", "data/keys", "aturan")
_LEAST_FREE_BYTES = 1_000_000_000
_TEMPLATE = """\
# Pengaturan pantau; semua kunci dijelaskan di docs/pengaturan.md.
[agency]
name = "Bawaslu Kabupaten Contoh"
jurisdiction = "99.01"
timezone = "Asia/Jakarta"          # Asia/Makassar, Asia/Jayapura
contact = "pengawasan@contoh.example"

[scan]
revisit = true        # daftar suka, bagikan dan komentar dibaca lagi bila jumlahnya bergerak atau waktunya tiba

# Tanpa catatan kebijakan yang lengkap, sebuah sumber tidak dibaca. Contoh:
# [sources.bluesky]
# enabled = true
# mode = "live_api"
# legal_basis = "UU 7/2017; ..."
# permission_ref = "ND-.../2026"
# approved_by = "Kordiv ..."
# approved_at = 2026-11-01
# retention_days = 365
# max_rps = 2
# daily_cap = 20000
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `mend` says what to do when it is not well."""

    name: str
    well: bool
    detail: str
    mend: str = ""


def create(home: Path) -> Settings:
    """Make or complete the workspace in `home`; what is already there is never overwritten."""
    for folder in _FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("data", "data/keys", "data/evidence", "roster"):
        (home / folder).chmod(0o700)
    config = home / CONFIG_NAME
    if not config.exists():
        partial = config.with_suffix(".part")
        partial.write_text(_TEMPLATE, encoding="utf-8")
        partial.replace(config)
    settings = load_settings(home)
    Vault.create(settings.keys_dir)
    earlier = schema.revision(settings.url)
    schema.upgrade(settings.url)
    if earlier not in (None, schema.head()):
        catch_up(settings, datetime.now(UTC))
    return settings


def catch_up(settings: Settings, now: datetime) -> None:
    """Fill what an older program did not keep and can be worked out: search words, and until when cases are due."""
    database = open_database(settings.url)
    try:
        calendar.lay_calendar(database, settings.free_days_file, settings.clocks.readings, now)
        with database.write() as session:
            search.refresh(session, now)
            legal_clocks.refresh(session, now)
    finally:
        database.dispose()


def examine(home: Path) -> list[Check]:
    """Return the state of everything an office's night depends on, the sound and the unsound."""
    checks = [Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "pasang Python 3.11")]
    try:
        settings = load_settings(home)
    except PantauError as error:
        return [*checks, Check("pantau.toml", well=False, detail=error.message, mend=error.mend)]
    checks.append(Check("pantau.toml", well=True, detail=str(home / CONFIG_NAME)))
    checks += [_key(settings), _database(settings), _space(settings), _writable(settings)]
    checks += [_policy(name, settings) for name in sorted(settings.sources)] or [
        Check("sumber", well=False, detail="belum ada sumber", mend="tambahkan [sources.…] di pantau.toml")
    ]
    return checks


def _key(settings: Settings) -> Check:
    try:
        Vault.load(settings.keys_dir)
    except PantauError as error:
        return Check("kunci", well=False, detail=error.message, mend=error.mend)
    return Check("kunci", well=True, detail=str(settings.keys_dir / KEY_FILE))


def _database(settings: Settings) -> Check:
    database = open_database(settings.url)
    try:
        schema.ensure_current(database)
    except PantauError as error:
        return Check("basis data", well=False, detail=error.message, mend=error.mend)
    finally:
        database.dispose()
    return Check("basis data", well=True, detail=f"{database.dialect}, skema {schema.head()}")


def _space(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.home).free
    return Check("ruang cakram", free >= _LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB kosong", "kosongkan cakram")


def _writable(settings: Settings) -> Check:
    well = all(
        os.access(folder, os.W_OK) for folder in (settings.data_dir, settings.evidence_dir, settings.reports_dir)
    )
    return Check("izin tulis", well, str(settings.data_dir), "beri izin tulis pada pengguna yang menjalankan pantau")


def _policy(name: str, settings: Settings) -> Check:
    source = settings.sources[name]
    missing = [key for key in ("legal_basis", "approved_by", "approved_at") if not getattr(source, key)]
    if not source.enabled:
        return Check(f"sumber {name}", well=True, detail="dimatikan")
    return Check(
        f"sumber {name}",
        not missing,
        "aktif" if not missing else "kurang " + ", ".join(missing),
        "lengkapi catatan kebijakan",
    )
