"""YouTube as yt-dlp writes it down: one video's information, and the comments it fetched, to records.

Shape: `.info.json` of youtube-dl and yt-dlp 2019 to 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, published_act
from scrapers.imports.contract import Mapped
from scrapers.imports.nodes import Node, Notes, unix_time
from scrapers.platforms.youtube import mapper, urls
from scrapers.platforms.youtube.times import relative

READ = frozenset({
    "id", "title", "fulltitle", "description", "channel_id", "uploader_id", "uploader_url", "channel_url", "timestamp",
    "upload_date", "release_timestamp", "like_count", "comment_count", "language", "extractor_key", "extractor",
    "ie_key", "webpage_url", "epoch", "_type",
})  # fmt: skip
SKIPPED = frozenset({
    "comments", "entries", "formats", "requested_formats", "thumbnails", "subtitles", "automatic_captions", "heatmap",
    "chapters", "requested_subtitles", "storyboards", "http_headers", "_format_sort_fields", "fragments",
    "requested_downloads", "annotations", "cookies", "url", "urls",
})  # fmt: skip
_IGNORED = frozenset({
    "thumbnail", "duration", "view_count", "average_rating", "age_limit", "categories", "tags", "playable_in_embed",
    "live_status", "media_type", "release_date", "release_year", "modified_date", "modified_timestamp", "channel",
    "channel_follower_count", "channel_is_verified", "uploader", "creator", "creators", "artist", "artists", "album",
    "track", "availability", "original_url", "webpage_url_basename", "webpage_url_domain", "playlist", "playlist_index",
    "playlist_id", "playlist_title", "playlist_uploader", "playlist_uploader_id", "playlist_count", "playlist_channel",
    "playlist_channel_id", "playlist_webpage_url", "playlist_autonumber", "n_entries", "display_id", "duration_string",
    "is_live", "was_live", "_has_drm", "format", "format_id", "ext", "protocol", "format_note", "filesize",
    "filesize_approx", "tbr", "width", "height", "resolution", "fps", "dynamic_range", "vcodec", "vbr",
    "stretched_ratio", "aspect_ratio", "acodec", "abr", "asr", "audio_channels", "_filename", "filename", "_version",
    "location", "license",
    "dislike_count", "repost_count", "alt_title", "season_number", "episode_number", "series", "start_time", "end_time",
    "concurrent_view_count", "quality", "source_preference", "has_drm", "language_preference", "preference",
    "available_at", "section_start", "section_end", "autonumber", "video_autonumber", "__last_playlist_index",
    "_old_archive_ids", "__post_extractor", "_sort_fields", "live_chat", "container", "downloader_options", "rows",
    "columns", "fulltitle", "composer", "composers", "genre", "genres", "track_number", "disc_number", "album_artist",
    "player_url", "age_restricted", "manifest_url", "__finaldir", "__files_to_move", "infojson_filename", "filepath",
})  # fmt: skip
_COMMENT_READ = frozenset({
    "id", "parent", "text", "html", "author", "author_id", "author_url", "timestamp", "_time_text", "time_text",
    "like_count",
})  # fmt: skip
_COMMENT_IGNORED = frozenset({
    "author_thumbnail", "author_is_uploader", "author_is_verified", "is_favorited", "is_pinned", "reply_count",
    "votes", "is_edited", "author_badges", "super_thanks", "permalink",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Video:
    """What a file says of the video whose comments it holds; `refused` is why nothing is taken of it."""

    identity: str
    owner: AccountRef | None
    collected_at: datetime
    comment_count: int | None = None
    refused: str | None = None

    @classmethod
    def of(cls, head: Mapping[str, Any], collected_at: datetime) -> Video:
        """Read the head of a file; `collected_at` stands where the file does not say when it was fetched."""
        node = Node(head, "", Notes())
        fetched = unix_time(head["epoch"]) if isinstance(head.get("epoch"), int | float) else None
        site = (node.text("extractor_key") or node.text("ie_key") or node.text("extractor")).lower()
        identity = urls.video_id(node.text("id"))
        refused = None
        if site and not site.startswith("youtube"):
            refused = f"bukan YouTube ({''.join(c for c in site if c.isprintable())[:40]})"
        elif identity is None:
            refused = "id video tidak ada dalam berkas"
        return cls(identity or "", _owner(node), fetched or collected_at, node.count("comment_count"), refused)


def map_video(head: Mapping[str, Any], video: Video) -> Mapped:
    """Read one video; never raises."""
    if video.refused is not None:
        return Mapped(skipped=video.refused)
    notes = Notes()
    node = Node(head, "", notes).known(READ | _IGNORED | SKIPPED)
    title = node.text("title") or node.text("fulltitle")
    written = "\n".join(part for part in (title, node.text("description")) if part)
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=video.identity,
        author=video.owner,
        kind=ItemKind.POST,
        text=written,
        url=urls.video_url(video.identity),
        published=_published(node, video.collected_at),
        links=mapper.links(written),
        hashtags=mapper.hashtags(written),
        lang=node.text("language")[:35] or None,
        like_count=node.count("like_count"),
        comment_count=video.comment_count,
    )
    return _taken(item, notes)


def map_comment(raw: Mapping[str, Any], video: Video) -> Mapped:
    """Read one comment; never raises."""
    notes = Notes()
    node = Node(raw, "comments[]", notes).known(_COMMENT_READ | _COMMENT_IGNORED)
    identity = urls.comment_id(node.text("id"))
    if identity is None:
        return Mapped(skipped="id komentar tidak ada dalam butir", issues=notes.issues)
    parent = node.text("parent")
    above = urls.comment_id(parent) or identity.rpartition(".")[0] or None
    text = node.text("text") or node.text("html")
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=_writer(node),
        kind=ItemKind.COMMENT,
        text=text,
        url=urls.comment_url(video.identity, identity),
        published=_commented(node, video.collected_at),
        parent_id=above or video.identity,
        parent_author=None if above else video.owner,
        root_id=video.identity,
        root_author=video.owner,
        links=mapper.links(text),
        hashtags=mapper.hashtags(text),
        like_count=node.count("like_count"),
        pointer=node.path,
    )
    return _taken(item, notes)


def _taken(item: ItemRecord, notes: Notes) -> Mapped:
    act = published_act(item)
    return Mapped((item,), (act,) if act is not None else (), notes.issues, notes.unknown_fields)


def _owner(node: Node) -> AccountRef | None:
    pages = [urls.account_ref(node.text(key)) for key in ("channel_url", "uploader_url") if node.text(key)]
    by_page = [page.user_id for page in pages if page is not None]
    stated = (node.text("channel_id"), node.text("uploader_id"), *by_page)
    stable = next((found for text in stated if (found := urls.channel_id(text))), None)
    handle = urls.handle(node.text("uploader_id")) or next((p.handle for p in pages if p and p.handle), None)
    if stable is None:
        return urls.by_handle(handle) if handle else None
    return AccountRef(urls.PLATFORM, stable, handle)


def _writer(node: Node) -> AccountRef | None:
    page = urls.account_ref(node.text("author_url")) if node.text("author_url") else None
    stable = urls.channel_id(node.text("author_id")) or (urls.channel_id(page.user_id) if page else None)
    handle = urls.handle(node.text("author")) or (page.handle if page else None)
    if stable is None:
        return None
    return AccountRef(urls.PLATFORM, stable, handle)


def _published(node: Node, collected_at: datetime) -> ActTime:
    exact = node.moment("timestamp", "release_timestamp")
    if exact is not None:
        return ActTime(occurred_at=exact)
    try:
        start = datetime.strptime(node.text("upload_date"), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return ActTime(hi=collected_at)
    return ActTime(lo=start - timedelta(seconds=1), hi=start + timedelta(days=1))


def _commented(node: Node, collected_at: datetime) -> ActTime:
    """Return when a comment was written: in the bracket that "2 years ago" leaves."""
    shown = node.text("_time_text") or node.text("time_text")
    if shown:
        return relative(shown, collected_at)
    computed = node.moment("timestamp")
    if computed is None or computed > collected_at:
        return ActTime(hi=collected_at)
    age = collected_at - computed
    units = (timedelta(days=366), timedelta(days=31), timedelta(days=7), timedelta(days=1), timedelta(hours=1))
    unit = next((unit for unit in units if age >= unit), timedelta(minutes=1))
    return ActTime(lo=computed - unit, hi=min(computed + timedelta(days=1), collected_at))
