"""Turns Telegram's message markup into platform-neutral records: pure, LayoutChanged if one is broken.

The same markup serves the preview of a channel (`t.me/s/name`), the widget of a single post and the comments of the
discussion widget. A forward is a quote of its original; a reply is a comment, also below an own post.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, Mentioned
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.platforms.telegram import urls
from scrapers.platforms.telegram.urls import Link

NAME = urls.PLATFORM
VERSION = "1"

_POST = re.compile(r"(?P<name>[A-Za-z0-9_]{3,64})/(?P<number>[1-9][0-9]{0,15})", re.ASCII)
_COUNT = re.compile(r"(?P<number>\d[\d.,\u00a0 ]{0,40})\s{0,4}(?P<unit>[KMB]?)", re.IGNORECASE)
_GAPS = re.compile(r"[\s\u00a0,]")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_BREAKS = "br, img[alt], p, div, blockquote, pre, li"
_TEXTS = (
    ".js-message_text", ".tgme_widget_message_caption",
    ".tgme_widget_message_text:not(.js-message_reply_text)",  # pages of 2018 to 2019
)  # fmt: skip
_BESIDE = (
    "tgme_widget_message_document_title", "tgme_widget_message_document_extra",
    "tgme_widget_message_location_title", "tgme_widget_message_location_address",
    "tgme_widget_message_game_title", "tgme_widget_message_game_description",
    "tgme_widget_message_invoice_title", "tgme_widget_message_invoice_description",
    "link_preview_title", "link_preview_description",
)  # fmt: skip
_SAID_BESIDE = ", ".join(f".{name}" for name in _BESIDE)


@dataclass(frozen=True, slots=True)
class Thread:
    """The post whose comments are read: its channel and its number."""

    channel: AccountRef
    post: str

    @property
    def item_id(self) -> str:
        """The id of the post."""
        return f"{self.channel.user_id}/{self.post}"


def messages(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the posts of a page, service messages included."""
    found = tree.css(".tgme_widget_message[data-post]")
    if tree.css_first(".tgme_widget_message_error") is None:
        return found
    return [node for node in found if node.css_first(".tgme_widget_message_error") is None]


