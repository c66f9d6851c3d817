"""Users of the console: who they are and what they may do where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.contests import region_covers
from monitor.domain.review import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a region and everything below it; the empty region is the whole country."""

    role: Role
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user without secrets. `agency` is their own office, for conflicts of interest."""

    id: int
    name: str
    full_name: str
    grants: tuple[Grant, ...] = ()
    active: bool = True
    agency: str = ""
    created_at: datetime | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, role: Role, jurisdiction: str) -> bool:
        """Whether the user holds the role over this place or a parent of it."""
        return any(grant.role is role and region_covers(grant.jurisdiction, jurisdiction) for grant in self.grants)

    def regions(self, *roles: Role) -> tuple[str, ...]:
        """Return the regions over which the user holds any of the roles, sorted; all roles when none is named."""
        return tuple(sorted({grant.jurisdiction for grant in self.grants if not roles or grant.role in roles}))


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A sign-in of the console, kept by the server; the browser holds only a token whose hash is the key."""

    id: int
    user: UserRow
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    csrf: str = ""
    client: str = ""
    second_factor_at: datetime | None = None
