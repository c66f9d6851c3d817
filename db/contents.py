"""Texts and authors as judging and reviewing need them, loaded for many acts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from db.among import among
from db.connect import Session
from db.tables import (
    account,
    attribution,
    candidate,
    candidate_account,
    interaction,
    item,
    item_text,
    item_version,
    neutral_account,
)
from monitor.domain import AccountKind, AccountRef, ActTime, AttributionStatus, Content, ContentDetail, ItemKind

T = TypeVar("T")

_CHUNK = 500
_AUTHORS = 4  # who weigh as much as a text
_MANY = 5_000  # texts or accounts asked for at once
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
# Accounts that enter the register only with a ground and two persons speak for a pair only once both signed.
_TWO_PERSONS = frozenset({AccountKind.PERSONAL, AccountKind.VOLUNTEER})


@dataclass(frozen=True, slots=True)
class Author:
    """A registered account with its place in the register."""

    ref: AccountRef
    kind: AccountKind | None
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One stored text in its current version; `text` is None once purged."""

    item_id: int
    platform: str
    key: str
    kind: ItemKind
    url: str
    published: ActTime | None
    author_id: int | None
    parent: tuple[str | None, int | None]
    root: tuple[str | None, int | None]
    text: str | None = None
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    versions: int = 1
    mentioned: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Trio:
    """The up to three texts of an act: its own, its target's, the thread's first. Keys of texts not kept stand too."""

    own: tuple[str, int | None] | None = None
    target: tuple[str, int | None] | None = None
    root: tuple[str, int | None] | None = None


