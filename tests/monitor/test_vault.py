from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError, EvidenceError
from monitor.vault import KEY_FILE, Vault


@given(data=st.binary(max_size=500))
def test_sealed_data_opens_again(data):
    vault = Vault(b"k" * 32)
    assert vault.unseal(vault.seal(data)) == data


def test_the_same_data_is_sealed_differently_each_time():
    vault = Vault(b"k" * 32)
    assert vault.seal(b"nip") != vault.seal(b"nip")


def test_another_key_does_not_open_it():
    with pytest.raises(EvidenceError):
        Vault(b"a" * 32).unseal(Vault(b"b" * 32).seal(b"nip"))


@given(junk=st.binary(max_size=60))
def test_rubbish_is_refused_as_altered(junk):
    with pytest.raises(EvidenceError):
        Vault(b"k" * 32).unseal(junk)


def test_a_blind_index_depends_on_value_purpose_and_key():
    vault = Vault(b"k" * 32)
    found = {
        vault.blind("nip", "1"),
        vault.blind("nip", "2"),
        vault.blind("nik", "1"),
        Vault(b"j" * 32).blind("nip", "1"),
    }
    assert len(found) == 4


def test_creating_twice_keeps_the_key(tmp_path):
    assert Vault.create(tmp_path / "keys").master == Vault.create(tmp_path / "keys").master


def test_the_key_file_is_for_its_owner_only(tmp_path):
    Vault.create(tmp_path / "keys")
    assert (tmp_path / "keys" / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_refused(tmp_path):
    Vault.create(tmp_path / "keys")
    (tmp_path / "keys" / KEY_FILE).chmod(0o644)
    with pytest.raises(ConfigError, match="dapat dibaca pengguna lain"):
        Vault.load(tmp_path / "keys")


def test_the_command_that_closes_a_key_holds_for_a_folder_with_blanks(tmp_path):
    folder = tmp_path / "ruang kerja"
    Vault.create(folder)
    (folder / KEY_FILE).chmod(0o644)
    with pytest.raises(ConfigError) as refused:
        Vault.load(folder)
    command = refused.value.mend.partition("`")[2].partition("`")[0]
    assert shlex.split(command) == ["chmod", "600", str(folder / KEY_FILE)]


def test_a_missing_key_says_how_to_mend_it(tmp_path):
    with pytest.raises(ConfigError, match="pantau init"):
        Vault.load(tmp_path)


def test_a_broken_key_is_refused(tmp_path):
    (tmp_path / KEY_FILE).write_bytes(b"pendek")
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(ConfigError, match="rusak"):
        Vault.load(tmp_path)


def test_a_vault_does_not_print_its_key():
    assert "kkkk" not in repr(Vault(b"k" * 32))
