from __future__ import annotations

import contextlib
import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ImportFormatError
from scrapers.imports.archives import Limits, Unpacked, open_zip
from scrapers.imports.content import decode_body


def zipped(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def test_a_plain_entry_is_read_as_a_stream(tmp_path: Path) -> None:
    with open_zip(zipped(tmp_path / "a.zip", ("chat.txt", b"halo"))) as archive:
        assert archive.read("chat.txt", 100) == b"halo"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:/windows/a", "..\\b"])
def test_an_entry_that_points_outside_is_left_out_with_a_reason(tmp_path: Path, name: str) -> None:
    with open_zip(zipped(tmp_path / "a.zip", (name, b"x"), ("baik.txt", b"y"))) as archive:
        assert archive.names == ("baik.txt",)
        assert "di luar" in archive.left_out[0].reason or "ke luar" in archive.left_out[0].reason


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("../b.txt", b"x"), ("c.txt", b"y"))
    with open_zip(path) as archive:
        archive.read("c.txt", 10)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_left_out(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("tautan")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with open_zip(zipped(tmp_path / "a.zip", (link, b"/etc/passwd"))) as archive:
        assert archive.names == ()
        assert "tautan" in archive.left_out[0].reason


def test_an_archive_inside_an_archive_is_left_out(tmp_path: Path) -> None:
    with open_zip(zipped(tmp_path / "a.zip", ("dalam.zip", b"PK"))) as archive:
        assert "arsip di dalam arsip" in archive.left_out[0].reason


def test_an_encrypted_entry_is_left_out(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", ("rahasia.txt", b"x")).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    (tmp_path / "b.zip").write_bytes(data)
    with open_zip(tmp_path / "b.zip") as archive:
        assert "sandi" in archive.left_out[0].reason


def test_two_entries_of_one_name_refuse_the_file(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path / "a.zip", ("a.txt", b"x"), ("a.txt", b"y"))
    with pytest.raises(ImportFormatError, match="dua berkas bernama"), open_zip(path):
        pass


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("nol.txt", bytes(5 << 20)))
    with pytest.raises(ImportFormatError, match="bom zip"), open_zip(path):
        pass


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"x" * 100), ("b.txt", b"y" * 100))
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(ImportFormatError, match="saling menimpa"), open_zip(path):
        pass


@pytest.mark.parametrize(
    "limits", [Limits(entries=1), Limits(entry_bytes=3), Limits(total_bytes=5)], ids=["entries", "entry", "total"]
)
def test_limits_hold(tmp_path: Path, limits: Limits) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"xxxx"), ("b.txt", b"yyyy"))
    with pytest.raises(ImportFormatError), open_zip(path, limits):
        pass


def test_a_file_that_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 bukan")
    with pytest.raises(ImportFormatError, match=r"a\.zip"), open_zip(tmp_path / "a.zip"):
        pass


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"halo dunia" * 50))
    data = bytearray(path.read_bytes())
    data[40:48] = b"\xff" * 8
    path.write_bytes(data)
    with open_zip(path) as archive, pytest.raises(ImportFormatError, match=r"a\.txt"):
        archive.read("a.txt", 10_000)


@pytest.mark.parametrize("fault", [KeyError("bidang"), RecursionError("dalam")], ids=["key", "recursion"])
def test_a_fault_of_whoever_reads_an_entry_is_not_laid_to_the_archive(tmp_path: Path, fault: Exception) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"isi"))
    with pytest.raises(type(fault)), open_zip(path) as archive, archive.open("a.txt"):
        raise fault


def unpacked(data: bytes, limits: Limits | None = None) -> bytes:
    stream = Unpacked(io.BytesIO(data), "a.gz", limits)
    parts = []
    while part := stream.read(1000):
        parts.append(part)
    return b"".join(parts)


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=5))
def test_gzip_members_come_out_one_after_the_other(parts: list[bytes]) -> None:
    assert unpacked(b"".join(gzip.compress(part) for part in parts)) == b"".join(parts)


def test_a_plain_stream_comes_out_as_it_is() -> None:
    assert unpacked(b"WARC/1.0\r\n") == b"WARC/1.0\r\n"


def test_a_cut_gzip_gives_what_came_before() -> None:
    packed = gzip.compress(bytes(range(256)) * 40)
    stream = Unpacked(io.BytesIO(packed[:-20]), "a.gz")
    assert stream.read(100) == bytes(range(100))
    while stream.read(4096):
        pass
    assert stream.truncated


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(ImportFormatError, match="bom gzip"):
        unpacked(gzip.compress(bytes(40 << 20)))


@given(st.binary(max_size=400))
def test_any_bytes_unpack_or_are_refused(data: bytes) -> None:
    for head in (b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00"):
        try:
            unpacked(head + data)
        except ImportFormatError:
            continue


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "identity", "aneh", ""]))
def test_any_body_decodes_or_is_refused(body: bytes, coding: str) -> None:
    with contextlib.suppress(ImportFormatError):
        decode_body(body, "chunked", coding)
