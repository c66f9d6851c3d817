from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind, SourceMode
from monitor.errors import AccountGone, PolicyBlocked, UsageError
from scrapers.contract import EmptyListing, Page, Request, SourceOptions, Target
from scrapers.platforms.instagram import urls
from scrapers.platforms.instagram.adapter import InstagramAdapter
from tests.scrapers.meta_answers import NOW, TOKEN, a_response, error, paging, when

ADAPTER = InstagramAdapter()
POST, CODE = "3505085467659364085", "DCkkKl_OGb1"
OFFICE = "https://graph.facebook.com/v25.0/17841400000000000"
OPTIONS = SourceOptions("instagram", {"discovery_url": OFFICE})
OWNED = SourceOptions("instagram", mode=SourceMode.OWNER_TOKEN, owned=frozenset({"@paslon_contoh"}))
PAIR = AccountRef("instagram", "@paslon_contoh", "paslon_contoh")


def a_post(**more: Any) -> dict[str, Any]:
    return {
        "id": "17890000000000001",
        "caption": "Bersama BUDI CONTOH #BusiMenang @pegawai_contoh",
        "timestamp": when(),
        "permalink": f"https://www.instagram.com/p/{CODE}/",
        "like_count": 3,
        "comments_count": 0,
    } | more


def a_comment(number: str, name: str | None = "pegawai_contoh", **more: Any) -> dict[str, Any]:
    named = {"username": name, "from": {"id": "999", "username": name}} if name else {}
    return {"id": number, "text": "Dukung!", "timestamp": when(0.5), **named} | more


def first(options: SourceOptions = OPTIONS, account: AccountRef = PAIR, since: Any = None) -> Request:
    return ADAPTER.plan(Target("instagram", Direction.CANDIDATE, account, since), options)[0]


def comments(endpoint: str = "comments", **more: Any) -> Request:
    state = {"post": "17890000000000001", "user": "@paslon_contoh", "handle": "paslon_contoh", **more}
    return Request(endpoint, "https://x", Act.COMMENT, POST, state=state, credential="owner:@paslon_contoh")


def read(request: Request, body: Any, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, a_response(body), options)


def discovered(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"business_discovery": {"media": {"data": list(posts), **more}, "id": "1"}, "id": "2"}


def test_another_account_is_asked_for_through_the_offices_own() -> None:
    request = first()
    assert (request.endpoint, request.credential) == ("discovery", "app")
    assert request.url.startswith(f"{OFFICE}?fields=business_discovery.username(paslon_contoh)")


def test_without_the_offices_own_account_nothing_is_planned() -> None:
    with pytest.raises(UsageError, match="discovery_url"):
        first(SourceOptions("instagram"))


def test_an_account_known_by_number_alone_is_not_planned() -> None:
    with pytest.raises(UsageError):
        first(account=AccountRef("instagram", "123456789"))


def test_the_owners_door_asks_for_the_owners_own_posts() -> None:
    request = first(OWNED)
    assert (request.endpoint, request.credential) == ("media", "owner:@paslon_contoh")
    assert request.url.startswith("https://graph.instagram.com/v25.0/me/media?")


def test_behind_the_owners_door_another_account_is_refused() -> None:
    with pytest.raises(PolicyBlocked):
        first(OWNED, AccountRef("instagram", "@lain", "lain"))


def test_a_name_cannot_end_the_expression_that_it_stands_in() -> None:
    url = first(account=AccountRef("instagram", "1", "a){x},b(")).url
    assert "username(axb)" in url


def test_a_post_is_known_by_the_number_in_its_address() -> None:
    item = read(first(), discovered(a_post())).items[0]
    assert (item.item_id, item.author, item.kind) == (POST, PAIR, ItemKind.POST)
    assert urls.code_of_id(item.item_id) == CODE
    assert item.published.occurred_at == NOW - timedelta(hours=1)
    assert (item.like_count, item.comment_count, item.hashtags) == (3, 0, ("BusiMenang",))
    assert [m.user_id for m in item.mentions] == ["@pegawai_contoh"]


def test_discovery_shows_counts_and_never_who() -> None:
    page = read(first(), discovered(a_post(comments_count=9)))
    assert [r.endpoint for r in page.follow] == []
    assert [a.act for a in page.acts] == [Act.POST]


