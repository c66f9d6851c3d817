"""The only way to the network: one honest call at a time per host, judged before it is handed on.

A request passes, in order: the policy, the host guard, a host's own request to be left alone, robots.txt, the host's
slot, the daily cap. Its answer passes the classifier; what is left is content. Answers with status 400, 404, 410 and
422 are handed on as well, since their bodies are the platform's own words ("Profile not found") and only the adapter
knows them: `Adapter.read` raises AccountGone or PrivateContent for them. So are 401 and 403 to a call with a
credential: they say whether the key was refused, the quota is spent or the comments are closed; and a 429 that speaks
of a grant that no short wait renews.

A secret joins a call while it is sent and is taken out of the answer at once, so that no address, body, header or error
that leaves this file holds one.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

import httpx

from monitor.errors import (
    Blocked,
    BudgetSpent,
    LoginWall,
    NetworkFailure,
    QuotaSpent,
    RateLimited,
    ServerFailure,
    SourceError,
)
from scrapers import classify, hosts, limits, robots
from scrapers.bodies import read_body
from scrapers.contract import Request, Response
from scrapers.costs import ROBOTS
from scrapers.credentials import carry, scrub
from scrapers.errand import REDIRECTS, Errand, backoff, brings, lane, redirect, shown
from scrapers.pace import Pacer, Pacing
from scrapers.policy import SourcePolicy, check
from scrapers.pools import Pools
from scrapers.quiet import quiet_until
from scrapers.sockets import Deadline, PinnedBackend
from scrapers.terms import DayCount, Terms
from scrapers.wire import Answer, Call, Identity, Ledger, NotRecorded, Resolves, TooLarge, Truncated, Wire, posted

_MAX_HOPS = 3
_DEFAULT_WAIT = 60.0  # seconds to stay away after a 429 that names no time
_SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2"})

__all__ = ["Fetcher", "HttpxWire", "Identity"]


class Fetcher:
    """Fetches for every source under its policy; safe to share between threads. `clock` gives aware UTC times."""

    def __init__(
        self,
        policies: Mapping[str, SourcePolicy],
        identity: Identity,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        wire: Wire | None = None,
        terms: Terms | None = None,
    ) -> None:
        self._policies = policies
        self._clock = clock
        self._sleep = sleep
        self._wire: Wire = wire if wire is not None else HttpxWire()
        self._terms = terms if terms is not None else Terms()
        self._ledger: Ledger = self._terms.ledger or DayCount(policies, clock)
        self._pacer: Pacing = self._terms.pacer or Pacer(clock, sleep)
        self._robots = robots.RobotsCache(clock)
        self._given_up: set[str] = set()
        self._headers = {
            "user-agent": identity.user_agent,
            "accept": "application/json, text/html;q=0.8, */*;q=0.5",
            "accept-encoding": "gzip, deflate",
        }

    def send(self, source: str, request: Request) -> Response:
        """Return one answer as received, but for secrets.

        `Response.url` is the address asked, with a form in it as `__wb_method=POST&...`. Raises PolicyBlocked before
        anything is sent, and of the SourceError tree: Blocked, LoginWall, Challenge, RateLimited, BudgetSpent,
        UnexpectedContent (EmptyAnswer, Truncated, TooLarge), NetworkFailure, ServerFailure.
        """
        policy = check(self._policies.get(source), source, manifest=self._terms.manifests.get(source))
        self._keep_quiet(policy)
        asked = here = urldefrag(request.url).url
        first = hosts.place(asked)
        for _ in range(_MAX_HOPS + 1):
            delay = self._check_robots(policy, here)
            errand = Errand(
                policy=policy,
                endpoint=request.endpoint,
                delay=delay,
                limit=policy.max_body_bytes,
                form=request.form,
                credential=request.credential,
                frank=request.frank or request.credential is not None,
            )
            answer = self._attempts(errand, here)
            if answer.status not in REDIRECTS:
                return self._respond(posted(asked, shown(request.form)), answer)
            here = redirect(answer, here, first, errand)
        raise Blocked(f"{source} mengalihkan lebih dari {_MAX_HOPS} kali", url=asked)

    def settle(self, source: str, request: Request, response: Response, billed: Mapping[str, int]) -> None:
        """Book what the platform charges for an answer, as the adapter counted it, instead of the most it could be."""
        if brings(response.status):
            self._ledger.settle(source, request.endpoint, billed, response.fetched_at)

    def close_source(self, source: str) -> None:
        """Ask a source nothing more until its quota's day turns, since the platform says that the quota is spent."""
        self._ledger.close(source)

    def leave_alone(self, request: Request, until: datetime | None) -> None:
        """Ask a host nothing before then, or for a minute, since its answer's words say that it was asked too much."""
        self._pacer.close(lane(request.url), until or self._clock() + timedelta(seconds=_DEFAULT_WAIT))

    def close(self) -> None:
        """Close what the wire holds open."""
        close = getattr(self._wire, "close", None)
        if close is not None:
            close()

    def _keep_quiet(self, policy: SourcePolicy) -> None:
        """Wait for the end of the source's quiet hours; BudgetSpent when that is too far off."""
        if not policy.quiet_hours:
            return
        now, zone = self._clock(), ZoneInfo(policy.timezone)
        until = quiet_until(policy.quiet_hours, zone, now)
        if until is None:
            return
        left = (until - now).total_seconds()
        if left > policy.max_wait_seconds:
            ends = until.astimezone(zone)
            raise BudgetSpent(f"Jam tenang {policy.source} berlaku sampai {ends:%H.%M}; sisanya dibaca kemudian")
        self._sleep(left)

    def _respond(self, asked: str, answer: Answer) -> Response:
        headers = {name: value for name, value in answer.headers.items() if name not in _SECRET_HEADERS}
        return Response(
            url=asked,
            final_url=answer.final_url,
            status=answer.status,
            headers=headers,
            body=answer.body,
            fetched_at=self._clock(),
            sha256=hashlib.sha256(answer.body).hexdigest(),
        )

    def _check_robots(self, policy: SourcePolicy, url: str) -> float:
        """Return the delay between requests to this host; Blocked when its robots.txt closes the URL."""
        delay = 1 / policy.max_rps
        if policy.robots == "not_applicable":
            return delay
        where = hosts.place(url)
        hosts.check_place(where, policy.allow_hosts, url)
        address = f"{where.origin}/robots.txt"
        rules = self._robots.rules(where.origin, lambda: self._ask_robots(policy, address, delay))
        if not rules.allows(url):
            raise Blocked(f"robots.txt di {where.host} menutup alamat ini", url=url)
        return max(delay, rules.delay)

    def _ask_robots(self, policy: SourcePolicy, url: str, delay: float) -> Answer:
        """Fetch robots.txt; a redirect to another host counts as no robots.txt, a failing server stays a failure."""
        first = hosts.place(url)
        errand = Errand(policy, ROBOTS, delay, robots.MAX_BYTES, judged=False)
        for _ in range(_MAX_HOPS + 1):
            answer = self._attempts(errand, url)
            if answer.status not in REDIRECTS:
                break
            try:
                url = redirect(answer, url, first, errand)
            except (Blocked, LoginWall):
                break
        if answer.status >= 500:
            raise ServerFailure(f"robots.txt di {first.host} tidak terbaca (HTTP {answer.status})", url=url)
        return answer

    def _attempts(self, errand: Errand, url: str) -> Answer:
        """Return the answer to one call, trying again a bounded number of times where that may help."""
        policy, host = errand.policy, lane(url)
        patience = policy.max_wait_seconds
        for attempt in range(1, policy.tries + 1):
            last = attempt == policy.tries
            status: int | None = None
            try:
                answer = None
                while answer is None:
                    patience -= self._await_open(policy, host, url, patience)
                    answer = self._send(errand, url)
                status = answer.status
                if status == 429 and not (errand.frank and classify.says_spent(answer)):
                    continue
                if errand.judged and status not in REDIRECTS and not (errand.frank and status in (401, 403, 429)):
                    classify.check_answer(answer, policy.mode, policy.source)
            except (NotRecorded, TooLarge):
                raise
            except (NetworkFailure, ServerFailure, Truncated) as error:
                if status is None:
                    self._pacer.note(host, well=False)
                if last or not classify.may_retry(error, status):
                    raise
                self._sleep(backoff(url, attempt))
            else:
                return answer
        self._given_up.add(host)
        raise RateLimited(f"{policy.source} membatasi permintaan", url=url, retry_at=self._pacer.closed_until(host))

    def _send(self, errand: Errand, url: str) -> Answer | None:
        """Send one call in its turn; None when the host asked to be left alone while the call waited for it."""
        policy, where = errand.policy, hosts.place(url)
        named = hosts.check_place(where, policy.allow_hosts, url)
        call = Call(posted(url, shown(errand.form)), url, self._headers, errand.form)
        if errand.credential is not None:
            call = carry(call, self._terms.key(policy.source, errand.credential))
        with self._pacer.turn(lane(url), errand.delay, policy.max_wait_seconds):
            if self._pacer.closed_until(lane(url)) is not None:
                return None
            if isinstance(self._wire, Resolves):
                addresses = self._wire.resolve(where.host, where.port)
                if not named:
                    hosts.check_addresses(where, addresses, url)
            answer = self._booked(errand, call)
            self._note_limits(lane(url), answer)
        return scrub(answer, call.secret) if call.secret else answer

    def _booked(self, errand: Errand, call: Call) -> Answer:
        """Send a call whose cost is booked before; what brought nothing is not charged."""
        policy = errand.policy
        try:
            self._ledger.reserve(policy.source, errand.endpoint)
        except (BudgetSpent, QuotaSpent) as error:
            error.url = call.name
            raise
        brought = False
        try:
            self._pacer.leaves(lane(call.url))
            answer = self._wire.send(call, errand.limit, policy.timeout_seconds)
            brought = brings(answer.status)
        finally:
            if not brought:
                self._ledger.settle(policy.source, errand.endpoint, {}, self._clock())
        return answer

    def _await_open(self, policy: SourcePolicy, host: str, url: str, patience: float) -> float:
        """Wait until the host may be asked again and return for how long; RateLimited when that is too far off.

        A host that outlasted the patience of one request is not waited for again until its time has come.
        """
        until = self._pacer.closed_until(host)
        if until is None:
            self._given_up.discard(host)
            return 0.0
        left = (until - self._clock()).total_seconds()
        if left > patience or host in self._given_up:
            self._given_up.add(host)
            raise RateLimited(f"{policy.source} minta dihubungi lagi nanti", url=url, retry_at=until)
        self._sleep(left)
        return left

    def _note_limits(self, host: str, answer: Answer) -> None:
        """Close the host for as long as the answer asks, and remember how it went."""
        now, refused = self._clock(), answer.status in (429, 503)
        left = limits.allowance(answer.headers, now)
        self._pacer.note(host, well=not refused and answer.status < 500, left=left)
        until = left.until if left is not None and not left.left else None
        if refused:
            until = limits.retry_at(answer.headers, now) or until
        if answer.status == 429 and until is None:
            until = now + timedelta(seconds=_DEFAULT_WAIT)
        if until is not None:
            self._pacer.close(host, until)


