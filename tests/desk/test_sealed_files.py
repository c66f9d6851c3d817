"""Files sealed in pieces: what goes in comes out, and nothing that was changed, cut or swapped does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.desk import sealed_files
from monitor.desk.file_names import safe_name
from monitor.desk.sealed_files import SealedWriter, pieces
from monitor.errors import EvidenceError, UsageError
from monitor.vault import Vault

LIMIT = 8 << 20


def write(folder: Path, vault: Vault, *parts: bytes) -> SealedWriter:
    with SealedWriter(folder, vault, LIMIT) as writer:
        for part in parts:
            writer.write(part)
        writer.finish()
    return writer


@given(parts=st.lists(st.tuples(st.binary(max_size=64), st.integers(0, 40_000)), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out(tmp_path: Path, vault: Vault, parts: list[tuple[bytes, int]]) -> None:
    given_parts = [part * times for part, times in parts]
    writer = write(tmp_path, vault, *given_parts)
    assert b"".join(pieces(tmp_path / writer.name, vault)) == b"".join(given_parts)
    assert writer.size == sum(map(len, given_parts))


def test_it_is_private_and_unreadable(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / write(tmp_path, vault, b"rahasia contoh" * 10).name
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"rahasia" not in path.read_bytes()


def records(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at : at + 4 + length])
        at += 4 + length
    return found


@pytest.mark.parametrize("how", ["cut", "swapped", "doubled", "changed", "mixed", "emptied"])
def test_what_was_changed_does_not_open(tmp_path: Path, vault: Vault, how: str) -> None:
    path = tmp_path / write(tmp_path, vault, os.urandom(3 << 20)).name
    other = tmp_path / write(tmp_path, vault, os.urandom(3 << 20)).name
    first, second, *rest = records(path.read_bytes())
    changed = {
        "cut": [first, second],
        "swapped": [second, first, *rest],
        "doubled": [first, second, *rest, *rest],
        "changed": [first, second[:-1] + bytes([second[-1] ^ 1]), *rest],
        "mixed": [first, records(other.read_bytes())[1], *rest],
        "emptied": [],
    }[how]
    path.write_bytes(b"".join(changed))
    with pytest.raises(EvidenceError):
        list(pieces(path, vault))


def test_another_key_opens_nothing(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / write(tmp_path, vault, b"isi").name
    with pytest.raises(EvidenceError):
        list(pieces(path, Vault(b"x" * 32)))


def test_a_file_that_is_not_finished_or_too_large_leaves_nothing(tmp_path: Path, vault: Vault) -> None:
    with SealedWriter(tmp_path / "u", vault, 10) as writer:
        writer.write(b"12345")
    with pytest.raises(UsageError), SealedWriter(tmp_path / "u", vault, 10) as writer:
        writer.write(b"12345678901")
    assert list((tmp_path / "u").iterdir()) == []


def test_an_opened_file_is_gone_afterwards(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / write(tmp_path, vault, b"isi").name
    with sealed_files.opened(path, "contoh.csv", vault) as plain:
        assert (plain.name, plain.read_bytes()) == ("contoh.csv", b"isi")
        assert plain.stat().st_mode & 0o077 == 0
    assert not plain.exists()


def test_strays_go_after_a_day_and_kept_ones_stay(tmp_path: Path, vault: Vault) -> None:
    kept, stray, young = (write(tmp_path, vault, b"x").name for _ in range(3))
    for name in (kept, stray):
        os.utime(tmp_path / name, (1, 1))
    sealed_files.clear_strays(tmp_path, frozenset({kept}), 100)
    assert {path.name for path in tmp_path.iterdir()} == {kept, young}


@given(st.text(max_size=400))
def test_a_safe_name_can_be_a_file_anywhere(name: str) -> None:
    kept = safe_name(name)
    assert kept
    assert kept not in (".", "..")
    assert not set(kept) & set("/\\\x00\u202e\u200f\n")
    assert kept.isprintable()
    assert len(kept.encode()) <= 255
    assert safe_name(kept) == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Chat WhatsApp dengan +62 812-3456-7890.txt", "Chat WhatsApp dengan [nomor].txt"),
        ("0812 3456 7890.zip", "[nomor].zip"),
        ("tangkapan 2024-10-20 08.00.ndjson", "tangkapan 2024-10-20 08.00.ndjson"),
        ("197803152005011003.csv", "[nomor].csv"),
    ],
)
def test_numbers_of_people_are_in_no_name(name: str, kept: str) -> None:
    assert safe_name(name) == kept
