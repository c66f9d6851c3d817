"""Telegram's public channels, live and without login: what to ask for a target, and how each answer is read. Pure.

Candidate direction: the channel's preview, then the comments below every post through the official discussion widget.
Subject direction: the preview of the person's own channel; forwards in it are read after their originals, which alone
show the stable id of the channel that they come from. Reactions are numbers only, forwards of a post are not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from selectolax.lexbor import LexborHTMLParser

from monitor.domain import AccountRef, Act
from monitor.errors import AccountGone, LayoutChanged, UnexpectedContent, UsageError
from scrapers import pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.platforms.telegram import channel, discussion, mapper, urls

_READERS: Mapping[str, Callable[[Gather, LexborHTMLParser], Page]] = {
    "channel": channel.channel,
    "origin": channel.origin,
    "forwards": channel.forwards,
    "post": channel.single,
    "discussion_probe": discussion.probe,
    "discussion": discussion.widget,
}


class TelegramAdapter:
    """The `Adapter` of Telegram's public channels."""

    name = mapper.NAME
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first page of the channel's preview; UsageError when its public name is not known."""
        handle = _handle(target.account)
        state: State = {
            "user_id": target.account.user_id,
            "handle": handle,
            "direction": target.direction.value,
            "since": target.since.isoformat() if target.since else None,
        }
        return (Request("channel", urls.channel_page(options, handle), verb=Act.POST, state=state),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises AccountGone, PrivateContent, LayoutChanged or UnexpectedContent."""
        gather = Gather(request, response, options)
        _check_status(response)
        if request.endpoint == "loadComments":
            return discussion.more(gather, pick.json_body(response))
        return _READERS[request.endpoint](gather, _tree(response))

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a public name or link into the channel's stable id."""
        found = urls.account_ref(handle)
        if found is None or not found.handle:
            raise UsageError(f"{handle} bukan nama publik atau tautan Telegram", "tulis sebagai @nama atau t.me/nama")
        return Request("identity", urls.channel_page(options, found.handle))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when nobody has the name.

        People, groups and channels without preview show no number: their name stands for it.
        """
        _check_status(response)
        return channel.identity(response, _tree(response))

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return the requests for posts that are known by a public name; by number alone nobody is shown a post."""
        requests = []
        for item_id in dict.fromkeys(item_ids):
            name, _, post = item_id.removeprefix("@").partition("/")
            if item_id.startswith("@") and post.isascii() and post.isdigit():
                url = urls.embedded_post(options, name, post)
                requests.append(Request("post", url, optional=True, state={"item_id": item_id}))
        return tuple(requests)

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request for one post by its address; None for comments and for posts without a public name."""
        link = urls.parse(url)
        if link is None or link.handle is None or link.post is None or link.comment is not None:
            return None
        asked = urls.embedded_post(options, link.handle, link.post)
        return Request("post", asked, optional=True, state={"item_id": item_id})


def _handle(account: AccountRef) -> str:
    """Return the public name of a target, without which Telegram shows nothing."""
    name = (account.handle or account.user_id).removeprefix("@")
    found = urls.account_ref("@" + name)
    if found is None or not found.handle:
        raise UsageError(
            f"Nama publik kanal Telegram {account.user_id} belum diketahui",
            "tulis akunnya sebagai @nama atau t.me/nama",
        )
    return found.handle


def _check_status(response: Response) -> None:
    if response.status in (404, 410):
        raise AccountGone("Halaman Telegram tidak ditemukan", url=response.url)
    if response.status != 200:
        raise LayoutChanged(f"Telegram menolak permintaan (HTTP {response.status})", url=response.url)


def _tree(response: Response) -> LexborHTMLParser:
    text = pick.clean(response.body.decode("utf-8", "replace"))
    if "<" not in text:
        raise UnexpectedContent("Jawaban Telegram bukan halaman", url=response.url)
    return pick.html(text)
