"""What is stored of a person and of what they did in public, as plain values for that person to read."""

from __future__ import annotations

import sqlalchemy as sa

from db.connect import Session
from db.subjects import LIVE, Section, Subject, own_keys, own_names, own_texts, still, told
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    candidate,
    candidate_account,
    capture,
    case_hit,
    hit_verdict,
    interaction,
    interaction_capture,
    item,
    item_text,
    item_version,
    judgement,
    liveness_check,
    neutral_account,
    observation,
    pattern,
    purged_act,
    register_change,
    roster_batch,
    rule_hit,
    screenshot,
    source_credential,
    source_target,
)
from monitor.vault import Vault


def person(session: Session, vault: Vault, of: Subject) -> Section:
    """Tell what the register says, the number in full: it is the person's own."""
    columns = [
        asn.c[n] for n in ("identifier_kind", "name", "employment", "agency", "position", "jurisdiction", "note")
    ]
    query = sa.select(*columns, asn.c.identifier_sealed, asn.c.created_at, asn.c.changed_at,
                      roster_batch.c.imported_at).join(roster_batch, roster_batch.c.id == asn.c.batch_id)  # fmt: skip
    rows = told(session, query.where(asn.c.id == of.person))
    return [row | {"identifier": vault.unseal(row.pop("identifier_sealed")).decode()} for row in rows]


def accounts(session: Session, of: Subject) -> Section:
    """Tell accounts said to be the person's, with their names then and now; of rejected ones only the proposal."""
    columns = (
        "status",
        "method",
        "evidence",
        "valid_from",
        "valid_to",
        "proposed_at",
        "verified_at",
        "reason",
        "ended_at",
    )
    # What was rejected or revoked, or is verified as another's, may be somebody else's account.
    mine = sa.and_(attribution.c.status.in_(LIVE), attribution.c.account_id.in_(of.accounts))
    query = (
        sa.select(
            account.c.platform, sa.case((mine, account.c.platform_user_id)).label("account"),
            sa.case((sa.and_(mine, still(of)), account.c.handle)).label("handle"),
            sa.case((mine, attribution.c.link)).label("link"),
            *(attribution.c[name] for name in columns),
        )
        .join(account, account.c.id == attribution.c.account_id)
        .where(attribution.c.asn_id == of.person)
        .order_by(attribution.c.id)
    )  # fmt: skip
    rows = told(session, query)
    handles = sa.select(
        account.c.platform, account_handle.c.handle, account_handle.c.first_seen_at, account_handle.c.last_seen_at
    )
    named = handles.join(account, account.c.id == account_handle.c.account_id).where(own_names(session, of))
    return rows + told(session, named.order_by(account_handle.c.first_seen_at, account_handle.c.handle))


def credentials(session: Session, of: Subject) -> Section:
    """Tell which keys the person lent, without the keys."""
    names = ("source", "purpose", "added_at", "expires_at", "revoked_at", "last_used_at")
    columns = [source_credential.c[name] for name in names]
    query = sa.select(*columns).where(own_keys(session, of))
    return told(session, query.order_by(source_credential.c.id))


def acts(session: Session, of: Subject) -> Section:
    """Tell acts; the address of what they are on only where its author is the person, a contestant or a public body.

    Where the account is not the person's any more, neither is the address of what it published.
    """
    public = sa.union(sa.select(candidate_account.c.account_id), sa.select(neutral_account.c.account_id))
    author = interaction.c.target_author_account_id
    may_name = sa.or_(author.in_(of.accounts), author.in_(public))
    names = ("occurred_at", "bracket_lo", "bracket_hi", "seen_first_at", "seen_last_at", "withdrawn_seen_at")
    query = (
        sa.select(
            interaction.c.id.label("act_number"), interaction.c.platform, interaction.c.act,
            sa.case((may_name, interaction.c.target_id)).label("on"),
            sa.case((interaction.c.actor_account_id.in_(of.accounts), interaction.c.own_item_key)).label("published"),
            *(interaction.c[name] for name in names), purged_act.c.purged_at.label("words_removed_at"),
        )
        .join(purged_act, purged_act.c.interaction_id == interaction.c.id, isouter=True)
        .where(interaction.c.id.in_(of.acts))
        .order_by(interaction.c.id)
    )  # fmt: skip
    return told(session, query)


def texts(session: Session, of: Subject) -> Section:
    """Tell what the person published, as kept."""
    names = ("text", "links", "hashtags", "alt_texts", "lang", "seen_first_at", "seen_last_at", "purged_at")
    query = (
        sa.select(item.c.platform, item.c.platform_item_id.label("published"), item.c.kind, item.c.url,
                  item.c.published_at, item.c.published_hi, item_version.c.edited_at, *(item_text.c[n] for n in names))
        .join(item_version, item_version.c.item_id == item.c.id)
        .join(item_text, item_text.c.version_id == item_version.c.id)
        .where(own_texts(session, of))
        .order_by(item.c.id, item_version.c.id)
    )  # fmt: skip
    return told(session, query)


