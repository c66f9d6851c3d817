"""Facebook: a page as the browser shows it, for pages that were saved without their scripts.

Who reacted is not read here: an opened list shows profiles beside each other and does not say to which post. Times
are shown roughly ("2 j", "3 hari"), so each is a bracket that ends when the page was saved. Ids stand in addresses:
a comment's as a number or as base 64 of "comment:<post>_<comment>", a post's in the address of its time, in "pcb."
of its pictures, or in the ids of its comments.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, Mentioned, published_act
from scrapers import pick
from scrapers.contract import ItemIssue
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.links import path_on
from scrapers.platforms.facebook import comet, urls
from scrapers.platforms.facebook.rendered_blocks import Block, Link, blocks

# What of a rendered page is needed; `rendered_blocks` reads nothing else.
KEPT = (
    '[role="article"], [aria-posinset][aria-describedby], [data-pagelet^="FeedUnit"], '
    '[data-ad-rendering-role="profile_name"], [data-ad-rendering-role="story_message"], '
    '[data-ad-preview="message"], [data-ad-comet-preview="message"]'
)
REMOVED = (
    '[aria-label^="Comment as"], [aria-label^="Komentari sebagai"], [aria-label^="Beri komentar sebagai"], '
    '[aria-label^="Reply as"], [aria-label^="Balas sebagai"], [role="menu"]'
)

_COMMENT = re.compile(r"\s*(?:comment|komentar|reply|balasan)\s+(?:by|from|oleh|dari)\s", re.IGNORECASE)
_REPLY = re.compile(r"\s*(?:reply|balasan)\s", re.IGNORECASE)
_CLOSED = re.compile(
    r"\s*(?:shared with|dibagikan (?:dengan|kepada|ke)):?\s++(?!public|publik|everyone|semua)", re.IGNORECASE
)
_IN_GROUP = re.compile(r"/user/([1-9][0-9]{4,24})(?:/|$)", re.ASCII)
_OPAQUE = re.compile(r"/people/[^/?#]{1,200}/pfbid|/profile\.php\?id=pfbid|facebook\.com/pfbid|^/pfbid")
_PICTURES = re.compile(r"pcb\.([1-9][0-9]{4,24})", re.ASCII)
_HASHTAG = re.compile(r"/hashtag/([^/?#]{1,100})")
_POSTS = re.compile(r"/posts/|permalink|story_fbid=|story\.php|multi_permalinks=")
_VIDEOS = re.compile(r"/videos/|/reel/|/watch")
_MOST_ABOVE = 30  # blocks around a comment; Facebook nests a post, a comment and its replies
_SITE = "https://www.facebook.com"

_PRIVATE = "unggahan tidak dibuka untuk umum"
_NO_AUTHOR = "id akun penulis tidak ada dalam halaman"
_NO_COMMENTER = "id akun penulis komentar tidak ada dalam halaman"
_NO_NUMBER = "nomor unggahan tidak tampak pada halaman"
_NO_ID = "id komentar tidak tampak pada halaman"
_NO_POST = "unggahan yang dikomentari tidak ada dalam halaman"


@dataclass(frozen=True, slots=True)
class _Ids:
    """What the addresses inside a comment say: its number, the comment that it answers, and its post."""

    own: str | None = None
    thread: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment's block with its ids."""

    block: Block
    ids: _Ids


def read_rendered(text: str, page: SavedPage) -> list[Mapped]:
    """Return every post and comment that a page shows; those without a stable id are left out with their reason."""
    posts, comments, unread = _sorted(blocks(text))
    numbers = _numbers(posts, comments, page.url)
    found: dict[str, ItemRecord] = {}
    mapped: list[Mapped] = []
    for block in posts:
        for shown in (block, block.inner):
            if shown is not None:
                mapped += _taken(_post(shown, numbers, page), shown, found)
    thread: str | None = None
    closed = {id(post) for post in posts if _is_closed(post)}
    for comment in comments:
        if _holder(comment.block, closed) is not None:
            mapped.append(Mapped(skipped=_PRIVATE))
            continue
        mapped += _taken(_comment(comment, thread, numbers, found, page), comment.block, found)
        thread = thread if _is_reply(comment) else comment.ids.own
    if unread:
        detail = f"{unread} bagian halaman tidak dikenali sebagai unggahan atau komentar"
        mapped.append(Mapped(issues=(ItemIssue("unread_block", detail, "article"),)))
    return mapped


