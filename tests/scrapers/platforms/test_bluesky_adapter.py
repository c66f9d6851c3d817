import json
from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind
from monitor.errors import AccountGone, LayoutChanged, PrivateContent, UnexpectedContent, UsageError
from scrapers.contract import EmptyListing, Request, SourceOptions
from tests.scrapers.bluesky_answers import (
    ADAPTER,
    BYSTANDER,
    CANDIDATE,
    NOW,
    OFFICIAL,
    OPTIONS,
    a_response,
    a_target,
    at,
    first,
    liked_by,
    listing,
    node,
    profile,
    read,
    read_feed,
    ref,
    reply_to,
    reposted_by,
    uri,
    view,
)


def test_a_candidate_is_read_from_the_feed_alone() -> None:
    (request,) = ADAPTER.plan(a_target(), OPTIONS)
    assert request.url.startswith("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3A")
    assert not request.optional


def test_a_subject_is_read_from_feed_and_repository() -> None:
    feed, identity = ADAPTER.plan(a_target(Direction.SUBJECT, OFFICIAL), OPTIONS)
    assert (feed.endpoint, identity.url) == ("getAuthorFeed", f"https://plc.directory/{OFFICIAL}")
    assert identity.optional


def test_a_web_did_is_looked_up_at_its_own_host() -> None:
    requests = ADAPTER.plan(a_target(Direction.SUBJECT, "did:web:contoh.test"), OPTIONS)
    assert requests[1].url == "https://contoh.test/.well-known/did.json"


def test_an_account_without_did_is_not_planned() -> None:
    with pytest.raises(UsageError):
        ADAPTER.plan(a_target(did="@budicontoh.test"), OPTIONS)


def test_base_addresses_come_from_the_policy() -> None:
    options = SourceOptions("bluesky", {"appview_url": "http://127.0.0.1:1", "plc_url": "http://127.0.0.1:2"})
    feed, identity = ADAPTER.plan(a_target(Direction.SUBJECT), options)
    assert feed.url.startswith("http://127.0.0.1:1/xrpc/")
    assert identity.url.startswith("http://127.0.0.1:2/did:plc:")


def test_a_post_with_engagement_is_followed_to_every_listing() -> None:
    page = read_feed({"post": view(likeCount=3, repostCount=1, quoteCount=1, replyCount=2)})
    assert [(r.endpoint, r.verb, r.item_id, r.optional) for r in page.follow] == [
        ("getLikes", Act.LIKE, uri(), True),
        ("getRepostedBy", Act.SHARE, uri(), True),
        ("getPostThread", Act.COMMENT, uri(), True),
    ]
    assert page.empty == ()


def test_a_post_without_engagement_is_settled_without_a_request() -> None:
    page = read_feed({"post": view()})
    assert page.follow == ()
    assert page.empty == tuple(EmptyListing(verb, uri()) for verb in (Act.LIKE, Act.SHARE, Act.COMMENT))


def test_quotes_are_asked_directly_when_nobody_reposted() -> None:
    page = read_feed({"post": view(quoteCount=2)})
    assert [r.endpoint for r in page.follow] == ["getQuotes"]


def test_a_count_that_is_missing_is_no_zero() -> None:
    shown = view()
    del shown["likeCount"]
    assert [r.endpoint for r in read_feed({"post": shown}).follow] == ["getLikes"]


def test_the_frontier_survives_json() -> None:
    page = read_feed({"post": view(likeCount=3, repostCount=1, replyCount=1)}, cursor="lanjut")
    for request in page.follow:
        again = json.loads(json.dumps({"url": request.url, "state": dict(request.state)}))
        assert Request(request.endpoint, again["url"], request.verb, request.item_id, True, again["state"]).state == (
            request.state
        )


def test_others_posts_that_a_candidate_reposted_are_not_the_candidates() -> None:
    page = read_feed({"post": view(BYSTANDER), "reason": reposted_by(CANDIDATE, 1)})
    assert (page.items, page.acts, page.follow) == ((), (), ())


def test_own_replies_are_own_posts() -> None:
    page = read_feed({"post": view(record=reply_to(uri(BYSTANDER)), likeCount=1)})
    assert [act.act for act in page.acts] == [Act.COMMENT]
    assert [r.endpoint for r in page.follow] == ["getLikes"]


