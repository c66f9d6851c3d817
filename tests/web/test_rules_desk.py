from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import activations, audit, cases, suppressions, users
from monitor.cli.console import console_parts
from monitor.domain import CaseFilter, Grant, Role, RuleStatus
from monitor.web.app import create_app
from monitor.workspace import Workspace, workspace
from tests.cli.conftest import filled  # noqa: F401 - a workspace after one night
from tests.scan.own_rules import text
from tests.web.browsing import hidden_fields, parsed, sign_in, submit, words

RULE = "aturan-kantor"
SHIPPED = "suka-unggahan-akun-kampanye"
Visit = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def office(filled: Path, password_hash: str) -> Path:  # noqa: F811 - the fixture of that name
    """The workspace with a rule of its own, not yet in force, and readers of every kind."""
    (filled / "aturan").mkdir(exist_ok=True)
    (filled / "aturan" / "kantor.yml").write_text(text("draft").replace("max_per_1000: 50", "max_per_1000: 1000"))
    with workspace(filled) as opened, opened.database.write() as session:
        for name, role, region in (
            ("tetangga", Role.PENGAWAS, "98.02"),
            ("lia", Role.AUDITOR, ""),
            ("nadia", Role.DPO, "99"),
        ):
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, opened.clock())
            users.grant_role(session, user.id, Grant(role, region), opened.clock())
        for user in users.list_users(session):
            users.set_password(session, user.id, password_hash)
    return filled


@pytest.fixture
def space(office: Path, tmp_path: Path) -> Iterator[Workspace]:
    with workspace(Path(shutil.copytree(office, tmp_path / "office"))) as opened:
        yield opened


@pytest.fixture
def visit(space: Workspace) -> Iterator[Visit]:
    app = create_app(replace(console_parts(space), second_factor=False))
    with ExitStack() as stack:

        def start(name: str) -> TestClient:
            client = TestClient(app, base_url="http://localhost:8000", follow_redirects=False)
            stack.callback(client.close)
            assert sign_in(client, name).status_code == 303
            return client

        yield start


def send(client: TestClient, step: str, rule: str = RULE, **fields: str) -> Response:
    return submit(client, client.get(f"/aturan/{rule}"), f"/aturan/{rule}/{step}", **fields)


def tried(client: TestClient) -> Response:
    """Start a trial and wait until its figures are there."""
    assert send(client, "uji").status_code == 303
    for _ in range(200):
        page: Response = client.get(f"/aturan/{RULE}")
        if parsed(page).css_first("#uji-balik[hx-get]") is None:
            return page
        time.sleep(0.05)
    raise AssertionError("the trial did not end")


def token_of(client: TestClient) -> str:
    return hidden_fields(client.get("/"), "/keluar")["tanda"]


def standing(space: Workspace) -> RuleStatus | None:
    with space.database.read() as session:
        order = activations.standing(session).get(RULE)
    return order.status if order else None


def test_a_trial_that_ended_with_the_console_is_told(visit: Visit, space: Workspace) -> None:
    assert "konsol berhenti" not in words(visit("rina").get(f"/aturan/{RULE}"))
    with space.database.write() as session:
        now, subject = space.clock(), f"rule:{RULE}"
        audit.record(session, actor="rina", action="rule_trial_started", subject=subject, detail={}, now=now)
    assert "dimulai rina" in words(visit("rina").get(f"/aturan/{RULE}"))


def test_the_list_names_every_rule_with_its_status_and_hits(visit: Visit) -> None:
    page = visit("rina").get("/aturan")
    told = words(page)
    assert SHIPPED in told
    assert "aturan kantor" in told
    assert "Pertahankan" in told or "Belum cukup data" in told
    assert "rancangan" in words(visit("rina").get("/aturan?status=draft")).lower()


def test_a_rule_is_told_in_words_with_law_examples_and_file(visit: Visit) -> None:
    told = words(visit("rina").get(f"/aturan/{SHIPPED}"))
    for part in (
        "Sedikitnya satu dari syarat berikut terpenuhi",
        "akun pihak pasangan calon",
        "Lampiran II, baris B6",
        "Tersentuh tidak sengaja",
        "Harus kena",
        "catalog/suka-unggahan-akun-kampanye.yml",
    ):
        assert part in told


def test_a_pattern_rule_is_told_by_its_window(visit: Visit) -> None:
    told = words(visit("rina").get("/aturan/pola-berulang"))
    assert "mencapai 6 dalam 7 hari" in told
    assert "Uji pada tindakan tersimpan" not in told


def test_a_trial_shows_its_figures_and_lets_two_people_activate_the_rule(visit: Visit, space: Workspace) -> None:
    rina, bayu = visit("rina"), visit("bayu")
    assert "belum diuji" in words(send(rina, "usul", ke="active", alasan="perlu"))
    told = words(tried(rina))
    assert "Lolos" in told
    assert "oleh rina" in told
    assert send(rina, "usul", ke="active", alasan="perlu").status_code == 303
    own = rina.get(f"/aturan/{RULE}")
    assert not parsed(own).css(f'form[action="/aturan/{RULE}/setujui"]')
    forged = rina.post(f"/aturan/{RULE}/setujui", data={"tanda": token_of(rina), "ke": "active"})
    assert forged.status_code == 403
    assert standing(space) is None
    assert send(bayu, "setujui").status_code == 303
    assert standing(space) is RuleStatus.ACTIVE


