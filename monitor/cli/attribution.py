"""`pantau attribution`: whose account it is, one proposing and somebody else answering."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from db import attributions, audit, suppressions
from db.identifiers import person_ids
from monitor import moments
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.desk import attribution as desks
from monitor.domain import AttributionStatus, IdentifierKind, UserRow
from monitor.domain.attributions import Attribution, AttributionFilter, AttributionWish
from monitor.errors import UsageError
from monitor.labels import label
from monitor.roster.account_forms import AccountFault, parse_account
from monitor.web.shapes import attribution_json
from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="NOMOR", help="Nomor atribusi.")]
AsName = Annotated[str, typer.Option("--as", help="Nama masuk Anda.")]
ReasonText = Annotated[str, typer.Option("--reason", help="Alasan.")]
FromDay = Annotated[
    str | None, typer.Option("--from", help="Hari pertama, misalnya 2024-01-31; kosong: tidak dibatasi.")
]
ToDay = Annotated[str | None, typer.Option("--to", help="Hari terakhir; kosong: tidak dibatasi.")]


@app.command("list", epilog="Contoh: pantau attribution list --status proposed --json")
@reports_errors
def list_all(
    context: typer.Context,
    status: Annotated[AttributionStatus, typer.Option(help="Hanya yang berstatus ini.")] = AttributionStatus.PROPOSED,
    platform: Annotated[str, typer.Option(help="Hanya platform ini.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="Hanya orang dari wilayah ini dan di bawahnya.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan kaitan akun, bawaannya yang menunggu orang kedua; pembacaannya dicatat."""
    wanted = AttributionFilter(status=status, platform=platform, region=jurisdiction, limit=None)
    with opened(context) as space:
        with space.database.write() as session:
            rows = attributions.list_attributions(session, wanted).rows
            detail = {"rows": len(rows)}
            audit.record(
                session, actor="", action="attributions_listed", subject="attributions", detail=detail,
                now=space.clock(),
            )  # fmt: skip
        zone = space.settings.agency.zone
    if as_json:
        print_json([attribution_json(row) for row in rows])
        return
    if not rows:
        say(f"Tidak ada kaitan akun berstatus {label(status)}.")
        return
    cells = [
        (
            row.id,
            f"{row.name}\n{row.account.platform}",
            f"{row.person.name}\n{row.person.identifier_masked}",
            f"{row.method}\n{row.evidence}",
            f"{row.proposed_by}\n{moments.short(row.proposed_at, zone)}",
            row.waiting or "",
        )
        for row in rows
    ]
    columns = ("No", "Akun", "Orang", "Cara dan bukti", "Pengusul", "Informasi awal")
    print_table(f"Kaitan akun {label(status)}", columns, cells)


@app.command(
    "propose",
    epilog="Contoh: pantau attribution propose --platform bluesky --account ani.contoh.test --person-of 7 "
    '--method "laman resmi" --evidence "tercantum di laman dinas" --as rina',
)
@reports_errors
def propose(
    context: typer.Context,
    name: AsName,
    platform: Annotated[str, typer.Option(help="Platform.")],
    account: Annotated[str, typer.Option(help="Alamat profil, nama akun, atau nomor tetapnya.")],
    method: Annotated[str, typer.Option(help="Bagaimana diketahui.")],
    evidence: Annotated[str, typer.Option(help="Bukti kaitannya.")],
    case: Annotated[
        int | None,
        typer.Option("--person-of", metavar="ID", help="Orang informasi awal ini; tanpa ini nomornya ditanyakan."),
    ] = None,
    kind: Annotated[
        IdentifierKind, typer.Option("--identifier", help="Jenis nomor yang ditanyakan.")
    ] = IdentifierKind.NIP,
    link: Annotated[str, typer.Option(help="Tautan yang menunjukkannya.")] = "",
    sha256: Annotated[str, typer.Option(help="Sidik jari tangkapan tersimpan yang menunjukkannya.")] = "",
    first: FromDay = None,
    last: ToDay = None,
    as_json: JsonFlag = False,
) -> None:
    """Usulkan akun sebagai milik orang dalam daftar; petugas lain yang menjawab."""
    with opened(context) as space:
        user = authenticated(space, name)
        try:
            ref = parse_account(platform, account)
        except AccountFault as fault:
            raise UsageError(fault.problem, fault.mend) from fault
        wish = AttributionWish(
            _person(space, case, kind), ref, method, evidence, link, sha256, _day("--from", first), _day("--to", last)
        )
        made = desks.propose_attribution(space.database, space.vault, wish, user, space.clock())
    _tell(made, f"Atribusi {made.id} diusulkan. Menunggu jawaban petugas lain.", as_json=as_json)


