"""The settings of the console, and what every section of `pantau.toml` is: frozen, without unknown keys."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class Section(BaseModel):
    """One section of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OidcSettings(Section):
    """Signing in through an OpenID Connect provider; off while `issuer` is empty.

    The secret comes from `PANTAU_WEB__OIDC__CLIENT_SECRET` or from a file of mode 600. `methods` (amr) and `levels`
    (acr) are what the provider must say for its own second factor to count as ours.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    label: str = "akun lembaga"
    methods: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _reached_safely(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if value and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local))):
            raise ValueError("tulis alamat https:// penyedianya; http:// hanya untuk mesin ini sendiri")
        return value

    @model_validator(mode="after")
    def _whole(self) -> OidcSettings:
        if self.issuer and not self.client_id:
            raise ValueError("client_id wajib diisi bila issuer diisi")
        return self


class WebSettings(Section):
    """The review console; cookies are marked Secure when `https` is true.

    `hosts` are further names under which officers reach it, through a TLS proxy. `proxies` are the addresses of such
    proxies, whose word on where a request came from counts. A session that lies idle for `idle_minutes` ends.
    `second_factor` is asked of everybody who sees people, or of those who have one.
    """

    https: bool = False
    hosts: tuple[str, ...] = ()
    session_hours: float = Field(default=12, gt=0)
    idle_minutes: float = Field(default=60, gt=0)
    second_factor: Literal["wajib", "bila_ada"] = "wajib"
    oidc: OidcSettings = OidcSettings()
    upload_mb: float = Field(default=200, gt=0, le=4096)
    proxies: tuple[str, ...] = ()

    @field_validator("proxies")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                network = ip_network(address)
            except ValueError as error:
                raise ValueError(f'{address} bukan alamat, tulis misalnya "127.0.0.1" atau "10.8.0.0/24"') from error
            if network.prefixlen == 0:
                raise ValueError(f"{address} mempercayai siapa pun")
        return value
