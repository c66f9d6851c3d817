"""The law that acts are held against: rows, clocks and addressees, as `rules/law/*.yml` state them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.domain.contests import CandidateStatus, Regime
from monitor.domain.people import Employment

DOUBTFUL = frozenset({"U", "X"})


@dataclass(frozen=True, slots=True)
class LawRow:
    """One row of a law profile, e.g. B6 of SKB 2/2022.

    `kind` is the class of wording and `sanction_class` that of the sanction, as tokens of `rules.lawfile`. `purpose` is
    what the row demands that the act was meant for; a program cannot see it. `mark` says how well the row is sourced:
    V read, S summary, U not verified, X sources contradict each other.
    """

    code: str
    text: str
    sanction: str
    basis: str
    status: CandidateStatus | None
    rank: int
    mark: str = "V"
    kind: str = ""
    sanction_class: str = ""
    purpose: str = ""
    source: str = ""
    note: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether a lawyer must look first: the row was not verified, or sources contradict each other."""
        return self.mark in DOUBTFUL


@dataclass(frozen=True, slots=True)
class LegalClock:
    """A limit of time in one election regime, e.g. seven days after it became known; `day_type` may be disputed."""

    regime: Regime
    name: str
    days: int
    day_type: str
    starts: str
    basis: str
    mark: str = "V"
    source: str = ""
    note: str = ""

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other or none was read."""
        return self.mark in DOUBTFUL


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a case is handed to, from a day until the day before `ends`; empty `employments` are all of the profile."""

    name: str
    starts: date | None = None
    ends: date | None = None
    mark: str = "V"
    employments: tuple[Employment, ...] = ()
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LawProfile:
    """A versioned law profile, loaded from `rules/law/*.yml` and stored with the ruleset.

    Both dates of validity are inclusive days of Indonesia.
    """

    id: str
    title: str
    employments: tuple[Employment, ...]
    rows: tuple[LawRow, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    clocks: tuple[LegalClock, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    sources: tuple[str, ...] = ()

    def row(self, code: str) -> LawRow:
        """Return the row with this code; KeyError when the profile has none."""
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(f"{self.id} has no row {code}")

    def in_force(self, day: date) -> bool:
        """Whether the profile holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def addressees_on(self, day: date, employment: Employment) -> tuple[Addressee, ...]:
        """Return to whom a case of such a person goes on a day, in the order of the file."""
        return tuple(
            a
            for a in self.addressees
            if (a.starts is None or a.starts <= day)
            and (a.ends is None or day < a.ends)
            and (not a.employments or employment in a.employments)
        )

    def clock(self, regime: Regime, name: str) -> LegalClock | None:
        """Return a limit of time by its name, None where the profile has none for the regime."""
        return next((c for c in self.clocks if c.regime is regime and c.name == name), None)
