import json
from typing import Any

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind
from monitor.errors import AccountGone, LayoutChanged
from scrapers.contract import Adapter, EmptyListing, Page, Request, Response, SourceOptions, Target
from scrapers.manifest import load_manifest
from scrapers.platforms._template.adapter import TemplateAdapter
from tests.scrapers.loopback import START

ADAPTER: Adapter = TemplateAdapter()
OPTIONS = SourceOptions("_template")


def first(direction: Direction = Direction.CANDIDATE) -> Request:
    return ADAPTER.plan(Target("_template", direction, AccountRef("_template", "7")), OPTIONS)[0]


def read(request: Request, body: Any, status: int = 200) -> Page:
    data = json.dumps(body).encode()
    return ADAPTER.read(request, Response(request.url, request.url, status, {}, data, START, "0" * 64), OPTIONS)


def a_post(likes: int = 0, **more: Any) -> dict[str, Any]:
    author = {"id": "7", "handle": "paslon_contoh"}
    return {"id": "p1", "author": author, "text": "Halo", "created_at": "2026-11-20T10:00:00Z", "likes": likes} | more


def test_posts_lead_to_their_likes_and_to_the_next_page() -> None:
    page = read(first(), {"posts": [a_post(2)], "next": "lanjut"})
    assert [request.url.removeprefix("https://api.contoh.example") for request in page.follow] == [
        "/posts/p1/likes",
        "/users/7/posts?cursor=lanjut",
    ]
    likes = read(page.follow[0], {"users": [{"id": "9"}]})
    assert ([act.act for act in likes.acts], likes.reported, likes.end) == ([Act.LIKE], 2, EndKind.EXHAUSTED)


def test_a_post_that_nobody_likes_is_settled() -> None:
    assert read(first(), {"posts": [a_post()]}).empty == (EmptyListing(Act.LIKE, "p1"),)


def test_a_subjects_posts_lead_nowhere() -> None:
    assert read(first(Direction.SUBJECT), {"posts": [a_post(2)]}).follow == ()


def test_a_broken_post_and_an_unknown_field_are_reported() -> None:
    page = read(first(), {"posts": [{"id": 1}, a_post(baru=1)]})
    assert ([issue.pointer for issue in page.issues], len(page.items)) == ([".posts[0]"], 1)
    assert ".posts[].baru" in page.unknown_fields


def test_refusals_are_raised() -> None:
    with pytest.raises(AccountGone):
        read(first(), {}, 404)
    with pytest.raises(LayoutChanged):
        read(first(), {}, 400)


def test_a_handle_is_resolved() -> None:
    request = ADAPTER.resolve("@Paslon_Contoh", OPTIONS)
    assert request.url == "https://api.contoh.example/users?handle=paslon_contoh"
    response = Response(request.url, request.url, 200, {}, b'{"id":"7","handle":"paslon_contoh"}', START, "0" * 64)
    assert ADAPTER.read_identity(response) == AccountRef("_template", "7", "paslon_contoh")
    assert ADAPTER.hydrate(("p1",), OPTIONS) == ()


def test_its_manifest_is_complete() -> None:
    manifest = load_manifest("scrapers.platforms._template")
    assert manifest.verbs(Direction.CANDIDATE, "likes") == (Act.LIKE,)
    assert manifest.capability_of(Direction.CANDIDATE, Act.TAG) is None
