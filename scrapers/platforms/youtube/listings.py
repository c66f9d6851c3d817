"""Reads the lists of the YouTube Data API: a channel, its uploads, their comments and the replies to those."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemRecord
from monitor.errors import AccountGone, UnexpectedContent
from scrapers import pick
from scrapers.contract import Page
from scrapers.gather import Gather
from scrapers.pick import Raw
from scrapers.platforms.youtube import asks, mapper, urls


def channel(gather: Gather, raw: Raw) -> Page:
    """Read the target's channel and follow to its uploads; AccountGone when there is no such channel."""
    value = found_channel(gather.response.url, raw)
    uploads = mapper.uploads(value, ".items[0]")
    state = {**gather.state, "playlist": uploads}
    if uploads:
        gather.follow.append(asks.uploads(gather.options, state))
    since = pick.stamp(gather.state.get("since"))
    if since is not None and gather.state.get("direction") == Direction.CANDIDATE.value:
        gather.follow.append(asks.channel_threads(gather.options, gather.state))
    return gather.page(None if uploads else EndKind.EXHAUSTED)


def found_channel(url: str, raw: Raw) -> Raw:
    """Return the one channel that was asked for."""
    values = pick.entries(raw, "items")
    if not values:
        raise AccountGone("Kanal YouTube tidak ditemukan atau dihapus", url=url)
    return pick.mapping(values[0], ".items[0]")


def uploads(gather: Gather, raw: Raw) -> Page:
    """Read a page of uploads, newest first, and follow to the videos on it."""
    since = pick.stamp(gather.state.get("since"))
    values = pick.entries(raw, "items")
    wanted: list[str] = []
    newest_old: datetime | None = None
    for place, value in enumerate(values):
        at = f".items[{place}]"
        found = gather.try_item(at, _listed, gather, value, at)
        if found is None:
            continue
        identity, published = found
        if since is not None and published is not None and published < since:
            newest_old = published
        else:
            wanted.append(identity)
    if wanted:
        gather.follow.append(asks.videos(gather.options, wanted, gather.state))
    if newest_old is not None and not wanted:
        return gather.page(EndKind.WINDOW_REACHED)
    return gather.page(
        gather.go_on(_next(raw), len(values), lambda c: asks.uploads_url(gather.options, gather.state, c))
    )


def videos(gather: Gather, raw: Raw) -> Page:
    """Read videos asked for by id; in the candidate direction follow to their comments."""
    candidate = gather.state.get("direction") == Direction.CANDIDATE.value
    values = pick.entries(raw, "items")
    if not values and gather.state.get("alone"):
        raise AccountGone("Video YouTube tidak ditemukan, dihapus, atau ditutup", url=gather.response.url)
    for place, value in enumerate(values):
        at = f".items[{place}]"
        item = gather.try_item(at, _video, gather, value, at)
        if item is None:
            continue
        if gather.request.verb is None:
            gather.context(item)
        elif item.author is not None and item.author.user_id == gather.state.get("channel"):
            gather.publish(item)
            if candidate:
                _engagement(gather, item)
    return gather.page(EndKind.EXHAUSTED if gather.request.verb is None else None)


def threads(gather: Gather, raw: Raw) -> Page:
    """Read a page of comment threads of one video, or of a whole channel as far back as the window reaches."""
    since = pick.stamp(gather.state.get("since")) if gather.request.item_id is None else None
    values = pick.entries(raw, "items")
    oldest: datetime | None = None
    for place, value in enumerate(values):
        at = f".items[{place}]"
        top = gather.try_item(at, _thread, gather, value, at)
        oldest = top.published.latest if top is not None else oldest
    if since is not None and oldest is not None and oldest < since:
        return gather.page(EndKind.WINDOW_REACHED)
    return gather.page(gather.go_on(_next(raw), len(values), lambda c: asks.next_page(gather.request.url, c)))


def replies(gather: Gather, raw: Raw) -> Page:
    """Read a page of the replies to one comment; those that came along with it are counted already."""
    above, shown = _above(gather), set(str(gather.state.get("shown") or "").split())
    values = pick.entries(raw, "items")
    for place, value in enumerate(values):
        at = f".items[{place}]"
        item = gather.try_item(at, _comment, gather, value, at, above)
        if item is not None and item.item_id not in shown:
            gather.publish(item)
    return gather.page(gather.go_on(_next(raw), len(values), lambda c: asks.next_page(gather.request.url, c)))


