"""What a pattern rule's file may say: a rule file with `window:` in place of conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.domain import Act, CountedAct, Level, RuleStatus
from rules.nodes import Node
from rules.windows import PatternRule, Window, WindowExamples, patterns

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELDS = ("id", "version", "title", "status", "level", "window", "false_positives", "examples")
_WINDOW = ("by", "within", "weights", "at_least", "rules")
_BY = ("asn", "candidate")
_SPAN = re.compile(r"([1-9]\d{0,3})([dh])")
_LONGEST = timedelta(days=366)
_SCORE = 1000


def is_pattern(node: Node) -> bool:
    """Whether a file states a pattern rule."""
    return any(key.text() == "window" for key, _ in node.pairs())


def read_pattern(node: Node, content_hash: str) -> PatternRule:
    """Return the pattern rule that a file states; RuleError with file:line for anything it may not say."""
    fields = node.fields(_FIELDS, _FIELDS)
    identity = fields["id"].filled()
    if not _ID.fullmatch(identity) or len(identity) > 80:
        fields["id"].fail(f"id tidak sah: {identity[:80]}", "huruf kecil, angka dan tanda hubung, paling panjang 80")
    version = fields["version"].whole()
    if version < 1:
        fields["version"].fail("versi mulai dari 1", "naikkan setiap kali isi berubah")
    examples = fields["examples"].fields(("match", "no_match"), ("match", "no_match"))
    return PatternRule(
        id=identity,
        version=version,
        title=fields["title"].filled(),
        status=fields["status"].token(RuleStatus),
        level=fields["level"].token(Level),
        window=_window(fields["window"]),
        false_positives=fields["false_positives"].texts(),
        examples=WindowExamples(examples["match"].items(), examples["no_match"].items()),
        place=node.place,
        content_hash=content_hash,
    )


def example_fails(rule: PatternRule, node: Node) -> tuple[str, str] | None:
    """Return what an example promises and what it gave, None where both are the same."""
    wanted = node in rule.examples.match
    found = bool(patterns([_tried(rule)], _acts(node)))
    words = {True: "pola", False: "bukan pola"}
    return None if found is wanted else (words[wanted], words[found])


def _tried(rule: PatternRule) -> PatternRule:
    """Return the rule as if it ran; examples of drafts are run too."""
    if rule.status in {RuleStatus.ACTIVE, RuleStatus.SHADOW}:
        return rule
    return PatternRule(
        rule.id, rule.version, rule.title, RuleStatus.SHADOW, rule.level, rule.window, rule.false_positives,
        rule.examples, rule.place, rule.content_hash,
    )  # fmt: skip


def _window(node: Node) -> Window:
    fields = node.fields(_WINDOW, _WINDOW[:4])
    if tuple(sorted(fields["by"].texts())) != _BY:
        fields["by"].fail("pola dihitung per orang dan pasangan", "tulis by: [asn, candidate]")
    weights = _weights(fields["weights"])
    at_least = fields["at_least"].whole()
    if not 2 <= at_least <= _SCORE:
        fields["at_least"].fail(f"ambang harus antara 2 dan {_SCORE}", "mis. at_least: 6")
    if at_least <= max(weights.values()):
        fields["at_least"].fail("satu tindakan saja sudah menjadi pola", "naikkan at_least di atas bobot terbesar")
    named = frozenset(fields["rules"].texts()) if "rules" in fields else frozenset()
    return Window(_span(fields["within"]), weights, at_least, named)


def _weights(node: Node) -> Mapping[Act, int]:
    fields = node.fields(tuple(act.value for act in Act))
    if not fields:
        node.fail("belum ada bobot", "contoh: {like: 1, comment: 2, share: 3, post: 3}")
    weights = {Act(name): value.whole() for name, value in fields.items()}
    for name, value in fields.items():
        if not 1 <= weights[Act(name)] <= _SCORE:
            value.fail(f"bobot harus antara 1 dan {_SCORE}", "tindakan tanpa bobot cukup tidak disebut")
    return weights


def _span(node: Node) -> timedelta:
    found = _SPAN.fullmatch(node.text())
    if found is None:
        node.fail(f"bukan lama waktu: {node.text()[:40]}", "tulis 7d untuk tujuh hari atau 12h untuk dua belas jam")
    span = timedelta(days=int(found[1])) if found[2] == "d" else timedelta(hours=int(found[1]))
    if span > _LONGEST:
        node.fail("jendela lebih dari 366 hari", "pilih jendela yang lebih pendek")
    return span


def _acts(node: Node) -> list[CountedAct]:
    """Return an example's acts; a rule named there is the one that hit the act, `pair` the pair it concerns."""
    found = []
    for number, item in enumerate(node.items(), start=1):
        fields = item.fields(("act", "at", "pair", "rule"), ("act", "at"))
        pair = fields["pair"].whole() if "pair" in fields else 1
        rules = frozenset({fields["rule"].filled()}) if "rule" in fields else frozenset()
        found.append(CountedAct(number, 1, pair, fields["act"].token(Act), fields["at"].moment(), rules))
    return found
