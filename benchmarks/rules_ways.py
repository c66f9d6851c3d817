"""The ways to evaluate ten rules: closures and one function by hand, and the engines a program would take instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.rules_events import RULES, BenchRule, Condition, Event

Names = list[str]
Evaluate = Callable[[Event], Names]
_SEEN = ("like", "share", "comment")


@dataclass(frozen=True, slots=True)
class RuleWay:
    """One way over plain events: its name, and what makes it ready; ImportError where the peer is not installed."""

    name: str
    ready: Callable[[], Evaluate]


def closures() -> Evaluate:
    """Return each rule as one closure written by hand, its sets bound beforehand, all asked one by one."""
    neighbours, quiet = frozenset({"unregistered", "asn"}), frozenset({"masa_tenang", "pemungutan"})
    own_acts, said, seen = frozenset({"post", "share"}), frozenset({"post", "share", "comment"}), frozenset(_SEEN)
    rules: tuple[tuple[str, Callable[[Event], object]], ...] = (
        ("suka-akun", lambda e: e["act"] == "like" and e["target_author"] == "candidate" and e["stage"] not in quiet),
        ("bagi-akun", lambda e: e["act"] == "share" and e["target_author"] == "candidate" and not e["own_stance"]),
        ("komentar-akun", lambda e: e["act"] == "comment" and e["target_author"] == "candidate" and e["own_words"]),
        (
            "komentar-dukungan",
            lambda e: (
                e["act"] == "comment" and e["own_named"] and e["own_stance"] and e["target_author"] != "candidate"
            ),
        ),
        (
            "unggah-kampanye",
            lambda e: (
                e["act"] in own_acts and e["own_named"] and e["own_campaign"] and e["target_author"] != "candidate"
            ),
        ),
        (
            "unggah-nama",
            lambda e: e["act"] in own_acts and e["own_sure"] and not e["own_campaign"] and not e["own_official"],
        ),
        (
            "bagi-warga",
            lambda e: (
                e["act"] == "share" and e["target_author"] in neighbours and e["target_sure"] and e["target_campaign"]
            ),
        ),
        (
            "suka-warga",
            lambda e: (
                e["act"] == "like" and e["target_author"] in neighbours and e["target_sure"] and e["target_campaign"]
            ),
        ),
        ("masa-tenang", lambda e: e["act"] in said and e["stage"] in quiet and e["own_named"] and e["own_campaign"]),
        (
            "akun-instansi",
            lambda e: e["act"] in seen and e["person"] == "institusi" and e["target_author"] == "candidate",
        ),
    )
    return lambda event: [name for name, holds in rules if holds(event)]


def _closure(condition: Condition) -> Callable[[Event], bool]:
    field, value = condition.field, condition.value
    if condition.operator == "in":
        values = frozenset(value) if isinstance(value, tuple) else frozenset()
        return (lambda e: e[field] in values) if condition.wanted else (lambda e: e[field] not in values)
    if condition.operator == "least":
        assert isinstance(value, int)
        return (lambda e: e[field] >= value) if condition.wanted else (lambda e: e[field] < value)  # type: ignore[operator]  # a count
    return (lambda e: bool(e[field])) if condition.wanted else (lambda e: not e[field])


def composed() -> Evaluate:
    """Return each rule as a closure over a closure for each condition, made from the same statement as the peers'."""
    rules = tuple((rule.id, _together(rule)) for rule in RULES)
    return lambda event: [name for name, holds in rules if holds(event)]


def _together(rule: BenchRule) -> Callable[[Event], bool]:
    tests = tuple(_closure(c) for c in (Condition("act", "in", rule.acts, ""), *rule.conditions))

    def holds(event: Event) -> bool:
        for test in tests:  # noqa: SIM110 - `all` over a generator is slower, and this is measured
            if not test(event):
                return False
        return True

    return holds


def fused() -> Evaluate:  # noqa: C901 - written out on purpose, that is what is measured
    """Return one function with every rule written out by hand: the floor."""

    def evaluate(e: Event) -> Names:  # noqa: C901, PLR0912 - as above
        held: Names = []
        act, author = e["act"], e["target_author"]
        quiet = e["stage"] in {"masa_tenang", "pemungutan"}
        if act == "like":
            if author == "candidate":
                if not quiet:
                    held.append("suka-akun")
            elif author in {"unregistered", "asn"} and e["target_sure"] and e["target_campaign"]:
                held.append("suka-warga")
        elif act == "comment":
            if author == "candidate":
                if e["own_words"]:
                    held.append("komentar-akun")
            elif e["own_named"] and e["own_stance"]:
                held.append("komentar-dukungan")
        elif act == "share" and author == "candidate" and not e["own_stance"]:
            held.append("bagi-akun")
        if act in {"post", "share"}:
            if e["own_named"] and e["own_campaign"] and author != "candidate":
                held.append("unggah-kampanye")
            if e["own_sure"] and not e["own_campaign"] and not e["own_official"]:
                held.append("unggah-nama")
        if act == "share" and author in {"unregistered", "asn"} and e["target_sure"] and e["target_campaign"]:
            held.append("bagi-warga")
        if quiet and act in {"post", "share", "comment"} and e["own_named"] and e["own_campaign"]:
            held.append("masa-tenang")
        if e["person"] == "institusi" and act in {"like", "share", "comment"} and author == "candidate":
            held.append("akun-instansi")
        return held

    return evaluate


