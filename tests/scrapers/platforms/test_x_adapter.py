from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind, Mentioned
from monitor.errors import (
    AccountGone,
    AccountLocked,
    Blocked,
    LayoutChanged,
    LoginWall,
    PolicyBlocked,
    QuotaSpent,
    SourceError,
    UnexpectedContent,
    UsageError,
)
from scrapers.contract import EmptyListing, ItemIssue, SourceOptions, Target
from tests.scrapers.x_answers import (
    ADAPTER,
    BYSTANDER,
    NOW,
    OFFICIAL,
    OPTIONS,
    OWNED,
    OWNER,
    PAIR,
    POST,
    a_post,
    a_response,
    listing,
    problem,
    read,
    refers,
    timeline,
)

OTHER = "1860000000000000009"


def metrics(**counts: int) -> dict[str, int]:
    return {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0} | counts


def one(**more: Any) -> Any:
    return read(timeline(subject=True), {"data": [a_post(author=OFFICIAL, **more)]}).items[0]


def test_an_account_known_by_handle_alone_is_not_planned() -> None:
    with pytest.raises(UsageError):
        ADAPTER.plan(Target("x", Direction.CANDIDATE, AccountRef("x", "@paslon")), OPTIONS)


def test_the_program_asks_with_its_own_key() -> None:
    assert timeline().credential == "app"


def test_the_owners_door_asks_with_the_owners_token() -> None:
    assert timeline(options=OWNED).credential == OWNER


def test_behind_the_owners_door_an_account_without_a_lent_token_is_refused() -> None:
    with pytest.raises(PolicyBlocked):
        ADAPTER.plan(Target("x", Direction.SUBJECT, AccountRef("x", OFFICIAL)), OWNED)


def test_the_policys_base_address_stands_for_x() -> None:
    options = SourceOptions("x", {"api_url": "http://127.0.0.1:3000"})
    assert timeline(options=options).url.startswith("http://127.0.0.1:3000/2/users/")


def test_a_stage_bounds_the_timeline() -> None:
    assert "start_time=2026-11-20T18:00:00Z" in timeline(since=NOW).url


@pytest.mark.parametrize("given", ["@paslon_contoh", "https://x.com/paslon_contoh", "paslon_contoh"])
def test_a_handle_is_resolved_by_name(given: str) -> None:
    assert "/2/users/by/username/paslon_contoh?" in ADAPTER.resolve(given, OPTIONS).url


def test_a_number_is_resolved_by_number() -> None:
    assert f"/2/users/{PAIR}?" in ADAPTER.resolve(PAIR, OPTIONS).url


def test_the_stable_id_is_the_number() -> None:
    found = ADAPTER.read_identity(a_response({"data": {"id": PAIR, "username": "Paslon_Contoh", "name": "Paslon"}}))
    assert found == AccountRef("x", PAIR, "Paslon_Contoh")


def test_an_unknown_name_is_gone_although_x_answers_200() -> None:
    with pytest.raises(AccountGone):
        ADAPTER.read_identity(a_response({"errors": [problem("resource-not-found")]}))


def test_a_post_is_read_with_author_time_text_and_counts() -> None:
    item = one(public_metrics=metrics(retweet_count=2, quote_count=3, reply_count=4, like_count=5))
    assert item.author == AccountRef("x", OFFICIAL, "pegawai_contoh")
    assert item.published.occurred_at == NOW - timedelta(hours=1)
    assert item.text == "Bersama BUDI CONTOH untuk Kabupaten Contoh"
    assert (item.like_count, item.share_count, item.comment_count, item.lang) == (5, 5, 4, "id")


def test_a_long_post_is_read_whole() -> None:
    note = {"text": "Panjang sekali &amp; utuh #Contoh", "entities": {"hashtags": [{"tag": "Contoh"}]}}
    item = one(text="Panjang sek…", note_tweet=note)
    assert (item.text, item.hashtags) == ("Panjang sekali & utuh #Contoh", ("Contoh",))


