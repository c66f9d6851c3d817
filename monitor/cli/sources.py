"""`pantau sources`: what each platform publishes, whether it can be read, and how well the nights saw it."""

from __future__ import annotations

import typer

from monitor.cli.on_demand import on_demand

HOMES = {
    "list": "monitor.cli.sources_seen",
    "check": "monitor.cli.sources_seen",
    "health": "monitor.cli.sources_health",
    "budget": "monitor.cli.budget",
    "credential": "monitor.cli.credentials",
    "remap": "monitor.cli.sources_remap",
}

app = typer.Typer(
    help="Sumber: apa yang terlihat di tiap platform, dapatkah dibaca, dan bagaimana malam-malam lalu.",
    cls=on_demand(HOMES),
    no_args_is_help=True,
)


@app.callback()
def sources() -> None:
    """Make a group of it."""
