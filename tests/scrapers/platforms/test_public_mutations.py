import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import PolicyBlocked, SourceError
from scrapers.contract import Page
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.platforms.telegram.pages import read_page as telegram_page
from scrapers.platforms.youtube.pages import read_page as youtube_page
from tests.scrapers import telegram_pages as t
from tests.scrapers import youtube_answers as y

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8),
    st.sampled_from([[], {}, [[]], [None], {"a": {}}, "\ud800", "\x00", "9" * 5000, -1]),
)  # fmt: skip
SINCE = y.NOW - timedelta(days=3)
ANSWERS: dict[str, tuple[Any, Callable[[Any], Page]]] = {
    "channel": (y.many("channel", y.channel()), lambda body: y.read(y.first(since=SINCE), body)),
    "uploads": (y.many("playlistItem", y.listed(), nextPageToken="x"), lambda body: y.read(y.to_uploads(), body)),
    "videos": (y.many("video", y.video()), lambda body: y.read(y.to_videos(), body)),
    "threads": (
        y.many("commentThread", y.thread("satu", y.comment("satu", reply="a")), y.thread("dua", total=9)),
        lambda body: y.read(y.to_threads(), body),
    ),
    "replies": (y.many("comment", y.comment("satu", reply="a")), lambda body: y.read(y.to_replies(), body)),
    "refusal": (y.refusal("commentsDisabled"), lambda body: y.read(y.to_threads(), body, 403)),
}
PAGES = {
    "preview": t.channel_page(
        t.message(11, service=True), t.message(12, head=t.forwarded(), after=t.reactions(("👍", "2.03K"))),
        t.message(13, inside=t.reply_to("https://t.me/budi_contoh/12")), before=11,
    ),
    "widget": t.widget(t.comment(301), t.comment(302, handle="asn_contoh", reply=301), before=301),
    "nobody": t.contact_page(),
}  # fmt: skip
CLIENT = y.next_answer(y.entity_comment(reply="a"), next=y.relative_comment()) | {
    "v": {"videoDetails": {"videoId": y.VIDEO}}
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        found += places(child, (*path, key))
    return found


def mutated(body: Any, data: st.DataObject) -> Any:
    body = copy.deepcopy(body)
    here, path = body, data.draw(st.sampled_from(places(body)))
    for key in path[:-1]:
        here = here[key]
    if data.draw(st.booleans()):
        del here[path[-1]]
    else:
        here[path[-1]] = data.draw(JUNK)
    return body


def cut_and_filled(text: str, data: st.DataObject) -> bytes:
    raw = text.encode()
    at, cut = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 60))
    return raw[:at] + data.draw(st.binary(max_size=8)) + raw[at + cut :]


@pytest.mark.parametrize("name", sorted(ANSWERS))
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_a_mutated_answer_of_the_api_raises_nothing_but_the_error_tree(name: str, data: st.DataObject) -> None:
    body, read = ANSWERS[name]
    try:
        page = read(json.dumps(mutated(body, data)).encode())
    except (SourceError, PolicyBlocked):
        return
    assert isinstance(page, Page)


@pytest.mark.parametrize("name", sorted(PAGES))
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_mutated_page_raises_nothing_but_the_error_tree(name: str, data: st.DataObject) -> None:
    body = cut_and_filled(PAGES[name], data)
    for request in (t.first(), t.first(t.Direction.SUBJECT, t.OFFICIAL), t.discussion_of()):
        try:
            page = t.read(request, body)
        except SourceError:
            continue
        assert isinstance(page, Page)


@pytest.mark.parametrize("name", sorted(PAGES))
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_mutated_captured_page_never_raises(name: str, data: st.DataObject) -> None:
    body = cut_and_filled(PAGES[name], data)
    found = telegram_page(SavedPage("https://t.me/s/budi_contoh", body, "text/html", t.NOW))
    assert all(isinstance(mapped, Mapped) for mapped in found)


@pytest.mark.parametrize("body", [CLIENT, *(answer for answer, _ in ANSWERS.values())])
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_mutated_captured_answer_never_raises(body: Any, data: st.DataObject) -> None:
    raw = json.dumps(mutated(body, data)).encode()
    found = youtube_page(SavedPage("https://www.youtube.com/youtubei/v1/next", raw, "application/json", y.NOW))
    assert all(isinstance(mapped, Mapped) for mapped in found)
