"""Evidence as a night leaves it: whole, and wherever one byte of it changes, goes or comes, the place is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit, evidence_files
from db.connect import Database, open_database
from db.tables import audit_detail, evidence_manifest, warc_file
from monitor.errors import StoreUnavailable
from monitor.evidence.places import Folder
from monitor.evidence.sealed_warc import strike
from monitor.evidence.store import EvidenceStore
from monitor.scan import integrity
from monitor.scan.integrity import Finding, Integrity, check_evidence
from monitor.scan.progress import Silent
from monitor.sealing import seal_changed
from monitor.vault import Vault
from tests.peers.world import make_world
from tests.scan.conftest import SMALL
from tests.scan.offices import NOW, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

FLIPS = 25
LATER = NOW + timedelta(days=400)
SEED = 20261122


class Kept:
    """An office after two nights: its database, its store, and a check of both."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "data" / "evidence"
        self.store = EvidenceStore(self.root, Vault.load(home / "data" / "keys"))
        self.database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")

    def check(self) -> Integrity:
        return check_evidence(self.database, self.store, Silent())

    def faults(self) -> list[Finding]:
        return self.check().faults

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def bodies(self) -> list[Path]:
        return [path for path in self.files() if path.parent.name != "warc"]

    @contextmanager
    def tampering(self) -> Iterator[sqlite3.Connection]:
        """Give the database as somebody has it who writes past the program, guards and all."""
        with closing(sqlite3.connect(self.home / "data" / "pantau.db")) as raw, raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
            yield raw


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("keutuhan")
    path = folder / "office" / "data" / "pantau.db"
    path.parent.mkdir(parents=True)
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    network = WrittenBluesky(make_world(7, NOW, SMALL), page=3)
    office = office_of(network.world, folder / "office", database, network.accounts, URLS)
    office.scan(network)
    office.scan(network)
    with office.space() as space:
        seal_changed(space.database, space.evidence, space.clock())
    database.dispose()
    return office.home


@pytest.fixture(scope="module")
def whole(nights: Path) -> Kept:
    """The office as it is, for whoever puts back what they change."""
    return Kept(nights)


@pytest.fixture
def kept(nights: Path, tmp_path: Path) -> Kept:
    return Kept(Path(shutil.copytree(nights, tmp_path / "office")))


def kinds(findings: list[Finding]) -> list[str]:
    return [finding.kind for finding in findings]


def test_what_two_nights_left_is_whole(whole: Kept) -> None:
    found = whole.check()
    assert (found.faults, found.notes) == ([], [])
    assert (found.files, found.warcs) == (len(whole.bodies()), 2)


def flipped(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


@pytest.mark.parametrize("turn", range(3))
def test_one_byte_changed_anywhere_in_any_file_is_found_and_named(whole: Kept, turn: int) -> None:
    chance = random.Random(SEED + turn)
    chosen = [*chance.sample(whole.bodies(), FLIPS), *(whole.root / "warc").iterdir()]
    before = {path: path.read_bytes() for path in chosen}
    try:
        for path, data in before.items():
            path.write_bytes(flipped(data, chance))
        named = {fault.place for fault in whole.faults() if fault.kind in ("changed", "warc")}
    finally:
        for path, data in before.items():
            path.write_bytes(data)
    assert named == {path.relative_to(whole.root).as_posix() for path in chosen}


def test_a_missing_body_is_named(kept: Kept) -> None:
    gone = kept.bodies()[0]
    gone.unlink()
    assert ("missing", gone.relative_to(kept.root).as_posix()) in {(f.kind, f.place) for f in kept.faults()}


def test_a_missing_archive_is_named(kept: Kept) -> None:
    gone = min((kept.root / "warc").iterdir())
    gone.unlink()
    assert [(f.kind, f.place) for f in kept.faults()] == [("warc", f"warc/{gone.name}")]


@pytest.mark.parametrize("name", ["ab/catatan.txt", "lepas.bin", "warc/lain.gz", "entah/dua/tiga", "ab/" + "cd" * 32])
def test_an_added_file_is_named(kept: Kept, name: str) -> None:
    path = kept.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"asing")
    assert [(f.kind, f.place) for f in kept.faults()] == [("added", name)]


