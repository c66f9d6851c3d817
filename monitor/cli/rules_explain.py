"""`pantau rules explain`: for one stored act, why each rule fired or did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any

import typer

from db import audit, contests, views
from monitor import desk, moments
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_lines
from monitor.cli.queue import authenticated
from monitor.domain import Contest, InteractionView, TraceNode
from monitor.errors import UsageError
from monitor.labels import label
from monitor.redaction import redact
from monitor.scan.rulebook import open_rulebook
from monitor.web import told
from monitor.web.shapes import plain
from monitor.workspace import Workspace
from rules.engine import compile_rules
from rules.explain import RuleTold, ToldOutcome, explain_all

_MARKS = {True: "ya   ", False: "tidak", None: "?    "}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Explained:
    """An act with what every rule says of it."""

    view: InteractionView
    person: views.PersonShown
    rules: tuple[RuleTold, ...]
    pairs: dict[int, str]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain", epilog="Contoh: pantau rules explain 41 --as rina --json")(explain)


@reports_errors
def explain(
    context: typer.Context,
    interaction: Annotated[str, typer.Argument(metavar="TINDAKAN", help="Nomor, kunci, atau alamat unggahannya.")],
    name: Annotated[str | None, typer.Option("--as", help="Nama masuk Anda; wilayah Anda berlaku.")] = None,
    rule: Annotated[str | None, typer.Option(help="Hanya aturan ini.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Jelaskan untuk satu tindakan mengapa tiap aturan kena atau tidak; pembacaannya dicatat."""
    with opened(context) as space:
        user = authenticated(space, name) if name is not None else None
        scope = desk.scope_of(user) if user is not None else None
        found = _explained(space, _number(space, interaction, scope), scope, user.name if user else "")
        if rule is not None:
            rows = tuple(row for row in found.rules if row.rule_id == rule)
            if not rows:
                raise UsageError(f"Aturan {rule} tidak ada", "lihat `pantau rules list`")
            found = _Explained(found.view, found.person, rows, found.pairs)
        if as_json:
            print_json(_redacted(_json(found)))
        else:
            print_lines(redact(line) for line in _lines(found, space.settings.agency.zone))


def _number(space: Workspace, name: str, scope: tuple[str, ...] | None) -> int:
    """Return the act that a number, key or address names within some places; UsageError unless it is one."""
    with space.database.read() as session:
        acts = views.find_acts(session, name, scope, _SHOWN)
    if not acts:
        raise UsageError(f"Tindakan {name} tidak ada dalam wilayah Anda", "sebut nomor, kunci, atau alamat unggahannya")
    if len(acts) > 1:
        listed = "; ".join(f"{act.id} ({label(act.act)})" for act in acts)
        raise UsageError(f"{len(acts)} tindakan atau lebih menyangkut {name}", f"sebut nomornya: {listed}")
    return acts[0].id


def _explained(space: Workspace, number: int, scope: tuple[str, ...] | None, actor: str) -> _Explained:
    book = open_rulebook(space.database, space.settings.rules_dir)
    if book.ruleset is None:
        raise UsageError("Aturan tidak dapat dimuat", "; ".join(issue.detail for issue in book.issues))
    with space.database.write() as session:
        found = views.views_of(session, [number])
        if not found:
            raise UsageError(f"Tindakan {number} bukan milik orang yang diawasi", "periksa kepemilikan akunnya")
        view = found[0]
        known = contests.load_contests(session)
        person = views.person_shown(session, view.person_id)
        detail = {"person": view.person_id, "scope": list(scope) if scope is not None else None}
        subject = f"interaction:{number}"
        audit.record(
            session, actor=actor, action="interaction_explained", subject=subject, detail=detail, now=space.clock()
        )
    return _Explained(view, person, explain_all(compile_rules(book.ruleset, known), view), _pairs(known))


def _pairs(known: tuple[Contest, ...]) -> dict[int, str]:
    return {c.id: f"{c.number}. {c.label} ({contest.name})" for contest in known for c in contest.candidates}


_WRITTEN = frozenset({"text", "detail", "reason", "explanation"})  # keys and addresses hold long numbers of platforms


def _redacted(value: Any) -> Any:
    """Return the value with numbers of persons taken out of what people wrote; offsets of spans are of the original."""
    if isinstance(value, dict):
        return {
            key: redact(inner) if key in _WRITTEN and isinstance(inner, str) else _redacted(inner)
            for key, inner in value.items()
        }
    return [_redacted(inner) for inner in value] if isinstance(value, list | tuple) else value


def _json(found: _Explained) -> dict[str, Any]:
    view = found.view
    return {
        "interaction": view.id,
        "key": view.key,
        "platform": view.platform,
        "act": view.act.value,
        "account": view.actor.user_id,
        "target": view.target_id,
        "time": plain(view.time),
        "asn": {
            "name": found.person.name,
            "nip_masked": found.person.identifier_masked,
            "employment": view.employment.value,
            "jurisdiction": view.jurisdiction,
        },
        "rules": [
            {
                "rule": row.rule_id,
                "version": row.version,
                "title": row.title,
                "status": row.status.value,
                "candidate": found.pairs.get(row.candidate_id or 0),
                "outcome": row.outcome.name.lower(),
                "reason": row.reason,
                "spans": plain(row.spans),
                "trace": plain(row.trace),
            }
            for row in found.rules
        ],
    }


def _lines(found: _Explained, zone: tzinfo) -> Iterator[str]:
    view = found.view
    yield f"Tindakan {view.id}: {label(view.act)} di {view.platform} oleh {view.actor.handle or view.actor.user_id}"
    yield f"Siapa: {found.person.name} ({found.person.identifier_masked}), {label(view.employment)}"
    yield f"Waktu: {moments.act_time(view.time, zone)}"
    for content, words in ((view.own, "Tulisan orang ini"), (view.target, "Unggahan yang dituju")):
        if content is not None and content.text:
            yield f"{words}: “{' '.join(content.text.split())}”"
    order = list(ToldOutcome)
    for row in sorted(found.rules, key=lambda row: order.index(row.outcome)):
        yield ""
        pair = f" — {found.pairs[row.candidate_id]}" if row.candidate_id in found.pairs else ""
        yield f"{row.rule_id} v{row.version} ({label(row.status)}): {row.outcome.value}{pair}"
        yield f"  {row.reason}"
        if row.outcome is not ToldOutcome.IDLE:
            for node in row.trace.children:
                yield from _tree(node, 1)


def _tree(node: TraceNode, depth: int) -> Iterator[str]:
    detail = f": {told.detail(node)}" if node.detail else ""
    yield f"{'  ' * depth}{_MARKS[node.passed]} {told.condition(node)}{detail}"
    for child in node.children:
        yield from _tree(child, depth + 1)
