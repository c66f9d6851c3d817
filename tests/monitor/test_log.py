from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from monitor import log


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("NIP 198001012005011001 tidak ada", "198001012005011001"),
        ("NIK 9901014101900001", "9901014101900001"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("https://contoh.example/?token=rahasia123&x=1", "rahasia123"),
        ("pantau_rahasia-contoh", "rahasia-contoh"),
        ("https://contoh.example/pantau_" + "aZ-_09" * 7, "aZ-_09"),
        ("https://contoh.example/v3?part=id&key=AIzaContoh123", "AIzaContoh123"),
        ("api_key: AIzaContoh123", "AIzaContoh123"),
        ("?access_token=EAAContoh123&appsecret_proof=abc", "EAAContoh123"),
    ],
)
def test_numbers_and_secrets_are_blotted_out(text, hidden):
    assert hidden not in log.redact(text)


@pytest.mark.parametrize(
    "text", ["run 12 selesai 2026-11-21, 41 tindakan", "jalankan `chmod u+rwX /srv/pantau_contoh/data/pantau.db`"]
)
def test_ordinary_text_stays(text):
    assert log.redact(text) == text


def test_a_log_line_shows_neither_numbers_nor_secret_fields(capsys):
    log.configure(json=True)
    structlog.get_logger().info("impor NIP 198001012005011001", password="rahasia", run=3)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["password"], line["run"]) == ("impor NIP [nomor disembunyikan]", "[disembunyikan]", 3)


def test_a_log_outlives_the_stream_it_was_set_up_with(monkeypatch, capsys):
    closed = io.StringIO()
    monkeypatch.setattr("sys.stderr", closed)
    log.configure(json=True)
    structlog.get_logger().info("satu")
    monkeypatch.undo()
    closed.close()
    structlog.get_logger().info("dua")
    assert "dua" in capsys.readouterr().err


def test_a_log_that_takes_no_more_lines_ends_no_work_and_is_counted(monkeypatch):
    log.LOST.told(log.LOST.lines)
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr("sys.stderr", full)
        log.configure(json=True)
        structlog.get_logger().info("satu")
        monkeypatch.undo()
        with suppress(OSError):  # what it holds back still
            full.close()
    assert log.LOST.lines == 1
    log.LOST.told(1)
    assert log.LOST.lines == 0
