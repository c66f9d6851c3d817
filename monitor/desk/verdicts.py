"""Verdicts on single hits: whether the rule was right; the case itself is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import audit, verdicts
from db.connect import Database
from monitor.desk.access import facts_for, must_hold, sees
from monitor.domain import UserRow, Verdict, VerdictReason, VerdictRow
from monitor.errors import UsageError
from monitor.labels import labels
from monitor.review import machine

REASONS: dict[Verdict, tuple[VerdictReason, ...]] = {
    Verdict.TEPAT: (VerdictReason.SESUAI, VerdictReason.LAINNYA),
    Verdict.KELIRU: tuple(r for r in VerdictReason if r not in (VerdictReason.SESUAI, VerdictReason.TIDAK_JELAS)),
    Verdict.RAGU: (VerdictReason.TIDAK_JELAS, VerdictReason.LAINNYA),
}
"""What each verdict may rest on; the first is taken where none is named, but a wrong hit needs one named."""


@dataclass(frozen=True, slots=True)
class VerdictCommand:
    """A verdict on a hit. `case_id` is the case in which the hit was seen, None where it was seen outside of one."""

    hit_id: int
    verdict: Verdict
    reason: str = ""
    case_id: int | None = None


def judge_hit(database: Database, command: VerdictCommand, user: UserRow, now: datetime) -> VerdictRow:
    """Append a verdict and return it as it counts; saying the same again adds nothing.

    UsageError when there is no such hit in the user's places, in the same words for one that lies elsewhere;
    RefusedError when the user is no reviewer there, or tied to the person.
    """
    why, hit_id = _reason(command.verdict, command.reason), command.hit_id
    with database.write() as session:
        hit = verdicts.hit_place(session, hit_id)
        if hit is None or not sees(user, hit.jurisdiction) or command.case_id not in (None, hit.case_id):
            raise UsageError(f"Indikasi {hit_id} tidak ada dalam wilayah Anda", "lihat nomor di informasi awal")
        must_hold(user, hit.jurisdiction, *machine.REVIEWERS)
        if hit.case_id is not None:
            machine.check_free(facts_for(session, hit.case_id, user, now), user)
        before = {row.user_id: row for row in verdicts.verdicts_of(session, [hit_id]).get(hit_id, ())}
        same = before.get(user.id)
        if same is not None and (same.verdict, same.reason) == (command.verdict, why.value):
            return same
        verdicts.add_verdict(session, hit_id, user.id, command.verdict, why.value, now)
        detail = {"verdict": command.verdict.value, "reason": why.value, "rule": hit.rule_id, "version": hit.version}
        audit.record(session, actor=user.name, action="hit_judged", subject=f"hit:{hit_id}", detail=detail, now=now)
        return VerdictRow(hit_id, user.id, user.name, command.verdict, why.value, now)


def _reason(verdict: Verdict, reason: str) -> VerdictReason:
    allowed = REASONS[verdict]
    if not reason and verdict is not Verdict.KELIRU:
        return allowed[0]
    for known in allowed:
        if known.value == reason:
            return known
    words = labels(VerdictReason)
    told = ", ".join(f"{known.value} ({words[known.value]})" for known in allowed)
    raise UsageError("Alasan penilaian ini belum dipilih atau tidak cocok", f"pilih: {told}")
