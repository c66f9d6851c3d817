"""Talking to an OpenID Connect provider: the code flow with PKCE, and id tokens checked in signature and claims."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from monitor.domain import ProviderClaims
from monitor.errors import ProviderError, RefusedError

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures by a key that only the provider holds; never `none`, never a shared secret."""
_LEEWAY_SECONDS = 60
_PATIENCE = (5.0, 10.0)
_LARGEST = 1_000_000
_DOWN = ("Penyedia akun sedang tidak dapat dihubungi", "coba lagi sebentar lagi, atau masuk dengan kata sandi")
_STRANGE = ("Jawaban penyedia akun tidak sah", "ulangi dari halaman masuk; bila terulang, laporkan kepada admin")


@dataclass(frozen=True, slots=True, repr=False)
class Client:
    """How the provider knows this console; `label` is what officers read on the button."""

    issuer: str
    client_id: str
    client_secret: str = ""
    label: str = "akun lembaga"
    methods: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Errand:
    """A sign-in on its way: where it goes, and the secrets that the way back must fit."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True, repr=False)
class Provider:
    """One provider; what it publishes of itself is asked for once and kept."""

    client: Client
    _published: Mapping[str, Any] = field(default_factory=dict)

    def begin(self, back: str, *, again: bool = False) -> Errand:
        """Return the address to send the browser to; with `again` its user must prove there who they are once more.

        ProviderError when the provider does not answer.
        """
        errand = Errand("", *(secrets.token_urlsafe(32) for _ in range(3)))
        more = {"prompt": "login", "max_age": "0"} if again else {}
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=errand.state,
                code_verifier=errand.verifier,
                nonce=errand.nonce,
                **more,
            )
        return Errand(str(address), errand.state, errand.nonce, errand.verifier)

    def finish(self, errand: Errand, back: str, code: str, now: datetime) -> ProviderClaims:
        """Return what the provider vouches for; RefusedError when its token is not right in every part."""
        with self._session(back) as session:
            try:
                tokens = session.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=errand.verifier,
                    allow_redirects=False,
                )
            except (AuthlibBaseError, ValueError) as error:
                raise RefusedError(*_STRANGE) from error
            except requests.RequestException as error:
                raise ProviderError(*_DOWN) from error
        return self._checked(str(tokens.get("id_token", "")), errand.nonce, now)

    def proves_second_factor(self, claims: ProviderClaims) -> bool:
        """Whether the provider's own second factor was given, in a way that the office said counts."""
        return bool(self.client.methods & set(claims.methods)) or claims.level in self.client.levels

    def _checked(self, id_token: str, nonce: str, now: datetime) -> ProviderClaims:
        try:
            try:
                token = jwt.decode(id_token, self._keys(), algorithms=_ALGORITHMS)
            except (JoseError, ValueError):
                self._published = {}  # perhaps the provider changed its keys: ask once more
                token = jwt.decode(id_token, self._keys(), algorithms=_ALGORITHMS)
            claims = CodeIDToken(token.claims, token.header, self._wanted(nonce), self._context(nonce))
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)
        except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
            raise RefusedError(*_STRANGE) from error
        return _told(claims)

    def _wanted(self, nonce: str) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self.client.issuer},
            "aud": {"essential": True, "value": self.client.client_id},
            "nonce": {"essential": True, "value": nonce},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }

    def _context(self, nonce: str) -> dict[str, str]:
        return {"nonce": nonce, "client_id": self.client.client_id}

    def _session(self, back: str) -> Any:
        """Return Authlib's session, which has no types of its own."""
        return OAuth2Session(
            self.client.client_id,
            self.client.client_secret or None,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=_PATIENCE,
        )

    def _keys(self) -> KeySet:
        if "keys" not in self._published:
            self._published = {**self._metadata(), "keys": _fetched(self._endpoint("jwks_uri"))}
        return KeySet.import_key_set(self._published["keys"])

    def _endpoint(self, name: str) -> str:
        address = str(self._metadata().get(name, ""))
        if not _safe(address):
            raise ProviderError(*_STRANGE)
        return address

    def _metadata(self) -> Mapping[str, Any]:
        if not self._published:
            found = _fetched(self.client.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.client.issuer:
                raise ProviderError("Penyedia akun menyebut nama lain", "periksa web.oidc.issuer di pantau.toml")
            self._published = found
        return self._published


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=_PATIENCE, allow_redirects=False)
        if answer.status_code != 200 or len(answer.content) > _LARGEST:
            raise ProviderError(*_DOWN)
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderError(*_DOWN) from error
    if not isinstance(found, dict):
        raise ProviderError(*_STRANGE)
    return found


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))


def _told(claims: Mapping[str, Any]) -> ProviderClaims:
    methods = claims.get("amr")
    proved = claims.get("auth_time")
    return ProviderClaims(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")) if claims.get("email_verified") is True else "",
        methods=tuple(str(one) for one in methods) if isinstance(methods, list) else (),
        level=str(claims.get("acr", "")),
        proved_at=datetime.fromtimestamp(proved, UTC) if isinstance(proved, int) else None,
    )
