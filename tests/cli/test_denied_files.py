"""Commands that the system refuses a file say which, what is lacking and how to mend it, in Indonesian."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import Result

from monitor.cli.main import app
from tests.cli.terminal import pantau
from tests.cli.test_command_line import commands
from tests.powers import as_anybody


@contextmanager
def closed(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        with as_anybody():
            yield
    finally:
        path.chmod(mode)


def refused(home: Path, place: str, *command: str) -> Result:
    with closed(home / place):
        return pantau(home, *command)


@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("pantau.toml", ("queue", "list")),
        ("data", ("queue", "list")),
        ("data/keys/utama.key", ("queue", "list")),
        ("data/pantau.db", ("queue", "list")),
        ("data/evidence", ("evidence", "verify")),
        ("roster", ("roster", "import", "asn", "{home}/pegawai.csv")),
        ("pegawai.csv", ("roster", "import", "asn", "{home}/pegawai.csv")),
        ("pegawai.csv", ("import", "{home}/pegawai.csv")),
        ("pegawai.csv", ("bundle", "verify", "{home}/pegawai.csv")),
        ("folder", ("report", "weekly", "--output", "{home}/folder")),
        ("folder", ("backup", "{home}/folder")),
    ],
)
def test_a_refused_file_is_named_with_what_is_lacking_and_the_mend(
    home: Path, place: str, command: tuple[str, ...]
) -> None:
    row = "197101011996012901,PEGAWAI CONTOH SATU,pns,Dinas Kesehatan Kabupaten Contoh"
    (home / "pegawai.csv").write_text(f"nip,nama,jenis,instansi\n{row}\n", encoding="utf-8")
    (home / "folder").mkdir()
    done = refused(home, place, *(word.format(home=home) for word in command))
    assert done.exit_code in (1, 2), done.output
    assert f"`chmod u+rwX {home / place}`" in done.output, done.output
    assert "tidak boleh" in done.output
    assert "Permission denied" not in done.output


def test_a_key_that_may_not_be_read_is_no_reason_to_make_a_new_workspace(home: Path) -> None:
    assert "pantau init" not in refused(home, "data/keys/utama.key", "queue", "list").output


def test_a_key_of_backups_that_may_not_be_read_is_told_with_what_is_lacking(home: Path, tmp_path: Path) -> None:
    key = home / "data" / "keys" / "cadangan.key"
    key.touch(0o600)
    done = refused(home, "data/keys/cadangan.key", "backup", str(tmp_path / "cadangan"))
    assert f"`chmod u+rwX {key}`" in done.output
    assert "--identity" not in done.output


def test_a_workspace_that_may_not_be_entered_is_told_in_indonesian(home: Path) -> None:
    done = refused(home, ".", "queue", "list")
    assert done.exit_code == 2
    assert f"tidak boleh membuka folder {home}" in done.output


def test_no_command_lets_its_library_say_in_english_that_a_file_may_not_be_read() -> None:
    paths = [
        parameter.type_descriptor.parameter_info
        for _, command in commands(typer.main.get_command(app))
        for parameter in command.params
        if hasattr(parameter, "type_descriptor") and parameter.type_descriptor.is_path
    ]
    assert len(paths) > 15
    assert not any(info.readable for info in paths)
