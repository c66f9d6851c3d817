"""Reads the comments below a channel's post: the official widget, and the further pages that it loads.

Shapes: core.telegram.org/widgets/discussion and the script of that widget (`loadComments` with `peer`, `top_msg_id`,
`discussion_hash`, `before_id`; the answer is JSON with `comments_html` and `comments_cnt`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, Act, EndKind, ItemRecord
from monitor.errors import LayoutChanged, PrivateContent
from scrapers import pick
from scrapers.contract import Page, Request
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.platforms.telegram import mapper, marks, urls
from scrapers.platforms.telegram.mapper import Thread

_AUTH = re.compile(r"TWidgetAuth\.init\((\{.*?\})\);", re.DOTALL)
_CLOSED = ("not available", "open telegram to view this discussion")
_FORM = ("peer", "top_msg_id", "discussion_hash")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The comments in one answer: their nodes, how many there are in all, and where older ones begin."""

    nodes: list[LexborNode]
    reported: int | None
    before: str


def probe(gather: Gather, tree: LexborHTMLParser) -> Page:
    """See whether a page's posts have comments to show, by its newest post, then by its oldest one.

    PrivateContent when neither has: the channel has no discussion group, or a closed one.
    """
    posts = str(gather.state.get("posts") or "").split()
    tried = 2 if gather.state.get("again") else 1
    if is_closed(tree):
        if tried == 2 or len(posts) < 2:
            raise PrivateContent("Kanal ini tidak membuka diskusi untuk umum", url=gather.response.url)
        url = urls.discussion(gather.options, _handle(gather), posts[-1])
        gather.follow.append(replace(gather.request, url=url, state={**gather.state, "again": True}))
        return gather.page()
    for post in posts if tried == 1 else posts[1:]:
        gather.follow.append(_first(gather, post))
    return gather.page()


def widget(gather: Gather, tree: LexborHTMLParser) -> Page:
    """Read the widget: the newest comments of a post."""
    if is_closed(tree):
        gather.note("diskusi_tertutup", "komentar unggahan ini tidak dibuka untuk umum")
        return gather.page(EndKind.BLOCKED)
    form = _form(tree)
    api = _api_url(gather, tree)
    fragment = fragment_of(tree)
    _take(gather, fragment, form.get("top_msg_id", ""))
    return _go_on(gather, fragment, form, api)


def more(gather: Gather, raw: object) -> Page:
    """Read an older page of comments."""
    body = pick.mapping(raw, "")
    if body.get("error") or "comments_html" not in body:
        raise LayoutChanged("Widget diskusi tidak memberi komentar berikutnya", url=gather.response.url)
    tree = pick.html(pick.text(body, "comments_html"))
    counted = body.get("comments_cnt")
    reported = counted if isinstance(counted, int) and 0 <= counted <= pick.MAX_COUNT else None
    fragment = replace(fragment_of(tree), reported=reported)
    form = {key: value for key, value in (gather.request.form or {}).items() if key in _FORM}
    _take(gather, fragment, form.get("top_msg_id", ""))
    return _go_on(gather, fragment, form, gather.request.url)


def is_closed(tree: LexborHTMLParser) -> bool:
    """Whether a widget says that there is no discussion to be seen; one without comments so far is open."""
    said = tree.css_first(".tme_no_messages_found")
    if mapper.comments(tree):
        return False
    if said is not None and any(words in said.text(deep=True).lower() for words in _CLOSED):
        return True
    return tree.css_first(".tgme_post_discussion, .tgme_post_discussion_header, .js-header") is None and not _form(tree)


def fragment_of(tree: LexborHTMLParser) -> Fragment:
    """Return the comments of a widget or of a fragment of one."""
    header = tree.css_first(".js-header")
    link = tree.css_first(".js-messages_more[data-before]")
    before = (link.attributes.get("data-before") or "") if link is not None else ""
    return Fragment(
        nodes=mapper.comments(tree),
        reported=mapper.amount(header.text(deep=True)) if header is not None else None,
        before=before if before.isascii() and before.isdigit() else "",
    )


