"""Telegram Desktop's export: one message of a public channel or group to records.

Shape: `result.json` of Telegram Desktop 1.6 to 5.x. Accounts are numbers there ("user123", "channel456"), texts a
string or a list of pieces. Recent reactors are named, the one place where Telegram says who reacted.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from monitor.domain import (
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    ItemKind,
    ItemRecord,
    Mentioned,
    claimed_time,
    published_act,
)
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, distinct, unix_time
from scrapers.platforms.telegram import urls

_PEER = re.compile(r"(?P<kind>user|channel|chat)?(?P<id>[1-9][0-9]{0,15})", re.ASCII)
_REMEMBERED = 100_000
_READ = frozenset({
    "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from_id", "from", "forwarded_from",
    "forwarded_from_id", "reply_to_message_id", "reply_to_peer_id", "text", "text_entities", "poll", "file_name",
    "title", "performer", "place_name", "address", "reactions", "game_title", "game_description",
})  # fmt: skip
_IGNORED = frozenset({
    "author", "via_bot", "saved_from", "photo", "photo_file_size", "width", "height", "file", "file_size", "thumbnail",
    "thumbnail_file_size", "media_type", "sticker_emoji", "mime_type", "duration_seconds", "media_spoiler",
    "location_information", "live_location_period_seconds", "contact_information", "contact_vcard",
    "contact_vcard_file_size", "inline_bot_buttons", "self_destruct_period_seconds", "invoice_information",
    "giveaway_information", "paid_stars_amount", "story_data_expired", "game_link", "has_spoiler", "paid_media",
    "forwarded_date", "saved_from_id", "effect", "forwarded_from_author", "view_count", "views", "forwards",
    "pinned", "quote", "giveaway_results", "story", "todo_list", "suggested_post", "saved_from_message_id",
})  # fmt: skip


@dataclass(slots=True)
class Chat:
    """The chat whose messages are read; what was said before is remembered, so that answers know what they answer."""

    identity: str
    kind: str
    zone: tzinfo | None = None
    known: OrderedDict[int, tuple[AccountRef | None, str, AccountRef | None]] = field(default_factory=OrderedDict)

    @property
    def is_channel(self) -> bool:
        """Whether only its owner writes in it."""
        return self.kind.endswith("_channel")

    def remember(self, number: int, item: ItemRecord) -> None:
        """Keep who wrote a message and which thread it belongs to."""
        root, owner = (item.root_id, item.root_author) if item.root_id else (item.item_id, item.author)
        self.known[number] = (item.author, root, owner)
        if len(self.known) > _REMEMBERED:
            self.known.popitem(last=False)


def map_message(raw: Mapping[str, Any], chat: Chat, collected_at: datetime) -> Mapped:
    """Read one message with the reactions that are named; never raises."""
    notes = Notes()
    node = Node(raw, "messages[]", notes)
    if node.text("type") == "service":
        return Mapped(skipped="pesan layanan, bukan unggahan")
    node.known(_READ | _IGNORED)
    read = _message(node, chat, collected_at)
    if isinstance(read, str):
        return Mapped(issues=notes.issues, unknown_fields=notes.unknown_fields, skipped=read)
    chat.remember(int(read.item_id.rpartition("/")[2]), read)
    act = published_act(read)
    reactions = tuple(_reactions(node, read, _offset(node), collected_at))
    return Mapped((read,), ((act,) if act else ()) + reactions, notes.issues, notes.unknown_fields)


def peer(value: object) -> AccountRef | None:
    """Return the account behind "user123", "channel456" or a bare number; None for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    found = _PEER.fullmatch(text)
    return AccountRef(urls.PLATFORM, found["id"]) if found else None


def _message(node: Node, chat: Chat, collected_at: datetime) -> ItemRecord | str:
    number = node.id("id")
    if number is None:
        return "pesan tanpa nomor"
    published = _moment(node, "date", chat.zone)
    if published is None:
        return "waktu pesan tidak terbaca"
    if published > collected_at + timedelta(days=1):
        node.notes.issue("time_mismatch", "waktu pesan sesudah waktu ekspor", node.path)
    author = peer(node.data.get("from_id"))
    if author is None and chat.is_channel:
        author = AccountRef(urls.PLATFORM, chat.identity)
    return _item(node, chat, number, author, published)


def _item(node: Node, chat: Chat, number: str, author: AccountRef | None, published: datetime) -> ItemRecord:
    answered = node.id("reply_to_message_id")
    elsewhere = peer(node.data.get("reply_to_peer_id"))
    known = chat.known.get(int(answered)) if answered and elsewhere is None else None
    parent = f"{elsewhere.user_id if elsewhere else chat.identity}/{answered}" if answered else None
    origin = peer(node.data.get("forwarded_from_id"))
    forwarded = "forwarded_from" in node.data and not _copied_post(node, author, chat)
    links, tags, named = _marked(node)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=f"{chat.identity}/{number}",
        author=author,
        kind=ItemKind.COMMENT if parent else ItemKind.QUOTE if forwarded else ItemKind.POST,
        text=_words(node),
        url=urls.post_url(chat.identity, None, number),
        published=ActTime(occurred_at=published),
        parent_id=parent,
        parent_author=known[0] if known else None,
        root_id=(known[1] if known else parent) if parent else None,
        root_author=known[2] if known else None,
        quoted_author=origin if forwarded and not parent else None,
        links=links,
        hashtags=tags,
        alt_texts=distinct([text for key in _BESIDE if (text := node.text(key))]),
        mentions=named,
        edited_at=_moment(node, "edited", chat.zone),
        like_count=_sum([reaction.count("count") for reaction in node.nodes("reactions")]),
        pointer=node.path,
    )


