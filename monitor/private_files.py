"""Secrets in files of the workspace that nobody else may read."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import ConfigError


def private_text(path: Path) -> str:
    """Return what a secret file holds; ConfigError when it is missing, empty or open to other users."""
    try:
        others = path.stat().st_mode & 0o077
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Berkas rahasia {path} tidak terbaca", "periksa nama dan izinnya") from error
    if others:
        raise ConfigError(f"Berkas rahasia {path} dapat dibaca pengguna lain", f"jalankan `chmod 600 {path}`")
    if not text:
        raise ConfigError(f"Berkas rahasia {path} kosong", "isi rahasianya pada baris pertama")
    return text
