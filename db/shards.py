"""Which provinces' visits living workers take: they say so by locks, which end with them, and need no row anywhere.

A worker of an older program says nothing. While one lives, a province's visits are left once for long nobody made any
of them, though a worker that takes them could at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Session
from db.planned_visits import last_visits, waiting_shards
from db.queue_tables import at_hand, workers_alive
from db.tables import planned_visit, scan_run, target_run

_WORKERS, _SHARDS = 20261126, 20261127  # the kinds of locks by which workers say who and whose they are
_EVERYBODY = 0
_BY_ONE_MACHINE = timedelta(hours=1)
"""For so long after its last sign of life a night without workers may be in the hands of one machine alone."""
_BY_SOMEBODY = timedelta(hours=1)
"""For so long a worker that says nothing may be busy with other provinces before it comes to one."""

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
    if not alive and not signed and now - _last_sign(session) < _BY_ONE_MACHINE:
        return ()
    taken = _signed(session, _SHARDS)
    if _EVERYBODY in taken:
        return ()
    left = tuple((name, count) for name, count in shards if (_key(name) not in taken if name else not signed))
    if not left or alive <= len(signed):
        return left
    untouched = _untouched(session, now)
    return tuple((name, count) for name, count in left if name in untouched)


def _signed(session: Session, kind: int) -> frozenset[int]:
    held = sa.text(
        "select distinct objid::bigint from pg_locks where locktype = 'advisory' and granted and classid = :kind"
        " and objsubid = 2 and database = (select oid from pg_database where datname = current_database())"
    )
    return frozenset(session.execute(held, {"kind": kind}).scalars())


def _untouched(session: Session, now: datetime) -> frozenset[str]:
    """Return the provinces whose visits somebody could make at once and nobody did for long, in a night that is old."""
    begun = _begun(session)
    last = last_visits(session)
    return frozenset(name for name in at_hand(session) if now - max(begun, last.get(name, begun)) >= _BY_SOMEBODY)


def _last_sign(session: Session) -> datetime:
    """Return when the newest shared night was begun, taken up, or last visited anybody."""
    last = sa.func.max(target_run.c.finished_at, type_=target_run.c.finished_at.type)
    moved = session.execute(sa.select(last).where(target_run.c.run_id == _newest())).scalar()
    begun = _begun(session)
    return begun if moved is None else max(begun, moved)


def _begun(session: Session) -> datetime:
    """Return when the newest shared night was begun, or taken up again."""
    run = session.execute(sa.select(scan_run).where(scan_run.c.id == _newest())).one()
    begun: datetime = run.started_at
    return begun if run.resumed_at is None else max(begun, run.resumed_at)


def _newest() -> sa.ScalarSelect[int]:
    return sa.select(sa.func.max(planned_visit.c.run_id)).scalar_subquery()


def _key(shard: str) -> int:
    return zlib.crc32(shard.encode()) % (2**31 - 1) + 1
