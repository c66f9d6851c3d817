"""`pantau roster check` on files and on a workspace, and its warnings on import."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from monitor.cli.main import app

BUPATI = """\
contest: Bupati Contoh 2024
region: "99.01"
office: bupati
regime: pilkada
stages:
  - {kind: pra_penetapan, from: "2024-08-27T00:00:00+07:00"}
  - {kind: penetapan,     from: "2024-09-22T00:00:00+07:00"}
pairs:
  - number: 1
    status: [{from: "2024-09-22T00:00:00+07:00", is: calon}]
    people:
      - {role: utama, official_name: "H. BUDIARTO PERMISALI, S.E.", short_names: [Budiarto]}
      - {role: wakil, official_name: "SITI TELADANTI"}
    aliases: [SANTUN]
  - number: 2
    status: [{from: "2024-09-22T00:00:00+07:00", is: calon}]
    people:
      - {role: utama, official_name: "AGUNGSIH UMPAMAWAN"}
"""
MENDED = BUPATI.replace("[SANTUN]", '[{text: "SANTUN", requires: ["permisali", "paslon 1"]}]')
ELSEWHERE = {
    "Bupati Contoh": "Gubernur Contohan",
    '"99.01"': '"99"',
    "office: bupati": "office: gubernur",
    "BUDIARTO PERMISALI": "WIRYOTO SELATANI",
    "[Budiarto]": "[Wiryoto]",
    "SITI TELADANTI": "RINALDA UTARANI",
    "[SANTUN]": "[WIRIN]",
    "AGUNGSIH UMPAMAWAN": "BAMBANGSO TIMURAN",
}
GUBERNUR = BUPATI
for _written, _other in ELSEWHERE.items():
    GUBERNUR = GUBERNUR.replace(_written, _other)


def pantau(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments], env={"COLUMNS": "200"})


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a contest file and return its path."""

    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    office = tmp_path / "kantor"
    assert CliRunner().invoke(app, ["init", str(office)]).exit_code == 0
    return office


def test_a_file_without_collisions_ends_with_zero(tmp_path: Path, kept: Callable[[str, str], str]) -> None:
    done = pantau(tmp_path, "roster", "check", kept("bupati.yml", MENDED))
    assert (done.exit_code, done.stdout) == (0, "1 kontes diperiksa: tidak ada.\n")


def test_a_collision_ends_with_one_and_shows_what_to_paste(tmp_path: Path, kept: Callable[[str, str], str]) -> None:
    done = pantau(tmp_path, "roster", "check", kept("bupati.yml", BUPATI))
    assert (done.exit_code, "1 hal dalam register" in done.stderr) == (1, True)
    assert "[tinggi] Bupati Contoh 2024, pasangan 1, aliases" in done.stdout
    assert '- {text: "SANTUN", requires: ["budiarto", "permisali"' in done.stdout


def test_the_pasted_entry_is_read_and_silences_the_check(tmp_path: Path, kept: Callable[[str, str], str]) -> None:
    done = pantau(tmp_path, "roster", "check", kept("bupati.yml", BUPATI), "--json")
    (found,) = json.loads(done.stdout)["collisions"]
    (entry,) = yaml.safe_load("\n".join(found["proposal"]))["aliases"]
    pasted = BUPATI.replace("[SANTUN]", json.dumps([entry]))
    assert pantau(tmp_path, "roster", "check", kept("bupati.yml", pasted)).exit_code == 0


def test_files_are_checked_against_each_other(tmp_path: Path, kept: Callable[[str, str], str]) -> None:
    files = kept("bupati.yml", MENDED), kept("gubernur.yml", GUBERNUR)
    said = json.loads(pantau(tmp_path, "roster", "check", *files, "--json").stdout)
    assert (said["ok"], said["contests"], {c["kind"] for c in said["collisions"]}) == (False, 2, {"nomor_sama"})
    assert {(c["contest"], c["pair"]) for c in said["collisions"]} == {
        (contest, pair) for contest in ("Bupati Contoh 2024", "Gubernur Contohan 2024") for pair in (1, 2)
    }


def test_mistakes_of_every_file_are_named(tmp_path: Path, kept: Callable[[str, str], str]) -> None:
    files = [kept(f"{n}.yml", BUPATI.replace("bupati", "bupatih")) for n in ("satu", "dua")]
    done = pantau(tmp_path, "roster", "check", *files)
    assert done.exit_code == 1
    assert all(f"{n}.yml, baris 3, kolom office" in done.stderr for n in ("satu", "dua"))


def test_without_files_the_workspace_is_checked(home: Path, kept: Callable[[str, str], str]) -> None:
    for name, text in (("bupati.yml", MENDED), ("gubernur.yml", GUBERNUR)):
        assert pantau(home, "roster", "import", "kontes", kept(name, text)).exit_code == 0
    done = pantau(home, "roster", "check", "--json")
    assert (done.exit_code, json.loads(done.stdout)["counts"]) == (1, {"tinggi": 0, "menengah": 4, "rendah": 0})


def test_an_empty_workspace_has_nothing_to_say(home: Path) -> None:
    assert json.loads(pantau(home, "roster", "check", "--json").stdout)["contests"] == 0


@pytest.mark.parametrize("options", [("--dry-run",), ()])
def test_an_import_warns_and_refuses_nothing(
    home: Path, kept: Callable[[str, str], str], options: tuple[str, ...]
) -> None:
    done = pantau(home, "roster", "import", "kontes", kept("bupati.yml", BUPATI), *options)
    assert done.exit_code == 0
    (line,) = [line for line in done.stdout.splitlines() if "SANTUN" in line]
    assert line.startswith("peringatan: bupati.yml, kolom pairs[1].aliases: 'SANTUN' kata sehari-hari")


def test_an_import_warns_of_contests_already_stored(home: Path, kept: Callable[[str, str], str]) -> None:
    pantau(home, "roster", "import", "kontes", kept("gubernur.yml", GUBERNUR))
    done = pantau(home, "roster", "import", "kontes", kept("bupati.yml", MENDED), "--json")
    said = [w for w in json.loads(done.stdout)["warnings"] if "Gubernur Contohan 2024" in w["problem"]]
    assert [w["column"] for w in said] == ["pairs[1].number", "pairs[2].number"]
