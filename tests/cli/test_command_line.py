"""The command line as officers and cron use it: help, exit codes, JSON, and two people deciding one case."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from typer.testing import CliRunner, Result

from db.connect import open_database
from monitor.cli.main import app
from tests.cli.terminal import PASSWORD, pantau
from tests.e2e.queue_shape import CASE, faults
from tests.scan.rows import contents, differences

ROOT = Path(__file__).resolve().parents[2]


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name)) if hasattr(command, "commands") else [((*path, name), command)]


ALL = dict(commands(typer.main.get_command(app)))
ASKING = {
    ("scan",),
    ("import",),
    ("report", "weekly"),
    ("report", "data"),
    ("evidence", "recheck"),
    ("evidence", "stamp"),
    ("worker",),
}
"""They ask a network, or write, or work on a database that several machines share."""
LISTINGS = [
    path
    for path, command in ALL.items()
    if any("--json" in p.opts for p in command.params)
    and not any(p.required for p in command.params)
    and path not in ASKING
]


def rows(home: Path) -> Any:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    try:
        return contents(database, frozenset())
    finally:
        database.dispose()


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_helps_with_an_example(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert f"pantau {' '.join(path)}" in done.output.split("Contoh:")[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("lihat",),
        ("scan", "--sumber", "bluesky"),
        ("roster", "import", "pegawai", "asn.csv"),
        ("queue", "show"),
        ("queue", "show", "sembilan"),
        ("queue", "show", "999999"),
        ("queue", "list", "--status", "selesai"),
        ("queue", "decide", "1", "--to", "ditinjau"),
        ("scan", "--since", "kemarin"),
        ("report", "weekly", "--week", "2026-W77"),
        ("import", "--as", "kaset", __file__),
        ("users", "grant", "siapa", "--role", "pengawas"),
        ("worker", "--once"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_two_and_says_why(home: Path, arguments: tuple[str, ...]) -> None:
    done = pantau(home, *arguments)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert done.output.strip()


def test_a_folder_that_is_no_workspace_is_a_wrong_configuration(tmp_path: Path) -> None:
    done = pantau(tmp_path, "queue", "list")
    assert done.exit_code == 2
    assert "pantau init" in done.stderr


def test_a_setting_that_does_not_exist_is_named(home: Path) -> None:
    with (home / "pantau.toml").open("a", encoding="utf-8") as config:
        config.write('\n[web]\nwarna = "biru"\n')
    done = pantau(home, "queue", "list")
    assert done.exit_code == 2
    assert "web.warna" in done.stderr


@pytest.mark.parametrize("path", LISTINGS, ids=" ".join)
def test_json_is_json_and_nothing_else(home: Path, path: tuple[str, ...]) -> None:
    done = pantau(home, *path, "--json")
    assert done.exit_code in (0, 1), done.output
    json.loads(done.stdout)


def test_the_queue_has_its_fixed_shape(home: Path) -> None:
    queue = json.loads(pantau(home, "queue", "list", "--json").stdout)
    assert queue
    assert faults(queue, [CASE]) == []


def test_results_go_to_standard_output_and_troubles_to_standard_error(home: Path) -> None:
    command = [sys.executable, "-m", "monitor", "--workspace", str(home), "queue", "show", "999999", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pantau: ")


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "kantor"
    assert CliRunner().invoke(app, ["init", str(place)]).exit_code == 0
    before = {p: p.read_bytes() for p in place.rglob("*") if p.is_file() and p.suffix != ".db"}
    assert CliRunner().invoke(app, ["init", str(place)]).exit_code == 0
    assert {p: p.read_bytes() for p in place.rglob("*") if p.is_file() and p.suffix != ".db"} == before
    assert oct((place / "data" / "keys" / "utama.key").stat().st_mode)[-3:] == "600"


NEW_ROWS = "nip,nama,jenis,instansi,jabatan,wilayah,catatan\n197801012005011003,PEGAWAI BARU,pns,Dinas,Staf,99.01,\n"


def test_a_trial_import_of_a_register_writes_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "asn.csv").write_text(NEW_ROWS, encoding="utf-8")
    before, kept = rows(home), sorted((home / "roster").rglob("*"))
    done = pantau(home, "roster", "import", "asn", str(tmp_path / "asn.csv"), "--dry-run", "--json")
    assert done.exit_code == 0, done.output
    assert differences(before, rows(home)) == {}
    assert sorted((home / "roster").rglob("*")) == kept


def test_a_register_with_a_bad_row_is_refused_whole_and_the_row_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "asn.csv").write_text(NEW_ROWS + "12,TERLALU PENDEK,pns,Dinas,Staf,99.01,\n", encoding="utf-8")
    before = rows(home)
    done = pantau(home, "roster", "import", "asn", str(tmp_path / "asn.csv"))
    assert done.exit_code == 1
    assert "asn.csv, baris 3, kolom nip" in done.stderr
    assert differences(before, rows(home)) == {}


def case_for_two(home: Path) -> int:
    """Return a case that rests on more than likes and is waiting to be looked at."""
    queue = json.loads(pantau(home, "queue", "list", "--status", "baru", "--json").stdout)
    return next(int(c["id"]) for c in queue if {"comment", "post", "share"} & {hit["act"] for hit in c["hits"]})


def decide(home: Path, case: int, to: str, reason: str, name: str, **how: str) -> Result:
    return pantau(home, "queue", "decide", str(case), "--to", to, "--reason", reason, "--as", name, **how)


def test_two_people_carry_a_case_with_password_and_token_and_nobody_alone(home: Path) -> None:
    case = case_for_two(home)
    token = pantau(home, "users", "token", "bayu").stdout.strip().splitlines()[-1]
    assert decide(home, case, "ditinjau", "mulai_tinjau", "rina", typed=PASSWORD).exit_code == 0
    assert decide(home, case, "diusulkan", "indikasi_kuat", "rina", typed=PASSWORD).exit_code == 0
    alone = decide(home, case, "disetujui", "sesuai_usulan", "rina", typed=PASSWORD)
    assert (alone.exit_code, alone.stdout) == (3, "")
    assert decide(home, case, "disetujui", "sesuai_usulan", "bayu", token=token).exit_code == 2
    assert decide(home, case, "disetujui", "sesuai_usulan", "bayu", token=token, typed="keliru").exit_code == 3
    assert decide(home, case, "disetujui", "sesuai_usulan", "bayu", token=token, typed=PASSWORD).exit_code == 0
    shown = json.loads(pantau(home, "queue", "show", str(case), "--json").stdout)
    assert shown["status"] == "disetujui"
    assert [e["to_state"] for e in shown["detail"]["events"]][-3:] == ["ditinjau", "diusulkan", "disetujui"]
    assert pantau(home, "verify").exit_code == 0


def test_whoever_proposes_cannot_approve_even_with_the_role(home: Path) -> None:
    case = case_for_two(home)
    decide(home, case, "ditinjau", "mulai_tinjau", "bayu", typed=PASSWORD)
    decide(home, case, "diusulkan", "indikasi_kuat", "bayu", typed=PASSWORD)
    assert decide(home, case, "disetujui", "sesuai_usulan", "bayu", typed=PASSWORD).exit_code == 3


def test_a_step_that_does_not_exist_is_a_wrong_use(home: Path) -> None:
    case = case_for_two(home)
    assert decide(home, case, "terdaftar", "hasil_pleno", "rina", typed=PASSWORD).exit_code == 2


@pytest.mark.parametrize("how", [{"typed": "salah-semua-sandinya"}, {"token": "bukan-token"}])
def test_nobody_decides_without_proving_who_they_are(home: Path, how: dict[str, str]) -> None:
    before = rows(home)["review_event"]
    assert decide(home, case_for_two(home), "ditinjau", "mulai_tinjau", "rina", **how).exit_code == 3
    assert rows(home)["review_event"] == before


def test_a_token_of_somebody_else_is_refused(home: Path) -> None:
    token = pantau(home, "users", "token", "bayu").stdout.strip().splitlines()[-1]
    assert decide(home, case_for_two(home), "ditinjau", "mulai_tinjau", "rina", token=token).exit_code in (2, 3)


def test_a_password_read_from_standard_input_is_nowhere_on_disk_or_screen(home: Path) -> None:
    done = decide(home, case_for_two(home), "ditinjau", "mulai_tinjau", "rina", typed=PASSWORD)
    assert PASSWORD not in done.output
    assert [p for p in home.rglob("*") if p.is_file() and PASSWORD.encode() in p.read_bytes()] == []


def test_the_same_report_twice_has_the_same_bytes(home: Path, tmp_path: Path) -> None:
    digests = []
    for name in ("satu", "dua"):
        done = pantau(home, "report", "weekly", "--week", "2026-W46", "--output", str(tmp_path / name), "--json")
        assert done.exit_code == 0, done.output
        files = json.loads(done.stdout)["files"]
        digests.append({Path(f["path"]).name: f["sha256"] for f in files})
        assert all(hashlib.sha256(Path(f["path"]).read_bytes()).hexdigest() == f["sha256"] for f in files)
    assert digests[0] == digests[1]
    assert {Path(name).suffix for name in digests[0]} == {".xlsx", ".pdf", ".html", ".json", ".zip"}


def test_a_reader_that_hangs_up_is_no_fault_of_the_program(home: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "monitor", "--workspace", str(home), "queue", "list", "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_demonstration_is_played_in_the_named_workspace_and_never_over_an_office(tmp_path: Path) -> None:
    (tmp_path / "pantau.toml").write_text("# kantor\n")
    done = pantau(tmp_path, "demo")
    assert done.exit_code == 2
    assert f"{tmp_path} bukan ruang kerja peragaan" in done.stderr