_BESIDE = ("file_name", "title", "performer", "place_name", "address", "game_title", "game_description")


def _copied_post(node: Node, author: AccountRef | None, chat: Chat) -> bool:
    """Whether this is a channel's own post as it stands in its discussion group."""
    same = node.text("from") and node.text("from") == node.text("forwarded_from")
    return (
        bool(same)
        and str(node.data.get("from_id", "")).startswith("channel")
        and (author is not None and author.user_id != chat.identity)
    )


def _words(node: Node) -> str:
    """Return the text, and a poll's question and answers on lines of their own."""
    poll = node.node("poll")
    parts = [_plain(node.data.get("text")) or _plain(node.data.get("text_entities")), poll.text("question")]
    parts += [answer.text("text") for answer in poll.nodes("answers")]
    return "\n".join(part for part in parts if part)


def _plain(value: object) -> str:
    """Return a text that stands as one string or as a list of pieces."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    pieces = value if isinstance(value, list) else []
    texts = [piece.get("text") if isinstance(piece, dict) else piece for piece in pieces]
    return "".join(text for text in texts if isinstance(text, str)).replace("\0", "\ufffd")


def _marked(node: Node) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Mentioned, ...]]:
    """Return the links, hashtags and mentions of a text, by its own markup."""
    links: list[str] = []
    tags: list[str] = []
    named: list[Mentioned] = []
    for piece in _pieces(node):
        kind, text = piece.text("type"), piece.text("text")
        if kind == "hashtag":
            tags.append(text.removeprefix("#").split("@")[0])
        elif kind == "link":
            links.append(text if "://" in text else f"https://{text}")
        elif kind == "text_link":
            links.append(piece.text("href"))
        elif kind == "mention" and (who := urls.account_ref(text)) is not None and who.handle:
            named.append(Mentioned(who.user_id, who.handle))
        elif kind == "mention_name" and (identity := piece.id("user_id")) is not None:
            named.append(Mentioned(identity))
    return distinct([link for link in links if link]), distinct([tag for tag in tags if tag]), distinct(named)


def _pieces(node: Node) -> Iterator[Node]:
    entities = node.data.get("text_entities")
    pieces = entities if isinstance(entities, list) else node.data.get("text")
    for piece in pieces if isinstance(pieces, list) else ():
        if isinstance(piece, dict):
            yield Node(piece, "messages[].text_entities[]", node.notes)


def _reactions(node: Node, item: ItemRecord, offset: timedelta | None, collected_at: datetime) -> Iterator[ActRecord]:
    """Yield the reactions whose people are named; their times are local, as the message's own time shows."""
    seen: set[str] = set()
    counted = named = 0
    for reaction in node.nodes("reactions"):
        counted += reaction.count("count") or 0
        for recent in reaction.nodes("recent"):
            who = peer(recent.data.get("from_id"))
            named += 1
            if who is None or who.user_id in seen:
                continue
            seen.add(who.user_id)
            when = _local(recent.text("date"), offset)
            time = claimed_time(when, item.published.occurred_at, collected_at)
            yield ActRecord(
                urls.PLATFORM, who, Act.LIKE, item.item_id, time, target_author=item.author, pointer=recent.path
            )
    if counted > named:
        node.notes.issue("reaksi_sebagian", "hanya pemberi reaksi terbaru yang disebut dalam ekspor")


def _moment(node: Node, key: str, zone: tzinfo | None) -> datetime | None:
    """Return a time by its Unix seconds; older exports have only a local time, which needs the zone."""
    moment = node.moment(f"{key}_unixtime")
    if moment is not None or zone is None:
        return moment
    try:
        local = datetime.fromisoformat(node.text(key))
        stated = local if local.tzinfo else local.replace(tzinfo=zone)
        return unix_time(stated.timestamp())
    except (ValueError, OverflowError):
        return None


def _offset(node: Node) -> timedelta | None:
    """Return how far the exporter's clock was from UTC, by a message that states its time twice."""
    exact = node.moment("date_unixtime")
    try:
        local = datetime.fromisoformat(node.text("date"))
    except ValueError:
        return None
    if exact is None or local.tzinfo is not None:
        return None
    offset = local.replace(tzinfo=UTC) - exact
    return offset if abs(offset) <= timedelta(hours=14) else None


def _local(text: str, offset: timedelta | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    try:
        return moment.replace(tzinfo=UTC) - offset if offset is not None else None
    except OverflowError:
        return None


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
