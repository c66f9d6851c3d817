from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("monitor", "rules", "scrapers", "db")
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

pytestmark = pytest.mark.architecture


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [p for p in tracked("*.py") if p.relative_to(ROOT).parts[0] in PACKAGES]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


@pytest.mark.parametrize(
    "name", [*PACKAGES, "tests", "alembic.ini", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"]
)
def test_the_required_names_stand_at_top_level(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("library", ["httpx", "selectolax", "sqlalchemy", "apscheduler", "rapidfuzz"])
def test_a_required_library_is_a_dependency_and_is_used(library: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert any(dependency.startswith(library) for dependency in project["dependencies"])
    used = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    assert any(used.search(p.read_text(encoding="utf-8")) for p in sources())


def test_no_other_installed_distribution_owns_our_package_names() -> None:
    owners = {
        (package, found.metadata["Name"])
        for found in distributions()
        for file in found.files or ()
        for package in PACKAGES
        if file.parts[0] == package
    }
    assert {name for _, name in owners} <= {"pantau-netralitas"}


def test_files_stay_under_four_hundred_lines() -> None:
    long = {str(p.relative_to(ROOT)) for p in sources() if p.read_text(encoding="utf-8").count("\n") >= 400}
    assert long == set(LONG_FILES)


def test_functions_stay_under_fifty_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources()
        if "versions" not in path.parts
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= 50
    }
    assert long == set(LONG_FUNCTIONS)


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(ROOT)) for p in sources() if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_lint_ignore_gives_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa|type:\s*ignore)", line) and not re.search(r"(noqa:|ignore\[)[^#]*(\s[-#]\s?\S+)", line)
    ]
    assert bare == []


def test_tests_have_no_init_files() -> None:
    assert list(tracked("tests/**/__init__.py")) == []


def test_names_of_test_files_are_unique() -> None:
    names = [p.name for p in tracked("tests/**/test_*.py", "tests/test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_importing_a_package_starts_nothing() -> None:
    program = (
        "import threading, sys, monitor, rules, scrapers, db, monitor.domain, monitor.settings; "
        "sys.exit(threading.active_count() != 1)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
