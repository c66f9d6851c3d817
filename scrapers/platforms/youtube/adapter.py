"""YouTube Data API v3, live with a key: what to ask for a target, and how each answer is read. Pure.

Candidate direction: the channel, its uploads, the videos, then the comment threads below each, and the replies that a
thread does not bring along; within a window also the newest comments below older videos. Subject direction: the
uploads. Nobody is shown who liked or shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from monitor.domain import AccountRef, Direction
from monitor.errors import UsageError
from scrapers import pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.youtube import asks, listings, mapper, refusals, urls

_READERS: Mapping[str, Callable[[Gather, Raw], Page]] = {
    "channels": listings.channel,
    "playlistItems": listings.uploads,
    "videos": listings.videos,
    "commentThreads": listings.threads,
    "channelThreads": listings.threads,
    "comments": listings.replies,
    "comment": listings.asked_for,
}


class YoutubeAdapter:
    """The `Adapter` of the YouTube Data API."""

    name = mapper.NAME
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the call for the target's channel; UsageError when its id is not known yet."""
        channel = urls.channel_id(target.account.user_id)
        if channel is None:
            raise UsageError(
                f"Akun YouTube {target.account.user_id} belum dikenali id kanalnya",
                "jalankan pengenalan akun lebih dulu",
            )
        state: State = {
            "channel": channel,
            "direction": target.direction.value,
            "since": target.since.isoformat() if target.since else None,
        }
        return (asks.channel(options, state, id=channel),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer.

        Raises AccountGone, PrivateContent, QuotaSpent, RateLimited, PolicyBlocked (for the key), ServerFailure,
        LayoutChanged or UnexpectedContent.
        """
        gather = Gather(request, response, options)
        refused = refusals.empty_for(request, response)
        if refused is not None:
            return gather.page(refused)
        return _READERS[request.endpoint](gather, _answer(response))

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the call that turns a handle, channel address or id into the channel."""
        old = urls.old_name(handle)
        if old is not None:
            return asks.channel(options, {}, forUsername=old)
        found = urls.account_ref(handle) or urls.account_ref("@" + handle.removeprefix("@"))
        if found is None:
            raise UsageError(
                f"{handle} bukan kanal YouTube yang dapat dikenali", "tulis sebagai @nama atau salin id kanalnya (UC…)"
            )
        if found.handle is None:
            return asks.channel(options, {}, id=found.user_id)
        return asks.channel(options, {}, forHandle="@" + found.handle)

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when YouTube knows no such channel."""
        return mapper.account(listings.found_channel(response.url, _answer(response)), ".items[0]")

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return the calls that fetch these videos' and comments' texts, fifty a call."""
        videos = [identity for identity in dict.fromkeys(item_ids) if urls.video_id(identity)]
        comments = [identity for identity in dict.fromkeys(item_ids) if urls.comment_id(identity)]
        state: State = {"direction": Direction.SUBJECT.value}
        return (
            *(asks.videos(options, group, state, verb=None) for group in _groups(videos)),
            *(asks.comments(options, group) for group in _groups(comments)),
        )

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the call for one video or comment by its id; None for what the API does not show by id."""
        del url
        asked = next(iter(self.hydrate((item_id,), options)), None)
        return replace(asked, state={**asked.state, "alone": True}) if asked is not None else None


def _groups(identities: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(identities), urls.MOST_PER_PAGE):
        yield identities[start : start + urls.MOST_PER_PAGE]


def _answer(response: Response) -> Raw:
    """Return the answer's object, or raise what its error body says."""
    raw = pick.json_body(response)
    if response.status != 200:
        raise refusals.error_of(raw, response)
    return pick.mapping(raw, "")
