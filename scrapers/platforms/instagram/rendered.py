"""Instagram: a post's page as the browser shows it, for pages that were saved without their scripts.

Two shapes: an `article` whose caption and comments are entries of a list (until 2023), and plain boxes in which a
comment is its author's link, the address of its time and its text, one after the other. Times are exact
(`time[datetime]`); authors show by handle only. A comment's id stands in "/p/<code>/c/<id>/", a reply's in
"/c/<id>/r/<reply>/".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, published_act
from scrapers import pick
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.links import path_on
from scrapers.imports.nodes import Notes, check_clock
from scrapers.platforms.instagram import comments, urls

KEPT = "article, main"  # what of a rendered page is needed
REMOVED = 'nav, aside, [role="complementary"], [role="menu"], a[href*="/accounts/"]'

_SITE = "https://www.instagram.com"
_COMMENT = re.compile(r"/c/([1-9][0-9]{0,19})(?:/r/([1-9][0-9]{0,19}))?(?:/|$)", re.ASCII)
_PORTRAIT = re.compile(r"profile picture|foto profil", re.IGNORECASE)
_SPONSORED = frozenset({"sponsored", "bersponsor", "disponsori"})
_SILENT = frozenset({"time", "button", "svg", "title", "style", "script", "noscript", "form", "textarea"})
_DOTS = "•·"


@dataclass(slots=True)
class _Said:
    """One caption or comment: what stands from its author's link up to the next."""

    in_list: bool
    author: AccountRef | None = None
    texts: list[list[str]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    caption: list[str] | None = None
    time: datetime | None = None
    post: str | None = None
    comment: str | None = None
    thread: str | None = None

    @property
    def text(self) -> str:
        """The marked text; in a list, where nothing is marked, all that is no button, name or time."""
        parts = [self.caption] if self.caption is not None else self.texts
        marked = "\n".join(text for part in parts if (text := _lines(part)))
        return marked or (_lines(self.loose) if self.in_list else "")


@dataclass(slots=True)
class _Box:
    """An entry of a list, or what stands outside of lists: its captions and comments in their order."""

    in_list: bool
    block: _Block
    current: _Said | None = None

    def said(self) -> _Said:
        """Return what is being said, begun when nothing was."""
        return self.current or self.begin()

    def begin(self) -> _Said:
        """Begin the next caption or comment."""
        self.current = _Said(self.in_list)
        self.block.said.append(self.current)
        return self.current


@dataclass(slots=True)
class _Block:
    """One post: an `article`, or the page."""

    said: list[_Said] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the walk stands."""

    box: _Box
    text: list[str] | None = None
    link: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    """The post of a block: its number, its author, and its caption where one stands there."""

    identity: str
    author: AccountRef
    caption: _Said | None
    published: ActTime


def read_rendered(text: str, page: SavedPage) -> list[Mapped]:
    """Return every post of a page with its comments; what has no id is counted, or left out with its reason."""
    asked = urls.item_id(page.url)
    root, articles = _blocks(text)
    shown = [block for block in articles if any(said.author for said in block.said)]
    if not shown and asked is not None and any(said.author for said in root.said):
        shown = [root]
    mapped: list[Mapped] = []
    taken: set[str] = set()
    for block in shown:
        mapped += _read(block, asked, page, taken)
    return mapped


def _blocks(text: str) -> tuple[_Block, list[_Block]]:
    """Return what the page shows outside of articles, and its articles, in one walk over the elements."""
    body = LexborHTMLParser(text).body
    root = _Block()
    articles: list[_Block] = []
    waiting: list[tuple[LexborNode, _Here]] = [(body, _Here(_Box(False, root)))] if body is not None else []
    while waiting:
        node, here = waiting.pop()
        if node.is_text_node:
            _take_text(node.text_content or "", here)
            continue
        if node.tag == "article":
            articles.append(_Block())
            here = _Here(_Box(False, articles[-1]))
        below = _enter(node, node.attributes, here)
        waiting.extend((child, below) for child in reversed(list(node.iter(include_text=True))))
    return root, articles


def _enter(node: LexborNode, attributes: Mapping[str, str | None], here: _Here) -> _Here:
    """Return where the walk stands inside an element."""
    tag = node.tag or ""
    if tag == "time":
        moment = pick.stamp(attributes.get("datetime"))
        if moment is not None:
            _take_time(moment, here)
    if tag in _SILENT or attributes.get("role") == "button":
        return _Here(here.box, here.text, here.link, silent=True)
    if tag == "li":
        return _Here(_Box(True, here.box.block))
    if tag == "a":
        return _follow(node, attributes.get("href") or "", here)
    if tag == "img" and not here.silent:
        _take_picture(attributes.get("alt") or "", here)
    elif tag == "br" and here.text is not None:
        here.text.append("\n")
    elif tag == "h1" and here.text is None and not here.silent:
        said = here.box.said()
        said.caption = said.caption or []
        return _Here(here.box, said.caption, here.link)
    elif tag == "span" and attributes.get("dir") == "auto" and here.text is None and not here.silent:
        said = here.box.said()
        said.texts.append([])
        return _Here(here.box, said.texts[-1], here.link)
    return here


def _follow(node: LexborNode, href: str, here: _Here) -> _Here:
    address = f"{_SITE}{href}" if href.startswith("/") and not href.startswith("//") else href
    ref = _profile(address)
    if ref is not None:
        if node.text(deep=True).strip().startswith("@"):  # a name in a text
            return here
        _take_author(ref, here.box)
        return _Here(here.box, here.text, address, silent=True)
    found = _COMMENT.search(address)
    if found is not None and (post := urls.item_id(address)) is not None:
        said = here.box.said()
        if said.comment not in (None, found[2] or found[1]):
            said = here.box.begin()
        said.post, said.comment, said.thread = post, found[2] or found[1], found[1] if found[2] else None
    return _Here(here.box, here.text, address, here.silent)


def _profile(address: str) -> AccountRef | None:
    path = path_on(address, urls.HOSTS)
    return urls.account_ref(address) if path is not None and len(path) == 1 else None


def _take_author(ref: AccountRef, box: _Box) -> None:
    said = box.said()
    done = said.time is not None or said.comment is not None
    if said.author is not None and (done or (said.author != ref and said.text)):
        said = box.begin()
    said.author = said.author or ref


def _take_time(moment: datetime, here: _Here) -> None:
    said = here.box.said()
    said.time = said.time or moment
    said.post = said.post or (urls.item_id(here.link) if here.link else None)


def _take_text(text: str, here: _Here) -> None:
    if here.silent:
        return
    if here.text is not None:
        here.text.append(text)
    elif here.box.in_list and text.strip():
        here.box.said().loose.append(text)


def _take_picture(alt: str, here: _Here) -> None:
    if here.text is not None:
        here.text.append(alt)  # emoji may be pictures
    elif alt and not here.link and not here.box.in_list and not _PORTRAIT.search(alt):
        here.box.block.pictures.append(alt)


def _read(block: _Block, asked: str | None, page: SavedPage, taken: set[str]) -> list[Mapped]:
    """Return a post and the comments below it."""
    head = _head(block, asked, page)
    if isinstance(head, str):
        return [Mapped(skipped=head)]
    notes = Notes()
    post = _post(block, head, page, notes)
    found, mapped, unread = {post.item_id: post}, [], 0
    for said in block.said:
        if said is head.caption or (said.comment is None and not _unnumbered(said)):
            unread += said is not head.caption and said.in_list and said.author is not None and bool(said.text)
            continue
        item = _comment(said, post, found, page, notes)
        if isinstance(item, str):
            mapped.append(Mapped(skipped=item))
        else:
            found.setdefault(item.item_id, item)
    if unread:
        notes.issue("unread_block", f"{unread} komentar tampil tanpa id dan waktu, jadi tidak diambil", "article")
    fresh = tuple(item for item in found.values() if item.item_id not in taken)
    taken.update(found)
    acts = tuple(act for item in fresh if (act := published_act(item)) is not None)
    return [Mapped(fresh, acts, notes.issues), *mapped] if fresh else mapped


def _head(block: _Block, asked: str | None, page: SavedPage) -> _Head | str:
    """Return the post of a block, or the reason why it is left out."""
    author = next((said.author for said in block.said if said.author), None)
    outside = [said for said in block.said if not said.in_list and said.comment is None]
    if any(said.text.lower() in _SPONSORED for said in outside):
        return "iklan"
    dated = [said for said in outside if said.time and (said.post or asked)]
    identity = asked or next((said.post for said in (*dated, *block.said) if said.post), None)
    if identity is None:
        return "kode unggahan tidak tampak pada halaman"
    if author is None:
        return "nama akun penulis tidak tampak pada halaman"
    own = [said for said in block.said if said.author == author and said.comment is None and said.text]
    caption = next((said for said in own if said.caption), own[0] if own else None)
    moment = (caption.time if caption else None) or next((said.time for said in dated), None)
    lo = urls.time_of_id(identity)
    bracket = ActTime(lo=lo if lo and lo < page.captured_at else None, hi=page.captured_at)
    return _Head(identity, author, caption, ActTime(occurred_at=moment) if moment else bracket)


def _post(block: _Block, head: _Head, page: SavedPage, notes: Notes) -> ItemRecord:
    text = pick.clean(head.caption.text) if head.caption else ""
    moment = head.published.occurred_at
    if moment is not None:
        check_clock(notes, moment, urls.time_of_id(head.identity), "time")
        _check_future(moment, page, notes)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=head.identity,
        author=head.author,
        kind=ItemKind.POST,
        text=text,
        url=urls.item_url(head.identity),
        published=head.published,
        hashtags=comments.hashtags(text),
        alt_texts=tuple(dict.fromkeys(pick.clean(alt) for alt in block.pictures)),
        mentions=comments.mentions(text),
        pointer="article",
    )


def _unnumbered(said: _Said) -> bool:
    """Whether this is a comment of a list whose address is not shown, known by author, time and text."""
    return bool(said.in_list and said.author and said.text and said.time and said.post is None)


def _comment(
    said: _Said, post: ItemRecord, found: Mapping[str, ItemRecord], page: SavedPage, notes: Notes
) -> ItemRecord | str:
    if said.author is None:
        return "nama akun penulis komentar tidak tampak pada halaman"
    text, lo = pick.clean(said.text), post.published.earliest
    if said.time is not None:
        _check_future(said.time, page, notes)
    above = found.get(said.thread) if said.thread else post
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=said.comment or _derived(said, post.item_id, text),
        author=said.author,
        kind=ItemKind.COMMENT,
        text=text,
        url=urls.item_url(post.item_id, said.comment),
        published=ActTime(occurred_at=said.time)
        if said.time
        else ActTime(lo=lo if lo and lo < page.captured_at else None, hi=page.captured_at),
        parent_id=said.thread or post.item_id,
        parent_author=above.author if above else None,
        root_id=post.item_id,
        root_author=post.author,
        hashtags=comments.hashtags(text),
        mentions=comments.mentions(text),
        pointer="article",
    )


def _derived(said: _Said, post: str, text: str) -> str:
    """Return a key that the same comment gets again when the page is imported again."""
    parts = (said.author.user_id if said.author else "", said.time.isoformat() if said.time else "", text)
    return f"{post}#{hashlib.sha256(chr(31).join(parts).encode('utf-8', 'replace')).hexdigest()[:16]}"


def _check_future(moment: datetime, page: SavedPage, notes: Notes) -> None:
    if moment > page.captured_at:
        notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", "time")


def _lines(parts: list[str]) -> str:
    lines = (" ".join(line.split()).strip(f"{_DOTS} ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
