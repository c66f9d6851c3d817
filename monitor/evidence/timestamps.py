"""Timestamps of RFC 3161: an authority signs that a hash was there at a time, and anybody can check it later.

The whole answer is kept as it came, so that `openssl ts -verify -data manifest.json -in answer.tsr -CAfile roots.pem`
says the same as this program.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.denials import mending
from monitor.domain.manifests import Stamp
from monitor.errors import AuthorityUnreachable, ConfigError, TimestampError
from monitor.evidence.der import ordered

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

_SHA256 = "2.16.840.1.101.3.4.2.1"
_LARGEST = 64 * 1024
_TOLERANCE = timedelta(minutes=5)
"""By how much an authority's clock may differ from ours; a larger gap is a fault of one of them."""

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True, repr=False)
class Authority:
    """A timestamp authority: its address, the certificates it is trusted by, and for how many seconds it is waited.

    `roots` hold at least one self-signed certificate; others are links of the chain. `login` is `name:password` where
    the authority asks for one, and a secret.
    """

    url: str
    roots: tuple[Certificate, ...]
    seconds: float = 10.0
    login: str = ""


def load_certificates(file: Path) -> tuple[Certificate, ...]:
    """Read the certificates of a PEM file; ConfigError when there is none."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return tuple(load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        mend = mending(error, "isi timestamp.certificate dengan berkas PEM otoritas waktu")
        raise ConfigError(f"Berkas sertifikat {file} tidak terbaca", mend) from error


def stamp(authority: Authority, data: bytes, clock: Callable[[], datetime]) -> Stamp:
    """Have data stamped and return the checked answer.

    AuthorityUnreachable when no answer comes in time; TimestampError when the answer is refused, about other data,
    signed by somebody else, or names a time that is not now.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
    began = clock()
    answer = _ask(authority, request.as_bytes())
    told = _response(answer)
    at = _checked(told, hashlib.sha256(data).hexdigest(), authority.roots, request.nonce)
    if not began - _TOLERANCE <= at <= clock() + _TOLERANCE:
        raise TimestampError(
            f"Otoritas waktu menyebut {at:%d-%m-%Y %H:%M:%S} UTC, jauh dari jam mesin ini",
            "periksa jam mesin ini (NTP), lalu hubungi otoritas waktu",
        )
    return Stamp(authority.url, at, answer)


def check(answer: bytes, digest: str, roots: tuple[Certificate, ...]) -> datetime:
    """Return when an authority stamped the sha256 (hex) of something; TimestampError unless everything holds.

    Certificates need to have been valid at that time only.
    """
    return _checked(_response(answer), digest, roots, None)


def read(answer: bytes) -> tuple[str, datetime]:
    """Return hash (hex) and time that an answer speaks of, without saying who signed it; TimestampError for rubbish."""
    told = _response(answer)
    return told.tst_info.message_imprint.message.hex(), _time(told)


def _checked(told: TimeStampResponse, digest: str, roots: tuple[Certificate, ...], nonce: int | None) -> datetime:
    from rfc3161_client import VerificationError, VerifierBuilder

    info = told.tst_info
    if info.message_imprint.hash_algorithm.dotted_string != _SHA256 or info.message_imprint.message.hex() != digest:
        raise TimestampError("Stempel waktu itu untuk data lain", "minta stempel baru")
    if nonce is not None and info.nonce != nonce:
        raise TimestampError("Stempel waktu itu jawaban atas permintaan lain", "minta stempel baru")
    own = [one for one in roots if one.issuer == one.subject]
    links = [one for one in roots if one.issuer != one.subject]
    verifier = VerifierBuilder(roots=own or links, intermediates=links if own else []).build()
    try:
        verifier.verify(told, bytes.fromhex(digest))
    except (VerificationError, ValueError) as error:
        raise TimestampError(
            "Tanda tangan stempel waktu tidak cocok dengan sertifikat yang dipercaya",
            "periksa timestamp.certificate, atau tanyakan sertifikat terbarunya kepada otoritas waktu",
        ) from error
    return _time(told)


def _response(answer: bytes) -> TimeStampResponse:
    """Read an answer that holds a token; TimestampError for a refusal and for anything else."""
    from rfc3161_client import decode_timestamp_response

    try:
        told = decode_timestamp_response(ordered(answer))
        refused = told.status != 0
    except ValueError as error:
        raise TimestampError("Jawaban otoritas waktu tidak terbaca", "periksa timestamp.url") from error
    if refused:
        said = " ".join(told.status_string).strip()[:200]
        raise TimestampError(
            f"Otoritas waktu menolak permintaan (kode {told.status}) {said}".strip(), "hubungi otoritas waktu"
        )
    try:
        told.tst_info  # noqa: B018 - reading it is what fails where there is no token
    except ValueError as error:
        raise TimestampError("Jawaban otoritas waktu tanpa stempel", "hubungi otoritas waktu") from error
    return told


def _time(told: TimeStampResponse) -> datetime:
    return told.tst_info.gen_time.astimezone(UTC)


def _ask(authority: Authority, query: bytes) -> bytes:
    """Return what the authority answers; neither proxies of the environment nor redirects are followed."""
    headers = {"Content-Type": _QUERY, "Accept": _REPLY, "User-Agent": "pantau-netralitas"}
    if authority.login:
        headers["Authorization"] = "Basic " + b64encode(authority.login.encode()).decode()
    where = urlsplit(authority.url)
    place = (where.path or "/") + (f"?{where.query}" if where.query else "")
    connection = _connection(authority)
    over = time.monotonic() + authority.seconds
    try:
        connection.connect()
        timer = Timer(authority.seconds, _cut, [connection.sock])
        timer.daemon = True
        timer.start()
    except (OSError, HTTPException) as error:
        raise _unreachable(error) from None
    try:
        connection.request("POST", place, body=query, headers=headers)
        answer = connection.getresponse()
        body = answer.read(_LARGEST + 1)
    except (OSError, HTTPException) as error:
        raise _unreachable(error) from None
    finally:
        timer.cancel()
        connection.close()
    if time.monotonic() >= over:
        raise AuthorityUnreachable("Otoritas waktu terlalu lama menjawab", "naikkan timestamp.seconds, atau coba lagi")
    if answer.status != 200:
        raise AuthorityUnreachable(f"Otoritas waktu menjawab {answer.status}", "periksa timestamp.url dan izin kantor")
    if len(body) > _LARGEST:
        raise TimestampError("Jawaban otoritas waktu terlalu besar", "periksa timestamp.url")
    return body


def _connection(authority: Authority) -> HTTPConnection:
    where = urlsplit(authority.url)
    if where.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(where.hostname or "", where.port, timeout=authority.seconds, context=context)
    return HTTPConnection(where.hostname or "", where.port, timeout=authority.seconds)


def _unreachable(error: Exception) -> AuthorityUnreachable:
    return AuthorityUnreachable(
        f"Otoritas waktu tidak terjangkau ({type(error).__name__})",
        "periksa timestamp.url, timestamp.seconds, dan jaringan",
    )


def _cut(line: socket.socket) -> None:
    """End a connection whose time is over, however slowly something still comes in."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
