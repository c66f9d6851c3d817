"""A purge where files lie in a bucket on another machine."""

from __future__ import annotations

from pathlib import Path

from db.connect import Database
from monitor.evidence.buckets import Access, open_bucket
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests.evidence.buckets import KEY, SECRET, s3_server
from tests.privacy.books import open_shelf
from tests.privacy.keeping import resting_on


def test_files_in_a_bucket_go_and_stay_like_those_of_a_folder(
    sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    with s3_server() as server:
        access = Access(server.url, KEY, SECRET)
        bucket = open_bucket(f"s3://{server.make_bucket('retensi')}/kantor", access, tmp_path / "kerja")
        (tmp_path / "kerja").mkdir(exist_ok=True)
        store = EvidenceStore(tmp_path / "kerja", vault, bucket)
        shelf = open_shelf(sqlite_database, vault, tmp_path, store)
        opened, closed = shelf.case(1, "k1"), shelf.case(2, "k2")
        shelf.close(closed)
        assert shelf.purge().problem == ""
        assert {store.exists(one) for one in resting_on(sqlite_database, opened)} == {True}
        assert {store.exists(one) for one in resting_on(sqlite_database, closed)} == {False}
        assert shelf.faults() == ([], [])
