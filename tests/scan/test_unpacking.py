"""What folders and zips bring, whatever is put into them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from monitor.scan.unpacking import brought

PAGE = "<html><body>Halo</body></html>"


def test_a_name_longer_than_a_file_system_takes_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "kumpulan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\U0001f600" * 100 + ".html", PAGE)
    with brought([path], None) as files:
        assert [file.path.read_text(encoding="utf-8") for file in files] == [PAGE]


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "kumpulan"
    folder.mkdir()
    (tmp_path / "rahasia.html").write_text(PAGE, encoding="utf-8")
    (folder / "tautan.html").symlink_to(tmp_path / "rahasia.html")
    with brought([folder], None) as files:
        assert files == ()


@pytest.mark.parametrize(("owner", "stays"), [("4194305", False), ("kami", True), ("tanpa", True)])
def test_what_a_killed_import_unpacked_is_cleared_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, stays: bool
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    number = str(os.getpid()) if owner == "kami" else owner
    left = tmp_path / f"pantau-impor-{number}-abc"
    left.mkdir()
    (left / "anggota.txt").write_text("isi")
    with brought((), None):
        assert left.exists() is stays
