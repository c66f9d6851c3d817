"""A file that the system refuses is named with what is lacking, whose it is, and the command that changes it."""

from __future__ import annotations

import errno
import os
import pwd
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor.backup.keys import read_identities
from monitor.backup.layout import read_contents
from monitor.denials import allowing, mending, system_user
from monitor.desk.calendar import office_days
from monitor.errors import PantauError
from monitor.evidence.timestamps import load_certificates
from monitor.scan.mappings import load_mapping
from tests.conftest import unavailable
from tests.powers import as_anybody

ME = system_user(os.geteuid())
STRANGER = 4711


def handed_over(path: Path, mode: int, user: int = STRANGER) -> None:
    if os.geteuid() != 0:
        unavailable("hanya root dapat memberikan berkas kepada pengguna lain")
    path.chmod(mode)
    os.chown(path, user, user)


def told(path: Path) -> str:
    with as_anybody():
        return allowing(path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "pantau.toml").touch()
    return tmp_path


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_a_file_of_ones_own_is_opened_with_chmod(home: Path) -> None:
    file = home / "pantau.toml"
    file.chmod(0)
    assert told(file) == (f"pengguna sistem {ME} tidak boleh membaca {file}, milik {ME}: jalankan `chmod u+rwX {file}`")


def test_a_folder_on_the_way_is_what_is_named(home: Path) -> None:
    folder = home / "data"
    (folder / "keys").mkdir(parents=True)
    folder.chmod(0o600)
    words = told(folder / "keys" / "utama.key")
    folder.chmod(0o700)
    assert f"tidak boleh membuka folder {folder}," in words


def test_a_closed_folder_behind_a_link_is_named_where_it_lies(home: Path) -> None:
    folder = home / "cakram"
    (folder / "bukti").mkdir(parents=True)
    (home / "bukti").symlink_to(folder / "bukti")
    folder.chmod(0)
    words = told(home / "bukti" / "ab")
    folder.chmod(0o700)
    assert f"tidak boleh membuka folder {folder}," in words


def test_a_disk_that_is_mounted_for_reading_is_no_matter_of_permissions(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.access
    monkeypatch.setattr(os, "access", lambda path, how, **given: not how & os.W_OK and usual(path, how, **given))
    assert "chmod" in allowing(home / "pantau.toml")
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    assert allowing(home / "pantau.toml") == ""


def test_the_command_holds_for_names_with_spaces(home: Path) -> None:
    file = home / "daftar pegawai.csv"
    file.touch()
    file.chmod(0)
    assert told(file).endswith(f"jalankan `chmod u+rwX '{file}'`")


def test_a_file_of_another_user_in_ones_own_workspace_is_taken_back_with_the_whole_workspace(home: Path) -> None:
    file = home / "kunci"
    file.touch()
    handed_over(file, 0o600)
    words = told(file)
    assert f"tidak boleh membaca {file}, milik nomor {STRANGER}" in words
    assert f"`sudo chown -R {ME} {home}`" in words


def test_a_file_that_is_only_read_is_told_as_not_to_be_written(home: Path) -> None:
    file = home / "pantau.db"
    file.touch()
    handed_over(file, 0o644)
    assert f"tidak boleh menulis {file}," in told(file)


def test_who_works_in_another_users_workspace_is_told_to_work_as_that_user(home: Path) -> None:
    folder = home / "data"
    folder.mkdir(0o700)
    for path in (home, folder):
        handed_over(path, 0o700 if path is folder else 0o755)
    assert f"`sudo -u #{STRANGER} pantau …`" in told(folder / "pantau.db")


def test_a_folder_that_takes_no_file_is_named_where_the_file_is_not_there_yet(elsewhere: Path) -> None:
    folder = elsewhere / "cadangan"
    folder.mkdir()
    handed_over(folder, 0o755, user=4712)
    assert f"tidak boleh menulis di folder {folder}, milik nomor 4712" in told(folder / "baru.age")


def test_nobody_is_told_to_take_over_a_folder_of_the_system_or_of_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    other = next(user for user in pwd.getpwall() if user.pw_uid != os.geteuid() and Path(user.pw_dir).is_dir())
    monkeypatch.setattr(os, "geteuid", lambda: STRANGER)
    monkeypatch.setattr(os, "access", lambda path, how, **_: Path(path) != Path(other.pw_dir))
    assert "chown" not in allowing(Path(other.pw_dir) / "asn.csv")


def test_what_is_not_refused_or_not_there_has_no_words(home: Path) -> None:
    assert told(home / "pantau.toml") == ""
    assert told(home / "tidak-ada" / "berkas") == ""


def test_other_failures_keep_their_own_mend(home: Path) -> None:
    assert mending(OSError(errno.ENOSPC, "full", str(home)), "kosongkan ruang") == "kosongkan ruang"
    assert mending(PermissionError(errno.EACCES, "no"), "periksa izin") == "periksa izin"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("libur.csv", office_days),
        ("cadangan.key", read_identities),
        ("sertifikat.pem", load_certificates),
        ("isi.json", lambda file: read_contents(file.parent)),
        ("peta.toml", lambda file: load_mapping(file.parent, str(file))),
    ],
)
def test_whoever_reads_a_file_tells_what_is_lacking(home: Path, name: str, read: Callable[[Path], object]) -> None:
    file = home / name
    file.touch()
    file.chmod(0)
    with as_anybody(), pytest.raises(PantauError, match=f"`chmod u\\+rwX {file}`"):
        read(file)
