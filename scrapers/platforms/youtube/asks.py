"""The calls that YouTube's adapter makes; their URLs and what each remembers. All of them need the key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.domain import AccountRef, Act, ActTime, ItemKind, ItemRecord
from scrapers.contract import Request, SourceOptions
from scrapers.paging import State, fresh
from scrapers.platforms.youtube import urls

KEY = "api_key"


def channel(options: SourceOptions, state: State, **by: str) -> Request:
    """Return the call for one channel by `id`, `forHandle` or `forUsername`."""
    url = urls.api(options, "channels", part="id,snippet,contentDetails", **by)
    return Request("channels", url, verb=Act.POST, state=state, credential=KEY)


def uploads(options: SourceOptions, state: State) -> Request:
    """Return the first call for a channel's uploads."""
    return Request("playlistItems", uploads_url(options, state, None), verb=Act.POST, state=state, credential=KEY)


def uploads_url(options: SourceOptions, state: State, cursor: str | None) -> str:
    """Return the URL of one page of a channel's uploads."""
    more = {"pageToken": cursor} if cursor else {}
    playlist = str(state.get("playlist"))
    return urls.api(
        options,
        "playlistItems",
        part="snippet,contentDetails",
        playlistId=playlist,
        maxResults=urls.MOST_PER_PAGE,
        **more,
    )


def videos(options: SourceOptions, identities: Iterable[str], state: State, verb: Act | None = Act.POST) -> Request:
    """Return the call for up to fifty videos by id; without a verb they are only context."""
    url = urls.api(options, "videos", part="snippet,statistics", id=",".join(identities), maxResults=urls.MOST_PER_PAGE)
    return Request("videos", url, verb=verb, optional=verb is None, state=fresh(state), credential=KEY)


def threads(options: SourceOptions, item: ItemRecord, state: State) -> Request:
    """Return the first call for the comments below a video."""
    url = urls.api(
        options, "commentThreads", part="snippet,replies", videoId=item.item_id, maxResults=urls.COMMENTS_PER_PAGE,
        order="time", textFormat="plainText",
    )  # fmt: skip
    kept: State = {"channel": state.get("channel"), "reported": item.comment_count}
    return Request(
        "commentThreads", url, verb=Act.COMMENT, item_id=item.item_id, optional=True, state=kept, credential=KEY
    )


def channel_threads(options: SourceOptions, state: State) -> Request:
    """Return the first call for the newest comments below any video of a channel, those before the window included."""
    url = urls.api(
        options, "commentThreads", part="snippet,replies", allThreadsRelatedToChannelId=str(state.get("channel")),
        maxResults=urls.COMMENTS_PER_PAGE, order="time", textFormat="plainText",
    )  # fmt: skip
    kept: State = {"channel": state.get("channel"), "since": state.get("since")}
    return Request("channelThreads", url, verb=Act.COMMENT, optional=True, state=kept, credential=KEY)


def replies(listing: Request, options: SourceOptions, top: ItemRecord, shown: Iterable[str] = ()) -> Request:
    """Return the first call for the replies to a comment; they belong to the listing of its video.

    `shown` are those that came along with the comment and are taken already.
    """
    url = urls.api(
        options, "comments", part="snippet", parentId=top.item_id, maxResults=urls.COMMENTS_PER_PAGE,
        textFormat="plainText",
    )  # fmt: skip
    state: State = {
        "channel": listing.state.get("channel"),
        "video": top.root_id,
        "above": top.item_id,
        "above_at": top.published.latest.isoformat(),
        "above_author": top.author.user_id if top.author else None,
        "shown": " ".join(shown),
    }
    return Request(
        "comments", url, verb=Act.COMMENT, item_id=listing.item_id, optional=True, state=state, credential=KEY
    )


def comments(options: SourceOptions, identities: Iterable[str]) -> Request:
    """Return the call for up to fifty comments by id; they are only context."""
    url = urls.api(options, "comments", part="snippet", id=",".join(identities), textFormat="plainText")
    return Request("comment", url, optional=True, credential=KEY)


def next_page(url: str, cursor: str) -> str:
    """Return the same call with another page token."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "pageToken"]
    return parts._replace(query=urlencode([*kept, ("pageToken", cursor)], safe=",")).geturl()


def remembered(
    identity: str, at: datetime, writer: AccountRef | None, owner: AccountRef | None, video: str
) -> ItemRecord:
    """Return as much of a comment as its replies need to know."""
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=writer,
        kind=ItemKind.COMMENT,
        text="",
        url=urls.comment_url(video, identity),
        published=ActTime(occurred_at=at),
        root_id=video or None,
        root_author=owner,
    )
