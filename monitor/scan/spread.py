"""A night whose visits several machines share: begun by one, visited by all, ended by one.

The parts are those of `monitor.scan.night`. What one process leaves for another stands in the database: the planned
visits, their checkpoints and their results. So every function here may be killed and called again, by anybody.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from db import backfills, locks, planned_visits, runs, shapes
from db.connect import Database
from db.planned_visits import PlannedVisit, SharedNight
from db.runs import TargetKey
from monitor.domain import Act, Coverage, Issue, Outcome, RegisteredAccount, StageKind, TargetResult
from monitor.errors import PolicyBlocked, UsageError
from monitor.evidence.store import EvidenceStore
from monitor.scan.breaker import Breaker
from monitor.scan.evenness import Evenness
from monitor.scan.mounted import ensure_evidence, ensure_marked
from monitor.scan.night import (
    LOCK,
    end_night,
    failure_told,
    make_visits,
    open_night,
    plan_visits,
    tell_failed_starts,
)
from monitor.scan.outlook import Outlook, look_out
from monitor.scan.parts import Parts
from monitor.scan.plan import Register, ScanOrder, by_target, visit_of
from monitor.scan.progress import Silent
from monitor.scan.shift import HostRests, Shift
from monitor.scan.summary import ScanSummary
from monitor.scan.visit import Visit

DEAD = "visit_given_up"
_MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Crew:
    """What one process knows of an open shared night while it works at it."""

    night: SharedNight
    order: ScanOrder
    outlook: Outlook
    accounts: Mapping[TargetKey, RegisteredAccount]
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def run_id(self) -> int:
        """The night's number."""
        return self.night.run.id


def begin_shared(parts: Parts, order: ScanOrder, lanes: Callable[[str], int]) -> tuple[int, tuple[PlannedVisit, ...]]:
    """Plan a night for several machines and return its number with the visits that are left to be made.

    One that is planned already is only read. `lanes` says for each source how many visits to it may be under way at
    once. Raises as `run_night` does.
    """
    with parts.lock(LOCK):
        run = open_night(parts, order)
        with failure_told(parts, run.id):
            with parts.database.read() as session:
                known = planned_visits.night(session, run.id)
            if known is None:
                now = parts.clock()
                marked = parts.evidence.mark(run.id)
                plan, outlook = plan_visits(parts, order, run)
                shards = _shards(outlook.register)
                fresh = [visit for visit in plan.visits if key_of(visit) not in run.done]
                visits = [_planned(visit, shards, lanes) for visit in fresh]
                with parts.database.write() as session:
                    planned_visits.plan(session, run.id, visits, asked_as_json(order, marked=marked), now)
    with parts.database.read() as session:
        return run.id, planned_visits.left(session, run.id)


def join(parts: Parts, run_id: int) -> Crew | None:
    """Return what a process needs to work at a shared night; None when that has come to its end.

    EvidenceElsewhere where the evidence does not lie before this process as it did before who began the night.
    """
    with parts.database.read() as session:
        night = planned_visits.night(session, run_id)
    if night is None:
        return None
    ensure_shared(parts.database, parts.evidence, night)
    order = asked_from_json(night.asked)
    outlook = look_out(parts, order, night.run.began)
    return Crew(night, order, outlook, by_target(outlook.register.accounts))


def ensure_shared(database: Database, store: EvidenceStore, night: SharedNight) -> None:
    """Raise EvidenceElsewhere where the evidence of a shared night does not lie; an older program left no mark.

    A night that was ended meanwhile has taken its mark along.
    """
    ensure_evidence(database, store)
    if not json.loads(night.asked).get(_MARKED) or store.marked(night.run.id):
        return
    with database.read() as session:
        ended = planned_visits.night(session, night.run.id) is None
    if not ended:
        ensure_marked(store, night.run.id)


def visit_shared(parts: Parts, crew: Crew, key: TargetKey, stop: threading.Event) -> None:
    """Make one visit of a shared night, from where it was left; nothing happens when somebody made it.

    Raises LockHeld while another process has it in its hands, EvidenceElsewhere as `join` does, HostRests while its
    host does not answer, be it from the midst of the visit on, Stopped when `stop` is set: it then waits at its
    checkpoint for whoever comes next.
    """
    source, direction, target = key
    with locks.hold(parts.database, f"kunjungan {crew.run_id} {source} {direction} {target}"):
        with parts.database.read() as session:
            planned = planned_visits.one_left(session, crew.run_id, key)
        if planned is None:
            return
        ensure_shared(parts.database, parts.evidence, crew.night)
        account = crew.accounts.get(key)
        if account is None:  # it left the register since
            with parts.database.write() as session:
                planned_visits.drop(session, crew.run_id, planned)
            return
        try:
            visit = visit_of(parts, account, planned.since)
        except (PolicyBlocked, UsageError) as refused:
            _record(parts, crew.run_id, planned, Outcome.POLICY_BLOCKED, str(refused))
            return
        if (seconds := crew.breaker.wait(urlsplit(visit.frontier[-1].url).netloc)) > 0:
            raise HostRests(seconds)
        even = Evenness.since_now(parts)
        tell_failed_starts(parts, crew.run_id, crew.order)
        make_visits(parts, crew.run_id, crew.outlook, [visit], Silent(), Shift(crew.breaker, stop))
        if uneven := even.issues():
            with parts.database.write() as session:
                runs.add_issues(session, crew.run_id, uneven)


