"""Addresses of accounts in words that anybody wrote: masked however they are written, the person's own left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.privacy.masking import OTHER_ACCOUNT, Mask

OTHERS = Mask(accounts=(), names=())
OWN = Mask(accounts={"saya.sendiri", "saya@contoh.social"}, names=())
NAMES = st.from_regex(r"zq[a-z0-9_]{3,12}", fullmatch=True)
SCHEMES = st.sampled_from(["https://", "http://", "HTTPS://", "//"])
PORTS = st.one_of(st.just(""), st.just(":"), st.integers(1, 65535).map(lambda port: f":{port}"))
USERS = st.sampled_from(["", "tamu@", "tamu:sandi@"])
AFTER = st.sampled_from(["", "/", "/status/1", "?lang=id", "#atas", "/posts/2?x=3"])
PLATFORMS = st.sampled_from(["x.com", "www.X.com", "facebook.com", "m.facebook.com", "t.me", "instagram.com.", "wa.me"])
SERVERS = st.sampled_from(["contoh.social", "host", "127.0.0.1", "[::1]", "sub.contoh.test"])
WAYS = st.sampled_from(["@", "%40", "users/", "profile/", "profile/@", "accounts/", "channel/"])


@given(SCHEMES | st.just(""), USERS, PLATFORMS, PORTS, st.sampled_from(["/", "/@", "?id=", "/#!/"]), NAMES, AFTER)
def test_no_way_of_writing_a_platforms_address_leaves_a_name(
    scheme: str, user: str, host: str, port: str, way: str, name: str, after: str
) -> None:
    address = f"{scheme}{user if scheme else ''}{host}{port}{way}{name}{after}"
    assert name not in OTHERS.text(f"lihat {address} dan ({address})"), address


@given(SCHEMES, USERS, SERVERS, PORTS, WAYS, NAMES, AFTER)
def test_no_way_of_writing_a_profile_on_a_server_of_its_own_leaves_a_name(
    scheme: str, user: str, host: str, port: str, way: str, name: str, after: str
) -> None:
    address = f"{scheme}{user}{host}{port}/{way}{name}{after}"
    assert name not in OTHERS.text(f"lihat {address} dan ({address})"), address


@given(PORTS, AFTER)
def test_the_persons_own_addresses_stand_with_any_port(port: str, after: str) -> None:
    for address in (f"https://x.com{port}/saya.sendiri{after}", f"https://contoh.social{port}/@saya{after}"):
        assert OWN.text(address) == address


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("https://x.com:8443/saya.sendiri/@tetangga", f"https://x.com:8443/saya.sendiri/{OTHER_ACCOUNT}"),
        ("https://x.com/saya.sendiri?dari=tetangga.bsky.social", f"https://x.com/saya.sendiri?dari={OTHER_ACCOUNT}"),
        ("https://x.com/saya.sendiri?dari=%40tetangga", f"https://x.com/saya.sendiri?dari={OTHER_ACCOUNT}"),
        ("https://x.com/saya.sendiri/DID%3Aplc%3Atetangga", f"https://x.com/saya.sendiri/{OTHER_ACCOUNT}"),
        ("https://x.com/saya.sendiri?ke=https://x.com/tetangga", f"https://x.com/saya.sendiri?ke={OTHER_ACCOUNT}"),
        ("x.com/saya.sendiri?ke=//x.com/tetangga", f"x.com/saya.sendiri?ke={OTHER_ACCOUNT}"),
        (
            "https://x.com/saya.sendiri?ke=https%3A%2F%2Fx.com%2Ftetangga",
            f"https://x.com/saya.sendiri?ke={OTHER_ACCOUNT}",
        ),
        ("https://x.com/tetangga?ke=https://x.com/saya.sendiri", f"{OTHER_ACCOUNT}https://x.com/saya.sendiri"),
        ("https://lain.social:8443/@saya", OTHER_ACCOUNT),
        ("https://berita.contoh.test:8443/daerah/1", "https://berita.contoh.test:8443/daerah/1"),
        ("kata x.com. Lalu facebook.com", "kata x.com. Lalu facebook.com"),
    ],
)
def test_what_beside_an_account_an_address_holds(said: str, masked: str) -> None:
    assert OWN.text(said) == masked
