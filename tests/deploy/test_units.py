"""The schedule for other keepers of time: systemd takes the units, and they are as closed as the guide says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.domain import Job
from monitor.errors import ConfigError
from monitor.jobs.units import Layout, crontab, layout_of, systemd_units
from monitor.settings import Settings
from scripts import write_units
from tests.conftest import unavailable

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(name for name in write_units.units() if name.endswith(".service"))


def settings(home: Path, **sections: object) -> Settings:
    return Settings(home=home, **sections)  # type: ignore[arg-type]  # sections by name


def analyze(*words: str, cwd: Path) -> str:
    if shutil.which("systemd-analyze") is None:
        unavailable("systemd-analyze tidak ada")
    said = subprocess.run(["systemd-analyze", *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout + said.stderr


def test_the_units_in_the_project_are_those_that_the_command_prints() -> None:
    folder = ROOT / "deploy" / "systemd"
    found = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert found == write_units.units()


def test_systemd_takes_every_unit_without_a_word(tmp_path: Path) -> None:
    """With a workspace whose path needs care, and the interpreter as the command, since it exists."""
    home = tmp_path / "ruang kerja 100%"
    home.mkdir()
    asked = settings(home, backup={"folder": tmp_path / "cadangan $HOME"})
    units = systemd_units(
        asked, Layout((sys.executable, "-m", "monitor"), home, (tmp_path / "cadangan $HOME",), "root")
    )
    folder = tmp_path / "unit"
    for name, text in units.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    names = [f"./{name}" for name in units if not name.endswith(".conf")]
    assert analyze("verify", "--man=no", *names, cwd=folder) == ""


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_as_closed_as_the_guide_says(name: str) -> None:
    said = analyze("security", "--offline=true", "--no-pager", f"./{name}", cwd=ROOT / "deploy" / "systemd")
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None
    guide = (ROOT / "docs" / "jadwal.md").read_text(encoding="utf-8")
    assert f"| `{name}` | {found[1].replace('.', ',')} |" in guide


def test_every_job_has_its_timer_and_its_line(tmp_path: Path) -> None:
    asked = settings(tmp_path, backup={"folder": "/srv/cadangan"})
    timers = {name for name in systemd_units(asked, layout_of(asked, "pantau")) if name.endswith(".timer")}
    assert timers == {f"pantau-{job.value}.timer" for job in Job} | {"pantau-susulan.timer"}
    assert {line.split()[-4] for line in crontab(asked).splitlines() if " once " in line} == {job.value for job in Job}


def test_a_line_of_the_crontab_names_zone_time_workspace_and_what_it_does(tmp_path: Path) -> None:
    lines = crontab(settings(tmp_path / "ruang 100%", agency={"timezone": "Asia/Jayapura"}))
    assert "CRON_TZ=Asia/Jayapura" in lines
    night = next(line for line in lines.splitlines() if "once nightly" in line)
    assert night.startswith("30 1 * * * ")
    assert f"--workspace '{tmp_path}/ruang 100\\%' schedule once nightly --if-due" in night
    assert lines.rstrip().splitlines()[-1].startswith("*/10 * * * * ")


def test_a_workspace_among_homes_is_readable_for_its_own_unit(tmp_path: Path) -> None:
    asked = settings(tmp_path)
    unit = systemd_units(asked, Layout(("/home/rina/pantau",), Path("/home/rina/kantor"), ()))["pantau-jadwal.service"]
    assert "ProtectHome=read-only" in unit
    assert "ReadWritePaths=/home/rina/kantor" in unit


def test_a_wrong_time_is_refused_before_a_unit_is_written(tmp_path: Path) -> None:
    asked = settings(tmp_path, schedule={"nightly": "tiap malam"})
    with pytest.raises(ConfigError, match="tiap malam"):
        systemd_units(asked, layout_of(asked, "pantau"))


@pytest.mark.parametrize(
    ("cron", "plain"),
    [
        ("0 6 * * fri-mon", "0 6 * * 5,6,0,1"),
        ("0 6 * * mon,thu", "0 6 * * 1,4"),
        ("0 6 1 jan-mar *", "0 6 1 1-3 *"),
        ("0 6 * SEP-dec/2,feb sun", "0 6 * 9-12/2,2 0"),
        ("*/5 * * * *", "*/5 * * * *"),
    ],
)
def test_the_crontab_names_neither_days_nor_months_since_cron_takes_no_name_in_a_list_or_a_span(
    tmp_path: Path, cron: str, plain: str
) -> None:
    lines = crontab(settings(tmp_path, schedule={"weekly": cron})).splitlines()
    assert [" ".join(line.split()[:5]) for line in lines if " once weekly " in line] == [plain]


def test_a_line_of_the_crontab_runs_as_it_stands(tmp_path: Path) -> None:
    """Cron hands a line to a shell after it has read its own signs."""
    line = crontab(settings(tmp_path / "bukan ruang kerja")).splitlines()[-1].replace(r"\%", "%")
    said = subprocess.run(
        ["/bin/sh", "-c", line.split(maxsplit=5)[5]], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert said.returncode == 2
    assert "bukan ruang kerja" in said.stderr
