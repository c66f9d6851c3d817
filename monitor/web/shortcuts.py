"""The off switch of the keyboard shortcuts: a preference of the user, so that it holds on every machine."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from db import users
from monitor.web.frame import FieldsDep, FrameDep, WriterDep, local_path, see

routes = APIRouter()


@routes.post("/pintasan")
def choose(frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> RedirectResponse:
    """Keep the choice and go back to the page it was made on."""
    chosen = replace(visitor.user.preferences, keys=fields.get("pintasan") == "nyala")
    with frame.deps.database.write() as session:
        users.set_preferences(session, visitor.user.id, chosen)
    return see(local_path(fields.get("kembali", "/")))
