"""The JSON of /api against its own document: everything a program may ask, and answers of the promised shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis import checks as known_checks
from schemathesis.specs.openapi import checks as openapi_checks

from db import tokens, users
from monitor.cli.console import console_parts
from monitor.domain import Grant, Role
from monitor.passwords import hash_token
from monitor.web.app import create_app
from monitor.workspace import workspace
from tests.cli.conftest import filled  # noqa: F401 - a workspace after one night

TOKEN = "token-contoh-untuk-uji"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CHECKS = [
    known_checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def app(filled: Path) -> Iterator[FastAPI]:  # noqa: F811 - the fixture of that name
    """The console of an office after one night, with a token that may read everything."""
    with workspace(filled) as space:
        now = space.clock()
        with space.database.write() as session:
            user = users.add_user(session, "mesin", "Mesin Contoh", "x", now)
            for role in Role:
                users.grant_role(session, user.id, Grant(role, ""), now)
            tokens.add_token(session, tokens.NewToken(user.id, "uji", hash_token(TOKEN)), now)
        yield create_app(replace(console_parts(space), second_factor=False, hosts=("localhost", "testserver")))


@pytest.fixture(scope="module")
def schema(app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_no_question_breaks_an_operation_and_answers_keep_their_schema(schema: Any) -> None:
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        questions = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        if operation.query or operation.path_parameters:
            questions |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @settings(
            max_examples=15,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=questions)
        def ask(case: Any) -> None:
            case.call_and_validate(headers=HEADERS, checks=CHECKS)

        ask()
        asked += 1
    assert asked == len(schema.raw_schema["paths"])


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost:8000", headers=HEADERS, follow_redirects=False) as opened:
        yield opened


LISTS = {
    "/api/cases": "cases",
    "/api/people": "people",
    "/api/attributions?status=verified": "attributions",
    "/api/rules": "rules",
    "/api/contests": "contests",
    "/api/sources": "sources",
    "/api/nights": "nights",
    "/api/audit": "rows",
    "/api/users": "users",
}


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_what_the_night_brought(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json()[LISTS[path]]


@pytest.mark.parametrize(
    ("path", "name", "key"),
    [
        ("/api/cases?limit=2", "cases", "id"),
        ("/api/attributions?status=verified&limit=2", "attributions", "id"),
        ("/api/users?limit=1", "users", "id"),
    ],
)
def test_pages_hold_every_row_once(client: TestClient, path: str, name: str, key: str) -> None:
    seen: list[int] = []
    after = None
    while True:
        answer = client.get(f"{path}&after={quote(str(after))}" if after else path).json()
        seen += [row[key] for row in answer[name]]
        after = answer["next"]
        if after is None:
            break
    whole = client.get(path.replace("limit=2", "limit=200").replace("limit=1", "limit=200")).json()[name]
    assert seen == [row[key] for row in whole]


@pytest.mark.parametrize("kind", ["cases", "people", "attributions?status=verified", "contests", "rules"])
def test_everything_listed_can_be_looked_at(client: TestClient, kind: str) -> None:
    name, _, _ = kind.partition("?")
    row = client.get(f"/api/{kind}").json()[name][0]
    answer = client.get(f"/api/{name}/{row['id']}")
    assert answer.status_code == 200
    assert answer.json()["id"] == row["id"]


def test_no_answer_holds_a_secret_or_a_whole_nip(client: TestClient) -> None:
    for path in LISTS:
        text = client.get(path).text
        assert "password" not in text
        assert TOKEN not in text
        assert "argon2" not in text


def test_every_operation_is_documented(app: FastAPI) -> None:
    document = app.openapi()
    for path, methods in document["paths"].items():
        assert list(methods) == ["get"], path
        told = methods["get"]
        assert told["summary"]
        assert told["description"]
        assert told["tags"]
        assert "422" not in told["responses"]
        assert {"400", "401", "403", "404"} <= set(told["responses"])


def test_the_page_shows_every_operation_without_a_script(app: FastAPI, client: TestClient) -> None:
    page = client.get("/api/")
    assert page.status_code == 200
    for path in app.openapi()["paths"]:
        assert f"GET {path}" in page.text
    assert client.get("/api").headers["location"] == "/api/"


def test_nobody_without_a_token_reads_anything(app: FastAPI) -> None:
    with TestClient(app, base_url="http://localhost:8000") as stranger:
        for path in app.openapi()["paths"]:
            filled_in = path.format(case_id=1, number=1, rule_id="x")
            assert stranger.get(filled_in).status_code == 401
            assert stranger.get(filled_in, headers={"Authorization": "Bearer salah"}).status_code == 401


def test_a_revoked_token_reads_nothing(app: FastAPI, filled: Path) -> None:  # noqa: F811 - the fixture of that name
    with workspace(filled) as space, space.database.write() as session:
        user = users.user_named(session, "mesin")
        assert user is not None
        number = tokens.add_token(session, tokens.NewToken(user.id, "lama", hash_token("token-lama")), space.clock())
        tokens.revoke_token(session, number, space.clock())
    with TestClient(app, base_url="http://localhost:8000") as client:
        assert client.get("/api/cases", headers={"Authorization": "Bearer token-lama"}).status_code == 401
