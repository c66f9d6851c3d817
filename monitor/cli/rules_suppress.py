"""`pantau rules suppress`: hits that two people agree not to show for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from db import audit, contests, suppressions
from db.connect import Session
from monitor import desk, moments
from monitor.assembly import rule_files
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.cli.rules_life import AsName, rule_named
from monitor.domain import Suppression, SuppressionScope
from monitor.errors import UsageError
from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(metavar="NOMOR", help="Nomor penangguhan.")]


@app.command(
    "add",
    epilog="Contoh: pantau rules suppress add --rule suka-unggahan-akun-kampanye --account bluesky:humas.contoh.test "
    '--reason "akun dinas" --until 2026-12-31 --as rina',
)
@reports_errors
def add(
    context: typer.Context,
    name: AsName,
    reason: Annotated[str, typer.Option("--reason", help="Alasan penangguhan.")],
    until: Annotated[str, typer.Option("--until", help="Berakhir pada waktu ini, misalnya 2026-12-31.")],
    rule: Annotated[str | None, typer.Option(help="Hanya aturan ini.")] = None,
    account: Annotated[str | None, typer.Option(metavar="PLATFORM:AKUN", help="Hanya akun ini.")] = None,
    case: Annotated[
        int | None, typer.Option("--person-of", metavar="ID", help="Hanya orang informasi awal ini.")
    ] = None,
    candidate: Annotated[str | None, typer.Option(metavar="KONTES#NOMOR", help="Hanya pasangan ini.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Hanya orang dari wilayah ini dan di bawahnya.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Usulkan penangguhan; tidak menyembunyikan apa pun sebelum orang kedua menyetujui."""
    with opened(context) as space:
        if rule is not None:
            rule_named(rule_files(space.settings), rule)
        expires = moment_of(space, until, "--until")
        assert expires is not None  # the option is required
        user = authenticated(space, name)
        with space.database.read() as session:
            person, account_id = _person(session, account, case)
            pair = _pair(session, candidate)
        wish = desk.SuppressionWish(
            scope=SuppressionScope(rule, person, account_id, pair, jurisdiction),
            reason=reason,
            expires_at=expires,
            longest=timedelta(days=space.settings.rules.suppression_max_days),
            place=space.settings.agency.jurisdiction,
        )
        made, fitting = desk.propose_suppression(space.database, wish, user, space.clock())
        if as_json:
            print_json(suppression_json(made, space) | {"fitting": fitting})
            return
    say(
        f"Penangguhan {made.id} diusulkan: {fitting} indikasi yang kini berlaku sesuai cakupannya. "
        "Menunggu persetujuan orang kedua."
    )


@app.command("approve", epilog="Contoh: pantau rules suppress approve 3 --as bayu")
@reports_errors
def approve(context: typer.Context, number: Number, name: AsName, as_json: JsonFlag = False) -> None:
    """Setujui penangguhan sebagai orang kedua; berlaku mulai malam berikutnya."""
    with opened(context) as space:
        user, place = authenticated(space, name), space.settings.agency.jurisdiction
        made = desk.approve_suppression(space.database, number, user, space.clock(), place=place)
        if as_json:
            print_json(suppression_json(made, space))
            return
    say(f"Penangguhan {number} disetujui; berlaku mulai malam berikutnya.")


@app.command("end", epilog='Contoh: pantau rules suppress end 3 --reason "akun sudah dikembalikan" --as rina')
@reports_errors
def end(
    context: typer.Context,
    number: Number,
    name: AsName,
    reason: Annotated[str, typer.Option("--reason", help="Mengapa diakhiri.")],
    as_json: JsonFlag = False,
) -> None:
    """Akhiri penangguhan, atau tolak usulnya; indikasinya kembali ke antrean malam berikutnya."""
    with opened(context) as space:
        user, place = authenticated(space, name), space.settings.agency.jurisdiction
        made = desk.end_suppression(space.database, number, reason, user, space.clock(), place=place)
        if as_json:
            print_json(suppression_json(made, space))
            return
    say(f"Penangguhan {number} berakhir; {made.hiding} indikasi kembali ke antrean malam berikutnya.")


