"""`pantau queue`: the officer's queue on the command line."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from db import cases, unjudged
from monitor import desk, moments
from monitor.cli import queue_export
from monitor.cli.case_text import case_lines
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_lines, print_table, say
from monitor.cli.users import ask_password
from monitor.domain import CaseFilter, CaseRow, CaseState, DecisionCommand, UserRow, Verdict
from monitor.errors import UsageError
from monitor.labels import label
from monitor.web.shapes import case_json, detail_json, unjudged_json
from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
queue_export.register(app)


@app.command("list", epilog="Contoh: pantau queue list --status baru --json")
@reports_errors
def list_queue(
    context: typer.Context,
    status: Annotated[list[CaseState] | None, typer.Option(help="Hanya keadaan ini (boleh berulang).")] = None,
    not_evaluable: Annotated[
        bool, typer.Option("--not-evaluable", help="Tindakan yang tidak dapat dinilai, dengan sebabnya.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan informasi awal; tanpa --status hanya yang masih terbuka."""
    if not_evaluable:
        if status:
            raise UsageError("--not-evaluable tidak dapat digabung dengan --status", "pilih salah satu")
        return _list_unjudged(context, as_json=as_json)
    wanted = CaseFilter(states=tuple(status or ()), open_only=not status, limit=None)
    with opened(context) as space, space.database.read() as session:
        rows = cases.list_cases(session, wanted).rows
    if as_json:
        print_json([case_json(row) for row in rows])
    else:
        _print(rows)
    return None


def _list_unjudged(context: typer.Context, *, as_json: bool) -> None:
    with opened(context) as space, space.database.read() as session:
        rows = unjudged.list_not_evaluable(session, None, None)
    if as_json:
        print_json([unjudged_json(row) for row in rows])
        return
    if not rows:
        say("Semua tindakan dapat dinilai.")
        return
    zone = space.settings.agency.zone
    cells = [
        (
            f"{row.person}\n{row.identifier_masked}",
            f"{label(row.act)}, {row.platform}\n{row.handle or row.account}",
            moments.act_time(row.time, zone),
            "\n".join(row.pairs),
            "\n".join(row.reasons),
        )
        for row in rows
    ]
    columns = ("Nama dan pengenal", "Tindakan dan akun", "Waktu", "Pasangan", "Sebab")
    print_table("Tidak dapat dinilai — bukan indikasi, bukan pula tanda tidak ada apa-apa", columns, cells)


def _print(rows: tuple[CaseRow, ...]) -> None:
    if not rows:
        say("Antrean kosong.")
        return
    cells = [
        (
            row.id,
            f"{label(row.state)}\nperhatian {row.priority:.0%}",
            f"{row.person.name}\n{row.person.identifier_masked}",
            f"{row.candidate.number}. {row.candidate.label}",
            f"{row.law_row}, {label(row.stage)}",
            ", ".join(sorted({label(hit.act) for hit in row.hits})),
        )
        for row in rows
    ]
    columns = ("No", "Status", "Nama dan pengenal", "Pasangan", "Baris dan tahapan", "Tindakan")
    print_table("Informasi awal — belum merupakan temuan", columns, cells)


@app.command("show", epilog="Contoh: pantau queue show 7 --json")
@reports_errors
def show(
    context: typer.Context,
    case_id: Annotated[int, typer.Argument(metavar="ID", help="Nomor informasi awal.")],
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan satu informasi awal: siapa, terhadap siapa, bukti, sebab, riwayat."""
    with opened(context) as space, space.database.read() as session:
        detail = cases.case_detail(session, case_id)
    if as_json:
        print_json(detail_json(detail))
    else:
        print_lines(case_lines(detail, space.settings.agency.zone))


@app.command("decide", epilog="Contoh: pantau queue decide 7 --to ditinjau --reason mulai_tinjau --as rina")
@reports_errors
def decide(
    context: typer.Context,
    case_id: Annotated[int, typer.Argument(metavar="ID", help="Nomor informasi awal.")],
    to: Annotated[CaseState, typer.Option("--to", help="Keadaan tujuan.")],
    reason: Annotated[str, typer.Option("--reason", help="Kode alasan.")],
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda.")],
    note: Annotated[str, typer.Option("--note", help="Catatan.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Putuskan langkah berikutnya; memakai kata sandi atau PANTAU_TOKEN. Persetujuan selalu meminta kata sandi."""
    with opened(context) as space:
        user = authenticated(space, name, prove=to is CaseState.DISETUJUI)
        command = DecisionCommand(case_id=case_id, to=to, reason=reason, user=user, note=note)
        manner = desk.Manner(blind_share=space.settings.review.blind_share, store=space.evidence)
        row = desk.decide(space.database, command, space.clock(), manner)
    if as_json:
        print_json(case_json(row))
    else:
        say(f"Informasi awal {row.id} kini {label(row.state)}.")


class Said(StrEnum):
    """A verdict as people type it."""

    BENAR = "benar"
    SALAH = "salah"
    RAGU = "ragu"


_VERDICTS = {Said.BENAR: Verdict.TEPAT, Said.SALAH: Verdict.KELIRU, Said.RAGU: Verdict.RAGU}


@app.command("verdict", epilog="Contoh: pantau queue verdict 12 --is salah --reason kedinasan --as rina")
@reports_errors
def verdict(
    context: typer.Context,
    hit_id: Annotated[int, typer.Argument(metavar="INDIKASI", help="Nomor indikasi.")],
    said: Annotated[Said, typer.Option("--is", help="Apakah aturan benar menandainya.")],
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda.")],
    reason: Annotated[str, typer.Option("--reason", help="Kode alasan; wajib bila salah.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Nilai satu indikasi: apakah aturannya benar; tidak memutuskan informasi awalnya."""
    with opened(context) as space:
        command = desk.VerdictCommand(hit_id, _VERDICTS[said], reason)
        row = desk.judge_hit(space.database, command, authenticated(space, name), space.clock())
    if as_json:
        print_json({"hit": hit_id, "is": said.value, "reason": row.reason, "by": row.user, "at": row.at.isoformat()})
    else:
        say(f"Indikasi {hit_id} dinilai {label(row.verdict)}.")


def authenticated(space: Workspace, name: str, *, prove: bool = False) -> UserRow:
    """Return the user who proves to be that name, by `PANTAU_TOKEN` or by password; `prove` asks a token's too."""
    token = space.settings.token
    if token is not None:
        user = desk.authenticate_token(space.database, token.get_secret_value(), space.clock())
        if user.name != name:
            raise UsageError(f"PANTAU_TOKEN bukan milik {name}", "hapus PANTAU_TOKEN atau sebut nama pemiliknya")
        if prove:
            desk.authenticate(space.database, name, ask_password(f"Kata sandi {name}: "), space.clock())
        return user
    return desk.authenticate(space.database, name, ask_password(f"Kata sandi {name}: "), space.clock())
