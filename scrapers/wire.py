"""The seams between the fetcher and the world: who sends, who counts, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

from monitor.errors import NetworkFailure, UnexpectedContent


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose program this is; it goes into the User-Agent of every request."""

    agency: str
    contact: str
    version: str

    @property
    def user_agent(self) -> str:
        """The honest name under which every request is made, plain ASCII and on one line."""
        words = f"pantau/{self.version} (+{self.agency}; {self.contact})"
        return " ".join(words.encode("ascii", "replace").decode("ascii").split())


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: header names in lower case, the body decoded and complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    final_url: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it goes out: a POST of `form` when there is one, else a GET.

    `name` is its address for everything that is kept, shown or compared, without any secret; `url`, `headers` and
    `secret` may hold one and are never written anywhere.
    """

    name: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = None
    secret: str = field(default="", repr=False)


def posted(url: str, form: Mapping[str, str] | None) -> str:
    """Return the address by which a call is known; what a POST sent stands in it as web archives write it."""
    if form is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'__wb_method': 'POST', **form})}"


class Wire(Protocol):
    """Sends one call and follows nothing; the answer's `final_url` is the name of the call.

    Raises NetworkFailure, Truncated or TooLarge; reads at most `limit` bytes and takes at most `timeout` seconds.
    """

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Send one call and return its answer, whatever the status."""
        ...


@runtime_checkable
class Resolves(Protocol):
    """A wire that reaches the network, so that the addresses behind a name must be judged before it sends.

    It connects to no other address than those that the latest `resolve` of that host and port gave.
    """

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return every address behind a name; raises NetworkFailure when there is none."""
        ...


class Ledger(Protocol):
    """Books what calls cost before they are made; each raises BudgetSpent or QuotaSpent instead of passing a cap."""

    def reserve(self, source: str, endpoint: str) -> None:
        """Book the most that one call of an endpoint can cost."""
        ...

    def settle(self, source: str, endpoint: str, billed: Mapping[str, int], at: datetime) -> None:
        """Replace the money booked for a call by what its answer is charged for; `at` is when the answer came."""
        ...

    def close(self, source: str) -> None:
        """Note the platform's word that its quota is spent, for as long as its day lasts."""
        ...


class Truncated(UnexpectedContent):
    """The answer stops before its end: the line broke, nothing is said about the platform's shape."""

    outcome = "network"


class TooLarge(UnexpectedContent):
    """The body is larger than the cap; the rest was not read."""


class NotRecorded(NetworkFailure):
    """A replay was asked for an exchange that it does not hold."""
