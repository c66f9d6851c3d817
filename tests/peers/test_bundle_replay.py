"""The bundle of a demo case: py-wacz finds its archives valid, pywb replays them, and it checks on a bare machine."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner, Result

from db import audit, cases, users
from monitor.cli.bundling import bundle_office
from monitor.cli.demo import DEMO_PASSWORD, fill, make_workspace
from monitor.cli.main import app
from monitor.cli.scan import run_scan
from monitor.desk.bundling import BundleWish, make_bundle
from monitor.domain import CaseFilter
from monitor.scan.plan import ScanOrder
from monitor.workspace import workspace
from scrapers.wire import Call
from tests.peers.pywb_replay import ProxyWire, serve, why_not
from tests.peers.require import leave_out

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.xdist_group("bundle")]

ROOT = Path(__file__).resolve().parents[2]
STRANGERS = "-rekaan.test"
READABLE = "https://paket.pantau.invalid/salinan.html"


@dataclass(frozen=True)
class Handed:
    """The demo's bundles: one as everybody gets it, the same made again, one with raw answers."""

    home: Path
    case_id: int
    masked: Path
    again: Path
    raw: Path

    def create(self, output: Path, *more: str, password: str = DEMO_PASSWORD) -> Result:
        command = ["--workspace", str(self.home), "bundle", "create", str(self.case_id), "--output", str(output), *more]
        return CliRunner().invoke(app, command, input=f"{password}\n", env={"COLUMNS": "200"})

    def opened(self, path: Path, folder: Path) -> Path:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return folder


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """Run the demo's night and hand out the case with the most acts."""
    folder = tmp_path_factory.mktemp("peragaan")
    home = folder / "kantor"
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
        run_scan(space, ScanOrder(), quiet=True)
        with space.database.read() as session:
            rows = cases.list_cases(session, CaseFilter(limit=None)).rows
            bayu = users.user_named(session, "bayu.contoh")
        case_id = max(rows, key=lambda row: (len(row.hits), row.id)).id
        wishes = {
            "masked": BundleWish(case_id),
            "again": BundleWish(case_id, bayu),
            "raw": BundleWish(case_id, bayu, raw=True, reason="permintaan majelis, surat nomor 4"),
        }
        for name, wish in wishes.items():
            make_bundle(bundle_office(space), wish, folder / f"{name}.zip", space.clock())
        with space.database.read() as session:
            assert len(audit.tail(session, action="bundle_exported")) == len(wishes)
    return Handed(home, case_id, *(folder / f"{name}.zip" for name in wishes))


@pytest.fixture(scope="module")
def replayed(handed: Handed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxyWire]:
    if problem := why_not():
        leave_out("pywb", problem)
    folder = handed.opened(handed.masked, tmp_path_factory.mktemp("putar"))
    with serve(folder, "arsip.wacz") as wire:
        yield wire


def read(wire: ProxyWire, url: str) -> bytes:
    return wire.send(Call(url, url), 1 << 24, 60).body


def test_the_same_case_gives_the_same_bytes(handed: Handed) -> None:
    assert handed.masked.read_bytes() == handed.again.read_bytes()


def test_the_command_writes_the_same_file_and_says_its_hash(handed: Handed, tmp_path: Path) -> None:
    done = handed.create(tmp_path / "a.zip", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)["sha256"]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in (handed.masked, tmp_path / "a.zip")] == [told] * 2


def test_the_command_writes_over_no_file_unless_told_to(handed: Handed, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"milik orang")
    assert handed.create(tmp_path / "a.zip").exit_code == 2
    assert (tmp_path / "a.zip").read_bytes() == b"milik orang"
    assert handed.create(tmp_path / "a.zip", "--force").exit_code == 0


RAW = ("--with-raw", "--reason", "permintaan majelis, surat nomor 4")


