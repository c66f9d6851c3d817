"""For `make soak`: an office without any network is installed, and the container's steps run on a bare Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import check_container_steps
from tests.peers import setup_machine
from tests.peers.require import leave_out

ALONE = ["unshare", "--net"]


@pytest.fixture(scope="module")
def gathered() -> Path:
    setup_machine.ensure_wheelhouse()
    return setup_machine.WHEELHOUSE


@pytest.fixture
def rooted() -> None:
    if os.geteuid() != 0:
        leave_out("an installation cut off from the network", "only root may take the network away")


@pytest.mark.usefixtures("rooted")
def test_bare_environment_without_a_network_plays_a_night(gathered: Path, tmp_path: Path) -> None:
    target = tmp_path / "pantau"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys.executable}
    done = subprocess.run(
        [*ALONE, "sh", str(gathered / "pasang.sh"), str(target)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    played = subprocess.run(
        [*ALONE, str(target / "bin" / "pantau"), "demo", "--directory", "peragaan"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr
    assert list((tmp_path / "peragaan" / "data" / "reports").glob("*.pdf"))


def test_steps_of_the_container_run_in_a_bare_environment(gathered: Path) -> None:
    assert check_container_steps.main(["--wheelhouse", str(gathered)]) == 0


@pytest.mark.usefixtures("rooted")
def test_image_serves_read_only_without_rights_on_a_bare_debian(gathered: Path) -> None:
    if shutil.which("debootstrap") is None:
        leave_out("the container's image", "debootstrap is not installed")
    assert check_container_steps.main(["--chroot", "--wheelhouse", str(gathered)]) == 0
