"""One office with one of everything that a number can name, for those who ask for it without right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx import Response

from db import (
    blind,
    cases,
    holds,
    incidents,
    recusals,
    register_lists,
    screenshots,
    suppressions,
    tokens,
    uploads,
    users,
)
from db.connect import Database
from db.tables import account, asn, attribution, contest, web_session
from monitor import desk
from monitor.desk.views import ViewWish, save_view
from monitor.domain import (
    Act,
    CaseFilter,
    CaseState,
    DecisionCommand,
    Find,
    FindKind,
    Grant,
    PictureState,
    PictureTaken,
    Reporter,
    Role,
    SuppressionScope,
    UserRow,
)
from monitor.domain.keeping import Incident
from monitor.passwords import hash_token
from monitor.web.app import WebDeps, create_app
from tests.scan.offices import NOW
from tests.web import office
from tests.web.browsing import sign_in
from tests.web.test_finds_page import png

ELSEWHERE = "98.02"
STRANGERS: dict[str, tuple[Role, ...]] = {role.value: (role,) for role in Role} | {"tanpa": (), "serba": tuple(Role)}

WITH_FILES = ("POST /unggah/catatan", "POST /unggah/kirim", "POST /formulir/terbitkan", "POST /informasi-awal/gambar")
TYPED: Mapping[str, Mapping[str, str]] = {
    "POST /antrean/kelompok": {"dari": "/antrean?kelompok=orang&buka={asn_id}", "k.{case_id}": "1",
                               "ke": "dikesampingkan", "alasan.dikesampingkan": "ganda"},
    "POST /atribusi": {"orang": "{asn_id}", "platform": "bluesky", "akun": "contoh.test", "cara": "uji",
                      "bukti": "uji"},
    "POST /aturan/penangguhan": {"perkara": "{case_id}", "sampai": "2026-11-30", "alasan": "uji"},
    "POST /informasi-awal/{case_id}/putuskan": {"putusan": "dikesampingkan.ganda", "versi": "1", "giliran": "0"},
    "POST /informasi-awal/{case_id}/catat": {"jenis": "catatan", "catatan": "uji"},
    "POST /informasi-awal/{case_id}/lewati": {"catatan": "uji"},
    "POST /informasi-awal/{case_id}/indikasi/{hit_id}": {"nilai": "false", "alasan": "lainnya"},
    "POST /formulir/terbitkan": {"perkara": "{case_id}", "bentuk": "a"},
    "POST /informasi-awal/gambar": {"kasus": "{case_id}", "unggahan": "1"},
    "POST /informasi-awal/{case_id}/gambar/{number}/asli": {"alasan": "uji"},
    "POST /informasi-awal/{case_id}/diketahui": {"waktu": "2026-11-20T10:00", "sebab": "uji"},
    "POST /informasi-awal/{case_id}/hubungan": {"jenis": "keluarga"},
    "POST /informasi-awal/{case_id}/batalkan": {"versi": "1"},
    "POST /laporan/unduh": {"bentuk": "json", "pekan": "2026-W46", "wilayah": "99.01", "sampai": "1.1.1.1"},
    "POST /privasi/penahanan": {"perkara": "{case_id}", "dasar": "uji"},
    "POST /privasi/penahanan/{number}/minta": {"alasan": "uji"},
    "POST /privasi/insiden": {"waktu": "2026-11-20T10:00", "data": "uji", "bagaimana": "uji", "upaya": "uji"},
    "POST /privasi/insiden/{number}/langkah": {"langkah": "agency", "waktu": "2026-11-20T10:00"},
    "POST /pemeriksaan-kedua/{review}": {"putusan": "dikesampingkan.ganda"},
    "POST /antrean/tampilan/{number}": {"nama": "uji"},
    "POST /unggah/catatan": {"jenis": "pengawasan", "tindakan": "post", "akun": "{handle}", "teks": "uji",
                             "alamat": "https://bsky.app/profile/{handle}/post/9"},
    "POST /unggah/catatan/{number}/pelapor": {"alasan": "uji"},
    "POST /aturan/{rule_id}/usul": {"ke": "retired", "alasan": "uji"},
    "POST /aturan/{rule_id}/setujui": {"ke": "retired"},
}  # fmt: skip


@dataclass(frozen=True)
class Things:
    """One office of 99.01: its console, under which numbers its things are, and the names of its people."""

    deps: WebDeps
    numbers: Mapping[str, Mapping[str, object]]
    names: frozenset[str]

    def known(self, route: str) -> dict[str, object]:
        """Return the values of a route's parameters."""
        path = route.partition(" ")[2]
        room = max((key for key in self.numbers if path.startswith(key)), key=len)
        return {**self.numbers[""], **self.numbers[room]}

    def ask(self, client: TestClient, route: str, token: str = "") -> Response:
        """Ask for a thing of the office under a route, with what its form would carry."""
        known = self.known(route)
        path = route.partition(" ")[2].format_map(known)
        if route.startswith("GET"):
            return client.get(path)
        typed = {name.format_map(known): value.format_map(known) for name, value in TYPED.get(route, {}).items()}
        files = {"layar": ("", b"")} if route in WITH_FILES else None
        return client.post(path, data={"tanda": token} | typed, files=files, headers={"Sec-Fetch-Site": "same-origin"})


