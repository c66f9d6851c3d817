"""The settings of the evidence store: where sealed files lie, and how that place is reached."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.settings_web import Section

_OWN = ("file", "local")
_URL = re.compile(r"(?P<protocol>[a-z0-9]+)://(?P<rest>[^\s@?#]+)")


class EvidenceSettings(Section):
    """The evidence store; in `data/evidence` while `url` is empty.

    The keys of a bucket are secrets: they come from `PANTAU_EVIDENCE__KEY` and `PANTAU_EVIDENCE__SECRET`, or from
    `credentials_file` (mode 600), the key on its first line and the secret on its second.
    """

    url: str = ""
    endpoint_url: str = ""
    credentials_file: Path | None = None
    key: SecretStr | None = None
    secret: SecretStr | None = None
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _URL.fullmatch(value):
            raise ValueError("tulis misalnya s3://wadah/folder atau file:///srv/bukti, tanpa kunci di dalamnya")
        return value.rstrip("/")

    @field_validator("endpoint_url")
    @classmethod
    def _server(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@?#]+/?", value):
            raise ValueError("tulis alamat peladen, misalnya https://bukti.contoh.example:9000")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _server_of_a_bucket(self) -> EvidenceSettings:
        if self.endpoint_url and not self.url.startswith(("s3://", "s3a://")):
            raise ValueError("endpoint_url hanya untuk url s3://")
        return self

    @property
    def folder(self) -> Path | None:
        """The folder of this machine that `url` names, None where it names none."""
        found = _URL.fullmatch(self.url)
        if found is None or found["protocol"] not in _OWN:
            return None
        return Path(found["rest"])

    @property
    def elsewhere(self) -> bool:
        """Whether files lie on another machine."""
        return bool(self.url) and self.folder is None
