import html
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import PolicyBlocked, UsageError
from scrapers.credentials import HIDDEN, SCRUBBED, Key, carry, check_secret, scrub, strip, without_tokens
from scrapers.wire import Answer, Call

SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40).map("EA".__add__)
CALL = Call("https://api.contoh.example/a?x=1", "https://api.contoh.example/a?x=1", {"accept": "*/*"})


def scrubbed(body: str, secret: str) -> str:
    return scrub(Answer(200, {}, body.encode(), ""), secret).body.decode()


@pytest.mark.parametrize(
    ("place", "url", "header"),
    [
        ("query:key", "https://api.contoh.example/a?x=1&key=rahasia%2Fcontoh", None),
        ("header:X-Kunci", CALL.url, ("x-kunci", "rahasia/contoh")),
        ("bearer", CALL.url, ("authorization", "Bearer rahasia/contoh")),
    ],
)
def test_a_secret_goes_where_the_manifest_says(place: str, url: str, header: tuple[str, str] | None) -> None:
    call = carry(CALL, Key(place, "rahasia/contoh"))
    assert (call.url, call.name) == (url, CALL.name)
    assert header is None or call.headers[header[0]] == header[1]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://a.example/?key=LAMA&x=1", "https://a.example/?x=1&key=rahasia-contoh"),
        ("https://a.example/?key=LAMA", "https://a.example/?key=rahasia-contoh"),
        ("https://a.example/", "https://a.example/?key=rahasia-contoh"),
        ("https://a.example/?x=a%26key%3Db", "https://a.example/?x=a%26key%3Db&key=rahasia-contoh"),
    ],
)
def test_a_key_that_an_address_names_already_gives_way_to_the_real_one(url: str, sent: str) -> None:
    assert carry(Call(url, url), Key("query:key", "rahasia-contoh")).url == sent


def test_a_place_that_no_call_has_is_refused() -> None:
    with pytest.raises(PolicyBlocked, match="kuki"):
        carry(CALL, Key("kuki", "rahasia-contoh"))


def test_neither_a_key_nor_a_call_shows_its_secret() -> None:
    key = Key("query:key", "rahasia-contoh")
    assert "rahasia" not in repr(key) + repr(carry(CALL, key))


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda s: quote(s, safe=""),
        lambda s: quote(quote(s, safe=""), safe=""),
        quote_plus,
        lambda s: json.dumps({"next": f"https://a.example/?access_token={s}"}),
        lambda s: json.dumps({"next": s}).replace("/", "\\/"),
        lambda s: json.dumps(json.dumps({"next": s})),
        lambda s: "".join(f"\\u{ord(c):04x}" if not c.isalnum() else c for c in s),
        lambda s: f'<a href="?access_token={html.escape(s)}">',
        lambda s: "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in s),
    ],
)
@settings(max_examples=40)
@given(secret=SECRETS)
def test_no_way_of_writing_a_secret_survives(write: object, secret: str) -> None:
    assert callable(write)
    written = write(secret)
    assert secret not in scrubbed(f"awal {written} akhir", secret)
    if written not in HIDDEN:
        assert written not in scrubbed(f"awal {written} akhir", secret)


@settings(max_examples=40)
@given(
    value=st.recursive(
        st.text() | st.integers(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    ),
    secret=SECRETS,
)
def test_json_stays_json_when_a_secret_is_taken_out(value: object, secret: str) -> None:
    body = json.dumps({"data": value, "paging": {"next": f"https://a.example/?{urlencode({'access_token': secret})}"}})
    assert secret not in json.loads(scrubbed(body, secret))["paging"]["next"]


def test_what_is_no_secret_stays_byte_by_byte() -> None:
    body = '{"text":"token saya hilang","key":"K3","next":"https://a.example/?after=abc&limit=5"}'
    answer = Answer(200, {"x-a": "b"}, body.encode(), "")
    assert scrub(answer, "rahasia-contoh") == answer


def test_a_token_that_is_not_the_one_sent_is_taken_out_too() -> None:
    body = json.dumps({"next": "https://a.example/?access_token=LAIN123&after=x", "access_token": "LAIN456"})
    assert json.loads(scrubbed(body, "rahasia-contoh")) == {
        "next": f"https://a.example/?access_token={HIDDEN}&after=x",
        "access_token": HIDDEN,
    }


def test_headers_are_scrubbed_and_it_is_said_how_much_was_taken_out() -> None:
    link = {"link": "<https://a.example/?key=rahasia-contoh>; rel=next"}
    got = scrub(Answer(200, link, b'"rahasia-contoh","rahasia-contoh"', ""), "rahasia-contoh")
    assert got.headers == {"link": f"<https://a.example/?key={HIDDEN}>; rel=next", SCRUBBED: "2"}


@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://g.example/v1/p?access_token=EAA&after=Q%3D%3D", "https://g.example/v1/p?after=Q%3D%3D"),
        ("https://g.example/v1/p?fields=id%2Cname&limit=5", "https://g.example/v1/p?fields=id%2Cname&limit=5"),
        ("https://u:p@g.example/a?Key=x#token=y", "https://g.example/a"),
        ("https://g.example/a?pageToken=CAUQAA", "https://g.example/a?pageToken=CAUQAA"),
        ("http://[rusak?key=1", "http://[rusak"),
    ],
)
def test_an_address_of_a_next_page_loses_its_tokens(url: str, stripped: str) -> None:
    assert strip(url) == stripped


def test_a_form_loses_its_tokens() -> None:
    assert without_tokens({"method": "muat", "Access_Token": "x"}) == {"method": "muat"}


@pytest.mark.parametrize("text", ["", "pendek", "ada spasi di sini", "baris\nbaru-contoh", "é" * 20, "x" * 5000])
def test_what_cannot_be_a_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_secret(text)
    assert not text or text not in str(caught.value)


def test_a_line_end_after_a_secret_is_no_part_of_it() -> None:
    assert check_secret("rahasia-contoh\r\n") == "rahasia-contoh"
