"""What a visit to a platform says about itself."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a visit to one target ended."""

    OK = "ok"
    PARTIAL = "partial"
    EMPTY_CONFIRMED = "empty_confirmed"
    SUSPICIOUS_EMPTY = "suspicious_empty"
    NOT_FOUND = "not_found"
    PRIVATE = "private"
    LOGIN_WALL = "login_wall"
    CHALLENGE = "challenge"
    RATE_LIMITED = "rate_limited"
    QUOTA_SPENT = "quota_spent"
    BUDGET_SPENT = "budget_spent"
    POLICY_BLOCKED = "policy_blocked"
    BLOCKED = "blocked"
    DRIFT = "drift"
    NETWORK = "network"
    SERVER_ERROR = "server_error"

    @property
    def good(self) -> bool:
        """Whether nobody needs to look at the target because of it."""
        return self in (Outcome.OK, Outcome.EMPTY_CONFIRMED)


class EndKind(StrEnum):
    """Why a listing ended; only `exhausted` advances "complete until"."""

    EXHAUSTED = "exhausted"
    WINDOW_REACHED = "window_reached"
    CAP_REACHED = "cap_reached"
    SUSPICIOUS_EMPTY = "suspicious_empty"
    BLOCKED = "blocked"


class Coverage(StrEnum):
    """What could be seen of one verb of one target."""

    OBSERVED = "observed"
    PARTIAL = "partial"
    NOT_PUBLIC = "not_public"
    LOGIN_WALL = "login_wall"
    BLOCKED = "blocked"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    BUDGET = "budget"
    BEFORE_REGISTRATION = "before_registration"
