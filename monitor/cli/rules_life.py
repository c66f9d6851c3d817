"""`pantau rules backtest|activate|retire|withdraw|precision`: the life of a rule, from a trial to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from db import activations, contests, verdicts
from monitor import desk
from monitor.assembly import bars_of, rule_files
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.domain import Backtest, RuleOrder, RuleStatus, UserRow
from monitor.errors import UsageError
from monitor.labels import label
from monitor.review.precision import Precision, precisions
from monitor.scan.backtest import TrialOrder, run_trial
from monitor.workspace import Workspace
from rules import examples
from rules.engine import compile_rules
from rules.loader import RuleSet
from rules.schema import Rule
from rules.statuses import Stated, file_of, stated, status_in_force
from rules.windows import PatternRule

RuleName = Annotated[str, typer.Argument(metavar="ATURAN", help="Id aturan.")]
AsName = Annotated[str, typer.Option("--as", help="Nama masuk Anda.")]
ReasonText = Annotated[str, typer.Option("--reason", help="Alasan usul ini.")]
ApproveFlag = Annotated[bool, typer.Option("--approve", help="Setujui usul orang lain yang menunggu.")]


class Target(StrEnum):
    """What a rule can be raised to."""

    SHADOW = "shadow"
    ACTIVE = "active"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backtest", epilog=_EXAMPLES["backtest"])(backtest)
    app.command("activate", epilog=_EXAMPLES["activate"])(activate)
    app.command("retire", epilog=_EXAMPLES["retire"])(retire)
    app.command("withdraw", epilog=_EXAMPLES["withdraw"])(withdraw)
    app.command("precision", epilog="Contoh: pantau rules precision --json")(precision)


_EXAMPLES = {
    "backtest": "Contoh: pantau rules backtest suka-unggahan-akun-kampanye --json",
    "activate": 'Contoh: pantau rules activate aturan-kantor --to shadow --reason "uji dua pekan" --as rina',
    "withdraw": 'Contoh: pantau rules withdraw aturan-kantor --reason "salah pilih status" --as rina',
    "retire": 'Contoh: pantau rules retire aturan-kantor --reason "terlalu banyak keliru" --as rina',
}


@reports_errors
def backtest(
    context: typer.Context,
    rule: Annotated[
        str | None, typer.Argument(metavar="ATURAN", help="Id aturan; tanpa ini semua yang belum aktif.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Hanya tindakan sejak waktu ini; tidak mengesahkan aturan.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Uji balik aturan pada tindakan tersimpan: berapa yang kena, berapa yang sudah dikenal, berapa jam pemeriksa."""
    with opened(context) as space, live(quiet=as_json) as progress:
        loaded = rule_files(space.settings)
        tried = _tried(space, loaded, rule)
        order = trial_order(space, loaded, tried, moment_of(space, since))
        trials = run_trial(space.database, order, progress, space.clock) if tried else []
    if as_json:
        print_json({"ok": all(t.passed for t in trials), "trials": [trial_json(t) for t in trials]})
    elif not trials:
        say("Semua aturan sudah aktif dengan isi ini; sebut satu untuk mengujinya juga.")
    for trial in trials:
        if not as_json:
            _print_trial(trial)
        for reason in trial.figures["failed"]:
            errors_console().print(f"pantau: uji balik {trial.rule_id} tidak lolos: {reason}", markup=False)
    if not all(trial.passed for trial in trials):
        raise typer.Exit(EXIT_PERSON)


