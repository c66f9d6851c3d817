"""The rules a night judges with: a whole set or none, and the contents that two people approved.

An office's own files may change or break at any time. What last judged is kept with its rule set in the database, so
that a broken or half-written file, a deleted one and a restart change nothing silently.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from db import activations
from db.connect import Database
from monitor.domain import Issue, RuleOrder, RuleStatus
from monitor.errors import RuleError
from rules.loader import RuleSet, load_ruleset, read_folder
from rules.statuses import Stated, file_status, in_force, is_own, stated

OWN = "aturan"
BROKEN = "rules_broken"
REFUSED = "rules_refused"
CHANGED = "rule_changed"
MISSING = "rule_missing"
UNAPPROVED = "rule_unapproved"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force; `ruleset` is None when nothing may be judged. `own` are the office's files they came from."""

    ruleset: RuleSet | None
    own: Mapping[str, bytes]
    issues: tuple[Issue, ...] = ()


def open_rulebook(database: Database, folder: Path) -> Rulebook:
    """Return the rules as they hold now.

    Broken files leave the set in force that judged last, and refuse judging where there is none; both are issues that
    need a person. A rule that two people activated runs as they saw it although its file was changed or deleted.
    """
    with database.read() as session:
        orders = activations.standing(session)
        kept = _kept(activations.last_detail(session))
    try:
        own = read_own(folder)
        loaded = load_own(own)
        own, issues = _as_approved(loaded, own, orders, kept or {})
        if issues:
            loaded = load_own(own)
    except RuleError as error:
        return _last_good(kept, orders, error)
    return Rulebook(in_force(loaded, orders), own, (*issues, *_unapproved(loaded, orders)))


def read_own(folder: Path) -> dict[str, bytes]:
    """Return the office's rule files by name; RuleError for one that cannot be read."""
    return read_folder(folder, OWN)


def load_own(own: Mapping[str, bytes]) -> RuleSet:
    """Return the shipped rules with these files of the office added; RuleError with file:line for a wrong one."""
    with tempfile.TemporaryDirectory(prefix="pantau-aturan-") as scratch:
        folder = Path(scratch) / OWN  # its name is in the places of errors and in the set's hash
        folder.mkdir()
        for name, data in own.items():
            (folder / name).write_bytes(data)
        return load_ruleset([folder])


def _last_good(kept: Mapping[str, bytes] | None, orders: Mapping[str, RuleOrder], error: RuleError) -> Rulebook:
    try:
        loaded = load_own(kept) if kept is not None else None
    except RuleError:
        loaded = None
    if kept is None or loaded is None:
        detail = f"berkas aturan rusak dan belum ada susunan lama; tindakan disimpan, belum dinilai — {error}"
        return Rulebook(None, {}, (Issue("", REFUSED, detail),))
    detail = f"berkas aturan rusak; yang berjalan susunan terakhir yang utuh — {error}"
    return Rulebook(in_force(loaded, orders), kept, (Issue("", BROKEN, detail),))


def _as_approved(
    loaded: RuleSet, own: Mapping[str, bytes], orders: Mapping[str, RuleOrder], kept: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[Issue]]:
    """Return the files with those of activated rules as two people approved them, and what stands otherwise on disk."""
    by_hash = {hashlib.sha256(data).hexdigest(): name for name, data in kept.items()}
    rules = {rule.id: rule for rule in stated(loaded)}
    files, issues = dict(own), []
    for rule_id, order in sorted(orders.items()):
        rule = rules.get(rule_id)
        if order.status is not RuleStatus.ACTIVE or (rule is not None and _stands(rule, order)):
            continue
        name = by_hash.get(order.content_hash or "")
        if name is not None:
            place = _file_name(rule) if rule is not None else name if name not in files else f"disahkan-{rule_id}.yml"
            files[place] = kept[name]
        issues.append(_differs(rule_id, rule, order, runs=name is not None))
    return files, issues


def _stands(rule: Stated, order: RuleOrder) -> bool:
    """Whether an activated rule is on disk as it was approved, or is the program's and active by itself."""
    return rule.content_hash == order.content_hash or file_status(rule) is RuleStatus.ACTIVE


def _differs(rule_id: str, rule: Stated | None, order: RuleOrder, *, runs: bool) -> Issue:
    if rule is None:
        what = f"berkas aturan {rule_id} tidak ada lagi padahal aturan itu aktif"
        mend = "pulihkan berkasnya, atau hentikan dengan `pantau rules retire` oleh dua orang"
    else:
        what = f"isi aturan {rule_id} berubah sejak disahkan"
        mend = "kembalikan isinya, atau uji balik lalu sahkan isi baru oleh dua orang"
    stands = f"yang berjalan versi {order.version} yang disahkan" if runs else "aturan itu kini tidak membuka kasus"
    return Issue("", MISSING if rule is None else CHANGED, f"{what}; {stands} — {mend}")


def _unapproved(loaded: RuleSet, orders: Mapping[str, RuleOrder]) -> list[Issue]:
    """Return a notice for each own rule whose file says that it is active and which nobody approved."""
    return [
        Issue(
            "",
            UNAPPROVED,
            f"berkas aturan {rule.id} menyatakan aktif, tetapi belum disahkan dua orang; ia diuji bayangan",
            needs_person=False,
        )
        for rule in stated(loaded)
        if rule.status is RuleStatus.ACTIVE and is_own(rule) and rule.id not in orders
    ]


def _kept(detail: Mapping[str, object] | None) -> dict[str, bytes] | None:
    """Return the office's files of a stored rule set, None when there is none."""
    own = detail.get("own") if detail else None
    return {str(name): str(text).encode() for name, text in own.items()} if isinstance(own, Mapping) else None


def _file_name(rule: Stated) -> str:
    return rule.place.rsplit(":", 1)[0].partition("/")[2]
