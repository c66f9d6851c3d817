"""The forms of a case as its page shows them: what can be drawn, what was issued, from when the rest may be."""

from __future__ import annotations

from dataclasses import dataclass

from db import forms as rows
from db.connect import Session
from monitor.desk.forms import issuable
from monitor.domain import CaseDetail, FormIssue, FormKind


@dataclass(frozen=True, slots=True)
class FormShown:
    """One form of a case; `early` says from when it may be issued while it may not yet."""

    kind: FormKind
    early: str
    issues: tuple[FormIssue, ...]

    @property
    def next_version(self) -> int:
        """The number that the next issue gets."""
        return self.issues[-1].version + 1 if self.issues else 1


def forms_shown(session: Session, detail: CaseDetail) -> tuple[FormShown, ...]:
    """Return every form of a case with what was issued of it."""
    issued = rows.issues_of(session, detail.id)
    return tuple(
        FormShown(kind, issuable(kind, detail.row.state), tuple(one for one in issued if one.form is kind))
        for kind in FormKind
    )
