"""`pantau rules list`, `test` and `lint`: the rules in force and their examples."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from monitor.assembly import rule_files
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, home_of, reports_errors
from monitor.cli.output import print_json, say
from monitor.cli.rules_listed import listed, listed_json, print_listed
from monitor.settings import CONFIG_NAME, load_settings
from rules import examples, lint
from rules.loader import RuleSet, load_ruleset


def register(app: typer.Typer) -> None:
    """Add the commands to `pantau rules`."""
    app.command("list", epilog="Contoh: pantau rules list --json")(list_rules)
    app.command("test", epilog="Contoh: pantau rules test")(test_rules)
    app.command("lint", epilog="Contoh: pantau rules lint")(lint_rules)


@reports_errors
def list_rules(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan aturan yang dimuat: status yang berlaku, siapa yang mengesahkan, dan ketepatannya."""
    ruleset, rows = listed(context)
    if as_json:
        print_json({"hash": ruleset.hash, "rules": [listed_json(row) for row in rows]})
    else:
        print_listed(ruleset, rows)


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


@reports_errors
def lint_rules(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Periksa aturan: contoh yang kurang, uraian yang kosong, dasar hukum yang tidak ada."""
    findings = lint.lint(_loaded(context))
    if as_json:
        print_json({"ok": not findings, "findings": [str(f) for f in findings]})
    elif not findings:
        say("Semua aturan rapi.")
    _name(findings)


def _loaded(context: typer.Context) -> RuleSet:
    """Load the shipped rules, and the office's own where there is a workspace."""
    home = home_of(context)
    return rule_files(load_settings(home)) if (home / CONFIG_NAME).is_file() else load_ruleset()


def _name(problems: Sequence[object]) -> None:
    for problem in problems:
        errors_console().print(f"pantau: {problem}", markup=False)
    if problems:
        raise typer.Exit(EXIT_PERSON)
