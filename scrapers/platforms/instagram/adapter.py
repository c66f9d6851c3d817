"""Instagram through Meta's API: what to ask for an account, and how each answer is read. Pure.

With the office's own professional account `business_discovery` shows the posts of other professional accounts and
counts, never who commented. Behind the owner's door the owner's posts come with their comments and the replies to them.
The address of the office's own account on the API is the setting `discovery_url`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, UsageError
from scrapers import doors, meta, pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import UNREADABLE, Gather
from scrapers.imports.nodes import Node, Notes
from scrapers.paging import State, fresh
from scrapers.pick import Raw
from scrapers.platforms.instagram import graph, mapper, urls
from scrapers.platforms.instagram.graph import Above

API = "https://graph.instagram.com/v25.0"
APP = "app"
WHO = "Instagram"
POSTS_PER_PAGE = 25  # of another account's posts; Meta answers larger pages with errors
ENTRIES_PER_PAGE = 50

_MEDIA_FIELDS = "id,caption,timestamp,permalink,media_type,like_count,comments_count"
_OWN_FIELDS = f"{_MEDIA_FIELDS},shortcode,username,alt_text"
_REPLY_FIELDS = "id,text,timestamp,username,from,like_count,parent_id"
_COMMENT_FIELDS = f"id,text,timestamp,username,from,like_count,replies{{{_REPLY_FIELDS}}}"


class InstagramAdapter:
    """The `Adapter` of Instagram."""

    name = urls.PLATFORM
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first request for a target; UsageError without its handle, PolicyBlocked without a door to it."""
        user = target.account.user_id
        handle = target.account.handle or (user[1:] if user.startswith("@") else None)
        if not handle:
            raise UsageError(f"Akun Instagram {user} belum dikenali nama akunnya", "tulis akun itu sebagai @nama")
        since = target.since.isoformat() if target.since else None
        state: State = {
            "user": user,
            "handle": handle,
            "since": since,
            "candidate": target.direction is Direction.CANDIDATE,
        }
        key = doors.key_for(options, target.account, APP)
        if doors.owned(options, target.account):
            return (Request("media", _media_url(options), verb=Act.POST, state=state, credential=key),)
        return (Request("discovery", _discovery_url(options, handle), verb=Act.POST, state=state, credential=key),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises what Meta's errors mean, LayoutChanged or UnexpectedContent."""
        raw, notes = meta.answer(response, WHO), Notes()
        page = _READERS[request.endpoint](Gather(request, response, options), raw, notes)
        unknown = pick.anywhere((*page.unknown_fields, *notes.unknown_fields))
        return replace(page, issues=(*page.issues, *notes.issues), unknown_fields=unknown)

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that looks a handle up."""
        ref = urls.account_ref(handle)
        if ref is None or ref.handle is None:
            raise UsageError(f"{handle} bukan nama atau alamat profil Instagram")
        asked = _discovery(options, f"business_discovery.username({_word(ref.handle)}){{id,username}}")
        return Request("account", asked, credential=doors.any_key(options, APP))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; the handle is all that names an account here."""
        found = Node(meta.answer(response, WHO), "", Notes()).node("business_discovery")
        ref = urls.account_ref("@" + found.text("username"))
        if ref is None:
            raise AccountGone("Akun Instagram tidak ditemukan", url=response.url)
        return ref

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: the API gives no posts by the numbers that others use."""
        del item_ids, options
        return ()


def _discovery_page(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of another professional account's posts."""
    found = pick.mapping(raw.get("business_discovery"), ".business_discovery")
    listing = pick.mapping(found.get("media", {}), ".business_discovery.media")
    handle = str(gather.state.get("handle"))
    return _list(gather, listing, notes, lambda c: _discovery_url(gather.options, handle, c))


def _media_page(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of the owner's own posts and follow to their comments."""
    return _list(gather, raw, notes, lambda c: _media_url(gather.options, c))


def _list(gather: Gather, raw: Raw, notes: Notes, url: Callable[[str], str]) -> Page:
    whose, since = _whose(gather), pick.stamp(gather.state.get("since"))
    nested = gather.request.endpoint == "discovery"
    values = pick.entries(raw, "data")
    late = 0
    for number, node in enumerate(Node(raw, "", notes).nodes("data")):
        at = f".data[{number}]"
        read = graph.media(Node(node.data, at, notes), whose)
        if isinstance(read, str):
            gather.note(UNREADABLE, read, at)
        elif since is not None and read.published.latest < since:
            late += 1  # a pinned old post stands first, so that only a page of nothing else ends the listing
        else:
            gather.publish(read)
            if not nested and gather.state.get("candidate"):
                _comments_of(gather, node, read)
    if values and late == len(values):
        return gather.page(EndKind.WINDOW_REACHED)
    return gather.page(gather.go_on(meta.cursor(raw, nested=nested), len(values), url))


def _comments_of(gather: Gather, node: Node, item: ItemRecord) -> None:
    """Follow to the comments on a post, unless its count says that there are none."""
    own_number = node.id("id")
    if item.comment_count == 0:
        gather.settle(Act.COMMENT, item.item_id)
    elif own_number is not None:
        state: State = {
            "post": own_number,
            "user": gather.state.get("user"),
            "handle": gather.state.get("handle"),
            "reported": item.comment_count,
        }
        url = _comments_url(gather.options, own_number)
        asked = Request("comments", url, Act.COMMENT, item.item_id, optional=True, state=state)
        gather.follow.append(replace(asked, credential=gather.request.credential))


def _comments(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of the comments on a post, with the replies that came along."""
    item, whose = gather.request.item_id or "", _whose(gather)
    values, told = pick.entries(raw, "data"), 0
    for number, entry in enumerate(Node(raw, "", notes).nodes("data")):
        node = Node(entry.data, f".data[{number}]", notes)
        read = graph.comment(node, Above(item, whose))
        if isinstance(read, str):
            gather.note(UNREADABLE, read, node.path)
            continue
        gather.publish(read)
        told += _replies_of(gather, node, read, whose)
    post = str(gather.state.get("post"))
    end = gather.go_on(meta.cursor(raw), len(values) + told, lambda c: _comments_url(gather.options, post, c))
    return gather.page(end)


def _replies_of(gather: Gather, node: Node, above: ItemRecord, whose: AccountRef) -> int:
    """Take the replies inside a comment, follow to those that are left, and return how many there were."""
    item = gather.request.item_id or ""
    inside = node.node("replies")
    place = Above(item, whose, above.item_id, above.author)
    replies = inside.nodes("data")
    for number, reply in enumerate(replies):
        _take(gather, Node(reply.data, f"{node.path}.replies.data[{number}]", node.notes), place)
    after = meta.cursor(inside.data)
    if after is not None:
        state: State = {**fresh(gather.state), "parent": above.item_id}
        url = _replies_url(gather.options, above.item_id, after)
        gather.follow.append(replace(gather.request, endpoint="replies", url=url, state=state))
    return len(replies)


def _replies(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of the replies to a comment."""
    place = Above(gather.request.item_id or "", _whose(gather), str(gather.state.get("parent")))
    values = pick.entries(raw, "data")
    for number, entry in enumerate(Node(raw, "", notes).nodes("data")):
        _take(gather, Node(entry.data, f".data[{number}]", notes), place)
    parent = place.parent or ""
    return gather.page(gather.go_on(meta.cursor(raw), len(values), lambda c: _replies_url(gather.options, parent, c)))


def _take(gather: Gather, node: Node, place: Above) -> None:
    read = graph.comment(node, place)
    if isinstance(read, str):
        gather.note(UNREADABLE, read, node.path)
    else:
        gather.publish(read)


def _whose(gather: Gather) -> AccountRef:
    return AccountRef(urls.PLATFORM, str(gather.state.get("user")), str(gather.state.get("handle")))


def _discovery_url(options: SourceOptions, handle: str, after: str | None = None) -> str:
    page = f".after({_word(after)})" if after else ""
    inner = f"media.limit({POSTS_PER_PAGE}){page}{{{_MEDIA_FIELDS}}}"
    return _discovery(options, f"business_discovery.username({_word(handle)}){{id,username,{inner}}}")


def _discovery(options: SourceOptions, fields: str) -> str:
    base = options.urls.get("discovery_url")
    if not base:
        raise UsageError(
            "Instagram belum tahu akun profesional lembaga yang bertanya",
            'tulis discovery_url = "https://graph.facebook.com/v25.0/<id akun Instagram lembaga>" pada sumber itu',
        )
    return f"{base}?{urlencode([('fields', fields)], safe=',{}().')}"


def _media_url(options: SourceOptions, after: str | None = None) -> str:
    return _url(
        options, "me/media", [("fields", _OWN_FIELDS), ("limit", str(ENTRIES_PER_PAGE)), *meta.following(after)]
    )


def _comments_url(options: SourceOptions, post: str, after: str | None = None) -> str:
    params = [("fields", _COMMENT_FIELDS), ("limit", str(ENTRIES_PER_PAGE)), *meta.following(after)]
    return _url(options, f"{post}/comments", params)


def _replies_url(options: SourceOptions, comment: str, after: str | None = None) -> str:
    params = [("fields", _REPLY_FIELDS), ("limit", str(ENTRIES_PER_PAGE)), *meta.following(after)]
    return _url(options, f"{comment}/replies", params)


def _url(options: SourceOptions, path: str, params: list[tuple[str, str]]) -> str:
    return f"{options.urls.get('graph_url', API)}/{quote(path, safe='/')}?{urlencode(params, safe=',{}().')}"


def _word(text: str) -> str:
    """Return a name or cursor as it may stand inside a field expression: nothing in it can end the expression."""
    return "".join(c for c in text if c not in "(){},")


_READERS: Mapping[str, Callable[[Gather, Raw, Notes], Page]] = {
    "discovery": _discovery_page,
    "media": _media_page,
    "comments": _comments,
    "replies": _replies,
}
