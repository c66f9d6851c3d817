"""Forms with files, read while they arrive: the form's token comes first, and nothing is kept before it was checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from monitor.errors import RefusedError, UsageError
from monitor.web.frame import TOKEN_FIELD, Fields, Frame, Visitor
from monitor.web.guard import token_fits

Sink = Callable[[bytes], None]
_FIELDS = 64 * 1024
_HEADERS = 8 * 1024


@dataclass(slots=True)
class _Part:
    """One part of the form: its name, the file's name where it is one, and where its bytes go."""

    name: str
    file_name: str | None
    sink: Sink


@dataclass(slots=True)
class FormReader:
    """Reads one multipart form. `permit` is asked before the first byte of a file, `take` says where a file goes.

    A file that nobody chose (an empty name) is passed over. `ended` says that the form came to its end.
    """

    permit: Callable[[Fields], None]
    take: Callable[[str, str], Sink]
    fields: Fields = field(default_factory=dict)
    ended: bool = False
    _headers: dict[str, str] = field(default_factory=dict)
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _text: bytearray = field(default_factory=bytearray)
    _seen: int = 0
    _part: _Part | None = None

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return what to feed the body to."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._head(self._header, data[start:end]),
                "on_header_value": lambda data, start, end: self._head(self._value, data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._open,
                "on_part_data": lambda data, start, end: self._data(data[start:end]),
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    def _begin(self) -> None:
        self._headers = {}

    def _head(self, kept: bytearray, data: bytes) -> None:
        kept += data
        if len(kept) > _HEADERS:
            raise _unreadable()

    def _header_end(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._header.clear()
        self._value.clear()

    def _open(self) -> None:
        disposition, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if disposition != b"form-data" or not name:
            raise _unreadable()
        file_name = options[b"filename"].decode("utf-8", "replace") if b"filename" in options else None
        self._text.clear()
        if file_name is None:
            self._part = _Part(name, None, self._field)
        elif not file_name:
            self._part = _Part(name, "", lambda _: None)
        else:
            self.permit(self.fields)
            self._part = _Part(name, file_name, self.take(name, file_name))

    def _field(self, data: bytes) -> None:
        self._seen += len(data)
        if self._seen > _FIELDS:
            raise UsageError("Isian formulir terlalu panjang", "perpendek teksnya, lalu kirim lagi")
        self._text += data

    def _data(self, data: bytes) -> None:
        assert self._part is not None  # the parser gives data within parts only
        self._part.sink(data)

    def _close(self) -> None:
        assert self._part is not None  # as above
        if self._part.file_name is None:
            text = self._text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\x00", "")
            self.fields.setdefault(self._part.name, text)

    def _end(self) -> None:
        self.ended = True


async def read_form(request: Request, reader: FormReader) -> Fields:
    """Read a whole form and return its text fields.

    UsageError when it is no such form or breaks off; what `permit` and `take` raise otherwise.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
        raise _unreadable()
    parser = reader.parser(boundary)
    try:
        async for chunk in request.stream():
            await run_in_threadpool(parser.write, chunk)
    except MultipartParseError as error:
        raise _unreadable() from error
    except ClientDisconnect as error:
        raise UsageError("Pengiriman terputus", "kirim lagi; tidak ada yang tersimpan") from error
    if not reader.ended:
        raise UsageError("Pengiriman terputus sebelum selesai", "kirim lagi; tidak ada yang tersimpan")
    reader.permit(reader.fields)
    return reader.fields


def own_token(frame: Frame, visitor: Visitor) -> Callable[[Fields], None]:
    """Return the check that a form is one that this session was given; it raises RefusedError for any other."""

    def permit(fields: Fields) -> None:
        if not token_fits(frame.secret, visitor.session.csrf, fields.get(TOKEN_FIELD, "")):
            raise RefusedError("Formulir ini bukan dari sesi Anda yang sekarang", "muat ulang halaman, lalu kirim lagi")

    return permit


def _unreadable() -> UsageError:
    return UsageError("Kiriman ini tidak dapat dibaca sebagai formulir", "muat ulang halaman, lalu kirim lagi")
