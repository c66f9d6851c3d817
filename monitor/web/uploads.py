"""Files that officers bring: received, shown as a dry run, taken in when they say so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from db import register_lists
from db import uploads as rows
from db.uploads import UploadRow
from monitor.desk import uploads as desk
from monitor.desk.file_names import safe_name
from monitor.desk.sealed_files import SealedWriter
from monitor.desk.uploads import Bringing, Desk, Job
from monitor.domain import UserRow
from monitor.errors import ConflictError, UsageError
from monitor.web import upload_words
from monitor.web.answers import answer
from monitor.web.background import Background
from monitor.web.deps import WebDeps
from monitor.web.frame import FieldsDep, Frame, FrameDep, RowNumber, VisitorDep, WriterDep, page, see
from monitor.web.incoming import FormReader, Sink, own_token, read_form

routes = APIRouter(prefix="/unggah")

RECEIVING = "/unggah/kirim"
FIND_FORM = "/unggah/catatan"
FORM_ISSUE = "/formulir/terbitkan"
FIND_BYTES = 20 * 1024 * 1024
FORM_BYTES = 128 * 1024
"""What a form may hold beside its file."""

UploadId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_PROBLEMS = 50
_LIST = 20
_PATIENCE = 2.0  # seconds: most files are checked before the next page is asked for
_SAID: Final = {
    "dibuang": "Unggahan dibuang. Tidak ada yang tersimpan.",
    "diulang": "Berkas diperiksa lagi.",
    "masuk": "Berkas sedang dimasukkan.",
    "sudah": "Tidak ada yang berubah: unggahan ini sedang dikerjakan atau sudah selesai.",
    "tutup": "",
}


def desk_of(frame: Frame) -> Desk:
    """Return the parts that bringing works with; UsageError where this console was started without them."""
    return Desk(frame.deps.database, frame.deps.vault, doors_of(frame.deps), frame.deps.clock)


def doors_of(deps: WebDeps) -> Bringing:
    """Return what bringing files and finds needs; UsageError where this console was started without it."""
    if deps.bringing is None:
        raise UsageError("Konsol ini dijalankan tanpa unggahan", "jalankan dengan `pantau serve` pada ruang kerja")
    return deps.bringing


def background(deps: WebDeps) -> Background:
    """Return the threads of one console; every number that they hold is shown as alive in its row."""

    def beat(number: int) -> None:
        with deps.database.write() as session:
            rows.beat(session, number, deps.clock())

    return Background(beat)


def large_forms(deps: WebDeps) -> Mapping[str, int]:
    """Return the paths whose forms may be larger than others, and how large: their handlers check who sends first."""
    issuing = {FORM_ISSUE: FIND_BYTES + FORM_BYTES} if deps.forms is not None else {}
    if deps.bringing is None:
        return issuing
    return issuing | {RECEIVING: deps.bringing.limit + FORM_BYTES, FIND_FORM: FIND_BYTES + FORM_BYTES}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Let the threads of a console end with it."""
    yield
    app.state.background.close()


@routes.get("")
def show(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    kabar: str = "",
    sebelum: RowNumber = None,
) -> HTMLResponse:
    """Show the form for files, the user's own uploads, and the captures that were taken in."""
    desk.may_bring(visitor.user)
    parts, now = desk_of(frame), frame.deps.clock()
    desk.sweep(parts.database, parts.doors.folder, now)
    with frame.deps.database.read() as session:
        own = rows.list_uploads(session, visitor.user.id, before=sebelum, limit=_LIST + 1)
        taken = register_lists.list_captures(session, limit=10) if sebelum is None else []
    return page(
        request,
        "uploads.html",
        section="unggah",
        uploads=[(row, upload_words.standing(row, now)) for row in own[:_LIST]],
        older=own[_LIST - 1].id if len(own) > _LIST else None,
        first=sebelum is None,
        taken=taken,
        kinds=upload_words.KINDS,
        formats=parts.doors.formats,
        limit=parts.doors.limit,
        said=_SAID.get(kabar, ""),
    )


@routes.post("/kirim")
async def receive(request: Request, frame: FrameDep, visitor: VisitorDep) -> Response:
    """Take a file while it arrives, sealed, and begin its dry run."""
    desk.may_bring(visitor.user)
    parts = desk_of(frame)
    with SealedWriter(parts.doors.folder, frame.deps.vault, parts.doors.limit) as writer:
        names: list[str] = []
        reader = FormReader(own_token(frame, visitor), lambda _, name: _first(writer, names, name))
        try:
            fields = await read_form(request, reader)
        except UsageError as error:
            return answer(request, 413 if writer.size > parts.doors.limit else 400, str(error.message), error.mend)
        if not names or not writer.size:
            return answer(request, 400, "Berkas kosong atau belum dipilih.", "Pilih satu berkas, lalu kirim lagi.")
        await run_in_threadpool(writer.finish)
        kind = fields.get("jenis", "")
        kind = kind if kind in upload_words.KINDS else ""
        number = await run_in_threadpool(desk.receive, parts, writer, kind, safe_name(names[0]), visitor.user)
    await run_in_threadpool(_check, request, frame, number, visitor.user)
    return see(f"/unggah/{number}")


