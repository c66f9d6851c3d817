#!/usr/bin/env python3
"""Locks the versions of the shipped rules: `.venv/bin/python -m scripts.lock_rules`.

New versions are added to rules/versions.lock. Content that changed under a version that is locked already is an error;
`--rewrite` takes it over, for versions that no office has received yet.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rules.loader import shipped_versions
from rules.versions import read_lock, unlocked, write_lock

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "rules" / "versions.lock"


def main() -> int:
    """Add what is new, and refuse what changed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.lock_rules", description=__doc__)
    parser.add_argument("--rewrite", action="store_true", help="take over changed content of unreleased versions")
    wanted = parser.parse_args()
    held = dict(read_lock(LOCK.read_text(encoding="utf-8"))) if LOCK.exists() else {}
    versions = shipped_versions()
    for version in versions:
        if wanted.rewrite or (version.id, version.number) not in held:
            held[version.id, version.number] = version.digest
    wrong = unlocked(versions, held)
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        LOCK.write_text(write_lock(held), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
