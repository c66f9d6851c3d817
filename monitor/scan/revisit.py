"""Which listings of a candidate's posts are read tonight: those whose total has moved, and those whose wait is over.

A listing that is not read leaves no look, so it bounds no act in time; its verb is told as not or not fully seen. The
feed itself is always read: it shows the totals by which a quiet post is woken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from db import post_watch
from db.connect import Session
from db.post_watch import Listing
from monitor.domain import (
    Act,
    Contest,
    Direction,
    EndKind,
    ItemRecord,
    Look,
    RegisteredAccount,
    StageKind,
    WatchedListing,
)
from monitor.labels import label
from scrapers.contract import Page, Request, Target

BUSY = frozenset({StageKind.KAMPANYE, StageKind.MASA_TENANG})


@dataclass(frozen=True, slots=True)
class Tiers:
    """The waits between looks while a total does not move, and what shortens them in busy stages."""

    waits: tuple[timedelta, ...]
    busy_factor: float = 0.5


@dataclass(frozen=True, slots=True)
class Revisits:
    """Tonight's choice of listings; without `tiers`, or for what `whole` holds, everything is read.

    `busy` are the rows of accounts whose contest is in a busy stage, `whole` those of accounts that are read whole
    because somebody asked for them or a register change did. `totals` are those at which listings were asked for
    tonight: what a feed counts and what a listing holds are not always the same things, so like is held against like.
    """

    tiers: Tiers | None = None
    busy: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()
    totals: dict[tuple[str, str, Act], int] = field(default_factory=dict)

    def choose(
        self, session: Session, target: Target, account_id: int, request: Request, page: Page, now: datetime
    ) -> tuple[Page, Counter[Act]]:
        """Return the page with only the listings that are due, those that moved first; and how many are put off."""
        if self.tiers is None or target.direction is not Direction.CANDIDATE:
            return page, Counter()
        starts = [after for after in page.follow if _starts_listing(request, after)]
        if not starts:
            return page, Counter()
        platform, counted = target.account.platform, _totals(page.items)
        reported = {_key(after): _reported(after, counted) for after in starts}
        known = post_watch.watched(session, platform, {item_id for item_id, _ in reported})
        all_due = account_id in self.whole
        due = {key: all_due or is_due(known.get(key), total, now) for key, total in reported.items()}
        for (item_id, verb), total in reported.items():
            if total is not None:
                self.totals[platform, item_id, verb] = total
        kept = [after for after in starts if due[_key(after)]]
        kept.sort(key=lambda after: _rank(known.get(_key(after)), reported[_key(after)]))
        rest = [after for after in page.follow if after not in starts]
        put_off = Counter(verb for (_, verb), now_due in due.items() if not now_due)
        return replace(page, follow=(*kept, *rest)), put_off

    def learn(self, session: Session, target: Target, account_id: int, looks: Iterable[Look], page: Page) -> None:
        """Set when the listings whose looks have just ended are to be read again."""
        looks = tuple(looks)
        if self.tiers is None or target.direction is not Direction.CANDIDATE or not looks:
            return
        platform, waits = target.account.platform, self.waits(account_id)
        known = post_watch.watched(session, platform, {look.item_id for look in looks})
        published = {item.item_id: item.published.occurred_at for item in page.items}
        listings = []
        for look in looks:
            said = self.totals.get((platform, look.item_id, look.verb), look.reported)
            total = said if said is not None else look.collected
            before = known.get((look.item_id, look.verb))
            after = after_look(before, look, account_id, total, waits)
            listings.append(replace(after, published_at=published.get(look.item_id) or after.published_at))
        post_watch.watch(session, listings)

    def waits(self, account_id: int) -> tuple[timedelta, ...]:
        """Return the waits that hold for an account's posts tonight."""
        assert self.tiers is not None  # nobody asks where everything is read
        factor = self.tiers.busy_factor if account_id in self.busy else 1.0
        return tuple(wait * factor for wait in self.tiers.waits)


def is_due(known: WatchedListing | None, reported: int | None, now: datetime) -> bool:
    """Whether a listing is to be read: never read before, moved since, or its wait is over."""
    if known is None or known.last_listed_at is None or moved(known, reported):
        return True
    return known.due_at is not None and known.due_at <= now


def moved(known: WatchedListing | None, reported: int | None) -> bool:
    """Whether the platform reports another total than at the last look."""
    return known is not None and reported is not None and known.reported is not None and reported != known.reported


def after_look(
    known: WatchedListing | None, look: Look, account_id: int, total: int, waits: tuple[timedelta, ...]
) -> WatchedListing:
    """Return the listing as it stands after a look: one wait further while its total stays, else from the first.

    A look that broke off is due again at once. After the last wait an unmoved listing rests.
    """
    still = known is not None and known.last_listed_at is not None and known.reported == total
    step = known.step + 1 if known is not None and still else 0
    whole = look.end in (EndKind.EXHAUSTED, EndKind.WINDOW_REACHED)
    due = look.finished_at + waits[step] if step < len(waits) else None
    return WatchedListing(
        platform=look.platform,
        item_id=look.item_id,
        verb=look.verb,
        account_id=account_id,
        first_seen_at=known.first_seen_at if known is not None else look.started_at,
        published_at=known.published_at if known is not None else None,
        last_listed_at=look.finished_at,
        due_at=due if whole else look.finished_at,
        step=min(step, len(waits)),
        reported=total,
    )


def busy_accounts(
    accounts: Iterable[RegisteredAccount],
    contests: Iterable[Contest],
    now: datetime,
    stages: Collection[StageKind] = BUSY,
) -> frozenset[int]:
    """Return the rows of the accounts that belong to a pair of a contest in one of the stages."""
    pairs = {pair.id for contest in contests if contest.stage_at(now) in stages for pair in contest.candidates}
    return frozenset(a.account_id for a in accounts if pairs.intersection(a.candidate_ids))


def put_off_words(put_off: Mapping[Act, int]) -> str:
    """Return in words how many listings wait for their time."""
    parts = ", ".join(f"{label(verb)} {count}" for verb, count in sorted(put_off.items()))
    return f"{sum(put_off.values())} daftar belum waktunya dibaca lagi ({parts})"


def _starts_listing(request: Request, after: Request) -> bool:
    return request.item_id is None and after.verb is not None and after.item_id is not None


def _key(request: Request) -> Listing:
    assert request.item_id is not None  # held by _starts_listing
    assert request.verb is not None
    return request.item_id, request.verb


def _totals(items: Iterable[ItemRecord]) -> dict[Listing, int | None]:
    return {
        (item.item_id, verb): count
        for item in items
        for verb, count in (
            (Act.LIKE, item.like_count),
            (Act.SHARE, item.share_count),
            (Act.COMMENT, item.comment_count),
        )
    }


def _reported(request: Request, totals: Mapping[Listing, int | None]) -> int | None:
    said = request.state.get("reported")
    return said if isinstance(said, int) else totals.get(_key(request))


def _rank(known: WatchedListing | None, reported: int | None) -> int:
    """Rank what is new or has moved before what is only due; within each the platform's order, newest first, stays."""
    return 0 if known is None or moved(known, reported) else 1
