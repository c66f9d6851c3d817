"""Builders of what the YouTube Data API and YouTube's own client answer: invented channels, the real shapes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import AccountRef, Direction
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.platforms.youtube.adapter import YoutubeAdapter

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
CANDIDATE = "UC" + "budicontoh".ljust(22, "0")
OFFICIAL = "UC" + "asncontoh".ljust(22, "0")
BYSTANDER = "UC" + "wargacontoh".ljust(22, "0")
VIDEO = "videoContoh"
OPTIONS = SourceOptions("youtube")
ADAPTER = YoutubeAdapter()


def at(hours: float) -> str:
    """A time so many hours before the look."""
    return (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def comment_id(name: str, reply: str = "") -> str:
    return "Ug" + name.ljust(24, "0") + (f".{reply.ljust(22, '0')}" if reply else "")


def many(kind: str, *items: Any, **more: Any) -> dict[str, Any]:
    return {"kind": f"youtube#{kind}ListResponse", "etag": "e", "pageInfo": {}, "items": list(items)} | more


def channel(identity: str = CANDIDATE, **more: Any) -> dict[str, Any]:
    snippet = {"title": "Budi Contoh", "customUrl": "@budi.contoh", "publishedAt": at(9999)}
    details = {"relatedPlaylists": {"likes": "", "uploads": "UU" + identity[2:]}}
    return {
        "kind": "youtube#channel",
        "etag": "e",
        "id": identity,
        "snippet": snippet,
        "contentDetails": details,
    } | more


def listed(video: str = VIDEO, hours: float = 5) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": video}
    snippet = {"publishedAt": at(hours), "channelId": CANDIDATE, "title": "Kampanye", "resourceId": resource}
    details = {"videoId": video, "videoPublishedAt": at(hours)}
    return {"kind": "youtube#playlistItem", "etag": "e", "id": "x", "snippet": snippet, "contentDetails": details}


def video(identity: str = VIDEO, hours: float = 5, **more: Any) -> dict[str, Any]:
    snippet = {
        "publishedAt": at(hours), "channelId": CANDIDATE, "title": "Kampanye BUDI CONTOH", "channelTitle": "Budi",
        "description": "Coblos nomor 1 #BusiMenang https://contoh.example/program", "liveBroadcastContent": "none",
    } | more.pop("snippet", {})  # fmt: skip
    counts = {"viewCount": "100", "likeCount": "7", "favoriteCount": "0", "commentCount": "2"}
    counts = {key: value for key, value in (counts | more.pop("statistics", {})).items() if value is not None}
    return {"kind": "youtube#video", "etag": "e", "id": identity, "snippet": snippet, "statistics": counts} | more


def comment(name: str = "satu", who: str | None = OFFICIAL, reply: str = "", **snippet: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "textDisplay": "Siap menang", "textOriginal": "Siap menang", "authorDisplayName": "@asn.contoh",
        "authorProfileImageUrl": "https://yt3.example/a.jpg", "authorChannelUrl": "http://www.youtube.com/@asn.contoh",
        "authorChannelId": {"value": who}, "canRate": True, "viewerRating": "none", "likeCount": 3,
        "publishedAt": at(2), "updatedAt": at(2), "channelId": CANDIDATE, "videoId": VIDEO,
    }  # fmt: skip
    if reply:
        said["parentId"] = comment_id(name)
    if who is None:
        said |= {"authorChannelUrl": "", "authorDisplayName": ""}
        del said["authorChannelId"]
    said = {key: value for key, value in (said | snippet).items() if value is not None}
    return {"kind": "youtube#comment", "etag": "e", "id": comment_id(name, reply), "snippet": said}


def thread(name: str = "satu", *replies: dict[str, Any], total: int | None = None, **snippet: Any) -> dict[str, Any]:
    said = {
        "channelId": CANDIDATE, "videoId": VIDEO, "topLevelComment": comment(name, **snippet), "canReply": True,
        "totalReplyCount": len(replies) if total is None else total, "isPublic": True,
    }  # fmt: skip
    raw: dict[str, Any] = {"kind": "youtube#commentThread", "etag": "e", "id": comment_id(name), "snippet": said}
    return raw | ({"replies": {"comments": list(replies)}} if replies else {})


def refusal(reason: str, status: int = 403, message: str = "Ditolak") -> dict[str, Any]:
    error = {"message": message, "domain": "youtube.contoh", "reason": reason}
    return {"error": {"code": status, "message": message, "errors": [error]}}


def response(body: object, url: str = "https://youtube.googleapis.com/youtube/v3/x", status: int = 200) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(url, url, status, {"content-type": "application/json"}, raw, NOW, "0" * 64)


def first(direction: Direction = Direction.CANDIDATE, who: str = CANDIDATE, since: datetime | None = None) -> Request:
    return ADAPTER.plan(Target("youtube", direction, AccountRef("youtube", who), since), OPTIONS)[0]


def read(request: Request, body: object, status: int = 200, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, response(body, request.url, status), options)


def to_uploads(direction: Direction = Direction.CANDIDATE, since: datetime | None = None) -> Request:
    return read(first(direction, since=since), many("channel", channel())).follow[0]


def to_videos(direction: Direction = Direction.CANDIDATE) -> Request:
    return read(to_uploads(direction), many("playlistItem", listed())).follow[0]


def to_threads() -> Request:
    return read(to_videos(), many("video", video())).follow[0]


def to_replies() -> Request:
    page = read(to_threads(), many("commentThread", thread(total=6)))
    return next(request for request in page.follow if request.endpoint == "comments")


def relative_comment(name: str = "satu", text: str = "Siap menang", ago: str = "2 weeks ago") -> dict[str, Any]:
    """A comment as the web client got it until 2024."""
    endpoint = {"browseId": OFFICIAL, "canonicalBaseUrl": "/@asn.contoh"}
    return {
        "commentRenderer": {
            "authorText": {"simpleText": "@asn.contoh"}, "authorEndpoint": {"browseEndpoint": endpoint},
            "contentText": {"runs": [{"text": text}]}, "commentId": comment_id(name), "isLiked": False,
            "publishedTimeText": {"runs": [{"text": ago, "navigationEndpoint": watch(comment_id(name))}]},
            "voteCount": {"simpleText": "1.2K"}, "replyCount": 1, "authorIsChannelOwner": False,
        }
    }  # fmt: skip


def entity_comment(name: str = "satu", reply: str = "", ago: str = "3 minggu yang lalu (diedit)") -> dict[str, Any]:
    """A comment as the web client gets it since 2024."""
    return {
        "commentEntityPayload": {
            "key": "kunci", "avatar": {},
            "properties": {
                "commentId": comment_id(name, reply), "content": {"content": "Siap menang"}, "publishedTime": ago,
                "replyLevel": 0, "toolbarStateKey": "x",
            },
            "author": {
                "channelId": OFFICIAL, "displayName": "@asn.contoh", "isCreator": False, "isCurrentUser": False,
            },
            "toolbar": {"likeCountNotliked": "3,4 rb", "likeCountLiked": "3,4 rb", "replyCount": "2"},
        }
    }  # fmt: skip


def watch(comment: str, video: str = VIDEO) -> dict[str, Any]:
    return {"commandMetadata": {"webCommandMetadata": {"url": f"/watch?v={video}&lc={comment}"}}}


def next_answer(*payloads: dict[str, Any], **more: Any) -> dict[str, Any]:
    mutations = [{"entityKey": str(n), "payload": payload} for n, payload in enumerate(payloads)]
    return {"frameworkUpdates": {"entityBatchUpdate": {"mutations": mutations}}} | more


def watch_page(**details: Any) -> str:
    player = {
        "videoDetails": {
            "videoId": VIDEO, "title": "Kampanye BUDI CONTOH", "channelId": CANDIDATE, "author": "Budi Contoh",
            "shortDescription": "Coblos nomor 1 #BusiMenang", "viewCount": "100",
        },
        "microformat": {
            "playerMicroformatRenderer": {
                "publishDate": "2026-11-01T03:00:00-07:00", "ownerProfileUrl": "http://www.youtube.com/@budi.contoh",
            }
        },
    } | details  # fmt: skip
    data = {"contents": {"videoPrimaryInfoRenderer": {"title": {"runs": [{"text": "Kampanye"}]}}}}
    return (
        "<!DOCTYPE html><html><head><title>Kampanye</title></head><body>"
        f"<script>var ytInitialPlayerResponse = {json.dumps(player)};var meta = 1;</script>"
        f"<script>var ytInitialData = {json.dumps(data)};</script></body></html>"
    )
