"""Every route before strangers: people of another place with every role, and browsers that forge their forms.

A route that is not in the table fails here, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, users
from db.connect import Database
from monitor.domain import Grant, Role
from monitor.web.app import create_app
from tests.scan.offices import NOW
from tests.web import office, strangers
from tests.web.browsing import parsed, sign_in
from tests.web.strangers import STRANGERS, Things

PLACE = "place"
"""Things of a place: nobody from elsewhere gets them, by any number."""
LIST = "list"
"""Pages that show each what is theirs: open or refused by role, and nobody from elsewhere is named on them."""
OWN = "own"
"""Steps on one's own account or session; there is nothing of others that a number could name."""

ROUTES: dict[str, str] = {
    "GET /": LIST,
    "GET /healthz": LIST,
    "GET /metrics": LIST,
    "GET /masuk": OWN,
    "POST /masuk": OWN,
    "POST /keluar": OWN,
    "GET /masuk/kode": OWN,
    "POST /masuk/kode": OWN,
    "GET /masuk/pasang": OWN,
    "POST /masuk/pasang": OWN,
    "GET /masuk/sandi-baru": OWN,
    "POST /masuk/sandi-baru": OWN,
    "GET /masuk/penyedia": OWN,
    "GET /masuk/penyedia/kembali": OWN,
    "GET /akun": LIST,
    "POST /akun/sandi": OWN,
    "POST /akun/perangkat/{session_id}": PLACE,
    "POST /akun/perangkat-lain": OWN,
    "POST /akun/kode-pemulihan": OWN,
    "POST /akun/lepas-langkah-kedua": OWN,
    "POST /akun/token": OWN,
    "POST /akun/token/{token_id}": PLACE,
    "POST /akun/pilihan": OWN,
    "POST /tampilan": OWN,
    "POST /pintasan": OWN,
    "GET /pengguna": LIST,
    "GET /pengguna/baru": LIST,
    "POST /pengguna/baru": OWN,
    "GET /pengguna/{user_id}": PLACE,
    "POST /pengguna/{user_id}/sandi": PLACE,
    "POST /pengguna/{user_id}/{what}": PLACE,
    "GET /kesehatan": LIST,
    "GET /kesehatan/{source}": LIST,
    "GET /bantuan": LIST,
    "POST /impor/{batch_id}/konfirmasi": PLACE,
    "GET /antrean": LIST,
    "GET /tidak-dapat-dinilai": LIST,
    "POST /antrean/tampilan": OWN,
    "POST /antrean/tampilan/utama": OWN,
    "POST /antrean/tampilan/{number}": PLACE,
    "POST /antrean/tampilan/{number}/hapus": PLACE,
    "POST /antrean/tampilan/{number}/utama": PLACE,
    "POST /antrean/kelompok": LIST,
    "GET /orang": LIST,
    "GET /orang/{asn_id}": PLACE,
    "GET /informasi-awal/habis": LIST,
    "POST /informasi-awal/berikutnya": OWN,
    "GET /informasi-awal/{case_id}": PLACE,
    "POST /informasi-awal/{case_id}/ambil": PLACE,
    "POST /informasi-awal/{case_id}/giliran": PLACE,
    "POST /informasi-awal/{case_id}/lepas": PLACE,
    "POST /informasi-awal/{case_id}/lewati": PLACE,
    "POST /informasi-awal/{case_id}/putuskan": PLACE,
    "POST /informasi-awal/{case_id}/lanjutkan": PLACE,
    "POST /informasi-awal/{case_id}/batalkan": PLACE,
    "POST /informasi-awal/{case_id}/catat": PLACE,
    "POST /informasi-awal/{case_id}/indikasi/{hit_id}": PLACE,
    "POST /informasi-awal/{case_id}/identitas": PLACE,
    "POST /informasi-awal/{case_id}/daring": PLACE,
    "POST /informasi-awal/{case_id}/potret": PLACE,
    "GET /informasi-awal/{case_id}/potret": PLACE,
    "POST /informasi-awal/{case_id}/paket": PLACE,
    "POST /informasi-awal/{case_id}/formulir/{form}/draf": PLACE,
    "POST /informasi-awal/{case_id}/formulir/{form}/nomor": PLACE,
    "POST /informasi-awal/{case_id}/formulir/{form}/versi/{version}": PLACE,
    "POST /informasi-awal/{case_id}/formulir/sbt/terbitkan": PLACE,
    "POST /formulir/terbitkan": PLACE,
    "POST /informasi-awal/gambar": PLACE,
    "GET /informasi-awal/{case_id}/gambar/{number}": PLACE,
    "POST /informasi-awal/{case_id}/gambar/{number}/asli": PLACE,
    "POST /informasi-awal/{case_id}/diketahui": PLACE,
    "POST /informasi-awal/{case_id}/jangka": PLACE,
    "POST /informasi-awal/{case_id}/hubungan": PLACE,
    "POST /informasi-awal/{case_id}/hubungan/{number}/akhiri": PLACE,
    "GET /pemeriksaan-kedua": LIST,
    "GET /pemeriksaan-kedua/{review}": PLACE,
    "POST /pemeriksaan-kedua/{review}": PLACE,
    "GET /atribusi": LIST,
    "GET /atribusi/baru": LIST,
    "POST /atribusi": PLACE,
    "GET /atribusi/{number}": PLACE,
    "POST /atribusi/{number}/pastikan": PLACE,
    "POST /atribusi/{number}/tolak": PLACE,
    "POST /atribusi/{number}/cabut": PLACE,
    "POST /atribusi/{number}/masa": PLACE,
    "POST /atribusi/{number}/tinjau/{case_id}": PLACE,
    "GET /aturan": LIST,
    "GET /aturan/{rule_id}": LIST,
    "POST /aturan/{rule_id}/uji": PLACE,
    "POST /aturan/{rule_id}/usul": PLACE,
    "POST /aturan/{rule_id}/setujui": PLACE,
    "POST /aturan/{rule_id}/tarik": PLACE,
    "GET /aturan/penangguhan": LIST,
    "POST /aturan/penangguhan": PLACE,
    "POST /aturan/penangguhan/{number}/setujui": PLACE,
    "POST /aturan/penangguhan/{number}/akhiri": PLACE,
    "GET /kandidat": LIST,
    "GET /kandidat/{number}": PLACE,
    "POST /kandidat/{number}/konfirmasi": PLACE,
    "GET /laporan": LIST,
    "POST /laporan/unduh": PLACE,
    "GET /keseimbangan": LIST,
    "GET /privasi": LIST,
    "POST /privasi/hitung": PLACE,
    "POST /privasi/penahanan": PLACE,
    "POST /privasi/penahanan/{number}/minta": PLACE,
    "POST /privasi/penahanan/{number}/setujui": PLACE,
    "POST /privasi/penahanan/{number}/tolak": PLACE,
    "POST /privasi/insiden": PLACE,
    "POST /privasi/insiden/{number}/langkah": PLACE,
    "GET /audit": LIST,
    "POST /audit/periksa": OWN,
    "GET /unggah": LIST,
    "POST /unggah/kirim": OWN,
    "GET /unggah/{number}": PLACE,
    "GET /unggah/{number}/masalah.csv": PLACE,
    "POST /unggah/{number}/jawab": PLACE,
    "POST /unggah/{number}/masukkan": PLACE,
    "POST /unggah/{number}/buang": PLACE,
    "GET /unggah/catatan": LIST,
    "POST /unggah/catatan": PLACE,
    "GET /unggah/catatan/{number}/layar": PLACE,
    "POST /unggah/catatan/{number}/pelapor": PLACE,
    "GET /register": LIST,
    "GET /register/orang": LIST,
    "GET /api": LIST,
    "GET /api/": LIST,
    "GET /api/openapi.json": LIST,
    "GET /api/cases": LIST,
    "GET /api/cases/{case_id}": PLACE,
    "GET /api/people": LIST,
    "GET /api/people/{number}": PLACE,
    "GET /api/attributions": LIST,
    "GET /api/attributions/{number}": PLACE,
    "GET /api/rules": LIST,
    "GET /api/rules/{rule_id}": LIST,
    "GET /api/suppressions": LIST,
    "GET /api/contests": LIST,
    "GET /api/contests/{number}": PLACE,
    "GET /api/sources": LIST,
    "GET /api/nights": LIST,
    "GET /api/audit": LIST,
    "GET /api/users": LIST,
    "GET /api/reports": LIST,
    "GET /api/balance": LIST,
    "GET /api/views": LIST,
}

