"""A night notices that a platform's answers have changed, keeps nobody's content for it, and says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import health, shapes
from db.connect import Database
from db.tables import endpoint_shape
from monitor.domain import ShapeDay
from scrapers.wire import Answer, Call
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky

DAY = 24 * 3600


def without(network: WrittenBluesky, method: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Let a call answer as before but changed."""

    def answer(url: str) -> Answer | None:
        del network.faults[method]
        plain = network.send(Call(url, url), 10**9, 30.0)
        network.faults[method] = answer
        body = json.loads(plain.body)
        change(body)
        return Answer(plain.status, plain.headers, json.dumps(body).encode(), url)

    network.faults[method] = answer


def drop_counts(body: dict[str, Any]) -> None:
    for entry in body.get("feed", ()):
        entry["post"].pop("likeCount", None)


def test_a_field_that_vanishes_is_an_issue_for_a_person(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    assert not [i for i in office.scan(network).issues if i.kind == "drift"]
    without(network, "getAuthorFeed", drop_counts)
    office.clock.sleep(DAY)
    told = [i for i in office.scan(network).issues if i.kind == "drift"]
    assert [(i.source, i.needs_person) for i in told] == [("bluesky", True)]
    assert "feed[].post.likeCount" in told[0].detail
    with database.read() as session:
        assert health.source_health(session)[0].drift == (told[0].detail,)


def test_no_value_of_an_answer_is_among_its_shape(office: Office, network: WrittenBluesky, database: Database) -> None:
    office.scan(network)
    with database.read() as session:
        kept = "".join(json.dumps(row.fills) for row in session.execute(sa.select(endpoint_shape)))
    assert kept
    for name in (*network.handles.values(), *network.accounts.values(), *network.uris.values()):
        assert name not in kept


def test_an_answer_that_cannot_be_read_leaves_its_hash_and_shape_only(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    def broken(url: str) -> Answer:
        return Answer(200, {"content-type": "application/json"}, b'{"umpan": [{"nama": "Budi"}]}', url)

    network.faults["getAuthorFeed"] = broken
    told = [i for i in office.scan(network).issues if i.kind == "drift" and "getAuthorFeed" in i.detail]
    assert told
    assert all("sidik" in i.detail or "tidak terbaca" in i.detail for i in told)
    with database.read() as session:
        day = next(d for d in shapes.latest_shapes(session) if d.endpoint == "getAuthorFeed")
    assert {"umpan:list", "umpan[].nama:str"} <= set(day.fills)


def test_days_add_up_and_the_window_is_a_fortnight(database: Database, now: datetime) -> None:
    def day(back: int, pages: int = 1) -> ShapeDay:
        return ShapeDay("bluesky", "getLikes", now.date() - timedelta(back), pages, 5, 1, "0" * 64, {"likes:list": 1})

    with database.write() as session:
        for back in (0, 1, 14, 15):
            shapes.add_shape(session, day(back))
        whole = shapes.add_shape(session, day(0, pages=2))
        before = shapes.shapes_before(session, "bluesky", "getLikes", now.date())
    assert (whole.pages, whole.items, whole.fills) == (3, 10, {"likes:list": 2})
    assert [(now.date() - one.day).days for one in before] == [1, 14]
