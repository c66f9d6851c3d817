"""What every answer of a night is held against: the register, the rules' names, tonight's choice of listings.

It is read from the database, so that every process that works at a night has the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import canaries, contests
from monitor.scan.parts import Parts, Ruling
from monitor.scan.plan import Register, ScanOrder, revisits_of
from monitor.scan.revisit import Revisits
from monitor.scan.store import Sieve
from monitor.scan.watchlist import watchlist


@dataclass(frozen=True, slots=True)
class Outlook:
    """One state of it; `blind` are the sources that did not show their canaries."""

    register: Register
    sieve: Sieve
    revisits: Revisits
    blind: frozenset[str]


def look_out(parts: Parts, order: ScanOrder, began: datetime) -> Outlook:
    """Return the outlook of the night that began then."""
    now = parts.clock()
    with parts.database.read() as session:
        register = Register.load(session, now)
        looks = canaries.latest(session)
    blind = frozenset(look.source for look in looks if not look.found and look.looked_at >= began)
    sieve = Sieve(watchlist(register.accounts), ruling_now(parts).concerns)
    return Outlook(register, sieve, revisits_of(parts, order, register, now), blind)


def ruling_now(parts: Parts) -> Ruling:
    """Return the compiled rules for the contests that are known by now."""
    with parts.database.read() as session:
        known = contests.load_contests(session)
    return parts.rule(known)