@app.command("verify", epilog="Contoh: pantau attribution verify 12 --as bayu")
@reports_errors
def verify(
    context: typer.Context, number: Number, name: AsName, reason: ReasonText = "", as_json: JsonFlag = False
) -> None:
    """Pastikan kaitan akun sebagai orang kedua; informasi awal yang menunggunya dapat ditinjau kembali."""
    made = _done(
        context, name, lambda space, user: desks.verify_attribution(
            space.database, number, user, space.clock(), reason=reason
        ),
    )  # fmt: skip
    _tell(
        made, f"Atribusi {number} dipastikan; {made.waiting} informasi awal terbuka bersandar padanya.", as_json=as_json
    )


@app.command("reject", epilog='Contoh: pantau attribution reject 12 --reason "akun tiruan" --as bayu')
@reports_errors
def reject(context: typer.Context, number: Number, name: AsName, reason: ReasonText, as_json: JsonFlag = False) -> None:
    """Tolak kaitan akun sebagai orang kedua; informasi awal yang bersandar padanya diberi catatan."""
    made = _done(
        context, name, lambda space, user: desks.reject_attribution(space.database, number, reason, user, space.clock())
    )
    _tell(made, f"Atribusi {number} ditolak.", as_json=as_json)


@app.command("revoke", epilog='Contoh: pantau attribution revoke 12 --reason "akun berpindah tangan" --yes --as rina')
@reports_errors
def revoke(
    context: typer.Context,
    number: Number,
    name: AsName,
    reason: ReasonText,
    sure: Annotated[bool, typer.Option("--yes", help="Cabut walaupun ada informasi awal terbuka.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Cabut kaitan akun atau tarik usul; tanpa --yes hanya bila tidak ada informasi awal terbuka padanya."""
    made = _done(
        context, name, lambda space, user: desks.revoke_attribution(
            space.database, number, reason, user, space.clock(), known_cases=None if sure else 0
        ),
    )  # fmt: skip
    _tell(made, f"Atribusi {number} dicabut.", as_json=as_json)
    if made.waiting:
        errors_console().print(
            f"pantau: {made.waiting} informasi awal terbuka bersandar padanya dan perlu ditinjau orang", markup=False
        )
        raise typer.Exit(EXIT_PERSON)


@app.command("redate", epilog='Contoh: pantau attribution redate 12 --from 2024-01-31 --reason "mutasi" --as rina')
@reports_errors
def redate(
    context: typer.Context,
    number: Number,
    name: AsName,
    reason: ReasonText,
    first: FromDay = None,
    last: ToDay = None,
    as_json: JsonFlag = False,
) -> None:
    """Usulkan masa berlaku lain; yang lama berakhir, yang baru menunggu petugas lain."""
    days = (_day("--from", first), _day("--to", last))
    made = _done(
        context, name, lambda space, user: desks.redate_attribution(
            space.database, number, days, reason, user, space.clock()
        ),
    )  # fmt: skip
    _tell(made, f"Masa berlaku diusulkan sebagai atribusi {made.id}. Menunggu jawaban petugas lain.", as_json=as_json)


def _done(context: typer.Context, name: str, step: Callable[[Workspace, UserRow], Attribution]) -> Attribution:
    with opened(context) as space:
        return step(space, authenticated(space, name))


def _person(space: Workspace, case: int | None, kind: IdentifierKind) -> int:
    """Return the person of a case, or the one whose number is typed; it stands in no argument, so in no history."""
    if case is not None:
        with space.database.read() as session:
            found = suppressions.person_of_case(session, case)
        if found is None:
            raise UsageError(f"Informasi awal {case} tidak ada", "lihat nomor di `pantau queue list`")
        return found
    typed = _asked(f"{label(kind)}: ")
    with space.database.read() as session:
        known = person_ids(session, space.vault, [(kind, typed)])
    if not known:
        raise UsageError(
            "Tidak ada orang dengan nomor itu dalam daftar", "impor dahulu dengan `pantau roster import asn`"
        )
    return next(iter(known.values()))


def _asked(prompt: str) -> str:
    """Ask at the terminal without echo, or take one line of standard input."""
    return (getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} tidak terbaca sebagai tanggal", "tulis seperti 2024-01-31") from None


def _tell(row: Attribution, words: str, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = attribution_json(row)
        print_json(told)
    else:
        say(words)
