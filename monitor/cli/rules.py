"""`pantau rules`: the rules, their examples, and how well names are recognised."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from monitor.cli import rules_texts
from monitor.cli.context import EXIT_PERSON, errors_console, home_of, reports_errors
from monitor.cli.office import JsonFlag
from monitor.cli.output import print_json, print_table, say
from monitor.labels import label
from monitor.settings import CONFIG_NAME, load_settings
from rules import examples, lint
from rules.loader import RuleSet, load_ruleset

app = typer.Typer(help="Aturan: daftar, contoh, dan mutu pengenalan nama.", no_args_is_help=True)


@app.command("list", epilog="Contoh: pantau rules list --json")
@reports_errors
def list_rules(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan aturan yang dimuat."""
    ruleset = _loaded(context)
    rows = [
        {"id": r.id, "version": r.version, "status": r.status.value, "level": r.level.value, "title": r.title}
        for r in ruleset.rules
    ]
    if as_json:
        print_json({"hash": ruleset.hash, "rules": rows})
    else:
        cells = [(r.id, r.version, label(r.status), label(r.level), r.title) for r in ruleset.rules]
        print_table(f"Aturan ({ruleset.hash[:12]})", ("Id", "Versi", "Status", "Tingkat", "Judul"), cells)


@app.command("test", epilog="Contoh: pantau rules test")
@reports_errors
def test_rules(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Jalankan setiap contoh di setiap aturan."""
    ruleset = _loaded(context)
    failures = examples.run_examples(ruleset)
    count = sum(r.examples.count for r in ruleset.rules)
    if as_json:
        print_json({"ok": not failures, "examples": count, "failures": [str(f) for f in failures]})
    else:
        say(f"{len(ruleset.rules)} aturan, {count} contoh, {len(failures)} gagal.")
    _name(failures)


@app.command("lint", epilog="Contoh: pantau rules lint")
@reports_errors
def lint_rules(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Periksa aturan: contoh yang kurang, uraian yang kosong, dasar hukum yang tidak ada."""
    findings = lint.lint(_loaded(context))
    if as_json:
        print_json({"ok": not findings, "findings": [str(f) for f in findings]})
    elif not findings:
        say("Semua aturan rapi.")
    _name(findings)


rules_texts.register(app)


def _loaded(context: typer.Context) -> RuleSet:
    """Load the shipped rules, and the office's own where there is a workspace."""
    home = home_of(context)
    if not (home / CONFIG_NAME).is_file():
        return load_ruleset()
    own = load_settings(home).rules_dir
    return load_ruleset([own] if own.is_dir() else None)


def _name(problems: Sequence[object]) -> None:
    for problem in problems:
        errors_console().print(f"pantau: {problem}", markup=False)
    if problems:
        raise typer.Exit(EXIT_PERSON)
