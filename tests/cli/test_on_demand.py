from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from monitor.cli import main, rules

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("homes", [main.HOMES, rules.HOMES], ids=["pantau", "pantau rules"])
def test_every_command_of_every_module_has_its_home_listed(homes: dict[str, str]) -> None:
    for home in set(homes.values()):
        module = import_module(home)
        if hasattr(module, "register"):
            part = typer.Typer()
            module.register(part)
            held = typer.main.get_group(part).commands.keys()
            assert set(held) == {name for name, place in homes.items() if place == home}


@pytest.mark.parametrize("app", [main.app, rules.app], ids=["pantau", "pantau rules"])
def test_a_group_knows_all_its_commands_when_asked(app: typer.Typer) -> None:
    group = typer.main.get_group(app)
    assert list(group.commands) == group.list_commands(None)
    assert all(group.get_command(None, name) is command for name, command in group.commands.items())


def test_an_unknown_command_is_none() -> None:
    assert typer.main.get_group(main.app).get_command(None, "tidak-ada") is None


def test_recognising_names_starts_without_the_database_and_the_web() -> None:
    program = (
        "import sys, monitor.cli.main, monitor.cli.rules_texts; "
        "sys.exit(bool({'sqlalchemy', 'fastapi', 'openpyxl', 'httpx'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
