"""The list of rules: what each file says, what is in force, who stands for it, and how often it was right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import typer

from db import activations
from monitor.assembly import rule_files
from monitor.cli.context import home_of, opened
from monitor.cli.output import print_table
from monitor.cli.rules_life import order_json, precision_json, precision_rows, share_text
from monitor.domain import RuleOrder, RuleStatus
from monitor.labels import label
from monitor.review.precision import Precision
from monitor.settings import CONFIG_NAME
from rules.loader import RuleSet, load_ruleset
from rules.statuses import Stated, in_force, is_own, stated, status_in_force


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule as it stands. `rule` is None for one that two people gave a status and no file holds any more."""

    rule_id: str
    rule: Stated | None
    status: RuleStatus
    order: RuleOrder | None = None
    waiting: RuleOrder | None = None
    precision: Precision | None = None


def listed(context: typer.Context) -> tuple[RuleSet, list[Listed]]:
    """Return the rules on disk, and one row for each; without a workspace the program's own alone."""
    if not (home_of(context) / CONFIG_NAME).is_file():
        ruleset = load_ruleset()
        return ruleset, [Listed(rule.id, rule, rule.status) for rule in stated(ruleset)]
    with opened(context) as space:
        ruleset = rule_files(space.settings)
        with space.database.read() as session:
            orders = activations.standing(session)
            waiting = {order.rule_id: order for order in activations.waiting(session)}
        judged = {(row.rule_id, row.version): row for row in precision_rows(space) if row.jurisdiction is None}
    rows = [
        Listed(
            rule.id,
            rule,
            status_in_force(rule, orders.get(rule.id)),
            orders.get(rule.id),
            waiting.get(rule.id),
            judged.get((rule.id, rule.version)),
        )
        for rule in stated(ruleset)
    ]
    gone = orders.keys() - {rule.id for rule in stated(ruleset)}
    rows += [Listed(name, None, orders[name].status, orders[name], waiting.get(name)) for name in sorted(gone)]
    return in_force(ruleset, orders), rows


def listed_json(row: Listed) -> dict[str, Any]:
    """Return one row; `file_status` is what the file alone says, `status` what is in force."""
    rule = row.rule
    return {
        "id": row.rule_id,
        "version": rule.version if rule is not None else None,
        "status": row.status.value,
        "level": rule.level.value if rule is not None else None,
        "title": rule.title if rule is not None else None,
        "file_status": rule.status.value if rule is not None else None,
        "own": rule is None or is_own(rule),
        "order": order_json(row.order) if row.order is not None else None,
        "waiting": order_json(row.waiting) if row.waiting is not None else None,
        "precision": precision_json(row.precision) if row.precision is not None else None,
    }


def print_listed(ruleset: RuleSet, rows: list[Listed]) -> None:
    """Print the list for people."""
    cells = [
        (
            row.rule_id,
            row.rule.version if row.rule is not None else "—",
            _status(row),
            label(row.rule.level) if row.rule is not None else "—",
            row.rule.title if row.rule is not None else "berkas tidak ada lagi",
            _approved(row),
            share_text(row.precision) if row.precision is not None else "—",
        )
        for row in rows
    ]
    columns = ("Id", "Versi", "Status", "Tingkat", "Judul", "Disahkan", "Ketepatan (95%)")
    print_table(f"Aturan ({ruleset.hash[:12]})", columns, cells)


def _status(row: Listed) -> str:
    if row.rule is None or row.status is row.rule.status:
        return label(row.status)
    return f"{label(row.status)}\n(berkas: {label(row.rule.status)})"


def _approved(row: Listed) -> str:
    told = f"{row.order.proposer}, {row.order.approver}" if row.order is not None else "bawaan"
    if row.order is None and row.rule is not None and is_own(row.rule):
        told = "belum"
    if row.waiting is not None:
        told += f"\nmenunggu: {label(row.waiting.status)} (usul {row.waiting.proposer})"
    return told