@contextmanager
def opened(home: Path, template: Path, password_hash: str) -> Iterator[Things]:
    """Make the office with its strangers and open its console."""
    with office.parts_of(office.fill(home, template, password_hash)) as deps:
        with deps.database.write() as session:
            for name, roles in STRANGERS.items():
                user = users.add_user(session, name, f"{name.title()} Tetangga", password_hash, NOW)
                for role in roles:
                    users.grant_role(session, user.id, Grant(role, ELSEWHERE), NOW)
        numbers = numbers_of(deps)
        with deps.database.read() as session:
            names = frozenset(session.execute(sa.select(asn.c.name)).scalars())
        yield Things(deps, numbers, names)


def numbers_of(deps: WebDeps) -> dict[str, dict[str, object]]:
    """Make one of everything and return the parameters of routes, by where their paths begin."""
    database, rina, dewi = deps.database, user_named(deps.database, "rina"), user_named(deps.database, "dewi")
    with database.read() as session:
        first, second = cases.list_cases(session, CaseFilter(limit=2)).rows
        hit = cases.case_detail(session, first.id, NOW).hits[0].brief.id
        owned = sa.select(attribution.c.id, account.c.handle).join(account, account.c.id == attribution.c.account_id)
        link = session.execute(owned.where(attribution.c.asn_id == first.person.id)).first()
        kontes = session.execute(sa.select(contest.c.id)).scalars().first()
        batch = next(one.id for one in register_lists.list_batches(session) if one.kind == "akun")
    assert link is not None
    desk.decide(
        database, DecisionCommand(second.id, CaseState.DIKESAMPINGKAN, "ganda", rina), NOW,
        desk.Manner(start=True, blind_share=1.0),
    )  # fmt: skip
    with database.write() as session:
        (look,) = blind.waiting(session, dewi, ("99.01",))
        recusals.declare(session, dewi.id, second.person.id, "keluarga", "dewi", NOW)
        tie = recusals.of_person(session, second.person.id)[0].id
        hidden = suppressions.propose(
            session, SuppressionScope(person_id=first.person.id), "uji", NOW + timedelta(days=5), rina.id, NOW
        )
        token = tokens.add_token(session, tokens.NewToken(rina.id, "uji", hash_token("token-rina")), NOW)
        brought = uploads.add_upload(
            session, uploads.Arrived(rina.id, "akun", "a.csv", 1, "0" * 64, "a.sealed"), {}, NOW
        )
    view = save_view(database, rina, ViewWish("Punya rina", {"cari": "rahasia"}), NOW)
    with TestClient(create_app(deps), base_url="http://localhost:8000", follow_redirects=False) as client:
        sign_in(client, "rina")
    shared: dict[str, object] = {
        "case_id": first.id, "hit_id": hit, "asn_id": first.person.id, "user_id": rina.id, "what": "nonaktif",
        "session_id": signed_in(database, rina), "token_id": token, "batch_id": batch, "review": look.id,
        "source": "bluesky", "rule_id": "suka-unggahan-akun-kampanye", "handle": link.handle, "form": "rekomendasi",
        "version": 1,
    }  # fmt: skip
    return {
        "": shared,
        "/informasi-awal/{case_id}/hubungan": {"number": tie, "case_id": second.id},
        "/informasi-awal/{case_id}/gambar": {"number": pictured(deps, first.id)},
        "/antrean/tampilan": {"number": view},
        "/atribusi": {"number": link.id},
        "/api/attributions": {"number": link.id},
        "/api/people": {"number": first.person.id},
        "/kandidat": {"number": kontes},
        "/api/contests": {"number": kontes},
        "/aturan/penangguhan": {"number": hidden},
        **kept_and_failed(database, first.person.id, rina),
        "/unggah": {"number": brought},
        "/unggah/catatan": {"number": find_by(deps, rina, link.handle)},
    }


def signed_in(database: Database, user: UserRow) -> int:
    """Return the number of a user's sign-in."""
    mine = sa.select(web_session.c.id).where(web_session.c.user_id == user.id)
    with database.read() as session:
        return session.execute(mine).scalars().first() or 0


def kept_and_failed(database: Database, person_id: int, user: UserRow) -> dict[str, dict[str, object]]:
    """Hold a person's data and note a failure of protection; return the parameters of their routes."""
    with database.write() as session:
        held = holds.add(session, person_id, None, "uji", user.id, NOW)
        failed = incidents.add(session, Incident(0, NOW, "uji", "uji", "uji", "", NOW), user.id)
    return {"/privasi/penahanan": {"number": held}, "/privasi/insiden": {"number": failed}}


def find_by(deps: WebDeps, user: UserRow, handle: str) -> int:
    """Enter a citizen's report with a screenshot and return its number."""
    assert deps.bringing is not None
    url = f"https://bsky.app/profile/{handle}/post/3kcontoh"
    reporter = Reporter("WARGA RAHASIA", "0800-000", wants_anonymity=True)
    find = Find(FindKind.LAPORAN, Act.POST, handle, url, "Semoga sukses.", NOW, screenshot=png(), reporter=reporter)
    return deps.bringing.enter_find(user, find).id


def pictured(deps: WebDeps, case_id: int) -> int:
    """Store a picture of a text of a case and return its number."""
    assert deps.pictures is not None
    digest = deps.pictures.put(png())
    with deps.database.write() as session:
        row = next(iter(screenshots.texts_of_case(session, case_id).values()))
        taken = PictureTaken(row, PictureState.LENGKAP, NOW, digest, 1, digest, 1, 1, 1, "Chromium")
        return screenshots.store(session, taken)


def user_named(database: Database, name: str) -> UserRow:
    with database.read() as session:
        found = users.user_named(session, name)
    assert found is not None
    return found
