"""A real HTTP server on loopback whose every answer a test writes itself, byte by byte."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scrapers.contract import Request
from scrapers.fetch import Fetcher, Identity
from scrapers.policy import SourcePolicy

Handler = BaseHTTPRequestHandler
START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@dataclass
class Peer:
    url: str
    routes: dict[str, Callable[[Handler], None]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.url.removeprefix("http://")

    def asked(self, path: str) -> int:
        return sum(1 for seen, _ in self.seen if seen == path)


@contextlib.contextmanager
def peer() -> Iterator[Peer]:
    world = Peer("")

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            world.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            route = world.routes.get(self.path.split("?")[0])
            if route is None:
                answer(404, b'{"error":"Record not found"}')(self)
            else:
                with contextlib.suppress(ConnectionError):
                    route(self)

        def do_POST(self) -> None:
            world.bodies.append(self.rfile.read(int(self.headers.get("content-length", "0"))))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Callable[[Handler], None]:
    def write(handler: Handler) -> None:
        names = {"content-type": "application/json", "content-length": str(len(body))}
        names |= {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send_response(status)
        for name, value in names.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


def in_turn(*answers: Callable[[Handler], None]) -> Callable[[Handler], None]:
    left = list(answers)

    def write(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return write


def drip(seconds: float) -> Callable[[Handler], None]:
    def write(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(int(seconds / 0.05)):
            handler.wfile.write(b"x-a: b\r\n")
            handler.wfile.flush()
            time.sleep(0.05)

    return write


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Free:
    """A ledger that lets everything pass and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def reserve(self, source: str, endpoint: str) -> None:
        self.told.append(("reserve", endpoint))

    def settle(self, source: str, endpoint: str, billed: Mapping[str, int], at: datetime) -> None:
        self.told.append(("settle", endpoint))

    def close(self, source: str) -> None:
        self.told.append(("close", source))


def a_policy(**changes: Any) -> SourcePolicy:
    given: dict[str, Any] = {
        "source": "contoh",
        "enabled": True,
        "legal_basis": "UU 7/2017",
        "approved_by": "Kordiv Contoh",
        "approved_at": date(2026, 11, 1),
        "robots": "not_applicable",
        "max_rps": 1000.0,
    }
    return SourcePolicy(**(given | changes))


def ask(url: str, **changes: Any) -> Request:
    return Request("contoh", url, **changes)


def a_fetcher(world: Peer | None = None, clock: Clock | None = None, **changes: Any) -> Fetcher:
    clock = clock or Clock()
    wire, terms = changes.pop("wire", None), changes.pop("terms", None)
    hosts = (world.place,) if world is not None else ()
    policy = a_policy(**({"allow_hosts": hosts} | changes))
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    return Fetcher({"contoh": policy}, identity, clock, clock.sleep, wire, terms)
