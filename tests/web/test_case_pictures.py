"""Pictures on the page of a case: copies to read, sealed ones for a reason, an officer's own, changes with evidence."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from struct import pack

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db import audit, captures, cases, observations, screenshots
from db.connect import Database
from db.observations import Noted
from monitor.desk.case_pictures import PictureRoom
from monitor.domain import Capture, CaseFilter, Change, ChangeKind, PictureState, PictureTaken, PictureTrip
from monitor.errors import ConflictError
from monitor.evidence.store import EvidenceStore
from monitor.web.app import WebDeps
from monitor.web.deps import CameraRoom
from tests.web import world
from tests.web.browsing import hidden_fields, parsed, submit, words
from tests.web.samples import NOW

Browser = Callable[..., TestClient]


def png(shade: int = 0) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"".join(b"\0" + bytes([shade] * 4) for _ in range(4)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", pixels)
        + (chunk(b"IEND", b""))
    )


@pytest.fixture
def deps(deps: WebDeps, tmp_path_factory: pytest.TempPathFactory) -> WebDeps:
    world.found(deps.database, deps.vault)
    store = EvidenceStore(tmp_path_factory.mktemp("bukti"), deps.vault)
    return replace(deps, pictures=PictureRoom(store.put, store.get))


def case_of(database: Database, name: str) -> int:
    with database.read() as session:
        rows = cases.list_cases(session, CaseFilter(), NOW).rows
    return next(row.id for row in rows if row.person.name == name)


def photograph(deps: WebDeps, case_id: int, **changes: object) -> int:
    """Store a picture of the post as the night does."""
    assert deps.pictures is not None
    with deps.database.write() as session:
        row = screenshots.texts_of_case(session, case_id)["bluesky", world.POST]
        taken = PictureTaken(
            row, PictureState.LENGKAP, NOW, deps.pictures.put(png(10)), 70, deps.pictures.put(png(200)), 70, 4, 4,
            "Chromium 1", detail="",
        )  # fmt: skip
        return screenshots.store(session, replace(taken, **changes))  # type: ignore[arg-type]  # fields by name


def send(client: TestClient, case_id: int, data: bytes, **fields: str) -> Response:
    page = client.get(f"/informasi-awal/{case_id}")
    sent = hidden_fields(page, "/informasi-awal/gambar") | {"kasus": str(case_id)} | fields
    if "unggahan" not in sent:
        option = parsed(page).css_first("#gambar-unggahan option")
        assert option is not None
        sent["unggahan"] = option.attributes["value"] or ""
    return client.post(
        "/informasi-awal/gambar",
        data=sent,
        files={"berkas": ("layar.png", data, "image/png")},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"},
    )


def actions(database: Database, action: str) -> list[dict[str, object]]:
    with database.read() as session:
        rows = audit.tail(session, action=action)
    return [json.loads(row.detail or "{}") for row in reversed(rows)]


def test_the_readable_copy_is_shown_and_the_sealed_picture_is_not(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database, world.ANI.name)
    number = photograph(deps, case_id)
    client = browser("rina")
    assert f'src="/informasi-awal/{case_id}/gambar/{number}"' in client.get(f"/informasi-awal/{case_id}").text
    answer = client.get(f"/informasi-awal/{case_id}/gambar/{number}")
    assert (answer.content, answer.headers["content-type"]) == (png(200), "image/png")
    assert answer.headers["cache-control"] == "no-store"


def test_the_sealed_picture_opens_for_a_reason_that_is_audited(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database, world.ANI.name)
    number = photograph(deps, case_id)
    client, path = browser("rina"), f"/informasi-awal/{case_id}/gambar/{number}/asli"
    page = client.get(f"/informasi-awal/{case_id}")
    assert submit(client, page, path, alasan=" ").status_code == 422
    assert actions(deps.database, "picture_opened") == []
    answer = submit(client, page, path, alasan="mencocokkan dengan klarifikasi")
    assert answer.content == png(10)
    assert answer.headers["content-disposition"] == f'attachment; filename="gambar-{number}.png"'
    assert [entry["reason"] for entry in actions(deps.database, "picture_opened")] == ["mencocokkan dengan klarifikasi"]


def test_pictures_of_another_place_or_another_case_are_not_there(browser: Browser, deps: WebDeps) -> None:
    case_id, other = case_of(deps.database, world.ANI.name), case_of(deps.database, world.SARI.name)
    number = photograph(deps, case_id)
    assert browser("tetangga").get(f"/informasi-awal/{case_id}/gambar/{number}").status_code in (400, 404, 422)
    with deps.database.write() as session:
        own = screenshots.texts_of_case(session, other)[
            "bluesky", f"at://{world.SARI.ref.user_id}/app.bsky.feed.post/1"
        ]
        strange = screenshots.store(session, PictureTaken(own, PictureState.GAGAL, NOW))
    assert browser("rina").get(f"/informasi-awal/{case_id}/gambar/{strange}").status_code in (400, 404, 422)


def test_an_officers_own_screenshot_is_kept_in_their_name(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database, world.ANI.name)
    client = browser("rina")
    assert send(client, case_id, png(30)).headers["location"] == f"/informasi-awal/{case_id}?kabar=gambar"
    with deps.database.read() as session:
        (row,) = screenshots.of_case(session, case_id)
    assert (row.collector, row.browser, row.masked_sha256, row.state) == ("rina", "", None, PictureState.LENGKAP)
    assert [entry["picture"] for entry in actions(deps.database, "picture_added")] == [row.id]
    shown = client.get(f"/informasi-awal/{case_id}")
    assert "oleh rina" in words(shown)
    assert f'src="/informasi-awal/{case_id}/gambar/' not in shown.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"GIF89a bukan gambar", "bukan PNG, JPEG atau WebP", id="another kind"),
        pytest.param(png()[:-6], "rusak atau terpotong", id="cut short"),
        pytest.param(png() + b"<script>", "memuat data lain", id="something behind it"),
        pytest.param(b"", "belum dipilih", id="nothing"),
    ],
)
def test_what_is_no_whole_picture_leaves_nothing(browser: Browser, deps: WebDeps, data: bytes, said: str) -> None:
    case_id = case_of(deps.database, world.ANI.name)
    answer = send(browser("rina"), case_id, data)
    assert answer.status_code == 422
    assert said in words(answer)
    with deps.database.read() as session:
        assert screenshots.of_case(session, case_id) == ()


def test_a_text_of_another_case_takes_no_screenshot(browser: Browser, deps: WebDeps) -> None:
    case_id, other = case_of(deps.database, world.ANI.name), case_of(deps.database, world.SARI.name)
    with deps.database.read() as session:
        texts = screenshots.texts_of_case(session, other)
    strange = texts["bluesky", f"at://{world.SARI.ref.user_id}/app.bsky.feed.post/1"]
    assert send(browser("rina"), case_id, png(), unggahan=str(strange)).status_code == 422


def test_a_reviewer_of_another_place_brings_no_screenshot(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database, world.ANI.name)
    client = browser("tetangga")
    page = client.get(f"/informasi-awal/{case_of(deps.database, world.SARI.name)}")
    sent = hidden_fields(page, "/informasi-awal/gambar") | {"kasus": str(case_id), "unggahan": "1"}
    answer = client.post(
        "/informasi-awal/gambar", data=sent, files={"berkas": ("a.png", png(), "image/png")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert answer.status_code >= 400
    with deps.database.read() as session:
        assert screenshots.of_case(session, case_id) == ()


def test_a_change_is_shown_with_both_times_and_both_answers(browser: Browser, deps: WebDeps) -> None:
    case_id = case_of(deps.database, world.ANI.name)

    def answer_at(hours: int, digest: str) -> Capture:
        url = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts"
        return Capture(
            "bluesky", "recheck", url, url, 200, (), digest * 32, 9, NOW - timedelta(hours=hours), "bluesky/1"
        )

    before, after = answer_at(30, "ab"), answer_at(2, "cd")
    with deps.database.write() as session:
        stored, _ = captures.store_captures(session, [before, after])
        change = Change(
            ChangeKind.GONE, "bluesky", world.POST, NOW - timedelta(hours=2), None, stored.id(before), stored.id(after)
        )
        observations.record(session, [Noted(change, world.POST, "x")])
    shown = words(browser("rina").get(f"/informasi-awal/{case_id}"))
    assert "Perubahan yang terlihat Sudah tidak ada di platform" in shown
    first, second = (
        shown.index("Terakhir terlihat seperti semula"),
        shown.index("Jawaban yang memperlihatkan perubahan"),
    )
    assert "abababababababab…" in shown[first:second]
    assert "cdcdcdcdcdcdcdcd…" in shown[second:]


class Camera:
    """A camera that is as busy as a test says, and keeps who asked for what."""

    def __init__(self, now: datetime) -> None:
        self.asked: list[tuple[int, str]] = []
        self.trips: dict[int, PictureTrip] = {}
        self._now = now

    def start(self, case_id: int, by: str) -> None:
        if self.trips:
            raise ConflictError("Gambar lain sedang diambil", "tunggu sebentar, lalu coba lagi")
        self.asked.append((case_id, by))
        self.trips[case_id] = PictureTrip(case_id, by, self._now)

    @property
    def room(self) -> CameraRoom:
        return CameraRoom(self.start, self.trips.get)


def test_a_reviewer_has_the_pages_photographed_now_and_that_is_audited(browser: Browser, deps: WebDeps) -> None:
    camera, number = Camera(NOW), case_of(deps.database, "ANI CONTOH")
    client = browser("rina", camera=camera.room)
    path = f"/informasi-awal/{number}"
    answer = client.get(submit(client, client.get(path), f"{path}/potret").headers["location"])
    assert camera.asked == [(number, "rina")]
    assert "Gambar sedang diambil sejak" in words(answer)
    assert parsed(answer).css_first(f'form[action="{path}/potret"]') is None
    with deps.database.read() as session:
        assert audit.tail(session, action="pictures_asked")[0].subject == f"case:{number}"


def test_what_came_of_it_is_told_without_another_view_of_the_case(browser: Browser, deps: WebDeps) -> None:
    camera, number = Camera(NOW), case_of(deps.database, "ANI CONTOH")
    camera.trips[number] = PictureTrip(number, "rina", NOW, NOW, "Halaman yang dipotret: 2 lengkap.")
    client = browser("rina", camera=camera.room)
    told = client.get(f"/informasi-awal/{number}/potret", headers={"HX-Request": "true"})
    assert "2 lengkap." in told.text
    with deps.database.read() as session:
        assert audit.tail(session, action="case_viewed") == []


def test_one_case_is_photographed_at_a_time(browser: Browser, deps: WebDeps) -> None:
    camera, number = Camera(NOW), case_of(deps.database, "ANI CONTOH")
    client = browser("rina", camera=camera.room)
    path = f"/informasi-awal/{number}"
    form = client.get(path)
    camera.start(number + 1, "joko")
    answer = submit(client, form, f"{path}/potret")
    assert "Gambar lain sedang diambil." in words(answer)
    assert actions(deps.database, "pictures_asked") == []


def test_a_session_that_ended_while_pictures_were_taken_leads_back_to_the_case(browser: Browser, deps: WebDeps) -> None:
    path = f"/informasi-awal/{case_of(deps.database, 'ANI CONTOH')}"
    assert browser("rina").get(f"{path}/potret").headers["location"] == path


def test_what_came_of_it_links_to_an_address_that_no_waiting_page_has(browser: Browser, deps: WebDeps) -> None:
    camera, number = Camera(NOW), case_of(deps.database, "ANI CONTOH")
    camera.trips[number] = PictureTrip(number, "rina", NOW, NOW, "Halaman yang dipotret: 2 lengkap.")
    path = f"/informasi-awal/{number}"
    link = parsed(browser("rina", camera=camera.room).get(path)).css_first("#potret a")
    assert link is not None
    assert (link.attributes["href"] or "").partition("#")[0] not in (path, f"{path}?kabar=potret")


def test_a_console_without_a_camera_offers_none(browser: Browser, deps: WebDeps) -> None:
    path = f"/informasi-awal/{case_of(deps.database, 'ANI CONTOH')}"
    client = browser("rina")
    form = client.get(path)
    assert "Ambil gambar sekarang" not in form.text
    refused = client.post(f"{path}/potret", data=hidden_fields(form, f"{path}/ambil"))
    assert refused.status_code == 422
