"""One case with all that a reviewer must see, loaded with a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from db import legal_clocks, observations
from db.among import among
from db.case_filters import at_most
from db.case_laws import CaseLaws
from db.case_lists import case_row, hit_brief, hits_query, one_case, stands
from db.case_patterns import case_patterns
from db.casework import facts_of
from db.connect import Session
from db.contents import Contents, load_contents
from db.events import history
from db.standing import STANDING
from db.tables import (
    account,
    account_handle,
    attribution,
    candidate,
    candidate_person,
    candidate_status,
    capture,
    case_hit,
    case_link,
    contest,
    interaction,
    interaction_capture,
    judgement,
    review_case,
    roster_batch,
    rule_hit,
)
from db.tables import alias as alias_table
from monitor.domain import (
    AccountRef,
    Act,
    AttributionStatus,
    CandidateBrief,
    CandidateDetail,
    CaptureBrief,
    CaseAccount,
    CaseDetail,
    CaseFacts,
    CaseHit,
    CaseLink,
    Caveat,
    ContentDetail,
    HandleSeen,
    LawRow,
    OtherHit,
    Priority,
    PriorityPart,
    Span,
    TraceNode,
)
from monitor.errors import UsageError

_OTHERS = 50
_CASE: sa.BindParameter[int] = sa.bindparam("of_case")
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


def case_detail(
    session: Session, case_id: int, now: datetime | None = None, facts: CaseFacts | None = None
) -> CaseDetail:
    """Return a case with everything its page shows; UsageError when there is none.

    `facts` that were read just before are not read again unless an event came since.
    """
    found = one_case(session, case_id)
    if found is not None and (facts is None or facts.version != found.version):
        facts = facts_of(session, case_id, now)
    if found is None or facts is None:
        raise UsageError(f"Informasi awal {case_id} tidak ada", "lihat nomor di `pantau queue list`")
    rulings = list(session.execute(_hit_rows(), {"of_case": case_id}))
    row = case_row(found, tuple(hit_brief(hit) for hit in rulings if stands(hit)), facts.lease)
    contents = load_contents(session, {hit.interaction_id for hit in rulings})
    pairs = _pairs(session, {number for author in contents.authors.values() for number in author.candidates})
    laws = CaseLaws(session, {hit.ruleset_id for hit in rulings})
    captures = _captures(session, {hit.interaction_id for hit in rulings})
    changes = observations.of_acts(session, {hit.interaction_id for hit in rulings})
    accounts = _accounts(session, {hit.actor_account_id for hit in rulings}, found.asn_id)
    found_hits = (_hit(hit, contents, pairs, laws, captures) for hit in rulings)
    hits = tuple(replace(hit, changes=changes.get(hit.interaction_id, ())) for hit in found_hits)
    events = history(session, case_id)
    proposers = [e.user_name for e in events if e.user_id == facts.proposer_id and e.user_id is not None]
    to, sure = laws.addressees(rulings[-1].ruleset_id if rulings else 0, found.law, row.person.employment, now)
    law_title, law_row = laws.row(rulings[-1].ruleset_id if rulings else 0, found.law, found.law_row)
    return CaseDetail(
        row=row,
        accounts=accounts,
        candidate=_candidate(session, found, row.candidate),
        law_title=law_title,
        law_row=law_row,
        hits=hits,
        events=events,
        facts=facts,
        caveats=_caveats(facts, accounts, hits, law_row, found.queue),
        other_hits=_others(session, found.asn_id, case_id, {hit.interaction_id for hit in rulings}),
        links=_links(session, case_id),
        priority=Priority(found.priority, tuple(PriorityPart(**part) for part in found.priority_parts or ())),
        first_seen_at=found.first_seen_at,
        first_opened_at=found.first_opened_at,
        known_at=found.known_at,
        clock=legal_clocks.clocks_of(session, [case_id], now).get(case_id) if now is not None else None,
        proposer=proposers[-1] if proposers else "",
        addressees=to,
        addressee_doubtful=not sure,
        patterns=case_patterns(session, found.asn_id, found.candidate_id, {hit.interaction_id for hit in rulings}),
    )


@cache
def _hit_rows() -> sa.Select[Any]:
    return (
        hits_query()
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .join(judgement, judgement.c.id == rule_hit.c.judgement_id)
        .add_columns(
            rule_hit.c.rule_version, rule_hit.c.stage_straddled, rule_hit.c.candidate_status, rule_hit.c.explanation,
            rule_hit.c.spans, rule_hit.c.stance_spans, rule_hit.c.counter_signals, rule_hit.c.trace, rule_hit.c.raised,
            judgement.c.ruleset_id, interaction.c.actor_account_id, interaction.c.seen_first_at,
            interaction.c.withdrawn_seen_at,
        )
        .where(case_hit.c.case_id == _CASE)
        .order_by(rule_hit.c.id)
    )  # fmt: skip


def _hit(
    row: Any,
    contents: Contents,
    pairs: Mapping[int, CandidateBrief],
    laws: CaseLaws,
    captures: Mapping[int, tuple[CaptureBrief, ...]],
) -> CaseHit:
    trio = contents.trios[row.interaction_id]
    own, target, root = (_content(contents, pairs, row.platform, p) for p in (trio.own, trio.target, trio.root))
    title, false_positives = laws.rule(row.ruleset_id, row.rule_id)
    kept = captures.get(row.interaction_id, ())
    caveats = (
        (Caveat.RULE_NO_LONGER_HITS, not hit_brief(row).active),
        (Caveat.TIME_BRACKET, row.occurred_at is None),
        (Caveat.STAGE_STRADDLED, row.stage_straddled),
        (Caveat.TARGET_NOT_KEPT, trio.target is not None and (target is None or not target.kept)),
        (Caveat.NO_CAPTURE, not kept),
        (Caveat.WITHDRAWN, row.withdrawn_seen_at is not None),
        (Caveat.EDITED, any(content is not None and content.versions > 1 for content in (own, target, root))),
    )
    return CaseHit(
        brief=hit_brief(row),
        interaction_id=row.interaction_id,
        rule_version=row.rule_version,
        rule_title=title,
        law=row.law,
        law_row=laws.row(row.ruleset_id, row.law, row.law_row)[1],
        stage=row.stage,
        stage_straddled=row.stage_straddled,
        candidate_status=row.candidate_status,
        explanation=row.explanation or "",
        own=own,
        target=target,
        root=root,
        spans=tuple(Span(**span) for span in row.spans or ()),
        stance_spans=tuple(Span(**span) for span in row.stance_spans or ()),
        counter_signals=tuple(row.counter_signals or ()),
        raised=tuple(row.raised or ()),
        false_positives=false_positives,
        trace=_trace(row.trace),
        captures=kept,
        first_seen_at=row.seen_first_at,
        withdrawn_seen_at=row.withdrawn_seen_at,
        caveats=tuple(caveat for caveat, stands in caveats if stands),
    )


def _content(
    contents: Contents, pairs: Mapping[int, CandidateBrief], platform: str, part: tuple[str, int | None] | None
) -> ContentDetail | None:
    shown = contents.shown(platform, part)
    if shown is None:
        return None
    detail, numbers = shown
    return replace(detail, author_candidates=tuple(pairs[number] for number in numbers if number in pairs))


def _trace(node: Mapping[str, Any] | None) -> TraceNode | None:
    if node is None:
        return None
    children = tuple(child for raw in node.get("children") or () if (child := _trace(raw)) is not None)
    return TraceNode(node["name"], node["passed"], node.get("detail") or "", children)


def _captures(session: Session, interaction_ids: Collection[int]) -> dict[int, tuple[CaptureBrief, ...]]:
    found: dict[int, list[CaptureBrief]] = defaultdict(list)
    for row in session.execute(_captures_of(session.dialect.name), {"ids": sorted(interaction_ids)}):
        found[row.interaction_id].append(
            CaptureBrief(
                row.id, row.sha256, row.fetched_at, row.url, row.source, row.size, row.mapper, row.collector or ""
            )
        )
    return {number: tuple(briefs) for number, briefs in found.items()}


@cache
def _captures_of(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(interaction_capture.c.interaction_id, capture)
        .join(capture, capture.c.id == interaction_capture.c.capture_id)
        .where(among(dialect, interaction_capture.c.interaction_id))
        .order_by(capture.c.fetched_at, capture.c.id)
    )


def _accounts(session: Session, account_ids: Collection[int], asn_id: int) -> tuple[CaseAccount, ...]:
    handles: dict[int, list[HandleSeen]] = defaultdict(list)
    seen, owned = _accounts_of(session.dialect.name)
    of_these = {"ids": sorted(account_ids)}
    for row in session.execute(seen, of_these):
        handles[row.account_id].append(HandleSeen(row.handle, row.first_seen_at, row.last_seen_at))
    best = {row.account_id: row for row in session.execute(owned, of_these | {"of_person": asn_id})}
    return tuple(_account(best[number], tuple(handles[number])) for number in sorted(best))


@cache
def _accounts_of(dialect: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return the statements for the names that accounts had, and for whose they are, what stands last."""
    names = (
        sa.select(account_handle)
        .where(among(dialect, account_handle.c.account_id))
        .order_by(account_handle.c.first_seen_at, account_handle.c.handle)
    )
    owners = (
        sa.select(
            attribution, account.c.platform, account.c.platform_user_id, account.c.handle, roster_batch.c.file_name,
            roster_batch.c.confirmed_by, roster_batch.c.confirmed_at,
        )
        .join(account, account.c.id == attribution.c.account_id)
        .join(roster_batch, roster_batch.c.id == attribution.c.batch_id, isouter=True)
        .where(among(dialect, attribution.c.account_id), attribution.c.asn_id == sa.bindparam("of_person"))
        .order_by(sa.case((attribution.c.status.in_(_LIVE), 1), else_=0), attribution.c.id)
    )  # fmt: skip
    return names, owners


