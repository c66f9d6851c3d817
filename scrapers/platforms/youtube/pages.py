"""YouTube out of web archives and saved files: answers of the Data API, watch pages, and what the web client loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from monitor.domain import AccountRef, ActTime, ItemKind, ItemRecord, published_act
from monitor.errors import LayoutChanged
from scrapers import pick
from scrapers.contract import ItemIssue
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.nodes import Notes
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import values
from scrapers.pick import Raw
from scrapers.platforms.youtube import innertube, mapper, urls

VERSION = mapper.VERSION
HOSTS = frozenset({"youtube.com", "youtu.be", "youtube.googleapis.com", "www.googleapis.com"})
KEEPING = Keeping(
    rendered="",
    marks=(
        '"videoDetails"', '"videoPrimaryInfoRenderer"', '"commentRenderer"', '"commentEntityPayload"',
        '"backstagePostRenderer"', '"youtube#',
    ),
)  # fmt: skip
_SCHEMAS = {"youtube#video": "Video", "youtube#comment": "Comment", "youtube#commentThread": "CommentThread"}


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every video, comment and community post that a page or answer holds; never raises."""
    found = list(values(page))
    resources = [entry for value in found for entry in _resources(value)]
    if resources:
        return tuple(mapped for raw in resources for mapped in _resource(raw, page.captured_at))
    return _of_client(innertube.gather(iter(found)), page)


def _resources(value: object) -> Iterator[Raw]:
    """Yield the resources of an answer of the Data API: of a list, or one by itself."""
    if not isinstance(value, Mapping) or not str(value.get("kind", "")).startswith("youtube#"):
        return
    items = value.get("items")
    for entry in items if isinstance(items, list) else (value,):
        if isinstance(entry, Mapping):
            yield entry


def _resource(raw: Raw, captured_at: datetime) -> Iterator[Mapped]:
    kind = str(raw.get("kind", ""))
    readers: Mapping[str, Callable[[Raw], list[ItemRecord]]] = {
        "youtube#video": lambda raw: [mapper.video(raw, "video")],
        "youtube#comment": lambda raw: [mapper.comment(raw, "comment")],
        "youtube#commentThread": _thread,
        "youtube#playlistItem": lambda raw: [_listed(raw, "playlistItem", captured_at)],
        "youtube#searchResult": lambda raw: [_listed(raw, "searchResult", captured_at)],
    }
    if kind not in readers:
        yield Mapped(skipped=f"bukan unggahan atau komentar: {pick.clean(kind)[:40]}")
        return
    try:
        items = readers[kind](raw)
        unknown = mapper.unknown(raw, _SCHEMAS[kind], kind.partition("#")[2]) if kind in _SCHEMAS else ()
    except LayoutChanged as error:
        yield Mapped(issues=(ItemIssue("item_tak_terbaca", error.message, kind),), skipped=error.message)
        return
    yield _mapped(items, unknown)


def _thread(raw: Raw) -> list[ItemRecord]:
    """Return a thread's first comment and the replies that came along; a broken reply is left out."""
    snippet = pick.mapping(raw.get("snippet"), "commentThread.snippet")
    top = pick.mapping(snippet.get("topLevelComment"), "commentThread.snippet.topLevelComment")
    inner = pick.mapping(top.get("snippet"), "commentThread.snippet.topLevelComment.snippet")
    said = {key: snippet[key] for key in ("channelId", "videoId") if key in snippet and key not in inner}
    found = [mapper.comment({**top, "snippet": {**said, **inner}}, "comment")]
    replies = pick.maybe(raw, "replies", dict, "commentThread") or {}
    for reply in pick.entries(replies, "comments", "commentThread.replies"):
        if isinstance(reply, Mapping):
            found.append(mapper.comment(reply, "reply", found[0]))
    return found


def _listed(raw: Raw, at: str, captured_at: datetime) -> ItemRecord:
    """Return a video as a list shows it: by title and the beginning of its description."""
    snippet = pick.mapping(raw.get("snippet"), f"{at}.snippet")
    holder = raw.get("id") if at == "searchResult" else snippet.get("resourceId")
    named = holder if isinstance(holder, Mapping) else {}
    details = pick.maybe(raw, "contentDetails", dict, at) or {}
    identity = urls.video_id(pick.text(named, "videoId", at) or pick.text(details, "videoId", at))
    owner = urls.channel_id(pick.text(snippet, "videoOwnerChannelId", at) or pick.text(snippet, "channelId", at))
    if identity is None or owner is None:
        raise LayoutChanged(f"{at}: bukan video, atau tanpa kanal")
    stated = pick.stamp(details.get("videoPublishedAt"))
    if stated is None and at == "searchResult":
        stated = pick.stamp(snippet.get("publishedAt"))
    listed_at = pick.stamp(snippet.get("publishedAt")) or captured_at
    written = "\n".join(
        part for part in (pick.text(snippet, "title", at), pick.text(snippet, "description", at)) if part
    )
    return ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=AccountRef(urls.PLATFORM, owner),
        kind=ItemKind.POST,
        text=written,
        url=urls.video_url(identity),
        published=ActTime(occurred_at=stated) if stated is not None else ActTime(hi=min(listed_at, captured_at)),
        links=mapper.links(written),
        hashtags=mapper.hashtags(written),
        pointer=at,
    )


def _of_client(found: innertube.Found, page: SavedPage) -> tuple[Mapped, ...]:
    watched = urls.video_of(page.url)
    notes = Notes()
    video = innertube.video(found, page.captured_at, watched, notes)
    result = [_mapped([video], notes.unknown_fields, notes.issues)] if video is not None else []
    watched = watched or (video.item_id if video is not None else None)
    for read, raws in ((innertube.comment, found.comments), (innertube.entity, found.entities)):
        for raw in raws:
            notes = Notes()
            result.append(_read(innertube.record(read(raw, notes, page.captured_at), found, watched), notes))
    for raw in found.posts:
        notes = Notes()
        result.append(_read(innertube.post(raw, page.captured_at, notes), notes))
    return tuple(result)


def _read(item: ItemRecord | str, notes: Notes) -> Mapped:
    if isinstance(item, str):
        return Mapped(issues=notes.issues, unknown_fields=notes.unknown_fields, skipped=item)
    return _mapped([item], notes.unknown_fields, notes.issues)


def _mapped(items: list[ItemRecord], unknown: tuple[str, ...], issues: tuple[ItemIssue, ...] = ()) -> Mapped:
    acts = tuple(act for item in items if (act := published_act(item)) is not None)
    return Mapped(tuple(items), acts, issues, unknown)
