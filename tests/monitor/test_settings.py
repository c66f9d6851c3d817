from __future__ import annotations

import pytest

from monitor.errors import ConfigError
from monitor.settings import load_settings
from monitor.settings_home import find_home


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("PANTAU_HOME", "PANTAU_DATABASE_URL", "PANTAU_AGENCY__NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(home, text):
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    return home


def test_a_folder_without_settings_is_no_workspace(home):
    with pytest.raises(ConfigError, match="pantau init"):
        load_settings(home)


def test_the_environment_wins_over_the_file(home, monkeypatch):
    monkeypatch.setenv("PANTAU_AGENCY__NAME", "Bawaslu Provinsi Contoh")
    settings = load_settings(write(home, '[agency]\nname = "Bawaslu Kabupaten Contoh"\n'))
    assert settings.agency.name == "Bawaslu Provinsi Contoh"


def test_sqlite_in_the_workspace_is_the_default_database(home):
    assert load_settings(write(home, "")).url == f"sqlite:///{home / 'data' / 'pantau.db'}"


def test_a_configured_database_is_used(home):
    settings = load_settings(write(home, 'database_url = "postgresql+psycopg://contoh/pantau"\n'))
    assert settings.url.startswith("postgresql+psycopg://")


def test_a_database_file_is_named_from_the_workspace_wherever_the_program_is_started(home):
    assert load_settings(write(home, 'database_url = "sqlite:///data/kantor.db"\n')).url == (
        f"sqlite:///{home / 'data' / 'kantor.db'}"
    )


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/kantor.db", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"]
)
def test_other_addresses_of_sqlite_stay_as_they_are_written(home, url):
    assert load_settings(write(home, f'database_url = "{url}"\n')).url == url


def test_a_folder_of_evidence_is_named_from_the_workspace(home):
    assert load_settings(write(home, '[evidence]\nurl = "file://bukti"\n')).evidence_dir == home / "bukti"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[agency]\nnama = 'x'\n", "agency.nama: kunci tidak dikenal"),
        ("[agency]\ntimezone = 'Mars/Contoh'\n", "zona waktu tidak dikenal"),
        ("[sources.bluesky]\nenable = true\n", "kunci enable tidak dikenal"),
        ("[sources.bluesky]\nmax_rps = 0\n", "sources.bluesky.max_rps"),
        ("[sources.bluesky]\napproved_at = 'kemarin'\n", "sources.bluesky.approved_at"),
        ("[replay]\nclock = 2026-11-20T18:00:00\n", "perlu zona waktu"),
        ("agency = \n", "baris 1, kolom 10: tidak terbaca sebagai TOML"),
    ],
)
def test_a_mistake_is_named_with_its_key(home, text, words):
    with pytest.raises(ConfigError, match=words):
        load_settings(write(home, text))


def test_a_file_in_another_encoding_is_named(home):
    (home / "pantau.toml").write_bytes(b'[agency]\nname = "\xff\xfe"\n')
    with pytest.raises(ConfigError, match=r"pantau\.toml"):
        load_settings(home)


def test_base_addresses_of_a_platform_are_taken_without_a_closing_slash(home):
    text = "[sources.bluesky]\nappview_url = 'http://127.0.0.1:2584/'\n"
    assert load_settings(write(home, text)).sources["bluesky"].urls == {"appview_url": "http://127.0.0.1:2584"}


def test_a_token_is_not_printed(home, monkeypatch):
    monkeypatch.setenv("PANTAU_TOKEN", "pantau_rahasia-contoh")
    assert "rahasia" not in repr(load_settings(write(home, "")))


def test_the_workspace_comes_from_the_option_then_the_environment(home, monkeypatch):
    monkeypatch.setenv("PANTAU_HOME", str(home / "lain"))
    assert (find_home(home), find_home(None)) == (home, home / "lain")


def test_quiet_hours_and_caps_of_a_source_are_read(home):
    text = '[sources.x]\nquiet_hours = ["22:00-05:00"]\nweekly_cap = 700\nquota_units = 5000\ncost_cap_daily = 2.5\n'
    source = load_settings(write(home, text)).sources["x"]
    assert (source.quiet_hours, source.weekly_cap, source.quota_units) == (("22:00-05:00",), 700, 5000)
    assert (source.cost_cap_daily, source.cost_cap_monthly) == (2.5, None)


@pytest.mark.parametrize("span", ["6-8", "06:00", "25:00-05:00", "06:00-06:00", "06:00 - 08:00"])
def test_quiet_hours_that_cannot_be_read_are_refused_with_an_example(home, span):
    with pytest.raises(ConfigError, match="06:00-08:00"):
        load_settings(write(home, f'[sources.x]\nquiet_hours = ["{span}"]\n'))
