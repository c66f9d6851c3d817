"""`pantau rules`: the rules, their life, and how well names are recognised."""

from __future__ import annotations

import typer

from monitor.cli.on_demand import on_demand

HOMES = {
    "list": "monitor.cli.rules_files",
    "test": "monitor.cli.rules_files",
    "lint": "monitor.cli.rules_files",
    "evaluate": "monitor.cli.rules_texts",
    "mentions": "monitor.cli.rules_texts",
    "backtest": "monitor.cli.rules_life",
    "activate": "monitor.cli.rules_life",
    "retire": "monitor.cli.rules_life",
    "withdraw": "monitor.cli.rules_life",
    "precision": "monitor.cli.rules_life",
    "hits": "monitor.cli.rules_hits",
    "explain": "monitor.cli.rules_explain",
    "suppress": "monitor.cli.rules_suppress",
}

app = typer.Typer(
    cls=on_demand(HOMES),
    help="Aturan: daftar, contoh, daur hidup, dan mutu pengenalan nama.",
    no_args_is_help=True,
)
