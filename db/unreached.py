"""Why PostgreSQL took no connection: what the client, the server or a pooler says of it, in an officer's words.

A connection that fails brings no code, only words.
"""

from __future__ import annotations

import re

_WAIT = "lalu ulangi; yang sudah tersimpan tetap utuh"
AWAY = ("Peladen basis data tidak dapat dihubungi", f"periksa alamatnya dan tunggu sampai ia menyala, {_WAIT}")
CROWDED = (
    "Peladen basis data tidak punya sambungan tersisa",
    f"kurangi pekerja sekaligus atau naikkan max_connections, {_WAIT}",
)
NAMELESS = (
    "Nama peladen basis data tidak dikenal di jaringan",
    f"periksa nama peladen dalam `database_url` dan DNS mesin ini, {_WAIT}",
)

_REFUSED = "Peladen basis data menolak sambungan"
_NO_NAME = ("could not translate host name", "failed to resolve host")
_FULL_HOUSE = ("too many c", "connection slots are reserved", "no more connections allowed")
_NOT_NOW = (
    "the database system is",
    "terminating connection",
    "server login has been failing",
    "server down",
    "query_wait_timeout",
)
"""What PostgreSQL says while it starts or stops, also to who just comes in, and PgBouncer while the server is away."""

_ADDRESS = "dalam `database_url` (pantau.toml atau PANTAU_DATABASE_URL)"
_GUIDE = "lihat docs/pengaturan.md"
_NO_DATABASE = (
    "tidak ada basis data bernama {}",
    f"perbaiki nama basis data pada ujung alamat {_ADDRESS}, atau buat basis data itu di peladen; {_GUIDE}",
)
_NO_ROLE = ("tidak ada peran bernama {}", f"perbaiki nama peran {_ADDRESS}, atau buat peran itu di peladen; {_GUIDE}")
_WRONG_PASSWORD = (
    "kata sandi salah, atau perannya tidak ada: {}",
    f"perbaiki nama peran dan kata sandi {_ADDRESS}; {_GUIDE}",
)
_NO_PASSWORD = ("ia meminta kata sandi, dan tidak ada yang diberikan", f"tulis kata sandi {_ADDRESS}; {_GUIDE}")
_NOT_FROM_HERE = (
    "mesin, peran, atau basis data ini tidak diizinkan",
    f"izinkan dalam pg_hba.conf di peladen, atau perbaiki alamat {_ADDRESS}; {_GUIDE}",
)
_NO_CONNECT = (
    "peran ini tidak berhak memakai basis data itu",
    f"berikan hak CONNECT di peladen, atau perbaiki peran {_ADDRESS}; {_GUIDE}",
)
_NO_TRUST = ("sambungan aman (TLS) tidak terwujud", f"periksa sslmode dan sslrootcert {_ADDRESS}; {_GUIDE}")
_BAD_ADDRESS = ("alamatnya tidak dapat dipakai", f"perbaiki alamat {_ADDRESS}; {_GUIDE}")

_REASONS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r'database "(?P<name>[^"]*)" does not exist|no such database: (?P<other>\S+)', _NO_DATABASE),
        (r'role "(?P<name>[^"]*)" does not exist', _NO_ROLE),
        (r'authentication failed(?: for user "(?P<name>[^"]*)")?|no such user(?:: (?P<other>\S+))?', _WRONG_PASSWORD),
        (r"no password supplied", _NO_PASSWORD),
        (r"no pg_hba\.conf entry|pg_hba\.conf rejects", _NOT_FROM_HERE),
        (r"permission denied for database", _NO_CONNECT),
        (r"does not support SSL|SSL required|certificate (?:file|verify)|root certificate", _NO_TRUST),
        (r"invalid port number|invalid connection option|invalid \w+ value|authentication method", _BAD_ADDRESS),
    )
)


def unreached(said: str) -> tuple[str, str]:
    """Return what to tell of a connection that was not made, and the mend.

    AWAY, CROWDED and NAMELESS may pass by themselves; any other refusal stands until somebody mends the address or the
    server.
    """
    _, refused, why = said.partition("FATAL:")
    if any(words in why for words in _NOT_NOW):
        return AWAY
    if any(words in why for words in _FULL_HOUSE):
        return CROWDED
    if not refused and any(words in said for words in _NO_NAME):
        return NAMELESS
    for pattern, (reason, mend) in _REASONS:
        if found := pattern.search(why or said):
            return f"{_REFUSED}: {_filled(reason, found)}", mend
    if not refused:
        return AWAY
    first, _, _ = why.partition("Multiple connection attempts failed")
    return f"{_REFUSED}: {first.strip()}", f"periksa alamat {_ADDRESS}"


def _filled(reason: str, found: re.Match[str]) -> str:
    names = [name for name in found.groups() if name]
    return reason.format(f"«{names[0]}»") if names else reason.replace(": {}", "")
