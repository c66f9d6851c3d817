"""Secrets in files of the workspace that nobody else may read."""

from __future__ import annotations

from pathlib import Path

from monitor.denials import closing, mending
from monitor.errors import ConfigError, plainly


def private_text(path: Path) -> str:
    """Return what a secret file holds; ConfigError when it is missing, empty or open to other users."""
    try:
        others = path.stat().st_mode & 0o077
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"Berkas rahasia {path} bukan teks UTF-8", "simpan ulang sebagai UTF-8") from error
    except OSError as error:
        mend = mending(error, "periksa namanya di pantau.toml dan cakramnya")
        raise ConfigError(f"Berkas rahasia {path} tidak terbaca ({plainly(error)})", mend) from error
    if others:
        raise ConfigError(f"Berkas rahasia {path} dapat dibaca pengguna lain", closing(path))
    if not text:
        raise ConfigError(f"Berkas rahasia {path} kosong", "isi rahasianya pada baris pertama")
    return text
