"""A setting that is wrong is named with its line, or the variable that says it, and what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.log import redact
from monitor.settings import load_settings


def told(home: Path, text: str) -> str:
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(home)
    return str(raised.value).replace(str(home / "pantau.toml"), "berkas")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[scan]\nsince_days = 0", "berkas, baris 2: scan.since_days: paling kecil 1"),
        ("[scan]\nresume_hours = 0", "berkas, baris 2: scan.resume_hours: harus lebih dari 0"),
        ("[scan]\nbusy_factor = 2", "berkas, baris 2: scan.busy_factor: paling besar 1"),
        ("[scan]\njudge_batch = 1.5", "berkas, baris 2: scan.judge_batch: isi bilangan bulat"),
        ("[scan]\nrevisit = 'ya'", "berkas, baris 2: scan.revisit: isi true atau false"),
        ("\n\n[web]\n# satu\nhosts = 'x'", "berkas, baris 5: web.hosts: isi daftar di antara kurung siku"),
        ("[agency]\nname = 5", "berkas, baris 2: agency.name: isi teks di antara tanda kutip"),
        ("agency = 'x'", "berkas, baris 1: agency: ini sebuah bagian"),
        ("[web]\nsecond_factor = 'x'", "berkas, baris 2: web.second_factor: pilih salah satu: 'wajib' atau 'bila_ada'"),
        ("[sources.x]\napproved_at = 'kemarin'", "berkas, baris 2: sources.x.approved_at: isi tanggal, misalnya"),
        ("[replay]\nclock = 'kemarin'", "berkas, baris 2: replay.clock: isi tanggal, jam, dan zona waktu"),
        ("[backup]\nfolder = 5", "berkas, baris 2: backup.folder: isi nama berkas atau folder"),
        ("[[notify.webhooks]]\nname = 'A'", "berkas, baris 2: notify.webhooks.0.name: hanya huruf kecil"),
        ("[[notify.webhooks]]\nname = 'a'", "berkas, baris 1: notify.webhooks.0.url: wajib diisi"),
        (
            "[[notify.webhooks]]\nname = 'a'\nurl = 'https://a.example'\n[[notify.webhooks]]\nname = 'b'\nurl = 5",
            "berkas, baris 6: notify.webhooks.1.url: isi teks",
        ),
        (
            "[schedule]\nrevisit = {sekarang = '1 * * * *'}",
            "berkas, baris 2: schedule.revisit.sekarang: pilih salah satu",
        ),
        ("[agency]\ntimezone = 'Asia'", "berkas, baris 2: agency.timezone: zona waktu tidak dikenal"),
        ("x = 1", "berkas, baris 1: x: kunci tidak dikenal"),
        ("[scan]\nsince_days = = 3", "berkas, baris 2, kolom 14: tidak terbaca sebagai TOML"),
        ("[scan]\n[scan]", "berkas, baris 2, kolom 6: kunci atau bagian ini sudah ditulis sebelumnya"),
        ("\ufeff[scan]", "berkas, baris 1: diawali tanda urutan bita (BOM) — simpan ulang sebagai UTF-8 tanpa BOM"),
        ("[scan", "berkas, akhir berkas: tidak terbaca sebagai TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_what_may_stand_there(tmp_path: Path, text: str, words: str) -> None:
    assert words in told(tmp_path, text)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PANTAU_SCAN__SINCE_DAYS", "0", "PANTAU_SCAN__SINCE_DAYS (lingkungan): paling kecil 1"),
        ("PANTAU_SCAN", '{"since_days": 0}', "PANTAU_SCAN (lingkungan): paling kecil 1"),
        (
            "PANTAU_WEB__PROXIES",
            "127.0.0.1",
            "PANTAU_WEB__PROXIES (lingkungan): daftar dan bagian ditulis sebagai JSON",
        ),
    ],
)
def test_a_wrong_variable_is_named_and_the_file_is_not_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    said = told(tmp_path, "")
    assert said.startswith(words)
    assert redact(said) == said


def test_of_several_variables_only_the_faulty_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTAU_AGENCY", "abc")
    monkeypatch.setenv("PANTAU_AGENCY__NAME", "Bawaslu Kabupaten Contoh")
    assert told(tmp_path, "").startswith("PANTAU_AGENCY (lingkungan): daftar dan bagian ditulis sebagai JSON")
