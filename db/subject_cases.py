"""What is stored of the cases about a person, as plain values for that person to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from db.connect import Session
from db.subjects import Section, Subject, own_texts, told
from db.tables import (
    audit_log,
    candidate,
    case_link,
    contest,
    evidence_manifest,
    form_issue,
    item,
    item_version,
    legal_hold,
    manual_find,
    retention_event,
    review_case,
    review_event,
    review_event_note,
    second_review,
    suppression,
    timestamp_token,
)

_TIES: Final = ("tie_declared", "tie_ended")
"""What the audit log says of reviewers' own relations."""


def cases(session: Session, of: Subject) -> Section:
    """Tell the cases, each with those of the person that it hangs together with."""
    names = ("id", "law", "law_row", "stage", "state", "why", "priority", "due_at", "jurisdiction", "hit_count",
             "first_seen_at", "known_at", "created_at", "changed_at")  # fmt: skip
    query = (
        sa.select(
            *(review_case.c[name] for name in names), candidate.c.label.label("pair"), contest.c.name.label("contest")
        )
        .join(candidate, candidate.c.id == review_case.c.candidate_id)
        .join(contest, contest.c.id == review_case.c.contest_id)
        .where(review_case.c.id.in_(of.cases))
        .order_by(review_case.c.id)
    )
    rows = told(session, query)
    mine = sa.and_(case_link.c.first_case_id.in_(of.cases), case_link.c.second_case_id.in_(of.cases))
    links = told(
        session, sa.select(case_link.c.first_case_id, case_link.c.second_case_id, case_link.c.kind).where(mine)
    )
    return [
        row | {"links": [n for n in links if row["id"] in (n["first_case_id"], n["second_case_id"])]} for row in rows
    ]


def steps(session: Session, of: Subject, *, notes: bool) -> Section:
    """Tell every step of the cases, without who took it."""
    names = ("case_id", "kind", "from_state", "to_state", "reason", "note_kind", "at")
    written = review_event_note.c.note if notes else sa.null()
    query = (
        sa.select(*(review_event.c[n] for n in names), review_event.c.note_hash.is_not(None).label("has_note"),
                  written.label("note"), review_event_note.c.purged_at.label("note_removed_at"))
        .join(review_event_note, review_event_note.c.event_id == review_event.c.id, isouter=True)
        .where(review_event.c.case_id.in_(of.cases))
        .order_by(review_event.c.id)
    )  # fmt: skip
    return told(session, query)


def second_looks(session: Session, of: Subject) -> Section:
    """Tell second looks, without who looked."""
    names = ("case_id", "kind", "proposed_at", "proposed_state", "approved_at", "decided_state", "reason")
    query = sa.select(*(second_review.c[name] for name in names)).where(second_review.c.case_id.in_(of.cases))
    return told(session, query.order_by(second_review.c.id))


def suppressions(session: Session, of: Subject) -> Section:
    """Tell what was not shown, and why."""
    names = ("rule_id", "reason", "proposed_at", "approved_at", "expires_at", "ended_at")
    nobodys = sa.and_(suppression.c.asn_id.is_(None), suppression.c.account_id.in_(of.accounts))
    mine = sa.or_(suppression.c.asn_id == of.person, nobodys)
    return told(session, sa.select(*(suppression.c[n] for n in names)).where(mine).order_by(suppression.c.id))


def finds(session: Session, of: Subject) -> Section:
    """Tell what was entered by hand; whether somebody reported it, and what they said, is not told."""
    names = ("act", "platform", "seen_at", "received_at")
    query = sa.select(*(manual_find.c[name] for name in names)).where(manual_find.c.asn_id == of.person)
    return told(session, query.order_by(manual_find.c.id))


def manifests(session: Session, of: Subject) -> Section:
    """Tell the manifests of the evidence and their stamps."""
    query = (
        sa.select(evidence_manifest.c.case_id, evidence_manifest.c.sequence, evidence_manifest.c.sha256,
                  evidence_manifest.c.created_at, timestamp_token.c.authority, timestamp_token.c.stamped_at)
        .join(timestamp_token, timestamp_token.c.manifest_id == evidence_manifest.c.id, isouter=True)
        .where(evidence_manifest.c.case_id.in_(of.cases))
        .order_by(evidence_manifest.c.id, timestamp_token.c.id)
    )  # fmt: skip
    return told(session, query)


def forms(session: Session, of: Subject) -> Section:
    """Tell the forms that were issued."""
    names = ("case_id", "form", "version", "sha256", "issued_at")
    query = sa.select(*(form_issue.c[name] for name in names)).where(form_issue.c.case_id.in_(of.cases))
    return told(session, query.order_by(form_issue.c.id))


def holds(session: Session, of: Subject) -> Section:
    """Tell holds on the person's data."""
    mine = sa.or_(legal_hold.c.asn_id == of.person, legal_hold.c.case_id.in_(of.cases))
    columns = [legal_hold.c[name] for name in ("case_id", "reason", "held_at", "released_at")]
    # What somebody only asked for has not ended: its reason would be read as if it had.
    ended = sa.case((legal_hold.c.released_at.is_not(None), legal_hold.c.release_reason)).label("release_reason")
    return told(session, sa.select(*columns, ended).where(mine).order_by(legal_hold.c.id))


def looks(session: Session, of: Subject) -> Section:
    """Tell when somebody looked at the person or a case of theirs, and what for; not who, nor who is tied to them."""
    subjects = [f"asn:{of.person}", *(f"case:{number}" for number in of.cases)]
    query = sa.select(audit_log.c.at, audit_log.c.action, audit_log.c.subject).where(audit_log.c.subject.in_(subjects))
    return told(session, query.where(audit_log.c.action.not_in(_TIES)).order_by(audit_log.c.id))


def removed(session: Session, of: Subject) -> Section:
    """Tell what retention, holds and earlier copies did about the person."""
    mine: Iterable[tuple[str, Any]] = (
        ("asn", [str(of.person)]),
        ("review_case", [str(number) for number in of.cases]),
    )
    where = [
        sa.and_(retention_event.c.subject_kind == kind, retention_event.c.subject_id.in_(ids)) for kind, ids in mine
    ]
    texts = sa.select(sa.cast(item_version.c.id, sa.String)).join(item, item.c.id == item_version.c.item_id)
    own = texts.where(own_texts(session, of))
    where.append(sa.and_(retention_event.c.subject_kind == "item_text", retention_event.c.subject_id.in_(own)))
    names = ("at", "action", "subject_kind", "reason")
    query = sa.select(*(retention_event.c[name] for name in names)).where(sa.or_(*where))
    return told(session, query.order_by(retention_event.c.id))