def test_a_reply_is_a_comment_on_its_parent() -> None:
    item = one(referenced_tweets=refers("replied_to", POST), in_reply_to_user_id=PAIR, conversation_id=POST)
    assert (item.kind, item.parent_id, item.parent_author) == (ItemKind.COMMENT, POST, AccountRef("x", PAIR))
    assert (item.root_id, item.root_author) == (POST, AccountRef("x", PAIR))


def test_a_quote_knows_whom_it_quotes() -> None:
    body = {
        "data": [a_post(author=OFFICIAL, referenced_tweets=refers("quoted", OTHER))],
        "includes": {"tweets": [a_post(OTHER)]},
    }
    page = read(timeline(subject=True), body)
    assert (page.items[0].kind, page.items[0].quoted_author) == (ItemKind.QUOTE, AccountRef("x", PAIR))
    assert [item.item_id for item in page.items] == [POST, OTHER]


def test_a_repost_is_a_share_of_the_original_at_its_own_time() -> None:
    body = {
        "data": [a_post(author=OFFICIAL, referenced_tweets=refers("retweeted", OTHER), text="RT @paslon: Bersama")],
        "includes": {"tweets": [a_post(OTHER, hours=9)]},
    }
    page = read(timeline(subject=True), body)
    (share,) = page.acts
    assert (share.act, share.target_id, share.target_author) == (Act.SHARE, OTHER, AccountRef("x", PAIR))
    assert share.time.occurred_at == NOW - timedelta(hours=1)
    assert [item.item_id for item in page.items] == [OTHER]


def test_a_later_version_of_a_post_is_marked_as_edited() -> None:
    assert one(edit_history_tweet_ids=[OTHER, POST]).edited_at is not None
    assert one().edited_at is None


def test_links_tags_and_mentions_come_from_the_markup() -> None:
    entities = {
        "urls": [
            {"url": "https://t.co/a", "expanded_url": "https://contoh.example/berita"},
            {"url": "https://t.co/b", "expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"},
        ],
        "hashtags": [{"tag": "BusiMenang"}],
        "mentions": [{"username": "paslon_contoh", "id": PAIR}, {"username": "Warga"}],
    }
    item = one(entities=entities)
    assert item.links == ("https://contoh.example/berita",)
    assert item.hashtags == ("BusiMenang",)
    assert item.mentions == (Mentioned(PAIR, "paslon_contoh"), Mentioned("@warga", "Warga"))


def test_a_post_without_a_time_is_timed_by_its_number() -> None:
    item = read(timeline(subject=True), {"data": [{"id": "1730000000000000000", "text": "x"}]}).items[0]
    assert item.published.occurred_at is not None
    assert item.published.occurred_at.year == 2023


def test_the_engagement_of_an_own_post_is_followed() -> None:
    counts = metrics(retweet_count=3, quote_count=1, reply_count=2, like_count=4)
    follow = read(timeline(), {"data": [a_post(public_metrics=counts)]}).follow
    assert [(r.endpoint, r.verb, r.item_id, r.state["reported"], r.optional) for r in follow] == [
        ("reposts", Act.SHARE, POST, 4, True),
        ("conversation", Act.COMMENT, POST, 2, True),
    ]


def test_behind_the_owners_door_likers_are_followed_too() -> None:
    counts = metrics(like_count=4, retweet_count=1, reply_count=1)
    follow = read(timeline(options=OWNED), {"data": [a_post(public_metrics=counts)]}, OWNED).follow
    assert [(r.endpoint, r.credential) for r in follow] == [
        ("likers", OWNER), ("reposts", OWNER), ("conversation", OWNER),
    ]  # fmt: skip


