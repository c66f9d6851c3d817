"""What to ask the invented platform for a target, and how each answer is read. Pure."""

from __future__ import annotations

from monitor.domain import AccountRef, Act, Direction
from monitor.errors import AccountGone, LayoutChanged
from scrapers import pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms._template import mapper, urls


class TemplateAdapter:
    """The `Adapter` of the invented platform."""

    name = mapper.NAME
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first requests for a target."""
        state: State = {"user": target.account.user_id, "direction": target.direction.value}
        return (Request("posts", urls.posts(options, target.account.user_id), verb=Act.POST, state=state),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises AccountGone, LayoutChanged or UnexpectedContent."""
        gather = Gather(request, response, options)
        raw = _answer(response)
        return _likes(gather, raw) if request.endpoint == "likes" else _posts(gather, raw)

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a handle into the stable id."""
        return Request("lookup", urls.lookup(options, handle))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when the platform knows no such account."""
        return mapper.actor(_answer(response), "")

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: the platform has no call for single posts."""
        del item_ids, options
        return ()


def _answer(response: Response) -> Raw:
    if response.status in (404, 410):
        raise AccountGone("Akun tidak ditemukan", url=response.url)
    if response.status != 200:
        raise LayoutChanged(f"Platform menolak permintaan (HTTP {response.status})", url=response.url)
    return pick.mapping(pick.json_body(response), "")


def _posts(gather: Gather, raw: Raw) -> Page:
    values = pick.one(raw, "posts", list)
    for number, value in enumerate(values):
        gather.try_item(f".posts[{number}]", _post, gather, value, f".posts[{number}]")
    user = str(gather.state.get("user"))
    cursor = pick.maybe(raw, "next", str)
    return gather.page(gather.go_on(cursor, len(values), lambda c: urls.posts(gather.options, user, c)))


def _post(gather: Gather, value: object, at: str) -> None:
    raw = pick.mapping(value, at)
    gather.note_unknown(mapper.unknown(raw, ".posts[]"))
    item = mapper.post(raw, at)
    gather.publish(item)
    if gather.state.get("direction") != Direction.CANDIDATE.value:
        return
    if item.like_count == 0:
        gather.settle(Act.LIKE, item.item_id)
        return
    state: State = {"published": item.published.latest.isoformat(), "reported": item.like_count}
    url = urls.likes(gather.options, item.item_id)
    gather.follow.append(Request("likes", url, verb=Act.LIKE, item_id=item.item_id, optional=True, state=state))


def _likes(gather: Gather, raw: Raw) -> Page:
    values, post_id = pick.one(raw, "users", list), gather.request.item_id or ""
    for number, value in enumerate(values):
        gather.try_item(f".users[{number}]", _like, gather, value, f".users[{number}]")
    cursor = pick.maybe(raw, "next", str)
    return gather.page(gather.go_on(cursor, len(values), lambda c: urls.likes(gather.options, post_id, c)))


def _like(gather: Gather, value: object, at: str) -> None:
    published = pick.stamp(gather.state.get("published"))
    gather.act(mapper.like(pick.mapping(value, at), gather.request.item_id or "", published, gather.seen_at, at))
