from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.manifest import load_manifest
from scrapers.platforms.instagram import mapper as instagram_mapper
from scrapers.platforms.instagram import urls as instagram
from scrapers.platforms.tiktok import mapper as tiktok_mapper
from scrapers.platforms.tiktok import urls as tiktok
from scrapers.platforms.x import mapper as x_mapper
from scrapers.platforms.x import urls as x


@pytest.mark.parametrize(
    ("platform", "text", "user_id"),
    [
        (x, "@Budi_Contoh", "@budi_contoh"),
        (x, " Budi_Contoh ", "@budi_contoh"),
        (x, "https://x.com/Budi_Contoh", "@budi_contoh"),
        (x, "http://www.twitter.com/Budi_Contoh/", "@budi_contoh"),
        (x, "mobile.twitter.com/Budi_Contoh?lang=id#a", "@budi_contoh"),
        (x, "HTTPS://X.COM/@Budi_Contoh", "@budi_contoh"),
        (x, "https://x.com/Budi_Contoh/status/99?s=20", "@budi_contoh"),
        (x, "https://x.com/i/user/7001", "7001"),
        (x, "70010001", "70010001"),
        (x, "7001", "@7001"),
        (x, "@7001", "@7001"),
        (instagram, "@Budi.Contoh", "@budi.contoh"),
        (instagram, "https://www.instagram.com/Budi.Contoh/", "@budi.contoh"),
        (instagram, "instagram.com/budi.contoh?igsh=abc", "@budi.contoh"),
        (instagram, "https://instagram.com/budi.contoh/p/DAbcdEFghiJ/", "@budi.contoh"),
        (instagram, "https://www.instagram.com/stories/budi.contoh/123/", "@budi.contoh"),
        (instagram, "50010001", "50010001"),
        (instagram, "5001", "@5001"),
        (tiktok, "@Budi.Contoh", "@budi.contoh"),
        (tiktok, "https://www.tiktok.com/@Budi.Contoh?lang=id-ID", "@budi.contoh"),
        (tiktok, "tiktok.com/@budi.contoh/video/7420000000000000001", "@budi.contoh"),
        (tiktok, "m.tiktok.com/%40budi.contoh", "@budi.contoh"),
        (tiktok, "40010001", "40010001"),
        (tiktok, "4001", "@4001"),
    ],
)
def test_accounts_are_recognised(platform: ModuleType, text: str, user_id: str) -> None:
    ref = platform.account_ref(text)
    assert ref is not None
    assert (ref.platform, ref.user_id) == (platform.PLATFORM, user_id)
    assert ref.handle is None or "@" + ref.handle.lower() == user_id


@pytest.mark.parametrize("platform", [x, instagram, tiktok])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "BUDI CONTOH",
        "budi contoh.test",
        "https://",
        "https://x.com/",
        "https://x.com.jahat.test/budi",
        "https://jahat.test/x.com/budi",
        "https://x.com@jahat.test/budi",
        "https://budi@www.instagram.com/jahat",
        "https://facebook.com/budi",
        "https://x.com/i/status/99",
        "https://x.com/search?q=budi",
        "https://x.com/home",
        "https://www.instagram.com/p/DAbcdEFghiJ/",
        "https://www.instagram.com/explore/tags/contoh/",
        "https://www.tiktok.com/tag/contoh",
        "https://vm.tiktok.com/ZM123/",
        "javascript:alert(1)",
        "https://x.com/budi\ncontoh",
        "bud\u0456_contoh",
        "a" * 5000,
        "https://[x.com/budi",
        "0",
    ],
)
def test_anything_else_names_no_account(platform: ModuleType, text: str) -> None:
    if (platform, text) in [(x, "0"), (instagram, "0")]:
        assert platform.account_ref(text).user_id == "@0"  # a handle of one digit; ids begin above it
    else:
        assert platform.account_ref(text) is None


@pytest.mark.parametrize(
    ("platform", "url", "identity"),
    [
        (x, "https://twitter.com/budi/status/1841000000000000001?s=20", "1841000000000000001"),
        (x, "https://x.com/i/web/status/1841000000000000001", "1841000000000000001"),
        (x, "https://x.com/budi/status/1841000000000000001/photo/1", "1841000000000000001"),
        (x, "https://x.com/budi", None),
        (instagram, "https://www.instagram.com/p/DbjOxmqpAbO/", "3955069879184525006"),
        (instagram, "https://www.instagram.com/reel/DbjOxmqpAbO/?igsh=a", "3955069879184525006"),
        (instagram, "instagram.com/tv/DbjOxmqpAbO", "3955069879184525006"),
        (instagram, "https://www.instagram.com/budi.contoh/reel/DbjOxmqpAbO/", "3955069879184525006"),
        (instagram, "https://www.instagram.com/budi.contoh/", None),
        (tiktok, "https://www.tiktok.com/@budi/video/7420000000000000001?_r=1", "7420000000000000001"),
        (tiktok, "https://www.tiktok.com/@budi/photo/7420000000000000001", "7420000000000000001"),
        (tiktok, "https://m.tiktok.com/v/7420000000000000001.html", "7420000000000000001"),
        (tiktok, "https://vm.tiktok.com/ZM123/", None),
    ],
)
def test_posts_have_one_id_under_every_address(platform: ModuleType, url: str, identity: str | None) -> None:
    assert platform.item_id(url) == identity


@given(st.integers(1 << 50, (1 << 63) - 1))
def test_short_code_and_number_are_the_same(number: int) -> None:
    assert instagram.id_of_code(instagram.code_of_id(str(number))) == str(number)


def test_ids_say_when_they_were_given_out() -> None:
    assert x.time_of_id("1852334496768471644") == datetime(2024, 11, 1, 12, 58, 53, 397000, tzinfo=UTC)
    assert tiktok.time_of_id(str(1_727_744_400 << 32)) == datetime(2024, 10, 1, 1, 0, tzinfo=UTC)
    assert x.time_of_id("20") is None
    assert tiktok.time_of_id("20") is None
    assert instagram.time_of_id("20") is None


@pytest.mark.parametrize("platform", [x, instagram, tiktok])
def test_profile_addresses_lead_back_to_the_account(platform: ModuleType) -> None:
    assert platform.account_ref(platform.profile_url("budi_contoh")) == platform.account_ref("@budi_contoh")


@pytest.mark.parametrize("platform", [x, instagram, tiktok])
@given(text=st.text())
def test_no_text_makes_it_fail(platform: ModuleType, text: str) -> None:
    for whole in (text, "https://x.com/" + text, "https://www.tiktok.com/@" + text, "instagram.com/p/" + text):
        platform.account_ref(whole)
        platform.item_id(whole)


@pytest.mark.parametrize(
    ("name", "mapper"), [("x", x_mapper), ("instagram", instagram_mapper), ("tiktok", tiktok_mapper)]
)
def test_the_manifest_is_for_imports_too_and_for_this_mapper(name: str, mapper: ModuleType) -> None:
    manifest = load_manifest(f"scrapers.platforms.{name}")
    assert (manifest.name, "import" in manifest.modes, manifest.version) == (name, True, mapper.VERSION)