REFUSED = frozenset({403, 404})
OTHER_ANSWERS: Mapping[str, int] = {
    "POST /informasi-awal/{case_id}/giliran": 409,
    "POST /informasi-awal/{case_id}/lepas": 303,
    "POST /aturan/penangguhan": 422,
    "POST /privasi/insiden/{number}/langkah": 422,
    "POST /privasi/penahanan": 422,
    "POST /privasi/penahanan/{number}/minta": 422,
    "POST /privasi/penahanan/{number}/setujui": 422,
    "POST /privasi/penahanan/{number}/tolak": 422,
}
"""Where a stranger is answered like somebody who asks for what does not exist, but not by a page that says so."""

HARMLESS = frozenset({
    "sign_in", "audit_searched", "balance_viewed", "finds_listed", "register_searched", "people_searched",
    "bulk_decided", "attributions_listed", "holds_listed",
})  # fmt: skip
"""What strangers leave in the log: that they looked at their own, empty lists."""

ANYBODY = frozenset({"/masuk", "/masuk/penyedia", "/masuk/penyedia/kembali", "/healthz", "/metrics", "/api", "/api/",
                     "/api/openapi.json", "/static"})  # fmt: skip


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, password_hash: str) -> Iterator[Things]:
    with strangers.opened(tmp_path_factory.mktemp("strangers"), sqlite_template, password_hash) as made:
        yield made


