from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.imports.cleaning import clean, clean_envelope, strip_url
from scrapers.imports.contract import ReadOptions
from scrapers.imports.zeeschuimer import reader
from tests.scrapers.captured_items import (
    envelope,
    instagram_graph,
    instagram_post,
    line,
    tiktok_comment,
    tiktok_post,
    tweet,
)

SECRETS = ["msToken", "X-Bogus", "verifyFp", "device_id", "odinId", "ttwid", "sessionid", "access_token", "_signature"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)

PIECES = [
    "?", "&", "=", "#", "@", "+", "%3D", "%69d", " ", "\n", "\xa0", "é", '"', "<", "\\", "/p", "x=1", "id=5", "ID=7",
    "msToken=R", "http://b.test/", "u=https%3A%2F%2Fb.test", "a%3Dmstoken%3Dx",
]  # fmt: skip
ADDRESSES = st.builds(
    lambda start, rest: start + "".join(rest),
    st.sampled_from(["https://a.test/p", "https://a.test/p?a=b&", "https://l.instagram.com/", "https://o:s@a.test/"]),
    st.lists(st.sampled_from(PIECES), max_size=6),
)


@given(ADDRESSES)
def test_an_address_comes_out_the_same_whatever_stands_beside_it(address: str) -> None:
    odd = "https://orang:sandi@a.test/p"  # sends the addresses of its item the slow way
    assert clean([address])[0] == clean([address, odd])[0]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://a.test/p?msToken=RAHASIA&id=5", "https://a.test/p?id=5"),
        ("https://a.test/watch?v=abc&utm_source=x#t=1", "https://a.test/watch?v=abc"),
        ("https://orang:sandi@a.test/p", "https://a.test/p"),
        ("https://l.instagram.com/?u=https%3A%2F%2Fb.test%2Fx%3Ffbclid%3D1&e=RAHASIA", "https://b.test/x"),
        ("https://a.test/p?id=%3FmsToken%3DRAHASIA", "https://a.test/p"),
        ("https://[rusak/p?msToken=RAHASIA", "https://[rusak/p"),
        ("https://a.test/p", "https://a.test/p"),
    ],
)
def test_addresses_lose_everything_but_content_ids(written: str, kept: str) -> None:
    assert strip_url(written) == kept


@pytest.mark.parametrize("name", SECRETS)
def test_session_parameters_are_taken_out_wherever_they_stand(name: str) -> None:
    item = {
        "url": f"https://a.test/p?{name}=RAHASIA&id=5",
        "relative": f"/api/x?a=1&{name}=RAHASIA",
        "blob": f'{{"u": "https://a.test/?q=1&{name}=RAHASIA"}}',
        "desc": f"Lihat https://a.test/p?{name}=RAHASIA&b=2 ya",
        name: "RAHASIA",
        "dalam": [{"lagi": {name: {"x": "RAHASIA"}}}],
    }
    assert "RAHASIA" not in json.dumps(clean(item))


def test_addresses_written_in_percent_code_lose_session_parameters_too() -> None:
    assert "RAHASIA" not in clean({"x": "https://a.test/go/https%3A%2F%2Fb.test%3FmsToken%3DRAHASIA"})["x"]


def test_a_page_address_that_cannot_be_taken_apart_is_dropped() -> None:
    assert clean_envelope({"source_platform_url": "https://[rusak/p?msToken=RAHASIA"}) == {"source_platform_url": ""}


def test_what_people_wrote_stays_word_for_word() -> None:
    text = "Pilih nomor 1 #Contoh @budi https://berita.test/baca?page=2&tag=a#atas"
    assert clean({"desc": text, "caption": {"text": text}}) == {"desc": text, "caption": {"text": text}}


def test_what_an_item_says_about_the_collector_is_taken_out() -> None:
    item = {
        "favorited": True,
        "has_liked": True,
        "digged": 1,
        "top_likers": ["teman"],
        "facepile_top_likers": [1],
        "id": 1,
    }
    assert clean(item) == {"id": 1}


def test_the_envelope_keeps_no_browser_and_no_navigation() -> None:
    assert set(clean_envelope(envelope({"id": "1"}, "x.com"))) == {
        "item_id",
        "timestamp_collected",
        "source_platform",
        "source_platform_url",
        "source_url",
    }


def test_pages_that_are_the_collectors_own_lose_their_path() -> None:
    own = clean_envelope({"source_platform_url": "https://www.instagram.com/nama.perekam/saved/"})
    assert own == {"source_platform_url": "https://www.instagram.com/"}


@pytest.mark.parametrize(
    ("item", "module"),
    [
        (tweet(), "twitter.com"),
        (instagram_post(), "instagram.com"),
        (instagram_graph(), "instagram.com"),
        (tiktok_post(), "tiktok.com"),
        (tiktok_comment(), "tiktok-comments"),
        ({"id": "1", "cookies": "RAHASIA"}, "gab.com"),
    ],
)
def test_no_secret_of_a_line_is_in_anything_given(tmp_path: Path, item: dict[str, Any], module: str) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(line(item, module) + line(item, module)[:-40])
    for captured in reader.read(path, ReadOptions()):
        shown = captured.raw.decode() + repr(captured)
        assert "RAHASIA" not in shown
        assert "teman.perekam" not in shown


@given(JSON)
def test_cleaning_twice_is_cleaning_once(value: Any) -> None:
    once = clean(value)
    assert clean(once) == once


@given(JSON)
def test_anything_cleaned_can_be_written_as_utf_8_json(value: Any) -> None:
    json.dumps(clean(value), ensure_ascii=False).encode("utf-8")


@given(st.text())
def test_no_address_makes_it_fail(text: str) -> None:
    strip_url("https://" + text)
    clean({"url": "https://" + text, "source": text})
