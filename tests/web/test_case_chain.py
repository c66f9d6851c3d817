"""The page of a case tells of its manifests, of stamps on them, and of the decisions that rest on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import cases, manifests
from db.connect import Database
from monitor import sealing
from monitor.domain import CaseFilter
from monitor.domain.manifests import Stamp
from monitor.evidence.store import EvidenceStore
from monitor.web.app import WebDeps, create_app
from tests.web import world
from tests.web.browsing import parsed, sign_in, submit, words
from tests.web.samples import NOW

Browser = Callable[..., TestClient]
AUTHORITY = "https://tsa.contoh.example/stempel"


@pytest.fixture
def deps(deps: WebDeps, tmp_path_factory: pytest.TempPathFactory) -> WebDeps:
    world.found(deps.database, deps.vault)
    return replace(deps, evidence=EvidenceStore(tmp_path_factory.mktemp("bukti"), deps.vault))


def case_of(database: Database, name: str = "ANI CONTOH") -> int:
    with database.read() as session:
        rows = cases.list_cases(session, CaseFilter(), NOW).rows
    return next(row.id for row in rows if row.person.name == name)


def band(client: TestClient, case_id: int) -> str:
    page = parsed(client.get(f"/informasi-awal/{case_id}"))
    found = page.css_first("section[aria-labelledby=manifes]")
    assert found is not None
    return " ".join(found.text(separator=" ").split())


def test_a_case_without_a_manifest_says_when_one_is_made(browser: Browser, deps: WebDeps) -> None:
    assert "Belum ada manifes" in band(browser("rina"), case_of(deps.database))


def test_manifests_show_number_hash_and_stamp(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database)
    assert deps.evidence is not None
    row = sealing.seal(deps.database, deps.evidence, case_id, NOW)
    assert row is not None
    client = browser("rina")
    shown = band(client, case_id)
    assert "nomor 1" in shown
    assert row.sha256 in shown.replace(" ", "")
    assert "belum ada" in shown
    with deps.database.write() as session:
        manifests.keep_stamp(session, row, Stamp(AUTHORITY, NOW + timedelta(hours=7), b"jawaban"), NOW)
    assert "tsa.contoh.example" in band(client, case_id)


def propose(client: TestClient, case_id: int, note: str) -> Response:
    path = f"/informasi-awal/{case_id}"
    for to, reason in (("ditinjau", "mulai_tinjau"), ("diusulkan", "indikasi_kuat")):
        answer = submit(client, client.get(path), f"{path}/putuskan", ke=to, catatan=note, **{f"alasan__{to}": reason})
    return answer


def test_a_proposal_makes_the_manifest_and_the_page_names_it(browser: Browser, deps: WebDeps) -> None:
    case_id, client = case_of(deps.database), browser("rina")
    assert propose(client, case_id, "").status_code == 303
    shown = band(client, case_id)
    assert "Dasar keputusan Diusulkan" in shown
    assert "rina" in shown


@pytest.fixture
def full(deps: WebDeps, tmp_path: Path) -> WebDeps:
    """A console whose evidence store cannot take anything more."""
    (tmp_path / "berkas").write_text("bukan folder")
    return replace(deps, evidence=EvidenceStore(tmp_path / "berkas", deps.vault))


def test_without_room_for_the_manifest_the_note_comes_back(full: WebDeps) -> None:
    case_id = case_of(full.database)
    with TestClient(create_app(full), base_url="http://localhost:8000", follow_redirects=False) as client:
        sign_in(client, "rina")
        answer = propose(client, case_id, "catatan yang panjang")
    assert answer.status_code == 422
    assert "Bukti tidak dapat disimpan" in words(answer)
    assert "catatan yang panjang" in words(answer)