Visit = Callable[..., TestClient]


@pytest.fixture
def visit(things: Things) -> Iterator[Visit]:
    """Open a browser on the office's console, signed in when a name is given."""
    with ExitStack() as stack:

        def start(name: str = "", **changes: object) -> TestClient:
            app = create_app(replace(things.deps, **changes))  # type: ignore[arg-type]
            client = stack.enter_context(TestClient(app, base_url="http://localhost:8000", follow_redirects=False))
            if name:
                assert sign_in(client, name).status_code == 303
            return client

        yield start


def form_token(client: TestClient) -> str:
    found = parsed(client.get("/akun")).css_first("input[name=tanda]")
    assert found is not None
    return found.attributes["value"] or ""


def test_every_route_is_in_the_table(things: Things) -> None:
    found = iter_route_contexts(create_app(things.deps).routes)
    answered = {f"{method} {one.path}" for one in found for method in one.methods or () if method != "HEAD"}
    assert answered == set(ROUTES)


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_from_elsewhere_gets_a_thing_by_its_number(things: Things, visit: Visit, name: str) -> None:
    client = visit(name)
    token = form_token(client)
    told = {}
    for route, kind in ROUTES.items():
        if kind is PLACE:
            status = things.ask(client, route, token).status_code
            if status not in REFUSED and status != OTHER_ANSWERS.get(route):
                told[route] = status
    assert told == {}
    with things.deps.database.read() as session:
        assert {row.action for row in audit.tail(session, 10_000) if row.actor == name} <= HARMLESS


