from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor import installation
from monitor.cli.console_provider import provider_of
from monitor.errors import ConfigError
from monitor.settings_web import OidcSettings
from tests.cli.terminal import PASSWORD, pantau


@pytest.fixture
def office(tmp_path: Path) -> Path:
    installation.create(tmp_path / "kantor")
    for name, role in (("sari", "admin"), ("rina", "pengawas")):
        added = pantau(
            tmp_path / "kantor", "users", "add", name, "--role", role, "--jurisdiction", "99", typed=PASSWORD
        )
        assert added.exit_code == 0, added.output
    return tmp_path / "kantor"


def listed(office: Path, name: str) -> dict[str, object]:
    users = json.loads(pantau(office, "users", "list", "--json").stdout)
    return next(user for user in users if user["name"] == name)


def test_a_role_is_taken_back(office: Path) -> None:
    assert pantau(office, "users", "revoke", "rina", "--role", "pengawas", "--jurisdiction", "99").exit_code == 0
    assert listed(office, "rina")["grants"] == []
    assert pantau(office, "users", "revoke", "rina", "--role", "pengawas", "--jurisdiction", "99").exit_code == 2


def test_the_last_administrator_is_not_lost(office: Path) -> None:
    for order in (("revoke", "sari", "--role", "admin", "--jurisdiction", "99"), ("disable", "sari")):
        refused = pantau(office, "users", *order)
        assert (refused.exit_code, "admin terakhir" in refused.stderr) == (3, True)


def test_a_user_is_switched_off_and_on(office: Path) -> None:
    pantau(office, "users", "disable", "rina")
    assert listed(office, "rina")["active"] is False
    pantau(office, "users", "enable", "rina")
    assert listed(office, "rina")["active"] is True


def test_a_one_time_password_opens_the_console_only(office: Path) -> None:
    once = pantau(office, "users", "reset-password", "rina").stdout.strip()
    assert len(once) == 19
    assert pantau(office, "finds", "list", "--as", "rina", typed=PASSWORD).exit_code == 3
    refused = pantau(office, "finds", "list", "--as", "rina", typed=once)
    assert (refused.exit_code, "sekali masuk" in refused.stderr) == (3, True)


def test_without_a_second_factor_there_is_nothing_to_reset(office: Path) -> None:
    told = pantau(office, "users", "reset-totp", "rina")
    assert (told.exit_code, "belum memasang" in told.stdout) == (0, True)


def test_a_token_is_narrowed_to_a_role_of_its_user(office: Path) -> None:
    assert pantau(office, "users", "token", "rina", "--role", "admin").exit_code == 2
    made = pantau(office, "users", "token", "rina", "--role", "pengawas", "--days", "30")
    assert made.stdout.strip().startswith("pantau_")


def test_without_a_provider_nothing_is_linked(office: Path) -> None:
    refused = pantau(office, "users", "link", "rina", "rina@contoh.example")
    assert (refused.exit_code, "web.oidc" in refused.stderr) == (2, True)


def test_with_a_provider_its_account_is_linked_once(office: Path) -> None:
    config = office / "pantau.toml"
    provider = '\n[web.oidc]\nissuer = "https://akun.contoh.example"\nclient_id = "pantau"\n'
    config.write_text(config.read_text() + provider)
    assert pantau(office, "users", "link", "rina", "rina@contoh.example").exit_code == 0
    assert pantau(office, "users", "link", "sari", "RINA@contoh.example").exit_code == 1


@pytest.mark.parametrize(
    "lines",
    [
        'issuer = "http://akun.contoh.example"\nclient_id = "x"',
        'issuer = "https://akun.contoh.example"',
        'issuer = "x"',
    ],
)
def test_a_provider_that_is_not_reached_safely_is_a_wrong_setting(office: Path, lines: str) -> None:
    config = office / "pantau.toml"
    config.write_text(f"{config.read_text()}\n[web.oidc]\n{lines}\n")
    assert pantau(office, "users", "list").exit_code == 2


@pytest.mark.parametrize(("mode", "refused"), [(0o600, False), (0o644, True)])
def test_the_secret_of_the_provider_lies_in_a_private_file(tmp_path: Path, mode: int, refused: bool) -> None:
    file = tmp_path / "oidc.txt"
    file.write_text("rahasia\n")
    file.chmod(mode)
    settings = OidcSettings(
        issuer="https://akun.contoh.example", client_id="pantau", client_secret_file=Path(file.name)
    )
    if refused:
        with pytest.raises(ConfigError, match="chmod 600"):
            provider_of(settings, tmp_path)
    else:
        made = provider_of(settings, tmp_path)
        assert made is not None
        assert made.client.client_secret == "rahasia"


def test_without_an_issuer_there_is_no_provider(tmp_path: Path) -> None:
    assert provider_of(OidcSettings(), tmp_path) is None
