"""Who may read rules, and the parts that the rules desk was given."""

from __future__ import annotations

from monitor.domain import UserRow
from monitor.errors import RefusedError, UsageError
from monitor.web.deps import RuleRoom
from monitor.web.frame import Frame
from monitor.web.menu import ROOMS


def room_of(frame: Frame, user: UserRow) -> RuleRoom:
    """Return the desk's parts for somebody who may read rules; RefusedError for others."""
    entry = next(room for room in ROOMS if room.section == "aturan")
    if not user.active or not entry.roles & user.roles:
        raise RefusedError("Meja aturan tidak terbuka bagi peran Anda", "mintalah admin memberi peran yang sesuai")
    if frame.deps.rules is None:
        raise UsageError("Konsol ini dijalankan tanpa berkas aturan", "jalankan dengan `pantau serve`")
    return frame.deps.rules