@app.command("list", epilog="Contoh: pantau rules suppress list --json")
@reports_errors
def list_all(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan semua penangguhan dan berapa indikasi yang disembunyikannya; pembacaannya dicatat."""
    with opened(context) as space:
        with space.database.write() as session:
            rows = suppressions.list_suppressions(session)
            detail = {"rows": len(rows)}
            audit.record(session, actor="", action="suppressions_listed", subject="", detail=detail, now=space.clock())
        told = [suppression_json(row, space) for row in rows]
        zone = space.settings.agency.zone
    if as_json:
        print_json(told)
        return
    if not rows:
        say("Belum ada penangguhan.")
        return
    cells = [
        (
            row.id,
            _STATES[shown["state"]],
            scope_text(row),
            row.reason,
            moments.short(row.expires_at, zone),
            f"{row.proposer} / {row.approver or '—'}",
            f"{row.hiding} ({row.hidden})",
        )
        for row, shown in zip(rows, told, strict=True)
    ]
    columns = ("No", "Keadaan", "Cakupan", "Alasan", "Sampai", "Pengusul / penyetuju", "Tersembunyi (seluruhnya)")
    print_table("Penangguhan", columns, cells)


_STATES = {"proposed": "menunggu orang kedua", "active": "berlaku", "expired": "lewat waktu", "ended": "berakhir"}


def suppression_json(row: Suppression, space: Workspace) -> dict[str, Any]:
    """Return one suppression; `hiding` counts the hits it hides now, `hidden` all it ever hid."""
    return {
        "id": row.id,
        "state": _state(row, space),
        "rule": row.scope.rule_id,
        "person": row.person or None,
        "account": row.account or None,
        "candidate": row.pair or None,
        "jurisdiction": row.scope.jurisdiction,
        "reason": row.reason,
        "proposed_by": row.proposer,
        "proposed_at": row.proposed_at.isoformat(),
        "approved_by": row.approver or None,
        "approved_at": row.approved_at.isoformat() if row.approved_at else None,
        "expires_at": row.expires_at.isoformat(),
        "ended_by": row.ended_by or None,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "hiding": row.hiding,
        "hidden": row.hidden,
    }


def scope_text(row: Suppression) -> str:
    """Return what a suppression covers, as people read it."""
    parts = (
        ("aturan", row.scope.rule_id),
        ("orang", row.person),
        ("akun", row.account),
        ("pasangan", row.pair),
        ("wilayah", row.scope.jurisdiction),
    )
    return "\n".join(f"{name}: {value}" for name, value in parts if value)


def _state(row: Suppression, space: Workspace) -> str:
    if row.ended_at is not None:
        return "ended"
    if row.expires_at <= space.clock():
        return "expired"
    return "active" if row.approved_at is not None else "proposed"


def _person(session: Session, account: str | None, case: int | None) -> tuple[int | None, int | None]:
    """Return person and account of the scope; UsageError for an account that is no watched person's."""
    person = suppressions.person_of_case(session, case) if case is not None else None
    if case is not None and person is None:
        raise UsageError(f"Informasi awal {case} tidak ada", "lihat nomor di `pantau queue list`")
    if account is None:
        return person, None
    platform, _, name = account.partition(":")
    owner = suppressions.account_owner(session, platform, name)
    if owner is None or person not in (None, owner[1]):
        raise UsageError(
            f"Akun {account} bukan akun orang yang diawasi", "tulis PLATFORM:AKUN, misalnya bluesky:a.test"
        )
    return owner[1], owner[0]


def _pair(session: Session, candidate: str | None) -> int | None:
    if candidate is None:
        return None
    name, _, number = candidate.rpartition("#")
    for contest in contests.load_contests(session):
        for pair in contest.candidates:
            if contest.name == name and str(pair.number) == number:
                return pair.id
    raise UsageError(f"Pasangan {candidate} tidak ada", 'tulis seperti "Bupati Contoh 2024#1"')
