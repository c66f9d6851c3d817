#!/usr/bin/env python3
"""Gathers everything that an installation without internet needs into one folder.

    python -m scripts.wheelhouse FOLDER

Run it on a machine with internet and the same kind of Debian; carry the folder over and run `sh pasang.sh /opt/pantau`
there. Every wheel is named with its hash in `locks/app.txt`, the program itself and this list in SHA256SUMS.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "locks" / "app.txt"
WHEELS, SUMS, STAMP = "roda", "SHA256SUMS", ".stamp"
SCRIPT = """\
#!/bin/sh
# Memasang pantau tanpa internet:  sh pasang.sh /opt/pantau
# Perlu python3 3.11 ke atas beserta python3-venv. Lingkungan yang sudah ada diperbarui.
set -eu
tujuan=${1:?sebut folder tujuan, misalnya /opt/pantau}
asal=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
(cd "$asal" && sha256sum --quiet --check SHA256SUMS) || { echo "Berkas rusak atau diubah; salin ulang." >&2; exit 1; }
test -x "$tujuan/bin/python" || "${PYTHON:-python3}" -m venv "$tujuan"
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONSTRAINT 2>/dev/null || true
PIP_CONFIG_FILE=/dev/null
PIP_NO_INDEX=1
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_CONFIG_FILE PIP_NO_INDEX PIP_DISABLE_PIP_VERSION_CHECK
"$tujuan/bin/python" -m pip install --quiet --find-links "$asal/roda" --require-hashes --requirement "$asal/app.txt"
"$tujuan/bin/python" -m pip install --quiet --no-deps --force-reinstall "$asal"/pantau_netralitas-*.whl
"$tujuan/bin/pantau" --version
"""


def build(folder: Path, python: str = sys.executable) -> None:
    """Fill the folder anew; CalledProcessError when a wheel cannot be had. What is already right is kept."""
    wheels = folder / WHEELS
    wheels.mkdir(parents=True, exist_ok=True)
    told = (folder / STAMP).read_text(encoding="ascii") if (folder / STAMP).exists() else ""
    if told != stamp():
        (folder / STAMP).unlink(missing_ok=True)
        shutil.rmtree(wheels)
        pip(python, "download", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels),
            "--requirement", str(LOCK))  # fmt: skip
    for old in folder.glob("*.whl"):
        old.unlink()
    pip(python, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    shutil.copyfile(LOCK, folder / LOCK.name)
    (folder / "pasang.sh").write_text(SCRIPT, encoding="utf-8")
    (folder / SUMS).write_text(sums(folder), encoding="utf-8")
    (folder / STAMP).write_text(stamp(), encoding="ascii")


def pip(python: str, command: str, *arguments: str) -> None:
    """Run pip quietly, its errors on ours."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([python, "-m", "pip", command, "--quiet", *arguments], check=True, env=environment)  # noqa: S603 - our own words, no shell


def stamp() -> str:
    """Return the digest of what decides which wheels belong here."""
    return hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS: every file but the list itself and hidden ones."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (SUMS, STAMP))
    return "".join(f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and fill the folder."""
    parser = argparse.ArgumentParser(description="Kumpulkan bekal pemasangan tanpa internet ke dalam satu folder.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder.resolve()
    try:
        build(folder)
    except subprocess.CalledProcessError as error:
        print(f"pip gagal (kode {error.returncode}); periksa jaringan, lalu ulangi", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.0f} MB. Di mesin tujuan: sh pasang.sh /opt/pantau")
    return 0


if __name__ == "__main__":
    sys.exit(main())
