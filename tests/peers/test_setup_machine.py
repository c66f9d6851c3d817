from pathlib import Path
from threading import Barrier

import pytest

from tests.peers import setup_machine


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup_machine.os, "geteuid", lambda: 1000)
    return tmp_path


def test_missing_commands_are_named_with_their_packages(bare_machine, capsys):
    setup_machine.ensure_packages()
    assert "sudo apt-get install chromium npm g++ make git python3" in capsys.readouterr().out


def test_what_only_the_soak_run_needs_is_named_by_itself(bare_machine, monkeypatch, capsys):
    monkeypatch.setattr(setup_machine.sys, "argv", ["setup_machine.py", "--soak"])
    assert setup_machine.main() == 0
    told = capsys.readouterr().out
    assert "sudo apt-get install libreoffice-writer fonts-liberation" in told
    assert "chromium" not in told


def test_present_commands_are_not_missing(bare_machine):
    (bare_machine / "npm").write_text("#!/bin/sh\n")
    (bare_machine / "npm").chmod(0o755)
    assert "npm" not in setup_machine.missing()


def test_set_up_without_tools_goes_on_and_says_so(bare_machine, monkeypatch, capsys):
    monkeypatch.setattr(setup_machine, "bluesky_is_set_up", lambda: False)
    monkeypatch.setattr(setup_machine, "pywb_is_set_up", lambda: False)
    monkeypatch.setattr(setup_machine, "run", lambda *_, **__: False)
    assert setup_machine.main() == 0
    assert "Bluesky network left out, pywb left out" in capsys.readouterr().out


def test_what_waits_for_the_network_is_set_up_at_the_same_time(monkeypatch):
    together = Barrier(4, timeout=20)
    monkeypatch.setattr(setup_machine, "ensure_packages", lambda: None)
    for step in ("bluesky", "pywb", "proxies", "wheelhouse"):
        monkeypatch.setattr(setup_machine, f"ensure_{step}", together.wait)
    assert setup_machine.main() == 0


def test_a_step_that_breaks_breaks_the_set_up(monkeypatch):
    for step in ("packages", "bluesky", "pywb", "proxies"):
        monkeypatch.setattr(setup_machine, f"ensure_{step}", lambda: None)
    monkeypatch.setattr(setup_machine, "run", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        setup_machine.main()


def test_changed_lock_file_asks_for_a_new_set_up(tmp_path, monkeypatch):
    for name in ("package-lock.json", "package.json", "setup.sh"):
        (tmp_path / name).write_text("first")
    monkeypatch.setattr(setup_machine, "BLUESKY", tmp_path)
    before = setup_machine.stamp()
    (tmp_path / "package-lock.json").write_text("second")
    assert setup_machine.stamp() != before


def test_command_that_takes_too_long_is_given_up(capsys):
    assert not setup_machine.run(["sleep", "30"], seconds=1)
    assert "gave up after 1 s" in capsys.readouterr().out


def test_command_that_fails_shows_the_end_of_its_output(capsys):
    assert not setup_machine.run(["sh", "-c", "echo broken; exit 3"], seconds=10)
    assert "broken" in capsys.readouterr().out
