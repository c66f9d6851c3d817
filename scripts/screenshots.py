#!/usr/bin/env python3
"""Takes the pictures of the guides anew: every page of the console, at a desk and on a phone, and the report.

    make screenshots

Needs Debian's Chromium. It plays a fresh demonstration; every person, account and text in the pictures is invented.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright
from pypdfium2 import PdfDocument

from db import cases, users
from monitor.cli.console import console_parts
from monitor.cli.demo import DEMO_PASSWORD, DEMO_USERS
from monitor.cli.form_work import drawn
from monitor.cli.main import app
from monitor.desk.forms import FormWish
from monitor.domain import CaseFilter, FormKind, Grant, Role
from monitor.passwords import hash_password
from monitor.privacy.holds import HoldWish, add_hold
from monitor.privacy.incidents import IncidentTold, note_incident
from monitor.web.app import create_app
from monitor.web.menu import ROOMS
from monitor.workspace import Workspace, workspace

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-lcd-text"]  # fmt: skip
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES = (("", DESKTOP), ("-ponsel", PHONE))
LARGEST = 280 * 1024
SHOWN = "LIMA BELAS"
"""The person whose case is pictured: own words with names and campaign words in them."""
ADMIN = "admin.contoh"
INSIDE = (
    ("orang-satu", "/orang", "main a[href^='/orang/']"),
    ("atribusi-satu", "/atribusi", "main a.name"),
    ("kandidat-satu", "/kandidat", "main a[href^='/kandidat/']"),
    ("aturan-satu", "/aturan", "main tbody a"),
    ("kesehatan-satu", "/kesehatan", "main a[href^='/kesehatan/']"),
)
"""Pages behind a room: the picture's name, the room, and which of its links leads there."""
BESIDE = (
    ("antrean-orang", "/antrean?kelompok=orang", Role.PENGAWAS),
    ("tidak-dapat-dinilai", "/tidak-dapat-dinilai", Role.PENGAWAS),
    ("habis", "/informasi-awal/habis", Role.PENGAWAS),
    ("atribusi-baru", "/atribusi/baru", Role.PENGAWAS),
    ("catatan", "/unggah/catatan", Role.PENGAWAS),
    ("akun", "/akun", Role.PENGAWAS),
    ("register-orang", "/register/orang", Role.KOORDINATOR),
    ("penangguhan", "/aturan/penangguhan", Role.KOORDINATOR),
    ("pengguna-baru", "/pengguna/baru", Role.ADMIN),
)
"""Pages that no link of a list leads to: the picture's name, where it is, and who opens it."""
MISTAKEN = b"nip,nama,jenis,instansi\n123,DUA BELAS,pns,Dinas Contoh\n"
"""A register with a number that nobody bears."""


def main() -> int:
    """Play the demonstration, walk through all rooms and keep the pictures; 1 when one is too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "gambar")
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "peragaan"
        with redirect_stdout(io.StringIO()):
            app(["demo", "--directory", str(home)], standalone_mode=False)
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for mark, size in SIZES:
                walk(browser, address, size, output, mark)
            form_page(home, Path(folder), output)
            report = next((home / "data" / "reports").glob("*.html"))
            keep(opened(browser, report.as_uri(), DESKTOP), output / "laporan-cetak.png")
            browser.close()
    large = [path.name for path in sorted(output.glob("*.png")) if path.stat().st_size > LARGEST]
    if large:
        sys.stderr.write(f"lebih besar dari {LARGEST} bita: {', '.join(large)}\n")
    return 1 if large else 0


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the demonstration's console on a free port of loopback, in a thread."""
    with workspace(home) as space:
        add_admin(space)
        fill_privacy(space)
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(console_parts(space)), log_level="warning", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def add_admin(space: Workspace) -> None:
    """Give the demonstration somebody who manages users; it has only reviewers of its own."""
    now = space.clock()
    with space.database.write() as session:
        user = users.add_user(session, ADMIN, ADMIN, hash_password(DEMO_PASSWORD), now)
        users.grant_role(session, user.id, Grant(Role.ADMIN, ""), now)


