from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, ItemKind, Mentioned, SourceMode
from monitor.errors import PolicyBlocked, RateLimited, UsageError
from scrapers.contract import EmptyListing, Page, Request, SourceOptions, Target
from scrapers.platforms.facebook import urls
from scrapers.platforms.facebook.adapter import FacebookAdapter
from tests.scrapers.meta_answers import NOW, TOKEN, a_response, error, paging, when

ADAPTER = FacebookAdapter()
PAGE_ID, POST, OTHER, WHO = "61550000000001", "122100000000000001", "122100000000000002", "7000000000000001"
JOINED = f"{PAGE_ID}_{POST}"
OPTIONS = SourceOptions("facebook")
OWNED = SourceOptions("facebook", mode=SourceMode.OWNER_TOKEN, owned=frozenset({PAGE_ID}))
PAIR = AccountRef("facebook", PAGE_ID, "paslon.contoh")


def summary(total: int) -> dict[str, Any]:
    return {"data": [], "summary": {"total_count": total}}


def a_post(**more: Any) -> dict[str, Any]:
    return {
        "id": JOINED,
        "created_time": when(),
        "message": "Bersama BUDI CONTOH #BusiMenang",
        "permalink_url": f"https://www.facebook.com/{PAGE_ID}/posts/{POST}",
        "from": {"id": PAGE_ID, "name": "Paslon Contoh"},
        "reactions": summary(0),
        "comments": summary(0),
    } | more


def a_comment(number: str = "1", **more: Any) -> dict[str, Any]:
    return {"id": f"{POST}_{number}", "created_time": when(0.5), "message": "Dukung!", "like_count": 1} | more


def posts(options: SourceOptions = OPTIONS, *, subject: bool = False) -> Request:
    direction = Direction.SUBJECT if subject else Direction.CANDIDATE
    return ADAPTER.plan(Target("facebook", direction, PAIR), options)[0]


def listing(endpoint: str, verb: Act) -> Request:
    state = {"post": JOINED, "owner": PAGE_ID, "target_at": (NOW - timedelta(hours=1)).isoformat(), "reported": 1}
    return Request(endpoint, "https://x", verb, POST, optional=True, state=state, credential=f"owner:{PAGE_ID}")


def read(request: Request, body: Any, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, a_response(body), options)


def test_the_version_of_the_api_is_part_of_the_base_address() -> None:
    assert posts().url.startswith(f"https://graph.facebook.com/v25.0/{PAGE_ID}/posts?")
    moved = SourceOptions("facebook", {"graph_url": "https://graph.facebook.com/v26.0"})
    assert "/v26.0/" in posts(moved).url


def test_a_page_known_by_name_alone_is_not_planned() -> None:
    with pytest.raises(UsageError):
        ADAPTER.plan(Target("facebook", Direction.CANDIDATE, AccountRef("facebook", "@paslon")), OPTIONS)


def test_behind_the_owners_door_another_page_is_refused() -> None:
    with pytest.raises(PolicyBlocked):
        ADAPTER.plan(Target("facebook", Direction.CANDIDATE, AccountRef("facebook", "61550000000002")), OWNED)


def test_a_page_is_resolved_by_its_name_to_its_number() -> None:
    request = ADAPTER.resolve("https://www.facebook.com/paslon.contoh", OPTIONS)
    assert request.url.endswith("/paslon.contoh?fields=id,username")
    answer = a_response({"id": PAGE_ID, "username": "Paslon.Contoh"}, url=request.url)
    assert ADAPTER.read_identity(answer) == AccountRef("facebook", PAGE_ID, "Paslon.Contoh")


def test_a_post_is_known_by_its_own_number() -> None:
    item = read(posts(), {"data": [a_post()]}).items[0]
    assert (item.item_id, item.author, item.kind) == (POST, PAIR, ItemKind.POST)
    assert item.published.occurred_at == NOW - timedelta(hours=1)
    assert (item.text, item.hashtags) == ("Bersama BUDI CONTOH #BusiMenang", ("BusiMenang",))


def test_a_post_shared_with_words_is_a_quote_of_the_original() -> None:
    item = read(posts(), {"data": [a_post(parent_id=f"99900000001_{OTHER}")]}).items[0]
    assert (item.kind, item.quoted_id, item.quoted_author) == (
        ItemKind.QUOTE, OTHER, AccountRef("facebook", "99900000001"),
    )  # fmt: skip


