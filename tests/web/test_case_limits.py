"""Further limits on the page of a case: begun and ended by an officer, with a ground, and shown with their warnings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import cases, judgements
from monitor.domain import CaseFilter, Employment, LawProfile, LegalClock, Regime
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.browsing import submit, words
from tests.web.samples import NOW, ROW_B6

Browser = Callable[..., TestClient]
SATGAS = LegalClock(Regime.PILKADA, "verifikasi_satgas", 7, "unspecified", "received_at", "SBT")


@pytest.fixture
def path(deps: WebDeps) -> str:
    """The page of a case whose law knows the limit of the Satgas."""
    world.found(deps.database, deps.vault)
    law = LawProfile("skb-2-2022", "SKB 2/2022", (Employment.PNS,), (ROW_B6,), clocks=(SATGAS,))
    with deps.database.write() as session:
        judgements.store_ruleset(session, "e" * 64, "{}", [], [law], NOW)
        rows = cases.list_cases(session, CaseFilter(), NOW).rows
    return f"/informasi-awal/{next(row.id for row in rows if row.person.name == 'ANI CONTOH')}"


def begin(client: TestClient, path: str, **fields: str) -> Response:
    given = {"jangka": "verifikasi_satgas", "sebab": "tanda terima SBT 12"} | fields
    return submit(client, client.get(path), f"{path}/jangka", **given)


def test_a_limit_begun_is_shown_with_its_warning_and_gone_when_ended(browser: Browser, path: str) -> None:
    client = browser("rina")
    assert begin(client, path, waktu=f"{NOW:%Y-%m-%dT%H:%M}").status_code == 303
    shown = words(client.get(path))
    assert "Tenggat verifikasi Satgas (SBT): hari ke-0 dari 7 hari kalender" in shown
    assert ", 24.00 WIB" in shown
    assert "tanda terima SBT 12" in shown
    assert "Peringatan" not in shown
    assert begin(client, path, berakhir="ya").status_code == 303
    assert "tidak ada yang berjalan" in words(client.get(path))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"waktu": "2024-10-05T10:00", "sebab": " "}, "Dasar penetapan masih kosong"),
        ({"waktu": "2099-01-01T10:00"}, "ada di masa depan"),
        ({"waktu": "kemarin"}, "tidak terbaca"),
        ({"waktu": "2024-10-05T10:00", "jangka": "lapor"}, "tidak dikenal"),
    ],
)
def test_what_cannot_be_is_said(browser: Browser, path: str, fields: dict[str, str], said: str) -> None:
    answer = begin(browser("rina"), path, **fields)
    assert answer.status_code == 422
    assert said in words(answer)
