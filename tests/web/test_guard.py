from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from monitor.errors import RefusedError
from monitor.web import serve
from monitor.web.frame import local_path
from monitor.web.guard import form_token, headers_for, same_origin, token_fits


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://pantau.test"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://pantau.test"}, True),
        ({"origin": "http://jahat.test"}, False),
        ({"origin": "null"}, True),
        ({}, True),
    ],
)
def test_the_browser_says_where_a_write_comes_from(headers: dict[str, str], ours: bool) -> None:
    assert same_origin(Headers(headers | {"host": "pantau.test"})) is ours


def test_a_form_token_fits_its_session_only() -> None:
    token = form_token(b"k" * 32, "s.satu")
    assert token_fits(b"k" * 32, "s.satu", token)
    assert not token_fits(b"k" * 32, "s.dua", token)


@pytest.mark.parametrize("token", ["", "é", "0" * 64])
def test_other_tokens_do_not_fit(token: str) -> None:
    assert not token_fits(b"k" * 32, "s.satu", token)


def test_nothing_inline_and_no_frames_are_allowed() -> None:
    policy = headers_for(https=False)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_hsts_is_sent_over_https_only() -> None:
    assert "Strict-Transport-Security" in headers_for(https=True)
    assert "Strict-Transport-Security" not in headers_for(https=False)


@pytest.mark.parametrize(
    "path", ["//jahat.test", "https://jahat.test", "/\\jahat.test", "\\/jahat.test", "", "javascript:x", "/a\nb"]
)
def test_signing_in_never_leads_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


def test_signing_in_leads_back_to_what_was_asked_for() -> None:
    assert local_path("/antrean?status=baru") == "/antrean?status=baru"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_addresses_of_this_machine_are_local(host: str) -> None:
    assert serve.is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "pantau.test"])
def test_a_reachable_address_is_refused_unless_meant(host: str) -> None:
    from fastapi import FastAPI

    with pytest.raises(RefusedError):
        serve.run(FastAPI(), host)
