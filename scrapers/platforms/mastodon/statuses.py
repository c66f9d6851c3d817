"""Reads one account's statuses, and what its replies answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from monitor.domain import AccountRef, Act, Direction, EndKind
from monitor.errors import AccountGone, PrivateContent
from scrapers import pick
from scrapers.contract import Page, Request
from scrapers.gather import Gather
from scrapers.paging import State
from scrapers.pick import Raw
from scrapers.platforms.mastodon import fields, mapper, urls
from scrapers.platforms.mastodon.mapper import Reference

STATUSES_PER_PAGE = 40
ACTORS_PER_PAGE = 80


def lookup(gather: Gather, raw: object) -> Page:
    """Read the account behind a name and follow to its statuses; AccountGone when the name is another's by now."""
    account = pick.mapping(raw, "")
    known = str(gather.state.get("user_id") or "")
    found = found_account(gather.response.url, account)
    if known.startswith(("http://", "https://")) and found.user_id.startswith("http") and found.user_id != known:
        raise AccountGone("Nama akun Mastodon ini sekarang milik akun lain", url=gather.response.url)
    if account.get("moved"):
        gather.note("akun_pindah", "akun ini menyatakan pindah ke akun lain")
    base, number = urls.origin(gather.response.url), pick.word(account, "id")
    query = f"limit={STATUSES_PER_PAGE}"
    if gather.state.get("direction") != Direction.SUBJECT.value:
        query += "&exclude_reblogs=true"
    state: State = {**gather.state, "user_id": found.user_id}
    url = urls.api_url(base, f"accounts/{number}/statuses?{query}")
    gather.follow.append(Request("statuses", url, verb=Act.POST, state=state))
    return gather.page()


def found_account(url: str, account: Raw) -> AccountRef:
    """Return the account that a look-up gave; AccountGone for a suspended one."""
    if account.get("suspended") is True:
        raise AccountGone("Akun Mastodon ditangguhkan", url=url)
    return mapper.actor(account, urls.host(url), "")


def statuses(gather: Gather, raw: object) -> Page:
    """Read a page of an account's statuses: own ones, and in the subject direction boosts."""
    since = pick.stamp(gather.state.get("since"))
    values = pick.sequence(raw, "")
    near = {str(value.get("id")): value for value in values if isinstance(value, Mapping)}
    oldest: datetime | None = None
    for number, value in enumerate(values):
        moment = pick.stamp(value.get("created_at")) if isinstance(value, Mapping) else None
        oldest = moment or oldest
        if since is None or moment is None or moment >= since:
            gather.try_item(f"[{number}]", _status, gather, value, f"[{number}]", near)
    own = (Act.POST, Act.SHARE) if gather.state.get("direction") == Direction.SUBJECT.value else (Act.POST,)
    if since is not None and oldest is not None and oldest < since:
        return replace(gather.page(EndKind.WINDOW_REACHED), own=own)
    cursor = urls.next_query(gather.response.headers.get("link", "")) if values else None
    url = gather.request.url
    end = gather.go_on(cursor, len(values), lambda query: urls.with_query(url, query))
    return replace(gather.page(end), own=own)


def _status(gather: Gather, value: object, at: str, near: Mapping[str, Raw]) -> None:
    status = pick.mapping(value, at)
    if not mapper.visible(status):
        return
    host = urls.host(gather.response.url)
    gather.note_unknown(fields.unknown(status, "status", "[]"))
    who = mapper.actor(pick.mapping(status.get("account"), f"{at}.account"), host, f"{at}.account")
    if who.user_id != gather.state.get("user_id"):
        return
    subject = gather.state.get("direction") == Direction.SUBJECT.value
    if status.get("reblog") is not None:
        if subject:
            _boost(gather, status, host, at)
        return
    replied = pick.maybe(status, "in_reply_to_id", str, at)
    parent = _near_parent(near, replied, host)
    if replied is not None and parent is None and subject:
        _ask_context(gather, pick.word(status, "id", at), replied)
        return
    item = mapper.status(status, host, gather.seen_at, at, parent, parent)
    gather.publish(item)
    if not subject:
        engagement(gather, status, at)
    elif (quoted := mapper.quoted_status(status)) is not None and mapper.visible(quoted):
        gather.context(mapper.status(quoted, host, gather.seen_at, f"{at}.quote"))


def _boost(gather: Gather, status: Raw, host: str, at: str) -> None:
    reblog = pick.mapping(status.get("reblog"), f"{at}.reblog")
    if mapper.visible(reblog):
        target = mapper.status(reblog, host, gather.seen_at, f"{at}.reblog")
        gather.context(target)
        gather.act(mapper.boost(status, target, host, gather.seen_at, at))


