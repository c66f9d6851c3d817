"""Opens a workspace: all that commands need which read or decide; the parts of a night are put together above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db import registers, schema
from db.connect import Database, open_database
from db.refusals import GONE
from monitor.errors import ConfigError, DatabaseError, EvidenceError
from monitor.evidence.opening import evidence_of
from monitor.evidence.store import EvidenceStore
from monitor.last_words import LastWords
from monitor.settings import Settings, load_settings
from monitor.vault import Vault

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace: settings, database at the current schema, keys and evidence."""

    settings: Settings
    database: Database
    vault: Vault
    evidence: EvidenceStore
    clock: Clock


@contextmanager
def workspace(home: Path) -> Iterator[Workspace]:
    """Open a workspace and close it again; ConfigError or DatabaseError say what is missing."""
    settings = load_settings(home)
    vault = Vault.load(settings.keys_dir)
    database = open_database(settings.url)
    try:
        if schema.revision(settings.url) is None:
            ensure_kept(settings)
            schema.upgrade(settings.url)
        schema.ensure_current(database)
        _ensure_key(database, vault)
        with suppress(OSError):  # what cannot be laid now is laid by the next command that finds room
            LastWords(settings.data_dir).lay()
        yield Workspace(settings, database, vault, evidence_of(settings, vault), clock_of(settings))
    finally:
        database.dispose()


def ensure_kept(settings: Settings) -> None:
    """Raise DatabaseError for a database with nothing in it beside what only a filled one leaves in the workspace.

    Laid anew in silence it would tell an office whose file is gone, or whose address is wrong, that all is well.
    """
    kept = (settings.evidence_dir.glob("??/*"), settings.roster_dir.glob("*.sealed"))
    if schema.revision(settings.url) is None and any(next(paths, None) is not None for paths in kept):
        raise DatabaseError(*GONE)


def _ensure_key(database: Database, vault: Vault) -> None:
    """Raise ConfigError for a key that did not seal what is stored: with it everybody would be somebody new."""
    with database.read() as session:
        sealed = registers.any_sealed(session)
    if sealed is None:
        return
    try:
        vault.unseal(sealed)
    except EvidenceError as error:
        raise ConfigError(
            "Kunci di data/keys bukan kunci yang mengunci data ruang kerja ini", "pulihkan kunci itu dari cadangan"
        ) from error


def clock_of(settings: Settings) -> Clock:
    """Return the system's clock, or the held one of a replay."""
    held = settings.replay.clock
    if held is not None:
        return lambda: held.astimezone(UTC)
    return system_clock


def system_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)