def _account(row: Any, handles: tuple[HandleSeen, ...]) -> CaseAccount:
    imported = row.batch_id is not None and row.verified_by is None and row.status is AttributionStatus.VERIFIED
    return CaseAccount(
        id=row.account_id,
        ref=AccountRef(row.platform, row.platform_user_id, row.handle),
        attribution=row.status,
        method=row.method,
        evidence=row.evidence,
        proposer=row.proposed_by + (f" ({row.file_name})" if row.file_name else ""),
        verifier=(row.confirmed_by if imported else row.verified_by) or "",
        batch_id=row.batch_id,
        batch_confirmed=row.confirmed_at is not None if imported else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        handles=handles,
    )


def _pairs(session: Session, candidate_ids: Collection[int]) -> dict[int, CandidateBrief]:
    if not candidate_ids:
        return {}
    rows = session.execute(_named_pairs(session.dialect.name), {"ids": sorted(candidate_ids)})
    return {row.id: CandidateBrief(row.id, row.contest_id, row.name, row.number, row.label) for row in rows}


@cache
def _named_pairs(dialect: str) -> sa.Select[Any]:
    columns = (candidate.c.id, candidate.c.contest_id, candidate.c.number, candidate.c.label, contest.c.name)
    return (
        sa.select(*columns).join(contest, contest.c.id == candidate.c.contest_id).where(among(dialect, candidate.c.id))
    )


