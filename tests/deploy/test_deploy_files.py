"""The shipped container files: linted, without rights they do not need, and in step with the program and the guide."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from psycopg import sql

from db.connect import open_database
from monitor.cli.main import HOMES
from monitor.errors import DatabaseError
from scripts import check_container_steps
from tests.conftest import PostgresServer
from tests.peers import setup_machine
from tests.peers.require import leave_out

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
STAGES = check_container_steps.read((DEPLOY / "Containerfile").read_text(encoding="utf-8"))
IMAGE = STAGES[-1]
DAILY = "pantau_harian"


def test_linter_of_container_files_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if linter is None:
        leave_out("hadolint", "not installed with locks/dev.txt")
    done = subprocess.run([linter, str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_image_runs_as_a_user_of_its_own_that_is_not_root() -> None:
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", IMAGE.last("USER"))
    assert f"useradd --uid {IMAGE.last('USER').split(':')[0]}" in IMAGE.last("RUN")


def test_last_stage_brings_no_tool_that_builds() -> None:
    assert not any(word in step.text for step in IMAGE.steps for word in ("pip ", "python3-venv", "gcc", "git"))


def test_everything_copied_is_in_the_tree_and_let_through_to_the_builder() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = {
        name for step in STAGES[0].steps if step.word == "COPY" for name in step.text.split()[:-1]
    }  # of the context, not of another stage
    assert all((ROOT / name).exists() for name in copied)
    assert copied == let_through


def test_packages_of_the_wheel_are_those_that_are_copied() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {f"{name} {name}" for name in packages} <= {step.text for step in STAGES[0].steps if step.word == "COPY"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert not {"privileged", "pid", "ipc", "devices"} & set(service)
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] == ("no" if name == "siapkan" else "unless-stopped")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_image_of_a_service_names_its_version(name: str) -> None:
    assert re.search(r":[^:]*\d", SERVICES[name]["image"])


def test_own_image_is_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert SERVICES["konsol"]["image"] == f"pantau:{version}"


def test_only_the_console_opens_ports_and_only_through_the_proxy() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "konsol": ["80:8080", "443:8443"]
    }
    assert SERVICES["perantara"]["network_mode"] == "service:konsol"
    assert SERVICES["perantara"]["environment"]["PANTAU_PORTA_HTTPS"] == "8443"


def test_services_run_commands_that_the_program_has() -> None:
    ours = {name: s["command"] for name, s in SERVICES.items() if s["image"] == SERVICES["konsol"]["image"]}
    assert ours.pop("siapkan") == []
    assert set(ours) == {"konsol", "jadwal", "pekerja"}
    assert all(command[0] in HOMES for command in ours.values())


def test_what_runs_day_by_day_does_not_own_the_database() -> None:
    ours = {name: s["environment"] for name, s in SERVICES.items() if s["image"] == SERVICES["konsol"]["image"]}
    assert {name for name, said in ours.items() if "PANTAU_DATABASE_URL_PEMILIK" in said} == {"siapkan"}
    assert {said["PANTAU_DATABASE_URL"] for said in ours.values()} == {"${PANTAU_DATABASE_URL:-}"}


@pytest.mark.parametrize("name", ["konsol", "jadwal", "pekerja"])
def test_nothing_begins_before_workspace_and_database_are_prepared(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {"siapkan": {"condition": "service_completed_successfully"}}
    assert "profiles" not in SERVICES["siapkan"]  # whoever depends on it must find it
    assert not SERVICES["siapkan"].get("depends_on")


def test_the_script_that_prepares_is_where_its_service_looks_for_it() -> None:
    service = SERVICES["siapkan"]
    assert service["entrypoint"] == ["/bin/sh", "/siapkan.sh"]
    assert "./siapkan.sh:/siapkan.sh:ro" in service["volumes"]
    assert IMAGE.environment()["PANTAU_HOME"] == "/srv/pantau"


def prepared(home: Path, **told: str) -> subprocess.CompletedProcess[str]:
    """Run the script as its service does, with this program."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PANTAU_HOME": str(home),
        "PANTAU_DATABASE_URL": "", "PANTAU_DATABASE_URL_PEMILIK": "", **told,
    }  # fmt: skip
    script = ["/bin/sh", str(DEPLOY / "siapkan.sh")]
    return subprocess.run(script, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_an_office_on_a_file_is_prepared_and_can_be_prepared_again(tmp_path: Path) -> None:
    for _ in range(2):
        done = prepared(tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "pantau.db").exists()


@pytest.mark.xdist_group("daily role")
def test_the_owner_prepares_what_the_daily_role_then_works_with(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    name = postgres_server.create()
    owner = sa.make_url(postgres_server.url(name))
    daily = owner.set(username=DAILY).render_as_string(hide_password=False)
    postgres_server.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(DAILY)))
    try:
        address = owner.render_as_string(hide_password=False)
        done = prepared(tmp_path, PANTAU_DATABASE_URL=daily, PANTAU_DATABASE_URL_PEMILIK=address)
        assert done.returncode == 0, done.stderr
        database = open_database(daily)
        with database.read() as session:
            assert session.exec_driver_sql("SELECT count(*) FROM audit_log").scalar() is not None
        with pytest.raises(DatabaseError, match="tidak berhak"), database.write() as session:
            session.exec_driver_sql("DELETE FROM audit_log")
        database.dispose()
    finally:
        postgres_server.drop(name)
        postgres_server.run(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(DAILY)))


