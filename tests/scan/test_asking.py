from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from db.connect import Database
from monitor.errors import QuotaSpent, RateLimited
from monitor.scan.asking import ask, put
from monitor.scan.parts import Parts
from scrapers.contract import Page, Request, Response, SourceOptions
from scrapers.platforms.bluesky.adapter import BlueskyAdapter
from tests.peers.registers import settings
from tests.scan.offices import NOW, HeldClock, make_office
from tests.scan.written_bluesky import URLS

REQUEST = Request("getLikes", "https://api.contoh.example/a")
RESPONSE = Response(REQUEST.url, REQUEST.url, 200, {}, b"{}", NOW, "0" * 64)


@dataclass
class Books:
    """A fetcher that answers always the same and keeps what it was told."""

    told: list[tuple[str, object]] = field(default_factory=list)

    def send(self, source: str, request: Request) -> Response:
        self.told.append(("send", request.endpoint))
        return RESPONSE

    def settle(self, source: str, request: Request, response: Response, billed: Mapping[str, int]) -> None:
        self.told.append(("settle", dict(billed)))

    def leave_alone(self, request: Request, until: datetime | None) -> None:
        self.told.append(("leave", until))

    def close_source(self, source: str) -> None:
        self.told.append(("close", source))


class Billing(BlueskyAdapter):
    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        return Page(billed={"unggahan": 3})


class Spent(BlueskyAdapter):
    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        raise QuotaSpent("kuota habis")


class Hurried(BlueskyAdapter):
    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        raise RateLimited("terlalu sering", retry_at=NOW)


@pytest.fixture
def parts(database: Database, tmp_path: Path) -> Any:
    office = make_office(tmp_path / "kantor", database, settings("bluesky", URLS), HeldClock(NOW))
    with office.parts(Never()) as made:
        yield made


class Never:
    def send(self, *_: object) -> Any:
        raise AssertionError("sent")


def with_books(parts: Parts, adapter: BlueskyAdapter) -> tuple[Parts, Books]:
    books = Books()
    return replace(parts, fetcher=books, adapters={"bluesky": adapter}), books


def test_what_an_answer_is_charged_for_is_booked(parts: Parts) -> None:
    asking, books = with_books(parts, Billing())
    ask(asking, "bluesky", REQUEST)
    assert books.told == [("send", "getLikes"), ("settle", {"unggahan": 3})]


def test_an_answer_that_says_that_the_quota_is_spent_closes_the_source(parts: Parts) -> None:
    asking, books = with_books(parts, Spent())
    with pytest.raises(QuotaSpent):
        ask(asking, "bluesky", REQUEST)
    assert books.told == [("send", "getLikes"), ("close", "bluesky")]


def test_an_answer_that_says_that_too_much_was_asked_closes_its_host(parts: Parts) -> None:
    asking, books = with_books(parts, Hurried())
    with pytest.raises(RateLimited):
        ask(asking, "bluesky", REQUEST)
    assert books.told == [("send", "getLikes"), ("leave", NOW)]


def test_an_answer_is_read_by_whom_the_caller_names(parts: Parts) -> None:
    asking, _ = with_books(parts, Spent())
    assert ask(asking, "bluesky", REQUEST, lambda _: Page(reported=7))[1].reported == 7
    assert put(asking, "bluesky", REQUEST, lambda got: got.status) == (RESPONSE, 200)