def writers(nodes: list[LexborNode], thread: Thread) -> Mapping[str, AccountRef]:
    """Return who wrote the comments of a page, by number, so that answers to them know whom they answer."""
    found: dict[str, AccountRef] = {}
    for node in nodes:
        try:
            item = mapper.comment(node, thread, {}, "", "")
        except LayoutChanged:
            continue
        if item.author is not None:
            found[node.attributes.get("data-post-id") or ""] = item.author
    return found


def _take(gather: Gather, fragment: Fragment, top: str) -> None:
    thread = Thread(AccountRef(mapper.NAME, str(gather.state.get("user_id")), _handle(gather)), _post(gather))
    authors = writers(fragment.nodes, thread)
    unnamed = 0
    for node in fragment.nodes:
        at = f"comment {pick.clean(node.attributes.get('data-post-id') or '')[:20]}"
        gather.note_unknown(marks.unknown(node.html or ""))
        if mapper.is_service(node):
            continue
        item = gather.try_item(at, mapper.comment, node, thread, authors, top, at)
        if item is not None:
            gather.publish(item)
            unnamed += not mapper.has_public_author(item)
    if unnamed:
        gather.note("komentator_tanpa_nama_publik", f"{unnamed} komentar dari akun tanpa nama publik: tidak dicocokkan")


def _go_on(gather: Gather, fragment: Fragment, form: Mapping[str, str], api: str) -> Page:
    """Follow to older comments; the listing is cut short where the widget names no way to them."""
    reachable = all(form.get(key) for key in _FORM) and bool(api)
    if fragment.before and not reachable:
        gather.note("komentar_terpotong", "widget tidak menyebut cara membaca komentar yang lebih lama")
        return gather.page(EndKind.CAP_REACHED, fragment.reported)
    end = gather.go_on(fragment.before or None, len(fragment.nodes), lambda _: api)
    if end is None:
        body = {"method": "loadComments", **{key: form[key] for key in _FORM}, "before_id": fragment.before}
        gather.follow[-1] = replace(gather.follow[-1], endpoint="loadComments", form=body)
    return gather.page(end, fragment.reported)


def _first(gather: Gather, post: str) -> Request:
    channel = str(gather.state.get("user_id"))
    state: State = {"user_id": channel, "handle": gather.state.get("handle"), "post": post}
    url = urls.discussion(gather.options, _handle(gather), post)
    return Request("discussion", url, verb=Act.COMMENT, item_id=f"{channel}/{post}", optional=True, state=state)


def _form(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _FORM:
        node = tree.css_first(f'input[name="{name}"][value]')
        value = pick.clean(node.attributes.get("value") or "") if node is not None else ""
        if re.fullmatch(r"[\w.:-]{1,200}", value, re.ASCII):
            found[name] = value
    return found


def _api_url(gather: Gather, tree: LexborHTMLParser) -> str:
    """Return where older comments are asked for, on the host that served the widget; empty where it is not said."""
    for script in tree.css("script"):
        found = _AUTH.search(script.text(deep=True) or "")
        if found is None:
            continue
        try:
            raw = json.loads(found[1])
        except (ValueError, RecursionError):
            continue
        url = raw.get("api_url") if isinstance(raw, dict) else None
        if isinstance(url, str):
            return _on_host(urljoin(gather.response.url, url), gather.response.url)
    return ""


def _on_host(url: str, page: str) -> str:
    try:
        same = urlsplit(url)[:2] == urlsplit(page)[:2]
    except ValueError:
        return ""
    return url if same and pick.web_address(url) else ""


def _handle(gather: Gather) -> str:
    return str(gather.state.get("handle"))


def _post(gather: Gather) -> str:
    return str(gather.state.get("post"))


def records(nodes: list[LexborNode]) -> list[ItemRecord]:
    """Return the comments of a page that is read without knowing what it was asked for; broken ones are left out."""
    return [item for node in nodes if (item := _record(node)) is not None]


def _record(node: LexborNode) -> ItemRecord | None:
    thread = mapper.thread_of(node)
    try:
        return mapper.comment(node, thread, {}, "", "") if thread is not None else None
    except LayoutChanged:
        return None
