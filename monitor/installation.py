"""Making a workspace: folders, key, settings file and an empty database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from db import legal_clocks, schema, search
from db.connect import open_database
from monitor.desk import calendar
from monitor.last_words import LastWords
from monitor.settings import CONFIG_NAME, Settings, load_settings
from monitor.vault import Vault
from monitor.workspace import ensure_kept

_FOLDERS = ("roster", "data/evidence", "data/reports", "data/keys", "aturan")
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


def create(home: Path, *, empty: bool = False) -> Settings:
    """Make or complete the workspace in `home`; what is already there is never overwritten.

    DatabaseError where evidence or registers tell that its database is lost, unless it is to begin `empty`.
    """
    prepare(home)
    settings = load_settings(home)
    if not empty:
        ensure_kept(settings)
    Vault.create(settings.keys_dir)
    LastWords(settings.data_dir).lay()
    earlier = schema.revision(settings.url)
    schema.upgrade(settings.url)
    if earlier is not None:  # also what an upgrade that was killed had still to do
        catch_up(settings, datetime.now(UTC))
    return settings


def prepare(home: Path) -> None:
    """Make the folders of a workspace, and its settings file where there is none."""
    for folder in _FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("data", "data/keys", "data/evidence", "roster"):
        (home / folder).chmod(0o700)
    config = home / CONFIG_NAME
    if not config.exists():
        partial = config.with_suffix(".part")
        partial.write_text(_TEMPLATE, encoding="utf-8")
        partial.replace(config)


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
