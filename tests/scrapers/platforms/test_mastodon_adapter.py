import json
from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind, Mentioned
from monitor.errors import AccountGone, LayoutChanged, UnexpectedContent, UsageError
from scrapers.contract import EmptyListing, SourceOptions, Target
from scrapers.platforms.mastodon.mapper import links, plain_text
from tests.scrapers.mastodon_answers import (
    ADAPTER,
    ELSEWHERE,
    HOME,
    NOW,
    OPTIONS,
    a_response,
    a_target,
    account,
    actor_uri,
    at,
    listing,
    look_up,
    read,
    read_statuses,
    status,
    status_uri,
    to_statuses,
)

NEXT = f'<{HOME}/api/v1/accounts/1/statuses?limit=40&max_id=9>; rel="next", <{HOME}/x?min_id=1>; rel="prev"'


def test_a_target_is_looked_up_at_its_home_server() -> None:
    assert look_up().url == f"{HOME}/api/v1/accounts/lookup?acct=paslon"


def test_the_policys_base_address_stands_for_the_home_server() -> None:
    options = SourceOptions("mastodon", {"base_url": "http://127.0.0.1:3000"})
    assert ADAPTER.plan(a_target(), options)[0].url == "http://127.0.0.1:3000/api/v1/accounts/lookup?acct=paslon"


def test_an_account_known_by_number_is_asked_by_number() -> None:
    target = Target("mastodon", Direction.CANDIDATE, AccountRef("mastodon", f"{HOME}/ap/users/117"))
    assert ADAPTER.plan(target, OPTIONS)[0].url == f"{HOME}/api/v1/accounts/117"


def test_an_account_that_nothing_names_is_not_planned() -> None:
    with pytest.raises(UsageError):
        ADAPTER.plan(Target("mastodon", Direction.CANDIDATE, AccountRef("mastodon", "109")), OPTIONS)


@pytest.mark.parametrize(
    "given",
    ["paslon@sosial.contoh.example", "@paslon@sosial.contoh.example", f"{HOME}/@paslon", f"{HOME}/users/paslon",
     f"{ELSEWHERE}/@paslon@sosial.contoh.example", f"{HOME}/@paslon/117020585802289163"],
)  # fmt: skip
def test_every_way_to_write_an_account_is_resolved(given: str) -> None:
    assert ADAPTER.resolve(given, OPTIONS).url == f"{HOME}/api/v1/accounts/lookup?acct=paslon"


@pytest.mark.parametrize("given", ["", "paslon", "budi contoh", "ftp://x/@y", f"{HOME}/about/x", "@@"])
def test_what_is_no_account_is_not_resolved(given: str) -> None:
    with pytest.raises(UsageError):
        ADAPTER.resolve(given, OPTIONS)


def test_the_stable_id_is_the_actors_uri() -> None:
    found = ADAPTER.read_identity(a_response(account(), f"{HOME}/api/v1/accounts/lookup?acct=paslon"))
    assert found == AccountRef("mastodon", actor_uri("paslon"), "paslon@sosial.contoh.example")


def test_without_a_uri_the_full_name_stands() -> None:
    found = ADAPTER.read_identity(a_response(account(uri=None, acct="Paslon"), f"{HOME}/x"))
    assert found.user_id == "paslon@sosial.contoh.example"


@pytest.mark.parametrize("code", [404, 410])
def test_an_unknown_account_is_gone(code: int) -> None:
    with pytest.raises(AccountGone):
        read(look_up(), {"error": "Record not found"}, code)


def test_a_suspended_account_is_gone() -> None:
    with pytest.raises(AccountGone):
        read(look_up(), account(suspended=True))


def test_a_name_that_another_account_took_over_is_gone() -> None:
    with pytest.raises(AccountGone, match="akun lain"):
        read(look_up(), account(uri=f"{HOME}/users/lain"))


def test_an_account_that_moved_is_said_so() -> None:
    page = read(look_up(), account(moved=account("baru")))
    assert [issue.kind for issue in page.issues] == ["akun_pindah"]


