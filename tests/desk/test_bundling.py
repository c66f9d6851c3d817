"""Handing evidence out: who may, what is recorded, and that the same evidence gives the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from db import audit
from db.connect import Database
from db.tables import capture, evidence_file, interaction_capture, retention_event
from monitor import desk
from monitor.desk.bundling import Bundled, BundleOffice, BundleWish, make_bundle
from monitor.domain import Act, Grant, NoteKind, Role, UserRow
from monitor.errors import DatabaseError, EvidenceError, PantauError, RefusedError, UsageError
from monitor.evidence.bundle_facts import BundleFacts
from monitor.evidence.bundle_verify import check_bundle
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book
from tests.evidence.bundles import unpacked

LATER = NOW + timedelta(hours=1)
STRANGER = "warga.rekaan.test"
ANSWER = json.dumps({
    "likes": [{"actor": {"handle": STRANGER}}, {"actor": {"did": "did:plc:asn1", "handle": "pegawai1.contoh.test"}}]
}).encode()  # fmt: skip
EXPORT = b'{"item_id": "s1", "actor": "pegawai1.contoh.test"}'
REASON = "permintaan majelis, surat nomor 4"


def papers(told: BundleFacts) -> Mapping[str, bytes]:
    return {"salinan.html": f"{told.detail.row.person.name} {told.as_of}".encode()}


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def office(database: Database, vault: Vault, tmp_path: Path) -> BundleOffice:
    store = EvidenceStore(tmp_path / "bukti", vault)
    return BundleOffice(database, store, "Bawaslu Kabupaten Contoh", "pantau 0", papers)


@pytest.fixture
def case_id(database: Database, book: Book, office: BundleOffice) -> int:
    return casebook.one_case(database, book, 1, Act.LIKE, "s1", sha=office.store.put(ANSWER))


def make(office: BundleOffice, wish: BundleWish, folder: Path, name: str = "a.zip") -> Bundled:
    return make_bundle(office, wish, folder / name, LATER)


def recorded(database: Database) -> list[audit.AuditRow]:
    with database.read() as session:
        return audit.tail(session, action="bundle_exported")


def test_a_bundle_of_a_case_is_whole_and_names_no_bystander(office: BundleOffice, case_id: int, tmp_path: Path) -> None:
    made = make(office, BundleWish(case_id), tmp_path)
    checked = check_bundle(made.path, lambda _answer, _manifest: NOW)
    assert (checked.faults, checked.sha256, checked.case_id) == ([], made.sha256, case_id)
    assert STRANGER.encode() not in made.path.read_bytes()


def test_the_same_case_gives_the_same_bytes_however_often_it_is_handed_out(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book
) -> None:
    wishes = (BundleWish(case_id), BundleWish(case_id, book.rina), BundleWish(case_id, book.bayu))
    made = [make(office, wish, tmp_path, f"{number}.zip") for number, wish in enumerate(wishes)]
    assert len({one.sha256 for one in made}) == 1


def test_what_happens_to_a_case_is_in_its_next_bundle(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book
) -> None:
    before = unpacked(make(office, BundleWish(case_id), tmp_path).path)["riwayat.json"]
    desk.note(office.database, case_id, book.rina, "isi catatan petugas", NoteKind.CATATAN, LATER)
    after = unpacked(make(office, BundleWish(case_id), tmp_path, "b.zip").path)["riwayat.json"]
    kinds = [[row["row"]["kind"] for row in json.loads(told)["events"]] for told in (before, after)]
    assert kinds[1] == [*kinds[0], "noted"]
    assert b"isi catatan petugas" not in after


def test_making_a_bundle_is_recorded_with_its_hash(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book, database: Database
) -> None:
    made = make(office, BundleWish(case_id, book.rina), tmp_path)
    (row,) = recorded(database)
    assert (row.actor, row.subject) == ("rina", f"case:{case_id}")
    assert json.loads(row.detail or "")["sha256"] == made.sha256


def test_raw_answers_go_along_for_a_coordinator_with_a_reason(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book, database: Database
) -> None:
    made = make(office, BundleWish(case_id, book.bayu, raw=True, reason=REASON), tmp_path)
    assert "arsip-mentah.wacz" in unpacked(made.path)
    assert check_bundle(made.path, lambda _answer, _manifest: NOW).faults == []
    assert json.loads(recorded(database)[0].detail or "")["reason"] == REASON


def test_what_an_officer_brought_goes_along_raw_in_a_web_archive_as_a_resource(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book, database: Database
) -> None:
    brought = office.store.put(EXPORT)
    with database.write() as session:
        session.execute(sa.insert(evidence_file).values(sha256=brought, size=len(EXPORT), origin="officer"))
        values = {
            "source": "bluesky", "endpoint": "zeeschuimer", "url": "file:ekspor.ndjson#1", "url_hash": brought,
            "final_url": "file:ekspor.ndjson#1", "status": 200, "headers": [], "sha256": brought, "size": len(EXPORT),
            "fetched_at": NOW, "mapper": "zeeschuimer/1", "collector": "rina",
        }  # fmt: skip
        number = session.execute(sa.insert(capture).values(values).returning(capture.c.id)).scalar_one()
        act = session.execute(sa.select(interaction_capture.c.interaction_id)).scalars().first()
        session.execute(sa.insert(interaction_capture).values(interaction_id=act, capture_id=number, pointer="/1"))
    made = make(office, BundleWish(case_id, book.bayu, raw=True, reason=REASON), tmp_path)
    with zipfile.ZipFile(io.BytesIO(unpacked(made.path)["arsip-mentah.wacz"])) as archive:
        records = ArchiveIterator(io.BytesIO(archive.read("archive/data.warc.gz")))
        kinds = {record.content_stream().read(): record.rec_type for record in records}
    assert (kinds[EXPORT], kinds[ANSWER]) == ("resource", "response")


def tied(user: UserRow) -> UserRow:
    return replace(user, agency="Dinas Contoh")


def analyst(user: UserRow) -> UserRow:
    return replace(user, grants=(Grant(Role.ANALIS, "99.01"),))


def refusal(office: BundleOffice, wish: BundleWish, folder: Path) -> type[PantauError]:
    with pytest.raises(PantauError) as error:
        make(office, wish, folder)
    return error.type


def test_nobody_else_gets_one_and_nothing_is_written(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book, database: Database
) -> None:
    wishes = {
        "a reviewer, raw": (BundleWish(case_id, book.rina, raw=True, reason=REASON), RefusedError),
        "a coordinator, raw without a reason": (BundleWish(case_id, book.bayu, raw=True, reason="perlu"), UsageError),
        "nobody by name, raw": (BundleWish(case_id, raw=True, reason=REASON), RefusedError),
        "a coordinator of another place": (BundleWish(case_id, book.tono), UsageError),
        "somebody of the person's own agency": (BundleWish(case_id, tied(book.bayu)), RefusedError),
        "an analyst": (BundleWish(case_id, analyst(book.bayu)), UsageError),
    }
    told = {who: refusal(office, wish, tmp_path) for who, (wish, _) in wishes.items()}
    assert told == {who: error for who, (_, error) in wishes.items()}
    assert list(tmp_path.glob("*.zip")) == []
    assert recorded(database) == []


def test_whoever_declared_a_tie_gets_none(
    office: BundleOffice, case_id: int, tmp_path: Path, book: Book, database: Database
) -> None:
    desk.declare_tie(database, case_id, book.rina, next(iter(desk.recusal.REASONS)), NOW)
    with pytest.raises(RefusedError):
        make(office, BundleWish(case_id, book.rina), tmp_path)


def test_a_case_that_is_not_there_is_said_not_to_be(office: BundleOffice, tmp_path: Path, book: Book) -> None:
    with pytest.raises(UsageError, match="tidak ada"):
        make(office, BundleWish(999_999), tmp_path)


def test_lost_evidence_stops_the_bundle(office: BundleOffice, database: Database, book: Book, tmp_path: Path) -> None:
    lost = casebook.like_case(database, book, name="hilang")
    with pytest.raises(EvidenceError, match="hilang"):
        make(office, BundleWish(lost), tmp_path)
    assert recorded(database) == []


def test_purged_evidence_is_left_out_and_said_so(
    office: BundleOffice, database: Database, book: Book, tmp_path: Path
) -> None:
    purged = casebook.like_case(database, book, name="dibersihkan")
    with database.write() as session:
        row = session.execute(sa.text("SELECT sha256 FROM capture ORDER BY id DESC LIMIT 1")).scalar_one()
        made = {"at": NOW, "actor": "program", "action": "purged", "subject_kind": "evidence_file", "subject_id": row}
        session.execute(sa.insert(retention_event).values(made | {"reason": "masa simpan habis"}))
    bundled = make(office, BundleWish(purged), tmp_path)
    assert check_bundle(bundled.path, lambda _answer, _manifest: NOW).faults == []


def test_a_bundle_that_cannot_be_recorded_is_not_left_lying(
    office: BundleOffice, case_id: int, tmp_path: Path, database: Database
) -> None:
    make(office, BundleWish(case_id), tmp_path).path.unlink()
    with database.write() as session:
        session.execute(
            sa.text("DROP TABLE audit_detail" + (" CASCADE" if session.dialect.name == "postgresql" else ""))
        )
    with pytest.raises(DatabaseError):
        make(office, BundleWish(case_id), tmp_path)
    assert list(tmp_path.glob("*.zip")) == []
