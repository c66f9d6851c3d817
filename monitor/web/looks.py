"""Light, dark, or as the system has it: kept in a cookie of its own, so that it holds before signing in too."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from monitor.web.frame import LOOK_COOKIE, LOOKS, FieldsDep, FrameDep, WriterDep, local_path, see

routes = APIRouter()

KEPT_FOR = timedelta(days=365)


@routes.post("/tampilan")
def choose(frame: FrameDep, _visitor: WriterDep, fields: FieldsDep) -> RedirectResponse:
    """Keep the choice and go back to the page it was made on."""
    answer = see(local_path(fields.get("kembali", "/")))
    chosen = fields.get("tampilan", "")
    if chosen in LOOKS:
        answer.set_cookie(
            LOOK_COOKIE,
            chosen,
            max_age=int(KEPT_FOR.total_seconds()),
            path="/",
            secure=frame.deps.https,
            httponly=True,
            samesite="lax",
        )
    return answer
