"""`pantau demo`: one night on an invented contest, replayed from recorded exchanges."""

from __future__ import annotations

import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from db import cases
from monitor import desk, installation
from monitor.assembly import roster_doors
from monitor.cli.context import reports_errors
from monitor.cli.night import print_told, told_of
from monitor.cli.output import print_table, say
from monitor.cli.report import write_weekly
from monitor.cli.scan import print_summary, run_scan
from monitor.domain import CaseFilter, Role
from monitor.errors import ConfigError, RosterError
from monitor.labels import label
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, import_file
from monitor.scan.plan import ScanOrder
from monitor.web import told
from monitor.workspace import Workspace, workspace

DEMO_USERS = (("rina.contoh", Role.PENGAWAS), ("bayu.contoh", Role.KOORDINATOR))
DEMO_PASSWORD = "peragaan-kabupaten-contoh"  # noqa: S105 - of invented users in a workspace made for show
_REGISTERS = ((RosterKind.KONTES, "kontes.yml"), (RosterKind.ASN, "asn.csv"), (RosterKind.AKUN, "akun.csv"))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Contoh: pantau demo --directory demo-workspace")(demo)


@reports_errors
def demo(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Option(
            readable=False, help="Ruang kerja peragaan; dibuat baru (bawaan: --workspace, atau demo-workspace)."
        ),
    ] = None,
) -> None:
    """Peragakan satu malam pada kontes rekaan, tanpa jaringan."""
    directory = directory or _named_workspace(context) or Path("demo-workspace")
    home = directory.resolve()
    make_workspace(home)
    with workspace(home) as space:
        fill(space, home)
        summary = run_scan(space, ScanOrder(), quiet=False)
        print_summary(summary)
        told = told_of(space, summary.run)
        assert told is not None  # the night was recorded a moment ago
        print_told(told, space.settings.agency.name)
        _explain(space)
        year, week, _ = space.clock().astimezone(space.settings.agency.zone).isocalendar()
        report = write_weekly(space, f"{year}-W{week:02d}", None, "xlsx,pdf,html,json")
    for file in report["files"]:
        say(f"Laporan: {file['path']}")
    say(f"\nBuka konsol:  {sys.argv[0]} --workspace {directory} serve   lalu http://127.0.0.1:8000")
    names = " atau ".join(f"{name} ({label(role)})" for name, role in DEMO_USERS)
    say(f"Masuk sebagai {names}, kata sandi {DEMO_PASSWORD}")
    say("Hanya peragaan ini masuk tanpa kode kedua; kantor sungguhan memintanya (web.second_factor).")


def _named_workspace(context: typer.Context) -> Path | None:
    """Return the folder of `--workspace`; the environment's is an office's own and never the demonstration's."""
    return context.find_root().params.get("workspace")


def make_workspace(home: Path) -> None:
    """Make the demo's workspace anew; ConfigError when the folder holds something else."""
    if home.exists() and any(home.iterdir()):
        if not (home / "pantau.toml").is_file() or not (home / "peragaan").is_dir():
            raise ConfigError(f"{home} bukan ruang kerja peragaan", "pilih folder lain dengan --directory")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    with as_file(files("monitor") / "demo") as bundle:
        shutil.copytree(bundle, home / "peragaan")
    for name in ("pantau.toml", "exchanges.jsonl.gz"):
        shutil.move(home / "peragaan" / name, home / name)
    installation.create(home)


def fill(space: Workspace, home: Path) -> None:
    """Import the demo's registers and add its users."""
    for kind, name in _REGISTERS:
        report = import_file(kind, home / "peragaan" / name, roster_doors(space, "program"), ImportOptions())
        if not report.ok:
            raise RosterError(report.problems)
    for name, role in DEMO_USERS:
        desk.add_user(space.database, name, name, DEMO_PASSWORD, "", space.clock())
        desk.grant(space.database, name, role, space.settings.agency.jurisdiction, space.clock())


def _explain(space: Workspace) -> None:
    """Print what was found, and why."""
    zone = space.settings.agency.zone
    with space.database.read() as session:
        rows = cases.list_cases(session, CaseFilter(open_only=True, limit=None)).rows
        details = [cases.case_detail(session, row.id) for row in rows]
    cells = [
        (
            detail.row.id,
            detail.row.person.name,
            f"{detail.row.candidate.number}. {detail.row.candidate.label}",
            f"{detail.row.law_row}, {label(detail.row.stage)}",
            "\n".join(told.explanation(hit.explanation, zone) for hit in detail.hits),
        )
        for detail in details
    ]
    print_table("Informasi awal — belum merupakan temuan", ("No", "Nama", "Pasangan", "Baris", "Mengapa"), cells)