def _text(rule: BenchRule, conjunction: str, term: Callable[[Condition], str]) -> str:
    return f" {conjunction} ".join(term(c) for c in (Condition("act", "in", rule.acts, ""), *rule.conditions))


def _term(condition: Condition, negation: str) -> str:
    if condition.operator == "in":
        body = f"{condition.field} in {json.dumps(list(condition.value))}"  # type: ignore[arg-type]  # a tuple of texts
    elif condition.operator == "least":
        body = f"{condition.field} >= {condition.value}"
    else:
        body = condition.field
    return f"({body})" if condition.wanted else f"{negation}({body})"


def cel_each() -> Evaluate:
    """Return cel-expr-python (Google's C++ CEL) with one compiled expression a rule."""
    environment, cel_data = _cel()
    rules = [(r.id, environment.compile(_text(r, "&&", lambda c: _term(c, "!")))) for r in RULES]

    def evaluate(event: Event) -> Names:
        activation = cel_data(event)
        return [name for name, expression in rules if expression.eval(activation).value()]

    return evaluate


def cel_one() -> Evaluate:
    """Return cel-expr-python with all rules as one expression that gives a list: one call an event."""
    environment, cel_data = _cel()
    joined = ", ".join(_text(r, "&&", lambda c: _term(c, "!")) for r in RULES)
    expression = environment.compile(f"[{joined}]")
    names = [r.id for r in RULES]

    def evaluate(event: Event) -> Names:
        held = expression.eval(cel_data(event)).plain_value()
        return [name for name, holds in zip(names, held, strict=True) if holds]

    return evaluate


def _cel() -> tuple[object, Callable[[Event], object]]:  # typed loosely: the peer is not in the application's locks
    from cel_expr_python import cel

    kinds = {"in": cel.Type.STRING, "least": cel.Type.INT, "is": cel.Type.BOOL}
    variables = {c.field: kinds[c.operator] for rule in RULES for c in rule.conditions} | {"act": cel.Type.STRING}
    environment = cel.NewEnv(variables=variables)
    return environment, environment.Activation


def zen_each() -> Evaluate:
    """Return zen-engine with one compiled expression a rule."""
    import zen

    rules = [(r.id, zen.compile_expression(_text(r, "and", lambda c: _term(c, "not ")))) for r in RULES]
    return lambda event: [name for name, expression in rules if expression.evaluate(event)]


def zen_one() -> Evaluate:
    """Return zen-engine with all rules as one compiled expression that gives a list: one call an event."""
    import zen

    names = [r.id for r in RULES]
    joined = ", ".join(f"({_text(r, 'and', lambda c: _term(c, 'not '))})" for r in RULES)
    expression = zen.compile_expression(f"[{joined}]")
    return lambda event: [name for name, holds in zip(names, expression.evaluate(event), strict=True) if holds]


def zen_table() -> Evaluate:
    """Return zen-engine with the rules as rows of a decision table that collects: its own way of writing rules."""
    import zen

    fields = list(dict.fromkeys(["act", *(c.field for r in RULES for c in r.conditions)]))
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": [_zen_row(rule) for rule in RULES],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda event: [row["rule"] for row in decision.evaluate(event)["result"]]


def _zen_row(rule: BenchRule) -> dict[str, str]:
    row = {"_id": rule.id, "rule": json.dumps(rule.id)}
    for condition in (Condition("act", "in", rule.acts, ""), *rule.conditions):
        row[condition.field] = _zen_cell(condition)
    return row


def _zen_cell(condition: Condition) -> str:
    if condition.operator == "in":
        cell = ", ".join(map(json.dumps, condition.value))  # type: ignore[arg-type]  # a tuple of texts
        return cell if condition.wanted else f"not($ in [{cell}])"
    if condition.operator == "least":
        return f">= {condition.value}"
    return "true" if condition.wanted else "false"


def rule_engine_each() -> Evaluate:
    """Return rule-engine (Python) with one compiled rule each."""
    import rule_engine

    rules = [(r.id, rule_engine.Rule(_text(r, "and", lambda c: _term(c, "not ")))) for r in RULES]
    return lambda event: [name for name, rule in rules if rule.matches(event)]


WAYS: Sequence[RuleWay] = (
    RuleWay("closures by hand", closures),
    RuleWay("closures composed of conditions", composed),
    RuleWay("one function by hand", fused),
    RuleWay("cel-expr-python, an expression a rule", cel_each),
    RuleWay("cel-expr-python, one expression", cel_one),
    RuleWay("zen-engine, an expression a rule", zen_each),
    RuleWay("zen-engine, one expression", zen_one),
    RuleWay("zen-engine, decision table", zen_table),
    RuleWay("rule-engine", rule_engine_each),
)
