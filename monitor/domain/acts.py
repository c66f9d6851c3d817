"""Acts, the texts they are made of, and when they happened."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Act(StrEnum):
    """A public act of an account. `share` covers reposts and quotes, `like` every reaction."""

    POST = "post"
    SHARE = "share"
    LIKE = "like"
    COMMENT = "comment"
    FOLLOW = "follow"
    TAG = "tag"


class ItemKind(StrEnum):
    """What a stored text is: an item is one thing, so a reply that quotes is a comment."""

    POST = "post"
    COMMENT = "comment"
    QUOTE = "quote"

    @property
    def act(self) -> Act:
        """The act that publishing such an item is."""
        return Act.POST if self is ItemKind.POST else Act.COMMENT if self is ItemKind.COMMENT else Act.SHARE


class Direction(StrEnum):
    """From which side a target is read: a candidate's account, or a registered person's own account."""

    CANDIDATE = "candidate"
    SUBJECT = "subject"
    IMPORT = "import"


class AccountKind(StrEnum):
    """How the register knows an account."""

    ASN = "asn"
    REGISTERED = "registered"
    PERSONAL = "personal"
    PARTY = "party"
    VOLUNTEER = "volunteer"
    MEDIA = "media"
    ELECTION_BODY = "election_body"
    NEWS = "news"
    GOVERNMENT = "government"

    @property
    def candidate_side(self) -> bool:
        """Whether posts of such an account concern its pair by themselves."""
        return self in _CANDIDATE_SIDE

    @property
    def neutral(self) -> bool:
        """Whether liking or sharing such an account's posts says nothing by itself."""
        return self in _NEUTRAL


_CANDIDATE_SIDE = frozenset({AccountKind.REGISTERED, AccountKind.PERSONAL, AccountKind.PARTY, AccountKind.VOLUNTEER})
_NEUTRAL = frozenset({AccountKind.ELECTION_BODY, AccountKind.NEWS, AccountKind.GOVERNMENT})


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account by the platform's own stable id; the handle is a label seen at one time, never a key."""

    platform: str
    user_id: str
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class ActTime:
    """When an act happened: exactly, or somewhere in the half-open bracket (lo, hi].

    Raises ValueError if neither is given. An unknown lower end is None.
    """

    occurred_at: datetime | None = None
    lo: datetime | None = None
    hi: datetime | None = None

    def __post_init__(self) -> None:
        if self.occurred_at is None and self.hi is None:
            raise ValueError("an act needs a time or the end of a bracket")

    @property
    def exact(self) -> bool:
        """Whether the time is known, not only bracketed."""
        return self.occurred_at is not None

    @property
    def latest(self) -> datetime:
        """The exact time, else the end of the bracket."""
        latest = self.occurred_at or self.hi
        assert latest is not None  # held by __post_init__
        return latest

    @property
    def earliest(self) -> datetime | None:
        """The exact time, else the start of the bracket (exclusive), None when nothing bounds it."""
        return self.occurred_at or self.lo


def claimed_time(claimed: datetime | None, target_at: datetime | None, seen_at: datetime) -> ActTime:
    """Return a client-supplied time as exact when it is plausible, else a bracket that ends at `seen_at`.

    `seen_at` is the platform's own index time, or the time of the look where the platform gives none.
    """
    if claimed is not None and claimed <= seen_at and (target_at is None or target_at <= claimed):
        return ActTime(occurred_at=claimed)
    return ActTime(lo=target_at if target_at is not None and target_at < seen_at else None, hi=seen_at)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Another account named inside a text, by the platform's own markup."""

    user_id: str
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One published text as a mapper read it: platform-neutral, before anything is dropped.

    `item_id` is the platform's canonical id (Bluesky: at-URI, Mastodon: status `uri`). `author` is None for content of
    accounts that the register does not know. Counts are what the platform reported, None when it did not say.
    """

    platform: str
    item_id: str
    author: AccountRef | None
    kind: ItemKind
    text: str
    url: str
    published: ActTime
    parent_id: str | None = None
    parent_author: AccountRef | None = None
    root_id: str | None = None
    root_author: AccountRef | None = None
    quoted_id: str | None = None
    quoted_author: AccountRef | None = None
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    mentions: tuple[Mentioned, ...] = ()
    lang: str | None = None
    edited_at: datetime | None = None
    like_count: int | None = None
    share_count: int | None = None
    comment_count: int | None = None
    pointer: str = ""

    @property
    def target_id(self) -> str:
        """The item that publishing this one acts on: the parent, the quoted post, or itself."""
        if self.kind is ItemKind.COMMENT and self.parent_id:
            return self.parent_id
        if self.kind is ItemKind.QUOTE and self.quoted_id:
            return self.quoted_id
        return self.item_id


@dataclass(frozen=True, slots=True)
class ActRecord:
    """One act of one account on one target, as a mapper read it.

    `own_item_id` is set for post, comment and quote only.
    """

    platform: str
    actor: AccountRef
    act: Act
    target_id: str
    time: ActTime
    own_item_id: str | None = None
    target_author: AccountRef | None = None
    pointer: str = ""

    @property
    def key(self) -> str:
        """The idempotency key of the interaction."""
        return interaction_key(self.platform, self.actor.user_id, self.act, self.target_id, self.own_item_id)


def interaction_key(platform: str, actor_id: str, act: Act, target_id: str, own_item_id: str | None) -> str:
    """Return the hex key under which the same act seen twice, or from both directions, is one row."""
    own = own_item_id if own_item_id and act in (Act.POST, Act.COMMENT, Act.SHARE) else ""
    return hashlib.sha256(f"{platform}\x1f{actor_id}\x1f{act.value}\x1f{target_id}\x1f{own}".encode()).hexdigest()


def published_act(item: ItemRecord) -> ActRecord | None:
    """Return the act that publishing the item is, or None when its author is unknown."""
    if item.author is None:
        return None
    kind = item.kind
    target = item.author if kind is ItemKind.POST else item.parent_author
    return ActRecord(
        platform=item.platform,
        actor=item.author,
        act=item.kind.act,
        target_id=item.target_id,
        time=item.published,
        own_item_id=item.item_id,
        target_author=item.quoted_author if kind is ItemKind.QUOTE else target,
        pointer=item.pointer,
    )


def utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time: {moment.isoformat()}")
    return moment.astimezone(UTC)
