"""Nothing of a manifest or a timestamp changes, goes or comes without being named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import manifests
from db.chain import link_hash
from db.connect import Database, Session
from monitor import sealing
from monitor.domain.manifests import Stamp
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, comment_case, like_case

TABLES = ("evidence_manifest", "timestamp_token")
Broken = list[tuple[str, str]]


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> EvidenceStore:
    return EvidenceStore(tmp_path / "bukti", vault)


@pytest.fixture
def held(sqlite_database: Database, vault: Vault, store: EvidenceStore) -> Database:
    """Two cases with three manifests and a stamp, in a database whose guards somebody has taken away."""
    database = sqlite_database
    book = casebook.open_book(database, vault)
    first = like_case(database, book)
    comment_case(database, book, 2)
    sealing.seal_changed(database, store, NOW)
    comment_case(database, book, name="k2")
    row = sealing.seal(database, store, first, NOW, "rina")
    assert row is not None
    with database.write() as session:
        manifests.keep_stamp(session, row, Stamp("https://tsa.contoh.example", NOW, b"stempel contoh"), NOW)
        for table in TABLES:
            for guard in ("update", "delete"):
                session.exec_driver_sql(f"DROP TRIGGER {table}_no_{guard}")
    return database


def broken(database: Database, store: EvidenceStore) -> Broken:
    with database.read() as session:
        return list(sealing.broken_manifests(session, store))


def test_what_was_not_touched_holds(held: Database, store: EvidenceStore) -> None:
    assert broken(held, store) == []


@pytest.mark.parametrize(
    "change",
    [
        "sha256 = '{0}'", "prev_hash = '{0}'", "hash = '{0}'", "evidence_hash = '{0}'", "mark = 'a1'",
        "created_at = '2024-01-01 00:00:00.000000'", "sequence = 9", "case_id = 2", "audit_id = 1",
    ],
)  # fmt: skip
def test_every_changed_column_is_named(held: Database, store: EvidenceStore, change: str) -> None:
    with held.write() as session:
        session.exec_driver_sql(f"UPDATE evidence_manifest SET {change.format('ab' * 32)} WHERE id = 3")
    assert broken(held, store)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_manifest_is_named_even_the_last_of_its_case(
    held: Database, store: EvidenceStore, number: int
) -> None:
    with held.write() as session:
        session.exec_driver_sql(f"DELETE FROM timestamp_token WHERE manifest_id = {number}")
        session.exec_driver_sql(f"DELETE FROM evidence_manifest WHERE id = {number}")
    assert any(place.startswith("baris audit") for place, _ in broken(held, store))


def forge(session: Session, store: EvidenceStore) -> None:
    """Put another manifest in the place of the last, with a hash that fits."""
    columns = ("case_id", "sequence", "sha256", "evidence_hash", "mark", "created_at")
    row = next(r for r in manifests.every(session) if r.id == 3)
    other = store.put(b"manifes palsu")
    body = {
        "case_id": row.case_id, "sequence": row.number, "sha256": other, "evidence_hash": row.evidence_hash,
        "mark": session.exec_driver_sql("SELECT mark FROM evidence_manifest WHERE id = 3").scalar_one(),
        "created_at": row.created_at,
    }  # fmt: skip
    assert set(body) == set(columns)
    session.exec_driver_sql("INSERT INTO evidence_file VALUES (?, 13, 'program')", (other,))
    session.exec_driver_sql(
        "UPDATE evidence_manifest SET sha256 = ?, hash = ? WHERE id = 3", (other, link_hash(row.prev_hash, body))
    )


def test_a_forged_manifest_whose_own_hash_fits_is_named_by_the_audit_log(held: Database, store: EvidenceStore) -> None:
    with held.write() as session:
        forge(session, store)
        assert [place for place, _ in sealing.broken_chains(session)] == ["baris audit 2"]
    assert len(broken(held, store)) == 2


def test_another_file_in_the_place_of_a_manifest_is_named(held: Database, store: EvidenceStore) -> None:
    with held.read() as session:
        rows = list(manifests.every(session))
    wrong = replace(rows[0], sha256=rows[-1].sha256)
    with pytest.raises(Exception, match="bukan manifes"):
        sealing.read(store, wrong)


@pytest.mark.parametrize(
    "change", ["token = x'00'", "stamped_at = '2020-01-01 00:00:00.000000'", "authority = 'https://lain.example'"]
)
def test_a_changed_stamp_is_named(held: Database, store: EvidenceStore, change: str) -> None:
    with held.write() as session:
        session.exec_driver_sql(f"UPDATE timestamp_token SET {change}")
    assert {place for place, _ in broken(held, store)} == {"stempel waktu manifes 2 informasi awal 1"}


def test_a_stamp_that_the_audit_log_does_not_know_is_named(held: Database, store: EvidenceStore) -> None:
    with held.write() as session:
        session.exec_driver_sql(
            "INSERT INTO timestamp_token (manifest_id, authority, token, stamped_at, created_at)"
            " SELECT 1, authority, token, stamped_at, created_at FROM timestamp_token"
        )
    assert [place for place, _ in broken(held, store)] == ["stempel waktu manifes 1 informasi awal 1"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 2), place=st.integers(0, 100_000), flip=st.integers(1, 255))
def test_a_flipped_byte_of_a_manifest_is_named(
    held: Database, store: EvidenceStore, number: int, place: int, flip: int
) -> None:
    with held.read() as session:
        row = list(manifests.every(session))[number]
    path = store.root / row.sha256[:2] / row.sha256
    right = path.read_bytes()
    wrong = bytearray(right)
    wrong[place % len(right)] ^= flip
    path.write_bytes(wrong)
    named = broken(held, store)
    path.write_bytes(right)
    assert f"manifes {row.number} informasi awal {row.case_id}" in {where for where, _ in named}


def test_of_a_purged_manifest_only_the_chain_is_checked(held: Database, store: EvidenceStore) -> None:
    with held.read() as session:
        row = next(manifests.every(session))
        (store.root / row.sha256[:2] / row.sha256).unlink()
        assert list(sealing.broken_manifests(session, store))
        assert list(sealing.broken_manifests(session, store, {row.sha256})) == []


def test_two_makers_at_once_make_one_manifest(sqlite_database: Database, vault: Vault, store: EvidenceStore) -> None:
    book = casebook.open_book(sqlite_database, vault)
    case_id = like_case(sqlite_database, book)

    class Slow:
        """A store that lets another maker go first."""

        def put(self, body: bytes) -> str:
            sealing.seal(sqlite_database, store, case_id, NOW, "bayu")
            return store.put(body)

        def get(self, digest: str) -> bytes:
            return store.get(digest)

    assert sealing.seal(sqlite_database, Slow(), case_id, NOW, "rina") is None
    with sqlite_database.read() as session:
        assert len(manifests.manifests(session, case_id)) == 1
        assert list(sealing.broken_manifests(session, store)) == []
