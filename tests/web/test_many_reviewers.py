"""Many reviewers at once over real HTTP: no case goes to two, no decision is lost, the console goes on."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa

from benchmarks import big
from db import cases, events, sign_ins, users
from db.connect import Database
from db.tables import audit_log, review_event
from monitor.domain import CaseState, EventKind, Grant, Role
from monitor.passwords import hash_token
from monitor.web.app import WebDeps
from monitor.web.frame import build_frame, new_session_token
from tests.web.browsing import hidden_fields
from tests.web.screens import served

REVIEWERS = 20
EACH = int(os.environ.get("PANTAU_SOAK_ROUNDS", "1"))
READERS = 200 - REVIEWERS
SIZE = big.Size(people=200, cases=max(100, 2 * REVIEWERS * EACH), acts=500, towns=5, reviewers=REVIEWERS)
PAGES = ("/antrean", "/antrean?cari=contoh+maju", "/antrean?kelompok=orang", "/antrean?tindakan=like", "/orang")

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Seen:
    """What the crowd saw: statuses of all answers, cases that were given out, decisions that were accepted."""

    statuses: Counter[int] = field(default_factory=Counter)
    given: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    wanted = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[request.param]
    opened: Database = request.getfixturevalue(wanted)
    big.fill(opened, SIZE, tell=lambda _: None)
    return opened


@pytest.fixture
def crowd(database: Database, deps: WebDeps) -> list[dict[str, str]]:
    """Sign everybody in without the form, whose throttle is another matter; return their cookies."""
    frame, now = build_frame(deps), deps.clock()
    cookies = []
    with database.write() as session:
        for user in users.list_users(session)[:REVIEWERS]:
            users.grant_role(session, user.id, Grant(Role.PENGAWAS, ""), now)
            token = new_session_token()
            sign_ins.open_session(session, user.id, hash_token(token), now, now + deps.session_length)
            cookies.append({frame.cookie: frame.signed(token)})
    return cookies


async def review(client: httpx.AsyncClient, cookies: dict[str, str], seen: Seen) -> None:
    """Take cases one after the other and set each aside, as a reviewer in a hurry does."""
    page = await client.get("/antrean", cookies=cookies)
    seen.statuses[page.status_code] += 1
    form = hidden_fields(page, "/antrean/tampilan")
    at = await client.post("/informasi-awal/berikutnya", data={"tanda": form["tanda"]}, cookies=cookies)
    for _ in range(EACH):
        seen.statuses[at.status_code] += 1
        where = urlsplit(at.headers["location"]).path
        if where.endswith("/habis"):
            return
        number = int(where.rsplit("/", 1)[1])
        seen.given.append(number)
        page = await client.get(where, cookies=cookies)
        seen.statuses[page.status_code] += 1
        action = f"/informasi-awal/{number}/putuskan"
        sent = hidden_fields(page, action) | {"putusan": "dikesampingkan.konteks_kedinasan", "catatan": ""}
        at = await client.post(action, data=sent, cookies=cookies)
        if at.status_code == 303:
            seen.decided.append(number)
    seen.statuses[at.status_code] += 1


async def look(client: httpx.AsyncClient, cookies: dict[str, str], path: str, seen: Seen) -> None:
    answer = await client.get(path, cookies=cookies)
    seen.statuses[answer.status_code] += 1


async def rush(console: str, crowd: list[dict[str, str]]) -> Seen:
    seen = Seen()
    # a kept connection may be closed by the server in the moment it is used again; a browser would ask once more
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=console, limits=limits, headers=headers, timeout=240) as client:
        work = [review(client, cookies, seen) for cookies in crowd]
        work += [look(client, crowd[n % REVIEWERS], PAGES[n % len(PAGES)], seen) for n in range(READERS)]
        await asyncio.gather(*work)
        alive = await client.get("/healthz")
    assert alive.json() == {"ok": True}
    return seen


def test_twenty_reviewers_and_two_hundred_requests_at_once_lose_and_double_nothing(
    database: Database, deps: WebDeps, crowd: list[dict[str, str]]
) -> None:
    with served(replace(deps, database=database)) as console:
        seen = asyncio.run(rush(console, crowd))
    assert set(seen.statuses) <= {200, 303}
    assert len(seen.given) == len(set(seen.given)) == REVIEWERS * EACH
    assert sorted(seen.decided) == sorted(seen.given)
    with database.read() as session:
        aside = sa.select(review_event.c.case_id).where(
            review_event.c.kind == EventKind.DECIDED, review_event.c.to_state == CaseState.DIKESAMPINGKAN,
            review_event.c.user_id.is_not(None), review_event.c.at >= deps.clock(),
        )  # fmt: skip
        assert sorted(session.execute(aside).scalars()) == sorted(seen.decided)
        taken = sa.select(audit_log.c.subject).where(audit_log.c.action == "case_claimed")
        claims = Counter(session.execute(taken).scalars())
        assert set(claims.values()) == {1}
        assert cases.projection_faults(session) == []
        assert events.broken_events(session) == []