def changes(session: Session, of: Subject) -> Section:
    """Tell what became of acts and texts between looks."""
    mine = sa.select(item.c.platform_item_id).where(own_texts(session, of))
    seen = sa.select(
        observation.c.kind,
        observation.c.platform,
        observation.c.seen_at,
        observation.c.interaction_id.label("act_number"),
    )
    both = sa.or_(observation.c.interaction_id.in_(of.acts), observation.c.platform_item_id.in_(mine))
    asked = sa.select(
        liveness_check.c.state.label("kind"), liveness_check.c.platform, liveness_check.c.checked_at.label("seen_at")
    )
    rows = told(session, seen.where(both).order_by(observation.c.id))
    asked = asked.where(liveness_check.c.platform_item_id.in_(mine)).order_by(liveness_check.c.id)
    return rows + [row | {"act_number": None} for row in told(session, asked)]


def judgements(session: Session, of: Subject) -> Section:
    """Tell what rule sets said of each act."""
    columns = (
        judgement.c.interaction_id.label("act_number"),
        judgement.c.outcome,
        judgement.c.current,
        judgement.c.judged_at,
    )
    return told(session, sa.select(*columns).where(judgement.c.interaction_id.in_(of.acts)).order_by(judgement.c.id))


def hits(session: Session, of: Subject) -> Section:
    """Tell the rules that acts met, with the program's reasons and what reviewers said of them."""
    names = ("rule_id", "rule_version", "mode", "level", "law", "law_row", "stage", "explanation", "counter_signals",
             "active", "first_judged_at", "changed_at")  # fmt: skip
    query = (
        sa.select(rule_hit.c.id.label("indication"), rule_hit.c.interaction_id.label("act_number"), case_hit.c.case_id,
                  candidate.c.label.label("pair"), *(rule_hit.c[name] for name in names))
        .join(candidate, candidate.c.id == rule_hit.c.candidate_id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id, isouter=True)
        .where(rule_hit.c.asn_id == of.person)
        .order_by(rule_hit.c.id)
    )  # fmt: skip
    rows = told(session, query)
    said = sa.select(hit_verdict.c.hit_id, hit_verdict.c.verdict, hit_verdict.c.at).order_by(hit_verdict.c.id)
    mine = sa.select(rule_hit.c.id).where(rule_hit.c.asn_id == of.person)
    verdicts = told(session, said.where(hit_verdict.c.hit_id.in_(mine)))
    return [row | {"verdicts": [v for v in verdicts if v["hit_id"] == row["indication"]]} for row in rows]


def patterns(session: Session, of: Subject) -> Section:
    """Tell repeated acts for one pair."""
    names = ("rule_id", "rule_version", "first_at", "last_at", "weight", "members", "level", "active", "found_at")
    query = sa.select(*(pattern.c[name] for name in names)).where(pattern.c.asn_id == of.person)
    return told(session, query.order_by(pattern.c.id))


def answers(session: Session, of: Subject) -> Section:
    """Tell which kept answers show the acts: hashes and times, not the bodies, in which others stand too.

    Of what officers brought the kind is not told: it says whether somebody reported.
    """
    names = ("source", "status", "size", "sha256", "fetched_at", "mapper")
    endpoint = sa.case((capture.c.collector == "", capture.c.endpoint)).label("endpoint")
    shown = sa.select(interaction_capture.c.capture_id).where(interaction_capture.c.interaction_id.in_(of.acts))
    query = sa.select(*(capture.c[name] for name in names), endpoint).where(capture.c.id.in_(shown))
    return told(session, query.order_by(capture.c.id))


def pictures(session: Session, of: Subject) -> Section:
    """Tell which pictures of the person's pages were taken."""
    names = ("state", "sha256", "width", "height", "taken_at")
    mine = sa.select(item.c.id).where(own_texts(session, of))
    query = sa.select(*(screenshot.c[name] for name in names)).where(screenshot.c.item_id.in_(mine))
    return told(session, query.order_by(screenshot.c.id))


def visits(session: Session, of: Subject) -> Section:
    """Tell how the accounts are read."""
    names = ("source", "direction", "since", "last_run_at", "last_good_at")
    query = sa.select(*(source_target.c[name] for name in names)).where(source_target.c.account_id.in_(of.accounts))
    return told(session, query.order_by(source_target.c.id))


def register_changes(session: Session, of: Subject) -> Section:
    """Tell how the register changed about the person."""
    nobodys = sa.and_(register_change.c.asn_id.is_(None), register_change.c.account_id.in_(of.accounts))
    mine = sa.or_(register_change.c.asn_id == of.person, nobodys)
    names = ("kind", "reason", "created_at", "done_at")
    return told(session, sa.select(*(register_change.c[n] for n in names)).where(mine).order_by(register_change.c.id))
