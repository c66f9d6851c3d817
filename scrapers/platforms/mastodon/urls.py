"""Addresses and names of the fediverse: accounts, their home servers, Link headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from monitor.domain import AccountRef
from scrapers.places import Place, StableId

_USER = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}"
_HOST = r"[A-Za-z0-9.-]{1,253}(?::\d{1,5})?"
_NAME = re.compile(rf"@?({_USER})@({_HOST})")
_PATH = re.compile(rf"/(?:(?:users|u|profile|accounts)/|@)({_USER})(?:@({_HOST}))?(?:/.*)?")
_NUMBERED = re.compile(r"/ap/users/(\d{1,20})(?:/.*)?")
_STATUS = re.compile(
    rf"/(?:@{_USER}(?:/statuses)?|users/{_USER}/statuses|ap/users/\d{{1,20}}/statuses|notice)/([A-Za-z0-9]{{1,64}})/?"
)
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?next"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """An account as it can be looked up: by user name, or by the server's own number, at one host."""

    host: str
    user: str = ""
    number: str = ""

    @property
    def handle(self) -> str | None:
        """user@host in lower case, None for an account known by number only."""
        return f"{self.user}@{self.host}".lower() if self.user else None


def account_name(text: str) -> Name | None:
    """Return what user@host, @user@host, a profile link or an actor's `uri` names; None for anything else."""
    text = text.strip()
    found = _NAME.fullmatch(text)
    if found:
        return Name(found[2].lower(), user=found[1])
    if not text.lower().startswith(("https://", "http://")):
        return None
    parts = urlsplit(text)
    host, path = parts.netloc.lower(), unquote(parts.path)
    if not re.fullmatch(_HOST, host):
        return None
    numbered = _NUMBERED.fullmatch(path)
    if numbered:
        return Name(host, number=numbered[1])
    named = _PATH.fullmatch(path)
    return Name((named[2] or host).lower(), user=named[1]) if named else None


def place(url: str, stable: StableId) -> Place | None:
    """Return the status that an address names, under the `uri` that Mastodon gives such a status by default."""
    parts = urlsplit(url.strip())
    named = re.fullmatch(rf"/(?:@|users/)({_USER})/(?:statuses/)?(\d{{1,20}})/?", unquote(parts.path))
    server = parts.netloc.lower()
    if parts.scheme not in ("http", "https") or named is None or not re.fullmatch(_HOST, server):
        return None
    handle = f"{named[1]}@{server}".lower()
    uri = f"{parts.scheme}://{server}/users/{named[1]}/statuses/{named[2]}"
    actor = stable(handle)
    author = AccountRef("mastodon", actor, handle) if actor else AccountRef("mastodon", handle, handle)
    return Place("mastodon", uri, uri, author, certain=False)


def status_place(url: str) -> tuple[str, str] | None:
    """Return host and number of the status at an address, as its own server numbers it; None for other addresses.

    Mastodon: /@name/1, /users/name/statuses/1, /ap/users/1/statuses/1; GoToSocial: /@name/statuses/ID;
    Pleroma and Akkoma: /notice/ID. Addresses under somebody's remote name (/@name@host/1) are another server's view.
    """
    parts = urlsplit(url)
    found = _STATUS.fullmatch(unquote(parts.path))
    host_name = parts.netloc.lower()
    if parts.scheme not in ("http", "https") or found is None or not re.fullmatch(_HOST, host_name):
        return None
    return host_name, found[1]


def origin(url: str) -> str:
    """Return scheme and host of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host(url: str) -> str:
    """Return the host of a URL in lower case, with its port where it has one."""
    return urlsplit(url).netloc.lower()


def home(server: str) -> str:
    """Return the address of a server by its name; one on this machine has no certificate and is asked without TLS.

    Whether it may be asked at all is for the policy's `allow_hosts` to say.
    """
    name = server.rsplit(":", 1)[0] if server.count(":") == 1 else server.strip("[]")
    local = name in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None
    return f"{'http' if local else 'https'}://{server}"


def lookup_url(base: str, name: Name) -> str:
    """Return the URL that turns a name into the account."""
    if name.number:
        return f"{base}/api/v1/accounts/{name.number}"
    return f"{base}/api/v1/accounts/lookup?acct={quote(name.user, safe='')}"


def api_url(base: str, path: str) -> str:
    """Return the URL of an API call."""
    return f"{base}/api/v1/{path}"


def next_query(link: str) -> str | None:
    """Return the query of the next page from a Link header; only the query, so that a page never leads elsewhere."""
    found = _NEXT.search(link)
    return (urlsplit(found[1]).query or None) if found else None


def with_query(url: str, query: str) -> str:
    """Return the same address with another query."""
    return urlsplit(url)._replace(query=query, fragment="").geturl()