def _sorted(found: Iterable[Block]) -> tuple[list[Block], list[_Comment], int]:
    """Return posts, comments, and how many blocks are neither."""
    posts: list[Block] = []
    comments: list[_Comment] = []
    unread = 0
    for block in found:
        ids = _ids(block)
        named = _author(block) is not None or bool(block.text)
        if block.kind == "article" and (_COMMENT.match(block.label) or (ids.own and block.message is None)):
            comments.append(_Comment(block, ids))
        elif block.message is not None or (named and block.kind != "page" and (_number(block) or _picture(block))):
            posts.append(block)
        elif block.kind == "article" and (block.links or block.text):
            unread += 1
    return posts, comments, unread


def _numbers(posts: list[Block], comments: list[_Comment], url: str) -> dict[int, str]:
    """Return the number of each post by its block, as far as the page tells it."""
    below: dict[int, set[str]] = {}
    known = {id(post) for post in posts}
    for one in comments:
        holder = _holder(one.block, known) or (posts[0] if len(posts) == 1 else None)
        if one.ids.post and holder is not None:
            below.setdefault(id(holder), set()).add(one.ids.post)
    numbers: dict[int, str] = {}
    for post in posts:
        told = below.get(id(post), set())
        number = _number(post) or (next(iter(told)) if len(told) == 1 else None) or _picture(post)
        if number is None and (len(posts) == 1 or post.kind == "page"):
            number = urls.item_id(url)
        if number is not None:
            numbers[id(post)] = number
        if post.inner is not None and (shared := _number(post.inner) or _picture(post.inner)) is not None:
            numbers[id(post.inner)] = shared
    return numbers


def _holder(block: Block, known: Container[int]) -> Block | None:
    """Return the post around a block."""
    above = block.above
    for _ in range(_MOST_ABOVE):
        if above is None or id(above) in known:
            return above
        above = above.above
    return None


def _post(block: Block, numbers: dict[int, str], page: SavedPage) -> ItemRecord | str:
    if any("/ads/about" in link.address for link in block.links):
        return "iklan"
    if _is_closed(block):
        return _PRIVATE
    number, author = numbers.get(id(block)), _author(block)
    if author is None:
        return _NO_AUTHOR
    if number is None:
        return _NO_NUMBER
    inner = block.inner
    quoted = numbers.get(id(inner)) if inner is not None else None
    text = pick.clean(block.text)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=number,
        author=author,
        kind=ItemKind.QUOTE if quoted else ItemKind.POST,
        text=text,
        url=urls.item_url(number, author.user_id.removeprefix("@")),
        published=ActTime(hi=page.captured_at),
        quoted_id=quoted,
        quoted_author=_author(inner) if inner is not None and quoted else None,
        links=_outward(block),
        hashtags=_hashtags(block),
        alt_texts=tuple(dict.fromkeys(pick.clean(alt) for alt in block.pictures)),
        mentions=_mentions(block),
        pointer="article",
    )


def _is_closed(block: Block) -> bool:
    return any(_CLOSED.match(label) for label in block.labels)


def _comment(
    comment: _Comment, thread: str | None, numbers: dict[int, str], found: dict[str, ItemRecord], page: SavedPage
) -> ItemRecord | str:
    block, ids = comment.block, comment.ids
    author = _author(block)
    if author is None:
        return _NO_COMMENTER
    if ids.own is None:
        return _NO_ID
    holder = _holder(block, numbers)
    only = next(iter(numbers.values())) if len(numbers) == 1 else None
    post = (numbers[id(holder)] if holder is not None else None) or ids.post or only or urls.item_id(page.url)
    if post is None:
        return _NO_POST
    answered = ids.thread or (thread if _is_reply(comment) and thread != ids.own else None)
    root, parent = found.get(post), found.get(answered or post)
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=ids.own,
        author=author,
        kind=ItemKind.COMMENT,
        text=pick.clean(block.text),
        url=urls.comment_url(post, ids.own),
        published=ActTime(hi=page.captured_at),
        parent_id=answered or post,
        parent_author=parent.author if parent else None,
        root_id=post,
        root_author=root.author if root else None,
        links=_outward(block),
        hashtags=_hashtags(block),
        mentions=_mentions(block),
        pointer="article",
    )


def _taken(read: ItemRecord | str, block: Block, found: dict[str, ItemRecord]) -> list[Mapped]:
    """Return what was read of a block; a second look at the same item gives nothing."""
    if isinstance(read, str):
        return [Mapped(skipped=read)]
    if read.item_id in found:
        return []
    found[read.item_id] = read
    cut = (ItemIssue("partial", "teks terpotong pada halaman (Lihat selengkapnya)", read.item_id),) if block.cut else ()
    act = published_act(read)
    return [Mapped((read,), (act,) if act else (), cut)]


