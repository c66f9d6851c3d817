"""Secrets on their way into a call, and out of everything that comes back.

A request names the slot of its secret; the fetcher asks `Keys` for it while sending and puts it where the manifest
says. Platforms repeat secrets in their answers (a Graph page of results links to the next one with the token in it), so
every answer to such a call is scrubbed before anybody hashes, keeps or reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from monitor.errors import PolicyBlocked, UsageError
from scrapers.wire import Answer, Call

HIDDEN = "DISEMBUNYIKAN"  # plain letters: stands in addresses, JSON and HTML alike
SCRUBBED = "pantau-scrubbed"
OWNER = "owner"
_SHORTEST, _LONGEST = 8, 4096
_SECRET = re.compile(r"[\x21-\x7e]+")
_NAMES = frozenset({
    "access_token", "accesstoken", "api_key", "apikey", "appsecret_proof", "auth", "auth_token", "bearer",
    "bearer_token", "client_secret", "id_token", "input_token", "key", "oauth_token", "password", "refresh_token",
    "secret", "sig", "signature", "token",
})  # fmt: skip
_TOLD = re.compile(
    rb"((?:access_?token|appsecret_proof|client_secret|refresh_token|input_token)"
    rb"(?:=|%3d|\\u003d|\\?\"\s{0,4}:\s{0,4}\\?\"))"
    rb"(?:\\/|\\u00(?!2[26])[0-9a-f]{2}|[^&\"\\\s<>])+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Key:
    """A secret and its place in a call: "query:NAME", "header:NAME" or "bearer"."""

    place: str
    secret: str = field(repr=False)


class Keys(Protocol):
    """Gives out secrets by source and slot while a call is sent."""

    def secret(self, source: str, slot: str) -> str:
        """Return the secret of a slot; PolicyBlocked says what to do when there is none that may be used."""
        ...


class NoKeys:
    """An office without any secret."""

    def secret(self, source: str, slot: str) -> str:
        """Raise PolicyBlocked."""
        raise missing(source, slot)


def missing(source: str, slot: str) -> PolicyBlocked:
    """Return the refusal of a call whose secret nobody has entered."""
    what = "token pemilik akun" if is_owner(slot) else "kunci"
    return PolicyBlocked(
        f"Sumber {source} belum punya {what} untuk {slot}",
        f"masukkan dengan `pantau sources credential add {source} {slot}`",
    )


def is_owner(slot: str) -> bool:
    """Whether a slot holds a token that the owner of an account lent."""
    return slot.partition(":")[0] == OWNER


def check_secret(text: str) -> str:
    """Return a secret that can stand in a call; UsageError, without showing it, for one that cannot."""
    secret = text.strip()
    if not _SHORTEST <= len(secret) <= _LONGEST or not _SECRET.fullmatch(secret):
        raise UsageError(
            f"Rahasia itu tidak sah: perlu {_SHORTEST} sampai {_LONGEST} huruf ASCII tanpa spasi",
            "salin lagi dari platform, satu baris tanpa tanda kutip",
        )
    return secret


def strip(url: str) -> str:
    """Return an address without sign-in, fragment and parameters that hold keys or tokens, all else in its order."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        return re.split(r"[?#]", url, maxsplit=1)[0]
    kept = [(name, value) for name, value in pairs if name.lower() not in _NAMES]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def carry(call: Call, key: Key) -> Call:
    """Return the call with the secret in its place; PolicyBlocked for a place that no call has."""
    kind, _, name = key.place.partition(":")
    if kind == "query" and name:
        url = _without(call.url, name)  # a next page's address may still name the one that was scrubbed
        joint = "&" if "?" in url else "?"
        return replace(call, url=f"{url}{joint}{quote(name)}={quote(key.secret, safe='')}", secret=key.secret)
    if kind == "header" and name:
        return replace(call, headers={**call.headers, name.lower(): key.secret}, secret=key.secret)
    if kind == "bearer":
        return replace(call, headers={**call.headers, "authorization": f"Bearer {key.secret}"}, secret=key.secret)
    raise PolicyBlocked(f"Tempat rahasia {key.place} tidak dikenal", "perbaiki slot di manifest.toml platform ini")


def _without(url: str, name: str) -> str:
    head, mark, query = url.partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] != name]
    return head + mark + "&".join(kept) if query and any(kept) else head


def scrub(answer: Answer, secret: str) -> Answer:
    """Return the answer to a call with this secret without any secret in it; a header says how many were taken out."""
    pattern = _pattern(secret)
    body, own = pattern.subn(HIDDEN.encode(), answer.body)
    body, told = _TOLD.subn(rb"\1" + HIDDEN.encode(), body)
    headers = {name: _scrub_text(value, pattern) for name, value in answer.headers.items()}
    counted = {SCRUBBED: str(own + told)} if own + told else {}
    return replace(answer, body=body, headers=headers | counted)


def _scrub_text(text: str, pattern: re.Pattern[bytes]) -> str:
    raw = pattern.sub(HIDDEN.encode(), text.encode("utf-8", "surrogateescape"))
    return _TOLD.sub(rb"\1" + HIDDEN.encode(), raw).decode("utf-8", "surrogateescape")


@lru_cache(maxsize=256)
def _pattern(secret: str) -> re.Pattern[bytes]:
    """Match the secret as it stands and as URLs, JSON and HTML write it, once or twice encoded."""
    return re.compile(b"".join(_written(character) for character in secret))


def _written(character: str) -> bytes:
    if character.isalnum():
        return character.encode()
    code = ord(character)
    named = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}.get(character)
    html = f"&#(?:0{{0,8}}{code}|[xX]0{{0,8}}(?i:{code:x}));" + (f"|&{named};" if named else "")
    plain = re.escape(character)
    plus = r"|\+" if character == " " else ""
    # bounded: a long run of backslashes must not be gone through again at each of them
    return f"(?:\\\\{{0,32}}{plain}{plus}|%(?:25){{0,8}}(?i:{code:02x})|\\\\{{1,32}}u(?i:{code:04x})|{html})".encode()


def without_tokens(form: Mapping[str, str]) -> dict[str, str]:
    """Return a form without the fields that hold keys or tokens."""
    return {name: value for name, value in form.items() if name.lower() not in _NAMES}
