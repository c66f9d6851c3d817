"""The rooms of the console: what each is called, where it is, and who finds it in the menu.

The menu only spares people pages that would refuse them; every page checks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain import Role, UserRow

EVERYBODY = frozenset(Role)
REVIEWERS = frozenset({Role.PENGAWAS, Role.KOORDINATOR})
READERS = REVIEWERS | {Role.DPO}
KEEPERS = REVIEWERS | {Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the menu; `section` is what a page of the room passes as its `section`."""

    section: str
    words: str
    path: str
    group: str
    roles: frozenset[Role] = EVERYBODY


ROOMS = (
    Room("beranda", "Beranda", "/", "kerja"),
    Room("antrean", "Antrean", "/antrean", "kerja", READERS),
    Room("orang", "Orang", "/orang", "kerja", READERS),
    Room("kedua", "Pemeriksaan kedua", "/pemeriksaan-kedua", "kerja", REVIEWERS),
    Room("atribusi", "Meja atribusi", "/atribusi", "kerja", REVIEWERS),
    Room("unggah", "Unggah", "/unggah", "kerja", KEEPERS),
    Room("kandidat", "Kandidat & akun", "/kandidat", "daftar", KEEPERS),
    Room("register", "Register", "/register", "daftar", KEEPERS),
    Room("aturan", "Meja aturan", "/aturan", "daftar", KEEPERS | {Role.ANALIS, Role.AUDITOR}),
    Room("laporan", "Laporan", "/laporan", "awasi", REVIEWERS | {Role.ANALIS}),
    Room("kesehatan", "Kesehatan sumber", "/kesehatan", "awasi"),
    Room("keseimbangan", "Keseimbangan & mutu", "/keseimbangan", "awasi", REVIEWERS | {Role.ANALIS, Role.AUDITOR}),
    Room("audit", "Audit", "/audit", "awasi", frozenset({Role.AUDITOR, Role.DPO, Role.KOORDINATOR})),
    Room("privasi", "Privasi", "/privasi", "kelola", frozenset({Role.DPO, Role.KOORDINATOR, Role.ADMIN})),
    Room("pengguna", "Pengguna & peran", "/pengguna", "kelola", frozenset({Role.ADMIN})),
    Room("bantuan", "Bantuan", "/bantuan", "kelola"),
)
GROUPS = (("kerja", "Pekerjaan"), ("daftar", "Daftar dan aturan"), ("awasi", "Pengawasan"), ("kelola", "Pengelolaan"))


def rooms_of(user: UserRow) -> tuple[Room, ...]:
    """Return the rooms that a user's roles open, in the order of the menu."""
    return tuple(room for room in ROOMS if room.roles & user.roles or room.roles == EVERYBODY)


def grouped(user: UserRow) -> tuple[tuple[str, tuple[Room, ...]], ...]:
    """Return a user's rooms under the titles of their groups, without empty groups."""
    rooms = rooms_of(user)
    sorted_in = ((title, tuple(room for room in rooms if room.group == group)) for group, title in GROUPS)
    return tuple((title, entries) for title, entries in sorted_in if entries)
