"""`pantau`: the commands by which an office installs, runs and reads the monitor."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from monitor import log
from monitor.cli.context import Invocation
from monitor.cli.on_demand import on_demand
from monitor.settings import find_home

HOMES = {
    "init": "monitor.cli.office",
    "verify": "monitor.cli.office",
    "doctor": "monitor.cli.office",
    "backup": "monitor.cli.backup",
    "restore": "monitor.cli.backup",
    "db": "monitor.cli.database",
    "demo": "monitor.cli.demo",
    "roster": "monitor.cli.roster",
    "sources": "monitor.cli.sources",
    "import": "monitor.cli.importing",
    "scan": "monitor.cli.scan",
    "night": "monitor.cli.night",
    "schedule": "monitor.cli.schedule",
    "cron-line": "monitor.cli.schedule",
    "worker": "monitor.cli.worker",
    "rules": "monitor.cli.rules",
    "privacy": "monitor.cli.privacy",
    "queue": "monitor.cli.queue",
    "attribution": "monitor.cli.attribution",
    "finds": "monitor.cli.finds",
    "bundle": "monitor.cli.bundle",
    "evidence": "monitor.cli.evidence",
    "report": "monitor.cli.report",
    "form": "monitor.cli.form",
    "users": "monitor.cli.users",
    "serve": "monitor.cli.serve",
    "notify": "monitor.cli.notify",
    "dev": "monitor.cli.dev",
}

_RUNNING = frozenset({"serve", "worker"})

app = typer.Typer(
    name="pantau",
    cls=on_demand(HOMES),
    help="Pantau netralitas ASN di media sosial: indikasi dari program, keputusan oleh manusia.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("pantau-netralitas"))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", metavar="DIR", help="Ruang kerja (bawaan: PANTAU_HOME atau folder ini)."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Catatan rinci di stderr.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Catatan sebagai baris JSON.")] = False,
    show_version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Versi.")] = False,
) -> None:
    """Take the options that stand before the command."""
    del show_version
    # A command that ends says itself what it did, and cron would mail every line; who keeps running has only its log.
    log.configure(json=log_json, verbose=verbose, quiet=context.invoked_subcommand not in _RUNNING)
    context.obj = Invocation(home=find_home(workspace))


def main() -> None:
    """Run the command line."""
    app()
