"""Reads who did what with one status: favourites, reblogs, and the replies below it."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain import AccountRef, EndKind
from scrapers import pick
from scrapers.contract import Page
from scrapers.gather import Gather
from scrapers.platforms.mastodon import fields, mapper, urls
from scrapers.platforms.mastodon.mapper import Reference

DESCENDANTS_SHOWN = 60  # to visitors without an account: docs.joinmastodon.org/methods/statuses/#context


def actors(gather: Gather, raw: object) -> Page:
    """Read a page of who favourited or reblogged a status; only the Link header leads to the next one."""
    values = pick.sequence(raw, "")
    for number, value in enumerate(values):
        gather.try_item(f"[{number}]", _actor, gather, value, f"[{number}]")
    cursor = urls.next_query(gather.response.headers.get("link", "")) if values else None
    url = gather.request.url
    end = gather.go_on(cursor, len(values), lambda query: urls.with_query(url, query))
    if end is EndKind.SUSPICIOUS_EMPTY and gather.state.get("reblogs") == 0:
        end = EndKind.EXHAUSTED  # what is reported are quotes, which are listed to nobody without an account
    return gather.page(end)


def _actor(gather: Gather, value: object, at: str) -> None:
    account = pick.mapping(value, at)
    gather.note_unknown(fields.unknown(account, "account", "[]"))
    verb = gather.request.verb
    assert verb is not None  # every listing is asked for with one
    host = urls.host(gather.response.url)
    gather.act(mapper.listed(account, host, verb, _listed_status(gather), gather.seen_at, at))


def context(gather: Gather, raw: object) -> Page:
    """Read the replies below a status, however nested; each is an act on its own parent.

    The reported total is the sum of the reply counts of the status and of all replies shown. Visitors are shown no
    more than 60 replies: an answer of that size is capped.
    """
    body = pick.mapping(raw, "")
    below = pick.one(body, "descendants", list)
    above = [value for value in pick.entries(body, "ancestors") if isinstance(value, Mapping)]
    host, top = urls.host(gather.response.url), _listed_status(gather)
    root = gather.try_item(".ancestors[0]", mapper.reference, above[0], host, ".ancestors[0]") if above else top
    known = {str(gather.state.get("number")): top}
    reported = _count(gather.state.get("reported"))
    for number, value in enumerate(below):
        at = f".descendants[{number}]"
        own = gather.try_item(at, _reply, gather, value, at, known, root)
        reported += own or 0
    if len(below) >= DESCENDANTS_SHOWN:
        end = EndKind.CAP_REACHED
    else:
        end = EndKind.SUSPICIOUS_EMPTY if reported and not below else EndKind.EXHAUSTED
    return gather.page(end, reported)


def _reply(gather: Gather, value: object, at: str, known: dict[str, Reference], root: Reference | None) -> int:
    """Take one reply, remember it as a possible parent, and return how many replies it reports itself."""
    status = pick.mapping(value, at)
    if not mapper.visible(status):
        return 0
    host = urls.host(gather.response.url)
    gather.note_unknown(fields.unknown(status, "status", ".descendants[]"))
    parent = known.get(str(status.get("in_reply_to_id")))
    item = mapper.status(status, host, gather.seen_at, at, parent, root)
    known[pick.word(status, "id", at)] = mapper.reference(status, host, at)
    gather.publish(item)
    return item.comment_count or 0


def _listed_status(gather: Gather) -> Reference:
    author = AccountRef(mapper.NAME, str(gather.state.get("author")))
    return Reference(gather.request.item_id or "", author, pick.stamp(gather.state.get("target_at")))


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