def fill_privacy(space: Workspace) -> None:
    """Let the privacy page have something to show: a case that is held, and a failure of protection."""
    now = space.clock()
    name = next(name for name, role in DEMO_USERS if role is Role.KOORDINATOR)
    place = space.settings.agency.jurisdiction
    with space.database.read() as session:
        coordinator = users.user_named(session, name)
        number = cases.list_cases(session, CaseFilter(limit=1)).rows[0].id
    if coordinator is None:
        raise LookupError(name)
    add_hold(space.database, HoldWish(None, number, "Permintaan Bagian Hukum, surat 12/2026"), coordinator, now)
    told = IncidentTold(now - timedelta(hours=5), "Nama dan nomor gawai petugas piket",
                        "Lembar jadwal tertinggal di ruang rapat dan terlihat tamu.",
                        "Lembar diambil kembali; jadwal kini hanya di konsol.")  # fmt: skip
    note_incident(space.database, told, coordinator, now, place=place)


def walk(browser: Browser, address: str, size: ViewportSize, output: Path, mark: str) -> None:
    """Picture the sign-in page, every room as somebody whom it is for, and the pages behind them."""
    keep(opened(browser, f"{address}/masuk", size), output / f"masuk{mark}.png")
    pages = {role: signed_in(browser, address, size, name) for name, role in (*DEMO_USERS, (ADMIN, Role.ADMIN))}
    for room in ROOMS:
        page = next(page for role, page in pages.items() if role in room.roles)
        page.goto(address + room.path)
        keep(page, output / f"{room.section}{mark}.png")
    for name, path, role in BESIDE:
        pages[role].goto(address + path)
        keep(pages[role], output / f"{name}{mark}.png")
    keep(with_mistakes(pages[Role.KOORDINATOR], address), output / f"unggah-satu{mark}.png")
    page = pages[Role.PENGAWAS]
    for name, room_path, link in INSIDE:
        page.goto(address + room_path)
        page.goto(address + (page.locator(link).first.get_attribute("href") or ""))
        keep(page, output / f"{name}{mark}.png")
    page.goto(f"{address}/antrean?cari={SHOWN.replace(' ', '+')}")
    page.get_by_role("link", name=re.compile(f"{SHOWN}$")).first.click()
    keep(page, output / f"informasi-awal{mark}.png")
    page.locator("#formulir ~ details summary").first.click()
    page.locator("#formulir").evaluate("heading => heading.scrollIntoView()")
    keep(page, output / f"formulir{mark}.png")


def with_mistakes(page: Page, address: str) -> Page:
    """Bring a register that is refused, and return the page that says why."""
    page.goto(f"{address}/unggah")
    file: FilePayload = {"name": "asn.csv", "mimeType": "text/csv", "buffer": MISTAKEN}
    page.get_by_label("Berkas", exact=True).set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_role("heading", name=re.compile("^Masalah")).wait_for()
    return page


def form_page(home: Path, folder: Path, output: Path) -> None:
    """Picture the first page of a Formulir A as LibreOffice draws it; without LibreOffice the picture stays."""
    if shutil.which("soffice") is None:
        sys.stderr.write("formulir-a.png tidak diperbarui: LibreOffice tidak terpasang\n")
        return
    with workspace(home) as space:
        with space.database.read() as session:
            rows = cases.list_cases(session, CaseFilter(limit=None)).rows
        number = next(row.id for row in rows if row.person.name.endswith(SHOWN))
        (folder / "formulir-a.docx").write_bytes(drawn(space, FormWish(FormKind.A, (number,))).data)
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--convert-to", "pdf",
               "--outdir", str(folder), str(folder / "formulir-a.docx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603 - our own file, no shell
    with PdfDocument(folder / "formulir-a.pdf") as document:
        document[0].render(scale=1.4).to_pil().quantize(64).save(output / "formulir-a.png", optimize=True)


def signed_in(browser: Browser, address: str, size: ViewportSize, name: str) -> Page:
    """Return a page of a browser of its own, signed in as a user of the demonstration."""
    page = opened(browser, f"{address}/masuk", size)
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.get_by_role("heading", name="Beranda").wait_for()
    return page


def opened(browser: Browser, address: str, size: ViewportSize) -> Page:
    """Return a page of a browser of its own."""
    page = browser.new_context(viewport=size, locale="id-ID", color_scheme="light").new_page()
    page.goto(address)
    return page


def keep(page: Page, path: Path) -> None:
    """Picture what the window shows."""
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=path)


if __name__ == "__main__":
    raise SystemExit(main())
