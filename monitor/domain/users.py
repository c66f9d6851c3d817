"""Users of the console: who they are, what they may do where, and how far a sign-in of theirs has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.contests import region_covers
from monitor.domain.review import Role

MUST_HAVE_SECOND_FACTOR = frozenset({Role.PENGAWAS, Role.KOORDINATOR, Role.ADMIN, Role.DPO})
"""Roles that see people or give out rights."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a region and everything below it; the empty region is the whole country."""

    role: Role
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a user chose for the console: whether keys do something, whether the mail digest is wanted.

    `view` is the saved view that they want to see first, None for the whole queue.
    """

    keys: bool = True
    digest: bool = True
    view: int | None = None


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user without secrets.

    `agency` is their own office, for conflicts of interest. `second_factor` says that one is set up,
    `one_time_password` that the next sign-in must choose a new password, which it can do before `password_until`.
    """

    id: int
    name: str
    full_name: str
    grants: tuple[Grant, ...] = ()
    active: bool = True
    agency: str = ""
    created_at: datetime | None = None
    email: str = ""
    second_factor: bool = False
    one_time_password: bool = False
    preferences: Preferences = Preferences()
    password_until: datetime | None = None

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
    """A sign-in of the console, kept by the server; the browser holds only a token whose hash is the key.

    `csrf` outlives a change of that token, so that forms which are open stay good. `fresh_at` is when password or
    second factor was last given.
    """

    id: int
    user: UserRow
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    csrf: str = ""
    client: str = ""
    second_factor_at: datetime | None = None
    fresh_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A living sign-in as its owner sees it."""

    id: int
    client: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token without its secret; without a role it may do what its user may."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """An account of a sign-in provider that belongs to a user; `subject` is its stable id there, or an invitation."""

    id: int
    user_id: int
    issuer: str
    subject: str
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True, slots=True)
class ProviderClaims:
    """What a sign-in provider vouches for, its signature checked: who somebody is there, and how they proved it.

    `email` is empty unless the provider says that it checked the address.
    """

    issuer: str
    subject: str
    email: str = ""
    methods: tuple[str, ...] = ()
    level: str = ""
    proved_at: datetime | None = None