def test_the_feed_ends_where_the_window_begins() -> None:
    old, new = view(rkey="3klama", hours=50), view(rkey="3kbaru", hours=2)
    page = read_feed({"post": new}, {"post": old}, since=NOW - timedelta(hours=24), cursor="lanjut")
    assert page.end is EndKind.WINDOW_REACHED
    assert [item.item_id for item in page.items] == [uri(rkey="3kbaru")]
    assert page.follow == ()


def test_a_feed_with_a_cursor_goes_on() -> None:
    page = read_feed({"post": view()}, cursor="lanjut")
    assert page.end is None
    assert page.follow[-1].url.endswith("&cursor=lanjut")


def test_a_feed_without_a_cursor_is_exhausted() -> None:
    assert read_feed().end is EndKind.EXHAUSTED


def test_a_cursor_that_comes_back_ends_the_feed_as_suspicious() -> None:
    page = read_feed({"post": view()}, cursor="sama")
    page = read(page.follow[-1], {"feed": [{"post": view()}], "cursor": "sama"})
    assert page.end is EndKind.SUSPICIOUS_EMPTY
    assert [issue.kind for issue in page.issues] == ["daftar_suspicious_empty"]


def test_the_page_limit_caps_a_listing() -> None:
    options = SourceOptions("bluesky", page_limit=1)
    page = read(first(), {"feed": [{"post": view()}], "cursor": "lanjut"}, options=options)
    assert page.end is EndKind.CAP_REACHED


def test_a_subjects_repost_is_a_share_with_the_post_as_context() -> None:
    page = read_feed({"post": view(hours=9), "reason": reposted_by(OFFICIAL, 1)}, subject=True)
    (act,) = page.acts
    assert (act.actor.user_id, act.act, act.target_id, act.own_item_id) == (OFFICIAL, Act.SHARE, uri(), None)
    assert (act.time.lo, act.time.hi) == (NOW - timedelta(hours=9), NOW - timedelta(hours=1))
    assert [item.item_id for item in page.items] == [uri()]


def test_a_subjects_reply_brings_what_it_answers() -> None:
    root, parent = view(rkey="3kakar", hours=9), view(BYSTANDER, "3kinduk", hours=8)
    own = view(OFFICIAL, "3kbalas", hours=7, record=reply_to(uri(BYSTANDER, "3kinduk"), uri(rkey="3kakar")))
    page = read_feed({"post": own, "reply": {"root": root, "parent": parent}}, subject=True)
    (act,) = page.acts
    assert (act.act, act.target_id, act.own_item_id) == (Act.COMMENT, uri(BYSTANDER, "3kinduk"), own["uri"])
    item = page.items[0]
    assert (item.root_id, item.root_author) == (uri(rkey="3kakar"), AccountRef("bluesky", CANDIDATE))
    assert {i.item_id for i in page.items[1:]} == {uri(rkey="3kakar"), uri(BYSTANDER, "3kinduk")}


@pytest.mark.parametrize("kind", ["notFound", "blocked"])
def test_an_answered_post_that_is_gone_is_no_fault(kind: str) -> None:
    own = view(OFFICIAL, "3kbalas", record=reply_to(uri()))
    gone = {"uri": uri(), kind: True, "author": {"did": CANDIDATE}}
    page = read_feed({"post": own, "reply": {"root": gone, "parent": gone}}, subject=True)
    assert (len(page.items), page.issues) == (1, ())


def test_a_subjects_quote_brings_the_quoted_post() -> None:
    quoted = view(hours=9)
    shown = {"$type": "app.bsky.embed.record#viewRecord", "value": quoted.pop("record"), **quoted}
    embed = {"embed": {"$type": "app.bsky.embed.record", "record": ref(uri())}}
    own = view(OFFICIAL, "3kkutip", record=embed, embed={"$type": "app.bsky.embed.record#view", "record": shown})
    page = read_feed({"post": own}, subject=True)
    assert [(act.act, act.target_id) for act in page.acts] == [(Act.SHARE, uri())]
    assert [item.item_id for item in page.items] == [own["uri"], uri()]


def test_likes_have_the_claimed_time_where_it_is_plausible() -> None:
    page = read(listing("getLikes", Act.LIKE), {"uri": uri(), "likes": [liked_by(OFFICIAL, 4)]})
    assert page.acts[0].time.occurred_at == NOW - timedelta(hours=4)
    assert page.acts[0].target_author == AccountRef("bluesky", CANDIDATE)


