"""Pictures of written pages on loopback with Debian's Chromium: what is shown, what is refused, what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from monitor.domain import PictureState, SourceMode
from monitor.errors import ConfigError
from monitor.evidence.camera import WIDTH, Camera, Lens, Shot, Sought, camera
from monitor.evidence.gate import Answered
from monitor.evidence.mosaic import GRAIN, masked
from scrapers.contract import Request
from tests.conftest import unavailable
from tests.evidence import written_pages as pages
from tests.scrapers.loopback import Peer, a_fetcher, answer, peer

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
LENS = Lens(CHROMIUM, "pantau-uji (Bawaslu Kabupaten Contoh)", seconds=60, requests=30)
POST = "https://t.me/asn_contoh/45"
THREAD = "/profile/asn.contoh.test/post/abc"
NOTHING = Answered(404, {}, b"")
NAMES = frozenset({"asn_contoh", "asn.contoh.test"})


@pytest.fixture(scope="module")
def opened() -> Iterator[Camera]:
    if not CHROMIUM.exists():
        unavailable("Chromium dari Debian tidak terpasang")
    with camera(LENS) as made:
        yield made


@pytest.fixture
def world() -> Iterator[Peer]:
    with peer() as running:
        running.routes["/gaya.css"] = answer(200, pages.STYLE.encode(), content_type="text/css")
        running.routes["/wajah.png"] = answer(200, pages.photo("#335", "A", (42, 42)), content_type="image/png")
        running.routes["/poster.png"] = answer(200, pages.photo("#a33", "COBLOS 1"), content_type="image/png")
        yield running


Take = Callable[..., Shot]


@pytest.fixture
def take(opened: Camera, world: Peer) -> Take:
    """Serve a page and take its picture as the night does, through a real fetcher."""
    fetcher = a_fetcher(world, mode=SourceMode.LIVE_PUBLIC_HTML, robots="respect")

    def fetch(url: str) -> Answered:
        found = fetcher.send("contoh", Request("picture", url))
        return Answered(found.status, {k.lower(): v for k, v in found.headers.items()}, found.body)

    def run(html: str, url: str = POST, text: str = pages.OWN, names: frozenset[str] = NAMES) -> Shot:
        world.routes["/halaman"] = answer(200, html.encode(), content_type="text/html; charset=utf-8")
        address = f"{world.url}/halaman"
        return opened.take(address, fetch(address), Sought(url, text, names), fetch)

    return run


def places(opened: Camera, world: Peer, texts: tuple[str, ...]) -> list[tuple[float, float, float, float]]:
    """Return where words stand on the page, as a browser of its own lays it out."""
    assert opened._driver is not None  # a picture was taken before
    browser = opened._driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": WIDTH, "height": 900})
    page.goto(f"{world.url}/halaman")
    found = []
    for text in texts:
        for one in page.get_by_text(re.compile(re.escape(text))).all():
            box = one.bounding_box()
            assert box is not None
            found.append((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
    browser.close()
    return found


def shades(png: bytes, box: tuple[float, float, float, float]) -> int:
    """Return how many different colours stand in a part of a picture."""
    with Image.open(BytesIO(png)) as opened:
        part = opened.convert("RGB").crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))
    return len(set(part.get_flattened_data()))


def test_the_copy_shows_the_text_and_its_author_and_nobody_else(take: Take, opened: Camera, world: Peer) -> None:
    shot = take(pages.telegram())
    assert (shot.state, shot.detail) == (PictureState.LENGKAP, "")
    assert shot.png is not None
    copy = masked(shot.png, shot.boxes)
    strangers = places(opened, world, ("Warga Jauh", "Sri Tetangga", "Joko Lewat", "@tetangga_contoh"))
    assert len(strangers) >= 6
    for left, top, right, bottom in strangers:
        stones = (int(right) // GRAIN - int(left) // GRAIN + 2) * (int(bottom) // GRAIN - int(top) // GRAIN + 2)
        assert shades(copy, (left, top, right, bottom)) <= stones
        assert shades(shot.png, (left, top, right, bottom)) > stones
    (author,) = places(opened, world, ("Kanal Contoh",))
    (poster,) = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in shot.boxes if w == 480]
    for shown in (author, poster):
        assert shades(copy, shown) == shades(shot.png, shown)
    unknown = take(pages.telegram(), names=frozenset())  # of whom the register does not know only the words are shown
    assert unknown.state is PictureState.LENGKAP
    assert set(unknown.boxes) < set(shot.boxes)
    assert not any(width == 480 for _, _, width, _ in unknown.boxes)


def test_the_own_post_is_told_from_others_with_the_same_words_by_its_address(take: Take) -> None:
    html = pages.thread(THREAD, 90, 90)
    shot = take(html, url=f"https://bsky.app{THREAD}", text="Mari dukung Paslon 1 demi Contoh Bangkit")
    assert (shot.state, shot.detail) == (
        PictureState.SEBAGIAN, "halaman lebih panjang; diambil bagian di sekitar unggahan",
    )  # fmt: skip
    assert shot.height == 8000
    assert len({y for _, y, _, _ in shot.boxes}) == 3  # the author's line, the words, the time
    lost = take(html, url="https://bsky.app/profile/orang.lain/post/x", text="Mari dukung Paslon 1 demi Contoh Bangkit")
    assert (lost.state, lost.boxes) == (PictureState.SEBAGIAN, ())
    assert "tidak ditemukan" in lost.detail


def test_a_page_that_wants_a_password_is_a_wall_with_nothing_shown(take: Take) -> None:
    shot = take(pages.WALL)
    assert (shot.state, shot.boxes) == (PictureState.LOGIN_WALL, ())
    assert shot.png is not None


def test_what_covers_the_text_is_not_shown_in_its_place(take: Take) -> None:
    banner = '<div style="position:fixed;inset:0;background:#fff">Warga Jauh dan Joko Lewat menyukai ini</div>'
    assert take(pages.telegram(extra=banner)).boxes == ()


@pytest.mark.parametrize(("script", "said"), [
    pytest.param(pages.ENDLESS, "lebih banyak berkas", id="asking without end"),
    pytest.param(pages.BUSY, "tidak selesai memuat", id="busy without end"),
])  # fmt: skip
def test_scripts_without_end_are_ended_and_the_picture_is_taken(take: Take, script: str, said: str) -> None:
    shot = take(pages.telegram(extra=script))
    assert shot.state is PictureState.SEBAGIAN
    assert said in shot.detail
    assert len(shot.boxes) >= 5


def test_the_browser_reaches_nothing_by_itself(take: Take, world: Peer) -> None:
    here = world.url
    world.routes["/maju.js"] = answer(200, b"fetch('/lewat-skrip')", content_type="text/javascript")
    world.routes["/pindah.png"] = answer(302, b"", location="http://10.0.0.1/rahasia.png")
    world.routes["/lewat-skrip"] = answer(200, b"{}")
    extra = f"""<script src="/maju.js"></script><iframe src="/bingkai"></iframe><video src="/film"></video>
    <img src="/pindah.png"><img src="http://10.0.0.2/x.png"><script src="https://lain.example/x.js"></script>
    <script>fetch('/kirim', {{method: 'POST', body: 'x'}}); navigator.sendBeacon('/suar', 'x');
    new WebSocket('{here.replace("http", "ws")}/soket'); new EventSource('/aliran'); window.open('/jendela');
    document.cookie = 'rahasia=1'; setTimeout(() => {{ location.href = '/pergi'; }}, 100);</script>"""
    shot = take(pages.telegram(extra=extra))
    asked = {path for path, _ in world.seen}
    refused = {"/bingkai", "/film", "/kirim", "/suar", "/soket", "/aliran", "/jendela", "/pergi"}
    assert asked & refused == set()
    assert {"/maju.js", "/lewat-skrip", "/robots.txt", "/poster.png"} <= asked
    assert {heads.get("user-agent", "").split("/")[0] for _, heads in world.seen} == {"pantau"}
    assert all("cookie" not in heads for _, heads in world.seen)
    assert (shot.state, shot.detail) == (PictureState.SEBAGIAN, "2 bagian halaman tidak dapat dimuat")
    assert len(shot.boxes) >= 5


def test_a_machine_without_the_browser_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match="tidak ada") as refused, camera(Lens(Path("/tidak/ada"), "x")):
        pass
    assert "chromium" in (refused.value.mend or "")


def test_a_browser_that_does_not_start_is_the_machines_fault_and_no_state_of_a_page() -> None:
    def photograph() -> None:
        with camera(Lens(Path("/bin/false"), "x")) as broken:
            broken.take("http://contoh.test/", Answered(200, {}, b"<p>"), Sought(POST, "x"), lambda _: NOTHING)

    with ThreadPoolExecutor(1) as other, pytest.raises(ConfigError, match="/bin/false tidak dapat dijalankan"):
        other.submit(photograph).result()  # a thread has one driver, and this one's is the module's
