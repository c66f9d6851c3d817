"""Turns Mastodon's accounts and statuses into platform-neutral records: pure, LayoutChanged if one is broken.

Shapes: docs.joinmastodon.org/entities/Status and /Account. The stable id of an actor and of a status is its `uri`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import AccountRef, Act, ActRecord, ItemKind, ItemRecord, Mentioned, claimed_time
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.pick import Raw

NAME = "mastodon"
VERSION = "2"
PUBLIC = frozenset({"public", "unlisted"})

_ACCT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(@[A-Za-z0-9.-]+(:\d+)?)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A status that another one answers."""

    uri: str
    author: AccountRef | None
    published: datetime | None = None


def actor(raw: Raw, host: str, at: str) -> AccountRef:
    """Return who somebody is: by `uri`, else by lower-case user@host; `host` is the server that was asked."""
    acct = pick.word(raw, "acct", at).lower()
    if not _ACCT.fullmatch(acct):
        raise LayoutChanged(f"{at}.acct bukan nama akun")
    handle = acct if "@" in acct else f"{acct}@{host}"
    return AccountRef(NAME, _actor_uri(raw) or handle, handle)


def _actor_uri(raw: Raw) -> str | None:
    """Return the actor's `uri`, which Pleroma and Akkoma keep among their own fields."""
    own = raw.get("pleroma")
    for value in (raw.get("uri"), own.get("ap_id") if isinstance(own, Mapping) else None):
        if isinstance(value, str) and pick.web_address(value):
            return pick.clean(value)
    return None


def visible(raw: Raw) -> bool:
    """Whether a status is for everybody; followers-only and direct ones are never taken, whoever serves them."""
    return str(raw.get("visibility")) in PUBLIC


def reference(raw: Raw, host: str, at: str) -> Reference:
    """Return a status as something that another one answers."""
    author = actor(pick.mapping(raw.get("account"), f"{at}.account"), host, f"{at}.account")
    return Reference(status_uri(raw, at), author, pick.stamp(raw.get("created_at")))


def status_uri(raw: Raw, at: str) -> str:
    """Return the stable id of a status."""
    uri = pick.word(raw, "uri", at)
    if not pick.web_address(uri) and not uri.startswith("tag:"):
        raise LayoutChanged(f"{at}.uri bukan alamat")
    return uri


def status(
    raw: Raw, host: str, seen_at: datetime, at: str, parent: Reference | None = None, root: Reference | None = None
) -> ItemRecord:
    """Return a status; what it answers is known to its server by number only, so the caller says it."""
    author = actor(pick.mapping(raw.get("account"), f"{at}.account"), host, f"{at}.account")
    quoted = quoted_status(raw)
    quote = reference(quoted, host, f"{at}.quote") if quoted is not None else None
    answered = parent or quote
    content = pick.text(raw, "content", at)
    page = pick.text(raw, "url", at)
    uri = status_uri(raw, at)
    return ItemRecord(
        platform=NAME,
        item_id=uri,
        author=author,
        kind=ItemKind.COMMENT if answers(raw) else ItemKind.QUOTE if quote else ItemKind.POST,
        text=_text(raw, content, at),
        url=page if pick.web_address(page) else uri,
        published=claimed_time(pick.moment(raw, "created_at", at), answered.published if answered else None, seen_at),
        parent_id=parent.uri if parent else None,
        parent_author=parent.author if parent else None,
        root_id=root.uri if root else None,
        root_author=root.author if root else None,
        quoted_id=quote.uri if quote else None,
        quoted_author=quote.author if quote else None,
        links=links(content),
        hashtags=_once(pick.text(tag, "name", at) for tag in _objects(raw, "tags", at)),
        alt_texts=_once(pick.text(media, "description", at) for media in _objects(raw, "media_attachments", at)),
        mentions=tuple(_mentions(raw, host, at)),
        lang=pick.text(raw, "language", at)[:35] or None,
        edited_at=pick.stamp(raw.get("edited_at")),
        like_count=pick.count(raw, "favourites_count", at),
        share_count=shares(raw, at),
        comment_count=pick.count(raw, "replies_count", at),
        pointer=at,
    )