@pytest.mark.parametrize(("claim", "indexed", "hi"), [(20, 20, 0), (20, 4, 4), (3, 4, 4)])
def test_a_claim_that_cannot_be_true_gives_a_bracket(claim: float, indexed: float, hi: float) -> None:
    page = read(listing("getLikes", Act.LIKE), {"uri": uri(), "likes": [liked_by(OFFICIAL, claim, indexed)]})
    time = page.acts[0].time
    assert (time.exact, time.lo, time.hi) == (False, NOW - timedelta(hours=10), NOW - timedelta(hours=hi))


def test_reposts_have_only_a_bracket() -> None:
    page = read(listing("getRepostedBy", Act.SHARE, quotes=0), {"uri": uri(), "repostedBy": [profile(OFFICIAL)]})
    assert (page.acts[0].time.lo, page.acts[0].time.hi) == (NOW - timedelta(hours=10), NOW)
    assert page.end is EndKind.EXHAUSTED


def test_the_same_repost_from_both_sides_has_one_key() -> None:
    seen = read(listing("getRepostedBy", Act.SHARE, quotes=0), {"uri": uri(), "repostedBy": [profile(OFFICIAL)]})
    feed = read_feed({"post": view(), "reason": reposted_by(OFFICIAL, 1)}, subject=True)
    own = read(repository("listReposts"), {"records": [own_record("repost", 1)]})
    assert len({page.acts[0].key for page in (seen, feed, own)}) == 1


def test_quotes_follow_reposts_in_one_listing() -> None:
    request = listing("getRepostedBy", Act.SHARE, reported=2, quotes=1)
    page = read(request, {"uri": uri(), "repostedBy": [profile(OFFICIAL)]})
    assert page.end is None
    embed = {"embed": {"$type": "app.bsky.embed.record", "record": ref(uri())}}
    last = read(page.follow[0], {"uri": uri(), "posts": [view(BYSTANDER, "3kkutip", 2, record=embed)]})
    assert (last.end, last.reported) == (EndKind.EXHAUSTED, 2)
    assert [act.act for act in last.acts] == [Act.SHARE]


def test_a_listing_that_is_empty_though_some_are_reported_is_suspicious() -> None:
    page = read(listing("getLikes", Act.LIKE, reported=3), {"uri": uri(), "likes": []})
    assert page.end is EndKind.SUSPICIOUS_EMPTY


def test_every_reply_of_a_thread_acts_on_its_own_parent() -> None:
    a = view(OFFICIAL, "3ka", 4, record=reply_to(uri()), replyCount=1)
    b = view(BYSTANDER, "3kb", 3, record=reply_to(uri(OFFICIAL, "3ka"), uri()))
    body = {"thread": node(view(replyCount=1), node(a, node(b)))}
    page = read(listing("getPostThread", Act.COMMENT), body)
    assert [(act.actor.user_id, act.target_id) for act in page.acts] == [
        (OFFICIAL, uri()),
        (BYSTANDER, uri(OFFICIAL, "3ka")),
    ]
    assert (page.reported, page.end) == (2, EndKind.EXHAUSTED)


def test_a_blocked_reply_leaves_the_reported_sum_unreached() -> None:
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(BYSTANDER), "blocked": True, "author": {}}
    a = node(view(OFFICIAL, "3ka", 4, record=reply_to(uri())))
    page = read(listing("getPostThread", Act.COMMENT), {"thread": node(view(replyCount=2), a, blocked)})
    assert (len(page.acts), page.reported, page.issues) == (1, 2, ())


def test_a_thread_that_goes_deeper_than_the_answer_is_asked_for_further_down() -> None:
    deep = view(OFFICIAL, "3ka", 4, record=reply_to(uri()), replyCount=3)
    page = read(listing("getPostThread", Act.COMMENT), {"thread": node(view(replyCount=1), {"post": deep})})
    assert [(r.endpoint, r.item_id) for r in page.follow] == [("getPostThread", deep["uri"])]
    assert page.reported == 1


