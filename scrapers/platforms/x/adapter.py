"""X through API v2: what to ask for a target, and how each answer is read. Pure.

Candidate direction: the account's own posts, then for each its reposts and quotes (one listing of verb `share`) and
what was said below it in the last seven days; behind the owner's door also who liked it. Subject direction: the
account's posts and reposts with what they refer to. X bills every post and account that it hands out, once a day for
the same one: `Page.billed` counts all, so the ledger never says too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.domain import AccountRef, Act, ActRecord, Direction, EndKind, claimed_time
from monitor.errors import (
    AccountGone,
    AccountLocked,
    Blocked,
    LayoutChanged,
    LoginWall,
    QuotaSpent,
    SourceError,
    UsageError,
)
from scrapers import doors, pick
from scrapers.contract import ItemIssue, Page, Request, Response, SourceOptions, Target
from scrapers.gather import UNREADABLE, Gather
from scrapers.imports.nodes import Node, Notes
from scrapers.paging import State, fresh
from scrapers.platforms.x import api, urls, v2

APP = "app"
_GONE = frozenset({"resource-not-found", "resource-unavailable"})
_PRIVATE = frozenset({"not-authorized-for-resource"})
_ANSWER = frozenset({"data", "includes", "meta", "errors"})
_REPOST = re.compile(r"RT @\w+: ", re.ASCII)
_SEARCH_MARGIN = 0.9  # of its reach: a search in pages takes a while, and what slips out of its window is not shown


class XAdapter:
    """The `Adapter` of X."""

    name = urls.PLATFORM
    version = v2.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first request for a target; UsageError without its number, PolicyBlocked without a door to it."""
        user = target.account.user_id
        if not user.isdigit():
            raise UsageError(f"Akun X {user} belum dikenali nomornya", "jalankan pengenalan akun lebih dulu")
        own = target.direction is Direction.CANDIDATE
        state: State = {
            "user": user,
            "handle": target.account.handle,
            "own": own,
            "since": target.since.isoformat() if target.since else None,
        }
        url = api.timeline_url(options, user, target.since, own=own)
        key = doors.key_for(options, target.account, APP)
        return (Request("timeline", url, verb=Act.POST, state=state, credential=key),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises AccountGone, PrivateContent, QuotaSpent, LayoutChanged or UnexpectedContent."""
        notes = Notes()
        answer = _answer(response, notes)
        gather = Gather(request, response, options)
        page = _READERS[request.endpoint](gather, answer)
        return replace(
            page,
            issues=(*page.issues, *notes.issues, *_partial_errors(answer)),
            unknown_fields=pick.anywhere((*page.unknown_fields, *notes.unknown_fields)),
            billed=_billed(request.endpoint, answer),
        )

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a handle, profile address or number into the stable id."""
        ref = urls.account_ref(handle)
        if ref is None:
            raise UsageError(f"{handle} bukan nama, alamat profil, atau nomor akun X")
        url = api.user_url(options, ref.user_id)
        return Request("user", url, credential=doors.any_key(options, APP))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when X knows no such account."""
        found = v2.account(_answer(response, Notes()).node("data"))
        if found is None:
            raise AccountGone("Akun X tidak ditemukan", url=response.url)
        return found

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return the requests that fetch these posts' texts, a hundred a call."""
        posts, most = [i for i in dict.fromkeys(item_ids) if i.isdigit()], api.POSTS_PER_CALL
        if not posts:
            return ()
        key = doors.any_key(options, APP)
        return tuple(
            Request("posts", api.posts_url(options, posts[n : n + most]), optional=True, credential=key)
            for n in range(0, len(posts), most)
        )

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request for one post by its number."""
        del url
        asked = self.hydrate((item_id,), options)
        return asked[0] if asked else None


def _answer(response: Response, notes: Notes) -> Node:
    """Return the answer; one that holds nothing but errors raises what they say."""
    raw = pick.mapping(pick.json_body(response), "")
    answer = Node(raw, "", notes)
    types = {error.text("type").rpartition("/")[2] for error in answer.nodes("errors")}
    types.add(answer.text("type").rpartition("/")[2])
    if "usage-capped" in types:
        raise QuotaSpent("Kuota bacaan bulanan X habis", url=response.url)
    if response.status == 200 and (answer.data.get("data") is not None or not answer.data.get("errors")):
        return answer.known(_ANSWER)
    raise _refusal(response, types)


def _refusal(response: Response, types: set[str]) -> SourceError:
    """Return what an answer without content says, by its status and the kinds of problem that X names."""
    if response.status in (404, 410) or types & _GONE:
        return AccountGone("X tidak menemukan akun atau unggahan ini", url=response.url)
    if types & _PRIVATE:
        return AccountLocked("Akun X ini terkunci", url=response.url)
    said = pick.clean(", ".join(sorted(kind for kind in types if kind)))[:120] or "tanpa jenis"
    if response.status == 401:
        return LoginWall(f"X tidak menerima kunci ini ({said})", url=response.url, mend="perbarui kredensial X")
    if response.status == 403:
        return Blocked(f"X tidak mengizinkan panggilan ini bagi kunci kita ({said})", url=response.url)
    return LayoutChanged(f"X menolak permintaan (HTTP {response.status}: {said})", url=response.url)


def _partial_errors(answer: Node) -> tuple[ItemIssue, ...]:
    """Return what X could not give beside what it gave: the kind only, since its words name accounts."""
    found: dict[str, int] = {}
    for error in answer.nodes("errors"):
        kind = error.text("type").rpartition("/")[2] or error.text("title") or "tanpa jenis"
        what = error.text("resource_type") or "isi"
        found[f"{kind} ({what})"] = found.get(f"{kind} ({what})", 0) + 1
    return tuple(
        ItemIssue("platform_error", f"X tidak memberikan sebagian isi: {pick.clean(kind)[:120]}, {count} kali")
        for kind, count in found.items()
    )


def _billed(endpoint: str, answer: Node) -> Mapping[str, int]:
    """Return what X charges for in an answer: each post and account in it, beside or below."""
    data, includes = answer.data.get("data"), answer.node("includes")
    main = len(data) if isinstance(data, list) else 1 if data else 0
    posts, users = len(includes.nodes("tweets")), len(includes.nodes("users"))
    counts = {"post_read": posts, "user_read": users, "like_read": 0}
    counts[{"user": "user_read", "likers": "like_read"}.get(endpoint, "post_read")] += main
    return {what: count for what, count in counts.items() if count}


def _timeline(gather: Gather, answer: Node) -> Page:
    """Read a page of an account's posts and follow to what others did with its own."""
    state, options = gather.state, gather.options
    whose = AccountRef(urls.PLATFORM, str(state.get("user")), _text(state, "handle"))
    beside, posts = v2.shown(answer), answer.nodes("data")
    for number, post in enumerate(posts):
        read = v2.read(Node(post.data, f".data[{number}]", post.notes), beside, whose)
        _take(gather, read, f".data[{number}]")
        if state.get("own") and read.item is not None and read.item.author == whose:
            _engagement(gather, post, read.item.item_id, read.item.published.latest, whose)
    if not state.get("own"):
        for post in beside.posts.values():
            _take_context(gather, v2.read(post, beside))
    user, since, own = whose.user_id, pick.stamp(state.get("since")), bool(state.get("own"))
    end = _turn(gather, answer, len(posts), lambda t: api.timeline_url(options, user, since, own=own, token=t))
    if end is EndKind.EXHAUSTED:
        held = _number(state, "collected") + len(posts)
        end = EndKind.CAP_REACHED if held >= api.TIMELINE_REACH else EndKind.WINDOW_REACHED if since else end
    return gather.page(end)


def _engagement(gather: Gather, post: Node, item: str, published: datetime, whose: AccountRef) -> None:
    """Follow to who liked, shared and answered a post, and settle what its counts say nobody did."""
    counts, options = post.node("public_metrics"), gather.options
    likes, replies = counts.count("like_count"), counts.count("reply_count")
    reposts, quotes = counts.count("retweet_count"), counts.count("quote_count")
    key, at = gather.request.credential, published.isoformat()

    def ask(endpoint: str, url: str, verb: Act, **state: int | str | None) -> None:
        asked = Request(endpoint, url, verb=verb, item_id=item, optional=True, state=state, credential=key)
        gather.follow.append(asked)

    if doors.owned(options, whose):
        if likes == 0:
            gather.settle(Act.LIKE, item)
        else:
            ask("likers", api.likers_url(options, item), Act.LIKE, target_at=at, reported=likes)
    shares = None if reposts is None or quotes is None else reposts + quotes
    if shares == 0:
        gather.settle(Act.SHARE, item)
    elif reposts == 0:
        ask("quotes", api.quotes_url(options, item), Act.SHARE, target_at=at, reported=shares)
    else:
        ask("reposts", api.reposts_url(options, item), Act.SHARE, target_at=at, reported=shares, quotes=quotes)
    if replies == 0:
        gather.settle(Act.COMMENT, item)
    else:
        ask("conversation", api.conversation_url(options, item), Act.COMMENT, target_at=at, reported=replies)


def _reposts(gather: Gather, answer: Node) -> Page:
    """Read a page of the reposts of a post; the last one leads to its quotes, unless there are none."""
    item, posts = _item_id(gather), answer.nodes("data")
    beside = v2.shown(answer)
    for number, post in enumerate(posts):
        at = f".data[{number}]"
        repost = {**post.data, "referenced_tweets": [{"type": "retweeted", "id": item}]}  # X does not repeat it
        read = v2.read(Node(repost, at, post.notes), beside)
        _take(gather, read, at)
    end = _turn(gather, answer, len(posts), lambda t: api.reposts_url(gather.options, item, t))
    if end is None or gather.state.get("quotes") == 0:
        return gather.page(end)
    state = {**fresh(gather.state), "collected": _number(gather.state, "collected") + len(posts)}
    if end is not EndKind.EXHAUSTED and state["collected"]:
        state["reposts_end"] = end.value
    url = api.quotes_url(gather.options, item)
    gather.follow.append(replace(gather.request, endpoint="quotes", url=url, state=state))
    return gather.page()


def _quotes(gather: Gather, answer: Node) -> Page:
    """Read a page of who quoted a post; the listing of shares is no more complete than its reposts were.

    An entry that does not say what it refers to quotes the post whose quotes are listed; a repost of a quote is none.
    """
    item, beside, posts = _item_id(gather), v2.shown(answer), answer.nodes("data")
    for number, post in enumerate(posts):
        implied = {"referenced_tweets": [{"type": "quoted", "id": item}]}
        data = post.data if _REPOST.match(post.text("text")) else {**implied, **post.data}
        if "referenced_tweets" not in data:
            gather.note(UNREADABLE, "bagi ulang atas sebuah kutipan tidak menyebut kutipannya", f".data[{number}]")
            continue
        _take(gather, v2.read(Node(data, f".data[{number}]", post.notes), beside), f".data[{number}]")
    end = _turn(gather, answer, len(posts), lambda t: api.quotes_url(gather.options, item, t))
    earlier = _text(gather.state, "reposts_end")
    return gather.page(EndKind(earlier) if end is EndKind.EXHAUSTED and earlier else end)


def _conversation(gather: Gather, answer: Node) -> Page:
    """Read a page of what was said below a post; older than a week, it is out of the search's sight."""
    item, beside, posts = _item_id(gather), v2.shown(answer), answer.nodes("data")
    for number, post in enumerate(posts):
        read = v2.read(Node(post.data, f".data[{number}]", post.notes), beside)
        if read.item is None or read.item.item_id != item:
            _take(gather, read, f".data[{number}]")
    end = _turn(gather, answer, len(posts), lambda t: api.conversation_url(gather.options, item, t))
    published = pick.stamp(gather.state.get("target_at"))
    old = published is None or gather.seen_at - published > api.SEARCH_REACH * _SEARCH_MARGIN
    return gather.page(EndKind.WINDOW_REACHED if end is not None and old else end)


def _likers(gather: Gather, answer: Node) -> Page:
    """Read who liked a post, as X shows it to the post's author; it gives no time and no more than a hundred."""
    item, users = _item_id(gather), answer.nodes("data")
    target_at = pick.stamp(gather.state.get("target_at"))
    target_author = AccountRef(urls.PLATFORM, (gather.request.credential or "").removeprefix("owner:"))
    for number, user in enumerate(users):
        at, who = f".data[{number}]", v2.account(user)
        if who is None:
            gather.note(UNREADABLE, "penyuka tanpa nomor akun", at)
            continue
        time = claimed_time(None, target_at, gather.seen_at)
        gather.act(ActRecord(urls.PLATFORM, who, Act.LIKE, item, time, target_author=target_author, pointer=at))
    end = _turn(gather, answer, len(users), lambda t: api.likers_url(gather.options, item, t))
    more = _number(gather.state, "reported") > api.LIKERS_REACH
    return gather.page(EndKind.CAP_REACHED if end is EndKind.EXHAUSTED and more else end)


def _posts(gather: Gather, answer: Node) -> Page:
    """Read posts that were asked for by number: their texts give context, nobody acts in them."""
    beside = v2.shown(answer)
    for number, post in enumerate(answer.nodes("data")):
        at = f".data[{number}]"
        read = v2.read(Node(post.data, at, post.notes), beside)
        if read.skipped:
            gather.note(UNREADABLE, read.skipped, at)
        _take_context(gather, read)
    return gather.page(EndKind.EXHAUSTED)


def _take(gather: Gather, read: v2.Read, at: str) -> None:
    if read.skipped:
        gather.note(UNREADABLE, read.skipped, at)
    if read.item is not None:
        gather.publish(read.item)
    if read.share is not None:
        gather.act(read.share)


def _take_context(gather: Gather, read: v2.Read) -> None:
    if read.item is not None:
        gather.context(read.item)


def _turn(gather: Gather, answer: Node, listed: int, url: Callable[[str], str]) -> EndKind | None:
    return gather.go_on(answer.node("meta").text("next_token") or None, listed, url)


def _item_id(gather: Gather) -> str:
    return gather.request.item_id or ""


def _text(state: State, key: str) -> str | None:
    value = state.get(key)
    return value if isinstance(value, str) and value else None


def _number(state: State, key: str) -> int:
    value = state.get(key)
    return value if isinstance(value, int) else 0


_READERS: Mapping[str, Callable[[Gather, Node], Page]] = {
    "timeline": _timeline,
    "reposts": _reposts,
    "quotes": _quotes,
    "conversation": _conversation,
    "likers": _likers,
    "posts": _posts,
}
