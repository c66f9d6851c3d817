"""Our own wire, which notes when each host is sent a request: in the client, just before the transport has it.

A server that shares a busy machine with the client notes arrivals late, some more than others, so the gaps between them
tell of the machine too. When a request left is the program's alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import pairwise
from urllib.parse import urlsplit

from scrapers.fetch import HttpxWire
from scrapers.wire import Answer, Call


class NotingWire(HttpxWire):
    """Sends as the program does; `sent` are the moments by a clock that nobody sets, in seconds, for each host."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: defaultdict[str, list[float]] = defaultdict(list)

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Note the moment and send; of one host no two calls are under way at once."""
        self.sent[urlsplit(call.url).netloc].append(time.monotonic())
        return super().send(call, limit, timeout)

    def gaps(self) -> list[tuple[str, float]]:
        """Return each host's gaps between one sending and the next."""
        return [(host, after - before) for host, at in self.sent.items() for before, after in pairwise(at)]
