"""The hits of one rule, shadowed and suppressed ones too, so that people can judge the rule by them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from db.case_lists import hit_brief, hits_query
from db.connect import Session
from db.tables import asn, candidate, case_hit, hit_verdict, rule_hit
from db.verdicts import verdicts_of
from db.views import within
from monitor.domain import HitBrief, VerdictRow


@dataclass(frozen=True, slots=True)
class RuleHit:
    """One hit that the current judgement gives; `case_id` is None for one that no case holds."""

    brief: HitBrief
    version: int
    person_id: int
    person: str
    identifier_masked: str
    jurisdiction: str
    pair: str
    explanation: str
    case_id: int | None
    suppression_id: int | None
    verdicts: tuple[VerdictRow, ...] = ()


def hits_of_rule(
    session: Session, rule_id: str, scope: tuple[str, ...] | None, limit: int, *, unjudged: bool = False
) -> list[RuleHit]:
    """Return the newest current hits of a rule on people within some places (None: everywhere), newest first.

    `unjudged` leaves out those that somebody gave a verdict on.
    """
    query = (
        hits_query()
        .join(asn, asn.c.id == rule_hit.c.asn_id)
        .join(candidate, candidate.c.id == rule_hit.c.candidate_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .add_columns(
            rule_hit.c.rule_version, rule_hit.c.asn_id, rule_hit.c.explanation, rule_hit.c.suppression_id,
            asn.c.name, asn.c.identifier_masked, asn.c.jurisdiction, case_hit.c.case_id,
            candidate.c.number, candidate.c.label,
        )
        .where(rule_hit.c.active, rule_hit.c.rule_id == rule_id, within(scope))
        .order_by(rule_hit.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    if unjudged:
        query = query.where(~sa.exists().where(hit_verdict.c.hit_id == rule_hit.c.id))
    rows = session.execute(query).all()
    said = verdicts_of(session, [row.id for row in rows])
    return [
        RuleHit(
            brief=hit_brief(row),
            version=row.rule_version,
            person_id=row.asn_id,
            person=row.name,
            identifier_masked=row.identifier_masked,
            jurisdiction=row.jurisdiction,
            pair=f"{row.number}. {row.label}",
            explanation=row.explanation or "",
            case_id=row.case_id,
            suppression_id=row.suppression_id,
            verdicts=said.get(row.id, ()),
        )
        for row in rows
    ]