def answers(raw: Raw) -> bool:
    """Whether a status is a reply; once its parent is deleted only the parent's author is still named."""
    return bool(raw.get("in_reply_to_id") or raw.get("in_reply_to_account_id"))


def shares(raw: Raw, at: str) -> int | None:
    """Return how many reblogs and quotes a status reports."""
    reblogs, quotes = pick.count(raw, "reblogs_count", at), pick.count(raw, "quotes_count", at)
    return None if reblogs is None else reblogs + (quotes or 0)


def boost(raw: Raw, target: ItemRecord, host: str, seen_at: datetime, at: str) -> ActRecord:
    """Return the share that a status with a `reblog` is; its own time is the home server's, so it is exact."""
    who = actor(pick.mapping(raw.get("account"), f"{at}.account"), host, f"{at}.account")
    time = claimed_time(pick.moment(raw, "created_at", at), target.published.occurred_at, seen_at)
    return ActRecord(NAME, who, Act.SHARE, target.item_id, time, target_author=target.author, pointer=at)


def listed(raw: Raw, host: str, act: Act, target: Reference, seen_at: datetime, at: str) -> ActRecord:
    """Return a favourite or reblog of a listing; the platform gives no time, so the look ends the bracket."""
    time = claimed_time(None, target.published, seen_at)
    return ActRecord(NAME, actor(raw, host, at), act, target.uri, time, target_author=target.author, pointer=at)


def quoted_status(raw: Raw) -> Raw | None:
    """Return the quoted status when the answer shows it whole.

    Mastodon (4.5) shows it only while the quote's state is `accepted`; in every other state (`pending`, `rejected`,
    `revoked`, `deleted`, `unauthorized`, ...) nothing names the target. Akkoma and Fedibird put the status itself
    there, Pleroma among its own fields.
    """
    own = raw.get("pleroma")
    for quote in (raw.get("quote"), own.get("quote") if isinstance(own, Mapping) else None):
        inner = quote.get("quoted_status", quote) if isinstance(quote, Mapping) else None
        if isinstance(inner, Mapping) and "uri" in inner and "account" in inner:
            return inner
    return None


def plain_text(content: str) -> str:
    """Return the text of a status's HTML: paragraphs and breaks become newlines, hidden quote lines go."""
    tree = pick.html(content)
    for node in tree.css("p.quote-inline, span.quote-inline, script, style"):
        node.decompose()
    for node in tree.css("br"):
        node.replace_with("\n")
    for node in tree.css("p, div, li, blockquote, pre"):
        node.insert_after("\n\n")
    text = tree.body.text(deep=True) if tree.body is not None else ""
    return pick.clean(re.sub(r"\n{3,}", "\n\n", text).strip())


def links(content: str) -> tuple[str, ...]:
    """Return where the text's links lead; mentions and hashtags are not links but fields of their own."""
    found = []
    for node in pick.html(content).css("a[href]"):
        classes = (node.attributes.get("class") or "").split()
        href = node.attributes.get("href") or ""
        if not {"mention", "hashtag"} & set(classes) and pick.web_address(href):
            found.append(pick.clean(href))
    return _once(found)


def _text(raw: Raw, content: str, at: str) -> str:
    """Return warning, text and poll options, each on its own lines."""
    poll = pick.maybe(raw, "poll", dict, at) or {}
    options = [pick.text(option, "title", at) for option in _objects(poll, "options", at)]
    return "\n".join(part for part in (pick.text(raw, "spoiler_text", at), plain_text(content), *options) if part)


def _mentions(raw: Raw, host: str, at: str) -> Iterable[Mentioned]:
    """Yield who is mentioned; a mention carries no actor `uri`, so user@host stands for it."""
    for mention in _objects(raw, "mentions", at):
        acct = pick.text(mention, "acct", at).lower()
        if _ACCT.fullmatch(acct):
            handle = acct if "@" in acct else f"{acct}@{host}"
            yield Mentioned(handle, handle)


def _objects(raw: Raw, key: str, at: str) -> list[Raw]:
    return [value for value in pick.entries(raw, key, at) if isinstance(value, Mapping)]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
