"""What the page of a case shows of pictures and of what changed since its evidence was taken."""

from __future__ import annotations

from dataclasses import dataclass

from db import change_evidence, screenshots
from db.connect import Session
from monitor.domain import CaptureBrief, CaseDetail, Change, PictureRow


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """One change with the two answers that it rests on, None where none was kept."""

    change: Change
    before: CaptureBrief | None
    after: CaptureBrief | None


@dataclass(frozen=True, slots=True)
class PictureBand:
    """What the page of a case shows: pictures, the newest first, changes in order, and the texts one may picture."""

    pictures: tuple[PictureRow, ...]
    changes: tuple[ChangeSeen, ...]
    texts: tuple[tuple[int, str, str], ...]


def band(session: Session, detail: CaseDetail) -> PictureBand:
    """Return the pictures and changes of a case."""
    changes = sorted(
        {c for hit in detail.hits for c in hit.changes}, key=lambda c: (c.seen_at, c.kind.value, c.item_id)
    )
    kept = change_evidence.evidence_of(session, changes)
    rows = screenshots.texts_of_case(session, detail.id)
    own = {(hit.own.platform, hit.own.item_id) for hit in detail.hits if hit.own is not None}
    texts = [
        (number, key[0], "tulisan orang ini" if key in own else "unggahan yang dituju")
        for key, number in sorted(rows.items(), key=lambda row: (row[0] not in own, row[1]))
    ]
    return PictureBand(
        pictures=tuple(reversed(screenshots.of_rows(session, rows.values()))),
        changes=tuple(ChangeSeen(c, kept.get(c.before_capture_id or 0), kept.get(c.capture_id or 0)) for c in changes),
        texts=tuple(texts),
    )
