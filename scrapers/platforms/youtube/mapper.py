"""Turns resources of the YouTube Data API into platform-neutral records: pure, LayoutChanged if one is broken.

Shapes: the schemas Video, PlaylistItem, CommentThread and Comment of the API's discovery document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.pick import Raw
from scrapers.platforms.youtube import urls

NAME = urls.PLATFORM
VERSION = "1"

_MARKUP = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,7});|<(?:br|a|b|i|s)\b[^>]*>", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/])#(\w{2,100})")
_LINK = re.compile(r"https?://[^\s<>\"'\u3000-\u303f]+", re.IGNORECASE)

READ: Mapping[str, tuple[str, ...]] = {
    "Video": ("id", "snippet", "statistics"),
    "VideoSnippet": (
        "publishedAt", "channelId", "title", "description", "channelTitle", "defaultLanguage", "defaultAudioLanguage",
        "liveBroadcastContent",
    ),
    "VideoStatistics": ("likeCount", "commentCount"),
    "CommentThread": ("id", "snippet", "replies"),
    "CommentThreadSnippet": ("channelId", "videoId", "topLevelComment", "totalReplyCount", "isPublic"),
    "CommentThreadReplies": ("comments",),
    "Comment": ("id", "snippet"),
    "CommentSnippet": (
        "authorDisplayName", "authorChannelUrl", "authorChannelId", "channelId", "videoId", "textDisplay",
        "textOriginal", "parentId", "likeCount", "publishedAt", "updatedAt", "moderationStatus",
    ),
    "CommentSnippetAuthorChannelId": ("value",),
    "PlaylistItem": ("contentDetails", "snippet"),
    "PlaylistItemSnippet": ("publishedAt", "resourceId", "channelId", "title", "description", "videoOwnerChannelId"),
    "PlaylistItemContentDetails": ("videoId", "videoPublishedAt"),
    "Channel": ("id", "snippet", "contentDetails"),
    "ChannelSnippet": ("customUrl",),
    "ChannelContentDetails": ("relatedPlaylists",),
}  # fmt: skip
IGNORED: Mapping[str, tuple[str, ...]] = {
    "Video": (
        "kind", "etag", "ageGating", "brandPartner", "contentDetails", "fileDetails", "liveStreamingDetails",
        "localizations", "monetizationDetails", "paidProductPlacementDetails", "player", "processingDetails",
        "projectDetails", "recordingDetails", "status", "suggestions", "topicDetails",
    ),
    "VideoSnippet": ("categoryId", "localized", "tags", "thumbnails"),
    "VideoStatistics": ("dislikeCount", "favoriteCount", "viewCount"),
    "CommentThread": ("kind", "etag"),
    "CommentThreadSnippet": ("canReply",),
    "Comment": ("kind", "etag"),
    "CommentSnippet": ("authorProfileImageUrl", "canRate", "imageUrl", "viewerRating"),
    "PlaylistItem": ("kind", "etag", "id", "status"),
    "PlaylistItemSnippet": ("channelTitle", "playlistId", "position", "thumbnails", "videoOwnerChannelTitle"),
    "PlaylistItemContentDetails": ("endAt", "note", "startAt"),
}  # fmt: skip


def video(raw: Raw, at: str) -> ItemRecord:
    """Return one video: its title and description are its text."""
    snippet = pick.mapping(raw.get("snippet"), f"{at}.snippet")
    inside = f"{at}.snippet"
    identity = urls.video_id(pick.word(raw, "id", at))
    if identity is None:
        raise LayoutChanged(f"{at}.id bukan id video")
    counts = pick.maybe(raw, "statistics", dict, at) or {}
    written = "\n".join(part for part in (pick.text(snippet, key, inside) for key in ("title", "description")) if part)
    lang = pick.text(snippet, "defaultLanguage", inside) or pick.text(snippet, "defaultAudioLanguage", inside)
    return ItemRecord(
        platform=NAME,
        item_id=identity,
        author=_channel(pick.word(snippet, "channelId", inside), f"{inside}.channelId"),
        kind=ItemKind.POST,
        text=written,
        url=urls.video_url(identity),
        published=ActTime(occurred_at=pick.moment(snippet, "publishedAt", inside)),
        links=links(written),
        hashtags=hashtags(written),
        lang=lang[:35] or None,
        like_count=number(counts.get("likeCount"), f"{at}.statistics.likeCount"),
        comment_count=number(counts.get("commentCount"), f"{at}.statistics.commentCount"),
        pointer=at,
    )


def listed_video(raw: Raw, at: str) -> tuple[str, datetime | None]:
    """Return the id of a video in a playlist, and when it was published; None for one that is private or deleted."""
    details = pick.maybe(raw, "contentDetails", dict, at) or {}
    snippet = pick.maybe(raw, "snippet", dict, at) or {}
    resource = pick.maybe(snippet, "resourceId", dict, at) or {}
    identity = pick.text(details, "videoId", at) or pick.text(resource, "videoId", at)
    if urls.video_id(identity) is None:
        raise LayoutChanged(f"{at}.contentDetails.videoId bukan id video")
    return identity, pick.stamp(details.get("videoPublishedAt"))


def comment(raw: Raw, at: str, above: ItemRecord | None = None, video_id: str | None = None) -> ItemRecord:
    """Return one comment or reply; `above` is the comment that it answers, `video_id` the video where it is known.

    A writer whose channel is gone has no id: then the comment has no author.
    """
    snippet, inside = pick.mapping(raw.get("snippet"), f"{at}.snippet"), f"{at}.snippet"
    identity = urls.comment_id(pick.word(raw, "id", at))
    if identity is None:
        raise LayoutChanged(f"{at}.id bukan id komentar")
    parent = pick.text(snippet, "parentId", inside) or identity.rpartition(".")[0] or None
    on = pick.text(snippet, "videoId", inside) or video_id or (above.root_id if above else None)
    owner_id = urls.channel_id(pick.text(snippet, "channelId", inside))
    owner = AccountRef(NAME, owner_id) if owner_id else above.root_author if above else None
    written = _written(snippet, inside)
    published, updated = pick.moment(snippet, "publishedAt", inside), pick.stamp(snippet.get("updatedAt"))
    return ItemRecord(
        platform=NAME,
        item_id=identity,
        author=author(snippet, inside),
        kind=ItemKind.COMMENT,
        text=written,
        url=urls.comment_url(on, identity),
        published=ActTime(occurred_at=published),
        parent_id=parent or on or owner_id,
        parent_author=(above.author if above else None) if parent else owner,
        root_id=on or owner_id,
        root_author=owner,
        links=links(written),
        hashtags=hashtags(written),
        edited_at=updated if updated is not None and updated > published else None,
        like_count=number(snippet.get("likeCount"), f"{inside}.likeCount"),
        pointer=at,
    )


def author(snippet: Raw, at: str) -> AccountRef | None:
    """Return who wrote a comment; None for somebody whose channel is gone."""
    who = pick.maybe(snippet, "authorChannelId", dict, at) or {}
    page = pick.text(snippet, "authorChannelUrl", at)
    by_page = urls.account_ref(page) if page else None
    stable = urls.channel_id(pick.text(who, "value", f"{at}.authorChannelId"))
    if stable is None and by_page is not None:
        stable = by_page.user_id
    if stable is None:
        return None
    shown = urls.handle(pick.text(snippet, "authorDisplayName", at))
    return AccountRef(NAME, stable, shown or (by_page.handle if by_page else None))


def account(raw: Raw, at: str) -> AccountRef:
    """Return a channel with its handle."""
    snippet = pick.maybe(raw, "snippet", dict, at) or {}
    found = _channel(pick.word(raw, "id", at), f"{at}.id")
    return AccountRef(NAME, found.user_id, urls.handle(pick.text(snippet, "customUrl", at)))


def uploads(raw: Raw, at: str) -> str:
    """Return the playlist of everything that a channel uploaded."""
    details = pick.mapping(raw.get("contentDetails"), f"{at}.contentDetails")
    lists = pick.mapping(details.get("relatedPlaylists"), f"{at}.contentDetails.relatedPlaylists")
    return pick.text(lists, "uploads", at)


def number(value: object, at: str) -> int | None:
    """Return a count, which the API writes as text or number."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= pick.MAX_COUNT:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    raise LayoutChanged(f"{at} bukan jumlah")


