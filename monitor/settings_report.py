"""The settings of reports."""

from __future__ import annotations

import re

from pydantic import field_validator

from monitor.settings_web import Section

_ADDRESS = re.compile(r"[^\s@,<>]+@[^\s@,<>]+\.[^\s@,<>]+")


def mail_address(text: str) -> str:
    """Return a mail address; ValueError for what is none."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"{text} bukan alamat surel")
    return text


class ReportSettings(Section):
    """Who gets a link to the weekly report when the schedule has written it; nobody while messages are off."""

    mail_to: tuple[str, ...] = ()

    @field_validator("mail_to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(mail_address(one) for one in value)
