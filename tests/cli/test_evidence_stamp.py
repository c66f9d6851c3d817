"""`pantau evidence stamp` as somebody types it, against a real authority on loopback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import pantau
from tests.conftest import unavailable
from tests.peers.tsa import Desk, Office, closed_port, desk, open_office

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def time_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if shutil.which("openssl") is None:
        unavailable("openssl tidak ada")
    return open_office(tmp_path_factory.mktemp("tsa") / "contoh")


@pytest.fixture
def door(time_office: Office) -> Iterator[Desk]:
    with desk(time_office.answer) as opened:
        yield opened


def trust(home: Path, url: str, time_office: Office, more: str = "") -> None:
    """Name the authority in the settings of an office."""
    shutil.copyfile(time_office.root, home / "akar.pem")
    config = home / "pantau.toml"
    told = f'\n[timestamp]\nurl = "{url}"\ncertificate = "akar.pem"\n{more}'
    config.write_text(config.read_text(encoding="utf-8") + told, encoding="utf-8")


def test_manifests_are_stamped_a_few_at_a_time_and_verify_agrees(home: Path, door: Desk, time_office: Office) -> None:
    trust(home, door.url, time_office)
    first = pantau(home, "evidence", "stamp", "--most", "1", "--json")
    assert first.exit_code == 0, first.output
    said = json.loads(first.stdout)
    assert said["stamped"] == 1
    assert said["waiting"] > 0
    rest = json.loads(pantau(home, "evidence", "stamp", "--json").stdout)
    assert (rest["stamped"], rest["waiting"], rest["problem"]) == (said["waiting"], 0, "")
    assert pantau(home, "evidence", "verify").exit_code == 0
    assert "0 distempel, 0 masih menunggu" in pantau(home, "evidence", "stamp").stdout


def test_an_authority_that_is_away_is_named_and_leaves_all_waiting(home: Path, time_office: Office) -> None:
    trust(home, f"http://127.0.0.1:{closed_port()}/tsa", time_office)
    answer = pantau(home, "evidence", "stamp")
    assert answer.exit_code == 1
    assert "0 distempel" in answer.stdout
    assert "tidak terjangkau" in answer.stderr


def test_without_an_authority_the_setting_is_named(home: Path) -> None:
    answer = pantau(home, "evidence", "stamp")
    assert answer.exit_code == 2
    assert "timestamp.url" in answer.stderr


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('url = "https://tsa.contoh.example"', "certificate"),
        ('url = "ftp://tsa.contoh.example"\ncertificate = "a.pem"', "http://"),
        ('url = "https://kantor:sandi@tsa.contoh.example"\ncertificate = "a.pem"', "tanpa nama dan sandi"),
        ('url = "http://tsa.contoh.example"\ncertificate = "a.pem"\nlogin_file = "b"', "hanya lewat https"),
    ],
)
def test_settings_that_cannot_be_are_named(home: Path, told: str, said: str) -> None:
    config = home / "pantau.toml"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n[timestamp]\n{told}\n", encoding="utf-8")
    answer = pantau(home, "evidence", "stamp")
    assert answer.exit_code == 2
    assert said in answer.stderr
