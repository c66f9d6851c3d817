"""A call with a credential, over a real socket: the secret arrives, and nothing that comes back holds it."""

from __future__ import annotations

import json
import traceback
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import SourceMode
from monitor.errors import Blocked, LoginWall, PantauError, PolicyBlocked
from scrapers.contract import Request
from scrapers.credentials import HIDDEN, SCRUBBED
from scrapers.manifest import Manifest, Slot
from scrapers.replay import RecordingWire, ReplayWire
from scrapers.terms import Terms
from scrapers.wire import Answer, Call, posted
from tests.scrapers.loopback import Clock, Handler, Peer, a_fetcher, answer, ask

SECRET = "EAAcontoh/rahasia+0123456789=="


class OneKey:
    def __init__(self, secret: str = SECRET) -> None:
        self.value = secret

    def secret(self, source: str, slot: str) -> str:
        return self.value


def terms(place: str = "query:access_token", secret: str = SECRET) -> Terms:
    manifest = Manifest(
        name="contoh",
        title="Contoh",
        version="1",
        status="working",
        verified=date(2026, 11, 1),
        modes=(SourceMode.LIVE_API,),
        docs=(),
        slot=(Slot("app", place, "kunci contoh"), Slot("owner", "bearer", "token pemilik")),
    )
    return Terms({"contoh": manifest}, OneKey(secret))


def keyed(url: str, credential: str = "app", **changes: object) -> Request:
    return Request("contoh", url, credential=credential, **changes)  # type: ignore[arg-type] # fields of a request


def echo(handler: Handler) -> None:
    """Answer as platforms do that repeat what they were asked: links with the token, the token by itself."""
    told = {"paging": {"next": f"http://{handler.headers['host']}{handler.path}&after=2"}, "token": SECRET}
    told["auth"] = handler.headers.get("authorization", "")
    answer(body=json.dumps(told).replace("/", "\\/").encode(), link=f"<{handler.path}>; rel=next", x_key=SECRET)(
        handler
    )


def everything(value: object) -> str:
    return repr(value)


@pytest.mark.parametrize("place", ["query:access_token", "header:x-kunci", "bearer"])
def test_the_secret_arrives_and_nothing_that_comes_back_holds_it(world: Peer, place: str) -> None:
    world.routes["/a"] = echo
    got = a_fetcher(world, terms=terms(place)).send("contoh", keyed(f"{world.url}/a?x=1"))
    path, headers = world.seen[-1]
    arrived = parse_qs(urlsplit(path).query).get("access_token", []) + [
        value.removeprefix("Bearer ") for value in headers.values()
    ]
    assert SECRET in arrived
    for written in (SECRET, SECRET.replace("/", "\\/"), "EAAcontoh"):
        assert written not in everything(got)
    assert (got.url, got.final_url) == (f"{world.url}/a?x=1", f"{world.url}/a?x=1")
    assert int(got.headers[SCRUBBED]) >= 1


def test_a_next_link_without_its_token_leads_on(world: Peer) -> None:
    world.routes["/a"] = echo
    got = a_fetcher(world, terms=terms()).send("contoh", keyed(f"{world.url}/a?x=1"))
    following = json.loads(got.body)["paging"]["next"]
    assert parse_qs(urlsplit(following).query) == {"x": ["1"], "access_token": [HIDDEN], "after": ["2"]}


def test_a_call_without_a_credential_is_not_touched(world: Peer) -> None:
    body = b'{"next":"https://a.example/?access_token=milik-orang-lain"}'
    world.routes["/a"] = answer(body=body)
    got = a_fetcher(world, terms=terms()).send("contoh", ask(f"{world.url}/a"))
    assert (got.body, SCRUBBED in got.headers) == (body, False)


def test_an_owners_token_is_asked_for_by_the_accounts_id(world: Peer) -> None:
    world.routes["/a"] = answer()
    a_fetcher(world, terms=terms()).send("contoh", keyed(f"{world.url}/a", "owner:77"))
    assert world.seen[-1][1]["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("credential", ["lain", "owner:77"])
def test_nothing_is_sent_without_the_key(world: Peer, credential: str) -> None:
    with pytest.raises(PolicyBlocked):
        a_fetcher(world).send("contoh", keyed(f"{world.url}/a", credential))
    assert world.seen == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_the_adapters_to_read(world: Peer, status: int) -> None:
    world.routes["/a"] = answer(status, b'{"error":{"errors":[{"reason":"quotaExceeded"}]}}')
    assert a_fetcher(world, terms=terms()).send("contoh", keyed(f"{world.url}/a")).status == status
    with pytest.raises((LoginWall, Blocked)):
        a_fetcher(world, terms=terms()).send("contoh", ask(f"{world.url}/a"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"title":"UsageCapExceeded","type":"https://api.twitter.com/2/problems/usage-capped"}',
        b'{"error":{"errors":[{"reason":"quotaExceeded"}]}}',
    ],
)
def test_a_429_that_speaks_of_a_spent_grant_is_the_adapters_to_read(world: Peer, body: bytes) -> None:
    world.routes["/a"] = answer(429, body, x_rate_limit_remaining="10", x_rate_limit_reset="900")
    got = a_fetcher(world, terms=terms()).send("contoh", keyed(f"{world.url}/a"))
    assert (got.status, len(world.seen)) == (429, 1)


