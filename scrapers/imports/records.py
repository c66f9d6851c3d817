"""From what one row says to records: the same for every table, whatever its columns are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers.contract import ItemIssue
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import distinct
from scrapers.imports.sites import Site, is_pseudonym
from scrapers.imports.times import DateOrder, read_time

FIELDS = frozenset({
    "platform", "act", "key", "quoted_key", "id", "url", "author_id", "author_handle", "author_url", "text", "time",
    "edited", "seen", "parent_id", "parent_url", "parent_author_id", "parent_author_handle", "root_id", "root_url",
    "root_author_id", "root_author_handle", "quoted_id", "quoted_url", "quoted_author_id", "quoted_author_handle",
    "shared_id", "shared_url", "shared_author_id", "shared_author_handle", "shared_time", "like_count",
    "share_count", "comment_count", "hashtags", "mentions", "mentioned_ids", "links", "alt_texts", "lang",
})  # fmt: skip
"""What a row may say. `act` is what was done (a word of ours, of officers or of tools); lists are joined.

A `key` is an id that is no platform's own and is taken as it stands.
"""

PSEUDONYMS = "pseudonym"  # the kind of the issue of a row whose author a tool has hidden
_ACTS: Mapping[str, Act] = {
    word: act
    for act, words in {
        Act.POST: "post posting unggahan status video reel tweet kiriman",
        Act.COMMENT: "comment komentar reply balasan komen replied",
        Act.SHARE: "share bagikan dibagikan repost retweet quote kutipan kutip retweeted quoted forward terusan",
        Act.LIKE: "like suka menyukai love reaction reaksi liked favourite favorite",
        Act.FOLLOW: "follow ikuti mengikuti pengikut follower followed",
        Act.TAG: "tag tagged menandai tandai mention",
    }.items()
    for word in words.split()
}
_HASHTAG = re.compile(r"(?<![\w&/])#(\w{1,100})")
_MENTION = re.compile(r"(?<![\w@./])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,58}[A-Za-z0-9_])?)", re.ASCII)
_NO_TIME = "waktu tidak terbaca; dianggap terjadi sebelum berkas diambil"
_PSEUDONYM = "nama penulis disamarkan oleh alat perekam (nilai acak), jadi tidak dapat dicocokkan dengan daftar"


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole file: when a row without a time of capture was seen, and how its times and lists read."""

    seen: datetime
    zone: tzinfo = UTC
    order: DateOrder | None = None
    separator: str = ","


