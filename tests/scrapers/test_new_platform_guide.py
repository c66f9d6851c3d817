"""The guide for a new platform is followed in a copy of the tree: every command on the page works, in its order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import UsageError
from scrapers.newcomer import add_platform, registered

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "pengembang" / "platform-baru.md"
COPIED = ("scrapers", "monitor", "db", "rules", "scripts", "docs", "locks", "Makefile", "pyproject.toml", "conftest.py")
TESTS = ("conftest.py", "peers/fixtures.py", "peers/rooms.py", "peers/turns.py",
         "scrapers/conftest.py", "scrapers/loopback.py",
         "scrapers/test_registry.py", "scrapers/platforms/test_template_platform.py")  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy2(source, tmp_path / name)
    for name in TESTS:
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / "tests" / name, tmp_path / "tests" / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def steps() -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        yield from block.strip().splitlines()


def run(tree: Path, step: str) -> str:
    """Run one line of the guide; the environment that `make` would first install is there already."""
    left_out = ("PYTEST", "PANTAU", "MAKE", "PYTHONDONTWRITEBYTECODE")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    line = step.replace("make ", "make -o .venv/.app ", 1) if step.startswith("make ") else step
    line = line.replace("-m pytest", "-m pytest -p no:cacheprovider")
    environment |= {"PYTHONPATH": str(tree)}
    done = subprocess.run(["bash", "-c", line], cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_every_step_of_the_guide_works_in_its_order(tree: Path) -> None:
    said = {step: run(tree, step) for step in steps()}
    listed = json.loads(said[".venv/bin/python -m monitor sources list --json"])
    assert [one["live"] for one in listed if one["name"] == "contohria"] == [True]
    assert "`contohria`" in (tree / "docs" / "sumber.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Contohria", "con-toh", "9contoh", "class", "x" * 40, "", "../x"])
def test_a_name_that_cannot_be_one_is_refused_before_anything_is_written(tree: Path, name: str) -> None:
    before = sorted(path for path in tree.rglob("*") if path.is_file())
    with pytest.raises(UsageError):
        add_platform(tree, name)
    assert sorted(path for path in tree.rglob("*") if path.is_file()) == before


def test_a_platform_is_never_written_over(tree: Path) -> None:
    with pytest.raises(UsageError, match="sudah ada"):
        add_platform(tree, "bluesky")


def test_a_folder_that_is_not_the_source_tree_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="bukan pohon sumber"):
        add_platform(tmp_path, "contohria")


@pytest.mark.parametrize("name", ["aaa", "kanal", "zzz"])
def test_the_registry_stays_a_program_with_one_platform_more(name: str) -> None:
    text = (ROOT / "scrapers" / "registry.py").read_text(encoding="utf-8")
    more = registered(text, name)
    compile(more, "registry.py", "exec")
    assert more.count("\n") == text.count("\n") + 3
    assert f'    "{name}",\n' in more
    imports = re.findall(r"^from scrapers\.platforms\.\w+\.adapter.*$", more, re.MULTILINE)
    assert imports == sorted(imports)