def comments(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the comments of a widget; a message of a group bears both marks and is a post."""
    return tree.css(".tgme_widget_message[data-post-id]:not([data-post])")


def is_service(node: LexborNode) -> bool:
    """Whether a message says what happened to the channel ("pinned a message"), not what somebody wrote."""
    return "service_message" in _classes(node)


def number(node: LexborNode) -> int:
    """Return the number of a post."""
    return int(_data_post(node)["number"])


def channel(node: LexborNode) -> AccountRef:
    """Return the channel of a post: by the number hidden in `data-view`, else by its public name."""
    name = _data_post(node)["name"]
    stable = _viewed_channel(node.attributes.get("data-view") or "")
    return AccountRef(NAME, stable or f"@{name.lower()}", name)


def origin(node: LexborNode) -> Link | None:
    """Return what a forward names as its original, None for a post that is none or whose original is hidden."""
    link = node.css_first("a.tgme_widget_message_forwarded_from_name[href]")
    return urls.parse(link.attributes.get("href") or "") if link is not None else None


def post(
    node: LexborNode,
    at: str,
    known: AccountRef | None = None,
    origins: Mapping[str, str] | None = None,
    *,
    markup: str | None = None,
) -> ItemRecord:
    """Return one post of a channel.

    `known` is the channel where its stable id is known better than from the page. `origins` maps public names of
    forwarded channels, in lower case, to their stable ids. A message of a group is its writer's, not the group's.
    `markup` is the node's own, where the caller has it.
    """
    shown = _Shown(node, markup if markup is not None else node.html or "")
    who = known if known is not None else channel(node)
    writer = who if known is not None else _group_writer(shown) or who
    own = str(number(node))
    is_forward = shown.first("tgme_widget_message_forwarded_from") is not None
    forwarded = _forwarded(node, origins or {}) if is_forward else None
    answered = _answered(shown, who)
    kind = ItemKind.COMMENT if answered else ItemKind.QUOTE if is_forward else ItemKind.POST
    return _item(
        shown,
        at,
        kind,
        _Place(f"{who.user_id}/{own}", urls.post_url(who.user_id, who.handle, own), writer, answered, forwarded),
    )


def comment(node: LexborNode, thread: Thread, authors: Mapping[str, AccountRef], top: str, at: str) -> ItemRecord:
    """Return one comment of a discussion widget.

    `authors` are the writers of the comments read so far, by number; `top` is the number that the post itself has in
    the discussion group. Who has no public name gets an id that no register can hold: display names match nobody.
    """
    own = node.attributes.get("data-post-id") or ""
    if not own.isascii() or not own.isdigit():
        raise LayoutChanged(f"{at}: data-post-id bukan nomor")
    reply = node.css_first(".tgme_widget_message_reply")
    to = (reply.attributes.get("data-reply-to") or "") if reply is not None else ""
    if reply is not None and not to:
        link = urls.parse(reply.attributes.get("href") or "")
        to = (link.comment or "") if link is not None else ""
    item_id = urls.comment_id(thread.channel.user_id, thread.post, own)
    if to.isdigit() and to != top:
        parent = _Answered(urls.comment_id(thread.channel.user_id, thread.post, to), authors.get(to), thread)
    else:
        parent = _Answered(thread.item_id, thread.channel, thread)
    page = f"{urls.post_url(thread.channel.user_id, thread.channel.handle, thread.post)}?comment={own}"
    shown = _Shown(node, node.html or "")
    return _item(shown, at, ItemKind.COMMENT, _Place(item_id, page, _commenter(node, item_id), parent, None))


def thread_of(node: LexborNode) -> Thread | None:
    """Return the post that a comment stands below, by the comment's own address."""
    link = node.css_first("a.tgme_widget_message_date[href]")
    found = urls.parse(link.attributes.get("href") or "") if link is not None else None
    if found is None or found.post is None:
        return None
    return Thread(AccountRef(NAME, found.account_id, found.handle), found.post)


def has_public_author(item: ItemRecord) -> bool:
    """Whether the writer of a comment shows a public name."""
    return item.author is not None and not item.author.user_id.startswith("?")


def amount(text: str) -> int | None:
    """Return a number as the preview shortens it ("4.48K" is 4480), None where there is none."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    found = _COUNT.search(text)
    if found is None:
        return None
    unit = _UNITS[found["unit"].upper()]
    digits = _GAPS.sub("", found["number"])
    try:
        return min(round(float(digits) * unit), pick.MAX_COUNT)
    except ValueError:  # dots between thousands
        return min(int(digits.replace(".", "") or 0) * unit, pick.MAX_COUNT)


def plain_text(node: LexborNode) -> str:
    """Return the text below a node with its line breaks; pictures of emoji give the emoji."""
    for part in node.css(_BREAKS):
        tag = part.tag
        if tag == "br":
            part.replace_with("\n")
        elif tag == "img":
            part.replace_with(part.attributes.get("alt") or "")
        elif part.mem_id != node.mem_id:
            part.insert_before("\n")
            part.insert_after("\n")
    text = node.text(deep=True)
    return pick.clean((re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip())


@dataclass(frozen=True, slots=True)
class _Shown:
    """A message and its markup: most have few of the parts, and a search costs more than a look at the text."""

    node: LexborNode
    markup: str

    def first(self, name: str, css: str = "") -> LexborNode | None:
        """Return the first node that matches, None where the markup does not name its class."""
        return self.node.css_first(css or f".{name}") if name in self.markup else None

    def all(self, name: str, css: str = "") -> list[LexborNode]:
        """Return the nodes that match, none where the markup does not name their class."""
        return self.node.css(css or f".{name}") if name in self.markup else []


@dataclass(frozen=True, slots=True)
class _Answered:
    item_id: str
    author: AccountRef | None
    root: Thread | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    item_id: str
    url: str
    author: AccountRef
    answered: _Answered | None
    quoted: Link | None


def _item(shown: _Shown, at: str, kind: ItemKind, place: _Place) -> ItemRecord:
    text_node = next((found for css in _TEXTS if (found := shown.node.css_first(css)) is not None), None)
    links, tags, named = _marked(text_node)
    answered, quoted = place.answered, place.quoted if kind is ItemKind.QUOTE else None
    return ItemRecord(
        platform=NAME,
        item_id=place.item_id,
        author=place.author,
        kind=kind,
        text=_words(shown, text_node),
        url=place.url,
        published=ActTime(occurred_at=_moment(shown.node, at)),
        parent_id=answered.item_id if answered else None,
        parent_author=answered.author if answered else None,
        root_id=answered.root.item_id if answered and answered.root else None,
        root_author=answered.root.channel if answered and answered.root else None,
        quoted_id=quoted.item_id if quoted else None,
        quoted_author=AccountRef(NAME, quoted.account_id, quoted.handle) if quoted else None,
        links=tuple(dict.fromkeys([*links, *_shown_links(shown)])),
        hashtags=tuple(dict.fromkeys(tags)),
        alt_texts=_said_beside(shown),
        mentions=tuple(dict.fromkeys(named)),
        like_count=_reactions(shown),
        pointer=at,
    )


def _words(shown: _Shown, text_node: LexborNode | None) -> str:
    """Return the text, and a poll's question and answers on lines of their own."""
    parts = [plain_text(text_node)] if text_node is not None else []
    for name in ("tgme_widget_message_poll_question", "tgme_widget_message_poll_option_text"):
        parts += [plain_text(part) for part in shown.all(name)]
    return "\n".join(part for part in parts if part)


def _said_beside(shown: _Shown) -> tuple[str, ...]:
    """Return what stands in link cards, file names and places."""
    if not any(map(shown.markup.__contains__, _BESIDE)):
        return ()
    texts = [plain_text(found) for found in shown.node.css(_SAID_BESIDE)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _marked(text: LexborNode | None) -> tuple[list[str], list[str], list[Mentioned]]:
    """Return the links, hashtags and mentions of a text, by its own markup."""
    links: list[str] = []
    tags: list[str] = []
    named: list[Mentioned] = []
    for node in text.css("a[href]") if text is not None else ():
        href, shown = node.attributes.get("href") or "", pick.clean(node.text(deep=True).strip())
        if shown.startswith("#") and len(shown) > 1:
            tags.append(shown[1:].split("@")[0])
        elif shown.startswith("@") and (who := urls.parse(href)) is not None and who.handle and who.post is None:
            named.append(Mentioned(who.account_id, who.handle))
        elif pick.web_address(href):
            links.append(pick.clean(href))
    return links, tags, named


def _shown_links(shown: _Shown) -> list[str]:
    css = "a.tgme_widget_message_link_preview[href], a.tgme_widget_message_inline_button[href]"
    named = ("tgme_widget_message_link_preview", "tgme_widget_message_inline_button")
    found = shown.node.css(css) if any(map(shown.markup.__contains__, named)) else []
    hrefs = [link.attributes.get("href") or "" for link in found]
    return [pick.clean(href) for href in hrefs if pick.web_address(href)]


def _reactions(shown: _Shown) -> int | None:
    """Return the sum of all reactions as shown, shortened numbers included; None where none are shown."""
    counts = shown.all("tgme_reaction_count")
    texts = [count.text(deep=True) for count in counts]
    if not counts:  # the older markup, with the number beside the emoji
        texts = [reaction.text(deep=False) for reaction in shown.all("tgme_reaction")]
    sums = [found for text in texts if (found := amount(text)) is not None]
    return sum(sums) if sums else None


def _moment(node: LexborNode, at: str) -> datetime:
    found = node.css_first(".tgme_widget_message_date time[datetime]") or node.css_first("time[datetime]")
    moment = pick.stamp(found.attributes.get("datetime")) if found is not None else None
    if moment is None:
        raise LayoutChanged(f"{at}: waktu unggahan tidak terbaca")
    return moment


def _forwarded(node: LexborNode, origins: Mapping[str, str]) -> Link | None:
    link = origin(node)
    if link is None or link.post is None:
        return None
    stable = origins.get((link.handle or "").lower())
    return Link(stable, link.handle, link.post, link.comment) if stable else link


def _answered(shown: _Shown, who: AccountRef) -> _Answered | None:
    """Return the post that a post of a channel answers."""
    reply = shown.first("tgme_widget_message_reply", "a.tgme_widget_message_reply[href]")
    link = urls.parse(reply.attributes.get("href") or "") if reply is not None else None
    if link is None or link.post is None:
        return None
    if (link.handle or "").lower() == (who.handle or "").lower() or link.account_id == who.user_id:
        return _Answered(f"{who.user_id}/{link.post}", who)
    return _Answered(f"{link.account_id}/{link.post}", AccountRef(NAME, link.account_id, link.handle))


def _group_writer(shown: _Shown) -> AccountRef | None:
    """Return who wrote a message of a group, which is shown as "person in group"; None for a channel's post."""
    node = shown.node
    if "tgme_widget_message_author_name" not in shown.markup:
        return None
    head = node.css_first(".tgme_widget_message_author:has(> .tgme_widget_message_owner_name)")
    if head is None or head.css_first(".tgme_widget_message_author_name") is None:
        return None
    return _commenter(node, str(node.attributes.get("data-post")))


def _commenter(node: LexborNode, item_id: str) -> AccountRef:
    for name in node.css(".tgme_widget_message_author_name"):
        if _inside(name, node, "tgme_widget_message_reply"):
            continue
        link = name if name.tag == "a" else name.css_first("a[href]")
        found = urls.account_ref(link.attributes.get("href") or "") if link is not None else None
        if found is not None and found.handle:
            return found
        break
    return AccountRef(NAME, f"?{item_id}")


def _inside(node: LexborNode, top: LexborNode, name: str) -> bool:
    here = node.parent
    while here is not None and here.mem_id != top.mem_id:
        if name in _classes(here):
            return True
        here = here.parent
    return False


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _data_post(node: LexborNode) -> re.Match[str]:
    value = node.attributes.get("data-post") or ""
    found = _POST.fullmatch(value)
    if found is None:
        raise LayoutChanged(f"data-post {value[:60]!r} bukan nama/nomor")
    return found


def _viewed_channel(view: str) -> str | None:
    """Return the channel's number out of `data-view` (base64 JSON, `c` negative); None when it is not there."""
    try:
        padded = view.replace("-", "+").replace("_", "/") + "=" * (-len(view) % 4)
        raw = msgspec.json.decode(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    found = raw.get("c") if isinstance(raw, dict) else None
    stable = str(abs(found)) if isinstance(found, int) and not isinstance(found, bool) else ""
    return stable if urls.is_number(stable) else None


def query_value(url: str, name: str) -> str:
    """Return one parameter of an address, empty where it has none."""
    try:
        return parse_qs(urlsplit(url).query).get(name, [""])[0]
    except ValueError:
        return ""
