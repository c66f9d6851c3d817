"""What a rule's file says, in words for people who do not read rule files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from monitor.domain import LawProfile, RuleStatus
from monitor.domain.rule_sheets import Condition, RuleExample, RuleLaw, RuleSheet
from monitor.labels import label
from monitor.web import told
from rules.loader import shipped_folder
from rules.matchers.sayings import Claim, Near
from rules.matchers.texts import Lists, Named, Pattern
from rules.schema import Group, Rule, Test
from rules.statuses import Stated, file_status, is_own
from rules.windows import PatternRule

_GROUPS = {"all": "Semua syarat berikut terpenuhi", "any": "Sedikitnya satu dari syarat berikut terpenuhi",
           "none": "Tidak satu pun dari keadaan berikut ada"}  # fmt: skip
_FIELDS = {"own": "tulisan sendiri", "target": "unggahan yang dituju", "root": "unggahan awal percakapan"}
_OWN = ("text", "alt", "bio")
_PLACES = {
    "actor.handle": "nama akun",
    "target.handle": "akun yang dituju",
    "candidate.label": "pasangan",
    "candidate.number": "nomor urut",
    "contest.name": "kontes",
    "occurred": "waktu",
    "platform": "platform",
    "law_row": "baris ketentuan",
}
_LONGEST = 200_000


def sheet_of(rule: Stated, status: RuleStatus, laws: Mapping[str, LawProfile], own_folder: Path) -> RuleSheet:
    """Return one rule as a page shows it, with its file as it lies on disk."""
    sheet = RuleSheet(
        rule_id=rule.id,
        status=status,
        version=rule.version,
        title=rule.title,
        file_status=file_status(rule),
        level=rule.level,
        own=is_own(rule),
        false_positives=rule.false_positives,
        file=rule.place.rpartition(":")[0],
        text=_text(rule, own_folder),
        content_hash=rule.content_hash,
    )
    if isinstance(rule, PatternRule):
        return replace(sheet, pattern=True, conditions=_window(rule), examples=_series(rule))
    return replace(
        sheet,
        acts=rule.acts,
        subjects=rule.subjects,
        law=tuple(_law(rule, laws)),
        conditions=condition(rule.when),
        explain=_sentence(rule.explain),
        examples=tuple(_examples(rule)),
        max_per_1000=rule.max_per_1000,
        contested=rule.contested.reason if rule.contested else "",
    )


def condition(part: Test | Group) -> Condition:
    """Return a condition and all below it in words."""
    if isinstance(part, Group):
        parts = tuple(condition(below) for below in part.parts)
        return parts[0] if len(parts) == 1 and part.mode != "none" else Condition(_GROUPS[part.mode], parts=parts)
    return Condition(told.CONDITIONS.get(part.matcher, part.matcher), _argument(part.argument))


def _argument(argument: object) -> str:
    """Return what a matcher looks for."""
    if isinstance(argument, Named):
        sure = f"kepastian sedikitnya {label(argument.tier)}"
        often = f"sedikitnya {argument.count} kali" if argument.count > 1 else ""
        return ", ".join(word for word in (sure, often, "bersama kata kampanye" if argument.campaign else "") if word)
    if isinstance(argument, Lists | Claim):
        return f"{_field(argument.field)}: {told.list_words(argument.lists)}"
    if isinstance(argument, Near):
        beside = told.list_words(argument.beside) or "nama pasangan"
        return f"{_field(argument.field)}: {told.list_words(argument.own)} dalam {argument.within} kata dari {beside}"
    if isinstance(argument, Pattern):
        return f"{_field(argument.field)}: {argument.pattern}"
    if isinstance(argument, frozenset | tuple | list):
        return ", ".join(sorted(told.word(str(token)) for token in argument))
    return _field(str(argument)) if str(argument) in _FIELDS else told.word(str(argument))


def _sentence(template: str) -> str:
    """Return the sentence of a rule's hits with its gaps named in words."""
    for gap, words in _PLACES.items():
        template = template.replace("{" + gap + "}", f"[{words}]")
    return template


def _field(name: str) -> str:
    return _FIELDS.get(name, name)


def _law(rule: Rule, laws: Mapping[str, LawProfile]) -> Iterable[RuleLaw]:
    for profile, by_status in rule.basis.items():
        known = laws.get(profile)
        rows = {row.code: row for row in known.rows} if known else {}
        for status, code in by_status.items():
            row = rows.get(code)
            text, doubtful = (row.text, row.doubtful) if row else ("", False)
            yield RuleLaw(profile, known.title if known else profile, status, code, text, doubtful)


def _window(rule: PatternRule) -> Condition:
    window = rule.window
    days = round(window.within.total_seconds() / 86400, 1)
    weights = ", ".join(f"{label(act)} {weight}" for act, weight in window.weights.items())
    which = ", ".join(sorted(window.rules)) or "semua aturan"
    return Condition(
        f"Bobot tindakan satu orang bagi satu pasangan mencapai {window.at_least} dalam {days:g} hari",
        f"bobot: {weights}; dari indikasi: {which}",
    )


def _examples(rule: Rule) -> Iterable[RuleExample]:
    kinds = (
        ("harus kena", rule.examples.match),
        ("tidak boleh kena", rule.examples.no_match),
        ("tidak dapat dinilai", rule.examples.not_evaluable),
    )
    for expected, nodes in kinds:
        for node in nodes:
            yield RuleExample(expected, _act_words(_plain(node.raw)))


def _series(rule: PatternRule) -> tuple[RuleExample, ...]:
    kinds = (("harus kena", rule.examples.match), ("tidak boleh kena", rule.examples.no_match))
    return tuple(
        RuleExample(expected, "; ".join(_act_words(act) for act in _plain(node.raw)))
        for expected, nodes in kinds
        for node in nodes
    )


def _act_words(example: Mapping[str, Any]) -> str:
    """Return an example as a phrase: what is done, with which words, under whose post."""
    acts = example.get("act", "")
    said = [" atau ".join(told.word(token) for token in (acts if isinstance(acts, list) else [acts]))]
    own, target = example.get("own"), example.get("target")
    words = [own] if isinstance(own, str) else [own[name] for name in _OWN if own.get(name)] if own else []
    said += [f"“{word}”" for word in words]
    if isinstance(target, dict):
        said.append(f"pada unggahan {told.word(str(target.get('author', '')))}")
        if target.get("text"):
            said.append(f"“{target['text']}”")
    when = example.get("at") or example.get("between")
    if when:
        said.append(f"({' sampai '.join(when) if isinstance(when, list) else when})")
    return " ".join(said) + (f" — {example['note']}" if example.get("note") else "")


def _plain(raw: yaml.Node) -> Any:
    if isinstance(raw, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in raw.value}
    if isinstance(raw, yaml.SequenceNode):
        return [_plain(value) for value in raw.value]
    return str(raw.value)


def _text(rule: Stated, own_folder: Path) -> str:
    """Return the file of a rule; empty when it lies there no more."""
    folder, _, name = rule.place.rpartition(":")[0].partition("/")
    path = own_folder / name if is_own(rule) else shipped_folder() / folder / name
    try:
        return path.read_text(encoding="utf-8")[:_LONGEST]
    except (OSError, UnicodeDecodeError):
        return ""
