"""`pantau roster check`: what in a contest register may be taken for somebody or something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from db.contests import load_contests
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, say
from monitor.domain import Contest, Level
from monitor.errors import RosterError, RowProblem
from monitor.labels import label
from monitor.roster.contests import read_contest
from monitor.workspace import Workspace
from rules.collisions import Collision, check_register
from rules.loader import shipped_lexicon

EXAMPLE = "Contoh: pantau roster check kontes/bupati-contoh.yml kontes/gubernur-contohan.yml"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog=EXAMPLE)(check)


@reports_errors
def check(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[BERKAS...]", readable=False, help="Berkas kontes; tanpa berkas: isi ruang kerja."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Cari sebutan calon yang dapat tertukar, dan usulkan requires/excludes untuk ditempel."""
    contests = _read(files) if files else _stored(context)
    found = check_register(contests, shipped_lexicon())
    if as_json:
        print_json(_as_json(contests, found))
    else:
        _print(contests, found)
    urgent = [c for c in found if c.level is not Level.RENDAH]
    if urgent:
        errors_console().print(f"pantau: {len(urgent)} hal dalam register perlu diperiksa orang", markup=False)
        raise typer.Exit(EXIT_PERSON)


def reviewer(space: Workspace) -> Callable[[Contest], tuple[RowProblem, ...]]:
    """Return what an import says of a contest beside those already stored; the notes are left to the command."""

    def review(given: Contest) -> tuple[RowProblem, ...]:
        with space.database.read() as session:
            stored = load_contests(session)
        others = tuple(c for c in stored if (c.name, c.region, c.office) != (given.name, given.region, given.office))
        places = {pair.number: place for place, pair in enumerate(given.candidates, start=1)}
        return tuple(
            RowProblem(
                "", None, f"pairs[{places[c.number]}].{c.key}", c.why, " ".join(c.proposal).replace("   - ", " ")
            )
            for c in check_register((*others, given), shipped_lexicon())
            if (c.contest, c.region) == (given.name, given.region)
            and c.number in places  # else of a stored contest of the same name for another office
            and c.level is not Level.RENDAH
        )

    return review


def _read(files: Iterable[Path]) -> tuple[Contest, ...]:
    """Return the contests of all files, or every mistake of all of them."""
    contests: list[Contest] = []
    problems: list[RowProblem] = []
    for path in files:
        try:
            contests.append(read_contest(path, allow_undated=True))
        except RosterError as error:
            problems.extend(error.problems)
    if problems:
        raise RosterError(tuple(problems))
    return tuple(contests)


def _stored(context: typer.Context) -> tuple[Contest, ...]:
    with opened(context) as space, space.database.read() as session:
        return load_contests(session)


def _as_json(contests: Sequence[Contest], found: Sequence[Collision]) -> dict[str, Any]:
    counts = Counter(c.level for c in found)
    return {
        "ok": all(c.level is Level.RENDAH for c in found),
        "contests": len(contests),
        "counts": {level.value: counts[level] for level in reversed(Level)},
        "collisions": [
            {
                "contest": c.contest,
                "region": c.region,
                "pair": c.number,
                "kind": c.kind.value,
                "level": c.level.value,
                "key": c.key,
                "words": list(c.words),
                "why": c.why,
                "proposal": list(c.proposal),
            }
            for c in found
        ],
    }


def _print(contests: Sequence[Contest], found: Sequence[Collision]) -> None:
    for c in found:
        say(f"[{label(c.level)}] {c.contest}, pasangan {c.number}, {c.key}")
        say(f"    {c.why}.")
        if c.proposal:
            say("    Usul:")
            for line in c.proposal:
                say(f"      {line}")
    counts = Counter(c.level for c in found)
    said = ", ".join(f"{counts[level]} {label(level)}" for level in reversed(Level))
    say(f"{len(contests)} kontes diperiksa: {said}." if found else f"{len(contests)} kontes diperiksa: tidak ada.")
