"""Takes pictures of public pages with Chromium, whose every call goes through the fetcher that is handed in.

The browser itself reaches no network: its proxy leads nowhere, and what it is shown comes from `gate.Gate`. It sends no
form, keeps nothing between two pages, names the office as its user agent and never signs in anywhere.
"""

from __future__ import annotations

import os
import re
import signal
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

from monitor.domain import PictureState
from monitor.errors import ConfigError
from monitor.evidence.gate import Answered, Fetch, Gate
from monitor.evidence.mosaic import Box

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright, Request, Route

WIDTH = 1080
TALLEST = 8000
"""Pixels of a picture; of a longer page the part around the text is taken."""

_FLAGS: Final = (
    "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-domain-reliability", "--disable-dev-shm-usage", "--no-first-run", "--no-pings", "--mute-audio",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--js-flags=--max-old-space-size=512",
)  # fmt: skip
_NOWHERE: Final[Any] = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}
_PATIENCE = 10_000  # milliseconds that a page may take to answer a question
_QUIET = 0.8  # seconds without a call after which a page counts as loaded
_SPARE = 30.0  # seconds beyond the limit after which the browser is ended from outside
_MASK = re.compile(r"@\[akun lain\]|https?://\S+|[\r\n]+")
_LEAST = 3  # letters of a piece worth looking for beside the longest


@dataclass(frozen=True, slots=True)
class Lens:
    """How pictures are taken: the browser, the name it gives itself, and the limits of one page.

    `requests` and `weight` (bytes) bound what a page may load, `seconds` how long.
    """

    browser: Path
    user_agent: str
    seconds: float = 60.0
    requests: int = 80
    weight: int = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sought:
    """The text that a picture is of: its address, its words as kept, and how its author's account is written.

    Without `names` the author is unknown to the register, and nothing but the kept words is shown of them.
    """

    url: str
    text: str
    names: frozenset[str] = frozenset()

    def as_script(self) -> dict[str, object]:
        """Return what the measuring script needs: the words in pieces without spaces, the address's path."""
        squeezed = (re.sub(r"\s+", "", unicodedata.normalize("NFKC", part).lower()) for part in _MASK.split(self.text))
        pieces = [part[:400] for part in squeezed if part]
        needle = max(pieces, key=len, default="")
        path = re.sub(r"^[a-z]+://[^/]+", "", self.url.lower()).split("?")[0].split("#")[0].rstrip("/")
        return {
            "needle": needle,
            "pieces": [part for part in pieces if len(part) >= _LEAST or part == needle],
            "path": path,
            "names": sorted(name.lower().lstrip("@") for name in self.names),
        }


@dataclass(frozen=True, slots=True)
class Shot:
    """What came of one page. `png` is None where nothing was seen; `boxes` are what the readable copy may show."""

    state: PictureState
    detail: str = ""
    png: bytes | None = None
    boxes: tuple[Box, ...] = ()
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Camera:
    """A camera; its browser starts with the first picture. `version` names it, empty before."""

    lens: Lens
    version: str = ""
    _driver: Playwright | None = None
    _browser: Browser | None = None

    def take(self, address: str, document: Answered, sought: Sought, fetch: Fetch) -> Shot:
        """Return a picture of the page at `address`, whose answer is `document`.

        Never raises for what a page does; ConfigError where the browser does not start at all.
        """
        from playwright.sync_api import Error

        gate = Gate(address, document, fetch, self.lens.requests, self.lens.weight)
        browser = self._ready()
        try:
            with (
                _watched(browser, self.lens.seconds + _SPARE),
                _context(browser, self.lens, gate) as context,
            ):
                return _take(context.new_page(), gate, sought, self.lens.seconds)
        except Error as error:
            self._end_browser()
            return Shot(PictureState.GAGAL, f"peramban tidak dapat memotret halaman ini ({_first_line(error)})")

    def close(self) -> None:
        """End what was started."""
        self._end_browser()
        if self._driver is not None:
            self._driver.stop()
            self._driver = None

    def _ready(self) -> Browser:
        """Return the running browser; its sandbox is left out for root only, for whom there is none."""
        from playwright.sync_api import Error, sync_playwright

        if self._browser is not None and self._browser.is_connected():
            return self._browser
        try:
            self._driver = self._driver or sync_playwright().start()
            self._browser = self._driver.chromium.launch(
                executable_path=self.lens.browser,
                args=list(_FLAGS),
                chromium_sandbox=os.geteuid() != 0,
                proxy=_NOWHERE,
                timeout=60_000,
            )
        except Error as error:
            raise ConfigError(
                f"Peramban {self.lens.browser} tidak dapat dijalankan ({_first_line(error)})",
                "jalankan `chromium --headless` sebagai pengguna yang sama; kotak pasirnya memerlukan user namespaces",
            ) from error
        self.version = f"Chromium {self._browser.version}"
        return self._browser

    def _end_browser(self) -> None:
        if self._browser is not None:
            with suppress(Exception):  # one that was ended from outside is closed already
                self._browser.close()
            self._browser = None