@routes.get("/{number}")
def one(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    number: UploadId,
    kabar: str = "",
    mulai: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> HTMLResponse:
    """Show where an upload stands and what its dry run or its import said."""
    parts, now = desk_of(frame), frame.deps.clock()
    row = desk.upload_for(parts, number, visitor.user)
    outcome = desk.details(parts, row)
    with frame.deps.database.read() as session:
        before = rows.taken_before(session, row.kind, row.sha256) if row.state == "tried" else None
    shown, earlier, later = upload_words.page_of(outcome.problems if outcome else (), mulai, _PROBLEMS)
    done = _background(request).progress(number)
    return page(
        request,
        "upload.html",
        section="unggah",
        upload=row,
        standing=upload_words.standing(row, now),
        counts=upload_words.counted(row),
        outcome=outcome,
        shown=shown,
        earlier=earlier,
        later=later,
        before=before,
        progress=done,
        kinds=upload_words.KINDS,
        asked=row.report.get("fields", []),
        questions=_questions(row),
        formats=parts.doors.formats,
        mappings=parts.doors.mappings(),
        said=_SAID.get(kabar, ""),
    )


@routes.get("/{number}/masalah.csv")
def problems(frame: FrameDep, visitor: VisitorDep, number: UploadId) -> Response:
    """Give all problems of a file as a table."""
    parts = desk_of(frame)
    outcome = desk.details(parts, desk.upload_for(parts, number, visitor.user))
    if outcome is None:
        raise UsageError("Daftar masalah berkas ini sudah tidak disimpan", "unggah berkas itu sekali lagi")
    heads = {"Content-Disposition": f'attachment; filename="masalah-unggahan-{number}.csv"'}
    return StreamingResponse(upload_words.as_csv(outcome), media_type="text/csv; charset=utf-8", headers=heads)


@routes.post("/{number}/jawab")
def answer_it(
    request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, number: UploadId
) -> RedirectResponse:
    """Take what the officer says about a file, and check it again."""
    kind = fields.get("jenis", "")
    given = {name: value for name, value in fields.items() if name in desk.ANSWERS}
    if not desk.answer(desk_of(frame), number, visitor.user, given, kind if kind in upload_words.KINDS else ""):
        return see(f"/unggah/{number}?kabar=sudah")
    _check(request, frame, number, visitor.user)
    return see(f"/unggah/{number}?kabar=diulang")


@routes.post("/{number}/masukkan")
def take(request: Request, frame: FrameDep, visitor: WriterDep, number: UploadId) -> RedirectResponse:
    """Take a checked file in; pressing again changes nothing."""
    parts = desk_of(frame)
    if not desk.confirm(parts, number, visitor.user):
        return see(f"/unggah/{number}?kabar=sudah")
    work = _background(request)
    work.take(number, lambda: desk.take(_telling(parts, work, number), number, visitor.user))
    work.wait(number, _PATIENCE)
    return see(f"/unggah/{number}?kabar=masuk")


@routes.post("/{number}/buang")
def drop(frame: FrameDep, visitor: WriterDep, number: UploadId) -> RedirectResponse:
    """Throw an upload away."""
    try:
        desk.drop(desk_of(frame), number, visitor.user)
    except ConflictError:
        return see(f"/unggah/{number}?kabar=sudah")
    return see("/unggah?kabar=dibuang")


def _first(writer: SealedWriter, names: list[str], name: str) -> Sink:
    """Return where a file's bytes go; a form carries one."""
    if names:
        raise UsageError("Kirim satu berkas setiap kali", "gabungkan beberapa berkas menjadi satu zip")
    names.append(name)
    return writer.write


def _check(request: Request, frame: Frame, number: int, user: UserRow) -> None:
    work, parts = _background(request), desk_of(frame)
    work.check(number, lambda: desk.check(_telling(parts, work, number), number, user))
    work.wait(number, _PATIENCE)


def _telling(parts: Desk, work: Background, number: int) -> Desk:
    """Return the parts with every job's progress handed to whoever looks at its page."""

    def heard(job: Job) -> Job:
        return replace(job, told=lambda phase, done: work.tell(number, phase, done))

    doors = parts.doors
    listening = replace(doors, check=lambda job: doors.check(heard(job)), take=lambda job: doors.take(heard(job)))
    return replace(parts, doors=listening)


def _background(request: Request) -> Background:
    work = request.app.state.background
    assert isinstance(work, Background)
    return work


def _questions(row: UploadRow) -> list[tuple[str, str, str]]:
    """Return the questions to show: those that the file leaves open first, with what was answered before."""
    asked = row.report.get("fields", [])
    ordered = sorted(upload_words.QUESTIONS, key=lambda pair: pair[0] not in asked)
    return [(name, words, str(row.answers.get(name, ""))) for name, words in ordered]
