"""`pantau sources`: what each platform publishes, straight from the manifests."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import reports_errors
from monitor.cli.output import print_json, print_table
from monitor.domain import Direction
from monitor.labels import label
from scrapers import registry

app = typer.Typer(help="Sumber: apa yang terlihat di tiap platform.", no_args_is_help=True)


@app.callback()
def sources() -> None:
    """Keep `list` a sub-command."""


@app.command("list", epilog="Contoh: pantau sources list --json")
@reports_errors
def list_sources(as_json: Annotated[bool, typer.Option("--json", help="Sebagai JSON.")] = False) -> None:
    """Tampilkan matriks sumber, arah dan tindakan; tidak memerlukan ruang kerja."""
    live = registry.adapters()
    manifests = registry.manifests()
    if as_json:
        print_json([{**manifest.as_json(), "live": name in live} for name, manifest in sorted(manifests.items())])
        return
    rows = [
        (
            name,
            "langsung" if name in live else "impor",
            label(direction),
            label(act),
            seen.extent,
            seen.reason,
        )
        for name, manifest in sorted(manifests.items())
        for direction in (Direction.CANDIDATE, Direction.SUBJECT)
        for act, seen in manifest.capabilities.get(direction, {}).items()
    ]
    print_table("Sumber", ("Sumber", "Pintu", "Arah", "Tindakan", "Terlihat", "Sebab"), rows)
