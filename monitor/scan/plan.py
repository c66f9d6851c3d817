"""What is due tonight: candidate accounts first, then the accounts of registered people."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from db import accounts, backfills, contests, visit_facts
from db.backfills import Backfills
from db.connect import Session
from db.runs import TargetKey
from monitor.domain import (
    AccountKind,
    Act,
    Contest,
    Coverage,
    Direction,
    Issue,
    Outcome,
    RegisteredAccount,
    SourceMode,
    StageKind,
    TargetResult,
    VisitFact,
)
from monitor.errors import PolicyBlocked, RefusedError, UsageError
from monitor.scan.alternation import Path
from monitor.scan.parts import Parts
from monitor.scan.ration import Groups, Share, share_out
from monitor.scan.revisit import Revisits, busy_accounts
from monitor.scan.visit import Visit
from scrapers.contract import SourceOptions, Target
from scrapers.manifest import Manifest
from scrapers.policy import check

IMPORT_ONLY, UNCONFIRMED, NOTHING = "import_only", "account_unconfirmed", "nothing_to_read"
_MENDS = {
    IMPORT_ONLY: "isinya hanya masuk lewat berkas tangkapan (`pantau import`)",
    UNCONFIRMED: "alasannya menunggu persetujuan orang kedua",
}
_PRIVATE = frozenset({"whatsapp"})  # not open to the public: only what a member of it hands over


@dataclass(frozen=True, slots=True)
class ScanOrder:
    """What was asked of a scan: everything that is due, or one source, one target, back to one time.

    With `stages` it is a look between two nights: only at candidates whose contest is in one of them.
    """

    source: str | None = None
    target: str | None = None
    since: datetime | None = None
    stages: tuple[StageKind, ...] = ()

    @property
    def query(self) -> str:
        """The hash under which an interrupted scan is taken up again."""
        asked: dict[str, object] = {"source": self.source, "target": self.target, "since": _iso(self.since)}
        return _digest(asked | {"stages": sorted(self.stages)} if self.stages else asked)


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits of a night in their order, what could not be planned, and how each source's caps were shared out.

    `revisits` chooses among the listings of candidates' posts when their feeds are read.
    """

    visits: tuple[Visit, ...]
    refused: tuple[TargetResult, ...]
    issues: tuple[Issue, ...]
    shares: tuple[Share, ...] = ()
    revisits: Revisits = field(default_factory=Revisits)


@dataclass(frozen=True, slots=True)
class Register:
    """What the register says tonight, and what earlier nights say about its targets.

    `regions` are those of the people, by account row.
    """

    accounts: tuple[RegisteredAccount, ...]
    contests: tuple[Contest, ...]
    backfills: Backfills
    facts: Mapping[TargetKey, VisitFact] = field(default_factory=dict)
    regions: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session, now: datetime) -> Register:
        """Read it in one state of the database."""
        return cls(
            accounts.load_register(session),
            contests.load_contests(session),
            backfills.pending(session),
            visit_facts.visit_facts(session, now),
            visit_facts.jurisdictions(session),
        )


def plan_night(parts: Parts, order: ScanOrder, register: Register, now: datetime) -> Plan:
    """Return tonight's visits; an account whose backfill is queued is read from the start of the stages.

    A source asked for by name without a valid policy raises PolicyBlocked, a target that is not registered
    RefusedError; otherwise a source without policy becomes a visible issue and its targets are `policy_blocked`.
    """
    register = _between_nights(register, order, now)
    chosen = [a for a in register.accounts if _asked_for(a, order)]
    if order.target is not None and not chosen:
        raise RefusedError(
            f"{order.target} tidak ada dalam daftar pantauan",
            "hanya akun terdaftar yang boleh dibaca; impor lebih dulu",
        )
    if order.source is not None:
        permit(parts, order.source)
    visits: list[Visit] = []
    refused: list[TargetResult] = []
    issues: list[Issue] = []
    problems: dict[str, PolicyBlocked] = {}
    for account in by_target(chosen).values():
        source = account.ref.platform
        if _unread(parts, account) is not None or account.kind.neutral:
            continue
        if account.ref.user_id.startswith("@") and not parts.manifests[source].by_handle:
            continue
        direction = _direction(account)
        since = order.since or _since(account, register, parts.since_days, now)
        try:
            visits.append(visit_of(parts, account, since))
        except PolicyBlocked as problem:
            problems[source] = problem
            refused.append(_refused(account, direction, now))
        except UsageError as problem:
            issues.append(Issue(source, "unresolved_account", str(problem), target=account.ref.user_id))
    issues += [
        Issue(source, Outcome.POLICY_BLOCKED.value, str(problem), needs_person=not _asleep(parts, source))
        for source, problem in problems.items()
    ]
    issues += [] if order.stages else _never_read(parts, chosen)
    revisits = revisits_of(parts, order, register, now)
    left = {source: parts.left(source) for source in {visit.target.source for visit in visits}}
    shares = share_out(visits, register.facts, Groups(_groups(register), revisits.busy), left)
    for share in shares:
        refused += [_refused(turn.visit.account, turn.visit.target.direction, now, Outcome.BUDGET_SPENT)
                    for turn in share.left_out]  # fmt: skip
        issues += _left_out(share, now)
    return Plan(tuple(_made(shares)), tuple(refused), tuple(issues), shares, revisits)


