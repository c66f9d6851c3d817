"""Telegram's pages under their real addresses: an archive written here, replayed by pywb, read by the real fetcher."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.domain import AccountRef, Act, Direction, EndKind, SourceMode
from monitor.errors import AccountGone, PrivateContent
from scrapers.contract import Page, Request, SourceOptions, Target
from scrapers.fetch import Fetcher
from scrapers.platforms.telegram.adapter import TelegramAdapter
from tests.peers.pywb_replay import Exchange, ProxyWire, replay, why_not
from tests.peers.require import leave_out
from tests.scrapers import telegram_pages as t
from tests.scrapers.loopback import a_fetcher

pytestmark = [pytest.mark.peer]

POSTS = range(2, 46)  # number 1 is the service message that a channel begins with
ADAPTER = TelegramAdapter()
OPTIONS = SourceOptions("contoh", mode=SourceMode.LIVE_PUBLIC_HTML)
HIDDEN, NOBODY = AccountRef("telegram", "@tertutup", "tertutup"), AccountRef("telegram", "@tiada", "tiada")


def archived() -> list[Exchange]:
    """A channel on three pages, the last without a link, comments on two pages, a channel of an official, two walls."""
    found = [Exchange("https://t.me/robots.txt", b"User-agent: *\nDisallow: /share/\n")]
    for low, high, before in ((26, 45, None), (6, 25, 26), (1, 5, 6)):
        numbers = [n for n in range(low, high + 1) if n > 1]
        first = [t.message(1, service=True, text="Kanal dibuat", hours=99)] if low == 1 else []
        page = t.channel_page(*first, *(t.message(n, hours=50 - n) for n in numbers), before=low if low == 26 else None)
        found.append(Exchange("https://t.me/s/budi_contoh" + (f"?before={before}" if before else ""), page.encode()))
    for number in POSTS:
        body = t.widget(header="No comments") if number != 45 else newest_comments()
        found.append(Exchange(t.discussion_of(number).url, body.encode()))
    older = t.more_comments(t.comment(301, handle="asn_contoh", post=45), total=3)
    form = {"method": "loadComments", "peer": t.PEER, "top_msg_id": "200", "discussion_hash": "83contoh"}
    found.append(Exchange(t.API, older, form=form | {"before_id": "302"}))
    return found + of_the_official()


def newest_comments() -> str:
    shown = t.comment(302, post=45), t.comment(303, handle="warga_contoh", post=45, reply=302)
    return t.widget(*shown, header="3 comments", before=302)


def of_the_official() -> list[Exchange]:
    forward = t.message(1, t.OFFICIAL, head=t.forwarded("https://t.me/budi_contoh/12"))
    return [
        Exchange("https://t.me/s/asn_contoh", t.channel_page(forward, channel=t.OFFICIAL).encode()),
        Exchange("https://t.me/budi_contoh/12?embed=1&mode=tme", t.channel_page(t.message(12)).encode()),
        Exchange("https://t.me/s/tertutup", b"-", "302 Found", (("Location", "https://t.me/tertutup"),)),
        Exchange("https://t.me/tertutup", t.contact_page("Kanal Tertutup", "12 subscribers").encode()),
        Exchange("https://t.me/s/tiada", t.contact_page().encode()),
    ]


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxyWire]:
    if reason := why_not():
        leave_out("pywb", reason)
    with replay(tmp_path_factory.mktemp("arsip"), archived()) as running:
        yield running


@pytest.fixture
def fetcher(wire: ProxyWire) -> Fetcher:
    return a_fetcher(wire=wire, mode=SourceMode.LIVE_PUBLIC_HTML, robots="respect", timeout_seconds=60.0)


def walk(fetcher: Fetcher, direction: Direction, who: AccountRef) -> list[tuple[Request, Page]]:
    """Go through everything that a target leads to, as the night does."""
    left = deque(ADAPTER.plan(Target("telegram", direction, who), OPTIONS))
    read: list[tuple[Request, Page]] = []
    while left:
        request = left.popleft()
        page = ADAPTER.read(request, fetcher.send("contoh", request), OPTIONS)
        read.append((request, page))
        left.extendleft(reversed(page.follow))
    return read


def test_every_post_of_a_channel_is_read_down_to_the_first(fetcher: Fetcher) -> None:
    read = walk(fetcher, Direction.CANDIDATE, t.CANDIDATE)
    posts = [item.item_id for request, page in read if request.endpoint == "channel" for item in page.items]
    assert sorted(posts) == sorted(f"1500000001/{number}" for number in POSTS)
    assert [page.end for request, page in read if request.endpoint == "channel"][-1] is EndKind.EXHAUSTED


def test_every_comment_is_read_on_all_pages_of_the_widget(fetcher: Fetcher) -> None:
    read = walk(fetcher, Direction.CANDIDATE, t.CANDIDATE)
    acts = [act for request, page in read if request.verb is Act.COMMENT for act in page.acts]
    assert {(act.own_item_id, act.target_id) for act in acts} == {
        ("1500000001/45?comment=301", "1500000001/45"),
        ("1500000001/45?comment=302", "1500000001/45"),
        ("1500000001/45?comment=303", "1500000001/45?comment=302"),
    }


def test_a_forward_is_a_share_of_the_candidates_own_post(fetcher: Fetcher) -> None:
    read = walk(fetcher, Direction.SUBJECT, t.OFFICIAL)
    shares = [act for _, page in read for act in page.acts if act.act is Act.SHARE]
    assert [(act.actor, act.target_id, act.target_author) for act in shares] == [
        (t.OFFICIAL, "1500000001/12", t.CANDIDATE)
    ]


def test_a_channel_without_preview_is_not_public(fetcher: Fetcher) -> None:
    with pytest.raises(PrivateContent):
        walk(fetcher, Direction.CANDIDATE, HIDDEN)


def test_a_name_of_nobody_is_gone_although_the_answer_is_200(fetcher: Fetcher) -> None:
    with pytest.raises(AccountGone):
        walk(fetcher, Direction.CANDIDATE, NOBODY)


def test_a_handle_is_resolved_through_the_fetcher(fetcher: Fetcher) -> None:
    request = replace(ADAPTER.resolve("@Budi_Contoh".lower(), OPTIONS))
    assert ADAPTER.read_identity(fetcher.send("contoh", request)) == t.CANDIDATE
