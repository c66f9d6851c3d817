"""What a database driver says about the outside world, in an officer's words; values of rows are never quoted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.unreached import AWAY, CROWDED, NAMELESS, unreached
from monitor.denials import allowing
from monitor.domain import Hindrance
from monitor.errors import DatabaseAway, DatabaseError, ServerUnknown

LOCKED = ("Basis data sedang dikunci proses lain", "tunggu sampai proses itu selesai, lalu ulangi")
_FULL = (
    "Cakram untuk basis data penuh atau tidak dapat ditulis",
    "kosongkan ruang, lalu ulangi; yang sudah tersimpan tetap utuh",
)
_READ_ONLY = (
    "Basis data hanya dapat dibaca",
    "periksa izin berkas dan apakah cakramnya terpasang hanya-baca, lalu ulangi; yang sudah tersimpan tetap utuh",
)
BROKEN = (
    "Berkas basis data rusak",
    "hentikan konsol dan jadwal, lalu pulihkan cadangan menurut docs/cadangan.md; `pantau verify` menyebut letaknya",
)
_CLOSED = (
    "Berkas basis data tidak dapat dibuka",
    "periksa alamat dan izinnya, dan apakah cakramnya terpasang dan dapat ditulis",
)
GONE = (
    "Basis data ruang kerja ini kosong atau hilang, padahal bukti atau salinan registernya ada",
    (
        "periksa cakram dan `database_url`, lalu pulihkan cadangan menurut docs/cadangan.md; hanya"
        " `pantau init DIR --empty` yang memulai kosong"
    ),
)
_CUT_OFF = (
    "Sambungan ke basis data terputus",
    "tunggu sampai peladen basis data menyala, lalu ulangi; yang sudah tersimpan tetap utuh",
)
_REFUSED = (
    "Peran basis data ini tidak berhak melakukan itu",
    "jalankan perintah ini sebagai pemilik basis data, atau perbarui haknya dengan `pantau db grants`",
)
_UNREADY = ("Basis data belum disiapkan atau berversi lain", "jalankan `pantau init`")

_SQLITE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_CORRUPT: BROKEN,
    sqlite3.SQLITE_NOTADB: BROKEN,
}
_STATES = {
    "55P03": LOCKED,  # lock_not_available: lock_timeout ran out
    "40P01": LOCKED,  # deadlock_detected: this one gave way
    "53100": _FULL,
    "53300": CROWDED,  # too_many_connections
    "58030": _FULL,  # io_error
    "25006": _READ_ONLY,
    "42501": _REFUSED,
    "42P01": _UNREADY,  # undefined_table
    "42703": _UNREADY,  # undefined_column
    "XX001": BROKEN,  # data_corrupted
    "XX002": BROKEN,  # index_corrupted
}
_CUT_OFF_STATES = ("57P", "08")
"""Operator intervention (shutdown, crash, start-up) and lost connections: docs of PostgreSQL, appendix A."""
_DATA_STATES = "22"
"""Data exceptions: the messages of this class quote the value."""


_MAY_COME_BACK: Mapping[tuple[str, str], type[DatabaseAway]] = {
    AWAY: DatabaseAway,
    CROWDED: DatabaseAway,
    NAMELESS: ServerUnknown,
    _CUT_OFF: DatabaseAway,
}
_HINDRANCES = {
    LOCKED[0]: Hindrance.DATABASE_LOCKED,
    _FULL[0]: Hindrance.DISK_FULL,
    _READ_ONLY[0]: Hindrance.READ_ONLY,
    _CLOSED[0]: Hindrance.DATABASE_CLOSED,
    GONE[0]: Hindrance.DATABASE_CLOSED,
    _CUT_OFF[0]: Hindrance.DATABASE_AWAY,
    AWAY[0]: Hindrance.DATABASE_AWAY,
    CROWDED[0]: Hindrance.DATABASE_AWAY,
    NAMELESS[0]: Hindrance.DATABASE_AWAY,
}


def hindrance(error: DatabaseError) -> Hindrance:
    """Return in a token what a database refused or was kept from."""
    return _HINDRANCES.get(error.message, Hindrance.DATABASE_REFUSED)


@contextmanager
def told(file: str | None = None) -> Iterator[None]:
    """Turn what a driver says about the outside world into DatabaseError; `file` is SQLite's.

    Broken constraints stay what they are, but for the lines in which PostgreSQL quotes the row.
    """
    try:
        yield
    except IntegrityError as error:
        for one in (error, error.orig):
            if one is not None and one.args:
                one.args = (str(one.args[0]).partition("\n")[0],)
        raise
    except DBAPIError as error:
        words = _permitting(_words(error.orig, cut_off=error.connection_invalidated), file)
        raise _MAY_COME_BACK.get(words, DatabaseError)(*words) from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise DatabaseError(*_permitting(_words(error), file)) from error


def _permitting(words: tuple[str, str], file: str | None) -> tuple[str, str]:
    """Name the file that this system user may not use, where that is what SQLite was kept from."""
    if file is None or words not in (_READ_ONLY, _CLOSED):
        return words
    kept = (Path(f"{file}{end}") for end in ("", "-wal", "-shm"))
    refused = next(filter(None, (allowing(path) for path in kept)), "")
    return words[0], refused or words[1]


def _words(error: BaseException | None, *, cut_off: bool = False) -> tuple[str, str]:
    said = " ".join(str(error).split())
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, said)
    if isinstance(error, psycopg.Error):
        said = error.diag.message_primary or said  # its further lines quote rows
    state = getattr(error, "sqlstate", None) or ""
    if state in _STATES:
        return _STATES[state]
    if cut_off or state.startswith(_CUT_OFF_STATES):
        return _CUT_OFF
    if state.startswith(_DATA_STATES):
        return f"Basis data menolak sebuah isian (kode {state})", "periksa panjang dan bentuk isian itu, lalu ulangi"
    if "connection" in said.lower() or (isinstance(error, psycopg.OperationalError) and not state):
        return unreached(said)
    return f"Basis data menolak: {said}", "jalankan `pantau doctor`"


def _of_sqlite(error: sqlite3.Error, said: str) -> tuple[str, str]:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the driver's own errors carry no code
    if code in _SQLITE:
        return _SQLITE[code]
    if "no such table" in said or "no such column" in said:
        return _UNREADY
    return f"Basis data menolak: {said}", "jalankan `pantau doctor`"
