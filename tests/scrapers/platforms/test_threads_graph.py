from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind, SourceMode
from monitor.errors import PolicyBlocked, UsageError
from scrapers.contract import EmptyListing, Page, Request, SourceOptions, Target
from scrapers.platforms.threads import urls
from scrapers.platforms.threads.adapter import ThreadsAdapter
from tests.scrapers.meta_answers import NOW, TOKEN, a_response, paging, when

ADAPTER = ThreadsAdapter()
OWN, CODE, POST = "18050000000000001", "DCkkKl_OGb1", "3505085467659364085"
OPTIONS = SourceOptions("threads")
OWNED = SourceOptions("threads", mode=SourceMode.OWNER_TOKEN, owned=frozenset({"@paslon_contoh"}))
PAIR = AccountRef("threads", "@paslon_contoh", "paslon_contoh")


def a_post(code: str = CODE, own: str = OWN, **more: Any) -> dict[str, Any]:
    return {
        "id": own,
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@paslon_contoh/post/{code}",
        "shortcode": code,
        "username": "paslon_contoh",
        "text": "Bersama BUDI CONTOH #BusiMenang",
        "timestamp": when(),
        "is_quote_post": False,
        "has_replies": False,
    } | more


def first(options: SourceOptions = OPTIONS, *, subject: bool = False, since: Any = None) -> Request:
    direction = Direction.SUBJECT if subject else Direction.CANDIDATE
    return ADAPTER.plan(Target("threads", direction, PAIR, since), options)[0]


def conversation() -> Request:
    state = {"post": OWN, "user": "@paslon_contoh", "handle": "paslon_contoh"}
    return Request("conversation", "https://x", Act.COMMENT, POST, state=state, credential="app")


def read(request: Request, body: Any, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, a_response(body), options)


def test_a_public_profile_is_asked_for_by_handle() -> None:
    request = first()
    assert request.url.startswith("https://graph.threads.net/v1.0/profile_posts?username=paslon_contoh&")
    assert request.credential == "app"


def test_the_owners_door_asks_for_the_owners_own_posts() -> None:
    request = first(OWNED)
    assert "/me/threads?" in request.url
    assert request.credential == "owner:@paslon_contoh"


def test_behind_the_owners_door_another_account_is_refused() -> None:
    with pytest.raises(PolicyBlocked):
        ADAPTER.plan(Target("threads", Direction.SUBJECT, AccountRef("threads", "@lain", "lain")), OWNED)


def test_an_account_known_by_number_alone_is_not_planned() -> None:
    with pytest.raises(UsageError):
        ADAPTER.plan(Target("threads", Direction.SUBJECT, AccountRef("threads", "123456")), OPTIONS)


def test_a_post_is_known_by_the_number_in_its_address() -> None:
    item = read(first(), {"data": [a_post()]}).items[0]
    assert (item.item_id, item.author, item.kind) == (POST, PAIR, ItemKind.POST)
    assert urls.item_url(item.item_id, "paslon_contoh").endswith(CODE)
    assert item.published.occurred_at == NOW - timedelta(hours=1)
    assert (item.text, item.hashtags) == ("Bersama BUDI CONTOH #BusiMenang", ("BusiMenang",))


def test_a_repost_is_a_share_of_the_original() -> None:
    original = {"id": "18050000000000009", "shortcode": "DCkkKl_OGb2", "username": "calon_contoh"}
    facade = a_post(media_type="REPOST_FACADE", text="", reposted_post=original)
    (share,) = read(first(subject=True), {"data": [facade]}).acts
    assert (share.act, share.target_id) == (Act.SHARE, urls.id_of_code("DCkkKl_OGb2"))
    assert share.target_author == AccountRef("threads", "@calon_contoh", "calon_contoh")


def test_the_apis_own_number_stands_for_an_original_without_a_code() -> None:
    facade = a_post(media_type="REPOST_FACADE", text="", reposted_post={"id": "18050000000000009"})
    assert read(first(subject=True), {"data": [facade]}).acts[0].target_id == "18050000000000009"


