"""`pantau sources`: what each platform publishes, straight from the manifests."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import reports_errors
from monitor.cli.output import print_json, print_table
from monitor.labels import label
from scrapers import registry
from scrapers.manifest import to_json

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
        print_json([{**to_json(manifest), "live": name in live} for name, manifest in sorted(manifests.items())])
        return
    rows = [
        (name, "langsung" if name in live else "impor", label(c.direction), label(c.verb), c.level, c.reason)
        for name, manifest in sorted(manifests.items())
        for c in manifest.capability
    ]
    print_table("Sumber", ("Sumber", "Pintu", "Arah", "Tindakan", "Terlihat", "Sebab"), rows)
