"""The words a rule may use: each reads its argument once and then answers yes, no or unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from monitor.domain import Act, Employment, Span, StageKind, Tier
from rules.concerns import CAMPAIGN, plainly_official
from rules.facts import Evidence, Facts, author_words, mention_spans
from rules.nodes import Node, did_you_mean

AUTHORS = (
    "candidate_account", "registered", "personal", "party", "volunteer", "media", "neutral", "election_body", "news",
    "government", "asn", "unregistered",
)  # fmt: skip
_FIELDS = ("own", "target", "root")
_PATTERN_LENGTH = 300
_PATTERN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a condition: True, False, or None where nothing can be said; with what it rests on."""

    passed: bool | None
    detail: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """One word: `read` takes its argument from the file (RuleError), `answer` judges with that argument."""

    name: str
    read: Callable[[Node], Any]
    answer: Callable[[Facts, Any], Verdict]


def _authors(node: Node) -> frozenset[str]:
    return frozenset(_one_of(item, AUTHORS) for item in (node.items() if node.is_list else (node,)))


def _one_of(node: Node, allowed: tuple[str, ...]) -> str:
    word = node.text()
    if word not in allowed:
        node.fail(f"nilai tidak dikenal: {word}", did_you_mean(word, allowed))
    return word


def _answer_author(facts: Facts, wanted: frozenset[str], field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        if field == "target":
            # Own words stand on their own; a bare like or share cannot be judged without what it is of.
            return Verdict(None if facts.own is None else False, "isi sasaran tidak tertangkap")
        return Verdict(passed=False, detail="bukan bagian dari utas lain")
    words = author_words(evidence.content, facts.candidate.id)
    found = sorted(words & wanted)
    return Verdict(bool(found), f"penulis: {', '.join(sorted(words)) or 'pihak calon lain'}")


@dataclass(frozen=True, slots=True)
class _Named:
    tier: Tier
    campaign: bool
    count: int


def _named(node: Node) -> _Named:
    if not node.is_mapping:
        return _Named(node.token(Tier), campaign=False, count=1)
    fields = node.fields(("tier", "campaign_word", "count"), ("tier",))
    word = _one_of(fields["campaign_word"], ("required", "any")) if "campaign_word" in fields else "any"
    return _Named(fields["tier"].token(Tier), word == "required", fields["count"].whole() if "count" in fields else 1)


def _answer_named(facts: Facts, wanted: _Named, field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        return Verdict(passed=None if field == "target" else False, detail="tidak ada teks")
    mentions = evidence.of(facts.candidate.id, wanted.tier)
    words = evidence.has_list(*CAMPAIGN)
    enough = len(mentions) >= wanted.count and (bool(words) or not wanted.campaign)
    detail = f"{len(mentions)} penyebutan {wanted.tier.value} atau lebih, {len(words)} kata kampanye"
    return Verdict(enough, detail, (*mention_spans(mentions, field), *(words if wanted.campaign else ())))


@dataclass(frozen=True, slots=True)
class _Lists:
    field: str
    lists: tuple[str, ...]


def _lists(node: Node) -> _Lists:
    fields = node.fields(("field", "lists"), ("field", "lists"))
    return _Lists(_one_of(fields["field"], _FIELDS), fields["lists"].texts())


def _answer_lists(facts: Facts, wanted: _Lists) -> Verdict:
    evidence = facts.evidence(wanted.field)
    if evidence is None:
        return _missing(wanted.field)
    spans = evidence.has_list(*wanted.lists)
    return Verdict(bool(spans), f"{len(spans)} kata dari {', '.join(wanted.lists)}", spans)


@dataclass(frozen=True, slots=True)
class _Pattern:
    field: str
    pattern: str


def _pattern(node: Node) -> _Pattern:
    fields = node.fields(("field", "pattern"), ("field", "pattern"))
    pattern = fields["pattern"].filled()
    if len(pattern) > _PATTERN_LENGTH:
        fields["pattern"].fail(f"pola lebih panjang dari {_PATTERN_LENGTH} huruf", "pecah menjadi beberapa pola")
    try:
        _compiled(pattern)
    except re2.error as error:
        detail = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        fields["pattern"].fail(f"pola tidak dapat dipakai: {detail}", "pola ditulis menurut RE2, tanpa rujukan balik")
    return _Pattern(_one_of(fields["field"], _FIELDS), pattern)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    return re2.compile(pattern, options)


def _answer_pattern(facts: Facts, wanted: _Pattern) -> Verdict:
    evidence = facts.evidence(wanted.field)
    if evidence is None:
        return _missing(wanted.field)
    text = evidence.content.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    match = _compiled(wanted.pattern).search(text)
    if match is None:
        return Verdict(passed=False, detail="pola tidak ditemukan")
    return Verdict(True, "pola ditemukan", (Span(f"{wanted.field}.text", match.start(), match.end(), match.group(0)),))


def _answer_official(facts: Facts, field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        return _missing(field)
    return Verdict(plainly_official(evidence), "tanda tugas, program atau pengumuman")


def _presence(node: Node) -> str:
    return _one_of(node, ("present", "absent"))


def _answer_presence(facts: Facts, wanted: str) -> Verdict:
    present = facts.own is not None and bool(facts.own.content.text.strip())
    return Verdict(present == (wanted == "present"), "ada teks sendiri" if present else "tanpa teks sendiri")


def _missing(field: str) -> Verdict:
    return Verdict(None if field == "target" else False, "tidak ada teks")


def _tokens_of(kind: type[Any]) -> Callable[[Node], frozenset[Any]]:
    return lambda node: frozenset(node.tokens(kind) if node.is_list else (node.token(kind),))


def _answer_act(facts: Facts, wanted: frozenset[Act]) -> Verdict:
    return Verdict(facts.view.act in wanted, facts.view.act.value)


def _answer_employment(facts: Facts, wanted: frozenset[Employment]) -> Verdict:
    return Verdict(facts.view.employment in wanted, facts.view.employment.value)


def _answer_stage(facts: Facts, wanted: frozenset[StageKind]) -> Verdict:
    return Verdict(facts.stage in wanted, facts.stage.value if facts.stage else "sebelum tahapan")


def _on(field: str, answer: Callable[[Facts, Any, str], Verdict]) -> Callable[[Facts, Any], Verdict]:
    return lambda facts, wanted: answer(facts, wanted, field)


def _catalogue() -> Mapping[str, Matcher]:
    matchers = (
        Matcher("target.author", _authors, _on("target", _answer_author)),
        Matcher("root.author", _authors, _on("root", _answer_author)),
        Matcher("own.mentions", _named, _on("own", _answer_named)),
        Matcher("target.mentions", _named, _on("target", _answer_named)),
        Matcher("text.lexicon", _lists, _answer_lists),
        Matcher("text.pattern", _pattern, _answer_pattern),
        Matcher("official.context", lambda node: _one_of(node, _FIELDS), _answer_official),
        Matcher("own.text", _presence, _answer_presence),
        Matcher("act", _tokens_of(Act), _answer_act),
        Matcher("employment", _tokens_of(Employment), _answer_employment),
        Matcher("stage", _tokens_of(StageKind), _answer_stage),
    )
    return {matcher.name: matcher for matcher in matchers}


MATCHERS = _catalogue()


def evidence_names() -> tuple[str, ...]:
    """Return the names of the texts that a matcher may ask for."""
    return _FIELDS


__all__ = ["AUTHORS", "MATCHERS", "Evidence", "Matcher", "Verdict", "evidence_names"]
