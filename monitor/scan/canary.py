"""Looks for the office's own known posts before a night begins: a source that does not show them is blind.

Nothing of these answers is stored. The canary's account need not be in the register, since only the office's own post
and comment are looked for in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from db import canaries, runs
from monitor.domain import Act, CanaryRun, Direction, Issue, ItemKind, ItemRecord
from monitor.errors import (
    AccountGone,
    Blocked,
    EmptyAnswer,
    LayoutChanged,
    LoginWall,
    PantauError,
    PolicyBlocked,
    PrivateContent,
    SourceError,
    UnexpectedContent,
    UsageError,
)
from monitor.scan.asking import ask, put
from monitor.scan.parts import Canary, Parts
from monitor.scan.plan import permit
from scrapers.contract import Adapter, Page, Request, SourceOptions, Target

CANARY = "canary"
_FEED_PAGES = 10
_COMMENT_PAGES = 20
# Failures that say that the source does not show what is there; others only say that nobody could look.
_BLINDING = (LayoutChanged, UnexpectedContent, EmptyAnswer, LoginWall, PrivateContent, AccountGone, Blocked)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the look for one canary came to; `blind` when the source does not show it."""

    found: bool
    blind: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Watchers:
    """What the canaries of a night say: sources that are blind, and what a person must look at."""

    blind: frozenset[str]
    issues: tuple[Issue, ...]


def look_for_canaries(parts: Parts, run_id: int, only_source: str | None) -> Watchers:
    """Look for every canary of the sources that tonight may ask, and record what was found."""
    blind: set[str] = set()
    issues: list[Issue] = []
    for canary in parts.canaries:
        if only_source not in (None, canary.source) or not _permitted(parts, canary.source):
            continue
        sight = look(parts, canary)
        run = CanaryRun(canary.source, canary.label, parts.clock(), sight.found, sight.detail)
        if sight.blind:
            blind.add(canary.source)
        if not sight.found:
            what = "sumber ditandai buta" if sight.blind else "tidak dapat diperiksa"
            detail = f"canary {canary.label}: {sight.detail}; {what}"
            issues.append(Issue(canary.source, CANARY, detail, needs_person=sight.blind))
        if sight.found or sight.blind:  # a look that failed says nothing of what the source shows
            with parts.database.write() as session:
                canaries.record(session, run)
    with parts.database.write() as session:
        runs.add_issues(session, run_id, issues)
    return Watchers(frozenset(blind), tuple(issues))


def look(parts: Parts, canary: Canary) -> Sight:
    """Look for one canary: its post in its account's listing, and its comment below that."""
    try:
        return _Look(parts, canary, parts.adapters[canary.source])()
    except _BLINDING as error:
        return Sight(found=False, blind=True, detail=str(error))
    except (SourceError, PolicyBlocked, UsageError) as error:
        return Sight(found=False, detail=str(error))


@dataclass(frozen=True, slots=True)
class _Look:
    parts: Parts
    canary: Canary
    adapter: Adapter

    def __call__(self) -> Sight:
        source, options = self.canary.source, self._options
        request = self.adapter.resolve(self.canary.account, options)
        _, ref = put(self.parts, source, request, self.adapter.read_identity)
        first = self.adapter.plan(Target(source, Direction.CANDIDATE, ref), options)
        for _, page in self._pages(first, _FEED_PAGES):
            item = next((item for item in page.items if _is(item, self.canary.item)), None)
            if item is not None:
                return self._comment(item, [after for after in page.follow if _below(after, item)])
        return Sight(found=False, blind=True, detail=f"unggahan {self.canary.item} tidak terlihat")

    def _comment(self, item: ItemRecord, listings: list[Request]) -> Sight:
        if not self.canary.comment_id and not self.canary.text:
            return Sight(found=True)
        for _, page in self._pages(listings, _COMMENT_PAGES):
            if any(self._is_comment(found) for found in page.items if found.item_id != item.item_id):
                return Sight(found=True)
        return Sight(found=False, blind=True, detail=f"komentar pada unggahan {self.canary.item} tidak terlihat")

    def _is_comment(self, item: ItemRecord) -> bool:
        if self.canary.comment_id:
            return _is(item, self.canary.comment_id)
        return item.kind is ItemKind.COMMENT and self.canary.text in item.text

    def _pages(self, first: Iterable[Request], most: int) -> Iterable[tuple[Request, Page]]:
        """Read answers and the next pages of their own listing, at most so many."""
        waiting = deque(first)
        while waiting and most:
            request, most = waiting.popleft(), most - 1
            _, page = ask(self.parts, self.canary.source, request)
            waiting.extend(after for after in page.follow if _same(request, after))
            yield request, page

    @property
    def _options(self) -> SourceOptions:
        return self.parts.options.get(self.canary.source, SourceOptions(self.canary.source))


def _is(item: ItemRecord, wanted: str) -> bool:
    return wanted in (item.item_id, item.url) or wanted.rstrip("/") == item.url.rstrip("/")


def _same(request: Request, after: Request) -> bool:
    return (request.verb, request.item_id) == (after.verb, after.item_id)


def _below(after: Request, item: ItemRecord) -> bool:
    return after.verb is Act.COMMENT and after.item_id == item.item_id


def _permitted(parts: Parts, source: str) -> bool:
    try:
        permit(parts, source)
    except PantauError:
        return False
    return True
