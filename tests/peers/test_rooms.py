from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.peers import rooms

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
MEMORY = Path("/dev/shm")


@pytest.fixture
def unnamed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No place is named by the environment."""
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", None)
    return monkeypatch


@pytest.mark.skipif(not MEMORY.is_dir(), reason="this machine gives no memory to files")
def test_files_are_in_memory_only_where_there_is_enough_of_it(unnamed: pytest.MonkeyPatch) -> None:
    unnamed.setattr(rooms, "ROOMY", 1)
    assert rooms.quick_folder() == MEMORY
    unnamed.setattr(rooms, "ROOMY", 2**60)
    assert rooms.quick_folder() != MEMORY


def test_a_machine_without_memory_for_files_uses_its_disk(unnamed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unnamed.setattr(rooms, "MEMORY", tmp_path / "none")
    assert rooms.quick_folder() == Path(tempfile.gettempdir())


def test_a_named_place_is_used(unnamed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unnamed.setenv("TMPDIR", str(tmp_path))
    assert rooms.quick_folder() == tmp_path


def test_folders_of_killed_runs_are_removed_and_those_of_others_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name, user in (("pytest-1", ended.pid), ("pytest-2", os.getpid()), ("pytest-3", None)):
        (tmp_path / "pytest-of-contoh" / name).mkdir(parents=True)
        if user is not None:
            (tmp_path / "pytest-of-contoh" / name / ".lock").write_text(str(user))
    rooms.remove_left_folders(tmp_path)
    assert sorted(path.name for path in (tmp_path / "pytest-of-contoh").iterdir()) == ["pytest-2", "pytest-3"]


def test_a_folder_goes_with_its_test_unless_that_failed_and_its_place_is_never_used_again(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.peers.rooms"]\n', encoding="utf-8")
    (tmp_path / "test_two.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('well', [True, True, False])\n"
        "def test_one(tmp_path, well):\n"
        "    with open('places', 'a') as places:\n"
        "        print(tmp_path, file=places)\n"
        "    assert well\n",
        encoding="utf-8",
    )
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--basetemp", str(tmp_path / "base")]
    subprocess.run([sys.executable, "-m", "pytest", *options], cwd=tmp_path, env=ENVIRONMENT, check=False)
    places = (tmp_path / "places").read_text(encoding="utf-8").split()
    assert len(set(places)) == 3
    assert [Path(place).exists() for place in places] == [False, False, True]
