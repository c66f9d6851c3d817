"""Reads the preview of a channel page by page, newest posts first, and what its forwards were made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, LayoutChanged, PrivateContent
from scrapers import pick
from scrapers.contract import Page, Request, Response
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.platforms.telegram import mapper, marks, urls

PAGE_IDS = 20  # a page of the preview holds at most so many posts
MOST_GUESSES = 6  # how often a page is asked for below a missing link


def channel(gather: Gather, tree: LexborHTMLParser) -> Page:
    """Read one page of a channel's preview; AccountGone, PrivateContent or LayoutChanged when it is none."""
    nodes = mapper.messages(tree)
    check_preview(gather.response, tree, nodes)
    who = _known(gather, nodes)
    since = pick.stamp(gather.state.get("since"))
    posts: list[ItemRecord] = []
    oldest: datetime | None = None
    for node in reversed(nodes):
        item = gather.try_item(_at(node), _read, gather, node, who)
        if item is None:
            continue
        moment = item.published.latest
        oldest = min(oldest, moment) if oldest is not None else moment
        if (since is None or moment >= since) and not mapper.is_service(node):
            posts.append(item)
    _take(gather, posts)
    if since is not None and oldest is not None and oldest < since:
        return gather.page(EndKind.WINDOW_REACHED)
    return gather.page(_go_down(gather, tree, nodes))


def origin(gather: Gather, tree: LexborHTMLParser) -> Page:
    """Read the original of a forward, for its text and its channel's stable id; then the next one, or the page again.

    An original that is gone or not public leaves its public name as id.
    """
    name = str(gather.state.get("origin") or "")
    found = dict(_pairs(gather.state.get("origins")))
    for node in mapper.messages(tree)[:1]:
        item = gather.try_item(_at(node), mapper.post, node, _at(node))
        if item is not None:
            gather.context(item)
            found[name] = mapper.channel(node).user_id
    found.setdefault(name, f"@{name}")
    _ask_origin(gather, {**gather.state, "origins": " ".join(f"{key}={value}" for key, value in found.items())})
    return gather.page()


def forwards(gather: Gather, tree: LexborHTMLParser) -> Page:
    """Read the forwards of a page of the own channel, now that the ids of their originals are known."""
    nodes = mapper.messages(tree)
    who = _known(gather, nodes)
    wanted = set(str(gather.state.get("forwards") or "").split())
    origins = _origins(gather, nodes)
    for node in nodes:
        if node.attributes.get("data-post", "") and str(_number(node)) in wanted:
            item = gather.try_item(_at(node), mapper.post, node, _at(node), who, origins)
            if item is not None:
                gather.publish(item)
    return gather.page(EndKind.EXHAUSTED)


def single(gather: Gather, tree: LexborHTMLParser) -> Page:
    """Read a post that was asked for by address: its text gives context, under the id that it was asked for by.

    AccountGone when there is no such post.
    """
    wanted = str(gather.state.get("item_id") or "")
    if tree.css_first(".tgme_widget_message_error") is not None:
        raise AccountGone("Unggahan Telegram tidak ditemukan atau dihapus", url=gather.response.url)
    for node in mapper.messages(tree):
        item = gather.try_item(_at(node), mapper.post, node, _at(node))
        if item is not None:
            gather.context(replace(item, item_id=wanted or item.item_id))
    return gather.page(EndKind.EXHAUSTED)


def identity(response: Response, tree: LexborHTMLParser) -> AccountRef:
    """Return the channel of a preview by its stable id; by its public name where no post shows that.

    Raises AccountGone when the name is nobody's.
    """
    shown_by = [mapper.channel(node) for node in mapper.messages(tree)]
    if shown_by:
        return next((who for who in shown_by if urls.is_number(who.user_id)), shown_by[0])
    name = tree.css_first(".tgme_channel_info_header_username, .tgme_page_extra")
    shown = re.search(r"@([A-Za-z]\w{2,31})", name.text(deep=True)) if name is not None else None
    asked = urls.parse(response.url)
    if tree.css_first(".tgme_channel_info") is None and tree.css_first(".tgme_page_title") is None:
        raise AccountGone("Nama Telegram ini tidak dipakai siapa pun", url=response.url)
    if shown is None and (asked is None or asked.handle is None):
        raise LayoutChanged("Halaman Telegram tidak menyebut nama akun", url=response.url)
    return urls.by_handle(shown[1] if shown else str(asked and asked.handle))


