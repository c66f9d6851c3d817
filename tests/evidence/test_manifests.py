"""Manifests of cases: what they name, when a new one is made, and that nothing of them can change unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import case_files, manifests
from db.connect import Database, Session
from db.tables import (
    capture,
    evidence_file,
    interaction_capture,
    item,
    item_capture,
    observation,
    rule_hit,
    screenshot,
)
from monitor import sealing
from monitor.domain.manifests import FIRST, CaptureState, FileKind, Manifest, ManifestRow, Showing
from monitor.evidence.manifest import chain_faults, from_bytes, to_bytes
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case, like_case

LATER = NOW + timedelta(days=1)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> EvidenceStore:
    return EvidenceStore(tmp_path / "bukti", vault)


def kept(session: Session, name: str, **more: object) -> int:
    """Write an answer and return its number."""
    sha = hashlib.sha256(name.encode()).hexdigest()
    session.execute(sa.insert(evidence_file).values(sha256=sha, size=10, origin="program"))
    row = {
        "source": "bluesky", "endpoint": "getLikes", "url": f"https://contoh.test/{name}", "url_hash": sha,
        "sha256": sha, "final_url": f"https://contoh.test/{name}", "status": 200, "headers": [], "size": 10,
        "fetched_at": LATER, "mapper": "bluesky/1", "collector": "",
    }  # fmt: skip
    return int(session.execute(sa.insert(capture).values(row | more).returning(capture.c.id)).scalar_one())


def act_of(session: Session, case_id: int) -> int:
    held = sa.select(rule_hit.c.interaction_id).where(
        rule_hit.c.id.in_(sa.text(f"SELECT hit_id FROM case_hit WHERE case_id = {case_id}"))  # a number of ours
    )
    return int(session.execute(held).scalar_one())


def target_of(session: Session, name: str) -> int:
    key = f"at://did:plc:paslon1/app.bsky.feed.post/{name}"
    return int(session.execute(sa.select(item.c.id).where(item.c.platform_item_id == key)).scalar_one())


def sealed(database: Database, store: EvidenceStore, case_id: int) -> tuple[ManifestRow, Manifest]:
    row = sealing.seal(database, store, case_id, NOW)
    assert row is not None
    return row, sealing.read(store, row)


def test_a_manifest_names_acts_files_and_where_in_them(database: Database, book: Book, store: EvidenceStore) -> None:
    row, manifest = sealed(database, store, like_case(database, book))
    (act,), (file,) = manifest.evidence.acts, manifest.evidence.files
    assert (act.actor, act.target) == ("did:plc:asn1", "at://did:plc:paslon1/app.bsky.feed.post/s1")
    assert (file.kind, file.state, file.mapper) == (FileKind.ANSWER, CaptureState.LENGKAP, "bluesky/1")
    assert [(s.what, s.subject, s.pointer) for s in file.shows] == [(Showing.ACT, act.key, "/likes/0")]
    assert (row.number, manifest.number, manifest.previous) == (1, 1, FIRST)


def test_the_same_evidence_gives_no_second_manifest(database: Database, book: Book, store: EvidenceStore) -> None:
    case_id = like_case(database, book)
    sealed(database, store, case_id)
    assert sealing.seal(database, store, case_id, LATER) is None
    assert sealing.seal_changed(database, store, LATER) == 0


def test_a_later_answer_that_says_the_same_is_no_new_evidence(
    database: Database, book: Book, store: EvidenceStore
) -> None:
    case_id = like_case(database, book)
    sealed(database, store, case_id)
    with database.write() as session:
        again = kept(session, "malam-kedua")
        row = {"interaction_id": act_of(session, case_id), "capture_id": again, "pointer": "/likes/3"}
        session.execute(sa.insert(interaction_capture).values(row))
    assert sealing.seal_changed(database, store, LATER) == 0
    assert sealing.seal(database, store, case_id, LATER) is None


def brought(session: Session, case_id: int) -> None:
    shot = kept(session, "berkas", collector="rina", url=f"file:{'ab' * 32}#7", mapper="zeeschuimer/1")
    row = {"interaction_id": act_of(session, case_id), "capture_id": shot, "pointer": ""}
    session.execute(sa.insert(interaction_capture).values(row))


def texted(session: Session, case_id: int) -> None:
    del case_id
    row = {"item_id": target_of(session, "s1"), "capture_id": kept(session, "utas"), "pointer": "/thread/post"}
    session.execute(sa.insert(item_capture).values(row))


def gone(session: Session, case_id: int) -> None:
    del case_id
    row = {
        "key": "d" * 64, "kind": "gone", "platform": "bluesky", "seen_at": LATER, "detail": "",
        "platform_item_id": "at://did:plc:paslon1/app.bsky.feed.post/s1",
        "before_capture_id": kept(session, "sebelum"), "capture_id": kept(session, "hilang"),
    }  # fmt: skip
    session.execute(sa.insert(observation).values(row))


def withdrawn(session: Session, case_id: int) -> None:
    row = {
        "key": "e" * 64, "kind": "withdrawn", "platform": "bluesky", "seen_at": LATER, "detail": "",
        "platform_item_id": "at://did:plc:paslon1/app.bsky.feed.post/s1", "interaction_id": act_of(session, case_id),
        "capture_id": kept(session, "tanpa-suka"),
    }  # fmt: skip
    session.execute(sa.insert(observation).values(row))


def pictured(session: Session, case_id: int) -> None:
    del case_id
    for sha in ("ab" * 32, "cd" * 32):
        session.execute(sa.insert(evidence_file).values(sha256=sha, size=99, origin="program"))
    row = {
        "item_id": target_of(session, "s1"), "state": "sebagian", "sha256": "ab" * 32, "masked_sha256": "cd" * 32,
        "browser": "Chromium 130", "collector": "", "detail": "", "taken_at": LATER,
    }  # fmt: skip
    session.execute(sa.insert(screenshot).values(row))


@pytest.mark.parametrize(
    ("change", "files"),
    [
        (brought, [(FileKind.IMPORTED, CaptureState.LENGKAP, "rina")]),
        (texted, [(FileKind.ANSWER, CaptureState.LENGKAP, "")]),
        (gone, [(FileKind.ANSWER, CaptureState.HILANG, ""), (FileKind.ANSWER, CaptureState.LENGKAP, "")]),
        (withdrawn, [(FileKind.ANSWER, CaptureState.HILANG, "")]),
        (pictured, [(FileKind.PICTURE, CaptureState.SEBAGIAN, ""), (FileKind.READABLE, CaptureState.SEBAGIAN, "")]),
    ],
)
def test_new_evidence_gives_a_manifest_that_follows_the_last(
    database: Database, book: Book, store: EvidenceStore, change: Callable[[Session, int], None], files: list[object]
) -> None:
    case_id = like_case(database, book)
    first, before = sealed(database, store, case_id)
    with database.write() as session:
        change(session, case_id)
    with database.read() as session:
        (_, mark), *_ = case_files.marked_evidence(session, [case_id]).values()
        assert case_files.marks(session) == {case_id: mark}
    assert sealing.seal_changed(database, store, LATER) == 1
    with database.read() as session:
        rows = manifests.manifests(session, case_id)
    after = sealing.read(store, rows[-1])
    new = [one for one in after.evidence.files if one not in before.evidence.files]
    assert sorted((one.kind, one.state, one.collector) for one in new) == sorted(files)
    assert (after.number, after.previous) == (2, first.sha256)
    assert chain_faults([store.get(row.sha256) for row in rows]) == []


def test_a_manifest_is_read_as_it_was_written(database: Database, book: Book, store: EvidenceStore) -> None:
    case_id = comment_case(database, book)
    with database.write() as session:
        brought(session, case_id)
    row, manifest = sealed(database, store, case_id)
    assert to_bytes(from_bytes(store.get(row.sha256))) == store.get(row.sha256)
    assert hashlib.sha256(to_bytes(manifest)).hexdigest() == row.sha256


def test_a_case_is_as_marked_however_many_are_asked_for(database: Database, book: Book) -> None:
    cases = [like_case(database, book), comment_case(database, book, 2)]
    with database.read() as session:
        assert case_files.marks(session) == case_files.marks(session, cases)
        assert case_files.evidence_of(session, cases)[cases[0]] == case_files.evidence_of(session, cases[:1])[cases[0]]


def test_all_open_cases_are_sealed_in_one_go_with_one_audit_row(
    database: Database, book: Book, store: EvidenceStore
) -> None:
    cases = [like_case(database, book), comment_case(database, book, 2), like_case(database, book, 3, "s3")]
    looked: list[int] = []
    assert sealing.seal_changed(database, store, NOW, looked.append) == 3
    assert sum(looked) == 3
    with database.read() as session:
        assert {manifests.manifests(session, case_id)[0].number for case_id in cases} == {1}
        assert len(list(manifests._recorded(session, manifests.SEALED))) == 1
        assert list(sealing.broken_manifests(session, store)) == []


def test_several_makers_at_once_make_one_chain(database: Database, book: Book, store: EvidenceStore) -> None:
    case_id = like_case(database, book)
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: sealing.seal(database, store, case_id, NOW), range(6)))
    assert sum(row is not None for row in made) == 1
    with database.read() as session:
        assert len(manifests.manifests(session, case_id)) == 1
        assert list(sealing.broken_manifests(session, store)) == []
