"""Two people and a rule: proposing and approving its status, each in one transaction with its audit row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import activations, audit, backtests
from db.connect import Database, Session
from monitor.desk.access import must_hold
from monitor.domain import Backtest, Role, RuleFile, RuleOrder, RuleStatus, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.labels import label

PROPOSERS = (Role.PENGAWAS, Role.KOORDINATOR, Role.ADMIN)
APPROVERS = (Role.KOORDINATOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class StatusWish:
    """A status that a rule shall have, with what is known of its file.

    `file` is None when no rule file holds it any more. `status_now` is the one in force, None when it has none.
    `examples_failed` counts the failing examples of the file. `opens_cases` is False for a rule that only weighs what
    others hit and so needs no trial. `place` is the office's region, empty when not set.
    """

    rule_id: str
    to: RuleStatus
    file: RuleFile | None
    status_now: RuleStatus | None
    examples_failed: int = 0
    opens_cases: bool = True
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """What an audit row tells of one order."""

    wish: StatusWish
    file: RuleFile
    order_id: int


def propose_status(database: Database, wish: StatusWish, reason: str, user: UserRow, now: datetime) -> RuleOrder:
    """Propose a status and return the proposal, which holds nothing before somebody else approves it.

    RefusedError when the user may not, or when the rule is not fit for it; UsageError without a reason or a rule.
    """
    must_hold_at(user, wish.place, PROPOSERS)
    if not reason.strip():
        raise UsageError("Usul ini belum beralasan", "tulis alasannya (--reason)")
    with database.write() as session:
        file = _file(session, wish)
        standing = activations.standing(session).get(wish.rule_id)
        if wish.status_now is wish.to and (standing is None or standing.content_hash in (None, file.content_hash)):
            raise UsageError(
                f"Aturan {wish.rule_id} sudah {label(wish.to)}", "lihat Meja aturan atau `pantau rules list`"
            )
        trial = _fit(session, wish, file)
        proposal = activations.Proposal(file, wish.to, reason.strip(), trial.id if trial else None)
        number = activations.propose(session, proposal, user.id, now)
        _audit(session, user, "rule_proposed", _Told(wish, file, number), now)
        return activations.waiting(session, wish.rule_id)[0]


def approve_status(database: Database, wish: StatusWish, user: UserRow, now: datetime) -> RuleOrder:
    """Approve the proposal that waits for this rule and return it as it holds from the next night on.

    RefusedError for its proposer, for whoever may not, and when the rule is no longer fit. ConflictError when nothing
    waits, something else was proposed, or the file changed since.
    """
    must_hold_at(user, wish.place, APPROVERS)
    with database.write() as session:
        order = next(iter(activations.waiting(session, wish.rule_id)), None)
        if order is None:
            raise ConflictError(
                f"Tidak ada usul yang menunggu untuk aturan {wish.rule_id}",
                "lihat Meja aturan atau `pantau rules list`; usulkan lagi",
            )
        if order.status is not wish.to:
            raise ConflictError(
                f"Yang menunggu untuk aturan {wish.rule_id} adalah {label(order.status)}, bukan {label(wish.to)}",
                "muat ulang, lalu setujui status yang sama dengan usulnya (--to)",
            )
        if order.proposer_id == user.id:
            raise RefusedError(
                f"{user.full_name or user.name} mengusulkannya sendiri", "perlu orang kedua yang berwenang"
            )
        file = _file(session, wish)
        if order.content_hash != (file.content_hash or None) and wish.to is not RuleStatus.RETIRED:
            raise ConflictError(
                f"Berkas aturan {wish.rule_id} berubah sejak diusulkan", "periksa isinya, lalu usulkan lagi"
            )
        trial = _fit(session, wish, file)
        if not activations.approve(session, order.id, user.id, now, trial.id if trial else None):
            raise ConflictError(
                f"Usul untuk aturan {wish.rule_id} baru saja diputuskan", "lihat Meja aturan atau `pantau rules list`"
            )
        _audit(session, user, "rule_approved", _Told(wish, file, order.id), now)
        return activations.standing(session)[wish.rule_id]


def withdraw_status(
    database: Database, rule_id: str, reason: str, user: UserRow, now: datetime, *, place: str = ""
) -> RuleOrder:
    """Take back or refuse the proposal that waits for a rule, and return it; what held before goes on holding.

    UsageError without a reason, RefusedError for whoever may not, ConflictError when nothing waits.
    """
    must_hold_at(user, place, PROPOSERS)
    if not reason.strip():
        raise UsageError("Penarikan usul ini belum beralasan", "tulis alasannya (--reason)")
    with database.write() as session:
        order = next(iter(activations.waiting(session, rule_id)), None)
        if order is None or not activations.end(session, rule_id, user.id, now):
            raise ConflictError(
                f"Tidak ada usul yang menunggu untuk aturan {rule_id}", "lihat Meja aturan atau `pantau rules list`"
            )
        detail = {"order": order.id, "to": order.status.value, "proposer": order.proposer, "reason": reason.strip()}
        audit.record(
            session, actor=user.name, action="rule_withdrawn", subject=f"rule:{rule_id}", detail=detail, now=now
        )
        return order


def must_hold_at(user: UserRow, place: str, roles: tuple[Role, ...]) -> None:
    """Raise RefusedError unless the user holds a role over the place, or anywhere where no place is set."""
    if place:
        must_hold(user, place, *roles)
    elif not user.active or not user.roles & set(roles):
        raise RefusedError(f"{user.full_name or user.name} tidak berwenang", "mintalah admin memberi peran yang sesuai")


def _file(session: Session, wish: StatusWish) -> RuleFile:
    """Return the content that is meant; only stopping a rule needs no file."""
    if wish.file is not None:
        return wish.file
    known = activations.known_rule(session, wish.rule_id)
    if known is None or wish.to is not RuleStatus.RETIRED:
        raise UsageError(f"Aturan {wish.rule_id} tidak ada", "lihat Meja aturan atau `pantau rules list`")
    return known


def _fit(session: Session, wish: StatusWish, file: RuleFile) -> Backtest | None:
    """Return the trial that carries a rule into force; RefusedError when the rule may not run with this status."""
    if wish.to not in (RuleStatus.ACTIVE, RuleStatus.SHADOW):
        return None
    if wish.examples_failed:
        raise RefusedError(
            f"{wish.examples_failed} contoh aturan {wish.rule_id} gagal", "perbaiki sampai `pantau rules test` lolos"
        )
    if wish.to is RuleStatus.SHADOW or not wish.opens_cases:
        return None
    trial = backtests.last_backtest(session, file)
    if trial is None:
        raise RefusedError(
            f"Isi aturan {wish.rule_id} versi {file.version} ini belum diuji balik",
            f"jalankan `pantau rules backtest {wish.rule_id}`",
        )
    if not trial.passed:
        raise RefusedError(
            f"Uji balik aturan {wish.rule_id} tidak lolos: {'; '.join(trial.figures.get('failed') or ())}",
            "perketat aturan atau batasnya, lalu uji balik lagi",
        )
    return trial


def _audit(session: Session, user: UserRow, action: str, told: _Told, now: datetime) -> None:
    wish, file = told.wish, told.file
    detail = {
        "order": told.order_id,
        "to": wish.to.value,
        "version": file.version,
        "content": file.content_hash,
        "from": wish.status_now.value if wish.status_now else None,
    }
    audit.record(session, actor=user.name, action=action, subject=f"rule:{wish.rule_id}", detail=detail, now=now)
