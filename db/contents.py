"""Texts and authors as judging and reviewing need them, loaded for many acts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from db.among import among
from db.authors import Author, load_authors
from db.bulk import Values, driver_rows, read_list, read_time
from db.connect import Session
from db.tables import interaction, item, item_text, item_version
from monitor.domain import ActTime, Content, ContentDetail, ItemKind

T = TypeVar("T")
Parts = tuple[Content | None, Content | None, Content | None]
"""An act's own text, its target's and the thread's first, as rules see them."""

_CHUNK = 500
_AUTHORS = 4  # who weigh as much as a text
_MANY = 5_000  # texts asked for at once
_KINDS = {kind.value: kind for kind in ItemKind}
_NO_VERSION = ("", None, None, None, None, None)


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

    def parts(self, act: ActTexts) -> Parts:
        """Return the up to three texts of an act that was asked about last, as rules see them."""
        trio, platform = self.trios[act.id], act.platform
        return self.judged(platform, trio.own), self.judged(platform, trio.target), self.judged(platform, trio.root)

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
        item.c.id, item.c.platform_item_id, item.c.author_account_id, item.c.kind, item.c.url, item.c.published_at,
        item.c.published_lo, item.c.published_hi, item.c.parent_id, item.c.parent_account_id, item.c.root_id,
        item.c.root_account_id,
    )  # fmt: skip
    of_these = item.c.platform == sa.bindparam("platform"), among(dialect, item.c.platform_item_id)
    return sa.select(*columns).where(*of_these)


@cache
def _item_versions(dialect: str) -> sa.Select[Any]:
    columns = (
        item_version.c.item_id, item_version.c.id, item_version.c.edited_at, item_text.c.seen_last_at,
        item_version.c.content_hash, item_text.c.text, item_text.c.hashtags, item_text.c.links, item_text.c.alt_texts,
        item_text.c.mentioned,
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(item_text, item_text.c.version_id == item_version.c.id, isouter=True)
        .where(among(dialect, item_version.c.item_id))
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
            rows = driver_rows(session, _items(session.dialect.name), {"platform": platform, "ids": part})
            versions = _versions(session, [row[0] for row in rows])
            for text in _read(session, platform, rows, versions):
                found[platform, text.key] = text
    return found


def _versions(session: Session, item_ids: list[int]) -> dict[int, list[Values]]:
    """Return the versions of texts, the current one last."""
    versions: dict[int, list[Values]] = defaultdict(list)
    for row in driver_rows(session, _item_versions(session.dialect.name), {"ids": item_ids}):
        versions[row[0]].append(row)
    for rows in versions.values():
        if len(rows) > 1:
            rows.sort(key=partial(_age, read_time(session)))
    return versions


def _age(time: Callable[[Any], datetime | None], version: Values) -> tuple[float, float, int]:
    """Order versions by the platform's time of the edit, then by when we last saw them; replay order plays no part."""
    edited, seen = (time(moment) for moment in version[2:4])
    return edited.timestamp() if edited else 0.0, seen.timestamp() if seen else 0.0, version[1]


def _read(
    session: Session, platform: str, rows: Iterable[Values], versions: Mapping[int, list[Values]]
) -> Iterator[Text]:
    """Read rows of `_items`, each with the current of its rows of `_item_versions`, from the driver's form."""
    time, listed = read_time(session), read_list(session)
    for number, key, author, kind, url, at, lo, hi, parent, parent_author, root, root_author in rows:
        all_versions = versions.get(number, ())
        *_, digest, text, hashtags, links, alt_texts, mentioned = all_versions[-1] if all_versions else _NO_VERSION
        yield Text(
            item_id=number,
            platform=platform,
            key=key,
            kind=_KINDS[kind],
            url=url,
            published=ActTime(time(at), time(lo), time(hi)) if at is not None or hi is not None else None,
            author_id=author,
            parent=(parent, parent_author),
            root=(root, root_author),
            text=text,
            hashtags=listed(hashtags),
            links=listed(links),
            alt_texts=listed(alt_texts),
            versions=len(all_versions),
            mentioned=listed(mentioned),
            digest=digest,
        )
