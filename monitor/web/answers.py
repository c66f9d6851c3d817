"""What goes wrong, as a page or as JSON: Indonesian, with what to do next, never with a stack trace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.errors import ConflictError, DatabaseError, PantauError, ProviderError, RefusedError, UsageError
from monitor.web import fresh
from monitor.web.frame import NotSignedIn, Unfinished, page, to_sign_in
from monitor.web.incoming import FormReader, read_form

_STATUS: tuple[tuple[type[PantauError], int], ...] = (
    (RefusedError, 403),
    (UsageError, 404),
    (ConflictError, 409),
    (DatabaseError, 503),
    (ProviderError, 503),
)
_WORDS = {
    400: ("Isian tidak dapat dibaca", "Periksa isian Anda, lalu kirim lagi."),
    401: ("Sesi Anda berakhir", "Sesi berakhir karena lama tidak dipakai atau ditutup. Tidak ada yang tersimpan."),
    403: ("Tidak diizinkan", "Anda tidak berwenang melakukan ini, atau permintaan datang dari situs lain."),
    404: ("Tidak ditemukan", "Halaman ini tidak ada, atau berada di luar wilayah Anda."),
    405: ("Cara meminta tidak cocok", "Halaman ini tidak dibuka dengan cara itu."),
    409: ("Sudah berubah", "Orang lain mengubahnya lebih dahulu. Muat ulang halaman untuk melihat keadaan terbaru."),
    413: ("Kiriman terlalu besar", "Perpendek catatan Anda atau pecah berkasnya, lalu kirim lagi."),
    421: ("Alamat tidak dikenal", "Buka program ini dengan alamat yang diberikan admin."),
    429: ("Terlalu banyak percobaan", "Tunggu beberapa menit, lalu coba lagi."),
    500: ("Terjadi kesalahan di program", "Tidak ada yang tersimpan setengah. Coba lagi; bila terulang, laporkan."),
    503: ("Basis data sedang tidak dapat dipakai", "Coba lagi sebentar lagi; bila terulang, laporkan kepada admin."),
}
_LATER = 5
_BUSY = {
    "heading": "Konsol sedang sibuk",
    "detail": "Terlalu banyak daftar diminta pada saat yang sama. Mengambil, membaca, dan memutus informasi awal tetap"
    " berjalan.",
    "mend": "Coba lagi beberapa detik lagi; tidak ada yang hilang.",
}
"""What is said while too many wait for a list; and when to come again, in seconds."""

WRITTEN = ("alasan", "bagaimana", "bukti", "catatan", "columns", "dasar", "data", "keterangan", "teks", "upaya")
"""The fields of forms in which people write sentences."""

_LONGEST_FORM = 21 * 1024 * 1024
"""A form with a file that is larger than this is not read for the words beside it, in bytes."""


def answer(request: Request, status: int, detail: str = "", mend: str = "", written: Sequence[str] = ()) -> Response:
    """Return the page (or, under /api, the JSON) for a status; `written` is shown to be copied from the page."""
    heading, words = _WORDS.get(status, (f"Permintaan ditolak ({status})", "Permintaan ini tidak dapat dilayani."))
    if request.url.path.startswith(("/api", "/healthz")):
        return JSONResponse({"error": detail or words, "mend": mend}, status_code=status)
    values = {"heading": heading, "detail": detail or words, "mend": mend, "written": written}
    return page(request, "message.html", status=status, **values)


def refusal(app: FastAPI) -> Callable[[Scope, int], ASGIApp]:
    """Return how the guard answers by itself, before or after the application."""

    def with_status(_scope: Scope, status: int) -> ASGIApp:
        async def respond(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("app", app)
            await answer(Request(scope, receive), status)(scope, receive, send)

        return respond

    return with_status


def busy(app: FastAPI) -> ASGIApp:
    """Return how a request is answered while too many wait for theirs."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("app", app)
        request = Request(scope, receive)
        if request.url.path.startswith("/api"):
            told: Response = JSONResponse({"error": _BUSY["detail"], "mend": _BUSY["mend"]}, status_code=503)
        else:
            told = page(request, "message.html", status=503, written=(), **_BUSY)
        told.headers["Retry-After"] = str(_LATER)
        await told(scope, receive, send)

    return respond


def install(app: FastAPI) -> None:
    """Give the application its answers to every kind of error."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        NotSignedIn: _not_signed_in,
        Unfinished: _unfinished,
        fresh.AskAgain: fresh.ask_again,
        PantauError: _ours,
        HTTPException: _http,
        RequestValidationError: _invalid,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _not_signed_in(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api"):
        return JSONResponse({"error": "Perlu masuk lebih dahulu", "mend": "buka /masuk"}, status_code=401)
    return await _led_to(request, "/masuk")


async def _unfinished(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unfinished)
    if request.url.path.startswith("/api"):
        mend = "selesaikan langkah masuk di peramban"
        return JSONResponse({"error": "Proses masuk belum selesai", "mend": mend}, status_code=401)
    return await _led_to(request, error.step)


async def _led_to(request: Request, step: str) -> Response:
    """Lead to a step of the sign-in; a form that came without one is told, with its own words given back."""
    written = await _written(request)
    if written:
        return answer(request, 401, written=written)
    way = to_sign_in(request, step)
    if "hx-request" in request.headers:  # a redirect would be followed for the list alone, and leave its place empty
        return Response(status_code=401, headers={"HX-Redirect": way.headers["location"]})
    return way


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PantauError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    written = await _written(request) if isinstance(error, (RefusedError, DatabaseError)) else ()
    if isinstance(error, DatabaseError):
        return answer(request, status, written=written)
    return answer(request, status, sentence(error.message), sentence(error.mend), written)


async def _written(request: Request) -> Sequence[str]:
    """Return what people wrote into a form that was refused or not stored, so that they need not write it again."""
    fields = await _fields(request) if request.method == "POST" else {}
    return [value for name in WRITTEN if isinstance(value := fields.get(name), str) and value.strip()]


async def _fields(request: Request) -> Mapping[str, object]:
    """Return the fields of a form as it was sent; none where it cannot be read or was read already."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return await request.form()
    length = request.headers.get("content-length", "")
    small = length.isascii() and length.isdigit() and int(length) <= _LONGEST_FORM
    if not (kind.startswith("multipart/form-data") and small):
        return {}
    reader = FormReader(lambda _: None, lambda _name, _file: lambda _: None)
    try:
        return await read_form(request, reader)
    except (PantauError, RuntimeError):
        return reader.fields


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    nowhere = any(fault["loc"][0] == "path" for fault in error.errors())
    return answer(request, 404 if nowhere else 400)


def sentence(text: str) -> str:
    """Return a message as a sentence of a page."""
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")


def mended(error: PantauError) -> str:
    """Return what went wrong and what to do about it, as sentences."""
    return sentence(error.message) + (f" {sentence(error.mend)}" if error.mend else "")
