from __future__ import annotations

from dataclasses import replace

import pytest

from db import attributions, cases, contests, tokens, users
from db.connect import Database
from monitor.domain import AttributionStatus, CaseFilter, CaseOrder, Grant, Role
from monitor.domain.attributions import AttributionFilter
from monitor.passwords import hash_token
from monitor.vault import Vault
from tests.web import world
from tests.web.conftest import Browser
from tests.web.samples import NOW

LISTS = {
    "cases": (Role.PENGAWAS, Role.KOORDINATOR, Role.DPO),
    "people": (Role.PENGAWAS, Role.KOORDINATOR, Role.DPO),
    "attributions": (Role.PENGAWAS, Role.KOORDINATOR),
    "contests": (Role.PENGAWAS, Role.KOORDINATOR, Role.ADMIN),
    "sources": tuple(Role),
    "nights": tuple(Role),
    "reports": (Role.PENGAWAS, Role.KOORDINATOR, Role.ANALIS),
    "audit": (Role.AUDITOR, Role.DPO, Role.KOORDINATOR),
    "users": (Role.ADMIN,),
    "views": (Role.PENGAWAS, Role.KOORDINATOR, Role.DPO),
}
ROWS = {"audit": "rows"}


@pytest.fixture
def office(database: Database, vault: Vault) -> Database:
    world.found(database, vault, (replace(world.ANI, status=AttributionStatus.PROPOSED), world.DEDI, world.SARI))
    return database


def token_for(database: Database, role: Role, region: str = "", only: Role | None = None) -> dict[str, str]:
    """Return the headers of a token of a new user."""
    with database.write() as session:
        name = f"{role.value}-{only.value if only else 'semua'}"
        user = users.add_user(session, name, name, "x", NOW)
        for held in {role, only or role}:
            users.grant_role(session, user.id, Grant(held, region), NOW)
        tokens.add_token(session, tokens.NewToken(user.id, "uji", hash_token(f"token-{name}"), role=only), NOW)
    return {"Authorization": f"Bearer token-{name}"}


def numbers(database: Database, name: str) -> dict[str, int]:
    """Return the numbers under which things of a person are asked for."""
    with database.read() as session:
        case = next(c for c in cases.list_cases(session, CaseFilter(limit=None)).rows if c.person.name == name)
        rows = [
            row
            for status in AttributionStatus
            for row in attributions.list_attributions(session, AttributionFilter(status=status)).rows
        ]
        (contest,) = contests.load_contests(session)
    attribution = next(row.id for row in rows if row.person.name == name)
    return {"cases": case.id, "people": case.person.id, "attributions": attribution, "contests": contest.id}


def test_what_lies_elsewhere_is_answered_like_what_does_not_exist(browser: Browser, office: Database) -> None:
    client = browser("tetangga")
    for kind, number in numbers(office, "ANI CONTOH").items():
        there, missing = client.get(f"/api/{kind}/{number}"), client.get(f"/api/{kind}/987654")
        assert (there.status_code, missing.status_code) == (404, 404), kind
        assert there.json() == {key: text.replace("987654", str(number)) for key, text in missing.json().items()}


def test_lists_name_nobody_of_another_place(browser: Browser, office: Database) -> None:
    client = browser("tetangga")
    for kind in ("cases", "people", "attributions"):
        for query in ("text=contoh", "region=99.01", "status=verified"):
            text = client.get(f"/api/{kind}?{query}").text
            assert "ANI CONTOH" not in text, kind
            assert "DEDI CONTOH" not in text, kind
    assert client.get("/api/contests?text=contoh").json()["contests"] == []


def test_each_list_opens_to_its_roles_only(browser: Browser, office: Database) -> None:
    client = browser()
    for role in Role:
        headers = token_for(office, role)
        for kind, roles in LISTS.items():
            answer = client.get(f"/api/{kind}", headers=headers)
            if role in roles:
                assert answer.status_code == 200, (role, kind)
            else:
                assert answer.status_code == 403 or answer.json()[ROWS.get(kind, kind)] == [], (role, kind)


def test_a_token_of_one_role_does_not_use_the_others_of_its_user(browser: Browser, office: Database) -> None:
    headers = token_for(office, Role.ADMIN, only=Role.ANALIS)
    client = browser()
    assert client.get("/api/reports", headers=headers).status_code == 200
    assert client.get("/api/users", headers=headers).status_code == 403


def test_users_are_listed_without_their_secrets(browser: Browser, office: Database) -> None:
    (row,) = browser("admin").get("/api/users?text=rina").json()["users"]
    assert row == {
        "id": row["id"],
        "name": "rina",
        "full_name": "Rina Contoh",
        "active": True,
        "agency": "",
        "grants": [{"role": "pengawas", "jurisdiction": "99.01"}],
    }


def test_a_look_by_a_program_is_audited_under_its_user(browser: Browser, office: Database) -> None:
    client, number = browser(), numbers(office, "ANI CONTOH")["attributions"]
    client.get(f"/api/attributions/{number}", headers=token_for(office, Role.PENGAWAS, "99.01"))
    asked = "/api/audit?action=attribution_viewed"
    rows = client.get(asked, headers=token_for(office, Role.AUDITOR)).json()["rows"]
    assert [(row["actor"], row["subject"]) for row in rows] == [("pengawas-semua", f"attribution:{number}")]
    assert client.get(asked, headers=token_for(office, Role.KOORDINATOR, "98.02")).json()["rows"] == []


def test_a_parameter_that_cannot_be_read_is_told(browser: Browser, office: Database) -> None:
    client = browser("rina")
    for query in ("limit=0", "limit=201", "status=entah", "since=kemarin", "candidate=0", "candidate=9" + "9" * 20,
                  "after=" + "x" * 81, "order=acak"):  # fmt: skip
        answer = client.get(f"/api/cases?{query}")
        assert answer.status_code == 400, query
        assert set(answer.json()) == {"error", "mend"}


def test_a_place_of_another_order_breaks_nothing(browser: Browser, office: Database) -> None:
    client = browser("rina")
    for order in CaseOrder:
        for after in ("1~", "1~x", "1~0.5", "x", "1~2024-11-03T00:00:00+00:00", "1~inf", "~"):
            asked = {"after": after, "order": order.value, "text": "contoh"}
            assert client.get("/api/cases", params=asked).status_code == 200, asked