class HttpxWire:
    """The network: no cookies, no proxies from the environment, no redirects, judged addresses, a hard deadline."""

    def __init__(self) -> None:
        self._deadline = Deadline()
        self._backend = PinnedBackend(self._deadline)
        self._transport = _Transport(self._backend)

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return every address behind a name, and connect to no other from now on."""
        return self._backend.resolve(host, port)

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Send one call; see `Wire.send`."""
        self._deadline.start(timeout)
        extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)}
        method = "GET" if call.form is None else "POST"
        request = httpx.Request(method, call.url, headers=call.headers, data=call.form, extensions=extensions)
        found = self._exchange(request, limit, timeout)
        if isinstance(found, SourceError):  # raised here, since what httpx raises may quote what was sent or received
            found.url = call.name
            raise found
        status, headers, body = found
        return Answer(status, headers, body, call.name)

    def _exchange(
        self, request: httpx.Request, limit: int, timeout: float
    ) -> tuple[int, dict[str, str], bytes] | SourceError:
        """Return status, headers and body, or the failure."""
        try:
            response = self._transport.handle_request(request)
        except httpx.TimeoutException:
            return NetworkFailure(f"Tidak ada jawaban dalam {timeout:g} detik")
        except httpx.HTTPError as error:
            return NetworkFailure(f"Sambungan gagal: {type(error).__name__}")
        try:
            body = _body(response, limit)
        except httpx.TimeoutException:
            return NetworkFailure(f"Jawaban tidak selesai dalam {timeout:g} detik")
        except httpx.HTTPError:
            return Truncated("Jawaban terputus sebelum selesai")
        except SourceError as error:
            return error
        finally:
            response.close()
        return response.status_code, {k.lower(): v for k, v in response.headers.items()}, body

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()


def _body(response: httpx.Response, limit: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(f"Jawaban {int(announced)} bita melebihi batas {limit} bita")
    return read_body(response.iter_raw(), response.headers.get("content-encoding", ""), limit)


class _Transport(httpx.HTTPTransport):
    """httpx's own transport over pools that connect through our backend."""

    def __init__(self, backend: PinnedBackend) -> None:
        context = _trusted()
        super().__init__(verify=context, trust_env=False)
        self._pool = Pools(context, backend)


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates to trust; reading them takes longer than many a request."""
    return httpx.create_ssl_context(trust_env=False)