@contextmanager
def camera(lens: Lens) -> Iterator[Camera]:
    """Open a camera; ConfigError says what is missing on this machine."""
    if find_spec("playwright") is None or find_spec("PIL") is None:
        raise ConfigError(
            "Memotret halaman memerlukan paket tambahan yang belum terpasang",
            "jalankan `.venv/bin/python -m pip install -e '.[browser]'`; lihat docs/pengawas/gambar.md",
        )
    if not lens.browser.exists():
        raise ConfigError(
            f"Peramban {lens.browser} tidak ada", "pasang paket chromium dari Debian, atau ubah [pictures] browser"
        )
    opened = Camera(lens)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _watched(browser: Browser, seconds: float) -> Iterator[None]:
    """End the browser from outside when a page holds it for longer: some waits of the driver have no end."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [int(process["id"]) for process in told if process["type"] == "browser"]
    timer = Timer(seconds, _end, pids)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def _context(browser: Browser, lens: Lens, gate: Gate) -> Iterator[BrowserContext]:
    """Open a window without memory whose calls all go to the gate."""
    context = browser.new_context(
        user_agent=lens.user_agent,
        viewport={"width": WIDTH, "height": 900},
        locale="id-ID",
        reduced_motion="reduce",
        service_workers="block",
        accept_downloads=False,
    )
    context.route("**/*", lambda route: _pass(route, gate))
    context.route_web_socket("**/*", lambda socket: socket.close())
    try:
        yield context
    finally:
        with suppress(Exception):  # gone with a browser that was ended from outside
            context.close()


def _pass(route: Route, gate: Gate) -> None:
    from playwright.sync_api import Error

    request = route.request
    with suppress(Error):  # the window may be gone before its call is answered
        found = gate.answer(request.method, request.resource_type, request.url, top=_is_top(request))
        if found is None and request.is_navigation_request():
            route.fulfill(status=204)  # the page stays; a call that is broken off would put an error in its place
        elif found is None:
            route.abort("blockedbyclient")
        else:
            route.fulfill(status=found.status, headers=found.shown_headers, body=found.body)


def _is_top(request: Request) -> bool:
    """Whether a call is for the page of the window itself, not of a frame or of a window that the page opens."""
    from playwright.sync_api import Error

    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:  # a window that is about to open has no frame yet
        return False


def _take(page: Page, gate: Gate, sought: Sought, seconds: float) -> Shot:
    page.context.on("page", lambda other: other.close() if other is not page else None)
    until = time.monotonic() + seconds
    devtools = page.context.new_cdp_session(page)  # before the page can keep the browser from answering
    page.goto(gate.address, wait_until="commit", timeout=30_000)
    restless = not _settle(page, gate, until)
    if restless or not _answers(page):
        _stop_scripts(devtools)
        restless = True
    measure = partial(_measure, devtools, _own_world(devtools), sought.as_script())
    first = measure()
    page.set_viewport_size({"width": WIDTH, "height": max(400, min(TALLEST, int(first["height"])))})
    restless = not _settle(page, gate, min(until, time.monotonic() + 20)) or restless
    gate.closed = True
    _stop_scripts(devtools)
    seen, png = _expose(page, measure)
    return _shot(seen, png, gate, restless=restless)


def _settle(page: Page, gate: Gate, until: float) -> bool:
    """Wait until a page calls for nothing more; False when the time was over before."""
    calls, since = -1, time.monotonic()
    while (now := time.monotonic()) < until:
        if gate.asked != calls:
            calls, since = gate.asked, now
        elif now - since >= _QUIET:
            return True
        if gate.spent:
            return False
        page.wait_for_timeout(100)
    return False


def _answers(page: Page) -> bool:
    """Whether the page's own scripts leave it time to answer."""
    from playwright.sync_api import Error

    try:
        page.wait_for_function("document.readyState !== 'loading'", timeout=_PATIENCE)
    except Error:
        return False
    return True


