"""The same schedule for other keepers of time: a crontab, and hardened systemd units with their timers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.domain import Job
from monitor.jobs.rhythm import months, rhythms, weekdays
from monitor.labels import label
from monitor.settings import Settings

_CATCH_UP = "*/10 * * * *"
_WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_HOMES = ("/home", "/root", "/run/user")

_CRONTAB = """\
# crontab -e: keluaran ke stderr dikirim cron lewat surel; kode keluar 1 = perlu orang, 3 = ditolak.
# Cron Debian mengabaikan CRON_TZ; baris terakhir lalu tetap menjalankan semuanya, paling lambat sepuluh menit.
CRON_TZ={zone}
{lines}"""

_HARDENED = """\
User={user}
Group={user}
EnvironmentFile=-/etc/pantau/lingkungan
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={writable}
ProtectHome={homes}
PrivateTmp=yes
PrivateMounts=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
KillMode=mixed
TimeoutStopSec=120
"""

_CLOSED = """\
RestrictNamespaces=yes
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
"""

# The browser that takes pictures locks itself in: for that it needs namespaces of its own.
_BROWSER = """\
RestrictNamespaces=user pid net
SystemCallFilter=
SystemCallFilter=@system-service chroot capset unshare setns
"""

_NETWORK = """\
After=network-online.target postgresql.service
Wants=network-online.target
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie on a machine: the command, the workspace, other folders that are written to, the user."""

    command: tuple[str, ...]
    home: Path
    writable: tuple[Path, ...]
    user: str = "pantau"


def layout_of(settings: Settings, user: str) -> Layout:
    """Return the layout of this machine and its workspace."""
    home = Path(settings.home).resolve()
    others = [folder for folder in (settings.backup.folder, settings.evidence.folder) if folder is not None]
    outside = tuple(folder for folder in others if folder.is_absolute() and not folder.is_relative_to(home))
    return Layout((sys.executable, "-m", "monitor"), home, outside, user)


def crontab(settings: Settings) -> str:
    """Return the lines of a crontab; every run is recorded, and what was missed is caught up by the last one."""
    own = layout_of(settings, "")
    base = shlex.join([*own.command, "--workspace", str(own.home), "schedule"])
    lines = [
        f"{_plain(cron)} {base} once {job.value} --if-due > /dev/null"
        for job, crons in _crons(settings).items()
        for cron in crons
    ]
    lines.append(f"{_CATCH_UP} {base} catch-up > /dev/null")
    return _CRONTAB.format(zone=settings.agency.timezone, lines="\n".join(line.replace("%", r"\%") for line in lines))


def systemd_units(settings: Settings, layout: Layout) -> dict[str, str]:
    """Return the unit files by name: the console, workers, and the schedule, as one service or as timers.

    The schedule runs either as `pantau-jadwal.service` or by the timers; both at once do nothing twice.
    """
    zone = settings.agency.timezone
    units = {
        "pantau-konsol.service": _service(layout, "konsol telaah", "serve", closed=True),
        "pantau-pekerja@.service": _service(layout, "pekerja %i", "worker $PEKERJA_OPSI", closed=False,
                                            extra="EnvironmentFile=-/etc/pantau/pekerja-%i\n"),
        "pantau-jadwal.service": _service(layout, "jadwal", "schedule run", closed=False),
        "pantau-tugas@.service": _once(layout, "pekerjaan %i", "schedule once %i --if-due"),
        "pantau-tugas@recheck.service.d/peramban.conf": "[Service]\n" + _BROWSER,
        "pantau-susulan.service": _once(layout, "pekerjaan yang terlambat", "schedule catch-up", closed=False),
        "pantau-susulan.timer": _timer("pekerjaan yang terlambat", [on_calendar(_CATCH_UP, zone)], ""),
    }  # fmt: skip
    for job, crons in _crons(settings).items():
        times = [on_calendar(cron, zone) for cron in crons]
        units[f"pantau-{job.value}.timer"] = _timer(label(job), times, f"pantau-tugas@{job.value}.service")
    return units


def on_calendar(cron: str, zone: str) -> str:
    """Return a cron expression as systemd writes it, e.g. `Mon *-*-* 06:00:00 Asia/Jakarta`."""
    minute, hour, day, month, days = cron.split()
    named = "" if days == "*" else ",".join(name.capitalize() for name in weekdays(days)) + " "
    date = f"*-{_field(months(month), 1)}-{_field(day, 1)}"
    return f"{named}{date} {_field(hour, 0)}:{_field(minute, 0)}:00 {zone}"


def _plain(cron: str) -> str:
    """Return a line with numbers for names: cron takes no name in a list or a span, and no span over a week's end."""
    minute, hour, day, month, days = cron.split()
    if days != "*":
        days = ",".join(str(_WEEK.index(day)) for day in weekdays(days))
    return " ".join([minute, hour, day, months(month), days])


