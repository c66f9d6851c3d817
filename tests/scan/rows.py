"""Everything a database holds, free of row numbers: what two databases must agree on to hold the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

import sqlalchemy as sa

from db.connect import Database, Session
from db.tables import evidence_file, evidence_manifest, metadata

# how often and when the program looked, and what it cost: a replay repeats the acts, not the looking
LOOKING = frozenset({
    "scan_run", "target_run", "target_coverage", "scan_issue", "item_look", "checkpoint", "budget_ledger",
    "audit_log", "audit_detail", "alembic_version", "endpoint_shape", "canary_run", "post_watch", "run_capture",
    "warc_file", "job_run", "planned_visit", "host_pace",
})  # fmt: skip
_NUMBERED = frozenset({  # hashes over row numbers, and details that name them
    ("review_event", "hash"), ("review_event", "prev_hash"), ("review_event", "detail"), ("judgement", "result_hash"),
    ("evidence_manifest", "sha256"), ("evidence_manifest", "prev_hash"), ("evidence_manifest", "hash"),
    ("evidence_manifest", "evidence_hash"), ("evidence_manifest", "mark"), ("evidence_manifest", "audit_id"),
})  # fmt: skip
_OF_ONE_OFFICE = frozenset({  # its key, and when it was made
    ("asn", "identifier_sealed"), ("asn", "identifier_blind"), ("roster_batch", "stored_as"), ("free_day", "noted_at"),
})  # fmt: skip
_SEEN_LAST = frozenset({"seen_last_at", "last_seen_at"})  # moved on by every look
_UNORDERED = {"case_link": ("first_case_id", "second_case_id")}


def contents(database: Database, left_out: frozenset[str] = LOOKING) -> dict[str, Counter[str]]:
    """Return every table's rows as texts, with each reference replaced by a digest of the row it points to."""
    digests: dict[tuple[str, Any], str] = {}
    found: dict[str, Counter[str]] = {}
    with database.read() as session:
        numbered = manifest_files(session)
        for table in metadata.sorted_tables:
            rows: Counter[str] = Counter()
            for row in session.execute(sa.select(table)).mappings():
                if table is evidence_file and row["sha256"] in numbered:
                    continue
                text = _text(table, row, digests)
                if "id" in row:
                    digests[table.name, row["id"]] = hashlib.sha1(text.encode()).hexdigest()[:16]
                rows[text] += 1
            if table.name not in left_out:
                found[table.name] = rows
    return found


def manifest_files(session: Session) -> set[str]:
    """Return the files of manifests: they name the number of their case."""
    return set(session.execute(sa.select(evidence_manifest.c.sha256)).scalars())


def counts(database: Database, left_out: frozenset[str] = LOOKING) -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: rows.total() for name, rows in contents(database, left_out).items()}


def differences(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Return by table the rows that only one of the two has."""
    return {
        name: (sorted((one[name] - other[name]).elements()), sorted((other[name] - one[name]).elements()))
        for name in one
        if one[name] != other[name]
    }


def _text(table: sa.Table, row: Any, digests: dict[tuple[str, Any], str]) -> str:
    values = {}
    for column in table.columns:
        value = row[column.name]
        if column.name in _SEEN_LAST or (table.name, column.name) in _NUMBERED | _OF_ONE_OFFICE:
            continue
        if column.name == "id" and not column.foreign_keys:
            continue
        for key in column.foreign_keys:
            if key.column.name == "id" and value is not None:
                value = digests.get((key.column.table.name, value), "later")
        values[column.name] = json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value
    if table.name == "pattern":  # its acts are row numbers too; those of one moment have no order
        values["members"] = sorted(digests.get(("interaction", number), "later") for number in row["members"])
    pair = _UNORDERED.get(table.name)
    if pair is not None:
        values |= dict(zip(pair, sorted(str(values[name]) for name in pair), strict=True))
    return f"{values!r}"