def test_a_candidates_boosts_are_not_asked_for() -> None:
    assert "exclude_reblogs=true" in to_statuses().url
    assert "exclude_reblogs" not in to_statuses(subject=True).url


def test_a_status_with_engagement_is_followed_to_every_listing() -> None:
    page = read_statuses(status(favourites_count=2, reblogs_count=1, replies_count=1))
    assert [(r.endpoint, r.verb, r.item_id, r.optional) for r in page.follow] == [
        ("favourited_by", Act.LIKE, status_uri("paslon", 1), True),
        ("reblogged_by", Act.SHARE, status_uri("paslon", 1), True),
        ("context", Act.COMMENT, status_uri("paslon", 1), True),
    ]
    assert page.follow[0].url == f"{HOME}/api/v1/statuses/1/favourited_by?limit=80"


def test_a_status_without_engagement_is_settled_without_a_request() -> None:
    page = read_statuses(status())
    uri = status_uri("paslon", 1)
    assert (page.follow, page.empty) == ((), tuple(EmptyListing(v, uri) for v in (Act.LIKE, Act.SHARE, Act.COMMENT)))


def test_quotes_that_visitors_cannot_list_are_reported_as_missing() -> None:
    page = read_statuses(status(reblogs_count=1, quotes_count=2))
    shares = read(page.follow[0], [account("asn")])
    assert (len(shares.acts), shares.reported, shares.end) == (1, 3, EndKind.EXHAUSTED)


@pytest.mark.parametrize("visibility", ["private", "direct", None, "baru"])
def test_what_is_not_for_everybody_is_not_taken(visibility: str | None) -> None:
    hidden = status(visibility=visibility, favourites_count=4)
    page = read_statuses(hidden)
    assert (page.items, page.acts, page.follow) == ((), (), ())
    boosted = read_statuses(status("asn", 2, reblog=hidden), subject=True)
    assert (boosted.items, boosted.acts) == ((), ())
    below = read(listing("context", Act.COMMENT), {"ancestors": [], "descendants": [hidden]})
    assert below.items == ()


def test_only_the_link_header_leads_to_the_next_page_and_only_by_its_query() -> None:
    page = read_statuses(status(), link=NEXT.replace(HOME, ELSEWHERE))
    assert page.follow[-1].url == to_statuses().url.split("?")[0] + "?limit=40&max_id=9"
    assert read_statuses(status(), link=NEXT.replace("next", "lain")).end is EndKind.EXHAUSTED


def test_a_next_page_without_entries_is_the_end() -> None:
    assert read_statuses(link=NEXT).end is EndKind.EXHAUSTED


def test_a_next_page_that_comes_back_is_suspicious() -> None:
    again = read_statuses(status(), link=NEXT).follow[-1]
    assert read(again, [status()], link=NEXT).end is EndKind.SUSPICIOUS_EMPTY


def test_the_statuses_end_where_the_window_begins() -> None:
    page = read_statuses(status(number=2, hours=2), status(hours=50), link=NEXT, since=NOW - timedelta(hours=24))
    assert ([item.item_id for item in page.items], page.end) == ([status_uri("paslon", 2)], EndKind.WINDOW_REACHED)


def test_a_boost_is_a_share_at_its_exact_time_with_the_status_as_context() -> None:
    page = read_statuses(status("asn", 7, 1, reblog=status(), content=""), subject=True)
    (act,) = page.acts
    assert (act.actor.user_id, act.act, act.target_id) == (actor_uri("asn"), Act.SHARE, status_uri("paslon", 1))
    assert act.time.occurred_at == NOW - timedelta(hours=1)
    assert [item.item_id for item in page.items] == [status_uri("paslon", 1)]


def test_the_same_boost_from_both_sides_has_one_key() -> None:
    seen = read(listing("reblogged_by", Act.SHARE), [account("asn")])
    own = read_statuses(status("asn", 7, 1, reblog=status()), subject=True)
    assert seen.acts[0].key == own.acts[0].key