def _field(field: str, first: int) -> str:
    """Return one field; a step over all values starts at the first one, as cron counts."""
    pieces = []
    for piece in field.split(","):
        span, slash, step = piece.partition("/")
        begins, _, ends = span.partition("-")
        if span == "*":
            pieces.append(f"{first:02d}/{step}" if slash else "*")
        else:
            told = f"{int(begins):02d}" + (f"..{int(ends):02d}" if ends else "")
            pieces.append(told + (f"/{step}" if slash else ""))
    return ",".join(pieces)


def _crons(settings: Settings) -> dict[Job, list[str]]:
    return {job: list(dict.fromkeys(beat.cron for beat in rhythm.beats)) for job, rhythm in rhythms(settings).items()}


def _service(layout: Layout, what: str, command: str, *, closed: bool, extra: str = "") -> str:
    return (
        f"[Unit]\nDescription=Pantau: {what}\n{_NETWORK}\n"
        f"[Service]\nType=exec\nExecStart={_exec(layout, command)}\nRestart=on-failure\nRestartSec=30\n{extra}"
        f"{_hardening(layout, closed=closed)}\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )


def _once(layout: Layout, what: str, command: str, *, closed: bool = True) -> str:
    return (
        f"[Unit]\nDescription=Pantau: {what}\n{_NETWORK}\n"
        f"[Service]\nType=oneshot\nExecStart={_exec(layout, command)}\nTimeoutStartSec=infinity\n"
        # 3: the same work is going on; it is tried again. 1 stays a failure: a person must look.
        f"SuccessExitStatus=3\n{_hardening(layout, closed=closed)}"
    )


def _timer(what: str, times: Iterable[str], unit: str) -> str:
    lines = "".join(f"OnCalendar={time}\n" for time in times)
    named = f"Unit={unit}\n" if unit else ""
    return (
        f"[Unit]\nDescription=Pantau: {what}\n\n"
        f"[Timer]\n{lines}{named}Persistent=true\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n"
    )


def _exec(layout: Layout, command: str) -> str:
    words = [*layout.command, "--workspace", str(layout.home), "--log-json"]
    return " ".join([*(_quoted(word) for word in words), command])


def _hardening(layout: Layout, *, closed: bool) -> str:
    paths = [layout.home, *layout.writable]  # other folders may be missing, as a disk that is not there now
    at_home = any(str(path).startswith(_HOMES) for path in (*paths, Path(layout.command[0])))
    text = _HARDENED.format(
        user=layout.user,
        writable=" ".join([_quoted(str(layout.home)), *(_quoted(f"-{path}") for path in layout.writable)]),
        homes="read-only" if at_home else "yes",
    )
    return text + (_CLOSED if closed else _BROWSER)


def _quoted(word: str) -> str:
    """Return a word as systemd reads it back: its own signs doubled, in quotes where it has a space."""
    safe = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{safe}"' if any(sign in word for sign in " '\";") else safe