def check_preview(response: Response, tree: LexborHTMLParser, nodes: list[LexborNode]) -> None:
    """Raise unless a page is a channel's preview.

    A name that nobody has is answered with HTTP 200 and a page that invites to write to it; a channel without preview,
    a group and a person with a page of their own.
    """
    if (
        nodes
        or tree.css_first(".tgme_channel_info") is not None
        or tree.css_first(".tme_no_messages_found") is not None
    ):
        return
    title = tree.css_first(".tgme_page_title")
    if title is not None and title.text(deep=True).strip():
        raise PrivateContent("Kanal Telegram ini tidak membuka pratinjau web", url=response.url)
    if tree.css_first(".tgme_page, .tgme_page_description, .tgme_page_icon") is not None:
        raise AccountGone("Nama Telegram ini tidak dipakai siapa pun", url=response.url)
    raise LayoutChanged("Halaman bukan pratinjau kanal Telegram", url=response.url)


def _read(gather: Gather, node: LexborNode, who: AccountRef | None) -> ItemRecord:
    gather.note_unknown(marks.unknown(node.html or ""))
    return mapper.post(node, _at(node), who)


def _known(gather: Gather, nodes: list[LexborNode]) -> AccountRef | None:
    """Return the channel under its stable id; AccountGone when the name belongs to another channel by now."""
    user_id, handle = str(gather.state.get("user_id") or ""), str(gather.state.get("handle") or "")
    for node in nodes:
        shown = gather.try_item(_at(node), mapper.channel, node)
        if shown is not None and urls.is_number(shown.user_id):
            if urls.is_number(user_id) and shown.user_id != user_id:
                raise AccountGone("Nama kanal Telegram ini sekarang milik kanal lain", url=gather.response.url)
            return shown
    return AccountRef(mapper.NAME, user_id, handle) if user_id and nodes else None


def _take(gather: Gather, posts: list[ItemRecord]) -> None:
    """Take a page's posts; forwards in an own channel wait until the ids of their originals are known."""
    later: list[ItemRecord] = []
    subject = gather.state.get("direction") == Direction.SUBJECT.value
    for item in posts:
        named = item.quoted_author is not None and not urls.is_number(item.quoted_author.user_id)
        if subject and named:
            later.append(item)
        else:
            gather.publish(item)
    if later:
        _resolve_origins(gather, later)
    if not subject and posts:
        _probe_discussion(gather, posts)


def _resolve_origins(gather: Gather, later: list[ItemRecord]) -> None:
    wanted = dict.fromkeys(item.quoted_id.removeprefix("@") for item in later if item.quoted_id)
    state: State = {
        "user_id": gather.state.get("user_id"),
        "handle": gather.state.get("handle"),
        "page": gather.request.url,
        "forwards": " ".join(item.item_id.rpartition("/")[2] for item in later),
        "left": " ".join(wanted),
        "origins": "",
    }
    _ask_origin(gather, state)


def _ask_origin(gather: Gather, state: State) -> None:
    """Follow to the next original whose channel is not known yet, else to the page with the forwards."""
    found = dict(_pairs(state.get("origins")))
    left = [post for post in str(state.get("left") or "").split() if "/" in post]
    while left:
        handle, _, post = left.pop(0).partition("/")
        if found.get(handle, "").startswith("@") or handle not in found:
            url = urls.embedded_post(gather.options, handle, post)
            rest = {**state, "left": " ".join(left), "origin": handle}
            gather.follow.append(Request("origin", url, verb=Act.SHARE, optional=True, state=rest))
            return
    # this call is kept beside its answer, so the names of channels that nobody registered leave it
    marked = " ".join(f"{name if stable.startswith('@') else _mark(name)}={stable}" for name, stable in found.items())
    rest = {**state, "left": "", "origin": "", "origins": marked}
    gather.follow.append(Request("forwards", str(state.get("page")), verb=Act.SHARE, optional=True, state=rest))