def test_favourites_have_only_a_bracket() -> None:
    page = read(listing("favourited_by", Act.LIKE), [account("asn"), account("warga", ELSEWHERE)])
    assert [act.actor.user_id for act in page.acts] == [actor_uri("asn"), actor_uri("warga", ELSEWHERE)]
    assert {(act.time.occurred_at, act.time.lo, act.time.hi) for act in page.acts} == {
        (None, NOW - timedelta(hours=10), NOW)
    }


def test_hidden_favourites_are_suspicious_not_zero() -> None:
    assert read(listing("favourited_by", Act.LIKE, reported=4), []).end is EndKind.SUSPICIOUS_EMPTY


def test_replies_act_on_their_own_parents() -> None:
    a = status("asn", 2, 4, in_reply_to_id="1", replies_count=1)
    b = status("warga", 3, 3, in_reply_to_id="2", server=ELSEWHERE)
    page = read(listing("context", Act.COMMENT, reported=1), {"ancestors": [], "descendants": [a, b]})
    assert [(act.actor.user_id, act.target_id) for act in page.acts] == [
        (actor_uri("asn"), status_uri("paslon", 1)),
        (actor_uri("warga", ELSEWHERE), status_uri("asn", 2)),
    ]
    assert {item.root_id for item in page.items} == {status_uri("paslon", 1)}
    assert (page.reported, page.end) == (2, EndKind.EXHAUSTED)


def test_below_a_candidates_reply_the_root_is_the_threads() -> None:
    a = status("asn", 2, 4, in_reply_to_id="1")
    above = status("warga", 9, 20, server=ELSEWHERE)
    page = read(listing("context", Act.COMMENT), {"ancestors": [above], "descendants": [a]})
    assert page.items[0].root_id == status_uri("warga", 9, ELSEWHERE)


def test_sixty_replies_are_a_cap() -> None:
    below = [status("warga", n, 3, in_reply_to_id="1") for n in range(2, 62)]
    page = read(listing("context", Act.COMMENT, reported=90), {"ancestors": [], "descendants": below})
    assert (page.end, page.reported, len(page.acts)) == (EndKind.CAP_REACHED, 90, 60)


def test_a_subjects_reply_waits_until_its_parent_is_known() -> None:
    own = status("asn", 8, 2, in_reply_to_id="2")
    page = read_statuses(own, subject=True)
    assert (page.items, page.acts) == ((), ())
    assert page.follow[0].url == f"{HOME}/api/v1/statuses/8/context"
    root, parent = status(), status("warga", 2, 3, in_reply_to_id="1", server=ELSEWHERE)
    above = read(page.follow[0], {"ancestors": [root, parent], "descendants": []})
    assert ({item.item_id for item in above.items}, above.acts) == ({root["uri"], parent["uri"]}, ())
    last = read(above.follow[0], own)
    (act,), (item,) = last.acts, last.items
    assert (act.act, act.target_id, act.target_author) == (
        Act.COMMENT,
        parent["uri"],
        AccountRef("mastodon", actor_uri("warga", ELSEWHERE)),
    )
    assert (item.root_id, item.root_author) == (root["uri"], AccountRef("mastodon", actor_uri("paslon")))


def test_a_reply_whose_parent_is_gone_is_a_comment_all_the_same() -> None:
    own = status("asn", 8, 2, in_reply_to_id="2")
    above = read(read_statuses(own, subject=True).follow[0], {"ancestors": [], "descendants": []})
    (item,) = read(above.follow[0], own).items
    assert (item.kind, item.parent_id) == (ItemKind.COMMENT, None)


def test_a_thread_begun_on_the_same_page_needs_no_further_request() -> None:
    page = read_statuses(status("asn", 8, 2, in_reply_to_id="7"), status("asn", 7, 3), subject=True)
    assert page.follow == ()
    assert page.items[0].parent_id == status_uri("asn", 7)