def test_a_proposal_is_withdrawn_with_a_reason(visit: Visit, space: Workspace) -> None:
    rina = visit("rina")
    send(rina, "usul", ke="shadow", alasan="coba")
    assert send(rina, "tarik", alasan=" ").status_code == 422
    assert send(rina, "tarik", alasan="salah pilih").status_code == 303
    with space.database.read() as session:
        assert activations.waiting(session) == []


@pytest.mark.parametrize(("step", "fields"), [("usul", {"ke": "draft", "alasan": "x"}), ("usul", {"ke": "shadow"})])
def test_a_wish_that_lacks_something_comes_back(visit: Visit, step: str, fields: dict[str, str]) -> None:
    assert send(visit("rina"), step, **fields).status_code == 422


def test_hits_are_shown_to_reviewers_of_the_place_only_and_audited(visit: Visit, space: Workspace) -> None:
    assert "Indikasi terbaru di wilayah Anda" in words(visit("rina").get(f"/aturan/{SHIPPED}"))
    with space.database.read() as session:
        (seen,) = audit.tail(session, 1, action="rule_hits_viewed")
    assert (seen.actor, seen.subject) == ("rina", f"rule:{SHIPPED}")
    for name in ("tetangga", "lia"):
        assert "Indikasi terbaru di wilayah Anda" not in words(visit(name).get(f"/aturan/{SHIPPED}"))


def test_readers_of_rules_propose_nothing(visit: Visit, space: Workspace) -> None:
    lia = visit("lia")
    page = lia.get(f"/aturan/{RULE}")
    assert not parsed(page).css('form[action^="/aturan/"]')
    for step in ("usul", "setujui", "tarik", "uji"):
        data = {"tanda": token_of(lia), "ke": "shadow", "alasan": "x"}
        assert lia.post(f"/aturan/{RULE}/{step}", data=data).status_code in (403, 409)
    assert standing(space) is None


@pytest.mark.parametrize("path", ["/aturan", f"/aturan/{SHIPPED}", "/aturan/penangguhan"])
def test_whoever_reads_no_rules_is_refused(visit: Visit, path: str) -> None:
    assert visit("nadia").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/aturan/tidak-ada", "/aturan/..%2f..%2fpantau.toml", "/aturan/<b>"])
def test_an_unknown_rule_is_not_there(visit: Visit, path: str) -> None:
    assert visit("rina").get(path).status_code == 404


def suppress(client: TestClient, **fields: str) -> Response:
    form = {"aturan": SHIPPED, "alasan": "akun dinas", "sampai": "2024-12-20"} | fields
    return submit(client, client.get("/aturan/penangguhan"), "/aturan/penangguhan", **form)


def until(space: Workspace, days: int) -> str:
    return (space.clock() + timedelta(days=days)).date().isoformat()


def test_two_people_suppress_and_one_ends_it(visit: Visit, space: Workspace) -> None:
    rina, bayu = visit("rina"), visit("bayu")
    assert suppress(rina, sampai=until(space, 10)).status_code == 303
    with space.database.read() as session:
        (row,) = suppressions.list_suppressions(session)
    own = rina.get("/aturan/penangguhan")
    assert not parsed(own).css(f'form[action="/aturan/penangguhan/{row.id}/setujui"]')
    page = bayu.get("/aturan/penangguhan")
    assert submit(bayu, page, f"/aturan/penangguhan/{row.id}/setujui").status_code == 303
    page = rina.get("/aturan/penangguhan")
    assert "Berlaku" in words(page)
    assert submit(rina, page, f"/aturan/penangguhan/{row.id}/akhiri", alasan="kembali").status_code == 303
    assert "Berakhir" in words(rina.get("/aturan/penangguhan"))


@pytest.mark.parametrize(
    "fields",
    [{"sampai": ""}, {"sampai": "2001-01-01"}, {"sampai": "2999-01-01"}, {"alasan": ""}, {"aturan": "tidak-ada"},
     {"aturan": ""}, {"perkara": "x"}, {"perkara": "987654"}],
)  # fmt: skip
def test_a_suppression_that_lacks_something_comes_back(visit: Visit, space: Workspace, fields: dict[str, str]) -> None:
    assert suppress(visit("rina"), **({"sampai": until(space, 10)} | fields)).status_code in (403, 422)
    with space.database.read() as session:
        assert suppressions.list_suppressions(session) == []


def test_a_suppression_about_a_person_elsewhere_is_not_there(visit: Visit, space: Workspace) -> None:
    with space.database.read() as session:
        case = cases.list_cases(session, CaseFilter(limit=1, jurisdictions=("99.01",))).rows[0]
    assert suppress(visit("rina"), perkara=str(case.id), sampai=until(space, 10)).status_code == 303
    with space.database.read() as session:
        (row,) = suppressions.list_suppressions(session)
    for name in ("tetangga", "lia"):
        client = visit(name)
        told = words(client.get("/aturan/penangguhan"))
        assert case.person.name not in told
        assert "1 penangguhan lain" in told
        for step in ("setujui", "akhiri"):
            data = {"tanda": token_of(client), "alasan": "x"}
            assert client.post(f"/aturan/penangguhan/{row.id}/{step}", data=data).status_code == 404
