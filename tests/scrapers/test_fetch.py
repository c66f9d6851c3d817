import gzip
import hashlib
import time
import tracemalloc
import zlib
from datetime import timedelta

import pytest

from monitor.errors import (
    Blocked,
    BudgetSpent,
    Challenge,
    EmptyAnswer,
    LoginWall,
    NetworkFailure,
    RateLimited,
    ServerFailure,
    UnexpectedContent,
)
from scrapers.fetch import Fetcher
from scrapers.terms import Terms
from scrapers.wire import TooLarge, Truncated
from tests.scrapers.loopback import START, Clock, Free, Handler, Peer, a_fetcher, answer, ask, drip, in_turn


def test_an_answer_comes_as_received_with_its_hash(world: Peer) -> None:
    body = '{"teks":"siap 🎉"}'.encode()
    world.routes["/a"] = answer(body=body, X_Note="x")
    got = a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert (got.status, got.body, got.sha256) == (200, body, hashlib.sha256(body).hexdigest())
    assert got.fetched_at >= START
    assert got.headers["x-note"] == "x"


def test_a_request_says_who_asks_and_carries_no_cookie(world: Peer) -> None:
    world.routes["/a"] = answer(Set_Cookie="sesi=rahasia")
    fetcher = a_fetcher(world)
    first = fetcher.send("contoh", ask(f"{world.url}/a"))
    fetcher.send("contoh", ask(f"{world.url}/a"))
    assert "set-cookie" not in first.headers
    headers = world.seen[-1][1]
    assert headers["user-agent"] == "pantau/0.1.0 (+Bawaslu Kabupaten Contoh; pengawasan@contoh.example)"
    assert "cookie" not in headers


