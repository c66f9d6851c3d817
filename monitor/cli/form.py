"""`pantau form`: official forms from a case, as drafts to edit and as locked versions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from db import forms as form_rows
from monitor import desk, moments
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.cli.users import ask_password
from monitor.denials import mending
from monitor.desk.forms import FormFile, FormVersion, FormWish, IssueWish
from monitor.domain import FormIssue, FormKind, UserRow
from monitor.errors import UsageError, plainly
from monitor.labels import label
from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)

CaseNumber = Annotated[int, typer.Argument(metavar="ID", help="Nomor informasi awal.")]
Output = Annotated[Path | None, typer.Option(readable=False, help="Berkas atau folder hasil (bawaan: data/formulir).")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Timpa berkas yang sudah ada.")]
Name = Annotated[str, typer.Option("--as", help="Nama masuk Anda; wajib untuk menerbitkan.")]
MustName = Annotated[str, typer.Option("--as", help="Nama masuk Anda; kata sandi diminta.")]
Issue = Annotated[bool, typer.Option("--issue", help="Kunci sebagai versi berikutnya.")]
Reason = Annotated[str, typer.Option(help="Mengapa versi baru diperlukan; wajib sejak versi kedua.")]
Document = Annotated[
    Path | None, typer.Option(readable=False, help="Dokumen hasil suntingan yang diterbitkan, bukan draf program.")
]
Blanks = Annotated[bool, typer.Option("--blanks", help="Terbitkan walau ada isian kosong yang diisi dengan tangan.")]
WithNumber = Annotated[bool, typer.Option("--with-number", help="Sertakan NIP atau NIK; kata sandi diminta, tercatat.")]


class Rows(StrEnum):
    """How the rows for SBT are written."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class _Order:
    """One form as it was asked for."""

    form: FormKind
    case_id: int
    output: Path | None
    overwrite: bool
    issue: bool
    name: str
    reason: str
    document: Path | None
    blanks: bool
    with_number: bool = False
    as_json: bool = False


