"""Conditions on what a text says: pairs it names, words of lists, patterns, official tone, or whether it is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from monitor.domain import Span, Tier
from rules.concerns import CAMPAIGN, plainly_official
from rules.facts import THE_PAIR, Evidence, Facts, mention_spans
from rules.matchers.base import FIELDS, Decide, Matcher, Verdict, missing, of_own, one_of, text_of, unread
from rules.nodes import Node

_PATTERN_LENGTH = 300
_PATTERN_MEMORY = 1 << 18


@dataclass(frozen=True, slots=True)
class Named:
    """How surely and how often a text must name the pair, and whether with a campaign word."""

    tier: Tier
    campaign: bool
    count: int


@dataclass(frozen=True, slots=True)
class Lists:
    """Word lists to look for in one text."""

    field: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of RE2 to look for in one text."""

    field: str
    pattern: str


def mentions_matcher(field: str) -> Matcher:
    """Return `own.mentions` or `target.mentions`."""
    return Matcher(
        f"{field}.mentions",
        _read_named,
        lambda wanted: _compile_named(wanted, field),
        lambda facts, wanted: _answer_named(facts, wanted, field),
        needs=lambda _: of_own(field, (*CAMPAIGN, THE_PAIR)),
    )


def _read_named(node: Node) -> Named:
    if not node.is_mapping:
        return Named(node.token(Tier), campaign=False, count=1)
    fields = node.fields(("tier", "campaign_word", "count"), ("tier",))
    word = one_of(fields["campaign_word"], ("required", "any")) if "campaign_word" in fields else "any"
    return Named(fields["tier"].token(Tier), word == "required", fields["count"].whole() if "count" in fields else 1)


def _compile_named(wanted: Named, field: str) -> Decide:
    text, absent, rank, least, campaign = text_of(field), unread(field), wanted.tier.rank, wanted.count, wanted.campaign

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        if evidence is None:
            return absent
        counts = evidence.counts.get(facts.candidate.id)
        if counts is None:
            return least == 0 and (not campaign or evidence.speaks(CAMPAIGN))
        return counts[rank] >= least and (not campaign or evidence.speaks(CAMPAIGN))

    return decide


def _answer_named(facts: Facts, wanted: Named, field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        return missing(field)
    mentions = evidence.of(facts.candidate.id, wanted.tier)
    words = evidence.has_list(*CAMPAIGN)
    enough = len(mentions) >= wanted.count and (bool(words) or not wanted.campaign)
    detail = f"{len(mentions)} penyebutan {wanted.tier.value} atau lebih, {len(words)} kata kampanye"
    return Verdict(enough, detail, (*mention_spans(mentions, field), *(words if wanted.campaign else ())))


def _read_lists(node: Node) -> Lists:
    fields = node.fields(("field", "lists"), ("field", "lists"))
    return Lists(one_of(fields["field"], FIELDS), fields["lists"].texts())


def _compile_lists(wanted: Lists) -> Decide:
    text, absent, lists = text_of(wanted.field), unread(wanted.field), frozenset(wanted.lists)

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        return absent if evidence is None else not lists.isdisjoint(evidence.listed)

    return decide


def _answer_lists(facts: Facts, wanted: Lists) -> Verdict:
    evidence = facts.evidence(wanted.field)
    if evidence is None:
        return missing(wanted.field)
    spans = evidence.has_list(*wanted.lists)
    return Verdict(bool(spans), f"{len(spans)} kata dari {', '.join(wanted.lists)}", spans)


def _read_pattern(node: Node) -> Pattern:
    fields = node.fields(("field", "pattern"), ("field", "pattern"))
    pattern = fields["pattern"].filled()
    if len(pattern) > _PATTERN_LENGTH:
        fields["pattern"].fail(f"pola lebih panjang dari {_PATTERN_LENGTH} huruf", "pecah menjadi beberapa pola")
    try:
        _compiled(pattern)
    except re2.error as error:
        detail = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        fields["pattern"].fail(f"pola tidak dapat dipakai: {detail}", "pola ditulis menurut RE2, tanpa rujukan balik")
    if _compiled(pattern).search("") is not None:
        fields["pattern"].fail("pola ini cocok dengan teks kosong, jadi dengan semua teks", "ganti * dengan +")
    return Pattern(one_of(fields["field"], FIELDS), pattern)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    return re2.compile(pattern, options)


def _searchable(evidence: Evidence) -> str:
    """Return the text with lone surrogates replaced one for one: RE2 reads UTF-8, which cannot hold them."""
    return evidence.content.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _compile_pattern(wanted: Pattern) -> Decide:
    text, absent, search = text_of(wanted.field), unread(wanted.field), _compiled(wanted.pattern).search

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        return absent if evidence is None else search(_searchable(evidence)) is not None

    return decide


def _answer_pattern(facts: Facts, wanted: Pattern) -> Verdict:
    evidence = facts.evidence(wanted.field)
    if evidence is None:
        return missing(wanted.field)
    match = _compiled(wanted.pattern).search(_searchable(evidence))
    if match is None:
        return Verdict(passed=False, detail="pola tidak ditemukan")
    span = Span(f"{wanted.field}.text", match.start(), match.end(), match.group(0))
    return Verdict(True, "pola ditemukan", (span,) if span.text else ())


def _compile_official(field: str) -> Decide:
    text, absent = text_of(field), unread(field)

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        return absent if evidence is None else plainly_official(evidence)

    return decide


def _answer_official(facts: Facts, field: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        return missing(field)
    return Verdict(plainly_official(evidence), "tanda tugas, program atau pengumuman")


def _has_words(facts: Facts) -> bool:
    return facts.own is not None and bool(facts.own.content.text.strip())


def _compile_presence(wanted: str) -> Decide:
    return _has_words if wanted == "present" else lambda facts: not _has_words(facts)


def _answer_presence(facts: Facts, wanted: str) -> Verdict:
    present = _has_words(facts)
    return Verdict(present == (wanted == "present"), "ada teks sendiri" if present else "tanpa teks sendiri")


TEXT_MATCHERS = (
    mentions_matcher("own"),
    mentions_matcher("target"),
    Matcher(
        "text.lexicon",
        _read_lists,
        _compile_lists,
        _answer_lists,
        needs=lambda wanted: of_own(wanted.field, wanted.lists),
        one_will_do=True,
    ),
    Matcher("text.pattern", _read_pattern, _compile_pattern, _answer_pattern, costly=True),
    Matcher("official.context", lambda node: one_of(node, FIELDS), _compile_official, _answer_official),
    Matcher("own.text", lambda node: one_of(node, ("present", "absent")), _compile_presence, _answer_presence),
)
