"""The same acts into the same tables: by `store_batch`, and by the statements that one would write by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from benchmarks.ingest_rows import CAMPAIGN
from db.connect import Database
from db.items import store_batch
from monitor.domain import Capture, Sighting, StoreBatch

Store = Callable[[Database, list[Sighting]], None]

_ACT = (
    "key", "platform", "actor_account_id", "act", "target_id", "target_author_account_id", "occurred_at",
    "seen_first_at", "seen_last_at", "dirty",
)  # fmt: skip
_CAPTURE = (
    "source", "endpoint", "url", "url_hash", "final_url", "status", "headers", "sha256", "size", "fetched_at",
    "mapper", "collector",
)  # fmt: skip
_AGAIN = "DO UPDATE SET seen_last_at = excluded.seen_last_at WHERE interaction.seen_last_at < excluded.seen_last_at"
_INTO_ACTS = f"INTO interaction ({', '.join(_ACT)})"
_INTO_ANSWERS = f"INTO capture ({', '.join(_CAPTURE)})"


def ours(database: Database, sightings: list[Sighting]) -> None:
    """Store acts as a night or an import does: merged with what is known, times settled, answers linked."""
    batch = StoreBatch(sightings=tuple(sightings))
    with database.write() as session:
        store_batch(session, batch, sightings[0].seen_at)


def by_executemany(database: Database, sightings: list[Sighting]) -> None:
    """Store acts on SQLite by keyed `executemany` of tuples in key order; nothing is merged or settled."""
    answers = _answers(sightings, _plain)
    acts = _acts(sightings, _plain)
    files = [(row[7], row[8], "program") for row in answers]
    links = [(s.record.pointer, s.record.key, s.capture.sha256) for s in sightings if s.capture is not None]
    with database.write() as session:
        run = session.exec_driver_sql
        run("INSERT INTO evidence_file (sha256, size, origin) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", files)
        run(f"INSERT {_INTO_ANSWERS} VALUES ({_marks(_CAPTURE)}) ON CONFLICT DO NOTHING", answers)
        run(f"INSERT {_INTO_ACTS} VALUES ({_marks(_ACT)}) ON CONFLICT (key) {_AGAIN}", acts)
        run(
            "INSERT INTO interaction_capture (pointer, interaction_id, capture_id) SELECT ?, interaction.id, capture.id"
            " FROM interaction, capture WHERE interaction.key = ? AND capture.sha256 = ? ON CONFLICT DO NOTHING",
            links,
        )


def by_copy(database: Database, sightings: list[Sighting]) -> None:
    """Store acts on PostgreSQL by COPY to temporary tables and key-sorted insert-select; nothing merged or settled."""
    answers = _answers(sightings, _same)
    acts = _acts(sightings, _same)
    links = [(s.record.key, s.capture.sha256, s.record.pointer) for s in sightings if s.capture is not None]
    with database.write() as session:
        _copy(session, "new_capture", "capture", _CAPTURE, answers)
        _copy(session, "new_act", "interaction", _ACT, acts)
        _copy(session, "new_link", None, ("key", "sha256", "pointer"), links)
        for statement in _INSERTS:
            session.execute(sa.text(statement))


_INSERTS = (
    (
        "INSERT INTO evidence_file (sha256, size, origin) SELECT DISTINCT sha256, size, 'program' FROM new_capture"
        " ON CONFLICT DO NOTHING"
    ),
    f"INSERT {_INTO_ANSWERS} SELECT {', '.join(_CAPTURE)} FROM new_capture ON CONFLICT DO NOTHING",
    f"INSERT {_INTO_ACTS} SELECT {', '.join(_ACT)} FROM new_act ORDER BY key ON CONFLICT (key) {_AGAIN}",
    (
        "INSERT INTO interaction_capture (interaction_id, capture_id, pointer) SELECT interaction.id, capture.id,"
        " new_link.pointer FROM new_link JOIN interaction ON interaction.key = new_link.key"
        " JOIN capture ON capture.sha256 = new_link.sha256 ON CONFLICT DO NOTHING"
    ),
)


def _copy(
    session: sa.Connection, name: str, like: str | None, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    shape = f"SELECT {', '.join(columns)} FROM {like}" if like else "SELECT '' AS key, '' AS sha256, '' AS pointer"
    session.execute(sa.text(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {shape} WITH NO DATA"))
    driver: Any = session.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _answers(sightings: list[Sighting], moment: Callable[[datetime], object]) -> list[tuple[Any, ...]]:
    shots: dict[str, Capture] = {s.capture.sha256: s.capture for s in sightings if s.capture is not None}
    return [
        (
            c.source, c.endpoint, c.url, hashlib.sha256(c.url.encode()).hexdigest(), c.final_url, c.status,
            '[["date", "x"]]', c.sha256, c.size, moment(c.fetched_at), c.mapper, c.collector,
        )
        for c in shots.values()
    ]  # fmt: skip


def _acts(sightings: list[Sighting], moment: Callable[[datetime], object]) -> list[tuple[Any, ...]]:
    rows = []
    for sighting in sightings:
        record, seen = sighting.record, moment(sighting.seen_at)
        assert record.time.occurred_at is not None  # these have one
        rows.append((
            record.key, record.platform, sighting.account_id, record.act.value, record.target_id, CAMPAIGN,
            moment(record.time.occurred_at), seen, seen, True,
        ))  # fmt: skip
    return sorted(rows)


def _plain(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _same(moment: datetime) -> datetime:
    return moment


def _marks(columns: tuple[str, ...]) -> str:
    return ", ".join("?" * len(columns))
