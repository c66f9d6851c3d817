"""A network that resets, breaks off, stalls and trickles: a night keeps what it got, the next one gets the rest."""

from __future__ import annotations

import random
import shutil
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.connect import Database, open_database
from db.tables import interaction
from db.verify import verify
from monitor.domain import Outcome
from scrapers.fetch import HttpxWire
from scrapers.wire import Answer, Call
from tests.peers.registers import settings, write_registers
from tests.peers.world import Size, make_world
from tests.scan.offices import NOW, HeldClock, Office, make_office
from tests.scan.written_bluesky import WrittenBluesky

pytestmark = pytest.mark.slow

SEED = 20261122
SPOILT = 0.5  # of all answers
GIVEN_UP = 0.1  # seconds after which our side does not wait any longer
SMALL = Size(asn=8, bystanders=8, posts=2, likes=2, bystander_likes=4)


@dataclass
class Line:
    """The way to a network, some of whose answers are spoilt for as long as it is `bad`."""

    network: WrittenBluesky
    bad: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    spoilt: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str) -> tuple[str, Answer]:
        with self.guard:
            how = self.chance.choice([*WAYS]) if self.bad and self.chance.random() < SPOILT else ""
            self.spoilt[how] += 1
            return how, self.network.send(Call(self.network.pds + path, ""), 1 << 20, 1.0)


class Hurried(HttpxWire):
    """The program's own way onto the network, which waits less long for a bad line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        return super().send(call, limit, GIVEN_UP if self.line.bad else timeout)


def reset(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    linger = struct.pack("ii", 1, 0)  # closing then resets instead of saying goodbye
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def say_nothing(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    """Close without an answer."""


def break_off(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    handler.wfile.write(raw[: max(len(raw) - 20, len(raw) // 2)])


def half_close(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    handler.wfile.write(raw[: len(raw) // 2])
    handler.connection.shutdown(socket.SHUT_WR)


def stall(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    handler.wfile.write(raw[: len(raw) // 2])
    line.over.wait(GIVEN_UP * 5)


def trickle(line: Line, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
    for byte in raw:
        handler.wfile.write(bytes([byte]))
        if line.over.wait(GIVEN_UP / 10):
            return


WAYS = {way.__name__: way for way in (reset, say_nothing, break_off, half_close, stall, trickle)}


@contextmanager
def served(line: Line) -> Iterator[str]:
    """Serve the network on loopback and give its address."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            how, answer = line.answer(self.path)
            head = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in answer.headers.items())]
            head += [f"content-length: {len(answer.body)}", "", ""]
            raw = "\r\n".join(head).encode() + answer.body
            if not how:
                self.wfile.write(raw)
                return
            self.close_connection = True
            with suppress(OSError):
                WAYS[how](line, self, raw)
            self.connection.close()

        def handle(self) -> None:
            with suppress(OSError, ValueError):  # what we spoil ourselves
                super().handle()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        line.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def office_at(place: str, home: Path, database: Database, network: WrittenBluesky) -> Office:
    urls, host = {"appview_url": place, "plc_url": place}, place.removeprefix("http://")
    office = make_office(home, database, settings("bluesky", urls, (host,)), HeldClock(NOW))
    folder = home.with_name(f"{home.name}-register")
    write_registers(folder, network.world, "bluesky", network.accounts)
    office.register(folder)
    return office


def acts(database: Database) -> Counter[tuple[Any, ...]]:
    columns = (interaction.c.key, interaction.c.act, interaction.c.occurred_at, interaction.c.own_item_key)
    with database.read() as session:
        assert verify(session) == []
        return Counter(tuple(row) for row in session.execute(sa.select(*columns)))


def test_a_flapping_network_loses_no_act_doubles_none_and_is_told(
    sqlite_database: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    network = WrittenBluesky(make_world(7, NOW, SMALL), page=3)
    line = Line(network)
    calm = open_database(f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'tenang.db')}")
    wire = Hurried(line)
    with served(line) as place:
        network.pds = place
        struck = office_at(place, tmp_path / "kantor", sqlite_database, network)
        first = struck.scan(wire)
        got, spoilt = acts(sqlite_database), set(line.spoilt)
        line.bad = False
        second = struck.scan(wire)
        office_at(place, tmp_path / "tenang", calm, network).scan(wire)
        wire.close()
    whole = acts(calm)
    calm.dispose()
    assert spoilt == {*WAYS, ""}
    unread = {target.outcome for target in first.targets} - {Outcome.OK, Outcome.EMPTY_CONFIRMED}
    assert Outcome.NETWORK in unread
    assert not first.ok
    assert 0 < got.total() < whole.total()
    assert {key for key, *_ in got} < {key for key, *_ in whole}
    assert second.sums_agree
    assert acts(sqlite_database) == whole
