"""Decisions that go on towards a hand-over name the manifest of the evidence they rest on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import manifests
from db.connect import Database
from db.tables import review_event
from monitor import desk, sealing
from monitor.domain import CaseState, DecisionCommand, EventKind
from monitor.errors import EvidenceError, UsageError
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case

S = CaseState
STEPS = {S.DITINJAU: "mulai_tinjau", S.DIUSULKAN: "indikasi_kuat", S.DISETUJUI: "sesuai_usulan"}


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def manner(tmp_path: Path, vault: Vault) -> desk.Manner:
    return desk.Manner(store=EvidenceStore(tmp_path / "bukti", vault))


def go(database: Database, case_id: int, book: Book, manner: desk.Manner, *steps: CaseState) -> None:
    for to in steps:
        user = book.bayu if to is S.DISETUJUI else book.rina
        desk.decide(database, DecisionCommand(case_id, to, STEPS[to], user, note="catatan contoh"), NOW, manner)


def said(database: Database, case_id: int, to: CaseState) -> dict[str, object]:
    made = (review_event.c.case_id == case_id, review_event.c.to_state == to, review_event.c.kind == EventKind.DECIDED)
    with database.read() as session:
        return dict(json.loads(session.execute(sa.select(review_event.c.detail).where(*made)).scalar_one()))


def test_proposal_and_approval_name_the_manifest(database: Database, book: Book, manner: desk.Manner) -> None:
    case_id = comment_case(database, book)
    go(database, case_id, book, manner, S.DITINJAU, S.DIUSULKAN, S.DISETUJUI)
    with database.read() as session:
        (row,) = manifests.manifests(session, case_id)
    named = {"manifest": {"number": 1, "sha256": row.sha256}}
    assert [said(database, case_id, to) for to in (S.DITINJAU, S.DIUSULKAN, S.DISETUJUI)] == [{}, named, named]


def test_what_came_between_proposal_and_approval_is_named_by_the_approval(
    database: Database, book: Book, manner: desk.Manner
) -> None:
    case_id = comment_case(database, book)
    go(database, case_id, book, manner, S.DITINJAU, S.DIUSULKAN)
    assert comment_case(database, book, name="k2") == case_id
    go(database, case_id, book, manner, S.DISETUJUI)
    assert said(database, case_id, S.DIUSULKAN)["manifest"]["number"] == 1  # type: ignore[index]  # JSON
    assert said(database, case_id, S.DISETUJUI)["manifest"]["number"] == 2  # type: ignore[index]  # JSON


def test_who_proposes_makes_the_manifest(database: Database, book: Book, manner: desk.Manner) -> None:
    case_id = comment_case(database, book)
    go(database, case_id, book, manner, S.DITINJAU, S.DIUSULKAN)
    query = sa.text("SELECT actor, subject FROM audit_log WHERE action = 'evidence_sealed'")
    with database.read() as session:
        assert session.execute(query).all() == [("rina", f"case:{case_id}")]


class Full:
    """A store on a full disk."""

    def put(self, body: bytes) -> str:
        raise EvidenceError("Bukti tidak dapat disimpan: cakram penuh")

    def get(self, digest: str) -> bytes:
        raise EvidenceError("Bukti hilang")


def test_without_room_for_the_manifest_nothing_is_decided(database: Database, book: Book, manner: desk.Manner) -> None:
    case_id = comment_case(database, book)
    go(database, case_id, book, manner, S.DITINJAU)
    with pytest.raises(EvidenceError, match="cakram penuh"):
        go(database, case_id, book, desk.Manner(store=Full()), S.DIUSULKAN)
    with database.read() as session:
        assert desk.standing_of(database, case_id, book.rina, NOW).state is S.DITINJAU
        assert manifests.manifests(session, case_id) == ()


def test_who_does_not_see_the_case_makes_no_manifest(database: Database, book: Book, manner: desk.Manner) -> None:
    case_id = comment_case(database, book)
    with pytest.raises(UsageError):
        desk.decide(database, DecisionCommand(case_id, S.DIUSULKAN, "indikasi_kuat", book.tono), NOW, manner)
    with database.read() as session:
        assert manifests.manifests(session, case_id) == ()


def test_setting_aside_makes_no_manifest(database: Database, book: Book, manner: desk.Manner) -> None:
    case_id = comment_case(database, book)
    command = DecisionCommand(case_id, S.DIKESAMPINGKAN, "ganda", book.rina)
    desk.decide(database, command, NOW, desk.Manner(start=True, store=manner.store))
    with database.read() as session:
        assert manifests.manifests(session, case_id) == ()
        assert list(sealing.broken_chains(session)) == []
