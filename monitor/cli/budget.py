"""`pantau sources budget`: what each source has spent of its caps, quota and money, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer

from monitor.assembly import ledger_of
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table
from monitor.domain import BudgetLine, Caps, Spent
from monitor.errors import UsageError
from monitor.scan.ledger import MICROS, Ledger, caps_of, day_of
from monitor.workspace import Workspace
from scrapers.costs import currency


@dataclass(frozen=True, slots=True)
class Account:
    """One source's books today."""

    source: str
    day: date
    spent: Spent
    caps: Caps
    currency: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("budget", epilog="Contoh: pantau sources budget youtube --json")(budget)


@reports_errors
def budget(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="SUMBER", help="Hanya satu sumber.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan permintaan, kuota, dan biaya yang terpakai hari ini, dan sisanya."""
    with opened(context) as space:
        books = books_of(space, source)
    if as_json:
        print_json([_json(account) for account in books])
        return
    rows = [(a.source, a.day, n.what, n.spent, n.most, n.left) for a in books for n in lines_of(a)]
    print_table("Anggaran sumber", ("Sumber", "Hari", "Apa", "Terpakai", "Batas", "Sisa"), rows)


def books_of(space: Workspace, source: str | None = None) -> list[Account]:
    """Return the books of every source with a policy record, or of one; UsageError when that one has none."""
    ledger = ledger_of(space)
    if source is not None and source not in ledger.policies:
        raise UsageError(f"Sumber {source} belum punya catatan kebijakan", "lihat [sources] di pantau.toml")
    return [_account(ledger, name) for name in sorted(ledger.policies) if source in (None, name)]


def _account(ledger: Ledger, source: str) -> Account:
    policy, manifest = ledger.policies[source], ledger.manifests.get(source)
    day = day_of(policy, manifest, ledger.clock())
    money = currency(manifest) if manifest is not None else ""
    return Account(source, day, ledger.spent(source), caps_of(policy, manifest), money)


def lines_of(account: Account) -> tuple[BudgetLine, ...]:
    """Return what is spent, the cap and the rest of everything that is bounded or was spent."""
    spent, caps = account.spent, account.caps
    counts = [
        ("permintaan hari ini", spent.day.requests, caps.requests),
        ("permintaan minggu ini", spent.weekly_requests, caps.weekly_requests),
        ("satuan kuota hari ini", spent.day.units, caps.units),
        *((f"kuota {n} hari ini", spent.day.buckets.get(n, 0), most) for n, most in sorted(caps.buckets.items())),
    ]
    money = [
        (f"biaya hari ini ({account.currency})", spent.day.micros, caps.micros),
        (f"biaya bulan ini ({account.currency})", spent.monthly_micros, caps.monthly_micros),
    ]
    lines = [_line(what, used, most, _count) for what, used, most in counts if used or most is not None]
    lines += [_line(what, used, most, _money) for what, used, most in money if used or most is not None]
    closed = (BudgetLine("kuota", "habis menurut platform", left="0", share=1.0),) if spent.closed else ()
    return (*lines, *closed)


def _line(what: str, used: int, most: int | None, write: Callable[[int], str]) -> BudgetLine:
    if most is None:
        return BudgetLine(what, write(used))
    share = min(used / most, 1.0) if most else 1.0
    return BudgetLine(what, write(used), write(most), write(max(most - used, 0)), share)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _money(micros: int) -> str:
    return f"{micros / MICROS:.4f}".rstrip("0").rstrip(".")


def _json(account: Account) -> dict[str, Any]:
    spent, caps = account.spent, account.caps
    return {
        "source": account.source,
        "day": account.day.isoformat(),
        "requests": _pair(spent.day.requests, caps.requests),
        "weekly_requests": _pair(spent.weekly_requests, caps.weekly_requests),
        "units": _pair(spent.day.units, caps.units),
        "buckets": {n: _pair(spent.day.buckets.get(n, 0), most) for n, most in sorted(caps.buckets.items())},
        "currency": account.currency,
        "micros": _pair(spent.day.micros, caps.micros),
        "monthly_micros": _pair(spent.monthly_micros, caps.monthly_micros),
        "closed_by_platform": spent.closed,
    }


def _pair(spent: int, cap: int | None) -> dict[str, int | None]:
    return {"spent": spent, "cap": cap, "left": None if cap is None else max(cap - spent, 0)}
