"""What a rule, law or lexicon file may say, read from positioned nodes."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from monitor.domain import Act, CandidateStatus, Employment, Level, RuleStatus
from rules.lawfile import MARKS, one_token, web_address
from rules.lexicon import HINTS
from rules.matchers import MATCHERS
from rules.nodes import Node, did_you_mean

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RULE_FIELDS = (
    "id", "version", "title", "status", "level", "basis", "subjects", "acts", "when", "explain", "false_positives",
    "examples", "budget", "contested", "no_row",
)  # fmt: skip
_RULE_REQUIRED = tuple(f for f in _RULE_FIELDS if f not in {"budget", "contested", "no_row"})
PLACEHOLDERS = (
    "actor.handle", "target.handle", "candidate.label", "candidate.number", "contest.name", "occurred", "platform",
    "law_row",
)  # fmt: skip
_LONGEST = 2000
_MOST_CONDITIONS = 100
_GROUPS = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Test:
    """One matcher with its argument, as a leaf of the conditions."""

    matcher: str
    argument: object
    place: str


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions together: `all` of them, `any` of them or `none` of them."""

    mode: str
    parts: tuple[Test | Group, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Interactions that a rule must hit, must not hit, and must not decide."""

    match: tuple[Node, ...]
    no_match: tuple[Node, ...]
    not_evaluable: tuple[Node, ...]

    @property
    def count(self) -> int:
        """How many examples there are."""
        return len(self.match) + len(self.no_match) + len(self.not_evaluable)


@dataclass(frozen=True, slots=True)
class Contested:
    """Why officials or sources disagree about a rule, so that it waits as a draft; `source` may be empty."""

    reason: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written; `basis` maps law profile to the row for each status, `content_hash` is of the file.

    `no_row` says why a profile that covers the rule's subjects has no row for a status.
    """

    id: str
    version: int
    title: str
    status: RuleStatus
    level: Level
    basis: Mapping[str, Mapping[CandidateStatus, str]]
    subjects: tuple[Employment, ...]
    acts: tuple[Act, ...]
    when: Group
    explain: str
    false_positives: tuple[str, ...]
    examples: Examples
    max_per_1000: int | None
    place: str
    content_hash: str
    contested: Contested | None = None
    no_row: Mapping[str, Mapping[CandidateStatus, str]] = field(default_factory=dict)


def read_rule(node: Node, content_hash: str) -> Rule:
    """Return the rule that a file states; RuleError with file:line for anything it may not say."""
    fields = node.fields(_RULE_FIELDS, _RULE_REQUIRED)
    return Rule(
        id=_identity(fields["id"]),
        version=_version(fields["version"]),
        title=_short(fields["title"]),
        status=fields["status"].token(RuleStatus),
        level=fields["level"].token(Level),
        basis=_basis(fields["basis"]),
        subjects=fields["subjects"].tokens(Employment),
        acts=fields["acts"].tokens(Act),
        when=read_conditions(fields["when"]),
        explain=_template(fields["explain"]),
        false_positives=tuple(_short(item) for item in fields["false_positives"].items()),
        examples=_examples(fields["examples"]),
        max_per_1000=_budget(fields["budget"]) if "budget" in fields else None,
        place=node.place,
        content_hash=content_hash,
        contested=_contested(fields["contested"]) if "contested" in fields else None,
        no_row=_by_status(fields["no_row"], "alasan") if "no_row" in fields else {},
    )


def _identity(node: Node) -> str:
    text = node.filled()
    if not _ID.fullmatch(text) or len(text) > 80:
        node.fail(f"id tidak sah: {text[:80]}", "huruf kecil, angka dan tanda hubung, paling panjang 80")
    return text


def _version(node: Node) -> int:
    number = node.whole()
    if number < 1:
        node.fail("versi mulai dari 1", "naikkan setiap kali isi berubah")
    return number


def _short(node: Node) -> str:
    text = node.filled()
    if len(text) > _LONGEST:
        node.fail(f"teks lebih panjang dari {_LONGEST} huruf", "ringkas")
    return text


def _basis(node: Node) -> Mapping[str, Mapping[CandidateStatus, str]]:
    basis = _by_status(node, "baris hukum")
    if not basis:
        node.fail("belum ada dasar hukum", "contoh: skb-2-2022: {bakal_calon: A4, calon: B6}")
    return basis


def _by_status(node: Node, what: str) -> Mapping[str, Mapping[CandidateStatus, str]]:
    """Return texts by law profile and status of the candidate."""
    found: dict[str, Mapping[CandidateStatus, str]] = {}
    rowed = (CandidateStatus.BAKAL_CALON.value, CandidateStatus.CALON.value)
    for profile, texts in node.pairs():
        fields = texts.fields(rowed)
        if not fields:
            texts.fail(f"belum ada {what}", "tulis menurut status, contoh: {bakal_calon: ..., calon: ...}")
        found[profile.filled()] = {CandidateStatus(status): _short(text) for status, text in fields.items()}
    return found


def _bounded(node: Node) -> Node:
    """Refuse more conditions than a person can read, before any is compiled."""
    if node.size() > _MOST_CONDITIONS:
        node.fail(f"lebih dari {_MOST_CONDITIONS} syarat dan nilai", "pecah menjadi beberapa aturan")
    return node


def read_conditions(node: Node) -> Group:
    """Return the conditions of a rule or a raiser; RuleError for unknown words, empty groups, or too many."""
    return _conditions(_bounded(node))


def _conditions(node: Node) -> Group:
    """Return the groups of a mapping; several groups of one mapping must all hold."""
    fields = node.fields(_GROUPS)
    if not fields:
        node.fail("syarat kosong", "tulis all:, any: atau none: dengan daftar syarat")
    groups = tuple(Group(mode, _parts(fields[mode])) for mode in _GROUPS if mode in fields)
    return groups[0] if len(groups) == 1 else Group("all", groups)


def _parts(node: Node) -> tuple[Test | Group, ...]:
    parts = tuple(_part(item) for item in node.items())
    if not parts:
        node.fail("daftar syarat kosong", "isi atau hapus kelompok ini")
    return parts


def _part(node: Node) -> Test | Group:
    pairs = node.pairs()
    if len(pairs) != 1:
        node.fail("satu butir memuat satu syarat", "pisahkan menjadi beberapa butir dengan tanda hubung")
    key, value = pairs[0]
    name = key.text()
    if name in _GROUPS:
        return _conditions(node)
    if name not in MATCHERS:
        key.fail(f"syarat tidak dikenal: {name}", did_you_mean(name, (*MATCHERS, *_GROUPS)))
    return Test(name, MATCHERS[name].read(value), key.place)


def _template(node: Node) -> str:
    text = _short(node)
    try:
        parsed = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        node.fail("kurung kurawal tidak seimbang", "tulis {candidate.label}; kurung biasa ditulis ganda {{ }}")
    for _, name, layout, conversion in parsed:
        if name not in PLACEHOLDERS:
            node.fail(f"isian tidak dikenal: {{{name}}}", did_you_mean(str(name), PLACEHOLDERS))
        if layout or conversion:
            node.fail(f"isian {{{name}}} tidak boleh memakai `:` atau `!`", f"tulis {{{name}}} saja")
    return text


def _examples(node: Node) -> Examples:
    kinds = ("match", "no_match", "not_evaluable")
    fields = node.fields(kinds, ("match", "no_match"))
    return Examples(*(fields[kind].items() if kind in fields else () for kind in kinds))


def _contested(node: Node) -> Contested:
    fields = node.fields(("reason", "source", "mark"), ("reason", "mark"))
    return Contested(
        _short(fields["reason"]),
        web_address(fields["source"]) if "source" in fields else "",
        one_token(fields["mark"], MARKS),
    )


def _budget(node: Node) -> int:
    return node.fields(("max_per_1000",), ("max_per_1000",))["max_per_1000"].whole()


def read_lexicon(node: Node) -> tuple[str, int, Mapping[str, tuple[str, ...]]]:
    """Return a word file as (id, version, lists)."""
    fields = node.fields(("id", "version", "title", "lists"), ("id", "version", "title", "lists"))
    lists = {key.filled(): value.texts() for key, value in fields["lists"].pairs()}
    return _identity(fields["id"]), _version(fields["version"]), lists


def known_lists(groups: Collection[str], test: Test) -> str:
    """Return the first list name of a test that no lexicon file holds for conditions, or an empty text."""
    usable = {name for name in groups if not name.startswith(HINTS)}
    usable |= {name.split(".", 1)[0] for name in usable}
    for name in getattr(test.argument, "lists", ()):
        if name not in usable:
            return str(name)
    return ""
