"""Zips of the one form: any program opens them, and nothing else passes for one of them."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import EvidenceError
from monitor.evidence import zip_file
from monitor.evidence.zip_file import Slice, ZipFault

FILES: dict[str, zip_file.Source] = {"a.txt": b"satu", "gambar/b.bin": bytes(range(256)), "kosong": b""}


def written(files: dict[str, zip_file.Source] = FILES) -> bytes:
    out = io.BytesIO()
    zip_file.write(files, out)
    return out.getvalue()


def part(data: bytes) -> Slice:
    return Slice(io.BytesIO(data), 0, len(data))


def read(data: bytes) -> dict[str, bytes]:
    return {one.name: zip_file.read_member(part(data), one, 1 << 20) for one in zip_file.members(part(data))}


def refused(data: bytes) -> ZipFault:
    with pytest.raises(ZipFault) as fault:
        read(data)
    return fault.value


def foreign(*files: tuple[zipfile.ZipInfo | str, bytes], packed: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def test_the_standard_library_reads_what_is_written() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES


def test_members_are_read_back(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"dari cakram" * 90_000)
    assert read(written({**FILES, "c.bin": tmp_path / "c"})) == {**FILES, "c.bin": b"dari cakram" * 90_000}


def test_the_order_of_files_changes_nothing() -> None:
    assert written(dict(reversed(FILES.items()))) == written()


@given(st.integers(0, len(written()) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(at: int, change: int) -> None:
    data = bytearray(written())
    data[at] ^= change
    refused(bytes(data))


@given(st.integers(0, len(written()) - 1))
def test_a_zip_cut_anywhere_is_refused(length: int) -> None:
    refused(written()[:length])


@given(st.binary(max_size=2000))
def test_rubbish_is_refused(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_added_bytes_are_found(place: float) -> None:
    data = written()
    at = int(len(data) * place)
    refused(data[:at] + b"x" + data[at:])


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    fault = refused(foreign(("bom.bin", b"\0" * 50_000_000), packed=zipfile.ZIP_DEFLATED))
    assert fault.name == "bom.bin"
    assert "dimampatkan" in fault.problem


@pytest.mark.parametrize(
    "name", ["../luar.txt", "/etc/passwd", "a/../../b", "a\\..\\b", "C:/b", ".tersembunyi", "a//b"]
)
def test_a_way_out_of_the_folder_is_refused(name: str) -> None:
    assert "tidak wajar" in refused(foreign((name, b"x"))).problem


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    refused(foreign(("a.txt", b"1"), ("a.txt", b"2")))


def test_two_members_of_one_name_are_refused_in_our_own_form() -> None:
    data = written({"a.txt": b"1", "b.txt": b"1"}).replace(b"b.txt", b"a.txt")
    assert (refused(data).name, refused(data).problem) == ("a.txt", "ada dua kali")


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("tautan", (1980, 1, 1, 0, 0, 0))
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert refused(foreign((link, b"/etc/passwd"))).name == "tautan"


def test_a_comment_is_refused() -> None:
    out = io.BytesIO(written())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"titipan"
    refused(out.getvalue())


@pytest.mark.parametrize("name", ["../a", "", "a/", "å.txt", "x" * 201])
def test_a_name_that_is_not_plain_is_not_written(name: str) -> None:
    with pytest.raises(EvidenceError):
        written({name: b""})


def test_a_member_larger_than_allowed_is_not_read() -> None:
    whole = part(written({"a.txt": b"x" * 100}))
    with pytest.raises(ZipFault, match="wajar"):
        zip_file.read_member(whole, zip_file.members(whole)[0], 99)
