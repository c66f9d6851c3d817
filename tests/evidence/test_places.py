"""Every place that holds evidence keeps the same promises: a folder, a real S3 server, and fsspec's other stores."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest

from monitor.errors import ConfigError, EvidenceError, StoreUnavailable
from monitor.evidence.buckets import Access, Bucket, open_bucket
from monitor.evidence.places import Folder, Place
from monitor.evidence.sealed_warc import SealedWarc, faults_of_warc, open_warc, seal_warc, strike
from monitor.evidence.store import EvidenceStore
from monitor.evidence.warc import members
from monitor.vault import Vault
from tests.evidence.buckets import KEY, SECRET, S3Server, s3_server
from tests.evidence.exchanges import exchange

NAME = "ab/" + "ab" * 32


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def shared_bucket(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    access = Access(s3.url, KEY, SECRET, 5.0)
    return open_bucket(f"s3://{s3.make_bucket('bukti')}/kantor", access, tmp_path_factory.mktemp("kerja"))


@pytest.fixture
def bucket(shared_bucket: Bucket) -> Bucket:
    """An empty folder of a real bucket."""
    folder = f"bukti/{uuid4().hex}"
    return replace(shared_bucket, connect=lambda: (shared_bucket.filesystem, folder))


@pytest.fixture(params=["folder", "s3", "beside"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A folder, a bucket, and a store that would show a file while it is written: fsspec's own local one."""
    if request.param == "folder":
        (tmp_path / "bukti").mkdir()
        return Folder(tmp_path / "bukti")
    if request.param == "s3":
        return cast("Bucket", request.getfixturevalue("bucket"))
    (tmp_path / "jauh").mkdir()
    return open_bucket(f"local://{tmp_path / 'jauh'}", Access(), tmp_path / "kerja")


def test_a_file_comes_back_as_it_was_written(place: Place) -> None:
    place.write(NAME, b"isi")
    assert (place.exists(NAME), place.read(NAME)) == (True, b"isi")


def test_a_file_that_is_not_there_is_told_from_a_place_that_is_not(place: Place) -> None:
    assert not place.exists(NAME)
    with pytest.raises(FileNotFoundError):
        place.read(NAME)
    with pytest.raises(FileNotFoundError):
        place.open(NAME)


def test_a_later_writing_takes_the_place_of_an_earlier_one(place: Place) -> None:
    place.write(NAME, b"dahulu")
    place.write(NAME, b"kemudian")
    assert place.read(NAME) == b"kemudian"


def test_a_long_file_is_read_as_a_stream(place: Place) -> None:
    with place.fill(NAME) as out:
        out.write(b"awal")
        out.write(bytes(3_000_000))
    with place.open(NAME) as file:
        assert (file.read(4), len(file.read())) == (b"awal", 3_000_000)


def test_a_writing_that_fails_leaves_what_was_there(place: Place) -> None:
    place.write(NAME, b"lama")
    with pytest.raises(ZeroDivisionError):
        half_written(place)
    assert place.read(NAME) == b"lama"
    assert [kept.name for top in place.tops() for kept in place.within(top)] == [NAME]


def half_written(place: Place) -> None:
    with place.fill(NAME) as out:
        out.write(b"baru")
        raise ZeroDivisionError


def test_a_removed_file_is_gone_and_removing_it_again_is_no_fault(place: Place) -> None:
    place.write(NAME, b"isi")
    place.remove(NAME)
    place.remove(NAME)
    assert not place.exists(NAME)


def test_everything_that_lies_there_is_listed(place: Place) -> None:
    for name in (NAME, "cd/satu", "cd/dua/tiga", "lepas.txt"):
        place.write(name, b"isi")
    assert place.tops() == ["ab", "cd", "lepas.txt"]
    assert [(kept.name, kept.size) for kept in place.within("cd")] == [("cd/dua/tiga", 3), ("cd/satu", 3)]
    assert [kept.name for kept in place.within("lepas.txt")] == ["lepas.txt"]


def test_an_empty_place_holds_nothing(place: Place) -> None:
    place.probe()
    assert place.tops() == []


def test_a_store_in_any_place_keeps_bodies_and_archives(place: Place, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "kerja", Vault(b"k" * 32), place)
    first, second = exchange(b"satu"), exchange(b"dua")
    assert store.get(store.put(b"satu")) == b"satu"
    warc = seal_warc(store, "warc/run-000001.warc.gz.sealed", members([first, second], {"software": "contoh"}))
    assert faults(store, warc) == []
    assert strike(store, warc.name, [first.sha256]) == 1
    assert (faults(store, warc), b"".join(open_warc(store, warc.name)) != b"") == ([], True)


def faults(store: EvidenceStore, warc: SealedWarc) -> list[str]:
    return list(faults_of_warc(store, warc, lambda _: True))


