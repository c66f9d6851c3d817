"""Kept answers are read again by a new mapper: told first, then added, never taken away, and twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from db import verify
from db.connect import Database
from db.remaps import captures_of
from db.tables import item, item_version
from monitor.domain import Act
from monitor.errors import EvidenceError, UsageError
from monitor.scan.parts import Parts
from monitor.scan.progress import Silent
from monitor.scan.remap import RemapOrder, RemapSummary, remap
from monitor.scan.reread import reread
from scrapers.contract import Page, Request, Response, SourceOptions
from tests.scan.offices import Office
from tests.scan.rows import contents, differences
from tests.scan.written_bluesky import WrittenBluesky


@dataclass(frozen=True)
class OtherMapper:
    """The adapter with a mapper that reads texts otherwise and no longer finds likes."""

    inner: Any
    without: Act | None = None
    suffix: str = ""
    version: str = "9"

    @property
    def name(self) -> str:
        return str(self.inner.name)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        page = self.inner.read(request, response, options)
        items = tuple(replace(i, text=i.text + self.suffix) for i in page.items)
        return replace(page, items=items, acts=tuple(a for a in page.acts if a.act is not self.without))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@contextmanager
def parts_with(office: Office, network: WrittenBluesky, **other: Any) -> Iterator[Parts]:
    with office.parts(network) as parts:
        adapters = {**parts.adapters, "bluesky": OtherMapper(parts.adapters["bluesky"], **other)} if other else None
        yield replace(parts, adapters=adapters or parts.adapters)


def run(office: Office, network: WrittenBluesky, *, dry_run: bool = False, **other: Any) -> RemapSummary:
    network.asked.clear()
    with parts_with(office, network, **other) as parts:
        summary = remap(parts, RemapOrder("bluesky", dry_run=dry_run), Silent())
    assert network.asked == []
    return summary


@pytest.fixture
def scanned(office: Office, network: WrittenBluesky) -> Office:
    office.scan(network)
    office.clock.sleep(3600)
    return office


def test_the_same_mapper_reads_the_same(scanned: Office, network: WrittenBluesky, database: Database) -> None:
    before = contents(database)
    summary = run(scanned, network)
    assert summary.ok, summary.as_json()
    assert summary.difference.answers > 0
    assert differences(before, contents(database)) == {}


def test_a_trial_says_what_would_change_and_writes_nothing(
    scanned: Office, network: WrittenBluesky, database: Database
) -> None:
    before = contents(database)
    told = run(scanned, network, dry_run=True, suffix=" (dibaca lain)").as_json()
    assert differences(before, contents(database)) == {}
    assert told["items"]["changed"]
    assert told["cases"]
    assert (told["dry_run"], told["mapper"], told["ok"]) == (True, "bluesky/9", False)


def test_texts_read_otherwise_become_versions_and_twice_is_once(
    scanned: Office, network: WrittenBluesky, database: Database
) -> None:
    first = run(scanned, network, suffix=" (dibaca lain)")
    with database.read() as session:
        texts, versions = (
            session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (item, item_version)
        )
    assert versions == 2 * texts == 2 * len(first.difference.changed_items)
    after = contents(database)
    second = run(scanned, network, suffix=" (dibaca lain)")
    assert second.difference.changed_items == []
    assert differences(after, contents(database)) == {}
    with database.read() as session:
        assert list(verify.verify(session)) == []


def test_what_a_new_mapper_no_longer_finds_stays_and_is_named_with_its_cases(
    scanned: Office, network: WrittenBluesky, database: Database
) -> None:
    before = contents(database)
    told = run(scanned, network, without=Act.LIKE).as_json()
    assert told["interactions"]["gone"]
    assert {why for case in told["cases"] for why in case["because"]} == {"tindakan tidak terbaca lagi"}
    assert differences(before, contents(database)) == {}


def test_only_answers_since_a_time_are_read(scanned: Office, network: WrittenBluesky) -> None:
    with parts_with(scanned, network) as parts:
        later = RemapOrder("bluesky", since=scanned.clock.now + timedelta(days=1))
        assert remap(parts, later, Silent()).difference.answers == 0


def test_an_answer_kept_without_its_call_is_counted_as_unread(
    scanned: Office, network: WrittenBluesky, database: Database
) -> None:
    with database.read() as session:
        kept = captures_of(session, "bluesky", None, 0, 1)[0].capture
    with parts_with(scanned, network) as parts, pytest.raises(EvidenceError, match="sebelum panggilannya"):
        reread(parts, replace(kept, request=""), {})


def test_a_source_that_does_not_exist_is_a_wrong_use(office: Office, network: WrittenBluesky) -> None:
    with parts_with(office, network) as parts, pytest.raises(UsageError):
        remap(parts, RemapOrder("friendster"), Silent())
