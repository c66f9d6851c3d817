"""What counts as a web archive beside a find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.archives import is_web_archive
from tests.evidence.written_archives import wacz, zipped


def test_a_whole_archive_is_one() -> None:
    assert is_web_archive(wacz())


def test_zip_files_of_another_kind_are_none() -> None:
    said = b'{"resources": []}'
    assert not is_web_archive(zipped({"datapackage.json": said}))
    assert not is_web_archive(zipped({"archive/data.warc.gz": b"x"}))
    assert not is_web_archive(zipped({"datapackage.json": b"{", "archive/data.warc.gz": b"x"}))
    assert not is_web_archive(zipped({"datapackage.json": b"[]", "archive/data.warc.gz": b"x"}))
    assert not is_web_archive(zipped({"datapackage.json": said, "archive/gambar.png": b"x"}))


@given(st.data())
def test_a_damaged_archive_never_breaks_the_question(data: st.DataObject) -> None:
    whole = bytearray(wacz())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    is_web_archive(bytes(whole))
    assert not is_web_archive(bytes(whole[: data.draw(st.integers(0, len(whole) - 30))]))