def test_a_thread_as_deep_as_it_gets_is_read() -> None:
    below: dict[str, Any] = node(view(OFFICIAL, "3k100", 4, record=reply_to(uri())))
    for depth in range(99):
        below = node(view(OFFICIAL, f"3k{depth}", 4, record=reply_to(uri()), replyCount=1), below)
    page = read(listing("getPostThread", Act.COMMENT), {"thread": node(view(replyCount=1), below)})
    assert (len(page.acts), page.reported) == (100, 100)


def test_a_thread_whose_post_is_gone_is_gone() -> None:
    with pytest.raises(AccountGone):
        read(listing("getPostThread", Act.COMMENT), {"thread": {"uri": uri(), "notFound": True}})


def repository(endpoint: str, **state: Any) -> Request:
    given = {"did": OFFICIAL, "pds": "https://pds.contoh.example", "since": None} | state
    return Request(endpoint, "https://pds.contoh.example/xrpc/x", verb=Act.LIKE, optional=True, state=given)


def own_record(kind: str, hours: float, subject: str | None = None, rkey: str = "3k0000000000z") -> dict[str, Any]:
    value = {"$type": f"app.bsky.feed.{kind}", "subject": ref(subject or uri()), "createdAt": at(hours)}
    return {"uri": uri(OFFICIAL, rkey, f"app.bsky.feed.{kind}"), "cid": "bafycontoh", "value": value}


def test_the_did_document_leads_to_the_repository() -> None:
    service = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": "https://pds.contoh.example/",
    }
    request = ADAPTER.plan(a_target(Direction.SUBJECT, OFFICIAL), OPTIONS)[1]
    page = read(request, {"id": OFFICIAL, "service": [service]})
    assert [(r.endpoint, r.verb, r.optional) for r in page.follow] == [
        ("listLikes", Act.LIKE, True),
        ("listReposts", Act.SHARE, True),
    ]
    assert page.follow[0].url.startswith("https://pds.contoh.example/xrpc/com.atproto.repo.listRecords?repo=did")


@pytest.mark.parametrize("document", [{"id": BYSTANDER, "service": []}, {"id": OFFICIAL, "service": []}])
def test_a_did_document_of_another_or_without_a_server_is_refused(document: dict[str, Any]) -> None:
    request = ADAPTER.plan(a_target(Direction.SUBJECT, OFFICIAL), OPTIONS)[1]
    with pytest.raises(LayoutChanged):
        read(request, document)


def test_own_likes_are_acts_on_their_subjects() -> None:
    page = read(repository("listLikes"), {"records": [own_record("like", 2)], "cursor": "3k0000000000z"})
    (act,) = page.acts
    assert (act.actor.user_id, act.act, act.target_id) == (OFFICIAL, Act.LIKE, uri())
    assert act.time.occurred_at == NOW - timedelta(hours=2)
    assert page.follow[0].url.endswith("&cursor=3k0000000000z")


def test_a_like_that_claims_the_future_has_only_a_bracket() -> None:
    page = read(repository("listLikes"), {"records": [own_record("like", -3)]})
    assert (page.acts[0].time.exact, page.acts[0].time.hi) == (False, NOW)


def test_a_like_of_a_feed_is_not_a_like_of_a_post() -> None:
    record = own_record("like", 2, uri(CANDIDATE, "x", "app.bsky.feed.generator"))
    page = read(repository("listLikes"), {"records": [record]})
    assert (page.acts, page.issues) == ((), ())


def test_a_repository_is_read_until_a_page_is_empty() -> None:
    assert read(repository("listLikes"), {"records": [], "cursor": "3kterakhir"}).end is EndKind.EXHAUSTED


def test_a_repository_is_read_back_to_the_window() -> None:
    request = repository("listLikes", since=at(24))
    page = read(request, {"records": [own_record("like", 2), own_record("like", 60, rkey="x")], "cursor": "x"})
    assert (len(page.acts), page.end) == (1, EndKind.WINDOW_REACHED)


def test_posts_asked_for_by_address_are_context_only() -> None:
    (request,) = ADAPTER.hydrate((uri(), uri(), "https://contoh.test/x"), OPTIONS)
    page = read(request, {"posts": [view()]})
    assert ([item.item_id for item in page.items], page.acts) == ([uri()], ())


def test_posts_are_asked_for_25_at_a_time() -> None:
    requests = ADAPTER.hydrate(tuple(uri(rkey=f"3k{n}") for n in range(60)), OPTIONS)
    assert [request.url.count("uris=") for request in requests] == [25, 25, 10]


