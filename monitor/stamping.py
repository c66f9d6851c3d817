"""Timestamps for manifests: asked for when an authority is configured, and again later where none came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import manifests
from db.connect import Database
from monitor.domain.manifests import ManifestRow
from monitor.errors import AuthorityUnreachable, EvidenceError, PantauError, TimestampError
from monitor.evidence.timestamps import Authority, stamp
from monitor.sealing import Keeping

PATIENCE = timedelta(days=3)
"""How long a manifest may wait for an authority that does not answer before a person must know."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """Who stamps, found only when needed (ConfigError), and how many manifests at most are sent there at a time."""

    authority: Callable[[], Authority]
    most: int = 200


@dataclass(frozen=True, slots=True)
class Stamped:
    """How many manifests were stamped and how many wait still, with what stood in the way.

    `urgent` says that time alone will not mend it.
    """

    stamped: int = 0
    waiting: int = 0
    problem: str = ""
    urgent: bool = False


def stamp_due(
    database: Database,
    store: Keeping,
    stamping: Stamping,
    clock: Callable[[], datetime],
    step: Callable[[int], None] = lambda _: None,
) -> Stamped:
    """Have the newest manifest of each case stamped where it is not; nothing is raised for what the authority does.

    After the first failure no more are sent: the next call takes them up.
    """
    try:
        authority = stamping.authority()
    except PantauError as error:
        return Stamped(problem=str(error), urgent=True)
    with database.read() as session:
        rows = manifests.unstamped(session, authority.url, stamping.most)
    done, failure = 0, None
    for row in rows:
        try:
            done += _stamp(database, store, authority, row, clock)
        except TimestampError as error:
            failure = error
            break
        step(1)
    with database.read() as session:
        waiting, oldest = manifests.count_unstamped(session, authority.url)
    late = oldest is not None and clock() - oldest > PATIENCE
    urgent = failure is not None and (late or not isinstance(failure, AuthorityUnreachable))
    return Stamped(done, waiting, str(failure) if failure is not None else "", urgent)


def _stamp(
    database: Database, store: Keeping, authority: Authority, row: ManifestRow, clock: Callable[[], datetime]
) -> bool:
    """Have one manifest stamped; False where its file is missing or altered, which `verify` names."""
    try:
        data = store.get(row.sha256)
    except EvidenceError:
        return False
    made = stamp(authority, data, clock)
    with database.write() as session:
        return manifests.keep_stamp(session, row, made, clock())
