"""The settings of messages become ready carriers here; secrets are read from the environment or from private files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from monitor.desk.notices import Carriers, Office
from monitor.errors import ConfigError, PantauError
from monitor.notify import carriers
from monitor.notify.carriers import Hook, Mailbox
from monitor.notify.messages import Text
from monitor.private_files import private_text
from monitor.settings import Settings, WebhookSettings

_LEAST_SECRET = 16


def office_of(settings: Settings) -> Office:
    """Return who may be told; nobody while messages are switched off. ConfigError when the console has no address."""
    told = settings.notify
    if not told.enabled:
        return Office(settings.agency.name, "", settings.agency.zone)
    if not told.base_url:
        raise ConfigError("Alamat konsol untuk tautan dalam pesan belum diisi", "isi notify.base_url di pantau.toml")
    return Office(
        agency=settings.agency.name,
        base_url=told.base_url,
        zone=settings.agency.zone,
        mail=told.smtp_url is not None or told.smtp_file is not None,
        channel=told.channels_file is not None,
        hooks=tuple(hook.name for hook in told.webhooks),
    )


def carriers_of(settings: Settings, clock: Callable[[], datetime]) -> Carriers:
    """Return how messages leave; a secret that is missing fails the one message that needs it."""
    return Carriers(
        mail=lambda to, text: carriers.send_mail(mailbox(settings), to, text),
        channel=lambda text: send_channels(settings, text),
        hooks={hook.name: partial(_post, settings, hook, clock) for hook in settings.notify.webhooks},
        most_attempts=settings.notify.attempts,
    )


def mailbox(settings: Settings) -> Mailbox:
    """Return the mail server; ConfigError when none is named or its file is open to others."""
    told = settings.notify
    if told.smtp_url is not None:
        return Mailbox(told.smtp_url.get_secret_value(), told.sender)
    if told.smtp_file is None:
        raise ConfigError("Peladen surat belum disebut", "isi notify.smtp_file, atau PANTAU_NOTIFY__SMTP_URL")
    return Mailbox(private_text(settings.home / told.smtp_file), told.sender)


def send_channels(settings: Settings, text: Text) -> None:
    """Send a message to every channel of the office; the first that does not take it is told after all were tried."""
    file = settings.notify.channels_file
    if file is None:
        raise ConfigError("Saluran kantor belum disebut", "isi notify.channels_file")
    failed: list[PantauError] = []
    for url in private_text(settings.home / file).splitlines():
        if url.strip() and not url.startswith("#"):
            try:
                carriers.send_office(url.strip(), text)
            except PantauError as error:
                failed.append(error)
    if failed:
        raise failed[0]


def _post(settings: Settings, hook: WebhookSettings, clock: Callable[[], datetime], body: bytes, delivery: str) -> None:
    secret = private_text(settings.home / hook.secret_file).encode()
    if len(secret) < _LEAST_SECRET:
        raise ConfigError(f"Rahasia webhook {hook.name} terlalu pendek", f"pakai sedikitnya {_LEAST_SECRET} huruf acak")
    carriers.post(Hook(hook.name, hook.url, secret), body, delivery, int(clock().timestamp()))
