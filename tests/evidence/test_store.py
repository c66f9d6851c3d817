from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import EvidenceError
from monitor.evidence.packing import level_for
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence", Vault(b"k" * 32))


@given(body=st.binary(max_size=2000))
def test_a_body_comes_back_as_it_was_put(tmp_path_factory, body):
    store = EvidenceStore(tmp_path_factory.mktemp("bukti"), Vault(b"k" * 32))
    assert store.get(store.put(body)) == body


def test_the_name_is_the_hash_of_the_body_as_received(store):
    assert store.put(b"jawaban") == hashlib.sha256(b"jawaban").hexdigest()


def test_what_lies_on_disk_does_not_show_the_body(store):
    digest = store.put(b"did:plc:contoh " * 50)
    assert b"did:plc" not in (store.root / digest[:2] / digest).read_bytes()


def test_only_the_owner_reads_the_file(store):
    digest = store.put(b"jawaban")
    assert (store.root / digest[:2] / digest).stat().st_mode & 0o077 == 0


def test_the_same_body_twice_is_one_file(store):
    digest = store.put(b"jawaban")
    before = (store.root / digest[:2] / digest).read_bytes()
    store.put(b"jawaban")
    assert (store.root / digest[:2] / digest).read_bytes() == before


def test_an_altered_file_is_found(store):
    digest = store.put(b"jawaban")
    path = store.root / digest[:2] / digest
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert [name for name, _ in store.damaged(iter([digest]))] == [digest]


def test_a_missing_file_is_found(store):
    assert [name for name, _ in store.damaged(iter(["ab" * 32]))] == ["ab" * 32]


def test_a_file_under_a_wrong_name_is_found(store):
    first, second = store.put(b"satu"), store.put(b"dua")
    (store.root / second[:2] / second).write_bytes((store.root / first[:2] / first).read_bytes())
    with pytest.raises(EvidenceError, match="tidak sesuai"):
        store.get(second)


def test_a_disk_that_refuses_leaves_nothing_behind(tmp_path):
    root = tmp_path / "evidence"
    root.write_text("bukan folder")
    with pytest.raises(EvidenceError, match="tidak dapat disimpan"):
        EvidenceStore(root, Vault(b"k" * 32)).put(b"jawaban")


def test_what_a_killed_process_left_half_written_is_removed_and_the_rest_stays(store):
    digest = store.put(b"jawaban")
    half = store.root / digest[:2] / f".{digest}.0a1b2c3d.part"
    half.write_bytes(b"setengah")
    assert store.discard_partial() == 1
    assert (half.exists(), store.get(digest)) == (False, b"jawaban")


def test_what_a_living_process_is_writing_stays(store):
    with store.place.fill("ab/contoh") as file:
        file.write(b"setengah")
        assert store.discard_partial() == 0
    assert store.place.read("ab/contoh") == b"setengah"


def test_a_folder_in_use_stays_and_one_left_behind_goes(store):
    left = store.root / ".baca-ulang-mati"
    left.mkdir(parents=True)
    (left / "rekaman").write_bytes(b"terang")
    with store.scratch() as folder:
        assert store.discard_partial() == 1
        assert (folder.exists(), left.exists()) == (True, False)


def test_what_is_packed_already_is_not_packed_again(store):
    picture, text = random.Random(1).randbytes(300_000), b"Mari coblos nomor satu. " * 12_000
    first, second = store.put(picture), store.put(text)
    assert (level_for(picture), level_for(text)) == (0, 6)
    assert (store.get(first), store.get(second)) == (picture, text)
    assert len(store.place.read(f"{second[:2]}/{second}")) < len(text) / 50
