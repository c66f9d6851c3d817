"""The help page: keys, words, roles, and what the program does not do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.domain import Role
from monitor.web.frame import VisitorDep, page
from monitor.web.keys import EVERYWHERE, IN_CASES, IN_LISTS, KEYS
from monitor.web.menu import ROOMS

routes = APIRouter(prefix="/bantuan")

ROLES = (Role.PENGAWAS, Role.KOORDINATOR, Role.ANALIS, Role.AUDITOR, Role.DPO, Role.ADMIN)


@routes.get("")
def show(request: Request, _visitor: VisitorDep) -> HTMLResponse:
    """Show the help; every signed-in user may read it."""
    groups = [(where, [key for key in KEYS if key.where == where]) for where in (EVERYWHERE, IN_LISTS, IN_CASES)]
    return page(
        request,
        "help.html",
        section="bantuan",
        groups=groups,
        roles=ROLES,
        every_room=ROOMS,
    )
