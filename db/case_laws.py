"""The law and the rules as they judged, for the page of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.among import IDS, among
from db.connect import Session
from db.register import WIB
from db.tables import law_profile, ruleset
from monitor.domain import CandidateStatus, Employment, LawRow
from monitor.domain.law import DOUBTFUL


@dataclass(slots=True)
class CaseLaws:
    """Law profiles and rule titles of the rule sets that gave the hits."""

    profiles: dict[tuple[int, str], Any]
    rules: dict[int, Mapping[str, Any]]

    def __init__(self, session: Session, ruleset_ids: Collection[int]) -> None:
        rows = session.execute(_both(session.dialect.name), {IDS: sorted(ruleset_ids)}).all()
        self.profiles = {(row.ruleset_id, row.profile): row for row in rows if row.profile is not None}
        self.rules = {row.ruleset_id: (row.content or {}).get("rules") or {} for row in rows if row.profile is None}

    def row(self, ruleset_id: int, law: str, code: str) -> tuple[str, LawRow | None]:
        """Return title and row of a law profile as it judged."""
        profile = self.profiles.get((ruleset_id, law))
        if profile is None:
            return law, None
        for row in profile.content.get("rows", ()):
            if row["code"] == code:
                status = CandidateStatus(row["status"]) if row.get("status") else None
                return profile.title, LawRow(**(row | {"status": status}))
        return profile.title, None

    def addressees(
        self, ruleset_id: int, law: str, employment: Employment, now: datetime | None
    ) -> tuple[tuple[str, ...], bool]:
        """Return to whom such a person's case goes at a time, by the law profile as it judged, and whether it is sure.

        Not sure means that a lawyer must look first: it was not verified, or sources contradict each other.
        """
        profile = self.profiles.get((ruleset_id, law))
        day = now.astimezone(WIB).date().isoformat() if now is not None else ""
        found = [
            to
            for to in (profile.content.get("addressees", ()) if profile is not None and day else ())
            if (to.get("starts") or "") <= day < (to.get("ends") or "9999")
            and employment.value in (to.get("employments") or (employment.value,))
        ]
        return tuple(str(to["name"]) for to in found), not any(to.get("mark") in DOUBTFUL for to in found)

    def rule(self, ruleset_id: int, rule_id: str) -> tuple[str, tuple[str, ...]]:
        """Return title and known false positives of a rule as it judged."""
        told = self.rules.get(ruleset_id, {}).get(rule_id)
        if not isinstance(told, dict):
            return rule_id, ()
        return str(told.get("title") or rule_id), tuple(map(str, told.get("false_positives") or ()))


@cache
def _both(dialect: str) -> sa.CompoundSelect[Any]:
    """Select the law profiles of rule sets, and the rule sets themselves, which have no profile's name."""
    profiles = sa.select(
        law_profile.c.ruleset_id, law_profile.c.profile, law_profile.c.title, law_profile.c.content
    ).where(among(dialect, law_profile.c.ruleset_id))
    nothing = sa.cast(sa.null(), law_profile.c.profile.type)
    sets = sa.select(ruleset.c.id, nothing, nothing, ruleset.c.detail).where(among(dialect, ruleset.c.id))
    return sa.union_all(profiles, sets)