@pytest.mark.parametrize("name", STRANGERS)
def test_no_list_names_anybody_to_people_from_elsewhere(things: Things, visit: Visit, name: str) -> None:
    client = visit(name)
    token = form_token(client)
    for route, kind in ROUTES.items():
        if kind is LIST:
            answer = things.ask(client, route, token)
            assert answer.status_code < 500, route
            named = [one for one in things.names if one in answer.text]
            assert (route, named, "WARGA RAHASIA" in answer.text) == (route, [], False)


def test_those_who_review_nothing_see_no_name_even_at_home(things: Things, visit: Visit) -> None:
    for role in (Role.ANALIS, Role.AUDITOR):
        client = visit(at_home(things.deps.database, role))
        for route in ROUTES:
            if route.startswith("GET"):
                answer = things.ask(client, route)
                named = [one for one in things.names if one in answer.text]
                assert (route, named, answer.status_code < 500) == (route, [], True)


def at_home(database: Database, role: Role) -> str:
    """Return the name of a new user of the office with one role."""
    with database.write() as session:
        row = users.sign_in_row(session, "rina")
        assert row is not None
        user = users.add_user(session, f"{role.value}-sini", role.value, row.password_hash, NOW)
        users.grant_role(session, user.id, Grant(role, office.PLACE), NOW)
    return user.name


def test_a_forged_form_is_refused_on_every_route(things: Things, visit: Visit) -> None:
    client, other = visit("semua"), visit("semua")
    forms = [route for route in ROUTES if route.startswith("POST")]
    for token in ("", "0" * 64, form_token(other)):
        for route in forms:
            assert (route, things.ask(client, route, token).status_code) == (route, 403)
    assert client.get("/antrean").status_code == 200


def test_a_write_from_another_site_is_refused_on_every_route(things: Things, visit: Visit) -> None:
    client = visit("semua")
    token = form_token(client)
    for route in ROUTES:
        if route.startswith("POST"):
            path = route.partition(" ")[2].format_map(things.known(route))
            answer = client.post(path, data={"tanda": token}, headers={"Sec-Fetch-Site": "cross-site"})
            assert (route, answer.status_code) == (route, 403)


def test_a_session_that_ended_opens_nothing_when_it_is_played_again(things: Things, visit: Visit) -> None:
    client = visit("semua")
    token, cookie = form_token(client), client.cookies["pantau"]
    client.post("/keluar", data={"tanda": token}, headers={"Sec-Fetch-Site": "same-origin"})
    client.cookies.set("pantau", cookie)
    for route in ROUTES:
        assert_closed(route, things.ask(client, route, token), "/masuk")


def test_half_a_sign_in_opens_nothing_but_its_next_step(things: Things, visit: Visit) -> None:
    client = visit("semua", second_factor=True)
    page = client.get("/masuk/pasang")
    found = parsed(page).css_first("input[name=tanda]")
    assert found is not None
    for route in ROUTES:
        if "/masuk" not in route and route != "POST /keluar":
            assert_closed(route, things.ask(client, route, found.attributes["value"] or ""), "/masuk/pasang")


def assert_closed(route: str, answer: Response, step: str) -> None:
    """Hold that a route leads to signing in, or says so, unless it is open to anybody."""
    if route.partition(" ")[2] in ANYBODY:
        return
    if answer.status_code == 401 and "Sesi Anda berakhir" in answer.text:
        assert 'class="signed-in"' not in answer.text  # what was sent is given back, and nothing else is shown
        return
    leads = answer.headers.get("location", "").partition("?")[0]
    expected = (401, "") if "/api/" in route else (303, step)
    assert (route, answer.status_code, leads) == (route, *expected)


def test_every_answer_forbids_keeping_framing_and_anything_inline(things: Things, visit: Visit) -> None:
    client = visit("semua")
    for route in ROUTES:
        heads = things.ask(client, route).headers
        policy = heads["content-security-policy"]
        assert (route, heads["cache-control"], heads["x-content-type-options"]) == (route, "no-store", "nosniff")
        assert ("unsafe" in policy, "frame-ancestors 'none'" in policy, heads["x-frame-options"]) == (
            False,
            True,
            "DENY",
        )
