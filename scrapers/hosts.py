"""Which addresses may be reached: public ones over TLS, private ones only by name in the policy."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.errors import Blocked

_UNSAFE = re.compile(r"[\x00-\x20\\\x7f-\xff]|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: scheme, host in lower case and port."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """The place as a URL without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = {"https": 443, "http": 80}[self.scheme]
        return f"{self.scheme}://{host}" + ("" if self.port == default else f":{self.port}")


@lru_cache(maxsize=1024)  # every step on the way of a request asks where its address leads
def place(url: str) -> Place:
    """Return where a URL leads; Blocked for one that is not plain http(s) with a host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Blocked(f"Alamat tidak sah: {url[:200]}", url=url) from error
    host = (parts.hostname or "").rstrip(".")
    if _UNSAFE.search(url) or "@" in parts.netloc or parts.scheme not in ("https", "http") or not host:
        raise Blocked(f"Alamat tidak sah: {url[:200]}", url=url)
    return Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))


def check_place(where: Place, allow_hosts: Iterable[str], url: str) -> bool:
    """Return whether the policy names the host; Blocked when it must not be reached whatever its addresses are."""
    named = {allowed.lower().strip() for allowed in allow_hosts}
    bracketed = f"[{where.host}]" if ":" in where.host else where.host
    if named & {where.host, bracketed, f"{bracketed}:{where.port}"}:
        return True
    if where.scheme != "https":
        raise Blocked(f"{where.origin} tidak memakai TLS", url=url, mend="pakai https, atau sebut di allow_hosts")
    if where.host == "localhost" or where.host.endswith((".localhost", ".local", ".internal")):
        raise _private(where, url)
    if _is_literal(where.host):
        check_addresses(where, (where.host,), url)
    return False


def check_addresses(where: Place, addresses: Iterable[str], url: str) -> None:
    """Raise Blocked unless every address is a public one."""
    for text in addresses:
        if not is_public(text):
            raise _private(where, url)


def is_public(text: str) -> bool:
    """Whether an address is a public unicast one; an IPv4 address inside an IPv6 one counts as itself."""
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _private(where: Place, url: str) -> Blocked:
    return Blocked(
        f"{where.host} bukan alamat publik",
        url=url,
        mend="bila memang perlu (uji coba, intranet), sebut di allow_hosts sumber itu",
    )
