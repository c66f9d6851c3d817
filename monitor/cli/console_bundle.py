"""What the console asks for when somebody downloads the evidence of a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from monitor.cli.bundling import bundle_office, file_name
from monitor.desk.bundling import BundleWish, make_bundle
from monitor.domain import UserRow
from monitor.errors import ConflictError
from monitor.workspace import Workspace


def bundling(space: Workspace) -> Callable[[int, UserRow, str | None, Path], Path]:
    """Return how a bundle is written into a folder: case, user, and the reason for raw answers, None without them.

    One at a time: each may hold many answers.
    """
    busy = Lock()

    def write(case_id: int, user: UserRow, reason: str | None, folder: Path) -> Path:
        wish = BundleWish(case_id, user, raw=reason is not None, reason=reason or "")
        if not busy.acquire(timeout=20):
            raise ConflictError("Paket bukti lain sedang dibuat", "tunggu sebentar, lalu coba lagi")
        try:
            made = make_bundle(bundle_office(space), wish, folder / "paket.zip", space.clock())
        finally:
            busy.release()
        named = folder / file_name(case_id, made.manifest, raw=wish.raw)
        return made.path.rename(named)

    return write
