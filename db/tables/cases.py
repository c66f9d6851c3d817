"""Cases, their hits and leases, and the event log that is the only truth about decisions."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import BIG, HASH, JSON, Utc, choice, col, differ, key, metadata, ref, token, values_in
from monitor.domain import CaseState, EventKind, NoteKind, StageKind, WhyHere

BEFORE_REGISTRATION = sa.text(f"state IN {values_in([s.value for s in CaseState if s.before_registration])}")
"""A case that still takes new hits."""

OPEN = sa.text(f"state IN {values_in([s.value for s in CaseState if s.open])}")
"""A case somebody still has work with."""

review_case = sa.Table(
    "review_case",
    metadata,
    key(),
    ref("asn_id", "asn.id", "The person."),
    ref("candidate_id", "candidate.id", "The pair."),
    ref("contest_id", "contest.id", "The pair's contest."),
    col("law", sa.String(64), "Law profile."),
    col("law_row", sa.String(16), "Row of the profile."),
    col("stage", choice(StageKind, "stage"), "Stage at the time of the acts."),
    col("stage_straddled", sa.Boolean, "Whether some act's time bracket crosses a stage edge."),
    col("state", choice(CaseState, "state"), "Where it stands; a projection of the events."),
    col("why", choice(WhyHere, "why"), "Why it waits in the queue."),
    col("version", sa.Integer, "Rises with every event; a stale decision is refused."),
    col("priority", sa.Float, "Order of attention, 0 to 1."),
    col("priority_parts", JSON, "Named shares of the priority.", null=True),
    col("due_at", Utc, "Next legal deadline.", null=True),
    col("jurisdiction", sa.String(32), "Region code that owns it; empty when unknown."),
    col("queue", sa.String(32), "Jurisdiction code of its queue; NULL is 'tanpa antrean', also visible.", null=True),
    col("hit_count", sa.Integer, "Hits in it."),
    col("first_seen_at", Utc, "When the program first saw one of its acts."),
    col("last_hit_at", Utc, "When the last hit joined."),
    col("first_opened_at", Utc, "When a person first opened it.", null=True),
    col("known_at", Utc, "When the violation became known, as an officer set it.", null=True),
    ref("known_by", "app_user.id", "Officer who set it.", null=True, index=False),
    ref("linked_case_id", "review_case.id", "Case that it continues or belongs to.", null=True),
    col("created_at", Utc, "When it was opened."),
    col("changed_at", Utc, "Time of the last event."),
    col("facets", sa.Text, "What its standing hits are, as '|a:like|p:bluesky|...|'; for filters, can be rebuilt.",
        server_default="|"),
    sa.Index("uq_review_case_live", "asn_id", "candidate_id", "law", "law_row", "stage", unique=True,
             sqlite_where=BEFORE_REGISTRATION, postgresql_where=BEFORE_REGISTRATION),
    sa.Index("ix_review_case_open_queue", "queue", sa.text("priority DESC"), "id", sqlite_where=OPEN,
             postgresql_where=OPEN),
    sa.Index("ix_review_case_state", "state", sa.text("priority DESC"), "id"),
    sa.Index("ix_review_case_queue_state", "queue", "state", sa.text("priority DESC"), "id"),
    sa.Index("ix_review_case_due_at", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    sa.Index("ix_review_case_due", "due_at", "id", sqlite_where=sa.text("due_at IS NOT NULL"),
             postgresql_where=sa.text("due_at IS NOT NULL")),
    sa.Index("ix_review_case_list", sa.text("priority DESC"), "id", "jurisdiction", "queue", "state", "why", "stage",
             "law_row", "asn_id", "candidate_id", "due_at", "created_at", "facets"),
    sa.Index("ix_review_case_state_facets", "state", "facets", "priority", "jurisdiction", "queue"),
    sa.Index("ix_review_case_state_jurisdiction", "state", "jurisdiction", "queue"),
    comment="Informasi awal: person x candidate x legal row x stage.",
)  # fmt: skip

case_hit = sa.Table(
    "case_hit",
    metadata,
    ref("hit_id", "rule_hit.id", "The hit; in one case only.", primary_key=True),
    ref("case_id", "review_case.id", "The case."),
    col("joined_at", Utc, "When it joined."),
    comment="Which hits a case holds.",
)

case_link = sa.Table(
    "case_link",
    metadata,
    ref("first_case_id", "review_case.id", "The older case.", primary_key=True),
    ref("second_case_id", "review_case.id", "The newer case.", primary_key=True, index=True),
    col("kind", token("kind", "same_act", "follows"), "They share an act, or the newer follows a registered one."),
    col("linked_at", Utc, "When the link was seen."),
    sa.CheckConstraint("first_case_id < second_case_id", name="ordered"),
    comment="Cases that hang together.",
)

lease = sa.Table(
    "lease",
    metadata,
    ref("case_id", "review_case.id", "The case; one lease row each.", primary_key=True),
    ref("user_id", "app_user.id", "Who is reviewing it."),
    col("fence", BIG, "Rises with every new lease; an older one is refused."),
    col("taken_at", Utc, "When it was taken."),
    col("expires_at", Utc, "When it ends unless renewed."),
    comment="Who is reviewing which case right now.",
)

review_event = sa.Table(
    "review_event",
    metadata,
    key(),
    ref("case_id", "review_case.id", "The case.", index=False),
    col("case_version", sa.Integer, "Version of the case after the event."),
    col("kind", choice(EventKind, "kind"), "What happened."),
    col("from_state", choice(CaseState, "from_state"), "State before; NULL for the first.", null=True),
    col("to_state", choice(CaseState, "to_state"), "State after."),
    col("reason", sa.String(64), "Reason code.", null=True),
    col("actor", sa.Text, "User name, or the program."),
    ref("user_id", "app_user.id", "The user, when one acted.", null=True, index=False),
    ref("undoes_id", "review_event.id", "Event that this one undoes.", null=True, index=False),
    col("detail", sa.Text, "Further facts as canonical JSON text; no personal payload."),
    col("note_hash", HASH, "Hash of the note in the side row.", null=True),
    col("note_kind", choice(NoteKind, "note_kind"), "What the note is.", null=True),
    col("at", Utc, "When."),
    col("prev_hash", HASH, "Hash of the event before, of all cases; zeros for the first.", unique=True),
    col("hash", HASH, "Hash of this event and the one before.", unique=True),
    sa.UniqueConstraint("case_id", "case_version"),
    sa.Index("ix_review_event_at", "at", "kind"),
    comment="Everything that was decided; append-only and hash-chained.",
)

review_event_note = sa.Table(
    "review_event_note",
    metadata,
    ref("event_id", "review_event.id", "The event.", primary_key=True),
    col("note", sa.Text, "What the person wrote; NULL when purged.", null=True),
    col("purged_at", Utc, "When retention emptied it.", null=True),
    comment="Notes of events; retention empties them, the hash stays.",
)

second_review = sa.Table(
    "second_review",
    metadata,
    key(),
    ref("case_id", "review_case.id", "The case."),
    col("kind", token("kind", "four_eyes", "blind"), "Approval for hand-over, or a sampled blind second look."),
    ref("proposed_by", "app_user.id", "User who decided first.", index=False),
    col("proposed_at", Utc, "When."),
    col("proposed_state", choice(CaseState, "proposed_state"), "State that was proposed."),
    ref("approved_by", "app_user.id", "Second user.", null=True, index=False),
    col("approved_at", Utc, "When the second user decided.", null=True),
    col("decided_state", choice(CaseState, "decided_state"), "State the second user chose.", null=True),
    col("reason", sa.String(64), "Reason code of the second user.", null=True),
    ref("event_id", "review_event.id", "Decision that a blind look repeats.", null=True, index=False),
    sa.Index("uq_second_review_event_id", "event_id", unique=True),
    differ("proposed_by", "approved_by", "two_people"),
    comment="Second looks.",
)
