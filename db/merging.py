"""Making two rows of one account into one, when its stable id becomes known."""

from __future__ import annotations

import sqlalchemy as sa

from db.connect import Session
from db.tables import (
    account,
    account_handle,
    attribution,
    candidate_account,
    interaction,
    item,
    manual_find,
    neutral_account,
    post_watch,
    register_change,
    source_credential,
    source_target,
)
from monitor.domain import AttributionStatus

_REFERENCES = (
    interaction.c.actor_account_id,
    interaction.c.target_author_account_id,
    item.c.author_account_id,
    item.c.parent_account_id,
    item.c.root_account_id,
    item.c.quoted_account_id,
    register_change.c.account_id,
    manual_find.c.account_id,
    post_watch.c.account_id,
    source_credential.c.account_id,
)
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


def merge_accounts(session: Session, gone: int, kept: int) -> None:
    """Move everything of the row `gone` to the row `kept` and remove it; what both have stays as `kept` has it."""
    for column in _REFERENCES:
        session.execute(sa.update(column.table).where(column == gone).values({column.name: kept}))
    _move(session, candidate_account, ("candidate_id",), gone, kept)
    _move(session, neutral_account, ("contest_id",), gone, kept)
    _move(session, account_handle, ("handle",), gone, kept)
    _move(session, source_target, ("source", "direction"), gone, kept)
    _end_doubles(session, gone, kept)
    session.execute(sa.update(attribution).where(attribution.c.account_id == gone).values(account_id=kept))
    session.execute(sa.delete(account).where(account.c.id == gone))


def _move(session: Session, table: sa.Table, rest: tuple[str, ...], gone: int, kept: int) -> None:
    """Move the rows, except those whose other key columns `kept` has already: these are removed."""
    mine = sa.alias(table)
    same = sa.and_(mine.c.account_id == kept, *(mine.c[name] == table.c[name] for name in rest))
    double = sa.exists().where(same)
    session.execute(sa.delete(table).where(table.c.account_id == gone, double))
    session.execute(sa.update(table).where(table.c.account_id == gone).values(account_id=kept))


def _end_doubles(session: Session, gone: int, kept: int) -> None:
    """Where both rows are attributed to one person, the kept row's attribution stands and the other is revoked."""
    other = sa.alias(attribution)
    double = sa.exists().where(
        other.c.account_id == kept, other.c.asn_id == attribution.c.asn_id, other.c.status.in_(_LIVE)
    )
    where = (attribution.c.account_id == gone) & attribution.c.status.in_(_LIVE) & double
    session.execute(sa.update(attribution).where(where).values(status=AttributionStatus.REVOKED))