def test_what_counts_say_nobody_did_is_settled_without_a_request() -> None:
    page = read(timeline(options=OWNED), {"data": [a_post()]}, OWNED)
    assert page.empty == (EmptyListing(Act.LIKE, POST), EmptyListing(Act.SHARE, POST), EmptyListing(Act.COMMENT, POST))
    assert page.follow == ()


def test_only_quotes_are_asked_for_when_nobody_reposted() -> None:
    page = read(timeline(), {"data": [a_post(public_metrics=metrics(quote_count=2))]})
    assert [r.endpoint for r in page.follow] == ["quotes"]


def test_a_subjects_posts_are_not_followed() -> None:
    counts = metrics(like_count=4, retweet_count=3)
    assert read(timeline(subject=True), {"data": [a_post(author=OFFICIAL, public_metrics=counts)]}).follow == ()


def test_reposters_are_sharers_of_the_post_at_their_own_time() -> None:
    shares = [{"id": OTHER, "author_id": OFFICIAL, "created_at": "2026-11-20T17:30:00.000Z"}]
    page = read(listing("reposts", Act.SHARE, reported=1, quotes=0), {"data": shares, "meta": {"result_count": 1}})
    (share,) = page.acts
    assert (share.actor, share.act, share.target_id) == (AccountRef("x", OFFICIAL), Act.SHARE, POST)
    assert share.time.occurred_at == NOW - timedelta(minutes=30)
    assert (page.end, page.reported) == (EndKind.EXHAUSTED, 1)


def test_quotes_follow_the_last_page_of_reposts_in_the_same_listing() -> None:
    page = read(listing("reposts", Act.SHARE, reported=3, quotes=2), {"data": [a_post(OTHER, BYSTANDER)]})
    assert page.end is None
    assert [(r.endpoint, r.verb, r.item_id, r.state["collected"]) for r in page.follow] == [
        ("quotes", Act.SHARE, POST, 1)
    ]


def test_an_entry_of_the_quotes_that_names_nothing_quotes_the_listed_post() -> None:
    page = read(listing("quotes", Act.SHARE, reported=1), {"data": [a_post(OTHER, OFFICIAL)]})
    assert [(act.actor.user_id, act.act, act.target_id) for act in page.acts] == [(OFFICIAL, Act.SHARE, POST)]


def test_a_repost_of_a_quote_is_no_quote_of_the_listed_post() -> None:
    body = {"data": [a_post(OTHER, OFFICIAL, text="RT @warga_contoh: Dukung BUDI CONTOH untuk Kabupaten…")]}
    page = read(listing("quotes", Act.SHARE, reported=1), body)
    assert page.acts == ()
    assert [issue.kind for issue in page.issues] == ["item_tak_terbaca"]


def test_the_next_page_bears_the_token() -> None:
    page = read(
        listing("reposts", Act.SHARE, quotes=0), {"data": [a_post(OTHER, BYSTANDER)], "meta": {"next_token": "n2"}}
    )
    assert page.end is None
    assert "pagination_token=n2" in page.follow[0].url


def test_repliers_are_commenters_on_their_own_parents() -> None:
    reply = a_post(OTHER, OFFICIAL, 0.5, referenced_tweets=refers("replied_to", POST), in_reply_to_user_id=PAIR)
    page = read(listing("conversation", Act.COMMENT, reported=1), {"data": [reply, a_post()]})
    assert [(act.actor.user_id, act.act, act.target_id) for act in page.acts] == [(OFFICIAL, Act.COMMENT, POST)]
    assert page.end is EndKind.EXHAUSTED


def test_replies_older_than_the_search_reaches_leave_the_listing_unexhausted() -> None:
    old = listing("conversation", Act.COMMENT, reported=1, target_at=(NOW - timedelta(days=8)).isoformat())
    assert read(old, {"meta": {"result_count": 0}}).end is not EndKind.EXHAUSTED


