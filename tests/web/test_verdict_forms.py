from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import cases, verdicts
from db.connect import Database
from monitor.domain import CaseFilter
from monitor.vault import Vault
from tests.web import world
from tests.web.browsing import submit, words
from tests.web.conftest import Browser


@pytest.fixture
def case_id(database: Database, vault: Vault) -> int:
    world.found(database, vault)
    with database.read() as session:
        rows = cases.list_cases(session, CaseFilter(limit=None)).rows
    return next(row.id for row in rows if row.person.name == "ANI CONTOH")


@pytest.fixture
def hit_id(database: Database, case_id: int) -> int:
    with database.read() as session:
        return cases.case_detail(session, case_id).hits[0].brief.id


def say(client: TestClient, case_id: int, hit_id: int, **fields: str) -> Response:
    page = client.get(f"/informasi-awal/{case_id}")
    return submit(client, page, f"/informasi-awal/{case_id}/indikasi/{hit_id}", **fields)


def said(database: Database, hit_id: int) -> list[tuple[str, str, str]]:
    with database.read() as session:
        rows = verdicts.verdicts_of(session, [hit_id]).get(hit_id, ())
    return [(row.user, row.verdict.value, row.reason) for row in rows]


def test_a_reviewer_judges_a_hit_with_a_plain_form(
    browser: Browser, database: Database, case_id: int, hit_id: int
) -> None:
    client = browser("rina")
    answer = say(client, case_id, hit_id, nilai="keliru", alasan="kedinasan")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/informasi-awal/{case_id}?kabar=nilai")
    assert said(database, hit_id) == [("rina", "keliru", "kedinasan")]
    text = words(client.get(answer.headers["location"]))
    assert "Nilai indikasi tersimpan." in text
    assert "rina menilai aturan ini salah : dalam rangka kedinasan" in text


@pytest.mark.parametrize("fields", [{"nilai": "", "alasan": ""}, {"nilai": "keliru", "alasan": ""}, {"nilai": "x"}])
def test_a_form_that_lacks_something_comes_back_with_the_reason(
    browser: Browser, database: Database, case_id: int, hit_id: int, fields: dict[str, str]
) -> None:
    answer = say(browser("rina"), case_id, hit_id, **fields)
    assert answer.status_code == 422
    assert "ilai" in words(answer)
    assert said(database, hit_id) == []


def test_a_form_without_its_token_is_refused(browser: Browser, database: Database, case_id: int, hit_id: int) -> None:
    client = browser("rina")
    answer = client.post(f"/informasi-awal/{case_id}/indikasi/{hit_id}", data={"nilai": "tepat", "tanda": "x"})
    assert answer.status_code == 403
    assert said(database, hit_id) == []


def test_whoever_does_not_see_the_case_cannot_judge_its_hits(
    browser: Browser, database: Database, case_id: int, hit_id: int
) -> None:
    client = browser("tetangga")
    page = client.get("/antrean")
    token = page.text.split('name="tanda" value="')[1].split('"')[0]
    answer = client.post(f"/informasi-awal/{case_id}/indikasi/{hit_id}", data={"nilai": "tepat", "tanda": token})
    assert answer.status_code == 404
    assert said(database, hit_id) == []


def test_a_hit_is_judged_in_its_own_case_only(browser: Browser, database: Database, case_id: int, hit_id: int) -> None:
    client = browser("rina")
    page = client.get(f"/informasi-awal/{case_id}")
    token = page.text.split('name="tanda" value="')[1].split('"')[0]
    answer = client.post(f"/informasi-awal/{case_id}/indikasi/999", data={"nilai": "tepat", "tanda": token})
    assert answer.status_code == 422
    assert said(database, hit_id) == []


def test_the_form_says_that_it_decides_nothing(browser: Browser, case_id: int, hit_id: int) -> None:
    page = browser("rina").get(f"/informasi-awal/{case_id}")
    assert f"/informasi-awal/{case_id}/indikasi/{hit_id}" in page.text
    assert "ia tidak memutuskan informasi awal ini" in words(page)


def test_users_who_review_nothing_see_no_form(browser: Browser, case_id: int) -> None:
    page = browser("admin").get(f"/informasi-awal/{case_id}")
    assert "/indikasi/" not in page.text