def _stop_scripts(devtools: CDPSession) -> None:
    """End the script of the page that runs, and let none run any more."""
    from playwright.sync_api import Error

    with suppress(Error):  # says that there was nothing to end
        devtools.send("Runtime.terminateExecution")
    devtools.send("Emulation.setScriptExecutionDisabled", {"value": True})


def _own_world(devtools: CDPSession) -> int:
    """Return a world of our own in the page, whose built-ins the page's scripts cannot have changed."""
    frame = devtools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    made = devtools.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "pantau"})
    return int(made["executionContextId"])


def _measure(devtools: CDPSession, world: int, subject: dict[str, object]) -> dict[str, Any]:
    """Return where the text stands and what of it may be shown; see measure.js."""
    script = resources.files("monitor.evidence").joinpath("measure.js").read_text(encoding="utf-8")
    asked = {
        "functionDeclaration": script,
        "executionContextId": world,
        "arguments": [{"value": subject}],
        "returnByValue": True,
    }
    found: dict[str, Any] = devtools.send("Runtime.callFunctionOn", asked)["result"]["value"]
    return found


def _expose(page: Page, measure: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bytes]:
    """Return where the text stands and the picture; boxes that moved meanwhile are dropped, so that nothing shows."""
    seen = measure()
    tallest = (page.viewport_size or {"height": TALLEST})["height"]
    if seen["height"] > tallest and seen["top"] is not None:
        page.evaluate("(y) => window.scrollTo({top: y, behavior: 'instant'})", max(0, seen["top"] - 200))
    for _ in range(3):
        seen = measure()
        png = page.screenshot(type="png", animations="allow", caret="initial", timeout=30_000)
        if measure()["boxes"] == seen["boxes"]:
            return {**seen, "cut": seen["height"] > tallest}, png
    return {**seen, "found": False, "boxes": [], "cut": False}, png


def _shot(seen: dict[str, Any], png: bytes, gate: Gate, *, restless: bool) -> Shot:
    """Say what the picture is."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    boxes: tuple[Box, ...] = tuple((x, y, w, h) for x, y, w, h in seen["boxes"]) if seen["found"] else ()
    state, detail = PictureState.LENGKAP, ""
    if not seen["found"]:
        wall = bool(seen["password"])
        state = PictureState.LOGIN_WALL if wall else PictureState.SEBAGIAN
        detail = "halaman meminta masuk" if wall else "unggahan tidak ditemukan di halaman; seluruhnya disamarkan"
    elif reasons := _lacking(seen, gate, restless=restless):
        state, detail = PictureState.SEBAGIAN, "; ".join(reasons)
    return Shot(state, detail, png, boxes, width, height)


def _lacking(seen: dict[str, Any], gate: Gate, *, restless: bool) -> list[str]:
    """Say in what a picture falls short of the page."""
    told = []
    if gate.spent:
        told.append("halaman meminta lebih banyak berkas daripada yang boleh dimuat")
    elif restless:
        told.append("halaman tidak selesai memuat")
    if gate.lost:
        told.append(f"{gate.lost} bagian halaman tidak dapat dimuat")
    if seen["cut"]:
        told.append("halaman lebih panjang; diambil bagian di sekitar unggahan")
    return told


def _first_line(error: Exception) -> str:
    """Return what a driver says in one line, without the addresses that it may quote."""
    return re.sub(r"https?://\S+", "…", str(error).splitlines()[0] if str(error) else type(error).__name__)[:200]