def test_a_post_shared_without_words_is_a_share_of_the_original() -> None:
    page = read(posts(subject=True), {"data": [a_post(parent_id=f"99900000001_{OTHER}", message="")]})
    (share,) = page.acts
    assert (share.act, share.target_id, share.actor, page.items) == (Act.SHARE, OTHER, PAIR, ())


def test_reactions_of_every_kind_are_likes() -> None:
    item = read(posts(), {"data": [a_post(reactions=summary(7), like=summary(5), love=summary(2))]}).items[0]
    assert item.like_count == 7
    by_kind = a_post(like=summary(5), love=summary(2))
    del by_kind["reactions"]
    assert read(posts(), {"data": [by_kind]}).items[0].like_count == 7


def test_attached_links_and_their_headlines_are_read() -> None:
    attached = {"data": [{"type": "share", "title": "Judul", "unshimmed_url": "https://contoh.example/berita"}]}
    item = read(posts(), {"data": [a_post(attachments=attached)]}).items[0]
    assert (item.links, item.alt_texts) == (("https://contoh.example/berita",), ("Judul",))


def test_comments_of_a_candidates_post_are_followed_with_the_same_key() -> None:
    (request,) = read(posts(), {"data": [a_post(comments=summary(3))]}).follow
    assert (request.endpoint, request.verb, request.item_id, request.credential) == (
        "comments", Act.COMMENT, POST, "app",
    )  # fmt: skip
    assert f"/{JOINED}/comments?" in request.url


def test_behind_the_owners_door_reactions_and_shares_are_followed_too() -> None:
    body = {"data": [a_post(comments=summary(3), reactions=summary(2), shares={"count": 1})]}
    assert [r.endpoint for r in read(posts(OWNED), body, OWNED).follow] == ["reactions", "sharedposts", "comments"]


def test_what_counts_say_nobody_did_is_settled() -> None:
    page = read(posts(OWNED), {"data": [a_post()]}, OWNED)
    assert page.empty == (EmptyListing(Act.LIKE, POST), EmptyListing(Act.SHARE, POST), EmptyListing(Act.COMMENT, POST))


def test_the_next_page_is_built_from_the_cursor_without_the_token() -> None:
    page = read(posts(), {"data": [a_post()], "paging": paging("c2")})
    assert "after=c2" in page.follow[-1].url
    assert TOKEN not in repr(page)


def test_a_comment_with_an_author_is_an_act_on_the_post() -> None:
    page = read(listing("comments", Act.COMMENT), {"data": [a_comment(**{"from": {"id": WHO, "name": "Siti"}})]})
    (act,) = page.acts
    assert (act.actor, act.act, act.target_id, act.own_item_id) == (
        AccountRef("facebook", WHO), Act.COMMENT, POST, "1",
    )  # fmt: skip
    assert act.target_author == AccountRef("facebook", PAGE_ID)


def test_a_comment_without_an_author_is_nobodys_act() -> None:
    page = read(listing("comments", Act.COMMENT), {"data": [a_comment()], "summary": {"total_count": 1}})
    assert (page.acts, page.items[0].author, page.reported) == ((), None, 1)


def test_a_reply_answers_its_comment() -> None:
    reply = a_comment("2", parent={"id": f"{POST}_1", "from": {"id": WHO}}, **{"from": {"id": "7000000000000002"}})
    item = read(listing("comments", Act.COMMENT), {"data": [reply]}).items[0]
    assert (item.parent_id, item.parent_author, item.root_id) == ("1", AccountRef("facebook", WHO), POST)


def test_a_comment_without_an_id_is_known_by_its_address() -> None:
    address = f"https://www.facebook.com/{PAGE_ID}/posts/{POST}/?comment_id=55&reply_comment_id=66"
    bare = {"created_time": when(), "message": "x", "permalink_url": address}
    item = read(listing("comments", Act.COMMENT), {"data": [bare]}).items[0]
    assert (item.item_id, item.parent_id, item.root_id) == ("66", "55", POST)


def test_a_reaction_is_a_like_with_a_bracket() -> None:
    page = read(listing("reactions", Act.LIKE), {"data": [{"id": WHO, "name": "Siti", "type": "LOVE"}]}, OWNED)
    (like,) = page.acts
    assert (like.actor.user_id, like.act, like.time.hi, like.time.exact) == (WHO, Act.LIKE, NOW, False)
    assert like.actor.handle is None