def give_up(parts: Parts, run_id: int, key: TargetKey, why: str) -> None:
    """End a visit that nobody can make: it failed, or its process died, too many times."""
    with parts.database.read() as session:
        planned = planned_visits.one_left(session, run_id, key)
    if planned is not None:
        _record(parts, run_id, planned, Outcome.DRIFT, why)


def end_shared(parts: Parts, run_id: int) -> ScanSummary | None:
    """End a shared night of which every visit is made; None when visits are left, or somebody ended it."""
    with parts.lock(LOCK):
        with parts.database.read() as session:
            night = planned_visits.night(session, run_id)
            if night is None or planned_visits.any_left(session, run_id):
                return None
        ensure_shared(parts.database, parts.evidence, night)
        with failure_told(parts, run_id):
            crew = join(parts, run_id)
            assert crew is not None  # the lock is ours
            with parts.database.read() as session:
                asked = backfills.pending(session, night.planned_at)
                days = shapes.shapes_since(session, night.run.began.date())
            outlook = replace(crew.outlook, register=replace(crew.outlook.register, backfills=asked))
            read = {(day.source, day.endpoint) for day in days if day.source in parts.adapters}
            return end_night(parts, crew.order, night.run, outlook, read, Silent())


def asked_as_json(order: ScanOrder, *, marked: bool = False) -> str:
    """Return an order as JSON text, for a night with whether it left its mark among the evidence."""
    asked = asdict(order) | ({_MARKED: True} if marked else {})
    return json.dumps(asked, default=lambda moment: moment.isoformat(), sort_keys=True)


def asked_from_json(text: str) -> ScanOrder:
    """Return the order that JSON was made of."""
    raw: dict[str, Any] = json.loads(text)
    since = datetime.fromisoformat(raw["since"]) if raw.get("since") else None
    stages = tuple(StageKind(stage) for stage in raw.get("stages", ()))
    return ScanOrder(raw.get("source"), raw.get("target"), since, stages)


def key_of(visit: Visit) -> TargetKey:
    """Return the key under which a visit is recorded."""
    return visit.target.source, visit.target.direction.value, visit.target.account.user_id


def _shards(register: Register) -> dict[int, str]:
    """Return by account row the province whose workers visit it: the contest's, or the person's."""
    found = {account_id: _province(region) for account_id, region in register.regions.items()}
    region_of = {pair.id: contest.region for contest in register.contests for pair in contest.candidates}
    for account in register.accounts:
        for pair in account.candidate_ids[:1]:
            found[account.account_id] = _province(region_of.get(pair, ""))
    return found


def _province(region: str) -> str:
    return region.split(".", maxsplit=1)[0][:16]


def _planned(visit: Visit, shards: dict[int, str], lanes: Callable[[str], int]) -> PlannedVisit:
    source, target = visit.target.source, visit.target.account.user_id
    shard = shards.get(visit.account.account_id, "")
    number = int.from_bytes(hashlib.sha256(target.encode()).digest()[:8]) % max(lanes(source), 1)
    # A lane of one province never waits for the workers of another.
    lane = f"{source}#{shard}#{number}"
    return PlannedVisit(source, visit.target.direction, target, visit.target.since, shard, lane)


def _record(parts: Parts, run_id: int, planned: PlannedVisit, outcome: Outcome, why: str) -> None:
    """Record a visit that was not made, with what a person should know."""
    now = parts.clock()
    seen = Coverage.BLOCKED if outcome is Outcome.POLICY_BLOCKED else Coverage.FAILED
    kind = outcome.value if outcome is Outcome.POLICY_BLOCKED else DEAD
    result = TargetResult(
        source=planned.source,
        direction=planned.direction,
        target=planned.target,
        outcome=outcome,
        coverage=_coverage((Act.POST, Act.LIKE, Act.SHARE, Act.COMMENT), seen),
        started_at=now,
        finished_at=now,
    )
    with parts.database.write() as session:
        runs.add_issues(session, run_id, [Issue(planned.source, kind, why, planned.target)])
        runs.record_target(session, run_id, result)


def _coverage(acts: Iterable[Act], seen: Coverage) -> tuple[tuple[Act, Coverage], ...]:
    return (*((act, seen) for act in acts), (Act.FOLLOW, Coverage.NOT_ATTEMPTED))
