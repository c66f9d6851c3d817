"""Keeping a filter under a name: saving, renaming, sharing, deleting, and choosing what opens first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from monitor.desk import views as kept
from monitor.desk.access import READERS
from monitor.errors import RefusedError
from monitor.web.asked import asked_at
from monitor.web.frame import FieldsDep, FrameDep, Visitor, WriterDep, see

routes = APIRouter(prefix="/antrean/tampilan")

ViewId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@routes.post("")
def save(frame: FrameDep, visitor: WriterDep, fields: FieldsDep) -> RedirectResponse:
    """Keep the list that is shown under a name."""
    _reader(visitor)
    asked = asked_at(fields.get("dari", ""))
    wish = kept.ViewWish(fields.get("nama", ""), asked.query(), fields.get("bagikan") == "ya")
    kept.save_view(frame.deps.database, visitor.user, wish, frame.deps.clock())
    return _back(asked.url(), "simpan")


@routes.post("/utama")
def whole_first(frame: FrameDep, visitor: WriterDep) -> RedirectResponse:
    """Let the whole queue open first again."""
    kept.choose_default(frame.deps.database, visitor.user, None)
    return see("/antrean?kabar=utama")


@routes.post("/{number}")
def change(frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: ViewId) -> RedirectResponse:
    """Rename a view of one's own, or share it."""
    wish = kept.ViewWish(fields.get("nama", ""), {}, fields.get("bagikan") == "ya")
    kept.change_view(frame.deps.database, visitor.user, number, wish, frame.deps.clock())
    return _back(fields.get("dari", ""), "ubah")


@routes.post("/{number}/hapus")
def delete(frame: FrameDep, visitor: WriterDep, number: ViewId) -> RedirectResponse:
    """Throw a view of one's own away."""
    kept.delete_view(frame.deps.database, visitor.user, number, frame.deps.clock())
    return see("/antrean?kabar=hapus")


@routes.post("/{number}/utama")
def first(frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: ViewId) -> RedirectResponse:
    """Let a view open first."""
    kept.choose_default(frame.deps.database, visitor.user, number)
    return _back(fields.get("dari", ""), "utama")


def _reader(visitor: Visitor) -> None:
    if not set(READERS) & visitor.user.roles:
        raise RefusedError("Anda tidak membaca antrean", "mintalah admin memberi peran yang sesuai")


def _back(place: str, news: str) -> RedirectResponse:
    """Go back to the list, whatever address the form carried: it is read again, never followed."""
    url = asked_at(place).url()
    return see(f"{url}{'&' if '?' in url else '?'}kabar={news}")
