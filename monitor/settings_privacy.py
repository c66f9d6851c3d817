"""The settings of retention; how long answers and texts of a source are kept stands in that source's policy record."""

from __future__ import annotations

from pydantic import Field

from monitor.settings_web import Section


class PrivacySettings(Section):
    """How many days what no source policy speaks of is kept.

    `closed_case_days` counts from a case's last step and holds back whatever it rests on; notes and reporters count
    from the same step, or from the day they came where no case rests on them.
    """

    closed_case_days: int = Field(default=365, ge=1)
    note_days: int = Field(default=1825, ge=1)
    reporter_days: int = Field(default=365, ge=1)
    brought_days: int = Field(default=365, ge=1)
    audit_days: int = Field(default=1825, ge=1)
    register_copy_days: int = Field(default=730, ge=1)
    message_days: int = Field(default=90, ge=1)