def by_target(accounts: Iterable[RegisteredAccount]) -> dict[TargetKey, RegisteredAccount]:
    """Return the account for each target, pairs' first.

    One visit serves all to whom an account belongs, one after the other or for several pairs.
    """
    ordered = sorted(accounts, key=_candidates_first)
    return {(a.ref.platform, _direction(a).value, a.ref.user_id): a for a in ordered}


def visit_of(parts: Parts, account: RegisteredAccount, since: datetime | None) -> Visit:
    """Return the visit to an account from its start; PolicyBlocked or UsageError when it cannot be made."""
    permit(parts, account.ref.platform)
    return _visit(parts, account, Target(account.ref.platform, _direction(account), account.ref, since))


def revisits_of(parts: Parts, order: ScanOrder, register: Register, now: datetime) -> Revisits:
    """Return how a night chooses among listings; what was asked for by name or back to a time is read whole."""
    register = _between_nights(register, order, now)
    named = order.target is not None or order.since is not None
    asked = {a.account_id for a in register.accounts if named and _asked_for(a, order)}
    busy = busy_accounts(register.accounts, register.contests, now)
    return Revisits(parts.tiers, busy, frozenset(asked) | _backfilled(register))


def _between_nights(register: Register, order: ScanOrder, now: datetime) -> Register:
    """Return what a look between two nights has to do with; backfills wait for the night."""
    if not order.stages:
        return register
    mine = busy_accounts(register.accounts, register.contests, now, order.stages)
    near = tuple(a for a in register.accounts if a.account_id in mine and a.kind is not AccountKind.ASN)
    return replace(register, accounts=near, backfills=Backfills())


def _made(shares: Iterable[Share]) -> Iterator[Visit]:
    """Yield the visits to be made; where caps are tight one after the other, so that the first ones get to an end."""
    made = [(turn.visit, number if share.tight else 0) for share in shares
            for number, turn in enumerate(share.turns, start=1) if turn.fits]  # fmt: skip
    for visit, rank in sorted(made, key=lambda one: (one[0].target.direction is not Direction.CANDIDATE, one[1])):
        visit.rank = rank
        yield visit


def _groups(register: Register) -> dict[int, tuple[Path, ...]]:
    """Return by account row among whom it takes its turn: contests and pairs, or the person's region."""
    pairs = {
        pair.id: (" · ".join(filter(None, (contest.name, contest.region))), f"nomor {pair.number}")
        for contest in register.contests
        for pair in contest.candidates
    }
    found: dict[int, tuple[Path, ...]] = {
        account_id: ((f"wilayah {region}" if region else "tanpa wilayah", ""),)
        for account_id, region in register.regions.items()
    }
    for account in register.accounts:
        paths = tuple(dict.fromkeys(pairs[pair] for pair in account.candidate_ids if pair in pairs))
        if paths:
            found[account.account_id] = paths
    return found


def _backfilled(register: Register) -> frozenset[int]:
    """Return the accounts whose posts a register change wants listed again, all of them."""
    queued = register.backfills
    pairs = {a.account_id for a in register.accounts if queued.pairs and a.kind is not AccountKind.ASN}
    return frozenset(queued.accounts | pairs)


def _left_out(share: Share, now: datetime) -> list[Issue]:
    if not share.left_out:
        return []
    unseen = [turn.last_good_at for turn in share.left_out if turn.last_good_at is not None]
    debt = f"; yang terlama tidak dilihat: {(now - min(unseen)).days} hari" if unseen else ""
    detail = (
        f"{len(share.left_out)} dari {len(share.turns)} akun tidak kebagian jatah malam ini (perkiraan "
        f"{share.wanted} permintaan, sisa {share.left}){debt}; mereka didahulukan pada malam berikutnya"
    )
    return [Issue(share.source, "budget", detail, needs_person=False)]


def _unread(parts: Parts, account: RegisteredAccount) -> str | None:
    """Return why no night reads an account of a person or a pair, None when nights do."""
    if account.ref.platform not in parts.adapters:
        return IMPORT_ONLY
    return None if account.scannable else UNCONFIRMED


def _never_read(parts: Parts, chosen: Iterable[RegisteredAccount]) -> list[Issue]:
    """Tell by source how many registered accounts no night reads, and what it takes that they are seen.

    Where none at all is left to be read, that is told too: such a night ends well and has seen nothing.
    """
    targets = [account for account in by_target(chosen).values() if not account.kind.neutral]
    counts = Counter((account.ref.platform, why) for account in targets if (why := _unread(parts, account)) is not None)
    told = [
        Issue(source, why, f"{count} akun terdaftar tidak dibaca pemindaian malam: {_MENDS[why]}", needs_person=False)
        for (source, why), count in sorted(counts.items())
    ]
    if len(targets) == counts.total():
        said = "tidak ada akun terdaftar untuk dibaca; impor register dengan `pantau roster import`"
        told.append(Issue("", NOTHING, said, needs_person=False))
    return told


