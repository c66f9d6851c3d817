"""A mistyped command line is told in Indonesian, in a line, with where the help is; the exit code stays 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import pantau

WRONG = {
    "scan --nope": "Opsi --nope tidak ada; mungkin maksudnya --since — lihat `pantau scan -h`",
    "backup": "DIR belum disebut — lihat `pantau backup -h`",
    "backup a --keep -3": "Isi --keep keliru: paling kecil 0 — lihat `pantau backup -h`",
    "backup a --keep": "Opsi --keep harus diikuti isinya — lihat `pantau -h`",
    "doctor --seconds banyak": "Isi --seconds keliru: isi bilangan — lihat `pantau doctor -h`",
    "worker --concurrency 1.5": "Isi --concurrency keliru: isi bilangan bulat — lihat `pantau worker -h`",
    "scan lebih": "Isian lebih tidak diharapkan di situ — lihat `pantau scan -h`",
    "verify --json=1": "Opsi --json tidak diikuti isi — lihat `pantau -h`",
    "bakup": "Perintah 'bakup' tidak ada; mungkin maksudnya 'backup' — lihat `pantau -h`",
    "schedule runn": "Perintah 'runn' tidak ada; mungkin maksudnya 'run' — lihat `pantau schedule -h`",
    "schedule once malam": "Isi PEKERJAAN keliru: 'malam' bukan salah satu dari 'nightly', 'revisit'",
    "schedule once": "PEKERJAAN belum disebut; pilih salah satu: nightly, revisit",
    "finds add": "belum disebut",
    "bundle create 1": "Opsi --output atau -o belum disebut — lihat `pantau bundle create -h`",
    "roster import nip a.csv": "Isi JENIS keliru: 'nip' bukan salah satu dari 'asn', 'akun', 'kontes'",
    "roster import": "JENIS belum disebut; pilih salah satu: asn, akun, kontes",
    "users add": "NAMA belum disebut",
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_mistyped_is_told_in_a_line(tmp_path: Path, typed: str) -> None:
    done = pantau(tmp_path, *typed.split())
    assert done.exit_code == 2
    assert done.stderr.startswith("pantau: ")
    assert WRONG[typed] in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_group_without_a_command_shows_its_help_and_nothing_else(tmp_path: Path) -> None:
    done = pantau(tmp_path, "schedule")
    assert done.exit_code == 2
    assert "pantau: " not in done.output


def test_a_help_that_finds_no_room_says_so_in_a_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "-h"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "pantau: keluaran perintah ini tidak dapat ditulis: cakram penuh\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_what_the_program_itself_says_of_a_value_stays(tmp_path: Path) -> None:
    done = pantau(tmp_path, "worker", "--shard", "jateng")
    assert (done.exit_code, "bukan kode provinsi" in done.output) == (2, True)
