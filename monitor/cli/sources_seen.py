"""`pantau sources list` and `check`: what is seen of each platform, and whether one of them answers now."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.cli.sources_words import SIGNS, money
from monitor.labels import label
from scrapers import registry
from scrapers.manifest import Manifest
from scrapers.matrix import cells, matrix


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list", epilog="Contoh: pantau sources list --json")(list_sources)
    app.command("check", epilog="Contoh: pantau sources check bluesky --target @busi.example")(check)


@reports_errors
def list_sources(as_json: JsonFlag = False) -> None:
    """Tampilkan matriks sumber, arah, pintu dan tindakan; tidak memerlukan ruang kerja."""
    live, manifests = registry.adapters(), registry.manifests()
    if as_json:
        print_json(matrix(manifests, live))
        return
    rows = [
        (name, label(cell.direction), label(cell.door), label(cell.verb), SIGNS[cell.level], cell.reason)
        for name, manifest in sorted(manifests.items())
        for cell in cells(manifest)
        if cell.level != "unread"
    ]
    print_table("Apa yang terlihat", ("Sumber", "Arah", "Pintu", "Tindakan", "Terlihat", "Sebab"), rows)
    say("")
    doors = [_conditions(manifest, live=name in live) for name, manifest in sorted(manifests.items())]
    print_table("Syarat", ("Sumber", "Langsung", "Izin", "Impor", "Kuota", "Harga", "Simpan", "Cek daring"), doors)


def _conditions(manifest: Manifest, *, live: bool) -> tuple[str, ...]:
    quota = f"{manifest.quota.units}/hari" if manifest.quota is not None else "—"
    prices = "; ".join(f"{price.what} {money(price.micros, price.currency)}" for price in manifest.price)
    return (
        manifest.name,
        "ya" if live else "tidak",
        "perlu izin platform" if manifest.gated else "—",
        ", ".join(manifest.imports) or "—",
        quota,
        prices or "—",
        f"{manifest.retention_days} hari" if manifest.retention_days is not None else "—",
        "ya" if manifest.oembed else "—",
    )


@reports_errors
def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAMA", help="Sumber, misalnya bluesky.")],
    target: Annotated[str | None, typer.Option(help="Coba dengan akun terdaftar ini (id tetap atau handle).")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Coba satu sumber dengan satu permintaan: kebijakan, kunci, jawaban, bentuk, sisa jatah; tanpa menyimpan."""
    from monitor.assembly import night
    from monitor.scan.probe import probe

    with opened(context) as space, night(space) as parts:
        tried = probe(parts, name, target)
    if as_json:
        findings = [
            {"aspect": f.aspect, "state": f.state.value, "detail": f.detail, "mend": f.mend} for f in tried.findings
        ]
        print_json({"source": tried.source, "ok": tried.ok, "findings": findings})
    else:
        rows = [(f.aspect, f.state.value, f.detail, f.mend) for f in tried.findings]
        print_table(f"Sumber {tried.source}", ("Hal", "Keadaan", "Rincian", "Tindakan"), rows)
    if not tried.ok:
        raise typer.Exit(EXIT_PERSON)