@reports_errors
def activate(
    context: typer.Context,
    rule: RuleName,
    name: AsName,
    to: Annotated[Target, typer.Option("--to", help="Status tujuan.")] = Target.ACTIVE,
    reason: ReasonText = "",
    approve: ApproveFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Usulkan aturan diuji bayangan atau aktif; orang kedua menyetujuinya dengan --approve."""
    with opened(context) as space:
        order = _change(space, rule, RuleStatus(to.value), authenticated(space, name), None if approve else reason)
    _tell(order, as_json=as_json)


@reports_errors
def retire(
    context: typer.Context,
    rule: RuleName,
    name: AsName,
    reason: ReasonText = "",
    approve: ApproveFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Usulkan aturan dihentikan; orang kedua menyetujuinya dengan --approve."""
    with opened(context) as space:
        order = _change(space, rule, RuleStatus.RETIRED, authenticated(space, name), None if approve else reason)
    _tell(order, as_json=as_json)


@reports_errors
def withdraw(
    context: typer.Context, rule: RuleName, name: AsName, reason: ReasonText = "", as_json: JsonFlag = False
) -> None:
    """Tarik atau tolak usul yang menunggu untuk satu aturan; status yang berlaku tidak berubah."""
    with opened(context) as space:
        user = authenticated(space, name)
        place = space.settings.agency.jurisdiction
        order = desk.withdraw_status(space.database, rule, reason, user, space.clock(), place=place)
    if as_json:
        print_json(order_json(order))
    else:
        say(f"Usul {order.proposer} agar aturan {rule} menjadi {label(order.status)} ditarik.")


@reports_errors
def precision(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan ketepatan tiap aturan menurut penilaian indikasi, dan sarannya."""
    with opened(context) as space:
        rows = precision_rows(space)
    if as_json:
        print_json([precision_json(row) for row in rows])
        return
    if not rows:
        say("Belum ada indikasi yang dinilai; nilai dengan `pantau queue verdict` atau di konsol.")
        return
    cells = [
        (
            f"{row.rule_id} v{row.version}",
            "semua" if row.jurisdiction is None else row.jurisdiction or "tanpa wilayah",
            row.right,
            row.wrong,
            row.unsure,
            share_text(row),
            label(row.advice) if row.jurisdiction is None else "",
        )
        for row in rows
    ]
    columns = ("Aturan", "Wilayah", "Benar", "Salah", "Ragu", "Ketepatan (95%)", "Saran")
    print_table("Ketepatan aturan menurut penilaian indikasi", columns, cells)


def precision_rows(space: Workspace) -> tuple[Precision, ...]:
    """Return the precision of every judged rule, with the bars of the workspace."""
    with space.database.read() as session:
        counts = verdicts.verdict_counts(session)
    return precisions(counts, bars_of(space.settings))


def precision_json(row: Precision) -> dict[str, Any]:
    """Return one row of the precision list; `jurisdiction` is null for all places together."""
    return {
        "rule": row.rule_id,
        "version": row.version,
        "jurisdiction": row.jurisdiction,
        "right": row.right,
        "wrong": row.wrong,
        "unsure": row.unsure,
        "precision": None if row.share is None else round(row.share, 4),
        "low": round(row.low, 4),
        "high": round(row.high, 4),
        "advice": row.advice.value,
    }


def share_text(row: Precision) -> str:
    """Return a precision with its interval, as people read it."""
    if row.share is None:
        return "—"
    return f"{row.share:.0%} ({row.low:.0%}–{row.high:.0%})"


def trial_json(trial: Backtest) -> dict[str, Any]:
    """Return one trial with its figures."""
    return {"id": trial.id, "passed": trial.passed, "ran_at": trial.ran_at.isoformat(), **trial.figures}


def order_json(order: RuleOrder) -> dict[str, Any]:
    """Return one order about a rule."""
    return {
        "id": order.id,
        "rule": order.rule_id,
        "version": order.version,
        "to": order.status.value,
        "reason": order.reason,
        "proposed_by": order.proposer,
        "proposed_at": order.proposed_at.isoformat(),
        "approved_by": order.approver or None,
        "approved_at": order.approved_at.isoformat() if order.approved_at else None,
        "backtest": order.backtest_id,
    }


def _tried(space: Workspace, loaded: RuleSet, rule_id: str | None) -> tuple[Rule, ...]:
    """Return the rule that was named, else all that do not run as active with this content."""
    if rule_id is not None:
        return (rule_named(loaded, rule_id),)
    with space.database.read() as session:
        orders = activations.standing(session)
    return tuple(
        rule
        for rule in loaded.rules
        if status_in_force(rule, orders.get(rule.id)) not in (RuleStatus.ACTIVE, RuleStatus.RETIRED)
    )


def rule_named(loaded: RuleSet, rule_id: str) -> Rule:
    """Return a rule by its id; UsageError when no file holds it."""
    if any(pattern.id == rule_id for pattern in loaded.patterns):
        raise UsageError(f"{rule_id} adalah aturan pola", "ia menghitung indikasi aturan lain dan tidak diuji balik")
    try:
        return loaded.rule(rule_id)
    except KeyError:
        raise UsageError(f"Aturan {rule_id} tidak ada", "lihat `pantau rules list`") from None


def trial_order(
    space: Workspace, loaded: RuleSet, tried: Sequence[Rule], since: datetime | None, ran_by: str = "program"
) -> TrialOrder:
    """Return the trial of these rules, each as if it were active, on all stored acts or on those since a time."""
    with space.database.read() as session:
        known = contests.load_contests(session)
    alone = replace(loaded, rules=tuple(replace(rule, status=RuleStatus.ACTIVE) for rule in tried))
    settings = space.settings
    return TrialOrder(
        judge=compile_rules(alone, known),
        rules=tuple(file_of(rule) for rule in tried),
        since=since,
        batch=settings.scan.judge_batch,
        minutes=settings.rules.minutes_per_case,
        timed_least=settings.rules.timed_cases_least,
        ran_by=ran_by,
    )


def _change(space: Workspace, rule_id: str, to: RuleStatus, user: UserRow, reason: str | None) -> RuleOrder:
    """Propose a status for a reason, or approve what waits where there is none."""
    wish = status_wish(space, rule_id, to)
    if reason is None:
        return desk.approve_status(space.database, wish, user, space.clock())
    return desk.propose_status(space.database, wish, reason, user, space.clock())


def status_wish(space: Workspace, rule_id: str, to: RuleStatus) -> desk.StatusWish:
    """Return the wish for a status with what is known of the rule's file now."""
    loaded = rule_files(space.settings)
    rule = next((rule for rule in stated(loaded) if rule.id == rule_id), None)
    with space.database.read() as session:
        order = activations.standing(session).get(rule_id)
    return desk.StatusWish(
        rule_id=rule_id,
        to=to,
        file=file_of(rule) if rule is not None else None,
        status_now=status_in_force(rule, order) if rule is not None else order.status if order else None,
        examples_failed=_failing(loaded, rule),
        opens_cases=not isinstance(rule, PatternRule),
        place=space.settings.agency.jurisdiction,
    )


def _failing(loaded: RuleSet, rule: Stated | None) -> int:
    """Return how many examples of a rule fail; the others' examples are no ground to hold it back."""
    if rule is None:
        return 0
    rules, patterns = ((), (rule,)) if isinstance(rule, PatternRule) else ((rule,), ())
    return len(examples.run_examples(replace(loaded, rules=rules, patterns=patterns, raisers=())))


def _tell(order: RuleOrder, *, as_json: bool) -> None:
    if as_json:
        print_json(order_json(order))
    elif order.approver:
        say(f"Aturan {order.rule_id} versi {order.version} kini {label(order.status)}, mulai malam berikutnya.")
    else:
        say(
            f"Usul {order.id}: aturan {order.rule_id} versi {order.version} menjadi {label(order.status)}. "
            "Menunggu persetujuan orang kedua (--approve)."
        )


def _print_trial(trial: Backtest) -> None:
    f = trial.figures
    judged, overlap = f["judged"], f["overlap"]
    measured = "dari catatan keputusan" if f["minutes_measured"] else "diandaikan"
    budget = "tanpa batas" if f["budget"] is None else f"batas {f['budget']}"
    rows = [
        ("Tindakan yang diuji", f["evaluated"]),
        ("Akan kena", f"{f['would_fire']} ({f['per_1000']:.1f} per 1.000; {budget})"),
        ("Tidak dapat dinilai", f["not_evaluable"]),
        ("Sudah kena aturan aktif lain", overlap["other_rules"]),
        ("Sudah kena versi aturan ini yang berjalan", overlap["same_rule"]),
        ("Tidak lagi kena versi ini", overlap["lost"]),
        (
            "Kasusnya sudah diputus orang",
            f"{judged['carried_on']} dilanjutkan, {judged['dropped']} dikesampingkan, {judged['undecided']} belum",
        ),
        ("Indikasi yang sudah dinilai", _verdicts(judged["verdicts"])),
        ("Menurut wilayah", _spread(f["jurisdictions"])),
        ("Menurut pasangan", _spread({f"{c['number']}. {c['label']}": c["would_fire"] for c in f["candidates"]})),
        ("Informasi awal baru", f["new_cases"]),
        ("Perkiraan jam pemeriksa", f"{f['hours']} ({f['minutes_per_case']} menit per informasi awal, {measured})"),
        ("Hasil", "lolos" if trial.passed else "TIDAK LOLOS"),
    ]
    print_table(f"Uji balik {trial.rule_id} versi {trial.version}", ("Hal", "Angka"), rows)


def _verdicts(counts: dict[str, int]) -> str:
    words = {"tepat": "benar", "keliru": "salah", "ragu": "ragu"}
    return ", ".join(f"{counts[token]} {word}" for token, word in words.items() if counts.get(token)) or "belum ada"


def _spread(counts: dict[str, int]) -> str:
    return ", ".join(f"{name or 'tanpa wilayah'}: {number}" for name, number in counts.items()) or "—"
