"""Which provinces' visits living workers take: they say so by locks, which end with them, and need no row anywhere.

A worker of an older program says nothing; while one lives, nobody's visits can be said to be left.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Session
from db.planned_visits import waiting_shards
from db.queue_tables import workers_alive
from db.tables import planned_visit, scan_run, target_run

_WORKERS, _SHARDS = 20261126, 20261127  # the kinds of locks by which workers say who and whose they are
_EVERYBODY = 0
_BY_ONE_MACHINE = timedelta(hours=1)
"""For so long after its last sign of life a night without workers may be in the hands of one machine alone."""

SIGN = "select pg_advisory_lock_shared(%s::int, key) from unnest(%s::int[]) as key"


def signs(worker: int, shards: Iterable[str]) -> tuple[tuple[int, list[int]], ...]:
    """Return what `SIGN` is called with on a connection that lives as long as a worker; no shard stands for all."""
    keys = [_key(shard) for shard in sorted(set(shards))] or [_EVERYBODY]
    return (_WORKERS, [worker % 2**31]), (_SHARDS, keys)


def unstaffed(session: Session, now: datetime) -> tuple[tuple[str, int], ...]:
    """Return by province how many visits of the open shared night no living worker takes; empty on SQLite.

    The empty province is that of visits which every worker takes: where it is told, no worker lives.
    """
    if session.dialect.name != "postgresql":
        return ()
    shards = waiting_shards(session)
    if not shards:
        return ()
    alive, signed = workers_alive(session), _signed(session, _WORKERS)
    if alive > len(signed) or (not signed and now - _last_sign(session) < _BY_ONE_MACHINE):
        return ()
    taken = _signed(session, _SHARDS)
    if _EVERYBODY in taken:
        return ()
    return tuple((name, count) for name, count in shards if (_key(name) not in taken if name else not signed))


def _signed(session: Session, kind: int) -> frozenset[int]:
    held = sa.text(
        "select distinct objid::bigint from pg_locks where locktype = 'advisory' and granted and classid = :kind"
        " and objsubid = 2 and database = (select oid from pg_database where datname = current_database())"
    )
    return frozenset(session.execute(held, {"kind": kind}).scalars())


def _last_sign(session: Session) -> datetime:
    """Return when the newest shared night was begun, taken up, or last visited anybody."""
    newest = sa.select(sa.func.max(planned_visit.c.run_id)).scalar_subquery()
    run = session.execute(sa.select(scan_run).where(scan_run.c.id == newest)).one()
    begun: datetime = run.started_at
    last = sa.func.max(target_run.c.finished_at, type_=target_run.c.finished_at.type)
    moved = session.execute(sa.select(last).where(target_run.c.run_id == run.id)).scalar()
    resumed: datetime | None = run.resumed_at
    return max(at for at in (begun, resumed, moved) if at is not None)


def _key(shard: str) -> int:
    return zlib.crc32(shard.encode()) % (2**31 - 1) + 1
