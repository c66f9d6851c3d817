"""Quotes in every state, replies to what is deleted, other software, and statuses that are not there any more."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import Act, EndKind, ItemKind, ItemRecord
from monitor.errors import AccountGone, PrivateContent
from scrapers.contract import Page, Request, SourceOptions
from scrapers.platforms.mastodon.mapper import status as mapped
from tests.scrapers.mastodon_answers import (
    ADAPTER,
    ELSEWHERE,
    HOME,
    NOW,
    OPTIONS,
    a_response,
    account,
    actor_uri,
    at,
    listing,
    read,
    read_statuses,
    status,
    status_uri,
)

HOST = "sosial.contoh.example"


def item(**more: Any) -> ItemRecord:
    return mapped(status("asn", 7, **more), HOST, NOW, "")


def test_an_accepted_quote_is_a_share_of_its_target() -> None:
    found = item(quote={"state": "accepted", "quoted_status": status("paslon", 1)})
    assert (found.kind, found.quoted_id) == (ItemKind.QUOTE, status_uri("paslon", 1))


@pytest.mark.parametrize(
    "state",
    ["pending", "rejected", "revoked", "deleted", "unauthorized", "blocked_account", "blocked_domain", "muted_account"],
)
def test_a_quote_whose_target_is_not_shown_is_a_post_of_its_own_words(state: str) -> None:
    page = read_statuses(status("asn", 7, quote={"state": state, "quoted_status": None}), subject=True)
    assert [(act.act, act.target_id) for act in page.acts] == [(Act.POST, status_uri("asn", 7))]
    assert (page.issues, page.unknown_fields) == ((), ())


@pytest.mark.parametrize(
    "more",
    [
        {"quote": status("paslon", 1)},
        {"pleroma": {"quote": status("paslon", 1), "quote_id": "1", "quote_visible": True}},
    ],
)
def test_quotes_as_other_software_shows_them_are_quotes(more: dict[str, Any]) -> None:
    assert item(**more).quoted_id == status_uri("paslon", 1)


def test_a_reply_whose_parent_is_deleted_is_still_a_reply() -> None:
    assert item(in_reply_to_id=None, in_reply_to_account_id="17").kind is ItemKind.COMMENT


def test_an_actor_of_pleroma_is_known_by_the_address_among_its_own_fields() -> None:
    shown = account("asn", uri=None, pleroma={"ap_id": actor_uri("asn")})
    found = ADAPTER.read_identity(a_response(shown, f"{HOME}/api/v1/accounts/lookup?acct=asn"))
    assert found.user_id == actor_uri("asn")


def test_a_hidden_parent_is_not_mistaken_for_the_one_above_it() -> None:
    reply = status("asn", 9, in_reply_to_id="8", in_reply_to_account_id="17")
    (request,) = read_statuses(reply, subject=True).follow
    hidden = status("warga", 8, visibility="private", in_reply_to_id="1")
    page = read(request, {"ancestors": [status("paslon", 1), hidden], "descendants": []})
    state = page.follow[0].state
    assert ("parent_uri" in state, state["root_uri"]) == (False, status_uri("paslon", 1))


def test_quotes_that_nobody_without_account_may_list_are_said_so() -> None:
    page = read_statuses(status(reblogs_count=1, quotes_count=2))
    assert [issue.kind for issue in page.issues] == ["kutipan_tidak_terdaftar"]


def reblogs(reblogs: int, quotes: int, *found: Any) -> Page:
    page = read_statuses(status(reblogs_count=reblogs, quotes_count=quotes))
    (request,) = [r for r in page.follow if r.verb is Act.SHARE]
    return read(request, list(found))


def test_a_status_that_was_only_quoted_is_short_but_not_suspicious() -> None:
    page = reblogs(0, 2)
    assert (page.end, page.reported, page.acts) == (EndKind.EXHAUSTED, 2, ())


def test_reblogs_that_are_reported_and_not_listed_stay_suspicious() -> None:
    assert reblogs(2, 0).end is EndKind.SUSPICIOUS_EMPTY


def test_a_server_that_hides_who_favourited_is_suspicious() -> None:
    assert read(listing("favourited_by", Act.LIKE, reported=4), []).end is EndKind.SUSPICIOUS_EMPTY


def test_a_next_page_that_holds_nothing_ends_the_listing() -> None:
    link = f'<{HOME}/api/v1/statuses/1/favourited_by?max_id=5>; rel="next"'
    first = read(listing("favourited_by", Act.LIKE, reported=1), [account("asn")], link=link)
    last = read(first.follow[0], [], link=link)
    assert (first.end, last.end, last.follow) == (None, EndKind.EXHAUSTED, ())


def test_warning_poll_and_descriptions_are_part_of_what_is_said() -> None:
    found = item(
        spoiler_text="Soal pilkada", poll={"id": "1", "options": [{"title": "BUSI", "votes_count": 1}]},
        media_attachments=[{"id": "1", "type": "image", "description": "baliho BUSI"}], edited_at=at(1),
    )  # fmt: skip
    assert found.text == "Soal pilkada\nBersama Budi Contoh\nBUSI"
    assert (found.alt_texts, found.edited_at is None) == (("baliho BUSI",), False)


def test_a_card_that_a_server_adds_later_is_no_other_wording() -> None:
    card = {"url": "https://contoh.example", "title": "Visi BUDI CONTOH", "description": "", "type": "link"}
    assert item(card=card).links == item().links


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"poll": {"id": "1", "mood": 1}}, "[].poll.mood"),
        ({"media_attachments": [{"id": "1", "weight": 2}]}, "[].media_attachments[].weight"),
        ({"quote": {"state": "pending", "reason": "x"}}, "[].quote.reason"),
        ({"account": account("asn", mood=1)}, "[].account.mood"),
        ({"mood": 1}, "[].mood"),
    ],
)
def test_unknown_fields_are_reported_however_deep(more: dict[str, Any], path: str) -> None:
    page = read_statuses(status("asn", 7, **more), subject=True)
    assert (page.unknown_fields, len(page.items)) == ((path,), 1)


def test_a_persons_statuses_are_the_own_record_of_texts_and_boosts() -> None:
    assert read_statuses(subject=True).own == (Act.POST, Act.SHARE)
    assert read_statuses().own == (Act.POST,)


def asked(item_id: str, url: str = "") -> Request | None:
    return ADAPTER.recheck(item_id, url or item_id, OPTIONS)


@pytest.mark.parametrize(
    ("item_id", "url", "number"),
    [
        (status_uri("paslon", 117), f"{HOME}/@paslon/117", "117"),
        (f"{HOME}/ap/users/12/statuses/118", "", "118"),
        (f"{HOME}/objects/8a1c", f"{HOME}/notice/AbC9", "AbC9"),
        (f"{HOME}/users/asn/statuses/01J0X", f"{HOME}/@asn/statuses/01J0X", "01J0X"),
    ],
)
def test_a_status_is_asked_after_at_its_own_server(item_id: str, url: str, number: str) -> None:
    request = asked(item_id, url)
    assert request is not None
    assert request.url == f"{HOME}/api/v1/statuses/{number}"


@pytest.mark.parametrize("item_id", [f"{ELSEWHERE}/@asn@{HOST}/5", f"{HOME}/objects/8a1c", "tag:contoh:1", ""])
def test_an_address_without_its_servers_number_cannot_be_asked_after(item_id: str) -> None:
    assert asked(item_id) is None


def test_the_policys_base_address_stands_for_the_server() -> None:
    options = SourceOptions("mastodon", {"base_url": "http://127.0.0.1:3000"})
    request = ADAPTER.recheck(status_uri("paslon", 1), "", options)
    assert request is not None
    assert request.url == "http://127.0.0.1:3000/api/v1/statuses/1"


def rechecked(body: Any, code: int = 200) -> Page:
    request = asked(status_uri("asn", 7))
    assert request is not None
    return read(request, body, code)


@pytest.mark.parametrize("code", [404, 410])
def test_a_status_is_gone_when_its_server_says_so(code: int) -> None:
    with pytest.raises(AccountGone):
        rechecked({"error": "Record not found"}, code)


def test_a_status_that_became_followers_only_is_closed_not_gone() -> None:
    with pytest.raises(PrivateContent):
        rechecked(status("asn", 7, visibility="private"))


def test_a_status_that_is_still_there_is_context_and_nobody_acts() -> None:
    page = rechecked(status("asn", 7, in_reply_to_id="1"))
    assert ([found.item_id for found in page.items], page.acts) == ([status_uri("asn", 7)], ())
