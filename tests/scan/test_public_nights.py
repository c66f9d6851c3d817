"""Whole nights against loopback servers that answer as Telegram's web preview and YouTube's Data API do."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from db.connect import Database
from monitor.domain import Act, Coverage, Direction
from monitor.scan.refresh import DUE
from monitor.scan.summary import ScanSummary
from tests.scan.gated_offices import Play, Served, acts, lend, make, scan
from tests.scan.offices import NOW, HeldClock, Office
from tests.scrapers import telegram_pages as t
from tests.scrapers import youtube_answers as y
from tests.scrapers.loopback import Handler, answer, peer

KEY = "kunci-api-rekaan-0123456789abcdef"


@pytest.fixture
def served() -> Iterator[Served]:
    with peer() as running:
        yield Served(running)


def by_query(served: Served, path: str, choose: Callable[[dict[str, str]], str | bytes]) -> None:
    """Answer a path of pages by the parameters that are asked for; addresses of the platform become the server's."""

    def write(handler: Handler) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        found = choose(asked)
        body = found if isinstance(found, bytes) else found.encode()
        here = served.peer.url.replace("/", "\\/").encode()
        answer(200, body.replace(b"https:\\/\\/t.me\\/api", here + b"\\/api"), content_type="text/html")(handler)

    served.peer.routes[path] = write


def telegram(served: Served, official_page: str) -> dict[str, str]:
    """Serve a channel of two posts, one with comments on two pages, and the page of the official's name."""
    posts = t.channel_page(t.message(1, hours=40), t.message(12, hours=30))
    comments = t.widget(t.comment(302, handle="asn_contoh", hours=1), header="2 comments", before=302)
    by_query(served, "/s/budi_contoh", lambda _: posts)
    by_query(served, "/s/asn_contoh", lambda _: official_page)
    by_query(
        served, "/budi_contoh/12", lambda asked: comments if "discussion" in asked else t.channel_page(t.message(12))
    )
    by_query(served, "/budi_contoh/1", lambda _: t.widget(header="No comments"))
    by_query(served, "/api/method", lambda _: t.more_comments(t.comment(301, hours=2), total=2))
    return {"web_url": served.peer.url}


def of_telegram(served: Served, home: Path, database: Database, official_page: str) -> Office:
    urls = telegram(served, official_page)
    return make(home, database, Play("telegram", "@budi_contoh", "@asn_contoh", urls, mode="live_public_html"))


def youtube(served: Served) -> dict[str, str]:
    """Serve a channel with one video, a comment of the official and an answer of somebody else."""
    base = "/youtube/v3/"
    thread = y.thread("satu", y.comment("satu", y.BYSTANDER, reply="a"))
    served.route(f"{base}channels", y.many("channel", y.channel()))
    served.route(f"{base}playlistItems", y.many("playlistItem", y.listed()))
    served.route(f"{base}videos", y.many("video", y.video()))
    served.route(f"{base}commentThreads", y.many("commentThread", thread))
    served.route(f"{base}comments", y.many("comment", y.comment()))
    return {"api_url": served.peer.url}


def of_youtube(served: Served, home: Path, database: Database) -> Office:
    office = make(home, database, Play("youtube", y.CANDIDATE, y.OFFICIAL, youtube(served)))
    lend(office, "youtube", "api_key", KEY)
    return office


def coverage(summary: ScanSummary, direction: Direction) -> dict[Act, Coverage]:
    return next(dict(result.coverage) for result in summary.targets if result.direction is direction)


def kinds(summary: ScanSummary) -> set[str]:
    return {issue.kind for issue in summary.issues}


def test_a_telegram_night_finds_the_officials_comment(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_telegram(served, tmp_path / "kantor", database, t.contact_page("Asn Contoh", "@asn_contoh"))
    summary = scan(office)
    assert acts(database) == [("comment", "1500000001/12")]
    assert coverage(summary, Direction.CANDIDATE) == {
        Act.POST: Coverage.OBSERVED, Act.COMMENT: Coverage.OBSERVED, Act.LIKE: Coverage.NOT_PUBLIC,
        Act.SHARE: Coverage.NOT_PUBLIC, Act.FOLLOW: Coverage.NOT_ATTEMPTED,
    }  # fmt: skip


def test_a_telegram_night_finds_the_officials_forward(served: Served, database: Database, tmp_path: Path) -> None:
    forward = t.message(1, t.OFFICIAL, head=t.forwarded("https://t.me/budi_contoh/12"))
    office = of_telegram(served, tmp_path / "kantor", database, t.channel_page(forward, channel=t.OFFICIAL))
    summary = scan(office)
    assert ("share", "1500000001/12") in acts(database)
    assert coverage(summary, Direction.SUBJECT)[Act.SHARE] is Coverage.OBSERVED


def test_a_second_telegram_night_changes_nothing(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_telegram(served, tmp_path / "kantor", database, t.contact_page("Asn Contoh", "@asn_contoh"))
    scan(office)
    before = acts(database)
    summary = scan(office)
    assert acts(database) == before
    assert summary.judged.evaluated == 0


def test_a_youtube_night_finds_the_officials_comment(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    summary = scan(office)
    assert acts(database) == [("comment", y.VIDEO)]
    seen = coverage(summary, Direction.CANDIDATE)
    assert (seen[Act.POST], seen[Act.COMMENT], seen[Act.LIKE]) == (
        Coverage.OBSERVED, Coverage.OBSERVED, Coverage.NOT_PUBLIC,
    )  # fmt: skip


def test_comments_that_are_switched_off_are_not_public(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    served.route("/youtube/v3/commentThreads", y.refusal("commentsDisabled"), status=403)
    assert coverage(scan(office), Direction.CANDIDATE)[Act.COMMENT] is Coverage.NOT_PUBLIC


def test_a_spent_quota_leaves_the_rest_for_another_night(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    served.route("/youtube/v3/commentThreads", y.refusal("quotaExceeded"), status=403)
    summary = scan(office)
    assert "quota_spent" in kinds(summary)
    assert coverage(summary, Direction.CANDIDATE)[Act.COMMENT] is Coverage.BUDGET


def test_texts_are_asked_for_again_before_their_time_is_over(
    served: Served, database: Database, tmp_path: Path
) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    scan(office)
    empty_the_lists(served)
    later(office, 26)
    assert DUE not in kinds(scan(office))
    assert asked_for(served, "/youtube/v3/comments", y.comment_id("satu")) == 1


def test_texts_that_have_outstayed_their_time_are_an_issue(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    scan(office)
    empty_the_lists(served)
    served.route("/youtube/v3/comments", y.many("comment"))
    served.route("/youtube/v3/videos", y.many("video"))
    later(office, 31)
    assert DUE in kinds(scan(office))


def empty_the_lists(served: Served) -> None:
    served.route("/youtube/v3/playlistItems", y.many("playlistItem"))
    served.route("/youtube/v3/commentThreads", y.many("commentThread"))


def later(office: Office, days: int) -> None:
    assert isinstance(office.clock, HeldClock)
    office.clock.now = NOW + timedelta(days=days)


def asked_for(served: Served, path: str, text: str) -> int:
    return sum(1 for seen, _ in served.peer.seen if urlsplit(seen).path == path and text in seen)


def test_the_key_is_in_no_file(served: Served, database: Database, tmp_path: Path) -> None:
    office = of_youtube(served, tmp_path / "kantor", database)
    scan(office)
    held: list[Any] = [path for path in office.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert held == []
