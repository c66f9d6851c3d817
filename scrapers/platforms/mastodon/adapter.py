"""Mastodon API, live and without login: what to ask for a target, and how each answer is read. Pure.

Everything is asked at the home server of the target account, because only that server knows every favourite, reblog
and reply of its statuses. Candidate direction: look-up, statuses, then for every own status `favourited_by`,
`reblogged_by` and `context`. Subject direction: look-up and statuses; a reply names what it answers by a number of its
server, so two more requests per reply find the parent's stable id. Favourites of an account are not public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.domain import AccountRef, Act
from monitor.errors import AccountGone, LayoutChanged, UsageError
from scrapers import pick
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.gather import Gather
from scrapers.platforms.mastodon import listings, mapper, statuses, urls

_READERS: Mapping[str, Callable[[Gather, object], Page]] = {
    "lookup": statuses.lookup,
    "statuses": statuses.statuses,
    "reply_context": statuses.reply_context,
    "reply": statuses.reply,
    "favourited_by": listings.actors,
    "reblogged_by": listings.actors,
    "context": listings.context,
    "recheck": statuses.recheck,
}


class MastodonAdapter:
    """The `Adapter` of the Mastodon API."""

    name = mapper.NAME
    version = mapper.VERSION

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the look-up of the target's account; UsageError when neither handle nor id names one."""
        named = urls.account_name(target.account.handle or "")
        actor = urls.account_name(target.account.user_id)
        name = named or actor
        if name is None:
            raise UsageError(f"Akun Mastodon {target.account.user_id} tidak dapat dicari", "tulis sebagai nama@server")
        home = actor.host if actor is not None else name.host  # an actor's address names the server that answers
        state = {
            "direction": target.direction.value,
            "since": target.since.isoformat() if target.since else None,
            "user_id": target.account.user_id,
        }
        base = options.urls.get("base_url", urls.home(home))
        return (Request("lookup", urls.lookup_url(base, name), verb=Act.POST, state=state),)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises AccountGone, LayoutChanged or UnexpectedContent."""
        return _READERS[request.endpoint](Gather(request, response, options), _answer(response))

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns user@host, a profile link or an actor's `uri` into the account."""
        name = urls.account_name(handle)
        if name is None:
            raise UsageError(f"{handle} bukan akun Mastodon", "tulis sebagai nama@server atau tautan profil")
        return Request("lookup", urls.lookup_url(options.urls.get("base_url", urls.home(name.host)), name))

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when the server knows no such account."""
        return statuses.found_account(response.url, pick.mapping(_answer(response), ""))

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: boosts, quotes and answered statuses come whole, and no call takes a `uri` without login."""
        del item_ids, options
        return ()

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request that says whether a status is still there; its server's number stands in its addresses."""
        for address in (url, item_id):
            known = urls.status_place(address)
            if known is not None:
                base = options.urls.get("base_url", urls.home(known[0]))
                return Request("recheck", urls.api_url(base, f"statuses/{known[1]}"), optional=True)
        return None


def _answer(response: Response) -> object:
    """Return the answer's JSON, or raise what its status says."""
    if response.status in (404, 410):
        raise AccountGone("Akun atau status Mastodon tidak ditemukan atau dihapus", url=response.url)
    raw = pick.json_body(response)
    if response.status != 200:
        raise LayoutChanged(f"Server Mastodon menolak permintaan (HTTP {response.status})", url=response.url)
    return raw
