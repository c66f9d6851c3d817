"""Evidence files that no row names are counted, and go when somebody says so, once they are old enough."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import evidence_files
from db.connect import Database
from db.tables import audit_detail, audit_log, evidence_file
from monitor.errors import RefusedError, UsageError
from monitor.evidence.buckets import Bucket
from monitor.evidence.store import EvidenceStore, name_of
from monitor.privacy import strays
from monitor.vault import Vault
from tests import casebook
from tests.casebook import Book

NOW = datetime.now(UTC)
REASON = "sisa malam yang terputus"


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> EvidenceStore:
    import fsspec

    root = tmp_path / "bukti"
    root.mkdir()
    if request.param == "folder":
        return EvidenceStore(root, vault)
    local = fsspec.filesystem("file")
    return EvidenceStore(root, vault, Bucket(lambda: (local, str(root)), "file://bukti", tmp_path / "kerja"))


@pytest.fixture
def book(sqlite_database: Database, vault: Vault) -> Book:
    return casebook.open_book(sqlite_database, vault)


def put(store: EvidenceStore, text: str, age: timedelta) -> str:
    digest, then = store.put(text.encode()), (NOW - age).timestamp()
    os.utime(store.root / name_of(digest), (then, then))
    return digest


def name(database: Database, digest: str) -> None:
    with database.write() as session:
        session.execute(evidence_file.insert().values(sha256=digest, size=1, origin="program"))


def test_only_old_files_that_no_row_names_are_strays(sqlite_database: Database, store: EvidenceStore) -> None:
    stray, named = put(store, "sisa", timedelta(days=2)), put(store, "tercatat", timedelta(days=2))
    put(store, "sedang ditulis", timedelta(hours=2))
    name(sqlite_database, named)
    found = strays.find(sqlite_database, store, NOW)
    assert (found.names, found.young, found.files) == ((name_of(stray),), 1, 3)


def test_what_retention_is_to_remove_is_left_to_it(sqlite_database: Database, store: EvidenceStore) -> None:
    due = put(store, "lewat masanya", timedelta(days=2))
    with sqlite_database.write() as session:
        evidence_files.note_purged(session, [due], "program", "masa simpan berakhir", NOW)
    assert strays.find(sqlite_database, store, NOW).names == ()


def test_strays_go_with_a_record_of_who_and_why(book: Book, sqlite_database: Database, store: EvidenceStore) -> None:
    gone = put(store, "sisa", timedelta(days=2))
    found = strays.find(sqlite_database, store, NOW)
    strays.sweep(sqlite_database, store, found, book.rina, REASON, NOW)
    assert not store.exists(gone)
    with sqlite_database.read() as session:
        query = sa.select(audit_log.c.actor, audit_detail.c.detail).join(audit_detail)
        actor, detail = session.execute(query.where(audit_log.c.action == "strays_removed")).one()
    told = json.loads(detail)
    assert (actor, told["reason"], told["sha256"]) == (book.rina.name, REASON, [gone])


def test_without_a_reason_nothing_goes(book: Book, sqlite_database: Database, store: EvidenceStore) -> None:
    kept = put(store, "sisa", timedelta(days=2))
    found = strays.find(sqlite_database, store, NOW)
    with pytest.raises(UsageError, match="beralasan"):
        strays.sweep(sqlite_database, store, found, book.rina, " ", NOW)
    assert store.exists(kept)


def test_a_store_of_which_most_has_no_row_is_rather_another_database_s(
    book: Book, sqlite_database: Database, store: EvidenceStore
) -> None:
    for number in range(21):
        put(store, f"sisa {number}", timedelta(days=2))
    found = strays.find(sqlite_database, store, NOW)
    with pytest.raises(RefusedError, match="21 dari 21"):
        strays.check(found, book.bayu, "99.01", sure=False)
    strays.check(found, book.bayu, "99.01", sure=True)


def test_reviewers_remove_no_evidence(book: Book, sqlite_database: Database, store: EvidenceStore) -> None:
    with pytest.raises(RefusedError):
        strays.check(strays.find(sqlite_database, store, NOW), book.rina, "99.01", sure=True)
