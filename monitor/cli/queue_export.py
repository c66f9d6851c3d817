"""`pantau queue export`: the queue as a file, for spreadsheets and for programs; on the record."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from db import audit, cases
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, printable, say
from monitor.domain import CaseFilter, CaseRow, CaseState
from monitor.errors import UsageError
from monitor.labels import label
from monitor.web.shapes import case_json

if TYPE_CHECKING:
    from datetime import datetime

_COLUMNS = (
    "nomor", "status", "perhatian", "jatuh_tempo", "nama", "pengenal_tersamar", "jenis", "instansi", "wilayah",
    "kontes", "nomor_pasangan", "pasangan", "hukum", "baris", "tahapan", "indikasi", "tindakan", "platform", "tautan",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog="Contoh: pantau queue export --output antrean.csv --status baru")(export)


@reports_errors
def export(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option(readable=False, help="Berkas .csv atau .json; bawaannya CSV di folder laporan.")
    ] = None,
    status: Annotated[list[CaseState] | None, typer.Option(help="Hanya keadaan ini (boleh berulang).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Timpa berkas yang sudah ada.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis antrean ke berkas; tanpa --status hanya yang masih terbuka. Tercatat dalam jejak audit."""
    from monitor.reports.files import write_whole

    with opened(context) as space:
        now, zone = space.clock(), space.settings.agency.zone
        path = output or space.settings.reports_dir / f"antrean-{now.astimezone(zone):%Y-%m-%dT%H%M%S}.csv"
        if path.suffix.lower() not in _WRITERS:
            raise UsageError(f"{path} tidak dapat ditulis: akhirannya bukan .csv atau .json", "ganti akhiran namanya")
        if path.exists() and not force:
            raise UsageError(f"{path} sudah ada", "pilih nama lain atau tambahkan --force")
        wanted = CaseFilter(states=tuple(status or ()), open_only=not status, limit=None)
        with space.database.read() as session:
            rows = cases.list_cases(session, wanted).rows
        file = write_whole(path, partial(_WRITERS[path.suffix.lower()], rows, zone))
        detail = {
            "file": path.name,
            "sha256": file.sha256,
            "rows": len(rows),
            "states": [s.value for s in status or ()],
        }
        with space.database.write() as session:
            audit.record(
                session, actor="program", action="queue_exported", subject="report:queue", detail=detail, now=now
            )
    if as_json:
        print_json({"path": str(file.path), "sha256": file.sha256, "rows": len(rows)})
    else:
        say(f"{len(rows)} informasi awal ditulis ke {file.path}  sha256 {file.sha256}")


def _write_csv(rows: Sequence[CaseRow], zone: ZoneInfo, path: Path) -> None:
    from monitor.reports.tables import harmless

    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows([harmless(printable(str(cell))) for cell in _cells(row, zone)] for row in rows)


def _cells(row: CaseRow, zone: ZoneInfo) -> tuple[object, ...]:
    hits = [hit for hit in row.hits if hit.active]
    return (
        row.id, label(row.state), round(row.priority, 4), _local(row.due_at, zone), row.person.name,
        row.person.identifier_masked, label(row.person.employment), row.person.agency, row.person.jurisdiction,
        row.candidate.contest, row.candidate.number, row.candidate.label, row.law, row.law_row, label(row.stage),
        len(hits), "; ".join(sorted({label(hit.act) for hit in hits})),
        "; ".join(sorted({hit.platform for hit in hits})),
        " ".join(sorted({hit.url for hit in hits if hit.url})),
    )  # fmt: skip


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes") if moment is not None else ""


def _write_json(rows: Sequence[CaseRow], _: ZoneInfo, path: Path) -> None:
    text = json.dumps([case_json(row) for row in rows], ensure_ascii=False, indent=1)
    path.write_text(printable(text) + "\n", encoding="utf-8")


_WRITERS: dict[str, Callable[[Sequence[CaseRow], ZoneInfo, Path], None]] = {".csv": _write_csv, ".json": _write_json}
