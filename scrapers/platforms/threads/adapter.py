"""Threads through Meta's API: what to ask for an account, and how each answer is read. Pure.

Candidate direction: the account's posts, then the conversation below each. Subject direction: the account's posts,
reposts and quotes. Accounts are named by handle and nothing else; who likes a post is shown to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, UsageError
from scrapers import doors, meta, pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import UNREADABLE, Gather
from scrapers.imports.nodes import Node, Notes
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.threads import graph, urls

API = "https://graph.threads.net/v1.0"
APP = "app"
WHO = "Threads"
POSTS_PER_PAGE = 100

_POST_FIELDS = (
    "id,media_type,permalink,username,text,timestamp,shortcode,is_quote_post,quoted_post,reposted_post,has_replies,"
    "alt_text,link_attachment_url,topic_tag"
)
_REPLY_FIELDS = "id,media_type,permalink,username,text,timestamp,shortcode,is_quote_post,root_post,replied_to"


class ThreadsAdapter:
    """The `Adapter` of Threads."""

    name = urls.PLATFORM
    version = graph.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first request for a target; UsageError without its handle, PolicyBlocked without a door to it."""
        user = target.account.user_id
        handle = target.account.handle or (user[1:] if user.startswith("@") else None)
        if not handle:
            raise UsageError(f"Akun Threads {user} belum dikenali nama akunnya", "tulis akun itu sebagai @nama")
        own = doors.owned(options, target.account)
        state: State = {
            "user": user,
            "handle": handle,
            "own": own,
            "candidate": target.direction is Direction.CANDIDATE,
            "since": target.since.isoformat() if target.since else None,
        }
        key = doors.key_for(options, target.account, APP)
        url = _posts_url(options, None if own else handle, target.since)
        return (Request("posts", url, verb=Act.POST, state=state, credential=key),)

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
            raise UsageError(f"{handle} bukan nama atau alamat profil Threads")
        url = _url(options, "profile_lookup", [("username", ref.handle.lower())])
        return Request("profile", url, credential=doors.any_key(options, APP))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; the handle is all that names an account here."""
        handle = Node(meta.answer(response, WHO), "", Notes()).text("username")
        if not handle:
            raise AccountGone("Akun Threads tidak ditemukan", url=response.url)
        return urls.by_handle(handle)

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: the API gives no posts by the numbers that others use."""
        del item_ids, options
        return ()


def _posts(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of an account's posts and follow to the conversations below its own."""
    state, options = gather.state, gather.options
    handle = str(state.get("handle"))
    whose = AccountRef(urls.PLATFORM, str(state.get("user")), handle)
    values = pick.one(raw, "data", list)
    for number, node in enumerate(Node(raw, "", notes).nodes("data")):
        at = f".data[{number}]"
        read = graph.post(Node(node.data, at, notes), whose)
        if isinstance(read, str):
            gather.note(UNREADABLE, read, at)
        elif not isinstance(read, ItemRecord):
            gather.act(read)
        else:
            gather.publish(read)
            if state.get("candidate") and read.author == whose:
                _conversation_of(gather, node, read)
    since, asked = pick.stamp(state.get("since")), None if state.get("own") else handle
    cursor = meta.cursor(raw, nested=True)
    end = gather.go_on(cursor, len(values), lambda c: _posts_url(options, asked, since, c))
    return gather.page(EndKind.WINDOW_REACHED if end is EndKind.EXHAUSTED and since else end)


def _conversation_of(gather: Gather, node: Node, item: ItemRecord) -> None:
    """Follow to what was said below a post, unless the API says that nobody said anything."""
    own_number = graph.own_number(node)
    if node.data.get("has_replies") is False:
        gather.settle(Act.COMMENT, item.item_id)
    elif own_number is not None:
        state: State = {"post": own_number, "user": gather.state.get("user"), "handle": gather.state.get("handle")}
        url = _conversation_url(gather.options, own_number)
        asked = Request("conversation", url, Act.COMMENT, item.item_id, optional=True, state=state)
        gather.follow.append(replace(asked, credential=gather.request.credential))


def _conversation(gather: Gather, raw: Raw, notes: Notes) -> Page:
    """Read a page of the replies below a post, however deep they lie."""
    state, item = gather.state, gather.request.item_id or ""
    values, post = pick.one(raw, "data", list), str(state.get("post"))
    nodes = [Node(node.data, f".data[{n}]", notes) for n, node in enumerate(Node(raw, "", notes).nodes("data"))]
    numbers = {own: known for node in nodes if (own := graph.own_number(node)) and (known := graph.number(node))}
    author = AccountRef(urls.PLATFORM, str(state.get("user")), str(state.get("handle")))
    family = graph.Family(item, author, {**numbers, post: item})
    for node in nodes:
        read = graph.post(node, None, family)
        if isinstance(read, str):
            gather.note(UNREADABLE, read, node.path)
        elif isinstance(read, ItemRecord):
            gather.publish(read)
        else:
            gather.act(read)
    cursor = meta.cursor(raw, nested=True)
    return gather.page(gather.go_on(cursor, len(values), lambda c: _conversation_url(gather.options, post, c)))


def _posts_url(options: SourceOptions, handle: str | None, since: datetime | None, after: str | None = None) -> str:
    """Return one page of an account's posts; without a handle they are the token's owner's."""
    params = [("fields", _POST_FIELDS), ("limit", str(POSTS_PER_PAGE))]
    if since is not None:
        params.append(("since", str(int(since.timestamp()))))
    if handle is None:
        return _url(options, "me/threads", [*params, *_page(after)])
    return _url(options, "profile_posts", [("username", handle.lower()), *params, *_page(after)])


def _conversation_url(options: SourceOptions, post: str, after: str | None = None) -> str:
    params = [("fields", _REPLY_FIELDS), ("reverse", "false"), *_page(after)]
    return _url(options, f"{post}/conversation", params)


def _url(options: SourceOptions, path: str, params: list[tuple[str, str]]) -> str:
    return f"{options.urls.get('graph_url', API)}/{quote(path, safe='/')}?{urlencode(params, safe=',')}"


def _page(after: str | None) -> list[tuple[str, str]]:
    return [("after", after)] if after else []


_READERS: Mapping[str, Callable[[Gather, Raw, Notes], Page]] = {"posts": _posts, "conversation": _conversation}
