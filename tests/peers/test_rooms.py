from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import time
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
    folder, now = tmp_path / "pytest-of-contoh", time.time()
    for name, user, age in (
        ("killed", ended.pid, 3600),
        ("here", os.getpid(), 3600),
        ("over", None, 3600),
        ("begun", ended.pid, 1),
        ("in-another-container", ended.pid, 3600),
    ):
        (folder / f"pytest-{name}").mkdir(parents=True)
        if user is not None:
            lock = folder / f"pytest-{name}" / ".lock"
            lock.write_text(str(user))
            os.utime(lock, (now - age, now - age))
    claimed = rooms.claim(folder / "pytest-in-another-container")
    rooms.remove_left_folders(tmp_path)
    os.close(claimed)
    left = sorted(path.name.removeprefix("pytest-") for path in folder.iterdir())
    assert left == ["begun", "here", "in-another-container", "over"]


def test_a_run_claims_its_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    run = base.parent if base.name.startswith("popen-") else base
    handle = os.open(run, os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)


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
