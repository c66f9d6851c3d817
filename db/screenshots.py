"""Pictures of public pages: which are due, what was taken, and what a case has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import (
    account,
    case_hit,
    evidence_file,
    interaction,
    item,
    item_text,
    item_version,
    observation,
    review_case,
    rule_hit,
    screenshot,
)
from db.tables.cases import OPEN
from db.upsert import insert_missing, insert_one, rows_by
from monitor.domain import (
    AccountRef,
    ChangeKind,
    ItemKind,
    PictureRow,
    PictureState,
    PictureTaken,
    PictureWanted,
)

AGAIN = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""How long after a picture that did not come about the next is tried, by how many failed in a row; then never."""

_SETTLED = frozenset({PictureState.LENGKAP, PictureState.SEBAGIAN, PictureState.HILANG})
_TEXT_CHANGES = (ChangeKind.GONE, ChangeKind.PRIVATE, ChangeKind.LOCKED, ChangeKind.EDITED, ChangeKind.BACK)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_NEWEST = sa.func.coalesce(item_version.c.edited_at, item_text.c.seen_last_at)


def due(
    session: Session, now: datetime, *, everything: bool = False, case_id: int | None = None
) -> tuple[PictureWanted, ...]:
    """Return the texts that open cases rest on and of which a picture is due, first those without one, then the oldest.

    One is due where none is, after a change of the text, and a while after a try that failed. With `everything` all of
    them; with `case_id` those of one case, open or not.
    """
    where = OPEN if case_id is None else review_case.c.id == case_id
    rows = {row.id: row for side in _SIDES for row in session.execute(_texts_of_cases(side, where))}
    taken: dict[int, list[Found]] = defaultdict(list)
    columns = (screenshot.c.item_id, screenshot.c.state, screenshot.c.taken_at, screenshot.c.id)
    for row in rows_by(session, columns, screenshot.c.item_id, rows, screenshot.c.collector == ""):
        taken[row.item_id].append(row)
    changed = _changes(session, rows.values())
    wanted = [
        row
        for number, row in sorted(rows.items())
        if everything or _is_due(taken[number], changed.get((row.platform, row.platform_item_id)), now)
    ]
    texts = _words(session, [row.id for row in wanted])
    wanted.sort(key=lambda row: (max((one.taken_at for one in taken[row.id]), default=_NEVER), row.id))
    return tuple(_wanted(row, texts.get(row.id, "")) for row in wanted)


def store(session: Session, given: PictureTaken) -> int:
    """Write a picture whose files are in the evidence store, and return its number."""
    origin = "officer" if given.collector else "program"
    files = ((given.sha256, given.size), (given.masked_sha256, given.masked_size))
    rows = [{"sha256": name, "size": size, "origin": origin} for name, size in files if name is not None]
    insert_missing(session, evidence_file, rows, ["sha256"])
    return insert_one(
        session,
        screenshot,
        item_id=given.item_row,
        state=given.state.value,
        sha256=given.sha256,
        masked_sha256=given.masked_sha256,
        width=given.width,
        height=given.height,
        browser=given.browser,
        collector=given.collector,
        detail=given.detail,
        taken_at=given.taken_at,
    )


def of_case(session: Session, case_id: int) -> tuple[PictureRow, ...]:
    """Return the pictures of the texts that a case rests on, the oldest first."""
    return of_rows(session, texts_of_case(session, case_id).values())


def of_rows(session: Session, numbers: Iterable[int]) -> tuple[PictureRow, ...]:
    """Return the pictures of texts by the numbers of their rows, the oldest first."""
    rows = rows_by(session, _COLUMNS, screenshot.c.item_id, numbers, screenshot.c.item_id == item.c.id)
    return tuple(_row(row) for row in sorted(rows, key=lambda row: (row.taken_at, row.id)))


