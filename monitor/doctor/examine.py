"""All that an office's night depends on, looked at together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from db import condition
from db.connect import Database, open_database
from monitor.doctor import data, files, machine, policies, services
from monitor.doctor.checks import SECONDS, Check, Look, look_all, seen_by
from monitor.errors import PantauError
from monitor.settings import Settings, load_settings
from monitor.workspace import clock_of, ensure_kept

JobsLook = Callable[[Settings, Database, datetime], Iterable[Check]]
"""Looks whether scheduled jobs ran when they were due; whoever knows the schedule hands it in."""


def examine(home: Path, jobs: JobsLook | None = None, seconds: float = SECONDS) -> list[Check]:
    """Return the state of everything, the sound and the unsound, within a bounded time."""
    of_machine = [Look("program", machine.versions), Look("penyelarasan waktu", machine.time_sync)]
    try:
        settings = load_settings(home)
        database = open_database(settings.url)
    except PantauError as error:
        unread = Look("pantau.toml", partial(_raised, error))
        return look_all([*of_machine, unread], seconds)
    try:
        return look_all([*of_machine, *_looks(settings, database, jobs)], seconds)
    finally:
        database.dispose()


def _looks(settings: Settings, database: Database, jobs: JobsLook | None) -> list[Look]:
    clock, file = clock_of(settings), condition.file_of(settings.url)
    return [
        Look("pantau.toml", partial(files.configured, settings)),
        Look("kantor", partial(policies.agency, settings, clock)),
        Look("kunci", partial(files.keys, settings)),
        Look("berkas rahasia", partial(files.secrets, settings)),
        Look("izin tulis", partial(files.writing, settings)),
        Look("izin baca", partial(files.privacy, settings, file)),
        Look("ruang cakram", partial(machine.room, settings, file)),
        Look("gagal dimulai", partial(files.failed_starts, settings)),
        Look("kunci kerja", partial(files.locks, settings, clock)),
        Look("basis data", partial(_stored, settings, database, jobs)),
        Look("sumber", partial(policies.sources, settings, clock)),
        Look("gudang bukti", partial(services.bucket, settings)),
        Look("otoritas waktu", partial(services.authority, settings, clock)),
        Look("peladen surat", partial(services.mail, settings)),
        Look("webhook", partial(services.webhooks, settings, clock)),
        Look("penyedia akun", partial(services.provider, settings)),
        Look("konsol", partial(services.console, settings, clock)),
        Look("gambar halaman", partial(machine.pictures, settings)),
    ]


def _stored(settings: Settings, database: Database, jobs: JobsLook | None) -> list[Check]:
    """Look at the database, then at what only it knows; of one that does not answer only that is said."""
    clock = clock_of(settings)
    first = seen_by(Look("basis data", partial(_reached, settings, database)))
    if not all(check.well for check in first):
        return first
    more = [
        Look("peladen basis data", partial(data.state, database, clock)),
        Look("malam terakhir", partial(data.lasts, database, clock)),
        Look("folder bukti", partial(data.evidence, settings, database, clock)),
        Look("pekerja", partial(data.workers, database, clock)),
        Look("kredensial", partial(policies.lent, settings, database, clock)),
    ]
    if jobs is not None:
        more.append(Look("jadwal", lambda: jobs(settings, database, clock())))
    return [*first, *(check for look in more for check in seen_by(look))]


def _reached(settings: Settings, database: Database) -> Iterator[Check]:
    ensure_kept(settings)
    yield from data.reached(database)


def _raised(error: PantauError) -> list[Check]:
    raise error