def test_a_quote_is_a_share_with_the_quoted_status_as_context() -> None:
    own = status("asn", 8, 2, quote={"state": "accepted", "quoted_status": status()})
    page = read_statuses(own, subject=True)
    assert [(act.act, act.target_id) for act in page.acts] == [(Act.SHARE, status_uri("paslon", 1))]
    assert [item.kind for item in page.items] == [ItemKind.QUOTE, ItemKind.POST]


def test_a_quote_that_is_not_shown_is_a_post() -> None:
    page = read_statuses(status("asn", 8, quote={"state": "revoked", "quoted_status": None}), subject=True)
    assert page.items[0].kind is ItemKind.POST


def test_a_status_is_mapped_whole() -> None:
    own = status(
        spoiler_text="Kampanye",
        media_attachments=[{"type": "image", "description": "Baliho nomor 1"}, {"description": None}],
        tags=[{"name": "busimenang", "url": "x"}],
        mentions=[{"id": "5", "username": "siti", "acct": "Siti", "url": "x"}],
        poll={"options": [{"title": "01"}, {"title": "02"}]},
        edited_at=at(4),
    )
    (item,) = read_statuses(own).items
    assert item.text == "Kampanye\nBersama Budi Contoh\n01\n02"
    assert (item.alt_texts, item.hashtags) == (("Baliho nomor 1",), ("busimenang",))
    assert item.mentions == (Mentioned("siti@sosial.contoh.example", "siti@sosial.contoh.example"),)
    assert item.edited_at == NOW - timedelta(hours=4)


def test_html_becomes_text_with_its_lines() -> None:
    content = (
        '<p class="quote-inline">RE: x</p><p>Halo <span class="h-card"><a href="https://c.example/@a" class="u-url '
        'mention">@<span>a</span></a></span><br>satu &amp; dua <a href="https://c.example/b"><span class="invisible">'
        'https://</span><span>c.example/b</span></a></p><p>tiga <a href="https://c.example/t" class="mention hashtag">'
        "#<span>T</span></a><script>x()</script></p>"
    )
    assert plain_text(content) == "Halo @a\nsatu & dua https://c.example/b\n\ntiga #T"
    assert links(content) == ("https://c.example/b",)


def test_one_broken_status_is_one_issue_and_the_page_stands() -> None:
    broken = status(number=3)
    broken["account"] = {"acct": "budi contoh"}
    page = read_statuses(broken, status(), 7)
    assert [item.item_id for item in page.items] == [status_uri("paslon", 1)]
    assert [issue.pointer for issue in page.issues] == ["[0]", "[2]"]


def test_unknown_fields_are_named_once() -> None:
    page = read_statuses(status(baru=1), status(number=2, baru=2))
    assert page.unknown_fields == ("[].baru",)


@pytest.mark.parametrize("body", [b"{}", b'"x"', b'{"error":"x"}'])
def test_an_answer_of_another_shape_is_a_change(body: bytes) -> None:
    with pytest.raises(LayoutChanged):
        read(to_statuses(), body)


def test_an_answer_that_is_not_json_is_unexpected() -> None:
    with pytest.raises(UnexpectedContent):
        read(to_statuses(), b"[{")


def test_the_frontier_survives_json() -> None:
    page = read_statuses(status(favourites_count=1, replies_count=1), link=NEXT)
    for request in page.follow:
        assert json.loads(json.dumps(dict(request.state))) == dict(request.state)


def test_nothing_is_hydrated() -> None:
    ids: tuple[Any, ...] = (status_uri("paslon", 1),)
    assert ADAPTER.hydrate(ids, OPTIONS) == ()


@pytest.mark.parametrize(
    ("handle", "asked"),
    [
        ("budi@127.0.0.1:4000", "http://127.0.0.1:4000/"),
        ("budi@localhost:4000", "http://localhost:4000/"),
        ("budi@mastodon.contoh.example", "https://mastodon.contoh.example/"),
        ("budi@127.contoh.example", "https://127.contoh.example/"),
    ],
)
def test_only_a_server_on_this_machine_is_asked_without_tls(handle: str, asked: str) -> None:
    request = ADAPTER.resolve(handle, SourceOptions("mastodon"))
    assert request.url.startswith(asked)
