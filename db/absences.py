"""Acts that a complete listing no longer shows, and texts that should have been seen again and were not.

A listing proves absence when it ended `exhausted` and held as many actors as the platform reported, or when it is the
actor's own complete record as far back as it was read. See docs/adr/0018-withdrawn-acts.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import account, interaction, item, item_look, item_text, item_version, observation
from db.upsert import chunks
from monitor.domain import AccountRef, Act, ActTime, ChangeKind, EndKind

OWN_RECORD_RULES = timedelta(days=3)
"""For how long an actor's own record, once read, decides over what listings of others' posts show."""

_AWAY = (ChangeKind.GONE.value, ChangeKind.PRIVATE.value, ChangeKind.LOCKED.value)
_COMPLETE = (item_look.c.end_kind == EndKind.EXHAUSTED) & (item_look.c.collected >= item_look.c.reported)
_READ_BACK = item_look.c.end_kind.in_((EndKind.EXHAUSTED, EndKind.WINDOW_REACHED))
_PLAIN = interaction.c.own_item_key.is_(None) & interaction.c.act.in_((Act.LIKE, Act.SHARE))
_LISTED = (
    (item_look.c.platform == interaction.c.platform)
    & (item_look.c.platform_item_id == interaction.c.target_id)
    & (item_look.c.verb == interaction.c.act)
)
_RECORDED = (
    (item_look.c.platform == account.c.platform)
    & (item_look.c.platform_item_id == account.c.platform_user_id)
    & (item_look.c.verb == interaction.c.act)
    & _READ_BACK
    & (item_look.c.since.is_(None) | (interaction.c.occurred_at >= item_look.c.since))
)


@dataclass(frozen=True, slots=True)
class LookSeen:
    """One listing that could have shown an act."""

    started_at: datetime
    finished_at: datetime
    verb: Act
    collected: int
    reported: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class StoredAct:
    """A like or share with its actor, when it was seen last, and since when it is marked as not seen."""

    id: int
    key: str
    platform: str
    target_id: str
    actor: AccountRef
    time: ActTime
    seen_last_at: datetime
    withdrawn_seen_at: datetime | None
    absent: LookSeen | None = None


@dataclass(frozen=True, slots=True)
class Suspect:
    """A text that a listing should have shown again and did not; it must be asked after."""

    platform: str
    item_id: str
    url: str
    seen_last_at: datetime


def acts_to_settle(session: Session, since: datetime) -> list[StoredAct]:
    """Return the likes and shares that looks finished since then lack, and those marked as not seen any more.

    Each comes with the look from which on it is missing, None when nothing says that it is.
    """
    found = _acts(session, {*_lacking(session, since), *_marked(session)})
    looks = _looks(session, [act.id for act in found])
    return [replace(act, absent=missing_since(act.seen_last_at, looks[act.id])) for act in found]


def missing_since(seen_last_at: datetime, looks: Collection[LookSeen]) -> LookSeen | None:
    """Return the earliest look that proves an act to be gone after it was last seen, None when none does.

    Listings of a post leave out actors whom the platform hides. So for some days after the actor's own record was
    read, that record decides and such a listing proves nothing.
    """
    own = [look for look in looks if look.own]
    proofs = [
        look
        for look in looks
        if look.started_at > seen_last_at
        and (look.own or not any(look.started_at - OWN_RECORD_RULES <= o.finished_at <= look.finished_at for o in own))
    ]
    return min(proofs, key=lambda look: (look.finished_at, look.started_at, not look.own), default=None)


def unseen_texts(session: Session, platform: str, since: datetime) -> list[Suspect]:
    """Return the texts that looks finished since then should have shown and did not, those seen last first.

    Texts already known to be away are left out until they are seen again.
    """
    found = {row.platform_item_id: row for row in _unseen(session, platform, since)}
    away = _away_since(session, platform, found)
    suspects = [
        Suspect(platform, row.platform_item_id, row.url, row.seen_last)
        for row in found.values()
        if away.get(row.platform_item_id) is None or away[row.platform_item_id] < row.seen_last
    ]
    return sorted(suspects, key=lambda s: (s.seen_last_at, s.item_id), reverse=True)


def texts_back(session: Session, since: datetime) -> Iterator[tuple[str, str, datetime, str]]:
    """Yield platform, id, time of the last sighting and the last change's key of texts seen since then though away."""
    last = _seen_last()
    query = (
        sa.select(
            observation.c.platform, observation.c.platform_item_id, observation.c.seen_at, observation.c.key,
            last.c.seen_last,
        )
        .join(item, _same_text())
        .join(last, last.c.item_id == item.c.id)
        .where(observation.c.kind.in_(_AWAY), observation.c.interaction_id.is_(None), last.c.seen_last >= since)
        .order_by(observation.c.seen_at, observation.c.id)
    )  # fmt: skip
    for row in {(row.platform, row.platform_item_id): row for row in session.execute(query)}.values():
        if row.seen_last > row.seen_at:
            yield row.platform, row.platform_item_id, row.seen_last, row.key


