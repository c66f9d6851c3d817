"""`pantau bundle`: the evidence of one case in one file, for whoever receives it, and checking such a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, say

if TYPE_CHECKING:
    from monitor.evidence.bundle_verify import Checked

app = typer.Typer(no_args_is_help=True)


@app.command("create", epilog="Contoh: pantau bundle create 7 --output bukti-7.zip")
@reports_errors
def create(
    context: typer.Context,
    case_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="Nomor informasi awal.")],
    output: Annotated[Path, typer.Option("--output", "-o", readable=False, help="Berkas zip hasil.")],
    raw: Annotated[
        bool,
        typer.Option("--with-raw", help="Sertakan jawaban platform apa adanya (memuat orang lain); hanya koordinator."),
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Alasan penyerahan jawaban mentah; dicatat.")] = "",
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda; wajib untuk jawaban mentah.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Timpa berkas yang sudah ada.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Buat paket bukti: salinan terbaca, arsip WACZ, manifes, stempel waktu, riwayat, dan draf Formulir A."""
    from monitor.cli.bundling import bundle_office
    from monitor.cli.queue import authenticated
    from monitor.desk.bundling import BundleWish, make_bundle
    from monitor.errors import UsageError

    if output.exists() and not force:
        raise UsageError(f"{output} sudah ada", "pilih nama lain atau tambahkan --force")
    with opened(context) as space:
        user = authenticated(space, name) if name else None
        made = make_bundle(bundle_office(space), BundleWish(case_id, user, raw, reason), output, space.clock())
    if as_json:
        print_json({"path": str(made.path), "sha256": made.sha256, "manifest": made.manifest, "raw": made.raw})
        return
    say(f"{made.path}  sha256 {made.sha256}")
    say("Tulis sha256 ini di surat pengantar; penerima mencocokkannya.")
    if raw:
        say("Paket ini memuat data orang lain apa adanya: serahkan langsung, jangan disebarkan.")


@app.command("verify", epilog="Contoh: pantau bundle verify bukti-7.zip --certificate lembaga-stempel.pem")
@reports_errors
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Paket bukti (.zip).")],
    certificate: Annotated[
        Path | None,
        typer.Option(readable=False, help="Sertifikat lembaga stempel waktu (PEM), untuk memeriksa tanda tangannya."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Periksa paket bukti tanpa basis data, di komputer mana pun; berkas yang berubah disebut namanya."""
    from monitor.evidence.bundle_stamps import stamp_checker
    from monitor.evidence.bundle_verify import check_bundle

    checked = check_bundle(file, stamp_checker(certificate))
    if as_json:
        print_json(_as_json(checked))
    else:
        _print(file, checked, signed=certificate is not None)
    if checked.faults:
        for fault in checked.faults:
            errors_console().print(f"pantau: {fault}", markup=False)
        raise typer.Exit(EXIT_PERSON)


def _print(file: Path, checked: Checked, *, signed: bool) -> None:
    say(f"{file}  sha256 {checked.sha256}")
    if checked.case_id is not None:
        about = f"Informasi awal {checked.case_id}, {checked.agency}, keadaan per {checked.as_of}"
        say(f"{about}: {checked.files} berkas, {checked.manifests} manifes.")
    if checked.raw:
        say("Paket ini memuat jawaban platform apa adanya, termasuk data orang lain.")
    for number, authority, at in checked.stamps:
        said = "diperiksa dengan sertifikat" if signed else "tanda tangannya belum diperiksa; sebut --certificate"
        say(f"Manifes {number} distempel {at.isoformat()} oleh {authority} ({said}).")
    if checked.faults:
        say(f"TIDAK UTUH: {len(checked.faults)} hal tidak sesuai.")
    else:
        say("Utuh. Cocokkan sha256 di atas dengan surat pengantar.")


def _as_json(checked: Checked) -> dict[str, Any]:
    return {
        "ok": not checked.faults,
        "sha256": checked.sha256,
        "case": checked.case_id,
        "agency": checked.agency,
        "as_of": checked.as_of,
        "raw": checked.raw,
        "files": checked.files,
        "manifests": checked.manifests,
        "stamps": [
            {"manifest": number, "authority": authority, "stamped_at": at.isoformat()}
            for number, authority, at in checked.stamps
        ],
        "faults": [{"name": fault.name, "problem": fault.problem} for fault in checked.faults],
    }
