"""Handing out the evidence of a case in the console."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import audit
from db.audit import AuditRow
from db.connect import Database
from monitor.desk.bundling import BundleOffice, BundleWish, make_bundle
from monitor.domain import UserRow
from monitor.evidence.bundle_verify import check_bundle
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import PASSWORD, hidden_fields, submit, words
from tests.web.conftest import Browser, Clock
from tests.web.samples import NOW
from tests.web.test_case_pages import numbers

STRANGER = "warga.rekaan.test"
ANSWER = json.dumps({"thread": [{"handle": STRANGER}, {"did": world.ANI.ref.user_id}]}).encode()
REASON = "surat permintaan nomor 4"


@pytest.fixture
def start(
    browser: Browser, database: Database, vault: Vault, clock: Clock, tmp_path: Path
) -> Callable[[str], TestClient]:
    """Open a browser on a console that writes bundles of Kabupaten Contoh."""
    store = EvidenceStore(tmp_path / "bukti", vault)
    world.found(database, vault, answer=store.put(ANSWER))
    office = BundleOffice(database, store, "Bawaslu Contoh", "pantau 0", lambda _told: {"salinan.html": b"salinan"})

    def write(case_id: int, user: UserRow, reason: str | None, folder: Path) -> Path:
        wish = BundleWish(case_id, user, raw=reason is not None, reason=reason or "")
        return make_bundle(office, wish, folder / f"bukti-informasi-awal-{case_id}.zip", clock()).path

    return lambda name: browser(name, bundle=write, evidence=store)


@pytest.fixture
def path(start: Callable[[str], TestClient], database: Database) -> str:
    return f"/informasi-awal/{numbers(database)['ANI CONTOH']}"


def exports(database: Database) -> list[AuditRow]:
    with database.read() as session:
        return audit.tail(session, action="bundle_exported")


def download(client: TestClient, path: str, **fields: str) -> Response:
    return submit(client, client.get(path), f"{path}/paket", **fields)


def faults(answer: Response, folder: Path) -> list[str]:
    (folder / "x.zip").write_bytes(answer.content)
    return [str(fault) for fault in check_bundle(folder / "x.zip", lambda _answer, _manifest: NOW).faults]


def test_a_download_is_a_whole_bundle_without_bystanders_and_recorded(
    start: Callable[[str], TestClient], path: str, database: Database, tmp_path: Path
) -> None:
    answer = download(start("rina"), path)
    assert answer.headers["content-type"] == "application/zip"
    assert re.fullmatch(r'attachment; filename="bukti-informasi-awal-\d+\.zip"', answer.headers["content-disposition"])
    assert faults(answer, tmp_path) == []
    assert STRANGER.encode() not in answer.content
    (row,) = exports(database)
    assert (row.actor, row.subject) == ("rina", f"case:{path.rpartition('/')[2]}")
    assert json.loads(row.detail or "")["raw"] is False


@pytest.mark.parametrize("asked", ["", "bytes=0-9", "bytes=sembarang", "bytes=999999999-"])
def test_a_download_leaves_nothing_behind(
    start: Callable[[str], TestClient], path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    (tmp_path / "sementara").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "sementara"))
    client = start("rina")
    client.headers["Range"] = asked
    answer = download(client, path)
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(answer.content)))
    assert list((tmp_path / "sementara").iterdir()) == []
    assert [left.name for left in (tmp_path / "bukti").iterdir() if left.name.startswith(".")] == []


def test_only_a_coordinator_is_offered_raw_answers(start: Callable[[str], TestClient], path: str) -> None:
    offered = ["jawaban platform apa adanya" in words(start(name).get(path)) for name in ("rina", "joko")]
    assert offered == [False, True]


def test_raw_answers_are_refused_to_others(start: Callable[[str], TestClient], path: str, database: Database) -> None:
    assert download(start("rina"), path, mentah="1", alasan=REASON).status_code == 403
    assert exports(database) == []


def test_a_coordinator_gets_raw_answers_for_a_reason(
    start: Callable[[str], TestClient], path: str, database: Database, tmp_path: Path
) -> None:
    answer = download(start("joko"), path, mentah="1", alasan=REASON)
    assert b"arsip-mentah.wacz" in answer.content
    assert faults(answer, tmp_path) == []
    assert json.loads(exports(database)[0].detail or "")["reason"] == REASON


def test_raw_answers_without_a_reason_are_refused_in_words(start: Callable[[str], TestClient], path: str) -> None:
    answer = download(start("joko"), path, mentah="1", alasan="perlu")
    assert (answer.status_code, "perlu alasan" in words(answer)) == (422, True)


def test_raw_answers_want_fresh_proof(start: Callable[[str], TestClient], path: str, clock: Clock) -> None:
    client = start("joko")
    clock.forward(minutes=20)
    page = client.get(path)
    fields = {"mentah": "1", "alasan": REASON}
    asked = submit(client, page, f"{path}/paket", **fields)
    assert asked.status_code == 401
    assert hidden_fields(asked, f"{path}/paket")["alasan"] == REASON
    proven = submit(client, page, f"{path}/paket", **fields, bukti_diri=PASSWORD)
    assert proven.headers["content-type"] == "application/zip"


def test_a_console_without_a_writer_offers_none(browser: Browser, path: str) -> None:
    assert "Paket bukti" not in words(browser("rina").get(path))