def test_a_proxy_in_the_environment_is_not_used(world: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    world.routes["/a"] = answer()
    assert a_fetcher(world).send("contoh", ask(f"{world.url}/a")).status == 200


def test_the_fragment_of_an_address_is_not_sent(world: Peer) -> None:
    world.routes["/a"] = answer()
    assert a_fetcher(world).send("contoh", ask(f"{world.url}/a#bagian")).url == f"{world.url}/a"


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_the_platforms_own_refusals_are_handed_to_the_adapter(world: Peer, status: int) -> None:
    world.routes["/a"] = answer(status, b'{"error":"InvalidRequest","message":"Profile not found"}')
    assert a_fetcher(world).send("contoh", ask(f"{world.url}/a")).status == status


def test_401_is_a_login_wall(world: Peer) -> None:
    world.routes["/a"] = answer(401, b'{"error":"AuthMissing"}')
    with pytest.raises(LoginWall):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_403_that_speaks_of_authentication_is_a_login_wall(world: Peer) -> None:
    world.routes["/a"] = answer(403, b'{"error":"This method requires an authenticated user"}')
    with pytest.raises(LoginWall):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_403_without_such_words_is_a_block(world: Peer) -> None:
    world.routes["/a"] = answer(403, b"<h1>Forbidden</h1> by the author", content_type="text/html")
    with pytest.raises(Blocked):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_a_login_page_where_data_is_expected_is_a_login_wall(world: Peer) -> None:
    world.routes["/a"] = answer(body=b'<html><input type="password" name=p></html>', content_type="text/html")
    with pytest.raises(LoginWall):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_another_page_where_data_is_expected_is_unexpected(world: Peer) -> None:
    world.routes["/a"] = answer(body=b"<html>Selamat datang</html>", content_type="text/html")
    with pytest.raises(UnexpectedContent, match="HTML"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_page_is_a_challenge_whatever_its_status(world: Peer, status: int) -> None:
    world.routes["/a"] = answer(status, b"<title>Just a moment...</title>", content_type="text/html")
    with pytest.raises(Challenge):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 1


def test_an_empty_200_is_suspicious(world: Peer) -> None:
    world.routes["/a"] = answer(body=b"  \n")
    with pytest.raises(EmptyAnswer) as caught:
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert caught.value.outcome == "suspicious_empty"


def test_a_body_cut_short_is_truncated(world: Peer) -> None:
    def cut(handler: Handler) -> None:
        answer(body=b'{"feed":[', content_length="5000")(handler)
        handler.close_connection = True

    world.routes["/a"] = cut
    with pytest.raises(Truncated):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_half_a_json_text_is_unexpected(world: Peer) -> None:
    world.routes["/a"] = answer(body=b'{"feed":[{"post":')
    with pytest.raises(UnexpectedContent, match="terpotong"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_a_50_mb_body_is_refused_by_its_announced_size(world: Peer) -> None:
    world.routes["/a"] = answer(content_length=str(50 * 1024 * 1024))
    with pytest.raises(TooLarge, match="52428800"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_a_body_without_announced_size_is_read_no_further_than_the_cap(world: Peer) -> None:
    sent = []

    def pour(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        for _ in range(800):
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    world.routes["/a"] = pour
    with pytest.raises(TooLarge):
        a_fetcher(world, max_body_bytes=1_000_000).send("contoh", ask(f"{world.url}/a"))
    assert sum(sent) < 20_000_000


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_packed_body_is_unpacked(world: Peer, pack: object) -> None:
    assert callable(pack)
    encoding = "gzip" if pack is gzip.compress else "deflate"
    world.routes["/a"] = answer(body=pack(b'{"a":1}'), content_encoding=encoding)
    assert a_fetcher(world).send("contoh", ask(f"{world.url}/a")).body == b'{"a":1}'


def test_a_bomb_is_not_unpacked_past_the_cap(world: Peer) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    world.routes["/a"] = answer(body=bomb, content_encoding="gzip")
    fetcher = a_fetcher(world, max_body_bytes=1_000_000)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_packed_body_cut_short_is_truncated(world: Peer) -> None:
    world.routes["/a"] = answer(body=gzip.compress(b'{"a":"' + b"b" * 5000 + b'"}')[:-12], content_encoding="gzip")
    with pytest.raises(Truncated):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_an_unknown_packing_is_unexpected(world: Peer) -> None:
    world.routes["/a"] = answer(content_encoding="br")
    with pytest.raises(UnexpectedContent, match="br"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_headers_that_drip_end_at_the_deadline(world: Peer) -> None:
    world.routes["/a"] = drip(20)
    started = time.monotonic()
    with pytest.raises(NetworkFailure):
        a_fetcher(world, timeout_seconds=0.4, tries=1).send("contoh", ask(f"{world.url}/a"))
    assert time.monotonic() - started < 3


def test_a_closed_port_is_a_network_failure_after_three_tries(world: Peer) -> None:
    clock = Clock()
    with pytest.raises(NetworkFailure):
        a_fetcher(clock=clock, allow_hosts=("127.0.0.1",)).send("contoh", ask("http://127.0.0.1:9/a"))
    assert len([wait for wait in clock.slept if wait >= 1]) == 2


def test_a_failing_server_is_asked_three_times_with_growing_pauses(world: Peer) -> None:
    world.routes["/a"] = answer(502, b"x")
    clock = Clock()
    with pytest.raises(ServerFailure):
        a_fetcher(world, clock).send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 3
    pauses = [wait for wait in clock.slept if wait >= 1]
    assert 1 <= pauses[0] <= 1.5
    assert 2 <= pauses[1] <= 3


def test_a_server_that_recovers_is_no_failure(world: Peer) -> None:
    world.routes["/a"] = in_turn(answer(503, b"x"), answer())
    assert a_fetcher(world).send("contoh", ask(f"{world.url}/a")).status == 200


def test_a_method_that_does_not_exist_is_asked_once(world: Peer) -> None:
    world.routes["/a"] = answer(501, b'{"error":"MethodNotImplemented"}')
    with pytest.raises(ServerFailure):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 1


def test_a_short_retry_after_is_slept(world: Peer) -> None:
    world.routes["/a"] = in_turn(answer(429, retry_after="7"), answer())
    clock = Clock()
    assert a_fetcher(world, clock).send("contoh", ask(f"{world.url}/a")).status == 200
    assert clock.now - START >= timedelta(seconds=7)


def test_a_long_retry_after_closes_the_host_until_then(world: Peer) -> None:
    world.routes["/a"] = answer(429, retry_after="3600")
    fetcher = a_fetcher(world)
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            fetcher.send("contoh", ask(f"{world.url}/a"))
        assert caught.value.retry_at == START + timedelta(hours=1)
    assert world.asked("/a") == 1


def test_429_without_a_time_is_left_alone_for_a_minute(world: Peer) -> None:
    world.routes["/a"] = answer(429)
    with pytest.raises(RateLimited) as caught:
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert caught.value.retry_at == START + timedelta(minutes=1)


def test_429_for_ever_ends_after_three_tries(world: Peer) -> None:
    world.routes["/a"] = answer(429, retry_after="1")
    with pytest.raises(RateLimited):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 3


def test_a_host_that_keeps_asking_to_wait_is_left_alone_until_its_time(world: Peer) -> None:
    world.routes["/a"] = answer(429, retry_after="20")
    clock = Clock()
    fetcher = a_fetcher(world, clock)
    with pytest.raises(RateLimited):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    asked, slept_until = world.asked("/a"), clock.now
    with pytest.raises(RateLimited):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    assert (world.asked("/a"), clock.now) == (asked, slept_until)


def test_a_spent_allowance_is_waited_out_before_the_next_request(world: Peer) -> None:
    reset = (START + timedelta(seconds=12)).isoformat().replace("+00:00", "Z")
    world.routes["/a"] = answer(X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)
    clock = Clock()
    fetcher = a_fetcher(world, clock)
    fetcher.send("contoh", ask(f"{world.url}/a"))
    fetcher.send("contoh", ask(f"{world.url}/a"))
    assert clock.now >= START + timedelta(seconds=12)


def test_a_redirect_on_the_same_host_is_followed(world: Peer) -> None:
    world.routes["/a"] = answer(302, location="/b")
    world.routes["/b"] = answer(body=b'{"b":1}')
    got = a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert (got.url, got.final_url, got.body) == (f"{world.url}/a", f"{world.url}/b", b'{"b":1}')


def test_a_redirect_to_another_host_is_blocked_and_named(world: Peer) -> None:
    world.routes["/a"] = answer(302, location="https://lain.example/b")
    with pytest.raises(Blocked, match="lain\\.example"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_a_redirect_to_a_login_page_is_a_login_wall(world: Peer) -> None:
    world.routes["/a"] = answer(302, location="/auth/sign_in")
    with pytest.raises(LoginWall):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))


def test_redirects_in_a_circle_end(world: Peer) -> None:
    world.routes["/a"] = answer(302, location="/a")
    with pytest.raises(Blocked, match="3 kali"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 4


def test_robots_closes_what_it_disallows(world: Peer) -> None:
    world.routes["/robots.txt"] = answer(body=b"User-agent: *\nDisallow: /a", content_type="text/plain")
    world.routes["/b"] = answer()
    fetcher = a_fetcher(world, robots="respect")
    with pytest.raises(Blocked, match="robots"):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    assert fetcher.send("contoh", ask(f"{world.url}/b")).status == 200
    assert (world.asked("/robots.txt"), world.asked("/a")) == (1, 0)


@pytest.mark.parametrize(
    "robots",
    [answer(404), answer(body=b""), answer(body=b"<html>nihil</html>"), answer(302, location="https://l.example")],
)
def test_no_usable_robots_allows_everything(world: Peer, robots: object) -> None:
    assert callable(robots)
    world.routes |= {"/robots.txt": robots, "/a": answer()}
    assert a_fetcher(world, robots="respect").send("contoh", ask(f"{world.url}/a")).status == 200


def test_a_failing_robots_is_a_failure_of_its_own(world: Peer) -> None:
    world.routes |= {"/robots.txt": answer(500), "/a": answer()}
    with pytest.raises(ServerFailure, match="robots"):
        a_fetcher(world, robots="respect").send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 0


def test_a_crawl_delay_longer_than_ours_is_kept(world: Peer) -> None:
    world.routes |= {"/robots.txt": answer(body=b"User-agent: *\nCrawl-delay: 4"), "/a": answer()}
    clock = Clock()
    fetcher = a_fetcher(world, clock, robots="respect")
    fetcher.send("contoh", ask(f"{world.url}/a"))
    before = clock.now
    fetcher.send("contoh", ask(f"{world.url}/a"))
    assert clock.now - before == timedelta(seconds=4)


def test_the_daily_cap_counts_every_request(world: Peer) -> None:
    world.routes["/a"] = answer()
    fetcher = a_fetcher(world, daily_cap=2)
    fetcher.send("contoh", ask(f"{world.url}/a"))
    fetcher.send("contoh", ask(f"{world.url}/a"))
    with pytest.raises(BudgetSpent):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    assert world.asked("/a") == 2


def test_a_ledger_that_refuses_stops_the_request(world: Peer) -> None:
    class Empty(Free):
        def reserve(self, source: str, endpoint: str) -> None:
            raise BudgetSpent("habis")

    with pytest.raises(BudgetSpent):
        a_fetcher(world, terms=Terms(ledger=Empty())).send("contoh", ask(f"{world.url}/a"))
    assert world.seen == []


def test_a_name_that_leads_to_loopback_is_refused_unless_the_policy_names_it(world: Peer) -> None:
    port = world.place.split(":")[1]
    for host in ("localhost", "127.0.0.1", "2130706433", "[::1]"):
        with pytest.raises(Blocked):
            a_fetcher(allow_hosts=()).send("contoh", ask(f"https://{host}:{port}/a"))
    assert world.seen == []


def test_plain_http_is_refused_for_a_host_that_the_policy_does_not_name() -> None:
    with pytest.raises(Blocked, match="TLS"):
        a_fetcher().send("contoh", ask("http://contoh.example/a"))


def test_a_fetcher_closes_what_it_holds(world: Peer) -> None:
    world.routes["/a"] = answer()
    fetcher: Fetcher = a_fetcher(world)
    fetcher.send("contoh", ask(f"{world.url}/a"))
    fetcher.close()
