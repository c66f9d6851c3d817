"""`pantau rules hits`: what one rule marks, so that people can judge the rule before and after it opens cases."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from db import audit
from db.rule_hits import RuleHit, hits_of_rule
from monitor import desk
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.labels import label
from monitor.web import told
from monitor.web.shapes import hit_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("hits", epilog="Contoh: pantau rules hits aturan-kantor --unjudged --as rina --json")(hits)


@reports_errors
def hits(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="ATURAN", help="Id aturan.")],
    name: Annotated[str | None, typer.Option("--as", help="Nama masuk Anda; wilayah Anda berlaku.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Paling banyak sekian, yang terbaru dahulu.")] = 50,
    unjudged: Annotated[bool, typer.Option("--unjudged", help="Hanya yang belum dinilai siapa pun.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan indikasi satu aturan, juga yang masih uji bayangan atau ditangguhkan; pembacaannya dicatat."""
    with opened(context) as space:
        user = authenticated(space, name) if name is not None else None
        scope = desk.scope_of(user) if user is not None else None
        with space.database.write() as session:
            rows = hits_of_rule(session, rule, scope, limit, unjudged=unjudged)
            detail = {"hits": len(rows), "people": sorted({row.person_id for row in rows})}
            actor = user.name if user is not None else ""
            subject = f"rule:{rule}"
            audit.record(
                session, actor=actor, action="rule_hits_viewed", subject=subject, detail=detail, now=space.clock()
            )
        zone = space.settings.agency.zone
    if as_json:
        print_json([_json(row) for row in rows])
        return
    if not rows:
        say("Tidak ada indikasi dari aturan ini.")
        return
    cells = [
        (
            row.brief.id,
            _state(row),
            f"{row.person}\n{row.identifier_masked}",
            row.pair,
            told.explanation(row.explanation, zone),
            row.brief.url,
            ", ".join(f"{one.user}: {label(one.verdict)}" for one in row.verdicts) or "—",
        )
        for row in rows
    ]
    columns = ("Indikasi", "Keadaan", "Nama dan pengenal", "Pasangan", "Sebab", "Tautan", "Nilai")
    print_table(f"Indikasi aturan {rule} — belum merupakan temuan", columns, cells)


def _state(row: RuleHit) -> str:
    if row.suppression_id is not None:
        return f"ditangguhkan ({row.suppression_id})"
    return f"informasi awal {row.case_id}" if row.case_id is not None else label(row.brief.mode)


def _json(row: RuleHit) -> dict[str, Any]:
    return {
        "id": row.brief.id,
        **hit_json(row.brief),
        "version": row.version,
        "asn": {"name": row.person, "nip_masked": row.identifier_masked, "jurisdiction": row.jurisdiction},
        "candidate": row.pair,
        "explanation": row.explanation,
        "case": row.case_id,
        "suppression": row.suppression_id,
        "verdicts": [{"by": one.user, "is": label(one.verdict), "reason": one.reason} for one in row.verdicts],
    }
