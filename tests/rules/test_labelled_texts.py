from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from rules import labelled
from rules.labelled import Batch, read_batches, read_texts, texts_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "teks.jsonl"


def test_every_field_of_a_line_is_read(path: Path) -> None:
    line = {
        "id": "a", "text": "halo", "pairs": [1, {"contest": "Bupati Contoh", "number": 2}],
        "parent": {"text": "induk", "author": "@akun", "lain": 1}, "contest": "Bupati Contoh", "lain": [{}],
    }  # fmt: skip
    path.write_text(json.dumps(line), encoding="utf-8")
    (text,) = read_texts(path)
    assert (text.id, text.text, text.parent, text.parent_author) == ("a", "halo", "induk", "@akun")
    assert text.pairs == {("", 1), ("Bupati Contoh", 2)}
    assert text.contest == "Bupati Contoh"


def test_texts_without_labels_differ_from_texts_labelled_with_nobody(path: Path) -> None:
    path.write_text('{"id": 1, "text": "a"}\n{"id": 2, "text": "a", "pairs": []}\n', encoding="utf-8")
    assert [text.pairs for text in read_texts(path)] == [None, frozenset()]


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbf{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n',
        b'{"id": 1, "text": "a"}\r\n\r\n{"id": 2, "text": "b"}',
        b'\n  \n{"id": 1, "text": "a"}\n\n{"id": 2, "text": "b"}\n\n',
        b'\xef\xbb\xbf\r\n{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}',
    ],
    ids=["byte order mark", "windows line ends", "blank lines", "mark on a blank line"],
)
def test_what_editors_do_to_files_does_not_matter(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    assert [(text.id, text.text) for text in read_texts(path)] == [(1, "a"), (2, "b")]


def test_an_empty_file_has_no_texts(path: Path) -> None:
    path.write_bytes(b"")
    assert list(read_texts(path)) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"bukan json", "bukan JSON"),
        (b'{"id": 1, "text": "a"', "bukan JSON"),
        (b"[1, 2]", "bukan objek JSON"),
        (b'{"id": 1}', "kolom `text` wajib ada"),
        (b'{"text": "a"}', "kolom `id` wajib ada"),
        (b'{"id": 1, "text": 3}', "kolom `text` wajib ada"),
        (b'{"id": 1, "text": "\xff"}', "bukan UTF-8"),
        (b'{"id": 1, "text": "a", "pairs": ["x"]}', "`pairs`"),
        (b'{"id": 1, "text": "a", "pairs": [true]}', "`pairs`"),
        (b"[" * 100_000, "bukan JSON"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line_with_a_mend(line: bytes, said: str, path: Path) -> None:
    path.write_bytes(b'{"id": 0, "text": "a"}\n\n' + line + b"\n")
    with pytest.raises(ConfigError, match=r"^teks\.jsonl:3: ") as caught:
        list(read_texts(path))
    assert said in caught.value.message
    assert caught.value.mend
    assert caught.value.exit_code == 2


def test_utf_16_is_told_from_broken_json(path: Path) -> None:
    path.write_text('{"id": 1, "text": "a"}\n', encoding="utf-16")
    with pytest.raises(ConfigError, match="UTF-16"):
        list(read_texts(path))


def test_a_line_without_end_is_refused_and_not_read_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "LONGEST_LINE", 1000)
    path.write_bytes(b'{"id": 1, "text": "a"}\n{"id": 2, "text": "' + b"a" * 5000)
    with pytest.raises(ConfigError, match=r"^teks\.jsonl:2: baris lebih panjang"):
        list(read_texts(path))


def test_a_long_line_within_the_bound_is_one_text(path: Path) -> None:
    path.write_text(json.dumps({"id": 1, "text": "panjang " * 250_000}) + '\n{"id": 2, "text": "b"}', encoding="utf-8")
    assert [len(text.text) for text in read_texts(path)] == [2_000_000, 1]


def test_a_missing_file_is_a_mistake_of_the_command(path: Path) -> None:
    with pytest.raises(ConfigError, match="tidak dapat dibuka"):
        list(read_texts(path))


def test_lone_surrogates_and_raw_surrogate_bytes_are_read(path: Path) -> None:
    path.write_bytes(b'{"id": "\\ud800", "text": "\\ud83d x"}\n{"id": 2, "text": "\xed\xa0\x80"}\n')
    assert [text.text for text in read_texts(path)] == ["\ud83d x", "\ud800"]


@given(st.lists(st.integers(1, 400), max_size=30), st.integers(1, 7))
def test_batches_hold_every_line_once_in_order(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], size: int
) -> None:
    path = tmp_path_factory.mktemp("b") / "teks.jsonl"
    path.write_bytes(b"".join(b"x" * n + b"\n" for n in sizes))
    batches = list(read_batches(path, size))
    assert b"".join(line for batch in batches for line in batch.lines) == path.read_bytes()
    assert [batch.first for batch in batches] == list(range(1, len(sizes) + 1, size))
    assert all(len(batch.lines) == size for batch in batches[:-1])


@given(st.binary(max_size=200))
def test_any_line_is_a_text_or_a_named_mistake(line: bytes) -> None:
    said = "t:1: "
    try:
        texts = list(texts_of(Batch("t", 1, (line,))))
    except ConfigError as error:
        texts, said = [], error.message
    assert len(texts) <= 1
    assert said.startswith("t:1: ")
