"""`pantau scan`: one night."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from monitor.assembly import between_nights, lay_calendar, night, stages_between
from monitor.cli.context import EXIT_PERSON, errors_console, home_of, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.moments import moment_of
from monitor.cli.night import print_told, told_of
from monitor.cli.output import print_json, print_table, say
from monitor.desk.night_summary import as_json as told_json
from monitor.domain import Coverage, Direction, Job, Outcome, RuleStatus, StageKind, TargetResult
from monitor.errors import UsageError
from monitor.jobs.starting import noted
from monitor.labels import label
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.planned import GroupShare, Planned, groups_of, plan_tonight
from monitor.scan.ration import Share
from monitor.scan.summary import ScanSummary
from monitor.workspace import Workspace

_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Contoh: pantau scan --source bluesky --json")(scan)


@reports_errors
def scan(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Hanya sumber ini, misalnya bluesky.")] = None,
    target: Annotated[str | None, typer.Option(help="Hanya akun terdaftar ini (id tetap atau handle).")] = None,
    since: Annotated[str | None, typer.Option(help="Baca mundur sampai waktu ini, misalnya 2026-10-01.")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Hanya jelaskan rencana malam ini; tidak membaca apa pun.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Hanya kunjungan ulang: calon pada tahapan dalam schedule.revisit.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Ringkasan sebagai JSON.")] = False,
) -> None:
    """Jalankan satu malam: baca sumber, simpan, nilai, kelompokkan; yang terputus dilanjutkan."""
    if plan:
        with opened(context) as space, _parts(space, due=due) as parts:
            planned = plan_tonight(parts, ScanOrder(source, target, moment_of(space, since), _stages(space, due=due)))
        print_json(planned.as_json()) if as_json else print_plan(planned)
        return
    with ExitStack() as opening:
        with noted(home_of(context), Job.REVISIT if due else Job.NIGHTLY):
            space = opening.enter_context(opened(context))
        order = ScanOrder(source, target, moment_of(space, since), _stages(space, due=due))
        summary = run_scan(space, order, quiet=as_json)
        told, agency = told_of(space, summary.run), space.settings.agency.name
    assert told is not None  # the night was recorded a moment ago
    if as_json:
        print_json(summary.as_json() | {"night": told_json(told)})
    else:
        print_summary(summary)
        print_told(told, agency)
    name_problems(summary)
    if not summary.ok:
        raise typer.Exit(EXIT_PERSON)


def run_scan(space: Workspace, order: ScanOrder, *, quiet: bool) -> ScanSummary:
    """Run one night with the live display; a failure before its record leaves last words."""
    starting = partial(noted, space.settings.home, Job.REVISIT if order.stages else Job.NIGHTLY, space.clock)
    with ExitStack() as opening:
        with starting():
            lay_calendar(space)
            parts = opening.enter_context(_parts(space, due=bool(order.stages)))
        progress = opening.enter_context(live(quiet=quiet))
        return run_night(replace(parts, starting=starting), order, progress)


@contextmanager
def _parts(space: Workspace, *, due: bool) -> Iterator[Parts]:
    with night(space) as parts:
        yield between_nights(parts, space.settings) if due else parts


def _stages(space: Workspace, *, due: bool) -> tuple[StageKind, ...]:
    """Return the stages of a look between two nights, none for a night."""
    if not due:
        return ()
    stages = stages_between(space.settings)
    if not stages:
        raise UsageError("Tidak ada tahapan yang dikunjungi ulang", "isi schedule.revisit di pantau.toml")
    return stages


def print_plan(planned: Planned) -> None:
    """Print tonight's plan for a person: each source's share, then the first turns and whoever is left out."""
    shares = [
        (s.source, len(s.turns), s.wanted, "tidak dibatasi" if s.left is None else s.left, len(s.left_out))
        for s in planned.plan.shares
    ]
    columns = ("Sumber", "Akun", "Perkiraan permintaan", "Sisa jatah", "Tidak kebagian")
    print_table("Rencana malam ini", columns, shares)
    for share in planned.plan.shares:
        if share.tight:
            _print_groups(share)
        rows = [
            (number, label(turn.visit.target.direction), turn.visit.target.account.user_id, turn.requests,
             planned.why(turn, share))
            for number, turn in enumerate(share.turns, start=1)
        ]  # fmt: skip
        print_table(share.source, ("Giliran", "Arah", "Akun", "Permintaan", "Sebab"), rows[:_SHOWN])
        if len(rows) > _SHOWN:
            say(f"… dan {len(rows) - _SHOWN} giliran lain; lihat --json.")
    for issue in planned.plan.issues:
        say(f"{issue.source}: {issue.detail}")


def _print_groups(share: Share) -> None:
    """Print what each contest and region gets of a source that cannot hold everybody tonight."""
    groups = groups_of(share)
    rows = [(g.name or "lainnya", g.targets, g.tonight, g.never, _last_reached(g)) for g in groups]
    columns = ("Kontes atau wilayah", "Akun", "Malam ini", "Belum pernah", "Yang terakhir kebagian")
    print_table(f"Pembagian {share.source}", columns, rows[:_SHOWN])
    if len(rows) > _SHOWN:
        say(f"… dan {len(rows) - _SHOWN} kelompok lain; lihat --json.")


def _last_reached(group: GroupShare) -> str:
    """Say when the last account of a group is reached; a share of nothing lets nobody reckon that."""
    if group.tonight == group.targets:
        return "malam ini"
    return f"{group.nights} malam lagi" if group.nights else "belum dapat diperkirakan"


def print_summary(summary: ScanSummary) -> None:
    """Print what the night saw and did, for a person: every pair's account, and whatever else did not go well."""
    told = [t for t in summary.targets if t.direction is Direction.CANDIDATE or t.outcome is not Outcome.OK]
    rows = [
        (t.source, label(t.direction), t.target, label(t.outcome), _coverage(t), t.requests, t.interactions,
         t.bystanders_discarded)
        for t in told
    ]  # fmt: skip
    columns = ("Sumber", "Arah", "Akun", "Hasil", "Cakupan", "Permintaan", "Tindakan", "Bukan terdaftar")
    print_table(f"Pemindaian {summary.run}", columns, rows)
    rest = [t for t in summary.targets if t not in told]
    if rest:
        requests, acts = sum(t.requests for t in rest), sum(t.interactions for t in rest)
        say(f"{len(rest)} akun lain berhasil dibaca: {requests} permintaan, {acts} tindakan.")
    _print_rules(summary)


