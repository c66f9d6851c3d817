"""Marking stored acts to be judged again, because something that judging rests on has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from db import search
from db.connect import Session
from db.tables import attribution, interaction, item
from db.upsert import chunks


def mark_people(session: Session, asn_ids: Iterable[int]) -> None:
    """Mark all acts of these people."""
    for part in chunks(asn_ids):
        owned = sa.select(attribution.c.account_id).where(attribution.c.asn_id.in_(part))
        _mark(session, interaction.c.actor_account_id.in_(owned))


def mark_accounts(session: Session, account_ids: Iterable[int]) -> None:
    """Mark all acts by these accounts, and on texts of theirs or in threads of theirs."""
    for part in chunks(account_ids):
        texts = sa.select(item.c.platform_item_id).where(item.c.author_account_id.in_(part))
        mine = item.c.parent_account_id.in_(part) | item.c.root_account_id.in_(part)
        _mark(session, interaction.c.actor_account_id.in_(part))
        _mark(session, interaction.c.target_author_account_id.in_(part))
        _mark(session, interaction.c.target_id.in_(texts))
        _mark(session, interaction.c.own_item_key.in_(sa.select(item.c.platform_item_id).where(mine)))


def mark_texts(session: Session, keys: Iterable[str]) -> None:
    """Mark all acts that publish these texts, act on them, or do either in threads that begin with them."""
    for part in chunks(keys):
        threads = sa.select(item.c.platform_item_id).where(item.c.root_id.in_(part))
        for names in (part, threads):
            for where in (interaction.c.own_item_key.in_(names), interaction.c.target_id.in_(names)):
                _mark(session, where)
                search.forget_acts(session, where)


def _mark(session: Session, where: sa.ColumnElement[Any]) -> None:
    session.execute(sa.update(interaction).where(where, sa.not_(interaction.c.dirty)).values(dirty=True))