_NAMES = sa.union_all(
    sa.select(
        candidate_person.c.official_name.label("name"), sa.cast(candidate_person.c.role, sa.String).label("role"),
        sa.literal(0).label("position"),
    ).where(candidate_person.c.candidate_id == sa.bindparam("of_pair")),
    sa.select(alias_table.c.text, sa.literal(""), alias_table.c.position).where(
        alias_table.c.candidate_id == sa.bindparam("of_pair"), alias_table.c.kind == "party"
    ),
)  # fmt: skip
"""The people of a pair, by their role, and its parties, by their place."""


def _candidate(session: Session, place: Any, brief: CandidateBrief) -> CandidateDetail:
    statuses = sa.select(candidate_status.c.status, candidate_status.c.starts_at).where(
        candidate_status.c.candidate_id == brief.id
    )
    names = session.execute(_NAMES, {"of_pair": brief.id}).all()
    return CandidateDetail(
        brief=brief,
        region=place.contest_region,
        office=place.contest_office,
        people=tuple(row.name for row in sorted((n for n in names if n.role), key=lambda n: n.role)),
        parties=tuple(row.name for row in sorted((n for n in names if not n.role), key=lambda n: n.position)),
        statuses=tuple(session.execute(statuses.order_by(candidate_status.c.position))),
    )