@pytest.mark.parametrize(
    ("more", "password", "code"),
    [
        (RAW, DEMO_PASSWORD, 3),
        ((*RAW, "--as", "rina.contoh"), DEMO_PASSWORD, 3),
        (("--with-raw", "--as", "bayu.contoh"), DEMO_PASSWORD, 2),
        ((*RAW, "--as", "bayu.contoh"), "sandi-yang-lain", 3),
        ((*RAW, "--as", "bayu.contoh"), DEMO_PASSWORD, 0),
    ],
)
def test_the_command_gives_raw_answers_to_a_coordinator_who_signs_in(
    handed: Handed, tmp_path: Path, more: tuple[str, ...], password: str, code: int
) -> None:
    done = handed.create(tmp_path / "a.zip", *more, password=password)
    assert (done.exit_code, (tmp_path / "a.zip").exists()) == (code, code == 0), done.output


@pytest.mark.parametrize("name", ["arsip.wacz", "arsip-mentah.wacz"])
def test_py_wacz_finds_the_archive_valid(handed: Handed, tmp_path: Path, name: str) -> None:
    folder = handed.opened(handed.raw, tmp_path)
    command = [Path(sys.executable).parent / "wacz", "validate", "-f", folder / name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "is valid" in done.stdout) == (0, True), done.stdout + done.stderr


def test_pywb_replays_the_readable_page(replayed: ProxyWire) -> None:
    assert b"Informasi awal, belum merupakan temuan" in read(replayed, READABLE)


def test_pywb_replays_the_copy_of_every_answer(handed: Handed, replayed: ProxyWire, tmp_path: Path) -> None:
    manifests = sorted((handed.opened(handed.masked, tmp_path) / "manifes").iterdir())
    files = json.loads(manifests[-1].read_bytes())["files"]
    told = {json.loads(read(replayed, file["final_url"]))["raw"]["sha256"] for file in files}
    assert told == {file["sha256"] for file in files}


def test_no_bystander_is_in_what_everybody_gets_and_some_are_in_the_raw_answers(handed: Handed, tmp_path: Path) -> None:
    named = {
        path.stem: STRANGERS in said(handed.opened(path, tmp_path / path.stem)) for path in (handed.masked, handed.raw)
    }
    assert named == {"masked": False, "raw": True}


def test_the_draft_opens_in_word(handed: Handed, tmp_path: Path) -> None:
    draft = docx.Document(str(handed.opened(handed.masked, tmp_path) / "formulir-a.docx"))
    told = "\n".join(cell.text for table in draft.tables for row in table.rows for cell in row.cells)
    assert "PEGAWAI CONTOH" in told + "\n".join(one.text for one in draft.paragraphs)


def said(folder: Path) -> str:
    """Return everything that the files of a bundle say, archives and documents opened."""
    told = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".wacz", ".docx"):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(path.with_suffix(""))
                told.append(said(path.with_suffix("")))
        elif path.suffix == ".gz":
            told.append(subprocess.run(["zcat", path], capture_output=True, check=True).stdout.decode(errors="replace"))
        elif path.is_file():
            told.append(path.read_bytes().decode(errors="replace"))
    return "\n".join(told)


@pytest.mark.parametrize("name", ["masked", "raw"])
def test_it_checks_on_a_machine_without_a_workspace(handed: Handed, tmp_path: Path, name: str) -> None:
    done = verify(getattr(handed, name), tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["faults"] == []


def test_a_changed_bundle_is_refused_with_the_name_of_the_file(handed: Handed, tmp_path: Path) -> None:
    data = bytearray(handed.masked.read_bytes())
    data[data.index(b"Salinan terbaca; buka dengan")] ^= 1
    (tmp_path / "diubah.zip").write_bytes(data)
    done = verify(tmp_path / "diubah.zip", tmp_path)
    assert (done.returncode, "BACA-SAYA.txt" in done.stderr) == (1, True)


def verify(path: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Check a bundle in a process that has no office: no workspace, no settings, an empty home."""
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "monitor", "bundle", "verify", str(path), "--json"]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
