from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from monitor.errors import PantauError, ProviderError, RefusedError
from monitor.openid import Client, Errand, Provider

pytestmark = pytest.mark.peer
NOW = datetime(2024, 11, 3, 0, 5, tzinfo=UTC)
BACK = "http://localhost:8000/masuk/penyedia/kembali"
OWN, STRANGE = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("sendiri", "asing"))


@dataclass
class Desk:
    """A provider's address, with what it answers and what it was sent."""

    issuer: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=lambda: KeySet([OWN]).as_dict(private=False))
    sent: dict[str, list[str]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def there() -> Iterator[Desk]:
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(desk.keys if self.path == "/keys" else desk.metadata)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            desk.sent = parse_qs(self.rfile.read(length).decode())
            self.reply(desk.answer)

        def reply(self, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.issuer = f"http://127.0.0.1:{server.server_port}"
    places = {"authorization_endpoint": "/ask", "token_endpoint": "/token", "jwks_uri": "/keys"}
    desk.metadata = {name: desk.issuer + path for name, path in places.items()} | {"issuer": desk.issuer}
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield desk
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def provider(there: Desk) -> Provider:
    return Provider(Client(there.issuer, "pantau", "rahasia", methods=frozenset({"mfa"}), levels=frozenset({"tinggi"})))


def claims(there: Desk, errand: Errand, **changes: object) -> dict[str, Any]:
    moment = int(NOW.timestamp())
    whole = {
        "iss": there.issuer, "aud": "pantau", "sub": "sub-rina", "nonce": errand.nonce, "iat": moment,
        "exp": moment + 300, "auth_time": moment - 30, "email": "rina@contoh.example", "email_verified": True,
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


def answered(there: Desk, token: str) -> None:
    there.answer = {"access_token": "a", "token_type": "Bearer", "id_token": token}


def signed(said: dict[str, Any], key: Any = OWN, alg: str = "RS256", **header: str) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid or ""} | header, said, key, algorithms=[alg])


def test_a_right_token_says_who_how_and_when(there: Desk, provider: Provider) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand, amr=["pwd", "mfa"])))
    told = provider.finish(errand, BACK, "kode", NOW)
    assert (told.subject, told.email, told.methods) == ("sub-rina", "rina@contoh.example", ("pwd", "mfa"))
    assert provider.proves_second_factor(told)


def test_the_code_is_exchanged_with_the_verifier_of_the_challenge(there: Desk, provider: Provider) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand)))
    provider.finish(errand, BACK, "kode", NOW)
    challenge = parse_qs(urlsplit(errand.url).query)["code_challenge"][0]
    digest = hashlib.sha256(there.sent["code_verifier"][0].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
    assert (there.sent["code"], there.sent["redirect_uri"]) == (["kode"], [BACK])


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://lain.contoh.example"},
        {"aud": "aplikasi-lain"},
        {"aud": ["pantau", "aplikasi-lain"], "azp": "aplikasi-lain"},
        {"nonce": "karangan"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"sub": None},
        {"sub": ""},
    ],
    ids=lambda changes: "+".join(f"{name}={str(value)[:12]}" for name, value in changes.items()),
)
def test_a_token_wrong_in_one_claim_is_refused(there: Desk, provider: Provider, changes: dict[str, object]) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand, **changes)))
    with pytest.raises(RefusedError, match="tidak sah"):
        provider.finish(errand, BACK, "kode", NOW)


def raw(header: dict[str, str], said: dict[str, Any]) -> str:
    return ".".join(coded(json.dumps(part).encode()) for part in (header, said))


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(said: dict[str, Any]) -> str:
    return raw({"alg": "none"}, said) + "."


def by_public_key(said: dict[str, Any]) -> str:
    """A token signed with the provider's public key as if it were a shared secret."""
    whole = raw({"alg": "HS256", "kid": "sendiri"}, said)
    return f"{whole}.{coded(hmac.new(OWN.as_pem(private=False), whole.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        by_public_key,
        lambda said: signed(said, STRANGE),
        lambda said: signed(said, STRANGE, kid="sendiri"),
        lambda said: signed(said)[:-6] + "AAAAAA",
        lambda _said: "",
        lambda _said: "bukan.token",
    ],
    ids=["unsigned", "public-key-as-secret", "strange-key", "strange-key-own-name", "cut", "none", "garbage"],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(there: Desk, provider: Provider, forge: Any) -> None:
    errand = provider.begin(BACK)
    answered(there, forge(claims(there, errand)))
    with pytest.raises(RefusedError, match="tidak sah"):
        provider.finish(errand, BACK, "kode", NOW)


def test_new_keys_of_the_provider_are_asked_for_once(there: Desk, provider: Provider) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand)))
    provider.finish(errand, BACK, "kode", NOW)
    there.keys = KeySet([STRANGE]).as_dict(private=False)
    answered(there, signed(claims(there, errand), STRANGE))
    assert provider.finish(errand, BACK, "kode", NOW).subject == "sub-rina"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_was_not_checked_is_left_out(there: Desk, provider: Provider, verified: object) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand, email_verified=verified)))
    assert provider.finish(errand, BACK, "kode", NOW).email == ""


@pytest.mark.parametrize(
    ("said", "counts"), [({"acr": "tinggi"}, True), ({"amr": ["pwd"], "acr": "rendah"}, False), ({}, False)]
)
def test_only_what_the_office_named_counts_as_second_factor(
    there: Desk, provider: Provider, said: dict[str, object], counts: bool
) -> None:
    errand = provider.begin(BACK)
    answered(there, signed(claims(there, errand, **said)))
    assert provider.proves_second_factor(provider.finish(errand, BACK, "kode", NOW)) is counts


@pytest.mark.parametrize("answer", [{"error": "invalid_grant"}, {"access_token": "a"}, {}, {"id_token": 7}])
def test_an_answer_without_a_token_is_refused(there: Desk, provider: Provider, answer: dict[str, Any]) -> None:
    errand = provider.begin(BACK)
    there.answer = answer
    with pytest.raises(PantauError):
        provider.finish(errand, BACK, "kode", NOW)


@pytest.mark.parametrize("place", ["http://jahat.test/token", "file:///etc/passwd", "", "ftp://x"])
def test_an_address_off_https_is_not_gone_to(there: Desk, provider: Provider, place: str) -> None:
    there.metadata = there.metadata | {"authorization_endpoint": place}
    with pytest.raises(ProviderError):
        provider.begin(BACK)


def test_signing_in_anew_is_asked_of_the_provider(provider: Provider) -> None:
    asked = parse_qs(urlsplit(provider.begin(BACK, again=True).url).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
