"""A WARC in the store: opened as it was written, every changed byte named, one stretch emptied and the rest proven."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from monitor.errors import EvidenceError
from monitor.evidence.sealed_warc import (
    SealedWarc,
    faults_of_warc,
    info_of,
    name_of_run,
    open_warc,
    seal_warc,
    strike,
)
from monitor.evidence.store import EvidenceStore
from monitor.evidence.warc import members
from monitor.vault import Vault
from tests.evidence.exchanges import exchange

NAME = name_of_run(12)
FIRST, SECOND = exchange(b"satu " * 200), exchange(b"dua " * 200)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[EvidenceStore, SealedWarc]:
    store = EvidenceStore(tmp_path_factory.mktemp("bukti"), Vault(b"k" * 32))
    return store, seal(store)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "bukti", Vault(b"k" * 32))


def seal(store: EvidenceStore) -> SealedWarc:
    return seal_warc(store, NAME, members([FIRST, SECOND], {"software": "pantau contoh"}))


def faults(store: EvidenceStore, warc: SealedWarc, purged: tuple[str, ...] = ()) -> list[str]:
    return list(faults_of_warc(store, warc, lambda digest: digest in purged))


def bodies(store: EvidenceStore) -> list[bytes]:
    data = b"".join(open_warc(store, NAME))
    found = ArchiveIterator(io.BytesIO(data), check_digests="raise")
    return [record.content_stream().read() for record in found if record.rec_type == "response"]


def test_it_opens_as_what_its_hash_says(store: EvidenceStore) -> None:
    warc = seal(store)
    data = b"".join(open_warc(store, NAME))
    assert (hashlib.sha256(data).hexdigest(), warc.records) == (warc.sha256, 5)
    assert bodies(store) == [FIRST.body, SECOND.body]


def test_what_lies_in_the_store_shows_no_body(store: EvidenceStore) -> None:
    seal(store)
    assert b"contoh.test" not in (store.root / NAME).read_bytes()


def test_its_size_is_that_of_the_file(store: EvidenceStore) -> None:
    assert seal(store).size == (store.root / NAME).stat().st_size


def test_a_second_writing_of_the_same_night_takes_the_place_of_the_first(store: EvidenceStore) -> None:
    first, second = seal(store), seal(store)
    assert (first.sha256, faults(store, second)) == (second.sha256, [])


def test_the_head_tells_what_was_written_there(store: EvidenceStore) -> None:
    seal(store)
    assert info_of(store, NAME) == {"software": "pantau contoh"}


@given(data=st.data())
def test_any_changed_byte_is_found(shared: tuple[EvidenceStore, SealedWarc], data: st.DataObject) -> None:
    store, warc = shared
    path = store.root / NAME
    whole = path.read_bytes()
    place, bits = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    try:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :])
        assert faults(store, warc) != []
    finally:
        path.write_bytes(whole)


@given(cut=st.integers(0, 10_000), more=st.binary(max_size=200))
def test_a_file_cut_short_or_made_longer_is_found(
    shared: tuple[EvidenceStore, SealedWarc], cut: int, more: bytes
) -> None:
    store, warc = shared
    path = store.root / NAME
    whole = path.read_bytes()
    changed = whole[: len(whole) - cut % len(whole)] + more
    try:
        path.write_bytes(changed)
        assert (faults(store, warc) == []) == (changed == whole)
    finally:
        path.write_bytes(whole)


def test_a_missing_file_is_found(store: EvidenceStore) -> None:
    warc = seal(store)
    (store.root / NAME).unlink()
    assert ["hilang" in fault for fault in faults(store, warc)] == [True]


def test_a_purged_body_is_gone_and_the_others_are_still_proven(store: EvidenceStore) -> None:
    warc = seal(store)
    assert strike(store, NAME, [FIRST.sha256]) == 1
    assert (bodies(store), faults(store, warc, (FIRST.sha256,))) == ([SECOND.body], [])


def test_the_bytes_of_a_purged_body_are_nowhere_in_the_file(store: EvidenceStore) -> None:
    before = seal(store).size
    strike(store, NAME, [FIRST.sha256, SECOND.sha256])
    assert (store.root / NAME).stat().st_size < before / 2


def test_striking_twice_changes_nothing_more(store: EvidenceStore) -> None:
    seal(store)
    strike(store, NAME, [FIRST.sha256])
    once = (store.root / NAME).read_bytes()
    assert (strike(store, NAME, [FIRST.sha256]), (store.root / NAME).read_bytes()) == (0, once)


def test_a_stretch_emptied_without_a_record_of_it_is_found(store: EvidenceStore) -> None:
    warc = seal(store)
    strike(store, NAME, [SECOND.sha256])
    assert ["tanpa catatan retensi" in fault for fault in faults(store, warc)] == [True]


def test_a_struck_file_still_shows_every_changed_byte(store: EvidenceStore) -> None:
    warc = seal(store)
    strike(store, NAME, [FIRST.sha256])
    path = store.root / NAME
    whole = path.read_bytes()
    for place in range(0, len(whole), 37):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert faults(store, warc, (FIRST.sha256,)) != [], place


def test_another_offices_archive_does_not_open(store: EvidenceStore) -> None:
    seal(store)
    with pytest.raises(EvidenceError, match="kunci lain"):
        b"".join(open_warc(EvidenceStore(store.root, Vault(b"x" * 32)), NAME))
