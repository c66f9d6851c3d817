"""Several cases of one unfolded group at once: one decision, one reason, and what became of each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import cases, groups
from monitor import desk
from monitor.desk.bulk import BulkWish, decide_many
from monitor.domain import CaseFilter, CaseState
from monitor.errors import UsageError
from monitor.web.answers import mended
from monitor.web.asked import Asked, asked_at
from monitor.web.frame import Fields, FieldsDep, Frame, FrameDep, Visitor, WriterDep, page
from monitor.web.groups_page import Form, grouped
from monitor.web.tokens import member, whole_number

routes = APIRouter(prefix="/antrean/kelompok")

NOTE_LIMIT = 5000


@routes.post("")
def decide(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> HTMLResponse:
    """Decide the ticked cases one by one and show what became of each; sending it again changes nothing more."""
    asked = asked_at(fields.get("dari", ""))
    ticked = _ticked(fields)
    try:
        wanted = _wish(fields, ticked)
        inside = _inside(frame, visitor, asked, [number for number, _ in ticked])
        manner = desk.Manner(start=True, blind_share=frame.deps.blind_share, store=frame.deps.evidence)
        results = decide_many(frame.deps.database, visitor.user, wanted, frame.deps.clock(), (inside, manner))
    except UsageError as error:
        if asked.group is None:
            raise
        back = Form(problem=mended(error), ticked=frozenset(number for number, _ in ticked), typed=fields)
        return grouped(request, frame, visitor, asked, back)
    with frame.deps.database.read() as session:
        ids = tuple(result.case_id for result in results)
        mine = CaseFilter(ids=ids, scope=desk.scope_of(visitor.user), limit=None)
        rows = {row.id: row for row in cases.list_cases(session, mine, frame.deps.clock()).rows}
    return page(
        request,
        "bulk.html",
        section="antrean",
        results=results,
        rows=rows,
        to=wanted.to,
        done=sum(result.done for result in results),
        back_url=asked.group_url(asked.group_after, asked.opened),
    )


def _ticked(fields: Fields) -> list[tuple[int, int]]:
    """Return the ticked cases with the version that was shown of each."""
    found = ((whole_number(name[2:]), whole_number(value)) for name, value in fields.items() if name[:2] == "k.")
    return [(number, version) for number, version in found if number is not None and version is not None]


def _wish(fields: Fields, ticked: list[tuple[int, int]]) -> BulkWish:
    to = member(CaseState, fields.get("ke", ""))
    if to is None:
        raise UsageError("Langkah belum dipilih", "pilih satu langkah untuk semua yang dicentang")
    note = fields.get("catatan", "").strip()[:NOTE_LIMIT]
    return BulkWish(tuple(ticked), to, fields.get(f"alasan.{to.value}", ""), note)


def _inside(frame: Frame, visitor: Visitor, asked: Asked, numbers: list[int]) -> frozenset[int]:
    """Return which of these cases lie in the unfolded group and in the user's places."""
    base = CaseFilter(scope=desk.scope_of(visitor.user), ids=tuple(numbers), limit=None)
    narrowed = groups.narrow(base, asked.group, asked.opened) if asked.group is not None else None
    if narrowed is None:
        raise UsageError("Keputusan bersama hanya dari kelompok yang dibuka", "buka satu kelompok, lalu centang isinya")
    if not numbers:
        return frozenset()
    with frame.deps.database.read() as session:
        return frozenset(row.id for row in cases.list_cases(session, narrowed, frame.deps.clock()).rows)
