"""What a platform must return, and what the night hands to it.

An adapter is two pure functions around a platform's answers. `plan` names the first requests for a target; `read` turns
one answer into a `Page`: the records in it and the requests that follow (the next page, the likers of a post, ...). The
night keeps the open requests as a list: that list is the checkpoint, so a killed run goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from monitor.domain import AccountRef, Act, ActRecord, Direction, EndKind, ItemRecord, SourceMode


@dataclass(frozen=True, slots=True)
class Target:
    """One account to be read in one direction. `since` bounds how far back; None means all."""

    source: str
    direction: Direction
    account: AccountRef
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One call that is still to be made. JSON-serialisable as it is, since it lives in checkpoints.

    `endpoint` names the call (for coverage, shapes and budgets). `verb` is the verb whose listing the answer belongs
    to and `item_id` the item whose engagement is listed; both None where the call serves something else. `optional`
    marks a call whose failure leaves the target partial rather than failed. `state` is handed back to `read`
    untouched. With a `form` the call is a POST of those fields, else a GET. `credential` names the slot of the
    platform's manifest whose secret the fetcher adds while sending: no secret ever stands in a request. With `frank`
    a refusal (401, 403) is the call's own answer and handed on, as it is for every call with a credential.
    """

    endpoint: str
    url: str
    verb: Act | None = None
    item_id: str | None = None
    optional: bool = False
    state: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    credential: str | None = None
    frank: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """One answer as received, after the fetcher found it to be an answer at all."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ItemIssue:
    """One thing inside an answer that could not be read; the rest of the answer stands."""

    kind: str
    detail: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class EmptyListing:
    """A listing that needs no request, because the item's own counts say that nothing is in it.

    It stands for a look that ended `exhausted` with nothing collected, at the time of the answer that said so.
    """

    verb: Act
    item_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer held.

    `acts` hold everything somebody did that the answer shows, publishing the items included; an item without an act
    gives context to one (a reposted, quoted or parent post). In an answer to a request with a `verb` and an
    `item_id`, the acts are the entries of that listing.

    `follow` are further requests, next pages included, in the order to be made. `end` says why the listing (`verb` of
    `item_id`) is over, None while it goes on. `reported` is the total that the platform claims for the listing.
    `unknown_fields` are paths that the mapper neither reads nor ignores by name. `billed` counts what the platform
    charges for in this answer, by the names of the manifest's price list. `own` are the verbs of which this listing
    is the target account's own complete record: what it leaves out is not there any more.
    """

    items: tuple[ItemRecord, ...] = ()
    acts: tuple[ActRecord, ...] = ()
    follow: tuple[Request, ...] = ()
    end: EndKind | None = None
    reported: int | None = None
    issues: tuple[ItemIssue, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    empty: tuple[EmptyListing, ...] = ()
    billed: Mapping[str, int] = field(default_factory=dict)
    own: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Settings of one source that an adapter may need: base URLs by key, and the most pages read of one listing.

    `mode` is the door that the policy opens. `owned` are the stable ids of accounts whose owners lent a token: only
    of these may an adapter ask what is shown to owners, with the credential slot `owner:<stable id>`.
    """

    name: str
    urls: Mapping[str, str] = field(default_factory=dict)
    page_limit: int | None = None
    mode: SourceMode = SourceMode.LIVE_API
    owned: frozenset[str] = frozenset()


class Adapter(Protocol):
    """One platform, live. Every method is pure."""

    name: str
    version: str

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return the first requests for a target."""
        ...

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one answer; raises LayoutChanged, LoginWall, AccountGone, PrivateContent or UnexpectedContent."""
        ...

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return the request that turns a handle into the stable id."""
        ...

    def read_identity(self, response: Response) -> AccountRef:
        """Read the answer to `resolve`; raises AccountGone when the platform knows no such account."""
        ...

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return the requests that fetch these posts' texts; empty where the platform publishes no such call."""
        ...


@runtime_checkable
class Rechecks(Adapter, Protocol):
    """An adapter that can ask after one text that a listing no longer shows."""

    def recheck(self, item_id: str, url: str, options: SourceOptions) -> Request | None:
        """Return the request for one text by its canonical id and public address; None where neither names it.

        `read` of the answer gives the text, or raises AccountGone when the platform says that it is not there and
        PrivateContent when it is there but not for everybody.
        """
        ...
