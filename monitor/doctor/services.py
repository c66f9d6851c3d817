"""What the office has on other machines: mail, time authority, bucket, webhooks, provider, and the console's own door.

Only what the settings name is asked; nothing is sent that anybody would have to answer for.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.assembly import stamping_of
from monitor.doctor.checks import Check, ago
from monitor.errors import ConfigError
from monitor.evidence import timestamps
from monitor.evidence.opening import evidence_of
from monitor.evidence.timestamps import Authority
from monitor.openid import Client, Provider
from monitor.post_office import mailbox
from monitor.settings import Settings
from monitor.vault import Vault

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SECONDS = 8.0
_SOON = timedelta(days=21)
_TRIAL = b"pantau doctor"


def authority(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look at the time authority: its certificates' dates, then one trial stamp of a fixed text."""
    stamping = stamping_of(settings)
    if stamping is None:
        yield Check("otoritas waktu", well=True, detail="tidak dipakai")
        return
    told = stamping.authority()
    now = clock()
    yield from _dates("sertifikat otoritas waktu", told.roots, now)
    asked = Authority(told.url, told.roots, min(told.seconds, SECONDS), told.login)
    stamp = timestamps.stamp(asked, _TRIAL, clock)
    detail = f"menjawab, berselisih {abs((stamp.stamped_at - now).total_seconds()):.0f} detik dari jam mesin ini"
    yield Check("otoritas waktu", well=True, detail=detail)


def _dates(name: str, certificates: tuple[Certificate, ...], now: datetime) -> Iterator[Check]:
    first = min(one.not_valid_after_utc for one in certificates)
    begins = max(one.not_valid_before_utc for one in certificates)
    yield _until(name, first, now, "minta sertifikat terbaru otoritas waktu, isi timestamp.certificate")
    if begins > now:
        yield Check(name, well=False, detail=f"baru berlaku {begins:%d-%m-%Y}", mend="periksa jam mesin ini")


def _until(name: str, end: datetime, now: datetime, mend: str) -> Check:
    if end <= now:
        return Check(name, well=False, detail=f"habis {end:%d-%m-%Y}", mend=mend)
    detail = f"berlaku sampai {end:%d-%m-%Y}, {ago((end - now).total_seconds())} lagi"
    return Check(name, end - now > _SOON, detail, mend)


def mail(settings: Settings) -> Iterator[Check]:
    """Look whether the mail server takes the office's name and password; no mail is sent."""
    told = settings.notify
    if not told.enabled or (told.smtp_url is None and told.smtp_file is None):
        yield Check("peladen surat", well=True, detail="tidak dipakai")
        return
    box = mailbox(settings)
    parts = urlsplit(box.url)
    host = parts.hostname or ""
    mend = "periksa smtp_url, jaringan, dan sandi; coba kirim dengan `pantau notify test --to ALAMAT`"
    if not host or not box.sender:
        raise ConfigError("Alamat peladen surat atau pengirimnya kosong", "isi notify.smtp_file dan notify.sender")
    try:
        _greet(parts.scheme, host, parts.port, (unquote(parts.username or ""), unquote(parts.password or "")))
    except smtplib.SMTPAuthenticationError:
        yield Check("peladen surat", well=False, detail=f"{host} menolak nama atau sandi", mend=mend)
    except ssl.SSLCertVerificationError:
        yield Check("peladen surat", well=False, detail=f"sertifikat {host} tidak dipercaya", mend=mend)
    except (smtplib.SMTPException, OSError) as error:
        yield Check("peladen surat", well=False, detail=f"{host} tidak terjangkau ({type(error).__name__})", mend=mend)
    else:
        yield Check("peladen surat", well=True, detail=f"{host} menjawab")


def _greet(scheme: str, host: str, port: int | None, login: tuple[str, str]) -> None:
    context = ssl.create_default_context()
    if scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
    with server:
        server.ehlo()
        if scheme != "smtps" and not _is_here(host):
            server.starttls(context=context)
            server.ehlo()
        if login[0]:
            server.login(*login)


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def bucket(settings: Settings) -> Iterator[Check]:
    """Look whether the evidence store opens."""
    place = evidence_of(settings, Vault.load(settings.keys_dir)).place
    place.probe()
    where = f"di mesin lain: {place.label}" if settings.evidence.elsewhere else place.label
    yield Check("gudang bukti", well=True, detail=where)


def webhooks(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether receivers can be reached and how long their certificates hold; nothing is posted."""
    if not settings.notify.enabled:
        return
    for hook in settings.notify.webhooks:
        yield _door(f"webhook {hook.name}", hook.url, clock(), "periksa alamat penerima dan jaringannya")


def provider(settings: Settings) -> Iterator[Check]:
    """Look whether the provider of accounts says where people sign in."""
    told = settings.web.oidc
    if not told.issuer:
        return
    Provider(Client(told.issuer, told.client_id)).begin("https://pemeriksaan.invalid/")
    yield Check("penyedia akun", well=True, detail=told.issuer)


def console(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Check]:
    """Look whether what officers type leads to the console: its name, TLS, and the certificate's dates."""
    address = settings.notify.base_url
    parts = urlsplit(address)
    known = {"127.0.0.1", "localhost", "::1", *settings.web.hosts}
    if settings.web.https and not settings.web.hosts:
        mend = "isi web.hosts dengan nama konsol yang diketik petugas"
        yield Check("konsol", well=False, detail="web.https menyala tanpa nama konsol", mend=mend)
    if settings.web.https and not settings.web.proxies:
        mend = 'tulis web.proxies = ["127.0.0.1"], atau alamat perantara TLS-nya'
        yield Check("konsol", well=False, detail="semua petugas tampak datang dari perantara TLS", mend=mend)
    if not parts.hostname:
        return
    if parts.hostname not in known:
        mend = f'tulis web.hosts = ["{parts.hostname}"]'
        yield Check("konsol", well=False, detail=f"{parts.hostname} tidak ada dalam web.hosts", mend=mend)
    if (parts.scheme == "https") != settings.web.https and not _is_here(parts.hostname):
        mend = "isi web.https = true dan notify.base_url yang berawal https://"
        yield Check("konsol", well=False, detail="web.https dan notify.base_url tidak sejalan", mend=mend)
    yield _door(
        "pintu konsol", address, clock(), "nyalakan `pantau serve` dan perantara TLS-nya; lihat docs/pemasangan.md"
    )


def _door(name: str, address: str, now: datetime, mend: str) -> Check:
    """Connect, and read until when the certificate holds; nothing is asked of whoever answers."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as line:
            if parts.scheme != "https":
                return Check(name, well=True, detail=f"{host}:{port} menjawab")
            with ssl.create_default_context().wrap_socket(line, server_hostname=host) as safe:
                end = str((safe.getpeercert() or {})["notAfter"])
    except ssl.SSLCertVerificationError as error:
        return Check(name, well=False, detail=f"sertifikat {host}: {error.verify_message}", mend=mend)
    except OSError as error:
        detail = f"{host}:{port} tidak terjangkau ({type(error).__name__})"
        return Check(name, well=False, detail=detail, mend=mend)
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC)
    return _until(name, until, now, "perbarui sertifikat TLS itu")