def test_a_file_of_the_program_that_no_row_names_is_told_and_no_fault(kept: Kept) -> None:
    digest = kept.store.put(b"jawaban yang tertinggal saat malam dihentikan")
    found = kept.check()
    assert (found.faults, [(n.kind, n.place) for n in found.notes]) == (
        [], [("unrecorded", f"{digest[:2]}/{digest}")],
    )  # fmt: skip


def test_a_changed_byte_in_a_file_that_no_row_names_is_a_fault(kept: Kept) -> None:
    digest = kept.store.put(b"jawaban yang tertinggal")
    path = kept.root / digest[:2] / digest
    *body, last = path.read_bytes()
    path.write_bytes(bytes([*body, last ^ 1]))
    assert kinds(kept.faults()) == ["added"]


def test_what_is_half_written_is_told_and_no_fault(kept: Kept) -> None:
    (kept.root / "ab").mkdir(exist_ok=True)
    (kept.root / "ab" / ".abcdef.0a1b2c3d.part").write_bytes(b"setengah")
    found = kept.check()
    assert (found.faults, kinds(found.notes)) == ([], ["partial"])


def test_an_archive_that_was_written_and_not_recorded_is_told_and_no_fault(kept: Kept) -> None:
    first = min((kept.root / "warc").iterdir())
    shutil.copyfile(first, kept.root / "warc" / "run-000099.warc.gz.sealed")
    found = kept.check()
    assert (found.faults, kinds(found.notes)) == ([], ["unrecorded"])


def purge(kept: Kept, digests: list[str]) -> None:
    """Do what retention does: write it down, then remove the files and empty the stretches of archives."""
    with kept.database.write() as session:
        evidence_files.note_purged(session, digests, "program", "masa simpan berakhir", LATER)
        names = list(session.execute(sa.select(warc_file.c.name)).scalars())
    for digest in digests:
        kept.store.remove(digest)
    for name in names:
        strike(kept.store, name, digests)


def purgeable(kept: Kept) -> list[str]:
    with kept.database.read() as session:
        manifests = set(session.execute(sa.select(evidence_manifest.c.sha256)).scalars())
    return [path.name for path in kept.bodies() if path.name not in manifests]


def test_a_purged_body_is_not_missing(kept: Kept) -> None:
    purge(kept, purgeable(kept)[:3])
    found = kept.check()
    assert (found.faults, found.notes) == ([], [])


def test_a_purged_manifest_is_not_missing_and_its_chain_stands(kept: Kept) -> None:
    with kept.database.read() as session:
        newest = session.execute(sa.select(evidence_manifest.c.sha256).limit(1)).scalar_one()
    purge(kept, [newest])
    assert kept.faults() == []


def test_a_purge_that_was_stopped_half_way_is_told(kept: Kept) -> None:
    digest = purgeable(kept)[0]
    with kept.database.write() as session:
        evidence_files.note_purged(session, [digest], "program", "masa simpan berakhir", LATER)
    found = kept.check()
    assert (found.faults, [(n.kind, n.place) for n in found.notes]) == ([], [("purged", f"{digest[:2]}/{digest}")])


def test_a_body_that_is_gone_without_a_word_of_retention_is_missing_from_folder_and_archive(kept: Kept) -> None:
    digest = purgeable(kept)[0]
    kept.store.remove(digest)
    for path in (kept.root / "warc").iterdir():
        strike(kept.store, f"warc/{path.name}", [digest])
    assert {"missing", "warc"} <= set(kinds(kept.faults()))


