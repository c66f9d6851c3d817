"""What a page may load while its picture is taken."""

from __future__ import annotations

import pytest

from monitor.errors import Blocked
from monitor.evidence.gate import Answered, Gate, site

PAGE = Answered(200, {"content-type": "text/html", "content-length": "5", "set-cookie": "a=b"}, b"<p>ya")
HERE = "https://www.contoh.example/a"


def gate(**changes: int) -> tuple[Gate, list[str]]:
    asked: list[str] = []

    def fetch(url: str) -> Answered:
        asked.append(url)
        if "tutup" in url:
            raise Blocked("ditutup", url=url)
        return Answered(200, {}, b"12345")

    return Gate(HERE, PAGE, fetch, **({"requests": 5, "weight": 1000} | changes)), asked


@pytest.mark.parametrize(("method", "kind", "url"), [
    ("POST", "fetch", "https://www.contoh.example/kirim"),
    ("GET", "script", "https://lain.example/x.js"),
    ("GET", "xhr", "https://lain.example/data"),
    ("GET", "media", "https://www.contoh.example/film"),
    ("GET", "websocket", "wss://www.contoh.example/"),
    ("GET", "ping", "https://www.contoh.example/suar"),
    ("GET", "other", "https://www.contoh.example/favicon.ico"),
])  # fmt: skip
def test_what_a_picture_does_not_need_is_refused_without_asking(method: str, kind: str, url: str) -> None:
    made, asked = gate()
    assert made.answer(method, kind, url, top=False) is None
    assert (asked, made.lost) == ([], 0)


def test_scripts_come_from_the_pages_own_site_and_looks_from_anywhere() -> None:
    made, asked = gate()
    for kind, url in (("script", "https://cdn.contoh.example/x.js"), ("image", "https://gambar.lain.example/1.png")):
        assert made.answer("GET", kind, url, top=False) is not None
    assert len(asked) == 2


def test_the_page_is_given_once_and_to_its_own_window() -> None:
    made, asked = gate()
    assert made.answer("GET", "document", HERE, top=False) is None
    assert made.answer("GET", "document", HERE, top=True) is PAGE
    assert made.answer("GET", "document", HERE, top=True) is None
    assert asked == []


def test_an_address_is_asked_once_however_often_a_page_names_it() -> None:
    made, asked = gate()
    for _ in range(3):
        made.answer("GET", "image", "https://www.contoh.example/1.png", top=False)
    assert len(asked) == 1


def test_what_cannot_be_had_is_counted_once() -> None:
    made, _ = gate()
    for _ in range(2):
        assert made.answer("GET", "image", "https://www.contoh.example/tutup.png", top=False) is None
    assert made.lost == 1


@pytest.mark.parametrize("limit", [{"requests": 2}, {"weight": 10}])
def test_past_its_limits_a_page_gets_nothing_more(limit: dict[str, int]) -> None:
    made, asked = gate(**limit)
    for number in range(9):
        made.answer("GET", "image", f"https://www.contoh.example/{number}.png", top=False)
    assert (len(asked), made.spent) == (2, True)


def test_a_closed_gate_lets_nothing_new_through() -> None:
    made, asked = gate()
    made.closed = True
    assert made.answer("GET", "image", "https://www.contoh.example/1.png", top=False) is None
    assert asked == []


def test_cookies_and_lengths_stay_on_the_wire() -> None:
    assert PAGE.shown_headers == {"content-type": "text/html"}


@pytest.mark.parametrize(("url", "name"), [
    ("https://a.b.contoh.example/x", "contoh.example"),
    ("https://www.dinas.contoh.go.id/", "contoh.go.id"),
    ("https://www.contoh.id/", "contoh.id"),
    ("http://127.0.0.1:8000/x", "127.0.0.1"),
    ("http://[::1]:8000/x", "::1"),
    ("https://contoh.example./x", "contoh.example"),
])  # fmt: skip
def test_the_site_of_an_address_is_its_registered_name(url: str, name: str) -> None:
    assert site(url) == name
