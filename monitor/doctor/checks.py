"""What a look comes to, and many looks at once: none may hang the others, none may break the rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.denials import mending
from monitor.errors import PantauError, plainly

SECONDS = 20.0
"""How long all looks together may take before those that still hang are named."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `mend` says what to do when it is not well."""

    name: str
    well: bool
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Something to look at under a name; `at` raises or returns what it saw."""

    name: str
    at: Callable[[], Iterable[Check]]


def look_all(looks: Sequence[Look], seconds: float = SECONDS) -> list[Check]:
    """Look at everything at once and return what was seen in the order of `looks`.

    What has not ended after so many seconds is named and left behind; its thread does not keep the process alive.
    """
    seen: dict[int, list[Check]] = {}

    def work(place: int) -> None:
        seen[place] = seen_by(looks[place])

    threads = [threading.Thread(target=work, args=(place,), daemon=True) for place in range(len(looks))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    told = dict(seen)
    return [check for place, look in enumerate(looks) for check in told.get(place, [_hangs(look.name, seconds)])]


def seen_by(look: Look) -> list[Check]:
    """Return what one look sees; whatever breaks it is itself what a person must know."""
    try:
        return list(look.at())
    except PantauError as error:
        return [Check(look.name, well=False, detail=error.message, mend=error.mend)]
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        mend = mending(error, "periksa izin, cakram, dan jaringan")
        return [Check(look.name, well=False, detail=f"{plainly(error)}{place}", mend=mend)]
    except Exception as error:  # noqa: BLE001 - a look that breaks must not hide the others
        detail = f"pemeriksaan ini sendiri gagal ({type(error).__name__})"
        return [Check(look.name, well=False, detail=detail, mend="jalankan lagi dengan --verbose dan laporkan")]


def _hangs(name: str, seconds: float) -> Check:
    detail = f"tidak selesai dalam {seconds:g} detik"
    return Check(name, well=False, detail=detail, mend="periksa apakah cakram atau layanannya menggantung")


def size(count: float) -> str:
    """Return bytes as people read them."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def ago(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} detik"
    if seconds < 7200:
        return f"{seconds / 60:.0f} menit"
    return f"{seconds / 3600:.0f} jam" if seconds < 172_800 else f"{seconds / 86_400:.0f} hari"
