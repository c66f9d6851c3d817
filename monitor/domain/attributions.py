"""Whose account it is: proposals, what two people said of them, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.acts import AccountRef
from monitor.domain.cases import HandleSeen, PersonBrief
from monitor.domain.people import AttributionStatus
from monitor.domain.review import CaseState


class Whose(StrEnum):
    """By whom the listed attributions were proposed, as seen by one user."""

    ALL = "semua"
    MINE = "saya"
    OTHERS = "lain"


@dataclass(frozen=True, slots=True)
class AttributionFilter:
    """Which attributions to list, within `scope` (None is everything, an empty tuple nothing).

    Proposals are listed oldest first, the others newest first; `after` is the number of the last row shown.
    """

    status: AttributionStatus = AttributionStatus.PROPOSED
    scope: tuple[str, ...] | None = None
    whose: Whose = Whose.ALL
    user: str = ""
    platform: str = ""
    region: str = ""
    text: str = ""
    after: int | None = None
    limit: int | None = 50


@dataclass(frozen=True, slots=True)
class Attribution:
    """What is said of one account and one person.

    `verified_by` is the second person, who verified or rejected it; `ended_by` revoked it or took the proposal back.
    `batch_confirmed` is None unless a file called the account verified. `waiting` counts the open cases resting on it.
    """

    id: int
    status: AttributionStatus
    account_id: int
    account: AccountRef
    person: PersonBrief
    method: str
    evidence: str
    proposed_by: str
    proposed_at: datetime
    link: str = ""
    capture_sha256: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    verified_by: str = ""
    verified_at: datetime | None = None
    reason: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None
    batch_id: int | None = None
    batch_confirmed: bool | None = None
    waiting: int = 0

    @property
    def live(self) -> bool:
        """Whether the account counts as the person's, known for sure or not yet."""
        return self.status in (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)

    @property
    def name(self) -> str:
        """The account as people read it."""
        return self.account.handle or self.account.user_id


@dataclass(frozen=True, slots=True)
class AttributionPage:
    """One page of a list; `after` starts the next one and is None on the last."""

    rows: tuple[Attribution, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True)
class AttributionTallies:
    """How many attributions stand where, within somebody's places."""

    by_status: dict[AttributionStatus, int]
    mine: int
    oldest: datetime | None = None

    @property
    def proposed(self) -> int:
        """How many wait for a second person."""
        return self.by_status.get(AttributionStatus.PROPOSED, 0)

    @property
    def others(self) -> int:
        """How many of these somebody else proposed."""
        return self.proposed - self.mine


@dataclass(frozen=True, slots=True)
class RestingCase:
    """An open case with standing hits of the account."""

    id: int
    state: CaseState
    version: int
    number: int
    pair: str
    law_row: str


@dataclass(frozen=True, slots=True)
class NearName:
    """Somebody of the same place whose name is close to the person's, or to the account's handle."""

    person: PersonBrief
    score: int
    to_handle: bool


@dataclass(frozen=True, slots=True)
class AttributionDetail:
    """One attribution with what a second person needs to judge it.

    `same_account` and `same_person` hold the others within the viewer's places; `elsewhere` counts further people to
    whom the account was ever linked. `capture_kept` is None where no capture is named.
    """

    row: Attribution
    handles: tuple[HandleSeen, ...] = ()
    cases: tuple[RestingCase, ...] = ()
    same_account: tuple[Attribution, ...] = ()
    same_person: tuple[Attribution, ...] = ()
    elsewhere: int = 0
    near: tuple[NearName, ...] = ()
    capture_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class AttributionWish:
    """An account that somebody proposes as a person's; `account` may carry "@handle" as its id."""

    person_id: int
    account: AccountRef
    method: str
    evidence: str
    link: str = ""
    capture_sha256: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
