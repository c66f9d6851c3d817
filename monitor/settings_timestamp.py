"""The settings of timestamps."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from monitor.settings_web import Section


class TimestampSettings(Section):
    """The authority (RFC 3161) that stamps manifests; none until `url` is set.

    `certificate` is a PEM file with the root it is trusted by, and links of its chain where it does not send them.
    `login_file` (mode 600) holds `name:password` where it asks for one.
    """

    url: str = ""
    certificate: Path | None = None
    login_file: Path | None = None
    seconds: float = Field(default=10, gt=0, le=120)
    per_night: int = Field(default=200, ge=0)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
            raise ValueError("tulis alamat http:// atau https:// tanpa nama dan sandi di dalamnya")
        return value

    @model_validator(mode="after")
    def _trusted(self) -> TimestampSettings:
        if self.url and self.certificate is None:
            raise ValueError("isi certificate: sertifikat akar otoritas waktu itu (PEM)")
        if self.login_file is not None and self.url.startswith("http:"):
            raise ValueError("login_file hanya lewat https://")
        return self
