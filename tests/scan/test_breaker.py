from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from monitor import installation
from monitor.cli.main import app
from monitor.errors import Blocked, NetworkFailure, SourceError
from monitor.scan.breaker import IN_A_ROW, Breaker
from tests.peers.registers import settings, write_registers
from tests.peers.world import World
from tests.scan.offices import REGISTERS
from tests.scan.written_bluesky import did

HOST = "contoh.example"


def silence() -> NetworkFailure:
    return NetworkFailure("Tidak ada jawaban")


def rested() -> Breaker:
    breaker = Breaker()
    for _ in range(IN_A_ROW):
        assert not breaker.failed(HOST, silence())
    return breaker


def test_a_host_rests_after_so_many_failures_in_a_row() -> None:
    assert rested().rests(HOST)
    assert not rested().is_dead(HOST)


def test_the_one_more_try_gives_a_host_up() -> None:
    breaker = rested()
    assert breaker.failed(HOST, silence())
    assert (breaker.rests(HOST), breaker.is_dead(HOST)) == (False, True)


def test_the_one_more_try_brings_a_host_back() -> None:
    breaker = rested()
    breaker.answered(HOST)
    assert (breaker.rests(HOST), breaker.is_dead(HOST)) == (False, False)
    assert not breaker.failed(HOST, silence())


def patient(tries: int) -> tuple[Breaker, list[float]]:
    """Return a breaker of a shared night, and its clock."""
    now = [0.0]
    return Breaker(10, tries, lambda: now[0]), now


def test_in_a_shared_night_a_host_rests_for_a_time_and_one_at_a_time_tries_it_again() -> None:
    breaker, now = patient(2)
    for _ in range(IN_A_ROW):
        assert breaker.wait(HOST) == 0
        breaker.failed(HOST, silence())
    assert breaker.wait(HOST) == 10
    now[0] = 10
    assert [breaker.wait(HOST) for _ in range(2)] == [0, 10]
    assert not breaker.failed(HOST, silence())
    assert breaker.wait(HOST) == 10
    assert not breaker.is_dead(HOST)


def test_in_a_shared_night_a_host_is_given_up_after_so_many_rests() -> None:
    breaker, _ = patient(2)
    assert [breaker.failed(HOST, silence()) for _ in range(IN_A_ROW + 3)] == [False] * (IN_A_ROW + 1) + [True, False]
    assert (breaker.is_dead(HOST), breaker.wait(HOST)) == (True, 0)


def test_in_a_shared_night_a_host_that_comes_back_is_asked_as_before() -> None:
    breaker, now = patient(2)
    for _ in range(IN_A_ROW + 1):
        breaker.failed(HOST, silence())
    now[0] = 10
    breaker.answered(HOST)
    assert breaker.wait(HOST) == 0
    assert not breaker.failed(HOST, silence())
    assert not breaker.rests(HOST)


@given(st.lists(st.sampled_from(["silence", "refusal", "answer"]), max_size=40))
def test_only_failures_in_a_row_count(told: list[str]) -> None:
    breaker, row = Breaker(), 0
    for one in told:
        if breaker.rests(HOST) or breaker.is_dead(HOST):
            break
        errors: dict[str, SourceError] = {"silence": silence(), "refusal": Blocked("Ditolak")}
        if one == "answer":
            breaker.answered(HOST)
        else:
            breaker.failed(HOST, errors[one])
        row = row + 1 if one == "silence" else 0
        assert breaker.rests(HOST) == (row >= IN_A_ROW)


def test_other_hosts_go_on() -> None:
    assert not rested().rests("lain.example")


def pantau(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments])


def test_a_dead_host_is_told_once_and_its_other_targets_are_not_tried(
    small_world: World, sqlite_template: Path, tmp_path: Path, skipped_waits: None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
    home = tmp_path / "office"
    (home / "data").mkdir(parents=True)
    shutil.copyfile(sqlite_template, home / "data" / "pantau.db")
    text = settings("bluesky", {"appview_url": f"http://{place}", "plc_url": f"http://{place}"}, (place,))
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    write_registers(tmp_path / "register", small_world, "bluesky", {a.key: did(a.key) for a in small_world.actors})
    for kind, name in REGISTERS:
        assert pantau(home, "roster", "import", kind.value, str(tmp_path / "register" / name)).exit_code == 0
    done = pantau(home, "scan", "--json")
    summary = json.loads(done.stdout)
    outcomes = [target["outcome"] for target in summary["targets"]]
    told = [issue["detail"] for issue in summary["issues"] if issue["kind"] == "network"]
    assert len(outcomes) > IN_A_ROW + 2
    assert (set(outcomes), done.exit_code) == ({"network"}, 1)
    assert len(told) == IN_A_ROW + 2
    assert sum("sasaran lain tidak dicoba" in one for one in told) == 1