def _near_parent(near: Mapping[str, Raw], replied: str | None, host: str) -> Reference | None:
    """Return what a status answers when it stands on the same page and begins its thread."""
    parent = near.get(replied) if replied is not None else None
    if parent is None or parent.get("in_reply_to_id") is not None or not mapper.visible(parent):
        return None
    return mapper.reference(parent, host, "")


def _ask_context(gather: Gather, number: str, replied: str) -> None:
    """Follow to what an own reply answers: first the thread above it, then the reply itself."""
    url = urls.api_url(urls.origin(gather.response.url), f"statuses/{number}/context")
    state: State = {"number": number, "answers": replied, "user_id": gather.state.get("user_id")}
    gather.follow.append(Request("reply_context", url, verb=Act.COMMENT, optional=True, state=state))


def reply_context(gather: Gather, raw: object) -> Page:
    """Read the thread above an own reply: the texts of its parent and root are context, and its ids name both."""
    host, number = urls.host(gather.response.url), str(gather.state.get("number"))
    above = [pick.mapping(a, ".ancestors[]") for a in pick.one(pick.mapping(raw, ""), "ancestors", list)]
    shown = [status for status in above if mapper.visible(status)]
    state: dict[str, str | int | float | bool | None] = {"user_id": gather.state.get("user_id")}
    answered = [status for status in shown if gather.state.get("answers") in (None, status.get("id"))]
    for role, status in (*(("parent", s) for s in answered[-1:]), *(("root", s) for s in shown[:1])):
        at = f".ancestors[{role}]"
        item = gather.try_item(at, mapper.status, status, host, gather.seen_at, at)
        if item is not None and item.author is not None:
            gather.context(item)
            published = item.published.occurred_at
            state |= {f"{role}_uri": item.item_id, f"{role}_author": item.author.user_id}
            state |= {f"{role}_at": published.isoformat() if published else None}
    url = urls.api_url(urls.origin(gather.response.url), f"statuses/{number}")
    gather.follow.append(Request("reply", url, verb=Act.COMMENT, optional=True, state=state))
    return gather.page()


def reply(gather: Gather, raw: object) -> Page:
    """Read an own reply, now that it is known what it answers."""
    status = pick.mapping(raw, "")
    if mapper.visible(status):
        parent, root = _remembered(gather.state, "parent"), _remembered(gather.state, "root")
        host = urls.host(gather.response.url)
        item = gather.try_item("", mapper.status, status, host, gather.seen_at, "", parent, root)
        if item is not None and item.author is not None and item.author.user_id == gather.state.get("user_id"):
            gather.publish(item)
    return gather.page(EndKind.EXHAUSTED)


def _remembered(state: State, role: str) -> Reference | None:
    uri, author = state.get(f"{role}_uri"), state.get(f"{role}_author")
    if not isinstance(uri, str) or not isinstance(author, str):
        return None
    return Reference(uri, AccountRef(mapper.NAME, author), pick.stamp(state.get(f"{role}_at")))


def engagement(gather: Gather, status: Raw, at: str) -> None:
    """Follow to everything that others did with a status, and settle what its counts say nobody did."""
    uri, number = mapper.status_uri(status, at), pick.word(status, "id", at)
    base = urls.origin(gather.response.url)
    published = pick.stamp(status.get("created_at"))
    if pick.count(status, "quotes_count", at):
        gather.note("kutipan_tidak_terdaftar", "daftar kutipan hanya diberikan server kepada akun yang masuk")
    common: State = {
        "target_at": published.isoformat() if published else None,
        "author": str(gather.state.get("user_id")),
    }
    listings = (
        (Act.LIKE, "favourited_by", pick.count(status, "favourites_count", at)),
        (Act.SHARE, "reblogged_by", mapper.shares(status, at)),
        (Act.COMMENT, "context", pick.count(status, "replies_count", at)),
    )
    for verb, endpoint, reported in listings:
        if reported == 0:
            gather.settle(verb, uri)
            continue
        query = "" if endpoint == "context" else f"?limit={ACTORS_PER_PAGE}"
        url = urls.api_url(base, f"statuses/{number}/{endpoint}{query}")
        state: State = {**common, "reported": reported, "number": number}
        if endpoint == "reblogged_by":
            state = {**state, "reblogs": pick.count(status, "reblogs_count", at)}
        gather.follow.append(Request(endpoint, url, verb=verb, item_id=uri, optional=True, state=state))


def recheck(gather: Gather, raw: object) -> Page:
    """Read one status that was asked after because a listing did not show it; its text is context."""
    status = pick.mapping(raw, "")
    if not mapper.visible(status):
        raise PrivateContent("Status ini tidak lagi terbuka untuk umum", url=gather.response.url)
    gather.context(mapper.status(status, urls.host(gather.response.url), gather.seen_at, ""))
    return gather.page(EndKind.EXHAUSTED)