def permit(parts: Parts, source: str) -> None:
    """Raise PolicyBlocked unless the source may be read tonight, UsageError for one that does not exist."""
    if source not in parts.manifests:
        raise UsageError(f"Sumber {source} tidak dikenal", "lihat `pantau sources list`")
    check(parts.policies.get(source), source, manifest=parts.manifests[source])
    if source not in parts.adapters:
        raise PolicyBlocked(f"Sumber {source} tidak punya pintu langsung", "gunakan `pantau import`")


def _asleep(parts: Parts, source: str) -> bool:
    """Whether a door that only the platform's permission opens was never meant to be open: nobody must act on that."""
    policy = parts.policies.get(source)
    return parts.manifests[source].gated and (policy is None or not policy.enabled or policy.mode is SourceMode.IMPORT)


def capabilities(manifest: Manifest, direction: Direction, mode: SourceMode | None = None) -> dict[Act, Coverage]:
    """Return what can be seen of each verb in a direction at best; what a visit does see is found on the way.

    `mode` is the door that is open: some things are seen behind one door only.
    """
    verbs = [c.verb for c in manifest.capability if c.direction is direction]
    found = {verb: manifest.capability_of(direction, verb, mode) for verb in verbs}
    return {verb: c.coverage if c.level == "none" else Coverage.OBSERVED for verb, c in found.items() if c is not None}


def _visit(parts: Parts, account: RegisteredAccount, target: Target) -> Visit:
    adapter = parts.adapters[target.source]
    options = parts.options.get(target.source, SourceOptions(target.source))
    query = _digest([target.account.user_id, _iso(target.since), sorted(options.urls.items())])
    frontier = list(reversed(adapter.plan(target, options)))
    manifest = parts.manifests[target.source]
    seen = capabilities(manifest, target.direction, options.mode)
    return Visit(target, account, seen, query, adapter.version, frontier)


def _asked_for(account: RegisteredAccount, order: ScanOrder) -> bool:
    if order.source is not None and account.ref.platform != order.source:
        return False
    if order.target is None:
        return True
    wanted = order.target.lower().lstrip("@")
    return wanted in (account.ref.user_id.lower().lstrip("@"), (account.ref.handle or "").lower().lstrip("@"))


def _candidates_first(account: RegisteredAccount) -> tuple[bool, str, str]:
    return (account.kind is AccountKind.ASN, account.ref.platform, account.ref.user_id)


def _direction(account: RegisteredAccount) -> Direction:
    return Direction.SUBJECT if account.kind is AccountKind.ASN else Direction.CANDIDATE


def _since(account: RegisteredAccount, register: Register, since_days: int | None, now: datetime) -> datetime | None:
    """Return how far back to read: the first stage of the account's contests, or of any for a person.

    `since_days` shortens that, by whole days so that a resumed night asks the same, unless a backfill is queued.
    """
    queued = register.backfills
    backfill = account.account_id in queued.accounts or (queued.pairs and account.kind is not AccountKind.ASN)
    if since_days is not None and not backfill:
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=since_days)
    own = [c for c in register.contests if any(p.id in account.candidate_ids for p in c.candidates)]
    starts = [stage.starts for contest in own or register.contests for stage in contest.stages[:1]]
    return min(starts, default=None)


def _refused(
    account: RegisteredAccount, direction: Direction, now: datetime, outcome: Outcome = Outcome.POLICY_BLOCKED
) -> TargetResult:
    seen = Coverage.BUDGET if outcome is Outcome.BUDGET_SPENT else Coverage.BLOCKED
    coverage = tuple((act, seen) for act in (Act.POST, Act.LIKE, Act.SHARE, Act.COMMENT))
    return TargetResult(
        source=account.ref.platform,
        direction=direction,
        target=account.ref.user_id,
        outcome=outcome,
        coverage=(*coverage, (Act.FOLLOW, Coverage.NOT_ATTEMPTED)),
        started_at=now,
        finished_at=now,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def resume(visit: Visit, frontier: str, sums: str) -> Visit:
    """Return the visit as an interrupted night left it."""
    again = replace(visit)
    again.thaw(frontier, sums)
    return again


def permit_import(parts: Parts, source: str) -> None:
    """Raise PolicyBlocked when the source's policy forbids taking in captured files of it.

    Captures by officers need no live door, so a missing record does not stop them; one that says no does. A chat is
    private: it is taken in only where the policy says on what ground.
    """
    policy = parts.policies.get(source)
    if source in _PRIVATE:
        check(policy, source, SourceMode.IMPORT)
    if policy is not None and not policy.enabled:
        raise PolicyBlocked(f"Sumber {source} dimatikan di pantau.toml", "nyalakan sources." + source + " bila sah")
