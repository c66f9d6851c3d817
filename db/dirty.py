"""Marks on stored acts that must be judged again, because something that judging rests on has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from db import search
from db.among import among
from db.bulk import driver_rows
from db.connect import Session
from db.tables import attribution, interaction, item
from db.upsert import chunks
from db.views import views_of
from monitor.domain import InteractionView

MARKED = sa.literal_column("interaction.dirty", sa.Integer)
"""Whether an act is marked, in the words of their index: for `dirty = 1`, as is written else, SQLite finds none."""


def mark_people(session: Session, asn_ids: Iterable[int]) -> None:
    """Mark all acts of these people."""
    for part in chunks(asn_ids):
        owned = sa.select(attribution.c.account_id).where(attribution.c.asn_id.in_(part))
        _mark(session, interaction.c.actor_account_id.in_(owned))


def mark_accounts(session: Session, account_ids: Iterable[int]) -> None:
    """Mark all acts by these accounts, on texts of theirs, and in threads of theirs."""
    for part in chunks(account_ids):
        texts = sa.select(item.c.platform_item_id).where(item.c.author_account_id.in_(part))
        mine = item.c.parent_account_id.in_(part) | item.c.root_account_id.in_(part)
        threads = sa.select(item.c.platform_item_id).where(mine)
        _mark(session, interaction.c.actor_account_id.in_(part))
        _mark(session, interaction.c.target_author_account_id.in_(part))
        _mark(session, interaction.c.target_id.in_(texts))
        for where in _about(threads):
            _mark(session, where)


def mark_texts(session: Session, keys: Iterable[str]) -> None:
    """Mark all acts that publish these texts, act on them, or do either in threads that begin with them.

    What a text answers stands for the beginning of its thread where that is not known.
    """
    for part in chunks(keys):
        below = sa.select(item.c.platform_item_id)
        threads = below.where(item.c.root_id.in_(part))
        answers = below.where(item.c.parent_id.in_(part), item.c.parent_id.is_not(None), item.c.root_id.is_(None))
        for names in (part, threads, answers):
            for where in _about(names):
                _mark(session, where)
                search.forget_acts(session, where)


def marked(session: Session, acts: Collection[int]) -> list[int]:
    """Return which of some acts are marked; acts that are judged together are neighbours."""
    if not acts:
        return []
    wanted = set(acts)
    near = sa.select(interaction.c.id).where(MARKED, interaction.c.id.between(min(wanted), max(wanted)))
    found = driver_rows(session, near, {})
    return [number for (number,) in found if number in wanted]


def clear_marks(session: Session, judged: Sequence[InteractionView]) -> None:
    """Take the marks off acts whose judgement was stored in this transaction, where they still read as it read them.

    Whoever changes what an act rests on marks it in the same transaction. So an act that somebody is changing, or has
    changed since it was read, keeps its mark, and so does every act whose judgement was never stored.
    """
    read = {view.id: view for view in judged}
    ids = _held(session, marked(session, read))
    if not ids:
        return
    # All are held before any is read again, so that they may share what they rest on.
    same = [view.id for view in views_of(session, ids) if view == read[view.id]]
    cleared = sa.update(interaction).where(among(session.dialect.name, interaction.c.id)).values(dirty=False)
    session.execute(cleared, {"ids": same})


def _held(session: Session, acts: list[int]) -> list[int]:
    """Hold the rows of marked acts until the transaction ends, but for those that somebody else holds."""
    if session.dialect.name == "sqlite":  # a writer is alone there
        return acts
    marked = sa.select(interaction.c.id).where(among(session.dialect.name, interaction.c.id), interaction.c.dirty)
    free = marked.with_for_update(skip_locked=True, key_share=True)
    return [number for (number,) in driver_rows(session, free, {"ids": acts})]


def _about(names: Any) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return which acts publish some texts, and which act on them."""
    return interaction.c.own_item_key.in_(names), interaction.c.target_id.in_(names)


def _mark(session: Session, where: sa.ColumnElement[Any]) -> None:
    changed = sa.update(interaction).where(where)
    if session.dialect.name == "sqlite":  # elsewhere marked rows are held too: `clear_marks` passes over them
        changed = changed.where(sa.not_(interaction.c.dirty))
    session.execute(changed.values(dirty=True))
