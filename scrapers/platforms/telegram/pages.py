"""Telegram's pages out of web archives and saved files: previews, single posts, discussion widgets and their JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, ItemRecord, published_act
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.contract import ItemIssue
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.page_cleaning import Keeping
from scrapers.platforms.telegram import discussion, mapper, marks, urls

VERSION = mapper.VERSION
HOSTS = urls.HOSTS
_MOST_THREADS = 20
KEEPING = Keeping(rendered=".tgme_widget_message", marks=('"comments_html"',))


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every post and comment that a page or answer holds; never raises.

    A page without any gives nothing; one that is broken gives one `Mapped` that says so.
    """
    try:
        text = _markup(page.body)
        tree = pick.html(text)
        posts = [_post(node) for node in mapper.messages(tree)]
        return (*posts, *_comments(tree, page))
    except (LayoutChanged, ValueError, RecursionError) as error:
        reason = f"halaman Telegram tidak terbaca ({type(error).__name__})"
        return (Mapped(issues=(ItemIssue("page_unread", reason),), skipped=reason),)


def _markup(body: bytes) -> str:
    """Return the HTML of an answer, which pages loaded by script wrap in JSON."""
    text = body.decode("utf-8-sig", "replace").strip()
    if text[:1] in ('"', "{"):
        raw = json.loads(text)
        inner = raw.get("comments_html", "") if isinstance(raw, dict) else raw
        text = inner if isinstance(inner, str) else ""
    return pick.clean(text)


def _post(node: LexborNode) -> Mapped:
    at = pick.clean(node.attributes.get("data-post") or "")[:100]
    if mapper.is_service(node):
        return Mapped(skipped="pesan layanan kanal, bukan unggahan")
    markup = node.html or ""
    unknown = marks.unknown(markup)
    try:
        return _mapped(mapper.post(node, at, markup=markup), unknown)
    except LayoutChanged as error:
        return Mapped(issues=(ItemIssue("item_tak_terbaca", error.message, at),), skipped=error.message)


def _comments(tree: LexborHTMLParser, page: SavedPage) -> tuple[Mapped, ...]:
    nodes = mapper.comments(tree)
    top = tree.css_first('input[name="top_msg_id"][value]')
    number = (top.attributes.get("value") or "") if top is not None else ""
    asked = urls.parse(page.url)
    found: list[Mapped] = []
    writers: dict[mapper.Thread, Mapping[str, AccountRef]] = {}
    for node in nodes:
        thread = mapper.thread_of(node)
        if thread is None and asked is not None and asked.post is not None:
            thread = mapper.Thread(urls.by_handle(asked.handle or asked.account_id), asked.post)
        if thread is None:
            found.append(Mapped(skipped="komentar tidak menyebut unggahan yang dikomentari"))
            continue
        if mapper.is_service(node):
            found.append(Mapped(skipped="pesan layanan kanal, bukan unggahan"))
            continue
        if thread not in writers:  # a page holds the comments below one post; of a hostile one not all writers matter
            writers[thread] = discussion.writers(nodes, thread) if len(writers) < _MOST_THREADS else {}
        unknown = marks.unknown(node.html or "")
        at = f"comment {pick.clean(node.attributes.get('data-post-id') or '')[:20]}"
        try:
            found.append(_mapped(mapper.comment(node, thread, writers[thread], number, at), unknown))
        except LayoutChanged as error:
            found.append(Mapped(issues=(ItemIssue("item_tak_terbaca", error.message, at),), skipped=error.message))
    return tuple(found)


def _mapped(item: ItemRecord, unknown: tuple[str, ...]) -> Mapped:
    act = published_act(item)
    return Mapped(items=(item,), acts=(act,) if act is not None else (), unknown_fields=unknown)
