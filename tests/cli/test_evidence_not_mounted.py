"""Nothing is added to an empty folder where evidence should lie: the next night would take it for the right one."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest

from monitor.assembly import night
from monitor.cli.console import console_parts
from monitor.errors import EvidenceElsewhere
from monitor.scan.pictures import take_pictures
from monitor.workspace import Workspace, workspace
from tests.cli.terminal import PASSWORD, pantau


@pytest.fixture
def folder(home: Path) -> Path:
    """Where the share of the evidence is mounted, and now is not."""
    found = home / "data" / "evidence"
    shutil.rmtree(found)
    found.mkdir()
    return found


def opens() -> Never:
    raise AssertionError("no camera is opened for what cannot be kept")


def photograph(space: Workspace) -> None:
    with night(space, threading.Event()) as parts:
        take_pictures(parts, opens, everything=True)


def upload(space: Workspace) -> None:
    room = console_parts(space).pictures
    assert room is not None
    room.put(b"gambar contoh")


@pytest.mark.parametrize("add", [photograph, upload])
def test_no_picture_is_put_there(home: Path, folder: Path, add: Callable[[Workspace], None]) -> None:
    with workspace(home) as space, pytest.raises(EvidenceElsewhere, match="kosong, padahal"):
        add(space)
    assert list(folder.iterdir()) == []


def test_no_form_is_issued_there(home: Path, folder: Path) -> None:
    done = pantau(home, "form", "a", "1", "--issue", "--blanks", "--as", "rina", typed=PASSWORD)
    assert (done.exit_code, "kosong, padahal" in done.stderr) == (1, True)
    assert list(folder.iterdir()) == []