def _others(session: Session, asn_id: int, case_id: int, acts: Collection[int]) -> tuple[OtherHit, ...]:
    """Return the newest standing hits of the person outside the case."""
    rows = session.execute(_other_hits(), {"of_case": case_id, "of_person": asn_id}).all()
    pairs = _pairs(session, {row.candidate_id for row in rows})
    return tuple(
        OtherHit(
            brief=hit_brief(row),
            candidate=pairs[row.candidate_id],
            law=row.law,
            law_row=row.law_row,
            stage=row.stage,
            case_id=row.case_id,
            case_state=row.state,
            same_act=row.interaction_id in acts,
        )
        for row in rows
    )


@cache
def _other_hits() -> sa.Select[Any]:
    return (
        hits_query()
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .join(review_case, review_case.c.id == case_hit.c.case_id, isouter=True)
        .add_columns(case_hit.c.case_id, review_case.c.state)
        .where(rule_hit.c.asn_id == sa.bindparam("of_person"), STANDING, rule_hit.c.suppression_id.is_(None))
        .where(sa.or_(case_hit.c.case_id.is_(None), case_hit.c.case_id != _CASE))
        .order_by(rule_hit.c.id.desc())
        .limit(at_most(_OTHERS))
    )


def _links(session: Session, case_id: int) -> tuple[CaseLink, ...]:
    first, second = case_link.c.first_case_id, case_link.c.second_case_id
    other = sa.case((first == case_id, second), else_=first)
    query = (
        sa.select(case_link.c.kind, review_case)
        .join(review_case, review_case.c.id == other)
        .where(sa.or_(first == case_id, second == case_id))
        .order_by(review_case.c.id)
    )
    rows = session.execute(query).all()
    pairs = _pairs(session, {row.candidate_id for row in rows})
    return tuple(CaseLink(row.id, row.state, row.kind, pairs[row.candidate_id], row.law_row, row.stage) for row in rows)


def _caveats(
    facts: CaseFacts,
    accounts: Iterable[CaseAccount],
    hits: Iterable[CaseHit],
    law_row: LawRow | None,
    queue: str | None,
) -> tuple[Caveat, ...]:
    owners = tuple(accounts)
    of_hits = {caveat for hit in hits if hit.brief.active for caveat in hit.caveats}
    stands = {
        Caveat.ACCOUNT_PROPOSED: any(owner.attribution is not AttributionStatus.VERIFIED for owner in owners),
        Caveat.BATCH_UNCONFIRMED: any(owner.batch_confirmed is False for owner in owners),
        Caveat.ONLY_LIKES: bool(facts.acts) and facts.acts <= {Act.LIKE, Act.FOLLOW},
        Caveat.CONTESTED_ROW: law_row is not None and law_row.mark in ("U", "X"),
        Caveat.NO_QUEUE: queue is None,
        Caveat.RULE_NO_LONGER_HITS: not facts.acts,
    }
    return tuple(caveat for caveat in Caveat if stands.get(caveat) or caveat in of_hits)