@dataclass(frozen=True, slots=True)
class Said:
    """The fields of one row, trimmed and only those that hold something, with the platform that reads them."""

    site: Site
    fields: Mapping[str, str]
    context: Context

    def get(self, name: str) -> str:
        """Return a field's text, empty where the row says nothing."""
        return self.fields.get(name, "")

    def list(self, name: str) -> list[str]:
        """Return the entries of a joined list."""
        joined = self.get(name)
        return [e for part in joined.split(self.context.separator) if (e := part.strip())] if joined else []

    def account(self, prefix: str) -> AccountRef | None:
        """Return the account in the fields `<prefix>_id`, `<prefix>_handle` and `<prefix>_url`."""
        return self.site.who(self.get(f"{prefix}_id"), self.get(f"{prefix}_handle"), self.get(f"{prefix}_url"))

    def item(self, prefix: str) -> str | None:
        """Return the text in the fields `<prefix>_id` and `<prefix>_url`."""
        return self.get(f"{prefix}_key") or self.site.what(self.get(f"{prefix}_id"), self.get(f"{prefix}_url"))

    def count(self, name: str) -> int | None:
        """Return a count, None where the row gives none."""
        digits = re.sub(r"\.0+$", "", self.get(name)).replace(",", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None

    def when(self, name: str) -> datetime | None:
        """Return a time; DayOrMonth where the order of day and month is open."""
        return read_time(self.get(name), self.context.zone, self.context.order)


def record(said: Said) -> Mapped:
    """Turn one row into records; never raises but DayOrMonth, which a person has to answer."""
    seen = said.when("seen") or said.context.seen
    author = said.account("author")
    hidden = is_pseudonym(said.get("author_id")) or is_pseudonym(said.get("author_handle"))
    if hidden or author is None:
        why = _PSEUDONYM if hidden else "baris tidak menyebut akun penulis dengan id, nama akun, atau alamat profil"
        return Mapped(issues=(ItemIssue(PSEUDONYMS, why),) if hidden else (), skipped=why)
    act = _ACTS.get(said.get("act").lower())
    if said.get("shared_id") or said.get("shared_url"):
        return _share(said, author, seen)
    quotes = said.get("quoted_id") or said.get("quoted_url") or said.get("quoted_key") or said.get("text")
    if act in (Act.LIKE, Act.FOLLOW, Act.TAG) or (act is Act.SHARE and not quotes):
        return _plain_act(said, author, act, seen)
    return _published(said, author, act, seen)


def _plain_act(said: Said, author: AccountRef, act: Act, seen: datetime) -> Mapped:
    """Return an act that publishes nothing: it is on the text, or for a follow the account, that the row names."""
    target_author = said.account("parent_author")
    target = said.item("parent") or said.item("root") or said.site.what(said.get("id"), said.get("url"))
    if act is Act.FOLLOW:
        if target_author is None:
            return Mapped(skipped="baris tidak menyebut akun yang diikuti")
        target = target_author.user_id
    if target is None:
        return Mapped(skipped="baris tidak menyebut unggahan yang dituju dengan id atau alamat")
    issues: list[ItemIssue] = []
    time = _time(said, "time", seen, issues, optional=True)
    return Mapped(
        acts=(ActRecord(said.site.name, author, act, target, time, target_author=target_author),),
        issues=tuple(issues),
    )


def _share(said: Said, author: AccountRef, seen: datetime) -> Mapped:
    """Return a repost, with the text that it carries as the original's."""
    target = said.item("shared")
    if target is None:
        return Mapped(skipped="unggahan yang dibagikan tidak dikenali dari id atau alamatnya")
    issues: list[ItemIssue] = []
    time, original_author = _time(said, "time", seen, issues), said.account("shared_author")
    shared = ActRecord(said.site.name, author, Act.SHARE, target, time, target_author=original_author)
    items: tuple[ItemRecord, ...] = ()
    if said.get("text"):
        original = said.when("shared_time")
        published = ActTime(occurred_at=original) if original else ActTime(hi=time.latest)
        text = re.sub(r"\ART @\w{1,15}:? ", "", said.get("text"))
        items = (_item(said, target, original_author, ItemKind.POST, text, published),)
    own = tuple(found for item in items if (found := published_act(item)) is not None)
    return Mapped(items, (*own, shared), tuple(issues))


def _published(said: Said, author: AccountRef, act: Act | None, seen: datetime) -> Mapped:
    identity = said.get("key") or said.site.what(said.get("id"), said.get("url"))
    if identity is None:
        return Mapped(skipped="id unggahan atau komentar tidak ada dalam baris")
    issues: list[ItemIssue] = []
    parent, root, quoted = said.item("parent"), said.item("root"), said.item("quoted")
    if parent is None and act is not Act.POST and said.get("url"):
        placed = said.site.where(said.get("url"))
        parent = placed.parent_id if placed is not None and placed.item_id == identity else None
    parent = parent or (root if act is Act.COMMENT or said.get("parent_id") else None)
    root, parent = (None if found == identity else found for found in (root, parent))
    if act is Act.COMMENT and parent is None:
        return Mapped(skipped="unggahan yang dikomentari tidak dikenali dari id atau alamatnya (sebutkan dengan --url)")
    quotes = quoted is not None or said.account("quoted_author") is not None  # a forward may name only whose it is
    kind = ItemKind.COMMENT if parent and act is not Act.POST else ItemKind.QUOTE if quotes else ItemKind.POST
    item = _item(said, identity, author, kind, said.get("text"), _time(said, "time", seen, issues))
    return _with_above(said, item, parent, root, quoted, tuple(issues))


def _with_above(
    said: Said,
    item: ItemRecord,
    parent: str | None,
    root: str | None,
    quoted: str | None,
    issues: tuple[ItemIssue, ...],
) -> Mapped:
    """Return the item with what it answers or quotes, and the act of publishing it."""
    comment = item.kind is ItemKind.COMMENT
    parent_author = said.account("parent_author") if comment else None
    root_author = said.account("root_author") if comment else None
    if comment and parent is not None and parent == root:
        parent_author = root_author = parent_author or root_author
    item = replace(
        item,
        url=_address(said, item.item_id, (root or parent) if comment else None),
        parent_id=parent if comment else None,
        parent_author=parent_author,
        root_id=root if comment else None,
        root_author=root_author if root is not None else None,
        quoted_id=quoted,
        quoted_author=said.account("quoted_author"),
    )
    act = published_act(item)
    return Mapped((item,), (act,) if act is not None else (), issues)


def _address(said: Said, identity: str, post: str | None) -> str:
    """Return the public address of a text: the row's own, else the one that the platform gives such an id."""
    if _is_address(said.get("url")):
        return said.get("url")
    if said.get("key"):
        return next((url for name in ("root_url", "parent_url") if _is_address(url := said.get(name))), identity)
    return said.site.link(identity, post)


def _item(
    said: Said, identity: str, author: AccountRef | None, kind: ItemKind, text: str, published: ActTime
) -> ItemRecord:
    named = [Mentioned("@" + handle.lower(), handle) for one in said.list("mentions") if (handle := one.lstrip("@"))]
    ids = [Mentioned(one) for one in said.list("mentioned_ids")]
    if ids and len(ids) == len(named):
        named = [Mentioned(one.user_id, name.handle) for one, name in zip(ids, named, strict=True)]
    elif not named:
        named = ids or [Mentioned("@" + handle.lower(), handle) for handle in _MENTION.findall(text)]
    tags = [tag.lstrip("#") for tag in said.list("hashtags")] or _HASHTAG.findall(text)
    edited = said.when("edited")
    moved = edited if edited is not None and published.exact and edited > published.latest else None
    return ItemRecord(
        platform=said.site.name,
        item_id=identity,
        author=author,
        kind=kind,
        text=text,
        url=identity if said.get("key") else said.site.link(identity, None),
        published=published,
        hashtags=distinct([tag for tag in tags if tag]),
        links=distinct([link for link in said.list("links") if _is_address(link)]),
        alt_texts=distinct(said.list("alt_texts")),
        mentions=distinct(named),
        lang=_language(said.get("lang")),
        edited_at=moved,
        like_count=said.count("like_count"),
        share_count=said.count("share_count"),
        comment_count=said.count("comment_count"),
    )


def _time(said: Said, name: str, seen: datetime, issues: list[ItemIssue], *, optional: bool = False) -> ActTime:
    """Return the exact time of a row, else the bracket that ends when it was seen."""
    found = said.when(name)
    if found is None:
        if not optional or said.get(name):
            issues.append(ItemIssue("no_time", _NO_TIME, name))
        return ActTime(hi=seen)
    if found > seen:
        issues.append(ItemIssue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", name))
    return ActTime(occurred_at=found)


def _is_address(text: str) -> bool:
    return re.match(r"https?://[^\s]{3,2000}\Z", text) is not None


def _language(code: str) -> str | None:
    plain = code.strip().lower()
    return {"in": "id"}.get(plain, plain) if re.fullmatch(r"[a-z]{2}(?:-[a-z0-9]{2,8})?", plain) else None
