from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from monitor import errors
from monitor.cli.main import app
from monitor.cli.sources_words import SIGNS
from monitor.domain import Act, Direction, SourceMode
from monitor.labels import label
from monitor.settings import Settings
from scrapers import registry

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.architecture


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def commands(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


@cache
def all_commands() -> tuple[tuple[str, Any], ...]:
    return tuple(commands(typer.main.get_command(app), "pantau"))


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if name == "sources":
            kind = list(field.annotation.__args__)[1]  # type: ignore[union-attr] # dict[str, SourceSettings]
            prefix_here = "sources."
        else:
            prefix_here = f"{prefix}{name}."
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from settings(kind, prefix_here)
        else:
            yield f"{prefix}{name}"


PROMISED = {
    "": "init demo verify doctor import scan cron-line worker serve backup restore",
    "roster": "import list", "sources": "list check policy remap", "schedule": "run list",
    "rules": "list test lint evaluate mentions backtest explain activate retire",
    "queue": "list show decide export", "attribution": "list propose verify reject", "report": "weekly",
    "form": "a b2", "bundle": "create verify", "evidence": "verify recheck", "privacy": "purge hold subject-export",
    "users": "add grant reset-totp list",
}  # fmt: skip
"""By group, the commands that officers and keepers of time rely on: none may go without a decision on record."""


def test_no_promised_command_is_missing() -> None:
    there = {" ".join(name.split()[:3]) for name, _ in all_commands()}
    promised = {f"pantau {group} {one}".replace("  ", " ") for group in PROMISED for one in PROMISED[group].split()}
    assert promised <= there


@pytest.mark.parametrize("name", [name for name, _ in all_commands()])
def test_every_command_is_described_for_officers(name: str) -> None:
    assert f"`{name}" in page("perintah.md")


@pytest.mark.parametrize(("name", "command"), all_commands())
def test_every_command_shows_an_example_in_its_help(name: str, command: Any) -> None:
    assert "Contoh: pantau" in (command.epilog or ""), name


@pytest.mark.parametrize("key", sorted(settings(Settings)))
def test_every_setting_is_described(key: str) -> None:
    assert f"`{key}`" in page("pengaturan.md")


@pytest.mark.parametrize("platform", sorted(registry.manifests()))
def test_every_platform_is_described(platform: str) -> None:
    assert f"`{platform}`" in page("sumber.md")


@pytest.mark.parametrize(
    "name", [n for n, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)]
)
def test_every_error_is_in_the_drawn_tree(name: str) -> None:
    assert name in (errors.__doc__ or "")


def test_the_page_of_sources_and_the_command_show_the_same_matrix() -> None:
    listed = CliRunner().invoke(app, ["sources", "list", "--json"])
    said = {
        (one["name"], label(Direction(c["direction"])), label(SourceMode(c["door"])), label(Act(c["verb"]))): c["level"]
        for one in json.loads(listed.output)
        for c in one["matrix"]
    }
    assert dict(rows_of_the_sources_page()) == {key: SIGNS[level] for key, level in said.items()}


def rows_of_the_sources_page() -> Iterator[tuple[tuple[str, str, str, str], str]]:
    """Read the page as a person does: the source, then its table, row by row."""
    source, verbs = "", [""]
    for line in page("sumber.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("Sumber `"):
            source = line.split("`")[1]
        elif line.startswith("| arah |"):
            verbs = cells[2:]
        elif line.startswith("| "):
            yield from (((source, cells[0], cells[1], verb), cell) for verb, cell in zip(verbs, cells[2:], strict=True))


def test_the_page_of_sources_is_what_the_manifests_say() -> None:
    from scripts.write_sources_page import page as written

    assert page("sumber.md") == written()


def guides() -> list[Path]:
    docs = ROOT / "docs"
    return sorted([*docs.glob("*.md"), *(page for page in docs.glob("*/*.md") if page.parent.name != "adr")])


def links(file: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#\s]+)", file.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link]


def test_the_front_page_leads_to_every_guide() -> None:
    linked = {(ROOT / link).resolve() for link in links(ROOT / "README.md")}
    assert [str(guide.relative_to(ROOT)) for guide in guides() if guide not in linked] == []


def test_no_link_between_guides_is_broken() -> None:
    broken = [(str(file.relative_to(ROOT)), link) for file in (ROOT / "README.md", *guides()) for link in links(file)
              if not (file.parent / link).exists()]  # fmt: skip
    assert broken == []
