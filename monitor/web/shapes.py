"""Cases as JSON: the shape of `queue list --json`, shared by the command line and /api."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from db.unjudged import NotEvaluable
from monitor.domain import CaseDetail, CaseRow, HitBrief, Stance
from monitor.domain.attributions import Attribution


def case_json(row: CaseRow) -> dict[str, Any]:
    """Return one case of a list."""
    return {
        "id": row.id,
        "status": row.state.value,
        "priority": round(row.priority, 4),
        "due_at": plain(row.due_at),
        "asn": {
            "name": row.person.name,
            "nip_masked": row.person.identifier_masked,
            "employment": row.person.employment.value,
            "agency": row.person.agency,
            "jurisdiction": row.person.jurisdiction,
        },
        "candidate": {
            "contest": row.candidate.contest,
            "number": row.candidate.number,
            "label": row.candidate.label,
        },
        "law": row.law,
        "law_row": row.law_row,
        "stage": row.stage.value,
        "why_here": row.why_here.value,
        "queue": row.queue,
        "version": row.version,
        "stance": plain(case_stance(row)),
        "hits": [hit_json(hit) for hit in row.hits],
    }


def case_stance(row: CaseRow) -> Stance | None:
    """Return the hint that the standing hits of a case share; `netral` where they differ, None where no text told."""
    told = {hit.stance for hit in row.hits if hit.active and hit.stance is not None}
    sided = told - {Stance.NETRAL}
    return next(iter(sided)) if len(sided) == 1 else Stance.NETRAL if told else None


def hit_json(hit: HitBrief) -> dict[str, Any]:
    """Return one hit of a case; `occurred_at` is null where only a bracket is known."""
    return {
        "rule": hit.rule,
        "act": hit.act.value,
        "platform": hit.platform,
        "account": hit.account,
        "url": hit.url,
        "occurred_at": plain(hit.time.occurred_at),
        "between": None if hit.time.exact else [plain(hit.time.lo), plain(hit.time.hi)],
        "tier": hit.tier.value,
        "mode": hit.mode.value,
        "stance": plain(hit.stance),
        "active": hit.active,
    }


def unjudged_json(row: NotEvaluable) -> dict[str, Any]:
    """Return one act that could not be judged."""
    return {
        "interaction": row.interaction_id,
        "asn": {
            "name": row.person,
            "nip_masked": row.identifier_masked,
            "agency": row.agency,
            "jurisdiction": row.jurisdiction,
        },
        "act": row.act.value,
        "platform": row.platform,
        "account": row.account,
        "url": row.url,
        "occurred_at": plain(row.time.occurred_at),
        "between": None if row.time.exact else [plain(row.time.lo), plain(row.time.hi)],
        "pairs": list(row.pairs),
        "reasons": list(row.reasons),
    }


def attribution_json(row: Attribution) -> dict[str, Any]:
    """Return one attribution of a list; `waiting_cases` counts the open cases that rest on it."""
    return {
        "id": row.id,
        "status": row.status.value,
        "platform": row.account.platform,
        "account": row.account.user_id,
        "handle": row.account.handle,
        "asn": {
            "name": row.person.name,
            "nip_masked": row.person.identifier_masked,
            "employment": row.person.employment.value,
            "agency": row.person.agency,
            "jurisdiction": row.person.jurisdiction,
        },
        "method": row.method,
        "evidence": row.evidence,
        "link": row.link or None,
        "capture_sha256": row.capture_sha256 or None,
        "valid_from": plain(row.valid_from),
        "valid_to": plain(row.valid_to),
        "proposed_by": row.proposed_by,
        "proposed_at": plain(row.proposed_at),
        "answered_by": row.verified_by or None,
        "answered_at": plain(row.verified_at),
        "ended_by": row.ended_by or None,
        "ended_at": plain(row.ended_at),
        "reason": row.reason or None,
        "batch": row.batch_id,
        "batch_confirmed": row.batch_confirmed,
        "waiting_cases": row.waiting,
    }


def detail_json(detail: CaseDetail) -> dict[str, Any]:
    """Return one case as in a list, and under `detail` everything that its page shows."""
    rest = plain(detail)
    assert isinstance(rest, dict)
    return case_json(detail.row) | {"detail": {name: value for name, value in rest.items() if name != "row"}}


def plain(value: object) -> Any:
    """Return a domain value as JSON knows it: tokens for enums, ISO 8601 for times, seconds for spans, lists else."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, (str, bytes)):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, AbstractSet) else items
    return value
