"""Official forms: which there are, and what was issued of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FormKind(StrEnum):
    """A form that an office writes from a case."""

    A = "a"
    B2 = "b2"
    REKOMENDASI = "rekomendasi"
    SBT = "sbt"

    @property
    def ending(self) -> str:
        """What the file name of an issued document ends with."""
        return "xlsx" if self is FormKind.SBT else "docx"

    @property
    def holds_number(self) -> bool:
        """Whether the form cannot do without the person's number, which only fresh proof unlocks."""
        return self is FormKind.SBT

    @property
    def may_hold_number(self) -> bool:
        """Whether an issued document of this form may show the number, so that opening it needs fresh proof too."""
        return self in (FormKind.SBT, FormKind.REKOMENDASI)


@dataclass(frozen=True, slots=True)
class FormIssue:
    """One issued version of a form: locked, a change is a new version."""

    id: int
    case_id: int
    form: FormKind
    version: int
    sha256: str
    template_sha256: str
    reason: str
    issued_by: int
    issuer: str
    issued_at: datetime
