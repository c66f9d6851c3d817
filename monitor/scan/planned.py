"""Tonight's plan in words and as JSON: who is visited in which order, why, and who is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import post_watch
from monitor.domain import Direction
from monitor.scan.parts import Parts
from monitor.scan.plan import Plan, Register, ScanOrder, plan_night
from monitor.scan.ration import Share, Turn
from monitor.scan.summary import issues_json, target_json

ListingCounts = dict[tuple[str, str], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that nobody carries out; `listings` counts by source and account what is due, waits and rests."""

    at: datetime
    plan: Plan
    listings: ListingCounts

    def as_json(self) -> dict[str, Any]:
        """Return the plan for programs."""
        return {
            "at": self.at.isoformat(),
            "revisit": self.plan.revisits.tiers is not None,
            "sources": [_share_json(share, self.at) for share in self.plan.shares],
            "targets": [
                self._turn_json(number, turn, share)
                for share in self.plan.shares
                for number, turn in enumerate(share.turns, start=1)
            ],
            "refused": [target_json(result) for result in self.plan.refused],
            "issues": issues_json(self.plan.issues),
        }

    def why(self, turn: Turn, share: Share) -> str:
        """Return in words why a visit stands where it stands."""
        account = turn.visit.account
        reasons = [_turn_of(turn)] if any(turn.path) else []
        if turn.visit.target.direction is Direction.CANDIDATE:
            reasons.append("akun pasangan calon didahulukan" + (" menurut bobotnya" if share.tight else ""))
        if account.account_id in self.plan.revisits.busy:
            reasons.append("kontesnya dalam kampanye atau masa tenang")
        if account.account_id in self.plan.revisits.whole:
            reasons.append("dibaca utuh karena diminta atau karena register berubah")
        if turn.last_good_at is None:
            reasons.append("belum pernah dilihat")
        else:
            reasons.append(f"terakhir dilihat {_ago(self.at, turn.last_good_at)} lalu")
        if not turn.fits:
            when = f"; kira-kira {turn.nights} malam lagi" if turn.nights else ""
            reasons.append(f"tidak kebagian: sisa jatah {share.left} permintaan habis oleh giliran sebelumnya{when}")
        return "; ".join(reasons)

    def _turn_json(self, number: int, turn: Turn, share: Share) -> dict[str, Any]:
        target = turn.visit.target
        counts = self.listings.get((target.source, target.account.user_id), {})
        return {
            "source": target.source,
            "direction": target.direction.value,
            "target": target.account.user_id,
            "turn": number,
            "tonight": turn.fits,
            "nights": turn.nights,
            "group": turn.path[0],
            "part": turn.path[1],
            "requests": turn.requests,
            "since": target.since.isoformat() if target.since else None,
            "last_seen": turn.last_good_at.isoformat() if turn.last_good_at else None,
            "listings": {state: counts.get(state, 0) for state in ("due", "waiting", "resting")},
            "why": self.why(turn, share),
        }


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What one contest or region gets of a source tonight, and what it waits for.

    `never` counts accounts that were not seen within two months, `oldest` is when the one of the others that waits
    longest was seen; `nights` is after how many nights the last of them is reached.
    """

    name: str
    targets: int
    tonight: int
    never: int
    oldest: datetime | None
    nights: int


def plan_tonight(parts: Parts, order: ScanOrder) -> Planned:
    """Plan a night without asking anybody anything; raises as `plan_night` does."""
    now = parts.clock()
    with parts.database.read() as session:
        register = Register.load(session, now)
        listings = post_watch.watch_counts(session, now)
    return Planned(now, plan_night(parts, order, register, now), listings)


def groups_of(share: Share) -> tuple[GroupShare, ...]:
    """Return what each contest and each region gets of a source tonight, in the order of their first turns."""
    turns: dict[str, list[Turn]] = defaultdict(list)
    for turn in share.turns:
        turns[turn.path[0]].append(turn)
    return tuple(_group(name, found) for name, found in turns.items())


def _group(name: str, turns: list[Turn]) -> GroupShare:
    seen = [turn.last_good_at for turn in turns if turn.last_good_at is not None]
    return GroupShare(
        name=name,
        targets=len(turns),
        tonight=sum(turn.fits for turn in turns),
        never=len(turns) - len(seen),
        oldest=min(seen, default=None),
        nights=max(turn.nights for turn in turns),
    )


def _share_json(share: Share, now: datetime) -> dict[str, Any]:
    return {
        "source": share.source,
        "left": share.left,
        "wanted": share.wanted,
        "tight": share.tight,
        "targets": len(share.turns),
        "left_out": len(share.left_out),
        "groups": [
            {
                "group": group.name,
                "targets": group.targets,
                "tonight": group.tonight,
                "never_seen": group.never,
                "longest_unseen_hours": round((now - group.oldest).total_seconds() / 3600) if group.oldest else None,
                "nights": group.nights,
            }
            for group in groups_of(share)
        ],
    }


def _turn_of(turn: Turn) -> str:
    return "giliran " + ", ".join(part for part in turn.path if part)


def _ago(now: datetime, then: datetime) -> str:
    hours = (now - then).total_seconds() / 3600
    return f"{hours:.0f} jam" if hours < 48 else f"{hours / 24:.0f} hari"
