"""The requests that Bluesky's adapter makes; their URLs and what each remembers."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import Act, ItemRecord
from scrapers import pick
from scrapers.contract import Request, SourceOptions
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.bluesky.urls import LIKE, REPOST, Params, xrpc

APPVIEW = "https://public.api.bsky.app"
PLC = "https://plc.directory"
PAGE_SIZE = 100
THREAD_DEPTH = 100  # deeper answers nest too deep to be decoded safely; what lies below is asked for by itself
POSTS_PER_CALL = 25  # app.bsky.feed.getPosts takes no more


def appview(options: SourceOptions) -> str:
    """Return the base address of the AppView."""
    return options.urls.get("appview_url", APPVIEW)


def feed_url(options: SourceOptions, did: str, cursor: str | None = None) -> str:
    """Return the URL of one page of an account's own feed, replies and reposts included."""
    params: Params = [("actor", did), ("filter", "posts_with_replies"), ("limit", PAGE_SIZE), ("cursor", cursor)]
    return xrpc(appview(options), "app.bsky.feed.getAuthorFeed", params)


def listing_url(options: SourceOptions, method: str, uri: str, cursor: str | None = None) -> str:
    """Return the URL of one page of who liked, reposted or quoted a post."""
    return xrpc(appview(options), f"app.bsky.feed.{method}", [("uri", uri), ("limit", PAGE_SIZE), ("cursor", cursor)])


def thread_url(options: SourceOptions, uri: str) -> str:
    """Return the URL of everything below a post."""
    params: Params = [("uri", uri), ("depth", THREAD_DEPTH), ("parentHeight", 0)]
    return xrpc(appview(options), "app.bsky.feed.getPostThread", params)


def alone_url(options: SourceOptions, uri: str) -> str:
    """Return the URL of a post by itself; unlike getPosts it says why there is none."""
    params: Params = [("uri", uri), ("depth", 0), ("parentHeight", 0)]
    return xrpc(appview(options), "app.bsky.feed.getPostThread", params)


def records_url(pds: str, did: str, collection: str, cursor: str | None = None) -> str:
    """Return the URL of one page of an account's own records, newest first."""
    params: Params = [("repo", did), ("collection", collection), ("limit", PAGE_SIZE), ("cursor", cursor)]
    return xrpc(pds, "com.atproto.repo.listRecords", params)


def records(pds: str, did: str, state: State) -> tuple[Request, ...]:
    """Return the first requests for an account's likes and reposts."""
    kept: State = {"did": did, "pds": pds, "since": state.get("since")}
    return (
        Request("listLikes", records_url(pds, did, LIKE), verb=Act.LIKE, optional=True, state=kept),
        Request("listReposts", records_url(pds, did, REPOST), verb=Act.SHARE, optional=True, state=kept),
    )


def quotes(options: SourceOptions, uri: str, state: State) -> Request:
    """Return the first request for a post's quotes, which belong to its listing of shares."""
    url = listing_url(options, "getQuotes", uri)
    return Request("getQuotes", url, verb=Act.SHARE, item_id=uri, optional=True, state=state)


def thread(options: SourceOptions, uri: str, published: datetime | None) -> Request:
    """Return the request for everything below a post."""
    state: State = {"target_at": published.isoformat() if published else None}
    url = thread_url(options, uri)
    return Request("getPostThread", url, verb=Act.COMMENT, item_id=uri, optional=True, state=state)


def engagement(gather: Gather, item: ItemRecord, view: Raw) -> None:
    """Follow to everything that others did with a post, and settle what its counts say nobody did."""
    published = item.published.occurred_at
    target_at = published.isoformat() if published else None
    options, uri = gather.options, item.item_id
    likes, reposts = pick.count(view, "likeCount"), pick.count(view, "repostCount")
    quoted, replies = pick.count(view, "quoteCount"), pick.count(view, "replyCount")
    if likes == 0:
        gather.settle(Act.LIKE, uri)
    else:
        url = listing_url(options, "getLikes", uri)
        state: State = {"target_at": target_at, "reported": likes}
        gather.follow.append(Request("getLikes", url, verb=Act.LIKE, item_id=uri, optional=True, state=state))
    shares = None if reposts is None or quoted is None else reposts + quoted
    state = {"target_at": target_at, "reported": shares, "quotes": quoted}
    if shares == 0:
        gather.settle(Act.SHARE, uri)
    elif reposts == 0:
        gather.follow.append(quotes(options, uri, state))
    else:
        url = listing_url(options, "getRepostedBy", uri)
        gather.follow.append(Request("getRepostedBy", url, verb=Act.SHARE, item_id=uri, optional=True, state=state))
    if replies == 0:
        gather.settle(Act.COMMENT, uri)
    else:
        gather.follow.append(thread(options, uri, published))
