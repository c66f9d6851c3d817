"""Registered acts as they were seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from db.account_rows import account_rows
from db.bulk import Values, add_keyed, read_rows, set_rows, stored_time
from db.captures import Captures
from db.connect import Session
from db.merge import clean, greatest, least, merged
from db.one_act import unite
from db.settling import Known, known_of, plausible, seen_before
from db.tables import interaction, item
from db.upsert import chunks, rows_by
from monitor.domain import Sighting

_MERGE = {
    "target_author_account_id": least,
    "own_item_id": least,
    "occurred_at": least,
    "given_lo": greatest,
    "given_hi": least,
    "seen_first_at": least,
    "seen_last_at": greatest,
}
_JUDGED = ("target_author_account_id", "own_item_id", "occurred_at", "bracket_lo", "bracket_hi")
"""What judging rests on here."""

_SET = (*_MERGE, "bracket_lo", "bracket_hi", "dirty")
"""What a later look may change."""

_MADE = ("key", "platform", "actor_account_id", "act", "target_id", "own_item_key", *_SET)
_HELD = ("key", "id", "platform", "act", "target_id", *_SET)
_PART = 10_000
"""Acts whose rows are in memory at once."""

Row = dict[str, Any]


def store_sightings(session: Session, sightings: Iterable[Sighting], kept: Captures) -> int:
    """Write acts with their times, and which answers show them; return how many acts are new.

    The times of other acts on the same targets stay: only a text or a listing may change those.
    """
    return sum(_store_part(session, part, kept) for part in chunks(sightings, _PART))


def _store_part(session: Session, sightings: list[Sighting], kept: Captures) -> int:
    known = known_of(session, sorted({clean(s.record.target_id) for s in sightings}), stored_time(session))
    keys = [sighting.record.key for sighting in sightings]
    wanted = _wanted(session, sightings, keys, known)
    known_as = unite(session, wanted)
    if known_as:  # another reading of a text is an act on another target
        known = known_of(session, sorted({row["target_id"] for row in wanted.values()}), stored_time(session))
    held = _held(session, wanted)
    fresh = sorted(set(wanted) - set(held)) if held else sorted(wanted)
    added, ids = add_keyed(session, interaction, _MADE, [_made(wanted[key], known) for key in fresh], "key")
    if added < len(fresh):  # another worker wrote them meanwhile
        held |= _held(session, fresh)
    _change(session, held, wanted, known)
    ids |= {key: row["id"] for key, row in held.items()}
    shown = [
        (ids[known_as.get(key, key)], sighting.capture, sighting.record.pointer)
        for key, sighting in zip(keys, sightings, strict=True)
        if sighting.capture is not None
    ]
    kept.link_acts(session, shown)
    return added


def _wanted(session: Session, sightings: list[Sighting], keys: list[str], known: Known) -> dict[str, Row]:
    """Return what the sightings say of every act, by key, in the form in which rows hold it."""
    authors = account_rows(session, {s.record.target_author for s in sightings if s.record.target_author})
    own_keys = [clean(s.record.own_item_id) for s in sightings if s.record.own_item_id]
    owned = (item.c.id, item.c.platform, item.c.platform_item_id)
    own = {(r.platform, r.platform_item_id): r.id for r in rows_by(session, owned, item.c.platform_item_id, own_keys)}
    form = stored_time(session)
    wanted: dict[str, Row] = {}
    for key, sighting in zip(keys, sightings, strict=True):
        row = _row(key, sighting, authors, form)
        row["own_item_id"] = own.get((row["platform"], row["own_item_key"]))
        row["occurred_at"] = plausible(row["occurred_at"], known.published.get((row["platform"], row["target_id"])))
        earlier = wanted.get(key)
        wanted[key] = merged(earlier, row, _MERGE) if earlier else row
    return wanted


def _row(
    key: str, sighting: Sighting, authors: dict[tuple[str, str], int], form: Callable[[datetime | None], Any]
) -> Row:
    record, time = sighting.record, sighting.record.time
    author, seen = record.target_author, form(sighting.seen_at)
    return {
        "key": key,
        "platform": record.platform,
        "actor_account_id": sighting.account_id,
        "act": record.act.value,
        "target_id": clean(record.target_id),
        "target_author_account_id": authors.get((author.platform, author.user_id)) if author else None,
        "own_item_key": clean(record.own_item_id) if record.own_item_id else None,
        "own_item_id": None,
        "occurred_at": form(time.occurred_at),
        "given_lo": form(time.lo),
        "given_hi": form(time.hi),
        "seen_first_at": seen,
        "seen_last_at": seen,
    }


def _held(session: Session, keys: Iterable[str], *, lock: bool = False) -> dict[str, Row]:
    rows = read_rows(session, interaction, _HELD, "key", keys, lock=lock)
    return {row[0]: dict(zip(_HELD, row, strict=True)) for row in rows}


def _made(row: Row, known: Known) -> Values:
    """Return a row that is about to be inserted."""
    whole = row | dict(zip(("occurred_at", "bracket_lo", "bracket_hi"), _times(row, known), strict=True))
    whole["dirty"] = True
    return tuple([whole[name] for name in _MADE])


def _changed(held: Row, wanted: Row, known: Known) -> Row | None:
    """Return what a stored act becomes by what was seen now, None when it stays as it is."""
    new = merged(held, wanted, _MERGE)
    if held["occurred_at"] is None and seen_before(new["occurred_at"], new["given_hi"]):
        new["occurred_at"] = None  # settled so already
    new["occurred_at"], new["bracket_lo"], new["bracket_hi"] = _times(new, known)
    if new == held:
        return None
    new["dirty"] = bool(held["dirty"]) or any(new[name] != held[name] for name in _JUDGED)
    return new


def _times(row: Row, known: Known) -> tuple[Any, Any, Any]:
    given = row["given_lo"], row["given_hi"]
    return known.times((row["platform"], row["target_id"]), row["act"], row["occurred_at"], given, row["seen_first_at"])


def _change(session: Session, held: dict[str, Row], wanted: dict[str, Row], known: Known) -> None:
    """Write what changes of these acts, looked at again where other workers may have written them meanwhile."""
    changed = {key: new for key, row in held.items() if (new := _changed(row, wanted[key], known)) is not None}
    if changed and session.dialect.name == "postgresql":
        for key, row in _held(session, changed, lock=True).items():
            if row != held[key]:
                changed[key] = _changed(row, wanted[key], known) or row
    set_rows(session, interaction, _SET, _values(changed, (*_SET, "id")))


def _values(rows: dict[str, Row], names: Sequence[str]) -> list[Values]:
    return [tuple([row[name] for name in names]) for _, row in sorted(rows.items())]
