"""`pantau evidence`: whether what was kept is whole, and what became of the texts on which open cases rest."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from monitor.assembly import night
from monitor.cli import evidence_keep, evidence_picture, evidence_stamp, evidence_sweep
from monitor.cli.context import EXIT_PERSON, JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Change
from monitor.labels import label
from monitor.scan.liveness import Rechecked, recheck
from monitor.scan.progress import Silent
from monitor.scan.sealed import seal_evidence

app = typer.Typer(no_args_is_help=True)
evidence_keep.register(app)
evidence_picture.register(app)
evidence_stamp.register(app)
evidence_sweep.register(app)


@app.callback()
def evidence() -> None:
    """Keep `recheck` a sub-command."""


@app.command("recheck", epilog="Contoh: pantau evidence recheck --json")
@reports_errors
def recheck_texts(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Tanyakan semua unggahan pada kasus terbuka, bukan hanya yang tiba waktunya.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="Paling banyak sekian unggahan sekali jalan.")] = 500,
    as_json: JsonFlag = False,
) -> None:
    """Tanyakan kepada platform apakah unggahan pada kasus terbuka masih ada; makin lama makin jarang."""
    with opened(context) as space, night(space) as parts:
        done = recheck(parts, everything=everything, most=most)
        done.issues += seal_evidence(parts, Silent())
    if as_json:
        print_json(_as_json(done))
    else:
        _print(done)
    if any(issue.needs_person for issue in done.issues):
        raise typer.Exit(EXIT_PERSON)


def _print(done: Rechecked) -> None:
    asked = sum(done.states.values())
    parts = ", ".join(f"{count} {label(state)}" for state, count in sorted(done.states.items()))
    say(f"Ditanyakan {asked} unggahan" + (f": {parts}." if parts else "."))
    if done.changes:
        rows = [(c.platform, c.item_id, label(c.kind), c.detail) for c in done.changes]
        print_table("Berubah", ("Platform", "Unggahan", "Keadaan", "Keterangan"), rows)
    for platform, count in sorted(done.unasked.items()):
        say(f"{platform}: {count} unggahan belum ditanyakan.")
    for issue in done.issues:
        say(f"{issue.source}: {issue.detail}".removeprefix(": "))


def _as_json(done: Rechecked) -> dict[str, Any]:
    return {
        "asked": sum(done.states.values()),
        "states": {state.value: count for state, count in sorted(done.states.items())},
        "changes": [_change(change) for change in done.changes],
        "unasked": dict(sorted(done.unasked.items())),
        "issues": [{"source": i.source, "kind": i.kind, "detail": i.detail} for i in done.issues],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "platform": change.platform,
        "item": change.item_id,
        "kind": change.kind.value,
        "seen_at": change.seen_at.isoformat(),
        "detail": change.detail,
    }