@dataclass(slots=True)
class Contents:
    """Texts by (platform, canonical id) and authors by account row; `earlier` says when the same words stood before.

    Trios are of the acts asked about last, and `loaded` are the texts that these brought.
    """

    texts: dict[tuple[str, str], Text] = field(default_factory=dict)
    authors: dict[int, Author] = field(default_factory=dict)
    trios: dict[int, Trio] = field(default_factory=dict)
    earlier: dict[tuple[str, str], datetime] = field(default_factory=dict)
    loaded: list[Text] = field(default_factory=list)
    _judged: dict[tuple[str, tuple[str, int | None]], Content | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much is held: texts, what is known of texts that are not kept, and authors, who are smaller."""
        return max(len(self.texts), len(self._judged), len(self.authors) // _AUTHORS)

    def let_go(self, keys: Iterable[tuple[str, str]]) -> None:
        """Hold some texts no longer, such as comments, which hardly any other act is of; their authors stay."""
        for platform, key in keys:
            text = self.texts.pop((platform, key), None)
            self.earlier.pop((platform, key), None)
            self._judged.pop((platform, (key, text.author_id if text is not None else None)), None)

    def forget(self) -> None:
        """Hold nothing any more."""
        for kept in (self.texts, self.authors, self.trios, self.earlier, self._judged):
            kept.clear()

    def judged(self, platform: str, part: tuple[str, int | None] | None) -> Content | None:
        """Return a text as rules see it; one that is not kept has no words, its registered author still counts."""
        if part is None:
            return None
        known = platform, part
        if known not in self._judged:  # most acts are of few texts
            self._judged[known] = self._as_judged(platform, part)
        return self._judged[known]

    def _as_judged(self, platform: str, part: tuple[str, int | None]) -> Content | None:
        text = self.texts.get((platform, part[0]))
        author_id = text.author_id if text is not None and text.author_id is not None else part[1]
        author = self.authors.get(author_id) if author_id is not None else None
        if text is None and author is None:
            return None
        return Content(
            item_id=part[0],
            url=text.url if text else part[0],
            text=(text.text or "") if text else "",
            author_kind=author.kind if author else None,
            author_candidates=author.candidates if author else (),
            author_handle=author.ref.handle if author else None,
            links=text.links if text else (),
            hashtags=text.hashtags if text else (),
            alt_texts=text.alt_texts if text else (),
            published_at=text.published.occurred_at if text and text.published else None,
            mentioned=text.mentioned if text else (),
            seen_before=self.earlier.get((platform, part[0])),
        )

    def shown(self, platform: str, part: tuple[str, int | None] | None) -> tuple[ContentDetail, tuple[int, ...]] | None:
        """Return a text as a reviewer sees it, with the pairs its author speaks for."""
        if part is None:
            return None
        text = self.texts.get((platform, part[0]))
        author_id = text.author_id if text is not None and text.author_id is not None else part[1]
        author = self.authors.get(author_id) if author_id is not None else None
        detail = ContentDetail(
            item_id=part[0],
            url=text.url if text else "",
            text=(text.text or "") if text else "",
            platform=platform,
            author=author.ref if author else None,
            author_kind=author.kind if author else None,
            hashtags=text.hashtags if text else (),
            links=text.links if text else (),
            alt_texts=text.alt_texts if text else (),
            published=text.published if text else None,
            versions=text.versions if text else 0,
            kept=text is not None and text.text is not None,
        )
        return detail, author.candidates if author else ()


def chunked(values: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    """Give the values in lists short enough for one statement."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


class ActTexts(NamedTuple):
    """An act by number, and which texts it is about."""

    id: int
    platform: str
    target_id: str
    own_item_key: str | None
    target_author_account_id: int | None


def load_contents(session: Session, interaction_ids: Collection[int]) -> Contents:
    """Load the texts and authors of these acts: a fixed number of statements for every few hundred."""
    acts: list[ActTexts] = []
    for ids in chunked(sorted(set(interaction_ids))):
        acts += (ActTexts(*row) for row in session.execute(_acts(session.dialect.name), {"ids": ids}))
    return contents_of(session, acts)


def contents_of(session: Session, acts: Collection[ActTexts], held: Contents | None = None) -> Contents:
    """Load the texts and authors of acts of which is known what they are about; what is `held` is not asked again."""
    contents = held if held is not None else Contents()
    keys = {(act.platform, act.target_id) for act in acts}
    keys |= {(act.platform, act.own_item_key) for act in acts if act.own_item_key}
    new = _texts(session, keys - contents.texts.keys())
    contents.texts |= new
    contents.trios = _trios(acts, contents.texts)
    trios = contents.trios.values()
    platforms = zip(acts, trios, strict=True)
    roots = {(act.platform, trio.root[0]) for act, trio in platforms if trio.root is not None}
    above = _texts(session, roots - contents.texts.keys())
    contents.texts |= above
    wanted = {part[1] for trio in trios for part in (trio.own, trio.target, trio.root) if part}
    wanted |= {text.author_id for text in (*new.values(), *above.values())}
    wanted -= contents.authors.keys()
    contents.authors |= load_authors(session, {number for number in wanted if number is not None})
    contents.loaded = [*new.values(), *above.values()]
    return contents


def load_authors(session: Session, account_ids: Collection[int]) -> dict[int, Author]:
    """Return accounts with their kind: of a pair first, then of a neutral body, then of a watched person."""
    authors: dict[int, Author] = {}
    for ids in chunked(sorted(account_ids), _MANY):
        kinds: dict[int, AccountKind] = {}
        pairs: dict[int, set[int]] = defaultdict(set)
        of_these = {"ids": ids}
        for row in session.execute(_owned_accounts(session.dialect.name), of_these):
            if row.status in _LIVE:
                kinds[row.account_id] = AccountKind.ASN
        for row in session.execute(_neutral_accounts(session.dialect.name), of_these):
            kinds[row.account_id] = row.kind
        for row in session.execute(_pair_accounts(session.dialect.name), of_these):
            if row.kind in _TWO_PERSONS and row.confirmed_at is None:
                continue
            kinds[row.account_id] = row.kind
            pairs[row.account_id].add(row.candidate_id)
        for row in session.execute(_accounts(session.dialect.name), of_these):
            ref = AccountRef(row.platform, row.platform_user_id, row.handle)
            authors[row.id] = Author(ref, kinds.get(row.id), tuple(sorted(pairs[row.id])))
    return authors


def act_time(row: Any) -> ActTime:
    """Return the time of an interaction row."""
    if row.occurred_at is not None:
        return ActTime(occurred_at=row.occurred_at)
    return ActTime(lo=row.bracket_lo, hi=row.bracket_hi)


@cache
def _acts(dialect: str) -> sa.Select[Any]:
    columns = (
        interaction.c.id, interaction.c.platform, interaction.c.target_id, interaction.c.own_item_key,
        interaction.c.target_author_account_id,
    )  # fmt: skip
    return sa.select(*columns).where(among(dialect, interaction.c.id))


@cache
def _items(dialect: str) -> sa.Select[Any]:
    columns = (
        item.c.id, item.c.platform, item.c.platform_item_id, item.c.author_account_id, item.c.kind, item.c.url,
        item.c.published_at, item.c.published_lo, item.c.published_hi, item.c.parent_id, item.c.parent_account_id,
        item.c.root_id, item.c.root_account_id,
    )  # fmt: skip
    of_these = item.c.platform == sa.bindparam("platform"), among(dialect, item.c.platform_item_id)
    return sa.select(*columns).where(*of_these)


@cache
def _item_versions(dialect: str) -> sa.Select[Any]:
    columns = (
        item_version.c.item_id, item_version.c.edited_at, item_version.c.id, item_version.c.content_hash,
        item_text.c.text, item_text.c.links, item_text.c.hashtags, item_text.c.alt_texts, item_text.c.mentioned,
        item_text.c.seen_last_at,
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(item_text, item_text.c.version_id == item_version.c.id, isouter=True)
        .where(among(dialect, item_version.c.item_id))
    )


@cache
def _accounts(dialect: str) -> sa.Select[Any]:
    columns = (account.c.id, account.c.platform, account.c.platform_user_id, account.c.handle)
    return sa.select(*columns).where(among(dialect, account.c.id))


@cache
def _owned_accounts(dialect: str) -> sa.Select[Any]:
    """Select attributions of accounts, whatever their status: an index on it would lead through all that live."""
    columns = (attribution.c.account_id, attribution.c.status)
    return sa.select(*columns).where(among(dialect, attribution.c.account_id))


@cache
def _neutral_accounts(dialect: str) -> sa.Select[Any]:
    columns = (neutral_account.c.account_id, neutral_account.c.kind)
    return sa.select(*columns).where(among(dialect, neutral_account.c.account_id))


@cache
def _pair_accounts(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(
            candidate_account.c.account_id,
            candidate_account.c.candidate_id,
            candidate_account.c.kind,
            candidate_account.c.confirmed_at,
        )
        .join(candidate, candidate.c.id == candidate_account.c.candidate_id)
        .where(candidate.c.removed_at.is_(None), among(dialect, candidate_account.c.account_id))
        .order_by(candidate_account.c.account_id, candidate_account.c.candidate_id)
    )


def _trios(acts: Collection[ActTexts], texts: dict[tuple[str, str], Text]) -> dict[int, Trio]:
    trios: dict[int, Trio] = {}
    wordless: dict[tuple[str, str, int | None], Trio] = {}  # acts without words of their own are of few texts
    for act in acts:
        if act.own_item_key is not None:
            trios[act.id] = _trio(act, texts)
            continue
        target = act.platform, act.target_id, act.target_author_account_id
        trio = wordless.get(target)
        if trio is None:
            trio = wordless[target] = _trio(act, texts)
        trios[act.id] = trio
    return trios


def _trio(row: ActTexts, texts: dict[tuple[str, str], Text]) -> Trio:
    own = texts.get((row.platform, row.own_item_key)) if row.own_item_key else None
    own_part = (row.own_item_key, own.author_id if own else None) if row.own_item_key else None
    target_part = None if row.target_id == row.own_item_key else (row.target_id, row.target_author_account_id)
    target = texts.get((row.platform, row.target_id)) if target_part else None
    root = None
    for text in (own, target):
        if text is not None and root is None:
            root = next(((key, author) for key, author in (text.root, text.parent) if key), None)
    taken = {part[0] for part in (own_part, target_part) if part}
    return Trio(own_part, target_part, root if root is not None and root[0] not in taken else None)


def _texts(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {}
    by_platform: dict[str, list[str]] = defaultdict(list)
    for platform, key in sorted(keys):
        by_platform[platform].append(key)
    for platform, names in by_platform.items():
        for part in chunked(names, _MANY):
            rows = session.execute(_items(session.dialect.name), {"platform": platform, "ids": part}).all()
            versions = _versions(session, [row.id for row in rows])
            for row in rows:
                found[platform, row.platform_item_id] = _text(row, versions.get(row.id, []))
    return found


def _versions(session: Session, item_ids: list[int]) -> dict[int, list[Any]]:
    """Return the versions of texts, the current one last."""
    versions: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_item_versions(session.dialect.name), {"ids": item_ids}):
        versions[row.item_id].append(row)
    for rows in versions.values():
        if len(rows) > 1:
            rows.sort(key=_age)
    return versions


def _age(row: Any) -> tuple[float, float, int]:
    """Order versions by the platform's time of the edit, then by when we last saw them; replay order plays no part."""

    def number(moment: datetime | None) -> float:
        return moment.timestamp() if moment is not None else 0.0

    return number(row.edited_at), number(row.seen_last_at), row.id


def _text(row: Any, versions: list[Any]) -> Text:
    current = versions[-1] if versions else None
    published = None
    if row.published_at is not None or row.published_hi is not None:
        published = ActTime(row.published_at, row.published_lo, row.published_hi)
    return Text(
        item_id=row.id,
        platform=row.platform,
        key=row.platform_item_id,
        kind=row.kind,
        url=row.url,
        published=published,
        author_id=row.author_account_id,
        parent=(row.parent_id, row.parent_account_id),
        root=(row.root_id, row.root_account_id),
        text=current.text if current else None,
        hashtags=tuple(current.hashtags or ()) if current else (),
        links=tuple(current.links or ()) if current else (),
        alt_texts=tuple(current.alt_texts or ()) if current else (),
        versions=len(versions),
        mentioned=tuple(current.mentioned or ()) if current else (),
        digest=current.content_hash if current else "",
    )