def test_a_quote_shares_what_it_quotes() -> None:
    quote = a_post(is_quote_post=True, quoted_post={"id": "18050000000000009"})
    page = read(first(subject=True), {"data": [quote]})
    assert (page.items[0].kind, page.acts[0].act, page.acts[0].target_id) == (
        ItemKind.QUOTE, Act.SHARE, "18050000000000009",
    )  # fmt: skip


def test_conversations_below_a_candidates_post_are_followed_by_its_own_number() -> None:
    (request,) = read(first(), {"data": [a_post(has_replies=True)]}).follow
    assert (request.endpoint, request.verb, request.item_id) == ("conversation", Act.COMMENT, POST)
    assert f"/{OWN}/conversation?" in request.url


def test_a_post_without_replies_is_settled() -> None:
    assert read(first(), {"data": [a_post()]}).empty == (EmptyListing(Act.COMMENT, POST),)


def test_a_replier_is_known_by_handle() -> None:
    reply = a_post("DCkkKl_OGb3", "18050000000000003", username="pegawai_contoh", is_reply=True,
                   root_post={"id": OWN}, replied_to={"id": OWN})  # fmt: skip
    (act,) = read(conversation(), {"data": [reply]}).acts
    assert (act.actor, act.act, act.target_id, act.target_author) == (
        AccountRef("threads", "@pegawai_contoh", "pegawai_contoh"), Act.COMMENT, POST, PAIR,
    )  # fmt: skip


def test_a_reply_to_a_reply_answers_that_one() -> None:
    upper = a_post("DCkkKl_OGb3", "18050000000000003", username="a", replied_to={"id": OWN}, root_post={"id": OWN})
    lower = a_post("DCkkKl_OGb4", "18050000000000004", username="b", replied_to={"id": "18050000000000003"},
                   root_post={"id": OWN})  # fmt: skip
    page = read(conversation(), {"data": [upper, lower]})
    assert (page.items[1].parent_id, page.items[1].root_id) == (urls.id_of_code("DCkkKl_OGb3"), POST)


def test_a_listing_goes_on_by_its_cursor_until_a_page_is_empty() -> None:
    page = read(first(), {"data": [a_post()], "paging": paging("c2", more=False)})
    assert page.end is None
    assert "after=c2" in page.follow[0].url
    assert read(page.follow[0], {"data": [], "paging": paging("c3", more=False)}).end is EndKind.EXHAUSTED


def test_the_token_in_the_link_to_the_next_page_goes_nowhere() -> None:
    assert TOKEN not in repr(read(first(), {"data": [a_post()], "paging": paging("c2")}))


def test_a_profile_is_looked_up_by_handle() -> None:
    assert ADAPTER.resolve("https://www.threads.net/@Paslon_Contoh", OPTIONS).url.endswith(
        "/profile_lookup?username=paslon_contoh"
    )
    assert ADAPTER.read_identity(a_response({"username": "paslon_contoh", "follower_count": 100})) == PAIR


def test_a_stage_bounds_the_listing() -> None:
    request = first(since=NOW)
    assert f"since={int(NOW.timestamp())}" in request.url
    assert read(request, {"data": [a_post()]}).end is EndKind.WINDOW_REACHED


def test_a_broken_post_leaves_the_others() -> None:
    page = read(first(), {"data": [{"text": "x"}, a_post()]})
    assert (len(page.items), [i.kind for i in page.issues]) == (1, ["item_tak_terbaca"])


def test_an_unknown_field_is_named() -> None:
    assert read(first(), {"data": [a_post(baru=1)]}).unknown_fields == (".data[].baru",)


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("@Paslon_Contoh", "@paslon_contoh"),
        ("https://www.threads.com/@paslon_contoh", "@paslon_contoh"),
        ("https://www.threads.net/@paslon_contoh/post/DCkkKl_OGb1", "@paslon_contoh"),
        ("123456789", "123456789"),
        ("https://www.threads.net/search", None),
        ("https://contoh.example/@a", None),
    ],
)
def test_an_account_is_found_under_its_addresses(text: str, user: str | None) -> None:
    found = urls.account_ref(text)
    assert (found.user_id if found else None) == user
