"""The register: who is watched, by counts; names by search; the imports and who stood for them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from db import audit, register_lists
from db.register_lists import NamedPerson
from monitor import desk
from monitor.desk.uploads import BRINGERS
from monitor.domain import AttributionStatus, Role, UserRow
from monitor.errors import RefusedError
from monitor.web import imports
from monitor.web.frame import Frame, FrameDep, RowNumber, VisitorDep, page
from monitor.web.menu import REVIEWERS

routes = APIRouter(prefix="/register")

_NAMES = 50
_BATCHES = 15
_SAID: Final = {"konfirmasi": "Impor dikonfirmasi. Terima kasih telah memeriksanya."}


@routes.get("")
def show(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    kabar: str = "",
    sebelum: RowNumber = None,
) -> HTMLResponse:
    """Show how many are in the register within the user's places, and the imports with who confirmed them."""
    must_keep(visitor.user)
    places = visitor.user.regions(*BRINGERS)
    with frame.deps.database.read() as session:
        people = register_lists.people_counts(session, places)
        accounts = register_lists.account_counts(session, places)
        contests = register_lists.contest_counts(session)
        batches = register_lists.list_batches(session, before=sebelum, limit=_BATCHES + 1)
    return page(
        request,
        "register.html",
        section="register",
        people=people,
        total=sum(count.total for count in people),
        accounts=[(status, accounts.get(status, 0)) for status in AttributionStatus],
        contests=contests,
        batches=[(batch, imports.holds_up(batch.kind)) for batch in batches[:_BATCHES]],
        older=batches[_BATCHES - 1].id if len(batches) > _BATCHES else None,
        first=sebelum is None,
        may_confirm=imports.may_confirm(visitor.user),
        may_attribute=bool(visitor.user.roles & REVIEWERS),
        may_search=bool(desk.scope_of(visitor.user)),
        can_bring=frame.deps.bringing is not None,
        said=_SAID.get(kabar, ""),
    )


@routes.get("/orang")
def people(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    cari: Annotated[str, Query(max_length=100)] = "",
    sesudah: RowNumber = None,
) -> HTMLResponse:
    """Find people of the user's places by name or agency; whose names were shown is audited."""
    scope = desk.scope_of(visitor.user)
    if not scope:
        raise RefusedError("Anda tidak berwenang melihat nama dalam register", "mintalah peran pengawas kepada admin")
    text = " ".join(cari.replace("\x00", "").split())
    found = _find(frame, visitor.user, scope, text, sesudah)
    return page(
        request,
        "register_people.html",
        section="register",
        found=found[:_NAMES],
        text=text,
        after=found[_NAMES - 1].id if len(found) > _NAMES else None,
        first=sesudah is None,
    )


def must_keep(user: UserRow) -> None:
    """Raise RefusedError unless the user keeps registers."""
    if not (user.active and user.roles & (BRINGERS | {Role.DPO})):
        raise RefusedError("Anda tidak berwenang membuka register", "mintalah admin memberi peran yang sesuai")


def _find(frame: Frame, user: UserRow, scope: tuple[str, ...], text: str, after: int | None) -> list[NamedPerson]:
    with frame.deps.database.write() as session:
        name = register_lists.name_of(session, after, scope) if after is not None else None
        key = (name, after) if name is not None and after is not None else None
        found = register_lists.find_people(session, scope, text, key, _NAMES + 1)
        detail = {"people": [person.id for person in found[:_NAMES]]}
        audit.record(
            session, actor=user.name, action="register_searched", subject="register", detail=detail,
            now=frame.deps.clock(),
        )  # fmt: skip
    return found
