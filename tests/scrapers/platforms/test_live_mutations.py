import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import Act
from monitor.errors import SourceError
from scrapers.contract import Page
from tests.scrapers import bluesky_answers as b
from tests.scrapers import mastodon_answers as m

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.just([]), st.just({}), st.just([[]]), st.just([None]), st.just({"a": {}}), st.just("\ud800"), st.just("\x00"),
)  # fmt: skip


def full_view() -> dict[str, Any]:
    embed = {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"record": b.ref(b.uri(b.BYSTANDER))},
        "media": {"$type": "app.bsky.embed.images", "images": [{"alt": "Foto"}]},
    }
    facet = {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Contoh"}]}
    record = b.reply_to(b.uri(b.OFFICIAL, "3ka"), b.uri()) | {"embed": embed, "facets": [facet], "langs": ["id"]}
    return b.view(b.OFFICIAL, "3kb", 3, record=record, likeCount=2, replyCount=1, repostCount=1)


def full_status() -> dict[str, Any]:
    return m.status(
        "asn", 8, 2, in_reply_to_id="1", favourites_count=2, tags=[{"name": "x"}], mentions=[{"acct": "siti"}],
        media_attachments=[{"description": "Foto"}], poll={"options": [{"title": "01"}]},
        quote={"quoted_status": m.status()},
    )  # fmt: skip


CASES: dict[str, tuple[Any, Callable[[Any], Page]]] = {
    "bluesky feed": (
        {"feed": [{"post": full_view(), "reply": {"root": b.view(), "parent": b.view()}}], "cursor": "x"},
        lambda body: b.read(b.first(b.Direction.SUBJECT, b.OFFICIAL), body),
    ),
    "bluesky repost": (
        {"feed": [{"post": b.view(), "reason": b.reposted_by(b.OFFICIAL, 1)}]},
        lambda body: b.read(b.first(b.Direction.SUBJECT, b.OFFICIAL), body),
    ),
    "bluesky candidate": ({"feed": [{"post": full_view()}]}, lambda body: b.read(b.first(did=b.OFFICIAL), body)),
    "bluesky likes": (
        {"uri": "x", "likes": [b.liked_by(b.OFFICIAL, 2)]},
        lambda body: b.read(b.listing("getLikes", Act.LIKE), body),
    ),
    "bluesky thread": (
        {"thread": b.node(b.view(replyCount=1), b.node(full_view()))},
        lambda body: b.read(b.listing("getPostThread", Act.COMMENT), body),
    ),
    "mastodon statuses": ([full_status()], lambda body: m.read(m.to_statuses(subject=True), body)),
    "mastodon boost": ([m.status("asn", 9, reblog=m.status())], lambda body: m.read(m.to_statuses(subject=True), body)),
    "mastodon candidate": ([m.status(favourites_count=1)], lambda body: m.read(m.to_statuses(), body)),
    "mastodon actors": ([m.account("asn")], lambda body: m.read(m.listing("favourited_by", Act.LIKE), body)),
    "mastodon context": (
        {"ancestors": [m.status()], "descendants": [full_status()]},
        lambda body: m.read(m.listing("context", Act.COMMENT), body),
    ),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        found += places(child, (*path, key))
    return found


def put(body: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> None:
    for key in path[:-1]:
        body = body[key]
    if drop:
        del body[path[-1]]
    else:
        body[path[-1]] = value


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_altered_answer_raises_anything_but_a_source_error(name: str, data: st.DataObject) -> None:
    body, reader = CASES[name]
    body = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(body) or [()]))
        if path:
            put(body, path, copy.deepcopy(data.draw(JUNK)), drop=data.draw(st.booleans()))
    try:
        page = reader(body)
    except SourceError:
        return
    for item in page.items:
        item.text.encode()
        item.item_id.encode()


@pytest.mark.parametrize("name", CASES)
def test_an_altered_entry_never_takes_its_neighbours_along(name: str) -> None:
    body, reader = CASES[name]
    whole = reader(copy.deepcopy(body))
    key = next((k for k in ("feed", "likes", "descendants") if isinstance(body, dict) and k in body), None)
    if name == "bluesky thread":
        altered = copy.deepcopy(body)
        altered["thread"]["replies"].insert(0, {"post": {"uri": 5}})
    else:
        altered = copy.deepcopy(body)
        (altered if key is None else altered[key]).insert(0, {"rusak": True})
    page = reader(altered)
    assert len(page.acts) == len(whole.acts)
    assert {item.item_id for item in page.items} == {item.item_id for item in whole.items}
