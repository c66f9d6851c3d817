"""Gathers one answer's records into a `Page`, with a broken item as an issue of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from monitor.domain import Act, ActRecord, EndKind, ItemRecord, published_act
from monitor.errors import LayoutChanged
from scrapers.contract import EmptyListing, ItemIssue, Page, Request, Response, SourceOptions
from scrapers.paging import State, turn

T = TypeVar("T")
P = ParamSpec("P")
UNREADABLE = "item_tak_terbaca"


@dataclass(slots=True)
class Gather:
    """One answer, and what has been read of it so far."""

    request: Request
    response: Response
    options: SourceOptions
    items: dict[str, ItemRecord] = field(default_factory=dict)
    acts: dict[str, ActRecord] = field(default_factory=dict)
    follow: list[Request] = field(default_factory=list)
    empty: list[EmptyListing] = field(default_factory=list)
    issues: list[ItemIssue] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)

    @property
    def seen_at(self) -> datetime:
        """When the answer came."""
        return self.response.fetched_at

    @property
    def state(self) -> State:
        """What the request was given to remember."""
        return self.request.state

    def try_item(self, pointer: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what `read` gives, or None and one issue when the item has not the shape that the mapper knows."""
        try:
            return read(*args, **kwargs)
        except LayoutChanged as error:
            self.issues.append(ItemIssue(UNREADABLE, error.message, pointer))
            return None

    def publish(self, item: ItemRecord) -> None:
        """Take an item together with the act that publishing it is."""
        self.items[item.item_id] = item
        act = published_act(item)
        if act is not None:
            self.act(act)

    def context(self, item: ItemRecord) -> None:
        """Take an item that only gives context; one taken before stands."""
        self.items.setdefault(item.item_id, item)

    def act(self, act: ActRecord) -> None:
        """Take an act; the same act twice in one answer is one."""
        self.acts.setdefault(act.key, act)

    def note_unknown(self, paths: Iterable[str]) -> None:
        """Take paths of unknown fields, each once."""
        self.unknown.update(dict.fromkeys(paths))

    def note(self, kind: str, detail: str, pointer: str = "") -> None:
        """Take one issue."""
        self.issues.append(ItemIssue(kind, detail, pointer))

    def settle(self, verb: Act, item_id: str) -> None:
        """Take a listing that is known to be empty."""
        self.empty.append(EmptyListing(verb, item_id))

    def go_on(self, cursor: str | None, listed: int, url: Callable[[str], str]) -> EndKind | None:
        """Follow to the next page, or return why there is none.

        A listing that ends without a single entry although the platform reports some is suspicious, not exhausted.
        """
        collected = _number(self.state.get("collected")) + listed
        step = turn(self.state, cursor, listed, self.options.page_limit)
        if step.end is None:
            state = {**step.state, "collected": collected}
            self.follow.append(replace(self.request, url=url(cursor or ""), state=state))
            return None
        if step.reason:
            self.note(f"daftar_{step.end.value}", f"{self.request.endpoint}: {step.reason}")
        if step.end is EndKind.EXHAUSTED and not collected and _number(self.state.get("reported")):
            return EndKind.SUSPICIOUS_EMPTY
        return step.end

    def page(self, end: EndKind | None = None, reported: int | None = None) -> Page:
        """Return everything gathered; `reported` defaults to what the request remembers."""
        known = self.state.get("reported")
        return Page(
            items=tuple(self.items.values()),
            acts=tuple(self.acts.values()),
            follow=tuple(self.follow),
            end=end,
            reported=reported if reported is not None or not isinstance(known, int) else known,
            issues=tuple(self.issues),
            unknown_fields=tuple(self.unknown),
            empty=tuple(self.empty),
        )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