def test_discovery_pages_by_the_cursor_inside() -> None:
    page = read(first(), discovered(a_post(), paging=paging("c2", more=False)))
    assert "media.limit(25).after(c2){" in page.follow[0].url
    assert read(page.follow[0], discovered(paging={"cursors": {"before": "b"}})).end is EndKind.EXHAUSTED


def test_posts_older_than_the_window_end_the_listing() -> None:
    page = read(first(since=NOW), discovered(a_post(), paging=paging()))
    assert (page.items, page.end, page.follow) == ((), EndKind.WINDOW_REACHED, ())


def test_comments_of_an_own_post_are_followed_with_the_owners_token() -> None:
    page = read(first(OWNED), {"data": [a_post(comments_count=2)]}, OWNED)
    (request,) = page.follow
    assert (request.endpoint, request.item_id, request.credential, request.state["reported"]) == (
        "comments", POST, "owner:@paslon_contoh", 2,
    )  # fmt: skip


def test_a_post_without_comments_is_settled() -> None:
    assert read(first(OWNED), {"data": [a_post()]}, OWNED).empty == (EmptyListing(Act.COMMENT, POST),)


def test_a_commenter_is_known_by_handle() -> None:
    (act,) = read(comments(), {"data": [a_comment("17900000000000001")]}, OWNED).acts
    assert (act.actor, act.target_id, act.own_item_id) == (
        AccountRef("instagram", "@pegawai_contoh", "pegawai_contoh"), POST, "17900000000000001",
    )  # fmt: skip


def test_replies_inside_a_comment_answer_it() -> None:
    inside = {"data": [a_comment("17900000000000002", "lain_contoh")]}
    page = read(comments(), {"data": [a_comment("17900000000000001", replies=inside)]}, OWNED)
    reply = page.items[1]
    assert (reply.parent_id, reply.root_id) == ("17900000000000001", POST)
    assert reply.parent_author == AccountRef("instagram", "@pegawai_contoh", "pegawai_contoh")


def test_replies_that_are_left_are_followed() -> None:
    inside = {"data": [a_comment("17900000000000002")], "paging": paging("r2")}
    page = read(comments(), {"data": [a_comment("17900000000000001", replies=inside)]}, OWNED)
    (request,) = page.follow
    assert (request.endpoint, request.verb, request.item_id) == ("replies", Act.COMMENT, POST)
    assert "/17900000000000001/replies?" in request.url
    answered = read(request, {"data": [a_comment("17900000000000003")]}, OWNED)
    assert answered.items[0].parent_id == "17900000000000001"


def test_the_owners_own_reply_bears_the_owners_stable_id() -> None:
    item = read(comments(), {"data": [a_comment("17900000000000001", "Paslon_Contoh")]}, OWNED).items[0]
    assert item.author == PAIR


def test_a_comment_without_a_name_is_nobodys_act() -> None:
    page = read(comments(), {"data": [a_comment("17900000000000001", None)]}, OWNED)
    assert (page.acts, page.items[0].author) == ((), None)


def test_the_token_in_the_link_to_the_next_page_goes_nowhere() -> None:
    page = read(comments(), {"data": [a_comment("17900000000000001")], "paging": paging("c2")}, OWNED)
    assert TOKEN not in repr(page)
    assert "after=c2" in page.follow[0].url


def test_a_name_that_no_professional_account_has_is_gone() -> None:
    with pytest.raises(AccountGone):
        ADAPTER.read_identity(a_response(error(110, 2207013), 400))


def test_a_profile_is_looked_up_by_name() -> None:
    assert "business_discovery.username(paslon_contoh){id,username}" in ADAPTER.resolve("@paslon_contoh", OPTIONS).url
    found = ADAPTER.read_identity(a_response({"business_discovery": {"id": "1", "username": "paslon_contoh"}}))
    assert found == PAIR


def test_a_broken_comment_leaves_the_others() -> None:
    page = read(comments(), {"data": [{"text": "x"}, a_comment("17900000000000001")]}, OWNED)
    assert (len(page.items), [i.kind for i in page.issues]) == (1, ["item_tak_terbaca"])


def test_an_unknown_field_is_named() -> None:
    assert read(first(OWNED), {"data": [a_post(baru=1)]}, OWNED).unknown_fields == (".data[].baru",)
