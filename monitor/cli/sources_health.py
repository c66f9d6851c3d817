"""`pantau sources health`: when each source last worked, how complete it was, and where it is blind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from db import health
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, print_table
from monitor.domain import Completeness, NightOfSource, Outcome, SourceHealth, TargetHealth
from monitor.errors import UsageError
from monitor.labels import label
from scrapers import registry


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("health", epilog="Contoh: pantau sources health bluesky --json")(show)


@reports_errors
def show(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAMA]", help="Satu sumber, dengan tiap akunnya.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan kesehatan sumber: terakhir berhasil, 14 malam terakhir, kelengkapan, perubahan bentuk, canary."""
    if name is not None and name not in registry.manifests():
        known = ", ".join(sorted(registry.manifests()))
        raise UsageError(f"Sumber {name} tidak dikenal", f"yang ada: {known}")
    with opened(context) as space:
        zone = space.settings.agency.zone
        with space.database.read() as session:
            found = health.source_health(session, name)
            targets = health.target_health(session, name) if name is not None else ()
    if as_json:
        print_json([_json(one, [t for t in targets if t.source == one.source]) for one in found])
    else:
        rows = [
            (
                one.source,
                _when(one.last_worked_at, zone),
                _nights(one.nights),
                _complete(one.completeness),
                "; ".join(one.drift) or "—",
                _canaries(one),
                _issues(one),
                _time(one.nights[0].seconds if one.nights else None),
            )
            for one in found
        ]
        columns = ("Sumber", "Terakhir berhasil", "Malam (terbaru dulu)", "Kelengkapan", "Perubahan bentuk", "Canary",
                   "Perlu orang", "Lama")  # fmt: skip
        print_table("Kesehatan sumber", columns, rows)
        if name is not None:
            _print_targets(targets, zone)
    _name_troubles(found)
    if not all(one.well for one in found):
        raise typer.Exit(EXIT_PERSON)


def _name_troubles(found: Sequence[SourceHealth]) -> None:
    console = errors_console()
    for one in found:
        if one.blind:
            console.print(f"pantau: {one.source}: buta: canary tidak terlihat", markup=False)
        if one.suspicious_empty:
            detail = f"{one.suspicious_empty} akun yang biasanya bersuara mendadak kosong"
            console.print(f"pantau: {one.source}: {detail}", markup=False)
        for issue in one.issues:
            if issue.needs_person:
                console.print(f"pantau: {one.source}: {issue.kind} ({issue.count}): {issue.detail}", markup=False)


def _print_targets(targets: Sequence[TargetHealth], zone: ZoneInfo) -> None:
    rows = [
        (
            label(one.direction),
            one.target,
            _when(one.last_worked_at, zone),
            " ".join(_SIGNS.get(outcome, "!") for outcome in one.outcomes),
            "; ".join(f"{label(act)} {label(coverage)}" for act, coverage in one.coverage),
            _time(one.seconds),
        )
        for one in targets
    ]
    print_table("Akun", ("Arah", "Akun", "Terakhir berhasil", "Malam", "Cakupan terakhir", "Lama"), rows)


_SIGNS = {Outcome.OK: "✓", Outcome.EMPTY_CONFIRMED: "∅", Outcome.PARTIAL: "~", Outcome.SUSPICIOUS_EMPTY: "?"}


def _nights(nights: Sequence[NightOfSource]) -> str:
    """Return one sign a night: the worst outcome in it."""
    return " ".join(_SIGNS.get(_worst(night), "!") for night in nights)


def _worst(night: NightOfSource) -> Outcome:
    order = [Outcome.OK, Outcome.EMPTY_CONFIRMED, Outcome.PARTIAL, Outcome.SUSPICIOUS_EMPTY]
    return max(
        (outcome for outcome, _ in night.outcomes),
        key=lambda outcome: order.index(outcome) if outcome in order else len(order),
        default=Outcome.OK,
    )


def _complete(parts: Sequence[Completeness]) -> str:
    told = [f"{label(p.verb)} {p.share:.0%} ({p.collected}/{p.reported})" for p in parts if p.share is not None]
    return "; ".join(told) or "—"


def _canaries(one: SourceHealth) -> str:
    if not one.canaries:
        return "tidak dipasang"
    return "; ".join(f"{c.canary}: {'terlihat' if c.found else 'TIDAK terlihat'}" for c in one.canaries)


def _when(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment is not None else "belum pernah"


def _issues(one: SourceHealth) -> str:
    return "; ".join(f"{issue.kind} ({issue.count})" for issue in one.issues if issue.needs_person) or "—"


def _time(seconds: float | None) -> str:
    return "—" if seconds is None else f"{seconds:.0f} dtk" if seconds < 120 else f"{seconds / 60:.0f} mnt"


def _json(one: SourceHealth, targets: Sequence[TargetHealth]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "source": one.source,
        "well": one.well,
        "blind": one.blind,
        "last_worked_at": one.last_worked_at.isoformat() if one.last_worked_at else None,
        "nights": [
            {
                "run": night.run,
                "started_at": night.started_at.isoformat(),
                "outcomes": {outcome.value: count for outcome, count in night.outcomes},
                "seconds": night.seconds,
            }
            for night in one.nights
        ],
        "completeness": {
            p.verb.value: {"collected": p.collected, "reported": p.reported, "share": p.share} for p in one.completeness
        },
        "drift": list(one.drift),
        "canaries": [
            {"canary": c.canary, "found": c.found, "looked_at": c.looked_at.isoformat(), "detail": c.detail}
            for c in one.canaries
        ],
        "suspicious_empty": one.suspicious_empty,
        "issues": [
            {"kind": i.kind, "count": i.count, "needs_person": i.needs_person, "detail": i.detail} for i in one.issues
        ],
    }
    if targets:
        found["targets"] = [
            {
                "direction": t.direction.value,
                "target": t.target,
                "last_worked_at": t.last_worked_at.isoformat() if t.last_worked_at else None,
                "outcomes": [outcome.value for outcome in t.outcomes],
                "coverage": {act.value: coverage.value for act, coverage in t.coverage},
                "seconds": t.seconds,
            }
            for t in targets
        ]
    return found