def test_likers_get_a_bracket_that_ends_at_the_look() -> None:
    users = [{"id": OFFICIAL, "username": "pegawai_contoh", "name": "Pegawai"}]
    page = read(listing("likers", Act.LIKE, reported=1), {"data": users}, OWNED)
    (like,) = page.acts
    assert (like.actor.user_id, like.act, like.time.hi, like.time.exact) == (OFFICIAL, Act.LIKE, NOW, False)
    assert like.time.lo == NOW - timedelta(hours=1)
    assert like.target_author == AccountRef("x", PAIR)


def test_more_likes_than_x_shows_its_author_cap_the_listing() -> None:
    users = [{"id": OFFICIAL}]
    assert read(listing("likers", Act.LIKE, reported=250), {"data": users}, OWNED).end is EndKind.CAP_REACHED


def test_a_timeline_as_long_as_x_shows_is_capped() -> None:
    request = timeline()
    full = type(request)(**{name: getattr(request, name) for name in request.__slots__} | {
        "state": {**request.state, "collected": 3199}})  # fmt: skip
    assert read(full, {"data": [a_post()]}).end is EndKind.CAP_REACHED


def test_problems_beside_content_are_noted_without_the_names_in_them() -> None:
    page = read(
        timeline(), {"data": [a_post()], "errors": [problem("resource-not-found"), problem("resource-not-found")]}
    )
    assert page.items
    detail = "X tidak memberikan sebagian isi: resource-not-found (tweet), 2 kali"
    assert page.issues == (ItemIssue("platform_error", detail),)


def test_unknown_fields_are_named_once() -> None:
    page = read(timeline(), {"data": [a_post(baru=1), a_post(OTHER, baru=1)], "lain": 2})
    assert page.unknown_fields == ("lain", ".data[].baru")


def test_what_x_charges_for_is_counted() -> None:
    body = {"data": [a_post()], "includes": {"tweets": [a_post(OTHER)], "users": [{"id": PAIR}]}}
    assert read(timeline(), body).billed == {"post_read": 2, "user_read": 1}
    likers = {"data": [{"id": "1"}, {"id": "2"}]}
    assert read(listing("likers", Act.LIKE), likers).billed == {"like_read": 2}


def test_an_empty_timeline_is_exhausted_and_costs_nothing() -> None:
    page = read(timeline(), {"meta": {"result_count": 0}})
    assert (page.end, page.items, page.billed) == (EndKind.EXHAUSTED, (), {})


def test_a_broken_post_leaves_the_others() -> None:
    page = read(timeline(), {"data": [{"text": "tanpa nomor"}, a_post()]})
    assert len(page.items) == 1
    assert [issue.kind for issue in page.issues] == ["item_tak_terbaca"]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"errors": [problem("not-authorized-for-resource")]}, AccountLocked),
        (200, {"errors": [problem("resource-not-found")]}, AccountGone),
        (404, {"title": "Not Found", "type": "about:blank"}, AccountGone),
        (401, {"title": "Unauthorized", "type": "about:blank", "status": 401}, LoginWall),
        (403, problem("client-forbidden"), Blocked),
        (403, problem("usage-capped"), QuotaSpent),
        (400, problem("invalid-request"), LayoutChanged),
        (200, b"[]", LayoutChanged),
        (200, b"<html>", UnexpectedContent),
    ],
)
def test_a_refusal_is_what_it_means(status: int, body: Any, error: type[SourceError]) -> None:
    with pytest.raises(error):
        read(timeline(), body, status=status)


def test_a_text_that_a_listing_no_longer_shows_is_asked_for_by_number() -> None:
    request = ADAPTER.recheck(POST, f"https://x.com/paslon_contoh/status/{POST}", OPTIONS)
    assert request is not None
    assert f"/2/tweets?ids={POST}&" in request.url


def test_texts_are_fetched_a_hundred_a_call() -> None:
    asked = ADAPTER.hydrate(tuple(str(10**18 + n) for n in range(150)), OPTIONS)
    assert [request.url.count(",100000") + 1 for request in asked] == [100, 50]