@pytest.mark.parametrize(
    "body",
    [
        {"error": "InvalidRequest", "message": "Profile not found"},
        {"error": "NotFound", "message": "Post not found: at://x"},
        {"error": "AccountTakedown", "message": "Account has been suspended"},
        {"error": "RepoDeactivated", "message": "x"},
        {"error": "InvalidRequest", "message": f"Could not find repo: {OFFICIAL}"},
        {"error": "InvalidRequest", "message": "Unable to resolve handle"},
    ],
)
def test_the_ways_to_say_gone_are_known(body: dict[str, str]) -> None:
    with pytest.raises(AccountGone):
        read(first(), body, status=400)


def test_an_unregistered_did_is_gone() -> None:
    with pytest.raises(AccountGone):
        read(first(), {"message": f"DID not registered: {OFFICIAL}"}, status=404)


def test_a_block_is_private_and_another_refusal_is_a_change() -> None:
    with pytest.raises(PrivateContent):
        read(first(), {"error": "BlockedByActor", "message": "x"}, status=400)
    with pytest.raises(LayoutChanged, match="InvalidRequest"):
        read(first(), {"error": "InvalidRequest", "message": "integer too big"}, status=400)


@pytest.mark.parametrize("body", [b"[]", b'{"umpan":[]}', b'{"feed":{}}'])
def test_an_answer_of_another_shape_is_a_change(body: bytes) -> None:
    with pytest.raises(LayoutChanged):
        read(first(), body)


def test_an_answer_that_is_not_json_is_unexpected() -> None:
    with pytest.raises(UnexpectedContent):
        read(first(), b"{")


def test_one_broken_entry_is_one_issue_and_the_page_stands() -> None:
    broken = view(rkey="3krusak")
    broken["author"] = {"handle": "x.test"}
    page = read_feed({"post": broken}, {"post": view()}, {"post": None}, "bukan objek")  # type: ignore[arg-type]
    assert [item.item_id for item in page.items] == [uri()]
    assert [issue.pointer for issue in page.issues] == [".feed[0]", ".feed[2]", ".feed[3]"]


def test_an_issue_names_places_and_no_people() -> None:
    broken = liked_by(BYSTANDER, 2)
    broken["actor"]["did"] = "bukan"
    page = read(listing("getLikes", Act.LIKE), {"uri": uri(), "likes": [broken]})
    assert "wargacontoh" not in str(page.issues)


def test_unknown_fields_are_named_once() -> None:
    page = read_feed({"post": view(baru=1)}, {"post": view(rkey="3kb", baru=2, record={"aneh": 1})})
    assert page.unknown_fields == (".feed[].post.baru", ".feed[].post.record.aneh")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("@BudiContoh.test", "resolveHandle?handle=budicontoh.test"),
        ("https://bsky.app/profile/budicontoh.test/post/3k", "resolveHandle?handle=budicontoh.test"),
        (CANDIDATE, f"getProfile?actor={CANDIDATE.replace(':', '%3A')}"),
        (f"https://bsky.app/profile/{CANDIDATE}", f"getProfile?actor={CANDIDATE.replace(':', '%3A')}"),
    ],
)
def test_every_way_to_write_an_account_is_resolved(given: str, url: str) -> None:
    assert ADAPTER.resolve(given, OPTIONS).url.endswith(url)


@pytest.mark.parametrize("given", ["", "budi contoh", "https://lain.example/profile/x.test", "did:", "budicontoh"])
def test_what_is_no_account_is_not_resolved(given: str) -> None:
    with pytest.raises(UsageError):
        ADAPTER.resolve(given, OPTIONS)


def test_a_resolved_handle_keeps_both() -> None:
    request = ADAPTER.resolve("budicontoh.test", OPTIONS)
    found = ADAPTER.read_identity(a_response({"did": CANDIDATE}, request.url))
    assert found == AccountRef("bluesky", CANDIDATE, "budicontoh.test")


def test_a_handle_that_nobody_has_is_gone() -> None:
    with pytest.raises(AccountGone):
        ADAPTER.read_identity(
            a_response({"error": "InvalidRequest", "message": "Unable to resolve handle"}, status=400)
        )


def test_an_invalid_handle_is_no_handle() -> None:
    assert ADAPTER.read_identity(a_response(profile(handle="handle.invalid"))).handle is None