def test_a_redirect_that_repeats_the_secret_does_not_keep_it(world: Peer) -> None:
    world.routes["/a"] = answer(302, location=f"/b?access_token={SECRET}&y=2")
    world.routes["/b"] = answer()
    got = a_fetcher(world, terms=terms()).send("contoh", keyed(f"{world.url}/a"))
    assert got.final_url == f"{world.url}/b?y=2"
    assert len(parse_qs(urlsplit(world.seen[-1][0]).query)["access_token"]) == 1


def faults() -> list[object]:
    return [
        answer(302, location="https://lain.example/?t=" + SECRET),
        answer(302, location="/login?t=" + SECRET),
        answer(500, SECRET.encode()),
        answer(429, SECRET.encode(), retry_after="9999"),
        answer(418, SECRET.encode()),
        answer(body=b"<html>" + SECRET.encode()),
        answer(body=b""),
        answer(body=b'{"a":"' + SECRET.encode()),
        answer(body=b"x", content_encoding="asing"),
        answer(body=b"{}", content_length="99"),
        lambda handler: handler.wfile.write(b"bukan HTTP " + SECRET.encode() + b"\r\n\r\n"),
    ]


@pytest.mark.parametrize("number", range(len(faults())))
@pytest.mark.parametrize("place", ["query:access_token", "bearer"])
def test_no_failure_shows_the_secret(world: Peer, place: str, number: int) -> None:
    route = faults()[number]
    assert callable(route)
    world.routes["/a"] = route
    fetcher = a_fetcher(world, terms=terms(place), tries=1, timeout_seconds=0.5)
    with pytest.raises(PantauError) as caught:
        fetcher.send("contoh", keyed(f"{world.url}/a"))
    shown = "".join(traceback.format_exception(caught.value))
    error: BaseException | None = caught.value
    while error is not None:
        shown += repr(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__
    assert "EAAcontoh" not in shown


class Echoing:
    """A wire that answers with everything it was sent, in some order, with anything between."""

    def __init__(self, between: list[str]) -> None:
        self.between = between

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        del limit, timeout
        told = [call.url, *call.headers.values(), call.secret, *self.between]
        return Answer(200, {"x-a": call.url, "location": call.secret}, json.dumps(told).encode(), call.name)


@settings(max_examples=50)
@given(
    secret=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=14, max_size=40),
    place=st.sampled_from(["query:key", "header:x-kunci", "bearer"]),
    between=st.lists(st.text(), max_size=3),
)
def test_whatever_a_platform_repeats_no_response_holds_the_secret(secret: str, place: str, between: list[str]) -> None:
    fetcher = a_fetcher(wire=Echoing(between), terms=terms(place, secret))
    got = fetcher.send("contoh", keyed("https://api.contoh.example/a"))
    texts = [got.url, got.final_url, *got.headers.values(), *json.loads(got.body)[:-1]]
    assert all(secret not in text for text in texts[: 4 + len(got.headers)])
    assert all(secret not in text for text in json.loads(got.body) if text not in between)


def test_a_recording_holds_no_secret_and_is_replayed_without_one(world: Peer, tmp_path: object) -> None:
    from pathlib import Path

    from scrapers.fetch import HttpxWire

    assert isinstance(tmp_path, Path)
    path = tmp_path / "r.jsonl"
    world.routes["/a"] = echo
    fetcher = a_fetcher(world, wire=RecordingWire(HttpxWire(), path), terms=terms())
    first = fetcher.send("contoh", keyed(f"{world.url}/a?x=1"))
    fetcher.close()
    assert "EAAcontoh" not in path.read_text()
    again = a_fetcher(world, wire=ReplayWire(path), terms=terms()).send("contoh", keyed(f"{world.url}/a?x=1"))
    assert again.body == first.body


def test_a_form_is_posted_and_the_address_says_which(world: Peer) -> None:
    world.routes["/a"] = answer()
    form = {"method": "muat", "before_id": "12", "token": "sandi-form"}
    got = a_fetcher(world).send("contoh", ask(f"{world.url}/a?x=1", form=form))
    assert world.bodies == [b"method=muat&before_id=12&token=sandi-form"]
    assert got.url == f"{world.url}/a?x=1&__wb_method=POST&method=muat&before_id=12"
    assert world.seen[-1][1]["content-type"] == "application/x-www-form-urlencoded"


def test_two_forms_to_one_address_are_two_calls() -> None:
    assert posted("https://a.example/", {"id": "1"}) != posted("https://a.example/", {"id": "2"})
    assert posted("https://a.example/", None) == "https://a.example/"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_with_a_form(world: Peer, status: int) -> None:
    world.routes |= {"/a": answer(status, location="/b"), "/b": answer()}
    with pytest.raises(Blocked, match="formulir"):
        a_fetcher(world).send("contoh", ask(f"{world.url}/a", form={"a": "b"}))
    assert world.asked("/b") == 0


def test_an_empty_form_is_still_a_post(world: Peer) -> None:
    world.routes["/a"] = answer()
    got = a_fetcher(world, Clock()).send("contoh", ask(f"{world.url}/a", form={}))
    assert (world.bodies, got.url) == ([b""], f"{world.url}/a?__wb_method=POST")