def _lacking(session: Session, since: datetime) -> Iterator[int]:
    recent = (item_look.c.finished_at >= since) & (interaction.c.seen_last_at < item_look.c.started_at) & _PLAIN
    listed = sa.select(interaction.c.id).join(item_look, _LISTED).where(recent, _COMPLETE)
    recorded = (
        sa.select(interaction.c.id)
        .join(account, account.c.id == interaction.c.actor_account_id)
        .join(item_look, _RECORDED)
        .where(recent)
    )
    yield from session.execute(listed.union(recorded)).scalars()


def _marked(session: Session) -> Iterator[int]:
    where = interaction.c.withdrawn_seen_at.is_not(None) & _PLAIN
    yield from session.execute(sa.select(interaction.c.id).where(where)).scalars()


def _acts(session: Session, ids: Iterable[int]) -> list[StoredAct]:
    query = sa.select(interaction, account.c.platform_user_id, account.c.handle).join(
        account, account.c.id == interaction.c.actor_account_id
    )
    return [
        StoredAct(
            id=row.id,
            key=row.key,
            platform=row.platform,
            target_id=row.target_id,
            actor=AccountRef(row.platform, row.platform_user_id, row.handle),
            time=ActTime(row.occurred_at, row.bracket_lo, row.bracket_hi),
            seen_last_at=row.seen_last_at,
            withdrawn_seen_at=row.withdrawn_seen_at,
        )
        for part in chunks(sorted(ids))
        for row in session.execute(query.where(interaction.c.id.in_(part)).order_by(interaction.c.id))
    ]


def _looks(session: Session, ids: Iterable[int]) -> dict[int, list[LookSeen]]:
    columns = [item_look.c[name] for name in ("started_at", "finished_at", "verb", "collected", "reported")]
    listed = sa.select(interaction.c.id.label("act_id"), *columns).join(item_look, _LISTED).where(_COMPLETE)
    recorded = (
        sa.select(interaction.c.id.label("act_id"), *columns)
        .join(account, account.c.id == interaction.c.actor_account_id)
        .join(item_look, _RECORDED)
    )
    looks: dict[int, list[LookSeen]] = defaultdict(list)
    for part in chunks(ids):
        for query, own in ((listed, False), (recorded, True)):
            for row in session.execute(query.where(interaction.c.id.in_(part))):
                look = LookSeen(row.started_at, row.finished_at, row.verb, row.collected, row.reported, own)
                looks[row.act_id].append(look)
    return looks


def _unseen(session: Session, platform: str, since: datetime) -> Iterator[Found]:
    """Yield texts that their author's own record lacks, and comments and quotes that a complete listing lacks."""
    last = _seen_last()
    columns = (item.c.platform_item_id, item.c.url, last.c.seen_last)
    recent = (item_look.c.finished_at >= since) & (item_look.c.platform == platform)
    published = item_look.c.since.is_(None) | (item.c.published_at >= item_look.c.since)
    own = (
        sa.select(*columns)
        .join(last, last.c.item_id == item.c.id)
        .join(account, account.c.id == item.c.author_account_id)
        .join(item_look, item_look.c.platform_item_id == account.c.platform_user_id)
        .where(recent, account.c.platform == platform, item_look.c.verb == Act.POST, _READ_BACK, published)
        .where(last.c.seen_last < item_look.c.started_at)
    )
    below = (
        sa.select(*columns)
        .join(last, last.c.item_id == item.c.id)
        .join(interaction, interaction.c.own_item_id == item.c.id)
        .join(item_look, _LISTED)
        .where(recent, interaction.c.act.in_((Act.COMMENT, Act.SHARE)), _COMPLETE)
        .where(last.c.seen_last < item_look.c.started_at)
    )
    yield from session.execute(own.union(below))


def _seen_last() -> sa.Subquery:
    """Return when each text was last seen, in whichever version."""
    return (
        sa.select(item_version.c.item_id, sa.func.max(item_text.c.seen_last_at, type_=item_text.c.seen_last_at.type)
                  .label("seen_last"))
        .join(item_text, item_text.c.version_id == item_version.c.id)
        .group_by(item_version.c.item_id)
        .subquery()
    )  # fmt: skip


def _same_text() -> sa.ColumnElement[bool]:
    return (item.c.platform == observation.c.platform) & (item.c.platform_item_id == observation.c.platform_item_id)


def _away_since(session: Session, platform: str, ids: Collection[str]) -> dict[str, datetime]:
    """Return since when texts are known to be away; a later `back` is no matter, since the sighting tells it."""
    found: dict[str, datetime] = {}
    for part in chunks(sorted(ids)):
        query = sa.select(observation.c.platform_item_id, observation.c.seen_at).where(
            observation.c.platform == platform,
            observation.c.platform_item_id.in_(part),
            observation.c.interaction_id.is_(None),
            observation.c.kind.in_(_AWAY),
        )
        for row in session.execute(query):
            found[row.platform_item_id] = max(found.get(row.platform_item_id, row.seen_at), row.seen_at)
    return found


__all__ = ["LookSeen", "StoredAct", "Suspect", "acts_to_settle", "missing_since", "texts_back", "unseen_texts"]
