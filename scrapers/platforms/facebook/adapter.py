"""Facebook through the Graph API: what to ask for a page, and how each answer is read. Pure.

Candidate direction: the page's posts, then their comments; behind the owner's door also who reacted and who shared.
Subject direction: the page's posts and what it shared. People's own timelines are open to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

from monitor.domain import AccountRef, Act, ActRecord, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, UsageError
from scrapers import doors, meta, pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import UNREADABLE, Gather
from scrapers.imports.nodes import Node, Notes
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.facebook import graph, urls

API = "https://graph.facebook.com/v25.0"
APP = "app"
WHO = "Facebook"
POSTS_PER_PAGE = 25  # with attachments and counts Facebook refuses larger pages as too much data
ENTRIES_PER_PAGE = 100

_POST_FIELDS = (
    "id,from,message,story,created_time,permalink_url,parent_id,status_type,shares,message_tags,"
    "attachments{type,media_type,title,description,url,unshimmed_url,subattachments{type,media_type,title,description}},"
    "reactions.summary(total_count).limit(0),comments.summary(total_count).filter(stream).limit(0)"
)
_COMMENT_FIELDS = (
    "id,from,message,created_time,permalink_url,parent{id,from},like_count,comment_count,message_tags,"
    "attachment{type,title,description}"
)


class FacebookAdapter:
    """The `Adapter` of Facebook."""

    name = urls.PLATFORM
    version = graph.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first request for a target; UsageError without its number, PolicyBlocked without a door to it."""
        user = target.account.user_id
        if not user.isdigit():
            raise UsageError(f"Akun Facebook {user} belum dikenali nomornya", "jalankan pengenalan akun lebih dulu")
        state: State = {
            "user": user,
            "handle": target.account.handle,
            "candidate": target.direction is Direction.CANDIDATE,
            "since": target.since.isoformat() if target.since else None,
        }
        key = doors.key_for(options, target.account, APP)
        url = _posts_url(options, user, target.since)
        return (Request("posts", url, verb=Act.POST, state=state, credential=key),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises what Meta's errors mean, LayoutChanged or UnexpectedContent."""
        raw, notes = meta.answer(response, WHO), Notes()
        page = _READERS[request.endpoint](Gather(request, response, options), raw, notes)
        unknown = pick.anywhere((*page.unknown_fields, *notes.unknown_fields))
        return replace(page, issues=(*page.issues, *notes.issues), unknown_fields=unknown)

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a name, page address or number into the stable id."""
        ref = urls.account_ref(handle)
        if ref is None:
            raise UsageError(f"{handle} bukan nama, alamat, atau nomor halaman Facebook")
        url = _url(options, ref.user_id.removeprefix("@"), [("fields", "id,username")])
        return Request("page", url, credential=doors.any_key(options, APP))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when Facebook knows no such page."""
        found = graph.actor(Node(meta.answer(response, WHO), "", Notes()))
        if found is None:
            raise AccountGone("Halaman Facebook tidak ditemukan", url=response.url)
        asked = urlsplit(response.url).path.rpartition("/")[2]
        return found if found.handle or asked.isdigit() else replace(found, handle=asked)

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: Facebook gives a post by page and number together only."""
        del item_ids, options
        return ()

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request for one post whose address names its page by number."""
        place = urls.account_ref(url)
        if place is None or not place.user_id.isdigit() or urls.comment_ids(url)[0] is not None:
            return None
        key = APP if not doors.owned(options, place) else doors.key_for(options, place, APP)
        asked = _url(options, f"{place.user_id}_{item_id}", [("fields", _POST_FIELDS)])
        return Request("post", asked, optional=True, credential=key)


def _posts(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of a page's posts and follow to what others did with them."""
    state, options = gather.state, gather.options
    handle = state.get("handle")
    whose = AccountRef(urls.PLATFORM, str(state.get("user")), handle if isinstance(handle, str) else None)
    values = pick.one(raw, "data", list)
    for number, node in enumerate(Node(raw, "", notes).nodes("data")):
        at = f".data[{number}]"
        read = graph.post(Node(node.data, at, notes), whose)
        _take(gather, read, at)
        if state.get("candidate") and isinstance(read, ItemRecord) and read.author == whose:
            _engagement(gather, node, read, whose)
    since = pick.stamp(state.get("since"))
    end = gather.go_on(meta.cursor(raw), len(values), lambda c: _posts_url(options, whose.user_id, since, c))
    return gather.page(EndKind.WINDOW_REACHED if end is EndKind.EXHAUSTED and since else end)


def _post(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read one post that was asked for by its number."""
    _take(gather, graph.post(Node(raw, "", notes)), "")
    return gather.page(EndKind.EXHAUSTED)


def _engagement(gather: Gather, node: Node, item: ItemRecord, whose: AccountRef) -> None:
    """Follow to who reacted to a post, shared and commented on it, as far as the key may see that."""
    joined = node.text("id")
    shares = node.node("shares").count("count") or 0  # Facebook leaves out a count of none
    asked = [("comments", Act.COMMENT, item.comment_count)]
    if doors.owned(gather.options, whose):
        asked = [("reactions", Act.LIKE, item.like_count), ("sharedposts", Act.SHARE, shares), *asked]
    for endpoint, verb, reported in asked:
        if reported == 0:
            gather.settle(verb, item.item_id)
            continue
        published = item.published.occurred_at
        state: State = {
            "post": joined,
            "owner": whose.user_id,
            "target_at": published.isoformat() if published else None,
            "reported": reported,
        }
        url = _listing_url(gather.options, joined, endpoint)
        asked_for = Request(endpoint, url, verb, item.item_id, optional=True, state=state)
        gather.follow.append(replace(asked_for, credential=gather.request.credential))


def _listing(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of a post's comments, reactions or shares."""
    item, owner = gather.request.item_id or "", AccountRef(urls.PLATFORM, str(gather.state.get("owner")))
    target_at, endpoint = pick.stamp(gather.state.get("target_at")), gather.request.endpoint
    values = pick.one(raw, "data", list)
    for number, entry in enumerate(Node(raw, "", notes).nodes("data")):
        at = f".data[{number}]"
        node = Node(entry.data, at, notes)
        if endpoint == "comments":
            _take_comment(gather, node, item, owner)
        elif endpoint == "reactions":
            _take(gather, graph.reaction(node, item, owner, target_at, gather.seen_at), at)
        else:
            _take(gather, graph.shared(node, item, owner), at)
    post = str(gather.state.get("post"))
    end = gather.go_on(meta.cursor(raw), len(values), lambda c: _listing_url(gather.options, post, endpoint, c))
    return gather.page(end, meta.total(raw))


def _take_comment(gather: Gather, node: Node, item: str, owner: AccountRef, above: Node | None = None) -> None:
    """Take a comment and the answers to it that came inside it."""
    if above is not None and not node.node("parent"):
        node = Node(
            {**node.data, "parent": {key: above.data.get(key) for key in ("id", "from")}}, node.path, node.notes
        )
    _take(gather, graph.comment(node, item, owner), node.path)
    if above is None:
        for number, entry in enumerate(node.node("comments").nodes("data")):
            inside = Node(entry.data, f"{node.path}.comments.data[{number}]", node.notes)
            _take_comment(gather, inside, item, owner, node)


def _take(gather: Gather, read: ItemRecord | ActRecord | str, at: str) -> None:
    if isinstance(read, str):
        gather.note(UNREADABLE, read, at)
    elif isinstance(read, ItemRecord):
        gather.publish(read)
    else:
        gather.act(read)


def _posts_url(options: SourceOptions, user: str, since: datetime | None, after: str | None = None) -> str:
    params = [("fields", _POST_FIELDS), ("limit", str(POSTS_PER_PAGE))]
    if since is not None:
        params.append(("since", str(int(since.timestamp()))))
    return _url(options, f"{user}/posts", [*params, *meta.following(after)])


def _listing_url(options: SourceOptions, post: str, endpoint: str, after: str | None = None) -> str:
    more = {
        "comments": [("fields", _COMMENT_FIELDS), ("filter", "stream"), ("order", "chronological")],
        "reactions": [("fields", "id,type")],
        "sharedposts": [("fields", "id,from,message,created_time,permalink_url")],
    }[endpoint]
    params = [*more, ("limit", str(ENTRIES_PER_PAGE))]
    if endpoint != "sharedposts":
        params.append(("summary", "total_count"))
    return _url(options, f"{post}/{endpoint}", [*params, *meta.following(after)])


def _url(options: SourceOptions, path: str, params: list[tuple[str, str]]) -> str:
    base = options.urls.get("graph_url", API)
    return f"{base}/{quote(path, safe='/')}?{urlencode(params, safe=',{}().')}"


_READERS: Mapping[str, Callable[[Gather, Raw, Notes], Page]] = {
    "posts": _posts,
    "post": _post,
    "comments": _listing,
    "reactions": _listing,
    "sharedposts": _listing,
}