def of_texts(session: Session, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[PictureRow, ...]]:
    """Return the pictures of texts by platform and canonical id, the oldest first; texts without one are left out."""
    found: dict[tuple[str, str], list[PictureRow]] = defaultdict(list)
    names = {name for _, name in keys}
    rows = rows_by(session, _COLUMNS, item.c.platform_item_id, names, screenshot.c.item_id == item.c.id)
    for row in sorted(rows, key=lambda row: (row.taken_at, row.id)):
        if (row.platform, row.platform_item_id) in keys:
            found[row.platform, row.platform_item_id].append(_row(row))
    return {key: tuple(pictures) for key, pictures in found.items()}


def texts_of_case(session: Session, case_id: int) -> dict[tuple[str, str], int]:
    """Return the rows of the texts that a case rests on, by platform and canonical id."""
    rows = session.execute(_texts_of_case(), {"of_case": case_id})
    return {(row.platform, row.platform_item_id): int(row.id) for row in rows}


_SIDES = (interaction.c.own_item_key, interaction.c.target_id)
_COLUMNS = (screenshot, item.c.platform, item.c.platform_item_id, item.c.url)


@cache
def _texts_of_case() -> sa.CompoundSelect[Any]:
    return sa.union(*(_texts_of_cases(side, review_case.c.id == sa.bindparam("of_case")) for side in _SIDES))


def _texts_of_cases(side: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | sa.TextClause) -> sa.Select[Any]:
    return (
        sa.select(
            item.c.id, item.c.platform, item.c.platform_item_id, item.c.url, item.c.kind,
            account.c.platform_user_id, account.c.handle,
        )
        .select_from(case_hit)
        .join(review_case, review_case.c.id == case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(item, (item.c.platform_item_id == side) & (item.c.platform == interaction.c.platform))
        .join(account, account.c.id == item.c.author_account_id, isouter=True)
        .where(where)
        .distinct()
    )  # fmt: skip


def _changes(session: Session, rows: Iterable[Found]) -> dict[tuple[str, str], datetime]:
    """Return when each text was last seen to have changed."""
    where = (observation.c.interaction_id.is_(None), observation.c.kind.in_([kind.value for kind in _TEXT_CHANGES]))
    columns = (observation.c.platform, observation.c.platform_item_id, observation.c.seen_at)
    latest: dict[tuple[str, str], datetime] = {}
    names = {row.platform_item_id for row in rows}
    for row in rows_by(session, columns, observation.c.platform_item_id, names, *where):
        key = (row.platform, row.platform_item_id)
        latest[key] = max(row.seen_at, latest.get(key, row.seen_at))
    return latest


def _is_due(taken: list[Found], changed: datetime | None, now: datetime) -> bool:
    if not taken:
        return True
    taken = sorted(taken, key=lambda row: (row.taken_at, row.id))
    last = taken[-1]
    if changed is not None and changed > last.taken_at:
        return True
    failed = 0
    for row in reversed(taken):
        if PictureState(row.state) in _SETTLED:
            break
        failed += 1
    return 0 < failed <= len(AGAIN) and bool(last.taken_at + AGAIN[failed - 1] <= now)


def _words(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """Return the newest wording of each text that retention has left."""
    columns = (item_version.c.item_id, item_version.c.id, item_text.c.text, _NEWEST.label("at"))
    where = (item_text.c.version_id == item_version.c.id, item_text.c.text.is_not(None))
    found = sorted(
        rows_by(session, columns, item_version.c.item_id, numbers, *where),
        key=lambda row: (row.at.timestamp() if row.at is not None else 0.0, row.id),
    )
    return {row.item_id: row.text for row in found}


def _wanted(row: Found, text: str) -> PictureWanted:
    author = AccountRef(row.platform, row.platform_user_id, row.handle) if row.platform_user_id else None
    return PictureWanted(row.id, row.platform, row.platform_item_id, row.url, ItemKind(row.kind), text, author)


def _row(row: Found) -> PictureRow:
    return PictureRow(
        id=row.id,
        platform=row.platform,
        item_id=row.platform_item_id,
        url=row.url,
        state=PictureState(row.state),
        sha256=row.sha256,
        masked_sha256=row.masked_sha256,
        width=row.width,
        height=row.height,
        browser=row.browser,
        collector=row.collector,
        detail=row.detail,
        taken_at=row.taken_at,
    )
