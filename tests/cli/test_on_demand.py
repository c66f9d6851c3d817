from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
import typer

from monitor.cli import main, rules, sources
from monitor.cli.on_demand import Home

ROOT = Path(__file__).resolve().parents[2]
GROUPS = pytest.mark.parametrize("group", [main, rules, sources], ids=["pantau", "pantau rules", "pantau sources"])
STARTED = """
import os, sys
from monitor.cli.main import app
try:
    app(prog_name="pantau")
finally:
    print("loaded:", *sorted(sys.modules.keys() & set(os.environ["DEAR"].split())), file=sys.stderr)
"""
DEAR = {"sqlalchemy", "alembic", "psycopg", "fastapi", "jinja2", "openpyxl", "httpx", "typst", "polars", "cryptography"}
DEAR |= {"pydantic", "structlog", "yaml", "procrastinate", "apscheduler", "importlib.metadata"}
DEAR |= {"monitor.domain", "monitor.settings", "monitor.assembly", "rules", "scrapers", "db"}
CALLBACK = {"structlog", "pydantic", "importlib.metadata"}
"""What the options before the command need: the log, and Typer's own reading of values."""
DEAR_FOR_READERS = {"httpx", "fastapi", "openpyxl", "typst", "polars", "procrastinate", "apscheduler", "lxml", "re2"}
DEAR_FOR_READERS |= {"monitor.assembly", "monitor.scan", "rules", "scrapers", "selectolax"}


def started(arguments: list[str], dear: set[str], **environment: str) -> tuple[str, list[str]]:
    """Run a command in a process of its own; return what it printed and which of the named modules it loaded."""
    surroundings = {"DEAR": " ".join(dear), "PATH": "/usr/bin:/bin", **environment}
    command = [sys.executable, "-c", STARTED, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    *said, last = done.stderr.splitlines()
    return done.stdout + "\n".join(said), last.removeprefix("loaded:").split()


@GROUPS
def test_every_command_of_every_module_has_its_home_listed(group: ModuleType) -> None:
    homes = {name: home.module for name, home in group.HOMES.items()}
    for home in set(homes.values()):
        module = import_module(home)
        if hasattr(module, "register"):
            part = typer.Typer()
            module.register(part)
            held = typer.main.get_group(part).commands.keys()
            assert set(held) == {name for name, place in homes.items() if place == home}


@GROUPS
def test_a_group_knows_all_its_commands_when_asked(group: ModuleType) -> None:
    made = typer.main.get_group(group.app)
    assert list(made.commands) == made.list_commands(None)
    assert all(made.get_command(None, name) is command for name, command in made.commands.items())


@GROUPS
def test_a_list_says_of_every_command_what_its_own_help_says(group: ModuleType) -> None:
    commands = typer.main.get_group(group.app).commands
    assert {name: home.line for name, home in group.HOMES.items()} == {n: c.help for n, c in commands.items()}


@pytest.mark.parametrize("arguments", [["--help"], ["rules", "--help"], ["sources", "--help"]], ids=" ".join)
def test_a_list_of_commands_has_every_line_and_loads_none_of_them(arguments: list[str]) -> None:
    homes: dict[str, Home] = {"rules": rules.HOMES, "sources": sources.HOMES}.get(arguments[0], main.HOMES)
    printed, loaded = started(arguments, DEAR - CALLBACK, COLUMNS="250")
    assert loaded == []
    assert [name for name, home in homes.items() if f"│ {name}" not in printed or home.line not in printed] == []


def test_the_version_is_told_without_loading_any_part() -> None:
    printed, loaded = started(["--version"], DEAR - {"importlib.metadata"})
    assert (printed.strip(), loaded) == (version("pantau-netralitas"), [])


def test_a_mistyped_command_is_told_the_nearest_without_loading_any() -> None:
    printed, loaded = started(["rulse"], DEAR - CALLBACK)
    assert "rules" in printed
    assert loaded == []


def test_the_shell_completes_commands_without_loading_any() -> None:
    printed, loaded = started(
        [], DEAR - CALLBACK, _PANTAU_COMPLETE="complete_bash", COMP_WORDS="pantau r", COMP_CWORD="1"
    )
    assert printed.split() == [name for name in main.HOMES if name.startswith("r")]
    assert loaded == []


@pytest.mark.parametrize("arguments", [["queue", "list"], ["users", "list"]], ids=" ".join)
def test_a_command_that_reads_loads_neither_platforms_nor_rules(arguments: list[str], tmp_path: Path) -> None:
    started(["init", str(tmp_path)], set())
    _, loaded = started(["--workspace", str(tmp_path), *arguments], DEAR_FOR_READERS)
    assert loaded == []


def test_an_unknown_command_is_none() -> None:
    assert typer.main.get_group(main.app).get_command(None, "tidak-ada") is None


def test_recognising_names_starts_without_the_database_and_the_web() -> None:
    program = (
        "import sys, monitor.cli.main, monitor.cli.rules_texts; "
        "sys.exit(bool({'sqlalchemy', 'fastapi', 'openpyxl', 'httpx'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
