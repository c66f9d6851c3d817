import gzip
import json
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from scrapers.replay import RecordingWire, ReplayWire
from scrapers.wire import Call, NotRecorded, TooLarge
from tests.scrapers.loopback import Clock, Peer, a_fetcher, answer, ask


def record(world: Peer, path: Path, *paths: str) -> None:
    from scrapers.fetch import HttpxWire

    wire = RecordingWire(HttpxWire(), path, {world.url: "https://api.contoh.example"})
    fetcher = a_fetcher(world, wire=wire)
    for each in paths:
        fetcher.send("contoh", ask(f"{world.url}{each}"))
    fetcher.close()


@pytest.mark.parametrize("name", ["malam.jsonl", "malam.jsonl.gz"])
def test_a_recording_is_replayed_under_its_new_origin(world: Peer, tmp_path: Path, name: str) -> None:
    world.routes["/a"] = answer(body=f'{{"next":"{world.url}/b"}}'.encode(), link=f"<{world.url}/a?p=2>", date="kini")
    record(world, tmp_path / name, "/a")
    got = a_fetcher(wire=ReplayWire(tmp_path / name)).send("contoh", ask("https://api.contoh.example/a"))
    assert json.loads(got.body) == {"next": "https://api.contoh.example/b"}
    assert got.headers["link"] == "<https://api.contoh.example/a?p=2>"


def test_nothing_of_the_loopback_place_is_left_in_a_recording(world: Peer, tmp_path: Path) -> None:
    world.routes["/a"] = answer(body=f'{{"u":"{world.url}"}}'.encode())
    record(world, tmp_path / "r.jsonl", "/a")
    assert world.place not in (tmp_path / "r.jsonl").read_text()


def test_two_recordings_of_the_same_answers_are_the_same_bytes(world: Peer, tmp_path: Path) -> None:
    world.routes["/a"] = answer()
    for name in ("1.jsonl.gz", "2.jsonl.gz"):
        record(world, tmp_path / name, "/a")
    assert (tmp_path / "1.jsonl.gz").read_bytes() == (tmp_path / "2.jsonl.gz").read_bytes()


def test_a_body_that_is_not_text_is_kept_byte_by_byte(world: Peer, tmp_path: Path) -> None:
    world.routes["/a"] = answer(body=b"\xff\x00biner")
    record(world, tmp_path / "r.jsonl", "/a")
    got = ReplayWire(tmp_path / "r.jsonl").send(Call("https://api.contoh.example/a", ""), 1000, 1)
    assert got.body == b"\xff\x00biner"


def test_the_last_exchange_of_a_url_stands(tmp_path: Path) -> None:
    lines = [{"url": "https://c.example/a", "status": s, "headers": {}, "text": "{}"} for s in (429, 200)]
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    wire = ReplayWire(tmp_path / "r.jsonl")
    assert [wire.send(Call("https://c.example/a", ""), 10, 1).status for _ in range(2)] == [200, 200]


def test_an_unknown_url_is_named_and_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("")
    clock = Clock()
    fetcher = a_fetcher(clock=clock, wire=ReplayWire(tmp_path / "r.jsonl"))
    with pytest.raises(NotRecorded, match=r"https://c\.example/a"):
        fetcher.send("contoh", ask("https://c.example/a"))
    assert clock.slept == []


def test_an_unrecorded_robots_allows_everything(tmp_path: Path) -> None:
    line = {"url": "https://c.example/a", "status": 200, "headers": {}, "text": "{}"}
    (tmp_path / "r.jsonl").write_text(json.dumps(line))
    fetcher = a_fetcher(wire=ReplayWire(tmp_path / "r.jsonl"), robots="respect")
    assert fetcher.send("contoh", ask("https://c.example/a")).status == 200


def test_a_replayed_body_keeps_to_the_cap(tmp_path: Path) -> None:
    line = {"url": "https://c.example/a", "status": 200, "headers": {}, "text": "x" * 50}
    (tmp_path / "r.jsonl").write_text(json.dumps(line))
    with pytest.raises(TooLarge):
        ReplayWire(tmp_path / "r.jsonl").send(Call("https://c.example/a", ""), 49, 1)


@pytest.mark.parametrize("text", ["{", "[]", '{"url":"https://c.example"}', '{"url":1,"status":"x","headers":{}}'])
def test_a_broken_line_is_named_by_file_and_number(tmp_path: Path, text: str) -> None:
    good = json.dumps({"url": "https://c.example/a", "status": 200, "headers": {}, "text": ""})
    (tmp_path / "r.jsonl").write_text(f"{good}\n{text}\n")
    with pytest.raises(ConfigError, match=r"r\.jsonl, baris 2"):
        ReplayWire(tmp_path / "r.jsonl")


def test_a_recording_cut_short_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 5000)[:-9])
    with pytest.raises(ConfigError):
        ReplayWire(tmp_path / "r.jsonl.gz")