def _print_rules(summary: ScanSummary) -> None:
    """Print what each rule gave; one in shadow that gave nothing is told too."""
    told = [r for r in summary.rules if r.hits or r.not_evaluable or r.mode is RuleStatus.SHADOW]
    if told:
        rows = [(r.rule_id, r.version, label(r.mode), r.hits, r.not_evaluable) for r in told]
        print_table("Aturan", ("Aturan", "Versi", "Status", "Kena", "Tidak dapat dinilai"), rows)
    if summary.cases.hidden or summary.cases.back:
        say(f"Penangguhan: {summary.cases.hidden} indikasi disembunyikan, {summary.cases.back} kembali ke antrean.")


def _coverage(target: TargetResult) -> str:
    """Say what was seen of each verb, those seen alike together."""
    seen: dict[Coverage, list[str]] = {}
    for act, coverage in target.coverage:
        seen.setdefault(coverage, []).append(label(act))
    return "; ".join(f"{label(coverage)}: {', '.join(acts)}" for coverage, acts in seen.items())


def name_problems(summary: ScanSummary) -> None:
    """Name on stderr what needs a person."""
    console = errors_console()
    for issue in summary.issues:
        if issue.needs_person:
            console.print(
                f"pantau: perlu perhatian: {issue.source} {issue.target} {issue.kind}: {issue.detail}", markup=False
            )
    if not summary.sums_agree:
        console.print("pantau: jumlah penilaian tidak cocok; jalankan `pantau verify`")
