"""A line for lists: so many are put together at once, the rest wait their turn, and claims and decisions pass them by.

Python runs one thread at a time: forty lists at once are none the sooner, and keep every decision waiting.
"""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE, MOST_WAITING, LONGEST_WAIT = 4, 200, 30.0
"""Lists that are put together at once, browsers that may wait for theirs, and for how many seconds."""

SCRIPTS_AT_ONCE, MOST_SCRIPTS = 2, 50
"""The same of what programs ask for: a line of its own, so that no officer stands behind a script."""

_LISTS = frozenset({"", "antrean", "orang", "tidak-dapat-dinilai", "pasangan"})
"""First parts of the paths of pages that many open, and that nobody's turn depends on."""

_SCRIPTS = "api"


class Line:
    """Turns of a number of requests at once, first come, first served; requests may belong to different event loops."""

    __slots__ = ("_free", "_guard", "_most", "_waiting")

    def __init__(self, at_once: int, most: int) -> None:
        """Let `at_once` in and `most` wait."""
        self._free, self._most = at_once, most
        self._guard = Lock()
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self, seconds: float) -> bool:
        """Wait for a turn, which ends with `pass_on`; False when too many wait already or it did not come in time."""
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._most:
                return False
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(mine)
        try:
            await asyncio.wait_for(asyncio.shield(mine), seconds)
        except TimeoutError:
            return not self._left(mine)
        except asyncio.CancelledError:
            if not self._left(mine):
                self.pass_on()
            raise
        return True

    def pass_on(self) -> None:
        """End a turn and let the one in that has waited longest."""
        with self._guard:
            if not self._waiting:
                self._free += 1
                return
            following = self._waiting.popleft()
        following.get_loop().call_soon_threadsafe(following.set_result, None)

    def _left(self, mine: asyncio.Future[None]) -> bool:
        """Leave the line; False when the turn had come by then."""
        with self._guard:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True


class InLine:
    """ASGI middleware that puts requests for lists in line and answers `busy` where the line is too long."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        busy: ASGIApp,
        line: Line | None = None,
        scripts: Line | None = None,
        seconds: float = LONGEST_WAIT,
    ) -> None:
        """Take what answers a request that nobody has time for, and the lines of people and of programs."""
        self._app, self._busy, self._seconds = app, busy, seconds
        self._people = line or Line(AT_ONCE, MOST_WAITING)
        self._scripts = scripts or Line(SCRIPTS_AT_ONCE, MOST_SCRIPTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in its turn."""
        line = self._line_of(scope)
        if line is None:
            await self._app(scope, receive, send)
            return
        if not await line.take(self._seconds):
            await self._busy(scope, receive, send)
            return
        over = False

        async def noticing(message: Message) -> None:
            nonlocal over
            if not over:  # it is put together; how fast it is fetched is the browser's affair
                over = True
                line.pass_on()
            await send(message)

        try:
            asked = await _still_asked(scope, receive)
            if asked is not None:
                await self._app(scope, asked, noticing)
        finally:
            if not over:
                line.pass_on()

    def _line_of(self, scope: Scope) -> Line | None:
        """Return where a request waits, None for one that passes all lines by."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        room = scope["path"].strip("/").partition("/")[0]
        if room == _SCRIPTS:
            return self._scripts
        return self._people if room in _LISTS else None


async def _still_asked(scope: Scope, receive: Receive) -> Receive | None:
    """Return how to receive a request; None when its browser has gone, as with a page that was loaded anew meanwhile.

    A request that brings something along is not looked at: one that is slow to bring it would keep its turn.
    """
    if any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
        return receive
    first: list[Message] = [await receive()]
    if first[0]["type"] == "http.disconnect":
        return None

    async def again() -> Message:
        return first.pop() if first else await receive()

    return again
