"""`pantau sources policy`: by what right each source is read, as pantau.toml states it and as nights recorded it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from db import policies
from monitor.assembly import policy_of
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import SourceMode
from monitor.errors import PolicyBlocked, UsageError
from monitor.labels import label
from monitor.settings import SourceSettings
from monitor.workspace import Workspace
from scrapers import policy, registry

_SHOWN = ("legal_basis", "permission_ref", "approved_by", "approved_at", "retention_days", "max_rps", "daily_cap")


@dataclass(frozen=True, slots=True)
class Stated:
    """One source's policy record; `refusal` is why the gate stays shut, `noted_at` when a night last recorded one."""

    source: str
    record: SourceSettings | None
    refusal: PolicyBlocked | None
    noted_at: datetime | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("policy", epilog="Contoh: pantau sources policy bluesky --json")(show)


@reports_errors
def show(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAMA]", help="Satu sumber; bawaannya semua.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan catatan kebijakan tiap sumber di pantau.toml, dan apakah sumber itu boleh dibaca dengannya."""
    with opened(context) as space:
        found = _stated(space, name)
        zone = space.settings.agency.zone
    if as_json:
        print_json([_json(one) for one in found])
    elif found:
        columns = ("Sumber", "Boleh dibaca", "Pintu", "Dasar hukum", "Izin", "Penyetuju", "Tanggal", "Simpan (hari)",
                   "Laju/detik", "Batas/hari", "Tercatat malam")  # fmt: skip
        print_table("Catatan kebijakan sumber", columns, [_cells(one, zone) for one in found])
    else:
        say("Belum ada catatan kebijakan; tambahkan [sources.NAMA] di pantau.toml menurut docs/pengaturan.md.")
    if name is not None and found[0].refusal is not None:
        raise found[0].refusal


def _stated(space: Workspace, name: str | None) -> list[Stated]:
    manifests = registry.manifests()
    if name is not None and name not in manifests:
        raise UsageError(f"Sumber {name} tidak dikenal", f"yang ada: {', '.join(sorted(manifests))}")
    records = space.settings.sources
    wanted = sorted(records.keys() & manifests.keys()) if name is None else [name]
    with space.database.read() as session:
        noted = {source: next(iter(policies.records(session, source, 1)), None) for source in wanted}
    found = []
    for source in wanted:
        record, last = records.get(source), noted[source]
        refusal = _refusal(space, source, record)
        found.append(Stated(source, record, refusal, last.noted_at if last is not None else None))
    return found


def _refusal(space: Workspace, source: str, record: SourceSettings | None) -> PolicyBlocked | None:
    given = policy_of(source, record, space.settings.agency.timezone) if record is not None else None
    captured = record is not None and record.mode is SourceMode.IMPORT
    try:
        policy.check(
            given, source, SourceMode.IMPORT if captured else None, None if captured else registry.manifests()[source]
        )
    except PolicyBlocked as refused:
        return refused
    return None


def _said(one: Stated) -> str:
    return "ya" if one.refusal is None else f"tidak: {one.refusal}"


def _cells(one: Stated, zone: ZoneInfo) -> tuple[object, ...]:
    record, noted = one.record, one.noted_at
    told = [None] * (1 + len(_SHOWN)) if record is None else [label(record.mode), *(getattr(record, k) for k in _SHOWN)]
    when = noted and f"{noted.astimezone(zone):%d-%m-%Y %H:%M}"
    return (one.source, _said(one), *("—" if cell in (None, "") else cell for cell in (*told, when)))


def _json(one: Stated) -> dict[str, Any]:
    record = {} if one.record is None else one.record.model_dump(mode="json", include={"enabled", "mode", *_SHOWN})
    return {
        "source": one.source, **record, "permitted": one.refusal is None,
        "reason": str(one.refusal) if one.refusal is not None else None,
        "noted_at": one.noted_at.isoformat() if one.noted_at is not None else None,
    }  # fmt: skip
