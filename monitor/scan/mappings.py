"""Saved mappings of columns: `pemetaan/NAME.toml` in the workspace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.denials import mending
from monitor.errors import ConfigError, plainly
from monitor.settings_words import of_toml

FOLDER = "pemetaan"


def load_mapping(home: Path, wanted: str) -> tuple[Mapping[str, str], str | None]:
    """Return the columns by field, and the platform where the mapping names one; `wanted` is a name or a file.

    ConfigError names the file, what is wrong with it, and the mappings that there are.
    """
    path = Path(wanted)
    if not path.is_file():
        path = home / FOLDER / f"{wanted.removesuffix('.toml')}.toml"
    if not re.fullmatch(r"[\w .-]{1,100}(?:\.toml)?", Path(wanted).name) or not path.is_file():
        known = ", ".join(sorted(p.stem for p in (home / FOLDER).glob("*.toml"))) or "belum ada"
        raise ConfigError(f"Pemetaan {wanted} tidak ada", f"simpan di {FOLDER}/NAMA.toml; yang ada: {known}")
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        where, mend = of_toml(path, error)
        raise ConfigError(f"{path}, {where}", mend) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} tidak terbaca: bukan teks UTF-8", "simpan ulang sebagai UTF-8") from error
    except OSError as error:
        mend = mending(error, "periksa izin dan cakramnya")
        raise ConfigError(f"{path} tidak terbaca ({plainly(error)})", mend) from error
    columns = data.get("kolom")
    platform = data.get("platform")
    unknown = sorted(set(data) - {"kolom", "platform"})
    if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()) or unknown:
        said = f" (tidak dikenal: {', '.join(unknown)})" if unknown else ""
        raise ConfigError(f"{path}: pemetaan harus berisi bagian [kolom]{said}", 'contoh: akun = "Nama akun"')
    return columns, platform if isinstance(platform, str) else None
