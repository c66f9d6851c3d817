"""The sign-in provider of a workspace, from its settings."""

from __future__ import annotations

from pathlib import Path

from monitor.denials import closing, mending
from monitor.errors import ConfigError, plainly
from monitor.openid import Client, Provider
from monitor.settings_web import OidcSettings


def provider_of(settings: OidcSettings, home: Path) -> Provider | None:
    """Return the provider to sign in through, None while none is set; ConfigError for a secret that others can read.

    A file of the secret is named from the workspace, as all files of the settings are.
    """
    if not settings.issuer:
        return None
    client = Client(
        issuer=settings.issuer,
        client_id=settings.client_id,
        client_secret=_secret(settings, home),
        label=settings.label,
        methods=frozenset(settings.methods),
        levels=frozenset(settings.levels),
    )
    return Provider(client)


def _secret(settings: OidcSettings, home: Path) -> str:
    if settings.client_secret is not None:
        return settings.client_secret.get_secret_value()
    return _read(home / settings.client_secret_file) if settings.client_secret_file is not None else ""


def _read(path: Path) -> str:
    try:
        text, others = path.read_text(encoding="utf-8").strip(), path.stat().st_mode & 0o077
    except OSError as error:
        raise ConfigError(
            f"{path} tidak terbaca ({plainly(error)})",
            mending(error, "periksa web.oidc.client_secret_file di pantau.toml"),
        ) from error
    if others:
        raise ConfigError(f"{path} dapat dibaca pengguna lain", closing(path))
    return text
