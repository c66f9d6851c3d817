"""The database: whether it answers, is of this program's version, has room, and tells the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from db import condition, planned_visits, schema
from db.condition import Condition, Lasts
from db.connect import Database
from db.shards import unstaffed
from monitor.doctor.checks import Check, ago, size
from monitor.errors import DatabaseError
from monitor.evidence.opening import evidence_of
from monitor.scan.mounted import ensure_evidence
from monitor.scan.spread import ensure_shared
from monitor.settings import Settings
from monitor.vault import Vault

_LEAST_POSTGRESQL = 14
_LEAST_CONNECTIONS = 5
_TOLERATED = timedelta(seconds=5)
_LARGEST_LOG = 1_000_000_000
_LONGEST_IDLE = 600.0
_NIGHT, _BACKUP, _VERIFY = timedelta(hours=36), timedelta(hours=50), timedelta(days=8)


def reached(database: Database) -> Iterator[Check]:
    """Look whether the database answers and has this program's schema; errors say what to do."""
    file = condition.file_of(database.url)
    if file is not None and not file.exists():  # opening it would make it
        raise DatabaseError(f"Basis data {file} tidak ada", "jalankan `pantau init`, atau pulihkan dari cadangan")
    schema.ensure_current(database)
    told = condition.condition(database)
    detail = f"{database.dialect} {_version(told)}, skema {schema.head()}, {size(told.size)}"
    yield Check("basis data", well=True, detail=detail)


def state(database: Database, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look at what its server tells of itself."""
    before = clock()
    told = condition.condition(database)
    if database.dialect == "postgresql":
        yield from _server(told, before + (clock() - before) / 2)
        return
    if told.log_size > _LARGEST_LOG:
        mend = "hentikan proses yang lama membaca basis data; berkas -wal lalu menyusut sendiri"
        yield Check("catatan basis data", well=False, detail=f"berkas -wal {size(told.log_size)}", mend=mend)


def workers(database: Database, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether a living worker takes every visit of the night that workers share."""
    with database.read() as session:
        left = unstaffed(session, clock())
    for name, count in left:
        mend = f"jalankan `pantau worker{f' --shard {name}' if name else ''}`; lihat `pantau worker --status`"
        where = f"pekerja provinsi {name}" if name else "pekerja"
        yield Check(where, well=False, detail=f"{count} kunjungan menunggu, tidak ada yang hidup", mend=mend)


def evidence(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether this machine sees the evidence, and that of a night that workers share; raises what it does not."""
    store = evidence_of(settings, Vault.load(settings.keys_dir))
    with database.read() as session:
        night = planned_visits.open_night(session, clock(), timedelta(hours=settings.scan.resume_hours))
    if night is not None:
        ensure_shared(database, store, night)
    else:
        ensure_evidence(database, store)
    yield Check("folder bukti", well=True, detail=store.place.label)


def _version(told: Condition) -> str:
    return ".".join(str(part) for part in told.version)


def _server(told: Condition, now: datetime) -> Iterator[Check]:
    name = "peladen basis data"
    faults = [
        (told.version[0] < _LEAST_POSTGRESQL, f"PostgreSQL {_version(told)}",
         f"pasang PostgreSQL {_LEAST_POSTGRESQL} atau lebih baru"),
        (told.encoding != "UTF8", f"penyandian {told.encoding}", "buat basis data dengan ENCODING 'UTF8'"),
        (not told.writable, "hanya dapat dibaca", "sambungkan ke peladen utama, bukan ke salinannya"),
        (told.free is not None and told.free < _LEAST_CONNECTIONS, f"tinggal {told.free} sambungan",
         "naikkan max_connections, atau kurangi pekerja"),
        (told.idle_seconds > _LONGEST_IDLE, f"ada transaksi menganggur {ago(told.idle_seconds)}",
         "hentikan sambungan itu; isi idle_in_transaction_session_timeout"),
    ]  # fmt: skip
    bad = [(detail, mend) for fault, detail, mend in faults if fault]
    yield from (Check(name, well=False, detail=detail, mend=mend) for detail, mend in bad)
    if told.now is not None:
        gap = abs(told.now - now)
        detail = f"berselisih {gap.total_seconds():.1f} detik dari mesin ini"
        yield Check("jam basis data", gap <= _TOLERATED, detail, "nyalakan penyelarasan waktu di kedua mesin")
    if not bad:
        yield Check(name, well=True, detail=f"{told.free} sambungan tersisa")


def lasts(database: Database, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look when the last night, backup and verify were; a workspace without a night has nothing to lose yet."""
    now = clock()
    with database.read() as session:
        told = condition.lasts(session)
    if told.latest is not None and told.latest - now > _TOLERATED:
        detail = f"catatan terakhir {ago((told.latest - now).total_seconds())} di depan jam mesin"
        yield Check("jam mesin", well=False, detail=detail, mend="betulkan jam mesin sebelum malam berikutnya")
    yield from _nights(told, now)
    if told.night is None:
        yield Check("cadangan terakhir", well=True, detail="belum perlu: belum ada malam")
        return
    yield _aged("cadangan terakhir", told.backup, _BACKUP, now, "jalankan `pantau backup DIR`; lihat docs/cadangan.md")
    yield _aged("pemeriksaan keutuhan", told.verified, _VERIFY, now, "jalankan `pantau schedule once verify`")


def _nights(told: Lasts, now: datetime) -> Iterator[Check]:
    mend = "nyalakan jadwalnya; lihat `pantau schedule list`"
    if told.night is None:
        well = told.first is None or now - told.first <= _NIGHT
        since = "" if well or told.first is None else f"; kantor dipakai {ago((now - told.first).total_seconds())}"
        yield Check("malam terakhir", well, f"belum pernah dijalankan{since}", f"{mend}, dan docs/jadwal.md")
    else:
        yield _aged("malam terakhir", told.night, _NIGHT, now, mend)
    if told.unfinished is not None and now - told.unfinished > _NIGHT:
        detail = f"dimulai {ago((now - told.unfinished).total_seconds())} yang lalu dan tidak selesai"
        yield Check("malam terputus", well=False, detail=detail, mend="jalankan `pantau scan`, lalu cari sebabnya")


def _aged(name: str, at: datetime | None, most: timedelta, now: datetime, mend: str) -> Check:
    if at is None:
        return Check(name, well=False, detail="belum pernah", mend=mend)
    return Check(name, now - at <= most, f"{ago(max(0.0, (now - at).total_seconds()))} yang lalu", mend)