@pytest.mark.parametrize(
    ("table", "column", "place"),
    [
        ("review_event", "reason", "peristiwa"),
        ("review_event", "detail", "peristiwa"),
        ("review_event", "actor", "peristiwa"),
        ("audit_log", "actor", "baris audit"),
        ("audit_log", "subject", "baris audit"),
        ("audit_detail", "detail", "baris audit"),
        ("evidence_manifest", "mark", "manifes"),
        ("evidence_manifest", "sha256", "manifes"),
        ("warc_file", "sha256", "arsip malam"),
        ("warc_file", "sealed_sha256", "arsip malam"),
    ],
)
def test_a_changed_row_is_named(kept: Kept, table: str, column: str, place: str) -> None:
    with kept.tampering() as raw:
        key = "audit_id" if table == "audit_detail" else "id"
        chosen = f"SELECT max({key}) FROM {table}"  # the newest: nothing after it would break the chain
        raw.execute(f"UPDATE {table} SET {column} = coalesce({column}, '') || 'x' WHERE {key} = ({chosen})")
    assert any(fault.place.startswith(place) for fault in kept.faults())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE review_event SET at = replace(at, '20', '2p') WHERE id = 2", "peristiwa 2"),
        ("UPDATE review_event SET kind = 'opfned' WHERE id = 2", "peristiwa 2"),
        ("UPDATE review_event SET actor = CAST(X'70ff' AS TEXT) WHERE id = 2", "peristiwa 2"),
        ("UPDATE audit_log SET at = replace(at, '20', '2p') WHERE id = 2", "baris audit 2"),
        ("UPDATE audit_detail SET detail = CAST(X'7bff7d' AS TEXT) WHERE audit_id = 2", "baris audit 2"),
        ("UPDATE audit_detail SET detail = replace(detail, 'manifests', 'manifestr')", "baris audit"),
        ("UPDATE evidence_manifest SET created_at = replace(created_at, '20', '2p') WHERE id = 1", "manifes 1"),
        ("UPDATE warc_file SET created_at = replace(created_at, '20', '2p') WHERE run_id = 2", "arsip malam 2"),
        ("UPDATE warc_file SET created_at = replace(created_at, '20', '19') WHERE run_id = 2", "arsip malam 2"),
        ("UPDATE warc_file SET size = size + 1 WHERE run_id = 2", "warc/run-000002"),
    ],
)
def test_a_value_that_cannot_be_read_any_more_is_named_too(kept: Kept, change: str, place: str) -> None:
    with kept.tampering() as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute(change)
    assert any(fault.place.startswith(place) for fault in kept.faults())


def test_a_removed_row_in_the_middle_of_a_log_is_named(kept: Kept) -> None:
    with kept.tampering() as raw:
        raw.execute("DELETE FROM review_event WHERE id = 2")
    assert "chain" in kinds(kept.faults())


def test_a_log_whose_end_was_cut_off_is_named_by_the_archive_that_saw_it(kept: Kept) -> None:
    with kept.tampering() as raw:
        raw.execute("DELETE FROM review_event WHERE id > 2")
    found = [f for f in kept.faults() if f.place.startswith("rantai peristiwa")]
    assert ["run-0000" in fault.detail for fault in found] == [True, True]


def test_a_removed_record_of_an_archive_is_named(kept: Kept) -> None:
    with kept.tampering() as raw:
        raw.execute("DELETE FROM warc_file WHERE run_id = 2")
    assert ("warc", "arsip malam 2") in {(f.kind, f.place) for f in kept.faults()}


def test_an_audit_row_that_retention_emptied_breaks_nothing(kept: Kept) -> None:
    with kept.database.write() as session:
        session.execute(sa.update(audit_detail).values(detail=None, purged_at=NOW))
    assert kept.faults() == []


def test_another_key_finds_nothing_whole(kept: Kept) -> None:
    kept.store = EvidenceStore(kept.root, Vault(b"x" * 32))
    assert kinds(kept.faults()).count("changed") == len(kept.bodies())


def test_a_store_that_is_away_is_told_as_such_and_nothing_is_called_missing(kept: Kept) -> None:
    kept.store = EvidenceStore(kept.root, kept.store.vault, Folder(kept.home / "belum-terpasang"))
    with pytest.raises(StoreUnavailable, match="tidak dapat dibuka"):
        kept.check()


def test_a_large_store_is_gone_through_folder_by_folder_with_the_same_findings(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.bodies()[0].unlink()
    kept.store.put(b"tertinggal")
    together = kept.check()
    monkeypatch.setattr(integrity, "_TOGETHER", 0)
    apart = kept.check()
    assert (apart.faults, apart.notes, apart.files) == (together.faults, together.notes, together.files)


def test_an_empty_office_is_whole(database: Database, tmp_path: Path) -> None:
    (tmp_path / "bukti").mkdir()
    with database.write() as session:
        audit.record(session, actor="rina", action="sign_in", subject="user:1", detail={}, now=NOW)
    found = check_evidence(database, EvidenceStore(tmp_path / "bukti", Vault(b"k" * 32)), Silent())
    assert (found.faults, found.notes) == ([], [])