def unknown(raw: Raw, schema: str, at: str) -> tuple[str, ...]:
    """Return the fields of a resource and what is read below it that nobody here knows."""
    found = list(pick.unknown_fields(raw, READ[schema], IGNORED.get(schema, ()), at))
    below = {
        ("Video", "snippet"): "VideoSnippet",
        ("Video", "statistics"): "VideoStatistics",
        ("CommentThread", "snippet"): "CommentThreadSnippet",
        ("Comment", "snippet"): "CommentSnippet",
        ("CommentThreadSnippet", "topLevelComment"): "Comment",
        ("PlaylistItem", "snippet"): "PlaylistItemSnippet",
        ("PlaylistItem", "contentDetails"): "PlaylistItemContentDetails",
    }
    for (parent, key), inner in below.items():
        value = raw.get(key)
        if parent == schema and isinstance(value, Mapping):
            found += unknown(value, inner, f"{at}.{key}")
    return tuple(found)


def hashtags(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text; YouTube gives them no markup of their own."""
    return tuple(dict.fromkeys(_HASHTAG.findall(text)))


def links(text: str) -> tuple[str, ...]:
    """Return the addresses written in a text."""
    found: Iterable[str] = (link.rstrip(".,;:!?)]}…") for link in _LINK.findall(text))
    return tuple(dict.fromkeys(link for link in found if pick.web_address(link)))


def _channel(identity: str, at: str) -> AccountRef:
    if urls.channel_id(identity) is None:
        raise LayoutChanged(f"{at} bukan id kanal")
    return AccountRef(NAME, identity)


def _written(snippet: Raw, at: str) -> str:
    """Return a comment's text: as written where the API gives that, else as shown, which may be HTML."""
    original, shown = pick.text(snippet, "textOriginal", at), pick.text(snippet, "textDisplay", at)
    if original or not _MARKUP.search(shown):
        return original or shown
    tree = pick.html(shown)
    for line in tree.css("br"):
        line.replace_with("\n")
    return pick.clean(tree.body.text(deep=True).strip()) if tree.body is not None else shown
