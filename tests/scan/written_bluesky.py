"""The public answers of a Bluesky network for a played world, written by hand: a transport, no network behind it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapers.wire import Answer, Call
from tests.peers.world import Event, World

APPVIEW = "https://appview.contoh.example"
PLC = "https://plc.contoh.example"
PDS = "https://pds.contoh.example"
URLS = {"appview_url": APPVIEW, "plc_url": PLC}
_COLLECTION = {"like": "app.bsky.feed.like", "repost": "app.bsky.feed.repost"}
_WRITTEN = ("post", "reply", "quote")
_NO_RECORD = ("delete", "follow", "edit")

Query = Mapping[str, str]
Page = tuple[int, Any]


def did(key: str) -> str:
    return "did:plc:" + base64.b32encode(hashlib.sha256(key.encode()).digest()[:15]).decode().lower()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass
class WrittenBluesky:
    """Answers what a real AppView, PDS and PLC would, `page` entries at a time; `asked` keeps every URL."""

    world: World
    page: int = 100
    pds: str = PDS
    asked: list[str] = field(default_factory=list)
    faults: dict[str, Callable[[str], Answer | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.show({e.target or "" for e in self.world.events if e.act == "delete"})
        self.handles = {a.key: a.handle for a in self.world.actors}
        self.accounts = {a.key: did(a.key) for a in self.world.actors}
        self.keys = {value: key for key, value in self.accounts.items()}
        self.uris = {e.ref: self._uri(e) for e in self.world.events if e.act not in _NO_RECORD}
        self.refs = {uri: ref for ref, uri in self.uris.items()}

    def show(self, gone: set[str]) -> None:
        """Answer from now on as if exactly these events had been taken back."""
        edits = (e for e in self.world.events if e.act == "edit")
        said = {e.target: e.text for e in sorted(edits, key=lambda e: e.at)}
        left = (e for e in self.world.events if e.act not in _NO_RECORD and e.ref not in gone)
        self.events = [replace(e, text=said.get(e.ref, e.text)) for e in left]
        self.texts = {e.ref: e for e in self.events if e.act in _WRITTEN}
        self.done: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for event in self.events:
            self.done[event.act, event.target or ""].append(event)
            if event.quotes:
                self.done["quote", event.quotes].append(event)

    @property
    def items(self) -> dict[str, str]:
        """Refs of texts to their at-URIs, deleted ones included, as the network would have given them."""
        return self.uris

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        url = call.name
        self.asked.append(url)
        parts = urlsplit(url)
        if parts.path == "/robots.txt":
            return Answer(404, {}, b"", url)
        method = parts.path.removeprefix("/xrpc/").rsplit(".", 1)[-1] if "/xrpc/" in parts.path else "document"
        fault = self.faults.get(method)
        if fault is not None and (answer := fault(url)) is not None:
            return answer
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        status, body = self._answers()[method](query | {"path": parts.path[1:], "query": parts.query})
        headers_out = {"content-type": "application/json; charset=utf-8"}
        return Answer(status, headers_out, json.dumps(body, ensure_ascii=False).encode(), url)

    def _answers(self) -> dict[str, Callable[[Query], Page]]:
        return {
            "document": self._document,
            "resolveHandle": self._resolve,
            "getProfile": self._profile,
            "getAuthorFeed": self._feed,
            "getLikes": self._likes,
            "getRepostedBy": self._reposters,
            "getQuotes": self._quotes,
            "getPostThread": self._thread,
            "getPosts": self._posts,
            "listRecords": self._records,
        }

    def _uri(self, event: Event) -> str:
        collection = _COLLECTION.get(event.act, "app.bsky.feed.post")
        return f"at://{did(event.by)}/{collection}/{event.ref.replace('_', '-')}"

    def _actor(self, key: str) -> dict[str, Any]:
        return {"did": self.accounts[key], "handle": self.handles[key], "displayName": self.world.actor(key).name}

    def _cut(self, entries: list[Any], query: Query, name: str, **more: Any) -> Page:
        start = int(query.get("cursor", "0"))
        end = start + min(self.page, int(query.get("limit", "50")))
        cursor = {"cursor": str(end)} if end < len(entries) else {}
        return 200, {name: entries[start:end], **cursor, **more}

    def _on(self, ref: str, act: str) -> list[Event]:
        return self.done.get((act, ref), [])

    def _record(self, event: Event) -> dict[str, Any]:
        def strong(ref: str | None) -> dict[str, str]:
            return {"uri": self.uris[ref or ""], "cid": "bafyreic"}

        record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": event.text, "createdAt": stamp(event.at)}
        record |= {"langs": ["id"], "facets": self._facets(event.text)}
        if event.act == "reply":
            record["reply"] = {"root": strong(event.root), "parent": strong(event.target)}
        quoted = event.target if event.act == "quote" else event.quotes
        if quoted:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": strong(quoted)}
        return record

    def _facets(self, text: str) -> list[dict[str, Any]]:
        named = {handle: self.accounts[key] for key, handle in self.handles.items()}
        found = [{"$type": "app.bsky.richtext.facet#tag", "tag": m[1]} for m in re.finditer(r"#(\w+)", text)]
        found += [{"$type": "app.bsky.richtext.facet#link", "uri": m[0]} for m in re.finditer(r"https://\S+", text)]
        found += [
            {"$type": "app.bsky.richtext.facet#mention", "did": named[m[1]]}
            for m in re.finditer(r"@([a-z0-9-]+\.test)", text)
            if m[1] in named
        ]
        return [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [feature]} for feature in found]

    def _view(self, event: Event, *, embed: bool = True) -> dict[str, Any]:
        view = {
            "uri": self.uris[event.ref],
            "cid": "bafyreic",
            "author": self._actor(event.by),
            "record": self._record(event),
            "replyCount": len(self._on(event.ref, "reply")),
            "repostCount": len(self._on(event.ref, "repost")),
            "likeCount": len(self._on(event.ref, "like")),
            "quoteCount": len(self._on(event.ref, "quote")),
            "indexedAt": stamp(min(event.at, self.world.now)),
        }
        quoted = self.texts.get((event.target if event.act == "quote" else event.quotes) or "")
        if embed and quoted is not None:
            inner = self._view(quoted, embed=False)
            inner |= {"$type": "app.bsky.embed.record#viewRecord", "value": inner.pop("record")}
            view["embed"] = {"$type": "app.bsky.embed.record#view", "record": inner}
        return view

    def _feed(self, query: Query) -> Page:
        key = self.keys[query["actor"]]
        own = [e for e in self.events if e.by == key and (e.act in _WRITTEN or e.act == "repost")]
        own = [e for e in own if e.act != "repost" or e.target in self.texts]
        entries = [self._entry(e) for e in sorted(own, key=lambda e: e.at, reverse=True)]
        return self._cut(entries, query, "feed")

    def _entry(self, event: Event) -> dict[str, Any]:
        if event.act == "repost":
            reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": self._actor(event.by)}
            return {
                "post": self._view(self.texts[event.target or ""]),
                "reason": reason | {"indexedAt": stamp(event.at)},
            }
        entry: dict[str, Any] = {"post": self._view(event)}
        if event.act == "reply" and event.target in self.texts and event.root in self.texts:
            entry["reply"] = {
                "root": self._view(self.texts[event.root or ""]),
                "parent": self._view(self.texts[event.target or ""]),
            }
        return entry

    def _likes(self, query: Query) -> Page:
        likes = self._on(self.refs[query["uri"]], "like")
        entries = [
            {"actor": self._actor(e.by), "createdAt": stamp(e.at), "indexedAt": stamp(min(e.at, self.world.now))}
            for e in likes
        ]
        return self._cut(entries, query, "likes", uri=query["uri"])

    def _reposters(self, query: Query) -> Page:
        reposts = self._on(self.refs[query["uri"]], "repost")
        return self._cut([self._actor(e.by) for e in reposts], query, "repostedBy", uri=query["uri"])

    def _quotes(self, query: Query) -> Page:
        quotes = self._on(self.refs[query["uri"]], "quote")
        return self._cut([self._view(e) for e in quotes], query, "posts", uri=query["uri"])

    def _thread(self, query: Query) -> Page:
        if self.refs[query["uri"]] not in self.texts:
            return 400, {"error": "NotFound", "message": f"Post not found: {query['uri']}"}
        return 200, {"thread": self._node(self.texts[self.refs[query["uri"]]])}

    def _node(self, event: Event) -> dict[str, Any]:
        below = self._on(event.ref, "reply")
        kind = "app.bsky.feed.defs#threadViewPost"
        return {"$type": kind, "post": self._view(event), "replies": [self._node(e) for e in below]}

    def _posts(self, query: Query) -> Page:
        refs = [self.refs[uri] for uri in parse_qs(query["query"])["uris"]]
        return 200, {"posts": [self._view(self.texts[ref]) for ref in refs if ref in self.texts]}

    def _records(self, query: Query) -> Page:
        act = {value: name for name, value in _COLLECTION.items()}[query["collection"]]
        own = [e for e in self.events if e.by == self.keys[query["repo"]] and e.act == act]
        records = [
            {
                "uri": self.uris[e.ref],
                "cid": "bafyreic",
                "value": {
                    "$type": query["collection"],
                    "subject": {"uri": self.uris[e.target or ""], "cid": "bafyreic"},
                    "createdAt": stamp(e.at),
                },
            }
            for e in reversed(own)
        ]
        return self._cut(records, query, "records")

    def _document(self, query: Query) -> Page:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.pds}
        return 200, {"id": query["path"], "service": [service]}

    def _resolve(self, query: Query) -> Page:
        found = [key for key, handle in self.handles.items() if handle == query["handle"]]
        if not found:
            return 400, {"error": "InvalidRequest", "message": "Unable to resolve handle"}
        return 200, {"did": self.accounts[found[0]]}

    def _profile(self, query: Query) -> Page:
        key = self.keys.get(query["actor"])
        return (200, self._actor(key)) if key else (400, {"error": "InvalidRequest", "message": "Profile not found"})