def _is_reply(comment: _Comment) -> bool:
    nested = comment.block.above is not None and _COMMENT.match(comment.block.above.label) is not None
    return bool(comment.ids.thread or nested or _REPLY.match(comment.block.label))


def _ids(block: Block) -> _Ids:
    """Return what a comment's addresses say; the address that names a reply wins over those that name its thread."""
    own = thread = post = None
    for link in block.links:
        if link.in_text or "comment_id=" not in link.address:
            continue
        first, reply = _value(link.address, "comment_id"), _value(link.address, "reply_comment_id")
        above, number = _pair(first)
        post = post or above or _told_post(link.address)
        if reply and (answer := _pair(reply)[1]) is not None:
            own, thread = answer, number
            post = post or _pair(reply)[0]
        elif own is None:
            own = number
    return _Ids(own, thread if thread != own else None, post)


def _pair(identity: str) -> tuple[str | None, str | None]:
    """Return the post and the comment of a comment's id; a plain number names no post."""
    plain = comet.number(identity)
    if plain is not None:
        return None, plain
    return (
        comet.feedback_of(identity) if comet.decoded(identity) else (urls.owner_of(identity), urls.number_of(identity))
    )


def _told_post(address: str) -> str | None:
    return urls.item_id(_whole(address)) if _POSTS.search(address) or _VIDEOS.search(address) else None


def _number(block: Block) -> str | None:
    """Return a post's own number: from its address, then from "pcb." of its pictures, then as a video's."""
    own = [link.address for link in block.links if not link.in_text and "comment_id=" not in link.address]
    for address in own:
        if _POSTS.search(address) and (number := urls.item_id(_whole(address))) is not None:
            return number
    for address in own:
        if "pcb." in address and (found := _PICTURES.match(_value(address, "set"))) is not None:
            return found[1]
    told = (urls.item_id(_whole(address)) for address in own if _VIDEOS.search(address))
    return next((number for number in told if number is not None), None)


def _picture(block: Block) -> str | None:
    """Return the number of a post's picture, which names the post where nothing else does."""
    own = (link.address for link in block.links if not link.in_text and "/photo" in link.address)
    return next((number for address in own if (number := urls.item_id(_whole(address))) is not None), None)


def _author(block: Block) -> AccountRef | None:
    """Return the account of the first link to a profile, in a heading before elsewhere; never by a shown name.

    Where that first link is opaque nobody is named: the next one is somebody else.
    """
    outside = [link for link in block.links if not link.in_text]
    for link in sorted(outside, key=lambda one: not one.in_heading):
        found = _profile(link)
        if found is not None or _OPAQUE.search(link.address) is not None:
            return found
    return None


def _profile(link: Link) -> AccountRef | None:
    address = _whole(link.address)
    path = path_on(address, urls.HOSTS)
    if not path:
        return None
    member = _IN_GROUP.search(urlsplit(address).path) if path[0] == "groups" else None
    if member is not None:
        return AccountRef(urls.PLATFORM, member[1])
    if len(path) > 1 and path[0] not in ("people", "p", "pages"):
        return None
    if path[0] in ("permalink.php", "story.php"):
        return None
    return urls.account_ref(address)


def _mentions(block: Block) -> tuple[Mentioned, ...]:
    named = [ref for link in block.links if link.in_text and (ref := _profile(link)) is not None]
    return tuple(dict.fromkeys(Mentioned(ref.user_id, ref.handle) for ref in named))


def _hashtags(block: Block) -> tuple[str, ...]:
    from_paths = (_HASHTAG.search(link.address) for link in block.links if link.in_text)
    return tuple(dict.fromkeys(pick.clean(unquote(found[1])) for found in from_paths if found))


def _outward(block: Block) -> tuple[str, ...]:
    """Return the addresses outside of Facebook that a text links."""
    found: dict[str, None] = {}
    for link in block.links:
        address = _value(link.address, "u") if "/l.php?" in link.address else link.address
        if link.in_text and address.startswith("http") and path_on(address, urls.HOSTS) is None:
            found[pick.clean(address)] = None
    return tuple(found)


def _whole(address: str) -> str:
    return f"{_SITE}{address}" if address.startswith("/") and not address.startswith("//") else address


def _value(address: str, name: str) -> str:
    """Return a parameter of an address, empty where it has none."""
    try:
        return parse_qs(urlsplit(address).query, max_num_fields=100).get(name, [""])[0]
    except ValueError:
        return ""