def test_a_changed_object_in_a_bucket_is_found(bucket: Bucket, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, Vault(b"k" * 32), bucket)
    digest = store.put(b"jawaban")
    name = f"{digest[:2]}/{digest}"
    sealed = store.place.read(name)
    store.place.write(name, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert [one for one, _ in store.damaged(iter([digest]))] == [digest]


def test_what_lies_in_a_bucket_does_not_show_the_body(bucket: Bucket, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, Vault(b"k" * 32), bucket)
    digest = store.put(b"did:plc:contoh " * 50)
    assert b"did:plc" not in store.place.read(f"{digest[:2]}/{digest}")


def test_a_bucket_that_does_not_exist_is_named(s3: S3Server, tmp_path: Path) -> None:
    lost = open_bucket("s3://tidak-ada/kantor", Access(s3.url, KEY, SECRET, 5.0), tmp_path)
    with pytest.raises(StoreUnavailable, match="s3://tidak-ada/kantor tidak dapat dibuka"):
        lost.probe()
    with pytest.raises(StoreUnavailable, match="wadah atau foldernya tidak ada"):
        lost.write(NAME, b"isi")


def test_a_server_that_is_not_there_is_no_lost_evidence(tmp_path: Path) -> None:
    away = open_bucket("s3://bukti/kantor", Access(f"http://127.0.0.1:{free_port()}", KEY, SECRET, 0.2), tmp_path)
    for ask in (away.probe, away.tops, lambda: away.read(NAME), lambda: away.exists(NAME)):
        with pytest.raises(StoreUnavailable, match="tidak dapat dihubungi"):
            ask()


def test_a_server_that_never_answers_is_left_after_a_while(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        place = open_bucket("s3://bukti/kantor", Access(url, KEY, SECRET, 0.2), tmp_path)
        with pytest.raises(StoreUnavailable, match=r"tidak menjawab|tidak dapat dihubungi"):
            place.write(NAME, b"isi")


@pytest.mark.parametrize(("code", "said"), [(403, "akses ditolak"), (503, ""), (507, "")])
def test_a_server_that_refuses_is_told_in_words(tmp_path: Path, code: int, said: str) -> None:
    with refusing(code) as url:
        place = open_bucket("s3://bukti/kantor", Access(url, KEY, SECRET, 1.0), tmp_path)
        with pytest.raises(StoreUnavailable, match=f"tidak dapat ditulisi: .*{said}") as told:
            place.write(NAME, b"isi")
    assert SECRET not in str(told.value)


def test_a_bucket_without_keys_is_a_matter_of_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Kunci akses gudang bukti belum diisi"):
        open_bucket("s3://bukti/kantor", Access(), tmp_path).exists(NAME)


def test_a_store_that_nobody_knows_is_a_matter_of_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tidak didukung"):
        open_bucket("entah://bukti", Access(), tmp_path).exists(NAME)


def test_keys_are_in_no_description_of_a_place(tmp_path: Path) -> None:
    access = Access("http://127.0.0.1:9", KEY, SECRET)
    place = open_bucket("s3://bukti/kantor", access, tmp_path)
    assert SECRET not in repr(access) + repr(place) + place.label


def test_a_folder_that_is_not_mounted_is_no_lost_evidence(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="tidak dapat dibuka"):
        Folder(tmp_path / "belum-terpasang").probe()


def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Folder(tmp_path)
    place.write(NAME, b"lama")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="cakram penuh"):
        place.write(NAME, b"baru")
    assert [kept.name for kept in place.within("ab")] == [NAME]
    assert place.read(NAME) == b"lama"


def full(_handle: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / NAME).mkdir()
    with pytest.raises(EvidenceError, match="tidak terbaca"):
        place.read(NAME)


def test_two_processes_that_write_the_same_body_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from monitor.evidence.store import EvidenceStore; "
        "from monitor.vault import Vault; sys.stdin.readline(); "
        "s = EvidenceStore(Path(sys.argv[1]), Vault(b'k' * 32)); "
        "[s.put(bytes([n]) * 100_000) for n in range(60)]"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.flush()
    assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 0)] * 2
    store, place = EvidenceStore(tmp_path, Vault(b"k" * 32)), Folder(tmp_path)
    names = [kept.name for top in place.tops() for kept in place.within(top)]
    assert len(names) == 60
    assert list(store.damaged(name.rsplit("/", 1)[-1] for name in names)) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class refusing:  # noqa: N801 - reads as a block
    """A server that answers everything with one status."""

    def __init__(self, code: int) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.answer = f"HTTP/1.1 {code} Tidak\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()

    def __enter__(self) -> str:
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                while asked.readline().strip():
                    pass
                connection.sendall(self.answer)
