"""How messages leave: mail and the office's own channels through Apprise, webhooks by a signed POST."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

import stamina

from monitor.errors import ConfigError, DeliveryError
from monitor.notify.messages import Text
from monitor.notify.signing import DELIVERY, SIGNATURE, TIMESTAMP, signature

_SECONDS = 10.0
_TRIES = 3


class _Passing(DeliveryError):
    """A failure that may be over in a moment."""


@dataclass(frozen=True, slots=True, repr=False)
class Mailbox:
    """A mail server and the address that mail comes from; `url` is a secret."""

    url: str
    sender: str
    seconds: float = _SECONDS


@dataclass(frozen=True, slots=True, repr=False)
class Hook:
    """A receiver of webhooks; `secret` signs what goes there."""

    name: str
    url: str
    secret: bytes
    seconds: float = _SECONDS


def send_mail(box: Mailbox, to: str, text: Text) -> None:
    """Send one mail as plain text; DeliveryError when the server cannot be reached or will not take it."""
    _notify({**_server(box), "targets": [to]}, text, "Peladen surat")


def send_office(url: str, text: Text) -> None:
    """Send one message to a channel of the office (an Apprise address); DeliveryError when it is not taken."""
    _notify(url, text, "Saluran kantor")


def post(hook: Hook, body: bytes, delivery: str, timestamp: int) -> None:
    """Deliver one signed webhook, trying a few times where the failure may pass; DeliveryError when it does not.

    Only 2xx counts as taken; redirects are not followed, since a signature is for one receiver.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "pantau-netralitas",
        SIGNATURE: signature(hook.secret, timestamp, body),
        TIMESTAMP: str(timestamp),
        DELIVERY: delivery,
    }
    request = Request(hook.url, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) by the settings
    for attempt in stamina.retry_context(on=_Passing, attempts=_TRIES, timeout=None, wait_initial=0.5, wait_max=5.0):
        with attempt:
            _once(request, hook.seconds)


def _once(request: Request, seconds: float) -> None:
    try:
        with _opener().open(request, timeout=seconds) as answer:
            answer.read(1024)
    except HTTPError as error:
        kind = _Passing if error.code >= 500 or error.code in (408, 429) else DeliveryError
        raise kind(f"Penerima menjawab {error.code}", "periksa alamat dan kunci penerima") from None
    except (URLError, TimeoutError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise _Passing(f"Penerima tidak terjangkau ({type(reason).__name__})", "periksa alamat dan jaringan") from None


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: the answer counts as it is."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Refuse to go on."""


def _opener() -> Any:
    """Return what asks: no proxies of the environment, no redirects, certificates checked."""
    return build_opener(ProxyHandler({}), _Stay, HTTPSHandler(context=ssl.create_default_context()))


def _server(box: Mailbox) -> dict[str, Any]:
    """Return a mail server as Apprise wants it: encrypted, except on this machine; ConfigError for a bad address."""
    parts = urlsplit(box.url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not box.sender:
        raise ConfigError(
            "Alamat peladen surat atau pengirimnya belum benar",
            "tulis smtp://nama:sandi@peladen:587 (STARTTLS) atau smtps://…:465, dan isi notify.sender",
        )
    secure = parts.scheme == "smtps" or not _is_local(parts.hostname)
    return {
        "schema": "mailtos" if secure else "mailto",
        "host": parts.hostname,
        "smtp_host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "from_addr": box.sender,
        "secure_mode": "ssl" if parts.scheme == "smtps" else "starttls" if secure else "insecure",
        "format": "text",
        "cto": box.seconds,
        "rto": box.seconds,
    }


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _notify(where: str | dict[str, Any], text: Text, what: str) -> None:
    import apprise  # loads a hundred channels; only for whoever sends

    with _quiet():
        channel = apprise.Apprise.instantiate(where, suppress_exceptions=True)
        if channel is None:
            raise ConfigError(f"{what}: alamatnya tidak dikenal", "periksa berkas rahasia pada bagian [notify]")
        taken = channel.notify(body=text.body, title=text.subject)
    if not taken:
        raise DeliveryError(f"{what} tidak terjangkau atau menolak", "periksa alamat, sandi, dan jaringan")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Apprise logs to itself: it names addresses."""
    logger = logging.getLogger("apprise")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
