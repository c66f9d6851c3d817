"""The fetcher's manners over a real socket: allowances, quiet hours, terms and books."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.request import urlopen

import pytest

from monitor.domain import SourceMode
from monitor.errors import BudgetSpent, NetworkFailure, PolicyBlocked, QuotaSpent, RateLimited
from scrapers.fetch import Fetcher, Identity
from scrapers.manifest import Manifest, Price
from scrapers.policy import check
from scrapers.terms import Terms
from tests.scrapers.loopback import START, Clock, Free, Handler, Peer, a_fetcher, a_policy, answer, ask


@dataclass
class Window:
    """A rate limit as the real PDS keeps it: so many requests in a fixed window, told in whole seconds rounded down."""

    limit: int
    seconds: float
    began: float = 0.0
    used: int = 0
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, handler: Handler) -> None:
        with self.lock:
            now = time.time()
            if now - self.began >= self.seconds:
                self.began, self.used = now, 0
            self.used += 1
            over = self.used > self.limit
            self.refused += over
            headers = {
                "ratelimit_limit": str(self.limit),
                "ratelimit_remaining": str(max(self.limit - self.used, 0)),
                "ratelimit_reset": str(math.floor(self.began + self.seconds)),
                "ratelimit_policy": f"{self.limit};w={self.seconds:g}",
            }
        answer(429 if over else 200, b'{"error":"RateLimitExceeded"}' if over else b"{}", **headers)(handler)


def real_fetcher(world: Peer, **changes: Any) -> Fetcher:
    policy = a_policy(allow_hosts=(world.place,), max_wait_seconds=30.0, **changes)
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    return Fetcher({"contoh": policy}, identity, lambda: datetime.now(UTC), time.sleep)


def test_an_allowance_that_others_spent_is_waited_for_and_never_overrun_again(world: Peer) -> None:
    window = world.routes["/a"] = Window(limit=12, seconds=2.0)
    for _ in range(window.limit):
        with urlopen(f"{world.url}/a"):
            pass
    ours = real_fetcher(world)
    answers = [ours.send("contoh", ask(f"{world.url}/a")).status for _ in range(window.limit + 6)]
    assert answers == [200] * (window.limit + 6)
    assert window.refused == 1  # the one that could not know


def test_an_allowance_is_never_overrun_by_several_threads(world: Peer) -> None:
    window = world.routes["/a"] = Window(limit=10, seconds=1.5)
    fetcher = real_fetcher(world)
    got: list[int] = []

    def work() -> None:
        got.extend(fetcher.send("contoh", ask(f"{world.url}/a")).status for _ in range(6))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, window.refused) == ([200] * 24, 0)


def test_the_last_calls_of_an_allowance_are_spread(world: Peer) -> None:
    clock, left = Clock(), deque([3, 2, 1, 0])

    def route(handler: Handler) -> None:
        reset = str(int((START + timedelta(seconds=30)).timestamp()))
        answer(ratelimit_limit="100", ratelimit_remaining=str(left.popleft()), ratelimit_reset=reset)(handler)

    world.routes["/a"] = route
    fetcher, at = a_fetcher(world, clock), []
    for _ in range(4):
        fetcher.send("contoh", ask(f"{world.url}/a"))
        at.append(round((clock.now - START).total_seconds()))
    assert at == [0, 10, 21, 31]


def test_a_server_that_struggles_is_asked_less_and_less(world: Peer) -> None:
    world.routes["/a"] = answer(503, b"x")
    clock = Clock()
    fetcher = a_fetcher(world, clock, tries=1)
    starts = []
    for _ in range(5):
        with pytest.raises(Exception, match="bermasalah"):
            fetcher.send("contoh", ask(f"{world.url}/a"))
        starts.append((clock.now - START).total_seconds())
    gaps = [b - a for a, b in pairwise(starts)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 4


def test_quiet_hours_that_end_soon_are_waited_out(world: Peer) -> None:
    world.routes["/a"] = answer()
    clock = Clock(datetime(2026, 11, 20, 0, 59, 40, tzinfo=UTC))  # 07.59.40 in Jakarta
    a_fetcher(world, clock, quiet_hours=("06:00-08:00",)).send("contoh", ask(f"{world.url}/a"))
    assert clock.now == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_quiet_hours_that_last_send_nothing_and_say_until_when(world: Peer) -> None:
    clock = Clock(datetime(2026, 11, 19, 23, 30, tzinfo=UTC))  # 06.30 in Jakarta
    with pytest.raises(BudgetSpent, match=r"sampai 08\.00"):
        a_fetcher(world, clock, quiet_hours=("06:00-08:00",)).send("contoh", ask(f"{world.url}/a"))
    assert (world.seen, clock.slept) == ([], [])


def test_quiet_hours_are_the_offices(world: Peer) -> None:
    world.routes["/a"] = answer()
    clock = Clock(datetime(2026, 11, 19, 23, 30, tzinfo=UTC))  # 08.30 in Jayapura
    fetcher = a_fetcher(world, clock, quiet_hours=("06:00-08:00",), timezone="Asia/Jayapura")
    assert fetcher.send("contoh", ask(f"{world.url}/a")).status == 200


def manifest(**changes: Any) -> Manifest:
    given: dict[str, Any] = {
        "name": "contoh",
        "title": "Contoh",
        "version": "1",
        "status": "working",
        "verified": date(2026, 11, 1),
        "modes": (SourceMode.LIVE_API, SourceMode.LIVE_PUBLIC_HTML),
        "docs": (),
    }
    return Manifest(**(given | changes))


@pytest.mark.parametrize(
    ("stated", "policy", "said"),
    [
        ({"gated": True}, {}, "permission_ref"),
        ({"retention_days": 30}, {"retention_days": 31}, "retention_days = 30"),
        ({"price": (Price("unggahan", 5000, "USD", "-"),)}, {}, "cost_cap_daily"),
        ({"modes": (SourceMode.IMPORT,)}, {}, "pantau import"),
        ({"modes": (SourceMode.OWNER_TOKEN,)}, {}, "owner_token"),
        ({}, {"mode": SourceMode.LIVE_PUBLIC_HTML, "robots": "not_applicable"}, "robots"),
    ],
    ids=["gated", "retention", "price", "imports only", "other door", "robots"],
)
def test_a_policy_that_asks_more_than_the_terms_grant_says_what_to_change(
    world: Peer, stated: dict[str, Any], policy: dict[str, Any], said: str
) -> None:
    terms = Terms({"contoh": manifest(**stated)})
    with pytest.raises(PolicyBlocked) as caught:
        a_fetcher(world, terms=terms, **policy).send("contoh", ask(f"{world.url}/a"))
    assert said in str(caught.value)
    assert world.seen == []


@pytest.mark.parametrize(
    ("stated", "policy"),
    [
        ({"gated": True}, {"permission_ref": "X-001/2026"}),
        ({"retention_days": 30}, {"retention_days": 30}),
        ({"price": (Price("unggahan", 5000, "USD", "-"),)}, {"cost_cap_monthly": 10.0}),
        ({}, {"mode": SourceMode.LIVE_PUBLIC_HTML, "robots": "respect"}),
    ],
)
def test_a_policy_within_the_terms_opens_the_source(stated: dict[str, Any], policy: dict[str, Any]) -> None:
    assert check(a_policy(**policy), "contoh", manifest=manifest(**stated)).enabled


def test_a_policy_for_imports_is_not_held_against_live_terms() -> None:
    policy = a_policy(mode=SourceMode.IMPORT, retention_days=900)
    assert check(policy, "contoh", SourceMode.IMPORT, manifest(gated=True, retention_days=30)) is policy


def test_every_try_is_booked_and_what_brought_nothing_is_given_back(world: Peer) -> None:
    world.routes["/a"] = deque_of(answer(503, b"x"), answer())
    books = Free()
    a_fetcher(world, terms=Terms(ledger=books)).send("contoh", ask(f"{world.url}/a"))
    assert books.told == [("reserve", "contoh"), ("settle", "contoh"), ("reserve", "contoh")]


def test_a_line_that_breaks_is_given_back(world: Peer) -> None:
    books = Free()
    with pytest.raises(NetworkFailure):
        a_fetcher(terms=Terms(ledger=books), tries=1, allow_hosts=("127.0.0.1",)).send(
            "contoh", ask("http://127.0.0.1:9/a")
        )
    assert books.told == [("reserve", "contoh"), ("settle", "contoh")]


def test_only_an_answer_with_content_is_charged_for(world: Peer) -> None:
    world.routes |= {"/a": answer(), "/b": answer(404, b'{"error":"x"}')}
    books = Free()
    fetcher = a_fetcher(world, terms=Terms(ledger=books))
    for path in ("/a", "/b"):
        request = ask(f"{world.url}{path}")
        fetcher.settle("contoh", request, fetcher.send("contoh", request), {"unggahan": 3})
    assert [what for what, _ in books.told] == ["reserve", "settle", "reserve", "settle"]


def test_robots_txt_costs_no_quota(world: Peer) -> None:
    world.routes["/a"] = answer()
    books = Free()
    a_fetcher(world, robots="respect", terms=Terms(ledger=books)).send("contoh", ask(f"{world.url}/a"))
    assert [endpoint for what, endpoint in books.told if what == "reserve"] == ["robots.txt", "contoh"]


def test_a_source_closed_by_its_platform_is_not_asked_again_that_day(world: Peer) -> None:
    world.routes["/a"] = answer()
    clock = Clock()
    fetcher = a_fetcher(world, clock)
    fetcher.close_source("contoh")
    with pytest.raises(QuotaSpent):
        fetcher.send("contoh", ask(f"{world.url}/a"))
    assert world.seen == []
    clock.now += timedelta(days=1)
    assert fetcher.send("contoh", ask(f"{world.url}/a")).status == 200


def test_a_host_that_its_adapter_wants_left_alone_is(world: Peer) -> None:
    world.routes["/a"] = answer()
    clock = Clock()
    fetcher, request = a_fetcher(world, clock), ask(f"{world.url}/a")
    fetcher.leave_alone(request, START + timedelta(seconds=20))
    fetcher.send("contoh", request)
    assert clock.now >= START + timedelta(seconds=20)
    fetcher.leave_alone(request, START + timedelta(hours=2))
    with pytest.raises(RateLimited):
        fetcher.send("contoh", request)


def deque_of(*routes: Callable[[Handler], None]) -> Callable[[Handler], None]:
    left = deque(routes)

    def write(handler: Handler) -> None:
        left.popleft()(handler)

    return write
