"""Bluesky, live and without login: what to ask for a target, and how each answer is read. Pure.

Candidate direction: the account's feed, then for every own post its likes, its reposts and quotes (one listing of
verb `share`, quotes after reposts), and its thread. Subject direction: the account's feed, and from its own repository
the records of likes and reposts. Every request but the feed is optional: its failure costs one verb, not the target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from monitor.domain import AccountRef, Act, Direction
from monitor.errors import AccountGone, LayoutChanged, PrivateContent, UsageError
from scrapers import pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.bluesky import asks, feeds, listings, mapper, urls

_GONE_ERRORS = frozenset({
    "NotFound", "RecordNotFound", "RepoNotFound", "HandleNotFound", "AccountTakedown", "AccountDeactivated",
    "AccountSuspended", "RepoTakendown", "RepoDeactivated", "RepoSuspended",
})  # fmt: skip
_GONE_WORDS = (
    "not found", "could not find repo", "could not locate", "unable to resolve handle", "suspended", "deactivated",
    "not registered", "not available", "taken down",
)  # fmt: skip
_PRIVATE_ERRORS = frozenset({"BlockedActor", "BlockedByActor"})

_READERS: Mapping[str, Callable[[Gather, Raw], Page]] = {
    "getAuthorFeed": feeds.feed,
    "identity": feeds.identity,
    "listLikes": feeds.own_records,
    "listReposts": feeds.own_records,
    "getPosts": feeds.posts,
    "recheck": feeds.recheck,
    "getLikes": listings.likes,
    "getRepostedBy": listings.reposts,
    "getQuotes": listings.quotes,
    "getPostThread": listings.thread,
}


class BlueskyAdapter:
    """The `Adapter` of Bluesky."""

    name = mapper.NAME
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first requests for a target; UsageError when its DID is not known yet."""
        did = target.account.user_id
        if not urls.is_did(did):
            raise UsageError(f"Akun Bluesky {did} belum dikenali DID-nya", "jalankan pengenalan akun lebih dulu")
        state: State = {
            "did": did,
            "direction": target.direction.value,
            "since": target.since.isoformat() if target.since else None,
        }
        feed = Request("getAuthorFeed", asks.feed_url(options, did), verb=Act.POST, state=state)
        document = urls.document_url(did, options.urls.get("plc_url", asks.PLC))
        if target.direction is not Direction.SUBJECT or document is None:
            return (feed,)
        return feed, Request("identity", document, verb=Act.LIKE, optional=True, state=state)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises AccountGone, PrivateContent, LayoutChanged or UnexpectedContent."""
        raw = _answer(response)
        return _READERS[request.endpoint](Gather(request, response, options), raw)

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a handle, profile link or DID into the stable id."""
        name = urls.account_name(handle)
        if name is None:
            raise UsageError(f"{handle} bukan nama, tautan profil, atau DID Bluesky")
        base = asks.appview(options)
        if urls.is_did(name):
            return Request("getProfile", urls.xrpc(base, "app.bsky.actor.getProfile", [("actor", name)]))
        return Request("resolveHandle", urls.xrpc(base, "com.atproto.identity.resolveHandle", [("handle", name)]))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when the network knows no such account."""
        raw = _answer(response)
        asked = parse_qs(urlsplit(response.url).query).get("handle", [""])[0]
        return mapper.actor({"handle": asked, **raw}, "")

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return the requests that fetch these posts' texts, 25 a call."""
        base, most = asks.appview(options), asks.POSTS_PER_CALL
        posts = [uri for uri in dict.fromkeys(item_ids) if (at := urls.parse_at(uri)) is not None and at.is_post]
        groups = [posts[start : start + most] for start in range(0, len(posts), most)]
        return tuple(
            Request("getPosts", urls.xrpc(base, "app.bsky.feed.getPosts", [("uris", u) for u in group]), optional=True)
            for group in groups
        )

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request that says whether a post is still there; its at-URI names it."""
        del url
        where = urls.parse_at(item_id)
        if where is None or not where.is_post:
            return None
        return Request("recheck", asks.alone_url(options, item_id), optional=True)


def _answer(response: Response) -> Raw:
    """Return the answer's object, or raise what its error body says."""
    raw = pick.json_body(response)
    if response.status == 200:
        return pick.mapping(raw, "")
    body = raw if isinstance(raw, Mapping) else {}
    error, message = str(body.get("error", "")), str(body.get("message", ""))
    if error in _PRIVATE_ERRORS:
        raise PrivateContent("Akun Bluesky tidak terbuka untuk umum", url=response.url)
    if response.status in (404, 410) or error in _GONE_ERRORS or any(w in message.lower() for w in _GONE_WORDS):
        raise AccountGone("Akun atau unggahan Bluesky tidak ditemukan, dihapus, atau ditangguhkan", url=response.url)
    raise LayoutChanged(f"Bluesky menolak permintaan: {error[:80]} (HTTP {response.status})", url=response.url)
