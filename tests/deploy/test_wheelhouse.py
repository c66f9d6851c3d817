"""What an office without internet is brought: whole, unaltered, and a program that runs from its wheel alone."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from scripts import wheelhouse
from tests.peers import setup_machine
from tests.peers.require import leave_out

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheelhouse")]


@pytest.fixture(scope="module")
def gathered() -> Path:
    folder = setup_machine.WHEELHOUSE
    if not (folder / wheelhouse.STAMP).exists():
        leave_out("the wheelhouse", "its wheels could not be fetched")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A wheelhouse with a list of sums and one wheel, for what the script does before it installs."""
    folder = tmp_path / "bekal"
    (folder / "roda").mkdir(parents=True)
    (folder / "roda" / "contoh-1-py3-none-any.whl").write_bytes(b"contoh")
    (folder / "pasang.sh").write_text(wheelhouse.SCRIPT, encoding="utf-8")
    (folder / wheelhouse.SUMS).write_text(wheelhouse.sums(folder), encoding="utf-8")
    return folder


def test_every_pinned_library_is_there_with_a_hash_of_the_lock_file(gathered: Path) -> None:
    lock = wheelhouse.LOCK.read_text(encoding="utf-8")
    pinned = [Requirement(line) for line in re.findall(r"(?m)^([a-z0-9].*?) \\$", lock)]
    wanted = {(one.name, str(one.specifier)[2:]) for one in pinned if one.marker is None or one.marker.evaluate()}
    wheels = list((gathered / wheelhouse.WHEELS).iterdir())
    held = {(name, str(version)) for name, version, _, _ in (parse_wheel_filename(path.name) for path in wheels)}
    assert len(wanted) > 50
    assert held == wanted
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() in lock for path in wheels)


def test_sums_name_every_file(gathered: Path) -> None:
    listed = {line.split("  ")[1] for line in (gathered / wheelhouse.SUMS).read_text(encoding="utf-8").splitlines()}
    held = {path.relative_to(gathered).as_posix() for path in gathered.rglob("*") if path.is_file()}
    assert held - listed == {wheelhouse.SUMS, wheelhouse.STAMP}


def test_altered_wheel_is_refused_before_anything_is_installed(small: Path, tmp_path: Path) -> None:
    (small / "roda" / "contoh-1-py3-none-any.whl").write_bytes(b"lain")
    done = install(small, tmp_path / "tujuan")
    assert done.returncode == 1
    assert "Berkas rusak atau diubah" in done.stderr
    assert not (tmp_path / "tujuan").exists()


def test_target_must_be_named(small: Path) -> None:
    done = subprocess.run(["sh", str(small / "pasang.sh")], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "sebut folder tujuan" in done.stderr


def test_lock_file_that_changed_asks_for_new_wheels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = wheelhouse.stamp()
    (tmp_path / "app.txt").write_text("contoh==2\n", encoding="utf-8")
    monkeypatch.setattr(wheelhouse, "LOCK", tmp_path / "app.txt")
    assert wheelhouse.stamp() != before


def test_wheel_holds_every_file_of_the_packages(gathered: Path) -> None:
    (wheel,) = gathered.glob("pantau_netralitas-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    asked = ["git", "ls-files", "monitor", "rules", "scrapers", "db"]
    tracked = subprocess.run(asked, cwd=wheelhouse.ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in tracked if (wheelhouse.ROOT / name).exists()} <= held


def test_workspace_is_made_by_the_wheel_alone(gathered: Path, tmp_path: Path) -> None:
    """Only the libraries come from this environment: the sources are out of reach."""
    (wheel,) = gathered.glob("pantau_netralitas-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "pasangan")
    libraries = tmp_path / "pustaka"
    libraries.mkdir()
    for path in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if "pantau" not in path.name and path.name != "__pycache__":
            (libraries / path.name).symlink_to(path)
    known = f"{tmp_path / 'pasangan'}:{libraries}"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": known, "HOME": str(tmp_path)}
    run = [sys.executable, "-S", "-m", "monitor", "init", "ruang"]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ruang" / "data" / "pantau.db").stat().st_size > 100_000


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", str(folder / "pasang.sh"), str(target)], capture_output=True, text=True, check=False)