@pytest.mark.xdist_group("daily role")
def test_the_daily_role_is_made_with_the_database(postgres_server: PostgresServer, tmp_path: Path) -> None:
    from tests.safety.server import PROGRAMS

    name, word = postgres_server.create(), tmp_path / "sandi"
    word.write_text("kata 'sandi' contoh\n", encoding="utf-8")
    url = sa.make_url(postgres_server.url(name))
    environment = {
        "PATH": f"{PROGRAMS}:/usr/bin:/bin", "PGHOST": str(url.query["host"]), "POSTGRES_USER": str(url.username),
        "POSTGRES_DB": name, "SANDI_HARIAN": str(word),
    }  # fmt: skip
    script, role = DEPLOY / "postgresql" / "peran-harian.sh", sql.SQL("DROP ROLE IF EXISTS {}")
    try:
        done = subprocess.run([str(script)], env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        database = open_database(url.set(username=DAILY).render_as_string(hide_password=False))
        with pytest.raises(DatabaseError, match="tidak berhak"), database.read() as session:
            session.exec_driver_sql("SELECT 1 FROM audit_log")
        database.dispose()
    finally:
        postgres_server.drop(name)
        postgres_server.run(role.format(sql.Identifier(DAILY)))


def test_no_secret_stands_in_the_files() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            secret = re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL", name)
            assert not secret or value.startswith(("${", "/run/secrets/")), name


def test_every_variable_is_told_at_the_head_of_the_file() -> None:
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    head = text.split("\nname:")[0]
    assert all(name in head for name in re.findall(r"\$\{([A-Z_]+)", text))


@pytest.mark.parametrize("file", ["Containerfile", "compose.yml", "Caddyfile", "nginx.conf"])
def test_guide_names_every_file(file: str) -> None:
    assert f"deploy/{file}" in (ROOT / "docs" / "pemasangan.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["Caddyfile", "nginx.conf"])
def test_proxies_let_uploads_of_the_usual_size_through(file: str) -> None:
    from monitor.settings_web import WebSettings

    said = re.search(r"(?:max_size|client_max_body_size) (\d+)(?:MB|m)", (DEPLOY / file).read_text(encoding="utf-8"))
    assert said is not None
    assert int(said[1]) > WebSettings().upload_mb


def test_caddyfile_is_laid_out_as_caddy_does() -> None:
    binary = setup_machine.proxy("caddy")
    if binary is None:
        leave_out("caddy", "its Debian package could not be had")
    done = subprocess.run(
        [str(binary), "fmt", str(DEPLOY / "Caddyfile")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