def _origins(gather: Gather, nodes: list[LexborNode]) -> Mapping[str, str]:
    """Return the ids of the originals that a page names, by their public names in lower case."""
    known = _pairs(gather.state.get("origins"))
    links = (mapper.origin(node) for node in nodes)
    names = {link.handle.lower() for link in links if link is not None and link.handle}
    return {name: stable for name in names if (stable := known.get(_mark(name)) or known.get(name))}


def _mark(name: str) -> str:
    return hashlib.sha256(name.lower().encode()).hexdigest()[:16]


def _probe_discussion(gather: Gather, posts: list[ItemRecord]) -> None:
    """Ask for the comments of the newest post first: where it shows none, the others of the page mostly do neither."""
    numbers = [item.item_id.rpartition("/")[2] for item in posts]
    author = posts[0].author
    state: State = {
        "user_id": author.user_id if author else gather.state.get("user_id"),
        "handle": gather.state.get("handle"),
        "posts": " ".join(numbers),
    }
    url = urls.discussion(gather.options, str(gather.state.get("handle")), numbers[0])
    gather.follow.append(Request("discussion_probe", url, verb=Act.COMMENT, optional=True, state=state))


def _go_down(gather: Gather, tree: LexborHTMLParser, nodes: list[LexborNode]) -> EndKind | None:
    """Follow to older posts, or return why there are none.

    Only post number 1 proves the beginning: a missing link and "no messages" are also what a throttled visitor sees.
    """
    numbers = [number for node in nodes if (number := _number(node))]
    asked = _int(mapper.query_value(gather.request.url, "before"))
    lowest = min(numbers, default=asked or 0)
    if (numbers and lowest <= 1) or (not numbers and asked is not None and asked <= 1):
        return EndKind.EXHAUSTED
    if numbers and asked is not None and lowest >= asked:
        gather.note("daftar_berputar", "halaman yang diminta lebih lama tidak memuat unggahan yang lebih lama")
        return EndKind.SUSPICIOUS_EMPTY
    link = _before(tree)
    guesses = 0 if numbers else (_int(gather.state.get("guesses")) or 0) + 1
    if not numbers and (guesses > MOST_GUESSES or asked is None):
        gather.note("daftar_kosong", "Telegram tidak menampilkan unggahan yang lebih lama; mungkin dibatasi sementara")
        return EndKind.SUSPICIOUS_EMPTY
    cursor = link if link is not None and link <= lowest else lowest if numbers else max(lowest - PAGE_IDS, 1)
    handle = str(gather.state.get("handle"))
    end = gather.go_on(str(cursor), len(nodes), lambda c: urls.channel_page(gather.options, handle, c))
    if end is None:
        last = gather.follow[-1]
        gather.follow[-1] = replace(last, state={**last.state, "guesses": guesses})
    return end


def _before(tree: LexborHTMLParser) -> int | None:
    """Return the number that the link to older posts names."""
    more = tree.css_first(".js-messages_more[data-before]")
    found = _int(more.attributes.get("data-before")) if more is not None else None
    if found is not None:
        return found
    link = tree.css_first('link[rel="prev"][href]')
    return _int(mapper.query_value(link.attributes.get("href") or "", "before")) if link is not None else None


def _pairs(value: object) -> Mapping[str, str]:
    return dict(pair.split("=", 1) for pair in str(value or "").split() if "=" in pair)


def _number(node: LexborNode) -> int:
    try:
        return mapper.number(node)
    except LayoutChanged:
        return 0


def _at(node: LexborNode) -> str:
    return pick.clean(node.attributes.get("data-post") or "")[:100]


def _int(value: object) -> int | None:
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None