def asked_for(gather: Gather, raw: Raw) -> Page:
    """Read comments that were asked for by id; AccountGone when the only one is not there."""
    values = pick.entries(raw, "items")
    if not values and gather.state.get("alone"):
        raise AccountGone("Komentar YouTube tidak ditemukan atau dihapus", url=gather.response.url)
    for place, value in enumerate(values):
        at = f".items[{place}]"
        item = gather.try_item(at, _comment, gather, value, at, None)
        if item is not None:
            gather.context(item)
    return gather.page(EndKind.EXHAUSTED)


def _listed(gather: Gather, value: object, at: str) -> tuple[str, datetime | None]:
    entry = pick.mapping(value, at)
    gather.note_unknown(mapper.unknown(entry, "PlaylistItem", ".items[]"))
    return mapper.listed_video(entry, at)


def _video(gather: Gather, value: object, at: str) -> ItemRecord:
    entry = pick.mapping(value, at)
    gather.note_unknown(mapper.unknown(entry, "Video", ".items[]"))
    return mapper.video(entry, at)


def _engagement(gather: Gather, item: ItemRecord) -> None:
    """Follow to the comments below a video; without a count they are asked for too, and the answer says why."""
    if item.comment_count == 0:
        gather.settle(Act.COMMENT, item.item_id)
    else:
        gather.follow.append(asks.threads(gather.options, item, gather.state))


def _thread(gather: Gather, value: object, at: str) -> ItemRecord:
    thread = pick.mapping(value, at)
    gather.note_unknown(mapper.unknown(thread, "CommentThread", ".items[]"))
    snippet = pick.mapping(thread.get("snippet"), f"{at}.snippet")
    inside = f"{at}.snippet.topLevelComment"
    raw_top = _owned(pick.mapping(snippet.get("topLevelComment"), inside), snippet)
    top = mapper.comment(raw_top, inside, video_id=_video_id(gather, snippet))
    gather.publish(top)
    total = mapper.number(snippet.get("totalReplyCount"), f"{at}.snippet.totalReplyCount") or 0
    shown = pick.entries(pick.maybe(thread, "replies", dict, at) or {}, "comments", at)
    taken: list[str] = []
    for place, reply in enumerate(shown):
        here = f"{at}.replies.comments[{place}]"
        item = gather.try_item(here, _comment, gather, reply, here, top)
        if item is not None:
            gather.publish(item)
            taken.append(item.item_id)
    if total > len(shown):
        gather.follow.append(asks.replies(gather.request, gather.options, top, taken))
    return top


def _comment(gather: Gather, value: object, at: str, above: ItemRecord | None) -> ItemRecord:
    raw = pick.mapping(value, at)
    gather.note_unknown(mapper.unknown(raw, "Comment", ".items[]"))
    return mapper.comment(raw, at, above, gather.request.item_id)


def _owned(comment: Raw, thread: Raw) -> Raw:
    """Return a thread's first comment with the channel and video that only the thread names in some answers."""
    snippet = comment.get("snippet")
    if not isinstance(snippet, Mapping):
        return comment
    said = {key: thread[key] for key in ("channelId", "videoId") if key in thread and key not in snippet}
    return {**comment, "snippet": {**said, **snippet}}


def _video_id(gather: Gather, snippet: Raw) -> str | None:
    return gather.request.item_id or urls.video_id(pick.text(snippet, "videoId"))


def _above(gather: Gather) -> ItemRecord | None:
    """Return what is remembered of the comment that the listed replies answer."""
    known = gather.state.get("above")
    moment = pick.stamp(gather.state.get("above_at"))
    if not isinstance(known, str) or moment is None:
        return None
    writer, owner = gather.state.get("above_author"), gather.state.get("channel")
    return asks.remembered(
        known,
        moment,
        AccountRef(mapper.NAME, writer) if isinstance(writer, str) else None,
        AccountRef(mapper.NAME, owner) if isinstance(owner, str) else None,
        gather.request.item_id or str(gather.state.get("video") or ""),
    )


def _next(raw: Raw) -> str | None:
    token = pick.text(raw, "nextPageToken")
    if len(token) > 2000:
        raise UnexpectedContent("Penanda halaman YouTube terlalu panjang")
    return token or None