def test_who_shared_a_post_is_a_sharer_of_it() -> None:
    plain = {"id": f"{WHO}_3", "created_time": when(0.2), "from": {"id": WHO}}
    worded = {"id": f"{WHO}_4", "created_time": when(0.2), "from": {"id": WHO}, "message": "Menang!"}
    page = read(listing("sharedposts", Act.SHARE), {"data": [plain, worded]}, OWNED)
    assert [(a.act, a.target_id, a.own_item_id) for a in page.acts] == [(Act.SHARE, POST, None), (Act.SHARE, POST, "4")]


def test_people_tagged_by_number_are_mentions() -> None:
    item = read(posts(), {"data": [a_post(message_tags=[{"id": "123456", "name": "Siti", "type": "page"}])]}).items[0]
    assert item.mentions == (Mentioned("123456"),)


def test_a_broken_post_leaves_the_others() -> None:
    page = read(posts(), {"data": [{"message": "x"}, a_post()]})
    assert (len(page.items), [i.kind for i in page.issues]) == (1, ["item_tak_terbaca"])


def test_an_unknown_field_is_named_once() -> None:
    assert read(posts(), {"data": [a_post(baru=1), a_post(baru=2)]}).unknown_fields == (".data[].baru",)


def test_a_limit_in_a_body_stops_the_visit() -> None:
    with pytest.raises(RateLimited):
        ADAPTER.read(posts(), a_response(error(32), 400), OPTIONS)


def test_a_window_is_reached_not_exhausted() -> None:
    request = ADAPTER.plan(Target("facebook", Direction.CANDIDATE, PAIR, NOW), OPTIONS)[0]
    assert f"since={int(NOW.timestamp())}" in request.url
    assert read(request, {"data": [a_post()]}).end is EndKind.WINDOW_REACHED


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (f"https://www.facebook.com/{PAGE_ID}/posts/{POST}", POST),
        (f"https://www.facebook.com/paslon.contoh/posts/judul-panjang/{POST}/", POST),
        (f"https://m.facebook.com/story.php?story_fbid={POST}&id={PAGE_ID}", POST),
        (f"https://www.facebook.com/permalink.php?story_fbid={POST}&id={PAGE_ID}", POST),
        (f"https://www.facebook.com/photo?fbid={POST}&set=a.1", POST),
        (f"https://www.facebook.com/paslon.contoh/photos/a.123/{POST}/", POST),
        (f"https://www.facebook.com/watch/?v={POST}", POST),
        (f"https://www.facebook.com/reel/{POST}", POST),
        (f"https://www.facebook.com/groups/123/permalink/{POST}/", POST),
        ("https://www.facebook.com/paslon.contoh/posts/pfbid02abc", None),
        ("https://www.facebook.com/share/p/abc/", None),
        ("https://contoh.example/posts/1", None),
    ],
)
def test_a_post_is_found_under_its_many_addresses(address: str, number: str | None) -> None:
    assert urls.item_id(address) == number


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("paslon.contoh", "@paslon.contoh"),
        ("https://www.facebook.com/Paslon.Contoh/", "@paslon.contoh"),
        ("https://www.facebook.com/profile.php?id=100012345678901", "100012345678901"),
        ("https://www.facebook.com/people/Budi-Contoh/100012345678901/", "100012345678901"),
        ("https://www.facebook.com/Paslon-Contoh-100012345678901/posts/1", "100012345678901"),
        ("100012345678901", "100012345678901"),
        ("https://www.facebook.com/groups/123", None),
        ("https://www.facebook.com/watch", None),
    ],
)
def test_an_account_is_found_under_its_many_addresses(text: str, user: str | None) -> None:
    found = urls.account_ref(text)
    assert (found.user_id if found else None) == user


def test_answers_inside_a_comment_are_comments_on_it() -> None:
    inside = {"data": [a_comment("2", **{"from": {"id": "7000000000000002", "name": "Budi"}})]}
    above = a_comment(comments=inside, **{"from": {"id": WHO, "name": "Siti"}})
    found = {item.item_id: item for item in read(listing("comments", Act.COMMENT), {"data": [above]}).items}
    assert (found["2"].parent_id, found["2"].root_id) == ("1", POST)
    assert found["2"].parent_author == AccountRef("facebook", WHO)