@app.command("a", epilog="Contoh: pantau form a 7 --output formulir-a.docx")
@reports_errors
def form_a(
    context: typer.Context,
    case_id: CaseNumber,
    output: Output = None,
    overwrite: Overwrite = False,
    issue: Issue = False,
    name: Name = "",
    reason: Reason = "",
    document: Document = None,
    blanks: Blanks = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis draf Formulir A (laporan hasil pengawasan), atau terbitkan dengan --issue."""
    _run(context, _Order(FormKind.A, case_id, output, overwrite, issue, name, reason, document, blanks, False, as_json))


@app.command("b2", epilog="Contoh: pantau form b2 7 --issue --document b2-disunting.docx --as rina")
@reports_errors
def form_b2(
    context: typer.Context,
    case_id: CaseNumber,
    output: Output = None,
    overwrite: Overwrite = False,
    issue: Issue = False,
    name: Name = "",
    reason: Reason = "",
    document: Document = None,
    blanks: Blanks = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis draf Formulir Model B.2 dari informasi awal, atau terbitkan dengan --issue; pleno yang memutuskan."""
    _run(
        context, _Order(FormKind.B2, case_id, output, overwrite, issue, name, reason, document, blanks, False, as_json)
    )


@app.command("rekomendasi", epilog="Contoh: pantau form rekomendasi 7 --with-number --as rina")
@reports_errors
def form_letter(
    context: typer.Context,
    case_id: CaseNumber,
    output: Output = None,
    overwrite: Overwrite = False,
    issue: Issue = False,
    name: Name = "",
    reason: Reason = "",
    document: Document = None,
    blanks: Blanks = False,
    with_number: WithNumber = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis draf surat rekomendasi kepada penerima yang berlaku hari ini, atau terbitkan dengan --issue."""
    kind = FormKind.REKOMENDASI
    _run(context, _Order(kind, case_id, output, overwrite, issue, name, reason, document, blanks, with_number, as_json))


@app.command("sbt", epilog="Contoh: pantau form sbt 7 8 --output sbt --as rina")
@reports_errors
def form_sbt(
    context: typer.Context,
    case_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Nomor informasi awal, satu atau lebih.")],
    name: MustName,
    output: Output = None,
    overwrite: Overwrite = False,
    rows: Annotated[Rows, typer.Option("--format", help="Bentuk barisnya.")] = Rows.XLSX,
    issue: Issue = False,
    reason: Reason = "",
    as_json: JsonFlag = False,
) -> None:
    """Tulis baris SBT dengan NIP atau NIK dan surat pengantarnya; kata sandi diminta, pembukaan nomor tercatat."""
    from monitor.cli.form_work import drawn, issued, sheet

    with opened(context) as space:
        user = _proven(space, name)
        wish = FormWish(FormKind.SBT, tuple(dict.fromkeys(case_ids)), user, with_number=True)
        if issue:
            done = [issued(space, IssueWish(wish.form, case_id, user, reason)) for case_id in wish.case_ids]
            _tell_issued(done, as_json)
            return
        files = [sheet(space, wish, rows.value), drawn(space, wish)]
        folder = output or _folder(space)
        if output is not None and output.suffix:
            raise UsageError(f"{output} bukan folder", "SBT menghasilkan dua berkas; sebut sebuah folder")
        _tell_written([(_write(folder / file.name, file, overwrite), file) for file in files], as_json)


@app.command("list", epilog="Contoh: pantau form list 7 --json")
@reports_errors
def list_forms(context: typer.Context, case_id: CaseNumber, as_json: JsonFlag = False) -> None:
    """Tampilkan formulir yang sudah diterbitkan dari satu informasi awal, beserta sidik jarinya."""
    with opened(context) as space, space.database.read() as session:
        found = form_rows.issues_of(session, case_id)
    if as_json:
        print_json([_json(one) for one in found])
        return
    if not found:
        say("Belum ada formulir yang diterbitkan.")
        return
    zone = space.settings.agency.zone
    cells = [
        (label(one.form), one.version, one.issuer, moments.short(one.issued_at, zone), one.reason,
         one.sha256)
        for one in found
    ]  # fmt: skip
    print_table("Formulir terbit", ("Formulir", "Versi", "Oleh", "Pada", "Alasan", "SHA-256"), cells)


@app.command("open", epilog="Contoh: pantau form open 7 a 1 --output formulir-a-v1.docx --as rina")
@reports_errors
def open_form(
    context: typer.Context,
    case_id: CaseNumber,
    form: Annotated[FormKind, typer.Argument(metavar="FORMULIR", help="a, b2, rekomendasi, atau sbt.")],
    version: Annotated[int, typer.Argument(metavar="VERSI", help="Nomor versi menurut `form list`.")],
    name: MustName,
    output: Output = None,
    overwrite: Overwrite = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis dokumen terbit persis seperti dikunci; pembukaannya tercatat dalam jejak audit."""
    from monitor.cli.form_work import opened_version

    with opened(context) as space:
        user = _proven(space, name) if form.may_hold_number else authenticated(space, name)
        file = opened_version(space, FormVersion(case_id, form, version), user)
        _tell_written([(_write(_place(space, output, file), file, overwrite), file)], as_json)


def _run(context: typer.Context, order: _Order) -> None:
    from monitor.cli.form_work import drawn, issued

    if order.issue and not order.name:
        raise UsageError("Penerbitan menyebut siapa yang menerbitkan", "tambahkan --as NAMA")
    if order.document is not None and not order.issue:
        raise UsageError("--document hanya untuk penerbitan", "tambahkan --issue, atau hapus --document")
    edited = _read(order.document) if order.document is not None else None
    with opened(context) as space:
        user = _user(space, order)
        if order.issue and user is not None:
            wish = IssueWish(order.form, order.case_id, user, order.reason, edited, order.blanks, order.with_number)
            _tell_issued([issued(space, wish)], order.as_json)
            return
        file = drawn(space, FormWish(order.form, (order.case_id,), user, order.with_number))
        _tell_written([(_write(_place(space, order.output, file), file, order.overwrite), file)], order.as_json)


def _user(space: Workspace, order: _Order) -> UserRow | None:
    if order.with_number:
        return _proven(space, order.name)
    return authenticated(space, order.name) if order.name else None


def _proven(space: Workspace, name: str) -> UserRow:
    """Return the user whom a password just proved; a token lies about and unlocks no numbers."""
    if not name:
        raise UsageError("Membuka NIP atau NIK menyebut siapa yang membukanya", "tambahkan --as NAMA")
    return desk.authenticate(space.database, name, ask_password(f"Kata sandi {name}: "), space.clock())


def _read(path: Path) -> bytes:
    from monitor.reports.forms_template import check_size

    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Berkas {path} tidak terbaca ({plainly(error)})", mending(error, "periksa nama dan izinnya")
        ) from error


def _folder(space: Workspace) -> Path:
    return space.settings.data_dir / "formulir"


def _place(space: Workspace, output: Path | None, file: FormFile) -> Path:
    """Return where a file goes: the named file, or under its own name in the named folder."""
    if output is None:
        return _folder(space) / file.name
    return output / file.name if output.is_dir() or not output.suffix else output


def _write(path: Path, file: FormFile, overwrite: bool) -> Path:
    from monitor.reports.files import write_whole

    if path.exists() and not overwrite:
        raise UsageError(
            f"Berkas {path} sudah ada dan mungkin sudah disunting",
            "sebut berkas lain dengan --output, atau --overwrite",
        )
    written = write_whole(path, lambda partial: _fill(partial, file.data))
    written.path.chmod(0o600)
    return written.path


def _fill(partial: Path, data: bytes) -> None:
    partial.write_bytes(data)


def _tell_written(files: list[tuple[Path, FormFile]], as_json: bool) -> None:
    if as_json:
        print_json({"files": [{"path": str(path), "blanks": list(file.blanks)} for path, file in files]})
        return
    for path, file in files:
        say(f"{path}" + (f"  ({len(file.blanks)} isian kosong)" if file.blanks else ""))


def _tell_issued(done: list[FormIssue], as_json: bool) -> None:
    if as_json:
        print_json([_json(one) for one in done])
        return
    for one in done:
        what = label(one.form)
        say(f"{what[:1].upper()}{what[1:]} dari informasi awal {one.case_id} terbit sebagai versi {one.version}.")
        say(f"sha256 {one.sha256}")


def _json(one: FormIssue) -> dict[str, Any]:
    return {
        "case": one.case_id,
        "form": one.form.value,
        "version": one.version,
        "sha256": one.sha256,
        "template_sha256": one.template_sha256,
        "reason": one.reason,
        "issued_by": one.issuer,
        "issued_at": one.issued_at.isoformat(),
    }
