import csv
import gzip
import re
from pathlib import Path

import pytest

from monitor.settings import load_settings
from tests.peers.demo_world import demo_world
from tests.peers.world import Part

DEMO = Path(__file__).resolve().parents[2] / "monitor" / "demo"
MATERIAL = ("asn.csv", "akun.csv", "kontes.yml", "pantau.toml")


@pytest.fixture(scope="module")
def exchanges() -> str:
    return gzip.decompress((DEMO / "exchanges.jsonl.gz").read_bytes()).decode()


def test_bundle_is_small():
    assert sum((DEMO / name).stat().st_size for name in (*MATERIAL, "exchanges.jsonl.gz")) < 1_000_000


def test_recording_names_only_invented_origins(exchanges):
    assert not re.search(r"localhost|127\.0\.0\.1", exchanges)


def test_every_registered_account_was_recorded(exchanges):
    with (DEMO / "akun.csv").open(encoding="utf-8") as rows:
        accounts = [row["akun"] for row in csv.DictReader(rows)]
    assert len(accounts) == 30
    assert [account for account in accounts if account not in exchanges] == []


def test_bystanders_appear_in_the_recording_only(exchanges):
    clock = load_settings(DEMO).replay.clock
    assert clock is not None
    strangers = [a.handle for a in demo_world(clock).having(Part.BYSTANDER)]
    written = "".join((DEMO / name).read_text(encoding="utf-8") for name in MATERIAL)
    assert [handle for handle in strangers if handle in written] == []
    assert len([handle for handle in strangers if handle in exchanges]) > 30


def test_clock_is_held_at_the_time_of_the_recording(exchanges):
    clock = load_settings(DEMO).replay.clock
    assert clock is not None
    stamped = re.findall(r'indexedAt\\":\\"(\d{4}-\d\d-\d\dT\d\d:\d\d)', exchanges)
    assert stamped
    assert max(stamped) <= clock.strftime("%Y-%m-%dT%H:%M")
